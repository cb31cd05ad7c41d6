#pragma once

#include <peal/message/message.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace peal::inline v0 {

/// A message as JSON text, keys in the order of the message:
///
///     {"kind":"request","method":"INVITE","uri":"sip:bob@example.com",
///      "headers":[{"name":"Via","value":"SIP/2.0/UDP …"},…],"body":"v=0…","sdp":{…}}
///
/// A response has `code` and `reason` in the place of `method` and `uri`. Names and values stand as in the message,
/// compact forms too. `body` is absent when there is none. Text that is not UTF-8 stands in `value_base64`,
/// `reason_base64` or `body_base64` instead. Where a line is spelled in an unusual way, `separator` (other than ": ")
/// and `trailing` (blanks behind the value) say so, and `start_line` (the version in small letters). `sdp` sums up a
/// body of type application/sdp, or `sdp_error` says why it cannot be read: for people, not read back. Nothing is lost:
/// message_from_json gives a message that prints the same bytes. docs/message.schema.json is the schema. `indent` < 0:
/// all on one line.
PEAL_API std::string to_json(const Request& request, int indent = -1);
PEAL_API std::string to_json(const Response& response, int indent = -1);
PEAL_API std::string to_json(const std::variant<Request, Response>& message, int indent = -1);

/// Why JSON text is no message. Numbers are never reused.
enum class json_errc : std::uint32_t {
  no_result = 1,
  not_json = 2,         ///< RFC 8259 does not allow it; strings are UTF-8
  too_long = 3,         ///< more than any message under the limits needs
  too_deep = 4,         ///< arrays and objects in each other, 16 deep
  wrong_type = 5,       ///< a string where a number must stand…
  missing_member = 6,   ///< a member that a message of this kind needs
  unknown_member = 7,   ///< a member that no message has
  repeated_member = 8,  ///< the same name twice in one object
  unknown_kind = 9,     ///< neither "request" nor "response"
  forbidden_byte = 10,  ///< CR, LF or NUL outside a body: it could start a header of its own
  bad_base64 = 11,      ///< RFC 4648 §4, with padding
  contradiction = 12,   ///< two members that say different things, or the same thing in two ways
  not_sip = 13,         ///< the parser refuses the message: JsonError::parse says why
};

/// Why and where.
struct JsonError {
  json_errc code = json_errc::no_result;
  parse_errc parse = parse_errc::no_result;  ///< with json_errc::not_sip
  /// Of not_json, too_long, too_deep: bytes from the start of the JSON text. Of forbidden_byte and not_sip: from the
  /// start of the text that `pointer` names (behind its base64). Otherwise 0.
  std::size_t offset = 0;
  std::string pointer;  ///< RFC 6901; empty: the whole text

  JsonError() = default;
  explicit JsonError(json_errc why, std::string where = {}, std::size_t at = 0)
      : code(why), offset(at), pointer(std::move(where)) {}
  /// The error that a Result nobody filled in holds.
  explicit JsonError(errc) noexcept {}
  /// True when `offset` counts from the start of the JSON text.
  [[nodiscard]] bool in_json_text() const noexcept {
    return code == json_errc::not_json || code == json_errc::too_long || code == json_errc::too_deep;
  }
  /// "bad host".
  [[nodiscard]] PEAL_API std::string reason() const;
  /// Where and why: "/headers/3/value, byte 12: bad host".
  [[nodiscard]] PEAL_API std::string message() const;
};

/// The message that `text`, made by to_json or by hand, describes: print(message_from_json(to_json(m))) is print(m).
/// It must be one that the parser accepts under `limits`. What no message has is refused, not ignored; `sdp` and
/// `sdp_error` are not read. Throws nothing but std::bad_alloc.
PEAL_API Result<std::variant<Request, Response>, JsonError> message_from_json(std::string_view text,
                                                                              const ParseLimits& limits = {});

}  // namespace peal::inline v0
