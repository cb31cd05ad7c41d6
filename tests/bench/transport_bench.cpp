#include <peal/transport/asio_runtime.hpp>
#include <peal/transport/timer_wheel.hpp>
#include <peal/transport/transport_layer.hpp>

#include <benchmark/benchmark.h>

#include <asio/io_context.hpp>

#include <memory>
#include <string>
#include <vector>

namespace peal::inline v0::transport {
namespace {

using namespace std::chrono_literals;

struct Idle final : Timer {
  Idle() : Timer([](Timer&) {}) {}
};

/// A timer's usual life: armed, and disarmed before it fires, among a hundred thousand others.
void arm_and_disarm(benchmark::State& state) {
  TimerWheel wheel(TimePoint{});
  std::vector<Idle> others(100'000);
  for (std::size_t i = 0; i < others.size(); ++i) wheel.arm(others[i], 32s + std::chrono::milliseconds(i));
  Idle timer;
  for (auto _ : state) {
    wheel.arm(timer, 500ms);
    wheel.disarm(timer);
  }
}
BENCHMARK(arm_and_disarm);

/// Nobody listens above, nobody below.
struct Silent final : TransportUser {
  void on_request(const Request& request, const Flow&) override { benchmark::DoNotOptimize(&request); }
  void on_response(const Response&, const Flow&, bool) override {}
  void on_unreachable(const Flow&, std::error_code) override {}
};

std::string invite(std::uint16_t port, std::string_view via_params) {
  return "INVITE sip:bob@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:" + std::to_string(port) +
         ";branch=z9hG4bK776asdhds" + std::string(via_params) +
         "\r\nMax-Forwards: 70\r\nTo: Bob <sip:bob@example.com>\r\nFrom: Alice <sip:alice@example.com>;tag=1928301774\r\n"
         "Call-ID: a84b4c76e66710@pc33.example.com\r\nCSeq: 314159 INVITE\r\nContact: <sip:alice@127.0.0.1>\r\n"
         "Content-Length: 0\r\n\r\n";
}

/// Requests through loopback, in bursts of 32: sendmmsg, the kernel, recvmmsg, parse, Via rules, upcall. Per message.
void receive_requests(benchmark::State& state) {
  asio::io_context context(1);
  const auto runtime = make_runtime(context);
  Silent user;
  TransportLayer layer(*runtime, user);
  const auto any_port = Endpoint::parse("127.0.0.1:0").value();
  const auto from = layer.listen(Protocol::udp, any_port).value();
  const auto to = layer.listen(Protocol::udp, any_port).value();
  const std::string text = invite(layer.local_endpoint(from).port, state.range(0) != 0 ? ";rport" : "");
  const Packet packet{{Protocol::udp, from, layer.local_endpoint(to), 0}, SharedBytes(text)};
  std::int64_t messages = 0;
  for (auto _ : state) {
    {
      const Runtime::Turn turn(*runtime);
      for (int i = 0; i < 32; ++i) layer.send(packet);
    }
    context.poll();
    messages += 32;
  }
  state.SetItemsProcessed(messages);
}
BENCHMARK(receive_requests)->ArgName("rport")->Arg(0)->Arg(1);

/// One request a turn: the whole wake-up.
void receive_one_a_turn(benchmark::State& state) {
  asio::io_context context(1);
  const auto runtime = make_runtime(context);
  Silent user;
  TransportLayer layer(*runtime, user);
  const auto any_port = Endpoint::parse("127.0.0.1:0").value();
  const auto from = layer.listen(Protocol::udp, any_port).value();
  const auto to = layer.listen(Protocol::udp, any_port).value();
  const std::string text = invite(layer.local_endpoint(from).port, ";rport");
  const Packet packet{{Protocol::udp, from, layer.local_endpoint(to), 0}, SharedBytes(text)};
  for (auto _ : state) {
    layer.send(packet);
    context.poll();
  }
}
BENCHMARK(receive_one_a_turn);

void post_and_run(benchmark::State& state) {
  asio::io_context context(1);
  const auto runtime = make_runtime(context);
  for (auto _ : state) {
    runtime->post([] {});
    context.restart();
    context.poll();
  }
}
BENCHMARK(post_and_run);

void draw_a_token(benchmark::State& state) {
  asio::io_context context(1);
  const auto runtime = make_runtime(context);
  for (auto _ : state) benchmark::DoNotOptimize(runtime->random().token(16));
}
BENCHMARK(draw_a_token);

}  // namespace
}  // namespace peal::inline v0::transport
