#include "server_invite.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace peal::inline v0::transaction {

// RFC 6026 §8.6, Figure 7: all sixteen arrows, with the 200 ms that stand at its entry.
// "2xx from TU" in Accepted is TransactionLayer::send_again, since the TU repeats the packet and needs no machine for
// it. "Inform TU" of Proceeding and Accepted is what `respond` returns; of an ICMP error that comes later the TU hears
// nothing there (a SHOULD: §8.8), since its own 2xx, or a copy of the INVITE, tries that way again.
// clang-format off
constexpr std::array<ServerInvite::Arrow, 16> ServerInvite::figure_7{{
    // from      on                to          do
    {proceeding, timer_100,        proceeding, send_100},
    {proceeding, invite,           proceeding, send_again},
    {proceeding, tu_1xx,           proceeding, send_response},
    {proceeding, transport_error,  proceeding, nothing},
    {proceeding, tu_2xx,           accepted,   send_response},
    {proceeding, tu_300_699,       completed,  send_response},
    {completed,  invite,           completed,  send_again},
    {completed,  timer_g,          completed,  send_again},
    {completed,  transport_error,  completed,  tell_transport_failed},
    {completed,  timer_h,          terminated, tell_no_ack},
    {completed,  ack,              confirmed,  nothing},
    {confirmed,  timer_i,          terminated, nothing},
    {accepted,   invite,           accepted,   nothing},
    {accepted,   ack,              accepted,   pass_ack_up},
    {accepted,   transport_error,  accepted,   nothing},
    {accepted,   timer_l,          terminated, nothing},
}};
// clang-format on
static_assert(deterministic(ServerInvite::figure_7));

namespace {

/// What ends the peer's INVITE, and no line more: of a refusal that is too large for a datagram.
Response bare(const Response& whole) {
  Response out(whole);
  out.clear_body();
  for (std::size_t i = out.size(); i-- > 0;) {
    if (i >= out.size()) continue;
    const auto field = out.field(i);
    const bool needed = field.id == HeaderId::via || field.id == HeaderId::from || field.id == HeaderId::to ||
                        field.id == HeaderId::call_id || field.id == HeaderId::cseq;
    if (!needed) out.remove(std::string(field.name));
  }
  return out;
}

}  // namespace

Result<Packet> ServerInvite::respond(const Response& response) {
  const StatusCode status = response.status();
  const Event event = status.is_provisional() ? tu_1xx : status.is_success() ? tu_2xx : tu_300_699;
  const Arrow* arrow = find(figure_7, state_, event);
  if (arrow == nullptr) return fail(errc::wrong_state);
  auto sent = around.sender.send_response(response, request_flow);
  // Too large: the TU may try a smaller one; a refusal ends the INVITE whatever it wanted to say. Anything else is a
  // transport error, after which §8.8 of RFC 6026 keeps the state; the answer was final all the same, and copies of the
  // INVITE are absorbed for 64*T1.
  const bool too_large = !sent && sent.error() == transport::errc::too_large;
  if (too_large && event == tu_300_699) sent = around.sender.send_response(bare(response), request_flow);
  if (!sent && (status.is_provisional() || (too_large && event == tu_2xx))) return sent;
  log_step(around.log, "INVITE server", name_of(state_), name_of(event), name_of(sent ? arrow->to : accepted));
  around.timers.disarm(timer_g_);
  fallback = {};
  if (!sent) {
    state_ = accepted;
    owner.rests(*this, Rest::accepted);
    return sent;
  }
  packet = *sent;
  state_ = arrow->to;
  if (state_ == accepted) {
    owner.rests(*this, Rest::accepted);
  } else if (state_ == completed) {
    interval_g_ = duration_of(TimerName::g, around.durations, reliable());
    if (!reliable()) around.timers.arm(timer_g_, interval_g_);
    around.timers.arm(timer_h_, duration_of(TimerName::h, around.durations, reliable()));
    owner.depends_on_peer(*this);
  }
  return sent;
}

void ServerInvite::expect_silence(SharedBytes hundred) noexcept {
  fallback = std::move(hundred);
  around.timers.arm(timer_g_, std::chrono::milliseconds(200));  // §17.2.1
}

void ServerInvite::on_transport_error(std::error_code detail) { step(transport_error, detail); }

void ServerInvite::step(Event event, std::error_code detail) {
  const Arrow* arrow = find(figure_7, state_, event);
  if (arrow == nullptr) return;
  log_step(around.log, "INVITE server", name_of(state_), name_of(event), name_of(arrow->to));
  state_ = arrow->to;
  switch (arrow->act) {
    case send_100: return send_fallback();
    case send_again:
      if (event == timer_g) {
        interval_g_ = std::min(2 * interval_g_, around.durations.t2);
        around.timers.arm(timer_g_, interval_g_);
      }
      if (!packet.bytes.empty()) around.sender.send_again(packet);
      return;
    case tell_transport_failed:
      if (std::exchange(told_, true)) return;
      return owner.failed(*this, Rest::none, errc::transport_failed, detail);
    case tell_no_ack: return owner.failed(*this, Rest::over, told_ ? std::error_code() : errc::timed_out, {});
    case nothing:
      if (state_ == confirmed) owner.rests(*this, Rest::confirmed);
      return;
    case send_response:  // in respond()
    case pass_ack_up:    // by the echo record
      return;
  }
}

void ServerInvite::send_fallback() {
  auto hundred = Response::parse(fallback.view());
  fallback = {};
  if (!hundred) return;
  if (auto sent = around.sender.send_response(*hundred, request_flow)) packet = *sent;
}

std::string_view name_of(ServerInvite::State state) noexcept {
  constexpr std::string_view names[] = {"proceeding", "completed", "confirmed", "accepted", "terminated"};
  return names[static_cast<std::size_t>(state)];
}

std::string_view name_of(ServerInvite::Event event) noexcept {
  constexpr std::string_view names[] = {"INVITE",  "ACK",     "1xx from TU", "2xx from TU", "300-699 from TU", "200 ms",
                                        "timer G", "timer H", "timer I",     "timer L",     "transport error"};
  return names[static_cast<std::size_t>(event)];
}

}  // namespace peal::inline v0::transaction
