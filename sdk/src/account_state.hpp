#pragma once

#include <peal/account.hpp>
#include <peal/config.hpp>
#include <peal/dialog/ua_core.hpp>
#include <peal/transport/timer_service.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace peal::inline v0::detail {

class UserAgentImpl;

/// Credentials of one account. `any_realm`: the account's own server asks; others get only what names their realm, so that a
/// stranger's challenge draws no answer (CVE-2021-41158).
class AccountCredentials final : public dialog::CredentialSource {
 public:
  AccountCredentials(const AccountConfig& config, std::string username, bool any_realm)
      : config_(config), username_(std::move(username)), any_realm_(any_realm) {}
  void find(const dialog::ChallengeInfo& challenge, Ticket<std::optional<Credentials>> ticket) override;

 private:
  const AccountConfig& config_;
  std::string username_;
  bool any_realm_;
};

/// One account and its registration (RFC 3261 §10.2, RFC 5626 §4.5 for the waits after a failure).
class AccountState final : public dialog::OutgoingUser {
 public:
  AccountState(UserAgentImpl& owner, std::uint32_t slot, std::uint32_t generation, AccountConfig config, Uri aor, Uri registrar,
               std::vector<NameAddr> routes);
  ~AccountState() override;

  void start(std::optional<UniqueFunction<void(Result<RegistrationEvent>)>> done);
  void stop(std::optional<UniqueFunction<void(Result<RegistrationEvent>)>> done);
  void abort_pending();
  /// Gives up what is under way: `failed` with a timer's cause. For a shutdown that may not wait.
  void abandon();
  /// No more of its own: what waits is aborted, in a later turn. Its credentials still serve its calls.
  void retire();

  [[nodiscard]] RegistrationState registration_state() const noexcept { return state_; }
  [[nodiscard]] bool idle() const noexcept { return request_ == nullptr; }
  [[nodiscard]] const AccountConfig& config() const noexcept { return config_; }
  [[nodiscard]] const Uri& aor() const noexcept { return aor_; }
  [[nodiscard]] const std::vector<NameAddr>& routes() const noexcept { return routes_; }
  /// `"Display" <aor>`.
  [[nodiscard]] NameAddr identity() const;
  /// For a request to `target`: any realm when it goes through our own server.
  [[nodiscard]] dialog::CredentialSource& credentials_for(const UriView& target);
  [[nodiscard]] dialog::CredentialSource& careful_credentials() noexcept { return exact_; }
  [[nodiscard]] Account handle() const;
  /// Adds the account's own headers. The first error, if any; nothing is half done that matters.
  Result<void> add_headers(Request& request) const;

 private:
  void on_final(const Response* response, const Cause& cause) override;
  void send_register();
  void on_registered(const Response& response);
  void on_refused(const Response* response, const Cause& cause);
  void on_unregistered(const Response* response, const Cause& cause);
  void report(RegistrationEvent event);
  void on_timer();
  [[nodiscard]] std::chrono::seconds back_off();

  UserAgentImpl& owner_;
  std::uint32_t slot_;
  std::uint32_t generation_;
  AccountConfig config_;
  Uri aor_;
  Uri registrar_;
  std::vector<NameAddr> routes_;
  AccountCredentials any_;
  AccountCredentials exact_;

  RegistrationState state_ = RegistrationState::unregistered;
  std::unique_ptr<dialog::OutgoingRequest> request_;
  std::string call_id_;              // one Call-ID for all registrations of a start (§10.2.4)
  std::uint32_t cseq_ = 0;
  std::chrono::seconds expires_;     // what we ask; raised by a 423
  int too_brief_ = 0;                // 423 answers in a row
  unsigned failures_ = 0;            // in a row
  bool stopping_ = false;
  bool removal_sent_ = false;        // the REGISTER under way is the one with Expires: 0
  std::vector<UniqueFunction<void(Result<RegistrationEvent>)>> start_done_;
  std::vector<UniqueFunction<void(Result<RegistrationEvent>)>> stop_done_;
  transport::OwnedTimer<AccountState, &AccountState::on_timer> timer_{*this};
};

}  // namespace peal::inline v0::detail
