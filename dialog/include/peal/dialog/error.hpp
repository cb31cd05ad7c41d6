#pragma once

#include <peal/message/export.hpp>

#include <system_error>

namespace peal::inline v0::dialog {

/// Why the dialog floor did not do what was asked. Numbers are never reused.
enum class errc : int {
  wrong_state = 1,     ///< the session or dialog is not in a state for this
  no_dialog = 2,       ///< the dialog has ended
  offer_pending = 3,   ///< an offer of either side still waits for its answer (RFC 3264 §4)
  no_media = 4,        ///< an offer or answer is needed and the MediaHandler gave none
  bad_sdp = 5,         ///< the peer's SDP cannot be parsed or negotiated
  no_credentials = 6,  ///< challenged, and there are no credentials for the realm
  auth_rejected = 7,   ///< the credentials were refused
  auth_loop = 8,       ///< more challenges than a request may have
  limit_reached = 9,
  request_pending = 10,  ///< a re-INVITE of either side is under way
  no_target = 11,        ///< no address could be tried
  already_answered = 12,
  unsupported_challenge = 13,  ///< no challenge has a scheme and algorithm that we know
  no_ack = 14,                 ///< 64*T1 after the 2xx there was no ACK (RFC 3261 §13.3.1.4)
  bad_response = 15,           ///< a 2xx that is no proper message
};

PEAL_API const std::error_category& category() noexcept;
inline std::error_code make_error_code(errc e) noexcept { return {static_cast<int>(e), category()}; }

}  // namespace peal::inline v0::dialog

template <>
struct std::is_error_code_enum<peal::dialog::errc> : std::true_type {};
