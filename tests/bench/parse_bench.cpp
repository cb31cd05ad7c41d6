// Parse and print of the six messages of tests/data/perf. "mean" is the figure of the bars: ns a message.
#include "corpus.hpp"

#include <peal/message/parse.hpp>

#include <benchmark/benchmark.h>

#include <cstring>
#include <memory>
#include <new>

namespace {

using namespace peal;

struct Slot {
  std::string text;
  std::unique_ptr<char[]> bytes;
  explicit Slot(std::string message)
      : text(std::move(message)), bytes(std::make_unique<char[]>(text.size() + Parser::padding)) {}
  void receive() { std::memcpy(bytes.get(), text.data(), text.size()); }
};

std::vector<Slot> slots() {
  std::vector<Slot> out;
  for (const auto& file : peal_test::data_files("perf", ".sip")) out.emplace_back(peal_test::read_data(file));
  return out;
}

const Message& parsed(Parser& parser, Slot& slot) {
  slot.receive();
  switch (parser.parse(slot.bytes.get(), slot.text.size())) {
    case Parsed::request: return parser.request();
    case Parsed::response: return parser.response();
    default: std::abort();
  }
}

/// One message: routing parse as at receipt.
void routing_parse(benchmark::State& state) {
  Parser parser;
  Slot slot = std::move(slots().at(static_cast<std::size_t>(state.range(0))));
  for (auto _ : state) benchmark::DoNotOptimize(&parsed(parser, slot));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(slot.text.size()));
}
BENCHMARK(routing_parse)->DenseRange(0, 5);

/// All six in turn; the time is that of one message.
template <class F>
void mean_of_six(benchmark::State& state, F work) {
  Parser parser;
  auto messages = slots();
  std::size_t next = 0;
  for (auto _ : state) {
    work(parsed(parser, messages[next]));
    next = next + 1 == messages.size() ? 0 : next + 1;
  }
}

void routing_parse_mean(benchmark::State& state) {
  mean_of_six(state, [](const Message& m) { benchmark::DoNotOptimize(&m); });
}
BENCHMARK(routing_parse_mean);

/// Every header that has a type, read through it.
void every_header_mean(benchmark::State& state) {
  mean_of_six(state, [](const Message& m) {
    const auto touch = [&](const auto&... h) {
      (m.each(h, [](const auto& element) { benchmark::DoNotOptimize(element.has_value()); }), ...);
    };
    touch(header::via, header::from, header::to, header::call_id, header::cseq, header::max_forwards, header::contact,
          header::route, header::record_route, header::content_length, header::content_type, header::require,
          header::supported, header::allow, header::accept, header::expires, header::www_authenticate,
          header::authorization, header::proxy_authenticate, header::proxy_authorization, header::user_agent,
          header::server, header::subject);
  });
}
BENCHMARK(every_header_mean);

void parse_and_keep_mean(benchmark::State& state) {
  mean_of_six(state, [](const Message& m) {
    const Request kept(static_cast<const Request&>(m));
    benchmark::DoNotOptimize(&kept);
  });
}
BENCHMARK(parse_and_keep_mean);

void print_mean(benchmark::State& state) {
  std::vector<Request> messages;
  Parser parser;
  for (auto& slot : slots()) messages.push_back(static_cast<const Request&>(parsed(parser, slot)));
  std::string out;
  std::size_t next = 0;
  for (auto _ : state) {
    out.clear();
    messages[next].append_to(out);
    benchmark::DoNotOptimize(out.data());
    next = next + 1 == messages.size() ? 0 : next + 1;
  }
}
BENCHMARK(print_mean);

/// 200 to the big INVITE, built and printed.
void build_and_print_response(benchmark::State& state) {
  Parser parser;
  Slot slot = std::move(slots().at(0));
  parsed(parser, slot);
  const auto contact = *NameAddr::parse("<sip:bob@192.0.2.4:5060>");
  std::string out;
  for (auto _ : state) {
    Response response(parser.request(), StatusCode(200), "8321234356");
    response.set(header::contact, contact);
    out.clear();
    response.append_to(out);
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(build_and_print_response);

}  // namespace
