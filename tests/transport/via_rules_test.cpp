#include "via_rules.hpp"

#include <gtest/gtest.h>

namespace peal::inline v0::transport {
namespace {

Endpoint source_at(std::string_view text) { return text.empty() ? Endpoint{} : Endpoint::parse(text).value(); }

std::string goes_to(std::string_view via, std::string_view source = "192.0.2.2:40000") {
  const Endpoint to = via_rules::response_target(ViaView::parse(via).value(), source_at(source));
  return to.address.empty() ? "nowhere" : to.to_string();
}

std::string stamp(std::string_view via, std::string_view source) {
  const auto out = via_rules::stamped(ViaView::parse(via).value(), source_at(source));
  return out ? out->text() : "unchanged";
}

TEST(ViaRules, ResponsesGoWhere18_2_2Says) {
  EXPECT_EQ(goes_to("SIP/2.0/UDP 192.0.2.2:5061;branch=z9hG4bK1"), "192.0.2.2:5061");
  EXPECT_EQ(goes_to("SIP/2.0/UDP 192.0.2.2;branch=z9hG4bK1"), "192.0.2.2:5060");
  EXPECT_EQ(goes_to("SIP/2.0/UDP h.example.com:5061;received=192.0.2.9"), "192.0.2.9:5061");
  EXPECT_EQ(goes_to("SIP/2.0/UDP h.example.com;received=192.0.2.9"), "192.0.2.9:5060");
  EXPECT_EQ(goes_to("SIP/2.0/UDP h.example.com;received=192.0.2.9;rport=40001"), "192.0.2.9:40001");
  EXPECT_EQ(goes_to("SIP/2.0/UDP h.example.com:5070;maddr=239.1.1.1;received=192.0.2.9;rport=40001"), "239.1.1.1:5070");
  EXPECT_EQ(goes_to("SIP/2.0/UDP h.example.com;maddr=239.1.1.1"), "239.1.1.1:5060");
}

TEST(ViaRules, RportCountsOnlyWithReceivedAndANumber) {
  EXPECT_EQ(goes_to("SIP/2.0/UDP 192.0.2.2:5061;rport=40001"), "192.0.2.2:5061");
  EXPECT_EQ(goes_to("SIP/2.0/UDP 192.0.2.2:5061;received=192.0.2.2;rport"), "192.0.2.2:5061");
  EXPECT_EQ(goes_to("SIP/2.0/UDP 192.0.2.2:5061;received=192.0.2.2;rport=0"), "192.0.2.2:5061");
  EXPECT_EQ(goes_to("SIP/2.0/UDP 192.0.2.2:5061;received=192.0.2.2;rport=70000"), "192.0.2.2:5061");
}

TEST(ViaRules, TheSourceStandsInForAName) {
  EXPECT_EQ(goes_to("SIP/2.0/UDP h.example.com:5061"), "192.0.2.2:5061");
  EXPECT_EQ(goes_to("SIP/2.0/UDP h.example.com:5061;maddr=m.example.com"), "192.0.2.2:5061");
  EXPECT_EQ(goes_to("SIP/2.0/UDP h.example.com:5061", ""), "nowhere");
  EXPECT_EQ(goes_to("SIP/2.0/UDP h.example.com:5061;received=192.0.2.9", ""), "192.0.2.9:5061");
}

TEST(ViaRules, Ipv6WithAndWithoutBracketsAndScopes) {
  EXPECT_EQ(goes_to("SIP/2.0/UDP [2001:db8::2]:5061", "[2001:db8::2]:40000"), "[2001:db8::2]:5061");
  EXPECT_EQ(goes_to("SIP/2.0/UDP h.example.com;received=2001:db8::9;rport=7"), "[2001:db8::9]:7");
  EXPECT_EQ(goes_to("SIP/2.0/UDP h.example.com;received=[2001:db8::9];rport=7"), "[2001:db8::9]:7") << "RFC 5118 §4.5";
  EXPECT_EQ(goes_to("SIP/2.0/UDP [fe80::1];received=fe80::1;rport=40000", "[fe80::1%3]:40000"), "[fe80::1%3]:40000");
}

TEST(ViaRules, StampsReceivedAndRport) {
  EXPECT_EQ(stamp("SIP/2.0/UDP 192.0.2.2:5061;branch=z9hG4bK1", "192.0.2.2:40000"), "unchanged");
  EXPECT_EQ(stamp("SIP/2.0/UDP 192.0.2.3;branch=z9hG4bK1", "192.0.2.2:40000"),
            "SIP/2.0/UDP 192.0.2.3;branch=z9hG4bK1;received=192.0.2.2");
  EXPECT_EQ(stamp("SIP/2.0/UDP 192.0.2.2;rport;branch=z9hG4bK1", "192.0.2.2:40000"),
            "SIP/2.0/UDP 192.0.2.2;rport=40000;branch=z9hG4bK1;received=192.0.2.2");
  EXPECT_EQ(stamp("SIP/2.0/UDP 192.0.2.2;rport=1;received=203.0.113.1", "192.0.2.2:40000"),
            "SIP/2.0/UDP 192.0.2.2;rport=40000;received=192.0.2.2");
  EXPECT_EQ(stamp("SIP/2.0/UDP [2001:db8:0::2]", "[2001:db8::2]:5060"), "unchanged") << "one address, two spellings";
  EXPECT_EQ(stamp("SIP/2.0/UDP h.example.com", "[fe80::1%3]:5060"), "SIP/2.0/UDP h.example.com;received=fe80::1");
}

TEST(ViaRules, WhatWasStampedLeadsBack) {
  for (const char* via :
       {"SIP/2.0/UDP nat.example.com;rport;branch=z9hG4bK1", "SIP/2.0/UDP 10.0.0.1:5060;rport;branch=z9hG4bK1"}) {
    const Endpoint source = source_at("192.0.2.2:40000");
    const auto stamped = via_rules::stamped(ViaView::parse(via).value(), source);
    ASSERT_TRUE(stamped);
    EXPECT_EQ(via_rules::response_target(*stamped, {}), source);
  }
}

TEST(ViaRules, DefaultPorts) {
  EXPECT_EQ(via_rules::default_port(Protocol::udp), 5060);
  EXPECT_EQ(via_rules::default_port(Protocol::tls), 5061);
  EXPECT_EQ(via_rules::default_port(Protocol::ws), 80);
  EXPECT_EQ(via_rules::default_port(Protocol::wss), 443);
  EXPECT_EQ(via_rules::sent_by_port(ViaView::parse("SIP/2.0/TLS h.example.com").value()), 5061);
  EXPECT_EQ(via_rules::sent_by_port(ViaView::parse("SIP/2.0/XYZ h.example.com").value()), 5060);
}

}  // namespace
}  // namespace peal::inline v0::transport
