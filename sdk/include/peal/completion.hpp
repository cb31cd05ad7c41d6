#pragma once

#include <peal/transport/unique_function.hpp>

#include <asio/associated_cancellation_slot.hpp>
#include <asio/associated_executor.hpp>
#include <asio/execution/outstanding_work.hpp>
#include <asio/post.hpp>
#include <asio/prefer.hpp>
#include <asio/system_executor.hpp>

#include <type_traits>
#include <utility>

namespace asio::detail {
template <typename T, typename Blocking>
class promise_executor;  // of use_future
}

namespace peal::inline v0::detail {

/// Is there no executor that the handler asks for? That of use_future is the system's in disguise: a post to it would start Asio's
/// threads, only to set a promise.
template <class Executor>
inline constexpr bool is_nowhere = std::is_same_v<Executor, asio::system_executor>;
template <class T, class Blocking>
inline constexpr bool is_nowhere<asio::detail::promise_executor<T, Blocking>> = true;

/// Erases a completion handler. One with an executor of its own is posted there, and that executor has work until then. Any other, a
/// future's too, is called where the operation completes: on the UserAgent's thread, out of its event FIFO; at once when the UserAgent
/// has gone, is going, or the thread is not its own.
template <class R, class Handler>
UniqueFunction<void(R)> completion(Handler handler) {
  if constexpr (is_nowhere<asio::associated_executor_t<Handler>>) {
    return [handler = std::move(handler)](R result) mutable { std::move(handler)(std::move(result)); };
  } else {
    auto executor = asio::get_associated_executor(handler);
    auto work = asio::prefer(executor, asio::execution::outstanding_work.tracked);
    return [handler = std::move(handler), work = std::move(work)](R result) mutable {
      auto run_on = work;
      asio::post(run_on, [handler = std::move(handler), result = std::move(result)]() mutable {
        std::move(handler)(std::move(result));
      });
    };
  }
}

/// Calls `cancel` when the operation's cancellation slot is signalled. `cancel` must be safe after the operation has completed.
template <class Handler, class Cancel>
void on_cancellation(const Handler& handler, Cancel cancel) {
  auto slot = asio::get_associated_cancellation_slot(handler);
  if (slot.is_connected())
    slot.assign([cancel = std::move(cancel)](asio::cancellation_type) mutable { cancel(); });
}

}  // namespace peal::inline v0::detail
