#include "session_state.hpp"

#include <peal/message/extension_headers.hpp>

namespace peal::inline v0::dialog {

Result<void> Session::hang_up(StatusCode code, const ExtraHeaders& headers) {
  switch (state_) {
    case SessionState::calling:
    case SessionState::early:
      if (!answered_) {
        cancel();
        return {};
      }
      break;  // the 2xx is here, only its ACK waits for an answer
    case SessionState::incoming: return reject(code.value() < 300 ? status::decline : code, {}, headers);
    case SessionState::accepted:  // §15: not before the ACK
      bye_wanted_ = true;
      state_ = SessionState::ending;
      end_cause_ = std::make_unique<Cause>(Layer::local, 0, "hung up");
      return {};
    case SessionState::established: break;
    case SessionState::ending:
    case SessionState::ended: return fail(make_error_code(errc::wrong_state));
  }
  if (answered_ && offer_answer_.turn() == OfferAnswer::Turn::their_offer)
    send_ack(dialog_, answered_->cseq().number, {});
  answered_.reset();
  send_bye(Cause(Layer::local, 0, "hung up"), headers);
  return {};
}

/// §15.1.1. Requests of ours that are under way go on: a 2xx to a re-INVITE still gets its ACK.
void Session::send_bye(Cause cause, const ExtraHeaders& headers) {
  state_ = SessionState::ending;
  end_cause_ = std::make_unique<Cause>(std::move(cause));
  ++ticket_;
  core_.timers().disarm(glare_);
  change_.reset();
  refuse_incoming(status::request_terminated);
  drop_incoming();
  auto bye = dialog_.make_request(method::bye);
  (void)add_headers(bye, headers);
  auto next_hop = dialog_.next_hop();
  bye_ = std::make_unique<Flight>(core_, std::move(bye), std::move(next_hop), credentials_, *this);
  bye_->start();
}

/// §15.1.2.
void Session::on_bye(Dialog& dialog, transaction::ServerId id, const Request& bye) {
  auto response = core_.make_response(bye, status::ok);
  (void)core_.respond(id, response);
  Cause cause(Layer::sip, 0, "hung up by the peer");
  if (const auto reason = bye.raw(header::reason)) cause.text = *reason;
  if (uac_ && &dialog != &dialog_) {  // a callee may not do this before it answered; it wants out, so let it go
    const auto tag = std::string(dialog.remote_tag());
    std::erase_if(early_, [&](const auto& e) { return e->dialog.remote_tag() == tag; });
    if (!early_.empty()) return;
    if (!end_cause_) end_cause_ = std::make_unique<Cause>(std::move(cause));
    return cancel();
  }
  refuse_incoming(status::request_terminated);
  finish(end_cause_ ? Cause(*end_cause_) : std::move(cause));
}

void Session::on_request(Dialog& dialog, transaction::ServerId id, const Request& request,
                         const transport::Flow& flow) {
  if (!dialog.accept_remote_cseq(request.cseq().number))  // §12.2.2: a gap is no reason to wait, an older number is
    return core_.refuse(id, request, status::server_internal_error);
  const auto method = request.method();
  if (method == method::bye) return on_bye(dialog, id, request);
  if (state_ == SessionState::ending && bye_) return core_.refuse(id, request, status::call_does_not_exist);
  if (method == method::invite) return on_reinvite(id, request, flow);
  if (method == method::options) return core_.answer_options(id, request, status::ok);
  core_.in_dialog_request(dialog, id, request, flow);
}

}  // namespace peal::inline v0::dialog
