// How the time of a parse grows with the size of the message, and what a message over a limit costs.
#include "bench.hpp"

#include <peal/message/parse.hpp>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace peal_bench {
namespace {

using namespace peal;

/// 110 bytes: the smallest that holds what routing needs.
std::string small(std::string_view lines, std::string_view body) {
  return "OPTIONS sip:b SIP/2.0\r\nv: SIP/2.0/UDP a;branch=z9hG4bKb\r\nf: <sip:a>;tag=1\r\nt: <sip:b>\r\ni: c\r\n"
         "CSeq: 1 OPTIONS\r\n" +
         std::string(lines) + "l: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

std::string with_lines(std::size_t bytes) {
  std::string lines;
  constexpr std::string_view line = "X-Padding: a header of an unremarkable length\r\n";
  while (small(lines, "").size() + line.size() <= bytes) lines += line;
  return small(lines, "");
}

std::string with_body(std::size_t bytes) {
  const std::size_t empty = small("", "").size() + 4;
  return small("", std::string(bytes > empty ? bytes - empty : 0, 'b'));
}

struct Received {
  explicit Received(std::string message) : text(std::move(message)), bytes(text.size() + 1 + Parser::padding, '\0') {}
  Parsed by(Parser& parser) {
    std::memcpy(bytes.data(), text.data(), text.size());
    return parser.parse(bytes.data(), text.size());
  }
  std::string text;
  std::string bytes;
};

void grow(const char* name, std::string (*make)(std::size_t)) {
  benchmark::RegisterBenchmark(
      name,
      [make](benchmark::State& state) {
        ParseLimits limits;
        limits.message_bytes = 1U << 20U;
        limits.header_lines = 4096;
        Parser parser(limits);
        Received message(make(static_cast<std::size_t>(state.range(0))));
        for (auto _ : state)
          if (message.by(parser) != Parsed::request) state.SkipWithError("refused");
        state.SetComplexityN(static_cast<std::int64_t>(message.text.size()));
        state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(message.text.size()));
      })
      ->RangeMultiplier(4)
      ->Range(128, 1 << 16)
      ->Complexity(benchmark::oN);
}

/// Ten thousand short lines, in a datagram that is not too long: with the limits that hold by default.
void refuse(benchmark::State& state) {
  std::string lines;
  for (int i = 0; i < 10'000; ++i) lines += "X:y\r\n";
  Parser parser;
  Received message(small(lines, ""));
  for (auto _ : state) {
    const Parsed result = message.by(parser);
    if (result != Parsed::bad_request && result != Parsed::garbage) state.SkipWithError("accepted");
  }
  if (parser.error().code != parse_errc::too_many_headers) state.SkipWithError("not for its headers");
}

}  // namespace

void register_growth() {
  grow("peal/growth/lines", with_lines);
  grow("peal/growth/body", with_body);
  benchmark::RegisterBenchmark("peal/refuse/10000_headers", refuse);
}

}  // namespace peal_bench
