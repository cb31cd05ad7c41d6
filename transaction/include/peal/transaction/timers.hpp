#pragma once

#include <peal/transport/timer_service.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace peal::inline v0::transaction {

using transport::Duration;

/// The three values that all others follow from (RFC 3261 §17.1.1.1, Table 4). Per stack, never global.
struct Timers {
  Duration t1 = std::chrono::milliseconds(500);
  Duration t2 = std::chrono::seconds(4);
  Duration t4 = std::chrono::seconds(5);
};

/// RFC 3261 Table 4, and L and M of RFC 6026.
enum class TimerName : std::uint8_t { a, b, c, d, e, f, g, h, i, j, k, l, m };

/// First (A, E, G) or only duration of a timer. C is a proxy's (over 3 minutes) and not used by a user agent.
constexpr Duration duration_of(TimerName timer, const Timers& t, bool reliable) noexcept {
  switch (timer) {
    case TimerName::a:
    case TimerName::e:
    case TimerName::g: return reliable ? Duration::zero() : t.t1;
    case TimerName::b:
    case TimerName::f:
    case TimerName::h:
    case TimerName::l:
    case TimerName::m: return 64 * t.t1;
    case TimerName::c: return std::chrono::seconds(181);
    case TimerName::d: return reliable ? Duration::zero() : std::max<Duration>(std::chrono::seconds(32), 64 * t.t1);
    case TimerName::i:
    case TimerName::k: return reliable ? Duration::zero() : t.t4;
    case TimerName::j: return reliable ? Duration::zero() : 64 * t.t1;
  }
  return Duration::zero();
}

}  // namespace peal::inline v0::transaction
