#pragma once

#include <peal/dialog/credentials.hpp>
#include <peal/dialog/ua_core.hpp>
#include <peal/message/export.hpp>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace peal::inline v0 {

/// How a UserAgent is made. Plain values; read once, by the constructor.
struct Config {
  /// Where to listen: "udp:0.0.0.0:5060", "udp:[::]:0", "udp:192.0.2.1" (then port 5060). Port 0: the system chooses.
  std::vector<std::string> listen = {"udp:0.0.0.0:0"};
  std::string user_agent = "Peal";  ///< User-Agent and Server; empty: none
  transaction::Timers timers{};     ///< T1, T2, T4 (RFC 3261 Table 4)
  dialog::UaLimits limits{};
  transaction::Limits transaction_limits{};
  /// How much a message may hold, and how strictly it is read: Profile::interop here, since devices are what they are
  /// (docs/leniencies.md). Set `parse_limits.profile` alone to change only that.
  ParseLimits parse_limits{.profile = Profile::interop};
  /// An incoming call that no account claims: offered to the handler all the same (true), or 404 (false).
  bool accept_strangers = true;
  /// Overload: while the oldest event has waited this long for its handler, or 1,024 incoming calls wait for
  /// `next_call`, new requests outside dialogs get 503 with `transaction_limits.retry_after`, so that what was begun is
  /// done in time. Zero: never.
  std::chrono::milliseconds busy_after{500};
  std::chrono::milliseconds slow_handler{50};  ///< a handler that runs longer is counted and logged by name
};

/// Who the user is, and where it registers.
struct AccountConfig {
  std::string aor{};  ///< "sip:alice@example.com", needed
  std::string display_name{};
  std::string registrar{};  ///< URI; empty: the host of `aor`
  std::string username{};   ///< for digest; empty: the user part of `aor`
  std::string password{};
  std::vector<Credentials> credentials{};                      ///< for further realms
  std::string outbound_proxy{};                                ///< URI: a pre-loaded Route for every request
  std::chrono::seconds expires{600};                           ///< asked of the registrar
  std::vector<std::pair<std::string, std::string>> headers{};  ///< on every request of this account
};

}  // namespace peal::inline v0
