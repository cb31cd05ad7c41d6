#pragma once

#include <peal/transport/endpoint.hpp>
#include <peal/transport/shared_bytes.hpp>

#include <cstdint>

namespace peal::inline v0::transport {

/// The way a message came or goes: protocol, local listening point, peer (RFC 5626's word). A value; for UDP nothing is
/// kept a peer.
struct Flow {
  Protocol protocol = Protocol::udp;
  std::uint32_t listen_point = 0;  ///< index given by TransportLayer::listen
  Endpoint peer;
  std::uint64_t connection = 0;  ///< 0 for UDP
  friend constexpr bool operator==(const Flow&, const Flow&) noexcept = default;
};

/// A printed message and the flow it went out on: what a retransmission needs.
struct Packet {
  Flow flow;
  SharedBytes bytes;
};

}  // namespace peal::inline v0::transport
