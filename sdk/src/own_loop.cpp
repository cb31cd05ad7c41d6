// The private io_context of a UserAgent, and the end of one that is destroyed on another thread (docs/contract.md).
#include "user_agent_impl.hpp"

#include <asio/io_context.hpp>

#include <exception>
#include <utility>

namespace peal::inline v0::detail {

void UserAgentImpl::run() {
  if (own_context_ != nullptr && !drive(Loop::run)) anchor_->wrong_thread.fetch_add(1, std::memory_order_relaxed);
}

void UserAgentImpl::poll() {
  if (own_context_ != nullptr && !drive(Loop::poll)) anchor_->wrong_thread.fetch_add(1, std::memory_order_relaxed);
}

void UserAgentImpl::stop() {
  if (own_context_ != nullptr) own_context_->stop();
}

/// False when another thread is inside; the same thread may go in again, from a handler.
bool UserAgentImpl::drive(Loop how) {
  struct Inside {
    UserAgentImpl& self;
    bool outermost;
    ~Inside() {
      if (!outermost) return;
      self.own_context_->restart();  // here and not on the way in: a `stop` that comes before `run` ends that run
      self.in_loop_.store(std::thread::id());
    }
  };
  bool again = false;
  std::exception_ptr thrown;  // by the application, through the loop
  do {
    std::thread::id inside;
    const bool outermost = in_loop_.compare_exchange_strong(inside, std::this_thread::get_id());
    if (!outermost && inside != std::this_thread::get_id()) break;
    const Inside leave{*this, outermost};
    if (outermost && end_posted_.load()) own_context_->restart();  // the end is not stopped by a `stop` before it
    if (!anchor_->on_owner_thread()) runtime_.post([] {});         // by a turn of its own it becomes the owner
    try {
      if (how == Loop::run)
        own_context_->run();
      else
        own_context_->poll();
    } catch (...) {
      if (!outermost) throw;
      if (!thrown) thrown = std::current_exception();
    }
    if (!outermost) return true;
    how = Loop::poll;
    again = true;
  } while (end_posted_.exchange(false));  // the end was posted while this thread was on its way out
  if (thrown) std::rethrow_exception(thrown);
  return again;
}

void UserAgentImpl::close_from_elsewhere(std::shared_ptr<UserAgentImpl> impl) {
  impl->anchor_->wrong_thread.fetch_add(1, std::memory_order_relaxed);
  auto& runtime = impl->runtime_;
  const auto keep = runtime.owner_check();  // what `post` stands on, should the task be done before it returns
  const auto looping = impl->own_context_ != nullptr ? impl : nullptr;
  runtime.post([impl = std::move(impl)]() mutable {
    impl->runtime().log().write(transport::LogLevel::error, "sdk", "UserAgent destroyed on a foreign thread");
    impl->close();
    impl.reset();
  });
  if (looping == nullptr) return;
  // Nobody else can run a private loop any more: when no thread is inside, this one makes the end.
  looping->end_posted_.store(true);
  try {
    looping->drive(Loop::poll);
  } catch (...) {  // of a handler that was ready before; this is a destructor
    runtime.log().write(transport::LogLevel::error, "sdk", "a handler threw while its UserAgent was destroyed");
  }
}

}  // namespace peal::inline v0::detail
