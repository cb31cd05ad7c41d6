#pragma once

#include <peal/config.hpp>
#include <peal/message/export.hpp>
#include <peal/testing/expect_user_agent.hpp>
#include <peal/testing/recorder.hpp>
#include <peal/user_agent.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace peal::inline v0::sim {

/// A call of a Phone, and what became of it. Copies are the same call; they outlive the Phone.
class PEAL_API PhoneCall {
 public:
  struct Record;  ///< private
  explicit PhoneCall(std::shared_ptr<Record> record);

  /// The handle, for all that is not here. Empty when the call could not even be placed.
  [[nodiscard]] const Call& handle() const noexcept;
  [[nodiscard]] bool incoming() const noexcept;
  /// Its events in the words of Recorder.
  [[nodiscard]] const std::vector<std::string>& story() const noexcept;
  /// Why it ended; nullopt until then.
  [[nodiscard]] const std::optional<Cause>& cause() const noexcept;
  [[nodiscard]] bool established() const noexcept;  ///< now
  [[nodiscard]] bool ringing() const noexcept;      ///< now: a 18x came or was sent, and no answer yet
  [[nodiscard]] bool on_hold() const noexcept;      ///< now, by either side
  [[nodiscard]] bool ended() const noexcept { return cause().has_value(); }

  // Each fails the test when the stack refuses.
  void hang_up(SourceLine where = SourceLine::here());
  void hold(SourceLine where = SourceLine::here());
  void resume(SourceLine where = SourceLine::here());
  void answer(SourceLine where = SourceLine::here());            ///< of an incoming call
  void reject(int code, SourceLine where = SourceLine::here());  ///< of an incoming call

  [[nodiscard]] const std::shared_ptr<Record>& record() const noexcept { return record_; }  ///< private

 private:
  std::shared_ptr<Record> record_;
};

/// A phone with somebody at it: a real UserAgent on a host of its own, that does with calls what the test says.
///
///     sim::Phone alice(sim, "alice.test", {"192.0.2.1"});
///     sim::Phone bob(sim, "bob.test", {"192.0.2.2"});
///     bob.answers_after(2s);
///     auto call = alice.calls("sip:bob@bob.test");
///     expect(call).to_be_ringing().within(1s);
///     expect(call).to_be_established().not_before(2s);
///     bob.hang_up();
///     expect(call).to_end();
///
/// An event after a call's last one, or a second last one, fails the test.
class PEAL_API Phone {
 public:
  /// Makes the host, or takes the one of that name (then `addresses` must be empty), and listens on port 5060 of its
  /// addresses, when `config` does not say otherwise.
  Phone(Simulator& sim, std::string_view host, std::initializer_list<std::string_view> addresses = {},
        Config config = {});
  ~Phone();
  Phone(const Phone&) = delete;
  Phone& operator=(const Phone&) = delete;

  // ---- what it does with calls from now on. At first: answers at once.
  Phone& answers();
  Phone& answers_after(Duration delay);  ///< rings until then
  Phone& rejects(int code = 486);
  Phone& rejects_after(Duration delay, int code = 486);  ///< rings until then
  Phone& never_answers();                                ///< rings
  Phone& ignores();                                      ///< does not even ring

  // ---- what it does now
  /// A call that cannot be placed has ended at once; its cause says why.
  PhoneCall calls(std::string_view target, InviteOptions options = {});
  PhoneCall calls(const Phone& other);
  /// The latest call that has not ended. Fails the test when there is none.
  void hang_up(SourceLine where = SourceLine::here());

  // ---- what happened
  [[nodiscard]] std::vector<PhoneCall> history() const;  ///< every call, in order
  /// The latest. Fails the test when there was none, and gives a call that is over.
  [[nodiscard]] PhoneCall call(SourceLine where = SourceLine::here()) const;
  /// Events of all calls and registrations, in the words of Recorder.
  [[nodiscard]] const std::vector<std::string>& story() const noexcept;
  [[nodiscard]] std::string uri() const;  ///< "sip:alice@192.0.2.1:5060"

  [[nodiscard]] UserAgent& ua() noexcept;
  [[nodiscard]] UserAgentHandler& handler() noexcept;  ///< what hears its calls: to forward to, from one of your own
  [[nodiscard]] Host& host() const noexcept;
  [[nodiscard]] Simulator& simulator() const noexcept;

  struct State;                                                    ///< private
  [[nodiscard]] State& state() const noexcept { return *state_; }  ///< private

 private:
  std::unique_ptr<State> state_;
};

/// `expect(phone)`: as of its UserAgent, and:
class PEAL_API PhoneSubject : public UserAgentSubject {
 public:
  PhoneSubject(Phone& phone, SourceLine where);
  /// A call comes in, or has come in that no earlier such line has claimed. `phone.call()` is it.
  Eventually to_be_called();
  /// As of a UserAgent; and each call has had its last event.
  Eventually to_be_idle();

 private:
  Phone* phone_;
};

inline PhoneSubject expect(Phone& phone, SourceLine where = SourceLine::here()) { return {phone, where}; }

}  // namespace peal::inline v0::sim
