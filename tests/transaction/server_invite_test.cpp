#include "layer_fixture.hpp"

// Figure 7 of RFC 6026, an arrow a test.

namespace transaction_test {
namespace {

class Figure7 : public LayerTest {};

TEST_F(Figure7, InviteGoesUp) {
  ask("INVITE");
  EXPECT_THAT(recorder.said, ElementsAre("request INVITE"));
  EXPECT_TRUE(layer->awaits_response(recorder.requests[0]));
  EXPECT_EQ(layer->flow(recorder.requests[0])->peer, there);
  EXPECT_EQ(layer->counters().server_machines, 1U);
}

TEST_F(Figure7, ProceedingSends100WhenTheUserIsSilentFor200ms) {
  ask("INVITE");
  expect(bob).to_receive("100").with("To", "<sip:alice@192.0.2.1>").not_before(190ms).within(210ms);
  EXPECT_TRUE(layer->awaits_response(recorder.requests[0]));
  expect(bob).not_to_receive().within(5min);
}

TEST_F(Figure7, ProceedingSendsNo100AfterA180) {
  ask("INVITE");
  ASSERT_TRUE(respond(180));
  expect(bob).to_receive("180");
  expect(bob).not_to_receive().within(1s);
}

TEST_F(Figure7, ProceedingSendsNo100WhenAnsweredInTheUpcall) {
  recorder.when_request = [&](ta::ServerId, const Request&) { ASSERT_TRUE(respond(183)); };
  ask("INVITE");
  expect(bob).to_receive("183");
  expect(bob).not_to_receive().within(1s);
}

TEST_F(Figure7, ProceedingSends1xxFromTheUser) {
  ask("INVITE");
  for (const int code : {100, 180, 183, 199}) {
    auto sent = respond(code);
    ASSERT_TRUE(sent);
    EXPECT_EQ(sent->flow.peer, there);
  }
  settle();
  EXPECT_THAT(bob_heard(), ElementsAre("100", "180", "183", "199"));
}

TEST_F(Figure7, ProceedingAnswersInviteWithTheLastProvisional) {
  ask("INVITE");
  ask("INVITE");
  EXPECT_THAT(bob_heard(), IsEmpty());
  ASSERT_TRUE(respond(180));
  ASSERT_TRUE(respond(183));
  ask("INVITE");
  ask("INVITE");
  EXPECT_THAT(bob_heard(), ElementsAre("180", "183", "183", "183"));
  EXPECT_EQ(recorder.requests.size(), 1U);
  EXPECT_EQ(dropped(Drop::retransmission), 3U);
}

TEST_F(Figure7, ProceedingAnswersInviteWithTheAutomatic100) {
  ask("INVITE");
  expect(bob).to_receive("100");
  ask("INVITE");
  expect(bob).to_receive("100");
}

TEST_F(Figure7, ProceedingTransportErrorChangesNothing) {
  ask("INVITE");
  ASSERT_TRUE(respond(180));
  alice.fail_send(1);
  ASSERT_TRUE(respond(183));
  sim.run_for(50ms);
  EXPECT_TRUE(layer->awaits_response(recorder.requests[0]));
  EXPECT_THAT(recorder.said, ElementsAre("request INVITE"));
  ASSERT_TRUE(respond(200));
  settle();
  EXPECT_THAT(bob_heard(), ElementsAre("180", "200"));
}

TEST_F(Figure7, ProceedingTransportErrorIsTheUsersResult) {
  ask("INVITE");
  layer->transport().stop_listening(0);
  EXPECT_FALSE(respond(180));
  EXPECT_TRUE(layer->awaits_response(recorder.requests[0]));
  EXPECT_FALSE(respond(486));
  EXPECT_FALSE(layer->awaits_response(recorder.requests[0]));
  EXPECT_EQ(layer->counters().server_machines, 0U);
  sim.run_for(33s);
  expect_nothing_left();
}

TEST_F(Figure7, Proceeding2xxEntersAccepted) {
  ask("INVITE");
  ASSERT_TRUE(respond(200));
  expect(bob).to_receive("200 to INVITE");
  EXPECT_FALSE(layer->awaits_response(recorder.requests[0]));
  EXPECT_EQ(respond(200).error(), ta::errc::no_transaction);
  EXPECT_EQ(layer->counters().server_machines, 0U);
  EXPECT_EQ(layer->counters().echo_records, 1U);
  expect(bob).not_to_receive().within(10s);  // repeating a 2xx is not the transaction's
}

TEST_F(Figure7, Proceeding300To699EntersCompleted) {
  int n = 0;
  for (const int code : {302, 404, 486, 503, 603}) {
    ask("INVITE", "z9hG4bK" + std::to_string(++n));
    ASSERT_TRUE(respond(code));
    EXPECT_FALSE(layer->awaits_response(recorder.requests.back()));
    EXPECT_EQ(respond(486).error(), ta::errc::wrong_state);
    EXPECT_EQ(respond(200).error(), ta::errc::wrong_state);
  }
  settle();
  EXPECT_THAT(bob_heard(), ElementsAre("302", "404", "486", "503", "603"));
  EXPECT_EQ(layer->counters().server_machines, 5U);
}

TEST_F(Figure7, CompletedAnswersInviteWithTheFinal) {
  ask("INVITE");
  ASSERT_TRUE(respond(486));
  ask("INVITE");
  ask("INVITE");
  EXPECT_THAT(bob_heard(), ElementsAre("486", "486", "486"));
  EXPECT_EQ(recorder.requests.size(), 1U);
}

TEST_F(Figure7, CompletedTimerGResendsDoublingUpToT2) {
  ask("INVITE");
  ASSERT_TRUE(respond(486));
  sim.run_for(31900ms);
  EXPECT_THAT(schedule("SIP/2.0 486"), ElementsAre(0, 500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500));
}

TEST_F(Figure7, CompletedTimerHTellsThatNoAckCame) {
  ask("INVITE");
  ASSERT_TRUE(respond(486));
  sim.run_for(31980ms);
  EXPECT_EQ(recorder.said.size(), 1U);
  sim.run_for(30ms);
  EXPECT_THAT(recorder.said, ElementsAre("request INVITE", "server failure timed_out"));
  expect_nothing_left();
}

TEST_F(Figure7, CompletedTransportErrorTellsOnceAndStays) {
  ask("INVITE");
  ASSERT_TRUE(respond(486));
  alice.fail_send(1);
  sim.run_for(600ms);
  EXPECT_THAT(recorder.said, ElementsAre("request INVITE", "server failure transport_failed"));
  EXPECT_EQ(recorder.last_failure.peer, there);
  EXPECT_EQ(layer->counters().server_machines, 1U);
  ask("INVITE");  // a copy is still a copy
  EXPECT_EQ(recorder.requests.size(), 1U);
  sim.run_for(40s);
  EXPECT_EQ(recorder.said.size(), 2U);
  expect_nothing_left();
}

TEST_F(Figure7, CompletedAckEntersConfirmed) {
  ask("INVITE");
  ASSERT_TRUE(respond(486));
  settle();
  ask("ACK", "z9hG4bKbob1", "t1");
  EXPECT_EQ(layer->counters().server_machines, 0U);
  EXPECT_EQ(layer->counters().echo_records, 1U);
  sim.run_for(4s);
  EXPECT_THAT(schedule("SIP/2.0 486"), ElementsAre(0));
  EXPECT_THAT(recorder.said, ElementsAre("request INVITE"));
}

TEST_F(Figure7, ConfirmedAbsorbsAckAndInvite) {
  ask("INVITE");
  ASSERT_TRUE(respond(486));
  ask("ACK", "z9hG4bKbob1", "t1");
  ask("ACK", "z9hG4bKbob1", "t1");
  ask("INVITE");
  EXPECT_THAT(recorder.said, ElementsAre("request INVITE"));
  EXPECT_THAT(bob_heard(), ElementsAre("486"));
  EXPECT_EQ(dropped(Drop::retransmission), 2U);
}

TEST_F(Figure7, ConfirmedTimerIEndsT4Later) {
  ask("INVITE");
  ASSERT_TRUE(respond(486));
  ask("ACK", "z9hG4bKbob1", "t1");
  sim.run_for(4900ms);
  EXPECT_EQ(live(), 1U);
  sim.run_for(110ms);
  expect_nothing_left();
}

TEST_F(Figure7, AcceptedAbsorbsInvite) {
  ask("INVITE");
  ASSERT_TRUE(respond(200));
  ask("INVITE");
  ask("INVITE");
  EXPECT_THAT(recorder.said, ElementsAre("request INVITE"));
  EXPECT_THAT(bob_heard(), ElementsAre("200"));
}

// A copy that was late: neither does it go up, nor is it answered, nor is it a new INVITE.
TEST_F(Figure7, AcceptedAbsorbsInviteBehindTheAckToo) {
  ask("INVITE");
  ASSERT_TRUE(respond(200));
  ask("ACK", "z9hG4bKanother", "t1");
  ask("INVITE");
  sim.run_for(20s);
  ask("INVITE");
  EXPECT_THAT(recorder.said, ElementsAre("request INVITE", "ack"));
  EXPECT_THAT(bob_heard(), ElementsAre("200"));
  EXPECT_EQ(dropped(Drop::retransmission), 2U);
}

// RFC 6026 §7.1: peers reuse the branch of the INVITE.
TEST_F(Figure7, AcceptedPassesAckUp) {
  ask("INVITE");
  ASSERT_TRUE(respond(200));
  ask("ACK", "z9hG4bKbob1", "t1");
  ask("ACK", "z9hG4bKbob1", "t1");
  EXPECT_THAT(recorder.said, ElementsAre("request INVITE", "ack", "ack"));
}

TEST_F(Figure7, AnAckWithItsOwnBranchGoesUp) {
  ask("INVITE");
  ASSERT_TRUE(respond(200));
  ask("ACK", "z9hG4bKanother", "t1");
  EXPECT_THAT(recorder.said, ElementsAre("request INVITE", "ack"));
}

TEST_F(Figure7, Accepted2xxFromTheUserIsSent) {
  ask("INVITE");
  const auto packet = respond(200);
  ASSERT_TRUE(packet);
  layer->send_again(*packet);
  layer->send_again(*packet);
  settle();
  EXPECT_THAT(bob_heard(), ElementsAre("200", "200", "200"));
}

TEST_F(Figure7, AcceptedTransportErrorChangesNothing) {
  ask("INVITE");
  alice.fail_send(1);
  ASSERT_TRUE(respond(200));
  sim.run_for(50ms);
  ask("INVITE");
  EXPECT_THAT(recorder.said, ElementsAre("request INVITE"));
}

TEST_F(Figure7, AcceptedTimerLEnds64T1Later) {
  ask("INVITE");
  ASSERT_TRUE(respond(200));
  sim.run_for(31900ms);
  EXPECT_EQ(live(), 1U);
  sim.run_for(110ms);
  expect_nothing_left();
}

TEST_F(Figure7, AnAckInProceedingIsAbsorbedAndCounted) {
  ask("INVITE");
  ask("ACK");
  EXPECT_THAT(recorder.said, ElementsAre("request INVITE"));
  EXPECT_TRUE(layer->awaits_response(recorder.requests[0]));
  EXPECT_EQ(dropped(Drop::stray_ack), 1U);
}

class Figure7Timers : public LayerTest {
 protected:
  Figure7Timers() : LayerTest({.timers = {.t1 = 200ms, .t2 = 1s, .t4 = 2s}}) {}
};

TEST_F(Figure7Timers, FollowT1T2T4) {
  ask("INVITE");
  ASSERT_TRUE(respond(486));
  sim.run_for(5s);
  EXPECT_THAT(schedule("SIP/2.0 486"), ElementsAre(0, 200, 600, 1400, 2400, 3400, 4400));
  ask("ACK", "z9hG4bKbob1", "t1");
  sim.run_for(1900ms);
  EXPECT_EQ(live(), 1U);
  sim.run_for(110ms);
  expect_nothing_left();
  ask("INVITE", "z9hG4bK2");
  ASSERT_TRUE(respond(486));
  sim.run_for(12900ms);
  EXPECT_THAT(recorder.said, ElementsAre("request INVITE", "request INVITE", "server failure timed_out"));
}

class Manual100 : public LayerTest {
 protected:
  Manual100() : LayerTest({.automatic_100 = false}) {}
};

TEST_F(Manual100, TheApplicationSends100) {
  ask("INVITE");
  expect(bob).not_to_receive().within(1s);
  ASSERT_TRUE(respond(100));
  expect(bob).to_receive("100");
}

}  // namespace
}  // namespace transaction_test
