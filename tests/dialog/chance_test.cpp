#include "ua_fixture.hpp"

#include <random>

namespace {

using namespace dialog_testing;

/// One call between two real stacks on a bad network; both users do what comes to their mind.
class ChancePair {
 public:
  explicit ChancePair(std::uint64_t seed) : sim(seed), random_(seed) {
    sim.set_default_link(
        {.latency = 5ms, .jitter = 40ms, .loss = seed % 3 == 0 ? 0.0 : 0.15, .duplication = 0.1, .reordering = 0.1});
    bob.on_call = [this](InviteSession&) { schedule_bob(); };
    for (auto* agent : {&alice, &bob}) {
      agent->user.react = [this, agent](InviteSession&, std::string_view event) {
        if (event != "ended") return;
        (agent == &alice ? session : bob.incoming) = nullptr;
      };
      agent->media.later = chance(4);
    }
    InviteOptions options;
    options.late_offer = chance(3);
    session = alice.call("sip:bob@192.0.2.2", std::move(options));
    for (int i = 0; i < 8; ++i) at_some_time([this] { act(alice, session); });
    for (int i = 0; i < 30; ++i) at_some_time([this] { answer_tickets(); });
    if (chance(2))
      at_some_time([this] {
        if (session != nullptr) (void)session->hang_up();
      });
  }
  /// Lets everything settle; says what is wrong, or nothing.
  std::string verdict() {
    sim.run_for(4s);
    for (int i = 0; i < 5; ++i) {  // nobody thinks for ever
      answer_tickets();
      sim.run_for(40s);
    }
    const bool talking = session != nullptr && session->state() == SessionState::established;
    const bool heard = bob.incoming != nullptr && bob.incoming->state() == SessionState::established;
    if (talking != heard) return "one talks alone: " + alice.user.story() + " | " + bob.user.story();
    if (talking &&
        (session->local_sdp() != bob.incoming->remote_sdp() || session->remote_sdp() != bob.incoming->local_sdp()))
      return "they do not agree on the media";
    if (session != nullptr) (void)session->hang_up();
    sim.run_for(1s);
    if (bob.incoming != nullptr) (void)bob.incoming->hang_up();
    for (int i = 0; i < 3; ++i) {
      sim.run_for(70s);
      answer_tickets();
    }
    if (alice.user.ends != 1) return "alice heard " + std::to_string(alice.user.ends) + " ends: " + alice.user.story();
    if (bob.user.ends != (called_ ? 1 : 0))
      return "bob heard " + std::to_string(bob.user.ends) + " ends: " + bob.user.story();
    if (alice.user.events.back() != "ended") return "alice heard of a dead session";
    if (!alice.idle() || !bob.idle()) return "something is left";
    return {};
  }

  sim::Simulator sim;
  sim::Host& alice_host = sim.host("alice", {"192.0.2.1"});
  sim::Host& bob_host = sim.host("bob", {"192.0.2.2"});
  Agent alice{sim, alice_host};
  Agent bob{sim, bob_host};
  InviteSession* session = nullptr;

 private:
  bool chance(unsigned one_in) { return random_() % one_in == 0; }
  template <class F>
  void at_some_time(F f) {
    sim.after(std::chrono::milliseconds(random_() % 3000), std::move(f));
  }
  void schedule_bob() {
    called_ = true;
    if (chance(2)) (void)bob.incoming->progress(status::ringing, chance(2));
    if (chance(3)) (void)bob.incoming->accept(status::ok);
    at_some_time([this] {
      if (bob.incoming != nullptr && !chance(6)) (void)bob.incoming->accept(status::ok);
    });
    if (chance(5))
      at_some_time([this] {
        if (bob.incoming != nullptr) (void)bob.incoming->reject(status::busy_here);
      });
    if (chance(3))
      at_some_time([this] {
        if (bob.incoming != nullptr) (void)bob.incoming->hang_up();
      });
    for (int i = 0; i < 8; ++i) at_some_time([this] { act(bob, bob.incoming); });
  }
  void act(Agent& agent, InviteSession* who) {
    if (who == nullptr) return;
    switch (random_() % 6) {
      case 0: (void)who->hold(true); break;
      case 1: (void)who->hold(false); break;
      case 2: (void)who->reinvite(false); break;
      case 3: (void)who->reinvite(true); break;
      case 4: agent.media.refuse_answer = chance(4); break;
      default: (void)who->progress(status::session_progress, true); break;
    }
  }
  void answer_tickets() {
    for (auto* agent : {&alice, &bob}) {
      auto tickets = std::exchange(agent->media.tickets, {});
      for (auto& ticket : tickets) ticket.answer(chance(8) ? std::nullopt : agent->media.make("sendrecv"));
    }
  }

  std::mt19937_64 random_;
  bool called_ = false;
};

TEST(ChanceTest, TwoStacksAlwaysAgreeInTheEnd) {
  int established = 0;
  for (std::uint64_t seed = 1; seed <= 1500; ++seed) {
    ChancePair pair(seed);
    const auto wrong = pair.verdict();
    EXPECT_EQ(wrong, "") << "seed " << seed;
    established += pair.alice.user.heard("established") ? 1 : 0;
  }
  EXPECT_GT(established, 600);
}

}  // namespace
