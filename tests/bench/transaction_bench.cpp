#include <peal/transaction/transaction_layer.hpp>
#include <peal/transport/timer_wheel.hpp>

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

// Transactions through the layer without sockets and without waiting: parse, match, answer, print, demote, expire.

namespace peal::inline v0::transaction {
namespace {

using namespace std::chrono_literals;

/// A wheel that the benchmark turns, chance from a counter, and a socket whose bytes nobody reads.
class BenchRuntime final : public transport::Runtime {
 public:
  struct Chance final : transport::RandomSource {
    std::uint64_t state = 1;
    void fill(std::span<std::byte> out) override {
      for (auto& byte : out) byte = static_cast<std::byte>((state = state * 6364136223846793005U + 1) >> 56U);
    }
  };
  struct NoLog final : transport::LogSink {
    [[nodiscard]] bool wants(transport::LogLevel) const noexcept override { return false; }
    void write(transport::LogLevel, std::string_view, std::string_view) override {}
  };
  struct Socket final : transport::DatagramSocket {
    explicit Socket(const transport::Endpoint& at) : local_(at) {}
    [[nodiscard]] const transport::Endpoint& local() const noexcept override { return local_; }
    void send(const transport::SharedBytes& bytes, const transport::Endpoint&) override { benchmark::DoNotOptimize(bytes.size()); }
    transport::Endpoint local_;
  };
  struct Net final : transport::Network {
    transport::DatagramSink* sink = nullptr;
    Result<std::unique_ptr<transport::DatagramSocket>> open_datagram(const transport::Endpoint& local,
                                                                     transport::DatagramSink& its) override {
      sink = &its;
      return std::unique_ptr<transport::DatagramSocket>(std::make_unique<Socket>(local));
    }
    Result<transport::IpAddress> source_address_for(const transport::Endpoint&) override {
      return transport::IpAddress::v4({192, 0, 2, 1});
    }
    void resolve(transport::HostQuery&, std::string_view) override {}
  };
  struct Here final : transport::OwnerCheck {
    [[nodiscard]] bool on_owner_thread() const noexcept override { return true; }
  };
  transport::TimerService& timers() override { return wheel; }
  transport::RandomSource& random() override { return chance; }
  transport::LogSink& log() override { return no_log; }
  transport::Network& network() override { return net; }
  [[nodiscard]] std::chrono::system_clock::time_point wall_time() const override { return {}; }
  void post(UniqueFunction<void()>) override {}
  [[nodiscard]] std::shared_ptr<const transport::OwnerCheck> owner_check() const override {
    return std::make_shared<Here>();
  }

  transport::TimerWheel wheel{transport::TimePoint{}};
  Chance chance;
  NoLog no_log;
  Net net;
};

struct User final : TransactionUser, ClientUser {
  TransactionLayer* layer = nullptr;
  StatusCode code{200};
  bool answers = true;
  std::size_t ended = 0;
  void on_request(ServerId id, const Request& request, const Flow&) override {
    if (answers) static_cast<void>(layer->respond(id, Response(request, code, "8321234356")));
  }
  void on_ack(const Request&, const Flow&) override {}
  void on_cancel(ServerId, const Request&) override {}
  void on_2xx(const Response&, const Flow&, bool) override {}
  void on_server_failure(ServerId, const Failure&) override {}
  void on_response(ClientId, const Response&, const Flow&) override { ++ended; }
  void on_failure(ClientId, const Failure&) override { ++ended; }
};

/// A request whose branch is counted up in place.
struct Asker {
  explicit Asker(std::string_view method)
      : text(std::string(method) +
             " sip:alice@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK-000000000000\r\nMax-Forwards: 70\r\n"
             "From: \"Bob\" <sip:bob@example.com>;tag=1928301774\r\nTo: <sip:alice@example.com>\r\n"
             "Call-ID: a84b4c76e66710@pc33.example.com\r\nCSeq: 314159 " + std::string(method) +
             "\r\nContact: <sip:bob@192.0.2.2>\r\nUser-Agent: bench\r\nContent-Length: 0\r\n\r\n") {
    at = text.find("000000000000");
    slot.resize(text.size() + 64);
  }
  void ask(BenchRuntime& runtime) {
    auto n = ++count;
    for (std::size_t i = 12; i-- > 0; n /= 10) text[at + i] = static_cast<char>('0' + n % 10);
    std::memcpy(slot.data(), text.data(), text.size());
    runtime.net.sink->on_datagram({slot.data(), text.size(), peer, false});
  }
  std::string text;
  std::vector<char> slot;
  std::size_t at = 0;
  std::uint64_t count = 0;
  transport::Endpoint peer = *transport::Endpoint::parse("192.0.2.2:5060");
};

struct Rig {
  Rig() {
    user.layer = &layer;
    static_cast<void>(layer.transport().listen(transport::Protocol::udp, *transport::Endpoint::parse("192.0.2.1:5060")));
  }
  BenchRuntime runtime;
  User user;
  TransactionLayer layer{runtime, user};
};

/// Non-INVITE server transactions at 30,000 a second of virtual time: so a million linger, and as many expire as come.
void server_non_invite(benchmark::State& state) {
  Rig rig;
  Asker options("OPTIONS");
  transport::TimePoint now{};
  const auto one = [&] {
    if (options.count % 300 == 0) rig.runtime.wheel.advance(now += 10ms);
    options.ask(rig.runtime);
  };
  for (int i = 0; i < 1'000'000; ++i) one();
  for (auto _ : state) one();
  const auto c = rig.layer.counters();
  state.SetItemsProcessed(state.iterations());
  state.counters["echo_records"] = static_cast<double>(c.echo_records);
  state.counters["bytes_a_record"] = static_cast<double>(c.echo_bytes) / static_cast<double>(c.echo_records);
}
BENCHMARK(server_non_invite);

/// INVITE answered 200 within the upcall: Accepted, nothing kept.
void server_invite_accepted(benchmark::State& state) {
  Rig rig;
  Asker invite("INVITE");
  transport::TimePoint now{};
  for (auto _ : state) {
    if (invite.count % 100 == 0) rig.runtime.wheel.advance(now += 10ms);
    invite.ask(rig.runtime);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(server_invite_accepted);

/// OPTIONS sent and answered: branch, Via, print, match, Timer K.
void client_non_invite(benchmark::State& state) {
  Rig rig;
  transport::TimePoint now{};
  const transport::Target target{transport::Protocol::udp, *transport::Endpoint::parse("192.0.2.2:5060"), {}};
  Request request = *Request::parse(
      "OPTIONS sip:bob@192.0.2.2 SIP/2.0\r\nMax-Forwards: 70\r\nVia: SIP/2.0/UDP x;branch=z9hG4bKx\r\nFrom: <sip:a@192.0.2.1>;tag=1\r\n"
      "To: <sip:bob@192.0.2.2>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n");
  request.remove(header::via);
  std::vector<char> slot(4096);
  std::size_t n = 0;
  for (auto _ : state) {
    if (++n % 100 == 0) rig.runtime.wheel.advance(now += 10ms);
    Request copy = request;
    const auto id = rig.layer.send(copy, target, rig.user);
    const std::string_view sent = rig.layer.packet(*id)->bytes.view();
    constexpr std::string_view ok = "SIP/2.0 200 OK";
    const auto head = sent.find("\r\n");
    std::memcpy(slot.data(), ok.data(), ok.size());
    std::memcpy(slot.data() + ok.size(), sent.data() + head, sent.size() - head);
    rig.runtime.net.sink->on_datagram({slot.data(), ok.size() + sent.size() - head, target.endpoint, false});
  }
  if (rig.user.ended != n) state.SkipWithError("not every transaction was answered");
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(client_non_invite);

/// INVITEs that wait for their user: what one costs while it lives is `bytes_a_machine` and the 100 kept for it.
void server_invite_proceeding(benchmark::State& state) {
  Rig rig;
  rig.user.answers = false;
  Asker invite("INVITE");
  for (auto _ : state) {
    invite.ask(rig.runtime);
    if (invite.count % 100'000 == 0) rig.runtime.wheel.advance(rig.runtime.wheel.now() + 10ms);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(server_invite_proceeding)->Iterations(500'000);

}  // namespace
}  // namespace peal::inline v0::transaction
