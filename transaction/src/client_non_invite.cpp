#include "client_non_invite.hpp"

#include <algorithm>
#include <utility>

namespace peal::inline v0::transaction {

// RFC 3261 §17.1.2.2, Figure 6. Nine arrows are drawn, two of them with "or".
// clang-format off
constexpr std::array<ClientNonInvite::Arrow, 11> ClientNonInvite::figure_6{{
    // from      on                to          do
    {trying,     timer_e,          trying,     send_again},
    {trying,     timer_f,          terminated, tell_timed_out},
    {trying,     transport_error,  terminated, tell_transport_failed},
    {trying,     r1xx,             proceeding, pass_up},
    {trying,     r200_699,         completed,  pass_up},
    {proceeding, timer_e,          proceeding, send_again},
    {proceeding, timer_f,          terminated, tell_timed_out},
    {proceeding, transport_error,  terminated, tell_transport_failed},
    {proceeding, r1xx,             proceeding, pass_up},
    {proceeding, r200_699,         completed,  pass_up},
    {completed,  timer_k,          terminated, nothing},
}};
// clang-format on
static_assert(deterministic(ClientNonInvite::figure_6));

ClientNonInvite::ClientNonInvite(const Surroundings& s, ClientOwner& o, ClientId i, const Key& k, MethodId m,
                                 ClientUser* u, Packet&& sent) noexcept
    : ClientMachine(s, o, i, k, m, u, std::move(sent)),
      interval_e_(duration_of(TimerName::e, s.durations, reliable())) {
  if (!reliable()) s.timers.arm(timer_e_, interval_e_);
  s.timers.arm(timer_f_, duration_of(TimerName::f, s.durations, reliable()));
}

ClientNonInvite::Event ClientNonInvite::event_of(StatusCode status) noexcept {
  return status.value() < 200 ? r1xx : r200_699;
}

void ClientNonInvite::on_response(const Response& response, const Flow& flow) {
  step(event_of(response.status()), &response, &flow);
}

void ClientNonInvite::on_transport_error(std::error_code detail) { step(transport_error, nullptr, nullptr, detail); }

void ClientNonInvite::step(Event event, const Response* response, const Flow* flow, std::error_code detail) {
  const Arrow* arrow = find(figure_6, state_, event);
  if (arrow == nullptr) return;
  log_step(around.log, "non-INVITE client", name_of(state_), name_of(event), name_of(arrow->to));
  state_ = arrow->to;
  switch (arrow->act) {
    case send_again:
      // §17.1.2.2: doubling up to T2 in Trying, T2 in Proceeding
      interval_e_ = state_ == proceeding ? around.durations.t2 : std::min(2 * interval_e_, around.durations.t2);
      around.timers.arm(timer_e_, interval_e_);
      return around.sender.send_again(packet);
    case pass_up: return owner.pass_up(*this, state_ == completed ? Rest::completed : Rest::none, *response, *flow);
    case tell_timed_out: return owner.failed(*this, errc::timed_out, {});
    case tell_transport_failed: return owner.failed(*this, errc::transport_failed, detail);
    case nothing: return;
  }
}

std::string_view name_of(ClientNonInvite::State state) noexcept {
  constexpr std::string_view names[] = {"trying", "proceeding", "completed", "terminated"};
  return names[static_cast<std::size_t>(state)];
}

std::string_view name_of(ClientNonInvite::Event event) noexcept {
  constexpr std::string_view names[] = {"timer E", "timer F", "timer K", "transport error", "1xx", "200-699"};
  return names[static_cast<std::size_t>(event)];
}

}  // namespace peal::inline v0::transaction
