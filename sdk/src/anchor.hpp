#pragma once

#include <peal/transport/runtime.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

namespace peal::inline v0::detail {

class UserAgentImpl;

/// What handles share with their UserAgent, and what outlives it. Counted by hand: a handle is 16 bytes.
class Anchor {
 public:
  Anchor(UserAgentImpl& owner, std::shared_ptr<const transport::OwnerCheck> check)
      : impl(&owner), check_(std::move(check)) {}
  void retain() noexcept { references_.fetch_add(1, std::memory_order_relaxed); }
  void release() noexcept {
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }
  [[nodiscard]] bool on_owner_thread() const noexcept { return check_->on_owner_thread(); }

  UserAgentImpl* impl;  ///< nullptr after the UserAgent's end; read on the owner's thread only
  std::atomic<std::uint64_t> wrong_thread{0};

 private:
  ~Anchor() = default;
  std::atomic<std::uint32_t> references_{1};
  std::shared_ptr<const transport::OwnerCheck> check_;
};

}  // namespace peal::inline v0::detail
