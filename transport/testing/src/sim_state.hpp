#pragma once

#include "event_queue.hpp"
#include "nat_table.hpp"
#include "seeded_random.hpp"
#include "sim_cpu.hpp"
#include "sim_link.hpp"
#include "sim_runtime.hpp"
#include "wire_log.hpp"

#include <peal/testing/simulator.hpp>

#include <array>
#include <atomic>
#include <deque>
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

/// A place in the network is a host's index, or a NAT's with this bit.
constexpr std::uint32_t nat_bit = 0x80000000;
constexpr bool is_nat(std::uint32_t place) noexcept { return (place & nat_bit) != 0; }
constexpr std::uint32_t public_realm = 0;

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
  std::uint32_t realm = public_realm;
  std::vector<IpAddress> down;  // addresses that are
  std::unordered_map<Endpoint, SimSocket*, EndpointHash> sockets;
  std::uint16_t next_port = 49152;
  std::uint32_t island = 0;
  std::uint64_t fail_in = 0;
  std::error_code fail_why;
  std::int64_t wake_at = -1;  // the wake event that counts, -1: none
  bool up = true;
  bool icmp = true;
  bool timers_changed = false;
  std::unique_ptr<Cpu> cpu;  // nullptr: never busy
  SimRuntime runtime;
};

struct Nat::State {
  State(Simulator::State& world, std::string_view title, NatTable mappings, std::uint32_t behind, std::uint32_t before)
      : sim(world), name(title), table(std::move(mappings)), inside(behind), outside(before) {}
  Simulator::State& sim;
  std::string name;
  NatTable table;
  std::uint32_t inside;   // the realm behind it
  std::uint32_t outside;  // the realm that it stands in
  bool up = true;
};

/// Where addresses mean something: the public network, or what is behind one NAT.
struct Realm {
  std::unordered_map<IpAddress, std::uint32_t, AddressHash> places;
  Nat::State* gateway = nullptr;  // nullptr: the public one
};

/// A datagram under way; for an ICMP message what it is about.
struct Packet {
  transport::SharedBytes bytes;
  Endpoint from;
  Endpoint to;
  std::error_code why;
  std::uint32_t realm = public_realm;  // in which it travels, and its addresses are meant
  std::uint32_t origin = no_host;      // who sent it
  bool over_nat = false;               // its way from there to its host is looked for when it arrives
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
  [[nodiscard]] std::int64_t time_after(Duration duration) const noexcept;
  bool step(std::int64_t until);  // false: nothing before that
  void run(const Event& event);
  void run_at(Host::State& host, EventKind kind, std::uint32_t index);
  void wake(Host::State& host);
  void fire_timers(Host::State& host);
  void schedule(std::int64_t delay, EventKind kind, std::uint32_t host, std::uint32_t index);
  void schedule_wakes();
  void take_foreign_posts();
  [[nodiscard]] bool idle();
  void guard_progress();

  // ---- datagrams
  void transmit(Host::State& from, const transport::SharedBytes& bytes, const Endpoint& source, const Endpoint& to);
  void enter_link(Host::State& from, std::uint32_t to, Packet packet, const Endpoint& source);
  void fly(Link& link, const LinkOptions& options, std::int64_t leaves, std::uint32_t to, Packet packet,
           EventKind kind);
  void arrive(std::uint32_t place, std::uint32_t index);
  void deliver(Host::State& host, SimSocket& socket, const Packet& packet);
  void drop(std::uint32_t index, Fate fate);
  void refuse(const Host::State& host, const Endpoint& local, const Endpoint& to, std::error_code why);
  void tell_sender(Host::State& host, const Packet& about);
  void hear_unreachable(Host::State& host, const Packet& about);
  void report(Fate fate, std::string_view bytes, const Endpoint& from, const Endpoint& to);
  [[nodiscard]] SimSocket* socket_at(Host::State& host, const Endpoint& local) const;
  [[nodiscard]] SimSocket* socket_of(Host::State& host, std::uint64_t serial) const;
  [[nodiscard]] bool cut(const Host::State& from, std::uint32_t to, const LinkOptions& link) const noexcept;
  Link& link_between(std::uint32_t from, std::uint32_t to);
  [[nodiscard]] const LinkOptions& options_of(const Link& link, std::uint32_t from, std::uint32_t to) const noexcept;
  [[nodiscard]] const std::string& name_of_place(std::uint32_t place) const;
  /// Who has that address, in whatever realm: "alice or dave" when several have it. Empty: nobody.
  [[nodiscard]] std::string name_at(const IpAddress& address) const;

  // ---- the world (sim_world.cpp)
  Host& make_host(std::string_view name, const std::vector<IpAddress>& owned, std::uint32_t realm);
  Nat& make_nat(std::string_view name, const std::vector<IpAddress>& outside, const NatOptions& options,
                std::uint32_t realm);
  void claim(const std::vector<IpAddress>& owned, std::uint32_t realm, std::uint32_t place);

  // ---- NATs (sim_nat.cpp)
  [[nodiscard]] std::optional<std::uint32_t> place_of(std::uint32_t realm, const IpAddress& address) const;
  void transmit_over_nats(Host::State& from, Packet packet);
  [[nodiscard]] std::uint32_t likely_place(std::uint32_t place, Endpoint to) const;
  [[nodiscard]] std::vector<Nat::State*> nats_between(std::uint32_t outer, std::uint32_t inner) const;
  std::optional<std::uint32_t> pass_nats(Packet& packet, Fate& fate);
  void tell_over_nats(Host::State& host, Packet about);
  std::optional<std::uint32_t> icmp_back(Packet& about) const;

  // ---- a host's time (sim_cpu.cpp)
  bool must_wait(Host::State& host, EventKind kind, std::uint32_t index, SimSocket* socket = nullptr);
  void tell_backlog(const Cpu& cpu, SimSocket& socket);
  void next_in_line(Host::State& host);

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
  std::deque<Realm> realms{1};
  std::vector<Nat*> nats;
  std::unordered_map<std::uint64_t, Link> links;
  LinkOptions default_link;
  LinkOptions loopback;
  std::uint32_t islands = 0;
  std::uint64_t sockets_made = 0;
  std::map<std::string, Name, std::less<>> names;
  Pool<Packet> packets;
  Pool<Task> tasks;
  Pool<Query> queries;
  UniqueFunction<bool(const WireEvent&)> filter;
  UniqueFunction<void(const WireEvent&)> observer;
  std::vector<transport::Tap*> taps;
  std::uint32_t tapped_at = no_host;      // whose socket sends or receives what the taps are told of
  std::uint32_t tapped_origin = no_host;  // who sent it, when it was received
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
      : sink(hearer), serial(++sim.sockets_made), sim_(sim), host_(host), local_(local) {}
  ~SimSocket() override { host_.sockets.erase(local_); }
  SimSocket(const SimSocket&) = delete;
  SimSocket& operator=(const SimSocket&) = delete;
  [[nodiscard]] const Endpoint& local() const noexcept override { return local_; }
  void send(const transport::SharedBytes& bytes, const Endpoint& to) override;
  transport::DatagramSink& sink;
  const std::uint64_t serial;    ///< no other socket has it
  std::size_t queued_bytes = 0;  ///< in the receive queue, while the host is busy
  std::size_t lost = 0;          ///< found no room in it since the sink was told
  bool behind = false;           ///< as the sink was told

 private:
  Simulator::State& sim_;
  Host::State& host_;
  Endpoint local_;
};

std::string lowered(std::string_view name);

}  // namespace peal::inline v0::sim
