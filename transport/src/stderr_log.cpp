#include <peal/transport/log.hpp>

#include <cstdio>
#include <string>

namespace peal::inline v0::transport {
namespace {

std::string_view name_of(LogLevel level) noexcept {
  switch (level) {
    case LogLevel::error: return "error";
    case LogLevel::warning: return "warning";
    case LogLevel::notice: return "notice";
    case LogLevel::debug: return "debug";
  }
  return "";
}

class StderrLog final : public LogSink {
 public:
  [[nodiscard]] bool wants(LogLevel level) const noexcept override { return level <= LogLevel::warning; }
  void write(LogLevel level, std::string_view component, std::string_view text) override {
    if (!wants(level)) return;
    std::string line = "peal ";
    line.append(name_of(level)).append(" [").append(component).append("] ");
    // A line is one line, whatever a peer put into it.
    for (const char c : text) line += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
    line += '\n';
    std::fwrite(line.data(), 1, line.size(), stderr);
  }
};

class NullLog final : public LogSink {
 public:
  [[nodiscard]] bool wants(LogLevel) const noexcept override { return false; }
  void write(LogLevel, std::string_view, std::string_view) override {}
};

}  // namespace

LogSink& stderr_log() noexcept {
  static StderrLog sink;
  return sink;
}

LogSink& null_log() noexcept {
  static NullLog sink;
  return sink;
}

}  // namespace peal::inline v0::transport
