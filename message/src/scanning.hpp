#pragma once

#include "ascii.hpp"

#include <peal/message/error.hpp>
#include <peal/message/uri.hpp>

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// What the scanners of grammar.inc share, whatever the processor: each takes a pointer into *padded* text and gives
/// the pointer behind what it read, or nullptr. Padded means that a byte of no class (CR) ends the text and `padding`
/// bytes behind it may be read, so no scanner compares with an end. Each always advances or fails; none recurses.
namespace peal::inline v0::scanning {

using At = const char*;

/// What a scan shares: why it failed, and how many parameters one value may have.
struct Scan {
  parse_errc why = parse_errc::no_result;
  At where = nullptr;
  std::uint32_t max_params = 64;
  bool odd_hosts = false;   ///< also names with '_', or whose last label begins with a digit
  bool odd_values = false;  ///< also parameter values like a tag of Base64: "a/b=="

  At fail(parse_errc code, At at) noexcept {
    why = code;
    where = at;
    return nullptr;
  }
};

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

/// Four numbers up to 255; the whole of from..to.
inline bool ipv4_address(At p, At end) noexcept {
  for (int group = 0; group < 4; ++group) {
    if (group != 0 && (p == end || *p++ != '.')) return false;
    unsigned value = 0;
    const At start = p;
    while (p != end && p - start < 4 && ascii::is(*p, ascii::digit))
      value = value * 10 + static_cast<unsigned>(*p++ - '0');
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

/// Where the last label of a well-formed host name begins; nullptr when a label is empty or has '-' at an edge.
/// One dot may stand at the end. Reads byte by byte: for hosts of any length.
inline At last_label(At p, At end) noexcept {
  At label = p;
  for (At at = p;; ++at) {
    if (at != end && *at != '.') continue;
    if (at == label) return nullptr;
    if (*label == '-' || at[-1] == '-') return nullptr;
    if (at == end || at + 1 == end) return label;
    label = at + 1;
  }
}

#if defined(__SSE2__)
/// Where the dots and hyphens of a host of up to 64 bytes stand, as bits.
struct HostMarks {
  std::uint64_t dots = 0;
  std::uint64_t hyphens = 0;
  std::uint64_t letters = 0;

  HostMarks(At p, unsigned size) noexcept {
    for (unsigned i = 0; i < size; i += 16) {
      __m128i bytes;
      std::memcpy(&bytes, p + i, sizeof bytes);
      const auto mask = [&](__m128i hits) {
        return std::uint64_t{static_cast<std::uint16_t>(_mm_movemask_epi8(hits))} << i;
      };
      dots |= mask(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('.')));
      hyphens |= mask(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('-')));
      letters |= mask(_mm_cmpgt_epi8(bytes, _mm_set1_epi8('9')));
    }
    const auto inside = ~std::uint64_t{0} >> (64 - size);
    dots &= inside;
    hyphens &= inside;
    letters &= inside;
  }
};

/// Three dots with one to three digits between them; no number over 255.
inline bool four_numbers(At p, unsigned size, std::uint64_t dots) noexcept {
  unsigned begin = 0;
  for (int group = 0; group < 4; ++group) {
    const auto end = group == 3 ? size : static_cast<unsigned>(std::countr_zero(dots));
    const auto digits = end - begin;
    if (digits == 0 || digits > 3 || (group == 3 && dots != 0)) return false;
    const At d = p + begin;
    if (digits == 3 && (d[0] > '2' || (d[0] == '2' && (d[1] > '5' || (d[1] == '5' && d[2] > '5'))))) return false;
    dots &= dots - 1;
    begin = end + 1;
  }
  return true;
}

/// A host of up to 64 bytes, all labels at once.
inline bool is_host_of_64(At p, unsigned size) noexcept {
  const HostMarks marks(p, size);
  const std::uint64_t last = std::uint64_t{1} << (size - 1);
  const std::uint64_t begins = marks.dots << 1 | 1;
  const std::uint64_t ends = marks.dots >> 1 | last;
  if ((begins & ((last << 1) - 1) & (marks.dots | marks.hyphens)) != 0 || (marks.hyphens & ends) != 0) return false;
  const std::uint64_t inner = marks.dots & ~last;
  const unsigned last_label = inner == 0 ? 0 : 64 - static_cast<unsigned>(std::countl_zero(inner));
  if (!ascii::is(p[last_label], ascii::digit)) return true;
  return (marks.letters | marks.hyphens) == 0 && four_numbers(p, size, marks.dots);
}
#endif

/// docs/leniencies.md: what systems call themselves though no host may: "asterisk_1", "0fb38bfd0a0d".
inline At odd_host(At p, Scan& s) noexcept {
  At end = p;
  while (ascii::is(*end, ascii::host) || *end == '_') ++end;
  At label = p;
  bool named = false;  // the last label with something in it is no number
  for (At at = p; at != end; ++at) {
    if (*at == '.') {
      if (at == label) return s.fail(parse_errc::bad_host, p);
      label = at + 1;
      if (label != end) named = false;
    } else if (!ascii::is(*at, ascii::digit) && *at != '-') {
      named = true;
    }
  }
  return named ? end : s.fail(parse_errc::bad_host, p);
}

/// Behind a value that breaks the grammar, but ends where one cannot doubt it.
inline At odd_value_end(At p, unsigned value_class) noexcept {
  while (ascii::is(*p, value_class | ascii::media_value | ascii::uri_header | ascii::user_bare)) ++p;
  return p;
}

/// A name whose last label begins with a letter, or four numbers; made of letters, digits, '.' and '-' only.
inline bool is_hostname_or_ipv4(At p, At end) noexcept {
  if (p == end) return false;
#if defined(__SSE2__)
  if (end - p <= 64) return is_host_of_64(p, static_cast<unsigned>(end - p));
#endif
  const At last = last_label(p, end);
  return last != nullptr && (!ascii::is(*last, ascii::digit) || ipv4_address(p, end));
}

inline At port(At p, std::uint16_t& value, Scan& s) noexcept {
  std::uint64_t n = 0;
  const At e = number(p, 65535, n, s);
  if (e == nullptr || n == 0) return s.fail(parse_errc::bad_port, p);
  value = static_cast<std::uint16_t>(n);
  return e;
}

/// Compares with a lower-case name whose letters are all a to z.
inline bool named(std::string_view name, std::string_view lower) noexcept {
  if (name.size() != lower.size()) return false;
  for (std::size_t i = 0; i < name.size(); ++i)
    if ((name[i] | 0x20) != lower[i]) return false;
  return true;
}

/// The URIs of other schemes, whose scanners need no speed: uri.cpp.
At tel_uri(At text, At p, bool bare, UriParts& out, Scan& s) noexcept;
At other_uri(At text, bool bare, UriParts& out, Scan& s) noexcept;

}  // namespace peal::inline v0::scanning
