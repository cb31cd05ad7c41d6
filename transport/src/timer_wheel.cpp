#include <peal/transport/timer_wheel.hpp>

#include <algorithm>
#include <bit>
#include <utility>

namespace peal::inline v0::transport {

Timer::~Timer() {
  if (service_ != nullptr) service_->disarm(*this);
}

TimerWheel::~TimerWheel() {
  if (gone_ != nullptr) *gone_ = true;
  auto drop = [](Timer* list) {
    for (Timer* timer = list; timer != nullptr;) {
      timer->service_ = nullptr;
      timer = timer->next_ == list ? nullptr : timer->next_;
    }
  };
  drop(firing_);
  for (auto& level : wheel_) std::ranges::for_each(level, drop);
}

void TimerWheel::arm(Timer& timer, Duration after) {
  if (timer.service_ != nullptr) timer.service_->disarm(timer);
  timer.tick_ = expiry_tick(after);
  timer.service_ = this;
  ++size_;
  insert(timer);
}

void TimerWheel::disarm(Timer& timer) noexcept {
  if (timer.service_ != this) return;
  unlink(timer);
  timer.service_ = nullptr;
  --size_;
}

void TimerWheel::set_now(TimePoint now) noexcept { now_ = std::max(now_, now); }

void TimerWheel::advance(TimePoint now) {
  set_now(now);
  if (gone_ != nullptr) return;
  const auto target = static_cast<std::uint64_t>((now_ - start_) / tick);
  while (const auto next = next_slot()) {
    if (next->at > target) break;
    current_ = next->at;
    occupied_[next->level] &= ~(std::uint64_t{1} << next->slot);
    Timer* list = std::exchange(wheel_[next->level][next->slot], nullptr);
    if (next->level > 0) {
      cascade(list);
    } else if (!fire(list)) {
      return;
    }
  }
  current_ = std::max(current_, target);
}

std::optional<TimePoint> TimerWheel::next_expiry() const noexcept {
  const auto next = next_slot();
  if (!next) return std::nullopt;
  return start_ + tick * static_cast<Duration::rep>(next->at);
}

/// Rounded up, and never in a tick that `now` has reached: what a callback arms never fires in the same advance.
/// (start_ + result * tick stays within the clock's range but for the last tick of it.)
std::uint64_t TimerWheel::expiry_tick(Duration after) const noexcept {
  const Duration room = TimePoint::max() - tick - now_;
  const Duration since = (now_ - start_) + std::clamp(after, Duration::zero(), std::max(room, Duration::zero()));
  const auto up = static_cast<std::uint64_t>(since / tick) + (since % tick != Duration::zero() ? 1 : 0);
  return std::max(up, static_cast<std::uint64_t>((now_ - start_) / tick) + 1);
}

/// The level is where the highest of the 6-bit groups lies in which the tick differs from the current one. So all
/// timers of a level come before all of the next, and a slot's own index is never behind the current one.
std::size_t TimerWheel::level_of(std::uint64_t at) const noexcept {
  const std::uint64_t differs = (current_ ^ at) | (slots - 1);
  return static_cast<std::size_t>(std::bit_width(differs) - 1) / bits;
}

std::optional<TimerWheel::Next> TimerWheel::next_slot() const noexcept {
  for (std::size_t level = 0; level < levels; ++level) {
    if (occupied_[level] == 0) continue;
    const auto slot = static_cast<std::size_t>(std::countr_zero(occupied_[level]));
    const std::size_t shift = bits * level;
    const std::uint64_t above = current_ >> (shift + bits) << (shift + bits);
    return Next{level, slot, above | (std::uint64_t{slot} << shift)};
  }
  return std::nullopt;
}

void TimerWheel::insert(Timer& timer) noexcept {
  const std::size_t level = level_of(timer.tick_);
  const std::size_t slot = (timer.tick_ >> (bits * level)) & (slots - 1);
  Timer*& head = wheel_[level][slot];
  if (head == nullptr) {
    timer.next_ = timer.previous_ = &timer;
    head = &timer;
    occupied_[level] |= std::uint64_t{1} << slot;
    return;
  }
  timer.next_ = head;
  timer.previous_ = head->previous_;
  head->previous_->next_ = &timer;
  head->previous_ = &timer;
}

void TimerWheel::unlink(Timer& timer) noexcept {
  const bool alone = timer.next_ == &timer;
  timer.previous_->next_ = timer.next_;
  timer.next_->previous_ = timer.previous_;
  if (timer.tick_ <= current_) {  // only in the list that fires now
    if (firing_ == &timer) firing_ = alone ? nullptr : timer.next_;
    return;
  }
  const std::size_t level = level_of(timer.tick_);
  const std::size_t slot = (timer.tick_ >> (bits * level)) & (slots - 1);
  Timer*& head = wheel_[level][slot];
  if (head == &timer) head = alone ? nullptr : timer.next_;
  if (head == nullptr) occupied_[level] &= ~(std::uint64_t{1} << slot);
}

/// Spreads a slot of a higher level over the lower ones, in order.
void TimerWheel::cascade(Timer* list) noexcept {
  for (Timer* timer = list; timer != nullptr;) {
    Timer* next = timer->next_ == list ? nullptr : timer->next_;
    insert(*timer);
    timer = next;
  }
}

/// What a callback's exception left is due at the next advance.
void TimerWheel::put_back() noexcept {
  gone_ = nullptr;
  while (firing_ != nullptr) {
    Timer& timer = *firing_;
    unlink(timer);
    timer.tick_ = current_ + 1;
    insert(timer);
  }
}

/// False when a callback destroyed the wheel.
bool TimerWheel::fire(Timer* list) {
  bool gone = false;
  gone_ = &gone;
  firing_ = list;
  while (firing_ != nullptr) {
    Timer& timer = *firing_;
    unlink(timer);
    timer.service_ = nullptr;
    --size_;
    try {
      timer.callback_(timer);
    } catch (...) {
      if (!gone) put_back();
      throw;
    }
    if (gone) return false;
  }
  gone_ = nullptr;
  return true;
}

}  // namespace peal::inline v0::transport
