#include "verdict.hpp"

#include <peal/dialog/error.hpp>
#include <peal/transaction/error.hpp>

namespace storm {

std::string_view name_of(End end) noexcept {
  constexpr std::string_view names[] = {"none",          "we_hung_up",   "we_cancelled",
                                        "we_rejected",   "peer_hung_up", "peer_cancelled",
                                        "peer_rejected", "no_answer",    "lost"};
  return names[static_cast<std::size_t>(end)];
}

End end_of(const peal::Cause& cause, bool caller, bool established, bool& unexpected) noexcept {
  using peal::Layer;
  switch (cause.layer) {
    case Layer::local:
      if (!caller && cause.error == peal::dialog::errc::bad_sdp) return End::no_answer;
      if (cause.error) break;  // bad SDP, no media…: nothing that a network can do
      if (cause.code == 0) return End::we_hung_up;
      return caller ? End::we_cancelled : End::we_rejected;
    case Layer::sip:
      if (cause.code == 0 || (established && cause.code == 481)) return End::peer_hung_up;
      return caller ? End::peer_rejected : End::peer_cancelled;
    case Layer::transaction:
      if (cause.error == peal::transaction::errc::timed_out) return End::lost;
      if (cause.error == peal::transaction::errc::cancelled_unanswered) return End::lost;
      break;
    case Layer::timer:
      if (cause.error == peal::dialog::errc::no_ack) return End::lost;
      break;
    case Layer::transport:
    case Layer::tls:
    case Layer::dns: break;  // the hosts and their sockets are there all the time
  }
  unexpected = true;
  return End::lost;
}

namespace {

/// What each says of itself and of the other is what was done.
const char* untrue(const Side& caller, const Side& callee) noexcept {
  if ((caller.end == End::we_hung_up || caller.end == End::we_cancelled) && !caller.hung_up)
    return "the caller says it ended the call, and did not";
  if (callee.end == End::we_hung_up && !(callee.hung_up && callee.answered))
    return "the callee says it hung up, and did not";
  if (callee.end == End::we_rejected && (callee.rejected == 0 || callee.rejected != callee.code))
    return "the callee says it rejected, and did not, or with another code";
  if (callee.established && !callee.answered) return "the callee's call stood, and it never answered";
  if (caller.established && !callee.answered) return "the caller's call stood, and nobody answered";
  const bool callee_gave_up = callee.end == End::lost;  // its stack sent the BYE
  if (caller.end == End::peer_hung_up && !callee_gave_up && !(callee.hung_up && callee.answered))
    return "the caller says the callee hung up, and it did not";
  if (caller.end == End::peer_rejected && (callee.rejected == 0 || callee.rejected != caller.code))
    return "the caller was rejected, and not by the callee, or with another code";
  const bool caller_gave_up = caller.end == End::lost;
  if ((callee.end == End::peer_hung_up || callee.end == End::peer_cancelled) && !caller_gave_up && !caller.hung_up)
    return "the callee says the caller ended it, and it did not";
  return nullptr;
}

}  // namespace

const char* disagreement(const Side& caller, const Side& callee, bool& crossed) noexcept {
  crossed = false;
  if (caller.ends != 1) return "the caller has not had exactly one end";
  if (callee.ends != (callee.end == End::none ? 0 : 1)) return "the callee has not had exactly one end";
  if (callee.end == End::none) {
    if (caller.end != End::lost) return "the callee never heard of it, and the caller has no timeout";
    return caller.established ? "it stood for one that nobody answered" : nullptr;
  }
  if (const char* lie = untrue(caller, callee)) return lie;
  if (caller.end == End::lost || callee.end == End::lost) return nullptr;

  const bool both_or_neither = caller.established == callee.established;
  switch (caller.end) {
    case End::peer_rejected:
      if (callee.end != End::we_rejected) return "rejected for the caller alone";
      return caller.established || callee.established ? "rejected after it stood" : nullptr;
    case End::we_cancelled:
      if (caller.established) return "cancelled after it stood";
      if (callee.end == End::peer_cancelled) return callee.established ? "cancelled after it stood" : nullptr;
      crossed = true;
      if (callee.end == End::we_rejected) return callee.established ? "rejected after it stood" : nullptr;
      if (callee.end == End::no_answer && !callee.late_offer) return "it got the answer with the INVITE's offer";
      return callee.answered ? nullptr : "BYE for a call that was never answered";
    case End::we_hung_up:
      if (!caller.established) return "the caller hung up what never stood for it";
      crossed = !both_or_neither || callee.end == End::we_hung_up;
      return callee.end == End::peer_hung_up || callee.end == End::we_hung_up ? nullptr
                                                                              : "hung up for the caller alone";
    case End::peer_hung_up:
      if (callee.end != End::we_hung_up) return "hung up for the caller alone";
      if (!caller.established) return "BYE before the caller knew of a 2xx";
      crossed = !both_or_neither;  // the callee hung up before the ACK came, and its BYE waited for that
      return nullptr;
    default: return "an end that a caller cannot have";
  }
}

}  // namespace storm
