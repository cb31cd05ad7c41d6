// peal call: one call, or many at a rate; each hangs up after --duration.
#include "program.hpp"

#include <peal/events_json.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <map>

namespace cli {

namespace {

class Calling final : public Program {
 public:
  explicit Calling(const Call& command)
      : Program(command.common, command.identity), command_(command), wanted_(command.count) {}

 private:
  using Clock = std::chrono::steady_clock;

  void begin() override {
    started_ = Clock::now();
    launch_what_is_due();
  }

  void launch_what_is_due() {
    const std::chrono::duration<double> elapsed = Clock::now() - started_;
    const auto due = std::min<double>(wanted_, 1 + std::floor(elapsed.count() * command_.rate));
    while (launched_ < due) launch();
    if (launched_ == wanted_) return finish_when_over();
    pace_.expires_at(started_ + std::chrono::duration_cast<Clock::duration>(
                                    std::chrono::duration<double>(launched_ / command_.rate)));
    pace_.async_wait([this](std::error_code error) {
      if (!error) launch_what_is_due();
    });
  }

  void launch() {
    ++launched_;
    peal::InviteOptions options;
    options.account = account_;
    options.late_offer = command_.late_offer;
    const auto call = ua_.invite(command_.target, std::move(options));
    if (call) {
      record_of(*call);
      return;
    }
    ++ended_;
    ++failures_["cannot call " + command_.target + ": " + call.error().message()];
  }

  void on_progress(peal::Call& call, const peal::Progress& event) override { print(record_of(call), event); }
  void on_established(peal::Call& call, const peal::Established& event) override {
    auto& record = record_of(call);
    record.established = true;
    ++established_;
    print(record, event);
    if (command_.duration == 0) return timer_fired(call, record);
    if (command_.duration > 0) set_timer(call, command_.duration);
  }
  void on_changed(peal::Call& call, const peal::Changed& event) override { print(record_of(call), event); }
  void on_ended(peal::Call& call, const peal::Ended& event) override {
    auto& record = record_of(call);
    print(record, event);
    if (record.established && event.cause.code == 0)
      ++completed_;
    else
      ++failures_[text_of(event.cause)];
    forget(call);
    ++ended_;
    finish_when_over();
  }

  void finish_when_over() {
    if (ended_ == wanted_) finish();
  }
  void interrupted() override {
    wanted_ = launched_;
    pace_.cancel();
    finish();
  }

  int result() const override { return completed_ > 0 && failures_.empty() ? success : failed; }

  void print_summary() override {
    if (common_.json) return print_summary_json();
    std::printf("%u calls: %u established, %u completed, %u failed\n", launched_, established_, completed_,
                ended_ - completed_);
    for (const auto& [why, count] : failures_) std::printf("  %u: %s\n", count, why.c_str());
  }
  void print_summary_json() const {
    std::printf(
        "{\"event\":\"summary\",\"ts\":\"%s\",\"calls\":%u,\"established\":%u,\"completed\":%u,\"failed\":%u}\n",
        peal::rfc3339(std::chrono::system_clock::now()).c_str(), launched_, established_, completed_,
        ended_ - completed_);
  }

  const Call command_;
  unsigned wanted_;
  asio::steady_timer pace_{context_};
  Clock::time_point started_;
  unsigned launched_ = 0, established_ = 0, completed_ = 0, ended_ = 0;
  std::map<std::string, unsigned> failures_;
};

}  // namespace

int run(const Call& command) { return Calling(command).run(); }

}  // namespace cli
