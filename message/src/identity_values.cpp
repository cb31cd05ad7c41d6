#include "uri_ref.hpp"

#include <peal/message/identity_values.hpp>

#include <algorithm>

namespace peal::inline v0 {

namespace {

using grammar::At;
using grammar::Scan;

/// base64-char of RFC 8224 §4, and those of base64url, which its own examples use.
bool is_base64(char c) noexcept { return ascii::is(c, ascii::alpha | ascii::digit) || ascii::is_one_of(c, "/+-_="); }

At base64(At p) noexcept {
  while (is_base64(*p)) ++p;
  return p;
}

/// header "." payload "." signature, or ".." signature (RFC 8225 §7)
At scan_passport(At p, Scan& s) noexcept {
  const At header = p;
  const At header_end = base64(header);
  if (*header_end != '.') return s.fail(parse_errc::bad_token, header_end);
  const At payload = header_end + 1;
  const At payload_end = base64(payload);
  if (*payload_end != '.' || (header_end == header) != (payload_end == payload))
    return s.fail(parse_errc::bad_token, payload_end);
  const At signature = payload_end + 1;
  const At end = base64(signature);
  return end == signature ? s.fail(parse_errc::bad_token, end) : end;
}

/// SEMI "info" EQUAL, the first parameter (RFC 8224 §4)
At scan_info(At p, Scan& s) noexcept {
  const At semicolon = grammar::blanks(p);
  if (*semicolon != ';') return s.fail(parse_errc::missing_parameter, p);
  const At name = grammar::blanks(semicolon + 1);
  const At name_end = grammar::span<ascii::token>(name);
  if (!grammar::named(grammar::between(name, name_end), "info")) return s.fail(parse_errc::missing_parameter, name);
  const At equals = grammar::blanks(name_end);
  if (*equals != '=') return s.fail(parse_errc::bad_parameter, equals);
  return grammar::blanks(equals + 1);
}

std::string_view without_quotes(std::string_view text) noexcept {
  return text.size() >= 2 && text.front() == '"' ? text.substr(1, text.size() - 2) : text;
}

/// priv-value *( ";" priv-value )
At priv_values(At p, Scan& s) noexcept {
  bool none = false;
  const At start = p;
  for (std::uint32_t count = 0;; ++count) {
    if (count == s.max_params) return s.fail(parse_errc::too_long, p);
    const At value = p;
    p = grammar::token(value, s);
    if (p == nullptr) return nullptr;
    const auto text = grammar::between(value, p);
    for (At q = start; q < value;) {
      const At q_end = grammar::span<ascii::token>(q);
      if (ascii::equal(grammar::between(q, q_end), text)) return s.fail(parse_errc::repeated_parameter, value);
      q = grammar::blanks(grammar::blanks(q_end) + 1);
    }
    none = none || ascii::equal(text, "none");
    if (none && count != 0) return s.fail(parse_errc::bad_token, value);
    const At semicolon = grammar::blanks(p);
    if (*semicolon != ';') return p;
    p = grammar::blanks(semicolon + 1);
  }
}

}  // namespace

Result<IdentityView, ParseError> IdentityView::read(InMessage from, const char*& end) {
  Scan s;
  UriRefParts parts;
  At p = scan_passport(from.at, s);
  if (p != nullptr) p = scan_info(p, s);
  if (p != nullptr) p = grammar::angle_uri(from.at, p, parts.uri, parts.uri_parts, s);
  if (p == nullptr) return grammar::unread(from, s);
  auto params = grammar::read_ref_params(
      from, p, end, parts, s, [](std::string_view name, std::string_view) { return !grammar::named(name, "info"); });
  if (!params) return fail(params.error());
  return IdentityView(from.at, parts);
}
Result<IdentityView, ParseError> IdentityView::parse(std::string_view text) {
  return grammar::parse_parts<IdentityView>(text);
}

std::string_view IdentityView::passport() const noexcept { return text().substr(0, text().find_first_of("; \t")); }
std::string_view IdentityView::header() const noexcept { return passport().substr(0, passport().find('.')); }
std::string_view IdentityView::payload() const noexcept {
  auto rest = passport();
  rest.remove_prefix(std::min(rest.size(), header().size() + 1));
  return rest.substr(0, rest.find('.'));
}
std::string_view IdentityView::signature() const noexcept { return passport().substr(passport().rfind('.') + 1); }
std::string_view IdentityView::algorithm() const {
  const auto value = without_quotes(params().value("alg"));
  return value.empty() ? std::string_view("ES256") : value;
}
std::string_view IdentityView::type() const { return without_quotes(params().value("ppt")); }

Result<Identity, ParseError> Identity::make(std::string_view passport, const UriView& info, std::string_view algorithm,
                                            std::string_view type) {
  if (passport.find_first_of("; \t") != std::string_view::npos) return fail(parse_errc::bad_token, 0);
  auto out = parse(std::string(passport).append(";info=<").append(info.text()).append(">"));
  if (!out) return out;
  if (!algorithm.empty())
    if (auto ok = out->set_param("alg", algorithm); !ok) return fail(ok.error());
  if (!type.empty())
    if (auto ok = out->set_param("ppt", type); !ok) return fail(ok.error());
  return out;
}

Result<PrivacyView, ParseError> PrivacyView::read(InMessage from, const char*& end) {
  Scan s;
  end = priv_values(from.at, s);
  if (end == nullptr) return grammar::unread(from, s);
  ParamValueParts parts;
  parts.size = parts.value_size = grammar::distance(from.at, end);
  return PrivacyView(from.at, parts);
}
Result<PrivacyView, ParseError> PrivacyView::parse(std::string_view text) {
  return grammar::parse_parts<PrivacyView>(text);
}

bool PrivacyView::has(std::string_view priv_value) const noexcept {
  bool found = false;
  each([&](std::string_view text) { found = found || ascii::equal(text, priv_value); });
  return found;
}

std::string_view PrivacyView::next(std::string_view& rest) noexcept {
  const auto at = rest.find(';');
  const auto out = ascii::trim(rest.substr(0, at));
  rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + 1);
  return out;
}

Result<Privacy, ParseError> Privacy::parse(std::string_view text) {
  auto view = PrivacyView::parse(text);
  if (!view) return fail(view.error());
  return Privacy(*view);
}

Result<Privacy, ParseError> Privacy::make(std::initializer_list<std::string_view> priv_values) {
  std::string text;
  for (const auto value : priv_values) {
    if (!ascii::all(value, ascii::token)) return fail(parse_errc::bad_token, static_cast<std::uint32_t>(text.size()));
    if (!text.empty()) text += ';';
    text += value;
  }
  return parse(text);
}

}  // namespace peal::inline v0
