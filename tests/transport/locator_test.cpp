#include <peal/testing/simulator.hpp>
#include <peal/transport/error.hpp>
#include <peal/transport/locator.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace peal::inline v0::transport {
namespace {

using namespace std::chrono_literals;

class LocatorTest : public ::testing::Test {
 protected:
  using Answer = std::pair<std::vector<Target>, std::error_code>;
  Result<std::vector<Target>> locate(std::string_view uri) {
    const Uri parsed = Uri::parse(uri).value();
    return locator->locate(parsed, [this](std::vector<Target> targets, std::error_code why) {
      answers.emplace_back(std::move(targets), why);
      if (then) then();
    });
  }
  /// The one target of a literal, as text.
  std::string at_once(std::string_view uri) {
    const auto targets = locate(uri);
    if (!targets) return targets.error().message();
    if (targets->size() != 1) return "later";
    const Target& t = targets->front();
    return std::string(uri_name(t.protocol)) + " " + t.endpoint.to_string() + " " + t.host;
  }
  sim::Simulator sim{3};
  sim::Host& us = sim.host("us", {"192.0.2.1"});
  std::unique_ptr<Locator> locator = std::make_unique<Locator>(us.runtime());
  std::vector<Answer> answers;
  std::function<void()> then;
};

TEST_F(LocatorTest, LiteralsAreAnsweredAtOnce) {
  EXPECT_EQ(at_once("sip:bob@192.0.2.7"), "udp 192.0.2.7:5060 192.0.2.7");
  EXPECT_EQ(at_once("sip:192.0.2.7:5070;transport=udp"), "udp 192.0.2.7:5070 192.0.2.7");
  EXPECT_EQ(at_once("sip:192.0.2.7;transport=UDP"), "udp 192.0.2.7:5060 192.0.2.7");
  EXPECT_EQ(at_once("sip:bob@[2001:db8::7]:5080"), "udp [2001:db8::7]:5080 [2001:db8::7]");
  EXPECT_EQ(at_once("sip:bob@example.com:5090;maddr=192.0.2.9"), "udp 192.0.2.9:5090 192.0.2.9");
  EXPECT_EQ(sim.events(), 0U);
  EXPECT_TRUE(answers.empty());
}

TEST_F(LocatorTest, WhatUdpCannotReachIsRefused) {
  EXPECT_EQ(locate("sips:bob@192.0.2.7").error(), make_error_code(errc::unsupported_protocol));
  EXPECT_EQ(locate("sips:bob@192.0.2.7;transport=udp").error(), make_error_code(errc::blocked));
  EXPECT_EQ(locate("sip:bob@192.0.2.7;transport=tcp").error(), make_error_code(errc::unsupported_protocol));
  EXPECT_EQ(locate("sip:bob@192.0.2.7;transport=carrier-pigeon").error(), make_error_code(errc::unsupported_protocol));
  EXPECT_EQ(locate("tel:+15551234").error(), make_error_code(errc::blocked));
  EXPECT_EQ(locate("mailto:bob@example.com").error(), make_error_code(errc::blocked));
}

TEST_F(LocatorTest, NamesAreAskedForAndAnsweredLaterInTheirOrder) {
  sim.set_name("bob.example.com", {IpAddress::parse("2001:db8::7").value(), IpAddress::parse("192.0.2.7").value()});
  const auto now = locate("sip:bob@bob.example.com:5070");
  ASSERT_TRUE(now);
  EXPECT_TRUE(now->empty());
  EXPECT_TRUE(answers.empty());
  sim.run_for(1s);
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_FALSE(answers[0].second);
  ASSERT_EQ(answers[0].first.size(), 2U);
  EXPECT_EQ(answers[0].first[0].endpoint.to_string(), "[2001:db8::7]:5070");
  EXPECT_EQ(answers[0].first[1].endpoint.to_string(), "192.0.2.7:5070");
  EXPECT_EQ(answers[0].first[1].host, "bob.example.com");
}

TEST_F(LocatorTest, ANameWithoutAddressesIsUnresolvable) {
  sim.set_name("empty.example.com", {});
  ASSERT_TRUE(locate("sip:empty.example.com"));
  ASSERT_TRUE(locate("sip:nobody.example.com"));
  sim.run_for(1s);
  ASSERT_EQ(answers.size(), 2U);
  for (const auto& [targets, why] : answers) {
    EXPECT_TRUE(targets.empty());
    EXPECT_EQ(why, make_error_code(errc::unresolvable));
  }
}

TEST_F(LocatorTest, DestroyingItCancels) {
  sim.set_name("bob.example.com", {IpAddress::parse("192.0.2.7").value()});
  ASSERT_TRUE(locate("sip:bob.example.com"));
  locator.reset();
  sim.run_for(1s);
  EXPECT_TRUE(answers.empty());
}

TEST_F(LocatorTest, ItMayBeDestroyedInItsAnswerWhileOthersWait) {
  sim.set_name("a.example.com", {IpAddress::parse("192.0.2.7").value()}, 1ms);
  sim.set_name("b.example.com", {IpAddress::parse("192.0.2.8").value()}, 2ms);
  ASSERT_TRUE(locate("sip:a.example.com"));
  ASSERT_TRUE(locate("sip:b.example.com"));
  then = [this] { locator.reset(); };
  sim.run_for(1s);
  EXPECT_EQ(answers.size(), 1U);
}

}  // namespace
}  // namespace peal::inline v0::transport
