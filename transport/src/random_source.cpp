#include <peal/transport/random_source.hpp>

#include <array>

namespace peal::inline v0::transport {
namespace {

// No letter twice in either case, none that is read as another: tokens are compared without case in places (RFC 3261
// §7.3.1).
constexpr char alphabet[] = "abcdefghijkmnpqrstuvwxyz23456789";
static_assert(sizeof alphabet == 32 + 1);
constexpr unsigned letter_bits = 5;
constexpr unsigned letters_a_draw = 64 / letter_bits;

}  // namespace

std::uint64_t RandomSource::next() {
  std::array<std::byte, 8> bytes{};
  fill(bytes);
  std::uint64_t value = 0;
  for (const std::byte b : bytes) value = value << 8 | std::to_integer<std::uint64_t>(b);
  return value;
}

std::uint64_t RandomSource::below(std::uint64_t bound) {
  if (bound < 2) return 0;
  // Draws under 2^64 mod bound are refused, so that every remainder is equally likely; under one in two is.
  const std::uint64_t refused = (0 - bound) % bound;
  std::uint64_t value = next();
  while (value < refused) value = next();
  return value % bound;
}

void RandomSource::append_token(std::string& out, std::size_t size) {
  out.reserve(out.size() + size);
  while (size > 0) {
    std::uint64_t value = next();
    for (unsigned i = 0; i < letters_a_draw && size > 0; ++i, --size, value >>= letter_bits)
      out += alphabet[value & 31];
  }
}

std::string RandomSource::token(std::size_t size) {
  std::string out;
  append_token(out, size);
  return out;
}

}  // namespace peal::inline v0::transport
