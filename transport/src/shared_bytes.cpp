#include <peal/transport/shared_bytes.hpp>

#include <cstring>
#include <limits>
#include <new>
#include <stdexcept>

namespace peal::inline v0::transport {

// One exact block: count, size, bytes. The C library's own free lists serve these sizes.
SharedBytes::SharedBytes(std::string_view bytes) {
  if (bytes.empty()) return;
  if (bytes.size() > std::numeric_limits<std::uint32_t>::max()) throw std::length_error("SharedBytes");
  void* memory = ::operator new(sizeof(Block) + bytes.size());
  block_ = ::new (memory) Block{1, static_cast<std::uint32_t>(bytes.size())};
  std::memcpy(block_ + 1, bytes.data(), bytes.size());
}

SharedBytes::~SharedBytes() {
  if (block_ != nullptr && --block_->references == 0) ::operator delete(block_);
}

std::string_view SharedBytes::view() const noexcept {
  if (block_ == nullptr) return {};
  return {reinterpret_cast<const char*>(block_ + 1), block_->size};
}

}  // namespace peal::inline v0::transport
