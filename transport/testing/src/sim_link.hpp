#pragma once

#include "seeded_random.hpp"

#include <peal/testing/simulator.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>

namespace peal::inline v0::sim {

/// What waits for a link of limited bandwidth: one datagram is being sent, the others stand behind it.
class SendQueue {
 public:
  /// The time at which the last bit has left; nullopt: there is no room behind the one being sent.
  std::optional<std::int64_t> enter(std::int64_t now, std::size_t bytes, const LinkOptions& options);

 private:
  struct Entry {
    std::int64_t left;
    std::size_t bytes;
  };
  std::deque<Entry> entries_;  // not yet sent to the end
  std::size_t bytes_ = 0;
};

/// One direction between two places (hosts, or a host and a NAT without a mapping).
struct Link {
  LinkOptions options;
  bool own_options = false;
  Generator random{0};
  std::int64_t last_arrival = 0;
  std::unique_ptr<SendQueue> queue;  // made when a bandwidth is first met
};

/// As IP counts it: with the headers of UDP and of IPv4 or IPv6 (RFC 768, RFC 791, RFC 8200), without options.
constexpr std::size_t bytes_on_wire(std::size_t payload, bool v6) noexcept { return payload + (v6 ? 48 : 28); }

}  // namespace peal::inline v0::sim
