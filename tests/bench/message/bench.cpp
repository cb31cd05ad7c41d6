// peal-bench: Peal's message floor side by side with the stacks that Debian ships, in one run. See ratios.py.
#include "bench.hpp"

#include "corpus.hpp"

#include <peal/message/message.hpp>
#include <peal/message/parse.hpp>

#include <charconv>
#include <cstdio>
#include <cstdlib>

namespace peal_bench {

Slot::Slot(std::string file, std::string message)
    : name(std::move(file)),
      text(std::move(message)),
      bytes(std::make_unique<char[]>(text.size() + 1 + peal::Parser::padding)),
      sdp(text.find("\r\nContent-Type: application/sdp\r\n") != std::string::npos) {}

std::vector<Slot>& slots() {
  static std::vector<Slot> six = [] {
    std::vector<Slot> out;
    for (const auto& file : peal_test::data_files("perf", ".sip"))
      out.emplace_back(file.stem().string(), peal_test::read_data(file));
    if (out.size() != 6) {
      std::fputs("tests/data/perf does not hold six messages\n", stderr);
      std::exit(1);
    }
    return out;
  }();
  return six;
}

std::vector<Slot*> all() {
  std::vector<Slot*> out;
  for (Slot& slot : slots()) out.push_back(&slot);
  return out;
}

std::vector<Slot*> requests() {
  std::vector<Slot*> out;
  for (Slot& slot : slots())
    if (slot.is_request()) out.push_back(&slot);
  return out;
}

const std::string& answer::body() {
  static const std::string text(slots()[2].body());
  return text;
}

std::vector<Case>& cases() {
  static std::vector<Case> out;
  return out;
}

void require(bool ok, std::string_view stack, std::string_view what, const Slot& slot) {
  if (ok) return;
  const auto size = [](std::string_view text) { return static_cast<int>(text.size()); };
  std::fprintf(stderr, "%.*s failed at %.*s of %s\n", size(stack), stack.data(), size(what), what.data(),
               slot.name.c_str());
  std::exit(1);
}

void require_answer(std::string_view text, std::string_view stack, const Slot& request) {
  namespace header = peal::header;
  const auto asked = peal::Request::parse(request.text);
  const auto got = peal::Response::parse(text);
  require(asked.has_value() && got.has_value(), stack, "print: not a message", request);
  const auto same = [&](const auto& h, std::string_view what) {
    const auto a = asked->all(h);
    const auto b = got->all(h);
    require(a.size() == b.size(), stack, what, request);
  };
  same(header::via, "print: Via");
  same(header::record_route, "print: Record-Route");
  require(got->status().value() == 200 && got->reason() == "OK", stack, "print: status", request);
  require(got->call_id() == asked->call_id(), stack, "print: Call-ID", request);
  require(got->cseq().number == asked->cseq().number, stack, "print: CSeq", request);
  require(got->from_tag() == asked->from_tag(), stack, "print: From", request);
  require(got->to_tag() == (asked->to_tag().empty() ? answer::to_tag : asked->to_tag()), stack, "print: To", request);
  require(got->all(header::contact).size() == 1, stack, "print: Contact", request);
  require(got->all(header::allow).size() == 8, stack, "print: Allow", request);
  require(got->all(header::supported).size() == 2, stack, "print: Supported", request);
  require(got->raw(header::server) == answer::server, stack, "print: Server", request);
  require(got->body() == (request.is_invite() ? std::string_view(answer::body()) : ""), stack, "print: body", request);
  const auto length = got->get(header::content_length);
  require(length.has_value() && length->value == got->body().size(), stack, "print: Content-Length", request);
}

namespace {

/// `peal-bench --run NAME TIMES`: that case TIMES times, no clock. `peal-bench --list`: the names that it takes.
int run_once(int argc, char** argv) {
  if (argc == 2 && std::string_view(argv[1]) == "--list") {
    for (const Case& one : cases()) std::puts(one.name.c_str());
    return 0;
  }
  const std::string_view digits = argv[3];
  std::size_t times = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), times);
  for (const Case& one : cases())
    if (one.name == argv[2]) return times > 0 && one.run(times) ? 0 : 1;
  std::fprintf(stderr, "no such case: %s\n", argv[2]);
  return 2;
}

}  // namespace
}  // namespace peal_bench

int main(int argc, char** argv) {
  peal_bench::register_peal();
#ifdef PEAL_BENCH_SOFIA
  peal_bench::register_sofia();
#endif
#ifdef PEAL_BENCH_OSIP
  peal_bench::register_osip();
#endif
#ifdef PEAL_BENCH_RE
  peal_bench::register_re();
#endif
  peal_bench::register_growth();
  const std::string_view first = argc > 1 ? argv[1] : "";
  if ((first == "--run" && argc == 4) || (first == "--list" && argc == 2)) return peal_bench::run_once(argc, argv);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
