#pragma once

#include <peal/message/message.hpp>

#include <cstddef>
#include <optional>
#include <string>

namespace cli {

struct HeaderFault {
  std::size_t offset;  ///< from `text`
  std::string reason;
};

/// The first header of the core's table whose value its grammar refuses. A stack looks only at what it needs; who
/// inspects a message wants to know all. `text` is the buffer that the message was parsed in.
std::optional<HeaderFault> check_headers(const peal::Message& message, const char* text);

}  // namespace cli
