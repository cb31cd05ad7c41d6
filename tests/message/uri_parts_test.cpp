#include "refusals.hpp"

#include <peal/message/message.hpp>
#include <peal/message/uri.hpp>

namespace {

using namespace peal;
using peal_test::expect_refused;

UriView uri_view(std::string_view text) {
  const auto uri = UriView::parse(text);
  EXPECT_TRUE(uri) << text;
  return uri.value_or(UriView{});
}

bool same_uri(std::string_view a, std::string_view b) {
  const bool out = equivalent(uri_view(a), uri_view(b));
  EXPECT_EQ(equivalent(uri_view(b), uri_view(a)), out) << a << " | " << b;
  return out;
}

TEST(UriComparisonTest, Rfc3261Section19_1_4Equivalent) {
  EXPECT_TRUE(same_uri("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"));
  EXPECT_TRUE(same_uri("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"));
  EXPECT_TRUE(same_uri("sip:carol@chicago.com", "sip:carol@chicago.com;security=on"));
  EXPECT_TRUE(same_uri("sip:carol@chicago.com;newparam=5", "sip:carol@chicago.com;security=on"));
  EXPECT_TRUE(same_uri("sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
                       "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com"));
  EXPECT_TRUE(same_uri("sip:alice@atlanta.com?subject=project%20x&priority=urgent",
                       "sip:alice@atlanta.com?priority=urgent&subject=project%20x"));
}

TEST(UriComparisonTest, Rfc3261Section19_1_4NotEquivalent) {
  EXPECT_FALSE(same_uri("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"));
  EXPECT_FALSE(same_uri("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"));
  EXPECT_FALSE(same_uri("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"));
  EXPECT_FALSE(same_uri("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"));
  EXPECT_FALSE(same_uri("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"));
  EXPECT_FALSE(same_uri("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"));
}

TEST(UriComparisonTest, Rfc3261Section19_1_4IsNotTransitive) {
  EXPECT_TRUE(same_uri("sip:carol@chicago.com", "sip:carol@chicago.com;security=on"));
  EXPECT_TRUE(same_uri("sip:carol@chicago.com", "sip:carol@chicago.com;security=off"));
  EXPECT_FALSE(same_uri("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"));
}

TEST(UriComparisonTest, TheRulesOfRfc3261Section19_1_4) {
  EXPECT_FALSE(same_uri("sip:a@b", "sips:a@b"));
  EXPECT_FALSE(same_uri("sip:b", "sip:a@b"));
  EXPECT_FALSE(same_uri("sip:a@b", "sip:a:@b"));
  EXPECT_FALSE(same_uri("sip:a:x@b", "sip:a:X@b"));
  for (const auto* param : {"user=ip", "ttl=1", "method=INVITE", "maddr=b", "transport=udp"})
    EXPECT_FALSE(same_uri("sip:a@b", std::string("sip:a@b;") + param)) << param;
  EXPECT_FALSE(same_uri("sip:a%3Bb@c",
                        "sip:a;b@c"));  // ';' is reserved: its escape is another character
  EXPECT_FALSE(same_uri("sip:a?b=c", "sip:a?b=c&b=c"));
  EXPECT_FALSE(same_uri("sip:a?b=c&b=c&d=e", "sip:a?b=c&d=e&d=e"));
  EXPECT_TRUE(same_uri("sip:a@[2001:DB8::1]", "sip:a@[2001:db8:0:0:0:0:0:1]"));
}

TEST(UriComparisonTest, TelByRfc3966Section4) {
  EXPECT_TRUE(same_uri("tel:+1-201-555-0123", "tel:+1(201)555.0123"));
  EXPECT_TRUE(same_uri("TEL:+1", "tel:+1"));
  EXPECT_FALSE(same_uri("tel:+1", "tel:1;phone-context=+1"));
  EXPECT_TRUE(same_uri("tel:863-1234;phone-context=+1-914-555", "tel:8631234;PHONE-CONTEXT=+1914555"));
  EXPECT_TRUE(same_uri("tel:7042;phone-context=Example.com", "tel:7042;phone-context=example.COM"));
  EXPECT_FALSE(same_uri("tel:7042;phone-context=a-b.com", "tel:7042;phone-context=ab.com"));
  EXPECT_TRUE(same_uri("tel:+1;ext=12-34;a=b", "tel:+1;a=B;ext=1234"));
  EXPECT_FALSE(same_uri("tel:+1", "tel:+1;ext=1"));
  EXPECT_FALSE(same_uri("tel:+1;a", "tel:+1;b"));
  EXPECT_FALSE(same_uri("tel:+1;isub=1-2", "tel:+1;isub=12"));
  EXPECT_TRUE(same_uri("tel:a1;phone-context=x.y", "tel:A1;phone-context=x.y"));
}

TEST(UriComparisonTest, UrnByRfc8141Section3_2) {
  EXPECT_TRUE(same_uri("urn:example:a123,z456", "URN:EXAMPLE:a123,z456"));
  EXPECT_FALSE(same_uri("urn:example:a123,z456", "urn:example:A123,z456"));
  EXPECT_TRUE(same_uri("urn:example:a123%2Cz456", "URN:EXAMPLE:a123%2cz456"));
  EXPECT_FALSE(same_uri("urn:example:a123,z456", "urn:example:a123%2Cz456"));
  EXPECT_TRUE(same_uri("urn:example:a123,z456?+abc", "urn:example:a123,z456?=xyz"));
  EXPECT_FALSE(same_uri("urn:example:a123,z456", "urn:example:a123,z456/foo"));
  EXPECT_TRUE(same_uri("HTTP://a/B", "http://a/B"));
  EXPECT_FALSE(same_uri("http://a/B", "http://a/b"));
  EXPECT_FALSE(same_uri("http://a/B", "https://a/B"));
}

TEST(UriTelTest, Rfc3966Section3) {
  for (const auto* good :
       {"tel:+1-201-555-0123", "tel:7042;phone-context=example.com", "tel:863-1234;phone-context=+1-914-555",
        "tel:*#7;phone-context=+1", "tel:+358-555-1234567;postd=pp22", "tel:+1;isub=1%20a;x=y",
        "tel:1-800-(555).1;ext=1-2;phone-context=a.b.;z"})
    EXPECT_TRUE(UriView::parse(good)) << good;
  expect_refused<UriView>({{"tel:", parse_errc::bad_uri, 4},
                           {"tel:+", parse_errc::bad_uri, 4},
                           {"tel:-.", parse_errc::bad_uri, 4},
                           {"tel:911", parse_errc::missing_parameter, 4},
                           {"tel:+1 2", parse_errc::trailing_bytes, 6},
                           {"tel:+1a", parse_errc::trailing_bytes, 6},
                           {"tel:911;phone-context=_", parse_errc::bad_parameter, 8},
                           {"tel:911;phone-context=+", parse_errc::bad_parameter, 8},
                           {"tel:911;phone-context", parse_errc::bad_parameter, 8},
                           {"tel:+1;ext=x", parse_errc::bad_parameter, 7},
                           {"tel:+1;a=1;b;A=2", parse_errc::repeated_parameter, 13},
                           {"tel:+1;ext=1;ext=1", parse_errc::repeated_parameter, 13}});
}

TEST(UriPartsTest, ParametersThatHaveReaders) {
  const auto uri = uri_view(
      "sip:+1212@gw.com;Transport=tls;user=Phone;ttl=15;"
      "method=INVITE;maddr=239.255.255.1;lr=on;gr=x;ob");
  EXPECT_EQ(uri.transport(), "tls");
  EXPECT_TRUE(uri.is_phone());
  EXPECT_EQ(uri.ttl(), 15);
  EXPECT_EQ(uri.method(), "INVITE");
  EXPECT_EQ(uri.maddr(), "239.255.255.1");
  EXPECT_TRUE(uri.loose_router());
  EXPECT_TRUE(uri.is_gruu());
  EXPECT_TRUE(uri.is_outbound());
  const auto bare = uri_view("sip:a");
  EXPECT_EQ(bare.transport(), "");
  EXPECT_EQ(bare.maddr(), "");
  EXPECT_EQ(bare.method(), "");
  EXPECT_FALSE(bare.is_phone() || bare.loose_router() || bare.is_gruu() || bare.is_outbound() || bare.ttl());
  EXPECT_FALSE(uri_view("sip:a;user=ip").is_phone());
  EXPECT_FALSE(uri_view("sip:a;ttl=256").ttl());
  EXPECT_FALSE(uri_view("sip:a;ttl=x").ttl());
  EXPECT_EQ(uri_view("sip:a;ttl=255").ttl(), 255);
}

TEST(UriPartsTest, ParametersOfExtensionsAreKept) {
  const std::string text =
      "sip:a@b;comp=sigcomp;keep=30;alias=192.0.2.1~5060~2;oc=500;pn-provider="
      "acme;pn-param=acme-param;"
      "pn-prid=ZTY4ZDJlMzODE1NmUgKi0K;pn-purr;cause=302;bnc";
  auto uri = *Uri::parse(text);
  EXPECT_EQ(uri.params().value("comp"), "sigcomp");
  EXPECT_EQ(uri.params().value("alias"), "192.0.2.1~5060~2");
  EXPECT_EQ(uri.params().value("PN-Provider"), "acme");
  EXPECT_TRUE(uri.params().has("pn-purr"));
  EXPECT_EQ(NameAddr(uri).text(), "<" + text + ">");
}

TEST(UriPartsTest,
     HeadersAreReadByNameWithoutEscapes) {  // RFC 3891 §4: Replaces in a Refer-To
  const auto refer = NameAddrView::parse(
      "<sip:bob@biloxi.com?Replaces=12345%40192.168.118.3%3Bto-tag%3D12345%"
      "3Bfrom-tag%3D5FFE-3994&Require=replaces&x=>");
  ASSERT_TRUE(refer) << refer.error().message();
  EXPECT_EQ(refer->uri().header("replaces"), "12345@192.168.118.3;to-tag=12345;from-tag=5FFE-3994");
  EXPECT_EQ(refer->uri().header("Require"), "replaces");
  EXPECT_EQ(refer->uri().header("X"), "");
  EXPECT_EQ(refer->uri().header("Accept"), std::nullopt);
  EXPECT_EQ(uri_view("sip:a?%52eplaces=1").header("Replaces"), "1");
  EXPECT_EQ(uri_view("sip:a").header(""), std::nullopt);
}

TEST(UriPartsTest, EachPartEscapesWhatItsGrammarHasNoPlaceFor) {
  EXPECT_EQ(escape(UriPart::user, "a b;c?d/e&f=g+h$i,j:k@l%41#"), "a%20b;c?d/e&f=g+h$i,j%3Ak%40l%2541%23");
  EXPECT_EQ(escape(UriPart::password, "a;b?c/d:e@f&g=h+i$j,%"), "a%3Bb%3Fc%2Fd%3Ae%40f&g=h+i$j,%25");
  EXPECT_EQ(escape(UriPart::param, "a;b=c?d@e[f]/g:h&i+j$k,%"), "a%3Bb%3Dc%3Fd%40e[f]/g:h&i+j$k%2C%25");
  EXPECT_EQ(escape(UriPart::header, "a;b=c&d?e/f:g[h]+i$j,k@l %"), "a%3Bb%3Dc%26d?e/f:g[h]+i$j%2Ck%40l%20%25");
  std::string every;
  for (int byte = 0; byte < 256; ++byte) every += static_cast<char>(byte);
  for (const auto part : {UriPart::user, UriPart::password, UriPart::param, UriPart::header})
    EXPECT_EQ(unescape(escape(part, every)), every);
  EXPECT_TRUE(UriView::parse("sip:" + escape(UriPart::user, every) + ":" + escape(UriPart::password, every) +
                             "@h;x=" + escape(UriPart::param, every) + "?y=" + escape(UriPart::header, every)));
}

TEST(UriPartsTest, HeadersAreAddedAsData) {
  auto uri = *Uri::parse("sip:bob@biloxi.com;lr");
  ASSERT_TRUE(uri.add_header("Replaces", "a@b;to-tag=1;from-tag=%2"));
  ASSERT_TRUE(uri.add_header("Subject", "x & y\r\n"));
  EXPECT_EQ(uri.text(),
            "sip:bob@biloxi.com;lr?Replaces=a%40b%3Bto-tag%3D1%"
            "3Bfrom-tag%3D%252&Subject=x%20%26%20y%0D%0A");
  EXPECT_EQ(uri.view().header("Replaces"), "a@b;to-tag=1;from-tag=%2");
  EXPECT_EQ(uri.view().header("Subject"), "x & y\r\n");
  ASSERT_TRUE(uri.set_param("x", escape(UriPart::param, "a;b")));
  EXPECT_EQ(unescape(uri.params().value("x")), "a;b");
  EXPECT_EQ(uri.add_header("", "x").error().code, parse_errc::bad_uri);
  EXPECT_EQ(Uri::parse("tel:+1")->add_header("a", "b").error().code, parse_errc::bad_scheme);
}

TEST(UriPartsTest, AZoneNeverLeavesThisMachine) {
  EXPECT_EQ(Uri::sip("a", "fe80::1%eth0")->text(), "sip:a@[fe80::1]");
  EXPECT_EQ(Uri::sip("a", "[fe80::1%25eth0]", 5070)->text(), "sip:a@[fe80::1]:5070");
  EXPECT_EQ(Uri::sip("a", "[fe80::1]")->text(), "sip:a@[fe80::1]");
  for (const auto* bad : {"[fe80::1%eth0", "fe80::1%eth0]", "host%eth0", "fe80::zz%eth0", "192.0.2.1%eth0"})
    EXPECT_FALSE(Uri::sip("a", bad)) << bad;
  expect_refused<UriView>(
      {{"sip:a@[fe80::1%25eth0]", parse_errc::bad_host, 6}, {"sip:[fe80::1%eth0]", parse_errc::bad_host, 4}});
}

TEST(UriPartsTest,
     CommaSemicolonAndQuestionMarkStandInBrackets) {  // RFC 8217 §3
  for (const auto* text : {"sip:a,b@c", "sip:a@b;lr", "sip:a@b?c=d", "sip:a;x@b", "sip:a?b@c", "cid:a,b;c?d",
                           "tel:+1;ext=2", "urn:example:a,b"}) {
    const NameAddr addr(uri_view(text));
    EXPECT_EQ(addr.text(), "<" + std::string(text) + ">");
    EXPECT_EQ(NameAddrView::parse(addr.text())->uri().text(), text);
    Request request(method::options, *Uri::parse("sip:a"));
    request.set(header::to, addr);
    request.set(header::contact, addr);
    EXPECT_EQ(request.to().uri().text(), text);
    EXPECT_EQ(request.all(header::contact).size(), 1U) << text;
    const auto bare = NameAddrView::parse(text).value_or(NameAddrView{});  // they end a URI without <>
    EXPECT_NE(bare.uri().text(), text);
  }
}

}  // namespace
