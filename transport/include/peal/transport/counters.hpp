#pragma once

#include <peal/message/export.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace peal::inline v0::transport {

/// Why something received was not processed. Every dropped packet is counted under one.
enum class Drop : std::uint8_t {
  empty,        ///< no bytes, or only blanks and CRLF
  garbage,      ///< no SIP message, or a request that may not be answered
  truncated,    ///< longer than the receive slot
  bad_request,  ///< answered 400 (or 505…) statelessly
  bad_response,
  wrong_sent_by,      ///< a response whose top Via is not ours (RFC 3261 §18.1.2)
  stray_response,     ///< matches no transaction
  stray_ack,          ///< matches no transaction and no session
  stray_cancel,       ///< answered 481
  retransmission,     ///< absorbed by a transaction or an echo record
  overload,           ///< refused with 503: a limit was reached
  wrong_thread_turn,  ///< a second thread ran the executor
  unsendable,         ///< a message that could not be sent
  shed,               ///< a new request under overload that got no answer: too many are refused already
  no_room,            ///< found the socket's receive buffer full (counted where the system tells)
  count
};

PEAL_API std::string_view name_of(Drop reason) noexcept;

/// What a stack has dropped. Owner's thread.
class DropCounters {
 public:
  void add(Drop reason, std::uint64_t times = 1) noexcept { values_[static_cast<std::size_t>(reason)] += times; }
  void set(Drop reason, std::uint64_t value) noexcept { values_[static_cast<std::size_t>(reason)] = value; }
  [[nodiscard]] std::uint64_t operator[](Drop reason) const noexcept {
    return values_[static_cast<std::size_t>(reason)];
  }

 private:
  std::array<std::uint64_t, static_cast<std::size_t>(Drop::count)> values_{};
};

}  // namespace peal::inline v0::transport
