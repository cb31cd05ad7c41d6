#include "session_state.hpp"

#include <utility>

namespace peal::inline v0::dialog {

InviteSession::~InviteSession() = default;

Session::~Session() { end(); }

HoldState Session::hold_state() const noexcept {
  if (local_hold_) return remote_hold_ ? HoldState::both : HoldState::local;
  return remote_hold_ ? HoldState::remote : HoldState::none;
}

std::size_t Session::dialogs() const noexcept { return early_.empty() ? 1 : early_.size(); }

Dialog* Session::find_dialog(std::string_view remote_tag) noexcept {
  for (auto& early : early_)
    if (early->dialog.remote_tag() == remote_tag) return &early->dialog;
  const bool half = uac_ && dialog_.state() == DialogState::early;  // of our INVITE alone: nobody's yet
  return !half && dialog_.remote_tag() == remote_tag ? &dialog_ : nullptr;
}

// ---- the end

/// Everything stops; who hears of it is the caller's business.
void Session::end() noexcept {
  if (std::exchange(state_, SessionState::ended) == SessionState::ended) return;
  auto& timers = core_.timers();
  timers.disarm(repeat_);
  timers.disarm(deadline_);
  timers.disarm(glare_);
  timers.disarm(acks_old_);
  ++ticket_;
  invite_.reset();
  bye_.reset();
  drop_incoming();
  early_.clear();
  if (indexed_) core_.unindex(*this);
  indexed_ = false;
  dialog_.set_state(DialogState::ended);
}

void Session::finish(Cause cause) {
  if (state_ == SessionState::ended) return;
  end();
  tell_end(cause);
}

void Session::finish_later(Cause cause) {
  if (state_ == SessionState::ended) return;
  end();
  end_cause_ = std::make_unique<Cause>(std::move(cause));
  core_.runtime().post([this, watch = lifetime_.watch()] {
    if (watch.alive()) tell_end(Cause(*end_cause_));
  });
}

/// An INVITE transaction ends by its answer alone (RFC 3261 §17.2.1): without one the peer would wait for ever.
void Session::abandon(const Cause& cause) {
  if (state_ == SessionState::ended) return;
  refuse_incoming(status::temporarily_unavailable);
  finish_later(cause);
}

void Session::tell_end(const Cause& cause) {
  auto& core = core_;
  const auto watch = core.lifetime().watch();
  if (user_ != nullptr) user_->on_ended(*this, cause);
  if (watch.alive()) core.destroy(*this);
}

// ---- media

Session::SdpTicket Session::ticket(SdpDone done) {
  return SdpTicket(
      [this, watch = lifetime_.watch(), number = ++ticket_, done](std::optional<sdp::SessionDescription> answer) {
        if (watch.alive() && number == ticket_) (this->*done)(std::move(answer));
      });
}

namespace {
struct Descriptions {
  std::optional<sdp::SessionDescription> local, remote, refused;
  explicit Descriptions(const OfferAnswer& offer_answer)
      : local(parse(offer_answer.local())),
        remote(parse(offer_answer.remote())),
        refused(parse(offer_answer.refused())) {}
  static std::optional<sdp::SessionDescription> parse(std::string_view text) {
    if (text.empty()) return std::nullopt;
    auto parsed = sdp::SessionDescription::parse(text);
    if (!parsed) return std::nullopt;
    return std::move(*parsed);
  }
  [[nodiscard]] OfferContext context(bool hold, const std::string& address) const {
    return {local ? &*local : nullptr, remote ? &*remote : nullptr, hold, address, refused ? &*refused : nullptr};
  }
};
}  // namespace

void Session::ask_offer(bool hold, SdpDone done) {
  const Descriptions now(offer_answer_);
  media_->offer(now.context(hold, local_address_), ticket(done));
}

void Session::ask_answer(bool hold, SdpDone done) {
  const auto offer = Descriptions::parse(offer_answer_.pending());
  if (!offer) return (this->*done)(std::nullopt);
  const Descriptions now(offer_answer_);
  media_->answer(now.context(hold, local_address_), *offer, ticket(done));
}

bool Session::negotiated() {
  const Descriptions now(offer_answer_);
  return now.local && now.remote && (media_ == nullptr || media_->on_negotiated(*now.local, *now.remote));
}

/// Who sends nothing but wants nothing either, or names 0.0.0.0, holds us (RFC 3264 §8.4, RFC 6337 §5.3). An answer can
/// only say so when our offer left it the choice.
void Session::note_remote_hold(bool they_offered) {
  const Descriptions now(offer_answer_);
  if (!now.local || !now.remote) return;
  bool any = false, held = true, choice = they_offered;
  for (std::size_t i = 0; i < now.remote->media().size(); ++i) {
    if (now.remote->media()[i].port() == 0) continue;
    any = true;
    const auto connection = now.remote->connection_of(i);
    if (receives(now.remote->direction_of(i)) && !(connection && connection->is_unspecified())) held = false;
    if (i < now.local->media().size() && sends(now.local->direction_of(i))) choice = true;
  }
  if (any && (choice || !held)) remote_hold_ = held;
}

// ---- other requests in the dialog

Result<Request> Session::make_request(const Method& method) {
  const bool half = uac_ && dialog_.state() == DialogState::early;
  if (half || state_ == SessionState::ended) return fail(make_error_code(errc::no_dialog));
  return dialog_.make_request(method);
}

Result<std::unique_ptr<OutgoingRequest>> Session::send(Request request, OutgoingUser& user) {
  const auto method = request.method();
  if (method.empty() || method == method::invite || method == method::ack || method == method::bye ||
      method == method::cancel || request.call_id() != call_id() || request.from_tag() != local_tag())
    return fail(peal::errc::invalid_value);
  if (state_ == SessionState::ended) return fail(make_error_code(errc::no_dialog));
  return core_.send_in(dialog_, lifetime_.watch(), std::move(request), credentials_, user);
}

// ---- headers that the application adds

Result<void> Session::add_headers(Message& message, const ExtraHeaders& headers) {
  for (const auto& [name, value] : headers.fields) {
    const auto id = header::find(name);
    if (is_protected(id)) return fail(peal::errc::protected_header);
    if (auto ok = id == HeaderId::contact ? message.set(name, value) : message.add(name, value); !ok) return ok;
  }
  return {};
}

}  // namespace peal::inline v0::dialog
