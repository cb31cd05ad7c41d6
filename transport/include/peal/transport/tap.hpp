#pragma once

#include <peal/transport/endpoint.hpp>

#include <chrono>
#include <cstdint>
#include <string_view>

namespace peal::inline v0::transport {

enum class Direction : std::uint8_t { received, sent };

/// One message as it passed, after decryption. Views are valid during the upcall.
struct TapEvent {
  Direction direction;
  Protocol protocol;
  Endpoint local;
  Endpoint peer;
  std::chrono::system_clock::time_point time;
  std::string_view bytes;
};

/// Sees every message of a TransportLayer, retransmissions too. Must not call back into the stack.
class Tap {
 public:
  virtual ~Tap() = default;
  virtual void on_message(const TapEvent& event) = 0;
};

}  // namespace peal::inline v0::transport
