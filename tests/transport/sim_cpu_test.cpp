// A host that needs time for its work.
#include "sim_ear.hpp"

#include <peal/transport/timer_service.hpp>

namespace {

using namespace std::chrono_literals;
using peal::sim::Fate;
using sim_ear::Ear;
using Times = std::vector<peal::transport::Duration>;

/// Takes its time over each datagram, and answers if it is told to.
struct SlowEar final : peal::transport::DatagramSink {
  SlowEar(peal::sim::Simulator& simulator, peal::sim::Host& machine, std::uint16_t port = 5060)
      : world(simulator),
        host(machine),
        socket(host.runtime().network().open_datagram(host.endpoint(port), *this).value()) {}
  void on_datagram(const peal::transport::Datagram& datagram) override {
    EXPECT_TRUE(host.runtime().in_turn());
    heard.emplace_back(datagram.data, datagram.size);
    times.push_back(world.elapsed());
    if (takes != 0s) host.busy_for(takes);
    if (answers) socket->send(peal::transport::SharedBytes("answer"), datagram.peer);
  }
  void on_unreachable(const peal::transport::Endpoint&, std::error_code) override {
    unreachable.push_back(world.elapsed());
  }
  peal::sim::Simulator& world;
  peal::sim::Host& host;
  peal::transport::Duration takes{};
  bool answers = false;
  std::vector<std::string> heard;
  Times times;
  Times unreachable;
  std::unique_ptr<peal::transport::DatagramSocket> socket;
};

struct SimCpuTest : ::testing::Test {
  peal::sim::Simulator world;
  peal::sim::Host& a = world.host("a", {"192.0.2.1"});
  peal::sim::Host& b = world.host("b", {"192.0.2.2"});
  Ear client{world, a};
  SlowEar server{world, b};
  void say(const std::string& text) { client.say(text, b.endpoint()); }
};

struct CpuBell {
  explicit CpuBell(peal::sim::Simulator& simulator) : world(simulator) {}
  void fire() { at.push_back(world.elapsed()); }
  peal::sim::Simulator& world;
  Times at;
  peal::transport::OwnedTimer<CpuBell, &CpuBell::fire> timer{*this};
};

TEST_F(SimCpuTest, WithoutACpuNothingTakesTime) {
  for (int i = 0; i < 3; ++i) say("x");
  world.run_until_idle();
  EXPECT_EQ(server.times, (Times{1ms, 1ms, 1ms}));
}

TEST_F(SimCpuTest, DatagramsAreTakenOneAfterTheOther) {
  b.set_cpu({.per_datagram = 20us, .per_send = 5us});
  server.answers = true;
  for (int i = 0; i < 4; ++i) say(std::to_string(i));
  world.run_until_idle();
  EXPECT_EQ(server.heard, (std::vector<std::string>{"0", "1", "2", "3"}));
  EXPECT_EQ(server.times, (Times{1ms, 1025us, 1050us, 1075us}));
  EXPECT_EQ(client.times, (Times{2ms, 2025us, 2050us, 2075us}));
}

TEST_F(SimCpuTest, AHandlerThatTakesLongHoldsUpEverythingBehindIt) {
  server.takes = 1s;
  CpuBell bell(world);
  b.runtime().timers().arm(bell.timer, 100ms);
  std::vector<std::string> order;
  say("first");
  world.after(
      2ms, [&] { b.runtime().post([&] { order.push_back("posted at " + std::to_string(world.elapsed() / 1ms)); }); });
  world.after(150ms, [&] { say("second"); });
  world.run_until_idle();
  EXPECT_EQ(server.times, (Times{1ms, 1001ms}));
  EXPECT_EQ(bell.at, (Times{1001ms})) << "late, but fired";
  EXPECT_EQ(order, (std::vector<std::string>{"posted at 1001"}));
  EXPECT_EQ(world.elapsed(), 1001ms);
  b.runtime().timers().arm(bell.timer, 3s);
  world.run_until_idle();
  EXPECT_EQ(bell.at.size(), 2U) << "timers go on";
  EXPECT_LE(bell.at[1], 4011ms);
}

TEST_F(SimCpuTest, TimersThatAreArmedAndDisarmedInTheLineKeepTheirMeaning) {
  CpuBell bell(world);
  CpuBell never(world);
  b.runtime().timers().arm(bell.timer, 100ms);
  b.runtime().timers().arm(never.timer, 100ms);
  b.busy_for(1s);
  b.runtime().post([&] { b.runtime().timers().disarm(never.timer); });
  world.run_until_idle();
  EXPECT_EQ(bell.at, (Times{1s}));
  EXPECT_TRUE(never.at.empty()) << "what was posted before it fell due was done first";
}

TEST_F(SimCpuTest, TheReceiveQueueIsBoundForEachSocket) {
  b.set_cpu({.receive_queue_bytes = 1000});
  SlowEar other(world, b, 5070);
  b.busy_for(1s);
  for (int i = 0; i < 15; ++i) say(std::string(72, 'x'));  // 100 bytes with their headers
  client.say(std::string(972, 'y'), b.endpoint(5070));     // fills the other's to the last byte
  client.say("", b.endpoint(5070));
  world.run_until_idle();
  EXPECT_EQ(server.heard.size(), 10U);
  EXPECT_EQ(other.heard.size(), 1U);
  EXPECT_EQ(world.count(Fate::receive_overflow), 6U);
  EXPECT_EQ(world.in_flight(), 0U);
  b.busy_for(1s);
  for (int i = 0; i < 15; ++i) say(std::string(72, 'x'));
  world.run_until_idle();
  EXPECT_EQ(server.heard.size(), 20U) << "taken means there is room again";
}

TEST_F(SimCpuTest, ABusyHostStillTellsOfClosedPortsAndAClosedSocketLosesItsQueue) {
  b.busy_for(1s);
  client.say("nobody", b.endpoint(9));
  say("queued");
  world.run_for(100ms);
  EXPECT_EQ(client.unreachable.size(), 1U) << "its kernel does that";
  server.socket.reset();
  auto again = b.runtime().network().open_datagram(b.endpoint(), server).value();
  say("for the new one");
  world.run_until_idle();
  EXPECT_EQ(server.heard, (std::vector<std::string>{"for the new one"}));
  EXPECT_EQ(world.count(Fate::no_socket), 2U);
  EXPECT_EQ(client.unreachable.size(), 1U) << "what was received is lost silently";
}

TEST_F(SimCpuTest, WhatASocketHasTakenIsItsOwnWhoeverOpensTheAddressMeanwhile) {
  server.socket = b.runtime().network().open_datagram({peal::transport::IpAddress::v4({}), 5060}, server).value();
  b.set_cpu({.receive_queue_bytes = 1000});
  b.busy_for(1s);
  for (int i = 0; i < 10; ++i) say(std::string(72, 'x'));
  world.run_for(10ms);
  SlowEar nearer(world, b);  // of that address alone
  world.run_until_idle();
  EXPECT_EQ(server.heard.size(), 10U);
  nearer.socket.reset();
  b.busy_for(1s);
  for (int i = 0; i < 10; ++i) say(std::string(72, 'x'));
  world.run_until_idle();
  EXPECT_EQ(server.heard.size(), 20U);
  EXPECT_TRUE(nearer.heard.empty());
}

TEST(SimCpuLoad, TwiceTheLoadGivesTheSameThroughput) {
  const auto served_at = [](peal::transport::Duration every) {
    peal::sim::Simulator world;
    auto& a = world.host("a", {"192.0.2.1"});
    auto& b = world.host("b", {"192.0.2.2"});
    b.set_cpu({.per_datagram = 100us, .receive_queue_bytes = 50'000});
    Ear client(world, a);
    SlowEar server(world, b);
    while (world.elapsed() < 10s) {
      client.say(std::string(472, 'x'), b.endpoint());
      world.run_for(every);
    }
    return server.heard.size();
  };
  EXPECT_NEAR(static_cast<double>(served_at(200us)), 50'000, 20);
  EXPECT_NEAR(static_cast<double>(served_at(100us)), 100'000, 20);
  EXPECT_NEAR(static_cast<double>(served_at(50us)), 100'000, 20) << "the rest was dropped, not served late";
}

TEST_F(SimCpuTest, BusyForAddsUpAndOtherHostsGoOn) {
  b.busy_for(300ms);
  b.busy_for(200ms);
  say("x");
  Ear third(world, world.host("c", {"192.0.2.3"}));
  client.say("y", third);
  world.run_until_idle();
  EXPECT_EQ(server.times, (Times{500ms}));
  EXPECT_EQ(third.times, (Times{1ms}));
}

}  // namespace
