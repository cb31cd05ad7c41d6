// peal register: registers, keeps the registration alive, and takes it back at the end.
#include "program.hpp"

namespace cli {

namespace {

class Registering final : public Program {
 public:
  explicit Registering(const Register& command)
      : Program(command.common, command.identity, true), once_(command.once) {}

 private:
  void begin() override {
    registered_ = true;
    if (once_) stop();  // and leave it
  }
  void registration_failed(const peal::RegistrationEvent& event) override {
    if (once_ || event.retry_in.count() == 0) finish();  // otherwise it is tried again by itself
  }
  int result() const override { return registered_ ? success : failed; }

  const bool once_;
  bool registered_ = false;
};

}  // namespace

int run(const Register& command) { return Registering(command).run(); }

}  // namespace cli
