#include "trace_call.hpp"

#include <peal/trace/ladder.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

using namespace trace_call;

TEST(Ladder, DrawsACallAsText) {
  Recorder recorder;
  recorder.call();
  EXPECT_EQ(trace::ladder_text(recorder.ring.records(), named()),
            R"(            alice                  bob
              |                     |
   0.000      |--- INVITE (SDP) --->|
   0.100      |<---- 180 Ringing ---|
   2.100      |<--- 200 OK (SDP) ---|
   2.102      |-------- ACK ------->|
   2.103      -- both talk
  12.500      |<-------- BYE -------|
  12.501      |------ 200 OK ------>|
)");
}

TEST(Ladder, DrawsACallAsMermaid) {
  Recorder recorder;
  recorder.call();
  EXPECT_EQ(trace::ladder_mermaid(recorder.ring.records(), named()),
            R"(sequenceDiagram
    participant p0 as alice
    participant p1 as bob
    p0->>p1: 0.000 INVITE (SDP)
    p1->>p0: 0.100 180 Ringing
    p1->>p0: 2.100 200 OK (SDP)
    p0->>p1: 2.102 ACK
    Note over p0,p1: both talk
    p1->>p0: 12.500 BYE
    p0->>p1: 12.501 200 OK
)");
}

TEST(Ladder, OneEndAloneGivesTheSame) {
  Recorder one;
  one.both_ends = false;
  one.call();
  Recorder both;
  both.call();
  EXPECT_EQ(trace::ladder_text(one.ring.records(), named()), trace::ladder_text(both.ring.records(), named()));
}

TEST(Ladder, MarksRetransmissionsLossesAndCopies) {
  Recorder recorder;
  recorder.send(0ms, alice, bob, invite, false);
  recorder.send(500ms, alice, bob, invite);
  recorder.send(600ms, bob, alice, ringing);
  recorder.arrive(602ms, bob, alice, ringing);
  EXPECT_EQ(trace::ladder_text(recorder.ring.records(), named()),
            R"(            alice                          bob
              |                             |
   0.000      |---- INVITE (SDP) (lost) ---x|
   0.500      |--- INVITE (SDP) (again) --->|
   0.600      |<-------- 180 Ringing -------|
   0.602      |<---- 180 Ringing (copy) ----|
)");
}

TEST(Ladder, WhatIsStillUnderWayIsNotLost) {
  Recorder recorder;
  recorder.send(0ms, alice, bob, invite);
  recorder.send(10ms, bob, alice, ringing, false);
  EXPECT_EQ(trace::ladder_text(recorder.ring.records(), named()).find("lost"), std::string::npos);
}

TEST(Ladder, AProxyStandsBetweenAndNamesShareColumns) {
  const Endpoint proxy{IpAddress::v4({192, 0, 2, 1}), 5060};
  const Endpoint proxy6{*IpAddress::parse("2001:db8::1"), 5060};
  const Endpoint bob6{*IpAddress::parse("2001:db8::2"), 5060};
  auto options = named();
  options.names = {{alice, "alice"}, {proxy, "proxy"}, {proxy6, "proxy"}, {bob, "bob"}, {bob6, "bob"}};
  options.title = "Through a proxy";
  Recorder recorder;
  recorder.send(0ms, alice, proxy, invite);
  recorder.send(5ms, proxy6, bob6, invite);
  recorder.send(9ms, bob, alice, ringing);
  EXPECT_EQ(trace::ladder_text(recorder.ring.records(), options),
            R"(Through a proxy

            alice                 proxy                  bob
              |                     |                     |
   0.000      |--- INVITE (SDP) --->|                     |
   0.005      |                     |--- INVITE (SDP) --->|
   0.009      |<--------------- 180 Ringing --------------|
)");
}

TEST(Ladder, ALoneEndpointTalksToItself) {
  Recorder recorder;
  recorder.both_ends = false;
  recorder.send(0ms, alice, alice, invite);
  EXPECT_NE(trace::ladder_text(recorder.ring.records(), named()).find("|<- INVITE (SDP) ->"), std::string::npos);
}

TEST(Ladder, UnnamedEndpointsAreTheirAddress) {
  Recorder recorder;
  recorder.send(0ms, alice, bob, ack);
  const auto text = trace::ladder_text(recorder.ring.records());
  EXPECT_NE(text.find("192.0.2.101:5060"), std::string::npos);
  EXPECT_NE(text.find("192.0.2.201:5060"), std::string::npos);
}

TEST(Ladder, NothingGivesNothing) {
  EXPECT_EQ(trace::ladder_text({}), "");
  EXPECT_EQ(trace::ladder_mermaid({}), "sequenceDiagram\n");
  EXPECT_NE(trace::ladder_html({}).find("0 messages"), std::string::npos);
}

TEST(Ladder, PicksOneCallOfMany) {
  Recorder recorder;
  recorder.send(0ms, alice, bob, "OPTIONS sip:b SIP/2.0\r\nCall-ID: other\r\n\r\n");
  recorder.ring.note("before", start);
  recorder.call();
  recorder.ring.note("after", start);
  const auto all = recorder.ring.records();
  EXPECT_EQ(trace::call_ids(all), (std::vector<std::string>{"other", "3848276298220188511@atlanta.example.com"}));
  const auto one = trace::records_of_call(all, "3848276298220188511@atlanta.example.com");
  Recorder alone;
  alone.call();
  EXPECT_EQ(trace::ladder_text(one, named()), trace::ladder_text(alone.ring.records(), named()));
  EXPECT_TRUE(trace::records_of_call(all, "nobody").empty());
}

TEST(LadderHtml, IsOnePageThatNeedsNothingElse) {
  Recorder recorder;
  recorder.call();
  auto options = named();
  options.title = "Alice & Bob";
  const auto page = trace::ladder_html(recorder.ring.records(), options);
  EXPECT_TRUE(page.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"));
  EXPECT_NE(page.find("<title>Alice &amp; Bob</title>"), std::string::npos);
  EXPECT_NE(page.find("name=\"viewport\""), std::string::npos);
  EXPECT_NE(page.find("prefers-color-scheme:dark"), std::string::npos);
  for (const auto* outside : {"src=", "href=", "url(", "@import", "<script", "<link", "http:", "https:"})
    EXPECT_EQ(page.find(outside), std::string::npos) << outside;
  EXPECT_NE(page.find("INVITE sip:bob@biloxi.example.com SIP/2.0\nVia: SIP/2.0/UDP"), std::string::npos)
      << "whole message";
  EXPECT_NE(page.find("<b>alice</b><b>bob</b>"), std::string::npos);
  EXPECT_NE(page.find("<span class=\"a right\" style=\"grid-column:1/3;--k:2\">INVITE (SDP)</span>"),
            std::string::npos);
  EXPECT_NE(page.find("<span class=\"a left\" style=\"grid-column:1/3;--k:2\">180 Ringing</span>"), std::string::npos);
  EXPECT_NE(page.find("both talk"), std::string::npos);
  EXPECT_NE(page.find("6 messages"), std::string::npos);
}

TEST(LadderHtml, HidesSecretsUnlessTold) {
  Recorder recorder;
  recorder.send(
      0ms, alice, bob,
      "REGISTER sip:h SIP/2.0\r\nAuthorization: Digest username=\"a\", response=\"0123456789abcdef\"\r\n\r\n");
  auto options = named();
  EXPECT_EQ(trace::ladder_html(recorder.ring.records(), options).find("0123456789abcdef"), std::string::npos);
  options.secrets = trace::Secrets::shown;
  EXPECT_NE(trace::ladder_html(recorder.ring.records(), options).find("0123456789abcdef"), std::string::npos);
}

}  // namespace
