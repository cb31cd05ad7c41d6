#include <peal/testing/recorder.hpp>

#include <array>
#include <type_traits>
#include <variant>

namespace peal::inline v0::sim {

namespace {

std::string word(const Progress& event) { return std::to_string(event.code.value()); }
std::string word(const Established&) { return "established"; }
std::string word(const Changed& event) {
  static constexpr std::array<const char*, 4> holds{"none", "local", "remote", "both"};
  return std::string(event.by_peer ? "peer:" : "we:") + holds[static_cast<std::size_t>(event.hold)];
}
std::string word(const ChangeFailed& event) { return "change_failed:" + std::to_string(event.code); }
std::string word(const Ended&) { return "ended"; }

}  // namespace

std::string word_of(const CallEvent& event) {
  return std::visit([](const auto& e) { return word(e); }, event);
}

std::string word_of(const RegistrationEvent& event) {
  static constexpr std::array<const char*, 5> states{"unregistered", "registering", "registered", "unregistering",
                                                     "failed"};
  return states[static_cast<std::size_t>(event.state)];
}

std::string text_of(const Cause& cause) {
  if (cause.layer == Layer::sip && cause.code != 0) return std::to_string(cause.code) + " " + cause.text;
  if (cause.code == 0) return cause.text.empty() ? "normal" : "normal (" + cause.text + ")";
  return std::string(name_of(cause.layer)) + ": " + cause.text;
}

void Recorder::on_incoming_call(IncomingCall& call) {
  log.emplace_back("incoming");
  offered.push_back(call);
  const auto tried = [this](const char* what, const Result<void>& result) {
    if (!result) log.push_back(std::string("could not ") + what + ": " + result.error().message());
  };
  if (ring) tried("ring", call.ring());
  if (answer_at_once) tried("answer", call.answer());
}
void Recorder::on_progress(Call&, const Progress& event) { log.push_back(word(event)); }
void Recorder::on_established(Call&, const Established& event) { log.push_back(word(event)); }
void Recorder::on_changed(Call&, const Changed& event) { log.push_back(word(event)); }
void Recorder::on_change_failed(Call&, const ChangeFailed& event) { log.push_back(word(event)); }
void Recorder::on_ended(Call&, const Ended& event) {
  log.push_back(word(event));
  ends.push_back(event.cause);
}
void Recorder::on_registration(Account&, const RegistrationEvent& event) {
  log.push_back(word_of(event));
  registrations.push_back(event);
}

}  // namespace peal::inline v0::sim
