#pragma once

#include <peal/message/export.hpp>

#include <chrono>
#include <cstdint>

namespace peal::inline v0::transport {

using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;
using Duration = Clock::duration;

class TimerService;

/// A one-shot timer embedded in its owner: no allocation, about 48 bytes. Destroying it disarms it.
/// Not copyable, not movable. Fires on the runtime's thread, within a turn; the callback may destroy the timer.
class PEAL_API Timer {
 public:
  using Callback = void (*)(Timer&);
  explicit Timer(Callback callback) noexcept : callback_(callback) {}
  ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  [[nodiscard]] bool armed() const noexcept { return service_ != nullptr; }

 private:
  friend class TimerService;
  friend class TimerWheel;
  Timer* next_ = nullptr;
  Timer* previous_ = nullptr;
  std::uint64_t tick_ = 0;
  Callback callback_;
  TimerService* service_ = nullptr;
};

/// A timer that calls a member function of its owner: `OwnedTimer<Session, &Session::on_timer_b> timer_{*this};`
template <class Owner, void (Owner::*on_fire)()>
class OwnedTimer : public Timer {
 public:
  explicit OwnedTimer(Owner& owner) noexcept
      : Timer([](Timer& t) { (static_cast<OwnedTimer&>(t).owner_.*on_fire)(); }), owner_(owner) {}

 private:
  Owner& owner_;
};

/// Time as the stack sees it: read once a turn, and the timers on it. Owner's thread only.
class PEAL_API TimerService {
 public:
  virtual ~TimerService() = default;
  /// The same value throughout a turn.
  [[nodiscard]] virtual TimePoint now() const = 0;
  /// Arms, or arms anew, to fire once, never before `after` has passed, at most one tick (10 ms) later.
  virtual void arm(Timer& timer, Duration after) = 0;
  /// Idempotent; O(1).
  virtual void disarm(Timer& timer) noexcept = 0;
};

}  // namespace peal::inline v0::transport
