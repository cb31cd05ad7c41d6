#pragma once

#include <peal/message/export.hpp>
#include <peal/message/message.hpp>
#include <peal/transaction/error.hpp>
#include <peal/transaction/timers.hpp>
#include <peal/transport/transport_layer.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace peal::inline v0::transaction {

using transport::Flow;
using transport::Packet;
using transport::Target;

/// Names a client transaction. Never names another one later (slot and generation).
struct ClientId {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;  ///< 0: none
  explicit operator bool() const noexcept { return generation != 0; }
  friend bool operator==(const ClientId&, const ClientId&) noexcept = default;
};
/// Names a server transaction.
struct ServerId {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;
  explicit operator bool() const noexcept { return generation != 0; }
  friend bool operator==(const ServerId&, const ServerId&) noexcept = default;
};

/// Why and towards whom a transaction failed.
struct Failure {
  std::error_code code;    ///< transaction::errc
  std::error_code detail;  ///< what the transport said, when it did
  transport::Endpoint peer;
};

/// Hears what one client transaction has to say, within a turn, as the last act of a step.
/// After a final response or a failure the id is dead and nothing more comes here; further 2xx to an INVITE (copies,
/// and those of other forks: RFC 6026 §7.2) come by TransactionUser::on_2xx.
class ClientUser {
 public:
  virtual ~ClientUser() = default;
  /// Each response that Figure 5 or 6 passes up. The message is in the receive slot: copy it to keep it.
  virtual void on_response(ClientId id, const Response& response, const Flow& flow) = 0;
  /// errc::timed_out (B, F), transport_failed or cancelled_unanswered.
  virtual void on_failure(ClientId id, const Failure& failure) = 0;
};

/// What the transaction layer tells the floor above, within a turn, as the last act of a step.
class TransactionUser {
 public:
  virtual ~TransactionUser() = default;
  /// A new server transaction: INVITE or any other but ACK and CANCEL. To be answered by `respond`, now or later.
  virtual void on_request(ServerId id, const Request& request, const Flow& flow) = 0;
  /// An ACK that belongs to a 2xx: it matches no transaction, or (peers do it) one in Accepted (RFC 6026 §7.1).
  virtual void on_ack(const Request& ack, const Flow& flow) = 0;
  /// A CANCEL for an INVITE that has no final response yet. The CANCEL itself is answered 200 already (§9.2).
  virtual void on_cancel(ServerId invite, const Request& cancel) = 0;
  /// A 2xx to an INVITE of ours whose transaction has passed up its first 2xx, or whose user was detached.
  /// `broken`: see TransportUser. Also when it is the first: then the id is dead, and its ClientUser hears nothing
  /// more. One without a branch may even belong to no INVITE of ours.
  virtual void on_2xx(const Response& response, const Flow& flow, bool broken) = 0;
  /// errc::transport_failed: the peer of a 3xx–6xx to INVITE is unreachable, before its ACK came; the answer is still
  /// repeated (Figure 7), and nothing more is told. errc::timed_out: that ACK did not come (Timer H), or nobody
  /// answered a non-INVITE and 500 was sent at 64*T1 - T2; the id is dead.
  virtual void on_server_failure(ServerId id, const Failure& failure) = 0;
  /// Asked before a request outside dialogs gets a transaction. True: it gets the 503 of `Limits` instead.
  [[nodiscard]] virtual bool overloaded() const noexcept { return false; }
};

/// What may live at once. Past a limit a new request gets 503 with Retry-After, without a transaction, and is counted
/// (Drop::overload); what lives goes on, and copies of what was refused are refused for 64*T1. A request within a
/// dialog is admitted up to an eighth over the limits: most of them end what fills the room.
struct Limits {
  std::size_t transactions = 1'000'000;  ///< live machines of each side; past it `send` gives limit_reached
  /// Live server machines for requests from one address (IPv6: from one /64 net), so that one peer cannot take all.
  std::size_t transactions_per_source = 100'000;
  std::size_t echo_bytes = 256 * 1024 * 1024;  ///< echo records; past it the oldest go, counted
  std::chrono::seconds retry_after{5};         ///< what the 503 says
  /// At most so many 503 a second (at once: 100); what is over gets no answer and is counted (Drop::shed). At least 1.
  std::uint32_t refusals_per_second = 2000;
};

struct TransactionOptions {
  Timers timers{};
  Limits limits{};
  transport::TransportOptions transport{};
  /// 100 by the INVITE server transaction when its user is silent for 200 ms (§17.2.1); off when the application does
  /// it.
  bool automatic_100 = true;
};

/// Live objects and what was dropped; both return to zero when all is over.
struct TransactionCounters {
  std::size_t client_machines = 0;
  std::size_t server_machines = 0;
  std::size_t echo_records = 0;
  std::size_t echo_bytes = 0;
  std::uint64_t echo_dropped = 0;  ///< oldest records dropped for the ceiling
  std::uint64_t retransmissions_sent = 0;
  std::uint64_t unanswered = 0;  ///< requests that nobody answered and that got our 500
};

/// All transactions of a UserAgent (RFC 3261 §17, RFC 6026, RFC 4320), on a TransportLayer that it owns. Owner's thread
/// only.
class PEAL_API TransactionLayer {
 public:
  /// Throws std::invalid_argument when T1 or T2 is not above zero, T4 is below it, or one of them is above an hour, or
  /// when no refusal is allowed.
  TransactionLayer(transport::Runtime& runtime, TransactionUser& user, TransactionOptions options = {});
  ~TransactionLayer();
  TransactionLayer(const TransactionLayer&) = delete;
  TransactionLayer& operator=(const TransactionLayer&) = delete;

  [[nodiscard]] transport::TransportLayer& transport() noexcept;

  /// Starts a client transaction of the request's method (not ACK, not CANCEL): adds Via with a fresh branch, sends,
  /// keeps what retransmission, ACK and CANCEL need. `user` must live until the id is dead or `detach`ed. A failure to
  /// send is reported by the returned error alone.
  Result<ClientId> send(Request& request, const Target& target, ClientUser& user);
  /// The user hears nothing more; the transaction goes on by itself.
  void detach(ClientId id) noexcept;
  /// Cancels an INVITE: held until a provisional arrives (§9.1), nothing when a final one does first. When 64*T1 after
  /// the CANCEL no final response came, `on_failure` with cancelled_unanswered. `reason`: value of a Reason header, or
  /// empty.
  Result<void> cancel(ClientId id, std::string_view reason = {});
  /// Where the request of this transaction went, while it lives.
  Result<Packet> packet(ClientId id) const;

  /// Sends an ACK to a 2xx (a transaction of its own: none, §17.1) with a fresh branch. The packet repeats it.
  Result<Packet> send_ack(Request& ack, const Target& target);
  /// Repeats a packet: an ACK for a 2xx copy, a 2xx until its ACK.
  void send_again(const Packet& packet);

  /// Answers. A 2xx to INVITE is from then on the caller's to repeat (§13.3.1.4) with the returned packet. A 408 to
  /// non-INVITE is not sent (RFC 4320 §4.2), the packet is empty, and the transaction is over. errc::no_transaction,
  /// wrong_state, not_allowed: nothing was done. transport::errc::too_large: nothing was sent, another answer may be;
  /// a 3xx–6xx to INVITE goes without its extra headers and body then.
  /// Any other error of the transport: a final answer has ended the transaction, though nobody will hear it.
  Result<Packet> respond(ServerId id, const Response& response);
  /// Answers without a transaction (overload, merged requests…).
  Result<Packet> respond_statelessly(const Request& request, StatusCode code, const Flow& flow);
  /// True while the id names a server transaction without a final response.
  [[nodiscard]] bool awaits_response(ServerId id) const noexcept;
  /// The To tag that the layer's own answers for this request carry (200 to its CANCEL, 500), until `respond` sends
  /// another. Whoever uses it for its own answers too spares the layer keeping one.
  Result<std::string> local_tag(ServerId id) const;
  /// Where the request of this server transaction came from.
  Result<Flow> flow(ServerId id) const;

  [[nodiscard]] TransactionCounters counters() const noexcept;
  [[nodiscard]] transport::DropCounters& drops() noexcept;
  [[nodiscard]] const Timers& timers() const noexcept;

  struct State;  // private to the layer's sources

 private:
  std::unique_ptr<State> state_;
};

}  // namespace peal::inline v0::transaction
