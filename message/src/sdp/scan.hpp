#pragma once

#include <peal/message/error.hpp>
#include <peal/message/result.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What the SDP sources share: byte classes of RFC 8866 §9 and a reader that never passes the end.
namespace peal::inline v0::sdp {

constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }
constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_alpha(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
inline constexpr auto token_chars = [] {
  std::array<bool, 256> out{};
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = is_alpha(static_cast<char>(i)) || is_digit(static_cast<char>(i));
  for (const char c : std::string_view("!#$%&'*+-.^_`{|}~")) out[static_cast<unsigned char>(c)] = true;
  return out;
}();
constexpr bool is_token_char(char c) noexcept { return token_chars[static_cast<unsigned char>(c)]; }
constexpr bool is_token(std::string_view s) noexcept {
  for (const char c : s)
    if (!is_token_char(c)) return false;
  return !s.empty();
}
constexpr bool is_digits(std::string_view s) noexcept {
  for (const char c : s)
    if (!is_digit(c)) return false;
  return !s.empty();
}
/// A byte-string: no CR, LF, NUL.
constexpr bool is_text(std::string_view s) noexcept {
  return s.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}
constexpr char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
constexpr bool same_word(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (lower(a[i]) != lower(b[i])) return false;
  return true;
}
constexpr std::string_view trimmed(std::string_view s) noexcept {
  while (!s.empty() && is_blank(s.front())) s.remove_prefix(1);
  while (!s.empty() && is_blank(s.back())) s.remove_suffix(1);
  return s;
}
/// All digits and at most `max`.
constexpr std::optional<std::uint64_t> to_number(std::string_view s, std::uint64_t max) noexcept {
  if (!is_digits(s)) return std::nullopt;
  std::uint64_t n = 0;
  for (const char c : s) {
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (n > (max - digit) / 10) return std::nullopt;
    n = n * 10 + digit;
  }
  return n;
}

/// Reads words off the front of a value.
class Scan {
 public:
  constexpr explicit Scan(std::string_view text) noexcept : text_(text), rest_(text) {}

  /// The next word, or empty at the end. Blanks in front of it are skipped.
  constexpr std::string_view word() noexcept {
    skip_blanks();
    std::size_t n = 0;
    while (n < rest_.size() && !is_blank(rest_[n])) ++n;
    const auto out = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return out;
  }
  template <class T>
  constexpr bool number(T& out, std::uint64_t max) noexcept {
    const auto n = to_number(word(), max);
    if (n) out = static_cast<T>(*n);
    return n.has_value();
  }
  /// What is left, without blanks round it.
  constexpr std::string_view rest() noexcept { return trimmed(rest_); }
  constexpr bool done() noexcept {
    skip_blanks();
    return rest_.empty();
  }
  [[nodiscard]] tl::unexpected<ParseError> bad(parse_errc why) const {
    return fail(why, static_cast<std::uint32_t>(text_.size() - rest_.size()));
  }

 private:
  constexpr void skip_blanks() noexcept {
    while (!rest_.empty() && is_blank(rest_.front())) rest_.remove_prefix(1);
  }
  std::string_view text_, rest_;
};

inline void append_number(std::string& out, std::uint64_t n) { out += std::to_string(n); }

}  // namespace peal::inline v0::sdp
