#pragma once

#include <peal/message/export.hpp>
#include <peal/testing/expect.hpp>
#include <peal/user_agent.hpp>

#include <string>

namespace peal::inline v0::sim {

/// `expect(ua)`: what may be expected of a UserAgent on the simulator. On the wire it is what uses its listening ports.
class PEAL_API UserAgentSubject : public WireSubject {
 public:
  UserAgentSubject(UserAgent& ua, SourceLine where);

  /// Within 64 s, unless told otherwise, nothing of it is left: no call, session, dialog, transaction, echo record.
  /// Fails with the counters that are not zero. Accounts and their registrations may stay.
  Eventually to_be_idle();

 protected:
  [[nodiscard]] UserAgent& ua() const noexcept { return *ua_; }

 private:
  UserAgent* ua_;
};

/// "calls 1, dialogs 1": the live counters that are not zero; empty when nothing is left.
PEAL_API std::string what_is_left(const UserAgent& ua);

/// The UserAgent as a participant. Throws std::invalid_argument when it is not on a Simulator.
PEAL_API Participant participant(UserAgent& ua);

}  // namespace peal::inline v0::sim

namespace peal::inline v0 {

/// Throws std::invalid_argument when the UserAgent is not on a Simulator.
inline sim::UserAgentSubject expect(UserAgent& ua, sim::SourceLine where = sim::SourceLine::here()) {
  return {ua, where};
}

namespace sim {
using peal::expect;
}

}  // namespace peal::inline v0
