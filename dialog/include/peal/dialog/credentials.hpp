#pragma once

#include <peal/dialog/ticket.hpp>
#include <peal/message/auth_values.hpp>
#include <peal/message/export.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace peal::inline v0 {

/// What one realm knows a user by. `ha1` (hex, of the algorithm named) may stand in for the password.
struct Credentials {
  std::string realm;  ///< empty: any realm
  std::string username;
  std::string password;
  std::string ha1;
  std::string ha1_algorithm = "MD5";
};

namespace dialog {

/// A challenge that waits for credentials.
struct ChallengeInfo {
  std::string realm;
  std::vector<std::string> algorithms;  ///< as offered, in the peer's order
  bool proxy = false;                   ///< 407, not 401
  bool stale = false;
};

struct AuthMemory;

/// Asked for credentials, by realm. Decision: must not call back into the stack; may answer later.
/// It also is where the stack remembers nonces, so that the next request is not challenged again (RFC 3261 §22.3).
class PEAL_API CredentialSource {
 public:
  CredentialSource();
  virtual ~CredentialSource();
  CredentialSource(const CredentialSource&) = delete;
  CredentialSource& operator=(const CredentialSource&) = delete;
  virtual void find(const ChallengeInfo& challenge, Ticket<std::optional<Credentials>> ticket) = 0;
  /// Drops remembered nonces: to be called when user or password changed.
  void forget() noexcept;

 private:
  friend class AuthClient;
  std::unique_ptr<AuthMemory> memory_;
};

}  // namespace dialog
}  // namespace peal::inline v0
