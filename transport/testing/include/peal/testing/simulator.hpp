#pragma once

#include <peal/message/export.hpp>
#include <peal/testing/framework.hpp>
#include <peal/testing/nat.hpp>
#include <peal/testing/wire_event.hpp>
#include <peal/transport/endpoint.hpp>
#include <peal/transport/runtime.hpp>
#include <peal/transport/tap.hpp>
#include <peal/transport/unique_function.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

/// Virtual time, an in-memory network, seeded chance: whole user agents run on them, and a run replays byte for byte.
/// (Not `peal::testing`: that would hide GoogleTest's `testing` in every `using namespace peal`.)
namespace peal::inline v0::sim {

using transport::Duration;
using transport::Endpoint;
using transport::IpAddress;
using transport::TimePoint;

class Simulator;

/// How one direction between two hosts treats datagrams.
struct LinkOptions {
  Duration latency = std::chrono::milliseconds(1);  ///< one way; never less than 1 µs
  Duration jitter{};       ///< up to this much is added, uniformly; alone it never changes the order
  double loss = 0;         ///< probabilities, 0 to 1
  double duplication = 0;  ///< the copy draws its own jitter and reordering
  double reordering = 0;   ///< such a datagram may be overtaken:
  Duration reorder_delay = std::chrono::milliseconds(30);  ///< it is late by up to this much
  std::size_t mtu = 0;                                     ///< largest payload; 0: what UDP can carry
  bool mtu_refuses = false;  ///< over `mtu`: the sender is told (EMSGSIZE); otherwise it vanishes, as lost fragments do
  /// Bits (not bytes) per second, 0: unlimited. A datagram takes the time of its bytes with the IP and UDP headers (28
  /// more, 48 with IPv6) before its latency begins, and those behind it wait; a lost one takes it too, ICMP none.
  std::uint64_t bandwidth = 0;
  std::size_t queue_bytes = 65536;  ///< what may wait behind the one being sent; more is dropped (Fate::overflow)
  bool up = true;                   ///< down: nothing enters; what is under way arrives
};

/// What things cost a host (Host::set_cpu). The work is done at the begin of its time: what a handler sends leaves when
/// the handler runs, and the next event waits.
struct CpuOptions {
  Duration per_datagram{};  ///< received
  Duration per_send{};      ///< a datagram sent
  Duration per_turn{};      ///< any other turn: timers that fell due, a posted task, an ICMP error, a resolved name
  /// Of each socket: the datagrams that wait in it, with their headers (28 bytes, 48 with IPv6). What does not fit is
  /// dropped (Fate::receive_overflow). Default: Linux's rmem_default.
  std::size_t receive_queue_bytes = 212'992;
};

/// A machine in the simulated network. Made by Simulator::host and as long-lived as the Simulator.
class PEAL_API Host {
 public:
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  [[nodiscard]] const std::string& name() const noexcept;
  [[nodiscard]] const std::vector<IpAddress>& addresses() const noexcept;
  [[nodiscard]] Simulator& simulator() const noexcept;
  /// The first address with this port.
  [[nodiscard]] Endpoint endpoint(std::uint16_t port = 5060) const;

  /// The seams for a user agent on this machine: its clock and timers are the virtual ones, its random stream follows
  /// from the simulator's seed and the host's name alone. It binds to the host's addresses, 0.0.0.0, ::, 127.0.0.1 and
  /// ::1.
  [[nodiscard]] transport::Runtime& runtime() noexcept;

  /// Down: nothing leaves or arrives, as with the cable pulled. Timers run on.
  void set_up(bool up) noexcept;
  /// Down: what is sent from or to this address of the host vanishes, and it is no source address any more, as when one
  /// of several uplinks fails. Throws std::invalid_argument when it is none of the host's.
  void set_address_up(std::string_view address, bool up);

  /// From now on work takes time: while the host is busy its events wait, the oldest first. Datagrams wait in their
  /// socket's receive queue, timers fire late, posted tasks run late. Without this a host is never busy. (What a
  /// test itself calls on a stack runs at once.)
  void set_cpu(const CpuOptions& options);
  /// The host is busy for so long, from now or after what it is busy with: what a handler that takes 1 ms calls, and
  /// what stops a machine for a while when a test calls it. What runs in this turn still runs.
  void busy_for(Duration duration);
  /// Does a datagram to a port where nothing listens tell its sender (ICMP port unreachable)? Default: yes.
  void answer_unreachable(bool yes) noexcept;
  /// The `nth` send from now on (1: the next) fails: nothing leaves, the socket's sink hears `why` in a later turn. 0:
  /// none.
  void fail_send(std::uint64_t nth,
                 std::error_code why = std::make_error_code(std::errc::network_unreachable)) noexcept;
  /// Where the host's stack logs. Default: nowhere. `log` must outlive its use; nullptr: nowhere.
  void set_log(transport::LogSink* log) noexcept;

  [[nodiscard]] std::size_t open_sockets() const noexcept;
  [[nodiscard]] std::size_t armed_timers() const noexcept;

  struct State;  ///< private

 private:
  friend class Simulator;
  explicit Host(std::unique_ptr<State> state);
  ~Host();
  std::unique_ptr<State> state_;
};

/// The world: one virtual clock, hosts, links, names, and one queue of events that are run in order, ties by age.
///
///     sim::Simulator sim(42);
///     auto& alice = sim.host("alice", {"192.0.2.1", "2001:db8::1"});
///     auto& bob = sim.host("bob", {"192.0.2.2"});
///     sim.set_default_link({.latency = 20ms, .loss = 0.1});
///     … build stacks on alice.runtime() and bob.runtime() …
///     sim.run_for(32s);
///
/// Each event (datagram, timer expiry, posted task, resolved name) runs in a turn of its host; then time jumps to the
/// next. One thread only, save Runtime::post. Must outlive every socket, timer and query of its hosts. Nothing runs
/// outside run_*.
class PEAL_API Simulator {
 public:
  explicit Simulator(std::uint64_t seed = 1);
  ~Simulator();
  Simulator(const Simulator&) = delete;
  Simulator& operator=(const Simulator&) = delete;

  // ---- the world
  /// Makes the host, or gives the one of that name (then `addresses` must be empty). Its name resolves to its
  /// addresses. Throws std::invalid_argument for an address that is none or belongs to another host.
  Host& host(std::string_view name, std::initializer_list<std::string_view> addresses = {});
  /// The same behind a NAT: its IPv4 addresses are known there only, and may be used again behind another; its IPv6
  /// addresses everywhere. It has no public name (see set_name). Hosts behind one NAT reach each other directly.
  Host& host(std::string_view name, std::initializer_list<std::string_view> addresses, Nat& behind);
  /// Makes the NAT, or gives the one of that name (then `outside` must be empty). `outside`: its IPv4 addresses on the
  /// public side. Throws as host(). The link between an inside host and an outside one is that of the two, whatever
  /// stands between them.
  Nat& nat(std::string_view name, std::initializer_list<std::string_view> outside = {}, const NatOptions& options = {});
  /// The same behind another NAT, as behind a carrier's.
  Nat& nat(std::string_view name, std::initializer_list<std::string_view> outside, const NatOptions& options,
           Nat& behind);

  /// For every pair of hosts without options of its own; also changes existing links.
  void set_default_link(const LinkOptions& options);
  /// One direction.
  void set_link(const Host& from, const Host& to, const LinkOptions& options);
  /// Both directions.
  void set_links(const Host& a, const Host& b, const LinkOptions& options);
  [[nodiscard]] LinkOptions link(const Host& from, const Host& to) const;
  /// From now on these hosts reach each other only. May be repeated for more islands.
  void partition(std::initializer_list<const Host*> island);
  /// Undoes every partition.
  void heal();

  /// What `host` resolves to, in the order to try, answered after `delay`. Names compare without case.
  void set_name(std::string_view host, std::vector<IpAddress> addresses, Duration delay = std::chrono::milliseconds(5));
  /// The name fails. Names that nobody set fail with transport::errc::unresolvable.
  void fail_name(std::string_view host, std::error_code why, Duration delay = std::chrono::milliseconds(5));

  /// Asked for each datagram that is about to enter a link, NATs on its way out behind it; true: it is lost
  /// (Fate::filtered).
  void drop_if(UniqueFunction<bool(const WireEvent&)> filter);
  /// Told of every WireEvent. Must not call back into a stack.
  void observe(UniqueFunction<void(const WireEvent&)> observer);
  /// Sees every datagram as it leaves and as it arrives, whoever sends it: a ladder of the whole network, with what was
  /// lost.
  void add_tap(transport::Tap& tap);
  void remove_tap(transport::Tap& tap) noexcept;

  // ---- time
  [[nodiscard]] TimePoint now() const noexcept;
  [[nodiscard]] Duration elapsed() const noexcept;  ///< since the Simulator was made
  /// Runs `task` after that long, outside any turn: what a test does in the middle of a run.
  void after(Duration delay, UniqueFunction<void()> task);

  // Each of these throws std::runtime_error when a million events pass without the clock moving. Not from inside an
  // event.
  void run_for(Duration duration);
  /// Until `condition`, checked before the first and after each event, or until `limit` has passed. Gives what it last
  /// said.
  bool run_until(UniqueFunction<bool()> condition, Duration limit = std::chrono::minutes(10));
  /// Until no datagram is under way, no timer armed, nothing posted; false when `limit` came first.
  bool run_until_idle(Duration limit = std::chrono::hours(1));
  /// One event, if there is one within `limit`.
  bool step(Duration limit = std::chrono::hours(1));

  // ---- what happened
  [[nodiscard]] std::uint64_t count(Fate fate) const noexcept;
  [[nodiscard]] std::uint64_t events() const noexcept;   ///< events run
  [[nodiscard]] std::size_t in_flight() const noexcept;  ///< datagrams under way
  /// Hash of every WireEvent so far, bytes included: equal seeds and programs give equal hashes.
  [[nodiscard]] std::uint64_t trace_hash() const noexcept;
  /// Keeps every WireEvent from now on as text: a line `+0.001000000 delivered 192.0.2.1:5060 > 192.0.2.2:5060 421`,
  /// then the bytes.
  void record_trace(bool on = true);
  [[nodiscard]] const std::string& trace() const noexcept;
  [[nodiscard]] std::uint64_t seed() const noexcept;

  // ---- when a test fails (docs/testing.md)
  /// Keeps the latest messages (4 MB of them) for `expect` and for what a failing test shows. Default: on when a
  /// TestFramework was set as the Simulator was made. Off forgets them: for runs of a million calls.
  void keep_messages(bool on = true);
  /// The messages kept, or those of one call (all, when none is of it), as text: a host a column, lost ones marked.
  [[nodiscard]] std::string ladder(std::string_view call_id = {}) const;
  /// The messages kept as a capture for Wireshark and sngrep, secrets masked.
  [[nodiscard]] std::string pcapng() const;
  /// Fails the running test with `what`, the seed, the virtual time, the ladder (of `call_id`, when given), and writes
  /// the capture. Without a TestFramework: to stderr. Lets the program go on.
  void fail(std::string_view what, SourceLine where = SourceLine::here(), std::string_view call_id = {});
  /// How often `fail` was called, by expectations too.
  [[nodiscard]] std::size_t failures() const noexcept;

  struct State;   ///< private
  class Journal;  ///< private
  [[nodiscard]] Journal& journal() const noexcept;  ///< private

 private:
  std::string evidence(std::string_view call_id);
  void tell_of_failure() noexcept;

  std::unique_ptr<State> state_;
  std::unique_ptr<Journal> journal_;
};

/// The host whose Runtime this is; nullptr for a Runtime that is no simulated one.
PEAL_API Host* host_of(transport::Runtime& runtime) noexcept;

}  // namespace peal::inline v0::sim
