#pragma once

#include <peal/message/export.hpp>
#include <peal/transport/log.hpp>
#include <peal/transport/network.hpp>
#include <peal/transport/random_source.hpp>
#include <peal/transport/timer_service.hpp>
#include <peal/transport/unique_function.hpp>

#include <chrono>
#include <cstdint>
#include <memory>

namespace peal::inline v0::transport {

/// When, at the end of a turn, a hook runs: first the user's events, then what was sent goes out.
enum class TurnStage : std::uint8_t { events, flush };

class Runtime;

/// Called at the end of each turn, as long as it is linked (see Runtime::link). Destroying it unlinks it.
/// A hook may link, unlink and destroy any hook, and destroy the Runtime.
class PEAL_API TurnHook {
 public:
  TurnHook() = default;
  virtual ~TurnHook();
  TurnHook(const TurnHook&) = delete;
  TurnHook& operator=(const TurnHook&) = delete;
  virtual void on_turn_end() = 0;

 private:
  friend class Runtime;
  TurnHook* next_ = nullptr;
  Runtime* runtime_ = nullptr;  // where it is linked
};

/// Tells whether the calling thread may touch a stack (docs/contract.md): within a turn of its Runtime always (a
/// thread_local anchor), otherwise when it is the thread of the last turn (before the first turn the constructing
/// thread), or runs in the strand. Shared: it outlives the Runtime, so that handles may ask on any thread at any time.
class PEAL_API OwnerCheck {
 public:
  virtual ~OwnerCheck();
  [[nodiscard]] virtual bool on_owner_thread() const noexcept = 0;
};

/// The three seams (time, network, chance) and the turn, for one UserAgent. Asio-free: the real one comes from
/// <peal/transport/asio_runtime.hpp>, the simulated one from <peal/testing/simulator.hpp>.
///
/// A turn (docs/contract.md) is one wake-up: ready sockets, expired timers, posted work; at its end the hooks run, events
/// first, then flush. An API call made outside a turn is no turn: what it sends goes out at once.
class PEAL_API Runtime {
 public:
  Runtime() = default;
  virtual ~Runtime();
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  virtual TimerService& timers() = 0;
  virtual RandomSource& random() = 0;
  virtual LogSink& log() = 0;
  virtual Network& network() = 0;
  /// The calendar's time, for traces and the Date header.
  [[nodiscard]] virtual std::chrono::system_clock::time_point wall_time() const = 0;
  /// Runs `task` in a later turn. The one function that is legal from any thread.
  virtual void post(UniqueFunction<void()> task) = 0;
  /// May the calling thread touch the stack? Never null; keep a copy to ask after the Runtime has gone.
  [[nodiscard]] virtual std::shared_ptr<const OwnerCheck> owner_check() const = 0;
  [[nodiscard]] bool on_owner_thread() const noexcept { return owner_check()->on_owner_thread(); }

  /// Wake-ups that were put off because another thread was in a turn: a second thread runs the executor.
  [[nodiscard]] virtual std::uint64_t refused_turns() const noexcept { return 0; }

  [[nodiscard]] bool in_turn() const noexcept { return innermost_ != nullptr; }
  /// Hooks of a stage run in the order in which they were linked; one that is linked already moves to the end.
  void link(TurnHook& hook, TurnStage stage);
  void unlink(TurnHook& hook) noexcept;

  /// Opens a turn for its life time; nested ones are part of the outermost. The Runtime may be destroyed meanwhile.
  class PEAL_API Turn {
   public:
    explicit Turn(Runtime& runtime);
    /// Runs the hooks when it is the outermost; passes on what a hook throws (an events hook's after the flush).
    ~Turn() noexcept(false);
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    /// False once the Runtime is gone.
    [[nodiscard]] bool alive() const noexcept { return runtime_ != nullptr; }

   private:
    friend class Runtime;
    void close() noexcept;
    Runtime* runtime_;
    Turn* outer_;
    int exceptions_;
  };

 protected:
  /// Called when an outermost turn begins and has ended (reads the clock, marks the thread).
  virtual void on_turn_begin() {}
  virtual void on_turn_over() {}

 private:
  static void run_hooks(const Turn& turn, TurnStage stage);
  TurnHook* hooks_[2] = {nullptr, nullptr};
  TurnHook* cursor_ = nullptr;  // next hook to run; unlink keeps it right
  Turn* innermost_ = nullptr;
};

}  // namespace peal::inline v0::transport
