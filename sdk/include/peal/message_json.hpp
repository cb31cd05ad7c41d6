#pragma once

#include <peal/message/message.hpp>

#include <string>

namespace peal::inline v0 {

/// A message as JSON text, keys in the order of the message:
///
///     {"kind":"request","method":"INVITE","uri":"sip:bob@example.com",
///      "headers":[{"name":"Via","value":"SIP/2.0/UDP …"},…],"body":"v=0…","sdp":{…}}
///
/// A response has `code` and `reason` in the place of `method` and `uri`. Names and values stand as in the message,
/// compact forms too. `body` is absent when there is none, and `body_base64` when it is not UTF-8; `sdp` sums up a body
/// of type application/sdp, or says in `sdp_error` why it cannot be read. `indent` < 0: all on one line.
PEAL_API std::string to_json(const Request& request, int indent = -1);
PEAL_API std::string to_json(const Response& response, int indent = -1);

}  // namespace peal::inline v0
