#pragma once

#include <peal/message/export.hpp>

#include <system_error>

namespace peal::inline v0::transport {

/// Why a message could not be sent. Numbers are never reused.
enum class errc : int {
  no_listen_point = 1,  ///< nothing listens with that protocol and address family
  unreachable = 2,      ///< ICMP says so, or the system refused to send
  too_large = 3,        ///< over what a datagram can carry
  closed = 4,           ///< the flow is closed
  unresolvable = 5,     ///< the host name has no address
  unsupported_protocol = 6,
  blocked = 7,  ///< the URI cannot be reached by rule (sips over UDP…)
};

PEAL_API const std::error_category& category() noexcept;
inline std::error_code make_error_code(errc e) noexcept { return {static_cast<int>(e), category()}; }

}  // namespace peal::inline v0::transport

template <>
struct std::is_error_code_enum<peal::transport::errc> : std::true_type {};
