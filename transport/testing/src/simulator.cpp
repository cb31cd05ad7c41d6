#include <peal/testing/simulator.hpp>

#include "journal.hpp"
#include "sim_state.hpp"

#include <algorithm>
#include <stdexcept>

namespace peal::inline v0::sim {

namespace {

constexpr std::uint64_t most_events_at_one_time = 1'000'000;

std::int64_t nanoseconds(Duration d) {
  return std::clamp<std::int64_t>(std::chrono::nanoseconds(d).count(), 0, end_of_time);
}

/// Marks that events run, and on which thread.
class Running {
 public:
  explicit Running(Simulator::State& state) : state_(state) {
    if (std::exchange(state.running, true)) throw std::logic_error("peal simulator: run from inside an event");
    state.owner->set();
  }
  ~Running() { state_.running = false; }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

 private:
  Simulator::State& state_;
};

}  // namespace

// ---- the world

Simulator::Simulator(std::uint64_t seed)
    : state_(std::make_unique<State>(seed)), journal_(std::make_unique<Journal>(*this)) {
  state_->face = this;
  state_->loopback.latency = std::chrono::microseconds(10);
  add_tap(*journal_);
  const auto* framework = test_framework();
  keep_messages(framework != nullptr);
  journal_->failed_before = framework != nullptr && framework->failed();
}

Simulator::~Simulator() {
  tell_of_failure();
  for (auto& open : state_->queries.slots()) {
    if (open.query != nullptr) open.query->canceller = nullptr;
  }
  state_->take_foreign_posts();
  for (bool any = true; any;) {  // again for what took a place that was passed
    any = false;
    for (std::size_t i = 0; i < state_->tasks.slots().size(); ++i) {
      const auto task = std::move(state_->tasks.slots()[i]);  // what it captured may own sockets, and post
      any = any || task.run;
    }
  }
  for (Host* host : state_->hosts) delete host;
  for (Nat* nat : state_->nats) delete nat;
  remove_tap(*journal_);
}

void Simulator::set_default_link(const LinkOptions& options) { state_->default_link = options; }

void Simulator::set_link(const Host& from, const Host& to, const LinkOptions& options) {
  auto& link = state_->link_between(from.state_->index, to.state_->index);
  link.options = options;
  link.own_options = true;
}

void Simulator::set_links(const Host& a, const Host& b, const LinkOptions& options) {
  set_link(a, b, options);
  set_link(b, a, options);
}

LinkOptions Simulator::link(const Host& from, const Host& to) const {
  const auto a = from.state_->index;
  const auto b = to.state_->index;
  return state_->options_of(state_->link_between(a, b), a, b);
}

void Simulator::partition(std::initializer_list<const Host*> island) {
  ++state_->islands;
  for (const Host* host : island) host->state_->island = state_->islands;
}

void Simulator::heal() {
  for (auto* host : state_->host_states) host->island = 0;
}

void Simulator::set_name(std::string_view host, std::vector<IpAddress> addresses, Duration delay) {
  state_->names[lowered(host)] = {std::move(addresses), {}, delay};
}

void Simulator::fail_name(std::string_view host, std::error_code why, Duration delay) {
  state_->names[lowered(host)] = {{}, why, delay};
}

void Simulator::drop_if(UniqueFunction<bool(const WireEvent&)> filter) { state_->filter = std::move(filter); }
void Simulator::observe(UniqueFunction<void(const WireEvent&)> observer) { state_->observer = std::move(observer); }
void Simulator::add_tap(transport::Tap& tap) { state_->taps.push_back(&tap); }
void Simulator::remove_tap(transport::Tap& tap) noexcept { std::erase(state_->taps, &tap); }

// ---- time

TimePoint Simulator::now() const noexcept { return state_->time(); }
Duration Simulator::elapsed() const noexcept { return std::chrono::nanoseconds(state_->now); }

void Simulator::after(Duration delay, UniqueFunction<void()> task) {
  state_->schedule(nanoseconds(delay), EventKind::task, no_host, state_->tasks.put({std::move(task)}));
}

void Simulator::run_for(Duration duration) {
  const Running running(*state_);
  const auto end = state_->time_after(duration);
  while (state_->step(end)) {
  }
  state_->now = end;
}

bool Simulator::run_until(UniqueFunction<bool()> condition, Duration limit) {
  const Running running(*state_);
  const auto end = state_->time_after(limit);
  while (!condition()) {
    if (state_->step(end)) continue;
    state_->now = end;
    return condition();
  }
  return true;
}

bool Simulator::run_until_idle(Duration limit) {
  const Running running(*state_);
  const auto end = state_->time_after(limit);
  while (!state_->idle()) {
    if (state_->step(end)) continue;
    state_->now = end;
    return state_->idle();
  }
  return true;
}

bool Simulator::step(Duration limit) {
  const Running running(*state_);
  return state_->step(state_->time_after(limit));
}

std::int64_t Simulator::State::time_after(Duration duration) const noexcept {
  return std::min(now + nanoseconds(duration), end_of_time);
}

void Simulator::State::schedule(std::int64_t delay, EventKind kind, std::uint32_t host, std::uint32_t index) {
  if (kind != EventKind::wake) ++pending;
  queue.push(now + std::max<std::int64_t>(delay, 0), kind, host, index);
}

/// One wake event a host counts; those that became too late or too early are passed over when they come.
void Simulator::State::schedule_wakes() {
  for (const auto index : changed) {
    auto& host = *host_states[index];
    host.timers_changed = false;
    if (host.cpu != nullptr && host.cpu->wake_waits) continue;  // they are looked at when it is their turn
    const auto next = host.runtime.sim_timers().wheel.next_expiry();
    if (!next) continue;
    const auto at = std::max(std::chrono::nanoseconds(*next - start_time).count(), now);
    if (host.wake_at >= 0 && host.wake_at <= at) continue;
    host.wake_at = at;
    schedule(at - now, EventKind::wake, index, 0);
  }
  changed.clear();
}

void Simulator::State::take_foreign_posts() {
  if (!has_foreign.load(std::memory_order_acquire)) return;
  const std::lock_guard lock(foreign_mutex);
  for (auto& [host, task] : foreign) schedule(0, EventKind::task, host, tasks.put({std::move(task)}));
  foreign.clear();
  has_foreign.store(false, std::memory_order_relaxed);
}

bool Simulator::State::idle() {
  take_foreign_posts();
  if (pending != 0) return false;
  return std::all_of(host_states.begin(), host_states.end(),
                     [](Host::State* host) { return host->runtime.sim_timers().wheel.size() == 0; });
}

void Simulator::State::guard_progress() {
  if (++events_at_this_time > most_events_at_one_time)
    throw std::runtime_error("peal simulator: a million events and the clock does not move");
}

bool Simulator::State::step(std::int64_t until) {
  take_foreign_posts();
  for (;;) {
    schedule_wakes();
    if (queue.empty() || queue.top().time > until) return false;
    const Event event = queue.top();
    queue.pop();
    if (event.kind == EventKind::wake && host_states[event.host]->wake_at != event.time) continue;
    if (event.time != now) events_at_this_time = 0;
    now = event.time;
    guard_progress();
    run(event);
    return true;
  }
}

void Simulator::State::run(const Event& event) {
  ++events;
  if (event.kind == EventKind::wake) return wake(*host_states[event.host]);
  --pending;
  if (event.host == no_host) {
    auto task = tasks.take(event.index);
    task.run();
    return;
  }
  if (event.kind == EventKind::datagram) return arrive(event.host, event.index);
  if (event.kind == EventKind::line) return next_in_line(*host_states[event.host]);
  auto place = event.host;
  if (event.kind == EventKind::unreachable && packets[event.index].over_nat) {
    const auto back = icmp_back(packets[event.index]);
    if (!back) return static_cast<void>(packets.take(event.index));
    place = *back;
  }
  auto& host = *host_states[place];
  if (host.cpu != nullptr && must_wait(host, event.kind, event.index)) return;
  run_at(host, event.kind, event.index);
}

/// What is no datagram. Those are `deliver`ed.
void Simulator::State::run_at(Host::State& host, EventKind kind, std::uint32_t index) {
  if (kind == EventKind::wake) return fire_timers(host);
  const transport::Runtime::Turn turn(host.runtime);
  if (kind == EventKind::unreachable) return hear_unreachable(host, packets.take(index));
  if (kind == EventKind::name) return answer(index);
  auto task = tasks.take(index);
  task.run();
}

void Simulator::State::wake(Host::State& host) {
  host.wake_at = -1;
  if (!std::exchange(host.timers_changed, true)) changed.push_back(host.index);
  const auto next = host.runtime.sim_timers().wheel.next_expiry();
  if (next.value_or(TimePoint::max()) > time()) return;  // what it was for has been disarmed
  if (host.cpu != nullptr && must_wait(host, EventKind::wake, 0)) return;
  fire_timers(host);
}

void Simulator::State::fire_timers(Host::State& host) {
  if (!std::exchange(host.timers_changed, true)) changed.push_back(host.index);
  const transport::Runtime::Turn turn(host.runtime);
  host.runtime.sim_timers().wheel.advance(time());
}

// ---- what happened

std::uint64_t Simulator::count(Fate fate) const noexcept { return state_->log.count(fate); }
std::uint64_t Simulator::events() const noexcept { return state_->events; }
std::size_t Simulator::in_flight() const noexcept { return state_->in_flight; }
std::uint64_t Simulator::trace_hash() const noexcept { return state_->log.hash(); }
void Simulator::record_trace(bool on) { state_->log.record(on); }
const std::string& Simulator::trace() const noexcept { return state_->log.text(); }
std::uint64_t Simulator::seed() const noexcept { return state_->seed; }

}  // namespace peal::inline v0::sim
