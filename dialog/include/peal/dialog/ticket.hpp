#pragma once

#include <peal/transport/unique_function.hpp>

#include <utility>

namespace peal::inline v0 {

/// The right to answer one decision, now or in a later turn (docs/contract.md). Move-only; the first answer counts.
/// Destroying it unanswered declines: the asker hears `T{}`. Answering after the asker has gone does nothing. Owner's
/// thread.
template <class T>
class Ticket {
 public:
  Ticket() = default;
  explicit Ticket(UniqueFunction<void(T)> answer) : answer_(std::move(answer)) {}
  Ticket(Ticket&&) noexcept = default;
  Ticket& operator=(Ticket&& other) noexcept {
    if (this != &other) {
      decline();
      answer_ = std::move(other.answer_);
    }
    return *this;
  }
  ~Ticket() { decline(); }

  void answer(T value) {
    if (!answer_) return;
    auto f = std::move(answer_);
    f(std::move(value));
  }
  void decline() {
    if (answer_) answer(T{});
  }
  explicit operator bool() const noexcept { return static_cast<bool>(answer_); }

 private:
  UniqueFunction<void(T)> answer_;
};

}  // namespace peal::inline v0
