#include <peal/events_json.hpp>
#include <peal/user_agent.hpp>

#include <nlohmann/json.hpp>

#include <gtest/gtest.h>

namespace {

using namespace peal;
using nlohmann::json;
using namespace std::chrono_literals;

/// 2026-01-31 23:59:59.000042 UTC.
EventContext at_c1() {
  EventContext context;
  context.time = std::chrono::sys_days{std::chrono::year{2026} / 1 / 31} + 23h + 59min + 59s + 42us;
  context.call = "c1";
  context.sip_call_id = "abc@example.com";
  return context;
}

json parsed(const std::string& line) {
  EXPECT_EQ(line.find('\n'), std::string::npos);
  return json::parse(line);
}

Ended ended(Cause cause) { return Ended{std::move(cause)}; }

TEST(EventsJson, TimeIsUtcWithMicroseconds) {
  EXPECT_EQ(rfc3339(at_c1().time), "2026-01-31T23:59:59.000042Z");
  EXPECT_EQ(rfc3339(std::chrono::system_clock::time_point{} - 1us), "1969-12-31T23:59:59.999999Z");
}

TEST(EventsJson, EndedCarriesItsWholeCause) {
  Cause cause(Layer::sip, 486, "Busy Here");
  cause.peer = *transport::Endpoint::parse("192.0.2.1:5060");
  const auto event = parsed(event_json(CallEvent(ended(cause)), at_c1()));
  EXPECT_EQ(event["event"], "call.ended");
  EXPECT_EQ(event["ts"], "2026-01-31T23:59:59.000042Z");
  EXPECT_EQ(event["call"], "c1");
  EXPECT_EQ(event["sip_call_id"], "abc@example.com");
  EXPECT_TRUE(event["account"].is_null());
  EXPECT_EQ(event["cause"]["layer"], "sip");
  EXPECT_EQ(event["cause"]["code"], 486);
  EXPECT_EQ(event["cause"]["text"], "Busy Here");
  EXPECT_EQ(event["cause"]["peer"], "192.0.2.1:5060");
  EXPECT_TRUE(event["cause"]["explain"].is_string());
}

TEST(EventsJson, WhatIsEmptyIsNullAndNotAbsent) {
  const auto event = parsed(event_json(CallEvent(ended(Cause(Layer::local, 0, ""))), EventContext{}));
  for (const char* name : {"account", "call", "sip_call_id"})
    EXPECT_TRUE(event.contains(name) && event[name].is_null()) << name;
  for (const char* name : {"text", "explain", "peer"}) {
    EXPECT_TRUE(event["cause"].contains(name) && event["cause"][name].is_null()) << name;
  }
  Progress progress;
  progress.reason = "Ringing";
  const auto ringing = parsed(event_json(CallEvent(progress), at_c1()));
  EXPECT_EQ(ringing["code"], 180);
  EXPECT_TRUE(ringing["early"].is_null());
  EXPECT_TRUE(ringing["sdp"].is_null());
  EXPECT_EQ(ringing["reliable"], false);
}

TEST(EventsJson, BytesOfTheWireNeverBreakALine) {
  Progress progress;
  progress.reason = "\xFF\n\"";
  progress.sdp = "v=0\r\n\xC0\x80";
  const auto event = parsed(event_json(CallEvent(progress), at_c1()));
  EXPECT_TRUE(event["sdp"].is_null());
  EXPECT_EQ(event["sdp_base64"], "dj0wDQrAgA==");
  EXPECT_EQ(event["reason"], "\xEF\xBF\xBD\n\"");
}

TEST(EventsJson, ChangedNamesWhoAndHold) {
  Changed changed;
  changed.by_peer = true;
  changed.hold = HoldState::remote;
  const auto event = parsed(event_json(CallEvent(changed), at_c1()));
  EXPECT_EQ(event["event"], "call.changed");
  EXPECT_EQ(event["by"], "remote");
  EXPECT_EQ(event["hold"], "remote");
  ChangeFailed failed;
  failed.code = 488;
  EXPECT_EQ(parsed(event_json(CallEvent(failed), at_c1()))["code"], 488);
}

TEST(EventsJson, IncomingHasHeadersByName) {
  const auto invite = Request::parse(
      "INVITE sip:bob@example.com SIP/2.0\r\nv: SIP/2.0/UDP a;branch=z9hG4bK1\r\nVia: SIP/2.0/UDP b;branch=z9hG4bK2\r\n"
      "f: <sip:alice@example.com>;tag=1\r\nTo: <sip:bob@example.com>\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n"
      "Contact: <sip:alice@192.0.2.1>\r\nX-One: 1\r\n\r\n");
  ASSERT_TRUE(invite);
  const auto event = parsed(incoming_json(*invite, at_c1()));
  EXPECT_EQ(event["from"], "<sip:alice@example.com>;tag=1");
  EXPECT_EQ(event["contact"], "<sip:alice@192.0.2.1>");
  EXPECT_EQ(event["headers"]["Via"], json::array({"SIP/2.0/UDP a;branch=z9hG4bK1", "SIP/2.0/UDP b;branch=z9hG4bK2"}));
  EXPECT_EQ(event["headers"]["From"], "<sip:alice@example.com>;tag=1");
  EXPECT_EQ(event["headers"]["X-One"], "1");
  EXPECT_TRUE(event["sdp"].is_null());
}

TEST(EventsJson, RegistrationTellsStateAndCause) {
  RegistrationEvent registered;
  registered.state = RegistrationState::registered;
  registered.expires = 600s;
  registered.contacts = {"<sip:a@192.0.2.1>;expires=600"};
  auto event = parsed(event_json(registered, at_c1()));
  EXPECT_EQ(event["state"], "registered");
  EXPECT_EQ(event["expires"], 600);
  EXPECT_EQ(event["contacts"].size(), 1U);
  EXPECT_TRUE(event["cause"].is_null());
  RegistrationEvent failed;
  failed.state = RegistrationState::failed;
  failed.cause = Cause(Layer::sip, 403, "Forbidden");
  event = parsed(event_json(failed, at_c1()));
  EXPECT_EQ(event["state"], "failed");
  EXPECT_EQ(event["cause"]["code"], 403);
  EXPECT_TRUE(event["expires"].is_null());
}

TEST(EventsJson, StatsCountEveryDrop) {
  Counters counters;
  counters.calls = 3;
  counters.drops = {{"garbage", 2}, {"empty", 0}};
  const auto event = parsed(stats_json(counters, at_c1()));
  EXPECT_EQ(event["counters"]["live"]["calls"], 3);
  EXPECT_EQ(event["counters"]["dropped"]["garbage"], 2);
  EXPECT_EQ(event["counters"]["dropped"]["empty"], 0);
  EXPECT_EQ(parsed(ready_json({"udp:127.0.0.1:5060"}, at_c1()))["listen"][0], "udp:127.0.0.1:5060");
}

TEST(EventsJson, OnlyRefusalsAreExplained) {
  EXPECT_FALSE(explain_briefly(Cause(Layer::sip, 403, "Forbidden")).empty());
  EXPECT_TRUE(explain_briefly(Cause(Layer::sip, 200, "OK")).empty());
  EXPECT_TRUE(explain_briefly(Cause(Layer::sip, 0, "")).empty());
  EXPECT_TRUE(explain_briefly(Cause(Layer::timer, 403, "")).empty());
}

}  // namespace
