#pragma once

#include <peal/message/export.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace peal::inline v0::transport {

/// Printed bytes that wait for a flush or a retransmission, shared without copying. Owner's thread only (plain count).
class PEAL_API SharedBytes {
 public:
  SharedBytes() noexcept = default;
  explicit SharedBytes(std::string_view bytes);
  SharedBytes(const SharedBytes& other) noexcept : block_(other.block_) {
    if (block_ != nullptr) ++block_->references;
  }
  SharedBytes(SharedBytes&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  SharedBytes& operator=(SharedBytes other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~SharedBytes();
  [[nodiscard]] std::string_view view() const noexcept;
  [[nodiscard]] std::size_t size() const noexcept { return block_ == nullptr ? 0 : block_->size; }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }

 private:
  struct Block {
    std::uint32_t references;
    std::uint32_t size;
  };
  Block* block_ = nullptr;
};

}  // namespace peal::inline v0::transport
