#include "header_values.hpp"

#include <peal/message/content_values.hpp>
#include <peal/message/qvalue.hpp>

namespace value_test::content_values {

using namespace peal;
using namespace std::chrono_literals;

TEST(QValueTest, ThousandthsAreExact) {
  const std::vector<std::pair<std::string_view, unsigned>> cases{
      {"1.", 1000}, {"1.0", 1000}, {"1.000", 1000}, {"1", 1000},  {"0", 0},       {"0.", 0},   {"0.000", 0},
      {"0.5", 500}, {"0.51", 510}, {"0.501", 501},  {"0.01", 10}, {"0.499", 499}, {"0.001", 1}};
  for (const auto& [text, thousandths] : cases) {
    ASSERT_TRUE(QValue::parse(text)) << text;
    EXPECT_EQ(QValue::parse(text)->thousandths, thousandths) << text;
  }
  for (const auto* bad :
       {"", "2", "1.1", "1.001", "0.0001", "0.1234", ".5", "0,5", "-0", "00", "0.5 ", "1.0000", "0.a"})
    EXPECT_FALSE(QValue::parse(bad)) << bad;
  for (const int n : {0, 1, 10, 100, 101, 110, 500, 999, 1000})
    EXPECT_EQ(QValue::parse(printed(QValue{static_cast<std::uint16_t>(n)}))->thousandths, n);
  EXPECT_EQ(printed(QValue{500}), "0.5");
  EXPECT_EQ(printed(QValue{5}), "0.005");
  EXPECT_LT(QValue{700}, QValue{701});
}

TEST(ContactParamsTest, Rfc3261Section20_10AndRfc5626) {
  const auto contact = NameAddrView::parse(
      "\"Mr. Watson\" <sip:watson@worcester.bell-telephone.com> ;q=0.7; expires=3600;reg-id=1"
      ";+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-000A95A0E128>\"");
  ASSERT_TRUE(contact);
  EXPECT_EQ(q_value(contact->params()), QValue{700});
  EXPECT_EQ(expires_value(contact->params()), 3600s);
  EXPECT_EQ(reg_id(contact->params()), 1U);
  EXPECT_EQ(sip_instance(contact->params()), "urn:uuid:00000000-0000-1000-8000-000A95A0E128");
}

TEST(ContactParamsTest, WhatIsNoValueCountsAsNone) {
  for (const auto* text :
       {"<sip:a>", "<sip:a>;q;expires;reg-id;+sip.instance", "<sip:a>;q=2;expires=x;reg-id=0;+sip.instance=\"urn:x\"",
        "<sip:a>;q=\"1\";expires=1x;reg-id=2147483648;+sip.instance=\"<>\""}) {
    const auto params = NameAddrView::parse(text)->params();
    EXPECT_EQ(q_value(params), std::nullopt) << text;
    EXPECT_EQ(expires_value(params), std::nullopt) << text;
    EXPECT_EQ(reg_id(params), std::nullopt) << text;
    EXPECT_EQ(sip_instance(params), "") << text;
  }
  EXPECT_EQ(expires_value(NameAddrView::parse("<sip:a>;expires=99999999999999999999")->params()), 4294967295s);
  EXPECT_EQ(reg_id(NameAddrView::parse("<sip:a>;reg-id=2147483647")->params()), 2147483647U);
}

TEST(AcceptTest, Rfc3261Section20_1) {
  const auto request =
      received("Accept: application/sdp;level=1, application/x-private, text/html;q=0.3\r\nAccept: */*\r\n");
  const auto ranges = request.all(header::accept);
  ASSERT_EQ(ranges.size(), 4U);
  EXPECT_EQ(ranges[0]->q(), QValue{});
  EXPECT_EQ(ranges[0]->params().value("level"), "1");
  EXPECT_EQ(ranges[2]->q(), QValue{300});
  EXPECT_TRUE(ranges[0]->admits("Application", "SDP"));
  EXPECT_FALSE(ranges[0]->admits("text", "sdp"));
  EXPECT_TRUE(ranges[3]->admits("text", "plain"));
  EXPECT_TRUE(MediaRangeView::parse("text/*;q=0.5")->admits("text", "plain"));
  EXPECT_TRUE(received("Accept: \r\n").all(header::accept).empty());
  expect_same<MediaRange>({"*/*", "application/*;p1=v1", "text / html ; q = 0.3", "text/html;q=0.3;x=\"a,b\""});
}

TEST(AcceptTest, Refuses) {
  expect_refused<MediaRange>({{"", parse_errc::empty, 0},
                              {"text", parse_errc::bad_media_type, 4},
                              {"text/html;q=2", parse_errc::bad_parameter, 12},
                              {"text/html;q", parse_errc::bad_parameter, 10},
                              {"text/html;q=0.1;Q=0.2", parse_errc::repeated_parameter, 16}});
  const auto ranges = received("Accept: text/html;q=x, text/plain\r\n").all(header::accept);
  ASSERT_EQ(ranges.size(), 2U);
  EXPECT_FALSE(ranges[0]);
  EXPECT_TRUE(ranges[1]);
}

TEST(AcceptEncodingTest, Rfc3261Section20_2) {
  const auto request = received("Accept-Encoding: gzip;q=1.0,\r\n identity; q=0.5, *;q=0\r\n");
  const auto codings = request.all(header::accept_encoding);
  ASSERT_EQ(codings.size(), 3U);
  EXPECT_EQ(codings[1]->coding(), "identity");
  EXPECT_EQ(codings[1]->q(), QValue{500});
  EXPECT_EQ(codings[2]->q(), QValue{0});
  EXPECT_TRUE(received("Accept-Encoding:\r\n").all(header::accept_encoding).empty());
  EXPECT_EQ(AcceptEncoding::make("gzip", QValue{5})->text(), "gzip;q=0.005");
  EXPECT_EQ(AcceptEncoding::make("gzip")->text(), "gzip");
  EXPECT_EQ(AcceptEncoding::make("gz ip").error(), (ParseError{parse_errc::bad_token, 2}));
  EXPECT_EQ(AcceptEncoding::make("gzip", QValue{1001}).error(), (ParseError{parse_errc::bad_number, 0}));
  expect_refused<AcceptEncoding>({{";q=1", parse_errc::bad_token, 0}, {"gzip;q=1.5", parse_errc::bad_parameter, 7}});
}

TEST(AcceptLanguageTest, Rfc3261Section20_3) {
  const auto request = received("Accept-Language: da, en-gb;q=0.8, en;q=0.7\r\n");
  const auto languages = request.all(header::accept_language);
  ASSERT_EQ(languages.size(), 3U);
  EXPECT_EQ(languages[1]->range(), "en-gb");
  EXPECT_EQ(languages[1]->q(), QValue{800});
  expect_same<AcceptLanguage>({"*", "es-419;q=0.1", "abcdefgh-abcdefgh"});
  EXPECT_EQ(AcceptLanguage::make("en", QValue{700})->text(), "en;q=0.7");
  EXPECT_FALSE(AcceptLanguage::make("en\r\n"));
  expect_refused<AcceptLanguage>({{"", parse_errc::empty, 0},
                                  {"419", parse_errc::bad_token, 0},
                                  {"en-", parse_errc::bad_token, 3},
                                  {"abcdefghi", parse_errc::bad_token, 0},
                                  {"en_us", parse_errc::trailing_bytes, 2}});
}

TEST(ContentLanguageTest, Rfc3261Section20_13) {
  EXPECT_EQ(received("Content-Language: fr, i-navajo\r\n").all(header::content_language)[1], "i-navajo");
  expect_same<LanguageTag>({"fr", "es-419", "sl-rozaj-biske-1994"});
  expect_refused<LanguageTag>({{"", parse_errc::empty, 0},
                               {"*", parse_errc::bad_token, 0},
                               {"fr-", parse_errc::bad_token, 3},
                               {"fr;q=1", parse_errc::trailing_bytes, 2}});
}

TEST(ContentDispositionTest, Rfc3261Section20_11) {
  const auto request = received("Content-Disposition: session\r\nSubject: x\r\n");
  const auto session = request.get(header::content_disposition);
  ASSERT_TRUE(session);
  EXPECT_EQ(session->type(), "session");
  EXPECT_TRUE(session->required());
  const auto smime = ContentDispositionView::parse("attachment; filename=smime.p7s; Handling=Optional");
  EXPECT_TRUE(smime->is("Attachment"));
  EXPECT_FALSE(smime->required());
  EXPECT_EQ(smime->handling(), "Optional");
  EXPECT_EQ(smime->params().value("filename"), "smime.p7s");
  EXPECT_EQ(ContentDisposition::make("render", "required")->text(), "render;handling=required");
  EXPECT_EQ(ContentDisposition::make("ren;der").error(), (ParseError{parse_errc::bad_token, 3}));
  EXPECT_EQ(ContentDisposition::make("").error(), (ParseError{parse_errc::empty, 0}));
  expect_refused<ContentDisposition>({{"", parse_errc::empty, 0},
                                      {"render;handling", parse_errc::bad_parameter, 7},
                                      {"render;handling=\"required\"", parse_errc::bad_parameter, 16},
                                      {"render;handling=a;handling=b", parse_errc::repeated_parameter, 18},
                                      {"render session", parse_errc::trailing_bytes, 6},
                                      {"render;", parse_errc::bad_parameter, 7}});
}

TEST(ContentIdTest, Rfc8262) {
  const auto request = received("Content-ID: <target123@atlanta.example.com>\r\nSubject: x\r\n");
  const auto id = request.get(header::content_id);
  ASSERT_TRUE(id);
  EXPECT_EQ(id->id(), "target123@atlanta.example.com");
  expect_same<ContentId>({"<a.b!#$%&'*+-/=?^_`{|}~@c>", "<a@[127.0.0.1]>", "<a@[IPv6:::1]>"});
  EXPECT_EQ(ContentId::make("a@b")->text(), "<a@b>");
  EXPECT_FALSE(ContentId::make("a@b>\r\nX: <c@d"));
  expect_refused<ContentId>({{"", parse_errc::empty, 0},
                             {"a@b", parse_errc::bad_byte, 0},
                             {"<a>", parse_errc::bad_byte, 2},
                             {"<a..b@c>", parse_errc::bad_token, 3},
                             {"<a@>", parse_errc::bad_token, 3},
                             {"<a@b", parse_errc::unterminated_angle, 0},
                             {"<a@[b", parse_errc::bad_byte, 5},
                             {"<a@b>;x", parse_errc::trailing_bytes, 5}});
}

TEST(MimeVersionTest, Rfc3261Section20_24) {
  EXPECT_EQ(*received("MIME-Version: 1.0\r\n").get(header::mime_version), MimeVersion{});
  EXPECT_EQ(printed(MimeVersion{2, 17}), "2.17");
  expect_same<MimeVersion>({"1.0", "4294967295.0"});
  expect_refused<MimeVersion>({{"", parse_errc::empty, 0},
                               {"1", parse_errc::bad_number, 1},
                               {"1.", parse_errc::bad_number, 2},
                               {"1 .0", parse_errc::bad_number, 1},
                               {"4294967296.0", parse_errc::bad_number, 0},
                               {"1.0 (x)", parse_errc::trailing_bytes, 3}});
}

}  // namespace value_test::content_values
