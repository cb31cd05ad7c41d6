#pragma once

#include <array>
#include <cstdint>
#include <string_view>

/// The character classes of RFC 3261 §25.1 as one table. '%' is in no class that may hold escapes: `escaped` checks it.
namespace peal::inline v0::ascii {

enum Class : std::uint16_t {
  token = 1 << 0,
  host = 1 << 1,  // hostname and IPv4address
  digit = 1 << 2,
  user = 1 << 3,       // user, inside <> or alone
  user_bare = 1 << 4,  // without ",;?", which must stand in <> (§20.10)
  password = 1 << 5,
  param = 1 << 6,       // paramchar
  uri_header = 1 << 7,  // hname, hvalue
  word = 1 << 8,
  quoted = 1 << 9,  // qdtext
  hex = 1 << 10,
  alpha = 1 << 11,
  opaque = 1 << 12,       // the rest of a URI of another scheme
  opaque_bare = 1 << 13,  // the same without ",;?"
  via_value = 1 << 14,    // token, or an IPv6 address without brackets (received=)
  media_value = 1 << 15,  // token, and what people leave unquoted in media types
};

constexpr bool is_one_of(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }

consteval std::array<std::uint16_t, 256> make_table() {
  constexpr std::string_view mark = "-_.!~*'()";
  std::array<std::uint16_t, 256> table{};
  for (unsigned i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    const bool letter = (i >= 'a' && i <= 'z') || (i >= 'A' && i <= 'Z');
    const bool number = i >= '0' && i <= '9';
    const bool alnum = letter || number;
    const bool unreserved = alnum || is_one_of(c, mark);
    unsigned f = 0;
    if (alnum || is_one_of(c, "-.!%*_+`'~")) f |= token | via_value;
    if (c == ':') f |= via_value;
    if ((f & token) != 0 || is_one_of(c, "/:=?@&+")) f |= media_value;
    if (alnum || is_one_of(c, "-.")) f |= host;
    if (number) f |= digit;
    if (unreserved || is_one_of(c, "&=+$,;?/")) f |= user;
    if (unreserved || is_one_of(c, "&=+$/")) f |= user_bare;
    if (unreserved || is_one_of(c, "&=+$,")) f |= password;
    if (unreserved || is_one_of(c, "[]/:&+$")) f |= param;
    if (unreserved || is_one_of(c, "[]/?:+$")) f |= uri_header;
    if (alnum || is_one_of(c, "-.!%*_+`'~()<>:\\\"/[]?{}")) f |= word;
    if ((i >= 0x20 && i != 0x7f && c != '"' && c != '\\') || c == '\t') f |= quoted;
    if (number || (i >= 'a' && i <= 'f') || (i >= 'A' && i <= 'F')) f |= hex;
    if (letter) f |= alpha;
    if (unreserved || is_one_of(c, ";/?:@&=+$,[]")) f |= opaque;
    if (unreserved || is_one_of(c, "/:@&=+$[]")) f |= opaque_bare;
    table[i] = static_cast<std::uint16_t>(f);
  }
  return table;
}

alignas(64) inline constexpr std::array<std::uint16_t, 256> table = make_table();

constexpr bool is(char c, unsigned classes) { return (table[static_cast<unsigned char>(c)] & classes) != 0; }
constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }
constexpr bool blank(char c) { return c == ' ' || c == '\t'; }

constexpr bool equal(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (lower(a[i]) != lower(b[i])) return false;
  return true;
}

constexpr bool all(std::string_view text, unsigned classes) {
  for (const char c : text)
    if (!is(c, classes)) return false;
  return !text.empty();
}

constexpr std::string_view trim(std::string_view text) {
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

constexpr int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char l = lower(c);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

}  // namespace peal::inline v0::ascii
