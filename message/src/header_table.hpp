#pragma once

#include "ascii.hpp"

#include <peal/message/typed_headers.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// The rows of header::table, and the hash that finds one with a single comparison.
namespace peal::inline v0::header::detail {

inline constexpr std::size_t row_count = static_cast<std::size_t>(HeaderId::count);

inline constexpr std::array<Row, row_count> rows = std::apply(
    [](const auto&... h) {
      return std::array<Row, row_count>{Row{"", '\0', Occurs::lines, ""}, Row{h.name, h.compact, h.occurs, h.rfc}...};
    },
    all);

/// The names in lower case as words, to hash and compare eight bytes at once. Words behind the name are zero.
inline constexpr std::size_t name_words = 4;
inline constexpr std::size_t longest_name = 8 * name_words - 1;
struct Name {
  std::array<std::uint64_t, name_words> words{};
};
static_assert([] {
  for (const auto& row : rows)
    if (row.name.size() > longest_name) return false;
  return true;
}());

/// For each size, the bits of the words that a name of that size fills.
inline constexpr std::array<std::array<std::uint64_t, name_words>, longest_name + 1> filled_words = [] {
  std::array<std::array<std::uint64_t, name_words>, longest_name + 1> out{};
  for (std::size_t size = 0; size < out.size(); ++size)
    for (std::size_t i = 0; i < size; ++i) out[size][i / 8] |= std::uint64_t{0xff} << (8 * (i % 8));
  return out;
}();
inline constexpr std::uint64_t lower_bits = 0x2020'2020'2020'2020U;

inline constexpr std::array<Name, row_count> names = [] {
  std::array<Name, row_count> out{};
  for (std::size_t id = 1; id < row_count; ++id) {
    for (std::size_t i = 0; i < rows[id].name.size(); ++i)
      out[id].words[i / 8] |= static_cast<std::uint64_t>(static_cast<unsigned char>(rows[id].name[i]) | 0x20)
                              << (8 * (i % 8));
  }
  return out;
}();

inline constexpr unsigned slot_bits = 11;

/// Of the first eight bytes (in lower case), the last one and the size.
constexpr unsigned name_hash(std::uint64_t first_word, char last, std::size_t size, std::uint64_t seed) {
  const std::uint64_t mixed =
      first_word ^ (static_cast<std::uint64_t>(static_cast<unsigned char>(last) | 0x20) << 32) ^ (size << 3);
  return static_cast<unsigned>((mixed * seed) >> (64 - slot_bits));
}

using Slots = std::array<std::uint8_t, std::size_t{1} << slot_bits>;

constexpr unsigned slot_of(std::size_t id, std::uint64_t seed) {
  return name_hash(names[id].words[0], rows[id].name.back(), rows[id].name.size(), seed);
}

/// A seed that gives each name a slot of its own. Each try marks the slots with its number.
consteval std::uint64_t find_seed() {
  std::array<std::uint16_t, std::size_t{1} << slot_bits> taken{};
  std::uint64_t x = 1;
  for (std::uint16_t attempt = 1;; ++attempt, x = x * 6364136223846793005U + 1442695040888963407U) {
    std::size_t id = 1;
    for (; id < row_count; ++id) {
      auto& slot = taken[slot_of(id, x | 1)];
      if (slot == attempt) break;
      slot = attempt;
    }
    if (id == row_count) return x | 1;
  }
}

inline constexpr std::uint64_t seed = find_seed();
inline constexpr Slots slots = [] {
  Slots s{};
  for (std::size_t id = 1; id < row_count; ++id) s[slot_of(id, seed)] = static_cast<std::uint8_t>(id);
  return s;
}();
inline constexpr std::array<std::uint8_t, 256> compact_slots = [] {
  std::array<std::uint8_t, 256> s{};
  for (std::size_t id = 1; id < row_count; ++id)
    if (rows[id].compact != '\0') s[static_cast<unsigned char>(rows[id].compact)] = static_cast<std::uint8_t>(id);
  return s;
}();

/// Eight bytes of a name in lower case, without those behind its end.
inline std::uint64_t name_word(const char* name, std::size_t size, std::size_t i) noexcept {
  std::uint64_t bytes = 0;
  if constexpr (std::endian::native == std::endian::little)
    std::memcpy(&bytes, name + 8 * i, 8);
  else
    for (std::size_t k = 0; k < 8; ++k)
      bytes |= static_cast<std::uint64_t>(static_cast<unsigned char>(name[8 * i + k])) << (8 * k);
  return (bytes | lower_bits) & filled_words[size][i];
}

/// Is it that name, without case? Reads 32 bytes. No branch on the size: it is what a predictor cannot guess.
/// Two names of different sizes differ, since no byte in lower case is zero.
inline bool is_name(const char* name, std::size_t size, const Name& expected) noexcept {
#if defined(__SSE2__)
  const auto half = [&](std::size_t i) {
    __m128i bytes, filled, wanted;
    std::memcpy(&bytes, name + 16 * i, sizeof bytes);
    std::memcpy(&filled, filled_words[size].data() + 2 * i, sizeof filled);
    std::memcpy(&wanted, expected.words.data() + 2 * i, sizeof wanted);
    bytes = _mm_and_si128(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), filled);
    return _mm_cmpeq_epi8(bytes, wanted);
  };
  return _mm_movemask_epi8(_mm_and_si128(half(0), half(1))) == 0xffff;
#else
  std::uint64_t different = 0;
  for (std::size_t i = 0; i < name_words; ++i) different |= name_word(name, size, i) ^ expected.words[i];
  return different == 0;
#endif
}

/// The id of a name or compact form in text with 32 readable bytes; 0 when it is none of the table.
[[gnu::always_inline]] inline std::uint8_t find_id(const char* name, std::size_t size) noexcept {
  if (size <= 1) return size == 0 ? std::uint8_t{0} : compact_slots[static_cast<unsigned char>(ascii::lower(*name))];
  if (size > longest_name) return 0;
  const auto id = slots[name_hash(name_word(name, size, 0), name[size - 1], size, seed)];
  return is_name(name, size, names[id]) ? id : std::uint8_t{0};
}

/// The same for any text.
inline std::uint8_t find_id(std::string_view name) noexcept {
  if (name.size() > longest_name) return 0;
  std::array<char, 8 * name_words> padded{};
  std::copy(name.begin(), name.end(), padded.begin());
  return find_id(padded.data(), name.size());
}

/// The id of a descriptor: one from outside may name a header that is registered here.
inline std::uint8_t known_id(std::uint8_t id, std::string_view name) noexcept { return id != 0 ? id : find_id(name); }

}  // namespace peal::inline v0::header::detail
