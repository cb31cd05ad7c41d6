#include "event_queue.hpp"

#include <algorithm>
#include <utility>

namespace peal::inline v0::sim {

namespace {

constexpr std::size_t arity = 4;

bool before(const Event& a, const Event& b) noexcept {
  return a.time != b.time ? a.time < b.time : a.sequence < b.sequence;
}

}  // namespace

void EventQueue::push(std::int64_t time, EventKind kind, std::uint32_t host, std::uint32_t index) {
  heap_.push_back({time, sequence_++, host, index, kind});
  const Event event = heap_.back();
  auto at = heap_.size() - 1;
  while (at > 0) {
    const auto parent = (at - 1) / arity;
    if (!before(event, heap_[parent])) break;
    heap_[at] = heap_[parent];
    at = parent;
  }
  heap_[at] = event;
}

void EventQueue::pop() {
  const Event event = heap_.back();
  heap_.pop_back();
  if (heap_.empty()) return;
  std::size_t at = 0;
  for (;;) {
    const auto first = at * arity + 1;
    if (first >= heap_.size()) break;
    const auto last = std::min(first + arity, heap_.size());
    auto least = first;
    for (auto child = first + 1; child < last; ++child) {
      if (before(heap_[child], heap_[least])) least = child;
    }
    if (!before(heap_[least], event)) break;
    heap_[at] = heap_[least];
    at = least;
  }
  heap_[at] = event;
}

}  // namespace peal::inline v0::sim
