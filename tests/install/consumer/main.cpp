// Two user agents of a program that knows the installed package alone: one calls the other, which answers; the caller
// hangs up.
#include <peal/peal.hpp>

#include <asio/io_context.hpp>

#include <chrono>
#include <cstdio>

namespace {

peal::Config on_loopback() {
  peal::Config config;
  config.listen = {"udp:127.0.0.1:0"};
  return config;
}

class Phone : public peal::UserAgentHandler {
 public:
  explicit Phone(asio::io_context& io) : io_(io) {}
  void on_incoming_call(peal::IncomingCall& call) override { (void)call.answer(); }
  void on_established(peal::Call& call, const peal::Established&) override {
    if (caller) (void)call.hang_up();
  }
  void on_ended(peal::Call&, const peal::Ended&) override {
    ++ended;
    if (caller) io_.stop();
  }
  bool caller = false;
  int ended = 0;

 private:
  asio::io_context& io_;
};

}  // namespace

int main() {
  asio::io_context io(1);
  Phone alice(io);
  Phone bob(io);
  alice.caller = true;
  peal::UserAgent alice_ua(io, on_loopback());
  peal::UserAgent bob_ua(io, on_loopback());
  if (!alice_ua.set_handler(&alice) || !bob_ua.set_handler(&bob)) return 1;
  if (!alice_ua.invite("sip:bob@" + bob_ua.listening().at(0).substr(4))) return 1;
  io.run_for(std::chrono::seconds(10));
  std::printf("Peal %s: %d call ended at the caller, %d at the callee\n", peal::version(), alice.ended, bob.ended);
  return alice.ended == 1 && bob.ended == 1 ? 0 : 1;
}
