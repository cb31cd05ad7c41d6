#include "ua_fixture.hpp"

namespace {

using namespace dialog_testing;

/// Runs one whole call with every upcall numbered, and destroys an agent inside the n-th. Nothing else may break.
class LifetimeTest : public ::testing::Test {
 protected:
  struct World {
    sim::Simulator sim{3};
    sim::Host& alice_host = sim.host("alice", {"192.0.2.1"});
    sim::Host& bob_host = sim.host("bob", {"192.0.2.2"});
    Agent alice{sim, alice_host};
    Agent bob{sim, bob_host};
    int upcalls = 0;
    int fatal = -1;
    bool kill_alice = false;

    void upcall() {
      if (upcalls++ != fatal) return;
      (kill_alice ? alice : bob).core.reset();
    }
  };

  /// Ring, answer, hold, glare, hang up: as far as those who live get.
  static int play(int fatal, bool kill_alice) {
    World w;
    w.fatal = fatal;
    w.kill_alice = kill_alice;
    w.alice.user.react = [&w](InviteSession& session, std::string_view event) {
      if (event == "established") (void)session.hold(true);
      if (event == "changed: local") (void)session.hang_up();
      w.upcall();
    };
    w.bob.user.react = [&w](InviteSession&, std::string_view) { w.upcall(); };
    w.bob.on_call = [&w](InviteSession& session) {
      (void)session.progress(status::ringing, false);
      (void)session.accept(status::ok);
      w.upcall();
    };
    auto* session = w.alice.call("sip:bob@192.0.2.2");
    w.sim.run_until_idle();
    // Who lost the peer for ever rings or talks on until somebody has enough of it.
    if (w.alice.core && w.alice.user.ends == 0) (void)session->hang_up();
    if (w.bob.core && w.bob.incoming != nullptr && w.bob.user.ends == 0) (void)w.bob.incoming->hang_up();
    w.sim.run_until_idle();
    if (w.alice.core) {
      EXPECT_TRUE(w.alice.idle());
      EXPECT_EQ(w.alice.user.ends, 1);
    }
    if (w.bob.core) {
      EXPECT_TRUE(w.bob.idle());
      EXPECT_LE(w.bob.user.ends, 1);
    }
    EXPECT_EQ(w.alice_host.armed_timers() + w.bob_host.armed_timers(), 0U);
    return w.upcalls;
  }
};

TEST_F(LifetimeTest, TheCoreMayGoInAnyUpcall) {
  const int whole = play(-1, false);
  EXPECT_GE(whole, 7);
  for (int n = 0; n < whole; ++n) {
    SCOPED_TRACE(n);
    play(n, true);
    play(n, false);
  }
}

// Beast's loop: the n-th send fails, for n = 1, 2, … until the call passes unharmed.
TEST_F(LifetimeTest, AnySendMayFail) {
  for (const bool at_alice : {true, false}) {
    for (std::uint64_t n = 1; n < 12; ++n) {
      SCOPED_TRACE(n);
      World w;
      w.bob.on_call = [](InviteSession& session) { (void)session.accept(status::ok); };
      w.alice.user.react = [](InviteSession& session, std::string_view event) {
        if (event == "established") (void)session.hang_up();
      };
      (at_alice ? w.alice_host : w.bob_host).fail_send(n);
      w.alice.call("sip:bob@192.0.2.2");
      w.sim.run_until_idle();
      if (w.bob.incoming != nullptr && w.bob.user.ends == 0)
        (void)w.bob.incoming->hang_up();  // the BYE was what failed
      w.sim.run_until_idle();
      EXPECT_EQ(w.alice.user.ends, 1);
      EXPECT_EQ(w.bob.user.ends, w.bob.incoming == nullptr ? 0 : 1);
      EXPECT_TRUE(w.alice.idle());
      EXPECT_TRUE(w.bob.idle());
    }
  }
}

TEST_F(LifetimeTest, TicketsOutliveTheCore) {
  World w;
  w.bob.media.later = true;
  w.bob.on_call = [](InviteSession& session) { EXPECT_TRUE(session.accept(status::ok)); };
  w.alice.call("sip:bob@192.0.2.2");
  w.sim.run_for(1s);
  w.bob.core.reset();
  ASSERT_EQ(w.bob.media.tickets.size(), 1U);
  w.bob.media.tickets[0].answer(w.bob.media.make("sendrecv"));
  w.alice.core.reset();
  w.sim.run_until_idle();
  EXPECT_EQ(w.bob.user.ends, 0);
}

TEST_F(LifetimeTest, RequestsOutliveTheCore) {
  World w;
  struct Silent final : OutgoingUser {
    int finals = 0;
    void on_final(const Response*, const Cause&) override { ++finals; }
  } user;
  auto sent = w.alice.core->send(
      w.alice.core->make_request({method::options, Uri::parse("sip:bob@192.0.2.2").value(), w.alice.me(), {}}), {},
      user);
  ASSERT_TRUE(sent);
  w.alice.core.reset();
  EXPECT_EQ((*sent)->request().method(), method::options);
  sent->reset();
  w.sim.run_until_idle();
  EXPECT_EQ(user.finals, 0);
}

// 2,000 calls over a bad network: each ends exactly once on each side, and nothing is left.
TEST_F(LifetimeTest, ManyCallsOverABadNetwork) {
  sim::Simulator sim(11);
  sim.set_default_link({.latency = 20ms, .jitter = 30ms, .loss = 0.1, .duplication = 0.05, .reordering = 0.05});
  auto& alice_host = sim.host("alice", {"192.0.2.1"});
  auto& bob_host = sim.host("bob", {"192.0.2.2"});
  Agent alice(sim, alice_host);
  Agent bob(sim, bob_host);
  constexpr int calls = 2000;
  std::vector<std::unique_ptr<TestUser>> callers, callees;
  bob.on_call = [&](InviteSession& session) {
    callees.push_back(std::make_unique<TestUser>());
    callees.back()->react = [](InviteSession& s, std::string_view event) {
      if (event == "established") (void)s.hold(true);
    };
    session.set_user(*callees.back());
    (void)session.progress(status::ringing, false);
    if (callees.size() % 5 == 0)
      (void)session.reject(status::busy_here);
    else
      (void)session.accept(status::ok);
  };
  std::vector<InviteSession*> sessions(calls);
  for (int i = 0; i < calls; ++i) {
    callers.push_back(std::make_unique<TestUser>());
    auto& caller = *callers.back();
    caller.react = [&sessions, i](InviteSession&, std::string_view event) {
      if (event == "ended") sessions[static_cast<std::size_t>(i)] = nullptr;
    };
    sim.after(i * 10ms, [&, i] {
      InviteOptions options;
      options.media = &alice.media;
      auto request =
          alice.core->make_request({method::invite, Uri::parse("sip:bob@192.0.2.2").value(), alice.me(), {}});
      auto session = alice.core->invite(std::move(request), std::move(options), *callers[static_cast<std::size_t>(i)]);
      ASSERT_TRUE(session);
      sessions[static_cast<std::size_t>(i)] = *session;
    });
    sim.after(i * 10ms + (i % 7) * 1s, [&, i] {
      if (auto* session = sessions[static_cast<std::size_t>(i)]) (void)session->hang_up();
    });
  }
  EXPECT_TRUE(sim.run_until_idle());
  for (const auto& caller : callers) EXPECT_EQ(caller->ends, 1);
  for (const auto& callee : callees) EXPECT_EQ(callee->ends, 1);
  EXPECT_GT(callees.size(), 1500U);
  EXPECT_TRUE(alice.idle());
  EXPECT_TRUE(bob.idle());
}

}  // namespace
