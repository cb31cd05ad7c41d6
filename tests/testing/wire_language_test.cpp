#include "fake_framework.hpp"

#include <peal/testing/expect.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>

namespace {

using namespace std::chrono_literals;
using namespace peal;
using fake_framework::FakeFramework;
using testing::HasSubstr;
using testing::Not;

/// alice and bob, both scripts, 10 ms apart.
class WireLanguage : public testing::Test {
 protected:
  WireLanguage() { sim.set_default_link({.latency = 10ms}); }

  std::string request(std::string method, int cseq = 1, std::vector<std::string> lines = {},
                      std::string body = {}) const {
    sim::Ask ask;
    ask.method = std::move(method);
    ask.uri = "sip:bob@192.0.2.2";
    ask.via = "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK" + std::to_string(cseq);
    ask.from = "<sip:alice@192.0.2.1>;tag=a";
    ask.to = "<sip:bob@192.0.2.2>";
    ask.call_id = "call-1";
    ask.cseq = static_cast<unsigned>(cseq);
    ask.lines = std::move(lines);
    ask.body = std::move(body);
    return sim::request_text(ask);
  }
  void send(std::string method, int cseq = 1) { alice.send(request(std::move(method), cseq), bob.endpoint()); }
  void send_after(sim::Duration delay, const std::string& method) {
    sim.after(delay, [this, method] { send(method); });
  }
  FakeFramework framework;
  sim::Simulator sim{42};
  sim::Host& alice_host = sim.host("alice", {"192.0.2.1"});
  sim::Host& bob_host = sim.host("bob", {"192.0.2.2"});
  sim::RawPeer alice{sim, alice_host};
  sim::RawPeer bob{sim, bob_host};
};

TEST_F(WireLanguage, ALineRunsTheSimulatorUntilItHoldsAndNoFurther) {
  send_after(2s, "INVITE");
  expect(bob_host).to_receive("INVITE");
  EXPECT_EQ(sim.elapsed(), 2010ms);
  EXPECT_EQ(sim.failures(), 0U);
}

TEST_F(WireLanguage, AStartLineThatIsBrokenInTwoIsJustAnotherOne) {
  alice.send("SIP/\n2.0 200 OK\r\n\r\n", bob.endpoint());
  alice.send("SIP/\r 200\r\n\r\n", bob.endpoint());
  send_after(1s, "INVITE");
  expect(bob_host).to_receive("INVITE");
  EXPECT_EQ(sim.failures(), 0U);
  expect(bob_host).to_receive("200 OK").within(0s);
  EXPECT_THAT(framework.take(), Not(HasSubstr("thrown")));
}

TEST_F(WireLanguage, LinesReadTopToBottomAndEachGoesOnBehindTheLast) {
  for (const auto* method : {"INVITE", "OPTIONS", "INVITE", "BYE"}) send(method);
  sim.run_for(1s);
  expect(bob_host).to_receive("INVITE");
  expect(bob_host).to_receive("INVITE");
  expect(bob_host).to_receive("BYE");
  expect(alice_host).to_send("OPTIONS").to(bob_host);
  EXPECT_EQ(sim.elapsed(), 1s);
  EXPECT_EQ(framework.failures.size(), 0U);
  expect(bob_host).to_receive("OPTIONS").within(100ms);
  EXPECT_THAT(framework.take(), HasSubstr("OPTIONS sip:bob@192.0.2.2: but an earlier line has gone past it"));
  EXPECT_EQ(sim.elapsed(), 1100ms);
}

TEST_F(WireLanguage, GivesTheMessageThatMatched) {
  send("INVITE");
  const auto invite = expect(bob).to_receive("INVITE").message();
  EXPECT_EQ(invite.text, request("INVITE"));
  EXPECT_EQ(invite.from, alice.endpoint());
  bob.answer(invite, {.code = 180, .to_tag = "b"});
  bob.answer(invite, {.code = 200, .to_tag = "b"});
  EXPECT_TRUE(expect(alice).to_receive("18x"));
  EXPECT_TRUE(expect(alice).to_receive("200 to INVITE").from(bob));
  EXPECT_EQ(expect(bob).to_send("2xx").message().from, bob.endpoint());
  EXPECT_EQ(framework.failures.size(), 0U);
  EXPECT_FALSE(expect(alice).to_receive("200 to BYE").within(1s));
  EXPECT_EQ(framework.failures.size(), 1U);
}

TEST_F(WireLanguage, StartLinesFitByMethodStatusClassOrBeginning) {
  send("INVITE");
  const auto invite = expect(bob).to_receive("INVITE sip:bob@").message();
  bob.answer(invite, {.code = 486, .reason = "Busy Here"});
  for (const auto* start : {"486", "4xx", "48x", "486 Busy", "4xx to INVITE", ""}) {
    const sim::Participant another(alice_host, {5060}, start);
    EXPECT_TRUE(sim::WireSubject(another, sim::SourceLine::here()).not_to_receive("2xx"));
  }
  expect(alice).to_receive("486 Busy Here");
  EXPECT_EQ(framework.failures.size(), 0U);
  send("INVITEX");
  EXPECT_FALSE(expect(bob).to_receive("INVITE").within(1s));
}

TEST_F(WireLanguage, HeadersAndBodiesFitByPattern) {
  const std::vector<std::string> lines = {"m: <sip:alice@192.0.2.1:5060>", "Supported: timer, 100rel"};
  for (int i = 0; i < 2; ++i)
    alice.send(request("INVITE", 1, lines, "v=0\r\nm=audio 4000 RTP/AVP 0\r\n"), bob.endpoint());
  expect(bob)
      .to_receive("INVITE")
      .with("Contact", "<sip:alice@*:5060>")
      .with("supported", "*100rel*")
      .with("CSeq")
      .without("Require")
      .with_body("m=audio 4000 *AVP");
  EXPECT_EQ(framework.failures.size(), 0U);
  expect(bob).to_receive("INVITE").with("Contact", "<sip:alice>").within(1s);
  const auto text = framework.take();
  EXPECT_THAT(text, HasSubstr("expected  bob to receive INVITE, with Contact \"<sip:alice>\", by 1.010 s\n"));
  EXPECT_THAT(text, HasSubstr("INVITE sip:bob@192.0.2.2: its Contact is \"<sip:alice@192.0.2.1:5060>\"\n"));
  expect(bob).to_receive("INVITE").without_body().within(1s);
  EXPECT_THAT(framework.take(), HasSubstr("it has a body"));
  expect(bob).to_receive("INVITE").with("Subject").within(1s);
  EXPECT_THAT(framework.take(), HasSubstr("it has no Subject"));
  expect(bob).to_receive("INVITE").with_body("m=video").within(1s);
  EXPECT_THAT(framework.take(), HasSubstr("its body is \"v=0"));
}

TEST_F(WireLanguage, NotToReceiveWaitsForTheWholeTime) {
  send("INVITE");
  expect(bob).to_receive("INVITE");
  expect(bob).not_to_receive("BYE").within(5s);
  EXPECT_EQ(sim.elapsed(), 5010ms);
  expect(bob).not_to_receive().within(1s);
  expect(bob).not_to_send();
  EXPECT_EQ(framework.failures.size(), 0U);
}

TEST_F(WireLanguage, TimesIsExactlyAndAtLeastStopsAtTheLast) {
  for (const auto delay : {0ms, 500ms, 1500ms, 3500ms}) send_after(delay, "INVITE");
  EXPECT_EQ(expect(bob).to_receive("INVITE").at_least(2).messages().size(), 2U);
  EXPECT_EQ(sim.elapsed(), 510ms);
  expect(bob).to_receive("INVITE").times(1).within(2s);
  EXPECT_EQ(sim.elapsed(), 2510ms);
  expect(bob).to_receive("INVITE").not_before(1s).within(1010ms);
  EXPECT_EQ(framework.failures.size(), 0U);
}

TEST_F(WireLanguage, BehindANatTheOtherEndIsTheNatOrTheHost) {
  auto& home = sim.nat("home", {"203.0.113.1"});
  sim::RawPeer carol(sim, sim.host("carol", {"192.168.0.2"}, home));
  for (int i = 0; i < 2; ++i) carol.send(request("OPTIONS"), bob.endpoint());
  const auto options = expect(bob).to_receive("OPTIONS").from(home).message();
  EXPECT_EQ(options.from.address, home.addresses().at(0));
  expect(bob).to_receive("OPTIONS").from(carol);
  expect(carol).to_send("OPTIONS").to(bob);
  EXPECT_EQ(framework.failures.size(), 0U);
  EXPECT_FALSE(expect(carol).to_send("OPTIONS").to(alice).within(1s));
}

// ---- how it fails

TEST_F(WireLanguage, AWrongMessageIsShownWithSeedTimeLineAndLadder) {
  send("OPTIONS");
  expect(bob).to_receive("INVITE").from(alice).within(1s);
  const int line = __LINE__ - 1;
  ASSERT_EQ(framework.failures.size(), 1U);
  EXPECT_EQ(framework.failures[0].line, line);
  EXPECT_THAT(framework.failures[0].file, HasSubstr("wire_language_test.cpp"));
  const auto text = framework.take();
  EXPECT_THAT(text,
              HasSubstr("expected  bob to receive INVITE from alice, by 1.000 s\nbut       none came by 1.000 s\n"));
  EXPECT_THAT(text, HasSubstr("   0.010 s  received  OPTIONS sip:bob@192.0.2.2\n"));
  EXPECT_THAT(text, HasSubstr("the same again: Simulator(42)"));
  EXPECT_THAT(text, testing::ContainsRegex("alice +bob\n"));
  EXPECT_THAT(text, HasSubstr(" OPTIONS "));
  EXPECT_EQ(sim.failures(), 1U);
}

TEST_F(WireLanguage, TooLateIsNotHeldAndTheNextLineStillFindsIt) {
  send_after(2s, "INVITE");
  expect(bob).to_receive("INVITE").within(1s);
  const auto text = framework.take();
  EXPECT_THAT(text, HasSubstr("but       none came by 1.000 s\nbob has sent and heard nothing\n"));
  EXPECT_THAT(text, Not(HasSubstr("capture:"))) << "there is nothing to draw";
  expect(bob).to_receive("INVITE").within(1010ms);
  EXPECT_EQ(framework.failures.size(), 0U);
}

TEST_F(WireLanguage, TooEarlyTellsWhenItCame) {
  send_after(300ms, "INVITE");
  expect(bob).to_receive("INVITE").not_before(500ms);
  EXPECT_THAT(framework.take(), HasSubstr("but       it came too early, at 0.310 s, not after 0.500 s"));
}

TEST_F(WireLanguage, AForbiddenMessageEndsTheWait) {
  send_after(2s, "BYE");
  expect(bob).not_to_receive("BYE").within(5s);
  EXPECT_THAT(framework.take(),
              HasSubstr("expected  bob not to receive BYE, by 5.000 s\nbut       it came at 2.010 s"));
  EXPECT_EQ(sim.elapsed(), 2010ms);
  expect(bob).not_to_receive("BYE");  // what has come already counts
  EXPECT_EQ(framework.failures.size(), 1U);
}

TEST_F(WireLanguage, ACountThatIsWrongSaysHowMany) {
  for (const auto delay : {0ms, 500ms, 1500ms}) send_after(delay, "INVITE");
  expect(bob).to_receive("INVITE").times(2).within(10s);
  EXPECT_THAT(framework.take(),
              HasSubstr("expected  bob to receive INVITE, 2 times, by 10.000 s\nbut       more came: 3"));
  expect(bob).to_receive("INVITE").times(4).within(10s);
  EXPECT_THAT(framework.take(), HasSubstr("but       fewer came: 3"));
  expect(bob).to_receive("INVITE").at_least(4).within(1s);
  EXPECT_THAT(framework.take(), HasSubstr("at least 4 times, by 12.510 s\nbut       3 came by 12.510 s"));
}

TEST_F(WireLanguage, TheLadderIsOfTheCallConcernedAndMarksWhatWasLost) {
  bob.send(request("OPTIONS"), alice.endpoint());
  expect(alice).to_receive("OPTIONS");
  sim.drop_if([](const sim::WireEvent& event) { return event.bytes.starts_with("INVITE"); });
  send("INVITE");
  sim.drop_if([](const sim::WireEvent&) { return false; });
  send_after(100ms, "BYE");
  expect(bob).to_receive("INVITE").within(1s);
  EXPECT_THAT(framework.take(), HasSubstr("INVITE (lost)"));
}

TEST_F(WireLanguage, AnExceptionMeanwhileFailsTheTestAndGoesNoFurther) {
  sim.after(1s, [] { throw std::runtime_error("handler broke"); });
  expect(bob).to_receive("INVITE");
  EXPECT_THAT(framework.take(), HasSubstr("this was thrown meanwhile: handler broke"));
  try {
    auto line = expect(bob).to_receive("INVITE");
    throw std::runtime_error("an assertion that throws");  // as Catch2's REQUIRE does
  } catch (const std::runtime_error&) {
  }
  EXPECT_EQ(framework.failures.size(), 0U) << "not evaluated while the test is left";
}

TEST_F(WireLanguage, ALineInsideAnEventFailsAndSaysWhy) {
  sim.after(1s, [this] { expect(bob).to_receive("INVITE"); });
  sim.run_for(2s);
  EXPECT_THAT(framework.take(), HasSubstr("this was thrown meanwhile: peal simulator: run from inside an event"));
}

TEST_F(WireLanguage, EventuallyTakesConditionsOfOnesOwn) {
  int doors = 0;
  sim.after(3s, [&] { ++doors; });
  sim::Eventually(sim, "the door to open", [&] { return doors == 1; }).not_before(2s).within(5s);
  EXPECT_EQ(sim.elapsed(), 3s);
  EXPECT_EQ(framework.failures.size(), 0U);
  sim::Eventually(sim, "a second door", [&] { return doors == 2; }).within(1s);
  EXPECT_THAT(framework.take(), HasSubstr("expected  a second door, by 4.000 s\nbut       it was not so at 4.000 s"));
  sim::Eventually(sim, "the door to open", [&] { return doors == 1; }).not_before(1s);
  EXPECT_THAT(framework.take(), HasSubstr("it was so too early, at 4.000 s"));
}

}  // namespace
