#pragma once

#include <peal/testing/testing.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// Two user agents in the simulated network, and what their handlers heard.
namespace sim_pair {

using namespace std::chrono_literals;

using peal::sim::Recorder;

inline peal::Config listening_on(std::string where) {
  peal::Config config;
  config.listen = {std::move(where)};
  return config;
}

struct Pair {
  explicit Pair(std::uint64_t seed = 1)
      : sim(seed),
        alice_host(sim.host("alice.test", {"192.0.2.1"})),
        bob_host(sim.host("bob.test", {"192.0.2.2"})),
        alice(std::make_unique<peal::UserAgent>(alice_host.runtime(), listening_on("udp:192.0.2.1:5060"))),
        bob(std::make_unique<peal::UserAgent>(bob_host.runtime(), listening_on("udp:192.0.2.2:5060"))) {
    EXPECT_TRUE(alice->set_handler(&at_alice));
    EXPECT_TRUE(bob->set_handler(&at_bob));
  }
  peal::sim::Simulator sim;
  peal::sim::Host& alice_host;
  peal::sim::Host& bob_host;
  Recorder at_alice;
  Recorder at_bob;
  std::unique_ptr<peal::UserAgent> alice;
  std::unique_ptr<peal::UserAgent> bob;
};

/// Two phones, as users' tests have them.
struct Phones {
  explicit Phones(std::uint64_t seed = 1) : sim(seed) {}
  void expect_idle(peal::sim::SourceLine where = peal::sim::SourceLine::here()) {
    expect(alice, where).to_be_idle();
    expect(bob, where).to_be_idle();
  }
  peal::sim::Simulator sim;
  peal::sim::Phone alice{sim, "alice.test", {"192.0.2.1"}};
  peal::sim::Phone bob{sim, "bob.test", {"192.0.2.2"}};
};

/// Every live object has gone.
inline void expect_nothing_left(peal::UserAgent& ua) { EXPECT_EQ(peal::sim::what_is_left(ua), ""); }

}  // namespace sim_pair
