#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace peal::inline v0::detail {

/// Well-formed UTF-8 (RFC 3629): no overlong forms, no surrogates.
bool is_utf8(std::string_view text) noexcept;
std::string base64(std::string_view bytes);
/// RFC 4648 §4: padded, no other bytes, no bits left over; nullopt when it is not.
std::optional<std::string> from_base64(std::string_view text);

/// Start lines without their line end, as one writes them.
std::string request_line(std::string_view method, std::string_view uri);
std::string status_line(unsigned code, std::string_view reason);

}  // namespace peal::inline v0::detail
