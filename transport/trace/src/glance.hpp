#pragma once

#include <string>
#include <string_view>

namespace peal::inline v0::trace {

/// What a reader wants to know of a message at first sight, found in bytes that may be anything. Views into them.
struct Glance {
  bool request = false;
  bool response = false;
  bool keep_alive = false;  // nothing but blanks and line ends
  std::string_view start;   // the start line
  std::string_view method;  // of a request
  int status = 0;           // of a response
  std::string_view reason;
  std::string_view call_id;
  std::string_view cseq;
  std::string_view content_type;  // without parameters; empty when there is no body
};

Glance glance(std::string_view message) noexcept;
/// "INVITE (SDP)", "200 OK", "keep-alive", "17 bytes"; printable, of bounded length.
std::string title_of(const Glance& glance, std::size_t size);

bool same_word(std::string_view a, std::string_view b) noexcept;  // without case
std::string_view trimmed(std::string_view text) noexcept;

}  // namespace peal::inline v0::trace
