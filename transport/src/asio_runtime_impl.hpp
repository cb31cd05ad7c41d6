#pragma once

#include <peal/transport/asio_runtime.hpp>
#include <peal/transport/timer_wheel.hpp>

#include "asio_core.hpp"
#include "asio_network.hpp"
#include "openssl_random.hpp"

#include <asio/steady_timer.hpp>

#include <cstdint>
#include <memory>

namespace peal::inline v0::transport {

/// The wheel on one steady_timer, which is set anew only when the nearest expiry has become earlier: setting it costs
/// more than a wake-up for nothing.
class AsioTimers final : public TimerWheel {
 public:
  AsioTimers(AsioRuntime& runtime, AsioCore& core, const asio::any_io_executor& executor);

  [[nodiscard]] TimePoint now() const override;
  void arm(Timer& timer, Duration after) override;
  /// Sees to it that the nearest expiry wakes us.
  void schedule();

 private:
  void woken(std::uint64_t wait);
  AsioRuntime& runtime_;
  AsioCore& core_;
  asio::steady_timer timer_;
  TimePoint scheduled_ = TimePoint::max();
  std::uint64_t wait_ = 0;  // names the wait that is under way
};

class AsioRuntime final : public Runtime {
 public:
  AsioRuntime(const asio::any_io_executor& executor, std::optional<AsioCore::Strand> strand,
              const AsioRuntimeOptions& options);
  ~AsioRuntime() override;

  AsioTimers& timers() override { return timers_; }
  RandomSource& random() override { return random_; }
  LogSink& log() override { return log_; }
  Network& network() override { return network_; }
  [[nodiscard]] std::chrono::system_clock::time_point wall_time() const override {
    return std::chrono::system_clock::now();
  }
  void post(UniqueFunction<void()> task) override { core_->post(std::move(task)); }
  [[nodiscard]] std::shared_ptr<const OwnerCheck> owner_check() const override { return core_; }
  [[nodiscard]] std::uint64_t refused_turns() const noexcept override { return core_->refused(); }

 protected:
  void on_turn_begin() override { timers_.set_now(Clock::now()); }
  void on_turn_over() override { timers_.schedule(); }

 private:
  std::shared_ptr<AsioCore> core_;
  LogSink& log_;
  OpensslRandom random_;
  AsioTimers timers_;
  AsioNetwork network_;
};

}  // namespace peal::inline v0::transport
