#include "layer_fixture.hpp"

// CANCEL: RFC 3261 §9.

namespace transaction_test {
namespace {

class Cancel : public LayerTest {
 protected:
  std::string tag_in(const std::string& response) { return sim::param_of(*sim::header_of(response, "To"), "tag").value_or("none"); }
};

// ---- client, §9.1

TEST_F(Cancel, GoesAtOnceAfterAProvisional) {
  const auto id = send(method::invite);
  const auto invite = heard("INVITE");
  answer(invite, 180);
  ASSERT_TRUE(layer->cancel(id));
  const auto of_invite = [&](const char* name) { return *sim::header_of(invite.text, name); };
  const auto cancel = expect(bob)
                          .to_receive("CANCEL sip:bob@192.0.2.2 SIP/2.0")
                          .with("From", of_invite("From"))
                          .with("To", of_invite("To"))
                          .with("Call-ID", of_invite("Call-ID"))
                          .with("CSeq", "7 CANCEL")
                          .without("Reason")
                          .message();
  EXPECT_EQ(sim::headers_of(cancel.text, "Via"), sim::headers_of(invite.text, "Via"));
}

TEST_F(Cancel, CarriesRouteAndReasonButNoRequire) {
  auto request = request_of(method::invite);
  ASSERT_TRUE(request.add(header::route, "<sip:p1.example.com;lr>"));
  ASSERT_TRUE(request.set("Require", "100rel"));
  ASSERT_TRUE(request.set("Proxy-Require", "x"));
  const auto id = layer->send(request, target(), recorder);
  ASSERT_TRUE(id);
  answer(heard("INVITE"), 180);
  ASSERT_TRUE(layer->cancel(*id, "SIP;cause=200;text=\"Call completed elsewhere\""));
  expect(bob)
      .to_receive("CANCEL")
      .with("Route", "<sip:p1.example.com;lr>")
      .with("Reason", "SIP;cause=200;text=\"Call completed elsewhere\"")
      .without("Require")
      .without("Proxy-Require");
}

TEST_F(Cancel, IsHeldUntilAProvisionalComes) {
  const auto id = send(method::invite);
  const auto invite = heard("INVITE");
  ASSERT_TRUE(layer->cancel(id, "SIP;cause=600"));
  expect(bob).not_to_receive("CANCEL").within(400ms);
  answer(invite, 100);
  expect(bob).to_receive("CANCEL").with("Reason", "SIP;cause=600");
  EXPECT_THAT(recorder.said, ElementsAre("100"));
}

TEST_F(Cancel, HeldIsForgottenWhenAFinalComesFirst) {
  const auto id = send(method::invite);
  const auto invite = heard("INVITE");
  ASSERT_TRUE(layer->cancel(id));
  answer(invite, 200);
  expect(bob).not_to_receive("CANCEL").within(5s);
  EXPECT_THAT(recorder.said, ElementsAre("200"));
}

TEST_F(Cancel, TwiceIsOnce) {
  const auto id = send(method::invite);
  answer(heard("INVITE"), 180);
  ASSERT_TRUE(layer->cancel(id));
  ASSERT_TRUE(layer->cancel(id));
  answer(expect(bob).to_receive("CANCEL").message(), 200);
  expect(bob).not_to_receive("CANCEL").within(5s);
}

TEST_F(Cancel, IsRetransmittedByItsOwnTransaction) {
  const auto id = send(method::invite);
  answer(heard("INVITE"), 180);
  ASSERT_TRUE(layer->cancel(id));
  sim.run_for(4s);
  EXPECT_THAT(schedule("CANCEL"), ElementsAre(0, 500, 1500, 3500));
  answer(heard("CANCEL"), 200);
  sim.run_for(10s);
  EXPECT_EQ(schedule("CANCEL").size(), 4U);
  EXPECT_THAT(recorder.said, ElementsAre("180"));
}

TEST_F(Cancel, Then487EndsTheInvite) {
  const auto id = send(method::invite);
  const auto invite = heard("INVITE");
  answer(invite, 180);
  ASSERT_TRUE(layer->cancel(id));
  answer(heard("CANCEL"), 200);
  answer(invite, 487);
  EXPECT_THAT(recorder.said, ElementsAre("180", "487"));
  heard("ACK");
  sim.run_for(33s);
  expect_nothing_left();
}

TEST_F(Cancel, CrossesA200) {
  const auto id = send(method::invite);
  const auto invite = heard("INVITE");
  answer(invite, 180);
  ASSERT_TRUE(layer->cancel(id));
  answer(invite, 200);
  answer(heard("CANCEL"), 481);
  EXPECT_THAT(recorder.said, ElementsAre("180", "200"));
  sim.run_for(33s);
  expect_nothing_left();
}

TEST_F(Cancel, GivesUp64T1LaterAlthoughProvisionalsGoOn) {
  const auto id = send(method::invite);
  const auto invite = heard("INVITE");
  answer(invite, 180);
  sim.run_for(60s);
  ASSERT_TRUE(layer->cancel(id));
  answer(heard("CANCEL"), 200);
  for (int i = 0; i < 30; ++i) {
    sim.run_for(1s);
    answer(invite, 183);
  }
  EXPECT_EQ(layer->counters().client_machines, 1U);
  sim.run_for(3s);
  EXPECT_EQ(recorder.said.back(), "failure cancelled_unanswered");
  EXPECT_EQ(layer->counters().client_machines, 0U);
  answer(invite, 487);
  EXPECT_EQ(dropped(Drop::stray_response), 1U);
}

TEST_F(Cancel, WithoutAnyAnswerTheInviteTimesOut) {
  const auto id = send(method::invite);
  ASSERT_TRUE(layer->cancel(id));
  sim.run_for(33s);
  EXPECT_THAT(recorder.said, ElementsAre("failure timed_out"));
  EXPECT_TRUE(schedule("CANCEL").empty());
  expect_nothing_left();
}

TEST_F(Cancel, OfWhatCannotBeCancelled) {
  const auto options = send(method::options);
  EXPECT_EQ(layer->cancel(options).error(), ta::errc::wrong_state);
  EXPECT_EQ(layer->cancel({}).error(), ta::errc::no_transaction);
  const auto invite = send(method::invite);
  EXPECT_FALSE(layer->cancel(invite, "SIP;cause=1\r\nX: y"));
  answer(heard("INVITE"), 486);
  EXPECT_EQ(layer->cancel(invite).error(), ta::errc::no_transaction);
}

// ---- server, §9.2

TEST_F(Cancel, OfAPendingInviteIsAnswered200AndToldOnce) {
  ask("INVITE");
  ASSERT_TRUE(respond(180, "t7"));
  recorder.when_cancel = [&](ta::ServerId id) {
    EXPECT_EQ(id, recorder.requests[0]);
    ASSERT_TRUE(respond(487, "t7"));
  };
  settle();
  bob.clear();
  ask("CANCEL");
  EXPECT_THAT(recorder.said, ElementsAre("request INVITE", "cancel"));
  const auto ok = bob.pop();
  const auto terminated = bob.pop();
  ASSERT_TRUE(ok && terminated);
  EXPECT_EQ(sim::status_of(ok->text), 200);
  EXPECT_EQ(sim::header_of(ok->text, "CSeq"), "3 CANCEL");
  EXPECT_EQ(tag_in(ok->text), "t7");
  EXPECT_EQ(sim::status_of(terminated->text), 487);
  ask("ACK", "z9hG4bKbob1", "t7");
  sim.run_for(33s);
  expect_nothing_left();
}

TEST_F(Cancel, CopiesGetThe200Again) {
  ask("INVITE");
  ask("CANCEL");
  ask("CANCEL");
  ask("CANCEL");
  EXPECT_THAT(recorder.said, ElementsAre("request INVITE", "cancel"));
  EXPECT_THAT(bob_heard(), ElementsAre("200", "200", "200"));
}

// §9.2: the To tags of both answers should be the same, also when the CANCEL comes before any of them.
TEST_F(Cancel, BeforeAnyAnswerUsesTheTagThatTheUserIsOffered) {
  ask("INVITE");
  const auto tag = layer->local_tag(recorder.requests[0]);
  ASSERT_TRUE(tag);
  ask("CANCEL");
  ASSERT_TRUE(respond(487, *tag));
  settle();
  const auto ok = bob.pop();
  const auto terminated = bob.pop();
  ASSERT_TRUE(ok && terminated);
  EXPECT_EQ(tag_in(ok->text), *tag);
  EXPECT_EQ(tag_in(terminated->text), *tag);
}

// Two INVITEs of one branch, the second when the first is forgotten, are two dialogs.
TEST_F(Cancel, TagsOfferedAreNeverTheSame) {
  ask("INVITE");
  const auto first = layer->local_tag(recorder.requests[0]);
  ASSERT_TRUE(respond(200, *first));
  sim.run_for(33s);
  ask("INVITE");
  ASSERT_EQ(recorder.requests.size(), 2U);
  EXPECT_NE(*layer->local_tag(recorder.requests[1]), *first);
}

TEST_F(Cancel, AfterAFinalWithTheOfferedTagHasItToo) {
  ask("INVITE");
  const auto tag = layer->local_tag(recorder.requests[0]);
  ASSERT_TRUE(respond(200, *tag));
  settle();
  bob.clear();
  ask("CANCEL");
  const auto ok = bob.pop();
  ASSERT_TRUE(ok);
  EXPECT_EQ(tag_in(ok->text), *tag);
  EXPECT_LE(layer->counters().echo_bytes, 96U + 104U + ok->text.size());
}

TEST_F(Cancel, AfterAFinalIsAnswered200AndNothingMore) {
  for (const int code : {200, 486}) {
    const auto branch = "z9hG4bK" + std::to_string(code);
    ask("INVITE", branch);
    ASSERT_TRUE(respond(code, "t9"));
    settle();
    bob.clear();
    recorder.said.clear();
    ask("CANCEL", branch);
    const auto ok = bob.pop();
    ASSERT_TRUE(ok);
    EXPECT_EQ(sim::status_of(ok->text), 200);
    EXPECT_EQ(tag_in(ok->text), "t9");
    EXPECT_THAT(recorder.said, IsEmpty());
  }
}

TEST_F(Cancel, AfterTheAckIsStill200) {
  ask("INVITE");
  ASSERT_TRUE(respond(486, "t9"));
  ask("ACK", "z9hG4bKbob1", "t9");
  bob.clear();
  ask("CANCEL");
  const auto ok = bob.pop();
  ASSERT_TRUE(ok);
  EXPECT_EQ(sim::status_of(ok->text), 200);
  EXPECT_EQ(tag_in(ok->text), "t9");
}

TEST_F(Cancel, OfNothingIs481AndCounted) {
  ask("CANCEL");
  EXPECT_THAT(bob_heard(), ElementsAre("481"));
  EXPECT_EQ(dropped(Drop::stray_cancel), 1U);
  EXPECT_THAT(recorder.said, IsEmpty());
  expect_nothing_left();
}

TEST_F(Cancel, OfAnotherMethodHasNoEffectBut200) {
  ask("OPTIONS");
  ask("CANCEL");
  EXPECT_THAT(bob_heard(), ElementsAre("200"));
  EXPECT_THAT(recorder.said, ElementsAre("request OPTIONS"));
  EXPECT_TRUE(layer->awaits_response(recorder.requests[0]));
  ASSERT_TRUE(respond(200));
}

}  // namespace
}  // namespace transaction_test
