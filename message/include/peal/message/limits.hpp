#pragma once

#include <cstdint>

namespace peal::inline v0 {

/// How much of each thing a message from the wire may hold. What is over is refused with
/// parse_errc::too_long or too_many_headers, answered 400, 413 or 414, and counted.
struct ParseLimits {
  std::uint32_t message_bytes = 65'535;  ///< start line, headers and body together
  std::uint32_t start_line_bytes = 8'192;
  std::uint32_t header_lines = 256;
  std::uint32_t header_line_bytes = 16'384;
  std::uint32_t header_name_bytes = 128;
  std::uint32_t list_elements = 128;   ///< elements of one list header in one message (Via, Route, Contact…)
  std::uint32_t parameters = 64;       ///< of one URI or header value
  std::uint32_t multipart_parts = 64;  ///< of one body, those that hold parts themselves included
  std::uint32_t multipart_depth = 8;   ///< multiparts within each other; 1: a multipart with plain parts only
};

/// How strictly a text is held to its grammar. What `interop` forgives stands at each reader, and in docs/.
enum class Profile : std::uint8_t { strict, interop };

}  // namespace peal::inline v0
