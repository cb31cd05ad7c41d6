#pragma once

#include <peal/events.hpp>
#include <peal/transport/runtime.hpp>
#include <peal/transport/unique_function.hpp>

#include <cstdint>
#include <deque>
#include <variant>
#include <vector>

namespace peal::inline v0::detail {

/// One thing to tell the user: {kind, handle, payload} (docs/contract.md).
struct QueuedEvent {
  enum class Kind : std::uint8_t { call, incoming, registration, completion };
  Kind kind;
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;
  std::variant<std::monostate, CallEvent, RegistrationEvent, UniqueFunction<void()>> payload;
  transport::TimePoint since{};  ///< when it was queued
};

class EventSink {
 public:
  virtual ~EventSink() = default;
  /// false: the sink has gone (the user destroyed the UserAgent); touch nothing any more.
  virtual bool deliver(QueuedEvent event) = 0;
};

/// The one FIFO of a UserAgent. Drained at the end of each turn, 64 handlers at a time; the rest in a turn of its own.
class EventQueue final : public transport::TurnHook {
 public:
  EventQueue(transport::Runtime& runtime, EventSink& sink);
  ~EventQueue() override;
  EventQueue(const EventQueue&) = delete;
  EventQueue& operator=(const EventQueue&) = delete;

  void push(QueuedEvent event);
  [[nodiscard]] bool empty() const noexcept { return events_.empty(); }
  /// How long the oldest has waited.
  [[nodiscard]] transport::Duration wait() const;
  /// Forgets what waits; nothing is delivered from now on. Gives the completions among it: an operation that has its
  /// outcome completes, whatever becomes of the UserAgent.
  std::vector<UniqueFunction<void()>> close();

 private:
  void on_turn_end() override;
  void ask_for_a_turn();

  transport::Runtime& runtime_;
  EventSink& sink_;
  std::deque<QueuedEvent> events_;
  bool turn_asked_ = false;
  bool draining_ = false;
  bool closed_ = false;
};

}  // namespace peal::inline v0::detail
