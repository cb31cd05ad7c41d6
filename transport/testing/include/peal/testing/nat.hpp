#pragma once

#include <peal/message/export.hpp>
#include <peal/transport/endpoint.hpp>
#include <peal/transport/timer_service.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace peal::inline v0::sim {

/// On what a mapping or a filter depends (RFC 4787 §4.1, §5).
enum class NatBehavior : std::uint8_t {
  endpoint_independent,       ///< on the inside address and port alone
  address_dependent,          ///< and on the peer's address
  address_and_port_dependent  ///< and on the peer's address and port
};

/// How a NAT treats UDP, in the words of RFC 4787. The default is what that RFC asks for, with a stricter filter.
struct NatOptions {
  NatBehavior mapping = NatBehavior::endpoint_independent;
  NatBehavior filtering = NatBehavior::address_and_port_dependent;
  /// Since the last datagram outwards; then the mapping is gone. A peer that was sent nothing for so long is no longer
  /// let in.
  transport::Duration mapping_lifetime = std::chrono::seconds(60);
  bool inbound_refresh = false;   ///< datagrams inwards keep the mapping too (§4.3)
  bool port_preservation = true;  ///< the inside port when it is free (§4.2.1); otherwise one drawn from 1024 to 65535
  bool hairpinning = false;       ///< inside hosts reach each other by their outside addresses (§6)
  bool paired_pooling = true;  ///< one outside address for all ports of an inside address (§4.1), else drawn each time
  std::size_t max_mappings = 65536;  ///< a datagram that would need one more is refused
};

/// The names of RFC 3489 §5, over the rest of `options`.
PEAL_API NatOptions full_cone(NatOptions options = {});
PEAL_API NatOptions restricted_cone(NatOptions options = {});
PEAL_API NatOptions port_restricted_cone(NatOptions options = {});
PEAL_API NatOptions symmetric(NatOptions options = {});

/// A router with a realm of its own behind it: what hosts in there send outwards leaves from its outside addresses. It
/// stands at the inside host's door: it translates outwards as a datagram is sent, and filters inwards as one arrives.
/// IPv6 passes with its address unchanged through the same filter. Made by Simulator::nat and as long-lived.
///
/// ICMP errors pass where the mapping that they are about still is (RFC 5508 §4), and make and refresh none.
class PEAL_API Nat {
 public:
  Nat(const Nat&) = delete;
  Nat& operator=(const Nat&) = delete;

  [[nodiscard]] const std::string& name() const noexcept;
  [[nodiscard]] const std::vector<transport::IpAddress>& addresses() const noexcept;
  [[nodiscard]] const NatOptions& options() const noexcept;

  /// As when a home router starts anew: all mappings are lost, and the next datagram gets another port than before,
  /// preserved or not.
  void rebind();
  /// Down: nothing passes. Hosts behind it still reach each other.
  void set_up(bool up) noexcept;

  /// Where what `inside` sends to `peer` comes from; nullopt when it has no mapping now.
  [[nodiscard]] std::optional<transport::Endpoint> outside_of(const transport::Endpoint& inside,
                                                              const transport::Endpoint& peer = {}) const;
  /// How many are live, IPv6's included.
  [[nodiscard]] std::size_t mappings() const;

  struct State;  ///< private

 private:
  friend class Simulator;
  explicit Nat(std::unique_ptr<State> state);
  ~Nat();
  std::unique_ptr<State> state_;
};

}  // namespace peal::inline v0::sim
