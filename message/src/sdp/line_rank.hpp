#pragma once

#include "scan.hpp"

#include <peal/message/sdp/section.hpp>

namespace peal::inline v0::sdp {

inline constexpr std::size_t unknown_rank = 100;

/// The place of a line in the grammar (RFC 8866 §9); m= opens each media description and is its first.
constexpr std::size_t line_rank(char type) noexcept {
  constexpr std::string_view order = "vomsiuepcbtrzka";
  const auto at = order.find(type);
  return type == '\0' || at == order.npos ? unknown_rank : at;
}

/// `AS:128`; blanks round the colon are forgiven.
inline std::optional<Bandwidth> read_bandwidth(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == text.npos) return std::nullopt;
  const auto type = trimmed(text.substr(0, colon));
  const auto value = to_number(trimmed(text.substr(colon + 1)), UINT64_MAX);
  if (!is_token(type) || !value) return std::nullopt;
  return Bandwidth{type, *value};
}

}  // namespace peal::inline v0::sdp
