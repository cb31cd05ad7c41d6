#pragma once

#include <peal/message/via.hpp>
#include <peal/transport/endpoint.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

/// What Via means for the transport (RFC 3261 §18, RFC 3581), as pure functions.
namespace peal::inline v0::transport::via_rules {

/// 5060, or 5061 on TLS (RFC 3261 §19.1.2); 80 and 443 on WebSocket (RFC 7118 §5).
[[nodiscard]] std::uint16_t default_port(Protocol protocol) noexcept;
/// The port of sent-by, or the default of the protocol that the Via names.
[[nodiscard]] std::uint16_t sent_by_port(const ViaView& via) noexcept;
/// The same address, whatever interface (scope) it was seen on.
[[nodiscard]] bool same_address(const IpAddress& a, const IpAddress& b) noexcept;

/// A request came from `source`: its top Via with `received` (RFC 3261 §18.2.1) and the value of `rport` (RFC 3581 §4),
/// or nullopt when it stays as it is. What the sender itself wrote there is never believed.
[[nodiscard]] std::optional<Via> stamped(const ViaView& top, const Endpoint& source);

/// Where the response goes whose top Via this is (RFC 3261 §18.2.2 with RFC 3581 §4). `source` is where the request
/// came from, or empty; it stands in for a host that is a name, and lends an IPv6 address its scope. A `maddr` that is
/// a name counts as none. Empty: nowhere.
[[nodiscard]] Endpoint response_target(const ViaView& top, const Endpoint& source);

}  // namespace peal::inline v0::transport::via_rules
