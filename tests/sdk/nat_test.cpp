// User agents behind the simulator's NATs.
#include "sim_pair.hpp"

#include <peal/testing/expect.hpp>

using namespace sim_pair;
using testing::ElementsAre;

namespace {

struct BehindNat : ::testing::Test {
  peal::sim::Simulator sim{1};
  peal::sim::Nat& home = sim.nat("home", {"203.0.113.1"}, peal::sim::port_restricted_cone({.mapping_lifetime = 60s}));
  peal::sim::Host& alice_host = sim.host("alice", {"192.168.0.2"}, home);
  peal::sim::Host& anna_host = sim.host("anna", {"192.168.0.3"}, home);
  peal::sim::Host& bob_host = sim.host("bob", {"192.0.2.2"});
  Recorder at_alice;
  Recorder at_bob;
  peal::UserAgent alice{alice_host.runtime(), listening_on("udp:192.168.0.2:5060")};
  peal::UserAgent bob{bob_host.runtime(), listening_on("udp:192.0.2.2:5060")};
  BehindNat() {
    EXPECT_TRUE(alice.set_handler(&at_alice));
    EXPECT_TRUE(bob.set_handler(&at_bob));
  }
};

// RFC 3581: the answers find their way by `rport`, though Via names an address that means nothing out there.
TEST_F(BehindNat, ACallOutwardsStandsAndEnds) {
  at_bob.ring = true;
  auto call = alice.invite("sip:bob@192.0.2.2");
  ASSERT_TRUE(call);
  const auto invite = expect(bob_host).to_receive("INVITE").from(alice_host).with("Via", "*192.168.0.2:5060*").message();
  EXPECT_EQ(invite.from.to_string(), "203.0.113.1:5060");
  sim.run_for(1s);
  EXPECT_THAT(at_alice.log, ElementsAre("180", "established"));
  EXPECT_THAT(at_bob.log, ElementsAre("incoming", "established"));
  ASSERT_TRUE(call->hang_up());
  sim.run_for(40s);
  EXPECT_EQ(at_bob.log.back(), "ended");
  expect_nothing_left(alice);
  expect_nothing_left(bob);
}

TEST_F(BehindNat, ARebindInTheMiddleOfACallIsSurvivedByOurOwnRequests) {
  auto call = alice.invite("sip:bob@192.0.2.2");
  ASSERT_TRUE(call);
  sim.run_for(1s);
  home.rebind();
  ASSERT_TRUE(call->hold());
  const auto again = expect(bob_host).to_receive("INVITE").with("To", "*;tag=*").message();
  EXPECT_EQ(again.from.address.to_string(), "203.0.113.1");
  EXPECT_NE(again.from.port, 5060);
  sim.run_for(1s);
  EXPECT_THAT(at_alice.log, ElementsAre("established", "we:local"));
  ASSERT_TRUE(call->hang_up());
  sim.run_for(40s);
  expect_nothing_left(alice);
  expect_nothing_left(bob);
}

TEST_F(BehindNat, NeighboursCallEachOtherDirectly) {
  peal::UserAgent anna(anna_host.runtime(), listening_on("udp:192.168.0.3:5060"));
  Recorder at_anna;
  ASSERT_TRUE(anna.set_handler(&at_anna));
  auto call = alice.invite("sip:anna@192.168.0.3");
  ASSERT_TRUE(call);
  sim.run_for(1s);
  EXPECT_THAT(at_anna.log, ElementsAre("incoming", "established"));
  ASSERT_TRUE(at_anna.offered.at(0).hang_up());
  sim.run_for(40s);
  EXPECT_THAT(at_alice.log, ElementsAre("established", "ended"));
  EXPECT_EQ(home.mappings(), 0U);
}

// The same address in another home is another machine, also for what a test expects.
TEST_F(BehindNat, AHomeWithTheSameAddressesIsAnotherWorld) {
  auto& other_home = sim.nat("other home", {"203.0.113.2"});
  auto& dave_host = sim.host("dave", {"192.168.0.2"}, other_home);
  peal::UserAgent dave(dave_host.runtime(), listening_on("udp:192.168.0.2:5060"));
  ASSERT_TRUE(dave.invite("sip:bob@192.0.2.2"));
  expect(bob_host).to_receive("INVITE").from(dave_host);
  expect(bob_host).not_to_receive("INVITE").from(alice_host).within(1s);
  expect(dave_host).to_receive("200 to INVITE").from(bob_host);
  expect(alice_host).not_to_receive("200");
  ASSERT_TRUE(alice.invite("sip:bob@192.0.2.2"));
  expect(bob_host).to_receive("INVITE").from(alice_host);
  sim.run_for(1s);
  EXPECT_THAT(at_bob.log, ElementsAre("incoming", "established", "incoming", "established"));
}

TEST_F(BehindNat, ACallInwardsFindsNoMappingAndEndsAfter64T1) {
  ASSERT_TRUE(bob.invite("sip:alice@203.0.113.1"));
  sim.run_for(40s);
  EXPECT_THAT(at_bob.log, ElementsAre("ended"));
  EXPECT_EQ(sim.count(peal::sim::Fate::no_mapping), 7U);
  EXPECT_TRUE(at_alice.log.empty());
  expect_nothing_left(bob);
}

// A machine that works at its limit: calls take longer, and still each has one end.
TEST_F(BehindNat, ABusyCalleeAnswersLaterAndNothingIsLost) {
  bob_host.set_cpu({.per_datagram = 3ms, .per_send = 1ms, .per_turn = 1ms});
  sim.set_links(alice_host, bob_host, {.latency = 20ms, .loss = 0.05, .bandwidth = 1'000'000});
  constexpr int calls = 100;
  std::vector<peal::Call> made;
  for (int i = 0; i < calls; ++i) {
    sim.after(i * 20ms, [&] { made.push_back(alice.invite("sip:bob@192.0.2.2").value()); });
  }
  sim.run_for(20s);
  EXPECT_EQ(std::count(at_alice.log.begin(), at_alice.log.end(), "established"), calls);
  for (auto& call : made) EXPECT_TRUE(call.hang_up());
  sim.run_for(200s);
  EXPECT_EQ(at_alice.ends.size(), made.size());
  EXPECT_EQ(at_bob.ends.size(), made.size());
  expect_nothing_left(alice);
  expect_nothing_left(bob);
}

}  // namespace
