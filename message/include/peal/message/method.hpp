#pragma once

#include <peal/message/export.hpp>
#include <peal/message/result.hpp>

#include <array>
#include <compare>
#include <cstdint>
#include <string_view>

namespace peal::inline v0 {

struct MethodAccess;

/// A SIP method: an open value (RFC 3261 §7.1). Any token up to 46 bytes; case matters.
/// Trivially copyable and self-contained: it outlives the message that it was read from.
class Method {
 public:
  static constexpr std::size_t max_size = 46;

  constexpr Method() noexcept = default;
  /// For names known at compile time: `inline constexpr Method refer{"REFER"};`.
  consteval Method(const char* name) : Method(Checked{}, std::string_view(name)) {}
  /// parse_errc::bad_method when `name` is no token or is too long.
  PEAL_API static Result<Method, ParseError> parse(std::string_view name);

  [[nodiscard]] constexpr std::string_view name() const noexcept { return {text_.data(), size_}; }
  [[nodiscard]] constexpr bool empty() const noexcept { return size_ == 0; }
  friend constexpr bool operator==(const Method& a, const Method& b) noexcept { return a.name() == b.name(); }
  friend constexpr auto operator<=>(const Method& a, const Method& b) noexcept { return a.name() <=> b.name(); }

 private:
  friend struct MethodAccess;
  struct Checked {};
  constexpr Method(Checked, std::string_view name) : size_(static_cast<std::uint8_t>(name.size())) {
    for (std::size_t i = 0; i < name.size(); ++i) text_[i] = name[i];
  }

  std::array<char, max_size> text_{};
  std::uint8_t size_ = 0;
};

/// The six methods of RFC 3261. Every other method is named by its module.
namespace method {
inline constexpr Method invite{"INVITE"};
inline constexpr Method ack{"ACK"};
inline constexpr Method bye{"BYE"};
inline constexpr Method cancel{"CANCEL"};
inline constexpr Method register_{"REGISTER"};
inline constexpr Method options{"OPTIONS"};
}  // namespace method

}  // namespace peal::inline v0
