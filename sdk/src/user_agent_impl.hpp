#pragma once

#include "account_state.hpp"
#include "anchor.hpp"
#include "call_state.hpp"
#include "event_queue.hpp"
#include "slab.hpp"

#include <peal/config.hpp>
#include <peal/dialog/ua_core.hpp>
#include <peal/invite_options.hpp>
#include <peal/user_agent.hpp>

#include <atomic>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <vector>

namespace asio {
class io_context;
}

namespace peal::inline v0::detail {

/// The state of a UserAgent: its core, its calls and accounts, and the FIFO that feeds the user.
/// Kept by shared_ptr so that a handler may destroy the UserAgent while one of its functions is on the stack.
class UserAgentImpl final : public std::enable_shared_from_this<UserAgentImpl>, public dialog::UaUser, public EventSink {
 public:
  UserAgentImpl(std::unique_ptr<asio::io_context> own_context, std::unique_ptr<transport::Runtime> own_runtime,
                transport::Runtime& runtime, Config config);
  ~UserAgentImpl() override;

  /// No upcall from now on; pending operations complete with errc::aborted. Owner's thread.
  void close();
  [[nodiscard]] bool closed() const noexcept { return core_ == nullptr; }
  [[nodiscard]] bool shutting_down() const noexcept { return shutting_down_; }

  Result<std::string> listen(std::string_view where);
  [[nodiscard]] std::vector<std::string> listening() const;

  Result<Account> add_account(AccountConfig config);
  Result<Call> invite(std::string_view target, InviteOptions options, bool reading);
  void next_call(UniqueFunction<void(Result<IncomingCall>)> done);
  void cancel_next_call();
  void options(std::string_view target, UniqueFunction<void(Result<Response>)> done);
  void shutdown(std::chrono::milliseconds deadline, UniqueFunction<void(Result<void>)> done);

  // for calls and accounts
  [[nodiscard]] dialog::UaCore& core() noexcept { return *core_; }
  [[nodiscard]] transport::Runtime& runtime() noexcept { return runtime_; }
  [[nodiscard]] EventQueue& events() noexcept { return queue_; }
  [[nodiscard]] Anchor& anchor() noexcept { return *anchor_; }
  [[nodiscard]] const Config& config() const noexcept { return config_; }
  [[nodiscard]] UserAgentHandler* handler() const noexcept { return handler_; }
  void set_handler(UserAgentHandler* handler) noexcept { handler_ = handler; }
  [[nodiscard]] MediaHandler& default_media() noexcept { return *default_media_; }
  [[nodiscard]] Slab<CallState>& calls() noexcept { return calls_; }
  [[nodiscard]] Slab<AccountState>& accounts() noexcept { return accounts_; }
  void remove_account(std::uint32_t slot);
  /// Completes an operation through the FIFO, behind the events before it and never inside an API call.
  template <class R>
  void complete(UniqueFunction<void(R)> done, std::type_identity_t<R> result) {
    queue_.push({QueuedEvent::Kind::completion, 0, 0, UniqueFunction<void()>([done = std::move(done), result = std::move(result)]() mutable {
                   done(std::move(result));
                 })});
  }
  /// A call or registration came to its end: shutdown may be complete.
  void something_ended();
  void forget_removed();
  void note_ended(CallState& call);
  [[nodiscard]] Counters counters() const;

  // the private io_context, if there is one
  void run();
  void poll();
  void stop();  ///< any thread

  /// The UserAgent was destroyed on another thread than its own: the end is posted. Takes the last share of the owner.
  static void close_from_elsewhere(std::shared_ptr<UserAgentImpl> impl);

 private:
  void on_invite(dialog::InviteSession& session, const Request& request) override;
  StatusCode on_options(const Request& request) override;
  [[nodiscard]] bool overloaded() const noexcept override;
  bool deliver(QueuedEvent event) override;
  void deliver_call(const QueuedEvent& event, CallState& call);
  void deliver_incoming(CallState& call);
  void deliver_registration(QueuedEvent& event);
  AccountState* account_for(const Request& request);
  void abort_pending();
  void finish_shutdown();
  void on_shutdown_deadline();
  void forget_unread();
  enum class Loop : std::uint8_t { run, poll };
  bool drive(Loop how);

  std::unique_ptr<asio::io_context> own_context_;  // first: outlives all that runs on it
  std::atomic<std::thread::id> in_loop_{};         // the thread that is inside `run` or `poll`
  std::atomic<bool> end_posted_{false};            // by close_from_elsewhere
  std::unique_ptr<transport::Runtime> own_runtime_;
  transport::Runtime& runtime_;
  Config config_;
  struct ReleaseAnchor {
    void operator()(Anchor* anchor) const noexcept { anchor->release(); }
  };
  std::unique_ptr<Anchor, ReleaseAnchor> anchor_;  // our share of it, also given back when the constructor throws
  EventQueue queue_;
  std::unique_ptr<MediaHandler> default_media_;
  Slab<CallState> calls_;
  Slab<AccountState> accounts_;
  std::vector<std::unique_ptr<AccountState>> removed_;  // whose credentials a call may still need
  std::unique_ptr<dialog::UaCore> core_;

  UserAgentHandler* handler_ = nullptr;
  bool calls_are_read_ = false;  // somebody uses next_call
  std::optional<UniqueFunction<void(Result<IncomingCall>)>> call_reader_;
  static constexpr std::size_t most_offered_calls = 1024;
  std::deque<IncomingCall> offered_;      // wait for next_call
  std::deque<Call> unread_;               // ended, with events that nobody read yet
  struct OptionsQuery;
  std::vector<std::unique_ptr<OptionsQuery>> queries_;
  std::vector<UniqueFunction<void(Result<void>)>> shutdown_done_;
  bool shutting_down_ = false;
  bool shutdown_late_ = false;  // the deadline came first
  transport::OwnedTimer<UserAgentImpl, &UserAgentImpl::on_shutdown_deadline> shutdown_timer_{*this};
  std::uint64_t slow_handlers_ = 0;
};

/// The live implementation behind a handle, or why there is none: errc::wrong_thread, errc::ended.
Result<UserAgentImpl*> owner_of(Anchor* anchor);

}  // namespace peal::inline v0::detail
