// What the prose of RFC 4475 says stands in each message, and what of an invalid one can still be read.
#include "torture_message.hpp"

#include <peal/message/sdp/session_description.hpp>

namespace torture {
namespace {

using namespace std::string_view_literals;

std::string joined(std::string_view word, int times) {
  std::string out;
  for (; times > 0; --times) out += word;
  return out;
}

void expect_sdp_of_150_bytes(const Request& request) {
  EXPECT_EQ(request.body().size(), 150U);
  const auto body = request.body_of("application", "sdp");
  ASSERT_TRUE(body);
  const auto description = sdp::parse(*body);
  ASSERT_TRUE(description);
  ASSERT_EQ(description->media().size(), 2U);
  EXPECT_EQ(description->media()[0].port(), 49217);
  EXPECT_EQ(description->media()[1].type(), "video");
}

TEST(Rfc4475ValuesTest, wsinv) {
  const auto request = request_of("wsinv");
  EXPECT_EQ(request.method(), method::invite);
  EXPECT_EQ(request.uri().user(), "vivekg");
  EXPECT_EQ(request.uri().host(), "chair-dnrc.example.com");
  const auto unknown = request.uri().params().find("unknownparam");
  ASSERT_TRUE(unknown);
  EXPECT_FALSE(unknown->has_value) << "a uri parameter with no value";
  EXPECT_EQ(request.to().uri().text(), "sip:vivekg@chair-dnrc.example.com");
  EXPECT_EQ(request.to_tag(), "1918181833n");
  EXPECT_EQ(request.from().display_name(), R"(J Rosenberg \")") << "escaped characters within quotes";
  EXPECT_EQ(request.from().uri().text(), "sip:jdrosen@example.com");
  EXPECT_EQ(request.from_tag(), "98asjd8");
  EXPECT_EQ(request.get(header::max_forwards)->value, 68U) << "leading zeros";
  EXPECT_EQ(request.cseq().number, 9U) << "leading zeros";
  EXPECT_EQ(request.cseq().method, method::invite);
  EXPECT_EQ(request.call_id(), "wsinv.ndaksdj@192.0.2.1");
  EXPECT_EQ(request.raw(header::subject), "") << "an empty subject";

  const auto vias = request.all(header::via);
  ASSERT_EQ(vias.size(), 3U) << "both comma separated and separately listed, short form and long";
  EXPECT_EQ(vias[0]->transport(), "UDP");
  EXPECT_EQ(vias[0]->host(), "192.0.2.2");
  EXPECT_EQ(vias[0]->branch(), "390skdjuw");
  EXPECT_FALSE(vias[0]->has_magic_cookie());
  EXPECT_EQ(vias[1]->transport(), "TCP");
  EXPECT_EQ(vias[1]->host(), "spindle.example.com");
  EXPECT_EQ(vias[1]->branch(), "z9hG4bK9ikj8");
  EXPECT_EQ(vias[2]->host(), "192.168.255.111");
  EXPECT_EQ(vias[2]->branch(), "z9hG4bK30239");

  const auto route = request.get(header::route);
  ASSERT_TRUE(route);
  EXPECT_TRUE(route->uri().params().has("lr"));
  EXPECT_EQ(route->uri().params().value("unknownwith"), "value");
  EXPECT_FALSE(route->uri().params().find("unknown-no-value")->has_value);
  const auto contact = request.get(header::contact);
  ASSERT_TRUE(contact);
  EXPECT_EQ(contact->display_name(), R"(Quoted string "")");
  EXPECT_EQ(contact->params().value("newparam"), "newvalue");
  EXPECT_FALSE(contact->params().find("secondparam")->has_value) << "a header parameter with no value";
  EXPECT_EQ(contact->params().value("q"), "0.33");

  EXPECT_EQ(request.raw("NewFangledHeader"), "newfangled value   continued newfangled value");
  EXPECT_EQ(request.raw("UnknownHeaderWithUnusualValue"), ";;,,;;,;") << "it must parse it as a header value";
  expect_sdp_of_150_bytes(request);
}

TEST(Rfc4475ValuesTest, intmeth) {
  const auto request = request_of("intmeth");
  EXPECT_EQ(request.method().name(), "!interesting-Method0123456789_*+`.%indeed'~");
  EXPECT_EQ(request.cseq().method, request.method());
  EXPECT_EQ(request.cseq().number, 139122385U);
  EXPECT_EQ(request.uri().user(), "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*");
  EXPECT_EQ(request.uri().password(), "&it+has=1,weird!*pas$wo~d_too.(doesn't-it)");
  EXPECT_EQ(request.uri().host(), "example.com");
  EXPECT_EQ(request.top_via().branch(), "z9hG4bK-.!%66*_+`'~");
  EXPECT_EQ(request.to().display_name(), "BEL:\x07 NUL:\x00 DEL:\x7f"sv) << "a quoted NULL";
  EXPECT_EQ(request.to().uri().user(), "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*");
  EXPECT_EQ(request.from().display_name(), "token1~` token2'+_ token3*%!.-");
  EXPECT_EQ(request.from().uri().text(), "sip:mundane@example.com");
  EXPECT_EQ(request.from_tag(), "_token~1'+`*%!-.");
  const auto param = request.from().params().find("fromParam''~+*_!.-%");
  ASSERT_TRUE(param);
  EXPECT_EQ(param->unquoted(), "\xD1\x80\xD0\xB0\xD0\xB1\xD0\xBE\xD1\x82\xD0\xB0\xD1\x8E\xD1\x89\xD0\xB8\xD0\xB9");
  EXPECT_EQ(request.call_id(), R"(intmeth.word%ZK-!.*_+'@word`~)(><:\/"][?}{)");
  EXPECT_EQ(request.get(header::max_forwards)->value, 255U);
  EXPECT_EQ(request.raw("extensionHeader-!.%*+_`'~"), "\xEF\xBB\xBF\xE5\xA4\xA7\xE5\x81\x9C\xE9\x9B\xBB");
}

TEST(Rfc4475ValuesTest, esc01) {
  const auto request = request_of("esc01");
  EXPECT_EQ(unescape(request.uri().user()), "sips:user@example.com");
  EXPECT_EQ(request.uri().host(), "example.net");
  EXPECT_EQ(unescape(request.to().uri().user()), "user");
  EXPECT_EQ(unescape(request.from().uri().user()), "I have spaces");
  EXPECT_EQ(request.call_id(), "esc01.239409asdfakjkn23onasd0-3234");
  const auto contact = request.get(header::contact)->uri();
  EXPECT_EQ(unescape(contact.user()), "caller");
  std::vector<std::pair<std::string, std::string>> params;
  for (const auto& param : contact.params()) params.emplace_back(unescape(param.name), unescape(param.value));
  const std::vector<std::pair<std::string, std::string>> expected{{"lr", ""}, {"name", "value%41"}};
  EXPECT_EQ(params, expected) << "unescaping is never performed recursively";
  // "must treat the % HEX HEX expansions as equivalent to the character being encoded"
  EXPECT_TRUE(equivalent(contact, *UriView::parse("sip:caller@host5.example.net;lr;name=value%2541")));
  EXPECT_FALSE(equivalent(contact, *UriView::parse("sip:caller@host5.example.net;lr;name=valueA")));
  EXPECT_TRUE(equivalent(request.to().uri(), *UriView::parse("sip:user@example.com")));
  expect_sdp_of_150_bytes(request);
}

TEST(Rfc4475ValuesTest, escnull) {
  const auto request = request_of("escnull");
  EXPECT_EQ(unescape(request.to().uri().user()), "null-\0-null"sv) << "not shortened";
  EXPECT_EQ(unescape(request.from().uri().user()), "null-\0-null"sv);
  const auto contacts = request.all(header::contact);
  ASSERT_EQ(contacts.size(), 2U);
  EXPECT_EQ(unescape(contacts[0]->uri().user()), "\0"sv);
  EXPECT_EQ(unescape(contacts[1]->uri().user()), "\0\0"sv);
  EXPECT_FALSE(equivalent(contacts[0]->uri(), contacts[1]->uri())) << "two distinct contact URIs";
  EXPECT_FALSE(equivalent(request.to().uri(), *UriView::parse("sip:null-@example.com")));
}

TEST(Rfc4475ValuesTest, esc02) {
  const auto request = request_of("esc02");
  EXPECT_EQ(request.method().name(), "RE%47IST%45R") << "NOT equivalent to REGISTER";
  EXPECT_NE(request.method().name(), "REGISTER");
  EXPECT_EQ(request.to().display_name(), "%Z%45") << "not the same as %ZE";
  EXPECT_EQ(request.from().display_name(), "%Z%45");
  EXPECT_EQ(request.top_via().branch(), "z9hG4bK209%fzsnel234");
  const auto contacts = request.all(header::contact);
  ASSERT_EQ(contacts.size(), 2U) << "not three";
  EXPECT_EQ(contacts[0]->uri().text(), "sip:alias1@host1.example.com");
  EXPECT_EQ(contacts[1]->uri().text(), "sip:alias3@host3.example.com");
  EXPECT_EQ(request.raw("C%6Fntact"), "<sip:alias2@host2.example.com>");
}

TEST(Rfc4475ValuesTest, lwsdisp) {
  const auto request = request_of("lwsdisp");
  EXPECT_EQ(request.from().display_name(), "caller");
  EXPECT_EQ(request.from().uri().text(), "sip:caller@example.com");
  EXPECT_EQ(request.from_tag(), "323");
}

TEST(Rfc4475ValuesTest, longreq) {
  const auto request = request_of("longreq");
  EXPECT_EQ(request.to().display_name(), "I have a user name of " + joined("extreme", 10) + " proportion");
  EXPECT_EQ(request.to().uri().port(), 6000);
  const auto params = request.to().uri().params();
  EXPECT_EQ(params.value("unknownparam1"), "very" + joined("long", 20) + "value");
  EXPECT_EQ(params.value("longparam" + joined("name", 25)), "shortvalue");
  EXPECT_FALSE(params.find("very" + joined("long", 25) + "ParameterNameWithNoValue")->has_value);
  EXPECT_EQ(request.from().uri().user(), joined("amazinglylongcallername", 5));
  EXPECT_EQ(request.from_tag(), "12" + joined("982", 50) + "424") << "a very long tag";
  EXPECT_EQ(request.from().params().value("unknownheaderparam" + joined("name", 20)),
            "unknowheaderparam" + joined("value", 15));
  EXPECT_TRUE(request.from().params().has("unknownValueless" + joined("paramname", 10)));
  EXPECT_EQ(request.call_id(), "longreq.one" + joined("really", 20) + "longcallid");
  EXPECT_TRUE(request.raw("unknown-" + joined("long", 20) + "-name"));
  const auto vias = request.all(header::via);
  ASSERT_EQ(vias.size(), 34U);
  for (std::size_t i = 0; i < 33; ++i) EXPECT_EQ(vias[i]->host(), "sip" + std::to_string(33 - i) + ".example.com");
  EXPECT_EQ(vias[33]->params().value("received"), "192.0.2.5");
  EXPECT_EQ(vias[33]->branch(), "very" + joined("long", 50) + "branchvalue");
  EXPECT_EQ(request.get(header::contact)->uri().user(), joined("amazinglylongcallername", 5));
  expect_sdp_of_150_bytes(request);
}

TEST(Rfc4475ValuesTest, dblreq) {
  const auto request = request_of("dblreq");
  EXPECT_EQ(request.method().name(), "REGISTER");
  EXPECT_TRUE(request.body().empty()) << "spurious noise that must be ignored";
  EXPECT_EQ(request.to_string().find("INVITE"), std::string::npos) << "would not appear in the forwarded request";
  EXPECT_EQ(request.call_id(), "dblreq.0ha0isndaksdj99sdfafnl3lk233412");
}

TEST(Rfc4475ValuesTest, semiuri) {
  const auto request = request_of("semiuri");
  EXPECT_EQ(unescape(request.uri().user()), "user;par=u@example.net");
  EXPECT_EQ(request.uri().host(), "example.com");
  EXPECT_TRUE(request.uri().params().empty());
  std::string types;
  request.each(header::accept, [&](const auto& type) { types += type ? std::string(type->text()) + " " : "?"; });
  EXPECT_EQ(types,
            "application/sdp application/pkcs7-mime multipart/mixed multipart/signed message/sip message/sipfrag ");
}

TEST(Rfc4475ValuesTest, transports) {
  const auto request = request_of("transports");
  std::string names;
  request.each(header::via, [&](const auto& via) { names += via ? std::string(via->transport()) + " " : "?"; });
  EXPECT_EQ(names, "UDP SCTP TLS UNKNOWN TCP ");
  EXPECT_EQ(request.call_id(), "transports.kijh4akdnaqjkwendsasfdj");
}

TEST(Rfc4475ValuesTest, mpart01) {
  const auto request = request_of("mpart01");
  EXPECT_EQ(request.method().name(), "MESSAGE");
  EXPECT_EQ(request.body().size(), 553U);
  EXPECT_EQ(std::count(request.body().begin(), request.body().end(), '\0'), 2) << "contains null (0x00) characters";
  const auto type = request.get(header::content_type);
  ASSERT_TRUE(type);
  EXPECT_TRUE(type->is("multipart", "mixed"));
  EXPECT_EQ(type->params().value("boundary"), "7a9cbec02ceef655");
  EXPECT_TRUE(request.body().starts_with("--7a9cbec02ceef655\r\n"));
  EXPECT_TRUE(request.body().ends_with("\r\n--7a9cbec02ceef655--\r\n"));
  EXPECT_EQ(request.top_via().port(), 5070);
  EXPECT_FALSE(request.top_via().params().find("rport")->has_value);
  EXPECT_EQ(request.call_id(), "3d9485ad0c49859b@Zmx1ZmZ5LW1hYy0xNi5sb2NhbA..");
}

TEST(Rfc4475ValuesTest, unreason) {
  const auto response = response_of("unreason");
  EXPECT_EQ(response.status().value(), 200);
  EXPECT_EQ(response.reason(),
            "= 2**3 * 5**2 \xD0\xBD\xD0\xBE \xD1\x81\xD1\x82\xD0\xBE \xD0\xB4\xD0\xB5\xD0\xB2\xD1\x8F\xD0\xBD\xD0\xBE"
            "\xD1\x81\xD1\x82\xD0\xBE \xD0\xB4\xD0\xB5\xD0\xB2\xD1\x8F\xD1\x82\xD1\x8C - \xD0\xBF\xD1\x80\xD0\xBE"
            "\xD1\x81\xD1\x82\xD0\xBE\xD0\xB5");
  EXPECT_EQ(response.body().size(), 154U);
}

TEST(Rfc4475ValuesTest, noreason) {
  const auto response = response_of("noreason");
  EXPECT_EQ(response.status().value(), 100);
  EXPECT_EQ(response.reason(), "");
  EXPECT_EQ(response.cseq().number, 35U);
}

// ---- invalid: what can still be read of them is what an answer needs

TEST(Rfc4475ValuesTest, badinv01) {
  Received received(text_of("badinv01"));
  const auto& request = received.parser.request();
  EXPECT_EQ(request.top_via().host(), "192.0.2.15") << "there is somebody to answer";
  const auto contact = request.get(header::contact);
  ASSERT_FALSE(contact) << "additional semicolons without parameters";
  EXPECT_EQ(contact.error().code, parse_errc::bad_parameter);
}

TEST(Rfc4475ValuesTest, clerr) {
  Received received(text_of("clerr"));
  EXPECT_EQ(received.parser.request().call_id(), "clerr.0ha0isndaksdjweiafasdk3");
  EXPECT_EQ(received.parser.request().get(header::content_length)->value, 9999U);
}

TEST(Rfc4475ValuesTest, ncl) {
  Received received(text_of("ncl"));
  EXPECT_EQ(received.parser.request().cseq().number, 0U);
  EXPECT_FALSE(received.parser.request().get(header::content_length));
}

/// "… as well for messages that arrive without a numeric value in the Content-Length header field".
TEST(Rfc4475ValuesTest, nclWithFive) {
  auto text = text_of("ncl");
  text.replace(text.find("-999"), 4, "five");
  Received received(text);
  EXPECT_EQ(received.parsed, Parsed::bad_request);
  EXPECT_EQ(received.parser.error().code, parse_errc::bad_content_length);
}

TEST(Rfc4475ValuesTest, scalar02) {
  auto text = text_of("scalar02");
  {
    Received received(text);
    const auto& request = received.parser.request();
    EXPECT_EQ(request.get(header::cseq).error().code, parse_errc::bad_cseq);
    EXPECT_EQ(request.get(header::max_forwards)->value, 300U) << ">255: no legal value, but a number";
    // Over 2**32-1 counts as 2**32-1: the application may take its default.
    EXPECT_EQ(request.get(header::expires)->value.count(), 0xffff'ffffLL);
    EXPECT_EQ(request.get(header::contact)->params().value("expires"), "280297596632815");
  }
  // The CSeq alone decides: "If only the expiry values were in error, the element could treat them as if they
  // contained the default values".
  text.replace(text.find("36893488147419103232"), 20, "1");
  text.replace(text.find("Max-Forwards: 300"), 17, "Max-Forwards: 30");
  EXPECT_EQ(Received(text).parsed, Parsed::request);
}

TEST(Rfc4475ValuesTest, scalarlg) {
  Received received(text_of("scalarlg"));
  EXPECT_FALSE(received.parser.broken_2xx());
  const auto& response = received.parser.response();
  EXPECT_EQ(response.status().value(), 503);
  const auto later = response.get(header::retry_after);
  EXPECT_TRUE(!later || later->delay.count() == 0xffff'ffffLL) << "no wrapped number";
}

TEST(Rfc4475ValuesTest, quotbal) {
  auto text = text_of("quotbal");
  Received received(text);
  EXPECT_EQ(received.parser.request().from_tag(), "93334");
  EXPECT_EQ(received.parser.request().to().text(), "") << "nothing is guessed";
  // "takes care … when it encounters"
  text.replace(text.find("\"Mr."), text.find("\r\nFrom") - text.find("\"Mr."),
               "\"Mr J. User <sip:j.user@example.com> <sip:realj@example.net>");
  EXPECT_EQ(Received(text).parsed, Parsed::bad_request);
}

TEST(Rfc4475ValuesTest, ltgtruri) {
  Received received(text_of("ltgtruri"));
  EXPECT_TRUE(received.parser.request().uri().empty());
  EXPECT_EQ(received.parser.request().method(), method::invite);
}

TEST(Rfc4475ValuesTest, lwsruri) {
  Received received(text_of("lwsruri"));
  EXPECT_TRUE(received.parser.request().uri().empty());
  EXPECT_EQ(received.parser.request().to_tag(), "3xfe-9921883-z9f");
  EXPECT_EQ(received.parser.request().cseq().number, 2130706432U);
}

TEST(Rfc4475ValuesTest, lwsstart) {
  Received received(text_of("lwsstart"));
  EXPECT_EQ(received.parser.request().method(), method::invite);
  EXPECT_EQ(received.parser.request().call_id(), "lwsstart.dfknq234oi243099adsdfnawe3@example.com");
}

TEST(Rfc4475ValuesTest, trws) {
  auto text = text_of("trws");
  Received received(text);
  EXPECT_EQ(received.parser.request().call_id(), "trws.oicu34958239neffasdhr2345r");
  text.erase(text.find("  \r\n"), 2);
  EXPECT_EQ(Received(text).parsed, Parsed::request) << "the two SP are all that is wrong";
}

TEST(Rfc4475ValuesTest, escruri) {
  const auto request = request_of("escruri");
  EXPECT_FALSE(request.has(header::route)) << "most certainly must not be translated into the actual header";
  EXPECT_TRUE(request.uri().params().empty());
  Uri uri(request.uri());
  uri.strip_for_request_uri();
  EXPECT_EQ(uri.text(), "sip:user@example.com") << "the escaped headers must not appear in what is forwarded";
}

TEST(Rfc4475ValuesTest, baddate) {
  const auto request = request_of("baddate");
  EXPECT_EQ(request.raw(header::date), "Fri, 01 Jan 2010 16:00:00 EST");
  expect_sdp_of_150_bytes(request);
}

TEST(Rfc4475ValuesTest, regbadct) {
  Received received(text_of("regbadct"));
  EXPECT_FALSE(received.parser.request().get(header::contact));
  EXPECT_EQ(received.parser.request().to().uri().text(), "sip:user@example.com");
}

TEST(Rfc4475ValuesTest, badaspec) {
  Received received(text_of("badaspec"));
  EXPECT_EQ(received.parser.request().to().text(), "");
  EXPECT_EQ(received.parser.request().from().display_name(), "Bell, Alexander");
}

TEST(Rfc4475ValuesTest, baddn) {
  auto text = text_of("baddn") + "\r\n";
  Received received(text);
  EXPECT_EQ(received.parsed, Parsed::bad_request);
  EXPECT_EQ(text.substr(received.parser.error().offset, 11), ", Alexander") << received.why();
  EXPECT_EQ(received.parser.request().call_id(), "baddn.31415@c.example.com");
  for (const auto* bare : {"Bell, Alexander", "Watson, Thomas"})
    text.replace(text.find(bare), std::string_view(bare).size(), "\"" + std::string(bare) + "\"");
  EXPECT_EQ(Received(text).parsed, Parsed::request) << "the missing quotes are all that is wrong";
}

TEST(Rfc4475ValuesTest, badvers) {
  Received received(text_of("badvers"));
  EXPECT_EQ(received.parser.request().method(), method::options);
  EXPECT_EQ(received.parser.request().from().display_name(), "A. Bell");
}

TEST(Rfc4475ValuesTest, mismatch01) {
  Received received(text_of("mismatch01"));
  EXPECT_EQ(received.parser.request().method(), method::options);
  EXPECT_EQ(received.parser.request().cseq().method, method::invite);
}

TEST(Rfc4475ValuesTest, mismatch02) {
  Received received(text_of("mismatch02"));
  EXPECT_EQ(received.parser.request().method().name(), "NEWMETHOD");
  EXPECT_EQ(received.parser.request().cseq().method, method::invite);
}

TEST(Rfc4475ValuesTest, bigcode) {
  Received received(text_of("bigcode"));
  EXPECT_NE(received.parser.response().status().value(), 5) << "4294967301 is 2**32 + 5";
  EXPECT_FALSE(received.parser.broken_2xx());
}

TEST(Rfc4475ValuesTest, badbranch) {
  const auto request = request_of("badbranch");
  EXPECT_EQ(request.top_via().branch(), "z9hG4bK");
}

TEST(Rfc4475ValuesTest, insuf) {
  Received received(text_of("insuf"));
  const auto& request = received.parser.request();
  EXPECT_EQ(request.from().text(), "");
  EXPECT_EQ(request.to().text(), "");
  EXPECT_EQ(request.call_id(), "");
  EXPECT_EQ(request.cseq().number, 193942U);
  EXPECT_EQ(request.top_via().branch(), "z9hG4bKkdj.insuf");
}

TEST(Rfc4475ValuesTest, unkscm) {
  const auto request = request_of("unkscm");
  EXPECT_EQ(request.uri().scheme(), Scheme::other);
  EXPECT_EQ(request.uri().scheme_text(), "nobodyKnowsThisScheme");
  EXPECT_EQ(request.uri().text(), "nobodyKnowsThisScheme:totallyopaquecontent");
}

TEST(Rfc4475ValuesTest, novelsc) {
  const auto request = request_of("novelsc");
  EXPECT_EQ(request.uri().scheme_text(), "soap.beep");
  EXPECT_EQ(request.uri().text(), "soap.beep://192.0.2.103:3002");
}

TEST(Rfc4475ValuesTest, unksm2) {
  const auto request = request_of("unksm2");
  EXPECT_EQ(request.to().uri().text(), "isbn:2983792873");
  EXPECT_EQ(request.from().uri().text(), "http://www.example.com");
  EXPECT_EQ(request.from_tag(), "3234233");
  EXPECT_EQ(request.get(header::contact)->uri().text(), "name:John_Smith");
}

TEST(Rfc4475ValuesTest, bext01) {
  const auto request = request_of("bext01");
  EXPECT_TRUE(request.lists(header::require, "nothingSupportsThis"));
  EXPECT_TRUE(request.lists(header::require, "nothingSupportsThisEither"));
  EXPECT_TRUE(request.lists(header::proxy_require, "noProxiesSupportThis"));
  EXPECT_TRUE(request.lists(header::proxy_require, "norDoAnyProxiesSupportThis"));
}

TEST(Rfc4475ValuesTest, invut) {
  const auto request = request_of("invut");
  EXPECT_EQ(request.body_of("application", "unknownformat"), "<audio>\r\n <pcmu port=\"443\"/>\r\n</audio>\r\n");
}

TEST(Rfc4475ValuesTest, regaut01) {
  const auto request = request_of("regaut01");
  const auto auth = request.get(header::authorization);
  ASSERT_TRUE(auth);
  EXPECT_EQ(auth->scheme(), "NoOneKnowsThisScheme");
  EXPECT_EQ(auth->raw("opaque-data"), "here");
  EXPECT_FALSE(auth->is_digest());
}

TEST(Rfc4475ValuesTest, multi01) {
  Received received(text_of("multi01"));
  EXPECT_EQ(received.parser.request().call_id(), "multi01.98asdh@192.0.2.1") << "the first of each answers";
  EXPECT_EQ(received.parser.request().cseq().number, 5U);
  EXPECT_EQ(received.parser.request().from_tag(), "3413415");
  EXPECT_EQ(received.parser.request().to().uri().text(), "sip:user@example.com");
}

TEST(Rfc4475ValuesTest, mcl01) {
  Received received(text_of("mcl01"));
  EXPECT_EQ(received.parser.request().call_id(), "mcl01.fhn2323orihawfdoa3o4r52o3irsdf");
}

TEST(Rfc4475ValuesTest, bcast) {
  const auto response = response_of("bcast");
  const auto vias = response.all(header::via);
  ASSERT_EQ(vias.size(), 2U);
  EXPECT_EQ(vias[1]->host(), "255.255.255.255");
}

TEST(Rfc4475ValuesTest, zeromf) { EXPECT_EQ(request_of("zeromf").get(header::max_forwards)->value, 0U); }

TEST(Rfc4475ValuesTest, cparam01) {
  const auto request = request_of("cparam01");
  const auto contact = request.get(header::contact);
  ASSERT_TRUE(contact);
  EXPECT_TRUE(contact->params().has("unknownparam")) << "a contact-param and not a url-param";
  EXPECT_TRUE(contact->uri().params().empty());
  EXPECT_EQ(contact->uri().user(), "+19725552222");
}

TEST(Rfc4475ValuesTest, cparam02) {
  const auto request = request_of("cparam02");
  const auto contact = request.get(header::contact);
  ASSERT_TRUE(contact);
  EXPECT_TRUE(contact->uri().params().has("unknownparam"));
  EXPECT_TRUE(contact->params().empty());
}

TEST(Rfc4475ValuesTest, regescrt) {
  const auto request = request_of("regescrt");
  const auto contact = request.get(header::contact);
  ASSERT_TRUE(contact);
  EXPECT_EQ(contact->uri().text(), "sip:user@example.com?Route=%3Csip:sip.example.com%3E");
  EXPECT_EQ(unescape(contact->uri().headers()), "Route=<sip:sip.example.com>");
  EXPECT_FALSE(request.has(header::route));
}

TEST(Rfc4475ValuesTest, sdp01) {
  const auto request = request_of("sdp01");
  EXPECT_TRUE(request.get(header::accept)->is("text", "nobodyKnowsThis"));
  expect_sdp_of_150_bytes(request);
}

TEST(Rfc4475ValuesTest, inv2543) {
  const auto request = request_of("inv2543");
  EXPECT_EQ(request.top_via().branch(), "") << "no branch parameter at all";
  EXPECT_EQ(request.from_tag(), "") << "no From tag";
  EXPECT_FALSE(request.has(header::content_length));
  EXPECT_FALSE(request.has(header::max_forwards));
  EXPECT_EQ(request.body().size(), 105U) << "all octets in the datagram after the null-line";
  EXPECT_EQ(request.from().uri().params().value("user"), "phone");
  EXPECT_EQ(request.to().params().value("user"), "phone") << "without <> it is the header's";
  EXPECT_EQ(request.get(header::record_route)->uri().params().value("maddr"), "ss1.example.com");
}

}  // namespace
}  // namespace torture
