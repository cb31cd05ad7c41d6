#pragma once

#include <peal/transport/network.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <system_error>

namespace peal::inline v0::transport {

/// Room for a batch of the largest datagrams. The pages that nothing was received into cost address space only.
class ReceiveSlots {
 public:
  static constexpr std::size_t count = 32;
  static constexpr std::size_t padding = 64;  ///< readable behind each datagram (Datagram)
  static constexpr std::size_t datagram_bytes = 65'536;
  static constexpr std::size_t stride = datagram_bytes + padding;

  [[nodiscard]] char* slot(std::size_t i);

 private:
  std::unique_ptr<char[]> memory_;  // allocated at the first use
};

/// What is to be sent.
struct OutgoingDatagram {
  SharedBytes bytes;
  Endpoint to;
};

/// The calls into the kernel that Asio does not make: many datagrams a call, and the queue of ICMP errors. They never
/// block.
namespace datagram_io {

inline constexpr std::size_t send_batch = 64;
#if defined(__linux__)
inline constexpr bool has_batches = true;
#else
inline constexpr bool has_batches = false;
#endif

/// Receives up to `ReceiveSlots::count` datagrams (`many`) or one into `out`. The error may concern an earlier send.
Result<std::size_t> receive(int socket, ReceiveSlots& slots, bool many, std::span<Datagram, ReceiveSlots::count> out);
/// Sends from the front, at most send_batch or one; how many went. The error concerns the first, or an earlier send.
Result<std::size_t> send(int socket, bool many, std::span<const OutgoingDatagram> batch);
/// Asks for ICMP errors (IP_RECVERR). Where the system has none of that, nothing.
void want_errors(int socket, bool v6) noexcept;

struct PeerError {
  std::optional<Endpoint> peer;  ///< nullopt: the error is not one to tell (RFC 3261 §18.4)
  std::error_code why;
};
/// Takes one from the error queue; nullopt when it is empty.
std::optional<PeerError> take_error(int socket);
/// What waits in the receive buffer of a socket, where the system tells.
struct Backlog {
  std::uint32_t used = 0, room = 0;  ///< bytes as the system counts them; 0: it does not tell
  std::uint32_t lost = 0;            ///< datagrams since the socket was opened that found no room; wraps
};
Backlog backlog(int socket) noexcept;
Result<IpAddress> source_address_for(const Endpoint& peer);
/// Nothing to read, or no room to write, for now.
[[nodiscard]] bool would_block(const std::error_code& error) noexcept;
/// The system has no memory for it now: as if the network had lost it.
[[nodiscard]] bool congested(const std::error_code& error) noexcept;

}  // namespace datagram_io
}  // namespace peal::inline v0::transport
