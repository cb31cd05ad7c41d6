#pragma once

#include "ascii.hpp"

#include <peal/message/headers.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

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
       proxy_require, supported, unsupported, allow, accept, expires, min_expires, retry_after, www_authenticate,
       authorization, proxy_authenticate, proxy_authorization, authentication_info, user_agent, server, subject, date,
       timestamp, warning, reason);
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

/// The names in lower case as words, to hash and compare eight bytes at once. Words behind the name are zero.
struct Name {
  std::array<std::uint64_t, 3> words{};
  std::uint64_t size = 0;
};
static_assert([] {
  for (const auto& row : rows)
    if (row.name.size() > 24) return false;
  return true;
}());

/// For each size, the bits of three words that a name of that size fills.
inline constexpr std::array<std::array<std::uint64_t, 3>, 25> filled_words = [] {
  std::array<std::array<std::uint64_t, 3>, 25> out{};
  for (std::size_t size = 0; size < out.size(); ++size)
    for (std::size_t i = 0; i < size; ++i) out[size][i / 8] |= std::uint64_t{0xff} << (8 * (i % 8));
  return out;
}();
inline constexpr std::uint64_t lower_bits = 0x2020'2020'2020'2020U;

inline constexpr std::array<Name, row_count> names = [] {
  std::array<Name, row_count> out{};
  for (std::size_t id = 1; id < row_count; ++id) {
    out[id].size = rows[id].name.size();
    for (std::size_t i = 0; i < out[id].size; ++i)
      out[id].words[i / 8] |= static_cast<std::uint64_t>(static_cast<unsigned char>(rows[id].name[i]) | 0x20)
                              << (8 * (i % 8));
  }
  return out;
}();

/// Of the first eight bytes (in lower case), the last one and the size.
constexpr unsigned name_hash(std::uint64_t first_word, char last, std::size_t size, std::uint64_t seed) {
  const std::uint64_t mixed =
      first_word ^ (static_cast<std::uint64_t>(static_cast<unsigned char>(last) | 0x20) << 32) ^ (size << 3);
  return static_cast<unsigned>((mixed * seed) >> 56);
}

using Slots = std::array<std::uint8_t, 256>;

constexpr bool fill_slots(Slots& slots, std::uint64_t seed) {
  slots.fill(0);
  for (std::size_t id = 1; id < row_count; ++id) {
    auto& slot = slots[name_hash(names[id].words[0], rows[id].name.back(), names[id].size, seed)];
    if (slot != 0) return false;
    slot = static_cast<std::uint8_t>(id);
  }
  return true;
}

consteval std::uint64_t find_seed() {
  Slots slots{};
  for (std::uint64_t x = 1;; x = x * 6364136223846793005U + 1442695040888963407U)
    if (fill_slots(slots, x | 1)) return x | 1;
}

inline constexpr std::uint64_t seed = find_seed();
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

/// The id of a name or compact form in text with 24 readable bytes; 0 when it is none of the table.
inline std::uint8_t find_id(const char* name, std::size_t size) noexcept {
  if (size <= 1) return size == 0 ? std::uint8_t{0} : compact_slots[static_cast<unsigned char>(ascii::lower(*name))];
  if (size > 24) return 0;
  const auto word = [&](std::size_t i) {
    std::uint64_t bytes = 0;
    if constexpr (std::endian::native == std::endian::little)
      std::memcpy(&bytes, name + 8 * i, 8);
    else
      for (std::size_t k = 0; k < 8; ++k)
        bytes |= static_cast<std::uint64_t>(static_cast<unsigned char>(name[8 * i + k])) << (8 * k);
    return (bytes | lower_bits) & filled_words[size][i];
  };
  const auto first = word(0);
  const auto id = slots[name_hash(first, name[size - 1], size, seed)];
  const auto& expected = names[id];
  // no branch on the size: it is what a predictor cannot guess
  const auto different = (first ^ expected.words[0]) | (word(1) ^ expected.words[1]) | (word(2) ^ expected.words[2]) |
                         (size ^ expected.size);
  return different == 0 ? id : std::uint8_t{0};
}

/// The same for any text.
inline std::uint8_t find_id(std::string_view name) noexcept {
  std::array<char, 24> padded{};
  if (name.size() > padded.size()) return 0;
  std::copy(name.begin(), name.end(), padded.begin());
  return find_id(padded.data(), name.size());
}

}  // namespace peal::inline v0::header::detail
