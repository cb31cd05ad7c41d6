#include "param_value.hpp"

#include <peal/message/event_values.hpp>

namespace peal::inline v0 {

namespace {

/// event-package *( "." event-template ), each of them token-nodot.
grammar::At event_type(grammar::At p, grammar::Scan& s) noexcept {
  const auto end = grammar::token(p, s);
  if (end == nullptr) return nullptr;
  for (auto dot = p; dot != end; ++dot)
    if (*dot == '.' && (dot == p || dot + 1 == end || dot[1] == '.')) return s.fail(parse_errc::bad_token, dot);
  return end;
}

}  // namespace

Result<EventView, ParseError> EventView::read(InMessage from, const char*& end) {
  return grammar::read_param_value<EventView>(from, end, event_type);
}

Result<EventView, ParseError> EventView::parse(std::string_view text) { return grammar::parse_parts<EventView>(text); }

}  // namespace peal::inline v0
