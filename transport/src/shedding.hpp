#pragma once

#include <string_view>

namespace peal::inline v0::transport {

/// By its bytes alone: a request outside dialogs that is neither ACK nor CANCEL? In doubt no. Reading it whole would
/// cost most of what shedding it is to save (docs/decisions/overload.md).
inline bool begins_something(std::string_view datagram) noexcept {
  for (const std::string_view other : {"SIP/2.0 ", "ACK ", "CANCEL ", "BYE "})
    if (datagram.starts_with(other)) return false;
  auto to = datagram.find("\nTo:");
  if (to == std::string_view::npos) to = datagram.find("\nt:");
  if (to == std::string_view::npos) return false;
  const auto line = datagram.substr(to + 1, datagram.find('\n', to + 1) - to - 1);
  return line.find("ag=") == std::string_view::npos && line.find("AG=") == std::string_view::npos;  // its tag
}

}  // namespace peal::inline v0::transport
