#pragma once

#include <peal/message/parse.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

namespace peal_test {

/// A datagram in memory as a receive slot is: padded, and not a byte more, so that a sanitizer sees a step too far.
class Datagram {
 public:
  explicit Datagram(std::string_view text)
      : size_(text.size()), bytes_(std::make_unique<char[]>(size_ + peal::Parser::padding)) {
    std::copy(text.begin(), text.end(), bytes_.get());
  }
  peal::Parsed parse(peal::Parser& parser) { return parser.parse(bytes_.get(), size_); }
  char* data() { return bytes_.get(); }

 private:
  std::size_t size_;
  std::unique_ptr<char[]> bytes_;
};

inline std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}

/// RFC 3261 §24.2, F1.
inline const std::string& invite() {
  static const std::string text =
      "INVITE sip:bob@biloxi.com SIP/2.0\r\n"
      "Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKnashds8\r\n"
      "Max-Forwards: 70\r\n"
      "To: Bob <sip:bob@biloxi.com>\r\n"
      "From: Alice <sip:alice@atlanta.com>;tag=1928301774\r\n"
      "Call-ID: a84b4c76e66710\r\n"
      "CSeq: 314159 INVITE\r\n"
      "Contact: <sip:alice@pc33.atlanta.com>\r\n"
      "Content-Type: application/sdp\r\n"
      "Content-Length: 4\r\n"
      "\r\n"
      "v=0\n";
  return text;
}

/// RFC 3261 §24.2, F11.
inline const std::string& ok() {
  static const std::string text =
      "SIP/2.0 200 OK\r\n"
      "Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKnashds8;received=192.0.2.1\r\n"
      "To: Bob <sip:bob@biloxi.com>;tag=a6c85cf\r\n"
      "From: Alice <sip:alice@atlanta.com>;tag=1928301774\r\n"
      "Call-ID: a84b4c76e66710\r\n"
      "CSeq: 314159 INVITE\r\n"
      "Contact: <sip:bob@192.0.2.4>\r\n"
      "Content-Length: 0\r\n"
      "\r\n";
  return text;
}

}  // namespace peal_test
