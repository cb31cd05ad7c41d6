#pragma once

#include "rep.hpp"

#include <peal/message/limits.hpp>

#include <cstdint>
#include <span>
#include <string_view>

namespace peal::inline v0 {

/// The first thing that was wrong with a message. Bytes are counted from the start of the datagram.
struct Fault {
  parse_errc why = parse_errc::no_result;
  std::uint32_t where = 0;

  explicit operator bool() const noexcept { return why != parse_errc::no_result; }
  void note(parse_errc code, std::uint32_t at) noexcept {
    if (why == parse_errc::no_result) *this = {code, at};
  }
};

/// Reads one padded datagram, from the start line at `start`, into an empty scratch.
using Read = Fault (*)(char* data, std::uint32_t size, std::uint32_t start, MessageRep& rep, const ParseLimits& limits);

/// Scanners of single values, for those who read a message's other headers.
struct Scanners {
  grammar::At (*via)(grammar::At, ViaParts&, grammar::Scan&) noexcept;
  grammar::At (*name_addr)(grammar::At, NameAddrParts&, grammar::Scan&) noexcept;
};

/// The same for one set of processor instructions.
struct Reader {
  std::string_view instructions;
  Read read;
  Scanners scanners;
};

/// Those that this processor can run; the last is the fastest, the first needs nothing.
std::span<const Reader> readers() noexcept;

/// Those of the fastest reader; the portable ones for constructors of globals that run before this library's.
extern const Scanners* scanners;

}  // namespace peal::inline v0
