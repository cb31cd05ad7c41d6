#include "sim_pair.hpp"

using namespace sim_pair;
using peal::sim::Eventually;
using testing::ElementsAre;

//  alice              bob
//   |----- INVITE ---->|
//   |<----- 180 -------|
//   |<----- 200 -------|
//   |------ ACK ------>|
//   |-- INVITE (hold)->|   sendonly
//   |<----- 200 -------|
//   |------ ACK ------>|
//   |- INVITE (resume)>|
//   |<----- 200 -------|
//   |------ ACK ------>|
//   |------ BYE ------>|
TEST(Calls, RingAnswerHoldResumeHangUp) {
  Phones phones;
  phones.bob.answers_after(0s);
  auto call = phones.alice.calls("sip:bob@192.0.2.2");
  expect(call).to_be_ringing();
  expect(call).to_be_established();
  call.hold();
  expect(call).to_be_on_hold();
  EXPECT_EQ(call.handle().hold_state().value(), peal::HoldState::local);
  expect(phones.bob).to_receive("ACK");
  expect(phones.bob).to_receive("INVITE").with_body("a=sendonly");
  expect(phones.bob.call()).to_be_on_hold();
  EXPECT_EQ(phones.bob.call().handle().hold_state().value(), peal::HoldState::remote);
  call.resume();
  expect(phones.bob).to_receive("INVITE").with_body("a=sendrecv");
  expect(phones.bob).to_receive("ACK");
  phones.sim.run_for(1s);
  EXPECT_EQ(call.handle().hold_state().value(), peal::HoldState::none);
  call.hang_up();
  expect(call).to_end_normally();
  phones.expect_idle();
  EXPECT_THAT(phones.alice.story(), ElementsAre("180", "established", "we:local", "we:none", "ended"));
  EXPECT_THAT(phones.bob.story(), ElementsAre("incoming", "established", "peer:remote", "peer:none", "ended"));
  EXPECT_EQ(call.handle().state().error(), make_error_code(peal::errc::ended));
}

TEST(Calls, CalleeHangsUp) {
  Phones phones;
  auto call = phones.alice.calls("sip:bob@192.0.2.2");
  expect(call).to_be_established();
  expect(phones.bob.call()).to_be_established();
  phones.bob.hang_up();
  expect(call).to_end_normally();
  phones.expect_idle();
  EXPECT_THAT(phones.alice.story(), ElementsAre("established", "ended"));
  EXPECT_THAT(phones.bob.story(), ElementsAre("incoming", "established", "ended"));
}

TEST(Calls, CallerGivesUpWhileItRings) {
  Phones phones;
  phones.bob.never_answers();
  auto call = phones.alice.calls("sip:bob@192.0.2.2");
  expect(call).to_be_ringing();
  call.hang_up();
  expect(phones.bob).to_receive("CANCEL");
  expect(phones.bob).to_send("487 to INVITE");
  expect(call).to_end();
  expect(phones.bob.call()).to_end();
  phones.expect_idle();
  EXPECT_THAT(phones.alice.story(), ElementsAre("180", "ended"));
  EXPECT_THAT(phones.bob.story(), ElementsAre("incoming", "ended"));
}

TEST(Calls, ACallThatIsOverCannotBeAnswered) {
  Pair pair;
  pair.at_bob.answer_at_once = false;
  auto call = pair.alice->invite("sip:bob@192.0.2.2");
  ASSERT_TRUE(call);
  pair.sim.run_for(1s);
  EXPECT_TRUE(call->hang_up());
  pair.sim.run_for(1s);
  EXPECT_EQ(pair.at_bob.offered.at(0).answer().error(), make_error_code(peal::errc::ended));
}

TEST(Calls, BusyHereReachesTheCallerWithItsCode) {
  Phones phones;
  phones.bob.rejects(486);
  auto call = phones.alice.calls("sip:bob@192.0.2.2");
  expect(call).to_end_with(486).within(1s);
  EXPECT_EQ(call.cause()->layer, peal::Layer::sip);
  EXPECT_THAT(call.story(), ElementsAre("ended"));
}

TEST(Calls, NobodyThereEndsWithTheReasonAtOnce) {
  Phones phones;
  phones.sim.host("empty.test", {"192.0.2.3"});
  auto call = phones.alice.calls("sip:bob@192.0.2.3");
  expect(call).to_end_with(peal::Layer::transport).within(1s);  // ICMP port unreachable, not 32 s of silence
}

TEST(Calls, ANameWithAddressesOfAFamilyWithoutListeningPointIsCalledByTheOthers) {
  Pair pair;
  auto& dual = pair.sim.host("dual.test", {"2001:db8::9", "192.0.2.9"});
  peal::UserAgent carol(dual.runtime(), listening_on("udp:192.0.2.9:5060"));
  Recorder at_carol;
  ASSERT_TRUE(carol.set_handler(&at_carol));
  ASSERT_TRUE(pair.alice->invite("sip:carol@dual.test"));
  pair.sim.run_for(1s);
  EXPECT_THAT(at_carol.log, ElementsAre("incoming", "established"));
  ASSERT_TRUE(pair.alice->invite("sip:carol@[2001:db8::9]"));
  pair.sim.run_for(1s);
  ASSERT_EQ(pair.at_alice.ends.size(), 1U);
  EXPECT_EQ(pair.at_alice.ends[0].error, make_error_code(peal::transport::errc::no_listen_point));
}

TEST(Calls, ParametersOfABareUriAreTheUrisOwn) {
  Pair pair;
  pair.at_bob.answer_at_once = false;
  ASSERT_TRUE(pair.alice->invite("sip:bob@192.0.2.2;user=phone;transport=udp"));
  pair.sim.run_for(1s);
  ASSERT_EQ(pair.at_bob.offered.size(), 1U);
  const auto invite = pair.at_bob.offered[0].request();
  ASSERT_TRUE(invite);
  EXPECT_EQ(invite->uri().text(), "sip:bob@192.0.2.2;user=phone;transport=udp");
  EXPECT_EQ(invite->to().text(), "<sip:bob@192.0.2.2;user=phone>");
  ASSERT_TRUE(pair.alice->invite("sip:bob@192.0.2.2;transport=tcp"));
  pair.sim.run_for(1s);
  ASSERT_EQ(pair.at_alice.ends.size(), 1U);
  EXPECT_EQ(pair.at_alice.ends[0].error, make_error_code(peal::transport::errc::unsupported_protocol));
}

TEST(Calls, ListeningNamesOnlyWhatIsOpen) {
  Pair pair;
  ASSERT_TRUE(pair.alice->listen("udp:192.0.2.1:5070"));
  pair.alice->core().transport().stop_listening(0);
  EXPECT_THAT(pair.alice->listening(), ElementsAre("udp:192.0.2.1:5070"));
}

TEST(Calls, SilenceEndsAfter64T1) {
  Phones phones;
  phones.sim.host("empty.test", {"192.0.2.3"}).answer_unreachable(false);
  auto call = phones.alice.calls("sip:bob@192.0.2.3");
  expect(phones.alice).to_send("INVITE").times(7).within(31900ms);
  expect(call).not_to_end();
  expect(call).to_end().within(200ms);
  EXPECT_THAT(call.story(), ElementsAre("ended"));
}

TEST(Calls, NameIsResolvedAndNeverBlocks) {
  Phones phones;
  expect(phones.alice.calls("sip:bob@bob.test")).to_be_established().within(1s);
  phones.sim.fail_name("nowhere.test", make_error_code(peal::transport::errc::unresolvable));
  expect(phones.alice.calls("sip:bob@nowhere.test")).to_end().within(1s);
}

TEST(Calls, LateOfferIsAnsweredInTheAck) {
  Pair pair;
  peal::InviteOptions options;
  options.late_offer = true;
  auto call = pair.alice->invite("sip:bob@192.0.2.2", options);
  ASSERT_TRUE(call);
  pair.sim.run_for(1s);
  EXPECT_THAT(pair.at_alice.log, ElementsAre("established"));
  EXPECT_THAT(pair.at_bob.log, ElementsAre("incoming", "established"));
}

TEST(Calls, HeaderInjectionIsRefusedAndNothingIsSent) {
  Pair pair;
  peal::InviteOptions options;
  options.headers = {{"Subject", "hi\r\nX-Evil: 1"}};
  auto call = pair.alice->invite("sip:bob@192.0.2.2", options);
  ASSERT_FALSE(call);
  EXPECT_EQ(call.error(), make_error_code(peal::errc::forbidden_byte));
  EXPECT_FALSE(pair.alice->invite("sip:bob@\r\nX: y"));
  pair.sim.run_for(1s);
  EXPECT_EQ(pair.sim.count(peal::sim::Fate::sent), 0U);
}

TEST(Calls, AReasonWithALineBreakIsRefusedAndTheCallStillRings) {
  Pair pair;
  pair.at_bob.answer_at_once = false;
  ASSERT_TRUE(pair.alice->invite("sip:bob@192.0.2.2"));
  pair.sim.run_for(1s);
  ASSERT_EQ(pair.at_bob.offered.size(), 1U);
  auto& call = pair.at_bob.offered[0];
  EXPECT_EQ(call.reject(peal::status::busy_here, "no\r\nX-Evil: 1").error(), make_error_code(peal::errc::forbidden_byte));
  EXPECT_TRUE(call.reject(peal::status::busy_here, "At lunch"));
  pair.sim.run_for(1s);
  ASSERT_EQ(pair.at_alice.ends.size(), 1U);
  EXPECT_EQ(pair.at_alice.ends[0].text, "At lunch");
}

TEST(Calls, HeadersThatTheStackWritesAreRefused) {
  Pair pair;
  for (const char* name : {"Via", "v", "CSeq", "From", "Call-ID", "Route", "Max-Forwards", "l"}) {
    peal::InviteOptions options;
    options.headers = {{name, "1"}};
    EXPECT_EQ(pair.alice->invite("sip:bob@192.0.2.2", options).error(), make_error_code(peal::errc::protected_header)) << name;
  }
}

TEST(Calls, AUriMayAskForHarmlessHeaders) {  // RFC 3261 §19.1.5
  Pair pair;
  pair.at_bob.answer_at_once = false;
  ASSERT_TRUE(pair.alice->invite("sip:bob@192.0.2.2?Subject=project%20x&Priority=urgent"));
  pair.sim.run_for(1s);
  ASSERT_EQ(pair.at_bob.offered.size(), 1U);
  const auto invite = pair.at_bob.offered[0].request();
  ASSERT_TRUE(invite);
  EXPECT_EQ(invite->raw(peal::header::subject), "project x");
  EXPECT_EQ(invite->raw("Priority"), "urgent");
  EXPECT_TRUE(invite->uri().headers().empty());
  for (const char* bad : {"?From=%3csip:x%3e", "?body=hi", "?Content-Type=text/plain", "?Route=%3csip:x%3e", "?Via=1"})
    EXPECT_EQ(pair.alice->invite(std::string("sip:bob@192.0.2.2") + bad).error(), make_error_code(peal::errc::unsupported)) << bad;
  EXPECT_FALSE(pair.alice->invite("sip:bob@192.0.2.2?Subject=a%0d%0aX:%20b"));
}

TEST(Calls, WithoutAHandlerIncomingCallsGet480) {
  Pair pair;
  ASSERT_TRUE(pair.bob->set_handler(nullptr));
  ASSERT_TRUE(pair.alice->invite("sip:bob@192.0.2.2"));
  pair.sim.run_for(1s);
  ASSERT_EQ(pair.at_alice.ends.size(), 1U);
  EXPECT_EQ(pair.at_alice.ends[0].code, 480);
}

TEST(Calls, StrangersGet404WhenTheConfigurationSaysSo) {
  Pair pair;
  auto config = listening_on("udp:192.0.2.2:5070");
  config.accept_strangers = false;
  peal::UserAgent strict(pair.bob_host.runtime(), config);
  Recorder at_strict;
  ASSERT_TRUE(strict.set_handler(&at_strict));
  peal::AccountConfig account;
  account.aor = "sip:carol@example.com";
  ASSERT_TRUE(strict.add_account(account));
  ASSERT_TRUE(pair.alice->invite("sip:dave@192.0.2.2:5070"));
  ASSERT_TRUE(pair.alice->invite("sip:carol@192.0.2.2:5070"));
  pair.sim.run_for(1s);
  EXPECT_THAT(at_strict.log, ElementsAre("incoming", "established"));
  ASSERT_EQ(pair.at_alice.ends.size(), 1U);
  EXPECT_EQ(pair.at_alice.ends[0].code, 404);
}

TEST(Calls, TheUserAgentMayBeDestroyedInsideAnyHandler) {
  struct Killer : Recorder {
    std::unique_ptr<peal::UserAgent>* victim = nullptr;
    std::string when;
    void kill(const char* now) {
      if (when == now) victim->reset();
    }
    void on_incoming_call(peal::IncomingCall& call) override {
      (void)call.ring();
      (void)call.answer();
      kill("incoming");
    }
    void on_progress(peal::Call&, const peal::Progress&) override { kill("progress"); }
    void on_established(peal::Call& call, const peal::Established&) override {
      kill("established");
      if (when == "ended") (void)call.hang_up();
    }
    void on_ended(peal::Call&, const peal::Ended&) override { kill("ended"); }
  };
  for (const char* when : {"incoming", "progress", "established", "ended"}) {
    for (const bool caller : {true, false}) {
      Pair pair;
      Killer killer;
      killer.victim = caller ? &pair.alice : &pair.bob;
      killer.when = when;
      ASSERT_TRUE((*killer.victim)->set_handler(&killer));
      pair.at_bob.ring = true;
      auto call = pair.alice->invite("sip:bob@192.0.2.2");
      ASSERT_TRUE(call);
      pair.sim.run_for(2min);
      const bool can_happen = caller ? std::string(when) != "incoming" : std::string(when) != "progress";
      EXPECT_EQ(*killer.victim == nullptr, can_happen) << when;
      if (caller && can_happen) {
        EXPECT_EQ(call->hang_up().error(), make_error_code(peal::errc::ended));
      }
    }
  }
}

TEST(Calls, ARecycledSlotNeverAnswersForAnOldHandle) {
  Pair pair;
  std::vector<peal::Call> old;
  for (int i = 0; i < 1000; ++i) {
    auto call = pair.alice->invite("sip:bob@192.0.2.2");
    ASSERT_TRUE(call);
    pair.sim.run_for(100ms);
    ASSERT_TRUE(call->hang_up());
    pair.sim.run_for(100ms);
    old.push_back(*call);
  }
  auto live = pair.alice->invite("sip:bob@192.0.2.2");
  ASSERT_TRUE(live);
  pair.sim.run_for(100ms);
  for (auto& call : old) {
    EXPECT_EQ(call.hang_up().error(), make_error_code(peal::errc::ended));
    EXPECT_NE(call.id(), live->id());
  }
  EXPECT_TRUE(live->state());
}

TEST(Calls, ShutdownHangsUpAndUnregistersByTheDeadline) {
  Phones phones;
  auto call = phones.alice.calls("sip:bob@192.0.2.2");
  expect(call).to_be_established();
  peal::Result<void> outcome = peal::fail(peal::errc::no_result);
  phones.alice.ua().shutdown(2s, [&](peal::Result<void> result) { outcome = result; });
  Eventually(phones.sim, "the shutdown to be done", [&] { return outcome.has_value(); }).within(500ms);
  expect(phones.bob).to_receive("BYE");
  EXPECT_THAT(phones.bob.story(), ElementsAre("incoming", "established", "ended"));
}

TEST(Calls, ShutdownIsOverByTheDeadlineThoughNobodyAnswers) {
  Pair pair;
  auto call = pair.alice->invite("sip:bob@192.0.2.2");
  ASSERT_TRUE(call);
  pair.sim.run_for(1s);
  pair.bob_host.set_up(false);
  pair.bob_host.answer_unreachable(false);
  bool done = false;
  pair.alice->shutdown(2s, [&](peal::Result<void> result) {
    done = true;
    EXPECT_FALSE(result);
  });
  pair.sim.run_for(1900ms);
  EXPECT_FALSE(done);
  pair.sim.run_for(200ms);
  EXPECT_TRUE(done);
  EXPECT_THAT(pair.at_alice.log, ElementsAre("established", "ended"));  // told, though the peer never answered
  EXPECT_EQ(pair.at_alice.ends.at(0).layer, peal::Layer::timer);
  pair.sim.run_for(40s);
  expect_nothing_left(*pair.alice);
}

TEST(Calls, ShutdownAtTheDeadlineTellsOfARegistrationThatNobodyAnswers) {
  Pair pair;
  pair.bob_host.set_up(false);
  peal::AccountConfig config;
  config.aor = "sip:alice@192.0.2.2";
  ASSERT_TRUE(pair.alice->add_account(config)->start());
  bool done = false;
  pair.alice->shutdown(2s, [&](peal::Result<void> result) {
    done = true;
    EXPECT_FALSE(result);
  });
  pair.sim.run_for(2100ms);
  EXPECT_TRUE(done);
  EXPECT_THAT(pair.at_alice.log, ElementsAre("failed"));
}

TEST(Calls, OverIPv6FromTheSecondOfTwoAccounts) {
  peal::sim::Simulator sim;
  auto& a = sim.host("a6.test", {"2001:db8::1"});
  auto& b = sim.host("b6.test", {"2001:db8::2"});
  peal::UserAgent alice(a.runtime(), listening_on("udp:[2001:db8::1]:5060"));
  peal::UserAgent bob(b.runtime(), listening_on("udp:[2001:db8::2]:5060"));
  Recorder at_alice;
  Recorder at_bob;
  ASSERT_TRUE(alice.set_handler(&at_alice));
  ASSERT_TRUE(bob.set_handler(&at_bob));
  peal::InviteOptions options;
  for (const char* aor : {"sip:work@example.com", "sip:home@example.com"}) {
    peal::AccountConfig config;
    config.aor = aor;
    auto account = alice.add_account(config);
    ASSERT_TRUE(account);
    options.account = *account;
  }
  at_bob.answer_at_once = false;
  auto call = alice.invite("sip:bob@[2001:db8::2]", options);
  ASSERT_TRUE(call);
  sim.run_for(1s);
  ASSERT_EQ(at_bob.offered.size(), 1U);
  const auto invite = at_bob.offered[0].request();
  ASSERT_TRUE(invite);
  EXPECT_EQ(invite->from().uri().user(), "home");
  EXPECT_EQ(invite->top_via().host(), "[2001:db8::1]");  // one family a message
  EXPECT_EQ(invite->get(peal::header::contact)->uri().host(), "[2001:db8::1]");
  EXPECT_NE(invite->body().find("IN IP6 2001:db8::1"), std::string_view::npos);
  ASSERT_TRUE(at_bob.offered[0].answer());
  sim.run_for(1s);
  EXPECT_TRUE(call->hold());
  sim.run_for(1s);
  EXPECT_TRUE(call->hang_up());
  sim.run_for(1s);
  EXPECT_THAT(at_alice.log, ElementsAre("established", "we:local", "ended"));
  EXPECT_THAT(at_bob.log, ElementsAre("incoming", "established", "peer:remote", "ended"));
}
