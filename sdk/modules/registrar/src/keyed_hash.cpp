#include "keyed_hash.hpp"

#include <bit>
#include <cstddef>

namespace peal::inline v0::registrar {

namespace {

struct Rounds {
  std::uint64_t v0, v1, v2, v3;
  void run(int count) noexcept {
    for (; count > 0; --count) {
      v0 += v1, v1 = std::rotl(v1, 13) ^ v0, v0 = std::rotl(v0, 32);
      v2 += v3, v3 = std::rotl(v3, 16) ^ v2;
      v0 += v3, v3 = std::rotl(v3, 21) ^ v0;
      v2 += v1, v1 = std::rotl(v1, 17) ^ v2, v2 = std::rotl(v2, 32);
    }
  }
};

/// Up to eight bytes, little-endian.
std::uint64_t word(std::string_view bytes) noexcept {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) out |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  return out;
}

}  // namespace

std::uint64_t KeyedHash::of(std::string_view bytes) const noexcept {
  Rounds s{key_[0] ^ 0x736f6d6570736575U, key_[1] ^ 0x646f72616e646f6dU, key_[0] ^ 0x6c7967656e657261U,
           key_[1] ^ 0x7465646279746573U};
  auto take = [&](std::uint64_t m) {
    s.v3 ^= m;
    s.run(2);
    s.v0 ^= m;
  };
  const auto size = bytes.size();
  for (; bytes.size() >= 8; bytes.remove_prefix(8)) take(word(bytes.substr(0, 8)));
  take(word(bytes) | std::uint64_t{size & 0xFF} << 56);
  s.v2 ^= 0xFF;
  s.run(4);
  return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

std::string KeyedHash::of_parts(std::initializer_list<std::string_view> parts) const {
  std::string all;
  for (const auto part : parts) all.append(std::to_string(part.size())).append(":").append(part);
  auto value = of(all);
  std::string out(16, '0');
  for (auto digit = out.rbegin(); digit != out.rend(); ++digit, value >>= 4) *digit = "0123456789abcdef"[value & 0xF];
  return out;
}

}  // namespace peal::inline v0::registrar
