#pragma once

#include <peal/message/headers.hpp>

#include <string_view>

namespace peal::inline v0::header::detail {

/// Is `text` a value, or for a list the values, of that header? Free text without CR, LF, NUL is one of any other.
Result<void, ParseError> check(HeaderId id, std::string_view text);

}  // namespace peal::inline v0::header::detail
