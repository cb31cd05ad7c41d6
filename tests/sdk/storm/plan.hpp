#pragma once

#include <chrono>
#include <cstdint>

namespace storm {

using std::chrono::milliseconds;

/// splitmix64: the same numbers on every machine.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) noexcept : state_(seed) {}
  std::uint64_t next() noexcept {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
  }
  std::uint32_t below(std::uint32_t n) noexcept { return static_cast<std::uint32_t>(next() % n); }
  bool percent(std::uint32_t p) noexcept { return below(100) < p; }
  milliseconds up_to(std::uint32_t ms) noexcept { return milliseconds(below(ms + 1)); }

 private:
  std::uint64_t state_;
};

/// How a call is ended before its time.
enum class Abort : std::uint8_t {
  none,
  caller_at_once,      ///< within 100 ms of the INVITE: before the first 1xx, so CANCEL is held (RFC 3261 §9.1)
  caller_any_time,     ///< CANCEL or BYE
  caller_near_2xx,     ///< while the 2xx or its ACK is on its way
  caller_near_ack,     ///< within 100 ms of its ACK
  callee_rejects,      ///< 3xx–6xx
  callee_declines,     ///< `hang_up` while it rings: 603
  callee_near_answer,  ///< BYE, held until the ACK (§15)
  both_at_answer,
};

struct Plan {
  Abort abort = Abort::none;
  bool rings = true, answers = true, early_sdp = false, late_offer = false, ipv6 = false;
  bool caller_hangs_up = true, callee_hangs_up = false;
  bool caller_holds = false, callee_holds = false;
  std::uint16_t code = 486;
  milliseconds ring{}, answer{}, talk{}, moment{}, hold{};

  static Plan draw(Chance& chance) {
    static constexpr std::uint16_t codes[] = {300, 302, 403, 404, 410, 480, 486, 488, 500, 503, 600, 603, 606};
    Plan plan;
    if (chance.percent(30)) plan.abort = static_cast<Abort>(1 + chance.below(8));
    plan.rings = chance.percent(90);
    plan.early_sdp = chance.percent(25);
    plan.late_offer = chance.percent(10);
    plan.ipv6 = chance.percent(40);
    plan.ring = chance.up_to(300);
    plan.answer = plan.ring + chance.up_to(3000);
    plan.talk = chance.up_to(10'000);
    const auto who = chance.below(10);
    plan.caller_hangs_up = who < 5;
    plan.callee_hangs_up = who >= 5 || who == 0;  // one in ten: both at the same time
    plan.caller_holds = chance.percent(8);
    plan.callee_holds = chance.percent(8);
    plan.hold = chance.up_to(5000);
    plan.code = codes[chance.below(sizeof codes / sizeof codes[0])];
    switch (plan.abort) {
      case Abort::none: break;
      case Abort::caller_at_once: plan.moment = chance.up_to(100); break;
      case Abort::caller_any_time:
        plan.answers = chance.percent(70);
        plan.moment = chance.up_to(6000);
        break;
      case Abort::callee_rejects:
      case Abort::callee_declines: plan.moment = chance.percent(20) ? milliseconds(0) : chance.up_to(4000); break;
      case Abort::caller_near_2xx:
      case Abort::caller_near_ack:
      case Abort::callee_near_answer:
      case Abort::both_at_answer: plan.moment = chance.percent(20) ? milliseconds(0) : chance.up_to(120); break;
    }
    return plan;
  }
};

}  // namespace storm
