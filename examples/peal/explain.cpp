// peal explain NAME | list
#include "commands.hpp"

#include <peal/explain.hpp>
#include <peal/message/headers.hpp>
#include <peal/message/registry/event_packages.hpp>
#include <peal/message/registry/methods.hpp>
#include <peal/message/registry/option_tags.hpp>

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>

namespace cli {

namespace {

std::size_t terminal_width() {
  winsize size{};
  if (isatty(STDOUT_FILENO) == 0 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 80;
  return std::clamp<std::size_t>(size.ws_col, 40, 100);
}

void line(std::string_view name, int columns, std::string_view text) {
  std::printf("%-*.*s %.*s\n", columns, static_cast<int>(name.size()), name.data(), static_cast<int>(text.size()),
              text.data());
}

void list() {
  for (const auto& code : peal::explained_codes())
    std::printf("%.*s\n", static_cast<int>(code.title.size()), code.title.data());
  for (const auto& method : peal::method_table()) line(method.name, 10, method.meaning);
  for (const auto& tag : peal::option_tag_table()) line(tag.name, 25, "option tag: " + std::string(tag.meaning));
  for (const auto& package : peal::event_package_table())
    line(package.name, 25, "event package: " + std::string(package.meaning));
  for (const auto& header : peal::header::table)
    if (!header.name.empty()) line(header.name, 30, "header");
}

}  // namespace

int run(const Explain& command) {
  if (command.what == "list") return list(), success;
  const auto text = peal::explain_token(command.what, command.width != 0 ? command.width : terminal_width());
  if (text.empty()) {
    std::fprintf(stderr,
                 "%s is no response code (100 to 699), and no registered method, option tag, event package or header.\n"
                 "`peal explain list` shows what there is.\n",
                 command.what.c_str());
    return failed;
  }
  std::fputs(text.c_str(), stdout);
  return success;
}

}  // namespace cli
