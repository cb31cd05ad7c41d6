// Registers, and answers every call: hello_coroutine sip:alice@example.com password sip:proxy.example.com
#include <peal/peal.hpp>

#include <cstdio>

asio::awaitable<void> hello(peal::UserAgent& ua, peal::Account me) {
  const auto result = co_await peal::co::start(me);
  std::puts(result && result->state == peal::RegistrationState::registered ? "registered" : "not registered");
  while (auto call = co_await peal::co::next_call(ua)) (void)call->answer();
}

int main(int argc, char** argv) {
  asio::io_context io;
  peal::UserAgent ua(io);
  const auto me = argc == 4 ? ua.add_account({.aor = argv[1], .password = argv[2], .outbound_proxy = argv[3]})
                            : peal::Result<peal::Account>();
  if (me) asio::co_spawn(io, hello(ua, *me), asio::detached);
  return me ? static_cast<int>(io.run() == 0) : 2;
}
