#pragma once

#include "flight.hpp"
#include "hash_index.hpp"
#include "late_forks.hpp"
#include "lifetime.hpp"
#include "merged_requests.hpp"
#include "slab.hpp"

#include <peal/dialog/dialog.hpp>
#include <peal/dialog/ua_core.hpp>
#include <peal/transport/locator.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace peal::inline v0::dialog {

class Session;
class Hangup;
class Outgoing;

/// Headers that the stack alone writes: neither ExtraHeaders nor a hook may touch them.

/// Behind UaCore: what §8 asks of a user agent as a whole. Requests out go by Flight, sessions do §13–15.
class Core final : public transaction::TransactionUser, public ModuleHost {
 public:
  Core(UaCore& self, transport::Runtime& runtime, UaUser& user, UaOptions options);
  ~Core() override;

  // what the pieces of this floor use of each other
  [[nodiscard]] UaCore& core() override { return self_; }
  [[nodiscard]] transport::Runtime& runtime() override { return runtime_; }
  [[nodiscard]] transport::TransportLayer& transport() override { return transactions_.transport(); }
  [[nodiscard]] transaction::TransactionLayer& transactions() noexcept { return transactions_; }
  [[nodiscard]] transport::Locator& locator() noexcept { return locator_; }
  [[nodiscard]] transport::TimerService& timers() noexcept { return runtime_.timers(); }
  [[nodiscard]] const UaOptions& options() const noexcept { return options_; }
  [[nodiscard]] UaUser& user() noexcept { return user_; }
  [[nodiscard]] Lifetime& lifetime() noexcept { return lifetime_; }
  [[nodiscard]] bool closing() const noexcept { return closing_; }
  [[nodiscard]] const transaction::Timers& times() const noexcept { return transactions_.timers(); }

  /// User-Agent or Server, then the user's hook; protected headers are put back when the hook changed them.
  void before_send(Request& request);
  void before_send(Response& response);
  Result<transport::Packet> respond(transaction::ServerId id, Response& response);
  /// The common answer: code, To tag, and what §8.2 adds to it. Nothing is reported: the transaction tells of failures.
  void refuse(transaction::ServerId id, const Request& request, StatusCode code, std::string_view reason = {});
  [[nodiscard]] Response make_response(const Request& request, StatusCode code, std::string_view reason = {});
  void add_capabilities(Message& message) const;  ///< Allow and Supported
  /// 405 for a method that is registered, 501 for one that nobody knows (RFC 3261 §8.2.1, RFC 4475 §3.1.1.2).
  [[nodiscard]] StatusCode unsupported_method(const Method& method) const noexcept;
  Result<NameAddr> contact_for(const transport::Target& target, std::string_view user);
  /// The same address for SDP: without port and brackets.
  std::string address_for(const transport::Target& target);

  // sessions
  Result<InviteSession*> invite(Request request, InviteOptions options, SessionUser& user);
  void index(Session& session);
  void unindex(Session& session) noexcept;
  void index_server(transaction::ServerId id, Session& session);
  void unindex_server(transaction::ServerId id, Session& session) noexcept;
  void destroy(Session& session);
  /// BYE on a dialog that no session keeps (§13.2.2.4: a fork too many).
  void hang_up_stray(Dialog dialog, CredentialSource* credentials);
  void destroy(Hangup& hangup);
  /// The ACK of a dialog without a session, to wherever it leads.
  void send_stray_ack(const Dialog& dialog, std::uint32_t cseq);
  [[nodiscard]] Session* find_session(std::string_view call_id, std::string_view local_tag);

  // modules
  Result<void> install(std::unique_ptr<Module> module);
  void remove(std::string_view name);
  [[nodiscard]] Module* find_module(std::string_view name) noexcept;
  /// Who brings the method for requests of that kind; nullptr: nobody.
  [[nodiscard]] Module* module_for(const Method& method, bool in_dialog) noexcept;
  /// The method's module in a dialog, or the right refusal. Last act.
  void in_dialog_request(Dialog& dialog, transaction::ServerId id, const Request& request, const transport::Flow& flow);
  void answer_options(transaction::ServerId id, const Request& request, StatusCode code);
  [[nodiscard]] const std::string& allow() const noexcept { return allow_; }
  [[nodiscard]] const std::string& supported() const noexcept { return supported_; }
  [[nodiscard]] const std::string& accept() const noexcept { return accept_; }

  // requests outside dialogs
  [[nodiscard]] Request make_request(const UaCore::NewRequest& wanted);
  void complete(Request& request);  ///< adds what §8.1.1 demands and is not there
  Result<std::unique_ptr<OutgoingRequest>> send(Request request, RequestOptions options, OutgoingUser& user);
  /// In a dialog that lives as long as `owner` does.
  std::unique_ptr<OutgoingRequest> send_in(Dialog& dialog, Lifetime::Watch owner, Request request,
                                           CredentialSource* credentials, OutgoingUser& user);
  void forget(Outgoing& outgoing);
  Uri route_out(Request& request, const std::vector<NameAddr>& routes);
  [[nodiscard]] UaCounters counters() const noexcept;

  // TransactionUser
  void on_request(transaction::ServerId id, const Request& request, const transport::Flow& flow) override;
  void on_ack(const Request& ack, const transport::Flow& flow) override;
  void on_cancel(transaction::ServerId invite, const Request& cancel) override;
  void on_2xx(const Response& response, const transport::Flow& flow, bool broken) override;
  void on_server_failure(transaction::ServerId id, const transaction::Failure& failure) override;
  [[nodiscard]] bool overloaded() const noexcept override { return user_.overloaded(); }

  std::size_t flights = 0;

 private:
  struct SessionSlab;
  bool refused(transaction::ServerId id, const Request& request);
  bool refused_extension(transaction::ServerId id, const Request& request);
  bool refused_content(transaction::ServerId id, const Request& request);
  void new_invite(transaction::ServerId id, const Request& request, const transport::Flow& flow);
  void in_dialog(transaction::ServerId id, const Request& request, const transport::Flow& flow);
  void rebuild_capabilities();
  void finish_verdict(Verdict verdict, transaction::ServerId id, const Request& request);
  void late_2xx(const Response& response);
  void on_late_forks_old();
  void orphan_last();
  [[nodiscard]] Session* session_at(std::uint32_t slot);
  [[nodiscard]] Session* find_server(transaction::ServerId id);

  UaCore& self_;
  transport::Runtime& runtime_;
  UaUser& user_;
  UaOptions options_;
  KeyedHash hash_;
  transaction::TransactionLayer transactions_;
  transport::Locator locator_;
  std::unique_ptr<SessionSlab> slab_;
  HashIndex by_dialog_;  // (Call-ID, local tag) → session
  HashIndex by_server_;  // server transaction of an INVITE → session
  MergedRequests merged_;
  LateForks late_forks_;
  transport::OwnedTimer<Core, &Core::on_late_forks_old> late_forks_old_{*this};
  std::vector<std::unique_ptr<Module>> modules_;
  std::vector<std::unique_ptr<Hangup>> hangups_;
  std::vector<Outgoing*> outgoing_;  // owned by whoever sent them
  std::vector<Method> methods_;
  std::vector<std::string> option_tags_;
  std::vector<std::string> body_types_;
  std::string allow_, supported_, accept_;
  bool closing_ = false;
  Lifetime lifetime_;
};

}  // namespace peal::inline v0::dialog
