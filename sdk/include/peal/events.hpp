#pragma once

#include <peal/dialog/media_handler.hpp>
#include <peal/message/message.hpp>
#include <peal/transport/cause.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace peal::inline v0 {

// What handlers receive, `call.next()` gives and JSON shows. Snapshots: valid as long as you keep them.

/// A provisional response came (101–199), as UAC.
struct Progress {
  StatusCode code{180};
  std::string reason;
  std::uint32_t early = 0;  ///< number of the early dialog, from 1; 0: none
  std::string sdp;          ///< empty: none
  Response response;
};
/// The session stands: the 2xx came and was acknowledged (UAC), or the ACK came (UAS).
struct Established {
  StatusCode code{200};
  std::string local_sdp;
  std::string remote_sdp;
};
/// A re-INVITE of either side completed.
struct Changed {
  bool by_peer = false;
  HoldState hold = HoldState::none;
  std::string local_sdp;
  std::string remote_sdp;
};
/// A re-INVITE of ours was refused; the call goes on as it was.
struct ChangeFailed {
  int code = 0;
  std::string reason;
};
/// Over. Exactly one a call, always the last.
struct Ended {
  Cause cause;
};
using CallEvent = std::variant<Progress, Established, Changed, ChangeFailed, Ended>;

enum class RegistrationState : std::uint8_t { unregistered, registering, registered, unregistering, failed };

/// What a registration came to.
struct RegistrationEvent {
  RegistrationState state = RegistrationState::unregistered;
  std::chrono::seconds expires{0};     ///< granted
  std::vector<std::string> contacts;   ///< all bindings that the registrar named
  std::chrono::seconds retry_in{0};    ///< of failed: tried again by itself after that; 0: not (terminal)
  Cause cause;                         ///< of failed and unregistered
};

}  // namespace peal::inline v0
