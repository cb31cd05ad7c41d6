// Any bytes as one datagram: parse, read, copy, edit, answer and print.
#include "message_cycle.hpp"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static peal::Parser parser;
  peal_test::message_cycle(parser, {reinterpret_cast<const char*>(data), size});
  static peal::Parser lenient([] {
    peal::ParseLimits limits;
    limits.profile = peal::Profile::interop;
    return limits;
  }());
  peal_test::message_cycle(lenient, {reinterpret_cast<const char*>(data), size}, peal::Profile::interop);
  return 0;
}
