#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace peal::inline v0::trace {

/// One character of text that may be no text.
struct Character {
  std::uint32_t code = 0;  // the byte itself when !valid
  std::size_t size = 1;    // bytes it takes
  bool valid = false;      // well-formed UTF-8 (RFC 3629: no overlong form, no surrogate)
};
Character next_character(std::string_view text, std::size_t at) noexcept;
bool is_utf8(std::string_view text) noexcept;
/// May stand in a terminal, a page or a log as it is: no C0 or C1 control, DEL, line separator, bidirectional control
/// or other character that has no shape.
bool is_harmless(std::uint32_t code) noexcept;

/// The text with everything harmful spelt out: \x1b, \u{202e}, \xff. Longer than `most` characters: cut, with "...".
/// CRLF becomes LF when `lines` is set, otherwise it is spelt out too.
std::string visible(std::string_view text, std::size_t most = std::string_view::npos, bool lines = false);
/// `&`, `<`, `>`, quotes as entities. For text that is visible already.
std::string html(std::string_view text);
/// How many columns it takes on a terminal: its characters (wide ones are not told apart).
std::size_t width_of(std::string_view text) noexcept;

}  // namespace peal::inline v0::trace
