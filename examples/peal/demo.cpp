// peal demo: a registrar and two phones in one process, on loopback. Both register with digest authentication; alice
// calls bob through the registrar's proxy: ringing, answer, hold, resume, hang up. Then the call flow as a ladder.
#include "commands.hpp"

#include <peal/co.hpp>
#include <peal/modules/registrar.hpp>
#include <peal/trace/ladder.hpp>
#include <peal/trace/ring.hpp>
#include <peal/user_agent.hpp>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include <chrono>
#include <cstdio>
#include <exception>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cli {

namespace {

using namespace std::chrono_literals;
using peal::Result;

constexpr std::string_view domain = "demo.example";
constexpr int steps_of_the_story = 13;

peal::Config loopback(std::string user_agent) {
  peal::Config config;
  config.listen = {"udp:127.0.0.1:0"};
  config.user_agent = std::move(user_agent);
  return config;
}

peal::RegistrarConfig registrar_config() {
  peal::RegistrarConfig config;
  config.domains = {std::string(domain)};
  for (const char* user : {"alice", "bob"}) {
    peal::Credentials credentials;
    credentials.username = user;
    credentials.password = std::string(user) + "'s secret";
    config.users.push_back(std::move(credentials));
  }
  return config;
}

/// "udp:127.0.0.1:40000" → "127.0.0.1:40000".
std::string address_of(const peal::UserAgent& ua) { return ua.listening().front().substr(4); }

class Story {
 public:
  Story() {
    for (auto* ua : {&registrar_, &alice_, &bob_}) ua->add_tap(ring_);
  }
  ~Story() {
    for (auto* ua : {&registrar_, &alice_, &bob_}) ua->remove_tap(ring_);
  }

  bool run() {
    const auto watched = [this](const std::exception_ptr& error) {
      if (!error) return;
      step(false, "an exception ended the story");
      context_.stop();
    };
    const auto module = registrar_.install<peal::Registrar>(registrar_config());
    step(module.has_value(), "registrar and proxy for " + std::string(domain) + " on " + address_of(registrar_));
    if (!module) return false;
    proxy_ = *module;
    asio::co_spawn(context_, bob_answers(), watched);
    asio::co_spawn(context_, alice_calls(), watched);
    deadline_.async_wait([this](std::error_code error) {
      if (!error) step(false, "the story ends within 10 s"), context_.stop();
    });
    context_.run();
    return steps_ == steps_of_the_story && !failed_;
  }

  std::string ladder_text() const { return peal::trace::ladder_text(ring_.records(), names()); }
  std::string ladder_html() const { return peal::trace::ladder_html(ring_.records(), names()); }

 private:
  asio::awaitable<void> alice_calls() {
    const auto account = co_await registered(alice_, "alice");
    while (!bob_is_there_) co_await pause(10ms);

    auto call = co_await peal::co::invite(alice_, "sip:bob@" + std::string(domain));
    if (!call) co_return step(false, "alice calls bob: " + call.error().message());
    const auto ringing = co_await peal::co::next(*call);
    const auto* progress = ringing ? std::get_if<peal::Progress>(&*ringing) : nullptr;
    step(progress != nullptr && progress->code == peal::status::ringing, "alice hears that bob's phone rings");
    const auto answer = co_await peal::co::next(*call);
    step(answer && std::holds_alternative<peal::Established>(*answer), "bob answers");
    co_await pause(200ms);

    step(call->hold().has_value() && co_await hold_becomes(*call, peal::HoldState::local), "alice holds the call");
    co_await pause(200ms);
    step(call->resume().has_value() && co_await hold_becomes(*call, peal::HoldState::none), "alice resumes it");
    co_await pause(200ms);

    const bool hung_up = call->hang_up().has_value();
    step(hung_up && co_await ends(*call), "alice hangs up");
    const auto done = proxy_->counters();
    step(done.challenged >= 3, "everybody proved who they are (401, 407)");
    step(done.forwarded_requests >= 2 && done.forwarded_responses >= 2, "the call went through the proxy");
    while (!bob_is_done_) co_await pause(10ms);
    for (auto* ua : {&alice_, &bob_}) {
      const auto closed = co_await ua->shutdown(1s, asio::use_awaitable);
      if (!closed) step(false, "unregisters: " + closed.error().message());
    }
    deadline_.cancel();
    context_.stop();
  }

  asio::awaitable<void> bob_answers() {
    const auto account = co_await registered(bob_, "bob");
    bob_is_there_ = true;
    auto call = co_await peal::co::next_call(bob_);
    if (!call) co_return step(false, "bob is called: " + call.error().message());
    bool fine = call->ring().has_value();
    co_await pause(300ms);
    fine = call->answer().has_value() && fine;
    const auto begun = co_await peal::co::next(*call);
    fine = fine && begun && std::holds_alternative<peal::Established>(*begun);
    step(fine, "bob rang, answered, and has the ACK");
    const bool held = co_await hold_becomes(*call, peal::HoldState::remote);
    const bool resumed = co_await hold_becomes(*call, peal::HoldState::none);
    step(held && resumed, "bob was held and resumed");
    step(co_await ends(*call), "bob hears the hang-up");
    bob_is_done_ = true;
  }

  asio::awaitable<peal::Account> registered(peal::UserAgent& ua, std::string name) {
    peal::AccountConfig config;
    config.aor = "sip:" + name + "@" + std::string(domain);
    config.password = name + "'s secret";
    config.outbound_proxy = "sip:" + address_of(registrar_);
    auto account = ua.add_account(config);
    if (!account) throw std::system_error(account.error(), config.aor);
    const auto result = co_await peal::co::start(*account);
    step(result && result->state == peal::RegistrationState::registered, name + " registers");
    co_return *account;
  }

  asio::awaitable<bool> hold_becomes(peal::Call call, peal::HoldState wanted) {
    const auto event = co_await peal::co::next(call);
    const auto* changed = event ? std::get_if<peal::Changed>(&*event) : nullptr;
    co_return changed != nullptr && changed->hold == wanted;
  }
  asio::awaitable<bool> ends(peal::Call call) {
    const auto event = co_await peal::co::next(call);
    const auto* ended = event ? std::get_if<peal::Ended>(&*event) : nullptr;
    co_return ended != nullptr && ended->cause.code == 0;
  }
  asio::awaitable<void> pause(std::chrono::milliseconds duration) {
    asio::steady_timer timer(context_, duration);
    co_await timer.async_wait(asio::use_awaitable);
  }

  void step(bool seen, const std::string& what) {
    std::printf("  %s %s\n", seen ? "ok    " : "FAILED", what.c_str());
    ++steps_;
    failed_ = failed_ || !seen;
  }
  peal::trace::LadderOptions names() const {
    peal::trace::LadderOptions options;
    options.title = "peal demo: the first call";
    const std::pair<const peal::UserAgent*, const char*> columns[] = {
        {&alice_, "alice"}, {&registrar_, "registrar"}, {&bob_, "bob"}};
    for (const auto& [ua, name] : columns)
      if (const auto endpoint = peal::transport::Endpoint::parse(address_of(*ua)))
        options.names.emplace_back(*endpoint, name);
    return options;
  }

  asio::io_context context_{1};
  peal::trace::Ring ring_;
  peal::UserAgent registrar_{context_, loopback("peal demo registrar")};
  peal::UserAgent alice_{context_, loopback("peal demo alice")};
  peal::UserAgent bob_{context_, loopback("peal demo bob")};
  asio::steady_timer deadline_{context_, 10s};
  peal::Registrar* proxy_ = nullptr;
  bool bob_is_there_ = false, bob_is_done_ = false;
  int steps_ = 0;
  bool failed_ = false;
};

}  // namespace

int run(const Demo& command) {
  std::puts("The first call: a registrar and two phones, on this machine only.\n");
  Story story;
  const bool good = story.run();
  std::printf("\n%s\n", story.ladder_text().c_str());
  std::ofstream html(command.html, std::ios::binary);
  html << story.ladder_html();
  html.close();
  if (!html) {
    std::fprintf(stderr, "cannot write %s\n", command.html.c_str());
    return not_started;
  }
  std::printf("The same as a web page: %s\n", command.html.c_str());
  return good ? success : failed;
}

}  // namespace cli
