#pragma once

#include "event_queue.hpp"
#include "seeded_random.hpp"
#include "sim_runtime.hpp"
#include "wire_log.hpp"

#include <peal/testing/simulator.hpp>

#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

namespace peal::inline v0::sim {

constexpr std::uint32_t no_host = 0xffffffff;  ///< a task of the test itself
/// Not TimePoint{}: that may mean "never" to somebody.
constexpr TimePoint start_time = TimePoint{} + std::chrono::hours(1);

struct EndpointHash {
  std::size_t operator()(const Endpoint& e) const noexcept {
    std::uint64_t hash = e.port;
    for (const auto byte : e.address.bytes()) hash = (hash ^ byte) * 0x100000001b3U;
    return static_cast<std::size_t>(mixed(hash));
  }
};
struct AddressHash {
  std::size_t operator()(const IpAddress& a) const noexcept { return EndpointHash{}({a, 0}); }
};

/// The thread that runs the events; until then the one that made the simulator.
class Owner final : public transport::OwnerCheck {
 public:
  void set() noexcept { thread_.store(std::this_thread::get_id(), std::memory_order_relaxed); }
  [[nodiscard]] bool on_owner_thread() const noexcept override {
    return thread_.load(std::memory_order_relaxed) == std::this_thread::get_id();
  }

 private:
  std::atomic<std::thread::id> thread_{std::this_thread::get_id()};
};

class SimSocket;

struct Host::State {
  State(Simulator::State& sim, std::uint32_t place, std::string_view title, std::vector<IpAddress> owned,
        std::uint64_t seed)
      : name(title), addresses(std::move(owned)), index(place), runtime(sim, place, seed) {}
  std::string name;
  std::vector<IpAddress> addresses;
  std::uint32_t index;
  std::unordered_map<Endpoint, SimSocket*, EndpointHash> sockets;
  std::uint16_t next_port = 49152;
  std::uint32_t island = 0;
  std::uint64_t fail_in = 0;
  std::error_code fail_why;
  std::int64_t wake_at = -1;  // the wake event that counts, -1: none
  bool up = true;
  bool icmp = true;
  bool timers_changed = false;
  SimRuntime runtime;
};

struct Link {
  LinkOptions options;
  bool own_options = false;
  Generator random{0};
  std::int64_t last_arrival = 0;
};

/// A datagram under way; for an ICMP message what it is about.
struct Packet {
  transport::SharedBytes bytes;
  Endpoint from;
  Endpoint to;
  std::error_code why;
};

struct Task {
  UniqueFunction<void()> run;
};

struct Query {
  transport::HostQuery* query = nullptr;  // nullptr: cancelled
  std::string name;
};

struct Name {
  std::vector<IpAddress> addresses;
  std::error_code why;
  Duration delay;
};

struct Simulator::State final : transport::HostQuery::Canceller {
  explicit State(std::uint64_t seed_value) : seed(seed_value), log(start_time) {}

  // ---- time
  [[nodiscard]] TimePoint time() const noexcept { return start_time + std::chrono::nanoseconds(now); }
  [[nodiscard]] std::chrono::system_clock::time_point wall_time() const;
  bool step(std::int64_t until);  // false: nothing before that
  void run(const Event& event);
  void wake(Host::State& host);
  void schedule(std::int64_t delay, EventKind kind, std::uint32_t host, std::uint32_t index);
  void schedule_wakes();
  void take_foreign_posts();
  [[nodiscard]] bool idle();
  void guard_progress();

  // ---- datagrams
  void transmit(Host::State& from, const transport::SharedBytes& bytes, const Endpoint& source, const Endpoint& to);
  void enter_link(Host::State& from, Host::State& to, Packet packet);
  void fly(Link& link, const LinkOptions& options, std::uint32_t to, Packet packet, EventKind kind);
  void arrive(Host::State& host, const Packet& packet);
  void tell_sender(Host::State& host, const Packet& about);
  void report(Fate fate, std::string_view bytes, const Endpoint& from, const Endpoint& to);
  [[nodiscard]] SimSocket* socket_at(Host::State& host, const Endpoint& local) const;
  [[nodiscard]] Host::State* host_of(Host::State& from, const IpAddress& address) const;
  [[nodiscard]] bool cut(const Host::State& from, const Host::State& to, const LinkOptions& link) const noexcept;
  Link& link_between(std::uint32_t from, std::uint32_t to);
  [[nodiscard]] const LinkOptions& options_of(const Link& link, std::uint32_t from, std::uint32_t to) const noexcept;

  // ---- names
  void answer(std::uint32_t index);
  void cancel(transport::HostQuery& query) noexcept override;

  Simulator* face = nullptr;
  std::uint64_t seed;
  std::int64_t now = 0;
  std::uint64_t events = 0;
  std::uint64_t events_at_this_time = 0;
  bool running = false;
  EventQueue queue;
  std::size_t pending = 0;  // events in the queue that are no wakes
  std::size_t in_flight = 0;
  std::vector<Host*> hosts;
  std::vector<Host::State*> host_states;
  std::vector<std::uint32_t> changed;  // hosts whose timers changed
  std::unordered_map<IpAddress, std::uint32_t, AddressHash> addresses;
  std::unordered_map<std::uint64_t, Link> links;
  LinkOptions default_link;
  LinkOptions loopback;
  std::uint32_t islands = 0;
  std::map<std::string, Name, std::less<>> names;
  Pool<Packet> packets;
  Pool<Task> tasks;
  Pool<Query> queries;
  UniqueFunction<bool(const WireEvent&)> filter;
  UniqueFunction<void(const WireEvent&)> observer;
  std::vector<transport::Tap*> taps;
  WireLog log;
  std::vector<char> slot;  // what a sink receives in
  std::shared_ptr<Owner> owner = std::make_shared<Owner>();
  std::mutex foreign_mutex;
  std::vector<std::pair<std::uint32_t, UniqueFunction<void()>>> foreign;
  std::atomic<bool> has_foreign{false};
};

/// A bound socket. Knows its host by pointer: the simulator outlives it.
class SimSocket final : public transport::DatagramSocket {
 public:
  SimSocket(Simulator::State& sim, Host::State& host, const Endpoint& local, transport::DatagramSink& hearer)
      : sink(hearer), sim_(sim), host_(host), local_(local) {}
  ~SimSocket() override { host_.sockets.erase(local_); }
  SimSocket(const SimSocket&) = delete;
  SimSocket& operator=(const SimSocket&) = delete;
  [[nodiscard]] const Endpoint& local() const noexcept override { return local_; }
  void send(const transport::SharedBytes& bytes, const Endpoint& to) override;
  transport::DatagramSink& sink;

 private:
  Simulator::State& sim_;
  Host::State& host_;
  Endpoint local_;
};

std::string lowered(std::string_view name);

}  // namespace peal::inline v0::sim
