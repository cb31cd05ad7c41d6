#include "layer_fixture.hpp"

// RFC 3261 §17.1.4, §18.4: what cannot be sent, or has lost its way back, fails at once and not by a time-out.

namespace transaction_test {
namespace {

class Close : public LayerTest {
 protected:
  /// How long until `word` was said, from now.
  milliseconds until_said(std::string_view word) {
    const auto begun = sim.now();
    EXPECT_TRUE(sim.run_until([&] { return !recorder.said.empty() && recorder.said.back() == word; }, 64s));
    return std::chrono::duration_cast<milliseconds>(sim.now() - begun);
  }
};

TEST_F(Close, OfTheListeningPointFailsItsClientsWithin100ms) {
  for (const auto& method : {method::invite, method::options, method::bye}) {
    recorder.said.clear();
    send(method);
    settle();
    layer->transport().stop_listening(static_cast<std::uint32_t>(layer->transport().listen_points() - 1));
    EXPECT_THAT(recorder.said, IsEmpty());  // not from inside the call
    EXPECT_LT(until_said("failure transport_failed"), 100ms);
    EXPECT_EQ(recorder.last_failure.detail, make_error_code(transport::errc::closed));
    ASSERT_TRUE(layer->transport().listen(transport::Protocol::udp, here));
  }
}

TEST_F(Close, AlsoThoseInProceeding) {
  const auto id = send(method::invite);
  answer(heard("INVITE"), 180);
  layer->transport().stop_listening(0);
  EXPECT_LT(until_said("failure transport_failed"), 100ms);
  EXPECT_FALSE(layer->packet(id));
}

TEST_F(Close, OtherListeningPointsGoOn) {
  const auto id = send(method::options);
  ASSERT_TRUE(layer->transport().listen(transport::Protocol::udp, alice.endpoint(5070)));
  layer->transport().stop_listening(1);
  sim.run_for(200ms);
  EXPECT_THAT(recorder.said, IsEmpty());
  EXPECT_TRUE(layer->packet(id));
  answer(heard("OPTIONS"), 200);
  EXPECT_THAT(recorder.said, ElementsAre("200"));
}

TEST_F(Close, TellsWhoWaitsForAnAck) {
  ask("INVITE");
  ASSERT_TRUE(respond(486));
  layer->transport().stop_listening(0);
  EXPECT_LT(until_said("server failure transport_failed"), 100ms);
  sim.run_for(70s);
  expect_nothing_left();
}

TEST_F(Close, OfSeveralAtOnce) {
  ASSERT_TRUE(layer->transport().listen(transport::Protocol::udp, alice.endpoint(5070)));
  ASSERT_TRUE(layer->transport().listen(transport::Protocol::udp, alice.endpoint(5080)));
  for (int i = 0; i < 6; ++i) send(method::options);
  settle();
  for (std::uint32_t i = 0; i < 3; ++i) layer->transport().stop_listening(i);
  sim.run_for(100ms);
  EXPECT_EQ(recorder.said.size(), 6U);
  EXPECT_EQ(layer->counters().client_machines, 0U);
}

TEST_F(Close, TheLayerMayBeDestroyedByWhoHearsIt) {
  for (int i = 0; i < 3; ++i) send(method::options);
  recorder.when_failure = [this](ta::ClientId) { layer.reset(); };
  layer->transport().stop_listening(0);
  sim.run_for(100ms);
  EXPECT_EQ(recorder.said.size(), 1U);
  EXPECT_EQ(alice.armed_timers(), 0U);
}

TEST_F(Close, TheLayerMayBeDestroyedBeforeItIsTold) {
  send(method::options);
  layer->transport().stop_listening(0);
  layer.reset();
  EXPECT_TRUE(sim.run_until_idle());
  EXPECT_THAT(recorder.said, IsEmpty());
}

TEST_F(Close, AFailedSendFailsWithin100ms) {
  alice.fail_send(1);
  send(method::invite);
  EXPECT_LT(until_said("failure transport_failed"), 100ms);
  alice.fail_send(2);  // the first retransmission
  send(method::options);
  sim.run_for(499ms);
  EXPECT_EQ(recorder.said.size(), 1U);
  sim.run_for(100ms);
  EXPECT_THAT(recorder.said, ElementsAre("failure transport_failed", "failure transport_failed"));
}

TEST_F(Close, IcmpFailsWithin100ms) {
  auto request = request_of(method::invite);
  const transport::Endpoint nobody{bob_host.addresses().front(), 5999};
  ASSERT_TRUE(layer->send(request, {transport::Protocol::udp, nobody, {}}, recorder));
  EXPECT_LT(until_said("failure transport_failed"), 100ms);
}

}  // namespace
}  // namespace transaction_test
