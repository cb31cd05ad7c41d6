#include <peal/testing/raw_peer.hpp>
#include <peal/testing/simulator.hpp>
#include <peal/trace/ladder.hpp>
#include <peal/trace/ring.hpp>
#include <peal/transport/transport_layer.hpp>

#include <gtest/gtest.h>

#include <string>

namespace {

using namespace peal;
using namespace std::chrono_literals;

struct TapUser final : transport::TransportUser {
  explicit TapUser(sim::Host& host, transport::Tap& tap) : layer(host.runtime(), *this) {
    EXPECT_TRUE(layer.listen(transport::Protocol::udp, host.endpoint()));
    layer.add_tap(tap);
  }
  void on_request(const Request& request, const transport::Flow& flow) override {
    EXPECT_TRUE(layer.send_response(Response(request, StatusCode(200), "t"), flow));
  }
  void on_response(const Response&, const transport::Flow&, bool) override {}
  void on_unreachable(const transport::Flow&, std::error_code) override {}
  transport::TransportLayer layer;
};

/// What both layers tell one ring of a request, its repetition after a loss, and the answer.
TEST(TraceTap, TwoLayersFeedOneLadder) {
  sim::Simulator world;
  auto& a = world.host("a", {"192.0.2.1"});
  auto& b = world.host("b", {"192.0.2.2"});
  world.set_default_link({.latency = 10ms});
  trace::Ring ring;
  TapUser alice(a, ring);
  TapUser bob(b, ring);
  auto request =
      Request::parse(
          sim::crlf("OPTIONS sip:b@192.0.2.2 SIP/2.0\nVia: SIP/2.0/UDP x;branch=z9hG4bK1\nMax-Forwards: 70\n"
                    "From: <sip:a@h>;tag=1\nTo: <sip:b@h>\nCall-ID: 1\nCSeq: 1 OPTIONS\nContent-Length: 0\n\n"))
          .value();
  request.remove(header::via);
  world.set_link(a, b, {.up = false});
  const auto packet =
      alice.layer.send_request(request, {transport::Protocol::udp, b.endpoint(), {}}, "z9hG4bKa").value();
  world.run_for(500ms);
  world.set_link(a, b, {.latency = 10ms});
  alice.layer.send(packet);
  world.run_until_idle();
  trace::LadderOptions options;
  options.names = {{a.endpoint(), "alice"}, {b.endpoint(), "bob"}};
  EXPECT_EQ(trace::ladder_text(ring.records(), options), R"(            alice                     bob
              |                        |
   0.000      |---- OPTIONS (lost) ---x|
   0.500      |--- OPTIONS (again) --->|
   0.510      |<-------- 200 OK -------|
)");
}

/// The simulator's own tap sees peers that have no stack.
TEST(TraceTap, TheSimulatorSeesTheWholeNetwork) {
  sim::Simulator world;
  sim::RawPeer alice(world, world.host("alice", {"192.0.2.1"}));
  sim::RawPeer bob(world, world.host("bob", {"192.0.2.2"}));
  trace::Ring ring;
  world.add_tap(ring);
  bob.on("INVITE", [](sim::RawPeer& peer, const sim::RawMessage& invite) { peer.answer(invite, {.code = 486}); });
  bool first = true;
  world.drop_if([&](const sim::WireEvent&) { return std::exchange(first, false); });
  alice.send("INVITE sip:b SIP/2.0\r\n\r\n", bob.endpoint());
  world.run_for(500ms);
  alice.send("INVITE sip:b SIP/2.0\r\n\r\n", bob.endpoint());
  world.run_until_idle();
  world.remove_tap(ring);
  alice.send("ACK sip:b SIP/2.0\r\n\r\n", bob.endpoint());
  world.run_until_idle();
  trace::LadderOptions options;
  options.names = {{alice.endpoint(), "alice"}, {bob.endpoint(), "bob"}};
  EXPECT_EQ(trace::ladder_text(ring.records(), options), R"(            alice                    bob
              |                       |
   0.000      |---- INVITE (lost) ---x|
   0.500      |--- INVITE (again) --->|
   0.501      |<---- 486 Busy Here ---|
)");
}

}  // namespace
