#include <peal/message/sipfrag.hpp>

#include <gmock/gmock.h>

namespace sipfrag_test {

using namespace peal;

namespace {

std::string crlf(std::initializer_list<std::string_view> list) {
  std::string out;
  for (const auto line : list) (out += line) += "\r\n";
  return out;
}

Sipfrag strict(std::string_view text) {
  auto fragment = Sipfrag::parse(text, {}, Profile::strict);
  EXPECT_TRUE(fragment) << text << (fragment ? "" : fragment.error().message());
  return fragment ? *fragment : Sipfrag();
}

parse_errc refusal(std::string_view text, Profile profile = Profile::strict, const ParseLimits& limits = {}) {
  const auto fragment = Sipfrag::parse(text, limits, profile);
  EXPECT_TRUE(fragment || fragment.error().offset <= text.size());
  return fragment ? parse_errc::no_result : fragment.error().code;
}

}  // namespace

// ---- RFC 3420 §3.1

TEST(Sipfrag, Rfc3420ARequestLineAlone) {
  const auto fragment = strict(crlf({"INVITE sip:alice@atlanta.com SIP/2.0"}));
  EXPECT_TRUE(fragment.is_request());
  EXPECT_FALSE(fragment.is_response());
  EXPECT_EQ(fragment.method(), method::invite);
  EXPECT_EQ(fragment.uri().user(), "alice");
  EXPECT_EQ(fragment.size(), 0U);
  EXPECT_EQ(fragment.to_string(), "INVITE sip:alice@atlanta.com SIP/2.0\r\n");
}

TEST(Sipfrag, Rfc3420AStatusLineAlone) {
  const auto fragment = strict(crlf({"SIP/2.0 603 Declined"}));
  EXPECT_TRUE(fragment.is_response());
  EXPECT_EQ(fragment.status(), status::decline);
  EXPECT_EQ(fragment.reason(), "Declined");
  EXPECT_TRUE(fragment.method().empty());
  EXPECT_TRUE(fragment.uri().empty());
  EXPECT_EQ(fragment.to_string(), "SIP/2.0 603 Declined\r\n");
}

TEST(Sipfrag, Rfc3420SubsetOfARegister) {
  const auto fragment =
      strict(crlf({"REGISTER sip:atlanta.com SIP/2.0", "To: sip:alice@atlanta.com",
                   "Contact: <sip:alicepc@atlanta.com>;q=0.9,", "         <sip:alicemobile@atlanta.com>;q=0.1"}));
  EXPECT_EQ(fragment.method(), method::register_);
  EXPECT_EQ(fragment.get(header::to)->uri().user(), "alice");
  std::vector<std::string_view> users;
  fragment.each(header::contact, [&](const auto& contact) {
    ASSERT_TRUE(contact);
    users.push_back(contact->uri().user());
  });
  EXPECT_THAT(users, testing::ElementsAre("alicepc", "alicemobile"));
  EXPECT_EQ(Sipfrag::parse(fragment.to_string(), {}, Profile::strict)->to_string(), fragment.to_string());
}

TEST(Sipfrag, Rfc3420SubsetOfA400) {
  const auto text = crlf({"SIP/2.0 400 Bad Request", "Warning: 399 atlanta.com Your Event header field was malformed"});
  EXPECT_EQ(refusal(text), parse_errc::bad_byte);  // the RFC forgets the quotes of RFC 3261 §20.43
  const auto fragment = Sipfrag::parse(text, {}, Profile::interop);
  ASSERT_TRUE(fragment);
  EXPECT_EQ(fragment->status(), status::bad_request);
  EXPECT_EQ(fragment->raw("warning"), "399 atlanta.com Your Event header field was malformed");
  EXPECT_FALSE(fragment->get(header::warning));
}

TEST(Sipfrag, Rfc3420HeadersAlone) {
  const auto text = crlf({"From: Alice <sip:alice@atlanta.com>", "To: Bob <sip:bob@biloxi.com>",
                          "Contact: <sip:alice@pc33.atlanta.com>", "Date: Thu, 21 Feb 2002 13:02:03 GMT",
                          "Call-ID: a84b4c76e66710", "Cseq: 314159 INVITE"});
  const auto fragment = strict(text);
  EXPECT_FALSE(fragment.is_request());
  EXPECT_FALSE(fragment.is_response());
  EXPECT_EQ(fragment.size(), 6U);
  EXPECT_EQ(fragment.get(header::from)->display_name(), "Alice");
  EXPECT_EQ(fragment.get(header::call_id), "a84b4c76e66710");
  EXPECT_EQ(fragment.get(header::cseq)->number, 314159U);
  EXPECT_FALSE(fragment.has(header::via));
  EXPECT_EQ(fragment.get(header::via).error().code, parse_errc::missing_header);
  EXPECT_EQ(fragment.to_string(), text);
}

TEST(Sipfrag, Rfc3420ABodyWithSdp) {
  const auto sdp =
      crlf({"v=0", "o=alice 2890844526 2890844526 IN IP4 host.anywhere.com", "s=", "c=IN IP4 host.anywhere.com",
            "t=0 0", "m=audio 49170 RTP/AVP 0", "a=rtpmap:0 PCMU/8000", "m=video 51372 RTP/AVP 31",
            "a=rtpmap:31 H261/90000", "m=video 53000 RTP/AVP 32", "a=rtpmap:32 MPV/90000"});
  const auto text =
      crlf({"SIP/2.0 200 OK", "Content-Type: application/sdp", "Content-Length: " + std::to_string(sdp.size()), ""}) +
      sdp;
  const auto fragment = strict(text);
  EXPECT_TRUE(fragment.get(header::content_type)->is("application", "sdp"));
  EXPECT_EQ(fragment.body(), sdp);
  EXPECT_EQ(fragment.to_string(), text);
}

TEST(Sipfrag, Rfc3420ABodyWithoutStartLine) {
  const auto text = crlf({"Content-Type: text/plain", "Content-Length: 11", "", "Hi There!"});
  const auto fragment = strict(text);
  EXPECT_EQ(fragment.body(), "Hi There!\r\n");
  EXPECT_EQ(fragment.to_string(), text);
}

// ---- RFC 3420 §3.2

TEST(Sipfrag, Rfc3420InvalidStartLines) {
  for (const auto profile : {Profile::strict, Profile::interop}) {
    EXPECT_EQ(refusal(crlf({"INVITE"}), profile), parse_errc::bad_start_line);
    EXPECT_EQ(refusal(crlf({"INVITE sip:alice@atlanta.com SIP/1.09"}), profile), parse_errc::bad_version);
    EXPECT_EQ(refusal(crlf({"SIP/2.0"}), profile), parse_errc::bad_status_code);
    EXPECT_EQ(refusal(crlf({"404 Not Found"}), profile), parse_errc::bad_start_line);
  }
}

TEST(Sipfrag, Rfc3420InvalidHeaders) {
  EXPECT_NE(refusal(crlf({"INVITE sip:alice@atlanta.com SIP/2.0", "Via: SIP/2.0/UDP ;branch=z9hG4bK29342a"})),
            parse_errc::no_result);
  EXPECT_NE(refusal(crlf({"INVITE sip:alice@atlanta.com SIP/2.0", "To: <>;tag=39234"})), parse_errc::no_result);
  EXPECT_NE(
      refusal(crlf({"To: sip:alice@atlanta.com", "From: sip:bob@biloxi.com;tag=1992312", "Call-ID: this is invalid"})),
      parse_errc::no_result);
  EXPECT_EQ(refusal(crlf({"INVITE sip:alice@atlanta.com SIP/2.0",
                          "From: <sip:bob@biloxi.com>;tag=z9hG4bK2912;tag=z9hG4bK99234"})),
            parse_errc::repeated_parameter);
  EXPECT_EQ(refusal(crlf({"To: sip:a@h", "To: sip:b@h"})), parse_errc::repeated_header);
}

TEST(Sipfrag, Rfc3420ABodyWithoutItsHeaders) {
  for (const auto profile : {Profile::strict, Profile::interop})
    EXPECT_EQ(refusal(crlf({"MESSAGE sip:alice@atlanta.com SIP/2.0", "Hi There!"}), profile),
              parse_errc::bad_header_name);
  const auto text = crlf({"MESSAGE sip:alice@atlanta.com SIP/2.0", "", "Hi There!"});
  EXPECT_EQ(refusal(text), parse_errc::missing_header) << "RFC 3261 §7.4: Content-Type";
  EXPECT_EQ(Sipfrag::parse(text)->body(), "Hi There!\r\n");
}

// ---- what peers send

TEST(Sipfrag, NoLineEndBehindTheStatusLine) {
  for (const auto* text : {"SIP/2.0 100 Trying", "SIP/2.0 100 Trying\r\n", "SIP/2.0 100 Trying\r\n\r\n",
                           "SIP/2.0 100 Trying\n", "SIP/2.0 100 Trying\n\n", "sip/2.0 100 Trying"}) {
    const auto fragment = Sipfrag::parse(text);
    ASSERT_TRUE(fragment) << text;
    EXPECT_EQ(fragment->status(), status::trying) << text;
    EXPECT_EQ(fragment->reason(), "Trying") << text;
    EXPECT_EQ(fragment->to_string(), "SIP/2.0 100 Trying\r\n");
  }
  EXPECT_EQ(refusal("SIP/2.0 100 Trying"), parse_errc::bad_line_end);
  EXPECT_EQ(refusal("SIP/2.0 100 Trying\n"), parse_errc::bad_line_end);
}

TEST(Sipfrag, NoReasonPhrase) {
  EXPECT_EQ(Sipfrag::parse("SIP/2.0 200")->status(), status::ok);
  EXPECT_EQ(Sipfrag::parse("SIP/2.0 200 \r\n", {}, Profile::strict)->reason(), "");
  EXPECT_EQ(refusal("SIP/2.0 200\r\n"), parse_errc::bad_status_code);
}

TEST(Sipfrag, LineFeedAloneAndHeadersThatAreWrong) {
  const auto text = "SIP/2.0 200 OK\nTo: <>\nContact: <sip:a@h>,\n\t<sip:b@h>\nX: y";
  const auto fragment = Sipfrag::parse(text);
  ASSERT_TRUE(fragment);
  EXPECT_FALSE(fragment->get(header::to));
  EXPECT_EQ(fragment->raw(header::to), "<>");
  int contacts = 0;
  fragment->each(header::contact, [&](const auto& contact) { contacts += contact ? 1 : 0; });
  EXPECT_EQ(contacts, 2);
  EXPECT_EQ(fragment->raw("X"), "y");
  EXPECT_EQ(refusal(text), parse_errc::bad_line_end);
}

TEST(Sipfrag, ContentLengthCutsTheBodyAndIsPutRight) {
  const auto text = crlf({"Content-Type: a/b", "l: 2", ""}) + "xyz";
  EXPECT_EQ(strict(text).body(), "xy");
  const auto longer = crlf({"Content-Type: a/b", "l: 9", ""}) + "xyz";
  EXPECT_EQ(refusal(longer), parse_errc::body_too_short);
  EXPECT_EQ(Sipfrag::parse(longer)->to_string(), crlf({"Content-Type: a/b", "l: 3", ""}) + "xyz");
}

TEST(Sipfrag, AnEmptyFragmentIsOne) {
  for (const auto profile : {Profile::strict, Profile::interop}) {
    const auto fragment = Sipfrag::parse("", {}, profile);
    ASSERT_TRUE(fragment);
    EXPECT_TRUE(fragment->empty());
    EXPECT_EQ(fragment->to_string(), "");
  }
}

// ---- hostile input

TEST(Sipfrag, StatusLinesThatAreNone) {
  for (const auto* text : {"SIP/2.0 20 OK", "SIP/2.0 2000 OK", "SIP/2.0 099 x", "SIP/2.0 700 x", "SIP/2.0  200 OK",
                           "SIP/2.0 20x OK", "SIP/2.0 ", "SIP/2.0 200OK"})
    EXPECT_EQ(refusal(text, Profile::interop), parse_errc::bad_status_code) << text;
  EXPECT_EQ(refusal("SIP/3.0 200 OK", Profile::interop), parse_errc::bad_version);
  EXPECT_EQ(refusal("SIP/2.0 200 O\rK", Profile::interop), parse_errc::bad_byte);
  EXPECT_EQ(refusal(std::string_view("SIP/2.0 200 O\0K", 15), Profile::interop), parse_errc::bad_byte);
  EXPECT_NE(refusal("INVITE sip:a@[ SIP/2.0", Profile::interop), parse_errc::no_result);
  EXPECT_EQ(refusal("IN(VITE sip:a@h SIP/2.0", Profile::interop), parse_errc::bad_method);
}

TEST(Sipfrag, EachLimitHolds) {
  const auto text = crlf({"SIP/2.0 200 OK", "Xx: y", "Z: 1"});
  const auto with = [](auto change) {
    ParseLimits limits;
    change(limits);
    return limits;
  };
  const auto size = static_cast<std::uint32_t>(text.size());
  for (const auto& fits :
       {with([&](auto& l) { l.message_bytes = size; }), with([](auto& l) { l.start_line_bytes = 14; }),
        with([](auto& l) { l.header_lines = 2; }), with([](auto& l) { l.header_line_bytes = 5; }),
        with([](auto& l) { l.header_name_bytes = 2; })})
    EXPECT_EQ(refusal(text, Profile::strict, fits), parse_errc::no_result);
  for (const auto& over :
       {with([&](auto& l) { l.message_bytes = size - 1; }), with([](auto& l) { l.start_line_bytes = 13; }),
        with([](auto& l) { l.header_line_bytes = 4; }), with([](auto& l) { l.header_name_bytes = 1; })})
    EXPECT_EQ(refusal(text, Profile::strict, over), parse_errc::too_long);
  EXPECT_EQ(refusal(text, Profile::strict, with([](auto& l) { l.header_lines = 1; })), parse_errc::too_many_headers);
}

TEST(Sipfrag, CutShortAtEveryByte) {
  const auto text = crlf({"REGISTER sip:atlanta.com SIP/2.0", "To: sip:alice@atlanta.com", "m: <sip:pc@h>;q=0.9,",
                          " <sip:m@h>", "Content-Type: a/b", "Content-Length: 3", "", "x"});
  for (std::size_t n = 0; n <= text.size(); ++n) {
    const std::vector<char> exact(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(n));
    for (const auto profile : {Profile::strict, Profile::interop}) {
      const auto fragment = Sipfrag::parse({exact.data(), exact.size()}, {}, profile);
      if (!fragment) {
        EXPECT_LE(fragment.error().offset, n);
        continue;
      }
      const auto printed = fragment->to_string();
      const auto again = Sipfrag::parse(printed, {}, profile);
      ASSERT_TRUE(again) << printed;
      EXPECT_EQ(again->to_string(), printed);
    }
  }
}

// ---- building

TEST(Sipfrag, TheUsualReport) {
  EXPECT_EQ(Sipfrag(status::ringing).to_string(), "SIP/2.0 180 Ringing\r\n");
  EXPECT_EQ(Sipfrag(status::ok, "Fine").to_string(), "SIP/2.0 200 Fine\r\n");
  EXPECT_EQ(Sipfrag(status::ok, "Fine\r\nX: y").to_string(), "SIP/2.0 200 OK\r\n");
  EXPECT_EQ(Sipfrag(StatusCode(299)).to_string(), "SIP/2.0 299 \r\n");
  auto response = Response::parse(
      "SIP/2.0 486 Not now\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKx\r\nFrom: <sip:a@h>;tag=1\r\nTo: <sip:b@h>;tag=2\r\n"
      "Call-ID: x\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n");
  ASSERT_TRUE(response);
  EXPECT_EQ(Sipfrag(*response).to_string(), "SIP/2.0 486 Not now\r\n");
}

TEST(Sipfrag, Edits) {
  Sipfrag fragment;
  fragment.set_request(method::invite, Uri::parse("sip:bob@example.com")->view());
  fragment.add(header::to, *NameAddr::parse("<sip:bob@example.com>"));
  ASSERT_TRUE(fragment.add("X-Note", " hello "));
  fragment.set_body(*MediaType::parse("text/plain"), "hi");
  EXPECT_EQ(fragment.to_string(), crlf({"INVITE sip:bob@example.com SIP/2.0", "To: <sip:bob@example.com>",
                                        "X-Note: hello", "Content-Type: text/plain", "Content-Length: 2", ""}) +
                                      "hi");
  fragment.set_request(fragment.method(), fragment.uri());
  EXPECT_EQ(fragment.uri().user(), "bob");
  fragment.set_body(*MediaType::parse("text/html"), fragment.body());
  EXPECT_EQ(fragment.body(), "hi");
  fragment.remove("t");
  fragment.remove("x-note");
  fragment.set_body(MediaType(), "");
  fragment.set_status(status::ok, "reason");
  fragment.set_status(status::accepted, fragment.reason());
  EXPECT_EQ(fragment.to_string(), "SIP/2.0 202 reason\r\n");
  fragment.clear_start_line();
  EXPECT_TRUE(fragment.empty());
}

TEST(Sipfrag, ADescriptorFromOutsideFindsARegisteredHeader) {  // as in a Message
  static constexpr Header<Text> own{"Subject"};
  EXPECT_EQ(strict("s: short\r\n").raw(own), "short");
  EXPECT_EQ(*strict("s: short\r\n").get(own), "short");
}

TEST(Sipfrag, NoValueStartsAHeaderOfItsOwn) {
  Sipfrag fragment;
  for (const auto& bad : {std::string("x\r\ny"), std::string("x\n"), std::string("x\r"), std::string("x\0y", 3)}) {
    EXPECT_EQ(fragment.add("X", bad).error(), errc::forbidden_byte);
    EXPECT_EQ(fragment.add(bad, "x").error(), errc::forbidden_byte);
  }
  EXPECT_EQ(fragment.add("a b", "x").error(), errc::invalid_value);
  EXPECT_EQ(fragment.add("X", std::string(65'536, 'x')).error(), errc::too_long);
  EXPECT_FALSE(fragment.add("CSeq", "x"));
  EXPECT_TRUE(fragment.empty());
}

}  // namespace sipfrag_test
