#include "datagram.hpp"

namespace {

using namespace peal;

using peal_test::Datagram;
using peal_test::invite;
using peal_test::ok;
using peal_test::replaced;

Request parsed_invite() { return *Request::parse(peal_test::invite()); }

Request built_options() {
  Request request(method::options, *Uri::parse("sip:carol@chicago.com"));
  request.set(header::via, *Via::make("UDP", "pc33.atlanta.com", "z9hG4bKhjhs8ass877", true));
  request.set(header::max_forwards, Number{70});
  request.set(header::to, NameAddr(*Uri::parse("sip:carol@chicago.com")));
  request.set(header::from, *NameAddr::parse("Alice <sip:alice@atlanta.com>;tag=1928301774"));
  request.set(header::call_id, *CallId::parse("a84b4c76e66710"));
  request.set(header::cseq, CSeq{63104, method::options});
  return request;
}

TEST(MessageTest, BuiltRequestPrintsInOrderWithContentLength) {
  const auto request = built_options();
  const std::string expected =
      "OPTIONS sip:carol@chicago.com SIP/2.0\r\n"
      "Via: SIP/2.0/UDP pc33.atlanta.com;rport;branch=z9hG4bKhjhs8ass877\r\n"
      "Max-Forwards: 70\r\n"
      "To: <sip:carol@chicago.com>\r\n"
      "From: Alice <sip:alice@atlanta.com>;tag=1928301774\r\n"
      "Call-ID: a84b4c76e66710\r\n"
      "CSeq: 63104 OPTIONS\r\n"
      "Content-Length: 0\r\n\r\n";
  EXPECT_EQ(request.to_string(), expected);
  EXPECT_EQ(request.printed_size(), expected.size());
  EXPECT_EQ(request.from_tag(), "1928301774");
  EXPECT_EQ(request.cseq().number, 63104U);
  EXPECT_EQ(request.top_via().branch(), "z9hG4bKhjhs8ass877");
  EXPECT_EQ(request.call_id(), "a84b4c76e66710");
  EXPECT_EQ(request.uri().host(), "chicago.com");
  const auto again = Request::parse(expected);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->to_string(), expected);
}

TEST(MessageTest, ResponseCopiesWhatItMust) {  // §8.2.6.2
  auto request = parsed_invite();
  request.add(header::via, *Via::parse("SIP/2.0/UDP second.example.com"));
  ASSERT_TRUE(request.add("Timestamp", "54"));
  const Response ringing(request, StatusCode(180), "8321234356");
  EXPECT_EQ(ringing.to_string(),
            "SIP/2.0 180 Ringing\r\n"
            "Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKnashds8\r\n"
            "Via: SIP/2.0/UDP second.example.com\r\n"
            "To: Bob <sip:bob@biloxi.com>;tag=8321234356\r\n"
            "From: Alice <sip:alice@atlanta.com>;tag=1928301774\r\n"
            "Call-ID: a84b4c76e66710\r\n"
            "CSeq: 314159 INVITE\r\n"
            "Content-Length: 0\r\n\r\n");
  EXPECT_EQ(ringing.status().value(), 180);
  EXPECT_EQ(ringing.reason(), "Ringing");
  EXPECT_EQ(ringing.to_tag(), "8321234356");
  EXPECT_EQ(ringing.from_tag(), "1928301774");
  EXPECT_EQ(ringing.top_via().branch(), "z9hG4bKnashds8");
  EXPECT_EQ(ringing.cseq(), (CSeq{314159, method::invite}));

  const Response trying(request, StatusCode(100), "ignored");
  EXPECT_EQ(trying.to_tag(), "");
  EXPECT_EQ(trying.raw(header::timestamp), "54");
  EXPECT_EQ(Response(request, StatusCode(486), "", "Out\r\nEvil: 1").reason(), "Busy Here");
}

TEST(MessageTest, AnAnswerEndsItsLinesInCrlfWhateverTheRequestDid) {  // §7
  auto text = replaced(invite(), "Call-ID: ", "Call-ID: one\nCall-ID: ");
  for (std::size_t at = 0; (at = text.find("\r\n", at)) != std::string::npos;) text.erase(at, 1);
  for (const auto profile : {Profile::strict, Profile::interop}) {
    ParseLimits limits;
    limits.profile = profile;
    Parser parser(limits);
    Datagram slot(text);
    ASSERT_EQ(slot.parse(parser), Parsed::bad_request);
    const auto answer = Response(parser.request(), StatusCode(400), "tag").to_string();
    for (std::size_t at = 0; (at = answer.find('\n', at)) != std::string::npos; ++at) EXPECT_EQ(answer[at - 1], '\r');
    EXPECT_TRUE(Response::parse(answer)) << answer;
  }
}

TEST(MessageTest, AToTagThatIsThereStays) {
  auto request = parsed_invite();
  ASSERT_TRUE(request.set(header::to, "<sip:bob@biloxi.com>;tag=old"));
  EXPECT_EQ(Response(request, StatusCode(200), "new").to_tag(), "old");
}

TEST(MessageTest, CopiesAreIndependent) {
  auto original = parsed_invite();
  const auto text = original.to_string();
  auto copy = original;
  const auto second_copy = copy;
  ASSERT_TRUE(copy.set(header::subject, "changed"));
  copy.remove(header::contact);
  EXPECT_EQ(original.to_string(), text);
  EXPECT_EQ(second_copy.to_string(), text);
  EXPECT_NE(copy.to_string(), text);
  original.set_uri(*Uri::parse("sip:other@example.com"));
  EXPECT_EQ(second_copy.to_string(), text);
  const auto moved = std::move(copy);
  EXPECT_EQ(moved.raw(header::subject), "changed");
  EXPECT_EQ(copy.size(), 0U);  // NOLINT(bugprone-use-after-move): an empty message is what a move leaves
  EXPECT_EQ(copy.to_string(), "");
  const auto& itself = original;
  original = itself;
  EXPECT_EQ(original.uri().text(), "sip:other@example.com");
}

TEST(MessageTest, ACopyOutlivesTheReceiveSlot) {
  Parser parser;
  Request kept, moved;
  {
    peal_test::Datagram datagram(peal_test::invite());
    ASSERT_EQ(datagram.parse(parser), Parsed::request);
    kept = parser.request();
    moved = std::move(parser.request());
    EXPECT_EQ(parser.request().call_id(), "a84b4c76e66710");  // the parser keeps its own
    std::fill_n(datagram.data(), peal_test::invite().size(), 'X');
  }
  EXPECT_EQ(kept.to_string(), peal_test::invite());
  EXPECT_EQ(moved.to_string(), peal_test::invite());
  EXPECT_EQ(kept.from_tag(), "1928301774");
  EXPECT_EQ(kept.top_via().branch(), "z9hG4bKnashds8");
  EXPECT_EQ(kept.uri().user(), "bob");
  EXPECT_LT(kept.memory(), peal_test::invite().size() + 9 * 16 + 700);
}

TEST(MessageTest, AnAssignedParserMessageDoesNoHarm) {
  Parser parser;
  peal_test::Datagram first(peal_test::invite());
  ASSERT_EQ(first.parse(parser), Parsed::request);
  const auto kept = parser.request();
  parser.request() = kept;
  ASSERT_TRUE(parser.request().set(header::subject, "x"));
  peal_test::Datagram second(peal_test::invite());
  ASSERT_EQ(second.parse(parser), Parsed::request);
  EXPECT_EQ(parser.request().to_string(), peal_test::invite());
  EXPECT_EQ(kept.to_string(), peal_test::invite());
}

TEST(MessageTest, EditsKeepOrderAndWhatTheyDoNotTouch) {
  auto m = *Request::parse(
      "OPTIONS sip:a SIP/2.0\r\n"
      "Via: SIP/2.0/UDP one;branch=z9hG4bK1 , SIP/2.0/UDP two\r\n"
      "X-First:   odd   spacing  \r\n"
      "Route: <sip:r1;lr>,<sip:r2;lr>\r\n"
      "From: <sip:f>;tag=1\r\nTo: <sip:t>\r\ni: 1\r\nCSeq: 1 OPTIONS\r\n"
      "Route: <sip:r3;lr>\r\n"
      "Content-Length: 0\r\n\r\n");
  m.replace_front(header::via, *Via::parse("SIP/2.0/UDP one;branch=z9hG4bK1;received=192.0.2.1"));
  EXPECT_EQ(m.raw(header::via), "SIP/2.0/UDP one;branch=z9hG4bK1;received=192.0.2.1, SIP/2.0/UDP two");
  EXPECT_EQ(m.top_via().params().value("received"), "192.0.2.1");
  m.push_front(header::via, *Via::parse("SIP/2.0/TCP zero;branch=z9hG4bK0"));
  EXPECT_EQ(m.top_via().branch(), "z9hG4bK0");
  EXPECT_EQ(m.all(header::via).size(), 3U);
  m.pop_front(header::via);
  EXPECT_EQ(m.top_via().branch(), "z9hG4bK1");
  m.pop_front(header::via);
  EXPECT_EQ(m.top_via().host(), "two");
  m.pop_front(header::route);
  EXPECT_EQ(m.raw(header::route), "<sip:r2;lr>");
  m.add(header::route, *NameAddr::parse("<sip:r4;lr>"));
  m.push_front(header::route, *NameAddr::parse("<sip:r0;lr>"));
  std::string hosts;
  m.each(header::route, [&](const auto& route) { hosts += route->uri().host(); });
  EXPECT_EQ(hosts, "r0r2r3r4");
  m.set(header::call_id, *CallId::parse("other"));
  EXPECT_EQ(m.call_id(), "other");
  m.remove("x-missing");
  EXPECT_EQ(m.to_string(),
            "OPTIONS sip:a SIP/2.0\r\n"
            "Via: SIP/2.0/UDP two\r\n"
            "X-First:   odd   spacing  \r\n"
            "Route: <sip:r0;lr>\r\n"
            "Route: <sip:r2;lr>\r\n"
            "From: <sip:f>;tag=1\r\nTo: <sip:t>\r\nCall-ID: other\r\nCSeq: 1 OPTIONS\r\n"
            "Route: <sip:r3;lr>\r\n"
            "Route: <sip:r4;lr>\r\n"
            "Content-Length: 0\r\n\r\n");
  m.remove(header::route);
  m.pop_front(header::route);
  EXPECT_FALSE(m.has(header::route));
}

TEST(MessageTest, EditedRoutingHeadersAreReadAgain) {
  auto m = parsed_invite();
  ASSERT_TRUE(m.set(header::from, "sip:new@example.com;tag=n"));
  ASSERT_TRUE(m.set("t", "<sip:x@y>;tag=t"));
  ASSERT_TRUE(m.set("cseq", "2 INVITE"));
  m.remove(header::via);
  EXPECT_EQ(m.from_tag(), "n");
  EXPECT_EQ(m.to_tag(), "t");
  EXPECT_EQ(m.cseq().number, 2U);
  EXPECT_EQ(m.top_via().text(), "");
  m.push_front(header::via, *Via::parse("SIP/2.0/UDP new"));
  EXPECT_EQ(m.field(0).id, HeaderId::via);
  EXPECT_EQ(m.top_via().host(), "new");
}

TEST(MessageTest, AViewOfTheMessageMayBeItsNewValue) {
  auto m = parsed_invite();
  for (int i = 0; i < 200; ++i) {
    ASSERT_TRUE(m.set(header::subject, *m.raw(header::call_id)));
    ASSERT_TRUE(m.add("X-Copy", *m.raw(header::subject)));
  }
  EXPECT_EQ(m.raw(header::subject), "a84b4c76e66710");
  EXPECT_EQ(m.size(), 9U + 1 + 200);
}

TEST(MessageTest, NoTextStartsAHeaderOfItsOwn) {
  auto m = parsed_invite();
  const auto before = m.to_string();
  EXPECT_EQ(m.set(header::subject, "x\r\nEvil: 1").error(), errc::forbidden_byte);
  EXPECT_EQ(m.add(header::subject, "x\nEvil: 1").error(), errc::forbidden_byte);
  EXPECT_EQ(m.set("X-A", "x\rEvil: 1").error(), errc::forbidden_byte);
  EXPECT_EQ(m.add("X-A", std::string_view("a\0b", 3)).error(), errc::forbidden_byte);
  EXPECT_EQ(m.set("X-A\r\nEvil", "1").error(), errc::invalid_value);
  EXPECT_EQ(m.set("X A", "1").error(), errc::invalid_value);
  EXPECT_EQ(m.set("", "1").error(), errc::invalid_value);
  EXPECT_EQ(m.set("Evil:", "1").error(), errc::invalid_value);
  EXPECT_EQ(m.set(header::to, "Bond, James <sip:a@b>").error(), parse_errc::bad_scheme);
  EXPECT_EQ(m.set("From", "nonsense").error(), parse_errc::bad_scheme);
  EXPECT_EQ(m.add("v", "SIP/2.0/UDP").error(), parse_errc::bad_via);
  EXPECT_EQ(m.set(header::route, "<sip:a>, <").error(), parse_errc::bad_scheme);
  EXPECT_EQ(m.set(header::subject, std::string(70'000, 'x')).error(), errc::too_long);
  EXPECT_EQ(m.to_string(), before);
  EXPECT_TRUE(m.set(header::route, "<sip:a>, <sip:b>"));
  EXPECT_EQ(m.all(header::route).size(), 2U);
}

TEST(MessageTest, TypedValuesCannotCarryALineBreakEither) {
  const std::string evil = "sip:a\r\nEvil: 1";
  UriParts parts;
  parts.size = static_cast<std::uint32_t>(evil.size());
  Request request(method::options, UriView(evil.data(), parts));
  request.set(header::contact, NameAddr(UriView(evil.data(), parts)));
  const auto text = request.to_string();
  EXPECT_EQ(text.find("\r\nEvil"), std::string::npos) << text;
}

TEST(MessageTest, NorDoesTheNameOfAUsersDescriptor) {
  auto request = *Request::parse(invite());
  const auto lines = request.size();
  Header<Text> changed{"X-Bad"};  // one that is no token does not compile
  changed.name = "X-Bad\r\nInjected: 1";
  request.set(changed, *Text::parse("v"));
  EXPECT_EQ(request.size(), lines + 1);
  EXPECT_EQ(request.to_string().find("\nInjected"), std::string::npos);
}

TEST(MessageTest, AListOfRoutesCannotBeEmpty) {  // what would be printed, nobody takes: 1*(COMMA …)
  auto request = *Request::parse(invite());
  for (const std::string_view name : {"Record-Route", "Route", "Contact", "Via"}) {
    EXPECT_FALSE(request.set(name, " ")) << name;
    EXPECT_FALSE(request.add(name, "")) << name;
  }
  EXPECT_FALSE(request.set(header::record_route, ""));
  EXPECT_FALSE(request.set(header::via, " "));
  EXPECT_TRUE(request.set(header::supported, ""));  // §20.37: may be empty
  EXPECT_TRUE(request.set("Allow", ""));
  EXPECT_TRUE(Request::parse(request.to_string()));
}

TEST(MessageTest, NoValueIsLongerThanATextMayBe) {
  const std::string most(65'535, 'x');
  const std::string over = most + 'x';
  EXPECT_TRUE(Text::parse(most));
  EXPECT_EQ(Text::parse(over).error(), ParseError(parse_errc::too_long, 65'535));
  EXPECT_TRUE(Token::parse(most));
  EXPECT_EQ(Token::parse(over).error(), ParseError(parse_errc::too_long, 65'535));
  EXPECT_EQ(CallId::parse(over).error(), ParseError(parse_errc::too_long, 65'535));
  EXPECT_EQ(Uri::parse("sip:" + most).error(), ParseError(parse_errc::too_long, 65'535));
  EXPECT_EQ(NameAddr::make(most, *Uri::parse("sip:a@b")).error(), ParseError(parse_errc::too_long, 65'535));
  EXPECT_EQ(Warning::make(399, "h", most).error(), ParseError(parse_errc::too_long, 65'535));
  auto route = *NameAddr::parse("<sip:a@b>");
  EXPECT_EQ(route.set_param("x", most).error(), ParseError(parse_errc::too_long, 65'535));
  EXPECT_EQ(route.text(), "<sip:a@b>");
  auto uri = *Uri::parse("sip:a@b");
  EXPECT_EQ(uri.set_param("x", most).error().code, parse_errc::too_long);
  EXPECT_EQ(uri.text(), "sip:a@b");
}

TEST(MessageTest, RoutesStandInBrackets) {  // RFC 3261 §25.1: route-param = name-addr *( SEMI rr-param )
  auto m = built_options();
  EXPECT_EQ(m.set(header::route, "sip:a@b").error(), parse_errc::bad_name_addr);
  EXPECT_EQ(m.add("Record-Route", "sip:a@b;lr").error(), parse_errc::bad_name_addr);
  EXPECT_FALSE(m.set(header::route, "*"));
  EXPECT_FALSE(m.has(header::route));
  m.set(header::route, *NameAddr::parse("sip:a@b;x=y"));
  EXPECT_EQ(m.raw(header::route), "<sip:a@b>;x=y");
  EXPECT_TRUE(Request::parse(m.to_string()));
}

TEST(MessageTest, OnlySomeListsMayBeEmpty) {  // RFC 3261 §25.1: [ … ] around the whole list
  auto m = built_options();
  EXPECT_TRUE(m.set(header::supported, ""));
  EXPECT_EQ(m.set(header::require, "").error(), parse_errc::empty);
  EXPECT_EQ(m.set("In-Reply-To", " ").error(), parse_errc::empty);
  EXPECT_FALSE(m.has(header::require));
  constexpr std::array<std::string_view, 9> may_be_empty{"Supported",
                                                         "Allow",
                                                         "Accept",
                                                         "Accept-Encoding",
                                                         "Accept-Language",
                                                         "P-Early-Media" /* RFC 5009 §8 */,
                                                         "Accept-Resource-Priority" /* RFC 4412 §3.2 */,
                                                         "P-Associated-URI" /* RFC 7315 §5.1 */,
                                                         "Recv-Info" /* RFC 6086 §9.2 */};
  for (const auto& row : header::table)
    if (is_list(row.occurs)) {
      const bool may = std::find(may_be_empty.begin(), may_be_empty.end(), row.name) != may_be_empty.end();
      EXPECT_EQ(header::check(header::find(row.name), "").has_value(), may) << row.name;
    }
}

TEST(MessageTest, AReasonThatIsNoneIsTheRegisteredOne) {
  const auto request = built_options();
  for (const auto bad : {"a\r\nEvil: 1", "a\nb", "a\x01", "\x1f"}) {
    const Response response(request, status::ok, "t", bad);
    EXPECT_EQ(response.reason(), "OK");
    EXPECT_TRUE(Response::parse(response.to_string()));
  }
  EXPECT_EQ(Response(request, status::ok, "t", "a\tb").reason(), "a\tb");
}

TEST(MessageTest, BodiesTakeTheirHeadersAlong) {
  auto m = built_options();
  m.set_body(*MediaType::parse("application/sdp"), "v=0\r\n");
  EXPECT_EQ(m.body(), "v=0\r\n");
  EXPECT_EQ(m.body_of("Application", "SDP"), "v=0\r\n");
  EXPECT_EQ(m.body_of("text", "plain"), std::nullopt);
  EXPECT_EQ(m.get(header::content_length)->value, 5U);
  EXPECT_TRUE(m.to_string().ends_with("Content-Type: application/sdp\r\nContent-Length: 5\r\n\r\nv=0\r\n"));
  m.set_body(*MediaType::parse("text/plain"), std::string_view("\0\r\n", 3));
  EXPECT_EQ(m.body().size(), 3U);
  EXPECT_TRUE(Request::parse(m.to_string()));
  m.clear_body();
  EXPECT_FALSE(m.has(header::content_type));
  EXPECT_TRUE(m.to_string().ends_with("Content-Length: 0\r\n\r\n"));
}

TEST(MessageTest, ABodyBeyondWhatAnIndexCountsFindsNoMemory) {
  auto request = parsed_invite();
  const auto before = request.to_string();
  const char byte = 'x';  // never looked at
  for (const std::size_t size :
       {std::size_t{1} << 30, std::size_t{1} << 31, (std::size_t{1} << 32) - 80, std::size_t{1} << 32})
    EXPECT_THROW(request.set_body(*MediaType::parse("a/b"), std::string_view(&byte, size)), std::bad_alloc) << size;
  EXPECT_EQ(request.to_string(), before);
}

TEST(MessageTest, ContentLengthIsAlwaysRight) {
  auto m = parsed_invite();
  m.set(header::content_length, Number{999});
  EXPECT_TRUE(m.to_string().ends_with("Content-Length: 4\r\n\r\nv=0\n"));
  m.remove(header::content_length);
  EXPECT_TRUE(m.to_string().ends_with("Content-Length: 4\r\n\r\nv=0\n"));
  EXPECT_EQ(m.printed_size(), m.to_string().size());
}

TEST(MessageTest, ListsAndElements) {
  auto m = parsed_invite();
  ASSERT_TRUE(m.add(header::supported, "timer, 100rel"));
  ASSERT_TRUE(m.add("k", "path"));
  EXPECT_TRUE(m.lists(header::supported, "100REL"));
  EXPECT_TRUE(m.lists(header::supported, "path"));
  EXPECT_FALSE(m.lists(header::supported, "100"));
  EXPECT_EQ(m.all(header::supported).size(), 3U);
  ASSERT_TRUE(m.add("Allow", ""));
  EXPECT_TRUE(m.all(header::allow).empty());
  EXPECT_EQ(m.get(header::allow).error().code, parse_errc::missing_header);
}

TEST(MessageTest, CommasInQuotesAndBracketsSplitNothing) {
  auto m = parsed_invite();
  ASSERT_TRUE(m.set(header::route, R"("a, \"b, <c>\\" <sip:one,two@a>;x=",", <sip:b>)"));
  const auto routes = m.all(header::route);
  ASSERT_EQ(routes.size(), 2U);
  EXPECT_EQ(routes[0]->display_name(), R"(a, "b, <c>\)");
  EXPECT_EQ(routes[0]->uri().user(), "one,two");
  EXPECT_EQ(routes[1]->uri().host(), "b");
}

TEST(MessageTest, AStarIsAContactOfRegisterOnly) {  // §10.2.2, §20.10
  const std::string contact = "Contact: <sip:alice@pc33.atlanta.com>";
  const auto star = replaced(invite(), contact, "Contact: *");
  EXPECT_EQ(Request::parse(star).error().code, parse_errc::bad_name_addr);
  EXPECT_EQ(Request::parse(replaced(invite(), contact, contact + "\r\nContact: *")).error().code,
            parse_errc::bad_name_addr);
  EXPECT_FALSE(Response::parse(replaced(ok(), "Contact: <sip:bob@192.0.2.4>", "Contact: *")));
  auto text = replaced(replaced(invite(), contact, "Contact: *\r\n" + contact), "INVITE", "REGISTER");
  const auto request = Request::parse(replaced(text, " INVITE", " REGISTER"));
  ASSERT_TRUE(request);
  ASSERT_TRUE(request->get(header::contact));
  EXPECT_TRUE(request->get(header::contact)->is_star());  // the first, not the first that has a URI
  EXPECT_EQ(request->all(header::contact).size(), 2U);
}

TEST(MessageTest, TwoChallengesOfALineAreTwo) {  // RFC 7235 §4.1
  auto m = *Response::parse(peal_test::ok());
  ASSERT_TRUE(m.add("Proxy-Authenticate", R"(Basic realm="b")"));
  const auto text =
      peal_test::replaced(m.to_string(), R"(Basic realm="b")",
                          R"(Digest realm="a, Basic x", nonce="1", qop="auth" , Digest  algorithm=SHA-256,realm="c")");
  const auto parsed = *Response::parse(text);
  const auto challenges = parsed.all(header::proxy_authenticate);
  ASSERT_EQ(challenges.size(), 2U);
  ASSERT_TRUE(challenges[0]);
  EXPECT_EQ(challenges[0]->value("realm"), "a, Basic x");
  EXPECT_EQ(challenges[0]->value("qop"), "auth");
  EXPECT_EQ(challenges[1]->value("realm"), "c");
  EXPECT_EQ(challenges[1]->value("nonce"), "");
}

TEST(MessageTest, HeadersOfOthersAreFoundByNameAndCompactForm) {
  static constexpr Header<NameAddr> refer_to{"Refer-To", 'r', Occurs::once, "RFC 3515 §2.1"};
  auto m = parsed_invite();
  ASSERT_TRUE(m.add("R", "<sip:dave@denver.example.org?Replaces=12345%40192.168.118.3%3Bto-tag%3D12345>"));
  EXPECT_EQ(m.get(refer_to)->uri().user(), "dave");
  m.set(refer_to, *NameAddr::parse("<sip:x@y>"));
  EXPECT_EQ(m.get(refer_to)->uri().user(), "x");
  EXPECT_EQ(m.size(), 10U);
  m.remove(refer_to);
  EXPECT_FALSE(m.has(refer_to));

  static constexpr Header<NameAddr> x_mine{"X-Mine", '%', Occurs::list, "none"};
  ASSERT_TRUE(m.add("%", "<sip:a@b>, <sip:c@d>"));
  m.push_front(x_mine, *NameAddr::parse("<sip:e@f>"));
  EXPECT_EQ(m.all(x_mine).size(), 3U);
  EXPECT_EQ(m.get(x_mine)->uri().user(), "e");
}

TEST(MessageTest, EmptyMessagesAnswerQuietly) {
  const Request request;
  EXPECT_EQ(request.to_string(), "");
  EXPECT_TRUE(request.method().empty());
  EXPECT_TRUE(request.uri().empty());
  EXPECT_EQ(request.call_id(), "");
  EXPECT_EQ(request.from().tag(), "");
  EXPECT_EQ(request.top_via().branch(), "");
  EXPECT_EQ(request.body(), "");
  EXPECT_EQ(request.raw("Via"), std::nullopt);
  EXPECT_EQ(request.memory(), 0U);
  const Response response(request, StatusCode(400));
  EXPECT_EQ(response.to_string(), "SIP/2.0 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
}

TEST(HeaderTableTest, NamesAndCompactFormsAreUnique) {
  std::set<std::string> names, compacts;
  for (std::size_t i = 1; i < header::table.size(); ++i) {
    const auto& row = header::table[i];
    EXPECT_FALSE(row.name.empty()) << i;
    EXPECT_TRUE(names.insert(std::string(row.name)).second) << row.name;
    EXPECT_EQ(header::find(row.name), static_cast<HeaderId>(i));
    std::string odd(row.name);
    for (auto& c : odd) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    EXPECT_EQ(header::find(odd), static_cast<HeaderId>(i));
    EXPECT_EQ(header::find(std::string(row.name) + "x"), HeaderId::other);
    if (row.compact == '\0') continue;
    EXPECT_TRUE(compacts.insert(std::string(1, row.compact)).second) << row.name;
    EXPECT_EQ(header::find(std::string(1, row.compact)), static_cast<HeaderId>(i));
  }
  EXPECT_EQ(header::find(""), HeaderId::other);
  EXPECT_EQ(header::find("Fro@"), HeaderId::other);
  EXPECT_EQ(header::find("X-Refer-To"), HeaderId::other);
}

}  // namespace
