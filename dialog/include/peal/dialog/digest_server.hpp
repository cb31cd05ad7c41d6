#pragma once

#include <peal/dialog/credentials.hpp>
#include <peal/message/export.hpp>
#include <peal/message/message.hpp>
#include <peal/transport/runtime.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace peal::inline v0::dialog {

/// Challenges requests and checks what answers them (RFC 3261 §22, RFC 7616, RFC 8760). Its nonces carry their age and
/// a keyed MAC: a challenge costs no memory, and nobody else can make one. Only a nonce that was answered rightly is
/// remembered, for its nonce counts. Owner's thread.
class PEAL_API Authenticator {
 public:
  struct Options {
    std::string realm;
    std::vector<std::string> algorithms{"SHA-256", "MD5"};  ///< a challenge each, in this order (RFC 8760 §2.3)
    std::chrono::seconds nonce_life{300};
    bool proxy = false;  ///< 407 and Proxy-Authorization
    bool check_uri =
        true;  ///< `uri` must be equivalent to the Request-URI (RFC 7616 §3.4.6); off behind rewriting proxies
    std::size_t max_nonces = 100'000;  ///< remembered ones; past it new ones are refused as stale
    /// So long a copy of a request (top Via, Call-ID, CSeq and count are the same) is no replay: what has no server
    /// transactions sees retransmissions (RFC 3261 §16.11), and need 64*T1. At most `max_nonces` are told.
    std::chrono::seconds copy_life{0};
  };
  enum class Outcome : std::uint8_t {
    ok,
    no_credentials,  ///< none for this realm: challenge
    stale,           ///< right, but the nonce is too old or not ours any more: challenge with stale=true
    replayed,        ///< the nonce count was used before: challenge with stale=true
    wrong,           ///< unknown user or wrong password
    malformed,       ///< answer 400
  };
  struct Verified {
    Outcome outcome = Outcome::no_credentials;
    std::string username;  ///< with ok, stale, replayed and wrong
  };
  /// Gives the password or HA1 of a user of this realm; nullopt for a stranger.
  using Lookup = UniqueFunction<std::optional<Credentials>(std::string_view username)>;

  Authenticator(transport::Runtime& runtime, Options options);
  ~Authenticator();
  Authenticator(const Authenticator&) = delete;
  Authenticator& operator=(const Authenticator&) = delete;

  /// 401 or 407, by the options.
  [[nodiscard]] StatusCode code() const noexcept;
  /// Adds a challenge of each algorithm.
  void challenge(Response& response, bool stale = false);
  [[nodiscard]] Verified verify(const Request& request, Lookup lookup);

  [[nodiscard]] std::size_t nonces() const noexcept;  ///< remembered now

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace peal::inline v0::dialog
