// Registers, and answers every call: hello_handler sip:alice@example.com password sip:proxy.example.com
#include <peal/peal.hpp>

#include <cstdio>

class Hello : public peal::UserAgentHandler {
  void on_registration(peal::Account&, const peal::RegistrationEvent& event) override {
    std::puts(event.state == peal::RegistrationState::registered ? "registered" : "not registered");
  }
  void on_incoming_call(peal::IncomingCall& call) override { (void)call.answer(); }
  void on_ended(peal::Call&, const peal::Ended& event) override { std::puts(event.cause.text.c_str()); }
};

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  Hello hello;
  peal::UserAgent ua;
  (void)ua.set_handler(&hello);
  const auto me = ua.add_account({.aor = argv[1], .password = argv[2], .outbound_proxy = argv[3]});
  if (!me || !me->start()) return 1;
  ua.run();
}
