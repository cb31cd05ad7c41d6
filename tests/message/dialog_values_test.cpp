#include "header_values.hpp"

#include <peal/message/dialog_values.hpp>

namespace value_test::dialog_values {

using namespace peal;
using namespace std::chrono_literals;

TEST(ReplacesTest, Rfc3891Section6_1) {
  const auto request = received(
      "Require: replaces\r\nReplaces: 98732@sip.example.com\r\n ;from-tag=r33th4x0r\r\n ;to-tag=ff87ff\r\nSubject: "
      "x\r\n");
  const auto replaces = request.get(header::replaces);
  ASSERT_TRUE(replaces);
  EXPECT_EQ(replaces->call_id(), "98732@sip.example.com");
  EXPECT_EQ(replaces->from_tag(), "r33th4x0r");
  EXPECT_EQ(replaces->to_tag(), "ff87ff");
  EXPECT_FALSE(replaces->early_only());
  EXPECT_TRUE(ReplacesView::parse("12adf2f34456gs5;to-tag=12345;from-tag=54321;Early-Only")->early_only());
  expect_same<Replaces>({"87134@171.161.34.23;to-tag=24796;from-tag=0", "a;baz;to-tag=1;early-only;from-tag=2"});
}

TEST(ReplacesTest, EachTagStandsExactlyOnce) {
  expect_refused<Replaces>({{"", parse_errc::empty, 0},
                            {"a@b", parse_errc::missing_parameter, 3},
                            {"a@b;to-tag=1", parse_errc::missing_parameter, 12},
                            {"a;to-tag=1;from-tag=2;to-tag=3", parse_errc::repeated_parameter, 22},
                            {"a;to-tag;from-tag=2", parse_errc::bad_parameter, 2},
                            {"a;to-tag=\"1\";from-tag=2", parse_errc::bad_parameter, 9},
                            {"a;to-tag=1;from-tag=2;early-only=no", parse_errc::bad_parameter, 33},
                            {"a@b@c;to-tag=1;from-tag=2", parse_errc::missing_parameter, 3},
                            {"a;to-tag=1;from-tag=2@", parse_errc::trailing_bytes, 21},
                            {"@b;to-tag=1;from-tag=2", parse_errc::bad_call_id, 0},
                            {"a;?=$;to-tag=0", parse_errc::bad_parameter, 2}});
}

TEST(ReplacesTest, Make) {
  EXPECT_EQ(Replaces::make("a@b", "1", "2")->text(), "a@b;to-tag=1;from-tag=2");
  EXPECT_EQ(Replaces::make("a@b", "1", "2", true)->text(), "a@b;to-tag=1;from-tag=2;early-only");
  EXPECT_EQ(Replaces::make("a;to-tag=9", "1", "2").error(), (ParseError{parse_errc::trailing_bytes, 1}));
  EXPECT_EQ(Replaces::make("a", "1;x", "2").error(), (ParseError{parse_errc::bad_token, 1}));
  EXPECT_EQ(Replaces::make("a", "", "2").error(), (ParseError{parse_errc::empty, 0}));
  EXPECT_FALSE(Replaces::make("a\r\nX: b", "1", "2"));
}

TEST(JoinTest, Rfc3911Section7_1) {
  const auto request = received("Join: 98732@sip.example.com;from-tag=r33th4x0r;to-tag=ff87ff\r\nSubject: x\r\n");
  const auto join = request.get(header::join);
  ASSERT_TRUE(join);
  EXPECT_EQ(join->call_id(), "98732@sip.example.com");
  EXPECT_EQ(join->from_tag(), "r33th4x0r");
  EXPECT_EQ(join->to_tag(), "ff87ff");
  expect_same<Join>({"12adf2f34456gs5;to-tag=12345;from-tag=54321", "a;to-tag=1;from-tag=0;early-only=x"});
  EXPECT_EQ(Join::make("a@b", "1", "2")->text(), "a@b;to-tag=1;from-tag=2");
  expect_refused<Join>({{"a;to-tag=1", parse_errc::missing_parameter, 10},
                        {"a;from-tag=1;from-tag=1;to-tag=1", parse_errc::repeated_parameter, 13}});
}

TEST(TargetDialogTest, Rfc4538Section10) {
  const auto request =
      received("Target-Dialog: fa77as7dad8-sd98ajzz@host.example.com\r\n  ;local-tag=kkaz-\r\n  ;remote-tag=6544\r\n");
  const auto target = request.get(header::target_dialog);
  ASSERT_TRUE(target);
  EXPECT_EQ(target->call_id(), "fa77as7dad8-sd98ajzz@host.example.com");
  EXPECT_EQ(target->local_tag(), "kkaz-");
  EXPECT_EQ(target->remote_tag(), "6544");
  EXPECT_EQ(TargetDialog::make("a@b", "l", "r")->text(), "a@b;local-tag=l;remote-tag=r");
  EXPECT_EQ(TargetDialog::make("a@b", "l", "r;x").error(), (ParseError{parse_errc::bad_token, 1}));
  expect_refused<TargetDialog>({{"a;local-tag=1", parse_errc::missing_parameter, 13},
                                {"a;remote-tag=1;local-tag=\"x\"", parse_errc::bad_parameter, 25}});
}

TEST(RSeqTest, Rfc3262Section7_1) {
  EXPECT_EQ(received("RSeq:  988789  \r\n").get(header::rseq)->value, 988789U);
  expect_same<RSeq>({"1", "4294967295"});
  expect_refused<RSeq>({{"", parse_errc::empty, 0},
                        {"0", parse_errc::bad_number, 0},
                        {"4294967296", parse_errc::bad_number, 0},
                        {"-1", parse_errc::bad_number, 0},
                        {"1 2", parse_errc::trailing_bytes, 1}});
}

TEST(RAckTest, Rfc3262Section7_2) {
  const auto request = received("RAck: 776656 1\r\n\tINVITE\r\nSubject: x\r\n");
  const auto rack = request.get(header::rack);
  ASSERT_TRUE(rack);
  EXPECT_EQ(*rack, (RAck{776656, 1, method::invite}));
  EXPECT_EQ(printed(*rack), "776656 1 INVITE");
  expect_same<RAck>({"1 0 INVITE", "4294967295 2147483647 EXTRA"});
  expect_refused<RAck>({{"", parse_errc::empty, 0},
                        {",", parse_errc::bad_number, 0},
                        {"0 1 INVITE", parse_errc::bad_number, 0},
                        {"4294967296 1 INVITE", parse_errc::bad_number, 0},
                        {"1", parse_errc::bad_number, 1},
                        {"1 -1 INVITE", parse_errc::bad_cseq, 2},
                        {"1 2147483648 INVITE", parse_errc::bad_cseq, 2},
                        {"1 2", parse_errc::bad_cseq, 3},
                        {"1 2 INVITE x", parse_errc::trailing_bytes, 10}});
}

TEST(SessionExpiresTest, Rfc4028Section4) {
  const auto request = received("x: 4000 ; Refresher = UAC;foo=bar\r\nMin-SE: 90;x\r\nSubject: x\r\n");
  const auto session = request.get(header::session_expires);
  ASSERT_TRUE(session);
  EXPECT_EQ(session->interval(), 4000s);
  EXPECT_EQ(session->refresher(), Refresher::uac);
  EXPECT_EQ(request.get(header::min_se)->interval(), 90s);
  EXPECT_EQ(SessionExpiresView::parse("1800")->refresher(), std::nullopt);
  EXPECT_EQ(SessionExpiresView::parse("1800;refresher=uas")->refresher(), Refresher::uas);
  EXPECT_EQ(SessionExpiresView::parse("99999999999999999999")->interval(), 4294967295s);
  expect_same<SessionExpires>({"1800", "180;refresher=uac"});
  expect_same<MinSe>({"3600", "1999 ; foo = bar"});
  expect_refused<SessionExpires>({{"", parse_errc::empty, 0},
                                  {"x", parse_errc::bad_number, 0},
                                  {"90;refresher=ua", parse_errc::bad_parameter, 13},
                                  {"90;refresher", parse_errc::bad_parameter, 3},
                                  {"90;refresher=uac;refresher=uas", parse_errc::repeated_parameter, 17},
                                  {"90, 100", parse_errc::trailing_bytes, 2}});
  expect_refused<MinSe>({{"", parse_errc::empty, 0}, {"-1", parse_errc::bad_number, 0}});
}

TEST(SessionExpiresTest, Make) {
  EXPECT_EQ(SessionExpires::make(1800s)->text(), "1800");
  EXPECT_EQ(SessionExpires::make(1800s, Refresher::uas)->text(), "1800;refresher=uas");
  EXPECT_EQ(SessionExpires::make(-1s).error(), (ParseError{parse_errc::bad_number, 0}));
  EXPECT_EQ(MinSe::make(90s)->text(), "90");
  auto request = received("Session-Expires: 1\r\n");
  request.set(header::session_expires, *SessionExpires::make(90s));
  EXPECT_EQ(request.raw("Session-Expires"), "90");
}

TEST(SessionIdTest, Rfc7989Section5) {
  const auto request = received(
      "Session-ID: ab30317f1a784dc48ff824d0d3715d86;\r\n            remote=47755a9de7794ba387653f2099600ef2\r\n");
  const auto id = request.get(header::session_id);
  ASSERT_TRUE(id);
  EXPECT_EQ(id->local(), "ab30317f1a784dc48ff824d0d3715d86");
  EXPECT_EQ(id->remote(), "47755a9de7794ba387653f2099600ef2");
  EXPECT_EQ(SessionIdView::parse(SessionIdView::nil)->remote(), "");  // RFC 7329
  EXPECT_EQ(SessionId::make(id->local())->view().remote(), SessionIdView::nil);
  EXPECT_EQ(SessionId::make(id->local(), "")->text(), id->local());
  EXPECT_FALSE(SessionId::make("AB30317F1A784DC48FF824D0D3715D86"));
  EXPECT_FALSE(SessionId::make(id->local(), "x\r\n"));
  expect_refused<SessionId>({{"", parse_errc::empty, 0},
                             {"ab30317f1a784dc48ff824d0d3715d8", parse_errc::truncated, 31},
                             {"AB30317f1a784dc48ff824d0d3715d86", parse_errc::bad_byte, 0},
                             {"ab30317f1a784dc48ff824d0d3715d867", parse_errc::trailing_bytes, 32},
                             {"ab30317f1a784dc48ff824d0d3715d86;remote=1", parse_errc::bad_parameter, 40},
                             {"00000000000000000000000000000000;remote=00000000000000000000000000000000;remote=x",
                              parse_errc::repeated_parameter, 73}});
}

TEST(AnswerModeTest, Rfc5373Section2) {
  const auto request = received("Answer-Mode: Auto;require\r\nPriv-Answer-Mode: manual ;x=y\r\n");
  const auto mode = request.get(header::answer_mode);
  ASSERT_TRUE(mode);
  EXPECT_TRUE(mode->is_auto());
  EXPECT_FALSE(mode->is_manual());
  EXPECT_TRUE(mode->required());
  const auto privileged = request.get(header::priv_answer_mode);
  EXPECT_TRUE(privileged->is_manual());
  EXPECT_FALSE(privileged->required());
  EXPECT_EQ(AnswerMode::make("Auto", true)->text(), "Auto;require");
  EXPECT_EQ(AnswerMode::make("Au to").error(), (ParseError{parse_errc::bad_token, 2}));
  expect_same<AnswerMode>({"Manual", "other;require;x"});
  expect_refused<AnswerMode>({{"", parse_errc::empty, 0}, {"Auto;require=yes", parse_errc::bad_parameter, 13}});
}

TEST(NumbersTest, FlowTimerAndMaxBreadth) {  // RFC 5626 §10, RFC 5393 §5.8
  const auto request = received("Flow-Timer: 120\r\nMax-Breadth: 60\r\n");
  EXPECT_EQ(request.get(header::flow_timer)->value, 120U);
  EXPECT_EQ(request.get(header::max_breadth)->value, 60U);
}

}  // namespace value_test::dialog_values
