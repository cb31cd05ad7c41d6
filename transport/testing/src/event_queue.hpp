#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace peal::inline v0::sim {

/// Nanoseconds since the simulator's start, 146 years: where the clock stops, so that no sum of two times overflows.
constexpr std::int64_t end_of_time = std::numeric_limits<std::int64_t>::max() / 2;

enum class EventKind : std::uint8_t {
  datagram,     // arrives at a host; a stream's segments will stand beside it
  unreachable,  // an ICMP error, or a failed send, comes back to it
  wake,         // its nearest timer falls due
  task,         // posted to it, or of the test itself
  name,         // a query of its is answered
  line          // it has time for what waits
};

struct Event {
  std::int64_t time;       // nanoseconds since the simulator's start
  std::uint64_t sequence;  // age: breaks ties
  std::uint32_t host;
  std::uint32_t index;  // into the pool of its kind
  EventKind kind;
};

/// What is to come, nearest first, the oldest first among equals. A 4-ary heap: half the depth of a binary one.
class EventQueue {
 public:
  void push(std::int64_t time, EventKind kind, std::uint32_t host, std::uint32_t index);
  [[nodiscard]] const Event& top() const noexcept { return heap_.front(); }
  void pop();
  [[nodiscard]] bool empty() const noexcept { return heap_.empty(); }

 private:
  std::vector<Event> heap_;
  std::uint64_t sequence_ = 0;
};

/// Slots that are used again: no allocation once warm.
template <class T>
class Pool {
 public:
  std::uint32_t put(T&& value) {
    if (free_.empty()) {
      slots_.push_back(std::move(value));
      return static_cast<std::uint32_t>(slots_.size() - 1);
    }
    const auto index = free_.back();
    free_.pop_back();
    slots_[index] = std::move(value);
    return index;
  }
  T take(std::uint32_t index) {
    T value = std::move(slots_[index]);
    slots_[index] = T{};
    free_.push_back(index);
    return value;
  }
  [[nodiscard]] T& operator[](std::uint32_t index) noexcept { return slots_[index]; }
  [[nodiscard]] std::size_t used() const noexcept { return slots_.size() - free_.size(); }
  /// Every slot, used or not.
  [[nodiscard]] std::vector<T>& slots() noexcept { return slots_; }

 private:
  std::vector<T> slots_;
  std::vector<std::uint32_t> free_;
};

}  // namespace peal::inline v0::sim
