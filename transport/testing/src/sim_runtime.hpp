#pragma once

#include "seeded_random.hpp"

#include <peal/testing/simulator.hpp>
#include <peal/transport/runtime.hpp>
#include <peal/transport/timer_wheel.hpp>

#include <memory>
#include <string_view>
#include <vector>

namespace peal::inline v0::sim {

class SimRuntime;

class NoLog final : public transport::LogSink {
 public:
  [[nodiscard]] bool wants(transport::LogLevel) const noexcept override { return false; }
  void write(transport::LogLevel, std::string_view, std::string_view) override {}
};

/// The virtual clock, and a wheel whose expiries wake the host.
class SimTimers final : public transport::TimerService {
 public:
  explicit SimTimers(SimRuntime& runtime);
  [[nodiscard]] TimePoint now() const override;
  void arm(transport::Timer& timer, Duration after) override;
  void disarm(transport::Timer& timer) noexcept override;
  transport::TimerWheel wheel;

 private:
  SimRuntime& runtime_;
};

/// The network as one host sees it.
class SimNetwork final : public transport::Network {
 public:
  explicit SimNetwork(SimRuntime& runtime) : runtime_(runtime) {}
  Result<std::unique_ptr<transport::DatagramSocket>> open_datagram(const Endpoint& local,
                                                                   transport::DatagramSink& sink) override;
  Result<IpAddress> source_address_for(const Endpoint& peer) override;
  void resolve(transport::HostQuery& query, std::string_view host) override;

 private:
  SimRuntime& runtime_;
};

class SimRuntime final : public transport::Runtime {
 public:
  SimRuntime(Simulator::State& sim, std::uint32_t host, std::uint64_t seed);
  transport::TimerService& timers() override { return timers_; }
  transport::RandomSource& random() override { return random_; }
  transport::LogSink& log() override { return *log_; }
  transport::Network& network() override { return network_; }
  [[nodiscard]] std::chrono::system_clock::time_point wall_time() const override;
  void post(UniqueFunction<void()> task) override;
  [[nodiscard]] std::shared_ptr<const transport::OwnerCheck> owner_check() const override;

  void set_log(transport::LogSink* log) noexcept { log_ = log == nullptr ? &no_log_ : log; }
  SimTimers& sim_timers() noexcept { return timers_; }
  [[nodiscard]] Simulator::State& sim() const noexcept { return sim_; }
  [[nodiscard]] std::uint32_t host() const noexcept { return host_; }

 private:
  Simulator::State& sim_;
  std::uint32_t host_;
  SimTimers timers_;
  SeededRandom random_;
  SimNetwork network_;
  NoLog no_log_;
  transport::LogSink* log_ = &no_log_;
};

}  // namespace peal::inline v0::sim
