#include "refusals.hpp"

#include <peal/message/message.hpp>
#include <peal/message/typed_headers.hpp>

namespace {

using namespace peal;
using peal_test::expect_refused;

// RFC 8224 §4.1.1
constexpr std::string_view passport_header =
    "eyJhbGciOiJFUzI1NiIsInR5cCI6InBhc3Nwb3J0IiwieDV1IjoiaHR0cHM6Ly9jZXJ0LmV4YW1wbGUub3JnL3Bhc3Nwb3J0LmNlciJ9";
constexpr std::string_view passport_payload =
    "eyJkZXN0Ijp7InVyaSI6WyJzaXA6YWxpY2VAZXhhbXBsZS5jb20iXX0sImlhdCI6IjE0NDMyMDgzNDUiLCJvcmlnIjp7InRuIjoiMTIxNTU1NTEyM"
    "TIifX0";
constexpr std::string_view passport_signature =
    "rq3pjT1hoRwakEGjHCnWSwUnshd0-zJ6F1VOgFWSjHBr8Qjpjlk-cpFYpFYsojNCpTzO3QfPOlckGaS6hEck7w";

TEST(IdentityTest, Rfc8224Section4_1_1FullForm) {
  const auto text = std::string(passport_header) + "." + std::string(passport_payload) + "." +
                    std::string(passport_signature) + ";info=<https://biloxi.example.org/biloxi.cert>";
  const auto identity = IdentityView::parse(text);
  ASSERT_TRUE(identity) << identity.error().message();
  EXPECT_FALSE(identity->is_compact());
  EXPECT_EQ(identity->header(), passport_header);
  EXPECT_EQ(identity->payload(), passport_payload);
  EXPECT_EQ(identity->signature(), passport_signature);
  EXPECT_EQ(identity->info().text(), "https://biloxi.example.org/biloxi.cert");
  EXPECT_EQ(identity->algorithm(), "ES256");
  EXPECT_EQ(identity->type(), "");
  EXPECT_EQ(identity->text(), text);
}

TEST(IdentityTest, Rfc8224Section4_1_1CompactForm) {
  const auto text = ".." + std::string(passport_signature) +
                    ";\tinfo=<https://biloxi.example.org/biloxi.cert;v=1>;alg=ES384;ppt=\"shaken\";x";
  const auto identity = IdentityView::parse(text);
  ASSERT_TRUE(identity) << identity.error().message();
  EXPECT_TRUE(identity->is_compact());
  EXPECT_EQ(identity->header(), "");
  EXPECT_EQ(identity->payload(), "");
  EXPECT_EQ(identity->signature(), passport_signature);
  EXPECT_EQ(identity->info().text(), "https://biloxi.example.org/biloxi.cert;v=1");
  EXPECT_EQ(identity->algorithm(), "ES384");
  EXPECT_EQ(identity->type(), "shaken");
  EXPECT_TRUE(identity->params().has("x"));
  EXPECT_FALSE(identity->params().has("info"));
}

TEST(IdentityTest, RefusesWhatIsNoPassportOrLacksItsInfo) {
  expect_refused<IdentityView>({{"", parse_errc::empty, 0},
                                {"Tm90IGEgcmVhbCBzaWduYXR1cmUs", parse_errc::bad_token, 28},
                                {"a.b.;info=<https:a>", parse_errc::bad_token, 4},
                                {".b.c;info=<https:a>", parse_errc::bad_token, 2},
                                {"a..c;info=<https:a>", parse_errc::bad_token, 2},
                                {"a.b.c.d;info=<https:a>", parse_errc::missing_parameter, 5},
                                {"\"a\";info=<https:a>", parse_errc::bad_token, 0},
                                {"..a", parse_errc::missing_parameter, 3},
                                {"..a;alg=ES256;info=<https:a>", parse_errc::missing_parameter, 4},
                                {"..a;info", parse_errc::bad_parameter, 8},
                                {"..a;info=https:a", parse_errc::bad_uri, 9},
                                {"..a;info=<https:a", parse_errc::unterminated_angle, 17},
                                {"..a;info=<a>", parse_errc::bad_scheme, 11},
                                {"..a;info=<https:a>;info=b", parse_errc::repeated_parameter, 19},
                                {"..a;info=<https:a>;alg=", parse_errc::bad_parameter, 23}});
}

TEST(IdentityTest, IsBuiltAndEdited) {
  const auto cert = *Uri::parse("https://biloxi.example.org/biloxi.cert");
  auto identity = *Identity::make("..abc", cert, "ES256", "div");
  EXPECT_EQ(identity.text(), "..abc;info=<https://biloxi.example.org/biloxi.cert>;alg=ES256;ppt=div");
  ASSERT_TRUE(identity.remove_param("alg"));
  ASSERT_TRUE(identity.set_param("ppt", "shaken"));
  EXPECT_EQ(peal_test::printed(identity), "..abc;info=<https://biloxi.example.org/biloxi.cert>;ppt=shaken");
  EXPECT_FALSE(identity.set_param("ppt", "a\r\nEvil: 1"));
  EXPECT_FALSE(identity.set_param("info", "x"));
  EXPECT_FALSE(Identity::make("..abc;x=1", cert));
  EXPECT_FALSE(Identity::make("..a\r\nb", cert));
  EXPECT_FALSE(Identity::make("..abc", UriView()));
  EXPECT_FALSE(Identity::make("..abc", cert, "E S"));
}

TEST(PrivacyTest, Rfc3323Section4_2) {
  const auto privacy = PrivacyView::parse("Id ; header;critical");
  ASSERT_TRUE(privacy) << privacy.error().message();
  EXPECT_TRUE(privacy->has("id"));
  EXPECT_TRUE(privacy->has("HEADER"));
  EXPECT_TRUE(privacy->has("critical"));
  EXPECT_FALSE(privacy->has("none"));
  EXPECT_FALSE(privacy->has("head"));
  std::string all;
  privacy->each([&](std::string_view value) { (all += value) += '|'; });
  EXPECT_EQ(all, "Id|header|critical|");
  EXPECT_TRUE(PrivacyView::parse("none")->has("none"));
  EXPECT_TRUE(PrivacyView::parse("history;something-new"));
  expect_refused<PrivacyView>({{"", parse_errc::empty, 0},
                               {";header;media", parse_errc::bad_token, 0},
                               {"header,media", parse_errc::trailing_bytes, 6},
                               {"none explicit", parse_errc::trailing_bytes, 4},
                               {"id;", parse_errc::bad_token, 3},
                               {"id;header;ID", parse_errc::repeated_parameter, 10},
                               {"none;critical", parse_errc::bad_token, 5},
                               {"id;none", parse_errc::bad_token, 3}});
}

TEST(PrivacyTest, IsBuilt) {
  EXPECT_EQ(Privacy::make({"id", "header", "critical"})->text(), "id;header;critical");
  EXPECT_TRUE(Privacy::make({"none"})->view().has("none"));
  EXPECT_EQ(Privacy::make({}).error().code, parse_errc::empty);
  EXPECT_EQ(Privacy::make({"id", "none"}).error().code, parse_errc::bad_token);
  EXPECT_EQ(Privacy::make({"id", "id"}).error().code, parse_errc::repeated_parameter);
  EXPECT_EQ(Privacy::make({"id\r\nEvil: 1"}).error().code, parse_errc::bad_token);
  EXPECT_EQ(Privacy::make({"id;user"}).error().code, parse_errc::bad_token);
}

TEST(AssertedIdentityTest, Rfc3325Section9_1) {
  const auto both =
      Request::parse(peal_test::invite_with("P-Asserted-Identity: \"Cullen Jennings\" <sip:fluffy@cisco.com>\r\n"
                                            "P-Asserted-Identity: tel:+14085264000\r\n"));
  ASSERT_TRUE(both);
  const auto ids = identities(*both, header::p_asserted_identity);
  ASSERT_TRUE(ids) << ids.error().message();
  EXPECT_EQ(ids->sip.display_name(), "Cullen Jennings");
  EXPECT_EQ(ids->tel.uri().user(), "+14085264000");
  EXPECT_EQ(identities(*both, header::p_preferred_identity).error().code, parse_errc::missing_header);

  const auto one =
      Request::parse(peal_test::invite_with("P-Preferred-Identity: <sips:a@b;x>, <tel:911;phone-context=+1>\r\n"));
  ASSERT_TRUE(one);
  EXPECT_TRUE(identities(*one, header::p_preferred_identity)->sip.uri().secure());
  const auto sip_alone = Request::parse(peal_test::invite_with("P-Preferred-Identity: sip:a@b\r\n"));
  EXPECT_TRUE(identities(*sip_alone, header::p_preferred_identity)->tel.text().empty());

  for (const auto* two : {"sip:a@b, sips:c@d", "tel:+1, tel:+2", "tel:+1, sip:a@b, tel:+2"}) {
    const auto request = Request::parse(peal_test::invite_with(std::string("P-Asserted-Identity: ") + two + "\r\n"));
    EXPECT_EQ(identities(*request, header::p_asserted_identity).error().code, parse_errc::repeated_header) << two;
  }
  const auto bad = Request::parse(peal_test::invite_with("P-Asserted-Identity: <mailto:a@b>, <sip:a@b>\r\n"));
  EXPECT_EQ(identities(*bad, header::p_asserted_identity).error(), (ParseError{parse_errc::bad_scheme, 1}));
}

TEST(AssertedIdentityTest, IsASipSipsOrTelUri) {
  expect_refused<IdentityAddr>({{"", parse_errc::empty, 0},
                                {"*", parse_errc::bad_scheme, 0},
                                {"<http://a/>", parse_errc::bad_scheme, 1},
                                {"urn:service:sos", parse_errc::bad_scheme, 0}});
  EXPECT_EQ(IdentityAddr::make("Bob", *Uri::parse("sip:bob@biloxi.com"))->text(), "\"Bob\" <sip:bob@biloxi.com>");
  EXPECT_EQ(IdentityAddr::make("Bob", *Uri::parse("urn:a:b")).error().code, parse_errc::bad_scheme);
  EXPECT_EQ(IdentityAddr::make("B\rb", *Uri::parse("sip:a")).error(), (ParseError{parse_errc::bad_byte, 1}));
}

TEST(PathTest, RouteValuesStandInBrackets) {  // RFC 3327 §4, RFC 3608 §5
  const auto request =
      Request::parse(peal_test::invite_with("Path: <sip:P3.EXAMPLEHOME.COM;lr>,<sip:P1.EXAMPLEVISITED.COM;lr>;x=y\r\n"
                                            "Path: sip:bare.example.com\r\n"
                                            "Service-Route: <sip:P2.HOME.EXAMPLE.COM;lr>,\r\n"
                                            "               <sip:HSP.HOME.EXAMPLE.COM;lr>\r\n"
                                            "P-Associated-URI: <sip:a@b>;c, \"d\" <tel:+1>\r\n"
                                            "P-Called-Party-ID: <sip:user1-business@example.com>\r\n"));
  ASSERT_TRUE(request);
  const auto path = request->all(header::path);
  ASSERT_EQ(path.size(), 3U);
  EXPECT_EQ(path[0]->uri().host(), "P3.EXAMPLEHOME.COM");
  EXPECT_EQ(path[1]->params().value("x"), "y");
  EXPECT_EQ(path[2].error(), (ParseError{parse_errc::bad_name_addr, 0}));
  EXPECT_EQ(request->all(header::service_route).size(), 2U);
  EXPECT_TRUE(request->all(header::service_route)[1]->uri().loose_router());
  EXPECT_EQ(request->all(header::p_associated_uri)[1]->display_name(), "d");
  EXPECT_EQ(request->get(header::p_called_party_id)->uri().user(), "user1-business");
}

TEST(PathTest, ABareAddressIsPutInBrackets) {
  Request request(method::register_, *Uri::parse("sip:example.com"));
  request.set(header::path, *NameAddr::parse("sip:p.example.com;x"));
  EXPECT_EQ(request.raw(header::path), "<sip:p.example.com>;x");
  request.add(header::path, BracketedAddr(*Uri::parse("sip:q.example.com;lr")));
  EXPECT_EQ(request.all(header::path).size(), 2U);
  EXPECT_EQ(BracketedAddr(*NameAddr::parse("A <sip:b>;x")).text(), "A <sip:b>;x");
  EXPECT_TRUE(BracketedAddr(*NameAddr::parse("*")).empty());
  EXPECT_FALSE(BracketedAddr::parse("sip:a"));
  EXPECT_FALSE(request.set(header::service_route, "sip:a"));
}

}  // namespace
