#pragma once

#include <peal/user_agent.hpp>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/use_awaitable.hpp>

#include <string>
#include <utility>

namespace peal::inline v0::co {

// The operations with use_awaitable as the token: `auto call = co_await peal::co::invite(ua, "sip:bob@example.com");`

inline asio::awaitable<Result<Call>> invite(UserAgent& ua, std::string target, InviteOptions options = {}) {
  return ua.invite(std::move(target), std::move(options), asio::use_awaitable);
}
inline asio::awaitable<Result<IncomingCall>> next_call(UserAgent& ua) { return ua.next_call(asio::use_awaitable); }
inline asio::awaitable<Result<CallEvent>> next(const Call& call) { return call.next(asio::use_awaitable); }
inline asio::awaitable<Result<RegistrationEvent>> start(const Account& account) { return account.start(asio::use_awaitable); }
inline asio::awaitable<Result<RegistrationEvent>> stop(const Account& account) { return account.stop(asio::use_awaitable); }

}  // namespace peal::inline v0::co
