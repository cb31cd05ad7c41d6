#include "event_queue.hpp"

#include <chrono>
#include <utility>

namespace peal::inline v0::detail {

namespace {
// Fairness: other work of the executor runs in between, above all the sockets, whose buffers would overflow.
constexpr int handlers_a_turn = 1024;
constexpr std::chrono::milliseconds handling_a_turn{5};
}

EventQueue::EventQueue(transport::Runtime& runtime, EventSink& sink) : runtime_(runtime), sink_(sink) {
  runtime_.link(*this, transport::TurnStage::events);
}

EventQueue::~EventQueue() { (void)close(); }

std::vector<UniqueFunction<void()>> EventQueue::close() {
  std::vector<UniqueFunction<void()>> completions;
  if (closed_) return completions;
  closed_ = true;
  runtime_.unlink(*this);
  for (auto& event : std::exchange(events_, {}))
    if (auto* completion = std::get_if<UniqueFunction<void()>>(&event.payload)) completions.push_back(std::move(*completion));
  return completions;
}

void EventQueue::push(QueuedEvent event) {
  if (closed_) return;
  event.since = runtime_.timers().now();
  events_.push_back(std::move(event));
  if (!runtime_.in_turn()) ask_for_a_turn();
}

transport::Duration EventQueue::wait() const {
  return events_.empty() ? transport::Duration::zero() : runtime_.timers().now() - events_.front().since;
}

void EventQueue::ask_for_a_turn() {
  if (turn_asked_) return;
  turn_asked_ = true;
  runtime_.post([] {});  // an empty turn: its end drains the queue
}

void EventQueue::on_turn_end() {
  turn_asked_ = false;
  if (draining_) return;
  draining_ = true;
  const auto begun = runtime_.wall_time();  // the timers' clock stands still within a turn
  for (int n = 0; n < handlers_a_turn && !events_.empty(); ++n) {
    auto event = std::move(events_.front());
    events_.pop_front();
    if (!sink_.deliver(std::move(event))) return;
    if (runtime_.wall_time() - begun > handling_a_turn) break;
  }
  draining_ = false;
  if (!events_.empty()) ask_for_a_turn();
}

}  // namespace peal::inline v0::detail
