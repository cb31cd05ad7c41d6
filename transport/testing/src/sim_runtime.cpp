#include "sim_runtime.hpp"

#include "sim_state.hpp"

namespace peal::inline v0::sim {

SimTimers::SimTimers(SimRuntime& runtime) : wheel(start_time), runtime_(runtime) {}

TimePoint SimTimers::now() const { return runtime_.sim().time(); }

void SimTimers::arm(transport::Timer& timer, Duration after) {
  wheel.set_now(now());
  wheel.arm(timer, after);
  auto& sim = runtime_.sim();
  auto& host = *sim.host_states[runtime_.host()];
  if (!std::exchange(host.timers_changed, true)) sim.changed.push_back(host.index);
}

void SimTimers::disarm(transport::Timer& timer) noexcept { wheel.disarm(timer); }

SimRuntime::SimRuntime(Simulator::State& sim, std::uint32_t host, std::uint64_t seed)
    : sim_(sim), host_(host), timers_(*this), random_(seed), network_(*this) {}

std::chrono::system_clock::time_point Simulator::State::wall_time() const {
  constexpr std::chrono::sys_days epoch = std::chrono::year(2026) / std::chrono::January / 1;
  return epoch + std::chrono::duration_cast<std::chrono::system_clock::duration>(std::chrono::nanoseconds(now));
}

std::chrono::system_clock::time_point SimRuntime::wall_time() const { return sim_.wall_time(); }

void SimRuntime::post(UniqueFunction<void()> task) {
  if (sim_.owner->on_owner_thread()) {
    sim_.schedule(0, EventKind::task, host_, sim_.tasks.put({std::move(task)}));
    return;
  }
  const std::lock_guard lock(sim_.foreign_mutex);
  sim_.foreign.emplace_back(host_, std::move(task));
  sim_.has_foreign.store(true, std::memory_order_release);
}

std::shared_ptr<const transport::OwnerCheck> SimRuntime::owner_check() const { return sim_.owner; }

}  // namespace peal::inline v0::sim
