#pragma once

#include <array>
#include <string_view>

#include "arrow.hpp"
#include "machine.hpp"

namespace peal::inline v0::transaction {

/// The INVITE server transaction: RFC 3261 §17.2.1 as RFC 6026 §8.5 to §8.8 correct it.
///
///                                      |INVITE
///                                      |pass INV to TU
///                   INVITE             V send 100 if TU won't in 200 ms
///                   send response+------------+
///                       +--------|            |--------+ 101-199 from TU
///                       |        |            |        | send response
///                       +------->|            |<-------+
///                                | Proceeding |
///                                |            |--------+ Transport Err.
///                                |            |        | Inform TU
///                                |            |<-------+
///                                +------------+
///                   300-699 from TU |    |2xx from TU
///                   send response   |    |send response
///                    +--------------+    +------------+
///                    |                                |
///   INVITE           V          Timer G fires         |
///   send response +-----------+ send response         |
///        +--------|           |--------+              |
///        |        |           |        |              |
///        +------->| Completed |<-------+      INVITE  |  Transport Err.
///                 |           |               -       |  Inform TU
///        +--------|           |----+          +-----+ |  +---+
///        |        +-----------+    | ACK      |     | v  |   v
///        |          ^   |          | -        |  +------------+
///        |          |   |          |          |  |            |---+ ACK
///        +----------+   |          |          +->|  Accepted  |   | to TU
///        Transport Err. |          |             |            |<--+
///        Inform TU      |          V             +------------+
///                       |      +-----------+        |  ^     |
///                       |      |           |        |  |     |
///                       |      | Confirmed |        |  +-----+
///                       |      |           |        |  2xx from TU
///         Timer H fires |      +-----------+        |  send response
///         -             |          |                |
///                       |          | Timer I fires  |
///                       |          | -              | Timer L fires
///                       |          V                | -
///                       |        +------------+     |
///                       +------->| Terminated |<----+
///                                +------------+
///                    Figure 7: INVITE server transaction
///
/// Accepted and Confirmed only wait: the machine is freed there, an echo record follows the figure's remaining arrows.
class ServerInvite : public ServerMachine {
 public:
  enum class State : std::uint8_t { proceeding, completed, confirmed, accepted, terminated };
  enum class Event : std::uint8_t {
    invite,
    ack,
    tu_1xx,
    tu_2xx,
    tu_300_699,
    timer_100,
    timer_g,
    timer_h,
    timer_i,
    timer_l,
    transport_error
  };
  enum class Act : std::uint8_t {
    nothing,
    send_response,
    send_100,
    send_again,
    pass_ack_up,
    tell_no_ack,
    tell_transport_failed
  };
  using enum State;
  using enum Event;
  using enum Act;
  using Arrow = transaction::Arrow<State, Event, Act>;
  static const std::array<Arrow, 16> figure_7;

  ServerInvite(const Surroundings& s, ServerOwner& o, ServerId i, const Key& k, MethodId m, std::uint32_t n,
               const Flow& f) noexcept
      : ServerMachine(s, o, i, k, m, n, f) {}

  /// From the TU. wrong_state when it cannot be sent now, or what the transport says: see TransactionLayer::respond.
  Result<Packet> respond(const Response& response);
  void on_request() { step(invite); }
  void on_ack() { step(ack); }
  void on_transport_error(std::error_code detail);
  /// The user said nothing in on_request: `hundred` goes out 200 ms after the request.
  void expect_silence(SharedBytes hundred) noexcept;
  [[nodiscard]] State state() const noexcept { return state_; }
  [[nodiscard]] bool awaits_response() const noexcept { return state_ == proceeding; }

 private:
  friend struct MachineTwin;  // of tests: copies a machine with what its timers have left
  void on_timer_g() { step(state_ == proceeding ? timer_100 : timer_g); }
  void on_timer_h() { step(timer_h); }
  void step(Event event, std::error_code detail = {});
  void send_fallback();

  State state_ = proceeding;
  bool told_ = false;  ///< the TU knows that the transport failed
  Duration interval_g_{};
  OwnedTimer<ServerInvite, &ServerInvite::on_timer_g> timer_g_{*this};  ///< in Proceeding the 200 ms
  OwnedTimer<ServerInvite, &ServerInvite::on_timer_h> timer_h_{*this};
};

std::string_view name_of(ServerInvite::State state) noexcept;
std::string_view name_of(ServerInvite::Event event) noexcept;

}  // namespace peal::inline v0::transaction
