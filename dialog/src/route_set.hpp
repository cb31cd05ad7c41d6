#pragma once

#include <peal/message/message.hpp>

#include <span>
#include <string_view>
#include <vector>

namespace peal::inline v0::dialog {

/// Puts Request-URI and Route on a request as RFC 3261 §12.2.1.1 (and §8.1.2 for a pre-loaded set) says, and gives the
/// URI by which the next hop is found. A strict router (no `lr`) takes the Request-URI, and the target goes to the end
/// of Route.
Uri apply_route_set(Request& request, std::span<const NameAddrView> routes, const UriView& target);

/// Where a request with this route set goes, without touching one.
Uri next_hop_of(std::span<const NameAddrView> routes, const UriView& target);

}  // namespace peal::inline v0::dialog
