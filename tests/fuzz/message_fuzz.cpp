// Any bytes as one datagram: every reader finds the same in it; parse, read, copy, edit, answer and print.
#include "message_cycle.hpp"
#include "reading.hpp"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static peal::Parser parser;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (!text.empty()) {
    const auto expected = peal_test::reading(peal::readers().front(), text);
    for (const auto& reader : peal::readers().subspan(1)) peal_test::must(peal_test::reading(reader, text) == expected);
  }
  peal_test::message_cycle(parser, text);
  static peal::Parser lenient([] {
    peal::ParseLimits limits;
    limits.profile = peal::Profile::interop;
    return limits;
  }());
  peal_test::message_cycle(lenient, text, peal::Profile::interop);
  return 0;
}
