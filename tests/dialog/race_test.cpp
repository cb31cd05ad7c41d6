#include "ua_fixture.hpp"

namespace {

using namespace dialog_testing;

class RaceTest : public TwoAgents {};

// RFC 3665 §3.8
TEST_F(RaceTest, CancelWhileRinging) {
  bob.on_call = [](InviteSession& incoming) { EXPECT_TRUE(incoming.progress(status::ringing, false)); };
  session = alice.call("sip:bob@192.0.2.2");
  sim.run_for(3s);
  ASSERT_TRUE(session->hang_up());
  EXPECT_EQ(session->state(), SessionState::ending);
  EXPECT_EQ(session->hang_up().error(), make_error_code(dialog::errc::wrong_state));
  sim.run_for(1s);
  EXPECT_EQ(alice.user.story(), "180, ended");
  EXPECT_EQ(bob.user.story(), "ended");
  EXPECT_EQ(alice.user.cause->layer, Layer::local);
  EXPECT_EQ(bob.user.cause->layer, Layer::sip);
  EXPECT_EQ(bob.user.cause->code, 487);
}

// RFC 3665 §3.9, 3.10
TEST_F(RaceTest, BusyAndDecline) {
  bob.on_call = [](InviteSession& incoming) { EXPECT_TRUE(incoming.reject(status::busy_here)); };
  session = alice.call("sip:bob@192.0.2.2");
  sim.run_for(1s);
  EXPECT_EQ(alice.user.story(), "ended");
  EXPECT_EQ(alice.user.cause->layer, Layer::sip);
  EXPECT_EQ(alice.user.cause->code, 486);
  EXPECT_EQ(alice.user.cause->text, "Busy Here");
  EXPECT_EQ(bob.user.cause->layer, Layer::local);
  EXPECT_EQ(bob.user.cause->code, 486);
}

TEST_F(RaceTest, NobodyTakesTheCall) {
  bob.take = false;
  session = alice.call("sip:bob@192.0.2.2");
  sim.run_for(1s);
  EXPECT_EQ(alice.user.cause->code, 480);
}

// RFC 5407 §3.1.2: the callee has answered when the CANCEL comes.
TEST_F(RaceTest, CancelCrossesThe200) {
  bob.on_call = [](InviteSession& incoming) { EXPECT_TRUE(incoming.progress(status::ringing, false)); };
  session = alice.call("sip:bob@192.0.2.2");
  sim.run_for(1s);
  ASSERT_TRUE(session->hang_up());
  ASSERT_TRUE(bob.incoming->accept(status::ok));
  sim.run_for(1s);
  EXPECT_EQ(alice.user.story(), "180, ended");
  EXPECT_EQ(bob.user.story(), "established, ended");
}

// RFC 5407 §3.2.1-like: both hang up at once.
TEST_F(RaceTest, ByesCross) {
  establish();
  ASSERT_TRUE(session->hang_up());
  ASSERT_TRUE(bob.incoming->hang_up());
  sim.run_for(1s);
  EXPECT_EQ(alice.user.ends, 1);
  EXPECT_EQ(bob.user.ends, 1);
  EXPECT_EQ(alice.user.cause->layer, Layer::local);
  EXPECT_EQ(bob.user.cause->layer, Layer::local);
}

TEST_F(RaceTest, ByeCrossesReinvite) {
  establish();
  ASSERT_TRUE(session->hold(true));
  ASSERT_TRUE(bob.incoming->hang_up());
  sim.run_for(1s);
  EXPECT_EQ(alice.user.ends, 1);
  EXPECT_EQ(bob.user.ends, 1);
}

TEST_F(RaceTest, ByeRightAfterOwnReinvite) {
  establish();
  ASSERT_TRUE(session->hold(true));
  ASSERT_TRUE(session->hang_up());
  sim.run_for(1s);
  EXPECT_EQ(alice.user.ends, 1);
  EXPECT_EQ(bob.user.ends, 1);
}

// REQUIREMENTS 31: 2xx copies until an ACK arrives, whichever is lost.
TEST_F(RaceTest, LostAckIsRepeatedForEachCopy) {
  int acks = 0;
  sim.drop_if([&acks](const sim::WireEvent& event) { return event.bytes.starts_with("ACK") && ++acks < 4; });
  establish();
  EXPECT_EQ(acks, 4);
  EXPECT_EQ(alice.user.story(), "180, established");
  EXPECT_TRUE(session->hang_up());
}

TEST_F(RaceTest, Lost2xxIsRepeated) {
  int oks = 0;
  sim.drop_if([&oks](const sim::WireEvent& event) {
    return event.bytes.starts_with("SIP/2.0 200") && event.bytes.find("INVITE\r\n") != std::string_view::npos &&
           ++oks < 3;
  });
  establish();
  EXPECT_GE(oks, 3);
  EXPECT_EQ(bob.user.story(), "established");
  EXPECT_TRUE(session->hang_up());
}

// RFC 3261 §15: the hang-up is held until the ACK.
TEST_F(RaceTest, CalleeHangsUpBeforeTheAck) {
  bob.on_call = [](InviteSession& incoming) {
    EXPECT_TRUE(incoming.accept(status::ok));
    EXPECT_TRUE(incoming.hang_up());
    EXPECT_EQ(incoming.state(), SessionState::ending);
  };
  std::vector<std::string> order;
  sim.observe([&](const sim::WireEvent& event) {
    if (event.fate == sim::Fate::delivered) order.emplace_back(event.bytes.substr(0, 3));
  });
  session = alice.call("sip:bob@192.0.2.2");
  sim.run_for(1s);
  EXPECT_EQ(order, (std::vector<std::string>{"INV", "SIP", "ACK", "BYE", "SIP"}));
  EXPECT_EQ(alice.user.story(), "established, ended");
  EXPECT_EQ(bob.user.story(), "ended");
}

TEST_F(RaceTest, CancelBeforeAnythingCame) {
  sim.set_link(bob_host, alice_host, {.latency = 2s});
  bob.on_call = [](InviteSession& incoming) { EXPECT_TRUE(incoming.progress(status::ringing, false)); };
  int cancels = 0;
  sim.observe([&](const sim::WireEvent& event) {
    cancels += event.fate == sim::Fate::sent && event.bytes.starts_with("CANCEL") ? 1 : 0;
  });
  session = alice.call("sip:bob@192.0.2.2");
  ASSERT_TRUE(session->hang_up());
  sim.run_for(1s);
  EXPECT_EQ(cancels, 0) << "held until a provisional (§9.1)";
  sim.run_for(10s);
  EXPECT_GE(cancels, 1);
  EXPECT_EQ(alice.user.story(), "ended");
  EXPECT_EQ(bob.user.story(), "ended");
}

TEST_F(RaceTest, NobodyThere) {
  sim.set_link(alice_host, bob_host, {.up = false});
  session = alice.call("sip:bob@192.0.2.2");
  sim.run_for(40s);
  EXPECT_EQ(alice.user.story(), "ended");
  EXPECT_EQ(alice.user.cause->error, make_error_code(transaction::errc::timed_out));
  EXPECT_EQ(alice.user.cause->attempts.size(), 1U);
}

TEST_F(RaceTest, PeerVanishesThenByeIsNotAnswered) {
  establish();
  sim.set_link(alice_host, bob_host, {.up = false});
  ASSERT_TRUE(session->hang_up());
  sim.run_for(40s);
  EXPECT_EQ(alice.user.ends, 1);
  EXPECT_EQ(alice.user.cause->layer, Layer::local);
  sim.set_link(alice_host, bob_host, {});
  ASSERT_TRUE(bob.incoming->hang_up());
}

TEST_F(RaceTest, MediaThatAnswersLater) {
  bob.media.later = true;
  bob.on_call = [](InviteSession& incoming) {
    EXPECT_TRUE(incoming.progress(status::session_progress, true));
    EXPECT_TRUE(incoming.accept(status::ok));
    EXPECT_EQ(incoming.accept(status::ok).error(), make_error_code(dialog::errc::already_answered));
  };
  session = alice.call("sip:bob@192.0.2.2");
  sim.run_for(5s);
  EXPECT_EQ(alice.user.story(), "");
  ASSERT_EQ(bob.media.tickets.size(), 1U);
  bob.media.tickets[0].answer(bob.media.make("sendrecv"));
  sim.run_for(1s);
  EXPECT_EQ(alice.user.story(), "183, established");
  EXPECT_EQ(alice.media.previews, 1);
  EXPECT_TRUE(session->hang_up());
}

TEST_F(RaceTest, CancelWhileTheMediaThinks) {
  bob.media.later = true;
  bob.on_call = [](InviteSession& incoming) { EXPECT_TRUE(incoming.accept(status::ok)); };
  session = alice.call("sip:bob@192.0.2.2");
  sim.run_for(5s);
  ASSERT_TRUE(session->hang_up());
  sim.run_for(1s);
  EXPECT_EQ(bob.user.story(), "ended");
  bob.media.tickets[0].answer(bob.media.make("sendrecv"));
  sim.run_for(1s);
  EXPECT_EQ(alice.user.story(), "ended");
}

TEST_F(RaceTest, MediaThatCannotAnswerIs488) {
  bob.media.refuse_answer = true;
  bob.on_call = [](InviteSession& incoming) { EXPECT_TRUE(incoming.accept(status::ok)); };
  session = alice.call("sip:bob@192.0.2.2");
  sim.run_for(1s);
  EXPECT_EQ(alice.user.cause->code, 488);
  EXPECT_EQ(bob.user.cause->error, make_error_code(dialog::errc::no_media));
}

TEST_F(RaceTest, AnswerThatCannotBeUsedIsAckThenBye) {
  alice.media.usable = false;
  bob.on_call = [](InviteSession& incoming) { EXPECT_TRUE(incoming.accept(status::ok)); };
  session = alice.call("sip:bob@192.0.2.2");
  sim.run_for(1s);
  EXPECT_EQ(alice.user.story(), "ended");
  EXPECT_EQ(alice.user.cause->error, make_error_code(dialog::errc::bad_sdp));
  EXPECT_EQ(bob.user.story(), "established, ended");
}

TEST_F(RaceTest, LateOffer) {
  bob.on_call = [](InviteSession& incoming) { EXPECT_TRUE(incoming.accept(status::ok)); };
  InviteOptions options;
  options.late_offer = true;
  session = alice.call("sip:bob@192.0.2.2", std::move(options));
  sim.run_for(1s);
  EXPECT_EQ(alice.user.story(), "established");
  EXPECT_EQ(bob.user.story(), "established");
  EXPECT_EQ(alice.media.offers, 0);
  EXPECT_EQ(bob.media.offers, 1);
  EXPECT_EQ(session->remote_sdp(), bob.incoming->local_sdp());
  EXPECT_EQ(session->local_sdp(), bob.incoming->remote_sdp());
  EXPECT_TRUE(session->hang_up());
}

// docs/contract.md: 2xx copies are absorbed while the answer for the ACK is made.
TEST_F(RaceTest, LateOfferAnsweredLater) {
  bob.on_call = [](InviteSession& incoming) { EXPECT_TRUE(incoming.accept(status::ok)); };
  alice.media.later = true;
  int acks = 0;
  sim.observe(
      [&](const sim::WireEvent& event) { acks += event.fate == sim::Fate::sent && event.bytes.starts_with("ACK"); });
  InviteOptions options;
  options.late_offer = true;
  session = alice.call("sip:bob@192.0.2.2", std::move(options));
  sim.run_for(10s);
  EXPECT_EQ(acks, 0);
  ASSERT_EQ(alice.media.tickets.size(), 1U);
  alice.media.tickets[0].answer(alice.media.make("sendrecv"));
  EXPECT_EQ(alice.user.story(), "") << "not within the call of the ticket";
  sim.run_for(1s);
  EXPECT_EQ(acks, 1);
  EXPECT_EQ(alice.user.story(), "established");
  EXPECT_EQ(bob.user.story(), "established");
  EXPECT_TRUE(session->hang_up());
}

TEST_F(RaceTest, LateOfferNeverAnswered) {
  bob.on_call = [](InviteSession& incoming) { EXPECT_TRUE(incoming.accept(status::ok)); };
  alice.media.later = true;
  InviteOptions options;
  options.late_offer = true;
  session = alice.call("sip:bob@192.0.2.2", std::move(options));
  sim.run_for(40s);
  EXPECT_EQ(alice.user.story(), "ended");
  EXPECT_EQ(alice.user.cause->error, make_error_code(dialog::errc::no_media));
  EXPECT_EQ(bob.user.ends, 1);
}

TEST_F(RaceTest, HangUpWhileTheLateAnswerIsMade) {
  bob.on_call = [](InviteSession& incoming) { EXPECT_TRUE(incoming.accept(status::ok)); };
  alice.media.later = true;
  InviteOptions options;
  options.late_offer = true;
  session = alice.call("sip:bob@192.0.2.2", std::move(options));
  sim.run_for(1s);
  ASSERT_TRUE(session->hang_up());
  sim.run_for(1s);
  EXPECT_EQ(alice.user.story(), "ended");
  EXPECT_EQ(bob.user.ends, 1);
}

TEST_F(RaceTest, OverIpv6) {
  EXPECT_TRUE(alice.core->transport().listen(transport::Protocol::udp,
                                             transport::Endpoint::parse("[2001:db8::1]:5060").value()));
  EXPECT_TRUE(
      bob.core->transport().listen(transport::Protocol::udp, transport::Endpoint::parse("[2001:db8::2]:5060").value()));
  bob.on_call = [](InviteSession& incoming) { EXPECT_TRUE(incoming.accept(status::ok)); };
  session = alice.call("sip:bob@[2001:db8::2]");
  sim.run_for(1s);
  EXPECT_EQ(alice.user.story(), "established");
  EXPECT_EQ(bob.last_invite.get(header::contact)->uri().host(), "[2001:db8::1]");
  EXPECT_NE(session->local_sdp().find("IN IP6 2001:db8::1"), std::string_view::npos);
  EXPECT_NE(session->remote_sdp().find("IN IP6 2001:db8::2"), std::string_view::npos);
  EXPECT_TRUE(bob.incoming->hang_up());
}

TEST_F(RaceTest, ByName) {
  sim.set_name("pbx.example.com", {bob_host.addresses().front()}, 300ms);
  bob.on_call = [](InviteSession& incoming) { EXPECT_TRUE(incoming.accept(status::ok)); };
  session = alice.call("sip:bob@pbx.example.com:5060");
  sim.run_for(1s);
  EXPECT_EQ(alice.user.story(), "established");
  EXPECT_TRUE(session->hang_up());
}

TEST_F(RaceTest, NameThatIsNone) {
  session = alice.call("sip:bob@nowhere.example.com:5060");
  sim.run_for(10s);
  EXPECT_EQ(alice.user.story(), "ended");
  EXPECT_EQ(alice.user.cause->layer, Layer::dns);
}

TEST_F(RaceTest, HangUpWhileTheNameIsLookedUp) {
  sim.set_name("pbx.example.com", {bob_host.addresses().front()}, 3s);
  session = alice.call("sip:bob@pbx.example.com:5060");
  sim.run_for(1s);
  ASSERT_TRUE(session->hang_up());
  EXPECT_EQ(alice.user.ends, 0);
  sim.run_for(10s);
  EXPECT_EQ(alice.user.story(), "ended");
  EXPECT_EQ(bob.incoming, nullptr);
}

TEST_F(RaceTest, CallToOneself) {
  alice.on_call = [](InviteSession& incoming) { EXPECT_TRUE(incoming.reject(status::busy_here)); };
  TestUser caller;
  auto request = alice.core->make_request({method::invite, Uri::parse("sip:alice@192.0.2.1").value(), alice.me(), {}});
  InviteOptions options;
  options.media = &alice.media;
  ASSERT_TRUE(alice.core->invite(std::move(request), std::move(options), caller));
  sim.run_for(1s);
  EXPECT_EQ(caller.story(), "ended");
  EXPECT_EQ(caller.cause->code, 486);
  EXPECT_EQ(alice.user.story(), "ended");
}

}  // namespace
