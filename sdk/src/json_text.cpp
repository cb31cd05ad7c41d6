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
constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<std::int8_t, 256> letter_values = [] {
  std::array<std::int8_t, 256> out{};
  out.fill(-1);
  for (std::size_t i = 0; i < letters.size(); ++i)
    out[static_cast<unsigned char>(letters[i])] = static_cast<std::int8_t>(i);
  return out;
}();

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
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) out += i + k > bytes.size() ? '=' : letters[group >> (18 - 6 * k) & 0x3F];
  }
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : (text.ends_with('=') ? 1 : 0);
  std::string out;
  out.reserve(text.size() / 4 * 3);
  std::uint32_t group = 0;
  for (std::size_t i = 0; i < text.size() - padding; ++i) {
    const auto value = letter_values[static_cast<unsigned char>(text[i])];
    if (value < 0) return std::nullopt;
    group = group << 6 | static_cast<std::uint32_t>(value);
    if (i % 4 != 0) out += static_cast<char>(group >> (6 - 2 * (i % 4)) & 0xFF);
  }
  const auto left_over = padding == 0 ? 0U : (padding == 1 ? group & 0x3U : group & 0xFU);
  if (left_over != 0) return std::nullopt;
  return out;
}

std::string request_line(std::string_view method, std::string_view uri) {
  std::string out(method);
  out.append(" ").append(uri).append(" SIP/2.0");
  return out;
}

std::string status_line(unsigned code, std::string_view reason) {
  return std::string("SIP/2.0 ").append(std::to_string(code)).append(" ").append(reason);
}

}  // namespace peal::inline v0::detail
