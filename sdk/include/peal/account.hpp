#pragma once

#include <peal/call.hpp>
#include <peal/config.hpp>
#include <peal/registration_handler.hpp>

namespace peal::inline v0 {

/// An address of record of ours: who calls, and what is registered. A handle like Call.
class PEAL_API Account : public detail::HandleBase {
 public:
  using HandleBase::HandleBase;

  [[nodiscard]] Result<std::string> aor() const;
  [[nodiscard]] Result<RegistrationState> registration_state() const;

  /// Registers (RFC 3261 §10) and keeps it registered until `stop`: refresh, 423, authentication, retry with back-off (RFC 5626 §4.5).
  /// Completes with the first outcome: a RegistrationEvent {registered | failed}. Signature void(Result<RegistrationEvent>).
  template <class Token>
  auto start(Token&& token) const {
    return asio::async_initiate<Token, void(Result<RegistrationEvent>)>(
        [self = *this](auto handler) { self.start_registration(detail::completion<Result<RegistrationEvent>>(std::move(handler))); }, token);
  }
  Result<void> start() const;
  /// Removes our binding. Completes with {unregistered} or {failed}.
  template <class Token>
  auto stop(Token&& token) const {
    return asio::async_initiate<Token, void(Result<RegistrationEvent>)>(
        [self = *this](auto handler) { self.stop_registration(detail::completion<Result<RegistrationEvent>>(std::move(handler))); }, token);
  }
  Result<void> stop() const;
  /// Forgets the account. Its calls go on.
  Result<void> remove() const;

 private:
  void start_registration(UniqueFunction<void(Result<RegistrationEvent>)> done) const;
  void stop_registration(UniqueFunction<void(Result<RegistrationEvent>)> done) const;
};

}  // namespace peal::inline v0

template <>
struct std::hash<peal::Account> {
  std::size_t operator()(const peal::Account& account) const noexcept { return std::hash<std::uint64_t>{}(account.id()); }
};
