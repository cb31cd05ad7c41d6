// peal answer: rings, answers, and waits for the other side to hang up. Many calls at once.
#include "program.hpp"

namespace cli {

namespace {

class Answering final : public Program {
 public:
  explicit Answering(const Answer& command) : Program(command.common, command.identity), command_(command) {}

 private:
  void begin() override {
    if (!command_.redirect.empty()) {
      auto target = peal::Uri::parse(command_.redirect);
      if (!target) {
        say("cannot redirect to " + command_.redirect + ": " + target.error().message());
        return finish();
      }
      redirect_ = std::move(*target);
    }
    ready_ = true;
  }
  int result() const override { return ready_ ? success : failed; }  // failed: could not register

  void on_incoming_call(peal::IncomingCall& call) override {
    auto& record = record_of(call);
    if (const auto invite = call.request()) print_incoming(record, *invite);
    if (command_.ring_ms == 0) return reply(call);
    if (auto rings = call.ring(); rings) set_timer(call, command_.ring_ms / 1000.0);
    ringing_.insert_or_assign(call, call);
  }

  void reply(peal::IncomingCall& call) {
    const peal::StatusCode code(static_cast<std::uint16_t>(command_.code));
    const auto done = !redirect_.empty()  ? call.redirect(redirect_)
                      : code.is_success() ? call.answer(code)
                                          : call.reject(code);
    if (!done && done.error() != peal::errc::ended) say("cannot answer: " + done.error().message());
  }

  /// The call has rung, or lasted, long enough.
  void timer_fired(peal::Call call, CallRecord& record) override {
    if (auto ringing = ringing_.extract(call)) return reply(ringing.mapped());
    Program::timer_fired(call, record);
  }

  void on_established(peal::Call& call, const peal::Established& event) override {
    print(record_of(call), event);
    if (command_.duration >= 0) set_timer(call, command_.duration);
  }
  void on_changed(peal::Call& call, const peal::Changed& event) override { print(record_of(call), event); }
  void on_ended(peal::Call& call, const peal::Ended& event) override {
    print(record_of(call), event);
    ringing_.erase(call);
    forget(call);
    if (++ended_ == command_.count) finish();
  }

  void print_summary() override { say(std::to_string(ended_) + " calls"); }

  const Answer command_;
  std::unordered_map<peal::Call, peal::IncomingCall> ringing_;
  peal::Uri redirect_;
  std::uint64_t ended_ = 0;
  bool ready_ = false;
};

}  // namespace

int run(const Answer& command) { return Answering(command).run(); }

}  // namespace cli
