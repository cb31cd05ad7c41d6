#pragma once

#include <peal/message/result.hpp>

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace peal::inline v0 {

/// May the header stand once in a message, or is it a list (several elements a line, several lines)?
/// `lines`: several lines, each one element that may hold commas (challenges, credentials).
enum class Occurs : std::uint8_t { once, list, lines };

/// The type of a header's value: parses from text, prints itself, and names the view that reading it gives.
template <class T>
concept HeaderValue = requires(const T& value, std::string& out) {
  typename T::View;
  value.append_to(out);
};

/// What names a header: `request.get(header::from)`, `request.set(header::from, value)`.
/// Core headers have an id (their row in header::table); those of modules and users have id 0 and are found by name.
///
///     inline constexpr Header<NameAddr> refer_to{"Refer-To", 'r', Occurs::once, "RFC 3515 §2.1"};
template <HeaderValue T>
struct Header {
  using Value = T;
  using View = typename T::View;

  std::string_view name;
  char compact = '\0';
  Occurs occurs = Occurs::once;
  std::string_view rfc;
  std::uint8_t id = 0;
};

/// Reads one element with the grammar of T.
template <HeaderValue T>
Result<typename T::View, ParseError> parse_header_value(std::string_view text) {
  if constexpr (requires { T::parse_view(text); })
    return T::parse_view(text);
  else
    return T::View::parse(text);
}

}  // namespace peal::inline v0
