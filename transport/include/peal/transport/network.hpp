#pragma once

#include <peal/message/export.hpp>
#include <peal/message/result.hpp>
#include <peal/transport/endpoint.hpp>
#include <peal/transport/shared_bytes.hpp>

#include <cstddef>
#include <memory>
#include <string_view>
#include <system_error>
#include <vector>

namespace peal::inline v0::transport {

/// A datagram in its receive slot. `data` has 64 readable bytes behind `size` and may be written in place; valid during
/// the upcall.
struct Datagram {
  char* data;
  std::size_t size;
  Endpoint peer;
  bool truncated = false;  ///< the kernel cut it: longer than the slot
};

/// Hears what a datagram socket receives. Upcalls come within a turn, never from inside `send`. One may destroy the
/// socket.
class DatagramSink {
 public:
  virtual ~DatagramSink() = default;
  virtual void on_datagram(const Datagram& datagram) = 0;
  /// ICMP port or host unreachable, or a failed send to `peer` (ECONNREFUSED, EMSGSIZE, ENETUNREACH…).
  virtual void on_unreachable(const Endpoint& peer, std::error_code why) = 0;
  /// So many datagrams were dropped here: too many waited for the system to take them.
  virtual void on_dropped(std::size_t count) { static_cast<void>(count); }
  /// More arrives than is taken: the buffer of received datagrams is over half full (true), or that is over (false).
  /// `lost`: so many found no room in it since the last report. Must not destroy the socket.
  virtual void on_backlog(bool behind, std::size_t lost) { static_cast<void>(behind), static_cast<void>(lost); }
};

/// A bound datagram socket. Closing is destroying: what is queued still goes out if the system takes it at once; the
/// sink hears nothing afterwards.
class DatagramSocket {
 public:
  virtual ~DatagramSocket() = default;
  [[nodiscard]] virtual const Endpoint& local() const noexcept = 0;  ///< with the port that the kernel chose
  /// Within a turn: queued, and sent together at its end. Otherwise at once.
  virtual void send(const SharedBytes& bytes, const Endpoint& to) = 0;
};

/// A question for the addresses of a host name. Destroying it cancels it.
class PEAL_API HostQuery {
 public:
  HostQuery() = default;
  virtual ~HostQuery();
  HostQuery(const HostQuery&) = delete;
  HostQuery& operator=(const HostQuery&) = delete;
  /// Once, in a later turn: addresses in the order to try, or why there are none. May destroy the query.
  virtual void on_addresses(std::vector<IpAddress> addresses, std::error_code why) = 0;
  /// Set by the Network while the question is open: what to call when the query is destroyed.
  struct Canceller {
    virtual ~Canceller() = default;
    virtual void cancel(HostQuery& query) noexcept = 0;
  };
  Canceller* canceller = nullptr;
};

/// The outside world as the transports see it: the kernel's sockets, or the simulator's. Streams join here with TCP.
class Network {
 public:
  virtual ~Network() = default;
  /// Binds. Port 0 lets the system choose. The error is the system's.
  virtual Result<std::unique_ptr<DatagramSocket>> open_datagram(const Endpoint& local, DatagramSink& sink) = 0;
  /// The local address that a datagram to `peer` would leave from (for Via and Contact when bound to 0.0.0.0 or ::).
  virtual Result<IpAddress> source_address_for(const Endpoint& peer) = 0;
  /// A and AAAA; never blocks.
  virtual void resolve(HostQuery& query, std::string_view host) = 0;
};

}  // namespace peal::inline v0::transport
