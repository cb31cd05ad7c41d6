#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace peal::inline v0::transaction {

/// Open addressing over {u32 keyed hash, u32 slot}: linear probing with the cells in the order of their hashes, which
/// is that of their homes too. So a search ends early, the table may be four fifths full, and it grows by a quarter,
/// copied from one end to the other. Deletion by shifting back, no tombstones. The hash must come from a keyed
/// function; whose slot it is, the caller's predicate tells.
class SlotTable {
 public:
  static constexpr std::uint32_t none = 0xffff'ffff;

  /// Makes room, so that the next insert does not allocate.
  void reserve_one();
  void insert(std::uint32_t hash, std::uint32_t slot);
  /// Must be there.
  void erase(std::uint32_t hash, std::uint32_t slot) noexcept;
  /// `slot` must be there.
  void replace(std::uint32_t hash, std::uint32_t slot, std::uint32_t by) noexcept;
  /// The first slot under that hash which `is_it` accepts, or none.
  template <class F>
  [[nodiscard]] std::uint32_t find(std::uint32_t hash, F is_it) const {
    if (cells_.empty()) return none;
    for (std::size_t i = home(hash); cells_[i].slot != none && cells_[i].hash <= hash; ++i)
      if (cells_[i].hash == hash && is_it(cells_[i].slot)) return cells_[i].slot;
    return none;
  }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t capacity() const noexcept { return cells_.size(); }
  /// The longest way from a cell's home to it: what the worst search costs.
  [[nodiscard]] std::size_t longest_probe() const noexcept;

 private:
  struct Cell {
    std::uint32_t hash = 0;
    std::uint32_t slot = none;
  };
  static constexpr std::size_t smallest = 64;
  [[nodiscard]] std::size_t home(std::uint32_t hash) const noexcept {
    return static_cast<std::size_t>(std::uint64_t{hash} * homes_ >> 32U);
  }
  void resize(std::size_t capacity);
  void place(Cell cell) noexcept;
  [[nodiscard]] std::size_t where(std::uint32_t hash, std::uint32_t slot) const noexcept;

  std::vector<Cell> cells_;  // the homes, and room behind them for whom the last ones push on; the last is never taken
  std::size_t homes_ = 0;
  std::size_t size_ = 0;
};

}  // namespace peal::inline v0::transaction
