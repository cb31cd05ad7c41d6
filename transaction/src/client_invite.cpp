#include "client_invite.hpp"

#include <utility>

namespace peal::inline v0::transaction {

// RFC 6026 §8.4, Figure 5. Thirteen arrows are drawn, one of them with "or", which takes two rows, and one is left out:
// Completed does not end on "Transport Err.", since the TU has its final response and copies of it still want their
// ACK.
// clang-format off
constexpr std::array<ClientInvite::Arrow, 15> ClientInvite::figure_5{{
    // from      on                to          do
    {calling,    timer_a,          calling,    send_again_and_double_a},
    {calling,    timer_b,          terminated, tell_timed_out},
    {calling,    transport_error,  terminated, tell_transport_failed},
    {calling,    r1xx,             proceeding, pass_up},
    {calling,    r2xx,             accepted,   pass_up},
    {calling,    r300_699,         completed,  ack_and_pass_up},
    {proceeding, r1xx,             proceeding, pass_up},
    {proceeding, r2xx,             accepted,   pass_up},
    {proceeding, r300_699,         completed,  ack_and_pass_up},
    {completed,  r300_699,         completed,  ack},
    {completed,  timer_d,          terminated, nothing},
    {accepted,   r2xx,             accepted,   pass_up},
    {accepted,   timer_m,          terminated, nothing},
    // not drawn
    {proceeding, transport_error,  terminated, tell_transport_failed},  // §17.1.4, §18.4
    {proceeding, give_up,          terminated, tell_unanswered},        // §9.1: 64*T1 after the CANCEL
}};
// clang-format on
static_assert(deterministic(ClientInvite::figure_5));

ClientInvite::ClientInvite(const Surroundings& s, ClientOwner& o, ClientId i, const Key& k, MethodId m, ClientUser* u,
                           Packet&& sent) noexcept
    : ClientMachine(s, o, i, k, m, u, std::move(sent)),
      interval_a_(duration_of(TimerName::a, s.durations, reliable())) {
  if (!reliable()) s.timers.arm(timer_a_, interval_a_);
  s.timers.arm(timer_b_, duration_of(TimerName::b, s.durations, reliable()));
}

ClientInvite::Event ClientInvite::event_of(StatusCode status) noexcept {
  const int code = status.value();
  return code < 200 ? r1xx : code < 300 ? r2xx : r300_699;
}

void ClientInvite::on_response(const Response& response, const Flow& flow) {
  step(event_of(response.status()), &response, &flow);
}

void ClientInvite::on_transport_error(std::error_code detail) { step(transport_error, nullptr, nullptr, detail); }

void ClientInvite::on_timer_b() { step(state_ == calling ? timer_b : give_up); }

void ClientInvite::step(Event event, const Response* response, const Flow* flow, std::error_code detail) {
  const Arrow* arrow = find(figure_5, state_, event);
  if (arrow == nullptr) return;
  log_step(around.log, "INVITE client", name_of(state_), name_of(event), name_of(arrow->to));
  enter(arrow->to);
  switch (arrow->act) {
    case send_again_and_double_a:
      around.timers.arm(timer_a_, interval_a_ *= 2);
      return around.sender.send_again(packet);
    case ack_and_pass_up:
      packet = make_hop_ack(packet, *response);
      around.sender.send(packet);
      return owner.pass_up(*this, Rest::completed, *response, *flow);
    case pass_up: return owner.pass_up(*this, state_ == accepted ? Rest::accepted : Rest::none, *response, *flow);
    case tell_timed_out: return owner.failed(*this, errc::timed_out, {});
    case tell_transport_failed: return owner.failed(*this, errc::transport_failed, detail);
    case tell_unanswered: return owner.failed(*this, errc::cancelled_unanswered, {});
    case ack:  // by the echo record
    case nothing: return;
  }
}

void ClientInvite::enter(State to) {
  const State from = std::exchange(state_, to);
  if (from != calling || to == calling) return;
  around.timers.disarm(timer_a_);
  around.timers.disarm(timer_b_);
  if (to == proceeding && held_cancel_ != nullptr) {
    const auto reason = std::move(held_cancel_);
    send_cancel_now(*reason);
  }
}

void ClientInvite::cancel(std::string_view reason) {
  if (cancelling_) return;
  cancelling_ = true;
  if (state_ == calling) {
    held_cancel_ = std::make_unique<std::string>(reason);
  } else {
    send_cancel_now(reason);
  }
}

void ClientInvite::send_cancel_now(std::string_view reason) {
  // §9.1: without a final response 64*T1 later the INVITE counts as cancelled.
  around.timers.arm(timer_b_, 64 * around.durations.t1);
  owner.send_cancel(*this, reason);
}

std::string_view name_of(ClientInvite::State state) noexcept {
  constexpr std::string_view names[] = {"calling", "proceeding", "completed", "accepted", "terminated"};
  return names[static_cast<std::size_t>(state)];
}

std::string_view name_of(ClientInvite::Event event) noexcept {
  constexpr std::string_view names[] = {"timer A", "timer B", "timer D", "timer M",           "transport error",
                                        "1xx",     "2xx",     "300-699", "64*T1 after CANCEL"};
  return names[static_cast<std::size_t>(event)];
}

}  // namespace peal::inline v0::transaction
