#include "padded.hpp"

#include <peal/message/uri.hpp>

#include <algorithm>
#include <array>

namespace peal::inline v0 {

namespace scanning {
namespace {

bool is_separator(char c) noexcept { return c == '-' || c == '.' || c == '(' || c == ')'; }

/// "+" with at least one digit, or digits of a local number; visual separators between (RFC 3966 §3).
At tel_number(At p, Scan& s) noexcept {
  const bool global = *p == '+';
  const At start = p;
  if (global) ++p;
  bool has_digit = false;
  for (;; ++p) {
    const bool local_digit = !global && (ascii::is(*p, ascii::hex) || *p == '*' || *p == '#');
    if (ascii::is(*p, ascii::digit) || local_digit)
      has_digit = true;
    else if (!is_separator(*p))
      break;
  }
  return has_digit ? p : s.fail(parse_errc::bad_uri, start);
}

bool is_domain_or_global_number(std::string_view text) {
  const grammar::Padded copy(text);
  Scan s;
  const At p = text.starts_with('+') ? tel_number(copy.begin(), s) : grammar::host(copy.begin(), s);
  return p == copy.end();
}

/// 1*phonedigit
bool is_extension(std::string_view text) noexcept {
  return !text.empty() &&
         std::ranges::all_of(text, [](char c) { return ascii::is(c, ascii::digit) || is_separator(c); });
}

}  // namespace

At tel_uri(At text, At p, bool bare, UriParts& out, Scan& s) noexcept {
  const At number = p;
  p = tel_number(p, s);
  if (p == nullptr) return nullptr;
  out.has_user = true;
  out.user = distance(text, number);
  out.user_size = distance(number, p);
  if (bare) return p;
  const At params = p;
  p = grammar::uri_params(p, s);
  if (p == nullptr) return nullptr;
  if (p != params) {
    out.params = distance(text, params);
    out.params_size = distance(params, p);
  }
  const ParamsView all(between(params, p));
  for (const auto& param : all)  // RFC 3966 §3: each at most once
    if (const auto first = all.find(param.name); first->name.data() != param.name.data())
      return s.fail(parse_errc::repeated_parameter, param.name.data());
  if (const auto extension = all.find("ext"); extension && !is_extension(extension->value))
    return s.fail(parse_errc::bad_parameter, extension->name.data());
  const auto context = all.find("phone-context");
  // RFC 3966 §5.1.5: a local number names its context.
  if (*number != '+' && !context) return s.fail(parse_errc::missing_parameter, number);
  if (context && !is_domain_or_global_number(context->value))
    return s.fail(parse_errc::bad_parameter, context->name.data());
  return p;
}

At other_uri(At text, bool bare, UriParts& out, Scan& s) noexcept {
  At p = text;
  if (!ascii::is(*p, ascii::alpha)) return s.fail(parse_errc::bad_scheme, p);
  while (ascii::is(*p, ascii::alpha | ascii::digit) || *p == '+' || *p == '-' || *p == '.') ++p;
  if (*p != ':') return s.fail(parse_errc::bad_scheme, p);
  const At start = ++p;
  p = bare ? grammar::escaped<ascii::opaque_bare>(p) : grammar::escaped<ascii::opaque>(p);
  if (*p == '%') return s.fail(parse_errc::bad_escape, p);
  if (p == start) return s.fail(parse_errc::bad_uri, p);
  out.scheme = Scheme::other;
  return p;
}

}  // namespace scanning

namespace {

using grammar::Padded;
using grammar::Scan;

/// What two URIs compare by: a byte, or an escape that does not equal its byte (§19.1.4: the reserved set).
unsigned next_symbol(std::string_view& text, bool ignore_case) {
  char c = text.front();
  std::size_t used = 1;
  unsigned reserved_escape = 0;
  if (c == '%' && text.size() >= 3 && ascii::hex_value(text[1]) >= 0 && ascii::hex_value(text[2]) >= 0) {
    c = static_cast<char>(ascii::hex_value(text[1]) * 16 + ascii::hex_value(text[2]));
    used = 3;
    if (c != '\0' && ascii::is_one_of(c, ";/?:@&=+$,")) reserved_escape = 0x100;
  }
  text.remove_prefix(used);
  return static_cast<unsigned char>(ignore_case ? ascii::lower(c) : c) | reserved_escape;
}

bool same(std::string_view a, std::string_view b, bool ignore_case) {
  while (!a.empty() && !b.empty())
    if (next_symbol(a, ignore_case) != next_symbol(b, ignore_case)) return false;
  return a.empty() && b.empty();
}

/// The 16 bytes of a valid IPv6 reference, as eight groups.
std::array<unsigned, 8> ipv6_groups(std::string_view text) {
  std::array<unsigned, 8> out{};
  std::array<unsigned, 8> tail{};
  std::size_t head_size = 0;
  std::size_t tail_size = 0;
  bool gap = false;
  const auto push = [&](unsigned group) {
    if (head_size + tail_size < 8) (gap ? tail[tail_size++] : out[head_size++]) = group;
  };
  text = text.substr(1, text.size() - 2);
  while (!text.empty()) {
    if (text.starts_with("::")) gap = true;
    while (text.starts_with(':')) text.remove_prefix(1);
    const auto piece = text.substr(0, text.find(':'));
    text.remove_prefix(piece.size());
    if (piece.find('.') != std::string_view::npos) {
      std::array<unsigned, 4> bytes{};
      std::size_t i = 0;
      for (const char c : piece) {
        if (c == '.')
          i = std::min<std::size_t>(i + 1, 3);
        else
          bytes[i] = bytes[i] * 10 + static_cast<unsigned>(c - '0');
      }
      push(bytes[0] << 8 | bytes[1]);
      push(bytes[2] << 8 | bytes[3]);
    } else if (!piece.empty()) {
      unsigned group = 0;
      for (const char c : piece) group = group << 4 | static_cast<unsigned>(ascii::hex_value(c));
      push(group);
    }
  }
  for (std::size_t i = 0; i < tail_size; ++i) out[8 - tail_size + i] = tail[i];
  return out;
}

bool same_host(std::string_view a, std::string_view b) {
  if (a.starts_with('[') && b.starts_with('[')) return ipv6_groups(a) == ipv6_groups(b);
  return ascii::equal(a, b);
}

/// Those that must stand in both URIs or in none (§19.1.4, and its example on transport).
bool counts_when_alone(std::string_view name) {
  constexpr std::array<std::string_view, 5> names{"user", "ttl", "method", "maddr", "transport"};
  return std::ranges::any_of(names, [&](std::string_view n) { return same(n, name, true); });
}

std::optional<Param> find_escaped(const ParamsView& params, std::string_view name) {
  for (const auto& param : params)
    if (same(param.name, name, true)) return param;
  return std::nullopt;
}

bool params_allow(const ParamsView& a, const ParamsView& b) {
  for (const auto& param : a) {
    // of a name that stands twice, which §19.1.1 forbids, the first counts
    if (find_escaped(a, param.name)->name.data() != param.name.data()) continue;
    const auto other = find_escaped(b, param.name);
    if (other ? !same(param.value, other->value, true) : counts_when_alone(param.name)) return false;
  }
  return true;
}

std::string_view cut(std::string_view& text, char separator) {
  const auto piece = text.substr(0, text.find(separator));
  text.remove_prefix(std::min(text.size(), piece.size() + 1));
  return piece;
}

bool same_header(std::string_view a, std::string_view b) {
  const auto a_name = cut(a, '=');
  const auto b_name = cut(b, '=');
  return same(a_name, b_name, true) && same(a, b, false);
}

std::size_t count_header(std::string_view headers, std::string_view header) {
  std::size_t n = 0;
  while (!headers.empty())
    if (same_header(cut(headers, '&'), header)) ++n;
  return n;
}

bool same_headers(std::string_view a, std::string_view b) {
  if (std::ranges::count(a, '&') != std::ranges::count(b, '&') || a.empty() != b.empty()) return false;
  for (auto rest = a; !rest.empty();) {
    const auto header = cut(rest, '&');
    if (count_header(a, header) != count_header(b, header)) return false;
  }
  return true;
}

std::string without_separators(std::string_view number) {
  std::string out;
  for (const char c : number)
    if (c != '-' && c != '.' && c != '(' && c != ')') out += ascii::lower(c);
  return out;
}

/// RFC 3966 §4: every parameter of one stands in the other; numbers compare without their separators.
bool has_tel_params_of(const ParamsView& a, const ParamsView& b) {
  for (const auto& param : a) {
    const auto other = find_escaped(b, param.name);
    if (!other || other->has_value != param.has_value) return false;
    const bool number =
        ascii::equal(param.name, "ext") ||
        (param.value.starts_with('+') && other->value.starts_with('+') && ascii::equal(param.name, "phone-context"));
    if (number ? without_separators(param.value) != without_separators(other->value)
               : !same(param.value, other->value, true))
      return false;
  }
  return true;
}

/// RFC 8141 §3.1: the scheme, the NID and the hex digits of escapes without case; no r-, q- and f-component counts.
std::string normal_urn(std::string_view text) {
  text = text.substr(0, std::min(text.find("?+"), text.find("?=")));
  const auto nid_end = text.find(':', 4);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool in_escape = (i >= 1 && text[i - 1] == '%') || (i >= 2 && text[i - 2] == '%');
    out += i < nid_end || in_escape ? ascii::lower(text[i]) : text[i];
  }
  return out;
}

bool same_other(const UriView& a, const UriView& b) {
  const auto scheme = a.scheme_text();
  if (!ascii::equal(scheme, b.scheme_text())) return false;
  if (ascii::equal(scheme, "urn")) return normal_urn(a.text()) == normal_urn(b.text());
  return a.text().substr(scheme.size()) == b.text().substr(scheme.size());
}

void append_escaped(std::string& out, std::string_view text, unsigned allowed) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (const char c : text) {
    if (ascii::is(c, allowed)) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
}

/// `fe80::1%eth0` and `[fe80::1%25eth0]` without brackets and zone; any other host as it is.
std::string_view without_zone(std::string_view host) noexcept {
  const auto zone = host.find('%');
  if (zone == std::string_view::npos || host.find(':') > zone) return host;
  const bool brackets = host.starts_with('[');
  if (brackets != host.ends_with(']')) return host;
  return host.substr(brackets ? 1 : 0, zone - (brackets ? 1 : 0));
}

bool is_uri_param_text(std::string_view text) {
  const Padded copy(text);
  return !text.empty() && grammar::escaped<ascii::param>(copy.begin()) == copy.end();
}

}  // namespace

Result<UriView, ParseError> UriView::parse(std::string_view text, Profile profile) {
  const Padded copy(text);
  Scan s;
  s.odd_hosts = profile == Profile::interop;
  UriParts parts;
  const auto* end = grammar::uri(copy.begin(), false, parts, s);
  if (auto ok = copy.finish(end, s); !ok) return fail(ok.error());
  return UriView(text.data(), parts);
}

std::string_view UriView::scheme_text() const noexcept { return text().substr(0, text().find(':')); }

std::optional<std::uint8_t> UriView::ttl() const {
  const auto text = params().value("ttl");
  if (text.empty() || text.size() > 3 || !ascii::all(text, ascii::digit)) return std::nullopt;
  unsigned value = 0;
  for (const char c : text) value = value * 10 + static_cast<unsigned>(c - '0');
  return value > 255 ? std::nullopt : std::optional(static_cast<std::uint8_t>(value));
}

bool UriView::is_phone() const { return is_sip() && ascii::equal(params().value("user"), "phone"); }

std::optional<std::string> UriView::header(std::string_view name) const {
  for (auto rest = headers(); !rest.empty();) {
    auto value = cut(rest, '&');
    if (ascii::equal(unescape(cut(value, '=')), name)) return unescape(value);
  }
  return std::nullopt;
}

bool equivalent(const UriView& a, const UriView& b) {
  if (a.scheme() != b.scheme()) return false;
  if (a.scheme() == Scheme::other) return same_other(a, b);
  if (a.scheme() == Scheme::tel)
    return without_separators(a.user()) == without_separators(b.user()) && has_tel_params_of(a.params(), b.params()) &&
           has_tel_params_of(b.params(), a.params());
  return a.parts_.has_user == b.parts_.has_user && a.parts_.has_password == b.parts_.has_password &&
         a.parts_.port == b.parts_.port && same(a.user(), b.user(), false) && same(a.password(), b.password(), false) &&
         same_host(a.host(), b.host()) && params_allow(a.params(), b.params()) &&
         params_allow(b.params(), a.params()) && same_headers(a.headers(), b.headers());
}

Result<Uri, ParseError> Uri::parse(std::string_view text, Profile profile) {
  auto view = UriView::parse(text, profile);
  if (!view) return fail(view.error());
  return Uri(*view);
}

Result<Uri, ParseError> Uri::sip(std::string_view user, std::string_view host, std::uint16_t port) {
  std::string text = "sip:";
  if (!user.empty()) {
    append_escaped(text, user, ascii::user);
    text += '@';
  }
  const auto host_at = text.size();
  host = without_zone(host);
  const bool bare_ipv6 = host.find(':') != std::string_view::npos && !host.starts_with('[');
  if (bare_ipv6) text += '[';
  text += host;
  if (bare_ipv6) text += ']';
  const std::string checked = text.substr(host_at);
  {
    const Padded copy(checked);
    Scan s;
    if (grammar::host(copy.begin(), s) != copy.end()) return fail(parse_errc::bad_host, 0);
  }
  if (port != 0) {
    text += ':';
    text += std::to_string(port);
  }
  return parse(text);
}

Result<void, ParseError> Uri::set_param(std::string_view name, std::string_view value) {
  if (parts_.scheme == Scheme::other) return fail(parse_errc::bad_scheme, 0);
  if (!is_uri_param_text(name) || (!value.empty() && !is_uri_param_text(value)))
    return fail(parse_errc::bad_parameter, 0);
  std::string param(name);
  if (!value.empty()) param.append("=").append(value);
  std::string changed;
  if (const auto old = params().find(name)) {
    const auto at = static_cast<std::size_t>(old->name.data() - text_.data());
    const auto* end = old->has_value ? old->value.data() + old->value.size() : old->name.data() + old->name.size();
    changed = text_;
    changed.replace(at, static_cast<std::size_t>(end - old->name.data()), param);
  } else {
    const auto at = parts_.headers != 0 ? parts_.headers - 1 : parts_.size;
    changed = text_;
    changed.insert(at, ";" + param);
  }
  auto parsed = parse(changed, Profile::interop);
  if (!parsed) return fail(parsed.error());
  *this = std::move(*parsed);
  return {};
}

void Uri::remove_param(std::string_view name) {
  while (const auto old = params().find(name)) {
    const auto at = static_cast<std::size_t>(old->name.data() - text_.data());
    const auto size = old->name.size() + (old->has_value ? old->value.size() + 1 : 0);
    std::string changed = text_;
    changed.erase(at - 1, size + 1);
    auto parsed = parse(changed, Profile::interop);
    if (!parsed) return;  // a tel URI that needs its phone-context keeps it
    *this = std::move(*parsed);
  }
}

Result<void, ParseError> Uri::add_header(std::string_view name, std::string_view value) {
  if (parts_.scheme > Scheme::sips) return fail(parse_errc::bad_scheme, 0);
  if (name.empty()) return fail(parse_errc::bad_uri, 0);
  std::string changed = text_;
  changed += parts_.headers == 0 ? '?' : '&';
  append_escaped(changed, name, ascii::uri_header);
  changed += '=';
  append_escaped(changed, value, ascii::uri_header);
  auto parsed = parse(changed, Profile::interop);
  if (!parsed) return fail(parsed.error());
  *this = std::move(*parsed);
  return {};
}

void Uri::strip_for_request_uri() {
  if (parts_.scheme > Scheme::sips) return;
  if (parts_.headers != 0) {
    const std::string without = text_.substr(0, parts_.headers - 1);
    if (auto parsed = parse(without, Profile::interop)) *this = std::move(*parsed);
  }
  remove_param("method");
}

std::string escape(UriPart part, std::string_view text) {
  constexpr std::array<unsigned, 4> allowed{ascii::user, ascii::password, ascii::param, ascii::uri_header};
  std::string out;
  append_escaped(out, text, allowed[static_cast<std::size_t>(part)]);
  return out;
}

std::string unescape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && ascii::hex_value(text[i + 1]) >= 0 &&
        ascii::hex_value(text[i + 2]) >= 0) {
      out += static_cast<char>(ascii::hex_value(text[i + 1]) * 16 + ascii::hex_value(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace peal::inline v0
