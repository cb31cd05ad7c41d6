#pragma once

#include <peal/testing/raw_peer.hpp>
#include <peal/testing/simulator.hpp>
#include <peal/transport/transport_layer.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace peal::inline v0::transport {

using namespace std::chrono_literals;

/// Keeps what the layer tells.
struct RecordingUser : TransportUser {
  void on_request(const Request& request, const Flow& flow) override {
    requests.emplace_back(request, flow);
    if (then) then();
  }
  void on_response(const Response& response, const Flow& flow, bool broken) override {
    responses.emplace_back(response, flow);
    if (broken) ++broken_ones;
    if (then) then();
  }
  void on_unreachable(const Flow& flow, std::error_code why) override { unreachable.emplace_back(flow, why); }

  std::vector<std::pair<Request, Flow>> requests;
  std::vector<std::pair<Response, Flow>> responses;
  std::vector<std::pair<Flow, std::error_code>> unreachable;
  int broken_ones = 0;
  std::function<void()> then;
};

/// Our layer on host "us", a bare socket on host "peer".
class LayerTest : public ::testing::Test {
 protected:
  LayerTest() { open({}); }

  void open(TransportOptions options) {
    layer = std::make_unique<TransportLayer>(us.runtime(), user, std::move(options));
    listen("192.0.2.1:5060");
  }
  std::uint32_t listen(std::string_view local) {
    return layer->listen(Protocol::udp, Endpoint::parse(local).value()).value();
  }
  /// From the peer to us, and the time for an answer.
  void hear(std::string_view text) {
    peer.send(sim::crlf(text), Endpoint::parse("192.0.2.1:5060").value());
    sim.run_for(100ms);
  }
  std::uint64_t dropped(Drop reason) { return layer->drops()[reason]; }
  static Target to(std::string_view endpoint) { return {Protocol::udp, Endpoint::parse(endpoint).value(), {}}; }
  static Request options_request() {
    return Request::parse(sim::crlf("OPTIONS sip:bob@example.com SIP/2.0\n"
                                    "Max-Forwards: 70\n"
                                    "From: <sip:alice@example.com>;tag=1\n"
                                    "To: <sip:bob@example.com>\n"
                                    "Call-ID: a\n"
                                    "CSeq: 1 OPTIONS\n"
                                    "Via: SIP/2.0/UDP gone.example.com;branch=z9hG4bKgone\n"
                                    "Content-Length: 0\n\n"))
        .value();
  }

  sim::Simulator sim{7};
  sim::Host& us = sim.host("us", {"192.0.2.1", "2001:db8::1"});
  sim::Host& them = sim.host("peer", {"192.0.2.2", "2001:db8::2"});
  sim::RawPeer peer{sim, them};
  RecordingUser user;
  std::unique_ptr<TransportLayer> layer;
};

inline const std::string via_less_options =
    "Max-Forwards: 70\n"
    "From: <sip:bob@example.com>;tag=7\n"
    "To: <sip:alice@example.com>\n"
    "Call-ID: c1\n"
    "CSeq: 9 OPTIONS\n"
    "Content-Length: 0\n\n";

inline std::string options_with_via(const std::string& via) {
  return "OPTIONS sip:alice@192.0.2.1 SIP/2.0\nVia: " + via + "\n" + via_less_options;
}

}  // namespace peal::inline v0::transport
