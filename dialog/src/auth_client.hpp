#pragma once

#include "digest.hpp"
#include "lifetime.hpp"

#include <peal/dialog/credentials.hpp>
#include <peal/message/message.hpp>
#include <peal/transport/random_source.hpp>

#include <cstdint>
#include <string>
#include <system_error>
#include <vector>

namespace peal::inline v0::dialog {

/// A nonce that was answered, and what answers it again (RFC 3261 §22.3). Holds a hash of the password, never the
/// password.
struct AuthEntry {
  std::string scope;  ///< host that challenged: nobody else is sent this
  std::string realm;
  bool proxy = false;
  Algorithm algorithm;
  bool algorithm_given = false;
  std::string nonce, opaque, qop, cnonce;
  std::uint32_t count = 0;  ///< nonce count used last
  std::string username, ha1;
};

struct AuthMemory {
  static constexpr std::size_t limit = 32;  ///< realms and scopes of one source; past it the oldest goes
  std::vector<AuthEntry> entries;
};

/// Answers the challenges of one request (RFC 3261 §22, RFC 7616, RFC 8760 §2.4): of each realm the first that we
/// support, one try a nonce, a second only for a stale nonce or for one remembered from earlier; then it gives up, so
/// that nothing can loop.
class AuthClient {
 public:
  AuthClient(CredentialSource* source, transport::RandomSource& random, std::uint32_t max_challenges) noexcept
      : source_(source), random_(random), max_challenges_(max_challenges) {}

  [[nodiscard]] bool able() const noexcept { return source_ != nullptr; }
  /// Takes the challenges of a 401 or 407 from `scope`. `done` is called once, maybe before this returns: no error
  /// means that the request may be sent again. Not called when the AuthClient is destroyed first.
  void challenged(const Response& response, std::string_view scope, UniqueFunction<void(std::error_code)> done);
  /// Replaces the credentials on the request: of the challenges answered so far, and remembered ones of `scope`.
  void authorize(Request& request, std::string_view scope);
  /// Forgets the nonces that this request was tried with: they led nowhere, and would only burden the next one.
  void give_up(std::string_view scope) noexcept;
  /// A 2xx may give the next nonce (RFC 7616 §3.5).
  void learn(const Response& response, std::string_view scope);

 private:
  struct Tried {
    std::string realm;
    bool proxy = false;
    std::string nonce;
    bool remembered = false;  ///< the nonce was not of a challenge to this request
  };
  struct Offer {
    ChallengeInfo info;
    AuthEntry entry;
    bool usable = false;
  };

  std::vector<Offer> read_challenges(const Response& response, std::string_view scope) const;
  [[nodiscard]] bool may_try(const Offer& offer) const;
  void ask(std::size_t index);
  void on_credentials(std::size_t index, std::optional<Credentials> credentials);
  void finish();
  void remember(AuthEntry entry);
  [[nodiscard]] AuthEntry* find(std::string_view scope, std::string_view realm, bool proxy) noexcept;
  void drop(std::string_view scope, std::string_view realm, bool proxy) noexcept;
  void add_credentials(Request& request, AuthEntry& entry);
  AuthMemory& memory();

  CredentialSource* source_;
  transport::RandomSource& random_;
  std::uint32_t max_challenges_;
  std::uint32_t challenges_ = 0;
  std::vector<Tried> tried_;
  std::vector<Offer> offers_;
  std::size_t waiting_ = 0;
  UniqueFunction<void(std::error_code)> done_;
  Lifetime lifetime_;
};

}  // namespace peal::inline v0::dialog
