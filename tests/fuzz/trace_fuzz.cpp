// Bytes from anywhere, as taps may see them: no ladder, page, log or capture can be broken by them, and what is left of
// them there is printable.
#include "well_formed.hpp"

#include <peal/trace/jsonl.hpp>
#include <peal/trace/ladder.hpp>
#include <peal/trace/pcapng.hpp>
#include <peal/trace/redact.hpp>
#include <peal/trace/ring.hpp>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace peal;

namespace {

void expect(bool holds) {
  if (!holds) std::abort();
}

void expect_printable(std::string_view text, std::ptrdiff_t lines) {
  for (const char c : text) expect(c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f));
  expect(std::count(text.begin(), text.end(), '\n') == lines);
}

/// Cut at 0xff into messages that go to and fro, so that repetitions and answers come about.
void feed(trace::Ring& ring, std::string_view bytes) {
  const transport::Endpoint a{transport::IpAddress::v4({192, 0, 2, 1}), 5060};
  const transport::Endpoint b{transport::IpAddress::v6({0x20, 0x01, 0x0d, 0xb8}), 5061};
  for (int i = 0; i < 16; ++i) {
    const auto end = bytes.find('\xff');
    const bool sent = i % 2 == 0;
    ring.on_message({sent ? transport::Direction::sent : transport::Direction::received,
                     i % 3 == 0 ? transport::Protocol::tcp : transport::Protocol::udp, i % 5 == 0 ? a : b,
                     i % 7 == 0 ? b : a, trace::WallTime(std::chrono::milliseconds(i)), bytes.substr(0, end)});
    if (i % 11 == 0) ring.note(bytes.substr(0, end), trace::WallTime(std::chrono::milliseconds(i)));
    if (end == std::string_view::npos) return;
    bytes.remove_prefix(end + 1);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  trace::Ring ring(std::size_t{1} << 16U);
  feed(ring, text);
  const auto records = ring.records();
  trace::LadderOptions options;
  options.title = std::string(text.substr(0, 40));
  const auto page = trace::ladder_html(records, options);
  expect(trace_call::WellFormed{page, {}, {}}.check());
  const auto ladder = trace::ladder_text(records);
  expect_printable(ladder, std::count(ladder.begin(), ladder.end(), '\n'));
  expect(trace::ladder_mermaid(records).starts_with("sequenceDiagram\n"));
  expect_printable(trace::jsonl(records), static_cast<std::ptrdiff_t>(records.size()));
  expect(trace::pcapng(records).size() % 4 == 0);
  for (const auto& id : trace::call_ids(records)) expect(!trace::records_of_call(records, id).empty());
  // Masking what is masked already changes nothing more.
  const auto once = trace::redacted(text);
  expect(trace::redacted(once) == once);
  return 0;
}
