// Each message through a whole user agent on the simulator: the answer that its peer gets, or the counter that tells of
// its silent end.
#include "stack.hpp"

#include <array>
#include <set>

namespace torture {
namespace {

using transport::Drop;

struct Expected {
  const char* name;
  int code;                      ///< what the RFC's prose wants of an endpoint that is no registrar; 0: silence
  Drop counted;                  ///< Drop::count: nothing is dropped
  std::string_view unread = "";  ///< which of From, To, Call-ID, CSeq cannot be read: they are copied as they stand, if
                                 ///< at all there, and such a To gets no tag
  std::uint16_t port = 5060;     ///< of the top Via's sent-by
};
std::ostream& operator<<(std::ostream& out, const Expected& expected) { return out << expected.name; }

constexpr auto none = Drop::count;

constexpr std::array<Expected, 61> answers{{
    {"wsinv", 481, none},    // well formed; but its To has a tag, and there is no such dialog (RFC 3261 §12.2.2)
    {"intmeth", 501, none},  // "Endpoints will generate a 501"
    {"esc01", 200, none},
    {"escnull", 405, none},  // REGISTER: here is no registrar; see RegistrarTest
    {"esc02", 501, none},    // "An endpoint would reject this message with a 501."
    {"lwsdisp", 200, none},
    {"longreq", 200, none},
    {"dblreq", 405, none},  // one answer, and none to the INVITE behind it
    {"semiuri", 200, none},
    {"transports", 200, none},  // "process it exactly as if the 2nd and subsequent header field values specified UDP"
    {"mpart01", 405, none, "", 5070},  // MESSAGE: without its module
    {"unreason", 0, Drop::stray_response},
    {"noreason", 0, Drop::stray_response},
    {"badinv01", 400, Drop::bad_request},  // "should respond with a 400 Bad Request"
    {"clerr", 400, Drop::bad_request},     // "the receiving element should respond with a 400 Bad Request error"
    {"ncl", 400, Drop::bad_request},       // "should respond with an error"
    {"scalar02", 400, Drop::bad_request, "CSeq"},     // "should respond with a 400 Bad Request due to the CSeq error"
    {"scalarlg", 0, Drop::bad_response},              // "will simply discard it"
    {"quotbal", 400, Drop::bad_request, "To", 5050},  // "should return a 400 Bad Request error"
    {"ltgtruri", 400, Drop::bad_request},          // "reasonable always to reject a request with this error with a 400"
    {"lwsruri", 400, Drop::bad_request},           // "should respond with a 400 Bad Request"
    {"lwsstart", 400, Drop::bad_request},          // "It is acceptable to reject this request as malformed."
    {"trws", 400, Drop::bad_request},              // the same words
    {"escruri", 200, none},                        // "could choose to be liberal … and ignore the escaped headers"
    {"baddate", 200, none},                        // "an element shouldn't do that" (reject)
    {"regbadct", 400, Drop::bad_request},          // "reasonable … to respond with a 400 Bad Request"
    {"badaspec", 400, Drop::bad_request, "To"},    // "reasonable to reject this request with a 400"
    {"baddn", 400, Drop::bad_request, "From To"},  // "reasonable always to reject this kind of error with a 400"
    {"badvers", 505, Drop::bad_request},           // "should respond to the request with a 505 Version Not Supported"
    {"mismatch01", 400, Drop::bad_request},        // "will respond with a 400 Bad Request"
    // "should respond with a 501 Not Implemented. A 400 Bad Request is also acceptable": the transport floor, which
    // answers without state, does not know the methods of the installed modules.
    {"mismatch02", 400, Drop::bad_request},
    {"bigcode", 0, Drop::bad_response},  // "should simply drop it"
    {"badbranch", 200, none},            // "it could fall back to the RFC 2543-style transaction identifier"
    {"insuf", 400, Drop::bad_request, "From To Call-ID"},  // "Ideally, it will respond with a 400 Bad Request error."
    {"unkscm", 416, none},                                 // "will reject it with a 416 Unsupported URI Scheme"
    {"novelsc", 416, none},                                // "never accept this scheme as meaningful …: 416"
    {"unksm2", 405, none},
    {"bext01", 420, none, "", 5061},      // "will respond with a 420 Bad Extension"
    {"invut", 415, none},                 // "would reject it with a 415 Unsupported Media Type"
    {"regaut01", 405, none},              // "Endpoints choosing not to act as registrars … A 405 … is appropriate."
    {"multi01", 400, Drop::bad_request},  // "would respond with a 400 Bad Request error"
    {"mcl01", 400, Drop::bad_request},    // "should respond with an error"
    {"bcast", 0, Drop::stray_response},   // "an endpoint receiving this message should simply discard it"
    {"zeromf", 200, none},                // "as if the Max-Forwards field value were still positive"
    {"cparam01", 405, none},
    {"cparam02", 405, none},
    {"regescrt", 405, none},
    {"sdp01", 406, none},    // "could respond with a 406 …. It is also appropriate to respond with a 400"
    {"inv2543", 200, none},  // "should be accepted by RFC 3261 elements that want to maintain …"
    // RFC 5118
    {"ipv6-good", 405, none},
    {"ipv6-bad", 400, Drop::bad_request},  // "should respond with a 400 Bad Request error"
    {"port-ambiguous", 405, none},
    {"port-unambiguous", 405, none},
    {"via-received-param-with-delim", 481, none},  // BYE of a dialog that is not there
    {"via-received-param-no-delim", 200, none},
    {"ipv6-in-sdp", 488, none},  // well formed; its codecs G726-32 and H263 are none of ours
    {"mult-ip-in-header", 481, none, "", 6050},
    {"mult-ip-in-sdp", 200, none},
    {"ipv4-mapped-ipv6", 488, none, "", 19823},  // codecs as in ipv6-in-sdp
    {"ipv6-bug-abnf-3-colons", 200, none},
    {"ipv6-correct-abnf-2-colons", 200, none},
}};

/// Answers that need rules which are not there yet. To turn one on: delete its line.
struct Waiting {
  const char* name;
  int now;
  const char* why;
};
constexpr std::array<Waiting, 1> waiting{{
    {"sdp01", 200, "406 when Accept leaves out what an INVITE must be answered with (RFC 3261 §20.1, §21.4.7)"},
}};

const Expected& expected_of(std::string_view name) {
  return *std::find_if(answers.begin(), answers.end(), [&](const auto& a) { return a.name == name; });
}
const Waiting* waiting_of(std::string_view name) {
  const auto it = std::find_if(waiting.begin(), waiting.end(), [&](const auto& w) { return w.name == name; });
  return it == waiting.end() ? nullptr : &*it;
}

std::string cseq_method(const std::string& answer) {
  const auto cseq = sim::header_of(answer, "CSeq").value_or("");
  return cseq.substr(std::min(cseq.size(), cseq.find_last_of(" \t") + 1));
}

/// RFC 3261 §8.2.6.2, as far as the request could be read.
void expect_copied(const std::string& request, const std::string& answer, std::string_view unread) {
  struct Copied {
    const char* name;
    const char* compact;
  };
  for (const auto& [name, compact] :
       {Copied{"Via", "v"}, Copied{"From", "f"}, Copied{"To", "t"}, Copied{"Call-ID", "i"}, Copied{"CSeq", ""}}) {
    auto theirs = values_of(request, name, compact);
    auto ours = values_of(answer, name, compact);
    const std::string_view which(name);
    if (which != "Via" && theirs.size() > 1) theirs.resize(1);  // the first of those that must not be repeated
    ASSERT_EQ(ours.size(), theirs.size()) << name;
    if (ours.empty()) continue;
    if (which == "Via") {  // received and rport are added to the first (§18.2.1)
      EXPECT_EQ(ours[0].substr(0, 12), theirs[0].substr(0, 12));
      EXPECT_NE(ours[0].find("received="), std::string::npos) << ours[0];
      ours.erase(ours.begin());
      theirs.erase(theirs.begin());
    }
    if (which == "To" && unread.find("To") == std::string_view::npos) {
      EXPECT_TRUE(ours[0].starts_with(theirs[0])) << ours[0];
      EXPECT_NE(ours[0].find("tag"), std::string::npos) << "every final answer has a tag";
      if (ours[0] != theirs[0]) {
        EXPECT_EQ(ours[0].find(";tag=", theirs[0].size()), theirs[0].size());
      }
      continue;
    }
    EXPECT_EQ(ours, theirs) << name;
  }
}

class AnswerTest : public testing::TestWithParam<Expected> {};

TEST_P(AnswerTest, IsAnsweredAsTheProseSays) {
  const auto& expected = GetParam();
  const auto& verdict = verdict_of(expected.name);
  const auto text = text_of(expected.name);
  World world(expected.port, of_rfc5118(verdict));
  const auto got = world.ask(text);
  const auto* wait = waiting_of(expected.name);
  if (expected.code == 0) {
    EXPECT_TRUE(got.empty());
  } else {
    ASSERT_EQ(got.size(), 1U);
    EXPECT_EQ(sim::status_of(got[0]), wait != nullptr ? wait->now : expected.code) << got[0];
    expect_copied(text, got[0], expected.unread);
    EXPECT_EQ(Response::parse(got[0]).has_value(), expected.unread.empty()) << "what we say is well formed";
    const bool offered = cseq_method(got[0]) == "INVITE" && (expected.code == 200 || expected.code == 488);
    EXPECT_EQ(world.handler.offered, offered || wait != nullptr ? 1 : 0);
  }
  for (const auto drop : {Drop::empty, Drop::garbage, Drop::bad_request, Drop::bad_response, Drop::wrong_sent_by,
                          Drop::stray_response, Drop::stray_ack, Drop::stray_cancel, Drop::unsendable})
    EXPECT_EQ(world.dropped(drop), drop == expected.counted ? 1U : 0U) << transport::name_of(drop);
  // The user agent works on.
  EXPECT_EQ(world.works_on(expected.port), 200);
}

std::string answer_name(const testing::TestParamInfo<Expected>& info) { return test_name(info.param.name); }
INSTANTIATE_TEST_SUITE_P(Rfc4475, AnswerTest, testing::ValuesIn(answers.begin(), answers.begin() + 49), answer_name);
INSTANTIATE_TEST_SUITE_P(Rfc5118, AnswerTest, testing::ValuesIn(answers.begin() + 49, answers.end()), answer_name);

TEST(AnswerTableTest, HoldsEveryMessageOnceAndWaitsForNothingThatIsThere) {
  for (std::size_t i = 0; i < answers.size(); ++i) EXPECT_STREQ(answers[i].name, verdicts[i].name);
  std::set<std::string_view> names;
  for (const auto& wait : waiting) {
    EXPECT_TRUE(names.insert(wait.name).second) << wait.name;
    EXPECT_NE(wait.now, expected_of(wait.name).code) << wait.name << " is there: delete its line";
    EXPECT_FALSE(std::string_view(wait.why).empty());
  }
}

// ---- what the answers tell

std::string answer_to(std::string_view name) {
  const auto& expected = expected_of(name);
  World world(expected.port);
  const auto got = world.ask(text_of(name));
  return got.empty() ? std::string() : got[0];
}

/// "Endpoints will generate a 501 listing the methods they understand in an Allow header field."
TEST(AnswerDetailTest, intmeth) {
  EXPECT_EQ(sim::header_of(answer_to("intmeth"), "Allow"), "INVITE, ACK, BYE, CANCEL, OPTIONS");
}
TEST(AnswerDetailTest, esc02) {
  EXPECT_EQ(sim::header_of(answer_to("esc02"), "Allow"), "INVITE, ACK, BYE, CANCEL, OPTIONS");
}
TEST(AnswerDetailTest, escnull) {  // RFC 3261 §8.2.1
  EXPECT_EQ(sim::header_of(answer_to("escnull"), "Allow"), "INVITE, ACK, BYE, CANCEL, OPTIONS");
}
/// "… listing these features from either the Require or Proxy-Require header field, depending on the role"
TEST(AnswerDetailTest, bext01) {
  const auto tags = sim::headers_of(answer_to("bext01"), "Unsupported");
  std::string all;
  for (const auto& tag : tags) all += (all.empty() ? "" : ", ") + tag;
  EXPECT_EQ(all, "nothingSupportsThis, nothingSupportsThisEither");
}
/// RFC 3261 §21.4.13: with what it does accept.
TEST(AnswerDetailTest, invut) {
  EXPECT_NE(sim::header_of(answer_to("invut"), "Accept").value_or("").find("application/sdp"), std::string::npos);
}
/// The reason says what is wrong and where.
TEST(AnswerDetailTest, ncl) {
  const auto text = text_of("ncl");
  EXPECT_TRUE(
      answer_to("ncl").starts_with("SIP/2.0 400 Bad Content-Length (byte " + std::to_string(text.find("-999"))));
}
TEST(AnswerDetailTest, insuf) { EXPECT_TRUE(answer_to("insuf").starts_with("SIP/2.0 400 Missing From (byte ")); }

/// "preferably statelessly": no bad request leaves anything behind.
TEST(AnswerDetailTest, badRequestsLeaveNothingBehind) {
  for (const auto& expected : answers) {
    if (expected.counted != Drop::bad_request) continue;
    World world(expected.port, of_rfc5118(verdict_of(expected.name)));
    world.ask(text_of(expected.name));
    const auto counters = world.ua->counters();
    ASSERT_TRUE(counters);
    EXPECT_EQ(counters->core.transaction.server_machines + counters->core.transaction.echo_records, 0U)
        << expected.name;
  }
}

/// An INVITE of RFC 2543: a copy (no branch) is the same transaction (§17.2.3), its ACK ends the repetition.
TEST(AnswerDetailTest, inv2543) {
  World world;
  ASSERT_EQ(world.ask(text_of("inv2543")).size(), 1U);
  const auto again = world.ask(text_of("inv2543"));
  EXPECT_LE(again.size(), 1U);
  EXPECT_EQ(world.handler.offered, 1) << "a copy is no second call";
}

// ---- responses to a request of ours: what of them a call hears

class ResponseTest : public testing::Test {
 protected:
  /// alice calls the peer, who says `start_line`, the INVITE's Via lines and then `more`.
  std::string call_and_answer(const std::string& start_line, const std::string& more,
                              const std::string& more_vias = "") {
    world_.ua->invite("sip:bob@198.51.100.2", InviteOptions(), [&](Result<Call> call) { ok_ = call.has_value(); });
    const auto invite = world_.peer.expect("INVITE");
    if (!invite) return "no INVITE";
    std::string text = start_line + "\r\n";
    for (const auto& via : sim::headers_of(invite->text, "Via")) text += "Via: " + via + "\r\n";
    text += more_vias;
    for (const char* name : {"From", "Call-ID"})
      text += std::string(name) + ": " + *sim::header_of(invite->text, name) + "\r\n";
    text += "To: " + *sim::header_of(invite->text, "To") + ";tag=2229\r\n" + more;
    if (more.find("CSeq") == std::string::npos) text += "CSeq: " + *sim::header_of(invite->text, "CSeq") + "\r\n";
    text += "Contact: <sip:bob@198.51.100.2>\r\nContent-Length: 0\r\n\r\n";
    world_.peer.send(text, invite->from);
    const auto next = world_.peer.expect("", 700ms);
    return next ? next->text.substr(0, next->text.find(' ')) : "";
  }
  World world_;
  bool ok_ = false;
};

/// Any reason phrase will do: the 200 is a 200 (and without an answer the call is acknowledged and ended).
TEST_F(ResponseTest, unreason) {
  const auto text = text_of("unreason");
  EXPECT_EQ(call_and_answer(text.substr(0, text.find("\r\n")), ""), "ACK");
}
/// A 100 without a phrase stops the retransmissions of the INVITE.
TEST_F(ResponseTest, noreason) { EXPECT_EQ(call_and_answer("SIP/2.0 100 ", ""), ""); }
/// "If it were not present, this message could be rejected as invalid".
TEST_F(ResponseTest, noreasonAndNoSpace) { EXPECT_EQ(call_and_answer("SIP/2.0 100", ""), "INVITE") << "dropped"; }
/// "should simply drop it": the INVITE is sent again at T1 as if nothing had come.
TEST_F(ResponseTest, bigcode) {
  EXPECT_EQ(call_and_answer("SIP/2.0 4294967301 better not break the receiver", ""), "INVITE");
  EXPECT_EQ(world_.dropped(Drop::bad_response), 1U);
}
TEST_F(ResponseTest, scalarlg) {
  EXPECT_EQ(call_and_answer("SIP/2.0 503 Service Unavailable", "CSeq: 9292394834772304023312 INVITE\r\n"), "INVITE");
  EXPECT_EQ(world_.dropped(Drop::bad_response), 1U);
}
/// RFC 3261 §8.1.3.3: "If more than one Via header field value is present in a response, the UAC SHOULD discard the
/// message."
TEST_F(ResponseTest, bcast) {
  EXPECT_EQ(call_and_answer("SIP/2.0 200 OK", "", "Via: SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1saber23\r\n"),
            "INVITE");
  EXPECT_EQ(world_.dropped(Drop::bad_response), 1U);
}

}  // namespace
}  // namespace torture
