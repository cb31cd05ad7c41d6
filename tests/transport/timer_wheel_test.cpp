#include <peal/transport/timer_wheel.hpp>

#include <gtest/gtest.h>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

namespace peal::inline v0::transport {
namespace {

using namespace std::chrono_literals;

const TimePoint wheel_start{1234567ns};

struct Alarm : Timer {
  explicit Alarm(TimerWheel& w) noexcept : Timer(&Alarm::fired), wheel(w) {}
  static void fired(Timer& timer) {
    auto& self = static_cast<Alarm&>(timer);
    ++self.count;
    self.at = self.wheel.now();
    if (self.then) self.then();
  }
  TimerWheel& wheel;
  int count = 0;
  TimePoint at;
  std::function<void()> then;
};

TEST(TimerWheel, FiresOnceNeverEarlyAndAtMostATickLate) {
  TimerWheel wheel(wheel_start);
  Alarm alarm(wheel);
  wheel.arm(alarm, 500ms);
  EXPECT_TRUE(alarm.armed());
  EXPECT_EQ(wheel.size(), 1U);
  wheel.advance(wheel_start + 499ms);
  EXPECT_EQ(alarm.count, 0);
  wheel.advance(wheel_start + 500ms);
  EXPECT_EQ(alarm.count, 1) << "a multiple of the tick is exact";
  EXPECT_FALSE(alarm.armed());
  wheel.advance(wheel_start + 10s);
  EXPECT_EQ(alarm.count, 1);
  EXPECT_EQ(wheel.size(), 0U);
}

TEST(TimerWheel, RoundsUpToTheNextTick) {
  TimerWheel wheel(wheel_start);
  Alarm alarm(wheel);
  wheel.advance(wheel_start + 3ms);
  wheel.arm(alarm, 1ms);
  wheel.advance(wheel_start + 9ms);
  EXPECT_EQ(alarm.count, 0);
  wheel.advance(wheel_start + 10ms);
  EXPECT_EQ(alarm.count, 1);
}

TEST(TimerWheel, ZeroAndNegativeFireAtTheNextTickAndNotInTheSameAdvance) {
  TimerWheel wheel(wheel_start);
  Alarm alarm(wheel);
  alarm.then = [&] { wheel.arm(alarm, -5s); };
  wheel.arm(alarm, 0s);
  wheel.advance(wheel_start + 1s);
  EXPECT_EQ(alarm.count, 1) << "an alarm that arms itself anew must not spin";
  wheel.advance(wheel_start + 1s + 10ms);
  EXPECT_EQ(alarm.count, 2);
}

TEST(TimerWheel, DisarmIsIdempotentAndArmingAnewMoves) {
  TimerWheel wheel(wheel_start);
  Alarm alarm(wheel);
  wheel.disarm(alarm);
  wheel.arm(alarm, 100ms);
  wheel.arm(alarm, 2s);
  EXPECT_EQ(wheel.size(), 1U);
  wheel.advance(wheel_start + 1s);
  EXPECT_EQ(alarm.count, 0);
  wheel.disarm(alarm);
  wheel.disarm(alarm);
  EXPECT_EQ(wheel.size(), 0U);
  EXPECT_FALSE(wheel.next_expiry());
  wheel.advance(wheel_start + 10s);
  EXPECT_EQ(alarm.count, 0);
}

TEST(TimerWheel, SameTickFiresInTheOrderOfArming) {
  TimerWheel wheel(wheel_start);
  std::vector<std::unique_ptr<Alarm>> alarms;
  std::vector<int> order;
  for (int i = 0; i < 100; ++i) {
    auto& alarm = *alarms.emplace_back(std::make_unique<Alarm>(wheel));
    alarm.then = [&order, i] { order.push_back(i); };
    wheel.arm(alarm, 32s);
    if (i % 10 == 0) wheel.arm(alarm, 32s);
  }
  wheel.advance(wheel_start + 33s);
  ASSERT_EQ(order.size(), 100U);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST(TimerWheel, FarFutureAndTheEndOfTheClock) {
  TimerWheel wheel(wheel_start);
  Alarm year(wheel);
  Alarm never(wheel);
  wheel.arm(year, std::chrono::hours(24 * 365));
  wheel.arm(never, Duration::max());
  wheel.advance(wheel_start + std::chrono::hours(24 * 365) - 1ms);
  EXPECT_EQ(year.count, 0);
  wheel.advance(wheel_start + std::chrono::hours(24 * 365));
  EXPECT_EQ(year.count, 1);
  EXPECT_EQ(never.count, 0);
  wheel.arm(year, Duration::max());
  EXPECT_EQ(wheel.size(), 2U);
  wheel.advance(TimePoint::max() - 1s);
  EXPECT_EQ(never.count, 0);
  wheel.advance(TimePoint::max());
  EXPECT_EQ(never.count, 1);
}

TEST(TimerWheel, NextExpiryLeadsToTheTimerInFewSteps) {
  for (const Duration after :
       {Duration(10ms), Duration(500ms), Duration(32s), Duration(3600s), Duration(std::chrono::hours(9000))}) {
    TimerWheel wheel(wheel_start);
    wheel.advance(wheel_start + 777ms);
    Alarm alarm(wheel);
    wheel.arm(alarm, after);
    int steps = 0;
    while (const auto next = wheel.next_expiry()) {
      ASSERT_LE(++steps, 7);
      ASSERT_GT(*next, wheel.now());
      wheel.advance(*next);
    }
    EXPECT_EQ(alarm.count, 1);
    EXPECT_GE(alarm.at, wheel_start + 777ms + after);
    EXPECT_LE(alarm.at, wheel_start + 777ms + after + TimerWheel::tick);
  }
}

TEST(TimerWheel, ACallbackMayDestroyDisarmAndArmOthersOfTheSameTick) {
  TimerWheel wheel(wheel_start);
  auto first = std::make_unique<Alarm>(wheel);
  auto destroyed = std::make_unique<Alarm>(wheel);
  Alarm disarmed(wheel);
  Alarm last(wheel);
  Alarm moved(wheel);
  first->then = [&] {
    destroyed.reset();
    wheel.disarm(disarmed);
    wheel.arm(moved, 50ms);
    first.reset();
  };
  wheel.arm(*first, 20ms);
  wheel.arm(*destroyed, 20ms);
  wheel.arm(disarmed, 20ms);
  wheel.arm(moved, 20ms);
  wheel.arm(last, 20ms);
  wheel.advance(wheel_start + 20ms);
  EXPECT_FALSE(first);
  EXPECT_EQ(disarmed.count, 0);
  EXPECT_EQ(moved.count, 0);
  EXPECT_EQ(last.count, 1);
  wheel.advance(wheel_start + 80ms);
  EXPECT_EQ(moved.count, 1);
  EXPECT_EQ(wheel.size(), 0U);
}

TEST(TimerWheel, ACallbackMayDestroyTheWheel) {
  auto wheel = std::make_unique<TimerWheel>(wheel_start);
  Alarm first(*wheel);
  Alarm same_tick(*wheel);
  Alarm later(*wheel);
  first.then = [&] { wheel.reset(); };
  wheel->arm(first, 20ms);
  wheel->arm(same_tick, 20ms);
  wheel->arm(later, 20s);
  wheel->advance(wheel_start + 20ms);
  EXPECT_FALSE(wheel);
  EXPECT_EQ(same_tick.count, 0);
  EXPECT_FALSE(same_tick.armed());
  EXPECT_FALSE(later.armed());
}

TEST(TimerWheel, ACallbacksExceptionPassesAndTheOthersFireLater) {
  TimerWheel wheel(wheel_start);
  Alarm first(wheel);
  Alarm second(wheel);
  Alarm third(wheel);
  first.then = [] { throw std::runtime_error("the application's"); };
  for (Alarm* alarm : {&first, &second, &third}) wheel.arm(*alarm, 20ms);
  EXPECT_THROW(wheel.advance(wheel_start + 1s), std::runtime_error);
  EXPECT_EQ(wheel.size(), 2U);
  wheel.disarm(third);
  wheel.advance(wheel_start + 1s + 10ms);
  EXPECT_EQ(first.count, 1);
  EXPECT_EQ(second.count, 1);
  EXPECT_EQ(third.count, 0);
  EXPECT_EQ(wheel.size(), 0U);
}

TEST(TimerWheel, SetNowFiresNothingAndNeverGoesBack) {
  TimerWheel wheel(wheel_start);
  Alarm alarm(wheel);
  wheel.arm(alarm, 20ms);
  wheel.set_now(wheel_start + 1s);
  EXPECT_EQ(alarm.count, 0);
  wheel.set_now(wheel_start);
  EXPECT_EQ(wheel.now(), wheel_start + 1s);
  Alarm behind(wheel);
  wheel.arm(behind, 20ms);
  wheel.advance(wheel_start + 1s);
  EXPECT_EQ(alarm.count, 1);
  EXPECT_EQ(behind.count, 0);
  wheel.advance(wheel_start + 1020ms);
  EXPECT_EQ(behind.count, 1);
}

/// A million timers, armed, moved, disarmed and destroyed at random, against an ordered set.
TEST(TimerWheel, AgreesWithAModelOnAMillionTimers) {
  struct Modelled : Timer {
    Modelled() noexcept : Timer([](Timer& t) { static_cast<Modelled&>(t).fired = true; }) {}
    TimePoint due;
    bool fired = false;
  };
  constexpr std::size_t count = 1'000'000;
  std::mt19937_64 random(42);
  TimerWheel wheel(wheel_start);
  std::vector<Modelled> timers(count);
  std::size_t armed = 0;
  std::size_t early = 0;
  std::size_t late = 0;
  const Duration longest[] = {100ms, 4s, 40s, 3600s};
  auto arm = [&](Modelled& timer) {
    const Duration after =
        Duration(static_cast<Duration::rep>(random() % static_cast<std::uint64_t>(longest[random() % 4].count())));
    if (!timer.armed()) ++armed;
    timer.fired = false;
    timer.due = wheel.now() + after;
    wheel.arm(timer, after);
  };
  for (auto& timer : timers) arm(timer);
  ASSERT_EQ(wheel.size(), count);
  TimePoint now = wheel_start;
  for (int round = 0; round < 60; ++round) {
    now += Duration(static_cast<Duration::rep>(random() % 3'000'000'000U)) * (round % 20 == 19 ? 60 : 1);
    wheel.advance(now);
    for (auto& timer : timers) {
      const bool should_be_over = timer.due + TimerWheel::tick <= now;
      if (timer.fired && timer.due > now) ++early;
      if (timer.armed() && should_be_over) ++late;
      if (timer.fired) {
        --armed;
        timer.fired = false;
        timer.due = TimePoint::max() - 1h;
      }
    }
    for (int i = 0; i < 20'000; ++i) {
      auto& timer = timers[random() % count];
      if (random() % 2 == 0) {
        arm(timer);
      } else {
        if (timer.armed()) --armed;
        wheel.disarm(timer);
        timer.due = TimePoint::max() - 1h;
      }
    }
    ASSERT_EQ(wheel.size(), armed);
  }
  EXPECT_EQ(early, 0U);
  EXPECT_EQ(late, 0U);
  EXPECT_GT(armed, 0U);
  timers.clear();
  EXPECT_EQ(wheel.size(), 0U);
  EXPECT_FALSE(wheel.next_expiry());
}

#if defined(__GLIBC__)
// What the C library has given out is the same before and behind. (A sanitizer's own allocator is not asked.)
TEST(TimerWheel, AMillionTimersAllocateNothing) {
  const auto given_out = [] {
    const auto info = mallinfo2();
    return info.uordblks + info.hblkhd;
  };
  struct Silent : Timer {
    Silent() noexcept : Timer([](Timer&) {}) {}
  };
  TimerWheel wheel(wheel_start);
  std::vector<Silent> timers(1'000'000);
  const auto before = given_out();
  for (std::size_t i = 0; i < timers.size(); ++i) wheel.arm(timers[i], (i % 40'000) * 1ms);
  EXPECT_EQ(given_out(), before);
  wheel.advance(wheel_start + 20s);
  EXPECT_NEAR(static_cast<double>(wheel.size()), 500'000, 1000);
  for (auto& timer : timers) wheel.disarm(timer);
  EXPECT_EQ(wheel.size(), 0U);
  EXPECT_EQ(given_out(), before);
}
#endif

}  // namespace
}  // namespace peal::inline v0::transport
