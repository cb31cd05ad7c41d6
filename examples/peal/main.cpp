// peal: register, call, answer and look at SIP from the command line.
#include "commands.hpp"

#include <cstdio>
#include <exception>

int main(int argc, char** argv) {
  const auto parsed = cli::parse_command_line(argc, argv);
  if (const auto* code = std::get_if<int>(&parsed)) return *code;
  try {
    return std::visit([](const auto& command) { return cli::run(command); }, std::get<cli::Command>(parsed));
  } catch (const std::exception& error) {  // an address that is in use, a name that is none
    std::fprintf(stderr, "%s\n", error.what());
    return cli::not_started;
  }
}
