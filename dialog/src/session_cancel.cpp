#include "session_state.hpp"

#include <peal/message/extension_headers.hpp>

namespace peal::inline v0::dialog {

/// RFC 3261 §9.1. The transaction holds the CANCEL until a provisional came; a 200 that crosses it is acknowledged and
/// ended by BYE in initial_2xx.
void Session::cancel() {
  state_ = SessionState::ending;
  cancelled_ = true;
  ++ticket_;
  if (!end_cause_) end_cause_ = std::make_unique<Cause>(Layer::local, 487, "cancelled");
  if (!invite_ || !invite_->cancel({})) finish_later(Cause(*end_cause_));
}

/// The CANCEL itself is answered already (§9.2).
void Session::on_cancel(const Request& cancel) {
  if (!incoming_ || incoming_->accepted) return;
  const bool initial = incoming_->initial;
  ++ticket_;
  refuse_incoming(status::request_terminated);
  offer_answer_.undo();
  if (!initial) return;
  Cause cause(Layer::sip, 487, "cancelled by the caller");
  if (const auto reason = cancel.raw(header::reason)) cause.text = *reason;
  finish(std::move(cause));
}

}  // namespace peal::inline v0::dialog
