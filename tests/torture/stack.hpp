#pragma once

#include "torture_message.hpp"

#include <peal/testing/raw_peer.hpp>
#include <peal/testing/simulator.hpp>
#include <peal/transport/counters.hpp>
#include <peal/user_agent.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A user agent in the simulated network and a raw peer that sends it the messages of the RFCs.
namespace torture {

using namespace std::chrono_literals;

/// Answers every call.
struct Answering final : UserAgentHandler {
  int offered = 0, ended = 0;
  void on_incoming_call(IncomingCall& call) override {
    ++offered;
    EXPECT_TRUE(call.answer());
  }
  void on_ended(Call&, const Ended&) override { ++ended; }
};

/// The values of a header in a message as it came, found by plain string work: folds are blanks, names compare without
/// case, the compact form counts.
inline std::vector<std::string> values_of(std::string_view message, std::string_view name, std::string_view compact) {
  const auto lower = [](std::string_view text) {
    std::string out(text);
    for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return out;
  };
  const auto trim = [](std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
  };
  std::string head(message.substr(0, message.find("\r\n\r\n")));
  for (std::size_t at = 0; (at = head.find("\r\n", at)) != std::string::npos; at += 2)
    if (at + 2 < head.size() && (head[at + 2] == ' ' || head[at + 2] == '\t')) head.replace(at, 2, "  ");
  std::vector<std::string> out;
  for (std::size_t at = head.find("\r\n"); at != std::string::npos;) {
    const auto end = head.find("\r\n", at + 2);
    const auto line = std::string_view(head).substr(at + 2, end == std::string::npos ? end : end - at - 2);
    const auto colon = line.find(':');
    if (colon != std::string_view::npos)
      if (const auto found = lower(trim(line.substr(0, colon))); found == lower(name) || found == compact)
        out.emplace_back(trim(line.substr(colon + 1)));
    at = end;
  }
  return out;
}

struct World {
  /// `peer_port`: where the answer goes, the port of the top Via's sent-by (RFC 3261 §18.2.2).
  explicit World(std::uint16_t peer_port = 5060, bool ipv6 = false)
      : peer(sim, peer_host, sim::Endpoint{peer_host.addresses()[ipv6 ? 1 : 0], peer_port}),
        to{host.addresses()[ipv6 ? 1 : 0], 5060} {
    EXPECT_TRUE(ua->set_handler(&handler));
  }
  static Config config() {
    Config out;
    out.parse_limits.profile =
        peal::Profile::strict;  // the verdicts of the RFCs; interop: tests/message/profile_test.cpp
    // The last two are the sent-by of the responses among the messages.
    out.listen = {"udp:198.51.100.1:5060", "udp:[2001:db8:a::1]:5060", "udp:192.0.2.198:5060", "udp:192.0.2.105:5060"};
    return out;
  }
  /// Sends, and gives what comes back within half a T1: no retransmission of ours can be among it.
  std::vector<std::string> ask(std::string_view text) {
    peer.send(text, to);
    sim.run_for(240ms);
    std::vector<std::string> out;
    while (auto message = peer.pop()) out.push_back(std::move(message->text));
    return out;
  }
  /// The code that an OPTIONS gets.
  int works_on(std::uint16_t port) {
    sim::Ask ask;
    ask.uri = "sip:alice@198.51.100.1";
    ask.via = "SIP/2.0/UDP peer.test:" + std::to_string(port) + ";branch=z9hG4bKafter";
    ask.from = "<sip:bob@example.com>;tag=after";
    ask.to = "<sip:alice@example.com>";
    ask.call_id = "after";
    const auto got = this->ask(sim::request_text(ask));
    return got.size() == 1 ? sim::status_of(got[0]) : 0;
  }
  std::uint64_t dropped(transport::Drop reason) {
    const auto counters = ua->counters();
    EXPECT_TRUE(counters);
    for (const auto& [name, count] : counters->drops)
      if (name == transport::name_of(reason)) return count;
    return 0;
  }

  sim::Simulator sim{4475};
  sim::Host& host = sim.host("alice.test", {"198.51.100.1", "2001:db8:a::1", "192.0.2.198", "192.0.2.105"});
  sim::Host& peer_host = sim.host("peer.test", {"198.51.100.2", "2001:db8:a::2"});
  Answering handler;
  std::unique_ptr<UserAgent> ua = std::make_unique<UserAgent>(host.runtime(), config());
  sim::RawPeer peer;
  sim::Endpoint to;
};

}  // namespace torture
