#include "session_state.hpp"

#include <algorithm>

namespace peal::inline v0::dialog {

/// RFC 3261 §13.2.1.
Result<void> Session::start_uac(Request request, InviteOptions options, SessionUser& user) {
  if (request.method() != method::invite || !request.has(header::from) || !request.has(header::to))
    return fail(peal::errc::invalid_value);
  user_ = &user;
  media_ = options.media;
  credentials_ = options.credentials;
  late_offer_ = options.late_offer;
  core_.complete(request);
  auto next_hop = core_.route_out(request, options.routes);
  if (!options.contact.empty()) request.set(header::contact, options.contact);
  if (auto ok = add_headers(request, options.headers); !ok) return ok;
  contact_given_ = request.has(header::contact);
  core_.add_capabilities(request);
  auto half = Dialog::of_request(request);
  if (!half) return fail(half.error());
  dialog_ = std::move(*half);
  invite_cseq_ = dialog_.local_cseq();
  state_ = SessionState::calling;
  core_.index(*this);
  indexed_ = true;
  invite_ = std::make_unique<Flight>(core_, std::move(request), std::move(next_hop), credentials_, *this);
  invite_->start();
  return {};
}

void Session::on_located(Flight& flight, const transport::Target& target) {
  if (&flight != invite_.get() || dialog_.state() == DialogState::confirmed) return flight.go();
  local_address_ = core_.address_for(target);
  if (media_ == nullptr || late_offer_ || !flight.request().body().empty()) return flight.go();
  ask_offer(false, &Session::initial_offer);
}

void Session::initial_offer(std::optional<sdp::SessionDescription> offer) {
  if (!offer) return finish_later(Cause(Layer::local, make_error_code(errc::no_media)));
  auto text = offer->to_string();
  if (auto type = MediaType::parse("application/sdp")) invite_->request().set_body(*type, text);
  offer_answer_.offer(std::move(text));
  invite_->go();
}

void Session::before_attempt(Flight& flight, Request& request, const transport::Target& target) {
  if (&flight != invite_.get() || dialog_.state() == DialogState::confirmed) return;
  early_.clear();  // they were of an attempt that was challenged, or of another target
  if (contact_given_) return;
  const auto user = request.from().uri().is_sip() ? std::string(request.from().uri().user()) : std::string();
  auto contact = core_.contact_for(target, user);
  if (!contact) return;
  request.set(header::contact, *contact);
  dialog_.set_contact(*contact);
}

std::uint32_t Session::next_cseq(Flight& flight, std::uint32_t) {
  const auto number = dialog_.next_local_cseq();
  if (&flight == invite_.get() && dialog_.state() == DialogState::early) invite_cseq_ = number;
  return number;
}

EarlyDialog* Session::early_dialog(const Response& response) {
  for (auto& early : early_)
    if (early->dialog.remote_tag() == response.to_tag()) return early.get();
  if (early_.size() >= core_.options().limits.early_dialogs) return nullptr;
  auto dialog = dialog_.with_response(response);
  if (!dialog) return nullptr;
  early_.push_back(std::make_unique<EarlyDialog>(EarlyDialog{std::move(*dialog), ++early_count_, {}}));
  return early_.back().get();
}

void Session::on_provisional(Flight& flight, const Response& response, const transport::Flow&) {
  if (&flight != invite_.get() || response.status() == status::trying) return;
  if (state_ != SessionState::calling && state_ != SessionState::early) return;  // a re-INVITE, or cancelled
  const bool dropped = response.status() == status::early_dialog_terminated;     // RFC 6228 §5
  if (dropped && std::none_of(early_.begin(), early_.end(),
                              [&](const auto& e) { return e->dialog.remote_tag() == response.to_tag(); }))
    return;
  std::uint32_t number = 0;
  if (!response.to_tag().empty()) {
    auto* early = early_dialog(response);
    if (early == nullptr) return;  // over the limit
    number = early->number;
    const auto sdp = response.body_of("application", "sdp");
    if (sdp && media_ != nullptr && offer_answer_.turn() == OfferAnswer::Turn::our_offer) {
      early->preview = *sdp;
      const auto ours = sdp::SessionDescription::parse(offer_answer_.pending());
      const auto theirs = sdp::SessionDescription::parse(*sdp);
      if (ours && theirs) media_->on_preview(*ours, *theirs, number);
    }
    if (dropped) std::erase_if(early_, [&](const auto& e) { return e.get() == early; });
  }
  state_ = SessionState::early;
  user_->on_provisional(*this, response, number);
}

void Session::on_final(Flight& flight, const Response* response, const Cause& cause) {
  if (&flight == bye_.get())
    return finish(Cause(*end_cause_));  // whatever was said to it, the session is over (§15.1.1)
  if (dialog_.state() == DialogState::confirmed) return change_final(response, cause);
  initial_final(response, cause);
}

void Session::initial_final(const Response* response, const Cause& cause) {
  if (response != nullptr && response->status().is_success()) return initial_2xx(*response);
  if (!cancelled_) return finish(cause);
  // What we asked for; but that nobody answered the INVITE at all (§9.1) is worth telling.
  auto why = response == nullptr ? cause : *end_cause_;
  why.peer = cause.peer;
  why.attempts = cause.attempts;
  finish(std::move(why));
}

/// §13.2.2.4. The ACK goes out whatever we think of the 2xx; then a session that cannot be is ended by BYE.
void Session::initial_2xx(const Response& response) {
  const EarlyDialog* early = nullptr;
  for (const auto& e : early_)
    if (e->dialog.remote_tag() == response.to_tag()) early = e.get();
  const std::string preview = early != nullptr ? early->preview : std::string();
  auto dialog = (early != nullptr ? early->dialog : dialog_).with_response(response);
  if (!dialog) return finish(Cause(Layer::local, make_error_code(errc::bad_response)));
  dialog->set_contact(dialog_.contact());
  dialog_ = std::move(*dialog);
  early_.clear();
  keep_credentials();
  invite_.reset();
  core_.timers().arm(acks_old_, 64 * core_.times().t1);
  forks_until_ = core_.timers().now() + 64 * core_.times().t1;
  const auto cseq = response.cseq().number;

  const auto sdp = response.body_of("application", "sdp");
  if (cancelled_ || bye_wanted_) {  // the CANCEL was too late
    send_ack(dialog_, cseq, {});
    return send_bye(Cause(*end_cause_));
  }
  if (media_ == nullptr) {
    send_ack(dialog_, cseq, {});
    return connected(response);
  }
  if (offer_answer_.turn() == OfferAnswer::Turn::our_offer) {
    const std::string_view answer = sdp ? *sdp : std::string_view(preview);
    const bool good = !answer.empty() && offer_answer_.peer_answers(answer) && negotiated();
    send_ack(dialog_, cseq, {});
    if (!good) return send_bye(Cause(Layer::local, make_error_code(errc::bad_sdp)));
    note_remote_hold(false);
    return connected(response);
  }
  if (!sdp || !offer_answer_.peer_offers(*sdp)) {  // late offer: it had to be here
    send_ack(dialog_, cseq, {});
    return send_bye(Cause(Layer::local, make_error_code(errc::bad_sdp)));
  }
  answered_ = std::make_unique<Response>(response);
  core_.timers().arm(deadline_, 64 * core_.times().t1);
  ask_answer(false, &Session::late_answer);
}

void Session::late_answer(std::optional<sdp::SessionDescription> answer) {
  core_.timers().disarm(deadline_);
  const auto text = answer ? answer->to_string() : std::string();
  const bool good = answer && offer_answer_.answer(text) && negotiated();
  send_ack(dialog_, answered_->cseq().number, text);
  if (!good) {
    answered_.reset();
    return send_bye(Cause(Layer::local, make_error_code(errc::bad_sdp)));
  }
  note_remote_hold(true);
  state_ = SessionState::established;
  core_.runtime().post([this, watch = lifetime_.watch()] {
    if (!watch.alive() || !answered_ || state_ == SessionState::ended) return;
    const auto response = std::move(answered_);
    user_->on_established(*this, *response);
  });
}

void Session::connected(const Response& response) {
  state_ = SessionState::established;
  user_->on_established(*this, response);
}

void Session::keep_credentials() {
  credentials_sent_.clear();
  const auto keep = [this](std::string_view name) {
    return [this, name](const auto& value) {
      if (value) credentials_sent_.push_back(std::string(name) + ": " + std::string(value->text()));
    };
  };
  invite_->request().each(header::authorization, keep("Authorization"));
  invite_->request().each(header::proxy_authorization, keep("Proxy-Authorization"));
}

}  // namespace peal::inline v0::dialog
