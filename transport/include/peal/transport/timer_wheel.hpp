#pragma once

#include <peal/message/export.hpp>
#include <peal/transport/timer_service.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace peal::inline v0::transport {

/// The one timer wheel, under the real clock and the virtual one: seven levels of 64 slots, 10 ms a tick. Arm and
/// disarm are O(1) and allocate nothing. Timers that fall due in one tick fire in the order in which they were armed.
///
/// Whoever drives it calls `set_now` at the begin of a turn and `advance` when `next_expiry` has come.
class PEAL_API TimerWheel : public TimerService {
 public:
  static constexpr Duration tick = std::chrono::milliseconds(10);

  explicit TimerWheel(TimePoint start) noexcept : start_(start), now_(start) {}
  /// Disarms what is armed; legal while `advance` runs.
  ~TimerWheel() override;
  TimerWheel(const TimerWheel&) = delete;
  TimerWheel& operator=(const TimerWheel&) = delete;

  [[nodiscard]] TimePoint now() const override { return now_; }
  /// A negative duration counts as none; one that passes the end of the clock's range, as its end.
  void arm(Timer& timer, Duration after) override;
  void disarm(Timer& timer) noexcept override;

  /// Moves the clock and fires nothing. Never goes back.
  void set_now(TimePoint now) noexcept;
  /// Moves the clock and fires what is due. A callback may arm, disarm and destroy any timer, and destroy the wheel.
  /// Called by a callback, it moves the clock only. A callback's exception passes; the others fire at the next advance.
  void advance(TimePoint now);
  /// No timer fires before that. A lower bound: `advance` may then fire nothing, and the next answer is closer; at most
  /// one such step a level. nullopt: none is armed.
  [[nodiscard]] std::optional<TimePoint> next_expiry() const noexcept;
  /// How many are armed.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  static constexpr unsigned bits = 6;
  static constexpr std::size_t slots = std::size_t{1} << bits;
  static constexpr std::size_t levels = 7;  // 2^42 ticks: longer than the clock's range
  /// The slot that comes next: its level and the tick that it begins with.
  struct Next {
    std::size_t level;
    std::size_t slot;
    std::uint64_t at;
  };
  [[nodiscard]] std::size_t level_of(std::uint64_t at) const noexcept;
  [[nodiscard]] std::optional<Next> next_slot() const noexcept;
  [[nodiscard]] std::uint64_t expiry_tick(Duration after) const noexcept;
  void insert(Timer& timer) noexcept;
  void unlink(Timer& timer) noexcept;
  void cascade(Timer* list) noexcept;
  void put_back() noexcept;
  bool fire(Timer* list);

  TimePoint start_;
  TimePoint now_;
  std::uint64_t current_ = 0;  // the last tick whose timers were taken
  std::size_t size_ = 0;
  Timer* firing_ = nullptr;  // what is left of the tick that fires now
  bool* gone_ = nullptr;     // set when the wheel is destroyed while `advance` runs
  std::array<std::uint64_t, levels> occupied_{};
  std::array<std::array<Timer*, slots>, levels> wheel_{};  // heads of rings: head->previous_ is the tail
};

}  // namespace peal::inline v0::transport
