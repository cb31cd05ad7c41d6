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

/// The message for a terminal or a log: CRLF as LF, and every control character, bidirectional override and byte that
/// is no UTF-8 spelt out (\x1b, \u{202e}, \xff), so that no peer can move the reader's cursor.
PEAL_API std::string printable(std::string_view message);

}  // namespace peal::inline v0::trace
