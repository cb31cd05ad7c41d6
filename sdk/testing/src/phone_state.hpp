#pragma once

#include <peal/testing/phone.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace peal::inline v0::sim {

struct PhoneCall::Record {
  Simulator* sim = nullptr;
  std::string phone;  ///< whose
  Call call;
  IncomingCall offered;  ///< of an incoming one
  bool incoming = false;
  bool rang = false;
  bool answered = false;
  bool established = false;
  HoldState hold = HoldState::none;
  std::string call_id;
  std::vector<std::string> story;
  std::optional<Cause> cause;

  [[nodiscard]] std::string name() const;
  void refused(const char* what, const Result<void>& result, SourceLine where) const;
};

struct Phone::State final : UserAgentHandler {
  enum class Answer : std::uint8_t { accept, reject, ring, ignore };

  State(Simulator& world, Host& machine) : sim(world), host(machine) {}
  void on_incoming_call(IncomingCall& call) override;
  void on_progress(Call& call, const Progress& event) override;
  void on_established(Call& call, const Established& event) override;
  void on_changed(Call& call, const Changed& event) override;
  void on_change_failed(Call& call, const ChangeFailed& event) override;
  void on_ended(Call& call, const Ended& event) override;
  void on_registration(Account& account, const RegistrationEvent& event) override;

  PhoneCall::Record& note(const Call& call, const std::string& word);
  PhoneCall::Record& record_of(const Call& call);
  std::shared_ptr<PhoneCall::Record> add(const Call& call);

  Simulator& sim;
  Host& host;
  Answer answer = Answer::accept;
  Duration delay{};
  bool rings_first = false;
  int code = 486;
  std::size_t incoming = 0;
  std::size_t claimed = 0;  ///< of them, by to_be_called
  std::vector<std::string> story;
  std::vector<std::shared_ptr<PhoneCall::Record>> calls;
  std::map<std::uint64_t, std::shared_ptr<PhoneCall::Record>> by_id;
  std::unique_ptr<UserAgent> ua;  // last: gone first
};

}  // namespace peal::inline v0::sim
