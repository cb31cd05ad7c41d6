#pragma once

#include <peal/transport/random_source.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace peal::inline v0::sim {

/// splitmix64: spreads a seed, and mixes words into one.
constexpr std::uint64_t mixed(std::uint64_t x) noexcept {
  x += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31U);
}

constexpr std::uint64_t mixed(std::uint64_t seed, std::string_view text) noexcept {
  for (const char c : text) seed = mixed(seed ^ static_cast<unsigned char>(c));
  return mixed(seed ^ text.size());
}

/// xoshiro256**: the same numbers on every machine and library.
class Generator {
 public:
  explicit constexpr Generator(std::uint64_t seed) noexcept {
    for (auto& word : state_) word = seed = mixed(seed);
  }
  constexpr std::uint64_t next() noexcept {
    const auto result = rotated(state_[1] * 5, 7) * 9;
    const auto shifted = state_[1] << 17U;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = rotated(state_[3], 45);
    return result;
  }
  /// True with that probability. Draws nothing for 0 or less.
  constexpr bool chance(double probability) noexcept {
    return probability > 0 && static_cast<double>(next() >> 11U) * 0x1p-53 < probability;
  }
  /// In [0, bound]; draws nothing for 0 or less.
  constexpr std::int64_t up_to(std::int64_t bound) noexcept {
    return bound <= 0 ? 0 : static_cast<std::int64_t>(next() % (static_cast<std::uint64_t>(bound) + 1));
  }

 private:
  static constexpr std::uint64_t rotated(std::uint64_t x, unsigned by) noexcept { return (x << by) | (x >> (64 - by)); }
  std::array<std::uint64_t, 4> state_{};
};

class SeededRandom final : public transport::RandomSource {
 public:
  explicit SeededRandom(std::uint64_t seed) noexcept : generator_(seed) {}
  void fill(std::span<std::byte> out) override {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (i % 8 == 0) word = generator_.next();
      out[i] = static_cast<std::byte>(word & 0xffU);
      word >>= 8U;
    }
  }

 private:
  Generator generator_;
};

}  // namespace peal::inline v0::sim
