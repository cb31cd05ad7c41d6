#pragma once

#include <peal/message/export.hpp>
#include <peal/message/result.hpp>

#include <compare>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

namespace peal::inline v0 {

/// The three digits of a Status-Line (RFC 3261 §7.2): an open value from 100 to 699, so that codes
/// which nobody registered yet still travel. What is known of a code stands in `status_table()`.
class StatusCode {
 public:
  /// For numbers known to be 100..699 (literals, `status::…`). Others come through `make`.
  constexpr explicit StatusCode(std::uint16_t value) noexcept : value_(value) {}
  /// errc::invalid_value unless `value` is 100..699.
  PEAL_API static Result<StatusCode> make(int value);

  [[nodiscard]] constexpr std::uint16_t value() const noexcept { return value_; }
  /// The first digit, 1 to 6.
  [[nodiscard]] constexpr int status_class() const noexcept { return value_ / 100; }
  [[nodiscard]] constexpr bool is_provisional() const noexcept { return status_class() == 1; }
  [[nodiscard]] constexpr bool is_success() const noexcept { return status_class() == 2; }
  [[nodiscard]] constexpr bool is_redirection() const noexcept { return status_class() == 3; }
  [[nodiscard]] constexpr bool is_client_error() const noexcept { return status_class() == 4; }
  [[nodiscard]] constexpr bool is_server_error() const noexcept { return status_class() == 5; }
  [[nodiscard]] constexpr bool is_global_failure() const noexcept { return status_class() == 6; }
  /// 2xx to 6xx: it ends the transaction.
  [[nodiscard]] constexpr bool is_final() const noexcept { return status_class() >= 2; }
  /// 4xx to 6xx. A redirection is no failure: there is somewhere else to try.
  [[nodiscard]] constexpr bool is_failure() const noexcept { return status_class() >= 4; }

  friend constexpr auto operator<=>(const StatusCode&, const StatusCode&) noexcept = default;

 private:
  std::uint16_t value_;
};

/// One row of the registry of response codes.
struct StatusInfo {
  StatusCode code;
  std::string_view reason;        ///< the default reason phrase as registered
  std::string_view rfc;           ///< where it is defined, e.g. "RFC 3261 §21.4.4"
  bool registered = true;         ///< false: in circulation, but not in the IANA registry
  std::string_view deprecated{};  ///< not empty: what one should no longer do with it
};

/// Every code that IANA registers, and the few unregistered ones still met; ascending.
PEAL_API std::span<const StatusInfo> status_table() noexcept;

/// The row of `code`; nullptr when the table has none.
PEAL_API const StatusInfo* find_status(StatusCode code) noexcept;

/// The code an unknown one is treated as: 183 for a provisional one, else the x00 of its class
/// (RFC 3261 §8.1.3.2). A known code is its own.
PEAL_API StatusCode equivalent(StatusCode code) noexcept;

/// The default reason phrase; for an unknown code that of `equivalent(code)`.
PEAL_API std::string_view reason_phrase(StatusCode code) noexcept;

/// The codes by name, so that a number stands in one place.
namespace status {
inline constexpr StatusCode trying{100};
inline constexpr StatusCode dialog_establishment{101};  ///< unregistered
inline constexpr StatusCode ringing{180};
inline constexpr StatusCode call_is_being_forwarded{181};
inline constexpr StatusCode queued{182};
inline constexpr StatusCode session_progress{183};
inline constexpr StatusCode early_dialog_terminated{199};

inline constexpr StatusCode ok{200};
inline constexpr StatusCode accepted{202};
inline constexpr StatusCode no_notification{204};

inline constexpr StatusCode multiple_choices{300};
inline constexpr StatusCode moved_permanently{301};
inline constexpr StatusCode moved_temporarily{302};
inline constexpr StatusCode use_proxy{305};
inline constexpr StatusCode alternative_service{380};

inline constexpr StatusCode bad_request{400};
inline constexpr StatusCode unauthorized{401};
inline constexpr StatusCode payment_required{402};
inline constexpr StatusCode forbidden{403};
inline constexpr StatusCode not_found{404};
inline constexpr StatusCode method_not_allowed{405};
inline constexpr StatusCode not_acceptable{406};
inline constexpr StatusCode proxy_authentication_required{407};
inline constexpr StatusCode request_timeout{408};
inline constexpr StatusCode conflict{409};  ///< unregistered
inline constexpr StatusCode gone{410};
inline constexpr StatusCode length_required{411};  ///< unregistered
inline constexpr StatusCode conditional_request_failed{412};
inline constexpr StatusCode request_entity_too_large{413};
inline constexpr StatusCode request_uri_too_long{414};
inline constexpr StatusCode unsupported_media_type{415};
inline constexpr StatusCode unsupported_uri_scheme{416};
inline constexpr StatusCode unknown_resource_priority{417};
inline constexpr StatusCode bad_extension{420};
inline constexpr StatusCode extension_required{421};
inline constexpr StatusCode session_interval_too_small{422};
inline constexpr StatusCode interval_too_brief{423};
inline constexpr StatusCode bad_location_information{424};
inline constexpr StatusCode bad_alert_message{425};
inline constexpr StatusCode use_identity_header{428};
inline constexpr StatusCode provide_referrer_identity{429};
inline constexpr StatusCode flow_failed{430};
inline constexpr StatusCode anonymity_disallowed{433};
inline constexpr StatusCode bad_identity_info{436};
inline constexpr StatusCode unsupported_credential{437};
inline constexpr StatusCode invalid_identity_header{438};
inline constexpr StatusCode first_hop_lacks_outbound_support{439};
inline constexpr StatusCode max_breadth_exceeded{440};
inline constexpr StatusCode bad_info_package{469};
inline constexpr StatusCode consent_needed{470};
inline constexpr StatusCode temporarily_unavailable{480};
inline constexpr StatusCode call_does_not_exist{481};
inline constexpr StatusCode loop_detected{482};
inline constexpr StatusCode too_many_hops{483};
inline constexpr StatusCode address_incomplete{484};
inline constexpr StatusCode ambiguous{485};
inline constexpr StatusCode busy_here{486};
inline constexpr StatusCode request_terminated{487};
inline constexpr StatusCode not_acceptable_here{488};
inline constexpr StatusCode bad_event{489};
inline constexpr StatusCode request_pending{491};
inline constexpr StatusCode undecipherable{493};
inline constexpr StatusCode security_agreement_required{494};

inline constexpr StatusCode server_internal_error{500};
inline constexpr StatusCode not_implemented{501};
inline constexpr StatusCode bad_gateway{502};
inline constexpr StatusCode service_unavailable{503};
inline constexpr StatusCode server_time_out{504};
inline constexpr StatusCode version_not_supported{505};
inline constexpr StatusCode message_too_large{513};
inline constexpr StatusCode push_notification_service_not_supported{555};
inline constexpr StatusCode precondition_failure{580};

inline constexpr StatusCode busy_everywhere{600};
inline constexpr StatusCode decline{603};
inline constexpr StatusCode does_not_exist_anywhere{604};
inline constexpr StatusCode not_acceptable_anywhere{606};  ///< registered phrase: "Not Acceptable"
inline constexpr StatusCode unwanted{607};
inline constexpr StatusCode rejected{608};
}  // namespace status

}  // namespace peal::inline v0

template <>
struct std::hash<peal::StatusCode> {
  std::size_t operator()(peal::StatusCode code) const noexcept { return code.value(); }
};
