#include <peal/testing/phone.hpp>

#include "phone_state.hpp"

#include <algorithm>
#include <utility>

namespace peal::inline v0::sim {

namespace {

StatusCode status_of_number(int code) { return StatusCode(static_cast<std::uint16_t>(code)); }

Config listening_at(const Host& host, Config config) {
  if (config.listen != Config{}.listen) return config;
  config.listen.clear();
  for (const auto& address : host.addresses()) config.listen.push_back("udp:" + address.to_uri_host() + ":5060");
  return config;
}

}  // namespace

// ---- one call

std::string PhoneCall::Record::name() const { return phone + "'s call"; }

void PhoneCall::Record::refused(const char* what, const Result<void>& result, SourceLine where) const {
  if (!result) sim->fail(name() + " could not " + what + ": " + result.error().message(), where, call_id);
}

PhoneCall::PhoneCall(std::shared_ptr<Record> record) : record_(std::move(record)) {}
const Call& PhoneCall::handle() const noexcept { return record_->call; }
bool PhoneCall::incoming() const noexcept { return record_->incoming; }
const std::vector<std::string>& PhoneCall::story() const noexcept { return record_->story; }
const std::optional<Cause>& PhoneCall::cause() const noexcept { return record_->cause; }
bool PhoneCall::established() const noexcept { return record_->established && !ended(); }
bool PhoneCall::ringing() const noexcept {
  return record_->rang && !record_->answered && !record_->established && !ended();
}
bool PhoneCall::on_hold() const noexcept { return established() && record_->hold != HoldState::none; }

void PhoneCall::hang_up(SourceLine where) { record_->refused("hang up", record_->call.hang_up(), where); }
void PhoneCall::hold(SourceLine where) { record_->refused("hold", record_->call.hold(), where); }
void PhoneCall::resume(SourceLine where) { record_->refused("resume", record_->call.resume(), where); }
void PhoneCall::answer(SourceLine where) {
  const auto result = record_->offered.answer();
  record_->answered = result.has_value();
  record_->refused("answer", result, where);
}
void PhoneCall::reject(int code, SourceLine where) {
  record_->refused("reject", record_->offered.reject(status_of_number(code)), where);
}

// ---- what it hears

std::shared_ptr<PhoneCall::Record> Phone::State::add(const Call& call) {
  auto record = std::make_shared<PhoneCall::Record>();
  record->sim = &sim;
  record->phone = host.name();
  record->call = call;
  if (call) record->call_id = call.sip_call_id().value_or(std::string());
  calls.push_back(record);
  if (call) by_id[call.id()] = record;
  return record;
}

PhoneCall::Record& Phone::State::record_of(const Call& call) {
  const auto known = by_id.find(call.id());
  return known == by_id.end() ? *add(call) : *known->second;
}

PhoneCall::Record& Phone::State::note(const Call& call, const std::string& word) {
  auto& record = record_of(call);
  story.push_back(word);
  record.story.push_back(word);
  if (record.cause) sim.fail(record.name() + " had \"" + word + "\" after its last event", {}, record.call_id);
  return record;
}

void Phone::State::on_incoming_call(IncomingCall& call) {
  auto& record = note(call, "incoming");
  record.incoming = true;
  record.offered = call;
  ++incoming;
  if (answer == Answer::ignore) return;
  if (rings_first || answer == Answer::ring) record.rang = call.ring().has_value();
  if (answer == Answer::ring) return;
  const auto decide = [shared = by_id.at(call.id()), accepts = answer == Answer::accept, with = code] {
    if (shared->cause || shared->answered) return;  // gone, or the test was quicker
    if (accepts)
      shared->answered = shared->offered.answer().has_value();
    else
      (void)shared->offered.reject(status_of_number(with));
  };
  if (rings_first)
    sim.after(delay, decide);
  else
    decide();
}
void Phone::State::on_progress(Call& call, const Progress& event) {
  auto& record = note(call, word_of(event));
  if (event.code.value() / 10 == 18) record.rang = true;
}
void Phone::State::on_established(Call& call, const Established& event) {
  note(call, word_of(event)).established = true;
}
void Phone::State::on_changed(Call& call, const Changed& event) { note(call, word_of(event)).hold = event.hold; }
void Phone::State::on_change_failed(Call& call, const ChangeFailed& event) { note(call, word_of(event)); }
void Phone::State::on_ended(Call& call, const Ended& event) { note(call, word_of(event)).cause = event.cause; }
void Phone::State::on_registration(Account&, const RegistrationEvent& event) { story.push_back(word_of(event)); }

// ---- the phone

Phone::Phone(Simulator& sim, std::string_view host, std::initializer_list<std::string_view> addresses, Config config) {
  auto& machine = sim.host(host, addresses);
  state_ = std::make_unique<State>(sim, machine);
  state_->ua = std::make_unique<UserAgent>(machine.runtime(), listening_at(machine, std::move(config)));
  (void)state_->ua->set_handler(state_.get());
}
Phone::~Phone() = default;

Phone& Phone::answers() {
  state_->answer = State::Answer::accept;
  state_->rings_first = false;
  return *this;
}
Phone& Phone::answers_after(Duration delay) {
  state_->answer = State::Answer::accept;
  state_->rings_first = true;
  state_->delay = delay;
  return *this;
}
Phone& Phone::rejects(int code) {
  state_->answer = State::Answer::reject;
  state_->rings_first = false;
  state_->code = code;
  return *this;
}
Phone& Phone::rejects_after(Duration delay, int code) {
  rejects(code);
  state_->rings_first = true;
  state_->delay = delay;
  return *this;
}
Phone& Phone::never_answers() {
  state_->answer = State::Answer::ring;
  return *this;
}
Phone& Phone::ignores() {
  state_->answer = State::Answer::ignore;
  return *this;
}

PhoneCall Phone::calls(std::string_view target, InviteOptions options) {
  const auto call = state_->ua->invite(target, std::move(options));
  auto record = state_->add(call ? *call : Call());
  if (!call) record->cause = Cause(Layer::local, call.error());
  return PhoneCall(std::move(record));
}
PhoneCall Phone::calls(const Phone& other) { return calls(other.uri()); }

void Phone::hang_up(SourceLine where) {
  const auto& calls = state_->calls;
  const auto live = std::find_if(calls.rbegin(), calls.rend(), [](const auto& record) { return !record->cause; });
  if (live == calls.rend()) return simulator().fail(host().name() + " has no call to hang up", where);
  PhoneCall(*live).hang_up(where);
}

std::vector<PhoneCall> Phone::history() const {
  std::vector<PhoneCall> out;
  for (const auto& record : state_->calls) out.emplace_back(record);
  return out;
}
PhoneCall Phone::call(SourceLine where) const {
  if (!state_->calls.empty()) return PhoneCall(state_->calls.back());
  simulator().fail(host().name() + " has had no call", where);
  auto none = std::make_shared<PhoneCall::Record>();
  none->sim = &simulator();
  none->phone = host().name();
  none->cause = Cause(Layer::local, 1, "there was no call");
  return PhoneCall(std::move(none));
}
const std::vector<std::string>& Phone::story() const noexcept { return state_->story; }
std::string Phone::uri() const {
  const auto user = state_->host.name().substr(0, state_->host.name().find('.'));
  const auto listening = state_->ua->listening();
  return "sip:" + user + "@" + (listening.empty() ? host().endpoint().to_string() : listening.front().substr(4));
}
UserAgent& Phone::ua() noexcept { return *state_->ua; }
UserAgentHandler& Phone::handler() noexcept { return *state_; }
Host& Phone::host() const noexcept { return state_->host; }
Simulator& Phone::simulator() const noexcept { return state_->sim; }

// ---- what may be expected of it

PhoneSubject::PhoneSubject(Phone& phone, SourceLine where) : UserAgentSubject(phone.ua(), where), phone_(&phone) {}

Eventually PhoneSubject::to_be_called() {
  Eventually::Wish wish;
  wish.what = who().name() + " to be called";
  wish.holds = [state = &phone_->state()] {
    if (state->incoming <= state->claimed) return false;
    ++state->claimed;
    return true;
  };
  return {simulator(), std::move(wish), where()};
}

Eventually PhoneSubject::to_be_idle() {
  Eventually::Wish wish;
  wish.what = who().name() + " to be idle";
  const auto rest = [state = &phone_->state()] {
    auto out = what_is_left(*state->ua);
    for (const auto& record : state->calls) {
      if (!record->cause) out += std::string(out.empty() ? "" : ", ") + "a call without a last event";
    }
    return out;
  };
  wish.holds = [rest] { return rest().empty(); };
  wish.instead = [rest] { return "left: " + rest() + "\n"; };
  wish.usual_limit = std::chrono::seconds(64);
  return {simulator(), std::move(wish), where()};
}

}  // namespace peal::inline v0::sim
