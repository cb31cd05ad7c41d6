#pragma once

#include "ascii.hpp"

#include <peal/message/error.hpp>
#include <peal/message/name_addr.hpp>
#include <peal/message/uri.hpp>
#include <peal/message/via.hpp>

#include <cstdint>

/// The scanners: each takes a pointer into *padded* text and gives the pointer behind what it read, or nullptr.
/// Padded means that a byte of no class (CR) ends the text and `padding` bytes behind it may be read, so no scanner
/// compares with an end. Each always advances or fails; none recurses.
namespace peal::inline v0::grammar {

using At = const char*;

/// What a scan shares: why it failed, and how many parameters one value may have.
struct Scan {
  parse_errc why = parse_errc::no_result;
  At where = nullptr;
  std::uint32_t max_params = 64;

  At fail(parse_errc code, At at) noexcept {
    why = code;
    where = at;
    return nullptr;
  }
};

template <unsigned classes>
inline At span(At p) noexcept {
  while (ascii::is(*p, classes)) ++p;
  return p;
}

/// The span, and escapes in it. Stops at a '%' without two hex digits.
template <unsigned classes>
inline At escaped(At p) noexcept {
  for (;;) {
    p = span<classes>(p);
    if (*p != '%' || !ascii::is(p[1], ascii::hex) || !ascii::is(p[2], ascii::hex)) return p;
    p += 3;
  }
}

inline At blanks(At p) noexcept {
  while (ascii::blank(*p)) ++p;
  return p;
}

inline std::uint32_t distance(At from, At to) noexcept { return static_cast<std::uint32_t>(to - from); }
inline std::string_view between(At from, At to) noexcept { return {from, static_cast<std::size_t>(to - from)}; }

/// 1*DIGIT up to `max`.
inline At number(At p, std::uint64_t max, std::uint64_t& value, Scan& s) noexcept {
  const At start = p;
  value = 0;
  while (ascii::is(*p, ascii::digit)) {
    value = value * 10 + static_cast<unsigned>(*p - '0');
    if (value > max) return s.fail(parse_errc::bad_number, start);
    ++p;
  }
  return p == start ? s.fail(parse_errc::bad_number, p) : p;
}

inline At quoted_string(At p, Scan& s) noexcept {
  const At start = p++;
  for (;;) {
    p = span<ascii::quoted>(p);
    if (*p == '"') return p + 1;
    // quoted-pair: any ASCII byte but CR and LF, NUL included
    if (*p != '\\' || p[1] == '\r' || p[1] == '\n' || static_cast<unsigned char>(p[1]) > 0x7f)
      return s.fail(*p == '\r' || *p == '\n' ? parse_errc::unterminated_quote : parse_errc::bad_byte,
                    *p == '\r' || *p == '\n' ? start : p);
    p += 2;
  }
}

/// Four numbers up to 255; the whole of from..to.
inline bool ipv4_address(At p, At end) noexcept {
  for (int group = 0; group < 4; ++group) {
    if (group != 0 && (p == end || *p++ != '.')) return false;
    unsigned value = 0;
    const At start = p;
    while (p != end && p - start < 4 && ascii::is(*p, ascii::digit)) value = value * 10 + static_cast<unsigned>(*p++ - '0');
    if (p == start || p - start > 3 || value > 255) return false;
  }
  return p == end;
}

/// RFC 5954 grammar inside the brackets; ":::" before an IPv4 address counts as "::" (RFC 5118 §4.10).
inline bool ipv6_address(At p, At end) noexcept {
  int groups = 0;
  bool gap = false;
  if (end - p >= 2 && *p == ':' && p[1] != ':') return false;
  while (p != end) {
    if (*p == ':') {
      const bool doubled = p + 1 != end && p[1] == ':';
      if (doubled) {
        if (gap) return false;
        gap = true;
        p += 2;
        if (p != end && *p == ':' && ipv4_address(p + 1, end)) ++p;
        continue;
      }
      ++p;
      if (p == end) return false;  // a single ':' at the end
    }
    const At start = p;
    while (p != end && ascii::is(*p, ascii::hex)) ++p;
    if (p != end && *p == '.') {
      if (!ipv4_address(start, end)) return false;
      groups += 2;
      p = end;
      break;
    }
    if (p == start || p - start > 4) return false;
    ++groups;
    if (p != end && *p != ':') return false;
  }
  return gap ? groups <= 7 : groups == 8;
}

inline At ipv6_reference(At p, Scan& s) noexcept {
  At e = p + 1;
  while (ascii::is(*e, ascii::hex) || *e == ':' || *e == '.') ++e;
  if (*e != ']' || !ipv6_address(p + 1, e)) return s.fail(parse_errc::bad_host, p);
  return e + 1;
}

/// hostname / IPv4address / IPv6reference.
inline At host(At p, Scan& s) noexcept {
  if (*p == '[') return ipv6_reference(p, s);
  const At start = p;
  for (At label = p;; label = p + 1) {
    p = span<ascii::label>(label);
    if (p == label) {  // empty: legal only behind the last dot
      if (label == start || *label == '.' || *label == '-') return s.fail(parse_errc::bad_host, label);
      break;
    }
    if (*label == '-' || p[-1] == '-') return s.fail(parse_errc::bad_host, label);
    if (*p == '.') continue;
    // the last label of a hostname begins with a letter
    if (ascii::is(*label, ascii::digit) && !ipv4_address(start, p)) return s.fail(parse_errc::bad_host, start);
    return p;
  }
  At label = p - 1;
  while (label > start && label[-1] != '.') --label;
  return ascii::is(*label, ascii::digit) ? s.fail(parse_errc::bad_host, start) : p;
}

inline At port(At p, std::uint16_t& value, Scan& s) noexcept {
  std::uint64_t n = 0;
  const At e = number(p, 65535, n, s);
  if (e == nullptr || n == 0) return s.fail(parse_errc::bad_port, p);
  value = static_cast<std::uint16_t>(n);
  return e;
}

/// *( ";" uri-parameter )
inline At uri_params(At p, Scan& s) noexcept {
  for (std::uint32_t count = 0; *p == ';'; ++count) {
    if (count == s.max_params) return s.fail(parse_errc::too_long, p);
    const At name = ++p;
    p = escaped<ascii::param>(p);
    if (*p == '%') return s.fail(parse_errc::bad_escape, p);
    if (p == name) return s.fail(parse_errc::bad_parameter, p);
    if (*p != '=') continue;
    const At value = ++p;
    p = escaped<ascii::param>(p);
    if (*p == '%') return s.fail(parse_errc::bad_escape, p);
    if (p == value) return s.fail(parse_errc::bad_parameter, p);
  }
  return p;
}

/// header *( "&" header ), behind the '?'
inline At uri_headers(At p, Scan& s) noexcept {
  for (std::uint32_t count = 0;; ++count) {
    if (count == s.max_params) return s.fail(parse_errc::too_long, p);
    const At name = p;
    p = escaped<ascii::uri_header>(p);
    if (*p == '%') return s.fail(parse_errc::bad_escape, p);
    if (p == name || *p != '=') return s.fail(parse_errc::bad_uri, p);
    p = escaped<ascii::uri_header>(p + 1);
    if (*p == '%') return s.fail(parse_errc::bad_escape, p);
    if (*p != '&') return p;
    ++p;
  }
}

/// [ userinfo "@" ]: gives `p` itself when there is none.
template <unsigned user_class>
inline At userinfo(At text, At p, UriParts& out, Scan& s) noexcept {
  const At user = p;
  const At user_end = escaped<user_class>(p);
  At q = user_end;
  if (*q == ':') {
    q = escaped<ascii::password>(q + 1);
    if (*q == '@') {
      out.has_password = true;
      out.password = distance(text, user_end + 1);
      out.password_size = distance(user_end + 1, q);
    }
  }
  if (*q == '%') return s.fail(parse_errc::bad_escape, q);
  if (*q != '@') return p;
  if (user_end == user) return s.fail(parse_errc::bad_uri, user);
  out.has_user = true;
  out.user = distance(text, user);
  out.user_size = distance(user, user_end);
  return q + 1;
}

/// Behind "sip:" or "sips:". Bare: no parameters and no headers belong to the URI.
inline At sip_uri(At text, At p, bool bare, UriParts& out, Scan& s) noexcept {
  p = bare ? userinfo<ascii::user_bare>(text, p, out, s) : userinfo<ascii::user>(text, p, out, s);
  if (p == nullptr) return nullptr;
  const At host_start = p;
  p = host(p, s);
  if (p == nullptr) return nullptr;
  out.host = distance(text, host_start);
  out.host_size = distance(host_start, p);
  if (*p == ':') {
    p = port(p + 1, out.port, s);
    if (p == nullptr) return nullptr;
  }
  if (bare) return p;
  if (*p == ';') {
    out.params = distance(text, p);
    const At start = p;
    p = uri_params(p, s);
    if (p == nullptr) return nullptr;
    out.params_size = distance(start, p);
  }
  if (*p == '?') {
    const At start = p + 1;
    p = uri_headers(start, s);
    if (p == nullptr) return nullptr;
    out.headers = distance(text, start);
    out.headers_size = distance(start, p);
  }
  return p;
}

At tel_uri(At text, At p, bool bare, UriParts& out, Scan& s) noexcept;
At other_uri(At text, bool bare, UriParts& out, Scan& s) noexcept;

/// addr-spec. Bare: as it stands in a header without <>, where ",;?" end it (§20).
inline At uri(At p, bool bare, UriParts& out, Scan& s) noexcept {  // `out` is empty
  const At text = p;
  const auto is_letter = [](char c, char letter) { return (c | 0x20) == letter; };
  if (is_letter(p[0], 's') && is_letter(p[1], 'i') && is_letter(p[2], 'p') && (p[3] == ':' || (is_letter(p[3], 's') && p[4] == ':'))) {
    const bool secure = p[3] != ':';
    out.scheme = secure ? Scheme::sips : Scheme::sip;
    p = sip_uri(text, p + (secure ? 5 : 4), bare, out, s);
  } else if (is_letter(p[0], 't') && is_letter(p[1], 'e') && is_letter(p[2], 'l') && p[3] == ':') {
    out.scheme = Scheme::tel;
    p = tel_uri(text, p + 4, bare, out, s);
  } else {
    p = other_uri(text, bare, out, s);
  }
  if (p != nullptr) out.size = distance(text, p);
  return p;
}

/// gen-value = token / host / quoted-string
template <unsigned value_class>
inline At gen_value(At p, Scan& s) noexcept {
  if (*p == '"') return quoted_string(p, s);
  if (*p == '[') return ipv6_reference(p, s);
  const At e = span<value_class>(p);
  return e == p ? s.fail(parse_errc::bad_parameter, p) : e;
}

/// *( SEMI generic-param ); `each(name, value)` may refuse one by answering false (repeated_parameter).
/// Gives the end of the last parameter, in front of any blanks.
template <unsigned value_class, class F>
inline At header_params(At p, Scan& s, F each) noexcept {
  for (std::uint32_t count = 0;; ++count) {
    const At semicolon = blanks(p);
    if (*semicolon != ';') return p;
    if (count == s.max_params) return s.fail(parse_errc::too_long, semicolon);
    const At name = blanks(semicolon + 1);
    p = span<ascii::token>(name);
    if (p == name) return s.fail(parse_errc::bad_parameter, p);
    const auto name_text = between(name, p);
    std::string_view value;
    if (const At equals = blanks(p); *equals == '=') {
      const At start = blanks(equals + 1);
      p = gen_value<value_class>(start, s);
      if (p == nullptr) return nullptr;
      value = between(start, p);
    }
    if (!each(name_text, value)) return s.fail(parse_errc::repeated_parameter, name);
  }
}

/// Compares with a lower-case name whose letters are all a to z.
inline bool named(std::string_view name, std::string_view lower) noexcept {
  if (name.size() != lower.size()) return false;
  for (std::size_t i = 0; i < name.size(); ++i)
    if ((name[i] | 0x20) != lower[i]) return false;
  return true;
}

/// [ display-name ] "<" addr-spec ">" or addr-spec, with header parameters.
inline At name_addr(At p, NameAddrParts& out, Scan& s, bool brackets_required = false) noexcept {
  const At text = p;
  out = NameAddrParts{};
  bool brackets = *p == '<';
  if (*p == '"') {
    p = quoted_string(p, s);
    if (p == nullptr) return nullptr;
    out.display_size = distance(text, p);
    p = blanks(p);
    if (*p != '<') return s.fail(parse_errc::bad_name_addr, p);
    brackets = true;
  } else if (!brackets) {
    At q = p;
    At end = p;
    while (ascii::is(*q, ascii::token)) {
      end = span<ascii::token>(q);
      q = blanks(end);
    }
    if (*q == '<') {
      out.display_size = distance(text, end);
      brackets = true;
      p = q;
    }
  }
  if (!brackets && brackets_required) return s.fail(parse_errc::bad_name_addr, p);
  if (brackets) ++p;
  out.uri = distance(text, p);
  p = uri(p, !brackets, out.uri_parts, s);
  if (p == nullptr) return nullptr;
  if (brackets) {
    if (*p != '>') return s.fail(*p == '\r' ? parse_errc::unterminated_angle : parse_errc::bad_uri, p);
    ++p;
  }
  const At params = p;
  bool has_tag = false;
  p = header_params<ascii::token>(p, s, [&](std::string_view name, std::string_view value) {
    if (!named(name, "tag")) return true;
    if (has_tag) return false;
    has_tag = true;
    out.tag = value.empty() ? 0 : distance(text, value.data());
    out.tag_size = static_cast<std::uint32_t>(value.size());
    return true;
  });
  if (p == nullptr) return nullptr;
  if (has_tag && (out.tag_size == 0 || text[out.tag] == '"' || text[out.tag] == '[')) return s.fail(parse_errc::bad_parameter, params);
  if (p != params) {
    out.params = distance(text, params);
    out.params_size = distance(params, p);
  }
  out.size = distance(text, p);
  return p;
}

/// via-parm: sent-protocol LWS sent-by *( SEMI via-params ). When only the parameters are bad, `out` holds what stands
/// in front of them: enough to send an answer to (RFC 4475 §3.1.2.1).
inline At via(At p, ViaParts& out, Scan& s) noexcept {
  const At text = p;
  out = ViaParts{};
  for (int part = 0; part < 3; ++part) {  // "SIP" SLASH "2.0" SLASH transport
    const At start = p;
    p = span<ascii::token>(p);
    if (p == start) return s.fail(parse_errc::bad_via, p);
    if (part == 2) {
      out.transport = distance(text, start);
      out.transport_size = distance(start, p);
      break;
    }
    p = blanks(p);
    if (*p != '/') return s.fail(parse_errc::bad_via, p);
    p = blanks(p + 1);
  }
  if (!ascii::blank(*p)) return s.fail(parse_errc::bad_via, p);
  p = blanks(p);
  const At host_start = p;
  p = host(p, s);
  if (p == nullptr) return nullptr;
  out.host = distance(text, host_start);
  out.host_size = distance(host_start, p);
  if (const At colon = blanks(p); *colon == ':') {
    p = port(blanks(colon + 1), out.port, s);
    if (p == nullptr) return nullptr;
  }
  const At params = p;
  out.size = distance(text, p);
  bool has_branch = false;
  p = header_params<ascii::via_value>(p, s, [&](std::string_view name, std::string_view value) {
    if (!named(name, "branch")) return true;
    if (has_branch) return false;
    has_branch = true;
    out.branch = value.empty() ? 0 : distance(text, value.data());
    out.branch_size = static_cast<std::uint32_t>(value.size());
    return true;
  });
  if (p != nullptr && has_branch && !ascii::all({text + out.branch, out.branch_size}, ascii::token)) p = s.fail(parse_errc::bad_via, params);
  if (p == nullptr) {
    out.branch = out.branch_size = 0;
    return nullptr;
  }
  if (p != params) {
    out.params = distance(text, params);
    out.params_size = distance(params, p);
  }
  out.size = distance(text, p);
  return p;
}

/// word [ "@" word ]
inline At call_id(At p, Scan& s) noexcept {
  At e = span<ascii::word>(p);
  if (e == p) return s.fail(parse_errc::bad_call_id, p);
  if (*e != '@') return e;
  const At second = e + 1;
  e = span<ascii::word>(second);
  return e == second ? s.fail(parse_errc::bad_call_id, e) : e;
}

/// 1*DIGIT LWS Method; the number is below 2**31 (§8.1.1.5).
inline At cseq(At p, std::uint32_t& value, std::string_view& method, Scan& s) noexcept {
  std::uint64_t n = 0;
  const At e = number(p, 0x7fffffff, n, s);
  if (e == nullptr) return s.fail(parse_errc::bad_cseq, p);
  if (!ascii::blank(*e)) return s.fail(parse_errc::bad_cseq, e);
  const At start = blanks(e);
  const At end = span<ascii::token>(start);
  if (end == start) return s.fail(parse_errc::bad_cseq, end);
  value = static_cast<std::uint32_t>(n);
  method = between(start, end);
  return end;
}

}  // namespace peal::inline v0::grammar
