#pragma once

#include <peal/dialog/dialog.hpp>
#include <peal/transport/timer_service.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace peal::inline v0::dialog {

/// What is left of a call of ours that ended within 64*T1 of its 2xx: enough to acknowledge and end another fork that
/// answers late.
struct LateFork {
  transport::TimePoint until;
  std::uint64_t key = 0;  ///< of Call-ID and our tag
  Dialog dialog;
  std::uint32_t invite_cseq = 0;
  std::vector<std::string> done;  ///< remote tags that have had their ACK and BYE
};

/// In order of their end, so nearly of their expiry.
class LateForks {
 public:
  static constexpr std::size_t limit = 20'000;  ///< past it the oldest go

  void add(LateFork fork) {
    if (forks_.size() >= limit) forks_.pop_front();
    forks_.push_back(std::move(fork));
  }
  /// Drops what is over; the time until the next look, zero when nothing is left.
  transport::Duration sweep(transport::TimePoint now) {
    while (!forks_.empty() && forks_.front().until <= now) forks_.pop_front();
    return forks_.empty() ? transport::Duration::zero() : forks_.front().until - now;
  }
  [[nodiscard]] LateFork* find(std::uint64_t key, std::string_view call_id, std::string_view local_tag) noexcept {
    for (auto& fork : forks_)
      if (fork.key == key && fork.dialog.call_id() == call_id && fork.dialog.local_tag() == local_tag) return &fork;
    return nullptr;
  }
  [[nodiscard]] std::size_t size() const noexcept { return forks_.size(); }

 private:
  std::deque<LateFork> forks_;
};

}  // namespace peal::inline v0::dialog
