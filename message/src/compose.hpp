#pragma once

#include "value_scan.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace peal::inline v0::grammar {

/// Writes a header value part by part, so that no part can be more than it should be. The first bad one decides: its
/// error's offset counts in that part.
class Compose {
 public:
  /// What needs no check: literals, and texts of values that are valid.
  Compose& literal(std::string_view text) {
    text_ += text;
    return *this;
  }
  Compose& token(std::string_view text) {
    if (text.empty()) refuse(parse_errc::empty, 0);
    for (std::size_t i = 0; i < text.size(); ++i)
      if (!ascii::is(text[i], ascii::token)) refuse(parse_errc::bad_token, i);
    return literal(text);
  }
  /// Quotes, and escapes what must be; CR, LF and NUL are refused.
  Compose& quoted(std::string_view text) {
    text_ += '"';
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      if (c == '\r' || c == '\n' || c == '\0') refuse(parse_errc::bad_byte, i);
      if (!ascii::is(c, ascii::quoted)) text_ += '\\';
      text_ += c;
    }
    text_ += '"';
    return *this;
  }
  Compose& number(std::uint64_t value) {
    append_number(text_, value);
    return *this;
  }
  Compose& seconds(std::chrono::seconds value) {
    if (value.count() < 0) refuse(parse_errc::bad_number, 0);
    return number(value.count() < 0 ? 0U : static_cast<std::uint64_t>(value.count()));
  }
  /// `;name=`, or `;name` for a flag; then comes the value.
  Compose& param(std::string_view name) { return literal(";").literal(name); }
  Compose& token_param(std::string_view name, std::string_view value) { return param(name).literal("=").token(value); }
  Compose& quoted_param(std::string_view name, std::string_view value) {
    return param(name).literal("=").quoted(value);
  }
  /// Only when there is a value.
  Compose& optional_param(std::string_view name, std::string_view value) {
    return value.empty() ? *this : token_param(name, value);
  }
  /// The value, or why there is none. T's grammar has the last word.
  template <class T>
  [[nodiscard]] Result<T, ParseError> made() const {
    if (error_.code != parse_errc::no_result) return peal::fail(error_);
    auto view = T::View::parse(text_);
    if (!view) return peal::fail(view.error());
    return T(*view);
  }

 private:
  void refuse(parse_errc why, std::size_t at) {
    if (error_.code == parse_errc::no_result) error_ = {why, static_cast<std::uint32_t>(at)};
  }
  std::string text_;
  ParseError error_;
};

}  // namespace peal::inline v0::grammar
