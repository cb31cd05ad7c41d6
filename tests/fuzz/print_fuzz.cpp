// Any bytes as one datagram, printed into every capacity as it came, edited, and as an answer: nothing is written
// beyond the buffer, and what fits is what to_string gives.
#include "message_cycle.hpp"

#include <cstdint>
#include <cstring>
#include <vector>

namespace {

void print_into_every_capacity(const peal::Message& message) {
  using peal_test::must;
  const auto expected = message.to_string();
  must(message.printed_size() == expected.size());
  // Each capacity near the ends, and some between: a block of its own, so that ASan sees a step too far.
  for (std::size_t capacity = 0; capacity <= expected.size() + 1;
       capacity += capacity < 64 || capacity + 64 > expected.size() ? 1U : 61U) {
    std::vector<char> out(capacity);
    const auto printed = message.print_to(out);
    must(printed.has_value() == (capacity >= expected.size()));
    if (printed) must(*printed == expected.size() && std::memcmp(out.data(), expected.data(), expected.size()) == 0);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static peal::Parser parser;
  if (size > 8192) return 0;
  std::vector<char> slot(size + peal::Parser::padding);
  std::copy(data, data + size, slot.begin());
  switch (parser.parse(slot.data(), size)) {
    case peal::Parsed::request:
    case peal::Parsed::bad_request:
      print_into_every_capacity(parser.request());
      print_into_every_capacity(peal::Response(parser.request(), peal::StatusCode(400), "tag"));
      peal_test::edit_all(parser.request());
      print_into_every_capacity(parser.request());
      break;
    case peal::Parsed::response: print_into_every_capacity(parser.response()); break;
    default: break;
  }
  return 0;
}
