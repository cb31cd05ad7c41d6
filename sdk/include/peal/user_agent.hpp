#pragma once

#include <peal/account.hpp>
#include <peal/call.hpp>
#include <peal/config.hpp>
#include <peal/invite_options.hpp>
#include <peal/message/export.hpp>
#include <peal/transport/runtime.hpp>
#include <peal/user_agent_handler.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/io_context.hpp>
#include <asio/strand.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace peal::inline v0 {

/// What lives and what was dropped. Live counts return to zero.
struct Counters {
  dialog::UaCounters core;
  std::size_t calls = 0;
  std::size_t accounts = 0;
  std::uint64_t slow_handlers = 0;
  std::uint64_t wrong_thread = 0;
  std::vector<std::pair<std::string, std::uint64_t>> drops;  ///< reason → count
};

/// One SIP user agent. It and all it owns live on one executor (docs/contract.md): calls from another thread change nothing and answer
/// errc::wrong_thread; `post` and what handles say about themselves are legal anywhere. Several UserAgents share nothing.
/// Constructors throw std::system_error for a configuration that cannot be (an address that is in use…), and nothing else throws.
class PEAL_API UserAgent {
 public:
  /// On an io_context that one thread runs and that outlives the UserAgent. Made on that thread, or before it runs.
  explicit UserAgent(asio::io_context& context, Config config = {});
  /// On a strand of a pool. Made within the strand, or before the pool runs.
  explicit UserAgent(asio::strand<asio::any_io_executor> strand, Config config = {});
  /// On a Runtime of one's own: the simulator's. It must outlive the UserAgent.
  explicit UserAgent(transport::Runtime& runtime, Config config = {});
  /// With a private io_context, driven by `run` or `poll`.
  explicit UserAgent(Config config = {});
  /// On its own thread, also inside any handler: no further upcall, operations complete with errc::aborted. From another thread:
  /// posted, logged, counted.
  ~UserAgent();
  UserAgent(const UserAgent&) = delete;
  UserAgent& operator=(const UserAgent&) = delete;

  /// Hears everything. Must outlive the UserAgent or be replaced. nullptr: incoming calls wait for `next_call`, or get 480.
  Result<void> set_handler(UserAgentHandler* handler);
  /// What the UserAgent listens on: "udp:127.0.0.1:5060". Empty, and counted, on another thread.
  [[nodiscard]] std::vector<std::string> listening() const;
  Result<std::string> listen(std::string_view where);

  Result<Account> add_account(AccountConfig config);

  /// Calls `target`, a URI or "name-addr". Completes as soon as the INVITE is on its way (or cannot be): Result<Call>.
  template <class Token>
  auto invite(std::string target, InviteOptions options, Token&& token) {
    return asio::async_initiate<Token, void(Result<Call>)>(
        [this, target = std::move(target), options = std::move(options)](auto handler) mutable {
          this->start_invite(std::move(target), std::move(options),
                             detail::completion<Result<Call>>(std::move(handler)));
        },
        token);
  }
  /// The same at once; events go to the handler.
  Result<Call> invite(std::string_view target, InviteOptions options = {});

  /// The next offered call, for programs without a handler. Signature void(Result<IncomingCall>).
  template <class Token>
  auto next_call(Token&& token) {
    return asio::async_initiate<Token, void(Result<IncomingCall>)>(
        [this](auto handler) {
          detail::on_cancellation(handler, [weak = std::weak_ptr(impl_)] { cancel_next_call(weak); });
          this->start_next_call(detail::completion<Result<IncomingCall>>(std::move(handler))); }, token);
  }

  /// Sends OPTIONS and gives the final response (408 stands for silence: RFC 3261 §8.1.3.1). Signature void(Result<Response>).
  template <class Token>
  auto options(std::string target, Token&& token) {
    return asio::async_initiate<Token, void(Result<Response>)>(
        [this, target = std::move(target)](auto handler) mutable {
          this->start_options(std::move(target), detail::completion<Result<Response>>(std::move(handler)));
        },
        token);
  }

  /// Hangs up, unregisters; done by the deadline. From then on nothing new begins: calls, OPTIONS and registrations answer
  /// errc::wrong_state, INVITEs get 480. Signature void(Result<void>).
  template <class Token>
  auto shutdown(std::chrono::milliseconds deadline, Token&& token) {
    return asio::async_initiate<Token, void(Result<void>)>(
        [this, deadline](auto handler) { this->start_shutdown(deadline, detail::completion<Result<void>>(std::move(handler))); }, token);
  }

  /// Runs `f` on the UserAgent's thread, in a later turn. Legal from any thread.
  void post(UniqueFunction<void()> f);

  /// Installs a method module: `ua.install<Registrar>(…)`. The UserAgent owns it. errc::wrong_state when installed already.
  template <class M, class... A>
  Result<M*> install(A&&... args) {
    auto module = std::make_unique<M>(std::forward<A>(args)...);
    M* raw = module.get();
    if (auto ok = install_module(std::move(module)); !ok) return fail(ok.error());
    return raw;
  }

  /// Of a UserAgent with a private io_context: until `stop`, or one batch of what is ready. Otherwise they do nothing.
  /// The thread that is inside is the owner; another one that comes meanwhile is counted and does nothing.
  void run();
  void poll();
  void stop();  ///< ends the `run` under way, or else the next one; any thread

  [[nodiscard]] Result<Counters> counters() const;
  void add_tap(transport::Tap& tap);     ///< from another thread: counted, nothing done
  void remove_tap(transport::Tap& tap);  ///< the same: it is still called
  [[nodiscard]] dialog::UaCore& core() noexcept;  ///< unchecked: use it on the owner's thread only

 private:
  void start_invite(std::string target, InviteOptions options, UniqueFunction<void(Result<Call>)> done);
  static void cancel_next_call(const std::weak_ptr<detail::UserAgentImpl>& impl);
  void start_next_call(UniqueFunction<void(Result<IncomingCall>)> done);
  void start_options(std::string target, UniqueFunction<void(Result<Response>)> done);
  void start_shutdown(std::chrono::milliseconds deadline, UniqueFunction<void(Result<void>)> done);
  Result<void> install_module(std::unique_ptr<dialog::Module> module);

  std::shared_ptr<detail::UserAgentImpl> impl_;
};

}  // namespace peal::inline v0
