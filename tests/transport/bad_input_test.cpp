#include "layer_fixture.hpp"

namespace peal::inline v0::transport {
namespace {

/// What the wire may bring besides good messages. Each is counted under its reason, and nothing else is disturbed.
class BadInputTest : public LayerTest {
 protected:
  /// The answer to `text`, or nullopt.
  std::optional<std::string> answer_to(std::string_view text) {
    peer.clear();
    hear(text);
    const auto got = peer.pop();
    EXPECT_TRUE(user.requests.empty());
    EXPECT_TRUE(user.responses.empty());
    EXPECT_FALSE(peer.pop()) << "one answer at most";
    return got ? std::optional(got->text) : std::nullopt;
  }
  static std::string start_line(const std::string& text) { return text.substr(0, text.find('\r')); }
  ~BadInputTest() override {
    user.requests.clear();
    hear(options_with_via("SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bKafter"));
    EXPECT_EQ(user.requests.size(), 1U) << "the layer works on";
  }
};

const std::string good_via = "Via: SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK1\n";

TEST_F(BadInputTest, AnEmptyDatagramAndKeepAlivesAreCountedAsEmpty) {
  for (const char* text : {"", "\n", "\n\n", "  \t\n"}) EXPECT_FALSE(answer_to(text));
  EXPECT_EQ(dropped(Drop::empty), 4U);
  EXPECT_EQ(dropped(Drop::garbage), 0U);
}

TEST_F(BadInputTest, GarbageIsDropped) {
  std::string zeros(100, '\0');
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(255 - i);
  const std::string stun("\x00\x01\x00\x00\x21\x12\xa4\x42", 8);
  for (const std::string& text :
       {std::string("hello"), zeros, bytes, stun, std::string("SIP/"), std::string("GET / HTTP/1.1\n\n")}) {
    EXPECT_FALSE(answer_to(text));
  }
  EXPECT_EQ(dropped(Drop::garbage) + dropped(Drop::bad_response), 6U);
}

TEST_F(BadInputTest, ARequestWithoutCSeqIsAnswered400WithTheReason) {
  const auto answer = answer_to("INVITE sip:alice@192.0.2.1 SIP/2.0\n" + good_via +
                                "From: <sip:bob@example.com>;tag=7\nTo: <sip:alice@example.com>\nCall-ID: c1\n\n");
  ASSERT_TRUE(answer);
  EXPECT_EQ(start_line(*answer).rfind("SIP/2.0 400 Missing CSeq (byte ", 0), 0U) << start_line(*answer);
  EXPECT_EQ(sim::header_of(*answer, "Via"), "SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK1");
  EXPECT_EQ(sim::header_of(*answer, "From"), "<sip:bob@example.com>;tag=7");
  EXPECT_EQ(sim::header_of(*answer, "Call-ID"), "c1");
  EXPECT_TRUE(sim::param_of(sim::header_of(*answer, "To").value_or(""), "tag"));
  EXPECT_EQ(sim::header_of(*answer, "Content-Length"), "0");
  EXPECT_EQ(dropped(Drop::bad_request), 1U);
}

TEST_F(BadInputTest, TheReasonNamesTheHeaderThatIsMissing) {
  const std::vector<std::pair<std::string, std::string>> lines = {{"From", "<sip:bob@example.com>;tag=7"},
                                                                  {"To", "<sip:alice@example.com>"},
                                                                  {"Call-ID", "c1"},
                                                                  {"CSeq", "1 OPTIONS"}};
  for (const auto& [missing, ignored] : lines) {
    std::string text = "OPTIONS sip:alice@192.0.2.1 SIP/2.0\n" + good_via;
    for (const auto& [name, value] : lines) {
      if (name != missing) text.append(name).append(": ").append(value).append("\n");
    }
    const auto answer = answer_to(text + "\n");
    ASSERT_TRUE(answer) << missing;
    EXPECT_EQ(start_line(*answer).rfind("SIP/2.0 400 Missing " + missing + " (byte ", 0), 0U) << start_line(*answer);
  }
}

TEST_F(BadInputTest, TheReasonTellsTheByte) {
  const std::string text =
      sim::crlf("OPTIONS sip:alice@192.0.2.1 SIP/2.0\n" + good_via +
                "From: <sip:bob@example.com>;tag=7\nTo: <sip:alice@example.com>\nCall-ID: c1\nCSeq: x\n\n");
  const auto answer = answer_to(text);
  ASSERT_TRUE(answer);
  EXPECT_NE(answer->find("(byte " + std::to_string(text.find("CSeq: x") + 6) + ")"), std::string::npos)
      << start_line(*answer);
}

TEST_F(BadInputTest, ACopyOfABadRequestIsAnsweredAlikeAndAnotherOneIsNot) {
  const std::string head = "OPTIONS sip:alice@192.0.2.1 SIP/2.0\n" + good_via +
                           "From: <sip:bob@example.com>;tag=7\nTo: <sip:alice@example.com>\n";
  const auto first = answer_to(head + "Call-ID: c1\nCSeq: x\n\n");
  const auto copy = answer_to(head + "Call-ID: c1\nCSeq: x\n\n");
  const auto other = answer_to(head + "Call-ID: c2\nCSeq: x\n\n");
  ASSERT_TRUE(first && copy && other);
  EXPECT_EQ(*first, *copy);
  EXPECT_NE(sim::header_of(*first, "To"), sim::header_of(*other, "To"));
}

TEST_F(BadInputTest, AToTagThatIsThereStays) {
  const auto answer =
      answer_to("OPTIONS sip:alice@192.0.2.1 SIP/2.0\n" + good_via +
                "From: <sip:bob@example.com>;tag=7\nTo: <sip:alice@example.com>;tag=mine\nCall-ID: c1\nCSeq: x\n\n");
  ASSERT_TRUE(answer);
  EXPECT_EQ(sim::header_of(*answer, "To"), "<sip:alice@example.com>;tag=mine");
}

TEST_F(BadInputTest, ATruncatedInviteIsAnswered400) {
  const auto answer = answer_to("INVITE sip:alice@192.0.2.1 SIP/2.0\n" + good_via + "From: <sip:bob@exam");
  ASSERT_TRUE(answer);
  EXPECT_EQ(sim::status_of(*answer), 400);
  EXPECT_EQ(dropped(Drop::bad_request), 1U);
}

TEST_F(BadInputTest, AnAckIsNeverAnswered) {
  EXPECT_FALSE(answer_to("ACK sip:alice@192.0.2.1 SIP/2.0\n" + good_via +
                         "From: <sip:bob@example.com>;tag=7\nTo: <sip:alice@example.com>\nCall-ID: c1\n\n"));
  EXPECT_EQ(dropped(Drop::garbage), 1U);
}

TEST_F(BadInputTest, WithoutAUsableTopViaNobodyIsAnswered) {
  for (const char* via : {"", "Via: SIP/2.0/UDP ;branch=z9hG4bK1\n", "Via: nonsense\n"}) {
    EXPECT_FALSE(answer_to("OPTIONS sip:alice@192.0.2.1 SIP/2.0\n" + std::string(via) + via_less_options));
  }
  EXPECT_EQ(dropped(Drop::garbage), 3U);
}

TEST_F(BadInputTest, AnotherVersionIsAnswered505) {
  const auto answer = answer_to("OPTIONS sip:alice@192.0.2.1 SIP/7.0\n" + good_via + via_less_options);
  ASSERT_TRUE(answer);
  EXPECT_EQ(start_line(*answer), "SIP/2.0 505 Version Not Supported");
}

TEST_F(BadInputTest, WhatIsTooLongIsAnswered414Or513) {
  const auto uri =
      answer_to("OPTIONS sip:" + std::string(9000, 'a') + "@192.0.2.1 SIP/2.0\n" + good_via + via_less_options);
  ASSERT_TRUE(uri);
  EXPECT_EQ(sim::status_of(*uri), 414) << start_line(*uri);
  std::string lines;
  for (int i = 0; i < 300; ++i) lines += "X-A: b\n";
  const auto many = answer_to("OPTIONS sip:alice@192.0.2.1 SIP/2.0\n" + good_via + lines + via_less_options);
  ASSERT_TRUE(many);
  EXPECT_EQ(sim::status_of(*many), 513) << start_line(*many);
  const auto line = answer_to("OPTIONS sip:alice@192.0.2.1 SIP/2.0\n" + good_via + "X-A: " + std::string(20'000, 'b') +
                              "\n" + via_less_options);
  ASSERT_TRUE(line);
  EXPECT_EQ(sim::status_of(*line), 513) << start_line(*line);
}

TEST_F(BadInputTest, TheAnswerFollowsTheViaRulesToo) {
  const auto answer = answer_to(
      "OPTIONS sip:alice@192.0.2.1 SIP/2.0\nVia: SIP/2.0/UDP nat.example.com;rport;branch=z9hG4bK1\nCSeq: x\n\n");
  ASSERT_TRUE(answer);
  EXPECT_EQ(sim::param_of(*sim::header_of(*answer, "Via"), "received"), "192.0.2.2");
}

TEST_F(BadInputTest, ServerNamesUs) {
  layer.reset();
  open({.user_agent = "peal-test/1"});
  const auto answer = answer_to("OPTIONS sip:alice@192.0.2.1 SIP/7.0\n" + good_via + via_less_options);
  ASSERT_TRUE(answer);
  EXPECT_EQ(sim::header_of(*answer, "Server"), "peal-test/1");
}

TEST_F(BadInputTest, ABadResponseIsDroppedAndCounted) {
  EXPECT_FALSE(
      answer_to("SIP/2.0 486 Busy\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKb\nFrom: <sip:a@b>;tag=1\n\n"));
  EXPECT_EQ(dropped(Drop::bad_response), 1U);
}

TEST_F(BadInputTest, ABroken2xxToAnInviteIsPassedUpFlagged) {
  const std::string rest = "From: <sip:a@b>;tag=1\nTo: <sip:c@d>;tag=2\nCall-ID: x\nCSeq: 1 INVITE\n";
  hear("SIP/2.0 200 OK\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKb\n" + rest + "Contact: <sip:broken\n\n");
  ASSERT_EQ(user.responses.size(), 1U);
  EXPECT_EQ(user.broken_ones, 1);
  EXPECT_EQ(user.responses[0].first.call_id(), "x");
  hear("SIP/2.0 200 OK\nVia: nonsense\n" + rest + "\n");
  EXPECT_EQ(user.broken_ones, 2) << "a broken Via does not orphan the session";
  hear("SIP/2.0 200 OK\nVia: SIP/2.0/UDP 192.0.2.99:5060;branch=z9hG4bKb\n" + rest + "Contact: <sip:broken\n\n");
  EXPECT_EQ(user.broken_ones, 2);
  EXPECT_EQ(dropped(Drop::wrong_sent_by), 1U);
  EXPECT_EQ(dropped(Drop::bad_response), 2U);
}

/// As tutorials print it: blanks round `=` are legal, indented lines and `Content-Length: ...` are not.
TEST_F(BadInputTest, TheTutorialsInviteIsRefusedWithPlaceAndReason) {
  const auto answer = answer_to(
      "INVITE sip:alice@192.0.2.1 SIP/2.0\n"
      "   Via: SIP/2.0/UDP 192.0.2.2:5060;branch = z9hG4bK776asdhds\n"
      "   Max-Forwards: 70\n"
      "   To: Alice <sip:alice@example.com>\n"
      "   From: Bob <sip:bob@example.com>;tag = 1928301774\n"
      "   Call-ID: a84b4c76e66710\n"
      "   CSeq: 314159 INVITE\n"
      "   Content-Length: ...\n\n");
  EXPECT_FALSE(answer) << "the whole is one folded start line: no Via, nobody to answer";
  EXPECT_EQ(dropped(Drop::garbage), 1U);
  const auto unindented = answer_to(
      "INVITE sip:alice@192.0.2.1 SIP/2.0\n"
      "Via: SIP/2.0/UDP 192.0.2.2:5060;branch = z9hG4bK776asdhds\n"
      "Max-Forwards: 70\n"
      "To: Alice <sip:alice@example.com>\n"
      "From: Bob <sip:bob@example.com>;tag = 1928301774\n"
      "Call-ID: a84b4c76e66710\n"
      "CSeq: 314159 INVITE\n"
      "Content-Length: ...\n\n");
  ASSERT_TRUE(unindented);
  EXPECT_EQ(start_line(*unindented).rfind("SIP/2.0 400 Bad Content-Length (byte ", 0), 0U) << start_line(*unindented);
}

TEST_F(LayerTest, TheTutorialsInviteIsAcceptedOnceRepaired) {
  hear(
      "INVITE sip:alice@192.0.2.1 SIP/2.0\n"
      "Via: SIP/2.0/UDP 192.0.2.2:5060;branch = z9hG4bK776asdhds\n"
      "Max-Forwards: 70\n"
      "To: Alice <sip:alice@example.com>\n"
      "From: Bob <sip:bob@example.com>;tag = 1928301774\n"
      "Call-ID: a84b4c76e66710\n"
      "CSeq: 314159 INVITE\n"
      "Contact: <sip:bob@192.0.2.2>\n"
      "Content-Length: 0\n\n");
  ASSERT_EQ(user.requests.size(), 1U);
  EXPECT_EQ(user.requests[0].first.top_via().branch(), "z9hG4bK776asdhds");
}

}  // namespace
}  // namespace peal::inline v0::transport
