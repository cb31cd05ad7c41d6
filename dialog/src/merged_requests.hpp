#pragma once

#include <peal/transport/timer_service.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <unordered_set>

namespace peal::inline v0::dialog {

/// Requests outside a dialog seen in the last 64*T1, by a keyed hash of From tag, Call-ID and CSeq (RFC 3261 §8.2.2.2).
class MergedRequests {
 public:
  static constexpr std::size_t limit = 100'000;  ///< past it the oldest go

  /// False: one like it came before, along another path.
  bool add(std::uint64_t key, transport::TimePoint now, transport::Duration memory) {
    while (!by_age_.empty() && (by_age_.front().until <= now || by_age_.size() >= limit)) {
      keys_.erase(by_age_.front().key);
      by_age_.pop_front();
    }
    if (!keys_.insert(key).second) return false;
    by_age_.push_back({key, now + memory});
    return true;
  }
  [[nodiscard]] std::size_t size() const noexcept { return keys_.size(); }

 private:
  struct Entry {
    std::uint64_t key;
    transport::TimePoint until;
  };
  std::unordered_set<std::uint64_t> keys_;
  std::deque<Entry> by_age_;
};

}  // namespace peal::inline v0::dialog
