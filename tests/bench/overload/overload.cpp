// Goodput of a UserAgent on loopback at rising rates, then at twice the best one: calls answered within 2 s and hung
// up.
//   overload [--work MICROSECONDS] [--seconds N] [--rate FIRST] [--never-refuse]
// `work`: what the handler of the bot computes for each call. One core is the server's, one the load's.
#include "call_load.hpp"

#include <peal/user_agent.hpp>

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>

#include <charconv>
#include <cstdio>
#include <cstring>
#include <future>
#include <memory>
#include <string>
#include <thread>

namespace {

using namespace std::chrono_literals;

struct Bot : peal::UserAgentHandler {
  std::chrono::microseconds work{};
  void on_incoming_call(peal::IncomingCall& call) override {
    const auto until = std::chrono::steady_clock::now() + work;
    while (std::chrono::steady_clock::now() < until) {
    }
    (void)call.answer();
  }
};

/// A UserAgent on a thread of its own.
class Server {
 public:
  Server(std::chrono::microseconds work, bool refuses) {
    peal::Config config;
    config.listen = {"udp:127.0.0.1:0"};
    config.slow_handler = 10s;
    if (!refuses) config.busy_after = 0ms;
    bot_.work = work;
    agent_ = std::make_unique<peal::UserAgent>(io_, config);
    (void)agent_->set_handler(&bot_);
    const auto where = agent_->listening().front();
    port_ = static_cast<std::uint16_t>(std::stoi(where.substr(where.rfind(':') + 1)));
    thread_ = std::thread([this] { io_.run(); });
  }
  ~Server() {
    agent_->post([this] { agent_.reset(); });
    guard_.reset();
    thread_.join();
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  /// How many it dropped for that reason.
  std::uint64_t dropped(peal::transport::Drop reason) {
    std::promise<std::uint64_t> count;
    agent_->post([&] { count.set_value(agent_->core().transactions().drops()[reason]); });
    return count.get_future().get();
  }

 private:
  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> guard_{io_.get_executor()};
  Bot bot_;
  std::unique_ptr<peal::UserAgent> agent_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

struct Options {
  std::chrono::microseconds work{1000};
  std::chrono::milliseconds duration{5000};
  double rate = 0;
  bool refuses = true;
};

CallLoad::Outcome measure(const Options& options, double rate) {
  Server server(options.work, options.refuses);
  CallLoad load(server.port());
  const auto outcome = load.run(rate, options.duration, 2s);
  const auto shed = server.dropped(peal::transport::Drop::shed);
  const auto no_room = server.dropped(peal::transport::Drop::no_room);
  std::printf("%10.0f %10.0f %10zu %10zu %10zu %10llu %10llu\n", rate, outcome.goodput(), outcome.good, outcome.refused,
              outcome.failed, static_cast<unsigned long long>(shed), static_cast<unsigned long long>(no_room));
  std::fflush(stdout);
  return outcome;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (name == "--never-refuse") {
      options.refuses = false;
      continue;
    }
    const long value = i + 1 < argc ? std::strtol(argv[++i], nullptr, 10) : 0;
    if (name == "--work")
      options.work = std::chrono::microseconds(value);
    else if (name == "--seconds")
      options.duration = std::chrono::seconds(value);
    else if (name == "--rate")
      options.rate = static_cast<double>(value);
    else
      return std::fputs("overload [--work MICROSECONDS] [--seconds N] [--rate FIRST] [--never-refuse]\n", stderr), 2;
  }
  double rate = options.rate;
  if (rate <= 0) rate = options.work > 0us ? 0.6 * 1e6 / static_cast<double>(options.work.count() + 60) : 5000;
  std::puts("offered/s  goodput/s       good    refused     failed       shed    no room");
  double best = 0;
  for (int below = 0; below < 2; rate *= 1.15) {
    const double goodput = measure(options, rate).goodput();
    best = std::max(best, goodput);
    below = goodput < 0.9 * rate ? below + 1 : 0;
  }
  const double twice = measure(options, 2 * best).goodput();
  std::printf("best %.0f calls/s; at twice that %.0f: %.0f %%\n", best, twice, 100 * twice / best);
}
