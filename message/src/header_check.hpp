#pragma once

#include <peal/message/headers.hpp>

#include <string_view>

namespace peal::inline v0::header::detail {

/// Is `text` a value, or for a list the values, of that core header? True for those that are free text.
Result<void, ParseError> check(HeaderId id, std::string_view text);

}  // namespace peal::inline v0::header::detail
