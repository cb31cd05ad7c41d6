#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "arrow.hpp"
#include "machine.hpp"

namespace peal::inline v0::transaction {

/// The INVITE client transaction: RFC 3261 §17.1.1 as RFC 6026 §8.4 corrects it.
///
///                                    |INVITE from TU
///                  Timer A fires     |INVITE sent      Timer B fires
///                  Reset A,          V                 or Transport Err.
///                  INVITE sent +-----------+           inform TU
///                    +---------|           |--------------------------+
///                    |         |  Calling  |                          |
///                    +-------->|           |-----------+              |
///   300-699                    +-----------+ 2xx       |              |
///   ACK sent                      |  |       2xx to TU |              |
///   resp. to TU                   |  |1xx              |              |
///   +-----------------------------+  |1xx to TU        |              |
///   |                                |                 |              |
///   |                1xx             V                 |              |
///   |                1xx to TU +-----------+           |              |
///   |                +---------|           |           |              |
///   |                |         |Proceeding |           |              |
///   |                +-------->|           |           |              |
///   |                          +-----------+ 2xx       |              |
///   |         300-699             |    |     2xx to TU |              |
///   |         ACK sent,  +--------+    +---------------+              |
///   |         resp. to TU|                             |              |
///   |                    |                             |              |
///   |                    V                             V              |
///   |              +-----------+                   +----------+       |
///   +------------->|           |Transport Err.     |          |       |
///                  | Completed |Inform TU          | Accepted |       |
///               +--|           |-------+           |          |-+     |
///       300-699 |  +-----------+       |           +----------+ |     |
///       ACK sent|    ^  |              |               |  ^     |     |
///               |    |  |              |               |  |     |     |
///               +----+  |              |               |  +-----+     |
///                       |Timer D fires |  Timer M fires|    2xx       |
///                       |-             |             - |    2xx to TU |
///                       +--------+     |   +-----------+              |
///                                V     V   V                          |
///                               +------------+                        |
///                               | Terminated |<-----------------------+
///                               +------------+
///                    Figure 5: INVITE client transaction
///
/// Completed and Accepted only wait: the machine is freed there, an echo record follows the figure's remaining arrows.
class ClientInvite : public ClientMachine {
 public:
  enum class State : std::uint8_t { calling, proceeding, completed, accepted, terminated };
  enum class Event : std::uint8_t {
    timer_a,
    timer_b,
    timer_d,
    timer_m,
    transport_error,
    r1xx,
    r2xx,
    r300_699,
    give_up
  };
  enum class Act : std::uint8_t {
    nothing,
    send_again_and_double_a,
    pass_up,
    ack_and_pass_up,
    ack,
    tell_timed_out,
    tell_transport_failed,
    tell_unanswered
  };
  using enum State;
  using enum Event;
  using enum Act;
  using Arrow = transaction::Arrow<State, Event, Act>;
  static const std::array<Arrow, 15> figure_5;
  static Event event_of(StatusCode status) noexcept;

  ClientInvite(const Surroundings& s, ClientOwner& o, ClientId i, const Key& k, MethodId m, ClientUser* u,
               Packet&& sent) noexcept;

  void on_response(const Response& response, const Flow& flow);
  void on_transport_error(std::error_code detail);
  /// RFC 3261 §9.1: at once in Proceeding, otherwise when a provisional comes.
  void cancel(std::string_view reason);
  [[nodiscard]] State state() const noexcept { return state_; }

 private:
  friend struct MachineTwin;  // of tests: copies a machine with what its timers have left
  void on_timer_a() { step(timer_a); }
  void on_timer_b();
  void step(Event event, const Response* response = nullptr, const Flow* flow = nullptr, std::error_code detail = {});
  void enter(State to);
  void send_cancel_now(std::string_view reason);

  State state_ = calling;
  bool cancelling_ = false;
  Duration interval_a_;
  std::unique_ptr<std::string> held_cancel_;  ///< its reason: wanted before any provisional
  OwnedTimer<ClientInvite, &ClientInvite::on_timer_a> timer_a_{*this};
  OwnedTimer<ClientInvite, &ClientInvite::on_timer_b> timer_b_{*this};  ///< after a CANCEL its 64*T1
};

std::string_view name_of(ClientInvite::State state) noexcept;
std::string_view name_of(ClientInvite::Event event) noexcept;

}  // namespace peal::inline v0::transaction
