// peal explain CODE | METHOD | list
#include "commands.hpp"

#include <peal/explain.hpp>
#include <peal/message/registry/methods.hpp>

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <optional>
#include <string>

namespace cli {

namespace {

std::size_t terminal_width() {
  winsize size{};
  if (isatty(STDOUT_FILENO) == 0 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 80;
  return std::clamp<std::size_t>(size.ws_col, 40, 100);
}

void list() {
  for (const auto& code : peal::explained_codes())
    std::printf("%.*s\n", static_cast<int>(code.title.size()), code.title.data());
  for (const auto& method : peal::method_table())
    std::printf("%-10.*s %.*s\n", static_cast<int>(method.name.size()), method.name.data(),
                static_cast<int>(method.meaning.size()), method.meaning.data());
}

std::optional<std::string> find(const std::string& what, std::size_t width) {
  int code = 0;
  const auto end = what.data() + what.size();
  if (std::from_chars(what.data(), end, code).ptr == end) {
    const auto status = peal::StatusCode::make(code);
    return status ? peal::format(*status, width) : std::nullopt;
  }
  const auto method = peal::explain_method(what);
  return method ? std::optional(peal::format(*method, width)) : std::nullopt;
}

}  // namespace

int run(const Explain& command) {
  if (command.what == "list") return list(), success;
  const auto text = find(command.what, command.width != 0 ? command.width : terminal_width());
  if (!text) {
    std::fprintf(
        stderr,
        "%s is no response code (100 to 699) and no registered method. `peal explain list` shows what there is.\n",
        command.what.c_str());
    return failed;
  }
  std::fputs(text->c_str(), stdout);
  return success;
}

}  // namespace cli
