#pragma once

#include "event_queue.hpp"

#include <peal/testing/simulator.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>

namespace peal::inline v0::sim {

/// A host's time: until when it is busy, and what waits for it, the oldest first.
struct Cpu {
  struct Waiting {
    EventKind kind;
    std::uint32_t index;   // into the pool of its kind
    std::uint64_t socket;  // a datagram's: the serial number of the socket in whose queue it is
  };
  explicit Cpu(const CpuOptions& wanted) : options(wanted) {}
  void charge(Duration time, std::int64_t now) noexcept {
    const auto begin = std::max(busy_until, now);
    busy_until = begin + std::clamp<std::int64_t>(std::chrono::nanoseconds(time).count(), 0, end_of_time - begin);
  }
  [[nodiscard]] bool free_at(std::int64_t now) const noexcept { return line.empty() && busy_until <= now; }

  CpuOptions options;
  std::int64_t busy_until = 0;  // nanoseconds since the simulator's start
  std::deque<Waiting> line;
  bool wake_waits = false;  // timers are in the line already
};

}  // namespace peal::inline v0::sim
