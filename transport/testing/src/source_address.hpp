#pragma once

#include <peal/transport/endpoint.hpp>

#include <span>

namespace peal::inline v0::sim {

/// The address to send from, as RFC 6724 §5 chooses: of the peer's family, the peer's own (rule 1), of a scope that
/// reaches it (rule 2), of its kind by the label (rule 6), with the longest common prefix (rule 8); then the first.
/// Private IPv4 addresses (RFC 1918) count as a scope of their own, between link and global. nullptr: none of that
/// family.
const transport::IpAddress* source_for(std::span<const transport::IpAddress> own, const transport::IpAddress& peer);

}  // namespace peal::inline v0::sim
