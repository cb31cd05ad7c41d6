#pragma once

#include <peal/testing/wire_event.hpp>

#include <array>
#include <cstdint>
#include <string>

namespace peal::inline v0::sim {

/// Counts, hashes and, when asked to, writes down every WireEvent.
class WireLog {
 public:
  explicit WireLog(transport::TimePoint start) : start_(start) {}
  void add(const WireEvent& event);
  void record(bool on) noexcept { recording_ = on; }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] std::uint64_t hash() const noexcept { return hash_; }
  [[nodiscard]] std::uint64_t count(Fate fate) const noexcept { return counts_[static_cast<std::size_t>(fate)]; }

 private:
  transport::TimePoint start_;
  std::array<std::uint64_t, static_cast<std::size_t>(Fate::count)> counts_{};
  std::uint64_t hash_ = 0;
  bool recording_ = false;
  std::string text_;
};

}  // namespace peal::inline v0::sim
