#include "compose.hpp"
#include "known_params.hpp"

#include <peal/message/event_values.hpp>

namespace peal::inline v0 {

using grammar::KnownParam;

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
  static constexpr std::array<KnownParam, 1> known{{{"id", grammar::is_token}}};
  return grammar::read_known<EventView>(from, end, event_type, known);
}

Result<EventView, ParseError> EventView::parse(std::string_view text) { return grammar::parse_parts<EventView>(text); }

Result<Event, ParseError> Event::make(std::string_view type, std::string_view id) {
  return grammar::Compose().token(type).optional_param("id", id).made<Event>();
}

Result<std::string_view, ParseError> EventType::read(InMessage from, const char*& end) {
  grammar::Scan s;
  end = event_type(from.at, s);
  if (end == nullptr) return grammar::unread(from, s);
  return grammar::between(from.at, end);
}

Result<std::string_view, ParseError> EventType::parse_view(std::string_view text) {
  const grammar::Padded copy(text);
  grammar::Scan s;
  if (auto ok = copy.finish(event_type(copy.begin(), s), s); !ok) return fail(ok.error());
  return text;
}

Result<EventType, ParseError> EventType::parse(std::string_view text) {
  auto view = parse_view(text);
  if (!view) return fail(view.error());
  EventType out;
  out.text_ = *view;
  return out;
}

Result<SubscriptionStateView, ParseError> SubscriptionStateView::read(InMessage from, const char*& end) {
  static constexpr std::array<KnownParam, 3> known{
      {{"reason", grammar::is_token}, {"expires", grammar::is_digits}, {"retry-after", grammar::is_digits}}};
  return grammar::read_known<SubscriptionStateView>(from, end, grammar::token, known);
}

Result<SubscriptionStateView, ParseError> SubscriptionStateView::parse(std::string_view text) {
  return grammar::parse_parts<SubscriptionStateView>(text);
}

bool SubscriptionStateView::is(std::string_view state) const noexcept { return ascii::equal(value(), state); }

std::optional<std::chrono::seconds> SubscriptionStateView::expires() const {
  return grammar::seconds_of(params().value("expires"));
}

std::optional<std::chrono::seconds> SubscriptionStateView::retry_after() const {
  return grammar::seconds_of(params().value("retry-after"));
}

Result<SubscriptionState, ParseError> SubscriptionState::make(std::string_view state, const Params& params) {
  grammar::Compose out;
  out.token(state).optional_param("reason", params.reason);
  if (params.expires) out.param("expires").literal("=").seconds(*params.expires);
  if (params.retry_after) out.param("retry-after").literal("=").seconds(*params.retry_after);
  return out.made<SubscriptionState>();
}

Result<InfoPackageView, ParseError> InfoPackageView::read(InMessage from, const char*& end) {
  return grammar::read_param_value<InfoPackageView>(from, end, grammar::token);
}

Result<InfoPackageView, ParseError> InfoPackageView::parse(std::string_view text) {
  return grammar::parse_parts<InfoPackageView>(text);
}

}  // namespace peal::inline v0
