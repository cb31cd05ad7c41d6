#include "control_bytes.hpp"
#include "header_table.hpp"
#include "list.hpp"
#include "reader.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// One source, several sets of instructions. Each namespace below holds the whole reader, compiled for its target; what
// stands above them is compiled for the least processor, so that nothing shared needs more than that.

#define PEAL_PRAGMA(text) _Pragma(#text)
#if defined(__clang__)
#define PEAL_TARGET_BEGIN(isa) PEAL_PRAGMA(clang attribute push(__attribute__((target(isa))), apply_to = function))
#define PEAL_TARGET_END        PEAL_PRAGMA(clang attribute pop)
#else
#define PEAL_TARGET_BEGIN(isa) PEAL_PRAGMA(GCC push_options) PEAL_PRAGMA(GCC target(isa))
#define PEAL_TARGET_END        PEAL_PRAGMA(GCC pop_options)
#endif

namespace peal::inline v0 {

namespace scan {

/// The first ':' among the 32 bytes at `p`, or nullptr. Longer names are none of ours.
inline const char* colon(const char* p) noexcept {
#if defined(__SSE2__)
  const __m128i wanted = _mm_set1_epi8(':');
  for (unsigned i = 0; i < 2; ++i) {
    __m128i v;
    std::memcpy(&v, p + 16 * i, 16);
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(v, wanted)));
    if (mask != 0) return p + 16 * i + std::countr_zero(mask);
  }
  return nullptr;
#else
  return static_cast<const char*>(std::memchr(p, ':', 32));
#endif
}

}  // namespace scan

namespace {

using scanning::At;
using scanning::Scan;

constexpr std::uint64_t bit(HeaderId id) { return std::uint64_t{1} << presence(id); }

/// Headers that must not stand twice where it would change what the message means.
inline constexpr std::uint64_t once_mask = bit(HeaderId::from) | bit(HeaderId::to) | bit(HeaderId::call_id) |
                                           bit(HeaderId::cseq) | bit(HeaderId::max_forwards) |
                                           bit(HeaderId::content_length) | bit(HeaderId::content_type);

/// Methods whose Contact is a remote target (RFC 3261 Table 3, 3265, 3311, 3515), so that a bad one cannot be
/// overlooked.
bool contact_is_target(std::string_view method) {
  constexpr std::array<std::string_view, 5> methods{"INVITE", "SUBSCRIBE", "UPDATE", "NOTIFY", "REFER"};
  return std::ranges::find(methods, method) != methods.end();
}

bool is_version(At p) { return std::memcmp(p, "SIP/2.0", 7) == 0 || ascii::equal({p, 7}, "SIP/2.0"); }
bool begins_sip(At p) { return std::memcmp(p, "SIP/", 4) == 0 || ascii::equal({p, 4}, "SIP/"); }

}  // namespace

namespace portable {
namespace {
using namespace scanning;
namespace grammar = v0::grammar;
constexpr auto control_mask = scan::control_mask_portable;
#include "line_index.inc"
#include "reader.inc"
}  // namespace
}  // namespace portable

#if defined(__x86_64__)

namespace sse2 {
namespace {
namespace grammar = v0::grammar;
constexpr auto control_mask = scan::control_mask_sse2;
#include "line_index.inc"
#include "reader.inc"
}  // namespace
}  // namespace sse2

#define PEAL_WIDE_SPANS

PEAL_TARGET_BEGIN("ssse3")
namespace ssse3 {
namespace {
namespace grammar {
using namespace scanning;
#include "grammar.inc"
}  // namespace grammar
constexpr auto control_mask = scan::control_mask_sse2;
#include "line_index.inc"
#include "reader.inc"
}  // namespace
}  // namespace ssse3
PEAL_TARGET_END

PEAL_TARGET_BEGIN("avx2,bmi")
namespace avx2 {
namespace {
namespace grammar {
using namespace scanning;
#include "grammar.inc"
}  // namespace grammar
inline std::uint64_t control_mask(const char* p) noexcept {
  const __m256i limit = _mm256_set1_epi8(0x1f);
  const auto low = [&](const char* from) {
    __m256i v;
    std::memcpy(&v, from, sizeof v);
    return static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_min_epu8(v, limit), v)));
  };
  return low(p) | std::uint64_t{low(p + 32)} << 32;
}
#include "line_index.inc"
#include "reader.inc"
}  // namespace
}  // namespace avx2
PEAL_TARGET_END

#endif

namespace {

constexpr Reader portable_reader{"portable", portable::read, {portable::scan_via, portable::scan_name_addr}};

}  // namespace

std::span<const Reader> readers() noexcept {
#if defined(__x86_64__)
  static constexpr std::array<Reader, 4> all{{portable_reader,
                                              {"SSE2", sse2::read, {sse2::scan_via, sse2::scan_name_addr}},
                                              {"SSSE3", ssse3::read, {ssse3::scan_via, ssse3::scan_name_addr}},
                                              {"AVX2", avx2::read, {avx2::scan_via, avx2::scan_name_addr}}}};
  static const std::size_t count = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") ? 4
                                   : __builtin_cpu_supports("ssse3")                               ? 3
                                                                                                   : 2;
  return {all.data(), count};
#else
  static constexpr std::array<Reader, 1> all{portable_reader};
  return all;
#endif
}

constinit const Scanners* scanners = &portable_reader.scanners;

namespace {

[[maybe_unused]] const bool chosen = (scanners = &readers().back().scanners, true);

}  // namespace

}  // namespace peal::inline v0
