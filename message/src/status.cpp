#include <peal/message/registry/status.hpp>
#include <peal/message/status.hpp>

#include <algorithm>

namespace peal::inline v0 {

Result<StatusCode> StatusCode::make(int value) {
  if (value < 100 || value > 699) return fail(errc::invalid_value);
  return StatusCode(static_cast<std::uint16_t>(value));
}

std::span<const StatusInfo> status_table() noexcept { return registry::statuses; }

const StatusInfo* find_status(StatusCode code) noexcept {
  const auto row = std::ranges::lower_bound(registry::statuses, code, {}, &StatusInfo::code);
  return row != registry::statuses.end() && row->code == code ? &*row : nullptr;
}

StatusCode equivalent(StatusCode code) noexcept {
  if (find_status(code) != nullptr) return code;
  if (code.is_provisional()) return status::session_progress;  // RFC 3261 §8.1.3.2
  return StatusCode(static_cast<std::uint16_t>(code.status_class() * 100));
}

std::string_view reason_phrase(StatusCode code) noexcept {
  const auto* row = find_status(equivalent(code));
  return row != nullptr ? row->reason : std::string_view{};  // no row: not 100..699
}

}  // namespace peal::inline v0
