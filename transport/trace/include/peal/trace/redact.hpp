#pragma once

#include <peal/message/export.hpp>

#include <string>
#include <string_view>

namespace peal::inline v0::trace {

/// The message without its secrets, for logs: digest `response`, `rspauth` and `password` parameters, credentials of
/// any scheme but Digest, passwords in SIP URIs, and in an SDP body the keys of `a=crypto`, `a=ice-pwd` and `k=`.
/// Header values become `***`; in the body the length stays, so that Content-Length is right. Reads what no parser
/// would accept just as well.
PEAL_API std::string redacted(std::string_view message);

}  // namespace peal::inline v0::trace
