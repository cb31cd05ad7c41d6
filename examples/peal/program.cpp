#include "program.hpp"

#include <peal/events_json.hpp>
#include <peal/explain.hpp>
#include <peal/trace/redact.hpp>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <system_error>

namespace cli {

namespace {

peal::Config config_of(const Common& common) {
  peal::Config config;
  config.listen = {common.listen};
  config.user_agent = "peal";
  return config;
}

peal::AccountConfig account_of(const Identity& identity) {
  peal::AccountConfig account;
  account.aor = identity.aor;
  account.username = identity.user;
  account.password = identity.password;
  account.registrar = identity.registrar;
  account.outbound_proxy = identity.proxy;
  account.expires = std::chrono::seconds(identity.expires);
  return account;
}

std::chrono::steady_clock::duration from_seconds(double seconds) {
  return std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::chrono::duration<double>(seconds));
}

constexpr auto shutdown_time = std::chrono::seconds(2);

}  // namespace

std::string text_of(const peal::Cause& cause) {
  const bool status = cause.code != 0 && !cause.error;  // not the number of an error
  std::string out = status ? std::to_string(cause.code) + " " : "";
  out += cause.text;
  if (cause.code != 0) out.append(" (").append(peal::name_of(cause.layer)).append(")");
  if (const auto meaning = peal::explain_briefly(cause); !meaning.empty()) out += ": " + meaning;
  return out;
}

/// Shows every message, without passwords, on stderr.
class Program::MessagePrinter final : public peal::transport::Tap {
  void on_message(const peal::transport::TapEvent& event) override {
    const bool sent = event.direction == peal::transport::Direction::sent;
    std::fprintf(stderr, "%s %s %s %s\n%s\n", peal::rfc3339(event.time).c_str(), event.local.to_string().c_str(),
                 sent ? "->" : "<-", event.peer.to_string().c_str(),
                 peal::trace::printable(peal::trace::redacted(event.bytes)).c_str());
  }
};

Program::Program(const Common& common, const Identity& identity, bool must_register)
    : common_(common),
      identity_(identity),
      ua_(context_, config_of(common)),
      registers_(must_register || !identity.registrar.empty()) {
  std::setvbuf(stdout, nullptr, _IOLBF, 1 << 16);  // a line at a time, also into a pipe
  if (common.trace) {
    printer_ = std::make_unique<MessagePrinter>();
    ua_.add_tap(*printer_);
  }
  if (auto ok = ua_.set_handler(this); !ok) throw std::system_error(ok.error());
  if (identity.aor.empty()) return;
  auto account = ua_.add_account(account_of(identity));
  if (!account) throw std::system_error(account.error(), identity.aor);
  account_ = *account;
}

Program::~Program() {
  if (printer_) ua_.remove_tap(*printer_);
}

int Program::run() {
  signals_.add(SIGINT);
  signals_.add(SIGTERM);
  wait_for_signal();

  const auto listen = ua_.listening();
  if (common_.json) line(peal::ready_json(listen, {std::chrono::system_clock::now()}));
  for (const auto& where : listen) say("listening on " + where);

  if (!registers_) {
    begun_ = true;
    begin();
  } else if (auto started = account_.start(); !started) {
    throw std::system_error(started.error(), "cannot register");
  }
  context_.run();
  print_stats();
  print_summary();
  return result();
}

void Program::wait_for_signal() {
  signals_.async_wait([this](std::error_code error, int) {
    if (error) return;
    if (ending_) return stop();
    wait_for_signal();
    interrupted();
  });
}

void Program::finish() {
  if (std::exchange(ending_, true)) return;
  ua_.shutdown(shutdown_time, [this](const peal::Result<void>&) { stop(); });
}

void Program::stop() {
  ending_ = true;
  context_.stop();
}

void Program::on_registration(peal::Account&, const peal::RegistrationEvent& event) {
  print(event);
  if (begun_ || ending_) return;
  if (event.state == peal::RegistrationState::registered) {
    begun_ = true;
    begin();
  } else if (event.state == peal::RegistrationState::failed) {
    registration_failed(event);
  }
}

// ---- calls

Program::CallRecord& Program::record_of(const peal::Call& call) {
  auto [at, is_new] = calls_.try_emplace(call);
  if (is_new) {
    at->second.name = "c" + std::to_string(++calls_so_far_);
    at->second.sip_call_id = call.sip_call_id().value_or("");
  }
  return at->second;
}

void Program::set_timer(const peal::Call& call, double seconds) {
  auto& timer = record_of(call).timer.emplace(context_, from_seconds(seconds));
  timer.async_wait([this, call](std::error_code error) {
    if (error) return;  // the call has ended
    if (const auto record = calls_.find(call); record != calls_.end()) timer_fired(call, record->second);
  });
}

void Program::timer_fired(peal::Call call, CallRecord&) {
  auto hung_up = call.hang_up();
  if (!hung_up && hung_up.error() != peal::errc::ended) say("cannot hang up: " + hung_up.error().message());
}

// ---- printing

void Program::line(std::string_view text) const { std::printf("%.*s\n", static_cast<int>(text.size()), text.data()); }

void Program::say(std::string_view text) const {
  if (!common_.json && !common_.quiet) line(text);
}

void Program::print_incoming(const CallRecord& record, const peal::Request& invite) {
  if (common_.quiet) return;
  if (common_.json)
    return line(peal::incoming_json(invite, {std::chrono::system_clock::now(), {}, record.name, record.sip_call_id}));
  line(record.name + " from " + std::string(invite.from().uri().text()));
}

namespace {

struct EventText {
  std::string operator()(const peal::Progress& event) const {
    return std::to_string(event.code.value()) + " " + event.reason;
  }
  std::string operator()(const peal::Established&) const { return "established"; }
  std::string operator()(const peal::Changed& event) const {
    const char* by = event.by_peer ? "the other side" : "us";
    return std::string(event.hold == peal::HoldState::none ? "media flows, changed by " : "on hold, changed by ") + by;
  }
  std::string operator()(const peal::ChangeFailed& event) const {
    return "change refused: " + std::to_string(event.code) + " " + event.reason;
  }
  std::string operator()(const peal::Ended& event) const { return "ended: " + text_of(event.cause); }
};

}  // namespace

void Program::print(const CallRecord& record, const peal::CallEvent& event) {
  if (common_.quiet) return;
  if (common_.json)
    return line(peal::event_json(event, {std::chrono::system_clock::now(), {}, record.name, record.sip_call_id}));
  line(record.name + " " + std::visit(EventText{}, event));
}

void Program::print(const peal::RegistrationEvent& event) {
  if (common_.json) return line(peal::event_json(event, {std::chrono::system_clock::now(), "a1"}));
  switch (event.state) {
    case peal::RegistrationState::registered:
      say("registered " + identity_.aor + " for " + std::to_string(event.expires.count()) + " s");
      for (const auto& contact : event.contacts) say("  " + contact);
      break;
    case peal::RegistrationState::failed:
      std::fprintf(stderr, "registration failed: %s\n", text_of(event.cause).c_str());
      break;
    case peal::RegistrationState::unregistered: say("unregistered"); break;
    default: break;
  }
}

void Program::print(const peal::Response& response) {
  if (common_.json) return line(peal::response_json(response, {std::chrono::system_clock::now()}));
  say(std::to_string(response.status().value()) + " " + std::string(response.reason()));
  for (const char* name : {"Allow", "Supported", "Accept", "Allow-Events", "User-Agent", "Server"})
    if (const auto value = response.raw(name)) say("  " + std::string(name) + ": " + std::string(*value));
}

void Program::print_stats() {
  if (!common_.json) return;
  if (const auto counters = ua_.counters()) line(peal::stats_json(*counters, {std::chrono::system_clock::now()}));
}

}  // namespace cli
