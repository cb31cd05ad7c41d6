#pragma once

#include <peal/testing/raw_peer.hpp>
#include <peal/testing/simulator.hpp>
#include <peal/user_agent.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// Two user agents in the simulated network, and what their handlers heard.
namespace sim_pair {

using namespace std::chrono_literals;

/// Writes down every event as one word, and does with calls what it is told.
struct Recorder : peal::UserAgentHandler {
  std::vector<std::string> log;
  std::vector<peal::IncomingCall> offered;
  std::vector<peal::Cause> ends;
  bool answer_at_once = true;
  bool ring = false;

  void on_incoming_call(peal::IncomingCall& call) override {
    log.emplace_back("incoming");
    offered.push_back(call);
    if (ring) {
      EXPECT_TRUE(call.ring());
    }
    if (answer_at_once) {
      EXPECT_TRUE(call.answer());
    }
  }
  void on_progress(peal::Call&, const peal::Progress& e) override { log.push_back(std::to_string(e.code.value())); }
  void on_established(peal::Call&, const peal::Established&) override { log.emplace_back("established"); }
  void on_changed(peal::Call&, const peal::Changed& e) override {
    static const char* const holds[] = {"none", "local", "remote", "both"};
    log.push_back(std::string(e.by_peer ? "peer:" : "we:") + holds[static_cast<int>(e.hold)]);
  }
  void on_change_failed(peal::Call&, const peal::ChangeFailed& e) override {
    log.push_back("change_failed:" + std::to_string(e.code));
  }
  void on_ended(peal::Call&, const peal::Ended& e) override {
    log.emplace_back("ended");
    ends.push_back(e.cause);
  }
  void on_registration(peal::Account&, const peal::RegistrationEvent& e) override {
    static const char* const states[] = {"unregistered", "registering", "registered", "unregistering", "failed"};
    log.emplace_back(states[static_cast<int>(e.state)]);
    registrations.push_back(e);
  }
  std::vector<peal::RegistrationEvent> registrations;
};

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

/// Every live object has gone.
inline void expect_nothing_left(peal::UserAgent& ua) {
  auto counters = ua.counters();
  ASSERT_TRUE(counters);
  EXPECT_EQ(counters->calls, 0U);
  EXPECT_EQ(counters->core.sessions, 0U);
  EXPECT_EQ(counters->core.dialogs, 0U);
  EXPECT_EQ(counters->core.outgoing_requests, 0U);
  EXPECT_EQ(counters->core.transaction.client_machines, 0U);
  EXPECT_EQ(counters->core.transaction.server_machines, 0U);
  EXPECT_EQ(counters->core.transaction.echo_records, 0U);
}

}  // namespace sim_pair
