#include "session_state.hpp"

#include <chrono>
#include <utility>

namespace peal::inline v0::dialog {

// ---- ours (RFC 3261 §14.1)

Result<void> Session::hold(bool on) {
  if (state_ == SessionState::established && local_hold_ == on && !change_)
    return fail(make_error_code(errc::wrong_state));
  return change({on ? Change::Kind::hold : Change::Kind::resume, {}});
}

Result<void> Session::reinvite(bool late_offer, const ExtraHeaders& headers) {
  return change({late_offer ? Change::Kind::late_offer : Change::Kind::offer, headers});
}

Result<void> Session::change(Change change) {
  if (state_ != SessionState::established || answered_) return fail(make_error_code(errc::wrong_state));
  if (media_ == nullptr) return fail(make_error_code(errc::no_media));
  if (invite_ || incoming_ || change_) return fail(make_error_code(errc::request_pending));
  if (offer_answer_.turn() != OfferAnswer::Turn::free) return fail(make_error_code(errc::offer_pending));
  Request probe(method::invite, dialog_.remote_target());
  if (auto ok = add_headers(probe, change.headers); !ok) return ok;
  change_ = std::make_unique<Change>(std::move(change));
  start_change();
  return {};
}

bool Session::hold_wanted() const noexcept {
  if (!change_) return local_hold_;
  return change_->kind == Change::Kind::hold || (local_hold_ && change_->kind != Change::Kind::resume);
}

void Session::start_change() {
  if (change_->kind == Change::Kind::late_offer) return send_change({});
  ask_offer(hold_wanted(), &Session::change_offer);
}

void Session::change_offer(std::optional<sdp::SessionDescription> offer) {
  if (offer) return send_change(offer->to_string());
  change_.reset();
  core_.runtime().post([this, watch = lifetime_.watch()] {
    if (watch.alive() && state_ == SessionState::established) user_->on_change_failed(*this, 0, "no media to offer");
  });
}

void Session::send_change(std::string sdp) {
  auto request = dialog_.make_request(method::invite);
  request.set(header::contact, NameAddr(dialog_.contact()));
  core_.add_capabilities(request);
  (void)add_headers(request, change_->headers);
  if (!sdp.empty()) {
    if (auto type = MediaType::parse("application/sdp")) request.set_body(*type, sdp);
    offer_answer_.offer(std::move(sdp));
  }
  auto next_hop = dialog_.next_hop();
  invite_ = std::make_unique<Flight>(core_, std::move(request), std::move(next_hop), credentials_, *this);
  invite_->start();
}

void Session::change_final(const Response* response, const Cause& cause) {
  const int code = response != nullptr                           ? response->status().value()
                   : cause.error == transaction::errc::timed_out ? 408
                                                                 : 503;
  if (response != nullptr && response->status().is_success()) return change_2xx(*response);
  invite_.reset();
  if (state_ != SessionState::established) return;  // the BYE is out already
  offer_answer_.undo();
  if (code == 491) {  // whose Call-ID it is waits longer
    auto& random = core_.runtime().random();
    const auto ticks = dialog_.is_uac() ? 210 + random.below(191) : random.below(201);
    return core_.timers().arm(glare_, std::chrono::milliseconds(10 * ticks));
  }
  if (code == 481 || code == 408) return send_bye(cause);  // §12.2.1.2: the peer has lost the dialog
  const std::string reason = response != nullptr ? std::string(response->reason()) : cause.text;
  change_.reset();
  user_->on_change_failed(*this, code, reason);
}

void Session::change_2xx(const Response& response) {
  const auto cseq = response.cseq().number;
  if (const auto contact = response.get(header::contact)) dialog_.set_remote_target(contact->uri());
  keep_credentials();
  invite_.reset();
  core_.timers().arm(acks_old_, 64 * core_.times().t1);
  if (state_ != SessionState::established) return send_ack(dialog_, cseq, {});
  const auto sdp = response.body_of("application", "sdp");
  if (offer_answer_.turn() == OfferAnswer::Turn::our_offer) {
    const bool good = sdp && offer_answer_.peer_answers(*sdp) && negotiated();
    send_ack(dialog_, cseq, {});
    if (!good) return send_bye(Cause(Layer::local, make_error_code(errc::bad_sdp)));
    return changed_by_us(false);
  }
  if (!sdp || !offer_answer_.peer_offers(*sdp)) {
    send_ack(dialog_, cseq, {});
    return send_bye(Cause(Layer::local, make_error_code(errc::bad_sdp)));
  }
  answered_ = std::make_unique<Response>(response);
  core_.timers().arm(deadline_, 64 * core_.times().t1);
  ask_answer(hold_wanted(), &Session::change_answer);
}

void Session::change_answer(std::optional<sdp::SessionDescription> answer) {
  core_.timers().disarm(deadline_);
  const auto text = answer ? answer->to_string() : std::string();
  const bool good = answer && offer_answer_.answer(text) && negotiated();
  send_ack(dialog_, answered_->cseq().number, text);
  answered_.reset();
  if (!good) return send_bye(Cause(Layer::local, make_error_code(errc::bad_sdp)));
  core_.runtime().post([this, watch = lifetime_.watch()] {
    if (watch.alive() && state_ == SessionState::established && change_) changed_by_us(true);
  });
}

void Session::changed_by_us(bool they_offered) {
  local_hold_ = hold_wanted();
  note_remote_hold(they_offered);
  change_.reset();
  user_->on_changed(*this, false, hold_state());
}

/// After a 491: again, unless the session ended or the peer's turn is not over.
void Session::on_glare_over() {
  if (state_ != SessionState::established || !change_) return;
  if (incoming_ || invite_ || offer_answer_.turn() != OfferAnswer::Turn::free)
    return core_.timers().arm(glare_, std::chrono::milliseconds(500));
  start_change();
}

// ---- the peer's (§14.2)

void Session::on_reinvite(transaction::ServerId id, const Request& request, const transport::Flow& flow) {
  if (incoming_ && !incoming_->accepted) {  // two at once
    auto response = core_.make_response(request, status::server_internal_error);
    response.set(header::retry_after, RetryAfter{std::chrono::seconds(core_.runtime().random().below(11)), {}});
    (void)core_.respond(id, response);
    return;
  }
  const bool offer_open = offer_answer_.turn() != OfferAnswer::Turn::free;
  if (invite_ || answered_ || offer_open) return core_.refuse(id, request, status::request_pending);
  if (bye_wanted_) {  // it is confirmed for the peer, so we may go
    core_.refuse(id, request, status::request_terminated);
    return send_bye(Cause(*end_cause_));
  }
  // The ACK to our 2xx was lost, but who sends a re-INVITE has seen the 2xx (RFC 5407 §3.1.4).
  const bool confirms = state_ == SessionState::accepted;
  drop_incoming();
  if (confirms) state_ = SessionState::established;
  const auto offer = request.body_of("application", "sdp");
  if (media_ == nullptr || (offer && !offer_answer_.peer_offers(*offer))) {
    core_.refuse(id, request, status::not_acceptable_here);
  } else {
    take_reinvite(id, request, flow, !offer);
  }
  if (confirms) user_->on_established(*this, request);
}

void Session::take_reinvite(transaction::ServerId id, const Request& request, const transport::Flow& flow,
                            bool late_offer) {
  // A change of ours that still waits for its offer goes back behind this one.
  if (change_ && !glare_.armed()) core_.timers().arm(glare_, std::chrono::milliseconds(500));
  incoming_ = std::make_unique<IncomingInvite>();
  incoming_->request = request;
  incoming_->id = id;
  incoming_->flow = flow;
  incoming_->cseq = request.cseq().number;
  incoming_->late_offer = late_offer;
  incoming_->answering = true;
  core_.index_server(id, *this);
  if (late_offer) return ask_offer(local_hold_, &Session::reinvite_offer);
  ask_answer(local_hold_, &Session::reinvite_answer);
}

void Session::reinvite_answer(std::optional<sdp::SessionDescription> answer) {
  auto before = offer_answer_;
  auto text = answer ? answer->to_string() : std::string();
  if (!answer || !offer_answer_.answer(text) || !negotiated()) {
    before.undo();
    offer_answer_ = std::move(before);  // what was agreed stands
    return refuse_incoming(status::not_acceptable_here);
  }
  note_remote_hold(true);
  send_2xx(text);
}

void Session::reinvite_offer(std::optional<sdp::SessionDescription> offer) {
  if (!offer) return refuse_incoming(status::not_acceptable_here);
  auto text = offer->to_string();
  offer_answer_.offer(text);
  send_2xx(text);
}

}  // namespace peal::inline v0::dialog
