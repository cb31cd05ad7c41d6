// Everything that the simulated network can do, at once, and twice the same.
#include "sim_ear.hpp"

#include <peal/transport/timer_service.hpp>

#include <optional>

namespace {

using namespace std::chrono_literals;
using peal::sim::Fate;
using peal::sim::Simulator;
using sim_ear::at;

/// Talks to its peers at random moments of its own, answers some of what it hears, and is busy with it.
struct Chatter final : peal::transport::DatagramSink {
  Chatter(peal::sim::Host& machine, const std::vector<peal::transport::Endpoint>& others,
          const peal::transport::Endpoint& local)
      : host(machine), peers(others), socket(host.runtime().network().open_datagram(local, *this).value()) {
    host.runtime().timers().arm(timer, 1ms);
  }
  void fire() {
    if (said++ == 400) return;
    auto& random = host.runtime().random();
    say(peers[random.below(peers.size())], random.below(900));
    host.runtime().timers().arm(timer, std::chrono::milliseconds(random.below(40)));
  }
  void on_datagram(const peal::transport::Datagram& datagram) override {
    auto& random = host.runtime().random();
    if (random.below(8) == 0) host.busy_for(std::chrono::microseconds(random.below(3000)));
    if (datagram.data[0] == '?' && random.below(2) == 0) say(datagram.peer, 20, "!");
  }
  void on_unreachable(const peal::transport::Endpoint&, std::error_code) override { ++refused; }
  void say(const peal::transport::Endpoint& to, std::size_t bytes, const char* mark = "?") {
    socket->send(peal::transport::SharedBytes(mark + host.runtime().random().token(12) + std::string(bytes, '.')), to);
  }
  peal::sim::Host& host;
  std::vector<peal::transport::Endpoint> peers;
  std::unique_ptr<peal::transport::DatagramSocket> socket;
  int said = 0;
  int refused = 0;
  peal::transport::OwnedTimer<Chatter, &Chatter::fire> timer{*this};
};

struct Busy {
  std::string trace;
  std::string ours;  // what happened at the hosts that every run has
  std::array<std::uint64_t, static_cast<std::size_t>(Fate::count)> fates{};
  std::uint64_t hash = 0;
};

Busy run_busy_world(std::uint64_t seed, bool more_elsewhere = false) {
  Busy out;
  Simulator world(seed);
  world.record_trace();
  std::optional<Chatter> elsewhere;
  std::optional<Chatter> behind;
  if (more_elsewhere) {
    auto& nat = world.nat("cellar", {"203.0.113.99"}, peal::sim::full_cone());
    auto& y = world.host("y", {"198.18.0.1"});
    elsewhere.emplace(y, std::vector{at("198.18.0.1:5060"), at("198.18.0.9:9")}, y.endpoint());
    auto& x = world.host("x", {"192.168.7.2"}, nat);
    behind.emplace(x, std::vector{y.endpoint()}, x.endpoint());
  }
  world.observe([&](const peal::sim::WireEvent& event) {
    const auto foreign = [](const peal::transport::Endpoint& e) {
      const auto text = e.to_string();
      return text.starts_with("198.18.") || text.starts_with("203.0.113.99") || text.starts_with("192.168.7.");
    };
    if (foreign(event.from) || foreign(event.to)) return;
    out.ours += std::to_string((event.time - peal::transport::TimePoint{}) / 1ns) + std::string(name_of(event.fate)) +
                event.from.to_string() + event.to.to_string() + std::string(event.bytes);
  });
  world.set_default_link({.latency = 15ms,
                          .jitter = 10ms,
                          .loss = 0.05,
                          .duplication = 0.05,
                          .reordering = 0.1,
                          .bandwidth = 120'000,
                          .queue_bytes = 1500});
  auto& home =
      world.nat("home", {"203.0.113.1", "203.0.113.2"}, {.mapping_lifetime = 300ms, .port_preservation = false});
  auto& cabin = world.nat("cabin", {"203.0.113.3"}, peal::sim::symmetric({.hairpinning = true, .max_mappings = 4}));
  auto& alice = world.host("alice", {"192.168.0.2", "2001:db8:1::2"}, home);
  auto& anna = world.host("anna", {"192.168.0.2"}, cabin);
  auto& bob = world.host("bob", {"192.0.2.2", "2001:db8:2::2"});
  auto& carol = world.host("carol", {"192.0.2.3", "192.0.2.4"});
  bob.set_cpu({.per_datagram = 200us, .per_send = 50us, .receive_queue_bytes = 3000});
  const auto nobody = at("192.0.2.3:9");
  const auto gone = at("203.0.113.1:4000");
  Chatter a(alice, {bob.endpoint(), carol.endpoint(), nobody}, alice.endpoint());
  Chatter a6(alice, {at("[2001:db8:2::2]:5060")}, at("[2001:db8:1::2]:5060"));
  Chatter n(anna, {bob.endpoint(), carol.endpoint(), at("203.0.113.3:5060"), at("192.0.2.4:5060")}, anna.endpoint());
  Chatter b(bob, {carol.endpoint(), gone, at("203.0.113.3:5060"), at("10.9.9.9:1")}, bob.endpoint());
  Chatter b6(bob, {at("[2001:db8:1::2]:5060")}, at("[2001:db8:2::2]:5060"));
  Chatter c(carol, {bob.endpoint(), at("203.0.113.3:5060")}, at("0.0.0.0:5060"));
  world.after(2s, [&] { home.rebind(); });
  world.after(3s, [&] { world.partition({&bob, &alice}); });
  world.after(3500ms, [&] { world.heal(); });
  world.after(4s, [&] { carol.set_address_up("192.0.2.3", false); });
  world.after(5s, [&] { bob.busy_for(200ms); });
  world.after(6s, [&] { carol.set_address_up("192.0.2.3", true); });
  world.run_until_idle();
  out.trace = world.trace();
  out.hash = world.trace_hash();
  for (std::size_t i = 0; i < out.fates.size(); ++i) out.fates[i] = world.count(static_cast<Fate>(i));
  EXPECT_EQ(world.in_flight(), 0U);
  const auto count = [&](Fate fate) { return out.fates[static_cast<std::size_t>(fate)]; };
  std::uint64_t ends = 0;
  for (const auto fate : out.fates) ends += fate;
  ends -= count(Fate::sent) + count(Fate::duplicated) + count(Fate::failed);
  EXPECT_EQ(ends, count(Fate::sent) + count(Fate::duplicated)) << "each datagram and each copy has one end";
  return out;
}

TEST(SimBusyWorld, TheSameSeedGivesTheSameTraceByteForByte) {
  const auto once = run_busy_world(7);
  const auto again = run_busy_world(7);
  EXPECT_TRUE(once.trace == again.trace);
  EXPECT_EQ(once.hash, again.hash);
  EXPECT_GT(once.trace.size(), 1'000'000U);
  for (std::size_t i = 0; i < once.fates.size(); ++i) {
    const auto fate = static_cast<Fate>(i);
    if (fate == Fate::too_large || fate == Fate::filtered || fate == Fate::failed) continue;
    EXPECT_GT(once.fates[i], 0U) << name_of(fate) << ": this world should show it";
  }
}

TEST(SimBusyWorld, AnotherSeedGivesAnother) { EXPECT_FALSE(run_busy_world(7).trace == run_busy_world(8).trace); }

TEST(SimBusyWorld, HostsNatsAndTrafficElsewhereChangeNothingHere) {
  const auto alone = run_busy_world(7);
  const auto beside = run_busy_world(7, true);
  EXPECT_GT(beside.trace.size(), alone.trace.size() + 100'000);
  EXPECT_TRUE(alone.ours == beside.ours);
}

}  // namespace
