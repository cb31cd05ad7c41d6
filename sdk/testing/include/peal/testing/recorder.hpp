#pragma once

#include <peal/call.hpp>
#include <peal/events.hpp>
#include <peal/message/export.hpp>
#include <peal/user_agent_handler.hpp>

#include <string>
#include <vector>

namespace peal::inline v0::sim {

/// Writes down every event of a UserAgent as one word, and does with incoming calls what it is told. The words:
///
///     incoming                     a call was offered
///     180 183 …                    a provisional response came
///     established                  the call stands
///     we:local peer:remote we:none a re-INVITE of ours or the peer's left the call held by us, by the peer, by nobody
///     change_failed:488            a re-INVITE of ours was refused
///     ended                        the call is over
///     registered failed …          a registration's state
///
/// What the stack refused to do stands there too: "could not answer: …".
class PEAL_API Recorder : public UserAgentHandler {
 public:
  std::vector<std::string> log;
  std::vector<IncomingCall> offered;
  std::vector<Cause> ends;  ///< of each "ended"
  std::vector<RegistrationEvent> registrations;
  bool answer_at_once = true;
  bool ring = false;  ///< 180 first

  void on_incoming_call(IncomingCall& call) override;
  void on_progress(Call& call, const Progress& event) override;
  void on_established(Call& call, const Established& event) override;
  void on_changed(Call& call, const Changed& event) override;
  void on_change_failed(Call& call, const ChangeFailed& event) override;
  void on_ended(Call& call, const Ended& event) override;
  void on_registration(Account& account, const RegistrationEvent& event) override;
};

/// The words of Recorder for one event.
PEAL_API std::string word_of(const CallEvent& event);
PEAL_API std::string word_of(const RegistrationEvent& event);
/// "486 Busy Here", "transport: Connection refused", "normal": why something ended.
PEAL_API std::string text_of(const Cause& cause);

}  // namespace peal::inline v0::sim
