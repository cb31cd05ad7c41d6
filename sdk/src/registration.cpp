#include "account_state.hpp"
#include "user_agent_impl.hpp"

#include <algorithm>
#include <utility>

namespace peal::inline v0::detail {

namespace {

using std::chrono::seconds;

constexpr seconds first_wait{30};      // RFC 5626 §4.5: base-time when all flows failed
constexpr seconds longest_wait{1800};  // RFC 5626 §4.5: max-time

/// Refused for good: trying again changes nothing until the user does something.
bool permanent(int status) {
  switch (status) {
    case 408:
    case 423:
    case 480:
    case 491: return false;
    default: return status >= 300 && status < 500;
  }
}

bool same_binding(const UriView& a, const UriView& b) {
  return a.user() == b.user() && a.host() == b.host() && a.port() == b.port();
}

/// What the registrar granted for `ours`: the expires parameter of our Contact, else the Expires header, else what we asked.
seconds granted(const Response& response, const UriView& ours, seconds asked) {
  std::optional<seconds> of_contact;
  response.each(header::contact, [&](const Result<NameAddrView, ParseError>& contact) {
    if (!contact || !same_binding(contact->uri(), ours)) return;  // a bad or foreign binding only informs
    auto value = DeltaSeconds::parse(contact->params().value("expires"));
    if (value) of_contact = value->value;
  });
  if (of_contact) return *of_contact;
  auto of_header = response.get(header::expires);
  return of_header ? of_header->value : asked;
}

}  // namespace

void AccountState::start(std::optional<UniqueFunction<void(Result<RegistrationEvent>)>> done) {
  if (stopping_ || owner_.shutting_down() || (state_ == RegistrationState::registering && !done)) {
    if (done) owner_.complete<Result<RegistrationEvent>>(std::move(*done), fail(errc::wrong_state));
    return;
  }
  if (done) start_done_.push_back(std::move(*done));
  if (state_ == RegistrationState::registering) return;
  failures_ = 0;
  too_brief_ = 0;
  expires_ = config_.expires;
  send_register();
}

void AccountState::stop(std::optional<UniqueFunction<void(Result<RegistrationEvent>)>> done) {
  owner_.runtime().timers().disarm(timer_);
  if (done) stop_done_.push_back(std::move(*done));
  if (stopping_) return;
  if (state_ == RegistrationState::unregistered || state_ == RegistrationState::failed) {
    RegistrationEvent event;
    event.state = state_ = RegistrationState::unregistered;
    return report(std::move(event));
  }
  stopping_ = true;
  removal_sent_ = false;
  if (request_ == nullptr) send_register();  // otherwise when the REGISTER under way has its answer (§10.2)
}

void AccountState::abort_pending() {
  for (auto* list : {&start_done_, &stop_done_}) {
    auto waiting = std::exchange(*list, {});
    for (auto& done : waiting) done(fail(errc::aborted));
  }
}

void AccountState::retire() {
  owner_.runtime().timers().disarm(timer_);
  request_.reset();
  for (auto* list : {&start_done_, &stop_done_}) {
    auto waiting = std::exchange(*list, {});
    for (auto& done : waiting) owner_.complete<Result<RegistrationEvent>>(std::move(done), fail(errc::aborted));
  }
}

void AccountState::abandon() {
  if (request_ == nullptr) return;
  request_.reset();
  stopping_ = false;
  RegistrationEvent event;
  event.state = state_ = RegistrationState::failed;
  event.cause = Cause(Layer::timer, make_error_code(transaction::errc::timed_out));
  report(std::move(event));
}

void AccountState::send_register() {
  state_ = stopping_ ? RegistrationState::unregistering : RegistrationState::registering;
  removal_sent_ = stopping_;
  dialog::UaCore::NewRequest parts{method::register_, registrar_, identity(), identity()};
  Request request = owner_.core().make_request(parts);
  if (call_id_.empty())
    call_id_ = request.call_id();
  else if (auto id = CallId::parse(call_id_))
    request.set(header::call_id, *id);
  request.set(header::cseq, CSeq{++cseq_, method::register_});
  request.set(header::expires, DeltaSeconds{stopping_ ? seconds(0) : expires_});
  Result<void> ready = add_headers(request);
  dialog::RequestOptions options;
  options.credentials = &any_;
  options.routes = routes_;
  options.add_contact = true;
  options.contact_user = aor_.user();
  if (ready) {
    auto sent = owner_.core().send(std::move(request), std::move(options), *this);
    if (sent) {
      request_ = std::move(*sent);
      return;
    }
    ready = fail(sent.error());
  }
  const Cause cause(Layer::local, ready.error().value(), ready.error().message());
  stopping_ ? on_unregistered(nullptr, cause) : on_refused(nullptr, cause);
}

void AccountState::on_final(const Response* response, const Cause& cause) {
  if (request_) cseq_ = std::max(cseq_, request_->request().cseq().number);  // authentication has used further numbers
  if (stopping_ && !removal_sent_) {
    request_.reset();
    return send_register();
  }
  if (stopping_) return on_unregistered(response, cause);
  if (response != nullptr && response->status().is_success()) return on_registered(*response);
  on_refused(response, cause);
}

void AccountState::on_registered(const Response& response) {
  RegistrationEvent event;
  event.state = state_ = RegistrationState::registered;
  auto ours = request_->request().get(header::contact);
  event.expires = ours ? granted(response, ours->uri(), expires_) : expires_;
  response.each(header::contact, [&](const Result<NameAddrView, ParseError>& contact) {
    if (contact) event.contacts.emplace_back(contact->uri().text());
  });
  failures_ = 0;
  too_brief_ = 0;
  request_.reset();
  if (event.expires <= seconds(0)) {
    // §10.2.1: a 200 without our binding is no registration
    Cause cause(Layer::sip, 200, "the registrar did not keep our Contact");
    return on_refused(nullptr, cause);
  }
  // Refresh before it expires: after 85 %, a little earlier at random so that many accounts do not meet.
  const auto whole = std::chrono::duration_cast<transport::Duration>(event.expires);
  const auto jitter = owner_.runtime().random().below(10);
  const auto wait = whole * static_cast<int>(85 - jitter) / 100;
  owner_.runtime().timers().arm(timer_, std::max<transport::Duration>(wait, std::chrono::milliseconds(500)));
  report(std::move(event));
}

void AccountState::on_refused(const Response* response, const Cause& cause) {
  const int status = response != nullptr ? static_cast<int>(response->status().value()) : 0;
  if (status == 423 && too_brief_ == 0) {  // §10.2.8: once more with what the registrar wants
    if (auto least = response->get(header::min_expires); least && least->value > expires_) {
      ++too_brief_;
      expires_ = least->value;
      request_.reset();
      return send_register();
    }
  }
  RegistrationEvent event;
  event.state = state_ = RegistrationState::failed;
  event.cause = cause;
  const bool for_good = status != 0 ? permanent(status) || status >= 600 : cause.layer == Layer::local;
  if (!for_good) {
    event.retry_in = back_off();
    if (response != nullptr)
      if (auto after = response->get(header::retry_after)) event.retry_in = std::max(event.retry_in, after->delay);
    owner_.runtime().timers().arm(timer_, std::chrono::duration_cast<transport::Duration>(event.retry_in));
  }
  request_.reset();
  report(std::move(event));
}

void AccountState::on_unregistered(const Response* response, const Cause& cause) {
  stopping_ = false;
  request_.reset();
  call_id_.clear();
  RegistrationEvent event;
  const bool done = response != nullptr && response->status().is_success();
  event.state = state_ = done ? RegistrationState::unregistered : RegistrationState::failed;
  if (!done) event.cause = cause;
  report(std::move(event));
}

std::chrono::seconds AccountState::back_off() {
  // RFC 5626 §4.5: base × 2^failures, at most max-time, then uniform between half of it and all of it
  const auto upper = std::min(longest_wait, first_wait * (1U << std::min(failures_, 6U)));
  ++failures_;
  const auto half = upper.count() / 2;
  return seconds(half + static_cast<long>(owner_.runtime().random().below(static_cast<std::uint64_t>(half) + 1)));
}

void AccountState::on_timer() {
  if (!stopping_ && request_ == nullptr) send_register();
}

void AccountState::report(RegistrationEvent event) {
  const bool start_over = event.state == RegistrationState::registered || event.state == RegistrationState::failed;
  auto waiting = std::exchange(start_over ? start_done_ : stop_done_, {});
  if (event.state == RegistrationState::failed)  // also ends a stop that failed
    for (auto& done : std::exchange(stop_done_, {})) waiting.push_back(std::move(done));
  for (auto& done : waiting) owner_.complete<Result<RegistrationEvent>>(std::move(done), event);
  owner_.events().push({QueuedEvent::Kind::registration, slot_, generation_, std::move(event)});
  owner_.something_ended();
}

}  // namespace peal::inline v0::detail
