#include <peal/transaction/transaction_layer.hpp>
#include <peal/transport/timer_wheel.hpp>

#include <benchmark/benchmark.h>
#include <malloc.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "slot_table.hpp"

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
    void send(const transport::SharedBytes& bytes, const transport::Endpoint&) override {
      benchmark::DoNotOptimize(bytes.size());
    }
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
  bool offered_tag = false;  ///< uses the tag that the layer offers and need not keep
  std::size_t ended = 0;
  std::size_t answer_bytes = 0;
  void on_request(ServerId id, const Request& request, const Flow&) override {
    if (!answers) return;
    const auto sent =
        layer->respond(id, Response(request, code, offered_tag ? *layer->local_tag(id) : std::string("8321234356")));
    answer_bytes = sent->bytes.size();
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
             " sip:alice@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP "
             "192.0.2.2:5060;branch=z9hG4bK-000000000000\r\nMax-Forwards: 70\r\n"
             "From: \"Bob\" <sip:bob@example.com>;tag=1928301774\r\nTo: <sip:alice@example.com>\r\n"
             "Call-ID: a84b4c76e66710@pc33.example.com\r\nCSeq: 314159 " +
             std::string(method) +
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
    static_cast<void>(
        layer.transport().listen(transport::Protocol::udp, *transport::Endpoint::parse("192.0.2.1:5060")));
  }
  BenchRuntime runtime;
  User user;
  TransactionLayer layer{
      runtime,
      user,
      {.limits = {.transactions = 2'000'000, .transactions_per_source = 2'000'000, .echo_bytes = 2'000'000'000}}};
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

/// INVITE answered 486 within the upcall, and its ACK: Completed with timers G and H, Confirmed.
void server_invite_rejected(benchmark::State& state) {
  Rig rig;
  rig.user.code = StatusCode(486);
  Asker invite("INVITE"), ack("ACK");
  transport::TimePoint now{};
  for (auto _ : state) {
    if (invite.count % 100 == 0) rig.runtime.wheel.advance(now += 10ms);
    invite.ask(rig.runtime);
    ack.ask(rig.runtime);
  }
  if (rig.layer.counters().server_machines != 0) state.SkipWithError("an ACK did not match");
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(server_invite_rejected);

transport::Target bob() { return {transport::Protocol::udp, *transport::Endpoint::parse("192.0.2.2:5060"), {}}; }

Request bare_request(std::string_view method) {
  const std::string name(method);
  Request request = *Request::parse(name +
                                    " sip:bob@192.0.2.2 SIP/2.0\r\nMax-Forwards: 70\r\nVia: SIP/2.0/UDP "
                                    "x;branch=z9hG4bKx\r\nFrom: <sip:a@192.0.2.1>;tag=1\r\n"
                                    "To: <sip:bob@192.0.2.2>\r\nCall-ID: c\r\nCSeq: 1 " +
                                    name + "\r\nContent-Length: 0\r\n\r\n");
  request.remove(header::via);
  return request;
}

/// A request sent and answered: branch, Via, print, match; then Timer K, or the ACK and Timer D, or Timer M.
void client(benchmark::State& state, std::string_view method, std::string_view status_line) {
  Rig rig;
  transport::TimePoint now{};
  const auto request = bare_request(method);
  std::vector<char> slot(4096);
  std::size_t n = 0;
  for (auto _ : state) {
    if (++n % 100 == 0) rig.runtime.wheel.advance(now += 10ms);
    Request copy = request;
    const auto id = rig.layer.send(copy, bob(), rig.user);
    const std::string_view sent = rig.layer.packet(*id)->bytes.view();
    const auto head = sent.find("\r\n");
    std::memcpy(slot.data(), status_line.data(), status_line.size());
    std::memcpy(slot.data() + status_line.size(), sent.data() + head, sent.size() - head);
    rig.runtime.net.sink->on_datagram({slot.data(), status_line.size() + sent.size() - head, bob().endpoint, false});
  }
  if (rig.user.ended != n) state.SkipWithError("not every transaction was answered");
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(client, non_invite, "OPTIONS", "SIP/2.0 200 OK");
BENCHMARK_CAPTURE(client, invite_accepted, "INVITE", "SIP/2.0 200 OK");
BENCHMARK_CAPTURE(client, invite_rejected, "INVITE", "SIP/2.0 486 Busy Here");

/// What the C library has given out: every block with its head and its rounding, and what it mapped.
std::size_t bytes_in_use() {
  const auto info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

/// Memory of what lives, by the C library's own account, while there come to be a million of them: after the last, and
/// at its worst from a tenth of them on, just behind a growth of the table. `beside`: what is not counted of each.
template <class One>
void measure_memory(benchmark::State& state, const char* name, std::size_t beside, One one) {
  constexpr std::size_t n = 1'000'000;
  const std::size_t before = bytes_in_use();
  double worst = 0;
  const auto each = [&](std::size_t live) {
    return (static_cast<double>(bytes_in_use()) - static_cast<double>(before)) / static_cast<double>(live) -
           static_cast<double>(beside);
  };
  for (auto _ : state) {
    for (std::size_t live = 1; live <= n; ++live) {
      one();
      if (live >= n / 10 && live % 1000 == 0) worst = std::max(worst, each(live));
    }
  }
  state.counters[name] = each(n);
  state.counters["worst"] = worst;
}

/// One million answered OPTIONS that wait for copies: what each costs beside its stored response (bar: 100 bytes).
void memory_lingering_non_invite(benchmark::State& state) {
  Rig rig;
  Asker options("OPTIONS");
  options.ask(rig.runtime);
  measure_memory(state, "bytes_a_lingering", rig.user.answer_bytes, [&] { options.ask(rig.runtime); });
  const auto c = rig.layer.counters();
  state.counters["timers"] = static_cast<double>(rig.runtime.wheel.size());
  state.counters["counted"] = static_cast<double>(c.echo_bytes) / static_cast<double>(c.echo_records) -
                              static_cast<double>(rig.user.answer_bytes);
}
BENCHMARK(memory_lingering_non_invite)->Iterations(1);

/// INVITEs answered 200, which wait in Accepted; with a tag of the user's own, and with the one that the layer offers.
void memory_lingering_invite(benchmark::State& state) {
  Rig rig;
  rig.user.offered_tag = state.range(0) == 1;
  Asker invite("INVITE");
  measure_memory(state, "bytes_a_lingering", 0, [&] { invite.ask(rig.runtime); });
}
BENCHMARK(memory_lingering_invite)->ArgName("offered_tag")->Arg(0)->Arg(1)->Iterations(1);

/// Live machines with everything that they keep: what would be answered if the user stayed silent, or the request.
void memory_live_server(benchmark::State& state) {
  Rig rig;
  rig.user.answers = false;
  Asker asker(state.range(0) == 1 ? "INVITE" : "OPTIONS");
  measure_memory(state, "bytes_a_live_server_machine", 0, [&] { asker.ask(rig.runtime); });
}
BENCHMARK(memory_live_server)->ArgName("invite")->Arg(0)->Arg(1)->Iterations(1);

void memory_live_client(benchmark::State& state) {
  Rig rig;
  const auto request = bare_request(state.range(0) == 1 ? "INVITE" : "OPTIONS");
  measure_memory(state, "bytes_a_live_client_machine", 0, [&] {
    Request copy = request;
    static_cast<void>(rig.layer.send(copy, bob(), rig.user));
  });
}
BENCHMARK(memory_live_client)->ArgName("invite")->Arg(0)->Arg(1)->Iterations(1);

/// CPU time of this thread, so that others on the machine do not count.
double cpu_us() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

/// A million entries come and go: the longest that one insert or erase took (the table grows), and the worst search.
void table_growth(benchmark::State& state) {
  double longest = 0, probe = 0;
  std::size_t n = 0;
  for (auto _ : state) {
    SlotTable table;
    std::uint64_t random = 1;
    const auto timed = [&](auto step) {
      const double start = cpu_us();
      step();
      longest = std::max(longest, cpu_us() - start);
    };
    const auto next = [&] { return static_cast<std::uint32_t>((random = random * 6364136223846793005U + 1) >> 32U); };
    for (std::uint32_t i = 0; i < 1'000'000; ++i) timed([&] { table.insert(next(), i); });
    probe = std::max(probe, static_cast<double>(table.longest_probe()));
    random = 1;
    for (std::uint32_t i = 0; i < 1'000'000; ++i) timed([&] { table.erase(next(), i); });
    n += 2'000'000;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(n));
  state.counters["longest_pause_us"] = longest;
  state.counters["longest_probe"] = probe;
}
BENCHMARK(table_growth)->Iterations(3);

}  // namespace
}  // namespace peal::inline v0::transaction
