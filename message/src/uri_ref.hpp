#pragma once

#include "param_value.hpp"

#include <peal/message/uri_ref.hpp>

#include <string>

/// How views of the shape `<URI> *(SEMI generic-param)` are read.
namespace peal::inline v0::grammar {

/// "<" URI ">" at `p`: where it stands is told from `text` on. Gives the end or nullptr.
inline At angle_uri(At text, At p, std::uint32_t& at, UriParts& out, Scan& s) noexcept {
  if (*p != '<') return s.fail(parse_errc::bad_uri, p);
  at = distance(text, ++p);
  p = uri(p, false, out, s);
  if (p == nullptr) return nullptr;
  if (*p != '>') return s.fail(*p == '\r' ? parse_errc::unterminated_angle : parse_errc::bad_uri, p);
  return p + 1;
}

/// Parameters of any shape up to `end`; `each(name, value)` may refuse one.
template <class Each>
Result<void, ParseError> read_ref_params(InMessage from, At behind_uri, const char*& end, UriRefParts& parts, Scan& s,
                                         Each each) {
  end = header_params<ascii::token>(behind_uri, s, each);
  if (end == nullptr) {
    auto why = unread(from, s);
    return why;
  }
  if (end != behind_uri) {
    parts.params = distance(from.at, behind_uri);
    parts.params_size = distance(behind_uri, end);
  }
  parts.size = distance(from.at, end);
  return {};
}

template <class View>
Result<View, ParseError> read_uri_ref(InMessage from, const char*& end) {
  Scan s;
  UriRefParts parts;
  const At behind_uri = angle_uri(from.at, from.at, parts.uri, parts.uri_parts, s);
  if (behind_uri == nullptr) return unread(from, s);
  auto params =
      read_ref_params(from, behind_uri, end, parts, s, [](std::string_view, std::string_view) { return true; });
  if (!params) return peal::fail(params.error());
  return View(from.at, parts);
}

}  // namespace peal::inline v0::grammar
