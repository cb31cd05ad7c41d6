#include <peal/message_json.hpp>

#include <gtest/gtest.h>

namespace {

using namespace peal;

constexpr std::string_view json_invite =
    "INVITE sip:bob@example.com SIP/2.0\r\n"
    "v: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa\r\n"
    "From: \"A \\\"quoted\\\"\" <sip:alice@example.com>;tag=1\r\n"
    "To: <sip:bob@example.com>\r\n"
    "Call-ID: c1\r\n"
    "CSeq: 1 INVITE\r\n"
    "Contact: <sip:alice@192.0.2.1>\r\n"
    "X-Order: first\r\n"
    "x-order: second\r\n"
    "Max-Forwards: 70\r\n";

std::string with_body(std::string_view type, std::string_view body) {
  std::string out(json_invite);
  out.append("Content-Type: ").append(type).append("\r\nContent-Length: ").append(std::to_string(body.size()));
  return out.append("\r\n\r\n").append(body);
}

TEST(MessageJson, KeepsOrderNamesAndSpelling) {
  std::string text(json_invite);
  text.append("\r\n");
  auto request = Request::parse(text);
  ASSERT_TRUE(request);
  EXPECT_EQ(
      to_json(*request),
      R"({"kind":"request","method":"INVITE","uri":"sip:bob@example.com","headers":[)"
      R"({"name":"v","value":"SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa"},)"
      R"({"name":"From","value":"\"A \\\"quoted\\\"\" <sip:alice@example.com>;tag=1"},)"
      R"({"name":"To","value":"<sip:bob@example.com>"},{"name":"Call-ID","value":"c1"},{"name":"CSeq","value":"1 INVITE"},)"
      R"({"name":"Contact","value":"<sip:alice@192.0.2.1>"},{"name":"X-Order","value":"first"},)"
      R"({"name":"x-order","value":"second"},{"name":"Max-Forwards","value":"70"}]})");
}

TEST(MessageJson, SumsUpSdp) {
  auto request =
      Request::parse(with_body("application/sdp",
                               "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
                               "m=audio 4000 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n"
                               "a=sendonly\r\n"));
  ASSERT_TRUE(request);
  const auto json = to_json(*request);
  EXPECT_NE(
      json.find(
          R"("sdp":{"origin":"- 1 1 IN IP4 192.0.2.1","session_name":"-","media":[{"type":"audio","port":4000,)"
          R"("protocol":"RTP/AVP","direction":"sendonly","connection":"IN IP4 192.0.2.1","formats":[{"format":"0"},)"
          R"({"format":"101","codec":"telephone-event/8000","parameters":"0-15"}]}]})"),
      std::string::npos)
      << json;
}

TEST(MessageJson, SaysWhySdpCannotBeRead) {
  auto request = Request::parse(with_body("application/sdp", "hello"));
  ASSERT_TRUE(request);
  EXPECT_NE(to_json(*request).find(R"("sdp_error":")"), std::string::npos);
}

TEST(MessageJson, BytesThatAreNoUtf8GoAsBase64) {
  auto request = Request::parse(with_body("application/octet-stream", "\xFF\xFE\x01"));
  ASSERT_TRUE(request);
  const auto json = to_json(*request);
  EXPECT_NE(json.find(R"("body_base64":"//4B")"), std::string::npos) << json;
  EXPECT_EQ(json.find("\"body\""), std::string::npos);
}

TEST(MessageJson, ResponseHasCodeAndReason) {
  auto response = Response::parse(
      "SIP/2.0 486 Busy Here\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\n"
      "Call-ID: x\r\nCSeq: 1 INVITE\r\n\r\n");
  ASSERT_TRUE(response);
  EXPECT_EQ(to_json(*response).substr(0, 57), R"({"kind":"response","code":486,"reason":"Busy Here","heade)");
}

}  // namespace
