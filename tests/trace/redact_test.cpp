#include <peal/trace/redact.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace {

using peal::trace::redacted;

std::string head(const std::string& line) {
  return "REGISTER sip:h SIP/2.0\r\n" + line + "\r\nCSeq: 1 REGISTER\r\n\r\n";
}

TEST(Redact, HidesTheDigestResponseOnly) {
  EXPECT_EQ(redacted(head(
                "Authorization: Digest username=\"bob\", realm=\"r\", nonce=\"n\", response=\"245f\", algorithm=MD5")),
            head("Authorization: Digest username=\"bob\", realm=\"r\", nonce=\"n\", response=\"***\", algorithm=MD5"));
  EXPECT_EQ(redacted(head("Authentication-Info: rspauth=\"6629\", qop=auth")),
            head("Authentication-Info: rspauth=\"***\", qop=auth"));
}

TEST(Redact, FindsItHoweverItIsWritten) {
  for (const auto* line :
       {"Proxy-Authorization:Digest username=\"x\",response=SECRET,uri=\"sip:h\"",
        "authorization : digest RESPONSE = \"SECRET\"",
        "Authorization: Digest username=\"x\",\r\n response=\r\n  \"SECRET\"",
        "Authorization: Digest response=\"a\\\"SECRET\"", "Authorization: Digest response=\"SECRET",
        "X-Odd: response=SECRET", "Authorization: Digest username=\"x\",\n\tresponse=\"SECRET\"",
        "Authorization: Bearer SECRET", "Authorization: Basic SECRET==", "Proxy-Authorization: Bearer\r\n SECRET",
        "Authorization: Whatever a=\"b\", c=SECRET", "Authorization:\r\n Bearer SECRET", "Authorization: SECRET",
        "Authorization: @SECRET", "Contact: <sip:user:SECRET@h>", "To: sips:user;x=1:SECRET@h",
        "Contact: <SIP:a:SECRET@h>, <sip:b:SECRET@h>"}) {
    const auto out = redacted(head(line));
    EXPECT_EQ(out.find("SECRET"), std::string::npos) << out;
    EXPECT_TRUE(out.ends_with("\r\nCSeq: 1 REGISTER\r\n\r\n")) << out;
  }
}

TEST(Redact, LeavesTheRestByteForByte) {
  for (const auto* line :
       {"Contact: <sip:bob@192.0.2.1:5060;transport=udp>", "X-Response: yes", "Subject: response time", "To: <sip:h>",
        "Authorization: Digest username=\"bob\", xresponse=\"keep\"", "Via: SIP/2.0/UDP h:5060;branch=z9hG4bK",
        "Route: <sip:h:5060;lr>"})
    EXPECT_EQ(redacted(head(line)), head(line));
  const std::string binary("\0\xff\x80 garbage \r\r\n\n", 16);
  EXPECT_EQ(redacted(binary), binary);
  EXPECT_EQ(redacted(""), "");
}

TEST(Redact, MasksMediaKeysInTheirLength) {
  const std::string sdp =
      "v=0\r\nk=clear:hunter2\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 "
      "inline:d0RmdmcmVCspeEc3|2^20|1:32\r\na=ice-pwd:asd88f\r\na=ptime:20\r\n";
  EXPECT_EQ(redacted(head("X: y") + sdp),
            head("X: y") +
                "v=0\r\nk=*************\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 "
                "inline:****************|2^20|1:32\r\na=ice-pwd:******\r\na=ptime:20\r\n");
}

TEST(Redact, HostileRepetitionTakesNoLongerThanItsLength) {
  std::string text = "INVITE x SIP/2.0\r\nX: ";
  for (int i = 0; i < 20000; ++i) text += "sip:";
  text += "\r\n";
  for (int i = 0; i < 20000; ++i) text += "response = ";
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_FALSE(redacted(text).empty());
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(2));
}

TEST(Redact, PrintableMovesNoCursor) {
  EXPECT_EQ(peal::trace::printable("A: \x1b[2J\r\nB:\t\xe2\x80\xae\xff\r\n\r\n"),
            "A: \\x1b[2J\nB:\t\\u{202e}\\xff\n\n");
  EXPECT_EQ(peal::trace::printable("a\rb"), "a\\x0db");
}

}  // namespace
