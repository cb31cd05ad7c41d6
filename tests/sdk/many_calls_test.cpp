#include "sim_pair.hpp"

#include <cstdlib>
#include <unordered_map>

using namespace sim_pair;

namespace {

/// Answers, and hangs up after a while; counts terminal events by call.
struct Load : peal::UserAgentHandler {
  explicit Load(peal::sim::Simulator& s) : sim(s) {}
  peal::sim::Simulator& sim;
  std::unordered_map<std::uint64_t, int> ended;
  std::size_t answered = 0;

  void on_incoming_call(peal::IncomingCall& call) override {
    ended.emplace(call.id(), 0);
    (void)call.ring();
    auto answer = call;
    sim.after(200ms, [answer]() mutable { (void)answer.answer(); });
  }
  void on_established(peal::Call& call, const peal::Established&) override {
    ++answered;
    auto hang_up = call;
    sim.after(5s, [hang_up]() mutable { (void)hang_up.hang_up(); });
  }
  void on_ended(peal::Call& call, const peal::Ended&) override { ++ended[call.id()]; }
};

struct Outcome {
  std::uint64_t trace = 0;
  std::size_t answered = 0;
};

Outcome run_calls(std::uint64_t seed, int calls) {
  peal::sim::Simulator sim(seed);
  peal::sim::LinkOptions bad;
  bad.latency = 20ms;
  bad.jitter = 10ms;
  bad.loss = 0.10;
  bad.duplication = 0.05;
  bad.reordering = 0.05;
  sim.set_default_link(bad);
  auto& a = sim.host("a.test", {"192.0.2.1"});
  auto& b = sim.host("b.test", {"192.0.2.2"});
  peal::UserAgent alice(a.runtime(), listening_on("udp:192.0.2.1:5060"));
  peal::UserAgent bob(b.runtime(), listening_on("udp:192.0.2.2:5060"));
  Load at_alice(sim);
  Load at_bob(sim);
  EXPECT_TRUE(alice.set_handler(&at_alice));
  EXPECT_TRUE(bob.set_handler(&at_bob));
  for (int i = 0; i < calls; ++i) {
    sim.after(i * 5ms, [&] {
      auto call = alice.invite("sip:bob@192.0.2.2");
      ASSERT_TRUE(call);
      at_alice.ended.emplace(call->id(), 0);
    });
  }
  sim.run_for(calls * 5ms + 200s);
  EXPECT_EQ(at_alice.ended.size(), static_cast<std::size_t>(calls));
  for (const auto& [id, count] : at_alice.ended) EXPECT_EQ(count, 1) << id;
  for (const auto& [id, count] : at_bob.ended) EXPECT_EQ(count, 1) << id;
  expect_nothing_left(alice);
  expect_nothing_left(bob);
  return {sim.trace_hash(), at_alice.answered};
}

}  // namespace

TEST(ManyCalls, TenThousandOnABadNetworkEndOnceEachAndLeaveNothing) {
  const char* wanted = std::getenv("PEAL_CALLS");  // the long run asks for more
  const int calls = wanted == nullptr ? 10'000 : std::atoi(wanted);
  const auto first = run_calls(7, calls);
  EXPECT_GT(first.answered, static_cast<std::size_t>(calls) / 100 * 99);
  EXPECT_EQ(run_calls(7, calls).trace, first.trace);
}

TEST(ManyCalls, SameSeedSameTraceByteForByte) {
  const auto once = run_calls(42, 500);
  const auto again = run_calls(42, 500);
  const auto other = run_calls(43, 500);
  EXPECT_EQ(once.trace, again.trace);
  EXPECT_NE(once.trace, other.trace);
}
