#include "compose.hpp"

#include <peal/message/auth_values.hpp>

#include <algorithm>

namespace peal::inline v0 {

using grammar::At;
using grammar::Padded;
using grammar::Scan;

namespace {

/// One `name=value` of the list; nullptr when it is none. Values: token or quoted-string (§25.1 auth-param).
At auth_param(At p, std::string_view& name, std::string_view& value, Scan& s) noexcept {
  const At name_end = grammar::span<ascii::token>(p);
  const At equals = grammar::blanks(name_end);
  if (name_end == p || *equals != '=') return s.fail(parse_errc::bad_challenge, equals);
  const At start = grammar::blanks(equals + 1);
  const At end = *start == '"' ? grammar::quoted_string(start, s) : grammar::span<ascii::token>(start);
  if (end == nullptr) return nullptr;
  if (end == start) return s.fail(parse_errc::bad_challenge, start);
  name = grammar::between(p, name_end);
  value = grammar::between(start, end);
  return end;
}

/// Does a challenge begin at `p`? A parameter's name is followed by '=', a scheme by a blank and more.
bool begins_challenge(At p) noexcept {
  const At end = grammar::span<ascii::token>(p);
  return end != p && ascii::blank(*end) && ascii::is(*grammar::blanks(end), ascii::token);
}

/// Behind the scheme: parameters between commas, up to `stop` or to the comma before the next challenge. Empty elements
/// are skipped, as peers leave a last comma.
template <class F>
At auth_params(At p, At stop, Scan& s, F each) noexcept {
  for (;;) {
    p = grammar::blanks(p);
    if (p >= stop) return stop;
    if (*p == ',') {
      ++p;
      continue;
    }
    std::string_view name;
    std::string_view value;
    p = auth_param(p, name, value, s);
    if (p == nullptr) return nullptr;
    each(name, value);
    p = grammar::blanks(p);
    if (p >= stop) return stop;
    if (*p != ',' || begins_challenge(grammar::blanks(p + 1))) return p;
  }
}

/// The value of that parameter, as it stands in `params`.
std::optional<std::string_view> find_param(std::string_view params, std::string_view name) {
  const Padded copy(params);
  Scan s;
  std::optional<std::string_view> found;
  auth_params(copy.begin(), copy.end(), s, [&](std::string_view n, std::string_view value) {
    if (!found && ascii::equal(n, name))
      found = params.substr(grammar::distance(copy.begin(), value.data()), value.size());
  });
  return found;
}

bool breaks_line(char c) { return c == '\r' || c == '\n' || c == '\0'; }

}  // namespace

Result<AuthView, ParseError> AuthView::read(InMessage from, const char*& end) {
  Scan s;
  const At scheme_end = grammar::span<ascii::token>(from.at);
  if (scheme_end == from.at) return fail(from.at == from.end ? parse_errc::empty : parse_errc::bad_challenge, 0);
  AuthView out;
  out.scheme_ = grammar::between(from.at, scheme_end);
  const auto until = [&](At p) {
    end = p;
    out.text_ = grammar::between(from.at, p);
    return out;
  };
  const Result<AuthView, ParseError> bad_scheme =
      fail(parse_errc::bad_challenge, grammar::distance(from.at, scheme_end));
  if (scheme_end == from.end) return out.is_digest() ? bad_scheme : until(scheme_end);
  if (!ascii::blank(*scheme_end)) return bad_scheme;
  int count = 0;
  const At params_end = auth_params(scheme_end, from.end, s, [&](std::string_view, std::string_view) { ++count; });
  const bool whole = params_end == from.end || (params_end != nullptr && *params_end == ',');
  if (whole && (count != 0 || !out.is_digest())) {
    out.params_ = grammar::between(scheme_end, params_end);
    return until(params_end);
  }
  if (out.is_digest()) {
    if (params_end == nullptr) return grammar::unread(from, s);
    return count == 0 ? bad_scheme : until(params_end);
  }
  // token68 credentials of another scheme (RFC 7235 §2.1): kept raw
  At p = grammar::blanks(scheme_end);
  while (ascii::is(*p, ascii::token) || *p == '/' || *p == '=') ++p;
  if (p != from.end && params_end == nullptr) return grammar::unread(from, s);
  return until(p);
}

Result<AuthView, ParseError> AuthView::parse(std::string_view text) {
  const Padded copy(text);
  At end = copy.begin();
  auto out = read(copy.in_message(), end);
  if (!out) return out;
  if (end != copy.end()) return fail(parse_errc::trailing_bytes, grammar::distance(copy.begin(), end));
  out->text_ = text;
  out->scheme_ = text.substr(0, out->scheme_.size());
  if (!out->params_.empty()) out->params_ = text.substr(out->scheme_.size());
  return out;
}

bool AuthView::is_digest() const noexcept { return ascii::equal(scheme_, "Digest"); }

std::optional<std::string_view> AuthView::raw(std::string_view name) const { return find_param(params_, name); }

std::string AuthView::value(std::string_view name) const {
  Param param;
  param.value = raw(name).value_or(std::string_view{});
  return param.unquoted();
}

Auth::Auth(std::string_view scheme) : text_(scheme) {}

Result<Auth, ParseError> Auth::parse(std::string_view text) {
  auto view = AuthView::parse(text);
  if (!view) return fail(view.error());
  return Auth(*view);
}

Auth& Auth::add(std::string_view name, std::string_view token) {
  text_ += text_.find(' ') == std::string::npos ? " " : ", ";
  text_.append(name).append("=");
  for (const char c : token)
    if (!breaks_line(c)) text_ += c;
  return *this;
}

Auth& Auth::add_quoted(std::string_view name, std::string_view value) {
  std::string quoted = "\"";
  for (const char c : value) {
    if (breaks_line(c)) continue;
    if (!ascii::is(c, ascii::quoted)) quoted += '\\';
    quoted += c;
  }
  quoted += '"';
  return add(name, quoted);
}

AuthView Auth::view() const { return AuthView::parse(text_).value_or(AuthView{}); }

namespace {

/// nc-value = 8LHEX
bool is_nonce_count(std::string_view value) noexcept {
  return value.size() == 8 &&
         std::ranges::all_of(value, [](char c) { return ascii::is(c, ascii::digit) || (c >= 'a' && c <= 'f'); });
}

bool is_lower_hex_quoted(std::string_view value) noexcept {
  if (!value.starts_with('"')) return true;
  for (const char c : value.substr(1, value.size() - 2))
    if (!ascii::is(c, ascii::digit) && (c < 'a' || c > 'f')) return false;
  return true;
}

}  // namespace

Result<AuthInfoView, ParseError> AuthInfoView::read(InMessage from, const char*& end) {
  Scan s;
  At bad = nullptr;
  bool any = false;
  end = auth_params(from.at, from.end, s, [&](std::string_view name, std::string_view value) {
    any = true;
    const bool fits = grammar::named(name, "nc")        ? is_nonce_count(value)
                      : grammar::named(name, "rspauth") ? is_lower_hex_quoted(value)
                                                        : true;
    if (!fits && bad == nullptr) bad = value.data();
  });
  if (end == nullptr) return grammar::unread(from, s);
  if (!any) return fail(parse_errc::empty, 0);
  if (bad != nullptr) return fail(parse_errc::bad_parameter, grammar::distance(from.at, bad));
  return AuthInfoView(from.at, grammar::distance(from.at, end));
}

Result<AuthInfoView, ParseError> AuthInfoView::parse(std::string_view text) {
  const Padded copy(text);
  At end = copy.begin();
  if (auto checked = read(copy.in_message(), end); !checked) return checked;
  if (end != copy.end()) return fail(parse_errc::trailing_bytes, grammar::distance(copy.begin(), end));
  return AuthInfoView(text.data(), static_cast<std::uint32_t>(text.size()));
}

std::optional<std::string_view> AuthInfoView::raw(std::string_view name) const { return find_param(text_, name); }

std::string AuthInfoView::value(std::string_view name) const {
  return Param{{}, raw(name).value_or(std::string_view{}), true}.unquoted();
}

std::optional<std::uint32_t> AuthInfoView::nonce_count() const {
  const auto text = raw("nc");
  if (!text) return std::nullopt;
  std::uint32_t out = 0;
  for (const char c : *text) out = out << 4 | static_cast<unsigned>(ascii::hex_value(c));
  return out;
}

Result<AuthInfo, ParseError> AuthInfo::make(const Parts& parts) {
  grammar::Compose out;
  std::string_view separator;
  const auto name = [&](std::string_view text) -> grammar::Compose& {
    out.literal(separator).literal(text).literal("=");
    separator = ", ";
    return out;
  };
  if (!parts.next_nonce.empty()) name("nextnonce").quoted(parts.next_nonce);
  if (!parts.qop.empty()) name("qop").token(parts.qop);
  if (!parts.response_auth.empty()) name("rspauth").quoted(parts.response_auth);
  if (!parts.cnonce.empty()) name("cnonce").quoted(parts.cnonce);
  if (parts.nonce_count) {
    std::array<char, 9> digits{"00000000"};
    for (std::size_t i = 0; i < 8; ++i) digits[i] = "0123456789abcdef"[*parts.nonce_count >> (28 - 4 * i) & 15];
    name("nc").literal({digits.data(), 8});
  }
  return out.made<AuthInfo>();
}

}  // namespace peal::inline v0
