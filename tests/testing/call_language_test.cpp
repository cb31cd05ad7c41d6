#include "fake_framework.hpp"

#include <peal/testing/testing.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <asio/io_context.hpp>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>

namespace {

using namespace std::chrono_literals;
using namespace peal;
using fake_framework::FakeFramework;
using testing::ElementsAre;
using testing::HasSubstr;

/// Two phones; what fails goes to a fake, which must have heard nothing at the end.
class CallLanguage : public testing::Test {
 protected:
  void TearDown() override {
    EXPECT_EQ(framework.failures.size(), 0U) << (framework.failures.empty() ? "" : framework.failures[0].text);
  }
  FakeFramework framework;
  sim::Simulator sim{3};
  sim::Phone alice{sim, "alice.test", {"192.0.2.1"}};
  sim::Phone bob{sim, "bob.test", {"192.0.2.2", "2001:db8::2"}};
};

//  alice              bob
//   |----- INVITE ---->|
//   |<----- 180 -------|
//   |<----- 200 -------|  2 s
//   |------ ACK ------>|
//   |<----- BYE -------|
TEST_F(CallLanguage, ReadsAsTheCallGoes) {
  bob.answers_after(2s);
  auto call = alice.calls(bob);
  expect(bob).to_be_called().within(100ms);
  expect(call).to_be_ringing().within(100ms);
  expect(bob.call()).to_be_ringing();
  expect(call).to_be_established().not_before(1900ms).within(2100ms);
  expect(call).not_to_end().within(5s);
  bob.hang_up();
  expect(alice).to_receive("BYE").from(bob.host());
  expect(call).to_end_normally();
  expect(bob.call()).to_end();
  expect(alice).to_be_idle();
  expect(bob).to_be_idle();
  EXPECT_THAT(alice.story(), ElementsAre("180", "established", "ended"));
  EXPECT_THAT(bob.story(), ElementsAre("incoming", "established", "ended"));
  EXPECT_EQ(call.story(), alice.story());
  EXPECT_EQ(sim.failures(), 0U);
}

TEST_F(CallLanguage, CallsOutliveTheirPhoneAndItsIntentions) {
  auto carol = std::make_unique<sim::Phone>(sim, "carol.test", std::initializer_list<std::string_view>{"192.0.2.3"});
  carol->answers_after(2s);
  auto call = alice.calls(*carol);
  expect(call).to_be_ringing();
  auto at_carol = carol->call();
  auto placed = carol->calls(bob);
  expect(placed).to_be_established();
  carol.reset();  // in two seconds it would have answered
  expect(call).not_to_be_established().within(3s);
  EXPECT_FALSE(at_carol.ended());
  EXPECT_EQ(at_carol.story(), std::vector<std::string>{"incoming"});
  expect(at_carol).not_to_end().within(1s);
  at_carol.hang_up();
  EXPECT_THAT(framework.take(), HasSubstr("could not hang up"));
  EXPECT_THROW(expect(placed.handle()), std::invalid_argument);
  call.hang_up();
  expect(call).to_end().within(64s);
  bob.hang_up();
  expect(bob).to_be_idle().within(64s);
}

TEST_F(CallLanguage, PhonesRejectRingForEverAndStayMute) {
  bob.rejects(603);
  auto call = alice.calls("sip:bob@bob.test");
  expect(call).to_end_with(603).within(1s);
  expect(bob.call()).to_end_with(603);
  bob.rejects_after(3s);
  call = alice.calls(bob);
  expect(call).to_be_ringing();
  expect(call).to_end_with(486).not_before(2900ms);
  bob.never_answers();
  call = alice.calls(bob);
  expect(call).to_be_ringing();
  expect(call).not_to_be_established().within(60s);
  alice.hang_up();
  expect(bob.call()).to_end();
  expect(call).to_end();
  bob.ignores();
  call = alice.calls(bob);
  expect(alice).to_receive("100");
  expect(alice).not_to_receive("18x").within(30s);
  bob.call().reject(404);
  expect(call).to_end_with(404);
  EXPECT_EQ(bob.history().size(), 4U);
}

TEST_F(CallLanguage, TheTestMayAnswerHoldAndResumeItself) {
  bob.never_answers();
  auto call = alice.calls(bob);
  expect(bob).to_be_called();
  bob.call().answer();
  expect(call).to_be_established();
  call.hold();
  expect(call).to_be_on_hold();
  expect(bob.call()).to_be_on_hold();
  call.resume();
  sim::Eventually(sim, "bob to hear again", [&] { return !bob.call().on_hold(); });
  call.hang_up();
  expect(bob.call()).to_end_normally();
}

TEST_F(CallLanguage, ACallThatCannotBePlacedHasEndedWithItsCause) {
  auto call = alice.calls("sip:no spaces@x");
  expect(call).to_end();
  EXPECT_FALSE(call.handle());
  EXPECT_EQ(call.cause()->layer, Layer::local);
  sim.host("empty.test", {"192.0.2.3"});
  call = alice.calls("sip:nobody@empty.test");
  expect(call).to_end_with(Layer::transport).within(1s);
}

TEST_F(CallLanguage, HandlesOfAnyUserAgentCanBeAsked) {
  UserAgent& ua = alice.ua();
  auto call = ua.invite("sip:bob@bob.test");
  ASSERT_TRUE(call);
  expect(*call).to_be_established().within(1s);
  expect(ua).to_send("ACK");
  expect(*call).not_to_end().within(1s);
  ASSERT_TRUE(call->hang_up());
  expect(*call).to_end();
  expect(ua).to_be_idle().within(40s);
}

TEST_F(CallLanguage, OnlyWhatIsOnTheSimulatorCanBeAsked) {
  asio::io_context context;
  Config config;
  config.listen = {"udp:127.0.0.1:0"};
  UserAgent real(context, config);
  EXPECT_THROW((void)expect(real), std::invalid_argument);
  EXPECT_THROW((void)expect(Call()), std::invalid_argument);
}

// ---- how it fails

TEST_F(CallLanguage, ACallThatEndsCannotBeEstablishedAnyMore) {
  bob.rejects(486);
  auto call = alice.calls(bob);
  expect(call).to_be_established();
  EXPECT_LT(sim.elapsed(), 1s) << "it does not wait for what cannot come";
  const auto text = framework.take();
  EXPECT_THAT(text,
              HasSubstr("expected  alice.test's call to be established, by 32.000 s\nbut       it was not so at 0."));
  EXPECT_THAT(text, HasSubstr("it had: ended; it ended: 486 Busy Here\n"));
  EXPECT_THAT(text, testing::ContainsRegex("alice.test +bob.test"));
  EXPECT_THAT(text, HasSubstr(" 486 Busy Here "));
}

TEST_F(CallLanguage, AnotherCodeIsShown) {
  bob.rejects(486);
  auto call = alice.calls(bob);
  expect(call).to_end_with(603);
  EXPECT_THAT(framework.take(), HasSubstr("it ended: 486 Busy Here"));
  expect(call).to_end_normally();
  EXPECT_THAT(framework.take(), HasSubstr("to end normally"));
  expect(call).to_end_with(Layer::transport);
  EXPECT_THAT(framework.take(), HasSubstr("to end by the transport"));
}

TEST_F(CallLanguage, TooEarlyAnEndIsFound) {
  auto call = alice.calls(bob);
  expect(call).to_be_established();
  sim.after(3s, [&] { bob.hang_up(); });
  expect(call).not_to_end().within(5s);
  EXPECT_THAT(framework.take(), HasSubstr("expected  alice.test's call not to end, by 5.0"));
  expect(call).to_be_ringing();
  EXPECT_THAT(framework.take(), HasSubstr("it had: established, ended; it ended: normal"));
}

TEST_F(CallLanguage, WhatIsLeftIsNamed) {
  auto call = alice.calls(bob);
  expect(call).to_be_established();
  expect(alice).to_be_idle().within(50s);
  const auto text = framework.take();
  EXPECT_THAT(text, HasSubstr("expected  alice.test to be idle, by 50."));
  EXPECT_THAT(text, HasSubstr("left: calls 1, sessions 1, dialogs 1, a call without a last event\n"));
  EXPECT_EQ(sim::what_is_left(bob.ua()), "calls 1, sessions 1, dialogs 1");
}

TEST_F(CallLanguage, WhatTheStackRefusesFailsTheTestAtThatLine) {
  alice.hang_up();
  EXPECT_THAT(framework.take(), HasSubstr("alice.test has no call to hang up"));
  (void)alice.call();
  EXPECT_THAT(framework.take(), HasSubstr("alice.test has had no call"));
  bob.never_answers();
  auto call = alice.calls(bob);
  expect(call).to_be_ringing();
  call.hold();
  const int line = __LINE__ - 1;
  ASSERT_EQ(framework.failures.size(), 1U);
  EXPECT_EQ(framework.failures[0].line, line);
  EXPECT_THAT(framework.take(), HasSubstr("alice.test's call could not hold: "));
  expect(bob).to_be_called();
  expect(bob).to_be_called().within(1s);
  EXPECT_THAT(framework.take(), HasSubstr("expected  bob.test to be called, by "));
}

TEST_F(CallLanguage, AnEventAfterTheLastFailsTheTest) {
  auto call = alice.calls(bob);
  expect(call).to_be_established();
  call.hang_up();
  expect(call).to_end();
  auto handle = call.handle();
  alice.handler().on_ended(handle, Ended{});  // as a broken stack would
  EXPECT_THAT(framework.take(), HasSubstr("alice.test's call had \"ended\" after its last event"));
}

}  // namespace
