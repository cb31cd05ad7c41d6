#pragma once

#include "padded.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

/// What the small header values scan and print alike.
namespace peal::inline v0::grammar {

inline void append_number(std::string& out, std::uint64_t value) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

/// 1*DIGIT; what is over 2**32-1 counts as 2**32-1.
inline At delta_seconds(At p, std::chrono::seconds& value, Scan& s) noexcept {
  constexpr std::uint64_t max = std::numeric_limits<std::uint32_t>::max();
  std::uint64_t n = 0;
  const At start = p;
  for (; ascii::is(*p, ascii::digit); ++p) n = std::min(max, n * 10 + static_cast<unsigned>(*p - '0'));
  value = std::chrono::seconds(n);
  return p == start ? s.fail(parse_errc::bad_number, p) : p;
}

/// The whole of `digits` as delta-seconds.
inline std::optional<std::chrono::seconds> seconds_of(std::string_view digits) noexcept {
  if (!ascii::all(digits, ascii::digit)) return std::nullopt;
  constexpr std::uint64_t max = std::numeric_limits<std::uint32_t>::max();
  std::uint64_t n = 0;
  for (const char c : digits) n = std::min(max, n * 10 + static_cast<unsigned>(c - '0'));
  return std::chrono::seconds(n);
}

/// The whole of `digits` as a number up to `max`.
inline std::optional<std::uint32_t> number_of(std::string_view digits, std::uint32_t max) noexcept {
  if (!ascii::all(digits, ascii::digit)) return std::nullopt;
  std::uint64_t n = 0;
  for (const char c : digits)
    if ((n = n * 10 + static_cast<unsigned>(c - '0')) > max) return std::nullopt;
  return static_cast<std::uint32_t>(n);
}

/// "(" *( ctext / quoted-pair / comment ) ")", counting instead of recursing.
inline At comment(At p, Scan& s) noexcept {
  const At start = p;
  int depth = 0;
  for (;; ++p) {
    if (*p == '\r' || *p == '\n' || *p == '\0') return s.fail(parse_errc::unterminated_quote, start);
    if (*p == '\\' && p[1] != '\r' && p[1] != '\n') {
      ++p;
    } else if (*p == '(') {
      ++depth;
    } else if (*p == ')' && --depth == 0) {
      return p + 1;
    }
  }
}

/// Reads a text that stands in no message, through a padded copy. What T views is then the copy's.
template <class T>
Result<T, ParseError> parse_copy(std::string_view text) {
  if (text.size() > longest_value) return peal::fail(parse_errc::too_long, longest_value);
  const Padded copy(text);
  At end = copy.begin();
  auto out = T::read(copy.in_message(), end);
  if (out && end != copy.end()) return peal::fail(parse_errc::trailing_bytes, distance(copy.begin(), end));
  return out;
}

}  // namespace peal::inline v0::grammar
