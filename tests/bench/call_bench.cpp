// What a call costs: time through the whole stack with the wire simulated, and bytes while it lasts and after it.
#include <peal/testing/simulator.hpp>
#include <peal/user_agent.hpp>

#include <benchmark/benchmark.h>

#include <malloc.h>

#include <memory>
#include <vector>

namespace {

using namespace std::chrono_literals;

struct Answerer : peal::UserAgentHandler {
  std::vector<peal::Call> calls;
  void on_incoming_call(peal::IncomingCall& call) override { (void)call.answer(); }
};

struct Caller : peal::UserAgentHandler {
  std::vector<peal::Call> live;
  void on_established(peal::Call& call, const peal::Established&) override { live.push_back(call); }
};

peal::Config at(const char* where) {
  peal::Config config;
  config.listen = {where};
  return config;
}

struct World {
  peal::sim::Simulator sim{1};
  peal::sim::Host& a{sim.host("a.test", {"192.0.2.1"})};
  peal::sim::Host& b{sim.host("b.test", {"192.0.2.2"})};
  Caller at_alice;
  Answerer at_bob;
  peal::UserAgent alice{a.runtime(), at("udp:192.0.2.1:5060")};
  peal::UserAgent bob{b.runtime(), at("udp:192.0.2.2:5060")};
  World() {
    (void)alice.set_handler(&at_alice);
    (void)bob.set_handler(&at_bob);
  }
  void establish(int calls) {
    for (int i = 0; i < calls; ++i) {
      (void)alice.invite("sip:bob@192.0.2.2");
      if (i % 16 == 15) sim.run_for(3ms);
    }
    sim.run_for(100ms);
  }
  void hang_up_all() {
    int n = 0;
    for (auto& call : at_alice.live) {
      (void)call.hang_up();
      if (++n % 16 == 0) sim.run_for(3ms);
    }
    at_alice.live.clear();
    at_alice.live.shrink_to_fit();
    sim.run_for(100ms);
  }
};

double heap() { return static_cast<double>(mallinfo2().uordblks); }

/// INVITE, 200, ACK, BYE, 200 between two user agents: both ends' work and the simulator's, no sockets.
void whole_call(benchmark::State& state) {
  World world;
  for (auto _ : state) {
    (void)world.alice.invite("sip:bob@192.0.2.2");
    world.sim.run_for(4ms);
    if (world.at_alice.live.size() != 1) return state.SkipWithError("no call");
    (void)world.at_alice.live.back().hang_up();
    world.at_alice.live.clear();
    world.sim.run_for(4ms);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(whole_call)->Name("peal/call/simulated");

/// Heap bytes of one end of an established call (half of what both ends hold), and of a finished one while its echo records last.
void bytes_per_call(benchmark::State& state) {
  const int calls = static_cast<int>(state.range(0));
  for (auto _ : state) {
    World world;
    world.establish(64);  // warm
    world.hang_up_all();
    world.sim.run_for(40s);
    world.at_alice.live.reserve(static_cast<std::size_t>(calls));
    const double before = heap();
    world.establish(calls);
    world.sim.run_for(40s);  // transactions are over, the calls stand
    const double established = heap() - before;
    if (world.at_alice.live.size() != static_cast<std::size_t>(calls)) return state.SkipWithError("not all established");
    world.hang_up_all();
    const double finished = heap() - before;
    world.sim.run_for(40s);
    const double after = heap() - before;
    state.counters["established_B"] = established / calls / 2;
    state.counters["finished_B"] = finished / calls / 2;
    state.counters["left_B"] = after / calls / 2;
  }
}
BENCHMARK(bytes_per_call)->Name("peal/call/bytes")->Arg(1000)->Arg(10000)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
