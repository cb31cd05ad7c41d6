#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>
#include <vector>

namespace peal::inline v0::transaction {

/// Objects in chunks of recycled slots. A slot with its generation names one object for ever: a slot whose generation
/// would wrap is retired.
template <class T>
class Slab {
 public:
  Slab() = default;
  Slab(const Slab&) = delete;
  Slab& operator=(const Slab&) = delete;
  ~Slab() {
    each([](std::uint32_t, T& object) { object.~T(); });
  }

  struct Place {
    std::uint32_t slot;
    std::uint32_t generation;
    void* room;  ///< for placement new of a T
  };
  /// A slot for a T, which the caller constructs in `room` at once (its constructor must not throw).
  Place claim() {
    if (free_ == none) grow();
    const std::uint32_t index = free_;
    Slot& slot = at(index);
    free_ = slot.next_free;
    slot.next_free = taken;
    ++live_;
    return {index, slot.generation, slot.room};
  }
  /// nullptr when the object is gone.
  T* find(std::uint32_t index, std::uint32_t generation) noexcept {
    if (index >= chunks_.size() * per_chunk) return nullptr;
    Slot& slot = at(index);
    return slot.next_free == taken && slot.generation == generation ? slot.object() : nullptr;
  }
  T& operator[](std::uint32_t index) noexcept { return *at(index).object(); }
  void erase(std::uint32_t index) noexcept {
    Slot& slot = at(index);
    slot.object()->~T();
    --live_;
    if (++slot.generation == 0) {
      slot.next_free = none;  // retired
      return;
    }
    slot.next_free = free_;
    free_ = index;
  }
  [[nodiscard]] std::size_t size() const noexcept { return live_; }
  /// Every live object with its slot; `f` may erase the one that it is given.
  template <class F>
  void each(F f) {
    for (std::uint32_t i = 0; i < chunks_.size() * per_chunk; ++i)
      if (Slot& slot = at(i); slot.next_free == taken) f(i, *slot.object());
  }
  /// For the test of retirement only: the generation that a free slot gives next.
  void set_generation(std::uint32_t index, std::uint32_t generation) noexcept { at(index).generation = generation; }

 private:
  static constexpr std::uint32_t per_chunk = 64;
  static constexpr std::uint32_t none = 0xffff'ffff;
  static constexpr std::uint32_t taken = 0xffff'fffe;

  struct Slot {
    alignas(T) std::byte room[sizeof(T)];
    std::uint32_t generation = 1;
    std::uint32_t next_free = none;
    T* object() noexcept { return std::launder(reinterpret_cast<T*>(room)); }
  };

  Slot& at(std::uint32_t index) noexcept { return chunks_[index / per_chunk][index % per_chunk]; }
  void grow() {
    const auto first = static_cast<std::uint32_t>(chunks_.size()) * per_chunk;
    chunks_.push_back(std::make_unique_for_overwrite<Slot[]>(per_chunk));
    for (std::uint32_t i = per_chunk; i-- > 0;) {
      at(first + i).next_free = free_;
      free_ = first + i;
    }
  }

  std::vector<std::unique_ptr<Slot[]>> chunks_;
  std::uint32_t free_ = none;
  std::size_t live_ = 0;
};

}  // namespace peal::inline v0::transaction
