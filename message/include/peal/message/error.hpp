#pragma once

#include <peal/message/export.hpp>

#include <cstdint>
#include <string>
#include <system_error>

namespace peal::inline v0 {

/// What an API call answers when it did not do what was asked. Numbers are never reused.
enum class errc : int {
  no_result = 1,         ///< a Result that nobody filled in
  invalid_value = 2,     ///< an argument is not what the grammar or the function allows
  forbidden_byte = 3,    ///< CR, LF, NUL or another control byte in a value: it could start a header of its own
  too_long = 4,          ///< over a limit of `Limits`
  protected_header = 5,  ///< the stack alone writes this header (Via, CSeq, Call-ID, tags…)
  wrong_thread = 10,     ///< called from a thread that does not own the UserAgent; nothing was done
  ended = 11,            ///< the thing behind the handle has ended
  aborted = 12,          ///< the UserAgent went away, or the operation was cancelled
  wrong_state = 13,      ///< legal, but not now (answer to a call that is established…)
  limit_reached = 14,    ///< a configured limit on live objects was hit
  not_found = 15,        ///< no such account, module, name
  unsupported = 16,      ///< this build or this peer cannot do it
};

/// Why bytes are not the SIP element they should be (RFC 3261 §25.1). Numbers are never reused.
enum class parse_errc : std::uint32_t {
  no_result = 1,
  empty = 2,               ///< nothing there
  truncated = 3,           ///< ends in the middle of an element
  bad_start_line = 4,      ///< neither a Request-Line nor a Status-Line
  bad_version = 5,         ///< not SIP/2.0
  bad_method = 6,          ///< not a token, or over 46 bytes
  bad_status_code = 7,     ///< not three digits from 100 to 699
  bad_line_end = 8,        ///< bare CR or LF where CRLF must stand
  bad_byte = 9,            ///< a byte that the element does not allow
  bad_header_name = 10,    ///< not a token followed by a colon
  no_end_of_headers = 11,  ///< the empty line is missing
  too_many_headers = 12,
  too_long = 13,         ///< over a ParseLimits value
  missing_header = 14,   ///< a header that every message of this kind needs
  repeated_header = 15,  ///< a header that may stand once stands again
  bad_uri = 16,
  bad_scheme = 17,
  bad_host = 18,
  bad_port = 19,
  bad_escape = 20,  ///< '%' without two hex digits
  bad_parameter = 21,
  repeated_parameter = 22,
  unterminated_quote = 23,
  unterminated_angle = 24,  ///< '<' without '>'
  bad_number = 25,          ///< not digits, or out of range
  bad_via = 26,
  bad_name_addr = 27,
  bad_call_id = 28,
  bad_cseq = 29,
  method_mismatch = 30,  ///< CSeq names another method than the Request-Line
  bad_content_length = 31,
  body_too_short = 32,  ///< fewer bytes than Content-Length says
  trailing_bytes = 33,  ///< something stands behind a complete value
  bad_media_type = 34,
  bad_challenge = 35,
  bad_date = 36,
  bad_sdp = 37,
  missing_parameter = 38,
  bad_token = 39,
};

PEAL_API const std::error_category& api_category() noexcept;
PEAL_API const std::error_category& parse_category() noexcept;
inline std::error_code make_error_code(errc e) noexcept { return {static_cast<int>(e), api_category()}; }
inline std::error_code make_error_code(parse_errc e) noexcept { return {static_cast<int>(e), parse_category()}; }

/// Why and where (byte offset from the start of what was parsed) a parse failed. 8 bytes.
struct ParseError {
  parse_errc code = parse_errc::no_result;
  std::uint32_t offset = 0;

  constexpr ParseError() noexcept = default;
  constexpr ParseError(parse_errc why, std::uint32_t where) noexcept : code(why), offset(where) {}
  /// The error that a Result<T, ParseError> nobody filled in holds.
  constexpr explicit ParseError(errc) noexcept {}
  operator std::error_code() const noexcept { return make_error_code(code); }
  [[nodiscard]] std::string message() const { return make_error_code(code).message(); }
  friend constexpr bool operator==(const ParseError&, const ParseError&) noexcept = default;
};

}  // namespace peal::inline v0

template <>
struct std::is_error_code_enum<peal::errc> : std::true_type {};
template <>
struct std::is_error_code_enum<peal::parse_errc> : std::true_type {};
