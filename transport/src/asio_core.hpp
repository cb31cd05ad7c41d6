#pragma once

#include <peal/transport/runtime.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/post.hpp>
#include <asio/strand.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace peal::inline v0::transport {

class AsioRuntime;

/// What pending handlers, other threads and handles share with an AsioRuntime, and what outlives it.
///
/// Wake-ups enter the stack here. Only one is inside at a time: one that comes while another thread is in a turn, or
/// while a handler of the application runs the executor itself, is put off until that turn is over; the former is
/// counted.
class AsioCore final : public OwnerCheck, public std::enable_shared_from_this<AsioCore> {
 public:
  using Strand = asio::strand<asio::any_io_executor>;
  using Body = UniqueFunction<void(AsioRuntime&)>;

  AsioCore(AsioRuntime& runtime, asio::any_io_executor executor, std::optional<Strand> strand);

  [[nodiscard]] bool on_owner_thread() const noexcept override;
  /// Runs `body` in a turn, now or when the present turn is over; not at all when the runtime has gone.
  template <class F>
  void wake(F body) {
    const std::shared_ptr<AsioCore> keep = shared_from_this();
    if (!enter()) {
      put_off(std::move(body));
      return;
    }
    const Inside inside(*this);
    const Runtime::Turn turn(base());
    body(*runtime_);
  }
  void post(UniqueFunction<void()> task);
  /// The tasks posted so far, in a turn.
  void run_posted();
  /// The runtime goes: no handler reaches it from now on.
  void detach() noexcept;
  /// Owner's thread: is the runtime still there?
  [[nodiscard]] bool attached() const noexcept { return runtime_ != nullptr; }
  [[nodiscard]] std::uint64_t refused() const noexcept { return refused_.load(std::memory_order_relaxed); }

 private:
  using ThreadId = const char*;
  /// Between enter and leave.
  class Inside {
   public:
    explicit Inside(AsioCore& core) noexcept;
    ~Inside();
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;

   private:
    AsioCore& core_;
    const AsioCore* outer_;
  };
  static ThreadId this_thread() noexcept;
  [[nodiscard]] Runtime& base() noexcept;
  bool enter();
  void put_off(Body body);
  void leave();
  class PostedWakeUp;
  void schedule_posted(const asio::any_io_executor& executor);
  void drop_posted() noexcept;

  mutable std::mutex mutex_;  // guards what follows, but that only the owner writes runtime_ and so may read it
  AsioRuntime* runtime_;
  std::optional<asio::any_io_executor> executor_;
  std::optional<Strand> strand_;
  std::vector<UniqueFunction<void()>> tasks_;
  std::vector<Body> put_off_;
  bool posted_ = false;  // a wake-up for tasks_ is on its way
  bool busy_ = false;    // a turn runs

  const bool in_strand_;
  std::atomic<bool> had_turn_{false};
  std::atomic<bool> gone_{false};
  std::atomic<ThreadId> owner_;
  std::atomic<std::uint64_t> refused_{0};
};

}  // namespace peal::inline v0::transport
