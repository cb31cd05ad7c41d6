// peal register: registers, keeps the registration alive, and takes it back at the end.
#include "program.hpp"

namespace cli {

namespace {

class Registering final : public Program {
 public:
  explicit Registering(const Register& command) : Program(command.common, command.identity), once_(command.once) {}

 private:
  void begin() override {
    if (identity_.registrar.empty()) {  // otherwise the Program has registered already
      if (auto started = account_.start(); !started) say("cannot register: " + started.error().message()), finish();
      return;
    }
    registered();
  }
  void on_registration(peal::Account& account, const peal::RegistrationEvent& event) override {
    if (!identity_.registrar.empty()) return Program::on_registration(account, event);
    print(event);
    if (event.state == peal::RegistrationState::registered) registered();
    if (event.state == peal::RegistrationState::failed && (once_ || event.retry_in.count() == 0)) finish();
  }
  void registered() {
    registered_ = true;
    if (once_) stop();  // and leave it
  }
  int result() const override { return registered_ ? success : failed; }

  const bool once_;
  bool registered_ = false;
};

}  // namespace

int run(const Register& command) { return Registering(command).run(); }

}  // namespace cli
