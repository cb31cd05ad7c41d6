// A registrar for demo.example on loopback, until standard input ends: `ready PORT`, then a line of counters.
#include <peal/modules/registrar.hpp>
#include <peal/user_agent.hpp>

#include <cstdio>
#include <thread>

int main() {
  peal::Config config;
  config.listen = {"udp:127.0.0.1:0"};
  peal::UserAgent ua(config);
  peal::RegistrarConfig registrar;
  registrar.domains = {"demo.example"};
  for (const char* name : {"alice", "hello"}) {
    peal::Credentials user;
    user.username = name;
    user.password = "secret";
    registrar.users.push_back(user);
  }
  const auto module = ua.install<peal::Registrar>(registrar);
  if (!module) return 1;
  const auto where = ua.listening().front();
  std::printf("ready %s\n", where.substr(where.rfind(':') + 1).c_str());
  std::fflush(stdout);
  std::jthread input([&ua] {
    while (std::getchar() != EOF) {
    }
    ua.stop();
  });
  ua.run();
  const auto counters = (*module)->counters();
  std::printf("bindings %zu forwarded %llu\n", counters.bindings,
              static_cast<unsigned long long>(counters.forwarded_requests));
}
