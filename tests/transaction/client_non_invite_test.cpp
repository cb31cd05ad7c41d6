#include "layer_fixture.hpp"

// Figure 6 of RFC 3261, an arrow a test.

namespace transaction_test {
namespace {

class Figure6 : public LayerTest {};

TEST_F(Figure6, TryingTimerEDoublesUpToT2) {
  send(method::options);
  sim.run_for(31900ms);
  EXPECT_THAT(schedule("OPTIONS"), ElementsAre(0, 500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500));
  EXPECT_EQ(layer->counters().retransmissions_sent, 10U);
}

TEST_F(Figure6, TryingTimerFTellsTimedOut) {
  send(method::options);
  sim.run_for(31990ms);
  EXPECT_THAT(recorder.said, IsEmpty());
  sim.run_for(20ms);
  EXPECT_THAT(recorder.said, ElementsAre("failure timed_out"));
  expect_nothing_left();
}

TEST_F(Figure6, TryingTransportErrorTellsAtOnce) {
  alice.fail_send(1);
  send(method::options);
  sim.run_for(50ms);
  EXPECT_THAT(recorder.said, ElementsAre("failure transport_failed"));
  expect_nothing_left();
}

TEST_F(Figure6, Trying1xxGoesUp) {
  send(method::options);
  answer(heard("OPTIONS"), 100);
  EXPECT_THAT(recorder.said, ElementsAre("100"));
}

TEST_F(Figure6, TryingFinalGoesUp) {
  for (const int code : {200, 302, 404, 500, 600}) {
    recorder.said.clear();
    send(method::options);
    answer(heard("OPTIONS"), code);
    EXPECT_THAT(recorder.said, ElementsAre(std::to_string(code)));
  }
  EXPECT_EQ(layer->counters().client_machines, 0U);
  EXPECT_EQ(layer->counters().echo_records, 5U);
  sim.run_for(1s);
  EXPECT_TRUE(schedule("ACK").empty());
}

TEST_F(Figure6, ProceedingTimerEIsT2) {
  send(method::options);
  answer(heard("OPTIONS"), 100);
  sim.run_for(20s);
  EXPECT_THAT(schedule("OPTIONS"), ElementsAre(0, 500, 4500, 8500, 12500, 16500));
}

TEST_F(Figure6, ProceedingTimerFTellsTimedOut) {
  send(method::options);
  answer(heard("OPTIONS"), 100);
  sim.run_for(32010ms);
  EXPECT_THAT(recorder.said, ElementsAre("100", "failure timed_out"));
  expect_nothing_left();
}

TEST_F(Figure6, ProceedingTransportErrorTellsAtOnce) {
  send(method::options);
  answer(heard("OPTIONS"), 100);
  alice.fail_send(1);
  sim.run_for(600ms);
  EXPECT_THAT(recorder.said, ElementsAre("100", "failure transport_failed"));
  expect_nothing_left();
}

TEST_F(Figure6, Proceeding1xxGoesUp) {
  send(method::options);
  const auto options = heard("OPTIONS");
  answer(options, 100);
  answer(options, 100);
  EXPECT_THAT(recorder.said, ElementsAre("100", "100"));
}

TEST_F(Figure6, ProceedingFinalGoesUp) {
  send(method::options);
  const auto options = heard("OPTIONS");
  answer(options, 100);
  answer(options, 501);
  EXPECT_THAT(recorder.said, ElementsAre("100", "501"));
}

TEST_F(Figure6, CompletedAbsorbsEverything) {
  send(method::options);
  const auto options = heard("OPTIONS");
  answer(options, 200);
  answer(options, 100);
  answer(options, 200);
  answer(options, 500);
  EXPECT_THAT(recorder.said, ElementsAre("200"));
  EXPECT_EQ(dropped(Drop::retransmission), 3U);
  sim.run_for(4s);
  EXPECT_THAT(schedule("OPTIONS"), ElementsAre(0));
}

TEST_F(Figure6, CompletedTimerKEndsT4Later) {
  send(method::options);
  const auto options = heard("OPTIONS");
  answer(options, 200);
  sim.run_for(4900ms);
  EXPECT_EQ(live(), 1U);
  sim.run_for(110ms);
  expect_nothing_left();
  answer(options, 200);
  EXPECT_EQ(dropped(Drop::stray_response), 1U);
}

class Figure6Timers : public LayerTest {
 protected:
  Figure6Timers() : LayerTest({.timers = {.t1 = 1s, .t2 = 3s, .t4 = 2s}}) {}
};

TEST_F(Figure6Timers, FollowT1T2T4) {
  send(method::options);
  sim.run_for(12s);
  EXPECT_THAT(schedule("OPTIONS"), ElementsAre(0, 1000, 3000, 6000, 9000, 12000));
  answer(heard("OPTIONS"), 200);
  sim.run_for(1900ms);
  EXPECT_EQ(live(), 1U);
  sim.run_for(200ms);
  expect_nothing_left();
}

}  // namespace
}  // namespace transaction_test
