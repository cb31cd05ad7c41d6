#include "corpus.hpp"
#include "datagram.hpp"

#include <nlohmann/json.hpp>

// Every leniency of docs/leniencies.md: refused by the strict profile with reason and place, accepted by interop.

namespace {

using namespace peal;
using peal_test::Datagram;
using peal_test::invite;
using peal_test::ok;
using peal_test::replaced;

ParseLimits profile(Profile which) {
  ParseLimits limits;
  limits.profile = which;
  return limits;
}

struct Judged {
  Parsed parsed;
  ParseError error;
  bool mended;
  bool broken_2xx;
  Request request;
  Response response;

  explicit Judged(std::string_view text, Profile which = Profile::interop) {
    Parser parser(profile(which));
    Datagram datagram(text);
    parsed = datagram.parse(parser);
    error = parser.error();
    mended = parser.mended();
    broken_2xx = parser.broken_2xx();
    request = parser.request();
    response = parser.response();
  }
  [[nodiscard]] bool accepted() const { return parsed == Parsed::request || parsed == Parsed::response; }
  [[nodiscard]] std::string printed() const {
    return parsed == Parsed::request ? request.to_string() : response.to_string();
  }
};

/// Strict refuses with that reason where `at` stands; what interop makes of it is given back. `mended`: what is printed
/// then is accepted by strict.
Judged lenient(const std::string& text, parse_errc why, std::string_view at, bool mended = true) {
  const Judged strict(text, Profile::strict);
  EXPECT_FALSE(strict.accepted()) << text;
  EXPECT_FALSE(strict.mended);
  EXPECT_EQ(strict.error.code, why) << strict.error.message() << " in " << text;
  EXPECT_EQ(strict.error.offset, text.find(at)) << text.substr(strict.error.offset, 30);
  Judged out(text);
  EXPECT_TRUE(out.accepted()) << out.error.message() << " at " << text.substr(out.error.offset, 30) << " in " << text;
  EXPECT_EQ(out.mended, mended) << text;
  const auto printed = out.printed();
  const Judged again(printed, mended ? Profile::strict : Profile::interop);
  EXPECT_TRUE(again.accepted()) << again.error.message() << " in " << printed;
  EXPECT_EQ(again.printed(), printed);
  return out;
}

constexpr std::string_view from_line = "From: Alice <sip:alice@atlanta.com>;tag=1928301774";
constexpr std::string_view to_line = "To: Bob <sip:bob@biloxi.com>";
constexpr std::string_view contact_line = "Contact: <sip:alice@pc33.atlanta.com>";
constexpr std::string_view via_line = "Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKnashds8";

Judged with_from(std::string_view from, parse_errc why, std::string_view at, bool mended = true) {
  return lenient(replaced(invite(), from_line, "From: " + std::string(from)), why, at, mended);
}
Judged with_contact(std::string_view contact, parse_errc why, std::string_view at) {
  return lenient(replaced(invite(), contact_line, "Contact: " + std::string(contact)), why, at);
}
Judged with_via(std::string_view via, parse_errc why, std::string_view at, bool mended = true) {
  return lenient(replaced(invite(), via_line, "Via: " + std::string(via)), why, at, mended);
}

// ---- line ends

TEST(LeniencyTest, BareLineFeeds) {
  std::string bare = invite();
  std::erase(bare, '\r');
  const auto all = lenient(bare, parse_errc::bad_line_end, "\nVia");
  EXPECT_EQ(all.request.to_string(), invite());
  EXPECT_EQ(all.request.body(), "v=0\n");  // the body's line ends are its own
  const auto one =
      lenient(replaced(invite(), "Max-Forwards: 70\r\n", "Max-Forwards: 70\n"), parse_errc::bad_line_end, "\nTo:");
  EXPECT_EQ(one.request.to_string(), invite());
  auto answer = ok();
  std::erase(answer, '\r');
  EXPECT_EQ(lenient(answer, parse_errc::bad_line_end, "\nVia").response.to_string(), ok());
  const auto folded = lenient(replaced(bare, "Max-Forwards: 70", "Max-Forwards: 70\nSubject: a\n b"),
                              parse_errc::bad_line_end, "\nVia");
  EXPECT_EQ(folded.request.raw(header::subject), "a  b");
}

// ---- start lines

TEST(LeniencyTest, StatusLineWithoutItsLastBlank) {
  const auto out = lenient(replaced(ok(), "200 OK", "200"), parse_errc::bad_status_code, "200\r\n");
  EXPECT_EQ(out.response.status(), StatusCode(200));
  EXPECT_EQ(out.response.reason(), "");
}

TEST(LeniencyTest, BlanksTooManyInStartLines) {  // RFC 4475 §3.1.2.9, §3.1.2.10
  EXPECT_EQ(lenient(replaced(invite(), "INVITE sip", "INVITE   sip"), parse_errc::bad_scheme, "  sip:bob")
                .request.to_string(),
            invite());
  EXPECT_EQ(lenient(replaced(invite(), "SIP/2.0\r\nVia", "SIP/2.0  \r\nVia"), parse_errc::bad_start_line, "\r\nVia")
                .request.to_string(),
            invite());
  EXPECT_EQ(lenient(replaced(ok(), "SIP/2.0 200 OK", "SIP/2.0  200 OK"), parse_errc::bad_status_code, " 200 OK")
                .response.to_string(),
            ok());
}

TEST(LeniencyTest, BlanksInTheRequestUri) {  // RFC 4475 §3.1.2.8
  const auto out = lenient(replaced(invite(), "sip:bob@biloxi.com SIP", "sip:bob@biloxi.com; lr SIP"),
                           parse_errc::bad_parameter, " lr SIP");
  EXPECT_EQ(out.request.uri().text(), "sip:bob@biloxi.com;lr");
}

TEST(LeniencyTest, BracketsAroundTheRequestUri) {  // RFC 4475 §3.1.2.7
  EXPECT_EQ(lenient(replaced(invite(), "sip:bob@biloxi.com SIP", "<sip:bob@biloxi.com> SIP"), parse_errc::bad_scheme,
                    "<sip:bob@biloxi.com> SIP")
                .request.to_string(),
            invite());
}

// ---- names

TEST(LeniencyTest, UnquotedNamesWithOtherBytes) {  // RFC 4475 §3.1.2.15
  const auto display = [](std::string_view name, std::string_view at) {
    return with_from(std::string(name) + " <sip:alice@atlanta.com>;tag=1", parse_errc::bad_scheme, at);
  };
  EXPECT_EQ(display("Alice (home)", " (home)").request.from().display_name(), "Alice (home)");
  EXPECT_EQ(display("Bell, Alexander", ", Alexander").request.from().display_name(), "Bell, Alexander");
  EXPECT_EQ(display("J\xc3\xbcrgen", "\xc3\xbcrgen").request.from().display_name(), "J\xc3\xbcrgen");
  EXPECT_EQ(display("alice@home", "@home").request.from().display_name(), "alice@home");
  EXPECT_EQ(display("Al \"Scarface\" C", " \"Scarf").request.from().display_name(), "Al \"Scarface\" C");
  EXPECT_EQ(display("back\\slash", "\\slash").request.from().display_name(), "back\\slash");
  EXPECT_EQ(with_contact("A/B <sip:alice@pc33.atlanta.com>, <sip:b@c>", parse_errc::bad_scheme, "/B")
                .request.all(header::contact)
                .size(),
            2U);
}

TEST(LeniencyTest, NamesQuotedTwice) {
  const auto out = with_from("\"\"unknown\"\" <sip:alice@atlanta.com>;tag=1", parse_errc::bad_name_addr, "unknown");
  EXPECT_EQ(out.request.from().display_name(), "unknown");
}

TEST(LeniencyTest, ANameInFrontOfAUriWithoutBrackets) {
  const auto out =
      with_from("\"Anonymous\" sip:anonymous@atlanta.com;tag=as4b", parse_errc::bad_name_addr, "sip:anonymous@atl");
  EXPECT_EQ(out.request.from().display_name(), "Anonymous");
  EXPECT_EQ(out.request.from().uri().text(), "sip:anonymous@atlanta.com");
  EXPECT_EQ(out.request.from_tag(), "as4b");
}

// ---- parameters

TEST(LeniencyTest, EmptyParameters) {
  EXPECT_EQ(with_from("<sip:alice@atlanta.com>;;tag=1;", parse_errc::bad_parameter, ";tag=1").request.from().text(),
            "<sip:alice@atlanta.com>;tag=1");
  EXPECT_EQ(
      with_contact("<sip:alice@pc33.atlanta.com;;transport=tcp;>;q=1;", parse_errc::bad_parameter, ";transport=tcp;")
          .request.raw(header::contact),
      "<sip:alice@pc33.atlanta.com;transport=tcp>;q=1");
  EXPECT_EQ(with_via("SIP/2.0/UDP a.example.com;branch=z9hG4bK1;", parse_errc::bad_parameter, "\r\nMax")
                .request.top_via()
                .text(),
            "SIP/2.0/UDP a.example.com;branch=z9hG4bK1");
}

TEST(LeniencyTest, ParametersWithoutTheirValue) {
  const auto via =
      with_via("SIP/2.0/UDP a.example.com:5060;rport=;branch=z9hG4bK1;received=", parse_errc::bad_parameter,
               ";branch=z9hG4bK1;rec");
  EXPECT_EQ(via.request.top_via().text(), "SIP/2.0/UDP a.example.com:5060;rport;branch=z9hG4bK1;received");
  EXPECT_EQ(with_contact("<sip:alice@pc33.atlanta.com;transport=>", parse_errc::bad_parameter, ">\r\nContent")
                .request.get(header::contact)
                ->uri()
                .text(),
            "sip:alice@pc33.atlanta.com;transport");
}

TEST(LeniencyTest, AnEmptyTagIsNone) {  // RFC 2543 peers: a null tag, §12.1.1
  EXPECT_EQ(
      lenient(replaced(invite(), to_line, "To: Bob <sip:bob@biloxi.com>;tag="), parse_errc::bad_parameter, "\r\nFrom")
          .request.to_tag(),
      "");
  EXPECT_EQ(with_from("<sip:alice@atlanta.com>;tag", parse_errc::bad_parameter, ";tag").request.from_tag(), "");
}

TEST(LeniencyTest, APortThatIsNotThere) {
  EXPECT_EQ(with_via("SIP/2.0/UDP a.example.com:;branch=z9hG4bK1", parse_errc::bad_port, ";branch=z9hG4bK1")
                .request.top_via()
                .text(),
            "SIP/2.0/UDP a.example.com;branch=z9hG4bK1");
}

TEST(LeniencyTest, OddTagsAndBranchesAreKept) {
  const auto from = with_from("<sip:alice@atlanta.com>;tag=a/b+c==", parse_errc::trailing_bytes, "/b+c==", false);
  EXPECT_EQ(from.request.from_tag(), "a/b+c==");
  const auto via = with_via("SIP/2.0/UDP a.example.com;branch=z9hG4bK=[1]/2==", parse_errc::bad_via, "=[1]/2==", false);
  EXPECT_EQ(via.request.top_via().branch(), "z9hG4bK=[1]/2==");
  EXPECT_EQ(Response(via.request, StatusCode(200), "t").top_via().branch(), "z9hG4bK=[1]/2==");
}

TEST(LeniencyTest, OddCallIdsAreKept) {
  for (const auto* id : {"a=b@c", "1@2@3", "{a|b}#1;x", "\xc3\xa4@b"}) {
    const auto text = replaced(invite(), "a84b4c76e66710", id);
    EXPECT_FALSE(Judged(text, Profile::strict).accepted()) << id;
    EXPECT_EQ(Judged(text, Profile::strict).error.code, parse_errc::bad_call_id) << id;
    const Judged out(text);
    EXPECT_TRUE(out.accepted()) << id;
    EXPECT_EQ(out.request.call_id(), id);
    EXPECT_EQ(Response(out.request, StatusCode(200), "t").call_id(), id);
    EXPECT_EQ(out.printed(), text);
  }
  EXPECT_FALSE(Judged(replaced(invite(), "a84b4c76e66710", "a b")).accepted());
}

// ---- hosts and URIs

TEST(LeniencyTest, HostsThatNoHostMayBeCalled) {
  for (const auto* host : {"asterisk_1", "_sip_server_", "0fb38bfd0a0d", "a_b.example.com", "pbx.7a"}) {
    const auto text = replaced(invite(), "pc33.atlanta.com;", std::string(host) + ":5060;");
    EXPECT_FALSE(Judged(text, Profile::strict).accepted()) << host;
    const Judged out(text);
    ASSERT_TRUE(out.accepted()) << host << out.error.message();
    EXPECT_FALSE(out.mended);
    EXPECT_EQ(out.request.top_via().host(), host);
    EXPECT_EQ(out.printed(), text);

    auto everywhere = replaced(text, "sip:bob@biloxi.com SIP", "sip:bob@" + std::string(host) + " SIP");
    everywhere = replaced(everywhere, "<sip:alice@atlanta.com>", "<sip:alice@" + std::string(host) + ">");
    everywhere = replaced(everywhere, "<sip:alice@pc33.atlanta.com>", "<sip:alice@" + std::string(host) + ":5060;ob>");
    const Judged all(everywhere);
    ASSERT_TRUE(all.accepted()) << host << all.error.message();
    EXPECT_EQ(all.request.uri().host(), host);
    EXPECT_EQ(all.request.from().uri().host(), host);
    const auto contact = all.request.get(header::contact);
    ASSERT_TRUE(contact) << host;
    EXPECT_EQ(contact->uri().host(), host);
    // what was accepted can be worked with
    Via via(all.request.top_via());
    EXPECT_TRUE(via.set_param("received", "192.0.2.1"));
    Uri uri(contact->uri());
    EXPECT_TRUE(uri.set_param("transport", "tcp"));
    Request edited = all.request;
    edited.replace_front(header::via, via);
    EXPECT_EQ(edited.top_via().host(), host);
    EXPECT_TRUE(Judged(edited.to_string()).accepted());
  }
  for (const auto* host : {"1.2.3", "1.2.3.4.5", "256.1.1.1", "a..b", "a b", "_1.2.3", "-1"})
    EXPECT_FALSE(Judged(replaced(invite(), "pc33.atlanta.com;", std::string(host) + ";")).accepted()) << host;
}

TEST(LeniencyTest, UnescapedBytesInTheUserPart) {
  const auto user = [](std::string_view text, parse_errc why, std::string_view at) {
    const auto out = with_contact("<sip:" + std::string(text) + "@192.0.2.1>", why, at);
    return std::string(out.request.get(header::contact)->uri().user());
  };
  EXPECT_EQ(user("*34020#", parse_errc::bad_host, "*34020#"), "*34020%23");
  EXPECT_EQ(user("PBX#1000#9054", parse_errc::bad_uri, "#1000#"), "PBX%231000%239054");
  EXPECT_EQ(user("John Doe", parse_errc::bad_uri, " Doe"), "John%20Doe");
  EXPECT_EQ(user("{a|b}^`", parse_errc::bad_host, "{a|b}"), "%7Ba%7Cb%7D%5E%60");
  EXPECT_EQ(user("m\xc3\xbcller", parse_errc::bad_uri, "\xc3\xbcller"), "m%C3%BCller");
  const auto percent = with_contact("<sip:100%@192.0.2.1>", parse_errc::bad_escape, "%@192");
  EXPECT_EQ(percent.request.get(header::contact)->uri().user(), "100%25");
  const auto target =
      lenient(replaced(invite(), "sip:bob@biloxi.com SIP", "sip:*31#@biloxi.com SIP"), parse_errc::bad_host, "*31#");
  EXPECT_EQ(unescape(target.request.uri().user()), "*31#");
}

TEST(LeniencyTest, BlanksInsideBrackets) {  // RFC 4475 §3.1.2.14; folds in RFC 7118 and RFC 8599
  EXPECT_EQ(lenient(replaced(invite(), to_line, "To: \"Watson, Thomas\" < sip:t.watson@example.org >"),
                    parse_errc::bad_scheme, " sip:t.watson")
                .request.to()
                .uri()
                .text(),
            "sip:t.watson@example.org");
  const auto text = replaced(invite(), contact_line, "Contact: <sip:alice@pc33.atlanta.com;transport=ws;\r\n  ob>;q=1");
  const Judged out(text);
  ASSERT_TRUE(out.accepted());
  EXPECT_EQ(out.request.get(header::contact)->uri().text(), "sip:alice@pc33.atlanta.com;transport=ws;ob");
}

// ---- lists

TEST(LeniencyTest, RoutesWithoutBrackets) {
  for (const std::string name : {"Route", "Record-Route"}) {
    const auto out =
        lenient(replaced(invite(), contact_line, name + ": sip:p1.example.com;lr, <sip:p2.example.com;lr>"),
                parse_errc::bad_name_addr, "sip:p1");
    const auto routes = out.request.all(name == "Route" ? header::route : header::record_route);
    ASSERT_EQ(routes.size(), 2U);
    EXPECT_EQ(routes[0]->text(), "<sip:p1.example.com;lr>");
    EXPECT_TRUE(routes[0]->uri().loose_router());
  }
}

TEST(LeniencyTest, EmptyListElements) {
  EXPECT_EQ(lenient(replaced(invite(), contact_line, "Require: ,100rel,,timer,"), parse_errc::bad_token, ",100rel")
                .request.raw(header::require),
            "100rel, timer");
  EXPECT_EQ(with_contact("<sip:a@b>,", parse_errc::bad_scheme, "\r\nContent-Type").request.all(header::contact).size(),
            1U);
  EXPECT_FALSE(with_contact("", parse_errc::bad_scheme, "\r\nContent-Type").request.has(header::contact));
  EXPECT_FALSE(lenient(replaced(invite(), contact_line, "Record-Route:"), parse_errc::bad_name_addr, "\r\nContent-Type")
                   .request.has(header::record_route));
  // lists that nobody validates at receipt are taken by both profiles; what reads them skips
  const Judged out(replaced(invite(), contact_line, "Allow: INVITE,,ACK,\r\nSupported: ,path"), Profile::strict);
  ASSERT_TRUE(out.accepted());
  std::vector<std::string> allowed;
  EXPECT_EQ(out.request.each_good(header::allow, [&](std::string_view method) { allowed.emplace_back(method); }), 2U);
  EXPECT_EQ(allowed, (std::vector<std::string>{"INVITE", "ACK"}));
  EXPECT_TRUE(out.request.lists(header::supported, "path"));
}

// ---- what needs no leniency: legal in both profiles

TEST(LeniencyTest, LegalThoughOftenTakenForWrong) {
  for (const auto& text :
       {replaced(invite(), "Max-Forwards: 70", "Max-Forwards:70"),
        replaced(invite(), "Max-Forwards: 70", "Max-Forwards  :  70  "),
        replaced(invite(), "SIP/2.0\r\nVia", "sip/2.0\r\nVia"), replaced(invite(), "CSeq: 314159", "CSeq: 000314159"),
        replaced(invite(), "Max-Forwards: 70", "Subject:\r\nMax-Forwards: 070")})
    for (const auto which : {Profile::strict, Profile::interop}) {
      const Judged out(text, which);
      EXPECT_TRUE(out.accepted()) << text;
      EXPECT_FALSE(out.mended);
      EXPECT_EQ(out.printed(), text);
      EXPECT_EQ(out.request.get(header::max_forwards)->value, 70U);
    }
}

// ---- what stays refused

TEST(LeniencyTest, WhatCouldBeReadInTwoWaysStaysRefused) {
  struct TwoWays {
    std::string_view from, to;
  };
  for (const auto& [from, to] : {
           TwoWays{"Max-Forwards: 70\r\n", "Max-Forwards: 70\rX: y\r\n"},         // a bare CR
           TwoWays{"Max-Forwards: 70\r\n", "Max-Forwards: 70\r\r\n"},             //
           TwoWays{"Content-Length: 4", "Content-Length: 5"},                     // cut short
           TwoWays{"Content-Length: 4", "Content-Length: 4\nContent-Length: 4"},  //
           TwoWays{"Content-Length: 4", "Content-Length: 4,"},                    //
           TwoWays{"Content-Length: 4", "Content-Length:"},                       //
           TwoWays{"Content-Length: 4", "Content Length: 4"},                     //
           TwoWays{to_line, "To: \"Bob <sip:bob@biloxi.com>"},                    // quotbal
           TwoWays{to_line, "To: \"Bob\\\" <sip:bob@biloxi.com>"},                //
           TwoWays{to_line, "To: \"Bob\" Smith <sip:bob@biloxi.com>"},            //
           TwoWays{to_line, "To: Bob <sip:bob@biloxi.com"},                       //
           TwoWays{to_line, "To: <sip:bob@biloxi.com>, <sip:c@d>"},               // two values
           TwoWays{to_line, "To: Bob \"<sip:a@evil>\" <sip:bob@biloxi.com>"},     //
           TwoWays{to_line, "To: <sip:a@b@c>"},                                   // whose host?
           TwoWays{to_line, "To: <sip:bob@biloxi.com>;tag=1;tag=2"},              //
           TwoWays{to_line, "To: sip:bob@biloxi.com?Subject=x"},                  // RFC 8217
           TwoWays{"sip:bob@biloxi.com SIP", "sip:2001:db8::10 SIP"},             // RFC 5118 §4.2
           TwoWays{" SIP/2.0\r\nVia", " SIP/3.0\nVia"},                           //
           TwoWays{via_line, "Via: SIP/2.0/UDP 192.0.2.15;;,;,,"},                // badinv01
           TwoWays{via_line, "Via: SIP/2.0/UDP a;branch=1;branch=2"},             //
           TwoWays{"314159 INVITE", "314159 OPTIONS"},                            //
           TwoWays{"Max-Forwards: 70", "Subject: \x01"},                          //
           TwoWays{"From: Alice", "From: Al\x01ice (x)"},                         //
           TwoWays{"SIP/2.0\r\nVia", "SIP/2.0\r\n Via"},                          // a fold of nothing
       }) {
    const auto text = replaced(invite(), from, to);
    const Judged out(text);
    EXPECT_FALSE(out.accepted()) << to << "\n" << out.printed();
    EXPECT_NE(out.error.code, parse_errc::no_result) << to;
    EXPECT_LE(out.error.offset, text.size()) << to;
  }
}

TEST(LeniencyTest, APlaceInAMendedMessageIsAPlaceInTheOriginal) {
  std::string text = invite();
  std::erase(text, '\r');
  text = replaced(text, "Content-Length: 4", "Content-Length: x4");
  const Judged out(text);
  EXPECT_EQ(out.parsed, Parsed::bad_request);
  EXPECT_EQ(out.error.code, parse_errc::bad_content_length);
  EXPECT_EQ(out.error.offset, text.find("x4"));
  EXPECT_EQ(out.request.top_via().branch(), "z9hG4bKnashds8");  // it can be answered
}

TEST(LeniencyTest, TortureThatMustBeRejectedIsInBothProfiles) {
  for (const std::string set : {"rfc4475", "rfc5118"}) {
    const std::filesystem::path folder = peal_test::data_path("torture/" + set);
    const auto expected = nlohmann::json::parse(peal_test::read_data(folder / "expected.json"));
    std::string opened;
    for (const auto& entry : expected["messages"]) {
      const auto text = peal_test::read_data(folder / entry["file"].get<std::string>());
      const Judged out(text);
      const auto name = entry["name"].get<std::string>();
      EXPECT_FALSE(out.accepted() && entry["must_reject"].get<bool>()) << name;
      if (entry["well_formed"].get<bool>()) {
        EXPECT_TRUE(out.accepted() && !out.mended) << name;
      }
      if (out.mended && out.accepted()) opened += name + " ";
    }
    // RFC 4475 allows a liberal element these, and baddn, whose file has no empty line
    EXPECT_EQ(opened, set == "rfc4475" ? "ltgtruri lwsruri lwsstart trws badaspec " : "") << set;
  }
}

TEST(LeniencyTest, NeverChangesWhatIsWellFormed) {
  for (const auto* folder : {"perf", "rfc-examples"})
    for (const auto& file : peal_test::data_files(folder, ".sip")) {
      const auto text = peal_test::read_data(file);
      const Judged strict(text, Profile::strict);
      const Judged out(text);
      if (!strict.accepted()) continue;
      EXPECT_EQ(out.parsed, strict.parsed) << file;
      EXPECT_FALSE(out.mended) << file;
      EXPECT_EQ(out.printed(), strict.printed()) << file;
    }
}

TEST(LeniencyTest, RfcExamplesWithSlips) {
  for (const auto* file : {"rfc4028-005.sip", "rfc4028-006.sip", "rfc5626-001.sip", "rfc7118-003.sip",
                           "rfc7118-005.sip", "rfc8599-001.sip", "rfc8599-002.sip"}) {
    const auto text = peal_test::read_data(peal_test::data_path("rfc-examples") / file);
    EXPECT_FALSE(Judged(text, Profile::strict).accepted()) << file;
    const Judged out(text);
    EXPECT_TRUE(out.accepted()) << file << ": " << out.error.message() << " at " << text.substr(out.error.offset, 40);
  }
}

TEST(LeniencyTest, ABroken2xxIsSeenBehindWhatCouldBeMended) {
  auto text = replaced(ok(), "<sip:bob@192.0.2.4>", "<sip:bob@@>");
  text = replaced(text, "Bob <sip:bob@biloxi.com>;tag",
                  "B\xc3\xb6"
                  "b <sip:bob@biloxi.com>;tag");
  const Judged out(text);
  EXPECT_EQ(out.parsed, Parsed::bad_response);
  EXPECT_FALSE(Judged(text, Profile::strict).broken_2xx);  // its To cannot be read
}

}  // namespace
