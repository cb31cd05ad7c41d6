#pragma once

#include <peal/message/message.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace peal::inline v0::transport {

/// A secret of this stack, for hashes that nobody else can foresee.
struct HashKey {
  std::uint64_t first = 0;
  std::uint64_t second = 0;
};

/// The answer to a request that does not parse (RFC 3261 §8.2.7, §21.4.1): the code that fits, and a reason phrase that
/// tells what is wrong and at which byte. `request` holds what could be read. The To tag follows from the request, so
/// that a copy of it is answered alike.
Response answer_to_bad(const Request& request, const ParseError& error, const HashKey& key, std::string_view server);

}  // namespace peal::inline v0::transport
