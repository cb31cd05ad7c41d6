#include "slot_table.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace peal::inline v0::transaction {

void SlotTable::place(Cell cell) noexcept {
  std::size_t i = cell.hash & mask();
  while (cells_[i].slot != none) i = (i + 1) & mask();
  cells_[i] = cell;
}

void SlotTable::resize(std::size_t capacity) {
  std::vector<Cell> old = std::exchange(cells_, std::vector<Cell>(capacity));
  for (const Cell& cell : old)
    if (cell.slot != none) place(cell);
}

void SlotTable::reserve_one() {
  if ((size_ + 1) * 4 > cells_.size() * 3) resize(std::max(smallest, cells_.size() * 2));
}

void SlotTable::insert(std::uint32_t hash, std::uint32_t slot) {
  reserve_one();
  place({hash, slot});
  ++size_;
}

std::size_t SlotTable::where(std::uint32_t hash, std::uint32_t slot) const noexcept {
  std::size_t i = hash & mask();
  while (cells_[i].slot != slot) {
    assert(cells_[i].slot != none);
    i = (i + 1) & mask();
  }
  return i;
}

void SlotTable::replace(std::uint32_t hash, std::uint32_t slot, std::uint32_t by) noexcept {
  cells_[where(hash, slot)].slot = by;
}

void SlotTable::erase(std::uint32_t hash, std::uint32_t slot) noexcept {
  std::size_t hole = where(hash, slot);
  // Whoever stands behind the hole and would be found through it moves up.
  for (std::size_t i = (hole + 1) & mask(); cells_[i].slot != none; i = (i + 1) & mask()) {
    const std::size_t from_home = (i - (cells_[i].hash & mask())) & mask();
    const std::size_t from_hole = (i - hole) & mask();
    if (from_home < from_hole) continue;
    cells_[hole] = cells_[i];
    hole = i;
  }
  cells_[hole] = {};
  --size_;
  if (cells_.size() > smallest && size_ * 8 < cells_.size()) resize(std::max(smallest, cells_.size() / 4));
}

std::size_t SlotTable::longest_probe() const noexcept {
  std::size_t longest = 0;
  for (std::size_t i = 0; i < cells_.size(); ++i)
    if (cells_[i].slot != none) longest = std::max(longest, (i - (cells_[i].hash & mask())) & mask());
  return longest;
}

}  // namespace peal::inline v0::transaction
