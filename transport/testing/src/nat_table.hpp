#pragma once

#include "seeded_random.hpp"

#include <peal/testing/nat.hpp>
#include <peal/testing/wire_event.hpp>
#include <peal/transport/endpoint.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace peal::inline v0::sim {

struct EndpointHash {
  std::size_t operator()(const transport::Endpoint& e) const noexcept {
    std::uint64_t hash = e.port;
    for (const auto byte : e.address.bytes()) hash = (hash ^ byte) * 0x100000001b3U;
    return static_cast<std::size_t>(mixed(hash));
  }
};
struct AddressHash {
  std::size_t operator()(const transport::IpAddress& a) const noexcept { return EndpointHash{}({a, 0}); }
};

/// The mappings of one NAT: no clock (times are nanoseconds), no network. What is over its life time is treated as gone
/// and taken out when it is met.
class NatTable {
 public:
  using Endpoint = transport::Endpoint;
  NatTable(std::vector<transport::IpAddress> outside, const NatOptions& options, std::uint64_t seed)
      : options_(options), outside_(std::move(outside)), random_(seed) {}

  [[nodiscard]] const NatOptions& options() const noexcept { return options_; }
  [[nodiscard]] const std::vector<transport::IpAddress>& outside() const noexcept { return outside_; }

  /// A datagram outwards: makes or refreshes the mapping, and lets the peer in from now on. Gives the source to leave
  /// from; nullopt: the table or the ports are full.
  std::optional<Endpoint> out(const Endpoint& inside, const Endpoint& peer, std::int64_t now);
  /// A datagram inwards: `fate` is `delivered` when it passes, to `inside`.
  struct Passage {
    Fate fate;
    Endpoint inside;
  };
  Passage in(const Endpoint& outside, const Endpoint& peer, std::int64_t now);

  /// What is mapped now; nothing is made, refreshed or filtered.
  [[nodiscard]] std::optional<Endpoint> outside_of(const Endpoint& inside, const Endpoint& peer,
                                                   std::int64_t now) const;
  [[nodiscard]] std::optional<Endpoint> inside_of(const Endpoint& outside, std::int64_t now) const;
  [[nodiscard]] std::size_t live(std::int64_t now) const;
  void rebind();

 private:
  struct Key {
    Endpoint inside;
    Endpoint peer;  // as much of it as the mapping depends on
    friend bool operator==(const Key&, const Key&) noexcept = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& k) const noexcept {
      return mixed(EndpointHash{}(k.inside) * 3 + EndpointHash{}(k.peer));
    }
  };
  struct Mapping {
    Key key;
    std::int64_t used = 0;
    std::unordered_map<Endpoint, std::int64_t, EndpointHash> peers;  // who is let in: when it was last sent to
    std::size_t prune_at = 64;
  };
  [[nodiscard]] Key key_of(const Endpoint& inside, const Endpoint& peer) const;
  [[nodiscard]] bool over(std::int64_t used, std::int64_t now) const noexcept;
  [[nodiscard]] std::optional<Endpoint> choose(const Endpoint& inside, std::int64_t now);
  [[nodiscard]] transport::IpAddress outside_for(const transport::IpAddress& inside);
  bool take(const Endpoint& outside, std::int64_t now);
  bool make_room(std::int64_t now);
  void forget(const Endpoint& outside);
  void let_in(Mapping& mapping, const Endpoint& peer, std::int64_t now);

  NatOptions options_;
  std::vector<transport::IpAddress> outside_;
  Generator random_;
  std::unordered_map<Key, Endpoint, KeyHash> by_inside_;
  std::unordered_map<Endpoint, Mapping, EndpointHash> by_outside_;
  std::unordered_map<transport::IpAddress, std::size_t, AddressHash> pairs_;  // which outside address an inside one has
  std::size_t next_pair_ = 0;
  std::unordered_set<Endpoint, EndpointHash> former_;  // what the last rebind took away
  std::int64_t nothing_over_before_ = 0;
};

}  // namespace peal::inline v0::sim
