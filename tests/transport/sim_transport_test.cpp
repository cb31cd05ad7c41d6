#include <peal/testing/simulator.hpp>
#include <peal/transport/transport_layer.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace {

using namespace peal;
using namespace std::chrono_literals;

/// A stack of one floor: answers every request with 200, counts the answers.
struct SimEchoUser final : transport::TransportUser {
  SimEchoUser(sim::Host& host, std::uint16_t port = 5060) : layer(host.runtime(), *this) {
    EXPECT_TRUE(layer.listen(transport::Protocol::udp, host.endpoint(port)));
  }
  void ask(const sim::Host& to, int number) {
    const auto text = "OPTIONS sip:x@example.com SIP/2.0\r\nMax-Forwards: 70\r\nFrom: <sip:a@example.com>;tag=" +
                      layer.runtime().random().token(8) +
                      "\r\nTo: <sip:x@example.com>\r\nCall-ID: " + std::to_string(number) +
                      "\r\nCSeq: 1 OPTIONS\r\nVia: SIP/2.0/UDP x;branch=z9hG4bKx\r\nContent-Length: 0\r\n\r\n";
    auto request = Request::parse(text).value();
    request.remove(header::via);
    const auto sent = layer.send_request(request, {transport::Protocol::udp, to.endpoint(), {}},
                                         "z9hG4bK" + layer.runtime().random().token(12));
    EXPECT_TRUE(sent) << sent.error().message();
  }
  void on_request(const Request& request, const transport::Flow& flow) override {
    ++requests;
    EXPECT_TRUE(layer.send_response(Response(request, StatusCode(200), "tag"), flow));
  }
  void on_response(const Response& response, const transport::Flow&, bool broken) override {
    responses += response.status() == StatusCode(200) && !broken ? 1 : 0;
  }
  void on_unreachable(const transport::Flow&, std::error_code) override { ++unreachable; }
  int requests = 0;
  int responses = 0;
  int unreachable = 0;
  transport::TransportLayer layer;
};

std::uint64_t sim_layers_talk(std::uint64_t seed, double loss, int count, int& answered) {
  sim::Simulator world(seed);
  auto& a = world.host("a", {"192.0.2.1"});
  auto& b = world.host("b", {"192.0.2.2"});
  world.set_default_link({.latency = 20ms, .jitter = 5ms, .loss = loss});
  SimEchoUser alice(a);
  SimEchoUser bob(b);
  for (int i = 0; i < count; ++i) {
    alice.ask(b, i);
    world.run_for(1ms);
  }
  world.run_until_idle();
  EXPECT_EQ(bob.requests, static_cast<int>(world.count(sim::Fate::delivered)) - alice.responses);
  answered = alice.responses;
  return world.trace_hash();
}

TEST(SimTransport, TwoLayersTalkOverTheLink) {
  int answered = 0;
  sim_layers_talk(1, 0, 100, answered);
  EXPECT_EQ(answered, 100);
}

TEST(SimTransport, AWholeFloorReplaysFromItsSeed) {
  int first = 0;
  int second = 0;
  EXPECT_EQ(sim_layers_talk(9, 0.1, 500, first), sim_layers_talk(9, 0.1, 500, second));
  EXPECT_EQ(first, second);
  EXPECT_GT(first, 350);
  EXPECT_LT(first, 450) << "both ways must survive: 0.81";
  EXPECT_NE(sim_layers_talk(9, 0.1, 500, first), sim_layers_talk(10, 0.1, 500, second));
}

TEST(SimTransport, LayersHearOfAPeerThatIsNotThere) {
  sim::Simulator world;
  auto& a = world.host("a", {"192.0.2.1"});
  auto& b = world.host("b", {"192.0.2.2"});
  SimEchoUser alice(a);
  alice.ask(b, 1);
  world.run_until_idle();
  EXPECT_EQ(alice.unreachable, 1);
}

}  // namespace
