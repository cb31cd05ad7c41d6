#pragma once

#include <string>
#include <string_view>

namespace peal::inline v0::detail {

/// Well-formed UTF-8 (RFC 3629): no overlong forms, no surrogates.
bool is_utf8(std::string_view text) noexcept;
std::string base64(std::string_view bytes);

}  // namespace peal::inline v0::detail
