#pragma once

#include "padded.hpp"

#include <peal/message/param_value.hpp>

/// How views of the shape `head *(SEMI generic-param)` are read.
namespace peal::inline v0::grammar {

/// `head(p, s)` scans what stands before the parameters and gives its end or nullptr; `each(name, value)` sees each
/// parameter and may refuse one (parse_errc::repeated_parameter). Reads one element where it stands.
template <class View, class Head, class Each>
Result<View, ParseError> read_param_value(InMessage from, const char*& end, Head head, Each each) {
  Scan s;
  ParamValueParts parts;
  end = head(from.at, s);
  if (end == nullptr) return unread(from, s);
  parts.value_size = distance(from.at, end);
  const At params = end;
  end = header_params<ascii::token>(params, s, each);
  if (end == nullptr) return unread(from, s);
  if (end != params) {
    parts.params = parts.value_size;
    parts.params_size = distance(params, end);
  }
  parts.size = distance(from.at, end);
  return View(from.at, parts);
}

template <class View, class Head>
Result<View, ParseError> read_param_value(InMessage from, const char*& end, Head head) {
  return read_param_value<View>(from, end, head, [](std::string_view, std::string_view) { return true; });
}

/// token, as a head.
inline At token(At p, Scan& s) noexcept {
  const At end = span<ascii::token>(p);
  return end == p ? s.fail(parse_errc::bad_token, p) : end;
}

/// Reads a text that stands in no message: V::read through a padded copy, then the parts over the text itself.
template <class View>
Result<View, ParseError> parse_parts(std::string_view text) {
  if (text.size() > longest_value) return peal::fail(parse_errc::too_long, longest_value);
  const Padded copy(text);
  At end = copy.begin();
  auto out = View::read(copy.in_message(), end);
  if (!out) return out;
  if (end != copy.end()) return peal::fail(parse_errc::trailing_bytes, distance(copy.begin(), end));
  return View(text.data(), out->parts());
}

}  // namespace peal::inline v0::grammar
