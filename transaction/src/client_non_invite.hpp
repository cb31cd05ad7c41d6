#pragma once

#include <array>
#include <string_view>

#include "arrow.hpp"
#include "machine.hpp"

namespace peal::inline v0::transaction {

/// The non-INVITE client transaction: RFC 3261 §17.1.2.
///
///                                   |Request from TU
///                                   |send request
///               Timer E             V
///               send request  +-----------+
///                   +---------|           |-------------------+
///                   |         |  Trying   |  Timer F          |
///                   +-------->|           |  or Transport Err.|
///                             +-----------+  inform TU        |
///                200-699         |  |                         |
///                resp. to TU     |  |1xx                      |
///                +---------------+  |resp. to TU              |
///                |                  |                         |
///                |   Timer E        V       Timer F           |
///                |   send req +-----------+ or Transport Err. |
///                |  +---------|           | inform TU         |
///                |  |         |Proceeding |------------------>|
///                |  +-------->|           |-----+             |
///                |            +-----------+     |1xx          |
///                |              |      ^        |resp to TU   |
///                | 200-699      |      +--------+             |
///                | resp. to TU  |                             |
///                |              V                             |
///                |            +-----------+                   |
///                |            |           |                   |
///                |            | Completed |                   |
///                |            |           |                   |
///                |            +-----------+                   |
///                |              ^   |                         |
///                |              |   | Timer K                 |
///                +--------------+   | -                       |
///                                   V                         |
///                             +-----------+                   |
///                             |           |                   |
///                             | Terminated|<------------------+
///                             +-----------+
///                Figure 6: non-INVITE client transaction
///
/// Completed only waits: the machine is freed there and an echo record absorbs what comes.
class ClientNonInvite : public ClientMachine {
 public:
  enum class State : std::uint8_t { trying, proceeding, completed, terminated };
  enum class Event : std::uint8_t { timer_e, timer_f, timer_k, transport_error, r1xx, r200_699 };
  enum class Act : std::uint8_t { nothing, send_again, pass_up, tell_timed_out, tell_transport_failed };
  using enum State;
  using enum Event;
  using enum Act;
  using Arrow = transaction::Arrow<State, Event, Act>;
  static const std::array<Arrow, 11> figure_6;
  static Event event_of(StatusCode status) noexcept;

  ClientNonInvite(const Surroundings& s, ClientOwner& o, ClientId i, const Key& k, MethodId m, ClientUser* u,
                  Packet&& sent) noexcept;

  void on_response(const Response& response, const Flow& flow);
  void on_transport_error(std::error_code detail);
  [[nodiscard]] State state() const noexcept { return state_; }

 private:
  friend struct MachineTwin;  // of tests: copies a machine with what its timers have left
  void on_timer_e() { step(timer_e); }
  void on_timer_f() { step(timer_f); }
  void step(Event event, const Response* response = nullptr, const Flow* flow = nullptr, std::error_code detail = {});

  State state_ = trying;
  Duration interval_e_;
  OwnedTimer<ClientNonInvite, &ClientNonInvite::on_timer_e> timer_e_{*this};
  OwnedTimer<ClientNonInvite, &ClientNonInvite::on_timer_f> timer_f_{*this};
};

std::string_view name_of(ClientNonInvite::State state) noexcept;
std::string_view name_of(ClientNonInvite::Event event) noexcept;

}  // namespace peal::inline v0::transaction
