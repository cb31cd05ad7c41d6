#include "server_non_invite.hpp"

#include <string>
#include <utility>

namespace peal::inline v0::transaction {

// RFC 3261 §17.2.2, Figure 8. Its two arrows "Trnsprt Err" to Terminated fell with RFC 6026 §8.8: the state stays, or a
// copy would be taken for a new request. The TU learns of the error from `respond`.
// clang-format off
constexpr std::array<ServerNonInvite::Arrow, 11> ServerNonInvite::figure_8{{
    // from      on                to          do
    {trying,     tu_1xx,           proceeding, send_response},
    {trying,     tu_200_699,       completed,  send_response},
    {proceeding, request,          proceeding, send_again},
    {proceeding, tu_1xx,           proceeding, send_response},
    {proceeding, tu_200_699,       completed,  send_response},
    {completed,  request,          completed,  send_again},
    {completed,  timer_j,          terminated, nothing},
    // not drawn: the TU is silent
    {trying,     timer_100,        proceeding, send_100},  // RFC 4320 §4.1
    {proceeding, timer_100,        proceeding, nothing},
    {trying,     timer_500,        completed,  send_500},
    {proceeding, timer_500,        completed,  send_500},
}};
// clang-format on
static_assert(deterministic(ServerNonInvite::figure_8));

Duration ServerNonInvite::until_e_is_t2(const Timers& timers) noexcept {
  Duration passed{};
  for (Duration e = timers.t1; e < timers.t2 && e > Duration::zero(); e *= 2) passed += e;
  return passed;
}

Result<Packet> ServerNonInvite::respond(const Response& response) {
  const int code = response.status().value();
  const Arrow* arrow = find(figure_8, state_, code < 200 ? tu_1xx : tu_200_699);
  if (arrow == nullptr) return fail(errc::wrong_state);
  // RFC 4320 §4.1: 100 alone, and over UDP not before Timer E is at T2.
  if (code < 200) {
    const bool early = !reliable() && around.timers.now() - born_ < until_e_is_t2(around.durations);
    if (code != 100 || early) return fail(errc::not_allowed);
  }
  // RFC 4320 §4.2: a 408 is never sent. The transaction ends as if it had been.
  Result<Packet> sent = code == 408 ? Packet{request_flow, {}} : around.sender.send_response(response, request_flow);
  if (!sent && (code < 200 || sent.error() == transport::errc::too_large)) return sent;
  log_step(around.log, "non-INVITE server", name_of(state_), name_of(code < 200 ? tu_1xx : tu_200_699),
           name_of(arrow->to));
  packet = sent ? *sent : Packet{request_flow, {}};  // unsendable: copies are absorbed
  state_ = arrow->to;
  if (state_ == completed) owner.rests(*this, Rest::completed);
  return sent;
}

void ServerNonInvite::expect_silence(SharedBytes answer) noexcept {
  fallback = std::move(answer);
  around.timers.arm(timer_, until_e_is_t2(around.durations));
}

void ServerNonInvite::on_timer() {
  if (!past_100_) {
    past_100_ = true;
    // A client gives up at 64*T1: the 500 leaves T2 for the way.
    const Duration left = 64 * around.durations.t1 - around.durations.t2 - (around.timers.now() - born_);
    around.timers.arm(timer_, left);
    return step(timer_100);
  }
  step(timer_500);
}

void ServerNonInvite::step(Event event) {
  const Arrow* arrow = find(figure_8, state_, event);
  if (arrow == nullptr) return;
  log_step(around.log, "non-INVITE server", name_of(state_), name_of(event), name_of(arrow->to));
  state_ = arrow->to;
  switch (arrow->act) {
    case send_again: return around.sender.send_again(packet);
    case send_100:
      if (auto sent = send_fallback("SIP/2.0 100 Trying")) packet = *sent;
      return;
    case send_500: {
      auto sent = send_fallback({});
      packet = sent ? *sent : Packet{request_flow, {}};
      return owner.failed(*this, Rest::completed, errc::timed_out, {});
    }
    case send_response:  // in respond()
    case nothing: return;
  }
}

Result<Packet> ServerNonInvite::send_fallback(std::string_view start_line) {
  std::string text(fallback.view());
  if (const auto end = text.find("\r\n"); !start_line.empty() && end != std::string::npos)
    text.replace(0, end, start_line);
  auto response = Response::parse(text);
  if (!response) return fail(std::error_code(response.error()));
  return around.sender.send_response(*response, request_flow);
}

std::string_view name_of(ServerNonInvite::State state) noexcept {
  constexpr std::string_view names[] = {"trying", "proceeding", "completed", "terminated"};
  return names[static_cast<std::size_t>(state)];
}

std::string_view name_of(ServerNonInvite::Event event) noexcept {
  constexpr std::string_view names[] = {"request",       "1xx from TU",  "200-699 from TU",
                                        "Timer E at T2", "TU is silent", "timer J"};
  return names[static_cast<std::size_t>(event)];
}

}  // namespace peal::inline v0::transaction
