#pragma once

#include <peal/message/export.hpp>

#include <system_error>

namespace peal::inline v0::transaction {

/// Why a transaction ended without what it was for. Numbers are never reused.
enum class errc : int {
  timed_out = 1,             ///< Timer B, F or H fired (RFC 3261 §17)
  transport_failed = 2,      ///< the message could not be sent, or the flow closed
  no_transaction = 3,        ///< the id names nothing that lives
  wrong_state = 4,           ///< a final response was already sent; a CANCEL for what is no INVITE
  limit_reached = 5,         ///< Limits::transactions
  cancelled_unanswered = 6,  ///< 64*T1 after the CANCEL there was no final response (RFC 3261 §9.1)
  not_allowed = 7,  ///< RFC 4320: a 1xx to non-INVITE other than 100, or a 100 over UDP before Timer E is at T2
};

PEAL_API const std::error_category& category() noexcept;
inline std::error_code make_error_code(errc e) noexcept { return {static_cast<int>(e), category()}; }

}  // namespace peal::inline v0::transaction

template <>
struct std::is_error_code_enum<peal::transaction::errc> : std::true_type {};
