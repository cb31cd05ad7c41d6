#include "flight.hpp"

#include "core.hpp"

#include <cctype>

namespace peal::inline v0::dialog {

void FlightUser::on_located(Flight& flight, const transport::Target&) { flight.go(); }
void FlightUser::before_attempt(Flight&, Request&, const transport::Target&) {}
std::uint32_t FlightUser::next_cseq(Flight&, std::uint32_t last) { return last + 1; }

Flight::Flight(Core& core, Request request, Uri next_hop, CredentialSource* credentials, FlightUser& user)
    : core_(core),
      user_(user),
      request_(std::move(request)),
      next_hop_(std::move(next_hop)),
      auth_(credentials, core.runtime().random(), core.options().limits.challenges) {
  ++core_.flights;
}

Flight::~Flight() {
  --core_.flights;
  if (!id_) return;
  // Nobody waits for an answer any more, and only a CANCEL bounds how long an INVITE that had a 1xx lives (RFC 3261
  // §9.1).
  if (request_.method() == method::invite && !cancelled_ && !core_.closing()) (void)core_.transactions().cancel(id_);
  core_.transactions().detach(id_);
}

std::string Flight::scope() const {
  std::string out(next_hop_.host());
  for (auto& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

void Flight::start() {
  auto found = core_.locator().locate(
      next_hop_.view(),
      [this, watch = lifetime_.watch()](std::vector<transport::Target> targets, std::error_code error) {
        if (watch.alive()) located(std::move(targets), error);
      });
  if (!found) {
    locate_error_ = found.error();
    return finish_later(nullptr, cause_of_failure());
  }
  if (found->empty()) return;
  targets_ = std::move(*found);
  if (!choose()) finish_later(nullptr, cause_of_failure());
}

void Flight::located(std::vector<transport::Target> targets, std::error_code error) {
  targets_ = std::move(targets);
  locate_error_ = error;
  if (!choose()) finish(nullptr, cause_of_failure());
}

/// A name may have addresses of a family on which we do not listen: the first that can be reached counts.
bool Flight::choose() {
  for (; target_ < targets_.size(); ++target_) {
    const auto& target = targets_[target_];
    const auto from = core_.transport().local_address_for(target);
    if (from) return user_.on_located(*this, target), true;
    attempts_.push_back({target, from.error(), 0});
  }
  return false;
}

void Flight::go() { attempt(); }

void Flight::attempt() {
  provisional_ = false;
  for (; target_ < targets_.size(); ++target_) {
    const auto& target = targets_[target_];
    request_.remove(header::via);
    user_.before_attempt(*this, request_, target);
    core_.before_send(request_);
    auth_.authorize(request_, scope());
    auto id = core_.transactions().send(request_, target, *this);
    if (id) {
      id_ = *id;
      return;
    }
    // Maybe for the credentials that a peer made us collect; they must not keep every later request from being sent.
    if (id.error() == make_error_code(transport::errc::too_large)) auth_.give_up(scope());
    attempts_.push_back({target, id.error(), 0});
  }
  finish_later(nullptr, cause_of_failure());
}

bool Flight::cancel(std::string_view reason) {
  if (cancelled_) return true;
  cancelled_ = true;
  if (!id_) return false;
  return core_.transactions().cancel(id_, reason).has_value();
}

void Flight::on_response(transaction::ClientId, const Response& response, const transport::Flow& flow) {
  const auto code = response.status();
  peer_ = flow.peer;
  if (code.is_provisional()) {
    provisional_ = true;
    return user_.on_provisional(*this, response, flow);
  }
  id_ = {};
  if (code.is_success()) auth_.learn(response, scope());
  const bool challenge = code == status::unauthorized || code == status::proxy_authentication_required;
  if (challenge && !cancelled_ && auth_.able()) return challenged(response, flow);
  if (code == status::service_unavailable && !cancelled_ && target_ + 1 < targets_.size()) {  // RFC 3263 §4.3
    attempts_.push_back({targets_[target_], {}, code.value()});
    ++target_;
    return attempt();
  }
  finish(&response, cause_of(response, flow));
}

void Flight::on_failure(transaction::ClientId, const transaction::Failure& failure) {
  id_ = {};
  peer_ = failure.peer;
  if (target_ < targets_.size())
    attempts_.push_back({targets_[target_], failure.detail ? failure.detail : failure.code, 0});
  if (!provisional_ && !cancelled_ && go_on_after(failure)) return attempt();
  Cause cause(Layer::transaction, failure.code);
  if (failure.detail) cause = Cause(Layer::transport, failure.detail);
  cause.peer = failure.peer;
  cause.attempts = std::move(attempts_);
  finish(nullptr, cause);
}

/// The same target by another listening point when ours was closed; otherwise the next one (RFC 3263 §4.3).
bool Flight::go_on_after(const transaction::Failure& failure) {
  const bool closed = failure.detail == make_error_code(transport::errc::closed);
  if (closed && target_ < targets_.size() && core_.transport().local_address_for(targets_[target_])) {
    count_on();  // the first one may have come: of the same number, this one would be refused as merged (§8.2.2.2)
    return true;
  }
  return ++target_ < targets_.size();
}

void Flight::count_on() {
  auto cseq = request_.cseq();
  cseq.number = user_.next_cseq(*this, cseq.number);
  request_.set(header::cseq, cseq);
}

void Flight::challenged(const Response& response, const transport::Flow& flow) {
  peer_ = flow.peer;
  challenge_ = std::make_unique<Response>(response);
  auth_.challenged(*challenge_, scope(), [this](std::error_code error) { answer_challenge(error); });
}

void Flight::answer_challenge(std::error_code error) {
  auto response = std::move(challenge_);
  if (cancelled_) error = make_error_code(errc::no_credentials);
  if (error) {
    Cause cause(Layer::local, error);
    cause.peer = peer_;
    attempts_.push_back(
        {target_ < targets_.size() ? targets_[target_] : transport::Target{}, error, response->status().value()});
    cause.attempts = std::move(attempts_);
    return finish_later(std::move(response), std::move(cause));
  }
  count_on();
  attempt();
}

void Flight::finish(const Response* response, const Cause& cause) { user_.on_final(*this, response, cause); }

void Flight::finish_later(std::unique_ptr<Response> response, Cause cause) {
  struct Outcome {
    std::unique_ptr<Response> response;
    Cause cause;
  };
  auto outcome = std::make_unique<Outcome>(Outcome{std::move(response), std::move(cause)});
  core_.runtime().post([this, watch = lifetime_.watch(), outcome = std::move(outcome)] {
    if (watch.alive()) finish(outcome->response.get(), outcome->cause);
  });
}

Cause Flight::cause_of(const Response& response, const transport::Flow& flow) {
  Cause cause(Layer::sip, response.status().value(), std::string(response.reason()));
  cause.peer = flow.peer;
  cause.attempts = std::move(attempts_);
  return cause;
}

Cause Flight::cause_of_failure() const {
  if (attempts_.empty()) {
    const bool dns = locate_error_ == make_error_code(transport::errc::unresolvable);
    const auto error = locate_error_ ? locate_error_ : make_error_code(errc::no_target);
    return {dns ? Layer::dns : Layer::transport, error};
  }
  Cause cause(Layer::transport, attempts_.back().error);
  cause.peer = attempts_.back().target.endpoint;
  cause.attempts = attempts_;
  return cause;
}

}  // namespace peal::inline v0::dialog
