#pragma once

#include <cstdint>

namespace peal::inline v0 {

/// How strictly a text is held to its grammar. What `interop` forgives stands at each reader, and in docs/.
enum class Profile : std::uint8_t {
  strict,  ///< by the grammar of RFC 3261 §25.1: for validators, tests, and who wants to know what a peer really sends
  interop,  ///< what devices are known to get wrong, and what can be read in one way only, is mended:
            ///< docs/leniencies.md
};

/// How much of each thing a message from the wire may hold, and how it is judged. What is over is refused with
/// parse_errc::too_long or too_many_headers, answered 400, 413 or 414, and counted.
///
/// The profile is strict here, for tools and tests; a user agent's Config starts with interop, because it must talk to
/// what is there (RFC 1122 §1.2.2) and no leniency changes where a message or a header line ends.
struct ParseLimits {
  std::uint32_t message_bytes = 65'535;  ///< start line, headers and body together
  std::uint32_t start_line_bytes = 8'192;
  std::uint32_t header_lines = 256;
  std::uint32_t header_line_bytes = 16'384;
  std::uint32_t header_name_bytes = 128;
  std::uint32_t parameters = 64;       ///< of one URI or header value; more than 64 counts as 64
  std::uint32_t multipart_parts = 64;  ///< of one body, those that hold parts themselves included
  std::uint32_t multipart_depth = 8;   ///< multiparts within each other; 1: a multipart with plain parts only

  // elements of one list header, over all its lines
  std::uint32_t via_elements = 128;  ///< more than 70 hops leave Max-Forwards nothing
  std::uint32_t route_elements = 128;
  std::uint32_t record_route_elements = 160;  ///< a proxy between two networks adds two
  std::uint32_t contact_elements = 128;
  std::uint32_t service_route_elements = 64;
  std::uint32_t path_elements = 64;
  std::uint32_t list_elements = 128;  ///< of each other list that is read at receipt (Require, Proxy-Require)

  Profile profile = Profile::strict;
};

}  // namespace peal::inline v0
