#include "header_values.hpp"

#include <peal/message/auth_values.hpp>
#include <peal/message/info_values.hpp>

namespace value_test::info_values {

using namespace peal;

TEST(WarningTest, Rfc3261Section20_43) {
  const auto request = received(
      "Warning: 307 isi.edu \"Session parameter 'foo' not understood\"\r\n"
      "Subject: x\r\n"
      "Warning: 301 isi.edu\r\n \"Incompatible network address type 'E.164'\", 399 [::1]:5060 \"a,\\\"b\"\r\n");
  const auto warnings = request.all(header::warning);
  ASSERT_EQ(warnings.size(), 3U);
  EXPECT_EQ(warnings[0]->code(), 307);
  EXPECT_EQ(warnings[0]->agent(), "isi.edu");
  EXPECT_EQ(warnings[0]->message(), "Session parameter 'foo' not understood");
  EXPECT_EQ(warnings[1]->message(), "Incompatible network address type 'E.164'");
  EXPECT_EQ(warnings[2]->agent(), "[::1]:5060");
  EXPECT_EQ(warnings[2]->message(), "a,\"b");
  expect_same<Warning>({"399 pseudo_nym \"\"", "000 host:5060 \"x\"", "399 127.0.0.1 \"\xc3\xa9\""});
}

TEST(WarningTest, ABadOneDoesNotHideTheNext) {
  const auto warnings = received("Warning: x \"a,b\", 301 a \"b\",, 302 a \"c\"\r\n").all(header::warning);
  ASSERT_EQ(warnings.size(), 4U);
  EXPECT_FALSE(warnings[0]);
  EXPECT_EQ(warnings[1]->code(), 301);
  EXPECT_FALSE(warnings[2]);
  EXPECT_EQ(warnings[3]->code(), 302);
}

TEST(WarningTest, Refuses) {
  expect_refused<Warning>({{"", parse_errc::empty, 0},
                           {"30 a \"b\"", parse_errc::bad_number, 2},
                           {"3070 a \"b\"", parse_errc::bad_byte, 3},
                           {"307", parse_errc::truncated, 3},
                           {"307 a", parse_errc::truncated, 5},
                           {"307 @ \"b\"", parse_errc::bad_host, 4},
                           {"307 a_b:5060 \"b\"", parse_errc::bad_host, 4},
                           {"307 a:99999 \"b\"", parse_errc::bad_port, 6},
                           {"307 [::g] \"b\"", parse_errc::bad_host, 4},
                           {"307 a b", parse_errc::bad_byte, 6},
                           {"307 a \"b", parse_errc::unterminated_quote, 6},
                           {"307 a \"b\" c", parse_errc::trailing_bytes, 9}});
}

TEST(WarningTest, Make) {
  auto request = received("");
  request.add(header::warning, *Warning::make(399, "a.example:5060", "say \"no\" \\"));
  EXPECT_EQ(request.raw(header::warning), R"(399 a.example:5060 "say \"no\" \\")");
  EXPECT_EQ(request.get(header::warning)->message(), "say \"no\" \\");
  EXPECT_EQ(Warning::make(399, "a", "x\r\nEvil: 1").error(), (ParseError{parse_errc::bad_byte, 1}));
  EXPECT_EQ(Warning::make(399, "a b", "").error(), (ParseError{parse_errc::trailing_bytes, 1}));
  EXPECT_EQ(Warning::make(399, "", "").error(), (ParseError{parse_errc::empty, 0}));
  EXPECT_EQ(Warning::make(99, "a", "").error(), (ParseError{parse_errc::bad_number, 0}));
  EXPECT_EQ(Warning::make(1000, "a", "").error(), (ParseError{parse_errc::bad_number, 0}));
}

TEST(InfoUriTest, Rfc3261Section20_9) {
  const auto request = received(
      "Call-Info: <http://wwww.example.com/alice/photo.jpg> ;purpose=icon,\r\n"
      "  <http://www.example.com/alice/> ;purpose=info\r\n"
      "Alert-Info: <http://www.example.com/sounds/moo.wav>\r\n"
      "Error-Info: <sip:not-in-service-recording@atlanta.com>\r\n");
  const auto infos = request.all(header::call_info);
  ASSERT_EQ(infos.size(), 2U);
  EXPECT_EQ(infos[0]->uri().text(), "http://wwww.example.com/alice/photo.jpg");
  EXPECT_EQ(infos[0]->purpose(), "icon");
  EXPECT_EQ(infos[1]->purpose(), "info");
  EXPECT_EQ(request.get(header::alert_info)->purpose(), "");                             // §20.4
  EXPECT_EQ(request.get(header::error_info)->uri().user(), "not-in-service-recording");  // §20.18
  expect_same<InfoUri>({"<urn:alert:service:normal>;appearance=1", "<cid:abcdef2@example.com>;purpose=card;x=\"a,b\""});
}

TEST(InfoUriTest, Refuses) {
  expect_refused<InfoUri>({{"", parse_errc::empty, 0},
                           {"http://a/", parse_errc::bad_name_addr, 0},
                           {"\"Bob\" <sip:a>", parse_errc::bad_name_addr, 0},
                           {"*", parse_errc::bad_name_addr, 0},
                           {"<a>", parse_errc::bad_scheme, 2},
                           {"<sip:a", parse_errc::unterminated_angle, 6},
                           {"<sip:a>;purpose=\"x\"", parse_errc::bad_parameter, 16},
                           {"<sip:a>;purpose=a;purpose=b", parse_errc::repeated_parameter, 18},
                           {"<sip:a> x", parse_errc::trailing_bytes, 7}});
}

TEST(InfoUriTest, Make) {
  const auto uri = UriView::parse("http://example.com/a,b");
  EXPECT_EQ(InfoUri::make(*uri, "card")->text(), "<http://example.com/a,b>;purpose=card");
  EXPECT_EQ(InfoUri::make(*uri)->text(), "<http://example.com/a,b>");
  EXPECT_EQ(InfoUri::make(*uri, "c;d").error(), (ParseError{parse_errc::bad_token, 1}));
  EXPECT_FALSE(InfoUri::make(UriView{}));
}

TEST(ProductsTest, Rfc3261Section20_35And20_41) {
  const auto server = products("HomeServer v2");
  ASSERT_TRUE(server);
  ASSERT_EQ(server->size(), 2U);
  EXPECT_EQ((*server)[0].name, "HomeServer");
  EXPECT_EQ((*server)[1].name, "v2");
  const auto request = received("User-Agent: Linphone/3.4.99.1 (eXosip2/3.3.0 (x)) Softphone / Beta1.5\r\n");
  const auto agent = products(*request.raw(header::user_agent));
  ASSERT_TRUE(agent);
  ASSERT_EQ(agent->size(), 3U);
  EXPECT_EQ((*agent)[0].version, "3.4.99.1");
  EXPECT_EQ((*agent)[1].comment, "(eXosip2/3.3.0 (x))");
  EXPECT_EQ((*agent)[2].version, "Beta1.5");
  EXPECT_EQ(products("").error(), (ParseError{parse_errc::empty, 0}));
  EXPECT_EQ(products("a/").error(), (ParseError{parse_errc::bad_token, 2}));
  EXPECT_EQ(products("a (b").error(), (ParseError{parse_errc::unterminated_quote, 2}));
  EXPECT_EQ(products("a(b)").error(), (ParseError{parse_errc::trailing_bytes, 1}));
  EXPECT_EQ(products("a @").error(), (ParseError{parse_errc::bad_token, 2}));
}

TEST(AuthInfoTest, Rfc3261Section20_6) {
  const auto request = received("Authentication-Info: nextnonce=\"47364c23432d2e131a5fb210812c\" \r\nSubject: x\r\n");
  const auto info = request.get(header::authentication_info);
  ASSERT_TRUE(info) << info.error().message();
  EXPECT_EQ(info->next_nonce(), "47364c23432d2e131a5fb210812c");
  EXPECT_EQ(info->nonce_count(), std::nullopt);
  const auto all = AuthInfoView::parse(R"(qop=auth, rspauth="0a1b", cnonce="c,d", nc=0000000a, future=x)");
  ASSERT_TRUE(all);
  EXPECT_EQ(all->qop(), "auth");
  EXPECT_EQ(all->response_auth(), "0a1b");
  EXPECT_EQ(all->cnonce(), "c,d");
  EXPECT_EQ(all->nonce_count(), 10U);
  EXPECT_EQ(all->raw("future"), "x");
}

TEST(AuthInfoTest, Refuses) {
  expect_refused<AuthInfo>({{"", parse_errc::empty, 0},
                            {"nextnonce", parse_errc::bad_challenge, 9},
                            {"nc=1", parse_errc::bad_parameter, 3},
                            {"nc=0000000A", parse_errc::bad_parameter, 3},
                            {"rspauth=\"xyz\"", parse_errc::bad_parameter, 8},
                            {"qop=auth nc=00000001", parse_errc::trailing_bytes, 9}});
}

TEST(AuthInfoTest, Make) {
  EXPECT_EQ(
      AuthInfo::make({.next_nonce = "n\"1", .qop = "auth", .response_auth = "ab", .cnonce = "c", .nonce_count = 26})
          ->text(),
      R"(nextnonce="n\"1", qop=auth, rspauth="ab", cnonce="c", nc=0000001a)");
  EXPECT_EQ(AuthInfo::make({.next_nonce = "a\nb"}).error(), (ParseError{parse_errc::bad_byte, 1}));
  EXPECT_EQ(AuthInfo::make({.qop = "a,b"}).error(), (ParseError{parse_errc::bad_token, 1}));
  EXPECT_EQ(AuthInfo::make({}).error(), (ParseError{parse_errc::empty, 0}));
}

}  // namespace value_test::info_values
