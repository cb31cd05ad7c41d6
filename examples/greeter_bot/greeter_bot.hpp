#pragma once

#include <peal/transport/timer_service.hpp>
#include <peal/user_agent.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

/// Lets each call ring for two seconds, answers, greets, and hangs up ten seconds later.
class GreeterBot : public peal::UserAgentHandler {
 public:
  explicit GreeterBot(peal::UserAgent& ua) : ua_(ua) { (void)ua_.set_handler(this); }
  ~GreeterBot() override { (void)ua_.set_handler(nullptr); }
  GreeterBot(const GreeterBot&) = delete;
  GreeterBot& operator=(const GreeterBot&) = delete;

  /// Where a program with media plays its recording; the argument is the caller's URI.
  std::function<void(const std::string& caller)> greet = [](const std::string&) {};

  [[nodiscard]] std::size_t visitors() const noexcept { return visits_.size(); }  ///< now

 private:
  /// One call, and the timer that it waits for.
  struct Visit {
    Visit(GreeterBot& owner, const peal::IncomingCall& offered) : bot(owner), call(offered) {
      wait(std::chrono::seconds(2));
    }
    void wait(std::chrono::seconds time) { bot.ua_.core().runtime().timers().arm(timer, time); }
    void on_timer() { (void)(greeted ? call.hang_up() : call.answer()); }
    GreeterBot& bot;
    peal::IncomingCall call;
    bool greeted = false;
    peal::transport::OwnedTimer<Visit, &Visit::on_timer> timer{*this};
  };

  void on_incoming_call(peal::IncomingCall& call) override {
    (void)call.ring();
    visits_.emplace(call.id(), std::make_unique<Visit>(*this, call));
  }
  void on_established(peal::Call& call, const peal::Established&) override {
    auto& visit = *visits_.at(call.id());
    visit.greeted = true;
    visit.wait(std::chrono::seconds(10));
    greet(call.remote().value_or("somebody"));
  }
  void on_ended(peal::Call& call, const peal::Ended&) override { visits_.erase(call.id()); }

  peal::UserAgent& ua_;
  std::map<std::uint64_t, std::unique_ptr<Visit>> visits_;
};
