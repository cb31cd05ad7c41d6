#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// Which of 64 bytes are control bytes (below 0x20): bit i for p[i]. All 64 must be readable.
namespace peal::inline v0::scan {

inline std::uint64_t control_mask_portable(const char* p) noexcept {
  std::uint64_t mask = 0;
  for (unsigned word = 0; word < 8; ++word) {
    std::uint64_t v = 0;
    std::memcpy(&v, p + 8 * word, 8);
    if constexpr (std::endian::native == std::endian::big) {
      std::uint64_t swapped = 0;
      for (unsigned i = 0; i < 8; ++i) swapped |= (v >> (8 * i) & 0xff) << (8 * (7 - i));
      v = swapped;
    }
    // A byte is below 0x20 when its three top bits are zero.
    const std::uint64_t top = (v & 0xe0e0'e0e0'e0e0'e0e0U) >> 5;                           // 0..7 in each byte
    const std::uint64_t zero = ((top | 0x0808'0808'0808'0808U) - 0x0101'0101'0101'0101U);  // bit 3 stays when top != 0
    const std::uint64_t bits = (~zero >> 3) & 0x0101'0101'0101'0101U;
    mask |= ((bits * 0x0102'0408'1020'4080U) >> 56) << (8 * word);
  }
  return mask;
}

#if defined(__SSE2__)
inline std::uint64_t control_mask_sse2(const char* p) noexcept {
  const __m128i limit = _mm_set1_epi8(0x1f);
  std::uint64_t mask = 0;
  for (unsigned i = 0; i < 4; ++i) {
    __m128i v;
    std::memcpy(&v, p + 16 * i, 16);
    const auto low = static_cast<std::uint16_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(v, limit), v)));
    mask |= std::uint64_t{low} << (16 * i);
  }
  return mask;
}
#endif

}  // namespace peal::inline v0::scan
