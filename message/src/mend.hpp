#pragma once

#include <peal/message/limits.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace peal::inline v0 {

/// What devices are known to get wrong, written again as RFC 3261 has it: docs/leniencies.md lists each. Used in the
/// interop profile, and only for a message that the reader refused; what comes out is read once more, strictly.
/// No line is ever split or joined, no byte of the body touched, no header but those read at receipt looked into.
class Mender {
 public:
  /// `data`: as the reader left it (folding undone), the headers from `start` to `body`, the body up to `size`.
  /// True when there is something new to read, in `text()`.
  bool mend(const char* data, std::uint32_t size, std::uint32_t start, std::uint32_t body);

  /// The mended message with `padding` bytes behind it; may be written to, as a receive slot.
  [[nodiscard]] char* text() noexcept { return text_.data(); }
  [[nodiscard]] std::uint32_t size() const noexcept { return size_; }
  /// The place in the original of a place in `text()`; exact to the byte where the line was not changed in front.
  [[nodiscard]] std::uint32_t original(std::uint32_t offset) const noexcept;

 private:
  std::string text_;
  std::uint32_t size_ = 0;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> lines_;  // begin: there, here
};

}  // namespace peal::inline v0
