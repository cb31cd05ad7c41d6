#pragma once

#include <peal/dialog/ticket.hpp>
#include <peal/message/auth_values.hpp>

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

/// Asked for credentials, by realm. Decision: must not call back into the stack; may answer later.
class CredentialSource {
 public:
  virtual ~CredentialSource() = default;
  virtual void find(const ChallengeInfo& challenge, Ticket<std::optional<Credentials>> ticket) = 0;
};

}  // namespace dialog
}  // namespace peal::inline v0
