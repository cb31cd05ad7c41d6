#pragma once

#include <peal/dialog/error.hpp>
#include <peal/dialog/invite_session.hpp>
#include <peal/dialog/module.hpp>
#include <peal/dialog/outgoing_request.hpp>
#include <peal/message/export.hpp>
#include <peal/transaction/transaction_layer.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace peal::inline v0::dialog {

/// What the UA core asks of, and tells, the face. Within a turn, as the last act of a step.
class UaUser {
 public:
  virtual ~UaUser() = default;
  /// A new INVITE that no module took. Keep `session` until SessionUser::on_ended; give it a user by `session.set_user`
  /// before returning, or it is answered 480. `request` is in the receive slot.
  virtual void on_invite(InviteSession& session, const Request& request) = 0;
  /// OPTIONS outside a dialog: give the code of the answer (200; 486 or 480 when a call would get that, §11.2).
  virtual StatusCode on_options(const Request& request) {
    (void)request;
    return StatusCode(200);
  }
  /// A header hook on every outgoing request and response of this floor, automatic ones too, when `hooks_messages`
  /// says so. Protected headers are put back.
  virtual void before_send(Message& message) { (void)message; }
  /// Is before_send to be called? Asked for each message; a hook costs a copy of it.
  [[nodiscard]] virtual bool hooks_messages() const noexcept { return false; }
  /// Asked before a request outside dialogs is taken. True: it gets 503 with Retry-After instead.
  [[nodiscard]] virtual bool overloaded() const noexcept { return false; }
};

struct UaLimits {
  std::size_t sessions = 100'000;
  std::uint32_t early_dialogs = 32;  ///< per INVITE
  std::uint32_t challenges = 3;      ///< per request
};

struct UaOptions {
  transaction::TransactionOptions transaction;
  UaLimits limits;
  std::string user_agent;  ///< User-Agent and Server; empty: none
};

/// Live objects; they return to zero.
struct UaCounters {
  std::size_t sessions = 0;
  std::size_t dialogs = 0;
  std::size_t outgoing_requests = 0;
  std::size_t late_forks = 0;  ///< ended calls that another fork may still answer, for 64*T1
  transaction::TransactionCounters transaction;
};

/// True for what the stack alone writes: Via, From, To, Call-ID, CSeq, Max-Forwards, Route, Record-Route,
/// Content-Length.
PEAL_API bool is_protected(HeaderId id) noexcept;

/// RFC 3261 §8: sends requests (location, authentication, failover), receives them (checks of §8.2, modules, dialogs),
/// and holds dialogs and INVITE sessions. Owns the transaction layer. Owner's thread only.
class PEAL_API UaCore {
 public:
  UaCore(transport::Runtime& runtime, UaUser& user, UaOptions options = {});
  ~UaCore();
  UaCore(const UaCore&) = delete;
  UaCore& operator=(const UaCore&) = delete;

  [[nodiscard]] transaction::TransactionLayer& transactions() noexcept;
  [[nodiscard]] transport::TransportLayer& transport() noexcept;
  [[nodiscard]] transport::Runtime& runtime() noexcept;

  /// Owned from then on. Refused (errc::wrong_state) when one with that name is there.
  Result<void> install(std::unique_ptr<Module> module);
  void remove(std::string_view name);
  [[nodiscard]] Module* find_module(std::string_view name) noexcept;
  /// "INVITE, ACK, BYE, CANCEL, OPTIONS" and the modules' methods.
  [[nodiscard]] const std::string& allow() const noexcept;
  [[nodiscard]] const std::string& supported() const noexcept;
  [[nodiscard]] const std::string& accept() const noexcept;

  /// Starts a request outside a dialog: method, target URI, From and To (tags, Call-ID, CSeq, Max-Forwards, User-Agent
  /// are added when absent).
  struct NewRequest {
    Method method;
    Uri target;  ///< Request-URI
    NameAddr from;
    NameAddr to;  ///< empty: the target
  };
  [[nodiscard]] Request make_request(const NewRequest& request);
  /// Sends it (not INVITE, not in a dialog). `user` must live until on_final or until the OutgoingRequest is destroyed.
  Result<std::unique_ptr<OutgoingRequest>> send(Request request, RequestOptions options, OutgoingUser& user);

  /// Calls. `request` is an INVITE of make_request, with what the application added. Ends by on_ended, always.
  Result<InviteSession*> invite(Request request, InviteOptions options, SessionUser& user);

  /// Starts the answer to a request: To tag (the same for each answer to it), Allow, Accept as the code wants them.
  [[nodiscard]] Response make_response(const Request& request, StatusCode code);
  /// Answers a request given to a module.
  Result<transport::Packet> respond(transaction::ServerId id, const Response& response);

  /// A Contact for `target` made from the local address: <sip:user@host:port>.
  Result<NameAddr> contact_for(const transport::Target& target, std::string_view user);

  [[nodiscard]] UaCounters counters() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace peal::inline v0::dialog
