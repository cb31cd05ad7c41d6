#include "event_queue.hpp"

#include <peal/testing/simulator.hpp>

#include <gtest/gtest.h>

#include <chrono>

// The one FIFO of a UserAgent: how much of it a turn delivers, and how long what waits has waited.

namespace {

using namespace std::chrono_literals;

/// A simulated host whose calendar a handler may move.
class MovingCalendar final : public peal::transport::Runtime {
 public:
  explicit MovingCalendar(peal::transport::Runtime& host) : host_(host) {}
  peal::transport::TimerService& timers() override { return host_.timers(); }
  peal::transport::RandomSource& random() override { return host_.random(); }
  peal::transport::LogSink& log() override { return host_.log(); }
  peal::transport::Network& network() override { return host_.network(); }
  [[nodiscard]] std::chrono::system_clock::time_point wall_time() const override { return wall; }
  void post(peal::UniqueFunction<void()>) override { ++posted; }
  [[nodiscard]] std::shared_ptr<const peal::transport::OwnerCheck> owner_check() const override {
    return host_.owner_check();
  }
  std::chrono::system_clock::time_point wall{};
  int posted = 0;

 private:
  peal::transport::Runtime& host_;
};

class EventQueueTest : public ::testing::Test, public peal::detail::EventSink {
 protected:
  bool deliver(peal::detail::QueuedEvent) override {
    ++delivered;
    runtime.wall += a_handler_takes;
    return true;
  }
  void push(int events) {
    for (int i = 0; i < events; ++i) queue.push({peal::detail::QueuedEvent::Kind::completion, 0, 0, {}});
  }
  void turn() { const peal::transport::Runtime::Turn turn(runtime); }
  peal::sim::Simulator sim;
  MovingCalendar runtime{sim.host("a", {"192.0.2.1"}).runtime()};
  peal::detail::EventQueue queue{runtime, *this};
  int delivered = 0;
  std::chrono::milliseconds a_handler_takes{};
};

TEST_F(EventQueueTest, SlowHandlersLeaveTheTurnAfter5Milliseconds) {
  a_handler_takes = 2ms;
  push(10);
  turn();
  EXPECT_EQ(delivered, 3);       // 6 ms
  EXPECT_EQ(runtime.posted, 2);  // the first event outside a turn, and what is left
  turn();
  EXPECT_EQ(delivered, 6);
  a_handler_takes = 1s;
  turn();
  EXPECT_EQ(delivered, 7);
}

TEST_F(EventQueueTest, QuickOnesAfter1024) {
  push(1500);
  turn();
  EXPECT_EQ(delivered, 1024);
  turn();
  EXPECT_EQ(delivered, 1500);
}

TEST_F(EventQueueTest, TellsHowLongTheOldestHasWaited) {
  EXPECT_EQ(queue.wait(), 0ms);
  push(1);
  sim.run_for(300ms);
  push(1);
  sim.run_for(200ms);
  EXPECT_EQ(queue.wait(), 500ms);
  turn();
  EXPECT_EQ(queue.wait(), 0ms);
}

}  // namespace
