#pragma once

#include <array>
#include <string_view>

#include "arrow.hpp"
#include "machine.hpp"

namespace peal::inline v0::transaction {

/// The non-INVITE server transaction: RFC 3261 §17.2.2, and RFC 4320 §4.
///
///                                  |Request received
///                                  |pass to TU
///                                  V
///                            +-----------+
///                            |           |
///                            | Trying    |-------------+
///                            |           |             |
///                            +-----------+             |200-699 from TU
///                                  |                   |send response
///                                  |1xx from TU        |
///                                  |send response      |
///                                  |                   |
///               Request            V      1xx from TU  |
///               send response+-----------+send response|
///                   +--------|           |--------+    |
///                   |        | Proceeding|        |    |
///                   +------->|           |<-------+    |
///            +<--------------|           |             |
///            |Trnsprt Err    +-----------+             |
///            |Inform TU            |                   |
///            |                     |200-699 from TU    |
///            |                     |send response      |
///            |  Request            V                   |
///            |  send response+-----------+             |
///            |      +--------|           |             |
///            |      |        | Completed |<------------+
///            |      +------->|           |
///            +<--------------|           |
///            |Trnsprt Err    +-----------+
///            |Inform TU            |
///            |                     |Timer J fires
///            |                     V
///            |               +-----------+
///            +-------------->| Terminated|
///                            +-----------+
///                Figure 8: non-INVITE server transaction
///
/// "Trnsprt Err" no longer ends it: RFC 6026 §8.8.
/// Completed only waits: the machine is freed there, an echo record follows the figure's remaining arrows.
class ServerNonInvite : public ServerMachine {
 public:
  enum class State : std::uint8_t { trying, proceeding, completed, terminated };
  enum class Event : std::uint8_t { request, tu_1xx, tu_200_699, timer_100, timer_500, timer_j };
  enum class Act : std::uint8_t { nothing, send_response, send_100, send_500, send_again };
  using enum State;
  using enum Event;
  using enum Act;
  using Arrow = transaction::Arrow<State, Event, Act>;
  static const std::array<Arrow, 11> figure_8;

  ServerNonInvite(const Surroundings& s, ServerOwner& o, ServerId i, const Key& k, MethodId m, std::uint32_t n,
                  const Flow& f) noexcept
      : ServerMachine(s, o, i, k, m, n, f) {}

  /// From the TU. wrong_state, not_allowed (RFC 4320), or what the transport says: see TransactionLayer::respond.
  Result<Packet> respond(const Response& response);
  void on_request() { step(request); }
  /// The user said nothing in on_request: a 100 goes out when a client's Timer E has reached T2, and at 64*T1 - T2 the
  /// 500 that `answer` is, both printed from it.
  void expect_silence(SharedBytes answer) noexcept;
  [[nodiscard]] State state() const noexcept { return state_; }
  [[nodiscard]] bool awaits_response() const noexcept { return state_ == trying || state_ == proceeding; }

  /// RFC 4320 §4.1: how long after a request Timer E is reset to T2 at its sender.
  static Duration until_e_is_t2(const Timers& timers) noexcept;

 private:
  friend struct MachineTwin;  // of tests: copies a machine with what its timers have left
  void on_timer();
  void step(Event event);
  Result<Packet> send_fallback(std::string_view start_line);

  State state_ = trying;
  bool past_100_ = false;
  transport::TimePoint born_ = around.timers.now();
  OwnedTimer<ServerNonInvite, &ServerNonInvite::on_timer> timer_{*this};
};

std::string_view name_of(ServerNonInvite::State state) noexcept;
std::string_view name_of(ServerNonInvite::Event event) noexcept;

}  // namespace peal::inline v0::transaction
