#pragma once

#include <peal/message/export.hpp>
#include <peal/message/message.hpp>
#include <peal/transport/counters.hpp>
#include <peal/transport/error.hpp>
#include <peal/transport/flow.hpp>
#include <peal/transport/runtime.hpp>
#include <peal/transport/tap.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace peal::inline v0::transport {

/// What the transport layer tells the floor above, within a turn, as the last act of a step.
/// The messages are in the receive slot: copy them to keep them.
class TransportUser {
 public:
  virtual ~TransportUser() = default;
  /// `received` and `rport` are already in the top Via (RFC 3261 §18.2.1, RFC 3581 §4).
  virtual void on_request(const Request& request, const Flow& flow) = 0;
  /// `broken`: a 2xx to INVITE that does not parse as a whole, but whose Call-ID, tags and CSeq do.
  virtual void on_response(const Response& response, const Flow& flow, bool broken) = 0;
  /// Sending to that peer failed, or ICMP says that it is not there. Concerns every client transaction with that peer.
  virtual void on_unreachable(const Flow& flow, std::error_code why) = 0;
  /// A way is closed: the listening point (`flow.peer` is empty then), or the connection. What went out on it and waits
  /// for an answer waits in vain. Comes within 100 ms of the closing, never from inside the call that closes.
  virtual void on_closed(const Flow& flow) { static_cast<void>(flow); }
  /// Asked while a listening point falls behind. True: what begins something new there is dropped unread (Drop::shed).
  [[nodiscard]] virtual bool sheds() const noexcept { return false; }
};

/// Sees requests and responses before the TransportUser and may take them: a stateless forwarder (RFC 3261 §16.11).
class Interceptor {
 public:
  virtual ~Interceptor() = default;
  virtual bool on_request(const Request& request, const Flow& flow) = 0;     ///< true: taken
  virtual bool on_response(const Response& response, const Flow& flow) = 0;  ///< true: taken
};

struct TransportOptions {
  ParseLimits limits{};
  std::string user_agent{};  ///< Server header of stateless answers; empty: none
  bool add_rport = true;     ///< RFC 3581 in the requests that we send
};

/// Listening points, the Via rules, parsing, sending. One per UserAgent; owner's thread only.
class PEAL_API TransportLayer {
 public:
  TransportLayer(Runtime& runtime, TransportUser& user, TransportOptions options = {});
  ~TransportLayer();
  TransportLayer(const TransportLayer&) = delete;
  TransportLayer& operator=(const TransportLayer&) = delete;

  /// Opens a listening point and gives its index. Port 0: the system chooses. The system's error, or
  /// unsupported_protocol.
  Result<std::uint32_t> listen(Protocol protocol, const Endpoint& local);
  /// Closes it at once; TransportUser::on_closed follows. Nothing happens for an index that names no open one.
  void stop_listening(std::uint32_t listen_point);
  /// How many indexes were given; they are never given again.
  [[nodiscard]] std::size_t listen_points() const noexcept;
  /// With the port that the system chose. Empty when it was closed.
  [[nodiscard]] Endpoint local_endpoint(std::uint32_t listen_point) const;

  /// host[:port] by which `target` reaches us: what Via and Contact name. errc::no_listen_point.
  Result<std::string> local_address_for(const Target& target);

  /// Puts our Via (with `branch`) on top, prints, sends. The packet is what a retransmission repeats.
  /// errc::no_listen_point, too_large, unsupported_protocol. Later failures come by on_unreachable.
  Result<Packet> send_request(Request& request, const Target& target, std::string_view branch);
  /// Sends where RFC 3261 §18.2.2 and RFC 3581 §4 say, from the listening point that the request came to. An empty peer
  /// in `request_flow`: by the top Via alone (a stateless forwarder). errc::closed, too_large, no_listen_point,
  /// unresolvable.
  Result<Packet> send_response(const Response& response, const Flow& request_flow);
  /// Prints and sends as it is: no Via is added (a stateless forwarder). errc::closed, too_large, unsupported_protocol.
  Result<Packet> send_as_is(const Message& message, const Target& target, std::uint32_t listen_point);
  /// Again. Counted as unsendable when the listening point was closed.
  void send(const Packet& packet);

  void add_tap(Tap& tap);
  void remove_tap(Tap& tap) noexcept;
  void set_interceptor(Interceptor* interceptor) noexcept;

  /// More arrives by that listening point than is taken: its socket's buffer is over half full.
  [[nodiscard]] bool falls_behind(std::uint32_t listen_point) const noexcept;
  [[nodiscard]] Runtime& runtime() noexcept;
  [[nodiscard]] DropCounters& drops() noexcept;
  /// Is this address (a literal) and port (0: the default one) one of our listening points?
  [[nodiscard]] bool is_local(std::string_view host, std::uint16_t port) const;

  struct State;  ///< private

 private:
  std::unique_ptr<State> state_;
};

}  // namespace peal::inline v0::transport
