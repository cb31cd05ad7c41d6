#pragma once

#include <cstdint>
#include <utility>

namespace peal::inline v0::dialog {

/// Tells callbacks and upcalls whether the object that holds it still lives. Owner's thread only (plain counts).
class Lifetime {
  struct Block {
    std::uint32_t references;
    bool alive;
  };

 public:
  class Watch {
   public:
    Watch() = default;
    Watch(const Watch& other) noexcept : block_(other.block_) {
      if (block_ != nullptr) ++block_->references;
    }
    Watch(Watch&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
    Watch& operator=(Watch other) noexcept {
      std::swap(block_, other.block_);
      return *this;
    }
    ~Watch() { release(block_); }
    [[nodiscard]] bool alive() const noexcept { return block_ != nullptr && block_->alive; }

   private:
    friend class Lifetime;
    explicit Watch(Block* block) noexcept : block_(block) { ++block_->references; }
    Block* block_ = nullptr;
  };

  Lifetime() = default;
  Lifetime(const Lifetime&) = delete;
  Lifetime& operator=(const Lifetime&) = delete;
  ~Lifetime() { end(); }

  /// The block is made by the first watch.
  [[nodiscard]] Watch watch() {
    if (block_ == nullptr) block_ = new Block{1, true};
    return Watch(block_);
  }
  /// Watches made so far see it dead; new ones begin anew.
  void end() noexcept {
    if (block_ == nullptr) return;
    block_->alive = false;
    release(std::exchange(block_, nullptr));
  }

 private:
  static void release(Block* block) noexcept {
    if (block != nullptr && --block->references == 0) delete block;
  }
  Block* block_ = nullptr;
};

}  // namespace peal::inline v0::dialog
