#include "sim_ear.hpp"

namespace {

using namespace std::chrono_literals;
using peal::sim::Fate;
using peal::sim::NatBehavior;
using peal::sim::NatOptions;
using peal::transport::Endpoint;
using sim_ear::at;
using sim_ear::Ear;

/// Two homes with the same private addresses, and two hosts outside.
struct NatWorld {
  explicit NatWorld(const NatOptions& options = {}, std::uint64_t seed = 1)
      : world(seed),
        home(world.nat("home", {"203.0.113.1"}, options)),
        alice(world.host("alice", {"192.168.0.2"}, home)),
        anna(world.host("anna", {"192.168.0.3"}, home)),
        bob(world.host("bob", {"192.0.2.2"})),
        carol(world.host("carol", {"192.0.2.3"})) {}
  /// What `bob` sees as the source when `from` speaks to him.
  Endpoint seen_by_bob(const Ear& from) { return seen_by(ear_bob, from); }
  Endpoint seen_by(Ear& ear, const Ear& from) {
    const auto before = ear.peers.size();
    from.say("hello", ear);
    world.run_until_idle();
    EXPECT_EQ(ear.peers.size(), before + 1);
    return ear.peers.empty() ? Endpoint{} : ear.peers.back();
  }
  bool reaches(const Ear& from, const Endpoint& to, const Ear& ear) {
    const auto before = ear.heard.size();
    from.say("inwards", to);
    world.run_until_idle();
    return ear.heard.size() == before + 1;
  }
  peal::sim::Simulator world;
  peal::sim::Nat& home;
  peal::sim::Host& alice;
  peal::sim::Host& anna;
  peal::sim::Host& bob;
  peal::sim::Host& carol;
  Ear ear_alice{world, alice};
  Ear ear_bob{world, bob};
  Ear ear_carol{world, carol};
};

TEST(SimNat, TranslatesOutwardsAndTheAnswerComesBack) {
  NatWorld w;
  w.world.set_default_link({.latency = 10ms});
  w.ear_alice.say("hello", w.ear_bob);
  w.world.run_until_idle();
  ASSERT_EQ(w.ear_bob.peers.size(), 1U);
  const auto outside = w.ear_bob.peers[0];
  EXPECT_EQ(outside, at("203.0.113.1:5060")) << "the port is preserved";
  EXPECT_EQ(w.world.elapsed(), 10ms) << "the NAT itself takes no time";
  EXPECT_TRUE(w.reaches(w.ear_bob, outside, w.ear_alice));
  EXPECT_EQ(w.ear_alice.peers[0], w.bob.endpoint()) << "inwards the source stays";
  EXPECT_EQ(w.home.outside_of(w.alice.endpoint()), outside);
  EXPECT_EQ(w.home.mappings(), 1U);
  EXPECT_FALSE(w.reaches(w.ear_bob, w.alice.endpoint(), w.ear_alice)) << "nobody has that address out there";
  EXPECT_EQ(w.world.count(Fate::no_route), 1U);
}

TEST(SimNat, ARebindThatTookEveryPortGivesThemAgain) {
  NatWorld w;
  constexpr std::size_t ports = 65535 - 1024 + 1;
  for (std::size_t port = 1024; port <= 65535; ++port) {
    if (port == 5060) continue;
    const Endpoint local{w.alice.addresses().front(), static_cast<std::uint16_t>(port)};
    const auto socket = w.alice.runtime().network().open_datagram(local, w.ear_alice).value();
    socket->send(peal::transport::SharedBytes("x"), at("198.51.100.1:9"));  // where nobody is
  }
  w.seen_by_bob(w.ear_alice);
  EXPECT_EQ(w.home.mappings(), ports);
  Ear anna(w.world, w.anna);
  anna.say("no port left", w.ear_bob);
  EXPECT_EQ(w.world.count(Fate::refused_by_nat), 1U);
  w.home.rebind();
  w.seen_by_bob(w.ear_alice);
  w.seen_by_bob(anna);
}

// RFC 4787 §4.1 and §5, and the names of RFC 3489 §5: which mapping, and who is let in.
TEST(SimNat, MappingAndFilteringAsTheirNamesSay) {
  const struct {
    const char* name;
    NatOptions options;
    bool one_mapping;
    bool same_address_other_port;
    bool another_address;
  } kinds[] = {
      {"full cone", peal::sim::full_cone(), true, true, true},
      {"restricted cone", peal::sim::restricted_cone(), true, true, false},
      {"port restricted cone", peal::sim::port_restricted_cone(), true, false, false},
      {"symmetric", peal::sim::symmetric(), false, false, false},
  };
  for (const auto& kind : kinds) {
    SCOPED_TRACE(kind.name);
    NatWorld w(kind.options);
    Ear bob_too(w.world, w.bob, 7000);
    const auto outside = w.seen_by_bob(w.ear_alice);
    EXPECT_TRUE(w.reaches(w.ear_bob, outside, w.ear_alice));
    EXPECT_EQ(w.reaches(bob_too, outside, w.ear_alice), kind.same_address_other_port);
    EXPECT_EQ(w.reaches(w.ear_carol, outside, w.ear_alice), kind.another_address);
    const std::uint64_t refused = (kind.same_address_other_port ? 0U : 1U) + (kind.another_address ? 0U : 1U);
    EXPECT_EQ(w.world.count(Fate::refused_by_nat), refused);
    EXPECT_EQ(w.seen_by(w.ear_carol, w.ear_alice) == outside, kind.one_mapping);
    EXPECT_EQ(w.home.mappings(), kind.one_mapping ? 1U : 2U);
    EXPECT_EQ(w.reaches(w.ear_carol, w.ear_carol.peers.back(), w.ear_alice), true);
  }
}

TEST(SimNat, AddressDependentMappingIsOneForAllPortsOfAPeer) {
  NatWorld w({.mapping = NatBehavior::address_dependent});
  Ear bob_too(w.world, w.bob, 7000);
  const auto outside = w.seen_by_bob(w.ear_alice);
  EXPECT_EQ(w.seen_by(bob_too, w.ear_alice), outside);
  EXPECT_NE(w.seen_by(w.ear_carol, w.ear_alice), outside);
  EXPECT_EQ(w.home.outside_of(w.alice.endpoint(), w.bob.endpoint(1)), outside);
  EXPECT_EQ(w.home.outside_of(w.alice.endpoint(), at("192.0.2.99:1")), std::nullopt);
}

TEST(SimNat, AMappingLivesSoLongAfterTheLastDatagramOutwards) {
  NatWorld w({.mapping_lifetime = 30s});
  const auto outside = w.seen_by_bob(w.ear_alice);
  w.world.run_for(20s);
  EXPECT_TRUE(w.reaches(w.ear_bob, outside, w.ear_alice)) << "which refreshes nothing";
  w.world.run_for(11s);
  EXPECT_FALSE(w.reaches(w.ear_bob, outside, w.ear_alice));
  EXPECT_EQ(w.world.count(Fate::no_mapping), 1U);
  EXPECT_EQ(w.home.mappings(), 0U);
  EXPECT_TRUE(w.ear_bob.unreachable.empty()) << "a NAT drops silently";
  for (int i = 0; i < 5; ++i) {  // kept alive from inside
    EXPECT_EQ(w.seen_by_bob(w.ear_alice), at("203.0.113.1:5060"));
    w.world.run_for(25s);
  }
  EXPECT_TRUE(w.reaches(w.ear_bob, outside, w.ear_alice));
}

TEST(SimNat, TheLifeTimeEndsToTheNanosecond) {
  NatWorld w({.mapping_lifetime = 30s});
  w.ear_alice.say("x", w.ear_bob);
  w.world.run_for(30s - 1ns);
  EXPECT_EQ(w.home.mappings(), 1U);
  w.world.run_for(1ns);
  EXPECT_EQ(w.home.mappings(), 0U);
}

TEST(SimNat, APeerThatIsNotSpokenToIsShutOutThoughTheMappingLives) {
  NatWorld w({.mapping_lifetime = 30s});
  const auto outside = w.seen_by_bob(w.ear_alice);
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(w.seen_by(w.ear_carol, w.ear_alice), outside);
    w.world.run_for(10s);
  }
  EXPECT_FALSE(w.reaches(w.ear_bob, outside, w.ear_alice));
  EXPECT_EQ(w.world.count(Fate::refused_by_nat), 1U);
  EXPECT_TRUE(w.reaches(w.ear_carol, outside, w.ear_alice));
}

TEST(SimNat, InboundRefreshKeepsTheMappingToo) {
  NatWorld w({.mapping_lifetime = 30s, .inbound_refresh = true});
  const auto outside = w.seen_by_bob(w.ear_alice);
  for (int i = 0; i < 5; ++i) {
    w.world.run_for(25s);
    EXPECT_TRUE(w.reaches(w.ear_bob, outside, w.ear_alice));
    EXPECT_FALSE(w.reaches(w.ear_carol, outside, w.ear_alice)) << "what is refused refreshes nothing";
  }
  w.world.run_for(25s);
  EXPECT_FALSE(w.reaches(w.ear_carol, outside, w.ear_alice));
  w.world.run_for(6s);
  EXPECT_FALSE(w.reaches(w.ear_bob, outside, w.ear_alice));
}

TEST(SimNat, PortsArePreservedWhenFreeAndDrawnOtherwise) {
  NatWorld w;
  Ear ear_anna(w.world, w.anna);
  EXPECT_EQ(w.seen_by_bob(w.ear_alice).port, 5060);
  const auto other = w.seen_by_bob(ear_anna);
  EXPECT_NE(other.port, 5060);
  EXPECT_GE(other.port, 1024);
  EXPECT_TRUE(w.reaches(w.ear_bob, other, ear_anna));
  NatWorld drawn({.port_preservation = false}, 3);
  const auto first = drawn.seen_by_bob(drawn.ear_alice);
  EXPECT_NE(first.port, 5060);
  EXPECT_EQ(drawn.seen_by_bob(drawn.ear_alice), first) << "the mapping, once made, stays";
  NatWorld again({.port_preservation = false}, 3);
  EXPECT_EQ(again.seen_by_bob(again.ear_alice), first) << "from the seed";
  NatWorld another({.port_preservation = false}, 4);
  EXPECT_NE(another.seen_by_bob(another.ear_alice), first);
}

TEST(SimNat, AfterARebindNothingComesInAndAnotherPortGoesOut) {
  for (const bool preserved : {true, false}) {
    NatWorld w({.port_preservation = preserved});
    const auto before = w.seen_by_bob(w.ear_alice);
    w.ear_bob.say("under way", before);
    w.home.rebind();
    w.world.run_until_idle();
    EXPECT_TRUE(w.ear_alice.heard.empty()) << "what was under way finds no mapping";
    EXPECT_EQ(w.world.count(Fate::no_mapping), 1U);
    EXPECT_FALSE(w.reaches(w.ear_bob, before, w.ear_alice));
    const auto after = w.seen_by_bob(w.ear_alice);
    EXPECT_NE(after, before);
    EXPECT_TRUE(w.reaches(w.ear_bob, after, w.ear_alice));
  }
}

TEST(SimNat, HairpinningIsForThoseWhoHaveIt) {
  for (const bool hairpinning : {false, true}) {
    NatWorld w({.hairpinning = hairpinning});
    Ear ear_anna(w.world, w.anna);
    const auto alice = w.seen_by_bob(w.ear_alice);
    const auto anna = w.seen_by_bob(ear_anna);
    w.ear_alice.say("opens the filter", anna);
    w.world.run_until_idle();
    EXPECT_EQ(w.reaches(ear_anna, alice, w.ear_alice), hairpinning);
    if (hairpinning) {
      EXPECT_EQ(w.ear_alice.peers.back(), anna) << "RFC 4787 REQ-9a: from the outside address";
    }
    EXPECT_EQ(w.world.count(Fate::refused_by_nat), hairpinning ? 1U : 2U);
    EXPECT_TRUE(w.reaches(ear_anna, w.alice.endpoint(), w.ear_alice)) << "within the home it goes straight";
    EXPECT_EQ(w.ear_alice.peers.back(), w.anna.endpoint());
  }
}

TEST(SimNat, TwoHomesMayUseTheSameAddressesAndMeetByPunchingHoles) {
  NatWorld w;
  auto& other_home = w.world.nat("other home", {"203.0.113.2"});
  auto& dave = w.world.host("dave", {"192.168.0.2"}, other_home);
  Ear ear_dave(w.world, dave);
  EXPECT_EQ(dave.endpoint(), w.alice.endpoint());
  const auto alice = w.seen_by_bob(w.ear_alice);
  const auto david = w.seen_by_bob(ear_dave);
  EXPECT_FALSE(w.reaches(w.ear_alice, david, ear_dave));
  EXPECT_TRUE(w.reaches(ear_dave, alice, w.ear_alice)) << "alice has spoken to him before";
  EXPECT_TRUE(w.reaches(w.ear_alice, david, ear_dave));
  EXPECT_EQ(ear_dave.peers.back(), alice);
  w.world.set_default_link({.latency = 50ms});
  w.home.rebind();
  other_home.rebind();
  const auto new_alice = w.seen_by_bob(w.ear_alice);
  const auto new_dave = w.seen_by_bob(ear_dave);
  w.ear_alice.say("both", new_dave);
  ear_dave.say("at once", new_alice);
  w.world.run_until_idle();
  EXPECT_EQ(ear_dave.heard.back(), "both") << "the filter counts when it arrives, not when it was sent";
  EXPECT_EQ(w.ear_alice.heard.back(), "at once");
}

TEST(SimNat, SeveralOutsideAddressesArePairedOrNot) {
  for (const bool paired : {true, false}) {
    peal::sim::Simulator world;
    auto& nat = world.nat("n", {"203.0.113.1", "203.0.113.2", "203.0.113.3"}, {.paired_pooling = paired});
    auto& alice = world.host("alice", {"10.0.0.1"}, nat);
    auto& anna = world.host("anna", {"10.0.0.2"}, nat);
    Ear bob(world, world.host("bob", {"192.0.2.2"}));
    std::vector<std::unique_ptr<Ear>> ears;
    std::set<std::string> of_alice;
    for (std::uint16_t port = 6000; port < 6020; ++port) {
      ears.push_back(std::make_unique<Ear>(world, alice, port));
      ears.back()->say("x", bob);
      world.run_until_idle();
      of_alice.insert(bob.peers.back().address.to_string());
    }
    EXPECT_EQ(of_alice.size(), paired ? 1U : 3U);
    Ear other(world, anna);
    other.say("x", bob);
    world.run_until_idle();
    if (!paired) continue;
    EXPECT_FALSE(of_alice.contains(bob.peers.back().address.to_string())) << "they are shared out";
  }
}

TEST(SimNat, TheTableIsBoundAndExpiredMappingsMakeRoom) {
  NatWorld w({.mapping_lifetime = 30s, .max_mappings = 2});
  std::vector<std::unique_ptr<Ear>> ears;
  for (std::uint16_t port = 6000; port < 6003; ++port) ears.push_back(std::make_unique<Ear>(w.world, w.alice, port));
  for (const auto& ear : ears) ear->say("x", w.ear_bob);
  EXPECT_EQ(w.world.count(Fate::refused_by_nat), 1U);
  w.world.run_for(20s);
  ears[0]->say("x", w.ear_bob);
  w.world.run_for(15s);
  ears[2]->say("x", w.ear_bob);
  EXPECT_EQ(w.world.count(Fate::refused_by_nat), 1U) << "the second's was over";
  w.world.run_until_idle();
  EXPECT_EQ(w.home.mappings(), 2U);
}

TEST(SimNat, ACarriersNatBeforeTheHomes) {
  peal::sim::Simulator world;
  auto& carrier = world.nat("carrier", {"203.0.113.1"}, peal::sim::full_cone({.hairpinning = true}));
  auto& home_a = world.nat("home a", {"100.64.0.2"}, peal::sim::full_cone(), carrier);
  auto& home_b = world.nat("home b", {"100.64.0.3"}, peal::sim::full_cone(), carrier);
  auto& alice = world.host("alice", {"192.168.0.2"}, home_a);
  auto& anna = world.host("anna", {"192.168.0.2"}, home_b);
  Ear a(world, alice);
  Ear b(world, anna);
  Ear bob(world, world.host("bob", {"192.0.2.2"}));
  a.say("1", bob);
  b.say("2", bob);
  world.run_until_idle();
  ASSERT_EQ(bob.peers.size(), 2U);
  EXPECT_EQ(bob.peers[0], at("203.0.113.1:5060"));
  EXPECT_EQ(home_a.outside_of(alice.endpoint()), at("100.64.0.2:5060"));
  EXPECT_NE(bob.peers[1].port, 5060);
  bob.say("back", bob.peers[0]);
  a.say("hairpin", bob.peers[1]);
  world.run_until_idle();
  EXPECT_EQ(a.heard, (std::vector<std::string>{"back"}));
  EXPECT_EQ(b.heard, (std::vector<std::string>{"hairpin"}));
  EXPECT_EQ(b.peers[0], bob.peers[0]);
  a.say("to the neighbour's home", *home_b.outside_of(anna.endpoint()));
  world.run_until_idle();
  EXPECT_EQ(b.heard.size(), 2U) << "within the carrier's realm";
  EXPECT_EQ(b.peers[1], at("100.64.0.2:5060"));
}

TEST(SimNat, IPv6PassesUntranslatedThroughTheSameFilter) {
  peal::sim::Simulator world;
  auto& carrier = world.nat("carrier", {"203.0.113.1"});
  auto& home = world.nat("home", {"100.64.0.2"}, {.mapping_lifetime = 30s}, carrier);
  auto& alice = world.host("alice", {"192.168.0.2", "2001:db8:1::2"}, home);
  auto& anna = world.host("anna", {"2001:db8:1::3"}, home);
  Ear a(world, alice, at("[2001:db8:1::2]:5060"));
  Ear inside(world, anna);
  Ear bob(world, world.host("bob", {"2001:db8:2::2"}));
  Ear carol(world, world.host("carol", {"2001:db8:2::3"}));
  bob.say("closed", a);
  inside.say("neighbour", a);
  world.run_until_idle();
  EXPECT_EQ(a.heard, (std::vector<std::string>{"neighbour"}));
  EXPECT_EQ(world.count(Fate::no_mapping), 1U);
  a.say("opens", bob);
  world.run_until_idle();
  EXPECT_EQ(bob.peers.at(0), at("[2001:db8:1::2]:5060"));
  bob.say("answer", a);
  carol.say("refused", a);
  world.run_until_idle();
  EXPECT_EQ(a.heard.back(), "answer");
  EXPECT_EQ(world.count(Fate::refused_by_nat), 1U);
  home.rebind();
  bob.say("forgotten", a);
  world.run_until_idle();
  carol.say("stopped by the carrier, which is asked first", a);
  world.run_until_idle();
  EXPECT_EQ(world.count(Fate::no_mapping), 2U);
  EXPECT_EQ(world.count(Fate::refused_by_nat), 2U);
  EXPECT_EQ(a.heard.size(), 2U);
  a.say("same address again", bob);
  world.run_until_idle();
  EXPECT_EQ(bob.peers.back(), at("[2001:db8:1::2]:5060"));
}

TEST(SimNat, IcmpErrorsAreTranslatedBackWhileTheMappingIsThere) {
  NatWorld w({.mapping_lifetime = 30s});
  w.ear_alice.say("?", w.bob.endpoint(9));
  w.world.run_until_idle();
  ASSERT_EQ(w.ear_alice.unreachable.size(), 1U);
  EXPECT_EQ(w.ear_alice.unreachable[0].first, w.bob.endpoint(9));
  EXPECT_EQ(w.ear_alice.unreachable[0].second, std::errc::connection_refused);
  const auto outside = w.seen_by_bob(w.ear_alice);
  w.ear_alice.socket.reset();
  w.ear_bob.say("nobody listens there any more", outside);
  w.world.run_until_idle();
  ASSERT_EQ(w.ear_bob.unreachable.size(), 1U);
  EXPECT_EQ(w.ear_bob.unreachable[0].first, outside) << "as bob knows it";
  Ear again(w.world, w.alice, at("0.0.0.0:5060"));
  again.say("?", w.bob.endpoint(9));
  w.world.run_for(1100us);  // the error is on its way
  w.home.rebind();
  w.world.run_until_idle();
  EXPECT_TRUE(again.unreachable.empty());
}

TEST(SimNat, TheLinkIsThatOfTheTwoHosts) {
  NatWorld w;
  w.world.set_link(w.alice, w.bob, {.latency = 100ms});
  w.world.set_link(w.bob, w.alice, {.latency = 300ms});
  w.ear_alice.say("x", w.ear_bob);
  w.world.run_until_idle();
  w.ear_bob.say("y", w.ear_bob.peers.at(0));
  w.world.run_until_idle();
  EXPECT_EQ(w.world.elapsed(), 400ms);
  w.world.set_link(w.alice, w.bob, {.mtu = 10, .mtu_refuses = true});
  w.ear_alice.say("longer than ten", w.ear_bob);
  w.world.run_until_idle();
  ASSERT_EQ(w.ear_alice.unreachable.size(), 1U) << "told by its inside address";
  EXPECT_EQ(w.ear_alice.unreachable[0].first, w.bob.endpoint());
  w.world.partition({&w.bob});
  EXPECT_FALSE(w.reaches(w.ear_bob, w.ear_bob.peers.at(0), w.ear_alice));
  w.world.heal();
  w.home.set_up(false);
  EXPECT_FALSE(w.reaches(w.ear_bob, w.ear_bob.peers.at(0), w.ear_alice));
  w.ear_alice.say("x", w.ear_bob);
  EXPECT_EQ(w.world.count(Fate::cut), 3U);
  w.home.set_up(true);
  EXPECT_TRUE(w.reaches(w.ear_bob, w.ear_bob.peers.at(0), w.ear_alice));
}

TEST(SimNat, WrongWorldsAreRefusedAtOnce) {
  peal::sim::Simulator world;
  auto& home = world.nat("home", {"203.0.113.1"});
  EXPECT_EQ(&world.nat("home"), &home);
  EXPECT_THROW(world.nat("home", {"203.0.113.2"}), std::invalid_argument);
  EXPECT_THROW(world.nat("none"), std::invalid_argument);
  EXPECT_THROW(world.nat("six", {"2001:db8::1"}), std::invalid_argument);
  EXPECT_THROW(world.nat("taken", {"203.0.113.1"}), std::invalid_argument);
  EXPECT_THROW(world.host("taken", {"203.0.113.1"}), std::invalid_argument);
  world.host("a", {"192.168.0.2"}, home);
  EXPECT_THROW(world.host("b", {"192.168.0.2"}, home), std::invalid_argument);
  EXPECT_THROW(world.host("a", {"192.168.0.3"}, home), std::invalid_argument);
  EXPECT_THROW(world.host("b", {"192.168.0.9", "192.168.0.2"}, home), std::invalid_argument);
  EXPECT_NO_THROW(world.host("b", {"192.168.0.9"}, home)) << "what was refused has taken nothing";
  world.host("c", {"2001:db8::1"}, home);
  EXPECT_THROW(world.host("d", {"2001:db8::1"}), std::invalid_argument) << "IPv6 is known everywhere";
}

}  // namespace
