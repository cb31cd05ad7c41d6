#pragma once

#include <peal/message/export.hpp>
#include <peal/transport/endpoint.hpp>
#include <peal/transport/tap.hpp>

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Watching SIP pass by: a ring of messages, and what can be made of it. Nothing here changes what is sent or received.
namespace peal::inline v0::trace {

using transport::Direction;
using transport::Endpoint;
using transport::Protocol;
using WallTime = std::chrono::system_clock::time_point;

/// A message as one TransportLayer saw it, or a note that the program put between messages.
struct Record {
  enum class Kind : std::uint8_t { message, note };
  Kind kind = Kind::message;
  Direction direction = Direction::sent;
  Protocol protocol = Protocol::udp;
  Endpoint local;
  Endpoint peer;
  WallTime time;
  std::string_view bytes;  ///< the message, or the note's text; belongs to whoever gave the record

  [[nodiscard]] const Endpoint& from() const noexcept { return direction == Direction::sent ? local : peer; }
  [[nodiscard]] const Endpoint& to() const noexcept { return direction == Direction::sent ? peer : local; }
};

/// A message from a tap. The bytes stay where they are.
PEAL_API Record record_of(const transport::TapEvent& event);

/// Whether digest responses, bearer tokens, passwords in URIs and SRTP keys in SDP are shown or replaced by asterisks.
enum class Secrets : std::uint8_t { hidden, shown };

/// The records of one call, and the notes between its first and last.
PEAL_API std::vector<Record> records_of_call(std::span<const Record> records, std::string_view call_id);
/// Each Call-ID once, in order of appearance.
PEAL_API std::vector<std::string> call_ids(std::span<const Record> records);

}  // namespace peal::inline v0::trace
