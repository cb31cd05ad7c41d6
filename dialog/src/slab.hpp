#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>
#include <vector>

namespace peal::inline v0::dialog {

/// Objects of one type in chunks that never move and are recycled. Each has a slot number as long as it lives.
/// Whoever owns the slab destroys what is in it (`each`) before it goes.
template <class T, std::size_t chunk_size = 32>
class Slab {
  struct Cell {
    alignas(T) std::byte store[sizeof(T)];
    std::uint32_t next_free = none;
    bool live = false;
  };

 public:
  static constexpr std::uint32_t none = 0xffff'ffff;

  Slab() = default;
  Slab(const Slab&) = delete;
  Slab& operator=(const Slab&) = delete;
  ~Slab() {
    for (std::uint32_t slot = 0; slot < capacity(); ++slot) destroy(slot);
  }

  template <class... A>
  std::uint32_t make(A&&... arguments) {
    if (free_ == none) grow();
    const auto slot = free_;
    auto& cell = cell_at(slot);
    ::new (static_cast<void*>(cell.store)) T(std::forward<A>(arguments)...);
    free_ = cell.next_free;
    cell.live = true;
    ++size_;
    return slot;
  }
  void destroy(std::uint32_t slot) {
    auto& cell = cell_at(slot);
    if (!cell.live) return;
    cell.live = false;
    at(slot).~T();
    cell.next_free = free_;
    free_ = slot;
    --size_;
  }
  [[nodiscard]] T& at(std::uint32_t slot) noexcept { return *std::launder(reinterpret_cast<T*>(cell_at(slot).store)); }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::uint32_t capacity() const noexcept {
    return static_cast<std::uint32_t>(chunks_.size() * chunk_size);
  }
  [[nodiscard]] bool live(std::uint32_t slot) noexcept { return slot < capacity() && cell_at(slot).live; }

 private:
  Cell& cell_at(std::uint32_t slot) noexcept { return chunks_[slot / chunk_size][slot % chunk_size]; }
  void grow() {
    const auto first = capacity();
    chunks_.push_back(std::make_unique<Cell[]>(chunk_size));
    for (std::size_t i = chunk_size; i-- > 0;) {
      chunks_.back()[i].next_free = free_;
      free_ = first + static_cast<std::uint32_t>(i);
    }
  }
  std::vector<std::unique_ptr<Cell[]>> chunks_;
  std::uint32_t free_ = none;
  std::size_t size_ = 0;
};

}  // namespace peal::inline v0::dialog
