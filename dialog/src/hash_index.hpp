#pragma once

#include <peal/transport/random_source.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

namespace peal::inline v0::dialog {

/// SipHash-1-3 with a key of this stack: peers choose Call-IDs and tags, and must not choose our collisions.
class KeyedHash {
 public:
  explicit KeyedHash(transport::RandomSource& random) : k0_(random.next()), k1_(random.next()) {}

  /// Of the parts, each followed by a NUL.
  [[nodiscard]] std::uint64_t operator()(std::initializer_list<std::string_view> parts) const noexcept {
    State s{k0_ ^ 0x736f6d6570736575U, k1_ ^ 0x646f72616e646f6dU, k0_ ^ 0x6c7967656e657261U, k1_ ^ 0x7465646279746573U};
    std::uint64_t word = 0;
    unsigned filled = 0;
    std::uint64_t total = 0;
    const auto eat = [&](unsigned char byte) {
      word |= static_cast<std::uint64_t>(byte) << (8 * filled);
      if (++filled == 8) {
        s.absorb(word);
        word = 0;
        filled = 0;
      }
      ++total;
    };
    for (const auto part : parts) {
      for (const char c : part) eat(static_cast<unsigned char>(c));
      eat(0);
    }
    s.absorb(word | (total << 56));
    s.v2 ^= 0xff;
    s.round();
    s.round();
    s.round();
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
  }

 private:
  struct State {
    std::uint64_t v0, v1, v2, v3;
    void round() noexcept {
      v0 += v1;
      v1 = std::rotl(v1, 13);
      v1 ^= v0;
      v0 = std::rotl(v0, 32);
      v2 += v3;
      v3 = std::rotl(v3, 16);
      v3 ^= v2;
      v0 += v3;
      v3 = std::rotl(v3, 21);
      v3 ^= v0;
      v2 += v1;
      v1 = std::rotl(v1, 17);
      v1 ^= v2;
      v2 = std::rotl(v2, 32);
    }
    void absorb(std::uint64_t word) noexcept {
      v3 ^= word;
      round();
      v0 ^= word;
    }
  };
  std::uint64_t k0_, k1_;
};

/// An open-addressed table of {hash, slot}; who is meant is asked of a predicate. Linear probing, at most half full.
class HashIndex {
 public:
  static constexpr std::uint32_t none = 0xffff'ffff;

  void insert(std::uint64_t hash, std::uint32_t slot) {
    if ((size_ + 1) * 2 > cells_.size()) grow();
    put(fold(hash), slot);
    ++size_;
  }
  /// The first slot with that hash for which `is(slot)` holds.
  template <class F>
  [[nodiscard]] std::uint32_t find(std::uint64_t hash, F is) const {
    if (cells_.empty()) return none;
    const auto h = fold(hash);
    for (auto i = h & mask();; i = (i + 1) & mask()) {
      if (cells_[i].slot == none) return none;
      if (cells_[i].hash == h && is(cells_[i].slot)) return cells_[i].slot;
    }
  }
  void erase(std::uint64_t hash, std::uint32_t slot) noexcept {
    if (cells_.empty()) return;
    const auto h = fold(hash);
    for (auto i = h & mask(); cells_[i].slot != none; i = (i + 1) & mask()) {
      if (cells_[i].hash != h || cells_[i].slot != slot) continue;
      close_gap(i);
      --size_;
      return;
    }
  }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  struct Cell {
    std::uint32_t hash = 0;
    std::uint32_t slot = none;
  };
  static std::uint32_t fold(std::uint64_t hash) noexcept { return static_cast<std::uint32_t>(hash ^ (hash >> 32)); }
  [[nodiscard]] std::uint32_t mask() const noexcept { return static_cast<std::uint32_t>(cells_.size() - 1); }
  void put(std::uint32_t hash, std::uint32_t slot) noexcept {
    auto i = hash & mask();
    while (cells_[i].slot != none) i = (i + 1) & mask();
    cells_[i] = {hash, slot};
  }
  void grow() {
    auto old = std::move(cells_);
    cells_.assign(old.empty() ? 16 : old.size() * 2, Cell{});
    for (const auto& cell : old)
      if (cell.slot != none) put(cell.hash, cell.slot);
  }
  /// Moves back what probing had pushed past the gap, so that no tombstones are needed.
  void close_gap(std::uint32_t gap) noexcept {
    for (auto i = (gap + 1) & mask(); cells_[i].slot != none; i = (i + 1) & mask()) {
      const auto home = cells_[i].hash & mask();
      if (((i - home) & mask()) < ((i - gap) & mask())) continue;
      cells_[gap] = cells_[i];
      gap = i;
    }
    cells_[gap] = Cell{};
  }
  std::vector<Cell> cells_;
  std::size_t size_ = 0;
};

}  // namespace peal::inline v0::dialog
