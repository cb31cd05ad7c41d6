#include "header_values.hpp"

#include <peal/message/dialog_values.hpp>
#include <peal/message/refer_values.hpp>

namespace value_test::refer_values {

using namespace peal;

TEST(ReferToTest, Rfc3515Section2_1) {
  for (const std::string_view text :
       {"sip:alice@atlanta.example.com",
        "<sip:bob@biloxi.example.net?Accept-Contact=sip:bobsdesk.biloxi.example.net&Call-ID%3D55432%40alicepc.atlanta."
        "example.com>",
        "<sip:dave@denver.example.org?Replaces=12345%40192.168.118.3%3B%20to-tag%3D12345%3Bfrom-tag%3D5FFE-3994>",
        "<sip:carol@cleveland.example.org;method=SUBSCRIBE>", "http://www.ietf.org"}) {
    const auto header = received("Refer-To: " + std::string(text) + "\r\nSubject: x\r\n").get(header::refer_to);
    // Call-ID%3D… has no "=": the RFC's slip
    EXPECT_EQ(header.has_value(), text.find("Call-ID%3D") == std::string_view::npos) << text;
  }
  EXPECT_EQ(ReferToView::parse("<sip:carol@cleveland.example.org;method=SUBSCRIBE>")->method(), "SUBSCRIBE");
  EXPECT_EQ(ReferToView::parse("sip:alice@atlanta.example.com;method=BYE")->method(), "INVITE");  // no URI parameter
  EXPECT_EQ(ReferToView::parse("http://www.ietf.org")->method(), "INVITE");
}

TEST(ReferToTest, CarriesReplaces) {  // RFC 3891 §5
  const auto request = received(
      "r: "
      "<sip:dave@denver.example.org?x=y&replaces=12345%40192.168.118.3%3Bto-tag%3D12345%3Bfrom-tag%3D5FFE-3994>\r\n");
  const auto target = request.get(header::refer_to);
  ASSERT_TRUE(target);
  const auto text = target->replaces();
  ASSERT_TRUE(text);
  const auto replaces = ReplacesView::parse(*text);
  ASSERT_TRUE(replaces);
  EXPECT_EQ(replaces->call_id(), "12345@192.168.118.3");
  EXPECT_EQ(replaces->from_tag(), "5FFE-3994");
  EXPECT_EQ(ReferToView::parse("<sip:a>")->replaces(), std::nullopt);
}

TEST(ReferToTest, Refuses) {
  expect_refused<ReferTo>({{"", parse_errc::empty, 0},
                           {"*", parse_errc::bad_scheme, 0},
                           {"sip:a@b, sip:b@d", parse_errc::trailing_bytes, 7},
                           {"sip:a@b;a=@", parse_errc::bad_parameter, 10},
                           {"<sip:a", parse_errc::unterminated_angle, 6}});
}

TEST(ReferToTest, Make) {
  const auto uri = UriView::parse("sip:dave@denver.example.org");
  const auto replaces = Replaces::make("a,b@c", "1", "2");
  const auto target = ReferTo::make(*uri, "x%41@[::1]?&=;to-tag=1");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->view().replaces(), "x%41@[::1]?&=;to-tag=1");
  EXPECT_EQ(ReferTo::make(*uri, "a@b;to-tag=1;from-tag=2")->text(),
            "<sip:dave@denver.example.org?Replaces=a%40b%3Bto-tag%3D1%3Bfrom-tag%3D2>");
  EXPECT_EQ(ReferTo::make(*UriView::parse("sip:a?b=c"), "d")->text(), "<sip:a?b=c&Replaces=d>");
  EXPECT_EQ(ReferTo::make(*uri)->text(), "<sip:dave@denver.example.org>");
  EXPECT_EQ(ReferTo::make(*UriView::parse("http://a/"), "x").error(), (ParseError{parse_errc::bad_scheme, 0}));
  EXPECT_FALSE(replaces);  // a comma is in no word
  auto request = received("");
  request.set(header::refer_to, NameAddr(*uri));
  EXPECT_EQ(request.get(header::refer_to)->uri().user(), "dave");
}

TEST(ReferredByTest, Rfc3892Section3) {
  const auto request =
      received("Referred-By: sip:r@ref.example\r\n ;cid=\"2UWQFN309shb3@ref.example\"\r\nSubject: x\r\n");
  const auto by = request.get(header::referred_by);
  ASSERT_TRUE(by);
  EXPECT_EQ(by->uri().text(), "sip:r@ref.example");
  EXPECT_EQ(by->cid(), "2UWQFN309shb3@ref.example");
  EXPECT_EQ(ReferredByView::parse("\"A\" <sip:r@ref.example>")->cid(), "");
  EXPECT_EQ(ReferredByView::parse("<sip:a>;cid=\"a.b@[::1]\"")->cid(), "a.b@[::1]");
  expect_same<ReferredBy>({"<sip:a>;cid=\" a@b \";x=y"});
  expect_refused<ReferredBy>({{"", parse_errc::empty, 0},
                              {"<sip:a>;cid=a", parse_errc::bad_parameter, 12},
                              {"<sip:a>;cid=\"a\"", parse_errc::bad_parameter, 12},
                              {"<sip:a>;cid=\"a..b@c\"", parse_errc::bad_parameter, 12},
                              {"<sip:a>;cid=\"a@\"", parse_errc::bad_parameter, 12},
                              {"<sip:a>;cid=\"a@b\";cid=\"a@b\"", parse_errc::repeated_parameter, 18}});
  const auto uri = UriView::parse("sip:a");
  EXPECT_EQ(ReferredBy::make(*uri, "a@b")->text(), "<sip:a>;cid=\"a@b\"");
  EXPECT_EQ(ReferredBy::make(*uri)->text(), "<sip:a>");
  EXPECT_EQ(ReferredBy::make(*uri, "a@\rb").error(), (ParseError{parse_errc::bad_byte, 2}));
}

TEST(ReferSubTest, Rfc4488Section4) {
  EXPECT_FALSE(received("Refer-Sub: False ;x=y\r\n").get(header::refer_sub)->subscribes());
  EXPECT_TRUE(ReferSub(true).view().subscribes());
  EXPECT_EQ(ReferSub(false).text(), "false");
  expect_refused<ReferSub>(
      {{"", parse_errc::empty, 0}, {"no", parse_errc::bad_token, 0}, {"false;", parse_errc::bad_parameter, 6}});
}

TEST(ReferEventsAtTest, Rfc7614Section4_8) {
  const auto request = received("Refer-Events-At: <sips:vPT3izGmo8NTpPrHF3@example.com;gr>;x=y\r\nSubject: x\r\n");
  EXPECT_EQ(request.get(header::refer_events_at)->uri().host(), "example.com");
  EXPECT_EQ(ReferEventsAt::make(*UriView::parse("sip:a@b"))->text(), "<sip:a@b>");
  EXPECT_EQ(ReferEventsAt::make(*UriView::parse("http://a/")).error(), (ParseError{parse_errc::bad_scheme, 1}));
  expect_refused<ReferEventsAt>({{"", parse_errc::empty, 0},
                                 {"sip:a@b", parse_errc::bad_name_addr, 0},
                                 {"A <sip:a@b>", parse_errc::bad_name_addr, 0},
                                 {"<tel:+1>", parse_errc::bad_scheme, 1}});
}

}  // namespace value_test::refer_values
