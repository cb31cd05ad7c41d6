#pragma once

#include <peal/message/export.hpp>
#include <peal/message/header.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace peal::inline v0 {

/// Date (RFC 3261 §20.17): `Sat, 13 Nov 2010 23:29:00 GMT`, with case. A day of one digit is read too (RFC 1123
/// §5.2.14). The day of the week must be that of the date (RFC 822 §5.2); errors are parse_errc::bad_date.
struct Date {
  using View = Date;
  std::chrono::sys_seconds value{};
  PEAL_API static Result<Date, ParseError> parse(std::string_view text);
  PEAL_API static Result<Date, ParseError> read(InMessage from, const char*& end);
  /// Years are 0000 to 9999: what is before or after is printed as the first or last second of them.
  PEAL_API void append_to(std::string& out) const;
  friend bool operator==(const Date&, const Date&) noexcept = default;
};

/// Where the parts of a Timestamp stand in its text.
struct TimestampParts {
  std::uint32_t size = 0;
  std::uint32_t time_size = 0;
  std::uint32_t delay = 0, delay_size = 0;
};

/// Timestamp (RFC 3261 §20.38): when the request was sent, in seconds of the sender's clock, and in an answer how long
/// it took to send that (§8.2.6.1). Decimal numbers of any length: kept as they stand.
class TimestampView {
 public:
  constexpr TimestampView() noexcept = default;
  constexpr TimestampView(const char* text, const TimestampParts& parts) noexcept : text_(text), parts_(parts) {}
  PEAL_API static Result<TimestampView, ParseError> parse(std::string_view text);
  PEAL_API static Result<TimestampView, ParseError> read(InMessage from, const char*& end);

  [[nodiscard]] std::string_view text() const noexcept { return {text_, parts_.size}; }
  [[nodiscard]] std::string_view time_text() const noexcept { return {text_, parts_.time_size}; }
  /// Empty when there is none.
  [[nodiscard]] std::string_view delay_text() const noexcept { return {text_ + parts_.delay, parts_.delay_size}; }
  /// Exact; nullopt when it has more than nine places behind the point, or is over 292 years.
  [[nodiscard]] PEAL_API std::optional<std::chrono::nanoseconds> time() const noexcept;
  /// The same, and nullopt when there is none.
  [[nodiscard]] PEAL_API std::optional<std::chrono::nanoseconds> delay() const noexcept;
  [[nodiscard]] const TimestampParts& parts() const noexcept { return parts_; }

 private:
  const char* text_ = "";
  TimestampParts parts_;
};

class Timestamp : public OwnedAs<TimestampView, Timestamp> {
 public:
  using OwnedAs::OwnedAs;
  /// parse_errc::bad_number for what is below zero.
  PEAL_API static Result<Timestamp, ParseError> make(std::chrono::nanoseconds time,
                                                     std::optional<std::chrono::nanoseconds> delay = std::nullopt);
};

}  // namespace peal::inline v0
