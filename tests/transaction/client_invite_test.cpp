#include "layer_fixture.hpp"

// Figure 5 of RFC 6026, an arrow a test.

namespace transaction_test {
namespace {

class Figure5 : public LayerTest {};

TEST_F(Figure5, CallingTimerAResendsDoubling) {
  send(method::invite);
  sim.run_for(31s);
  EXPECT_THAT(schedule("INVITE"), ElementsAre(0, 500, 1500, 3500, 7500, 15500));
  EXPECT_EQ(layer->counters().retransmissions_sent, 5U);
  EXPECT_THAT(recorder.said, IsEmpty());
}

TEST_F(Figure5, CallingTimerBTellsTimedOut) {
  send(method::invite);
  sim.run_for(31990ms);
  EXPECT_EQ(live(), 1U);
  sim.run_for(20ms);
  EXPECT_THAT(recorder.said, ElementsAre("failure timed_out"));
  EXPECT_EQ(recorder.last_failure.peer, there);
  expect_nothing_left();
  sim.run_for(60s);
  EXPECT_EQ(schedule("INVITE").size(), 7U);  // the seventh at 31.5 s
}

TEST_F(Figure5, CallingTransportErrorTellsAtOnce) {
  auto& nobody = sim.host("nobody", {"192.0.2.9"});
  auto request = request_of(method::invite);
  ASSERT_TRUE(layer->send(request, {transport::Protocol::udp, nobody.endpoint(), {}}, recorder));
  sim.run_for(100ms);
  EXPECT_THAT(recorder.said, ElementsAre("failure transport_failed"));
  EXPECT_TRUE(recorder.last_failure.detail);
  EXPECT_EQ(recorder.last_failure.peer, nobody.endpoint());
  expect_nothing_left();
}

TEST_F(Figure5, Calling1xxStopsTimersAAndB) {
  send(method::invite);
  answer(heard("INVITE"), 180);
  EXPECT_THAT(recorder.said, ElementsAre("180"));
  sim.run_for(5min);
  EXPECT_THAT(schedule("INVITE"), ElementsAre(0));
  EXPECT_EQ(layer->counters().client_machines, 1U);
  EXPECT_EQ(alice.armed_timers(), 0U);
}

TEST_F(Figure5, Calling2xxGoesUpWithoutAck) {
  const auto id = send(method::invite);
  answer(heard("INVITE"), 200);
  EXPECT_THAT(recorder.said, ElementsAre("200"));
  EXPECT_EQ(recorder.last_client, id);
  EXPECT_FALSE(layer->packet(id));
  EXPECT_EQ(layer->counters().client_machines, 0U);
  EXPECT_EQ(layer->counters().echo_records, 1U);
  sim.run_for(1s);
  EXPECT_TRUE(schedule("ACK").empty());
}

TEST_F(Figure5, Calling300To699IsAckedAndGoesUp) {
  for (const int code : {300, 401, 486, 503, 603}) {
    recorder.said.clear();
    send(method::invite);
    const auto invite = heard("INVITE");
    answer(invite, code, "tag" + std::to_string(code));
    EXPECT_THAT(recorder.said, ElementsAre(std::to_string(code)));
    heard("ACK");
  }
  sim.run_for(33s);
  expect_nothing_left();
}

TEST_F(Figure5, Proceeding1xxGoesUp) {
  send(method::invite);
  const auto invite = heard("INVITE");
  for (const int code : {100, 180, 183, 183, 199}) answer(invite, code);
  EXPECT_THAT(recorder.said, ElementsAre("100", "180", "183", "183", "199"));
}

TEST_F(Figure5, Proceeding2xxGoesUp) {
  send(method::invite);
  const auto invite = heard("INVITE");
  answer(invite, 180);
  answer(invite, 202);
  EXPECT_THAT(recorder.said, ElementsAre("180", "202"));
  EXPECT_EQ(layer->counters().echo_records, 1U);
}

TEST_F(Figure5, Proceeding300To699IsAckedAndGoesUp) {
  send(method::invite);
  const auto invite = heard("INVITE");
  answer(invite, 180);
  answer(invite, 486);
  EXPECT_THAT(recorder.said, ElementsAre("180", "486"));
  heard("ACK");
}

TEST_F(Figure5, ProceedingTransportErrorTellsAtOnce) {
  const auto id = send(method::invite);
  answer(heard("INVITE"), 180);
  // Something else to the same peer learns that it is gone (RFC 3261 §18.4).
  bob_host.set_up(false);
  alice.fail_send(1);
  send(method::options);
  sim.run_for(50ms);
  EXPECT_THAT(recorder.said, ElementsAre("180", "failure transport_failed", "failure transport_failed"));
  EXPECT_FALSE(layer->packet(id));
  expect_nothing_left();
}

TEST_F(Figure5, Completed300To699IsAckedAgainAndNotPassedUp) {
  send(method::invite);
  const auto invite = heard("INVITE");
  answer(invite, 486);
  const auto ack = heard("ACK");
  for (int i = 0; i < 3; ++i) {
    answer(invite, 486);
    EXPECT_EQ(heard("ACK").text, ack.text);
  }
  EXPECT_THAT(recorder.said, ElementsAre("486"));
  EXPECT_EQ(dropped(Drop::retransmission), 3U);
}

TEST_F(Figure5, CompletedAbsorbs1xxAnd2xx) {
  send(method::invite);
  const auto invite = heard("INVITE");
  answer(invite, 486);
  answer(invite, 180);
  answer(invite, 200);
  EXPECT_THAT(recorder.said, ElementsAre("486"));
  EXPECT_EQ(schedule("ACK").size(), 1U);
}

TEST_F(Figure5, CompletedTimerDEnds32SecondsLater) {
  send(method::invite);
  const auto invite = heard("INVITE");
  answer(invite, 486);
  sim.run_for(31900ms);
  answer(invite, 486);
  EXPECT_EQ(schedule("ACK").size(), 2U);
  sim.run_for(120ms);
  expect_nothing_left();
  answer(invite, 486);
  EXPECT_EQ(schedule("ACK").size(), 2U);
  EXPECT_EQ(dropped(Drop::stray_response), 1U);
}

TEST_F(Figure5, Accepted2xxCopiesAndForksGoUp) {
  send(method::invite);
  const auto invite = heard("INVITE");
  answer(invite, 200, "fork1");
  answer(invite, 200, "fork1");
  answer(invite, 200, "fork2");
  EXPECT_THAT(recorder.said, ElementsAre("200", "2xx 200", "2xx 200"));
}

TEST_F(Figure5, AcceptedAbsorbsOthers) {
  send(method::invite);
  const auto invite = heard("INVITE");
  answer(invite, 200);
  answer(invite, 180);
  answer(invite, 486);
  EXPECT_THAT(recorder.said, ElementsAre("200"));
  EXPECT_TRUE(schedule("ACK").empty());
}

TEST_F(Figure5, AcceptedTimerMEnds64T1Later) {
  send(method::invite);
  const auto invite = heard("INVITE");
  answer(invite, 200);
  sim.run_for(31900ms);
  answer(invite, 200);
  EXPECT_THAT(recorder.said, ElementsAre("200", "2xx 200"));
  sim.run_for(120ms);
  expect_nothing_left();
  answer(invite, 200);
  EXPECT_THAT(recorder.said, ElementsAre("200", "2xx 200"));
  EXPECT_EQ(dropped(Drop::stray_response), 1U);
}

// RFC 3261 §17.1.1.3
TEST_F(Figure5, AckIsBuiltFromTheInviteAndTheTagOfTheAnswer) {
  auto request = request_of(method::invite);
  ASSERT_TRUE(request.add(header::route, "<sip:p1.example.com;lr>"));
  ASSERT_TRUE(request.add(header::route, "<sip:p2.example.com;lr>"));
  ASSERT_TRUE(request.set("Require", "100rel"));
  ASSERT_TRUE(layer->send(request, target(), recorder));
  const auto invite = heard("INVITE");
  answer(invite, 404, "b9");
  const auto ack = expect(bob)
                       .to_receive("ACK sip:bob@192.0.2.2 SIP/2.0")
                       .with("To", "<sip:bob@192.0.2.2>;tag=b9")
                       .with("CSeq", "7 ACK")
                       .with("Max-Forwards", "70")
                       .with("Content-Length", "0")
                       .without("Require")
                       .message()
                       .text;
  EXPECT_EQ(sim::headers_of(ack, "Via"), sim::headers_of(invite.text, "Via"));
  EXPECT_EQ(sim::headers_of(ack, "Via").size(), 1U);
  EXPECT_THAT(sim::headers_of(ack, "Route"), ElementsAre("<sip:p1.example.com;lr>", "<sip:p2.example.com;lr>"));
  EXPECT_EQ(sim::header_of(ack, "From"), sim::header_of(invite.text, "From"));
  EXPECT_EQ(sim::header_of(ack, "Call-ID"), sim::header_of(invite.text, "Call-ID"));
}

// Sixty 180s from three forks, a 200 from the second, another from the third: all reach the floor above.
TEST_F(Figure5, ManyForksLoseNothing) {
  send(method::invite);
  const auto invite = heard("INVITE");
  for (int i = 0; i < 60; ++i) answer(invite, 180, "fork" + std::to_string(i % 3));
  answer(invite, 200, "fork1");
  answer(invite, 200, "fork2");
  ASSERT_EQ(recorder.said.size(), 62U);
  EXPECT_EQ(recorder.said[60], "200");
  EXPECT_EQ(recorder.said[61], "2xx 200");
  // In the order in which they came, each with the tag of its fork.
  ASSERT_EQ(recorder.responses.size(), 61U);
  for (std::size_t i = 0; i < 60; ++i) EXPECT_EQ(recorder.responses[i].to_tag(), "fork" + std::to_string(i % 3));
  EXPECT_EQ(recorder.responses[60].to_tag(), "fork1");
  ASSERT_EQ(recorder.more_2xx.size(), 1U);
  EXPECT_EQ(recorder.more_2xx[0].to_tag(), "fork2");
}

// The figure has "Transport Err." end Completed: here copies of the answer still want their ACK, and the TU has it.
TEST_F(Figure5, CompletedTransportErrorChangesNothing) {
  send(method::invite);
  const auto invite = heard("INVITE");
  answer(invite, 486);
  heard("ACK");
  alice.fail_send(1);
  answer(invite, 486);
  sim.run_for(200ms);
  EXPECT_THAT(recorder.said, ElementsAre("486"));
  answer(invite, 486);
  heard("ACK");
  sim.run_for(33s);
  expect_nothing_left();
}

TEST_F(Figure5, AResponseOnAnotherFlowMatches) {
  send(method::invite);
  const auto invite = heard("INVITE");
  sim::RawPeer elsewhere(sim, sim.host("elsewhere", {"192.0.2.7"}));
  elsewhere.send(sim::answer_to(invite.text, {.code = 180, .to_tag = "x"}), here);
  settle();
  EXPECT_THAT(recorder.said, ElementsAre("180"));
}

TEST_F(Figure5, AnotherMethodOrBranchIsAStray) {
  send(method::invite);
  const auto invite = heard("INVITE");
  auto other = sim::answer_to(invite.text, {.code = 200, .to_tag = "x"});
  other.replace(other.find("7 INVITE"), 8, "7 CANCEL");
  bob.send(other, here);
  auto branch = sim::answer_to(invite.text, {.code = 200, .to_tag = "x"});
  branch.insert(branch.find("z9hG4bK") + 7, "other");
  bob.send(branch, here);
  settle();
  EXPECT_THAT(recorder.said, IsEmpty());
  EXPECT_EQ(dropped(Drop::stray_response), 2U);
}

TEST_F(Figure5, DetachedHearsNothingAndItsFirst2xxGoesToTheUser) {
  layer->detach(send(method::invite));
  answer(heard("INVITE"), 180);
  EXPECT_THAT(recorder.said, IsEmpty());
  layer->detach(send(method::invite));
  answer(heard("INVITE"), 200);
  EXPECT_THAT(recorder.said, ElementsAre("2xx 200"));
}

class Figure5SlowT1 : public LayerTest {
 protected:
  Figure5SlowT1() : LayerTest({.timers = {.t1 = 2s, .t2 = 8s, .t4 = 10s}}) {}
};

TEST_F(Figure5SlowT1, TimersFollowT1) {
  send(method::invite);
  sim.run_for(150s);
  EXPECT_THAT(schedule("INVITE"), ElementsAre(0, 2000, 6000, 14000, 30000, 62000, 126000));
  EXPECT_THAT(recorder.said, ElementsAre("failure timed_out"));
  expect_nothing_left();
}

TEST_F(Figure5SlowT1, TimerDIs64T1WhenThatIsLonger) {
  send(method::invite);
  answer(heard("INVITE"), 486);
  sim.run_for(120s);
  EXPECT_EQ(live(), 1U);
  sim.run_for(10s);
  expect_nothing_left();
}

class Figure5FastT1 : public LayerTest {
 protected:
  Figure5FastT1() : LayerTest({.timers = {.t1 = 100ms, .t2 = 400ms, .t4 = 500ms}}) {}
};

// RFC 6026 §8.4: at least 32 s, whatever T1 is here.
TEST_F(Figure5FastT1, TimerDIsAtLeast32Seconds) {
  send(method::invite);
  answer(heard("INVITE"), 486);
  sim.run_for(31900ms);
  EXPECT_EQ(live(), 1U);
  sim.run_for(120ms);
  expect_nothing_left();
}

TEST_F(Figure5FastT1, TimerMIs64T1) {
  send(method::invite);
  answer(heard("INVITE"), 200);
  sim.run_for(6300ms);
  EXPECT_EQ(live(), 1U);
  sim.run_for(120ms);
  expect_nothing_left();
}

}  // namespace
}  // namespace transaction_test
