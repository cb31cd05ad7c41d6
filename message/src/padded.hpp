#pragma once

#include "grammar.hpp"

#include <peal/message/header.hpp>
#include <peal/message/result.hpp>

#include <array>
#include <cstring>
#include <memory>
#include <string_view>

namespace peal::inline v0::grammar {

/// What one header value may take when it is parsed by itself: more has no place in a message (errc::too_long of the
/// editing functions says the same).
inline constexpr std::size_t longest_value = 65'535;

/// A copy of any text in the form that scanners need: ended by CR, with readable bytes behind.
class Padded {
 public:
  static constexpr std::size_t padding = 64;

  explicit Padded(std::string_view text) : size_(text.size()) {
    if (size_ + padding > small_.size()) {
      big_ = std::make_unique_for_overwrite<char[]>(size_ + padding);
      text_ = big_.get();
    }
    if (size_ != 0) std::memcpy(text_, text.data(), size_);
    std::memset(text_ + size_, 0, padding);
    text_[size_] = '\r';
  }
  Padded(const Padded&) = delete;
  Padded& operator=(const Padded&) = delete;

  [[nodiscard]] At begin() const noexcept { return text_; }
  [[nodiscard]] InMessage in_message() const noexcept { return {begin(), end()}; }
  [[nodiscard]] At end() const noexcept { return text_ + size_; }

  /// Nothing when the scan read the whole text, else why not.
  [[nodiscard]] Result<void, ParseError> finish(At reached, const Scan& s) const {
    if (size_ > longest_value) return peal::fail(parse_errc::too_long, longest_value);
    if (reached == nullptr) return peal::fail(size_ == 0 ? parse_errc::empty : s.why, distance(text_, s.where));
    if (reached != end()) return peal::fail(parse_errc::trailing_bytes, distance(text_, reached));
    return {};
  }

 private:
  std::array<char, 512> small_;
  std::unique_ptr<char[]> big_;
  char* text_ = small_.data();
  std::size_t size_;
};

/// Why a value that stands in a message could not be read.
inline auto unread(InMessage from, const Scan& s) {
  return peal::fail(from.at == from.end ? parse_errc::empty : s.why, distance(from.at, s.where));
}

}  // namespace peal::inline v0::grammar
