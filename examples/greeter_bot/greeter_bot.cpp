// Answers calls, greets, and hangs up: greeter_bot udp:0.0.0.0:5060
#include "greeter_bot.hpp"

#include <cstdio>
#include <system_error>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: greeter_bot udp:ADDRESS:PORT\n", stderr);
    return 2;
  }
  try {
    peal::Config config;
    config.listen = {argv[1]};
    peal::UserAgent ua(config);
    GreeterBot bot(ua);
    bot.greet = [](const std::string& caller) {
      std::printf("hello, %s\n", caller.c_str());
      std::fflush(stdout);
    };
    std::printf("listening %s\n", ua.listening().at(0).c_str());
    std::fflush(stdout);
    ua.run();
  } catch (const std::system_error& error) {
    std::fprintf(stderr, "greeter_bot: %s\n", error.what());
    return 1;
  }
}
