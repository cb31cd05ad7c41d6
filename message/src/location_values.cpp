#include "uri_ref.hpp"

#include <peal/message/location_values.hpp>

namespace peal::inline v0 {

namespace {

using grammar::At;
using grammar::Scan;

At digits(At p, unsigned least, unsigned most, Scan& s) noexcept {
  const At end = grammar::span<ascii::digit>(p);
  const auto size = grammar::distance(p, end);
  return size < least || size > most ? s.fail(parse_errc::bad_number, p) : end;
}

unsigned number_of(std::string_view text) noexcept {
  unsigned out = 0;
  for (const char c : text) out = out * 10 + static_cast<unsigned>(c - '0');
  return out;
}

std::string unquoted(const ParamsView& params, std::string_view name) {
  const auto param = params.find(name);
  return param ? param->unquoted() : std::string();
}

/// A code and a text for people, which must stand in quotes and only once.
template <class View>
Result<View, ParseError> read_error(InMessage from, const char*& end, unsigned least_digits, std::string_view text) {
  At unquoted_text = nullptr;
  bool seen = false;
  auto out = grammar::read_param_value<View>(
      from, end, [&](At p, Scan& s) { return digits(p, least_digits, 3, s); },
      [&](std::string_view name, std::string_view value) {
        if (!grammar::named(name, text)) return true;
        if (seen) return false;
        seen = true;
        if (!value.starts_with('"')) unquoted_text = name.data();
        return true;
      });
  if (out && unquoted_text != nullptr)
    return fail(parse_errc::bad_parameter, grammar::distance(from.at, unquoted_text));
  return out;
}

template <class Value>
Result<Value, ParseError> make_error(unsigned code, std::string_view name, std::string_view text) {
  if (code > 999) return fail(parse_errc::bad_number, 0);
  const std::string three{static_cast<char>('0' + code / 100), static_cast<char>('0' + code / 10 % 10),
                          static_cast<char>('0' + code % 10)};
  auto out = Value::parse(three);
  if (!out || text.empty()) return out;
  if (auto ok = out->set_quoted(name, text); !ok) return fail(ok.error());
  return out;
}

}  // namespace

Result<GeolocationView, ParseError> GeolocationView::read(InMessage from, const char*& end) {
  return grammar::read_uri_ref<GeolocationView>(from, end);
}
Result<GeolocationView, ParseError> GeolocationView::parse(std::string_view text) {
  return grammar::parse_parts<GeolocationView>(text);
}
bool GeolocationView::is_in_body() const noexcept { return ascii::equal(uri().scheme_text(), "cid"); }
std::string GeolocationView::content_id() const {
  return is_in_body() ? unescape(uri().text().substr(4)) : std::string();
}

Result<Geolocation, ParseError> Geolocation::make(const UriView& uri) {
  return parse(std::string("<").append(uri.text()).append(">"));
}

Result<GeolocationErrorView, ParseError> GeolocationErrorView::read(InMessage from, const char*& end) {
  return read_error<GeolocationErrorView>(from, end, 1, "code");
}
Result<GeolocationErrorView, ParseError> GeolocationErrorView::parse(std::string_view text) {
  return grammar::parse_parts<GeolocationErrorView>(text);
}
unsigned GeolocationErrorView::code() const noexcept { return number_of(value()); }
std::string GeolocationErrorView::reason() const { return unquoted(params(), "code"); }

Result<GeolocationError, ParseError> GeolocationError::make(unsigned code, std::string_view reason) {
  return make_error<GeolocationError>(code, "code", reason);
}

Result<GeolocationRoutingView, ParseError> GeolocationRoutingView::read(InMessage from, const char*& end) {
  Scan s;
  At p = grammar::token(from.at, s);
  if (p != nullptr && *grammar::blanks(p) == '=')  // a generic-param of an extension
    p = grammar::gen_value<ascii::token>(grammar::blanks(grammar::blanks(p) + 1), s);
  end = p;
  if (end == nullptr) return grammar::unread(from, s);
  ParamValueParts parts;
  parts.size = parts.value_size = grammar::distance(from.at, end);
  return GeolocationRoutingView(from.at, parts);
}
Result<GeolocationRoutingView, ParseError> GeolocationRoutingView::parse(std::string_view text) {
  return grammar::parse_parts<GeolocationRoutingView>(text);
}
bool GeolocationRoutingView::allowed() const noexcept { return ascii::equal(value(), "yes"); }

GeolocationRouting::GeolocationRouting(bool allowed)
    : Owned(*GeolocationRoutingView::parse(allowed ? std::string_view("yes") : std::string_view("no"))) {}

Result<AlertMsgErrorView, ParseError> AlertMsgErrorView::read(InMessage from, const char*& end) {
  return read_error<AlertMsgErrorView>(from, end, 3, "message");
}
Result<AlertMsgErrorView, ParseError> AlertMsgErrorView::parse(std::string_view text) {
  return grammar::parse_parts<AlertMsgErrorView>(text);
}
unsigned AlertMsgErrorView::code() const noexcept { return number_of(value()); }
std::string AlertMsgErrorView::message() const { return unquoted(params(), "message"); }

Result<AlertMsgError, ParseError> AlertMsgError::make(unsigned code, std::string_view message) {
  return make_error<AlertMsgError>(code, "message", message);
}

}  // namespace peal::inline v0
