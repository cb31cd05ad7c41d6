#include "ua_fixture.hpp"

namespace {

using namespace dialog_testing;

class ModifyTest : public TwoAgents {};

TEST_F(ModifyTest, HoldAndResumeByTheCaller) {
  establish();
  ASSERT_TRUE(session->hold(true));
  EXPECT_EQ(session->hold(true).error(), make_error_code(dialog::errc::request_pending));
  sim.run_for(1s);
  EXPECT_EQ(session->hold_state(), HoldState::local);
  EXPECT_EQ(bob.incoming->hold_state(), HoldState::remote);
  ASSERT_TRUE(session->hold(false));
  sim.run_for(1s);
  EXPECT_EQ(session->hold_state(), HoldState::none);
  EXPECT_EQ(bob.incoming->hold_state(), HoldState::none);
  EXPECT_EQ(alice.user.story(), "180, established, changed: local, changed: none");
  EXPECT_EQ(bob.user.story(), "established, peer changed: remote, peer changed: none");
  EXPECT_TRUE(session->hang_up());
}

TEST_F(ModifyTest, HoldFromEachSide) {
  establish();
  ASSERT_TRUE(bob.incoming->hold(true));
  sim.run_for(1s);
  ASSERT_TRUE(session->hold(true));
  sim.run_for(1s);
  EXPECT_EQ(session->hold_state(), HoldState::both);
  EXPECT_EQ(bob.incoming->hold_state(), HoldState::both);
  ASSERT_TRUE(bob.incoming->hold(false));
  sim.run_for(1s);
  EXPECT_EQ(session->hold_state(), HoldState::local);
  EXPECT_EQ(bob.incoming->hold_state(), HoldState::remote);
  EXPECT_TRUE(bob.incoming->hang_up());
}

TEST_F(ModifyTest, LateOfferReinviteBothWays) {
  establish();
  ASSERT_TRUE(session->reinvite(true));
  sim.run_for(1s);
  ASSERT_TRUE(bob.incoming->reinvite(true));
  sim.run_for(1s);
  EXPECT_EQ(alice.user.story(), "180, established, changed: none, peer changed: none");
  EXPECT_EQ(bob.user.story(), "established, peer changed: none, changed: none");
  EXPECT_EQ(session->remote_sdp(), bob.incoming->local_sdp());
  EXPECT_TRUE(session->hang_up());
}

TEST_F(ModifyTest, RefusedReinviteLeavesTheSession) {
  establish();
  const std::string before(session->local_sdp());
  bob.media.refuse_answer = true;
  ASSERT_TRUE(session->hold(true));
  sim.run_for(1s);
  EXPECT_EQ(alice.user.events.back(), "change failed: 488");
  EXPECT_EQ(session->hold_state(), HoldState::none);
  EXPECT_EQ(session->local_sdp(), before);
  EXPECT_EQ(alice.media.last_refused, "");
  bob.media.refuse_answer = false;
  ASSERT_TRUE(session->hold(true));
  sim.run_for(1s);
  EXPECT_EQ(session->hold_state(), HoldState::local);
  EXPECT_EQ(alice.media.last_refused, "2") << "the peer has seen that version (RFC 3264 §8)";
  ASSERT_TRUE(session->hold(false));
  sim.run_for(1s);
  EXPECT_EQ(alice.media.last_refused, "") << "what is in force is newer";
  EXPECT_TRUE(session->hang_up());
}

// REQUIREMENTS 32: both hold in the same millisecond; both get 491, the owner of the Call-ID waits longer.
TEST_F(ModifyTest, GlareIsSolvedByTheStack) {
  establish();
  std::vector<transport::Duration> reinvites;
  const auto start = sim.now();
  sim.observe([&](const sim::WireEvent& event) {
    if (event.fate == sim::Fate::sent && event.bytes.starts_with("INVITE")) reinvites.push_back(event.time - start);
  });
  ASSERT_TRUE(session->hold(true));
  ASSERT_TRUE(bob.incoming->hold(true));
  sim.run_for(10s);
  EXPECT_EQ(session->hold_state(), HoldState::both);
  EXPECT_EQ(bob.incoming->hold_state(), HoldState::both);
  ASSERT_EQ(reinvites.size(), 4U);
  EXPECT_LE(reinvites[2], 2'020ms);  // bob's
  EXPECT_GE(reinvites[3], 2'100ms);  // alice's
  EXPECT_LE(reinvites[3], 4'030ms);
  EXPECT_TRUE(session->hang_up());
}

TEST_F(ModifyTest, AfterByeNoRetryOfAGlare) {
  establish();
  ASSERT_TRUE(session->hold(true));
  ASSERT_TRUE(bob.incoming->hold(true));
  sim.run_for(20ms);  // both have their 491
  ASSERT_TRUE(session->hang_up());
  int invites = 0;
  sim.observe([&](const sim::WireEvent& event) { invites += event.bytes.starts_with("INVITE") ? 1 : 0; });
  sim.run_for(10s);
  EXPECT_EQ(invites, 0);
  EXPECT_EQ(alice.user.ends, 1);
  EXPECT_EQ(bob.user.ends, 1);
}

TEST_F(ModifyTest, AnswerThatComesLater) {
  establish();
  bob.media.later = true;
  ASSERT_TRUE(session->hold(true));
  sim.run_for(1s);
  ASSERT_EQ(bob.media.tickets.size(), 1U);
  EXPECT_EQ(bob.incoming->hold(true).error(), make_error_code(dialog::errc::request_pending));
  bob.media.tickets[0].answer(bob.media.make("recvonly"));
  sim.run_for(1s);
  EXPECT_EQ(session->hold_state(), HoldState::local);
  bob.media.later = false;
  EXPECT_TRUE(session->hang_up());
}

class AnyMethod : public TwoAgents {};

TEST_F(AnyMethod, GoesInsideTheDialog) {
  struct Heard final : OutgoingUser {
    int code = 0;
    void on_final(const Response* response, const Cause&) override {
      code = response == nullptr ? -1 : response->status().value();
    }
  } heard;
  auto* early = alice.call("sip:bob@192.0.2.2");
  EXPECT_EQ(early->make_request(method::options).error(), make_error_code(dialog::errc::no_dialog));
  sim.run_for(1s);
  ASSERT_TRUE(bob.incoming->accept(status::ok));
  sim.run_for(1s);
  auto request = early->make_request(method::options);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->to_tag(), bob.incoming->local_tag());
  EXPECT_EQ(early->send(early->make_request(method::bye).value(), heard).error(),
            make_error_code(peal::errc::invalid_value));
  EXPECT_EQ(
      early
          ->send(alice.core->make_request({method::options, Uri::parse("sip:b@192.0.2.2").value(), alice.me(), {}}),
                 heard)
          .error(),
      make_error_code(peal::errc::invalid_value));
  auto sent = early->send(std::move(*request), heard);
  ASSERT_TRUE(sent);
  sim.run_for(1s);
  EXPECT_EQ(heard.code, 200);
  EXPECT_TRUE(bob.incoming->hang_up());
}

class ModifyScript : public AgentAndPeer {
 protected:
  void establish_from_alice() {
    session = alice.call("sip:bob@192.0.2.2");
    auto invite = bob.expect("INVITE");
    ASSERT_TRUE(invite);
    first_invite = *invite;
    bob.answer(*invite, ok());
    ASSERT_TRUE(bob.expect("ACK"));
    alice_tag = tag_of(first_invite, "From");
    call_id = line(first_invite, "Call-ID");
  }
  sim::RawMessage first_invite;
  InviteSession* session = nullptr;
  std::string alice_tag;
};

TEST_F(ModifyScript, OfferWhileOursWaitsGets491AndASecondOne500) {
  establish_from_alice();
  ASSERT_TRUE(session->hold(true));
  auto reinvite = bob.expect("INVITE");
  ASSERT_TRUE(reinvite);
  send(invite(7, alice_tag));
  ASSERT_TRUE(bob.expect("SIP/2.0 491"));
  bob.answer(*reinvite, ok("bobs", "recvonly"));
  ASSERT_TRUE(bob.expect("ACK"));

  alice.media.later = true;
  send(invite(8, alice_tag));
  sim.run_for(100ms);
  send(invite(9, alice_tag));
  const auto refused = bob.expect("SIP/2.0 500");
  ASSERT_TRUE(refused);
  const auto seconds = std::stoi(line(*refused, "Retry-After"));
  EXPECT_GE(seconds, 0);
  EXPECT_LE(seconds, 10);
  EXPECT_EQ(line(*refused, "CSeq"), "9 INVITE");
  alice.media.tickets[0].answer(alice.media.make("sendrecv"));
  ASSERT_TRUE(bob.expect("SIP/2.0 200"));
  send(request("ACK", 8, alice_tag));
  sim.run_for(1s);
  EXPECT_EQ(alice.user.events.back(), "peer changed: local");
  alice.media.later = false;
  send(request("BYE", 10, alice_tag));
}

TEST_F(ModifyScript, ReinviteAnswered481EndsTheSession) {
  establish_from_alice();
  ASSERT_TRUE(session->hold(true));
  auto reinvite = bob.expect("INVITE");
  ASSERT_TRUE(reinvite);
  bob.answer(*reinvite, {.code = 481});
  auto bye = bob.expect("BYE");
  ASSERT_TRUE(bye);
  bob.answer(*bye, {.code = 481});
  sim.run_for(1s);
  EXPECT_EQ(alice.user.story(), "established, ended");
  EXPECT_EQ(alice.user.cause->code, 481);
}

TEST_F(ModifyScript, ReinviteThatNobodyAnswersEndsTheSession) {
  establish_from_alice();
  ASSERT_TRUE(session->hold(true));
  sim.run_for(32s);
  auto bye = bob.expect("BYE");
  ASSERT_TRUE(bye);
  bob.answer(*bye, {.code = 200});
  sim.run_for(1s);
  EXPECT_EQ(alice.user.ends, 1);
  EXPECT_EQ(alice.user.cause->error, make_error_code(transaction::errc::timed_out));
}

TEST_F(ModifyScript, ReinviteRefreshesTheTargetAndAckIsAwaited) {
  establish_from_alice();
  auto moved = invite(3, alice_tag);
  const auto at = moved.find("<sip:bob@192.0.2.2:5060>");
  moved.replace(at, 24, "<sip:bob@192.0.2.2:5070>");
  send(moved);
  ASSERT_TRUE(bob.expect("SIP/2.0 200"));
  ASSERT_TRUE(bob.expect("SIP/2.0 200")) << "repeated until the ACK";
  send(request("ACK", 3, alice_tag));
  sim.run_for(5s);
  sim::RawPeer elsewhere(sim, bob_host, 5070);
  ASSERT_TRUE(session->hang_up());
  auto bye = elsewhere.expect("BYE");
  ASSERT_TRUE(bye);
  EXPECT_EQ(first_line(*bye), "BYE sip:bob@192.0.2.2:5070 SIP/2.0");
  elsewhere.answer(*bye, {.code = 200});
  sim.run_for(1s);
}

TEST_F(ModifyScript, ReinviteThatIsNeverAckedEndsByBye) {
  establish_from_alice();
  send(invite(3, alice_tag));
  sim.run_for(33s);
  auto bye = bob.expect("BYE");
  ASSERT_TRUE(bye);
  bob.answer(*bye, {.code = 200});
  sim.run_for(1s);
  EXPECT_EQ(alice.user.cause->error, make_error_code(dialog::errc::no_ack));
}

TEST_F(ModifyScript, CancelledReinviteLeavesTheSession) {
  establish_from_alice();
  alice.media.later = true;
  const auto reinvite = invite(3, alice_tag);
  send(reinvite);
  sim.run_for(300ms);
  auto cancel = reinvite.substr(0, reinvite.find("Contact:"));
  cancel.replace(0, 6, "CANCEL");
  cancel.replace(cancel.find("3 INVITE"), 8, "3 CANCEL");
  send(cancel + "Content-Length: 0\r\n\r\n");
  ASSERT_TRUE(bob.expect("SIP/2.0 487"));
  auto ack = cancel;
  ack.replace(0, 6, "ACK");
  ack.replace(ack.find("3 CANCEL"), 8, "3 ACK");
  send(ack + "Content-Length: 0\r\n\r\n");
  alice.media.tickets.clear();
  alice.media.later = false;
  EXPECT_EQ(session->state(), SessionState::established);
  ASSERT_TRUE(session->hold(true));
  auto ours = bob.expect("INVITE");
  ASSERT_TRUE(ours);
  bob.answer(*ours, ok("bobs", "recvonly"));
  ASSERT_TRUE(bob.expect("ACK"));
  EXPECT_EQ(session->hold_state(), HoldState::local);
  send(request("BYE", 4, alice_tag));
}

TEST_F(ModifyScript, Rfc2543HoldBy0000) {
  establish_from_alice();
  send(request("INVITE", 3, alice_tag, {}, sdp_text("0.0.0.0", "sendrecv")));
  ASSERT_TRUE(bob.expect("SIP/2.0 200"));
  send(request("ACK", 3, alice_tag));
  sim.run_for(1s);
  EXPECT_EQ(session->hold_state(), HoldState::remote);
  send(request("BYE", 4, alice_tag));
}

}  // namespace
