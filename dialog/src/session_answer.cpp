#include "session_state.hpp"

#include <chrono>
#include <utility>

namespace peal::inline v0::dialog {

/// RFC 3261 §13.3.1, §12.1.1.
bool Session::start_uas(transaction::ServerId id, const Request& request, const transport::Flow& flow) {
  state_ = SessionState::ended;  // until there is something to end
  const transport::Target peer{flow.protocol, flow.peer, {}};
  local_address_ = core_.address_for(peer);
  const auto user = request.uri().is_sip() ? request.uri().user() : std::string_view{};
  auto contact = core_.contact_for(peer, user);
  if (!contact) {
    core_.refuse(id, request, status::server_internal_error);
    return false;
  }
  // The transaction's own answers (200 to a CANCEL) carry this tag too (§9.2).
  const auto tag = core_.transactions().local_tag(id);
  auto dialog = Dialog::of_received(request, tag ? *tag : core_.runtime().random().token(16), contact->view());
  if (!dialog) {
    core_.refuse(id, request, status::bad_request, "Missing or Bad Contact");
    return false;
  }
  if (const auto offer = request.body_of("application", "sdp")) {
    if (!sdp::SessionDescription::parse(*offer) || !offer_answer_.peer_offers(*offer)) {
      core_.refuse(id, request, status::not_acceptable_here);
      return false;
    }
  }
  dialog_ = std::move(*dialog);
  incoming_ = std::make_unique<IncomingInvite>();
  incoming_->request = request;
  incoming_->id = id;
  incoming_->flow = flow;
  incoming_->cseq = request.cseq().number;
  incoming_->initial = true;
  incoming_->late_offer = offer_answer_.turn() == OfferAnswer::Turn::free;
  state_ = SessionState::incoming;
  core_.index(*this);
  indexed_ = true;
  core_.index_server(id, *this);
  return true;
}

void Session::offered(const Request& request) {
  const auto watch = lifetime_.watch();
  core_.user().on_invite(*this, request);
  if (!watch.alive() || user_ != nullptr || state_ == SessionState::ended) return;
  refuse_incoming(status::temporarily_unavailable);
  finish(Cause(Layer::local, 480, "nobody took the call"));
}

Response Session::make_response(StatusCode code, std::string_view reason) {
  Response response(incoming_->request, code, dialog_.local_tag(), reason);
  if (code.value() == 100 || code.value() >= 300) return response;
  incoming_->request.each(header::record_route, [&](const auto& route) {  // §12.1.1
    if (route) response.add(header::record_route, NameAddr(*route));
  });
  response.set(header::contact, NameAddr(dialog_.contact()));
  core_.add_capabilities(response);
  return response;
}

Result<void> Session::progress(StatusCode code, bool with_sdp, const ExtraHeaders& headers) {
  if (!code.is_provisional()) return fail(peal::errc::invalid_value);
  if (state_ != SessionState::incoming || !incoming_ || incoming_->answering)
    return fail(make_error_code(errc::wrong_state));
  Response probe(incoming_->request, code);
  if (auto ok = add_headers(probe, headers); !ok) return ok;
  // An unreliable 1xx may show the answer, but never the first offer (§13.2.1).
  const bool sdp = with_sdp && media_ != nullptr && offer_answer_.turn() == OfferAnswer::Turn::their_offer;
  if (!sdp) {
    send_provisional(code, headers, {});
    return {};
  }
  if (!preview_.empty()) {
    send_provisional(code, headers, preview_);
    return {};
  }
  incoming_->provisionals.emplace_back(code, headers);
  if (incoming_->provisionals.size() == 1) ask_answer(false, &Session::preview_answer);
  return {};
}

void Session::preview_answer(std::optional<sdp::SessionDescription> answer) {
  if (answer) preview_ = answer->to_string();
  const auto waiting = std::exchange(incoming_->provisionals, {});
  for (const auto& [code, headers] : waiting) send_provisional(code, headers, preview_);
  if (incoming_->answering) continue_accept();
}

void Session::send_provisional(StatusCode code, const ExtraHeaders& headers, std::string_view sdp) {
  auto response = make_response(code);
  (void)add_headers(response, headers);
  if (!sdp.empty())
    if (auto type = MediaType::parse("application/sdp")) response.set_body(*type, sdp);
  auto packet = core_.respond(incoming_->id, response);
  if (!packet || code == status::trying) return;
  incoming_->packet = std::move(*packet);
  incoming_->has_packet = true;
  core_.timers().arm(repeat_, std::chrono::minutes(1));  // §13.3.1.1: proxies give up after three
}

Result<void> Session::accept(StatusCode code, const ExtraHeaders& headers) {
  if (!code.is_success()) return fail(peal::errc::invalid_value);
  if (state_ != SessionState::incoming || !incoming_) return fail(make_error_code(errc::wrong_state));
  if (incoming_->answering) return fail(make_error_code(errc::already_answered));
  Response probe(incoming_->request, code);
  if (auto ok = add_headers(probe, headers); !ok) return ok;
  incoming_->answering = true;
  incoming_->code = code;
  incoming_->headers = headers;
  if (incoming_->provisionals.empty()) continue_accept();
  return {};
}

void Session::continue_accept() {
  if (media_ == nullptr) return send_2xx({});
  if (offer_answer_.turn() != OfferAnswer::Turn::their_offer) return ask_offer(false, &Session::accept_offer);
  if (preview_.empty()) return ask_answer(false, &Session::accept_answer);
  auto shown = sdp::SessionDescription::parse(preview_);  // the 2xx says what the 1xx said (§13.2.1)
  accept_answer(shown ? std::optional(std::move(*shown)) : std::nullopt);
}

void Session::accept_answer(std::optional<sdp::SessionDescription> answer) {
  auto text = answer ? answer->to_string() : std::string();
  if (!answer || !offer_answer_.answer(text) || !negotiated()) {
    refuse_incoming(status::not_acceptable_here);
    return finish_later(Cause(Layer::local, make_error_code(errc::no_media)));
  }
  note_remote_hold(true);
  send_2xx(text);
}

void Session::accept_offer(std::optional<sdp::SessionDescription> offer) {
  if (!offer) {
    refuse_incoming(status::not_acceptable_here);
    return finish_later(Cause(Layer::local, make_error_code(errc::no_media)));
  }
  auto text = offer->to_string();
  offer_answer_.offer(text);
  send_2xx(text);
}

/// §13.3.1.4: from here on we repeat it until the ACK comes. Also of a re-INVITE (§14.2).
void Session::send_2xx(std::string_view sdp) {
  auto response = make_response(incoming_->code);
  (void)add_headers(response, incoming_->headers);  // they were checked when they were given
  if (auto contact = response.get(header::contact)) dialog_.set_contact(*contact);
  if (!sdp.empty())
    if (auto type = MediaType::parse("application/sdp")) response.set_body(*type, sdp);
  auto packet = core_.respond(incoming_->id, response);
  if (!packet && packet.error() == transport::errc::too_large) return answer_too_large(packet.error());
  core_.unindex_server(incoming_->id, *this);
  incoming_->accepted = true;
  if (!packet) {
    if (incoming_->initial) return finish_later(Cause(Layer::transport, packet.error()));
    return drop_incoming();
  }
  if (!incoming_->initial)
    if (auto target = incoming_->request.get(header::contact)) dialog_.set_remote_target(target->uri());
  incoming_->packet = std::move(*packet);
  incoming_->has_packet = true;
  incoming_->request = Request();
  incoming_->interval = core_.times().t1;
  dialog_.set_state(DialogState::confirmed);
  std::string().swap(preview_);
  if (incoming_->initial) state_ = SessionState::accepted;
  core_.timers().arm(repeat_, incoming_->interval);
  core_.timers().arm(deadline_, 64 * core_.times().t1);
}

/// The peer waits for an answer all the same. What a re-INVITE agreed on is not known to it: the session cannot go on.
void Session::answer_too_large(std::error_code error) {
  const bool initial = incoming_->initial;
  refuse_incoming(status::server_internal_error);
  if (initial) return finish_later(Cause(Layer::transport, error));
  send_bye(Cause(Layer::transport, error));
}

Result<void> Session::reject(StatusCode code, std::string_view reason, const ExtraHeaders& headers) {
  if (code.value() < 300) return fail(peal::errc::invalid_value);
  if (reason.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos) return fail(peal::errc::forbidden_byte);
  if (state_ != SessionState::incoming || !incoming_ || !incoming_->initial)
    return fail(make_error_code(errc::wrong_state));
  auto response = make_response(code, reason);
  if (auto ok = add_headers(response, headers); !ok) return ok;
  const std::string text(response.reason());
  (void)core_.respond(incoming_->id, response);
  drop_incoming();
  finish_later(Cause(Layer::local, code.value(), text));
  return {};
}

void Session::refuse_incoming(StatusCode code) {
  if (!incoming_ || incoming_->accepted) return;
  auto response = make_response(code);
  (void)core_.respond(incoming_->id, response);
  drop_incoming();
}

void Session::drop_incoming() noexcept {
  if (!incoming_) return;
  if (!incoming_->accepted) core_.unindex_server(incoming_->id, *this);
  core_.timers().disarm(repeat_);
  core_.timers().disarm(deadline_);
  incoming_.reset();
}

void Session::on_server_failure(const transaction::Failure& failure) {
  if (!incoming_ || incoming_->accepted) return;
  Cause cause(Layer::transaction, failure.code);
  if (failure.detail) cause = Cause(Layer::transport, failure.detail);
  cause.peer = failure.peer;
  const bool initial = incoming_->initial;
  drop_incoming();
  if (initial) finish(std::move(cause));
}

}  // namespace peal::inline v0::dialog
