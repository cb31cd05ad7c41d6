#include "trace_call.hpp"

#include <peal/trace/jsonl.hpp>

#include <gtest/gtest.h>

#include <string>

namespace {

using namespace trace_call;

trace::Record record(std::string_view bytes) {
  trace::Record out;
  out.direction = Direction::received;
  out.local = bob;
  out.peer = alice;
  out.time = start;
  out.bytes = bytes;
  return out;
}

TEST(Jsonl, WritesAMessage) {
  EXPECT_EQ(trace::json_line(record("ACK sip:bob@h SIP/2.0\r\ni: 1@h\r\nCSeq:  1 ACK \r\n\r\n")),
            R"({"ts":"2026-01-02T03:04:05.006789Z","direction":"received","protocol":"UDP","local":"192.0.2.201:5060",)"
            R"("peer":"192.0.2.101:5060","size":48,"start":"ACK sip:bob@h SIP/2.0","call_id":"1@h","cseq":"1 ACK",)"
            R"("text":"ACK sip:bob@h SIP/2.0\r\ni: 1@h\r\nCSeq:  1 ACK \r\n\r\n"})"
            "\n");
}

TEST(Jsonl, WhatIsMissingIsNullAndBinaryIsBase64) {
  EXPECT_EQ(
      trace::json_line(record(std::string_view("\xff\x00\x10\x80", 4))),
      R"({"ts":"2026-01-02T03:04:05.006789Z","direction":"received","protocol":"UDP","local":"192.0.2.201:5060",)"
      R"("peer":"192.0.2.101:5060","size":4,"start":null,"call_id":null,"cseq":null,"text":null,"base64":"/wAQgA=="})"
      "\n");
}

TEST(Jsonl, EscapesWhatJsonAndTerminalsWouldObey) {
  const auto line = trace::json_line(record("\"\\\x1b[31m\x7f \xe2\x80\xae \xf0\x9f\x98\x80 \xf3\xa0\x80\x81 \n"));
  EXPECT_NE(line.find(R"("text":"\"\\\u001b[31m\u007f \u202e )"
                      "\xf0\x9f\x98\x80"
                      R"( \udb40\udc01 \n"})"),
            std::string::npos)
      << line;
}

TEST(Jsonl, WritesNotesAndHidesSecrets) {
  trace::Ring ring;
  ring.note("hang \"up\"", start);
  ring.on_message(
      {Direction::sent, Protocol::udp, alice, bob, start, "BYE sip:b SIP/2.0\r\nAuthorization: Bearer SECRET\r\n\r\n"});
  const auto text = trace::jsonl(ring.records());
  EXPECT_TRUE(text.starts_with("{\"ts\":\"2026-01-02T03:04:05.006789Z\",\"note\":\"hang \\\"up\\\"\"}\n")) << text;
  EXPECT_EQ(text.find("SECRET"), std::string::npos);
  EXPECT_NE(trace::jsonl(ring.records(), trace::Secrets::shown).find("SECRET"), std::string::npos);
}

TEST(Jsonl, WritesAsMessagesPass) {
  std::string out;
  trace::JsonlWriter writer([&](std::string_view line) { out.append(line); });
  writer.on_message({Direction::received, Protocol::udp, bob, alice, start, invite});
  EXPECT_EQ(out, trace::json_line(record(invite)));
}

}  // namespace
