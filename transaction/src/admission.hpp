#pragma once

#include <peal/transaction/transaction_layer.hpp>

#include <cstddef>
#include <cstdint>

#include "slot_table.hpp"

namespace peal::inline v0::transaction {

/// Whether a new request may have a server transaction: `Limits` in total and per source. A source is the keyed hash of
/// an address (KeyMaker::source), so nobody can choose addresses that share one.
class Admission {
 public:
  explicit Admission(const Limits& limits) noexcept : limits_(limits) {}

  /// `live`: server machines now. In a dialog an eighth more is admitted: BYE makes room.
  [[nodiscard]] bool admits(std::size_t live, std::uint32_t source, bool in_dialog) const {
    const auto over = [&](std::size_t now, std::size_t limit) { return now >= limit + (in_dialog ? limit / 8 : 0); };
    return !over(live, limits_.transactions) && (!counts() || !over(count_of(source), limits_.transactions_per_source));
  }
  void entered(std::uint32_t source) {
    if (!counts()) return;
    const std::uint32_t now = count_of(source);
    if (now != 0) return counts_.replace(source, now, now + 1);
    counts_.reserve_one();
    counts_.insert(source, 1);
  }
  void left(std::uint32_t source) noexcept {
    if (!counts()) return;
    const std::uint32_t now = count_of(source);
    if (now > 1) return counts_.replace(source, now, now - 1);
    counts_.erase(source, now);
  }
  /// Sources with a live server machine.
  [[nodiscard]] std::size_t sources() const noexcept { return counts_.size(); }

 private:
  [[nodiscard]] bool counts() const noexcept { return limits_.transactions_per_source < limits_.transactions; }
  [[nodiscard]] std::uint32_t count_of(std::uint32_t source) const {
    const std::uint32_t count = counts_.find(source, [](std::uint32_t) { return true; });
    return count == SlotTable::none ? 0 : count;
  }

  Limits limits_;
  SlotTable counts_;  // by source; a cell's slot is the count
};

}  // namespace peal::inline v0::transaction
