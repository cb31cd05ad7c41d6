#include "header_values.hpp"

#include <peal/message/history_values.hpp>

namespace value_test::history_values {

using namespace peal;

TEST(ReasonTest, Rfc3326Sections2And3) {
  const auto request = received(
      "Reason: SIP ;cause=200 ;text=\"Call completed elsewhere\"\r\n"
      "Subject: x\r\n"
      "Reason: Q.850 ;cause=16 ;text=\"Terminated\", SIP ;cause=600 ;text=\"Busy, \\\"Everywhere\\\"\",\r\n sip\r\n");
  const auto reasons = request.all(header::reason);
  ASSERT_EQ(reasons.size(), 4U);
  EXPECT_EQ(reasons[0]->protocol(), "SIP");
  EXPECT_EQ(reasons[0]->cause(), 200U);
  EXPECT_EQ(reasons[0]->message(), "Call completed elsewhere");
  EXPECT_TRUE(reasons[1]->is("q.850"));
  EXPECT_EQ(reasons[1]->cause(), 16U);
  EXPECT_EQ(reasons[2]->message(), "Busy, \"Everywhere\"");
  EXPECT_TRUE(reasons[3]->is("SIP"));
  EXPECT_EQ(reasons[3]->cause(), std::nullopt);
  EXPECT_EQ(reasons[3]->message(), "");
  EXPECT_EQ(ReasonView::parse("SIP;cause=4294967296")->cause(), std::nullopt);
  expect_same<Reason>({"SIP ;cause=580 ;text=\"Precondition Failure\"", "preemption;cause=1;x=y"});
}

TEST(ReasonTest, Refuses) {
  expect_refused<Reason>({{"", parse_errc::empty, 0},
                          {",", parse_errc::bad_token, 0},
                          {"\"nSIP\";cause=200;text=\"Ok\"", parse_errc::bad_token, 0},
                          {"SIP cause=200;text=\"Ok\"", parse_errc::trailing_bytes, 3},
                          {"SIP ;cause=200;text=\"Ok\";", parse_errc::bad_parameter, 25},
                          {"SIP;cause=x", parse_errc::bad_parameter, 10},
                          {"SIP;text=Ok", parse_errc::bad_parameter, 9},
                          {"SIP;cause=1;cause=2", parse_errc::repeated_parameter, 12}});
  auto request = received("");
  EXPECT_FALSE(request.set(header::reason, "SIP;cause=200, ,Q.850"));
  EXPECT_TRUE(request.set(header::reason, "SIP;cause=200, Q.850;cause=16"));
  EXPECT_EQ(request.all(header::reason).size(), 2U);
}

TEST(ReasonTest, Make) {
  EXPECT_EQ(Reason::make("SIP", 200, "Call \"completed\" elsewhere")->text(),
            R"(SIP;cause=200;text="Call \"completed\" elsewhere")");
  EXPECT_EQ(Reason::make("Q.850", std::nullopt)->text(), "Q.850");
  EXPECT_EQ(Reason::make("SIP", 1, "a\nb").error(), (ParseError{parse_errc::bad_byte, 1}));
  EXPECT_EQ(Reason::make("S;P", 1).error(), (ParseError{parse_errc::bad_token, 1}));
  auto request = received("Reason: SIP;cause=1\r\n");
  request.add(header::reason, *Reason::make("Q.850", 16));
  EXPECT_EQ(request.all(header::reason)[1]->cause(), 16U);
}

TEST(HistoryInfoTest, Rfc7044Section5) {
  const auto request = received(
      "History-Info: <sip:UserA@ims.example.com>;index=1;foo=bar\r\n"
      "History-Info: <sip:UserA@ims.example.com?Reason=SIP%3Bcause%3D302>;index=1.1,\r\n"
      " <sip:UserB@example.com?Privacy=history&Reason=SIP%3Bcause%3D486>;index=1.2;mp=1.1,\r\n"
      " <sip:45432@192.168.0.3>;index=1.3;rc=1.2\r\n");
  const auto entries = request.all(header::history_info);
  ASSERT_EQ(entries.size(), 4U);
  for (const auto& entry : entries) ASSERT_TRUE(entry) << entry.error().message();
  EXPECT_EQ(entries[0]->index(), "1");
  EXPECT_EQ(entries[0]->reason(), std::nullopt);
  EXPECT_EQ(entries[1]->reason(), "SIP;cause=302");
  EXPECT_EQ(entries[2]->mp(), "1.1");
  EXPECT_EQ(entries[2]->privacy(), "history");
  EXPECT_EQ(ReasonView::parse(*entries[2]->reason())->cause(), 486U);
  EXPECT_EQ(entries[3]->rc(), "1.2");
  EXPECT_EQ(entries[3]->uri().user(), "45432");
  expect_same<HistoryInfo>({"\"A\" <tel:+1>;index=1.10.0;np=1"});
}

TEST(HistoryInfoTest, Refuses) {
  expect_refused<HistoryInfo>({{"", parse_errc::empty, 0},
                               {"<sip:a>", parse_errc::missing_parameter, 7},
                               {"sip:a;index=1", parse_errc::bad_name_addr, 0},
                               {"<sip:a>;index=01", parse_errc::bad_parameter, 14},
                               {"<sip:a>;index=1.", parse_errc::bad_parameter, 14},
                               {"<sip:a>;index", parse_errc::bad_parameter, 8},
                               {"<sip:a>;index=1;rc=x", parse_errc::bad_parameter, 19},
                               {"<sip:a>;index=1;index=2", parse_errc::repeated_parameter, 16}});
}

TEST(HistoryInfoTest, Make) {
  const auto uri = UriView::parse("sip:a@b");
  EXPECT_EQ(HistoryInfo::make(*uri, "1")->text(), "<sip:a@b>;index=1");
  EXPECT_EQ(HistoryInfo::make(*uri, "1.1", Retargeted::mp, "1")->text(), "<sip:a@b>;index=1.1;mp=1");
  EXPECT_EQ(HistoryInfo::make(*uri, "1.1", Retargeted::rc, "1")->text(), "<sip:a@b>;index=1.1;rc=1");
  EXPECT_EQ(HistoryInfo::make(*uri, "1.1", Retargeted::np, "1")->text(), "<sip:a@b>;index=1.1;np=1");
  EXPECT_EQ(HistoryInfo::make(*uri, "1;x").error(), (ParseError{parse_errc::bad_token, 1}));
  EXPECT_EQ(HistoryInfo::make(*uri, "1.1", Retargeted::mp).error(), (ParseError{parse_errc::empty, 0}));
  EXPECT_FALSE(HistoryInfo::make(*uri, "a"));
}

TEST(DiversionTest, Rfc5806) {
  const auto request = received(
      "Diversion: <tel:+19195551002>;reason=user-busy;privacy=\"full\";screen=yes;counter=2,\r\n"
      " \"B\" <sip:b@c>;limit=10;reason=\"x,y\"\r\n"
      "Subject: x\r\n");
  const auto diversions = request.all(header::diversion);
  ASSERT_EQ(diversions.size(), 2U);
  ASSERT_TRUE(diversions[0] && diversions[1]);
  EXPECT_EQ(diversions[0]->reason(), "user-busy");
  EXPECT_EQ(diversions[0]->privacy(), "full");
  EXPECT_EQ(diversions[0]->screen(), "yes");
  EXPECT_EQ(diversions[0]->counter(), 2U);
  EXPECT_EQ(diversions[0]->limit(), std::nullopt);
  EXPECT_EQ(diversions[1]->reason(), "x,y");
  EXPECT_EQ(diversions[1]->limit(), 10U);
  EXPECT_EQ(diversions[1]->display_name(), "B");
  EXPECT_EQ(diversions[1]->privacy(), "");
  expect_refused<Diversion>({{"", parse_errc::empty, 0},
                             {"sip:a", parse_errc::bad_name_addr, 0},
                             {"<sip:a>;counter=100", parse_errc::bad_parameter, 16},
                             {"<sip:a>;limit=x", parse_errc::bad_parameter, 14},
                             {"<sip:a>;reason", parse_errc::bad_parameter, 8},
                             {"<sip:a>;reason=a;reason=b", parse_errc::repeated_parameter, 17}});
}

TEST(DiversionTest, Make) {
  const auto uri = UriView::parse("sip:a@b");
  EXPECT_EQ(Diversion::make(*uri, {.reason = "no-answer", .counter = 1, .privacy = "off", .screen = "no"})->text(),
            "<sip:a@b>;reason=no-answer;counter=1;privacy=off;screen=no");
  EXPECT_EQ(Diversion::make(*uri, {.reason = "no answer"}).error(), (ParseError{parse_errc::bad_token, 2}));
  EXPECT_FALSE(Diversion::make(*uri, {.counter = 100}));
}

TEST(UserToUserTest, Rfc7433Section4_1) {
  const auto request = received(
      "User-to-User: 56a390f3d2b7310023a2;encoding=hex;purpose=foo;content=bar,\r\n \"a,\\\"b\";x=y\r\n"
      "User-to-User: 0123\r\n");
  const auto values = request.all(header::user_to_user);
  ASSERT_EQ(values.size(), 3U);
  EXPECT_EQ(values[0]->data(), "56a390f3d2b7310023a2");
  EXPECT_EQ(values[0]->encoding(), "hex");
  EXPECT_EQ(values[0]->purpose(), "foo");
  EXPECT_EQ(values[0]->content(), "bar");
  EXPECT_EQ(values[1]->data(), "a,\"b");
  EXPECT_EQ(values[1]->encoding(), "");
  EXPECT_EQ(values[2]->data(), "0123");
  expect_refused<UserToUser>({{"", parse_errc::empty, 0},
                              {";encoding=hex", parse_errc::bad_token, 0},
                              {"a;encoding=\"hex\"", parse_errc::bad_parameter, 11},
                              {"a;purpose=b;purpose=c", parse_errc::repeated_parameter, 12},
                              {"\"a", parse_errc::unterminated_quote, 0}});
  EXPECT_EQ(UserToUser::make("56a3", {.encoding = "hex", .purpose = "p"})->text(), "56a3;encoding=hex;purpose=p");
  EXPECT_EQ(UserToUser::make("a,b", {})->text(), "\"a,b\"");
  EXPECT_EQ(UserToUser::make("a\rb", {}).error(), (ParseError{parse_errc::bad_byte, 1}));
  EXPECT_EQ(UserToUser::make("a", {.content = "b;c"}).error(), (ParseError{parse_errc::bad_token, 1}));
}

}  // namespace value_test::history_values
