// Bandwidth, and hosts with several addresses.
#include "sim_ear.hpp"

namespace {

using namespace std::chrono_literals;
using peal::sim::Fate;
using sim_ear::at;
using sim_ear::Ear;

struct SimLinkTest : ::testing::Test {
  peal::sim::Simulator world;
  peal::sim::Host& a = world.host("a", {"192.0.2.1", "2001:db8::1"});
  peal::sim::Host& b = world.host("b", {"192.0.2.2", "2001:db8::2"});
  Ear ear_a{world, a};
  Ear ear_b{world, b};
};

TEST_F(SimLinkTest, ADatagramTakesTheTimeOfItsBytesWithTheirHeaders) {
  world.set_link(a, b, {.latency = 10ms, .bandwidth = 8000});  // a byte a millisecond
  ear_a.say(std::string(72, 'x'), ear_b);                      // 100 with IPv4's and UDP's headers
  ear_a.say(std::string(22, 'x'), ear_b);                      // 50, behind it
  Ear six(world, b, b.endpoint(6));
  Ear from_six(world, a, at("[2001:db8::1]:6"));
  Ear to_six(world, b, at("[2001:db8::2]:6"));
  world.run_until_idle();
  EXPECT_EQ(ear_b.times, (std::vector<peal::transport::Duration>{110ms, 160ms}));
  from_six.say(std::string(52, 'x'), to_six);  // 100 with IPv6's
  const auto begin = world.elapsed();
  world.run_until_idle();
  EXPECT_EQ(to_six.times.at(0) - begin, 110ms);
  ear_b.say(std::string(1000, 'x'), ear_a);
  const auto back = world.elapsed();
  world.run_until_idle();
  EXPECT_EQ(ear_a.times.at(0) - back, 1ms) << "the other direction is another link";
}

TEST_F(SimLinkTest, TheQueueIsBoundAndItsTailIsDropped) {
  world.set_link(a, b, {.bandwidth = 8000, .queue_bytes = 250});
  for (int i = 0; i < 5; ++i) ear_a.say(std::string(72, static_cast<char>('0' + i)), ear_b);
  EXPECT_EQ(world.count(Fate::overflow), 2U) << "one is being sent, two wait, 50 bytes are left";
  ear_a.say(std::string(22, 's'), ear_b);
  EXPECT_EQ(world.count(Fate::overflow), 2U) << "a small one fits";
  world.run_for(150ms);  // the second is being sent: the third and the small one wait
  ear_a.say(std::string(72, '6'), ear_b);
  world.run_until_idle();
  ASSERT_EQ(ear_b.heard.size(), 5U);
  EXPECT_EQ(ear_b.heard[3].front(), 's');
  EXPECT_EQ(ear_b.heard[4].front(), '6');
  EXPECT_EQ(ear_b.times[4], 451ms);
  EXPECT_TRUE(ear_a.unreachable.empty()) << "silent";
}

TEST_F(SimLinkTest, LossComesBehindTheQueueAndTheIdleLineIsFreeAtOnce) {
  world.set_link(a, b, {.loss = 1, .bandwidth = 8000});
  ear_a.say(std::string(972, 'x'), ear_b);
  world.set_link(a, b, {.bandwidth = 8000});
  ear_a.say(std::string(72, 'x'), ear_b);
  world.run_until_idle();
  EXPECT_EQ(ear_b.times, (std::vector<peal::transport::Duration>{1101ms})) << "what was lost was sent before it";
  world.run_for(10s);
  ear_a.say(std::string(72, 'x'), ear_b);
  const auto begin = world.elapsed();
  world.run_until_idle();
  EXPECT_EQ(ear_b.times.at(1) - begin, 101ms);
}

TEST_F(SimLinkTest, ThroughputIsTheBandwidth) {
  world.set_link(a, b, {.bandwidth = 1'000'000, .queue_bytes = 20'000});
  for (int i = 0; i < 20'000; ++i) {  // 500 bytes every 100 µs: 40 Mbit/s offered
    ear_a.say(std::string(472, 'x'), ear_b);
    world.run_for(100us);
  }
  EXPECT_NEAR(static_cast<double>(ear_b.heard.size()), 2 * 1e6 / 8 / 500, 2);
  world.run_until_idle();
  EXPECT_EQ(world.count(Fate::overflow) + ear_b.heard.size(), 20'000U);
}

TEST_F(SimLinkTest, AnAddressThatIsDownNeitherSendsNorReceivesNorIsChosen) {
  auto& c = world.host("c", {"198.51.100.1", "192.0.2.200"});
  Ear first(world, c, at("198.51.100.1:5060"));
  Ear second(world, c, at("192.0.2.200:5060"));
  Ear any(world, c, at("0.0.0.0:7000"));
  EXPECT_EQ(c.runtime().network().source_address_for(b.endpoint())->to_string(), "192.0.2.200");
  c.set_address_up("192.0.2.200", false);
  EXPECT_EQ(c.runtime().network().source_address_for(b.endpoint())->to_string(), "198.51.100.1");
  second.say("lost", ear_b);
  first.say("first", ear_b);
  any.say("any", ear_b);
  ear_b.say("to the first", first);
  ear_b.say("lost", second);
  world.run_until_idle();
  EXPECT_EQ(ear_b.heard, (std::vector<std::string>{"first", "any"}));
  EXPECT_EQ(ear_b.peers[1], at("198.51.100.1:7000"));
  EXPECT_EQ(first.heard.size(), 1U);
  EXPECT_TRUE(second.heard.empty());
  EXPECT_EQ(world.count(Fate::cut), 2U);
  c.set_address_up("192.0.2.200", true);
  ear_b.say("again", second);
  world.run_until_idle();
  EXPECT_EQ(second.heard.size(), 1U);
  EXPECT_THROW(c.set_address_up("192.0.2.2", false), std::invalid_argument);
  c.set_address_up("192.0.2.200", false);
  c.set_address_up("198.51.100.1", false);
  EXPECT_EQ(c.runtime().network().source_address_for(b.endpoint()).error(), std::errc::network_unreachable);
}

TEST_F(SimLinkTest, TheSourceAddressIsChosenAsRfc6724Says) {
  auto& c = world.host("c", {"203.0.113.5", "10.0.0.7", "169.254.1.1", "192.168.0.7", "fe80::7", "2001:db8:7::7",
                             "fd00::7", "2002:c000:204::7"});
  const auto source = [&](const char* peer) {
    return c.runtime()
        .network()
        .source_address_for({peal::transport::IpAddress::parse(peer).value(), 5060})
        ->to_string();
  };
  EXPECT_EQ(source("192.168.0.7"), "192.168.0.7") << "rule 1: its own";
  EXPECT_EQ(source("10.9.9.9"), "10.0.0.7") << "private to private";
  EXPECT_EQ(source("172.16.0.1"), "192.168.0.7") << "private to private, though 203.0.113.5 is a global one";
  EXPECT_EQ(source("8.8.8.8"), "203.0.113.5") << "public to public, though 10.0.0.7 shares more bits";
  EXPECT_EQ(source("169.254.9.9"), "169.254.1.1");
  EXPECT_EQ(source("fe80::1"), "fe80::7") << "rule 2: the smallest scope that reaches";
  EXPECT_EQ(source("2600::1"), "2001:db8:7::7") << "rule 6: neither unique local nor 6to4";
  EXPECT_EQ(source("2003::1"), "2001:db8:7::7") << "rule 6 before rule 8: 6to4 shares more bits";
  EXPECT_EQ(source("fd12::1"), "fd00::7");
  EXPECT_EQ(source("2002:c000:299::1"), "2002:c000:204::7");
  auto& inside = world.host("inside", {"10.1.0.1", "10.2.0.1"});
  EXPECT_EQ(inside.runtime().network().source_address_for(at("198.51.100.1:5060"))->to_string(), "10.1.0.1")
      << "no public one: a NAT will do the rest; the first of two equals";
  EXPECT_EQ(inside.runtime().network().source_address_for(at("10.2.9.9:5060"))->to_string(), "10.2.0.1") << "rule 8";
}

}  // namespace
