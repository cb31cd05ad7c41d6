#pragma once

#include "ascii.hpp"

#include <peal/message/headers.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

/// The rows of header::table, and the hash that finds one with a single comparison.
namespace peal::inline v0::header::detail {

inline constexpr std::size_t row_count = static_cast<std::size_t>(HeaderId::count);

consteval std::array<Row, row_count> make_rows() {
  std::array<Row, row_count> rows{};
  const auto put = [&](HeaderId id, Row row) { rows[static_cast<std::size_t>(id)] = row; };
  const auto typed = [&](const auto& h) { rows[h.id] = {h.name, h.compact, h.occurs}; };
  const auto many = [&](const auto&... h) { (typed(h), ...); };
  put(HeaderId::other, {"", '\0', Occurs::lines});
  many(via, from, to, call_id, cseq, max_forwards, contact, route, record_route, content_length, content_type, require,
       proxy_require, supported, unsupported, allow, accept, expires, min_expires, retry_after, www_authenticate, authorization,
       proxy_authenticate, proxy_authorization, authentication_info, user_agent, server, subject, date, timestamp, warning, reason);
  // those that have no type of their own yet
  put(HeaderId::organization, {"Organization", '\0', Occurs::once});
  put(HeaderId::event, {"Event", 'o', Occurs::once});
  put(HeaderId::content_encoding, {"Content-Encoding", 'e', Occurs::list});
  put(HeaderId::content_disposition, {"Content-Disposition", '\0', Occurs::once});
  put(HeaderId::accept_encoding, {"Accept-Encoding", '\0', Occurs::list});
  put(HeaderId::accept_language, {"Accept-Language", '\0', Occurs::list});
  put(HeaderId::alert_info, {"Alert-Info", '\0', Occurs::list});
  put(HeaderId::call_info, {"Call-Info", '\0', Occurs::list});
  put(HeaderId::error_info, {"Error-Info", '\0', Occurs::list});
  put(HeaderId::in_reply_to, {"In-Reply-To", '\0', Occurs::list});
  put(HeaderId::mime_version, {"MIME-Version", '\0', Occurs::once});
  put(HeaderId::priority, {"Priority", '\0', Occurs::once});
  put(HeaderId::reply_to, {"Reply-To", '\0', Occurs::once});
  put(HeaderId::content_language, {"Content-Language", '\0', Occurs::list});
  return rows;
}

inline constexpr std::array<Row, row_count> rows = make_rows();

constexpr unsigned name_hash(const char* name, std::size_t size, unsigned seed) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(name[i]) | 0x20); };
  return (at(0) * seed + at(size / 2) * (seed >> 8) + at(size - 1) * (seed >> 16) + static_cast<unsigned>(size) * 31) & 255;
}

using Slots = std::array<std::uint8_t, 256>;

constexpr bool fill_slots(Slots& slots, unsigned seed) {
  slots.fill(0);
  for (std::size_t id = 1; id < row_count; ++id) {
    auto& slot = slots[name_hash(rows[id].name.data(), rows[id].name.size(), seed)];
    if (slot != 0) return false;
    slot = static_cast<std::uint8_t>(id);
  }
  return true;
}

consteval unsigned find_seed() {
  Slots slots{};
  for (unsigned x = 1;; x = x * 1664525U + 1013904223U)
    if (fill_slots(slots, x)) return x;
}

inline constexpr unsigned seed = find_seed();
inline constexpr Slots slots = [] {
  Slots s{};
  fill_slots(s, seed);
  return s;
}();
inline constexpr Slots compact_slots = [] {
  Slots s{};
  for (std::size_t id = 1; id < row_count; ++id)
    if (rows[id].compact != '\0') s[static_cast<unsigned char>(rows[id].compact)] = static_cast<std::uint8_t>(id);
  return s;
}();

/// The names in lower case as words, to compare eight bytes at once.
inline constexpr std::size_t name_words = 3;
using Words = std::array<std::uint64_t, name_words>;

inline constexpr std::array<Words, row_count> lower_names = [] {
  std::array<Words, row_count> out{};
  for (std::size_t id = 1; id < row_count; ++id)
    for (std::size_t i = 0; i < rows[id].name.size(); ++i)
      out[id][i / 8] |= static_cast<std::uint64_t>(static_cast<unsigned char>(rows[id].name[i]) | 0x20) << (8 * (i % 8));
  return out;
}();

/// The same as find_id for a name in padded text. Little-endian machines only.
inline std::uint8_t find_id_padded(const char* name, std::size_t size) noexcept {
  if (size == 1) return compact_slots[static_cast<unsigned char>(ascii::lower(*name))];
  if (size == 0) return 0;
  const auto id = slots[name_hash(name, size, seed)];
  if (rows[id].name.size() != size) return 0;
  for (std::size_t word = 0; size != 0; ++word) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, name + 8 * word, 8);
    const auto mask = size >= 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << (8 * size)) - 1;
    if ((((bytes | 0x2020'2020'2020'2020U) ^ lower_names[id][word]) & mask) != 0) return 0;
    size -= size >= 8 ? 8 : size;
  }
  return id;
}

inline std::uint8_t find_id(const char* name, std::size_t size) noexcept {
  if (size == 1) return compact_slots[static_cast<unsigned char>(ascii::lower(*name))];
  if (size == 0) return 0;
  const auto id = slots[name_hash(name, size, seed)];
  const auto& expected = rows[id].name;
  if (expected.size() != size) return 0;
  for (std::size_t i = 0; i < size; ++i)
    if ((name[i] | 0x20) != (expected[i] | 0x20)) return 0;
  return id;
}

}  // namespace peal::inline v0::header::detail
