#pragma once

#include <peal/message/export.hpp>
#include <peal/transport/endpoint.hpp>
#include <peal/transport/timer_service.hpp>

#include <cstdint>
#include <string_view>

namespace peal::inline v0::sim {

/// What became of a datagram. Each has `sent` or `failed` first; then for it, and for each copy of it, exactly one of
/// the rest. Addresses are those of the place where it happened: before a NAT the inside ones, behind it the outside
/// ones.
enum class Fate : std::uint8_t {
  sent,              ///< it left its socket
  duplicated,        ///< the network made a copy
  delivered,         ///< a socket received it
  lost,              ///< by the link's chance
  filtered,          ///< by Simulator::drop_if
  cut,               ///< link, host, address or NAT down, or another island
  too_large,         ///< over the link's mtu
  no_route,          ///< no host has that address
  no_socket,         ///< nothing is bound there
  failed,            ///< the send itself failed (Host::fail_send, over 65,507 bytes, no address of that family)
  overflow,          ///< the queue before the link was full (LinkOptions::queue_bytes)
  no_mapping,        ///< a NAT has no mapping for that outside address and port (any longer)
  refused_by_nat,    ///< a NAT's filter, hairpinning that it does not do, or its full table
  receive_overflow,  ///< the socket's receive queue was full: the host had no time (CpuOptions)
  count
};

PEAL_API std::string_view name_of(Fate fate) noexcept;

/// One thing that happened to a datagram. `bytes` is valid during the call only.
struct WireEvent {
  Fate fate = Fate::sent;
  transport::TimePoint time;
  transport::Endpoint from;
  transport::Endpoint to;
  std::string_view bytes;
};

}  // namespace peal::inline v0::sim
