#include "datagram.hpp"

// What is validated when a message arrives, and what is not; and every limit at its value and one over.

namespace {

using namespace peal;
using peal_test::Datagram;
using peal_test::invite;
using peal_test::ok;
using peal_test::replaced;

struct Received {
  Parsed parsed;
  ParseError error;
  bool broken_2xx;
  Request request;
  Response response;

  explicit Received(std::string_view text, const ParseLimits& limits = {}) {
    Parser parser(limits);
    Datagram datagram(text);
    parsed = datagram.parse(parser);
    error = parser.error();
    broken_2xx = parser.broken_2xx();
    request = parser.request();
    response = parser.response();
  }
};

constexpr std::string_view alices_contact = "Contact: <sip:alice@pc33.atlanta.com>";

std::string repeated(std::string_view element, int count, std::string_view between = ", ") {
  std::string out;
  for (int i = 0; i < count; ++i) out.append(i == 0 ? "" : between).append(element);
  return out;
}

// ---- limits

/// `make(n)` is accepted for n == limit and refused as too long at n == limit + 1, where the element too many begins.
template <class F>
void expect_limit(std::uint32_t ParseLimits::*member, std::string_view marker, F make) {
  for (const std::uint32_t limit : {3U, 40U}) {
    ParseLimits limits;
    limits.*member = limit;
    const Received at(make(static_cast<int>(limit)), limits);
    EXPECT_TRUE(at.parsed == Parsed::request || at.parsed == Parsed::response) << at.error.message() << marker;
    const auto text = make(static_cast<int>(limit) + 1);
    const Received over(text, limits);
    EXPECT_TRUE(over.parsed == Parsed::bad_request || over.parsed == Parsed::bad_response) << marker;
    EXPECT_EQ(over.error.code, parse_errc::too_long) << over.error.message() << marker;
    EXPECT_EQ(text.substr(over.error.offset, marker.size()), marker);
    EXPECT_EQ(over.error.offset, text.rfind(marker));
  }
  // the default is one too
  const ParseLimits defaults;
  const auto most = static_cast<int>(defaults.*member);
  const Received at(make(most));
  EXPECT_TRUE(at.parsed == Parsed::request || at.parsed == Parsed::response) << at.error.message() << marker;
  EXPECT_EQ(Received(make(most + 1)).error.code, parse_errc::too_long) << marker;
}

TEST(LimitsTest, ViaElements) {
  expect_limit(&ParseLimits::via_elements, "SIP/2.0/UDP", [](int n) {
    return replaced(invite(), "Max-Forwards: 70",
                    "v: " + repeated("SIP/2.0/UDP p.example.com;branch=z9hG4bK1", n - 1) + "\r\nMax-Forwards: 70");
  });
}

TEST(LimitsTest, RouteAndRecordRouteElements) {
  expect_limit(&ParseLimits::route_elements, "<sip:p", [](int n) {
    return replaced(invite(), alices_contact,
                    "Route: " + repeated("<sip:p;lr>", n - 2) + "\r\nRoute: <sip:p>, <sip:p>");
  });
  expect_limit(&ParseLimits::record_route_elements, "<sip:p", [](int n) {
    return replaced(invite(), alices_contact,
                    "Record-Route: " + repeated("<sip:p;lr>", n - 1) + "\r\nRecord-Route: <sip:p>");
  });
}

TEST(LimitsTest, ContactElementsWhereTheyAreReadAndWhereTheyAreNot) {
  expect_limit(&ParseLimits::contact_elements, "<sip:p", [](int n) {
    return replaced(invite(), alices_contact, "m: " + repeated("<sip:p>", n - 1) + "\r\nContact: <sip:p>");
  });
  expect_limit(&ParseLimits::contact_elements, "<sip:p", [](int n) {  // the 200 of a registrar
    return replaced(replaced(ok(), "314159 INVITE", "314159 REGISTER"), "<sip:bob@192.0.2.4>",
                    repeated("<sip:p>", n - 1) + "\r\nm: <sip:p>");
  });
}

TEST(LimitsTest, ServiceRouteAndPathElements) {
  expect_limit(&ParseLimits::service_route_elements, "<sip:p", [](int n) {
    return replaced(replaced(ok(), "314159 INVITE", "314159 REGISTER"), "Contact: <sip:bob@192.0.2.4>",
                    "Service-Route: " + repeated("<sip:p;lr>", n));
  });
  expect_limit(&ParseLimits::path_elements, "<sip:p", [](int n) {
    return replaced(invite(), alices_contact, "Path: " + repeated("<sip:p;lr>", n, "\r\nPath: "));
  });
}

TEST(LimitsTest, ElementsOfOtherLists) {
  expect_limit(&ParseLimits::list_elements, "tag", [](int n) {
    return replaced(invite(), alices_contact, "Require: " + repeated("tag", n - 1) + "\r\nProxy-Require: tag");
  });
}

TEST(LimitsTest, Parameters) {
  expect_limit(&ParseLimits::parameters, ";x", [](int n) {
    return replaced(invite(), alices_contact, "Contact: <sip:a@b" + repeated(";x", n, "") + ">");
  });
  expect_limit(&ParseLimits::parameters, ";x", [](int n) {
    return replaced(invite(), "To: Bob <sip:bob@biloxi.com>", "To: <sip:a@b>" + repeated(";x", n, ""));
  });
}

TEST(LimitsTest, BytesAtTheLimitAndOneOver) {
  const auto line = [](std::size_t size) {
    return replaced(invite(), "Max-Forwards: 70", "X: " + std::string(size - 3, 'x'));
  };
  ParseLimits limits;
  limits.header_line_bytes = 100;
  EXPECT_EQ(Received(line(100), limits).parsed, Parsed::request);
  EXPECT_EQ(Received(line(101), limits).error, (ParseError{parse_errc::too_long, 92}));
  const auto name = [](std::size_t size) { return replaced(invite(), "Max-Forwards", std::string(size, 'x')); };
  limits = {};
  limits.header_name_bytes = 30;
  EXPECT_EQ(Received(name(30), limits).parsed, Parsed::request);
  EXPECT_EQ(Received(name(31), limits).error, (ParseError{parse_errc::too_long, 92}));
  limits = {};
  limits.start_line_bytes = 35;  // with its CRLF
  EXPECT_EQ(Received(invite(), limits).parsed, Parsed::request);
  limits.start_line_bytes = 34;
  EXPECT_EQ(Received(invite(), limits).error, (ParseError{parse_errc::too_long, 0}));
}

TEST(LimitsTest, TenThousandHeadersAreRefusedByTheLimitNotByPatience) {
  std::string text = replaced(invite(), "Content-Length: 4\r\n", "");
  std::string lines;
  for (int i = 0; i < 10'000; ++i) lines += "X: y\r\n";
  // what stands behind the limit is not looked at: neither the Content-Length nor the end of the headers
  text = replaced(text, "\r\n\r\n", "\r\n" + lines + "Content-Length: 999999\r\n\r\n");
  const ParseLimits limits;
  const Received out(text);
  EXPECT_EQ(out.parsed, Parsed::bad_request);
  EXPECT_EQ(out.error.code, parse_errc::too_many_headers);
  const auto first_over = text.find("X: y") + 6 * (limits.header_lines - 8);
  EXPECT_EQ(out.error.offset, first_over);
  EXPECT_EQ(out.request.size(), limits.header_lines);
  EXPECT_FALSE(out.request.has(header::content_length));
  EXPECT_EQ(out.request.body(), "");
  EXPECT_EQ(Response(out.request, StatusCode(400), "t").call_id(), "a84b4c76e66710");  // it can be answered
}

TEST(LimitsTest, BytesBehindTheMessageLimitAreNotLookedAt) {
  ParseLimits limits;
  limits.message_bytes = static_cast<std::uint32_t>(invite().find("Call-ID"));
  const Received out(invite(), limits);
  EXPECT_EQ(out.parsed, Parsed::bad_request);
  EXPECT_EQ(out.error, (ParseError{parse_errc::too_long, limits.message_bytes}));
  EXPECT_EQ(out.request.from_tag(), "1928301774");
  EXPECT_EQ(out.request.call_id(), "");
}

// ---- peers of RFC 2543

TEST(ReceiptTest, Rfc2543PeersHaveNoTagsNoCookieAndNoMaxForwards) {  // §8.1.1.3, §12.1.1, §17.2.3
  auto text = replaced(invite(), ";tag=1928301774", "");
  text = replaced(text, ";branch=z9hG4bKnashds8", "");
  text = replaced(text, "Max-Forwards: 70\r\n", "");
  const Received out(text);
  ASSERT_EQ(out.parsed, Parsed::request) << out.error.message();
  EXPECT_EQ(out.request.from_tag(), "");
  EXPECT_EQ(out.request.to_tag(), "");
  EXPECT_EQ(out.request.top_via().branch(), "");
  EXPECT_FALSE(out.request.top_via().has_magic_cookie());
  EXPECT_EQ(out.request.get(header::max_forwards).error().code, parse_errc::missing_header);
  const Received other(replaced(invite(), "z9hG4bKnashds8", "1"));
  ASSERT_EQ(other.parsed, Parsed::request);
  EXPECT_FALSE(other.request.top_via().has_magic_cookie());
  const Received answer(replaced(replaced(ok(), ";tag=a6c85cf", ""), ";tag=1928301774", ""));
  ASSERT_EQ(answer.parsed, Parsed::response);
  EXPECT_EQ(answer.response.to_tag(), "");
}

// ---- lists

TEST(ReceiptTest, ABadElementThatOnlyInformsIsSkippedAndCounted) {
  auto text = replaced(ok(), "314159 INVITE", "314159 REGISTER");
  text = replaced(
      text, "<sip:bob@192.0.2.4>",
      "<sip:one@192.0.2.1>;expires=60, <sip:two@@192.0.2.2>, <sip:three@192.0.2.3>\r\nm: nonsense, <sip:four@a>");
  text = replaced(text, "Content-Length", "Allow: INVITE, A CK, BYE\r\nSupported: path, \"x\", gruu\r\nContent-Length");
  const Received out(text);
  ASSERT_EQ(out.parsed, Parsed::response) << out.error.message();
  std::string users;
  EXPECT_EQ(
      out.response.each_good(header::contact, [&](const NameAddrView& c) { users.append(c.uri().user()) += ' '; }), 2U);
  EXPECT_EQ(users, "one three four ");
  std::string names;
  EXPECT_EQ(out.response.each_good(header::allow, [&](std::string_view m) { names.append(m) += ' '; }), 1U);
  EXPECT_EQ(out.response.each_good(header::supported, [&](std::string_view m) { names.append(m) += ' '; }), 1U);
  EXPECT_EQ(names, "INVITE BYE path gruu ");
  EXPECT_EQ(out.response.each_good(header::require, [](std::string_view) {}), 0U);
}

TEST(ReceiptTest, ABadElementThatRoutesIsAnError) {
  for (const auto* line : {"Route: <sip:a;lr>, <sip:b@@c>", "Record-Route: <sip:a;lr>\r\nRecord-Route: <sip:b@@c>",
                           "Contact: <sip:b@@c>", "Require: a, b c", "Proxy-Require: \"x\"", "Max-Forwards: many"}) {
    auto text = replaced(invite(), alices_contact, line);
    if (std::string_view(line).starts_with("Max")) text = replaced(text, "Max-Forwards: 70\r\n", "");
    for (const auto profile : {Profile::strict, Profile::interop}) {
      ParseLimits limits;
      limits.profile = profile;
      EXPECT_EQ(Received(text, limits).parsed, Parsed::bad_request) << line;
    }
  }
}

TEST(ReceiptTest, ContactIsAnErrorOnlyWhereItIsATarget) {
  const auto bad = replaced(invite(), "<sip:alice@pc33.atlanta.com>", "<sip:alice@@pc33>");
  const auto with = [&](std::string_view method) {
    std::string text = bad;
    text.replace(0, 6, method);
    return replaced(text, "314159 INVITE", "314159 " + std::string(method));
  };
  for (const auto* method : {"INVITE", "SUBSCRIBE", "UPDATE", "NOTIFY", "REFER", "REGISTER"})
    EXPECT_EQ(Received(with(method)).parsed, Parsed::bad_request) << method;
  for (const auto* method : {"BYE", "CANCEL", "OPTIONS", "MESSAGE", "ACK"})
    EXPECT_EQ(Received(with(method)).parsed, Parsed::request) << method;
}

// ---- what is refused, and whom one tells

TEST(ReceiptTest, ARequireOfNothingIsNone) {  // §25.1: option-tag *(COMMA option-tag); docs/leniencies.md
  const auto text = replaced(invite(), alices_contact, std::string(alices_contact) + "\r\nRequire:");
  EXPECT_EQ(Received(text).error.code, parse_errc::bad_token);
  ParseLimits interop;
  interop.profile = Profile::interop;
  const Received mended(text, interop);
  EXPECT_EQ(mended.parsed, Parsed::request);
  EXPECT_FALSE(mended.request.has(header::require));
}

TEST(ReceiptTest, ABroken2xxOfALiveInviteIsTold) {
  for (const auto* line :
       {"Contact: <sip:bob@@c>", "Record-Route: <sip:a@@b>", "Contact: <sip:b>\r\nX", "Content-Length: x"}) {
    const Received out(replaced(ok(), "Contact: <sip:bob@192.0.2.4>", line));
    EXPECT_EQ(out.parsed, Parsed::bad_response) << line;
    EXPECT_TRUE(out.broken_2xx) << line;
    EXPECT_EQ(out.response.cseq().number, 314159U);
    EXPECT_EQ(out.response.from_tag(), "1928301774");
    EXPECT_EQ(out.response.to_tag(), "a6c85cf");
  }
  const auto broken = replaced(ok(), "<sip:bob@192.0.2.4>", "<");
  EXPECT_FALSE(Received(replaced(broken, "200 OK", "180 Ringing")).broken_2xx);
  EXPECT_FALSE(Received(replaced(replaced(broken, "314159 INVITE", "1 BYE"), "Content-Length: 0", "l: x")).broken_2xx);
  EXPECT_FALSE(Received(replaced(broken, ";tag=a6c85cf", "")).broken_2xx);
}

TEST(ReceiptTest, AnAckIsNeverAnsweredNorIsWhatHasNoUsableVia) {
  const auto broken = replaced(invite(), "To: Bob <sip:bob@biloxi.com>", "To: <");
  EXPECT_EQ(Received(broken).parsed, Parsed::bad_request);
  auto ack = broken;
  ack.replace(0, 6, "ACK");
  EXPECT_EQ(Received(replaced(ack, "314159 INVITE", "314159 ACK")).parsed, Parsed::garbage);
  EXPECT_EQ(Received(replaced(broken, "SIP/2.0/UDP pc33.atlanta.com", "SIP/2.0/UDP")).parsed, Parsed::garbage);
  EXPECT_EQ(Received(replaced(broken, "Via:", "X:")).parsed, Parsed::garbage);
}

TEST(ReceiptTest, ARefusedRequestIsAnsweredWithWhatIsThere) {
  const Received out(replaced(invite(), "Max-Forwards: 70", "Max-Forwards: 700"));
  ASSERT_EQ(out.parsed, Parsed::bad_request);
  EXPECT_EQ(out.error.code, parse_errc::bad_number);
  const Response answer(out.request, StatusCode(400), "t");
  EXPECT_EQ(answer.top_via().branch(), "z9hG4bKnashds8");
  EXPECT_EQ(answer.from_tag(), "1928301774");
  EXPECT_EQ(answer.to_tag(), "t");
  EXPECT_EQ(answer.call_id(), "a84b4c76e66710");
  EXPECT_EQ(answer.cseq(), (CSeq{314159, method::invite}));
}

}  // namespace
