#pragma once

#include <peal/message/export.hpp>

#include <cstdint>
#include <string_view>

namespace peal::inline v0::transport {

enum class LogLevel : std::uint8_t { error, warning, notice, debug };

/// Takes log lines. No password, HA1 or bearer token is ever in one. Owner's thread only.
class PEAL_API LogSink {
 public:
  virtual ~LogSink() = default;
  /// Ask before composing a line that costs something.
  [[nodiscard]] virtual bool wants(LogLevel level) const noexcept = 0;
  virtual void write(LogLevel level, std::string_view component, std::string_view text) = 0;
};

PEAL_API LogSink&
stderr_log() noexcept;                  ///< errors and warnings, a line each, to standard error; legal from any thread
PEAL_API LogSink& null_log() noexcept;  ///< nothing

}  // namespace peal::inline v0::transport
