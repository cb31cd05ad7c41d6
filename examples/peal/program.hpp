#pragma once

#include "commands.hpp"

#include <peal/user_agent.hpp>

#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace cli {

/// What the commands that speak SIP share: one UserAgent on one io_context, an account when there is one, events as
/// text or as JSON Lines, and an orderly end: SIGINT and SIGTERM hang up and unregister, a second one stops at once.
class Program : public peal::UserAgentHandler {
 public:
  ~Program() override;
  /// Until `finish`. Gives `result()`.
  int run();

 protected:
  /// Registers first when `identity` names a registrar, or when it `must_register`.
  Program(const Common& common, const Identity& identity, bool must_register = false);

  /// The UserAgent listens and, where it was to be, is registered.
  virtual void begin() = 0;
  /// Before `begin`.
  virtual void registration_failed(const peal::RegistrationEvent&) { finish(); }
  virtual void interrupted() { finish(); }
  virtual int result() const = 0;
  /// At the very end, behind the last event.
  virtual void print_summary() {}

  /// Hangs up, unregisters, and lets `run` return.
  void finish();
  /// Lets `run` return and leaves everything as it is.
  void stop();

  /// A call of ours from first to last event.
  struct CallRecord {
    std::string name;  // "c1"
    std::string sip_call_id;
    bool established = false;
    std::optional<asio::steady_timer> timer;
  };
  CallRecord& record_of(const peal::Call& call);  ///< makes one for a call that is new
  void forget(const peal::Call& call) { calls_.erase(call); }
  /// Calls `timer_fired` after that many seconds, unless the call ends before.
  void set_timer(const peal::Call& call, double seconds);
  virtual void timer_fired(peal::Call call, CallRecord& record);

  void print_incoming(const CallRecord& record, const peal::Request& invite);
  void print(const CallRecord& record, const peal::CallEvent& event);
  void print(const peal::RegistrationEvent& event);
  void print(const peal::Response& response);
  void print_stats();
  /// A line of text, unless JSON or nothing is wanted.
  void say(std::string_view text) const;
  void line(std::string_view text) const;

  const Common common_;
  const Identity identity_;
  asio::io_context context_{1};
  peal::UserAgent ua_;
  peal::Account account_;

 private:
  class MessagePrinter;
  void wait_for_signal();
  void on_registration(peal::Account& account, const peal::RegistrationEvent& event) final;

  const bool registers_;

  asio::signal_set signals_{context_};
  std::unique_ptr<MessagePrinter> printer_;
  std::unordered_map<peal::Call, CallRecord> calls_;
  std::uint64_t calls_so_far_ = 0;
  bool begun_ = false;
  bool ending_ = false;
};

/// "486 Busy Here (sip): the callee is busy…"
std::string text_of(const peal::Cause& cause);

}  // namespace cli
