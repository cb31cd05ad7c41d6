#pragma once

#include "ascii.hpp"

#include <array>
#include <optional>
#include <string_view>

namespace peal::inline v0 {

/// The bytes that decide where an element of a list ends.
inline constexpr std::array<bool, 256> list_marks = [] {
  std::array<bool, 256> out{};
  for (const char c : {'"', '<', ','}) out[static_cast<unsigned char>(c)] = true;
  return out;
}();

/// Behind the element of a comma list that starts at `at`: commas in quotes and <> belong to it.
inline std::size_t element_end(std::string_view text, std::size_t at) noexcept {
  for (; at < text.size(); ++at) {
    if (!list_marks[static_cast<unsigned char>(text[at])]) continue;
    if (text[at] == ',') return at;
    if (text[at] == '<') {
      at = text.find('>', at);
      if (at == std::string_view::npos) break;
      continue;
    }
    for (++at; at < text.size() && text[at] != '"'; ++at)
      if (text[at] == '\\') ++at;
  }
  return text.size();
}

/// The elements of a comma list, blanks around them removed. An empty text has none; `a,,b` has an empty one.
struct ListCursor {
  std::string_view text;
  std::size_t at = 0;
  bool done = false;

  std::optional<std::string_view> next() noexcept {
    if (done || ascii::trim(text).empty()) return std::nullopt;
    const auto end = element_end(text, at);
    const auto element = ascii::trim(text.substr(at, end - at));
    done = end >= text.size();
    at = end + 1;
    return element;
  }
};

/// Behind the challenge or credentials that start at `at`: `Digest a=b, c=d, Digest …` holds two (RFC 7235 §4.1).
inline std::size_t challenge_end(std::string_view text, std::size_t at) noexcept {
  for (;;) {
    at = element_end(text, at);
    if (at >= text.size()) return text.size();
    // a new one begins when two tokens stand behind the comma with only blanks between
    auto p = at + 1;
    while (p < text.size() && ascii::blank(text[p])) ++p;
    const auto token = p;
    while (p < text.size() && ascii::is(text[p], ascii::token)) ++p;
    const auto token_end = p;
    while (p < text.size() && ascii::blank(text[p])) ++p;
    if (token_end != token && p != token_end && p < text.size() && ascii::is(text[p], ascii::token)) return at;
    ++at;
  }
}

}  // namespace peal::inline v0
