#pragma once

#include <peal/message/error.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace peal_test {

/// A text that a grammar refuses, why, and at which byte.
struct Refusal {
  std::string_view text;
  peal::parse_errc why;
  std::uint32_t where;
};

/// V::parse refuses each of them as said.
template <class V>
void expect_refused(std::initializer_list<Refusal> refusals) {
  for (const auto& [text, why, where] : refusals) {
    const auto value = V::parse(text);
    ASSERT_FALSE(value) << text;
    EXPECT_EQ(value.error().code, why) << text << ": " << value.error().message();
    EXPECT_EQ(value.error().offset, where) << text;
  }
}

template <class T>
std::string printed(const T& value) {
  std::string out;
  value.append_to(out);
  return out;
}

/// An INVITE with these header lines, folded ones too, as a datagram brings it.
inline std::string invite_with(std::string_view lines) {
  return "INVITE sip:bob@biloxi.com SIP/2.0\r\n"
         "Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKnashds8\r\n"
         "To: Bob <sip:bob@biloxi.com>\r\n"
         "From: Alice <sip:alice@atlanta.com>;tag=1928301774\r\n"
         "Call-ID: a84b4c76e66710\r\n"
         "CSeq: 314159 INVITE\r\n" +
         std::string(lines) +
         "Contact: <sip:alice@pc33.atlanta.com>\r\n"
         "Content-Length: 0\r\n"
         "\r\n";
}

}  // namespace peal_test
