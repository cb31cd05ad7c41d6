#include "slot_table.hpp"

#include <algorithm>
#include <cassert>
#include <new>
#include <utility>

namespace peal::inline v0::transaction {

// Whoever has a higher hash makes room and goes on.
void SlotTable::place(Cell cell) noexcept {
  std::size_t i = home(cell.hash);
  for (; cells_[i].slot != none; ++i)
    if (cells_[i].hash > cell.hash) std::swap(cell, cells_[i]);
  cells_[i] = cell;
}

void SlotTable::resize(std::size_t homes) {
  std::vector<Cell> cells(homes + homes / 64 + 32);
  std::size_t next = 0;
  for (const Cell& cell : cells_) {
    if (cell.slot == none) continue;
    // In order: each stands at its home or behind the one before.
    next = std::max(next, static_cast<std::size_t>(std::uint64_t{cell.hash} * homes >> 32U));
    if (next + 2 >= cells.size()) return resize(homes * 2);  // too many want the last places
    cells[next++] = cell;
  }
  cells_.swap(cells);
  homes_ = homes;
}

void SlotTable::reserve_one() {
  const bool room_behind = homes_ != 0 && cells_[cells_.size() - 2].slot == none;
  if (room_behind && (size_ + 1) * 5 <= homes_ * 4) return;
  resize(homes_ < 1024 ? std::max(smallest, homes_ * 2) : homes_ + homes_ / 4);
}

void SlotTable::insert(std::uint32_t hash, std::uint32_t slot) {
  reserve_one();
  place({hash, slot});
  ++size_;
}

std::size_t SlotTable::where(std::uint32_t hash, std::uint32_t slot) const noexcept {
  std::size_t i = home(hash);
  while (cells_[i].slot != slot || cells_[i].hash != hash) {
    assert(cells_[i].slot != none);
    ++i;
  }
  return i;
}

void SlotTable::replace(std::uint32_t hash, std::uint32_t slot, std::uint32_t by) noexcept {
  cells_[where(hash, slot)].slot = by;
}

void SlotTable::erase(std::uint32_t hash, std::uint32_t slot) noexcept {
  std::size_t hole = where(hash, slot);
  // Whoever stands behind the hole and not at its home moves up.
  for (; cells_[hole + 1].slot != none && home(cells_[hole + 1].hash) <= hole; ++hole) cells_[hole] = cells_[hole + 1];
  cells_[hole] = {};
  --size_;
  if (homes_ <= smallest || size_ * 2 >= homes_) return;
  try {
    resize(std::max(smallest, homes_ * 3 / 4));
  } catch (const std::bad_alloc&) {  // then it stays as large as it is
  }
}

std::size_t SlotTable::longest_probe() const noexcept {
  std::size_t longest = 0;
  for (std::size_t i = 0; i < cells_.size(); ++i)
    if (cells_[i].slot != none) longest = std::max(longest, i - home(cells_[i].hash));
  return longest;
}

}  // namespace peal::inline v0::transaction
