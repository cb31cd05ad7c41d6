#pragma once

#include <array>
#include <cstddef>

namespace peal::inline v0::transaction {

/// One arrow of a figure of RFC 3261 §17: in state `from`, on event `on`, go to `to` and do `act`.
template <class State, class Event, class Act>
struct Arrow {
  State from;
  Event on;
  State to;
  Act act;
};

/// The arrow that leaves `state` on `event`, or nullptr: the figure has none and the event is absorbed.
template <class State, class Event, class Act, std::size_t n>
constexpr const Arrow<State, Event, Act>* find(const std::array<Arrow<State, Event, Act>, n>& figure, State state,
                                               Event event) noexcept {
  for (const auto& arrow : figure)
    if (arrow.from == state && arrow.on == event) return &arrow;
  return nullptr;
}

/// No two arrows leave a state on one event.
template <class State, class Event, class Act, std::size_t n>
constexpr bool deterministic(const std::array<Arrow<State, Event, Act>, n>& figure) noexcept {
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i + 1; j < n; ++j)
      if (figure[i].from == figure[j].from && figure[i].on == figure[j].on) return false;
  return true;
}

}  // namespace peal::inline v0::transaction
