// A user agent against a wire that says anything, on the virtual clock: the input says who does what, and when.
//   byte 0: what is under test (bit 7: a UserAgent, else a UaCore) and its limits; byte 1: the network
//   then acts: of the API, of the wire, of time
// Whatever it was, afterwards: everything comes to rest in bounded time, each call has had one end and nothing after
// it, nothing lives, every message of ours is one that we would take ourselves (strict), and there are not more of them
// than what was heard and asked for explains.
#include "stateful/subject.hpp"
#include "stateful/wire.hpp"

#include <chrono>

namespace {

using namespace std::chrono_literals;
using namespace stateful;

/// Of a message heard or a call of the API: an INVITE goes out 7 times, a 2xx or a BYE 11 times, and both may come of
/// one; the rest is for what a timer adds (a 1xx a minute, REGISTER again, the BYE of a fork).
constexpr std::size_t most_sent_each = 40;
constexpr std::size_t most_acts = 120;

struct World {
  World(std::uint8_t what, std::uint8_t network) {
    peal::sim::LinkOptions link;
    link.latency = 1ms;
    if ((network & 1U) != 0) link.loss = 0.2;
    if ((network & 2U) != 0) link.duplication = 0.2;
    if ((network & 4U) != 0) link.reordering = 0.3;
    sim.set_default_link(link);
    sim.set_name("two.test", {peer.addresses()[1], peer.addresses()[0]});
    sim.observe([this](const peal::sim::WireEvent& event) { wire.see(event); });
    subject = (what & 0x80U) != 0 ? make_agent(sim, host, what) : make_core(sim, host, what);
  }
  void time(Bytes& in) {
    static constexpr std::chrono::milliseconds waits[] = {1ms, 2ms, 10ms, 200ms,   500ms, 1s,      2s,  3500ms,
                                                          4s,  5s,  10s,  27999ms, 32s,   32001ms, 64s, 200s};
    const auto how = in.u8();
    if ((how & 0x80U) != 0) return void(sim.step(10min));  // exactly to what happens next
    sim.run_for(waits[how % std::size(waits)]);
  }

  peal::sim::Simulator sim{7};
  peal::sim::Host& host = sim.host("ua.test", {"192.0.2.1", "2001:db8::1"});
  peal::sim::Host& peer = sim.host("peer.test", {"192.0.2.2", "2001:db8::2"});
  Wire wire{sim, host, peer};
  std::unique_ptr<Subject> subject;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3 || size > 4096) return 0;
  Bytes in(data, size);
  const auto what = in.u8();
  World world(what, in.u8());
  const auto begun = world.sim.now();
  for (std::size_t act = 0; act < most_acts && !in.empty(); ++act) {
    switch (in.below(8)) {
      case 0:
      case 1:
      case 2: world.subject->act(in); break;
      case 3:
      case 4:
      case 5: world.wire.act(in); break;
      default: world.time(in); break;
    }
  }
  world.subject->finish();
  must(world.sim.run_until_idle(1h), "no rest");
  world.subject->check();
  const auto minutes = static_cast<std::size_t>((world.sim.now() - begun) / 1min);
  must(
      world.wire.sent_by_subject() <= most_sent_each * (world.wire.sent_to_subject() + world.subject->acts() + minutes),
      "more said than was asked for");
  world.subject->destroy();
  must(world.host.open_sockets() == 0 && world.host.armed_timers() == 0, "left behind");
  return 0;
}
