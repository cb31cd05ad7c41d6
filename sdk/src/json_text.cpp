#include "json_text.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace peal::inline v0::detail {

namespace {
struct Lead {
  std::size_t size = 0;  // 0: cannot begin a character
  unsigned char second_low = 0x80, second_high = 0xBF;
};
constexpr Lead lead_of(unsigned char c) {
  if (c < 0x80) return {1};
  if (c >= 0xC2 && c <= 0xDF) return {2};
  if (c == 0xE0) return {3, 0xA0, 0xBF};
  if (c == 0xED) return {3, 0x80, 0x9F};
  if (c >= 0xE1 && c <= 0xEF) return {3};
  if (c == 0xF0) return {4, 0x90, 0xBF};
  if (c >= 0xF1 && c <= 0xF3) return {4};
  if (c == 0xF4) return {4, 0x80, 0x8F};
  return {};
}
}  // namespace

bool is_utf8(std::string_view text) noexcept {
  auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = lead_of(byte(i));
    if (lead.size == 0 || text.size() - i < lead.size) return false;
    if (lead.size > 1 && (byte(i + 1) < lead.second_low || byte(i + 1) > lead.second_high)) return false;
    for (std::size_t k = 2; k < lead.size; ++k)
      if ((byte(i + k) & 0xC0) != 0x80) return false;
    i += lead.size;
  }
  return true;
}

std::string base64(std::string_view bytes) {
  static constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) out += i + k > bytes.size() ? '=' : letters[group >> (18 - 6 * k) & 0x3F];
  }
  return out;
}

}  // namespace peal::inline v0::detail
