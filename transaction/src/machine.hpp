#pragma once

#include <peal/transaction/transaction_layer.hpp>
#include <peal/transport/log.hpp>

#include <string_view>

#include "key.hpp"
#include "peer_index.hpp"

namespace peal::inline v0::transaction {

using transport::LogSink;
using transport::OwnedTimer;
using transport::SharedBytes;
using transport::TimerService;

/// The way down, as a machine sees it.
class Sender {
 public:
  virtual Result<Packet> send_response(const Response& response, const Flow& request_flow) = 0;
  virtual void send(const Packet& packet) = 0;        ///< for the first time
  virtual void send_again(const Packet& packet) = 0;  ///< a retransmission, counted

 protected:
  ~Sender() = default;
};

/// What all machines of a layer are given. A machine owns no socket and no clock.
struct Surroundings {
  Sender& sender;
  TimerService& timers;
  LogSink& log;
  Timers durations;
};

/// What is left of a transaction after a step.
enum class Rest : std::uint8_t {
  none,       ///< it lives on
  completed,  ///< it waits in that state and can be demoted (docs/decisions/echo-records.md)
  accepted,
  confirmed,
  over,  ///< terminated
};

struct ClientMachine;
struct ServerMachine;

/// Above a client machine. Each of these calls is the last act of a step: the machine may be gone when it returns.
class ClientOwner {
 public:
  virtual void pass_up(ClientMachine& machine, Rest rest, const Response& response, const Flow& flow) = 0;
  virtual void failed(ClientMachine& machine, std::error_code why, std::error_code detail) = 0;
  /// Not an upcall: starts the client transaction of a CANCEL for this INVITE.
  virtual void send_cancel(ClientMachine& machine, std::string_view reason) = 0;

 protected:
  ~ClientOwner() = default;
};

/// Above a server machine. `rests` and `failed` are last acts likewise.
class ServerOwner {
 public:
  virtual void rests(ServerMachine& machine, Rest rest) = 0;
  /// From now on a transport error to where its response went concerns it.
  virtual void depends_on_peer(ServerMachine& machine) = 0;
  virtual void failed(ServerMachine& machine, Rest rest, std::error_code why, std::error_code detail) = 0;

 protected:
  ~ServerOwner() = default;
};

/// What both client machines hold.
struct ClientMachine {
  ClientMachine(const Surroundings& s, ClientOwner& o, ClientId i, const Key& k, MethodId m, ClientUser* u,
                Packet&& sent) noexcept
      : around(s), owner(o), id(i), key(k), method(m), user(u), packet(std::move(sent)) {}

  const Surroundings& around;
  ClientOwner& owner;
  ClientId id;
  Key key;
  MethodId method;
  ClientUser* user;  ///< nullptr: detached
  Packet packet;     ///< the request; in Completed of Figure 5 the ACK
  PeerLinks peer_links;
  [[nodiscard]] bool reliable() const noexcept { return transport::reliable(packet.flow.protocol); }
};

/// What both server machines hold.
struct ServerMachine {
  ServerMachine(const Surroundings& s, ServerOwner& o, ServerId i, const Key& k, MethodId m, std::uint32_t n,
                const Flow& f) noexcept
      : around(s), owner(o), id(i), key(k), method(m), serial(n), request_flow(f) {}

  const Surroundings& around;
  ServerOwner& owner;
  ServerId id;
  Key key;
  MethodId method;
  std::uint32_t serial;      ///< no two transactions of one key have the same: for the To tag
  std::uint32_t source = 0;  ///< keyed hash of the address that the request came from
  Flow request_flow;
  Packet packet;         ///< the last response
  PeerLinks peer_links;  ///< linked while it depends on the peer hearing that response
  SharedBytes fallback;  ///< what to answer, printed, should the user stay silent: a 100, or to non-INVITE a 500
  SharedBytes tag;       ///< the To tag of the last response that had another than KeyMaker::tag
  [[nodiscard]] bool reliable() const noexcept { return transport::reliable(request_flow.protocol); }
};

/// `calling --1xx--> proceeding`
void log_step(LogSink& log, std::string_view machine, std::string_view from, std::string_view on, std::string_view to);

/// A request of ours, from what was printed: as long as it had to be, whatever the limits for others.
[[nodiscard]] Result<Request, ParseError> reread(const Packet& packet);
/// RFC 3261 §17.1.1.3: the ACK to a 3xx–6xx, from the INVITE as it was sent.
[[nodiscard]] Packet make_hop_ack(const Packet& invite, const Response& response);
/// RFC 3261 §9.1. `reason`: value of a Reason header (RFC 3326), or empty.
[[nodiscard]] Packet make_cancel(const Packet& invite, std::string_view reason);

}  // namespace peal::inline v0::transaction
