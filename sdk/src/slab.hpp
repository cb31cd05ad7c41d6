#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

namespace peal::inline v0::detail {

/// Objects named by slot and generation: a recycled slot never answers for an old name, and a slot whose generation would
/// wrap is retired.
template <class T>
class Slab {
 public:
  struct Name {
    std::uint32_t slot = 0;
    std::uint32_t generation = 0;
  };
  /// `make(name)` gives a std::unique_ptr<T>.
  template <class Make>
  T& emplace(Make make) {
    if (free_.empty()) {
      entries_.emplace_back();
      free_.push_back(static_cast<std::uint32_t>(entries_.size() - 1));
    }
    const std::uint32_t slot = free_.back();
    free_.pop_back();
    auto& entry = entries_[slot];
    ++entry.generation;
    ++size_;
    auto object = make(Name{slot, entry.generation});
    entries_[slot].object = std::move(object);
    return *entries_[slot].object;
  }
  [[nodiscard]] T* find(std::uint32_t slot, std::uint32_t generation) noexcept {
    if (slot >= entries_.size() || entries_[slot].generation != generation) return nullptr;
    return entries_[slot].object.get();
  }
  void erase(std::uint32_t slot) noexcept { (void)take(slot); }
  /// Out of the slab, but alive.
  std::unique_ptr<T> take(std::uint32_t slot) noexcept {
    auto object = std::move(entries_[slot].object);
    --size_;
    if (entries_[slot].generation != std::numeric_limits<std::uint32_t>::max()) free_.push_back(slot);
    return object;
  }
  template <class F>
  void each(F f) {
    for (std::size_t i = 0; i < entries_.size(); ++i)
      if (entries_[i].object) f(*entries_[i].object);
  }
  template <class F>
  void each(F f) const {
    for (const auto& entry : entries_)
      if (entry.object) f(std::as_const(*entry.object));
  }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  struct Entry {
    std::unique_ptr<T> object;
    std::uint32_t generation = 0;
  };
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> free_;
  std::size_t size_ = 0;
};

}  // namespace peal::inline v0::detail
