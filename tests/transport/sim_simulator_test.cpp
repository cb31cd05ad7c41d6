#include "sim_ear.hpp"

#include <peal/transport/error.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace peal;
using namespace std::chrono_literals;
using sim::Fate;
using sim::Simulator;
using transport::Endpoint;
using transport::IpAddress;
using transport::SharedBytes;

using sim_ear::Ear;

struct SimTest : ::testing::Test {
  explicit SimTest(std::uint64_t seed = 1) : world(seed) {}
  Simulator world;
  sim::Host& a = world.host("a", {"192.0.2.1", "2001:db8::1"});
  sim::Host& b = world.host("b", {"192.0.2.2", "2001:db8::2"});
  Ear ear_a{world, a};
  Ear ear_b{world, b};
};

TEST_F(SimTest, DeliversAfterTheLinksLatencyAndJumpsThere) {
  world.set_default_link({.latency = 250ms});
  ear_a.say("hello", ear_b);
  EXPECT_TRUE(ear_b.heard.empty());
  EXPECT_EQ(world.in_flight(), 1U);
  EXPECT_TRUE(world.run_until_idle());
  EXPECT_EQ(ear_b.heard, std::vector<std::string>{"hello"});
  EXPECT_EQ(ear_b.peers.front(), a.endpoint());
  EXPECT_EQ(world.elapsed(), 250ms);
  EXPECT_EQ(world.in_flight(), 0U);
}

TEST_F(SimTest, ReachesIPv6AndLoopbackAndWildcardSockets) {
  Ear six(world, b, Endpoint{IpAddress::v6({}), 5080});
  Ear sender(world, a, Endpoint{IpAddress::v6({}), 0});
  EXPECT_GE(sender.socket->local().port, 49152);
  sender.say("six", {b.addresses()[1], 5080});
  Ear inside(world, a, Endpoint{*IpAddress::parse("127.0.0.1"), 5070});
  Ear other(world, a, Endpoint{IpAddress::v4({}), 5090});
  other.say("in", inside);
  inside.say("out", Endpoint{*IpAddress::parse("127.0.0.1"), 5090});
  world.run_until_idle();
  EXPECT_EQ(six.heard, std::vector<std::string>{"six"});
  EXPECT_EQ(six.peers.front().address, a.addresses()[1]) << "the wildcard's source is a's own IPv6 address";
  EXPECT_EQ(inside.heard, std::vector<std::string>{"in"});
  EXPECT_EQ(other.heard, std::vector<std::string>{"out"});
}

TEST_F(SimTest, LoopbackIsEachHostsOwn) {
  Ear in_a(world, a, Endpoint{IpAddress::v4({127, 0, 0, 1}), 6000});
  Ear in_b(world, b, Endpoint{IpAddress::v4({127, 0, 0, 1}), 6000});
  in_a.say("me", in_b);
  world.run_until_idle();
  EXPECT_EQ(in_a.heard.size(), 1U);
  EXPECT_TRUE(in_b.heard.empty());
}

TEST_F(SimTest, BindingFailsAsTheSystemWould) {
  auto& network = a.runtime().network();
  EXPECT_EQ(network.open_datagram(a.endpoint(), ear_a).error(), std::errc::address_in_use);
  EXPECT_EQ(network.open_datagram(b.endpoint(), ear_a).error(), std::errc::address_not_available);
  EXPECT_EQ(a.open_sockets(), 1U);
  ear_a.socket.reset();
  EXPECT_EQ(a.open_sockets(), 0U);
  EXPECT_TRUE(network.open_datagram(a.endpoint(), ear_a).has_value());
}

TEST_F(SimTest, SourceAddressIsTheClosestOfTheFamily) {
  auto& c = world.host("c", {"10.0.0.1", "192.0.2.77"});
  EXPECT_EQ(c.runtime().network().source_address_for(a.endpoint())->to_string(), "192.0.2.77");
  EXPECT_EQ(c.runtime().network().source_address_for({a.addresses()[1], 5060}).error(), std::errc::network_unreachable);
}

TEST_F(SimTest, JitterAloneNeverChangesTheOrder) {
  world.set_default_link({.latency = 5ms, .jitter = 40ms});
  for (int i = 0; i < 500; ++i) ear_a.say(std::to_string(i), ear_b);
  world.run_until_idle();
  ASSERT_EQ(ear_b.heard.size(), 500U);
  for (int i = 0; i < 500; ++i) EXPECT_EQ(ear_b.heard[static_cast<std::size_t>(i)], std::to_string(i));
  EXPECT_GT(ear_b.times.back(), ear_b.times.front());
  EXPECT_LE(ear_b.times.back(), 45ms);
}

TEST_F(SimTest, ReorderingLosesNothingAndOvertakes) {
  world.set_default_link({.reordering = 0.3});
  for (int i = 0; i < 1000; ++i) {
    ear_a.say(std::to_string(i), ear_b);
    world.run_for(1ms);
  }
  world.run_until_idle();
  ASSERT_EQ(ear_b.heard.size(), 1000U);
  int overtaken = 0;
  for (std::size_t i = 1; i < 1000; ++i) overtaken += std::stoi(ear_b.heard[i]) < std::stoi(ear_b.heard[i - 1]) ? 1 : 0;
  EXPECT_GT(overtaken, 100);
  std::sort(ear_b.heard.begin(), ear_b.heard.end());
  EXPECT_EQ(std::unique(ear_b.heard.begin(), ear_b.heard.end()), ear_b.heard.end());
}

TEST_F(SimTest, LossAndDuplicationComeAtTheirRates) {
  world.set_default_link({.loss = 0.1, .duplication = 0.05});
  constexpr int count = 20000;
  for (int i = 0; i < count; ++i) {
    ear_a.say("x", ear_b);
    world.run_for(100us);
  }
  world.run_until_idle();
  EXPECT_NEAR(static_cast<double>(world.count(Fate::lost)) / count, 0.1, 0.01);
  EXPECT_NEAR(static_cast<double>(world.count(Fate::duplicated)) / (count * 0.9), 0.05, 0.008);
  EXPECT_EQ(world.count(Fate::sent), static_cast<std::uint64_t>(count));
  EXPECT_EQ(ear_b.heard.size(), world.count(Fate::delivered));
  EXPECT_EQ(world.count(Fate::delivered) + world.count(Fate::lost), count + world.count(Fate::duplicated));
}

TEST_F(SimTest, LossOfEverythingAndOfNothing) {
  world.set_link(a, b, {.loss = 1});
  for (int i = 0; i < 100; ++i) ear_a.say("x", ear_b);
  for (int i = 0; i < 100; ++i) ear_b.say("x", ear_a);
  world.run_until_idle();
  EXPECT_EQ(ear_b.heard.size(), 0U);
  EXPECT_EQ(ear_a.heard.size(), 100U);
}

TEST_F(SimTest, PartitionsCutAndHeal) {
  auto& c = world.host("c", {"192.0.2.3"});
  Ear ear_c(world, c);
  world.partition({&a, &c});
  ear_a.say("to c", ear_c);
  ear_a.say("to b", ear_b);
  ear_b.say("to a", ear_a);
  world.run_until_idle();
  EXPECT_EQ(ear_c.heard.size(), 1U);
  EXPECT_TRUE(ear_b.heard.empty());
  EXPECT_TRUE(ear_a.heard.empty());
  EXPECT_TRUE(ear_a.unreachable.empty()) << "a partition is silent";
  EXPECT_EQ(world.count(Fate::cut), 2U);
  world.heal();
  ear_a.say("again", ear_b);
  world.run_until_idle();
  EXPECT_EQ(ear_b.heard, std::vector<std::string>{"again"});
}

TEST_F(SimTest, LinkAndHostDownStopNewDatagrams) {
  world.set_default_link({.latency = 10ms});
  world.set_link(a, b, {.latency = 10ms, .up = false});
  ear_a.say("cut", ear_b);
  ear_b.say("passes", ear_a);
  world.run_until_idle();
  EXPECT_TRUE(ear_b.heard.empty());
  EXPECT_EQ(ear_a.heard.size(), 1U);
  ear_b.say("host goes down meanwhile", ear_a);
  a.set_up(false);
  world.run_until_idle();
  EXPECT_EQ(ear_a.heard.size(), 1U);
  EXPECT_EQ(world.count(Fate::cut), 2U);
}

TEST_F(SimTest, UnboundPortTellsTheSenderUnlessSilenced) {
  world.set_default_link({.latency = 20ms});
  ear_a.say("?", b.endpoint(9));
  world.run_until_idle();
  ASSERT_EQ(ear_a.unreachable.size(), 1U);
  EXPECT_EQ(ear_a.unreachable[0].first, b.endpoint(9));
  EXPECT_EQ(ear_a.unreachable[0].second, std::errc::connection_refused);
  EXPECT_EQ(world.elapsed(), 40ms);
  b.answer_unreachable(false);
  ear_a.say("?", b.endpoint(9));
  ear_a.say("?", Endpoint{IpAddress::v4({198, 51, 100, 1}), 5060});
  world.run_until_idle();
  EXPECT_EQ(ear_a.unreachable.size(), 1U);
  EXPECT_EQ(world.count(Fate::no_socket), 2U);
  EXPECT_EQ(world.count(Fate::no_route), 1U);
}

TEST_F(SimTest, MtuDropsOrRefuses) {
  world.set_default_link({.mtu = 100});
  ear_a.say(std::string(101, 'x'), ear_b);
  ear_a.say(std::string(100, 'x'), ear_b);
  world.run_until_idle();
  EXPECT_EQ(ear_b.heard.size(), 1U);
  EXPECT_TRUE(ear_a.unreachable.empty());
  world.set_default_link({.mtu = 100, .mtu_refuses = true});
  ear_a.say(std::string(101, 'x'), ear_b);
  EXPECT_TRUE(ear_a.unreachable.empty()) << "never inside send";
  world.run_until_idle();
  ASSERT_EQ(ear_a.unreachable.size(), 1U);
  EXPECT_EQ(ear_a.unreachable[0].second, std::errc::message_size);
}

TEST_F(SimTest, LargestDatagramPassesAndOneMoreIsRefused) {
  ear_a.say(std::string(65507, 'x'), ear_b);
  ear_a.say(std::string(65508, 'x'), ear_b);
  world.run_until_idle();
  ASSERT_EQ(ear_b.heard.size(), 1U);
  EXPECT_EQ(ear_b.heard[0].size(), 65507U);
  ASSERT_EQ(ear_a.unreachable.size(), 1U);
  EXPECT_EQ(ear_a.unreachable[0].second, std::errc::message_size);
}

TEST_F(SimTest, AnEmptyDatagramIsOneToo) {
  ear_a.say("", ear_b);
  world.run_until_idle();
  EXPECT_EQ(ear_b.heard, std::vector<std::string>{""});
}

TEST_F(SimTest, FailsTheNthSendOnce) {
  a.fail_send(2, std::make_error_code(std::errc::host_unreachable));
  for (const char* text : {"1", "2", "3"}) ear_a.say(text, ear_b);
  world.run_until_idle();
  EXPECT_EQ(ear_b.heard, (std::vector<std::string>{"1", "3"}));
  ASSERT_EQ(ear_a.unreachable.size(), 1U);
  EXPECT_EQ(ear_a.unreachable[0].second, std::errc::host_unreachable);
}

TEST_F(SimTest, FilterDropsWhatTheTestChooses) {
  world.drop_if([](const sim::WireEvent& event) { return event.bytes == "drop"; });
  for (const char* text : {"keep", "drop", "keep"}) ear_a.say(text, ear_b);
  world.run_until_idle();
  EXPECT_EQ(ear_b.heard, (std::vector<std::string>{"keep", "keep"}));
  EXPECT_EQ(world.count(Fate::filtered), 1U);
}

TEST_F(SimTest, ClosedSocketHearsNothingMore) {
  ear_a.say("late", ear_b);
  ear_b.socket.reset();
  world.run_until_idle();
  EXPECT_TRUE(ear_b.heard.empty());
  EXPECT_EQ(world.count(Fate::no_socket), 1U);
}

struct Ring {
  explicit Ring(transport::Runtime& r) : runtime(r) {}
  void fire() {
    EXPECT_TRUE(runtime.in_turn());
    at.push_back(runtime.timers().now());
  }
  transport::Runtime& runtime;
  std::vector<transport::TimePoint> at;
  transport::OwnedTimer<Ring, &Ring::fire> timer{*this};
};

TEST_F(SimTest, TimersAreNeverEarlyAndAtMostATickLate) {
  transport::Duration afters[] = {0ns, 1ns, 9'999'999ns, 10ms, 10'000'001ns, 123'456'789ns, 500ms, 32s, 3600s, 240h};
  std::vector<std::unique_ptr<Ring>> rings;
  for (const auto offset : {0ns, 3'333'333ns}) {
    world.run_for(offset);
    const auto begin = world.now();
    rings.clear();
    for (const auto after : afters) {
      rings.push_back(std::make_unique<Ring>(a.runtime()));
      a.runtime().timers().arm(rings.back()->timer, after);
    }
    EXPECT_EQ(a.armed_timers(), std::size(afters));
    EXPECT_TRUE(world.run_until_idle(1000h));
    for (std::size_t i = 0; i < rings.size(); ++i) {
      ASSERT_EQ(rings[i]->at.size(), 1U) << i;
      EXPECT_GE(rings[i]->at[0], begin + afters[i]) << i;
      EXPECT_LE(rings[i]->at[0], begin + afters[i] + 10ms) << i;
    }
  }
}

TEST_F(SimTest, ADisarmedTimerIsNoReasonToRun) {
  Ring ring(a.runtime());
  a.runtime().timers().arm(ring.timer, 10s);
  a.runtime().timers().disarm(ring.timer);
  EXPECT_TRUE(world.run_until_idle());
  EXPECT_EQ(world.elapsed(), 0s);
  a.runtime().timers().arm(ring.timer, 10s);
  a.runtime().timers().arm(ring.timer, 20s);
  EXPECT_TRUE(world.run_until_idle());
  EXPECT_EQ(ring.at.size(), 1U);
  EXPECT_EQ(world.elapsed(), 20s);
}

TEST_F(SimTest, RunUntilIdleStopsAtItsLimit) {
  Ring ring(a.runtime());
  a.runtime().timers().arm(ring.timer, 10s);
  EXPECT_FALSE(world.run_until_idle(9s));
  EXPECT_EQ(world.elapsed(), 9s);
  EXPECT_TRUE(ring.at.empty());
  EXPECT_TRUE(world.run_until_idle(9s));
  EXPECT_EQ(world.elapsed(), 10s);
}

TEST_F(SimTest, RunUntilChecksAfterEachEvent) {
  Ring ring(a.runtime());
  a.runtime().timers().arm(ring.timer, 2s);
  EXPECT_TRUE(world.run_until([&] { return !ring.at.empty(); }));
  EXPECT_EQ(world.elapsed(), 2s);
  EXPECT_FALSE(world.run_until([] { return false; }, 5s));
  EXPECT_EQ(world.elapsed(), 7s);
}

TEST_F(SimTest, PostRunsInALaterTurnInOrder) {
  std::string order;
  a.runtime().post([&] {
    EXPECT_TRUE(a.runtime().in_turn());
    order += "1";
    a.runtime().post([&] { order += "3"; });
  });
  b.runtime().post([&] { order += "2"; });
  EXPECT_EQ(order, "");
  world.run_until_idle();
  EXPECT_EQ(order, "123");
  EXPECT_EQ(world.elapsed(), 0s);
}

TEST_F(SimTest, PostFromAnotherThreadArrivesAndThatThreadIsNotTheOwner) {
  bool ran = false;
  bool owner_there = true;
  std::thread([&] {
    owner_there = a.runtime().on_owner_thread();
    a.runtime().post([&] { ran = a.runtime().on_owner_thread(); });
  }).join();
  EXPECT_FALSE(owner_there);
  EXPECT_TRUE(a.runtime().on_owner_thread());
  world.run_until_idle();
  EXPECT_TRUE(ran);
}

TEST_F(SimTest, AfterRunsOutsideAnyTurn) {
  bool ran = false;
  world.after(3s, [&] { ran = !a.runtime().in_turn(); });
  world.run_for(2s);
  EXPECT_FALSE(ran);
  world.run_for(2s);
  EXPECT_TRUE(ran);
}

TEST_F(SimTest, ALoopThatTakesNoTimeIsReported) {
  std::function<void()> again = [&] { a.runtime().post([&] { again(); }); };
  again();
  EXPECT_THROW(world.run_for(1s), std::runtime_error);
}

TEST_F(SimTest, RunningInsideAnEventIsRefused) {
  bool refused = false;
  world.after(0s, [&] {
    try {
      world.run_for(1s);
    } catch (const std::logic_error&) {
      refused = true;
    }
  });
  world.run_for(1s);
  EXPECT_TRUE(refused);
}

struct Lookup final : transport::HostQuery {
  void on_addresses(std::vector<IpAddress> found, std::error_code error) override {
    addresses = std::move(found);
    why = error;
    ++answers;
  }
  std::vector<IpAddress> addresses;
  std::error_code why;
  int answers = 0;
};

TEST_F(SimTest, NamesResolveFailAndAreCancelled) {
  world.set_name("Example.COM", {b.addresses()[1], b.addresses()[0]}, 30ms);
  world.fail_name("slow.example", std::make_error_code(std::errc::timed_out), 3s);
  Lookup found;
  Lookup host_name;
  Lookup unknown;
  Lookup slow;
  auto gone = std::make_unique<Lookup>();
  auto& network = a.runtime().network();
  network.resolve(found, "example.com.");
  network.resolve(host_name, "b");
  network.resolve(unknown, "nobody.example");
  network.resolve(slow, "slow.example");
  network.resolve(*gone, "b");
  EXPECT_EQ(found.answers, 0);
  gone.reset();
  world.run_for(1s);
  EXPECT_EQ(found.addresses, (std::vector<IpAddress>{b.addresses()[1], b.addresses()[0]}));
  EXPECT_EQ(host_name.addresses, b.addresses());
  EXPECT_EQ(unknown.answers, 1);
  EXPECT_EQ(unknown.why, transport::errc::unresolvable);
  EXPECT_EQ(slow.answers, 0);
  world.run_for(3s);
  EXPECT_EQ(slow.answers, 1);
  EXPECT_EQ(slow.why, std::errc::timed_out);
}

TEST_F(SimTest, AQueryMayOutliveTheSimulator) {
  Lookup late;
  {
    Simulator other;
    other.host("x", {"192.0.2.9"}).runtime().network().resolve(late, "x");
  }
  EXPECT_EQ(late.canceller, nullptr);
  EXPECT_EQ(late.answers, 0);
}

TEST_F(SimTest, WrongWorldsAreRefusedAtOnce) {
  EXPECT_THROW(world.host("a", {"192.0.2.9"}), std::invalid_argument);
  EXPECT_THROW(world.host("d", {"192.0.2.1"}), std::invalid_argument);
  EXPECT_THROW(world.host("e", {"not an address"}), std::invalid_argument);
  EXPECT_EQ(&world.host("a"), &a);
}

// "For ever" is a duration too, and the clock never goes back.
TEST_F(SimTest, DurationsWithoutEndAreTheEndOfTime) {
  world.run_for(1h);
  int late = 0;
  world.after(transport::Duration::max(), [&] { ++late; });
  world.after(2s, [&] { ++late; });
  EXPECT_TRUE(world.run_until([&] { return late == 1; }, transport::Duration::max()));
  EXPECT_EQ(world.elapsed(), 1h + 2s);
  b.busy_for(transport::Duration::max());
  ear_a.say("waits for ever", ear_b);
  world.set_link(b, a, {.latency = transport::Duration::max()});
  ear_b.say("travels for ever", ear_a);
  EXPECT_FALSE(world.run_until_idle(1h));
  EXPECT_EQ(world.elapsed(), 2h + 2s);
  EXPECT_TRUE(ear_a.heard.empty());
  EXPECT_TRUE(ear_b.heard.empty());
  for (int i = 0; i < 3; ++i) world.run_for(transport::Duration::max());
  EXPECT_GT(world.elapsed(), 24h * 365 * 100);
}

TEST_F(SimTest, ANameIsNotAnsweredBeforeItIsAskedFor) {
  struct Asking final : transport::HostQuery {
    explicit Asking(Simulator& simulator) : sim(simulator) {}
    void on_addresses(std::vector<IpAddress>, std::error_code) override { at = sim.elapsed(); }
    Simulator& sim;
    transport::Duration at{};
  } asking{world};
  world.set_name("early", {}, -1h);
  world.run_for(1s);
  a.runtime().network().resolve(asking, "early");
  world.run_for(1s);
  EXPECT_EQ(asking.at, 1s);
}

TEST(SimEnd, WhatATaskPostsAsItGoesIsGoneBeforeTheHosts) {
  struct Last {
    Ear ear;
    transport::Runtime& runtime;
    std::shared_ptr<Ear> posted;
    Last(Simulator& world, sim::Host& host)
        : ear(world, host), runtime(host.runtime()), posted(std::make_shared<Ear>(world, host, 5070)) {}
    ~Last() {
      runtime.post([ear = posted] {});
    }
    Last(const Last&) = delete;
    Last& operator=(const Last&) = delete;
  };
  std::weak_ptr<Ear> watched;
  {
    Simulator world;
    auto& host = world.host("a", {"192.0.2.1"});
    world.after(0s, [] {});
    auto last = std::make_shared<Last>(world, host);
    watched = last->posted;
    world.after(1s, [last = std::move(last)] {});
    world.run_for(500ms);  // so that the first one's place is free
  }
  EXPECT_TRUE(watched.expired());
}

/// Two hosts bounce many datagrams over a bad link; everything that can be drawn is drawn.
std::pair<std::uint64_t, std::string> bounce(std::uint64_t seed, bool another_host = false) {
  Simulator world(seed);
  world.record_trace();
  auto& a = world.host("a", {"192.0.2.1"});
  if (another_host) world.host("z", {"192.0.2.99"}).runtime().random().next();
  auto& b = world.host("b", {"192.0.2.2"});
  world.set_default_link({.latency = 10ms, .jitter = 5ms, .loss = 0.1, .duplication = 0.05, .reordering = 0.1});
  Ear ear_a(world, a);
  Ear ear_b(world, b);
  for (int i = 0; i < 300; ++i) {
    ear_a.say(a.runtime().random().token(12), ear_b);
    ear_b.say(b.runtime().random().token(12), ear_a);
    world.run_for(3ms);
  }
  world.run_until_idle();
  return {world.trace_hash(), world.trace()};
}

TEST(SimReplay, TheSameSeedGivesTheSameBytes) {
  const auto first = bounce(7);
  const auto second = bounce(7);
  EXPECT_EQ(first.first, second.first);
  EXPECT_EQ(first.second, second.second);
  EXPECT_GT(first.second.size(), 10000U);
  EXPECT_EQ(first.second.substr(0, 55),
            "+0.000000000 sent 192.0.2.1:5060 > 192.0.2.2:5060 12\n" + first.second.substr(53, 2));
}

TEST(SimReplay, AnotherSeedGivesAnother) {
  EXPECT_NE(bounce(7).first, bounce(8).first);
  EXPECT_NE(bounce(7).second, bounce(8).second);
}

TEST(SimReplay, AHostThatDoesNothingChangesNothing) { EXPECT_EQ(bounce(7).second, bounce(7, true).second); }

TEST(SimReplay, HundredThousandMessagesTakeSeconds) {
  Simulator world(3);
  auto& a = world.host("a", {"192.0.2.1"});
  auto& b = world.host("b", {"192.0.2.2"});
  world.set_default_link({.latency = 10ms, .jitter = 5ms, .reordering = 0.1});
  Ear ear_a(world, a);
  Ear ear_b(world, b);
  const SharedBytes text(std::string(500, 'x'));
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 100'000; ++i) ear_a.socket->send(text, b.endpoint());
  world.run_until_idle();
  EXPECT_EQ(ear_b.heard.size(), 100'000U);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 20s)
      << "an order of magnitude is missing, even under a sanitizer";
}

}  // namespace
