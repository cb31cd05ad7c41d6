#include <peal/testing/simulator.hpp>

#include "journal.hpp"
#include "sim_state.hpp"

#include <algorithm>
#include <stdexcept>

namespace peal::inline v0::sim {

namespace {

constexpr std::uint64_t most_events_at_one_time = 1'000'000;

std::int64_t nanoseconds(Duration d) { return std::max<std::int64_t>(std::chrono::nanoseconds(d).count(), 0); }

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

// ---- hosts

Host::Host(std::unique_ptr<State> state) : state_(std::move(state)) {}
Host::~Host() = default;
const std::string& Host::name() const noexcept { return state_->name; }
const std::vector<IpAddress>& Host::addresses() const noexcept { return state_->addresses; }
Endpoint Host::endpoint(std::uint16_t port) const {
  return {state_->addresses.empty() ? IpAddress::v4({127, 0, 0, 1}) : state_->addresses.front(), port};
}
transport::Runtime& Host::runtime() noexcept { return state_->runtime; }
Simulator& Host::simulator() const noexcept { return *state_->runtime.sim().face; }
Host* host_of(transport::Runtime& runtime) noexcept {
  auto* simulated = dynamic_cast<SimRuntime*>(&runtime);
  return simulated == nullptr ? nullptr : simulated->sim().hosts[simulated->host()];
}
void Host::set_up(bool up) noexcept { state_->up = up; }
void Host::answer_unreachable(bool yes) noexcept { state_->icmp = yes; }
void Host::fail_send(std::uint64_t nth, std::error_code why) noexcept {
  state_->fail_in = nth;
  state_->fail_why = why;
}
void Host::set_log(transport::LogSink* log) noexcept { state_->runtime.set_log(log); }
std::size_t Host::open_sockets() const noexcept { return state_->sockets.size(); }
std::size_t Host::armed_timers() const noexcept { return state_->runtime.sim_timers().wheel.size(); }

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
  state_->tasks.slots().clear();  // what they captured may own sockets
  for (Host* host : state_->hosts) delete host;
  remove_tap(*journal_);
}

Host& Simulator::host(std::string_view name, std::initializer_list<std::string_view> addresses) {
  for (Host* known : state_->hosts) {
    if (known->name() != name) continue;
    if (addresses.size() != 0) throw std::invalid_argument("peal simulator: host made twice: " + std::string(name));
    return *known;
  }
  std::vector<IpAddress> owned;
  for (const auto text : addresses) {
    const auto address = IpAddress::parse(text);
    if (!address) throw std::invalid_argument("peal simulator: no IP address: " + std::string(text));
    if (state_->addresses.contains(*address) || std::find(owned.begin(), owned.end(), *address) != owned.end())
      throw std::invalid_argument("peal simulator: address used twice: " + std::string(text));
    owned.push_back(*address);
  }
  const auto index = static_cast<std::uint32_t>(state_->hosts.size());
  for (const auto& address : owned) state_->addresses.emplace(address, index);
  if (!owned.empty()) set_name(name, owned);
  auto host = std::make_unique<Host::State>(*state_, index, name, std::move(owned), mixed(state_->seed, name));
  state_->host_states.push_back(host.get());
  state_->hosts.push_back(new Host(std::move(host)));
  return *state_->hosts.back();
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
  const auto end = state_->now + nanoseconds(duration);
  while (state_->step(end)) {
  }
  state_->now = end;
}

bool Simulator::run_until(UniqueFunction<bool()> condition, Duration limit) {
  const Running running(*state_);
  const auto end = state_->now + nanoseconds(limit);
  while (!condition()) {
    if (state_->step(end)) continue;
    state_->now = end;
    return condition();
  }
  return true;
}

bool Simulator::run_until_idle(Duration limit) {
  const Running running(*state_);
  const auto end = state_->now + nanoseconds(limit);
  while (!state_->idle()) {
    if (state_->step(end)) continue;
    state_->now = end;
    return state_->idle();
  }
  return true;
}

bool Simulator::step(Duration limit) {
  const Running running(*state_);
  return state_->step(state_->now + nanoseconds(limit));
}

void Simulator::State::schedule(std::int64_t delay, EventKind kind, std::uint32_t host, std::uint32_t index) {
  if (kind != EventKind::wake) ++pending;
  queue.push(now + delay, kind, host, index);
}

/// One wake event a host counts; those that became too late or too early are passed over when they come.
void Simulator::State::schedule_wakes() {
  for (const auto index : changed) {
    auto& host = *host_states[index];
    host.timers_changed = false;
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
  auto& host = *host_states[event.host];
  const transport::Runtime::Turn turn(host.runtime);
  switch (event.kind) {
    case EventKind::datagram: arrive(host, packets.take(event.index)); break;
    case EventKind::unreachable: {
      const auto about = packets.take(event.index);
      if (auto* socket = socket_at(host, about.from)) socket->sink.on_unreachable(about.to, about.why);
      break;
    }
    case EventKind::task: {
      auto task = tasks.take(event.index);
      task.run();
      break;
    }
    case EventKind::name: answer(event.index); break;
    case EventKind::wake: break;
  }
}

void Simulator::State::wake(Host::State& host) {
  host.wake_at = -1;
  auto& wheel = host.runtime.sim_timers().wheel;
  if (!std::exchange(host.timers_changed, true)) changed.push_back(host.index);
  if (wheel.next_expiry().value_or(TimePoint::max()) > time()) return;  // what it was for has been disarmed
  const transport::Runtime::Turn turn(host.runtime);
  wheel.advance(time());
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
