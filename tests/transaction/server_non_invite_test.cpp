#include "layer_fixture.hpp"

// Figure 8 of RFC 3261, an arrow a test, and RFC 4320.

namespace transaction_test {
namespace {

class Figure8 : public LayerTest {};

TEST_F(Figure8, RequestGoesUp) {
  ask("OPTIONS");
  EXPECT_THAT(recorder.said, ElementsAre("request OPTIONS"));
  EXPECT_TRUE(layer->awaits_response(recorder.requests[0]));
}

TEST_F(Figure8, TryingDiscardsCopies) {
  ask("OPTIONS");
  ask("OPTIONS");
  ask("OPTIONS");
  EXPECT_THAT(recorder.said, ElementsAre("request OPTIONS"));
  EXPECT_THAT(bob_heard(), IsEmpty());
  EXPECT_EQ(dropped(Drop::retransmission), 2U);
}

TEST_F(Figure8, TryingFinalEntersCompleted) {
  int n = 0;
  for (const int code : {200, 302, 404, 500, 603}) {
    ask("OPTIONS", "z9hG4bK" + std::to_string(++n));
    ASSERT_TRUE(respond(code));
    EXPECT_EQ(respond(200).error(), ta::errc::no_transaction);
  }
  settle();
  EXPECT_THAT(bob_heard(), ElementsAre("200", "302", "404", "500", "603"));
  EXPECT_EQ(layer->counters().server_machines, 0U);
  EXPECT_EQ(layer->counters().echo_records, 5U);
}

// RFC 4320 §4.1: not before a client's Timer E is at T2.
TEST_F(Figure8, TryingRefuses1xxBefore3500ms) {
  ask("OPTIONS");
  EXPECT_EQ(respond(100).error(), ta::errc::not_allowed);
  sim.run_for(3480ms);
  EXPECT_EQ(respond(100).error(), ta::errc::not_allowed);
  EXPECT_EQ(respond(183).error(), ta::errc::not_allowed);
  EXPECT_THAT(bob_heard(), IsEmpty());
}

TEST_F(Figure8, TryingSends100At3500ms) {
  ask("OPTIONS");
  sim.run_for(3490ms);
  EXPECT_THAT(bob_heard(), IsEmpty());
  sim.run_for(20ms);
  EXPECT_THAT(bob_heard(), ElementsAre("100"));
  EXPECT_TRUE(layer->awaits_response(recorder.requests[0]));
}

TEST_F(Figure8, ProceedingSends100FromTheUser) {
  ask("OPTIONS");
  sim.run_for(3600ms);
  ASSERT_TRUE(respond(100));
  EXPECT_EQ(respond(180).error(), ta::errc::not_allowed);
  settle();
  EXPECT_THAT(bob_heard(), ElementsAre("100", "100"));
}

TEST_F(Figure8, ProceedingAnswersCopiesWithThe100) {
  ask("OPTIONS");
  sim.run_for(3600ms);
  ask("OPTIONS");
  ask("OPTIONS");
  EXPECT_THAT(bob_heard(), ElementsAre("100", "100", "100"));
}

TEST_F(Figure8, ProceedingFinalEntersCompleted) {
  ask("OPTIONS");
  sim.run_for(3600ms);
  ASSERT_TRUE(respond(200));
  settle();
  ask("OPTIONS");
  EXPECT_THAT(bob_heard(), ElementsAre("100", "200", "200"));
  sim.run_for(28s);
  EXPECT_THAT(bob_heard(), IsEmpty());  // no 500 behind a 200
}

// RFC 6026 §8.8: the state stays. A copy that came later would else be taken for a new request.
TEST_F(Figure8, TransportErrorsChangeNothing) {
  ask("OPTIONS");
  alice.fail_send(1);
  sim.run_for(3600ms);
  EXPECT_TRUE(layer->awaits_response(recorder.requests[0]));
  ask("OPTIONS");
  ASSERT_TRUE(respond(200));
  alice.fail_send(1);
  ask("OPTIONS");
  ask("OPTIONS");
  EXPECT_THAT(recorder.said, ElementsAre("request OPTIONS"));
  EXPECT_THAT(bob_heard(), ElementsAre("100", "200", "200"));
}

TEST_F(Figure8, CompletedAnswersCopiesWithTheFinal) {
  ask("OPTIONS");
  ASSERT_TRUE(respond(404));
  settle();
  const auto first = bob.pop();
  ASSERT_TRUE(first);
  for (int i = 0; i < 3; ++i) {
    ask("OPTIONS");
    const auto copy = bob.pop();
    ASSERT_TRUE(copy);
    EXPECT_EQ(copy->text, first->text);
  }
  EXPECT_EQ(recorder.requests.size(), 1U);
  EXPECT_EQ(layer->counters().retransmissions_sent, 3U);
}

TEST_F(Figure8, CompletedTimerJEnds64T1Later) {
  ask("OPTIONS");
  ASSERT_TRUE(respond(200));
  sim.run_for(31900ms);
  ask("OPTIONS");
  EXPECT_EQ(recorder.requests.size(), 1U);
  EXPECT_EQ(live(), 1U);
  sim.run_for(110ms);
  expect_nothing_left();
  ask("OPTIONS");
  EXPECT_EQ(recorder.requests.size(), 2U);
}

// RFC 4320 §4.2
TEST_F(Figure8, A408IsNeverSent) {
  ask("OPTIONS");
  const auto packet = respond(408);
  ASSERT_TRUE(packet);
  EXPECT_TRUE(packet->bytes.empty());
  EXPECT_FALSE(layer->awaits_response(recorder.requests[0]));
  ask("OPTIONS");
  EXPECT_EQ(recorder.requests.size(), 1U);
  EXPECT_THAT(bob_heard(), IsEmpty());
  sim.run_for(33s);
  expect_nothing_left();
}

TEST_F(Figure8, A408ToInviteIsSent) {
  ask("INVITE");
  ASSERT_TRUE(respond(408));
  settle();
  EXPECT_THAT(bob_heard(), ElementsAre("408"));
}

TEST_F(Figure8, NobodyAnswersGets500BeforeTheClientGivesUp) {
  ask("OPTIONS");
  sim.run_for(27990ms);
  EXPECT_THAT(bob_heard(), ElementsAre("100"));
  sim.run_for(20ms);
  const auto answer = bob.pop();
  ASSERT_TRUE(answer);
  EXPECT_EQ(sim::status_of(answer->text), 500);
  EXPECT_TRUE(sim::param_of(*sim::header_of(answer->text, "To"), "tag").has_value());
  EXPECT_THAT(recorder.said, ElementsAre("request OPTIONS", "server failure timed_out"));
  EXPECT_EQ(layer->counters().unanswered, 1U);
  ask("OPTIONS");
  EXPECT_THAT(bob_heard(), ElementsAre("500"));
  sim.run_for(33s);
  expect_nothing_left();
}

TEST_F(Figure8, UnsendableFinalEndsItAndCopiesAreAbsorbed) {
  ask("OPTIONS");
  layer->transport().stop_listening(0);
  const auto sent = respond(200);
  ASSERT_FALSE(sent);
  EXPECT_EQ(respond(200).error(), ta::errc::no_transaction);
  sim.run_for(33s);
  expect_nothing_left();
}

TEST_F(Figure8, ATooLargeAnswerMayBeFollowedByASmallerOne) {
  ask("OPTIONS");
  Response huge(*recorder.last_request, StatusCode(200), "t1");
  huge.set_body(*MediaType::parse("text/plain"), std::string(70'000, 'x'));
  EXPECT_EQ(layer->respond(recorder.requests[0], huge).error(), transport::errc::too_large);
  EXPECT_TRUE(layer->awaits_response(recorder.requests[0]));
  ASSERT_TRUE(respond(500));
  settle();
  EXPECT_THAT(bob_heard(), ElementsAre("500"));
}

class Figure8Timers : public LayerTest {
 protected:
  Figure8Timers() : LayerTest({.timers = {.t1 = 1s, .t2 = 2s, .t4 = 5s}}) {}
};

TEST_F(Figure8Timers, FollowT1AndT2) {
  ask("OPTIONS");
  sim.run_for(990ms);
  EXPECT_THAT(bob_heard(), IsEmpty());
  sim.run_for(20ms);
  EXPECT_THAT(bob_heard(), ElementsAre("100"));
  sim.run_for(60900ms);
  EXPECT_THAT(bob_heard(), IsEmpty());
  sim.run_for(200ms);
  EXPECT_THAT(bob_heard(), ElementsAre("500"));
  sim.run_for(63s);
  EXPECT_EQ(live(), 1U);
  sim.run_for(2s);
  expect_nothing_left();
}

}  // namespace
}  // namespace transaction_test
