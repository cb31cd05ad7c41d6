#include "corpus.hpp"

#include <peal/message/multipart.hpp>

#include <gmock/gmock.h>

#include <deque>

namespace multipart_test {

using namespace peal;
using testing::ElementsAre;

namespace {

std::string crlf(std::initializer_list<std::string_view> list) {
  std::string out;
  for (const auto line : list) (out += line) += "\r\n";
  return out;
}

/// A BodyView copies nothing, so what it is made of is kept here.
std::string_view kept(std::string_view text) {
  static std::deque<std::string> texts;
  return texts.emplace_back(text);
}

BodyView body_of(std::string_view type, std::string_view bytes, Profile profile = Profile::strict) {
  auto body = BodyView::parse(kept(type), kept(bytes), {}, profile);
  EXPECT_TRUE(body) << bytes << "\n" << (body ? "" : body.error().message());
  return body ? std::move(*body) : BodyView();
}

ParseError error_of(std::string_view type, std::string_view bytes, Profile profile = Profile::strict,
                    const ParseLimits& limits = {}) {
  auto body = BodyView::parse(type, bytes, limits, profile);
  EXPECT_FALSE(body) << bytes;
  return body ? ParseError() : body.error();
}

/// Type and bytes of each node but the first.
std::vector<std::string> parts_of(const BodyView& body) {
  std::vector<std::string> out;
  for (const auto& part : body.parts())
    if (&part != body.parts().data())
      out.push_back(std::string(part.depth(), '>') + std::string(part.type().text()) + "|" + std::string(part.bytes()));
  return out;
}

std::vector<std::string> refused(const BodyView& body, std::initializer_list<UnderstoodBody> ours) {
  std::vector<std::string> out;
  for (const auto* part : body.not_understood(std::span(ours.begin(), ours.size())))
    out.emplace_back(part->type().text());
  return out;
}

const std::string mixed = "multipart/mixed;boundary=b";

Request with_body(std::string_view headers, std::string_view body) {
  const std::string text =
      "INVITE sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKx\r\nFrom: <sip:a@h>;tag=1\r\n"
      "To: <sip:bob@example.com>\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\nMax-Forwards: 70\r\nContact: <sip:a@h>\r\n" +
      std::string(headers) + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
  auto request = Request::parse(text);
  EXPECT_TRUE(request) << text;
  return request ? *request : Request();
}

}  // namespace

// ---- RFC 2046 §5.1.1

TEST(Multipart, Rfc2046TheSimpleExample) {
  const auto bytes =
      crlf({"This is the preamble.  It is to be ignored, though it",
            "is a handy place for composition agents to include an", "explanatory note to non-MIME conformant readers.",
            "", "--simple boundary", "", "This is implicitly typed plain US-ASCII text.",
            "It does NOT end with a linebreak.", "--simple boundary", "Content-type: text/plain; charset=us-ascii", "",
            "This is explicitly typed plain US-ASCII text.", "It DOES end with a linebreak.", "", "--simple boundary--",
            "", "This is the epilogue.  It is also to be ignored."});
  for (const auto profile : {Profile::strict, Profile::interop}) {
    const auto body = body_of("multipart/mixed; boundary=\"simple boundary\"", bytes, profile);
    EXPECT_THAT(parts_of(body), ElementsAre(">text/plain|This is implicitly typed plain US-ASCII text.\r\n"
                                            "It does NOT end with a linebreak.",
                                            ">text/plain; charset=us-ascii|This is explicitly typed plain US-ASCII "
                                            "text.\r\nIt DOES end with a linebreak.\r\n"));
    EXPECT_EQ(body.parts()[1].size(), 0U);
    EXPECT_EQ(body.parts()[2].raw(header::content_type), "text/plain; charset=us-ascii");
    EXPECT_EQ(body.parts()[2].get(header::content_type)->params().value("charset"), "us-ascii");
  }
}

TEST(Multipart, CopiesNoByte) {
  const auto text = crlf({"--b", "X: y", "", "content", "--b--"});
  const auto body = BodyView::parse(mixed, text);
  ASSERT_TRUE(body);
  EXPECT_EQ(body->parts()[1].bytes().data(), text.data() + text.find("content"));
  EXPECT_EQ(body->parts()[1].field(0).value.data(), text.data() + text.find('y'));
}

TEST(Multipart, Rfc2046TheAlternativeExampleTakesTheLastThatIsUnderstood) {
  const auto body = body_of("multipart/alternative; boundary=boundary42",
                            crlf({"--boundary42", "Content-Type: text/plain; charset=us-ascii", "", "plain",
                                  "--boundary42", "Content-Type: text/enriched", "", "enriched", "--boundary42",
                                  "Content-Type: application/x-whatever", "", "fancy", "--boundary42--"}));
  const std::array<UnderstoodBody, 2> ours{{{"text", "plain"}, {"text", "enriched"}}};
  EXPECT_EQ(body.choose(body.parts()[0], ours)->bytes(), "enriched");
  EXPECT_EQ(body.choose(body.parts()[0], std::span(ours).first(1))->bytes(), "plain");
  EXPECT_EQ(body.choose(body.parts()[0], {}), nullptr);
  EXPECT_EQ(body.find({"text", "*"})->bytes(), "enriched");
  EXPECT_THAT(refused(body, {{"text", "plain"}}), ElementsAre());
  EXPECT_THAT(refused(body, {{"text", "html"}}), ElementsAre("multipart/alternative; boundary=boundary42"));
}

TEST(Multipart, ABoundaryWithAColonMustBeQuoted) {
  const auto bytes = crlf({"--gc0pJq0M:08jU534c0p", "", "x", "--gc0pJq0M:08jU534c0p--"});
  EXPECT_THAT(parts_of(body_of("multipart/mixed; boundary=\"gc0pJq0M:08jU534c0p\"", bytes)),
              ElementsAre(">text/plain|x"));
  EXPECT_THAT(parts_of(body_of("multipart/mixed; boundary=gc0pJq0M:08jU534c0p", bytes, Profile::interop)),
              ElementsAre(">text/plain|x"));
}

TEST(Multipart, BoundariesOfHyphensAlone) {
  const auto body =
      body_of("multipart/mixed; boundary=-", crlf({"---", "", "-", "--", "----", "---", "", "y", "-----"}));
  EXPECT_THAT(parts_of(body), ElementsAre(">text/plain|-\r\n--\r\n----", ">text/plain|y"));
}

TEST(Multipart, ThePaddingBehindABoundaryIsDropped) {
  EXPECT_THAT(parts_of(body_of(mixed, "--b \t\r\n\r\nx\r\n--b-- \t\r\nend")), ElementsAre(">text/plain|x"));
  EXPECT_THAT(parts_of(body_of(mixed, "--b\r\n\r\nx\r\n--b--")), ElementsAre(">text/plain|x"));
}

TEST(Multipart, ABoundaryStandsOnALineOfItsOwn) {
  const auto text = std::string("--b\r\n\r\n --b\r\nx--b\r\n--bc\r\n--b c\r\n--b-\r\n--b--c\r\n-b\r\n--B\r\n--b--\r\n");
  EXPECT_THAT(parts_of(body_of(mixed, text)),
              ElementsAre(">text/plain| --b\r\nx--b\r\n--bc\r\n--b c\r\n--b-\r\n--b--c\r\n-b\r\n--B"));
}

TEST(Multipart, PartsMayBeEmptyOrHaveNoHeadersOrNoBody) {
  const auto body = body_of(mixed, "--b\r\n\r\n--b\r\nContent-Type: a/b\r\n\r\n--b\r\n\r\n\r\n--b\r\n--b--");
  EXPECT_THAT(parts_of(body), ElementsAre(">text/plain|", ">a/b|", ">text/plain|", ">text/plain|"));
}

TEST(Multipart, APartOfADigestIsAMessage) {
  const auto body = body_of("multipart/digest;boundary=b", crlf({"--b", "", "Subject: x", "", "y", "--b--"}));
  EXPECT_THAT(parts_of(body), ElementsAre(">message/rfc822|Subject: x\r\n\r\ny"));
}

TEST(Multipart, BinaryBytesAreKept) {
  std::string all(256, '\0');
  for (unsigned i = 0; i < 256; ++i) all[i] = static_cast<char>(i);
  const auto body = body_of(mixed, "--b\r\nContent-Type: x/y\r\n\r\n" + all + "\r\n--b--\r\n");
  EXPECT_EQ(body.parts()[1].bytes(), all);
}

TEST(Multipart, HeadersOfAPart) {
  const auto body =
      body_of(mixed, crlf({"--b", "content-type: application/sdp", "C-Other: 1", "Content-ID: <a@b>",
                           "Content-Transfer-Encoding: binary",
                           "Content-Disposition: Session; handling=Optional;x=\"y;z\"", "", "v=0", "--b--"}));
  const auto& part = body.parts()[1];
  EXPECT_TRUE(part.is("Application", "SDP"));
  EXPECT_EQ(part.content_id(), "a@b");
  EXPECT_EQ(part.transfer_encoding(), "binary");
  EXPECT_TRUE(part.disposition().is("session"));
  EXPECT_FALSE(part.disposition().required);
  EXPECT_FALSE(part.disposition().implied);
  EXPECT_EQ(part.disposition().params.find("x")->unquoted(), "y;z");
  ASSERT_EQ(part.size(), 5U);
  EXPECT_EQ(part.field(1).name, "C-Other");
  EXPECT_EQ(part.field(1).value, "1");
  EXPECT_EQ(part.raw("c-other"), "1");
  EXPECT_EQ(part.raw("X"), std::nullopt);
}

TEST(Multipart, FoldedHeadersAreReadAsOneLine) {
  const auto text = crlf({"--b", "Content-Type: multipart/related;", " type=\"a/b\";", "\tboundary=\"c\"", "", "--c",
                          "", "x", "--c--", "--b--"});
  auto body = body_of(mixed, text);
  EXPECT_THAT(parts_of(body), ElementsAre(testing::StartsWith(">multipart/related;"), ">>text/plain|x"));
  EXPECT_EQ(body.parts()[1].type().params().value("type"), "\"a/b\"");
  const auto* related = &body.parts()[1];
  const auto moved = std::move(body);
  EXPECT_EQ(&moved.parts()[1], related);
  EXPECT_EQ(related->type().params().value("boundary"), "\"c\"");
}

// ---- nesting

TEST(Multipart, NestedPartsStandBehindTheirMultipart) {
  const auto body = body_of(mixed, crlf({"--b", "Content-Type: multipart/alternative;boundary=bc", "", "--bc", "", "1",
                                         "--bc", "Content-Type: multipart/mixed;boundary=bcd", "", "--bcd", "", "2",
                                         "--bcd--", "--bc--", "--b", "Content-Type: x/y", "", "3", "--b--"}));
  ASSERT_EQ(body.parts().size(), 6U);
  std::vector<std::uint32_t> depths;
  for (const auto& part : body.parts()) depths.push_back(part.depth());
  EXPECT_THAT(depths, ElementsAre(0U, 1U, 2U, 2U, 3U, 1U));
  std::vector<std::string_view> direct;
  body.each_part(body.parts()[0], [&](const BodyPart& part) { direct.push_back(part.type().subtype()); });
  EXPECT_THAT(direct, ElementsAre("alternative", "y"));
  direct.clear();
  body.each_part(body.parts()[2], [&](const BodyPart& part) { direct.push_back(part.bytes()); });
  EXPECT_THAT(direct, ElementsAre()) << "a leaf";
  body.each_part(body.parts()[1], [&](const BodyPart& part) { direct.push_back(part.type().type()); });
  EXPECT_THAT(direct, ElementsAre("text", "multipart"));
}

TEST(Multipart, AnOuterBoundaryEndsWhatIsWithin) {
  // RFC 2046 §5.1.2: the inner multipart was truncated.
  const auto text =
      crlf({"--b", "Content-Type: multipart/mixed;boundary=in", "", "--in", "", "1", "--b", "", "2", "--b--"});
  EXPECT_THAT(parts_of(body_of(mixed, text, Profile::interop)),
              ElementsAre(testing::StartsWith(">multipart"), ">>text/plain|1", ">text/plain|2"));
  EXPECT_EQ(error_of(mixed, text).code, parse_errc::truncated);
}

// ---- RFC 5621

namespace {

const std::string figure_2 = crlf({"--boundary1",
                                   "Content-Type: application/sdp",
                                   "",
                                   "v=0",
                                   "o=alice 2890844526 2890842807 IN IP4 atlanta.example.com",
                                   "s=-",
                                   "c=IN IP4 192.0.2.1",
                                   "t=0 0",
                                   "m=audio 20000 RTP/AVP 0",
                                   "a=rtpmap:0 PCMU/8000",
                                   "m=video 20002 RTP/AVP 31",
                                   "a=rtpmap:31 H261/90000",
                                   "",
                                   "--boundary1",
                                   "Content-Type: application/resource-lists+xml",
                                   "Content-Disposition: recipient-list",
                                   "",
                                   "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
                                   "<resource-lists xmlns=\"urn:ietf:params:xml:ns:resource-lists\">",
                                   "  <list>",
                                   "    <entry uri=\"sip:bill@example.com\"/>",
                                   "    <entry uri=\"sip:randy@example.net\"/>",
                                   "    <entry uri=\"sip:joe@example.org\"/>",
                                   "  </list>",
                                   "</resource-lists>",
                                   "--boundary1--"});

}  // namespace

TEST(Rfc5621, Figure2) {
  const auto request = with_body("Content-Type: multipart/mixed;boundary=\"boundary1\"\r\n", figure_2);
  auto body = BodyView::of(request, {}, Profile::strict);
  ASSERT_TRUE(body);
  ASSERT_EQ(body->parts().size(), 3U);
  EXPECT_EQ(body->parts()[0].raw(header::content_length), std::to_string(figure_2.size()));
  EXPECT_EQ(body->find_session(), &body->parts()[1]);
  EXPECT_TRUE(body->parts()[1].disposition().is("session")) << "RFC 3261 §20.11: what application/sdp implies";
  EXPECT_TRUE(body->parts()[1].disposition().implied);
  EXPECT_TRUE(body->parts()[2].disposition().is("recipient-list"));
  const auto sdp = find_session(request);
  ASSERT_TRUE(sdp);
  EXPECT_TRUE(sdp->starts_with("v=0\r\n"));
  EXPECT_TRUE(sdp->ends_with("a=rtpmap:31 H261/90000\r\n"));
  EXPECT_EQ(find_body(request, "application", "sdp"), sdp);
  EXPECT_TRUE(find_body(request, "application", "resource-lists+xml")->starts_with("<?xml"));
  EXPECT_EQ(find_body(request, "text", "plain"), std::nullopt);
  EXPECT_THAT(refused(*body, {{"application", "sdp", "session"}}), ElementsAre("application/resource-lists+xml"));
  EXPECT_THAT(
      refused(*body, {{"application", "sdp", "session"}, {"application", "resource-lists+xml", "recipient-list"}}),
      ElementsAre());
}

TEST(Rfc5621, APlainBodyIsFoundTheSameWay) {
  const auto request = with_body("c: Application/SDP\r\n", "v=0\r\n");
  EXPECT_EQ(find_body(request, "application", "sdp"), "v=0\r\n");
  EXPECT_EQ(find_session(request), "v=0\r\n");
  EXPECT_EQ(find_body(request, "text", "plain"), std::nullopt);
  const auto early = with_body("Content-Type: application/sdp\r\nContent-Disposition: early-session\r\n", "v=0\r\n");
  EXPECT_EQ(find_session(early), std::nullopt);
  EXPECT_EQ(find_body(early, "application", "sdp"), "v=0\r\n");
  EXPECT_EQ(find_body(with_body("Content-Type: application/sdp\r\n", ""), "application", "sdp"), std::nullopt);
  EXPECT_TRUE(BodyView::of(with_body("", ""))->empty());
  const auto packed = with_body("Content-Type: application/sdp\r\nContent-Encoding: gzip\r\n", "v=0\r\n");
  EXPECT_EQ(find_session(packed), std::nullopt) << "nobody unpacks it here";
}

TEST(Rfc5621, Section8_2HandlingOfAMultipart) {
  const auto with = [](std::string_view multipart, std::string_view disposition, std::string_view part) {
    const std::string type = "multipart/" + std::string(multipart) + ";boundary=c";
    std::string text = "--b\r\nContent-Type: " + type + "\r\n";
    if (!disposition.empty()) (text += "Content-Disposition: render;handling=") += std::string(disposition) + "\r\n";
    text += "\r\n--c\r\nContent-Type: x/unknown\r\n";
    if (!part.empty()) (text += "Content-Disposition: render;handling=") += std::string(part) + "\r\n";
    return body_of(mixed, text + "\r\n\r\n--c--\r\n--b--\r\n");
  };
  EXPECT_THAT(refused(with("mixed", "", ""), {}), ElementsAre("x/unknown"));
  EXPECT_THAT(refused(with("mixed", "required", "optional"), {}), ElementsAre());
  EXPECT_THAT(refused(with("mixed", "optional", "required"), {}), ElementsAre()) << "the whole may be passed over";
  EXPECT_THAT(refused(with("unknown", "", "required"), {}), ElementsAre("x/unknown")) << "as mixed";
  EXPECT_THAT(refused(with("related", "", "required"), {{"multipart", "related"}}), ElementsAre())
      << "named as a whole";
  EXPECT_THAT(refused(with("alternative", "required", "optional"), {}), ElementsAre("multipart/alternative;boundary=c"))
      << "§8.3: handling of the parts is ignored";
  EXPECT_THAT(refused(with("alternative", "optional", "required"), {}), ElementsAre());
  EXPECT_THAT(refused(with("alternative", "", ""), {{"x", "*", "render"}}), ElementsAre());
  EXPECT_THAT(refused(with("alternative", "", ""), {{"x", "unknown", "session"}}),
              ElementsAre("multipart/alternative;boundary=c"))
      << "§8.4: the type is understood in another context";
}

TEST(Rfc5621, AnUnknownHandlingValueMeansRequired) {
  EXPECT_TRUE(BodyDisposition::parse("signal;handling=later")->required);
  EXPECT_TRUE(BodyDisposition::parse("signal")->required);
  EXPECT_FALSE(BodyDisposition::parse("signal; handling=optional")->required);
  EXPECT_FALSE(BodyDisposition::parse("signal; HANDLING = \"optional\"")->required);
  for (const auto* bad : {"", ";handling=optional", "a b", "a;", "a;=x", "a;handling="})
    EXPECT_FALSE(BodyDisposition::parse(bad)) << bad;
}

TEST(Rfc5621, Section9_4ByReferenceNeedsSomebodyWhoKnows) {
  const auto body = body_of(mixed, crlf({"--b", "Content-Type: image/png", "Content-ID: <i@x>",
                                         "Content-Disposition: by-reference", "", "P", "--b--"}));
  EXPECT_THAT(refused(body, {{"image", "*", "render"}}), ElementsAre("image/png"));
  EXPECT_THAT(refused(body, {{"image", "*", "by-reference"}}), ElementsAre());
}

TEST(Rfc5621, ContentIdUrls) {
  const auto body =
      body_of(mixed, crlf({"--b", "Content-ID: <foo4%foo1@bar.net>", "", "1", "--b", "Content-ID: plain@x", "", "2",
                           "--b", "Content-ID: < 3@x >", "", "3", "--b--"}));
  ASSERT_NE(body.find_id("cid:foo4%25foo1@bar.net"), nullptr) << "the example of RFC 2392 §2";
  EXPECT_EQ(body.find_id("cid:foo4%25foo1@bar.net")->bytes(), "1");
  EXPECT_EQ(body.find_id("<foo4%foo1@bar.net>")->bytes(), "1");
  EXPECT_EQ(body.find_id("CID:plain@x")->bytes(), "2");
  EXPECT_EQ(body.find_id("cid:3@x")->bytes(), "3");
  EXPECT_EQ(body.find_id("cid:nobody@x"), nullptr);
  EXPECT_EQ(body.find_id(""), nullptr);
}

namespace {

std::string sdp_part(std::string_view boundary, std::string_view headers, std::string_view name) {
  std::string out = "--" + std::string(boundary) + "\r\nContent-Type: application/sdp\r\n";
  return (((out += headers) += "\r\ns=") += name) += "\r\n";
}

std::string_view session_of(const BodyView& body) {
  const auto* part = body.find_session();
  return part == nullptr ? "none" : part->bytes();
}

}  // namespace

TEST(Rfc5621, TheSessionDescriptionIsFoundByTypeDispositionAndPlace) {
  const auto early = "Content-Disposition: early-session\r\n";
  const auto two = sdp_part("b", "", "1") + sdp_part("b", "", "2") + "--b--";
  EXPECT_EQ(session_of(body_of(mixed, two)), "s=1");
  EXPECT_EQ(session_of(body_of("multipart/alternative;boundary=b", two)), "s=2");
  EXPECT_EQ(session_of(body_of("multipart/related;boundary=b", two)), "s=1");
  EXPECT_EQ(session_of(body_of("multipart/x-new;boundary=b", two)), "s=1");
  EXPECT_EQ(session_of(body_of(mixed, sdp_part("b", early, "1") + sdp_part("b", "", "2") + "--b--")), "s=2");
  EXPECT_EQ(session_of(body_of(mixed, sdp_part("b", early, "1") + "--b--")), "none");
  const auto related =
      sdp_part("b", "Content-ID: <1@x>\r\n", "1") + sdp_part("b", "Content-ID: <2@x>\r\n", "2") + "--b--";
  EXPECT_EQ(session_of(body_of("multipart/related;boundary=b;start=\"<2@x>\"", related)), "s=2");
  EXPECT_EQ(session_of(body_of("multipart/related;boundary=b;start=\"<3@x>\"", related)), "s=1");
  EXPECT_EQ(session_of(body_of("multipart/related;boundary=b", "--b\r\n\r\n\r\n" + sdp_part("b", "", "1") + "--b--")),
            "none")
      << "not the root";
}

TEST(Rfc5621, TheSessionDescriptionInAnAlternativeWithinAMixed) {
  // RFC 5621 §4.1: a location object, and a session in an old and a new format.
  const auto text =
      "--b\r\nContent-Type: application/pidf+xml\r\n\r\n<x/>\r\n--b\r\nContent-Type: "
      "multipart/alternative;boundary=c\r\nContent-Disposition: session\r\n\r\n" +
      sdp_part("c", "", "1") +
      "--c\r\nContent-Type: application/new\r\nContent-Disposition: session\r\n\r\nnew\r\n--c--\r\n--b--";
  const auto body = body_of(mixed, text);
  EXPECT_EQ(session_of(body), "s=1");
  EXPECT_EQ(body.find_session("application", "new")->bytes(), "new");
  EXPECT_THAT(refused(body, {{"application", "sdp", "session"}, {"application", "pidf+xml", "render"}}), ElementsAre());
}

// ---- messages as they are printed in RFCs

TEST(Multipart, Rfc4475Mpart01HoldsTextAndASignatureInDer) {
  auto request = Request::parse(peal_test::read_data(peal_test::data_path("torture/rfc4475/mpart01.dat")));
  ASSERT_TRUE(request);
  auto body = BodyView::of(*request, {}, Profile::strict);
  ASSERT_TRUE(body);
  ASSERT_EQ(body->parts().size(), 3U);
  EXPECT_EQ(body->parts()[0].transfer_encoding(), "binary");
  EXPECT_EQ(body->parts()[1].bytes(), "Hello");
  EXPECT_TRUE(body->parts()[2].is("application", "octet-stream"));
  EXPECT_EQ(body->parts()[2].bytes().size(), 342U);
  EXPECT_EQ(body->parts()[2].bytes().front(), '0') << "a DER SEQUENCE";
  EXPECT_EQ(find_body(*request, "text", "plain"), "Hello");
}

TEST(Multipart, MessagesOfTheRfcsCanBeRead) {
  std::size_t multiparts = 0;
  for (const auto& path : peal_test::data_files("rfc-examples", ".sip")) {
    const auto text = peal_test::read_data(path);
    const auto empty_line = text.find("\r\n\r\n");
    if (empty_line == text.npos) continue;
    // Only what describes the body: many of the messages are cut short elsewhere.
    std::string type;
    const auto at = text.find("Content-Type: multipart/");
    if (at == text.npos || at > empty_line) continue;
    for (auto i = at + 14; i < empty_line && (text[i] != '\r' || text[i + 2] == ' ' || text[i + 2] == '\t'); ++i)
      type += text[i] == '\r' || text[i] == '\n' ? ' ' : text[i];
    auto body = BodyView::parse(type, std::string_view(text).substr(empty_line + 4));
    const bool one_line = text.find("\r\n", empty_line + 4) + 2 == text.size();
    if (one_line || (!body && body.error().code == parse_errc::truncated)) continue;  // printed without its body
    ASSERT_TRUE(body) << path << body.error().message();
    EXPECT_GE(body->parts().size(), 2U) << path;
    ++multiparts;
  }
  EXPECT_GE(multiparts, 10U);
}

}  // namespace multipart_test
