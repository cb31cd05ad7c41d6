#pragma once

#include <peal/dialog/ua_core.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace peal::inline v0::detail {

/// Request-URI and To of a request to `text`: a URI, whose parameters are then its own (unlike those of a bare URI in a
/// header, RFC 3261 §20), or a name-addr. The To keeps what RFC 3261 Table 1 allows there.
/// Gives the headers that the URI asks for (`?Subject=…`). One that may not be taken from a URI (RFC 3261 §19.1.5: what the stack
/// writes, Contact, a body and what describes it…) is errc::unsupported: the request would not be the one asked for.
Result<std::vector<std::pair<std::string, std::string>>> address_to(std::string_view text, dialog::UaCore::NewRequest& parts);

}  // namespace peal::inline v0::detail
