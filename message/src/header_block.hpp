#pragma once

#include "ascii.hpp"

#include <peal/message/limits.hpp>
#include <peal/message/result.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace peal::inline v0 {

/// One header line where it stands, blanks around name and value removed.
struct RawHeader {
  std::string_view name;
  std::string_view value;
  bool folded = false;  ///< the value holds line ends, each with a blank behind it: see `unfolded`
};

/// Reads the header lines at the front of a text whose body follows behind an empty line, without the fast reader's
/// padding. Never passes the end of the text; each step advances.
class HeaderBlock {
 public:
  /// `skip`: lines that are no headers are passed over.
  HeaderBlock(std::string_view text, const ParseLimits& limits, bool interop, bool skip)
      : text_(text), limits_(limits), interop_(interop), skip_(skip) {}

  /// False at the empty line and at the end of the text. Offsets of errors count from the start of the text.
  Result<bool, ParseError> next(RawHeader& out);
  /// The next line without its end.
  std::string_view line() noexcept;
  /// Did the line that was read last end in CRLF?
  [[nodiscard]] bool ended_in_crlf() const noexcept { return ended_ && !bare_; }
  [[nodiscard]] std::size_t offset() const noexcept { return at_; }
  /// After `next` gave false: what stands behind the empty line.
  [[nodiscard]] std::string_view body() const noexcept;

 private:
  [[nodiscard]] bool at_blank_line() const noexcept;
  parse_errc split(std::string_view whole, RawHeader& out) const;
  static tl::unexpected<ParseError> wrong(parse_errc why, std::size_t at) {
    return fail(why, static_cast<std::uint32_t>(at));
  }

  std::string_view text_;
  const ParseLimits& limits_;
  bool interop_;
  bool skip_;
  std::size_t at_ = 0;
  std::uint32_t count_ = 0;
  bool ended_ = true;
  bool bare_ = false;
};

/// The value with each line end turned to blanks, as a Message does.
std::string unfolded(std::string_view value);

}  // namespace peal::inline v0
