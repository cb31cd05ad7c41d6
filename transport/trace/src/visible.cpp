#include "visible.hpp"

#include <array>
#include <utility>

namespace peal::inline v0::trace {

namespace {

constexpr std::string_view digits = "0123456789abcdef";

void append_hex(std::string& out, std::uint32_t code, int places) {
  for (int shift = 4 * (places - 1); shift >= 0; shift -= 4)
    out.push_back(digits[(code >> static_cast<unsigned>(shift)) & 0xfU]);
}

void append_spelt(std::string& out, const Character& c) {
  if (!c.valid || c.code < 0x80) {
    out.append("\\x");
    append_hex(out, c.code, 2);
    return;
  }
  out.append("\\u{");
  append_hex(out, c.code, c.code > 0xffff ? 6 : 4);
  out.push_back('}');
}

}  // namespace

Character next_character(std::string_view text, std::size_t at) noexcept {
  const auto byte = [&](std::size_t i) -> std::uint32_t { return static_cast<unsigned char>(text[i]); };
  const auto lead = byte(at);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || at + size > text.size()) return {lead, 1, false};
  auto code = lead & (0xffU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(at + i) & 0xc0U) != 0x80) return {lead, 1, false};
    code = (code << 6U) | (byte(at + i) & 0x3fU);
  }
  const bool overlong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  if (overlong || surrogate || code > 0x10ffff) return {lead, 1, false};
  return {code, size, true};
}

bool is_utf8(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size();) {
    const auto c = next_character(text, at);
    if (!c.valid) return false;
    at += c.size;
  }
  return true;
}

bool is_harmless(std::uint32_t code) noexcept {
  constexpr std::array<std::pair<std::uint32_t, std::uint32_t>, 11> harmful{{{0x00, 0x1f},
                                                                             {0x7f, 0x9f},
                                                                             {0xad, 0xad},
                                                                             {0x61c, 0x61c},
                                                                             {0x180e, 0x180e},
                                                                             {0x200b, 0x200f},
                                                                             {0x2028, 0x202e},
                                                                             {0x2060, 0x206f},
                                                                             {0xfeff, 0xfeff},
                                                                             {0xfff0, 0xfffb},
                                                                             {0xe0000, 0xe0fff}}};
  for (const auto& [first, last] : harmful) {
    if (code >= first && code <= last) return false;
  }
  return (code & 0xfffeU) != 0xfffe;
}

std::string visible(std::string_view text, std::size_t most, bool lines) {
  std::string out;
  out.reserve(text.size());
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (count++ == most) return out.append("...");
    if (lines && text.substr(at).starts_with("\r\n")) {
      out.push_back('\n');
      at += 2;
      continue;
    }
    const auto c = next_character(text, at);
    const bool as_it_is = c.valid && (is_harmless(c.code) || (lines && (c.code == '\n' || c.code == '\t')));
    if (as_it_is)
      out.append(text.substr(at, c.size));
    else
      append_spelt(out, c);
    at += c.size;
  }
  return out;
}

std::string html(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    switch (c) {
      case '&': out.append("&amp;"); break;
      case '<': out.append("&lt;"); break;
      case '>': out.append("&gt;"); break;
      case '"': out.append("&quot;"); break;
      case '\'': out.append("&#39;"); break;
      default: out.push_back(c);
    }
  }
  return out;
}

std::size_t width_of(std::string_view text) noexcept {
  std::size_t width = 0;
  for (const char c : text) width += (static_cast<unsigned char>(c) & 0xc0U) != 0x80 ? 1 : 0;
  return width;
}

}  // namespace peal::inline v0::trace
