#pragma once

#include <peal/message/message.hpp>
#include <peal/message/parse.hpp>
#include <peal/message/typed_headers.hpp>

#include <initializer_list>
#include <string>
#include <string_view>

/// What the tests of header values share.
namespace value_test {

/// What a value prints.
template <class T>
std::string printed(const T& value) {
  std::string out;
  value.append_to(out);
  return out;
}

/// A received request with these header lines among others; each ends with CRLF.
inline peal::Request received(std::string_view lines) {
  auto request = peal::Request::parse(
      "OPTIONS sip:carol@chicago.com SIP/2.0\r\n"
      "Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKhjhs8ass877\r\n"
      "Max-Forwards: 70\r\n"
      "To: <sip:carol@chicago.com>\r\n"
      "From: Alice <sip:alice@atlanta.com>;tag=1928301774\r\n"
      "Call-ID: a84b4c76e66710\r\n"
      "CSeq: 63104 OPTIONS\r\n" +
      std::string(lines) + "Content-Length: 0\r\n\r\n");
  EXPECT_TRUE(request) << lines;
  return request ? *request : peal::Request{};
}

struct Refusal {
  std::string_view text;
  peal::parse_errc why;
  std::uint32_t offset;
};

/// Each text is refused by V for that reason at that place, alone and as a line of a message.
template <class V>
void expect_refused(std::initializer_list<Refusal> refusals) {
  for (const auto& [text, why, offset] : refusals) {
    const auto value = peal::parse_header_value<V>(text);
    ASSERT_FALSE(value) << text;
    EXPECT_EQ(value.error().code, why) << text << ": " << value.error().message() << " at " << value.error().offset;
    EXPECT_EQ(value.error().offset, offset) << text;
    const peal::Header<V> header{"X-Tested", '\0', peal::Occurs::once, "RFC 3261"};
    const auto in_place = received("X-Tested: " + std::string(text) + "\r\n").get(header);
    ASSERT_FALSE(in_place) << text;
    EXPECT_EQ(in_place.error(), value.error()) << text << ": " << in_place.error().message();
  }
}

/// Each text is a value that prints as it came.
template <class V>
void expect_same(std::initializer_list<std::string_view> texts) {
  for (const auto text : texts) {
    const auto value = V::parse(text);
    ASSERT_TRUE(value) << text << ": " << value.error().message() << " at " << value.error().offset;
    EXPECT_EQ(printed(*value), text);
    const peal::Header<V> header{"X-Tested", '\0', peal::Occurs::once, "RFC 3261"};
    EXPECT_TRUE(received("X-Tested: " + std::string(text) + " \t\r\n").get(header)) << text;
  }
}

}  // namespace value_test
