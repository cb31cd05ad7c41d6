// Where a datagram goes when NATs stand between. Outwards it is translated as it is sent, up to the realm in which its
// destination is known; inwards, NAT by NAT, as it arrives: what has happened to the mappings meanwhile counts.
#include "sim_state.hpp"

#include <algorithm>

namespace peal::inline v0::sim {

// ---- what a user sees

Nat::Nat(std::unique_ptr<State> state) : state_(std::move(state)) {}
Nat::~Nat() = default;
const std::string& Nat::name() const noexcept { return state_->name; }
const std::vector<IpAddress>& Nat::addresses() const noexcept { return state_->table.outside(); }
const NatOptions& Nat::options() const noexcept { return state_->table.options(); }
void Nat::rebind() { state_->table.rebind(); }
void Nat::set_up(bool up) noexcept { state_->up = up; }
std::optional<Endpoint> Nat::outside_of(const Endpoint& inside, const Endpoint& peer) const {
  return state_->table.outside_of(inside, peer, state_->sim.now);
}
std::size_t Nat::mappings() const { return state_->table.live(state_->sim.now); }

// ---- the way

std::optional<std::uint32_t> Simulator::State::place_of(std::uint32_t realm, const IpAddress& address) const {
  const auto& places = realms[realm].places;
  const auto found = places.find(address);
  if (found == places.end()) return std::nullopt;
  return found->second;
}

void Simulator::State::transmit_over_nats(Host::State& from, Packet packet) {
  const auto drop = [&](Fate fate) { report(fate, packet.bytes.view(), packet.from, packet.to); };
  if (!from.up) return drop(Fate::cut);
  const Endpoint source = packet.from;
  const Nat::State* passed = nullptr;
  auto place = place_of(packet.realm, packet.to.address);
  while (!place) {
    auto* nat = realms[packet.realm].gateway;
    if (nat == nullptr) return drop(Fate::no_route);
    if (!nat->up) return drop(Fate::cut);
    const auto outside = nat->table.out(packet.from, packet.to, now);
    if (!outside) return drop(Fate::refused_by_nat);
    packet.from = *outside;
    packet.realm = nat->outside;
    passed = nat;
    place = place_of(packet.realm, packet.to.address);
  }
  packet.over_nat = is_nat(*place) || host_states[*place]->realm != packet.realm;
  if (is_nat(*place) && nats[*place & ~nat_bit]->state_.get() == passed && !passed->table.options().hairpinning)
    return drop(Fate::refused_by_nat);
  const auto to = likely_place(*place, packet.to);
  enter_link(from, to, std::move(packet), source);
}

/// Whom `to` means now: the host whose link the datagram takes, or the NAT at which it will end.
std::uint32_t Simulator::State::likely_place(std::uint32_t place, Endpoint to) const {
  while (is_nat(place)) {
    const auto& nat = *nats[place & ~nat_bit]->state_;
    const auto inside = nat.table.inside_of(to, now);
    const auto next = inside ? place_of(nat.inside, inside->address) : std::nullopt;
    if (!next) return place;
    to = *inside;
    place = *next;
  }
  return place;
}

/// The outermost first.
std::vector<Nat::State*> Simulator::State::nats_between(std::uint32_t outer, std::uint32_t inner) const {
  std::vector<Nat::State*> between;
  for (auto realm = inner; realm != outer; realm = between.back()->outside) between.push_back(realms[realm].gateway);
  std::reverse(between.begin(), between.end());
  return between;
}

/// Inwards, through the filters. nullopt: `fate` tells why not.
std::optional<std::uint32_t> Simulator::State::pass_nats(Packet& packet, Fate& fate) {
  const auto passes = [&](Nat::State& nat) {
    const auto passage = nat.up ? nat.table.in(packet.to, packet.from, now) : NatTable::Passage{Fate::cut, {}};
    fate = passage.fate;
    if (fate == Fate::delivered) packet.to = passage.inside;
    return fate == Fate::delivered;
  };
  for (;;) {
    const auto place = place_of(packet.realm, packet.to.address);
    if (!place) {
      fate = Fate::no_route;
      return std::nullopt;
    }
    if (is_nat(*place)) {
      auto& nat = *nats[*place & ~nat_bit]->state_;
      if (!passes(nat)) return std::nullopt;
      packet.realm = nat.inside;
      continue;
    }
    for (auto* nat : nats_between(packet.realm, host_states[*place]->realm)) {  // IPv6: the address is known out here
      if (!passes(*nat)) return std::nullopt;
    }
    return place;
  }
}

// ---- ICMP errors, whose addresses are those of the datagram they are about

/// Outwards from `host`, as far as each mapping still is (RFC 5508 §4.2).
void Simulator::State::tell_over_nats(Host::State& host, Packet about) {
  about.realm = host.realm;
  auto place = place_of(about.realm, about.from.address);
  while (!place) {
    const auto* nat = realms[about.realm].gateway;
    const auto outside = nat != nullptr && nat->up ? nat->table.outside_of(about.to, about.from, now) : std::nullopt;
    if (!outside) return;
    about.to = *outside;
    about.realm = nat->outside;
    place = place_of(about.realm, about.from.address);
  }
  const auto to = likely_place(*place, about.from);
  if (is_nat(to)) return;
  auto& link = link_between(host.index, to);
  const auto& options = options_of(link, host.index, to);
  if (cut(host, to, options) || link.random.chance(options.loss)) return;
  about.over_nat = true;
  fly(link, options, now, to, std::move(about), EventKind::unreachable);
}

/// Inwards to the sender, unfiltered where the mapping still is (RFC 5508 §4.1).
std::optional<std::uint32_t> Simulator::State::icmp_back(Packet& about) const {
  const auto passes = [&](const Nat::State& nat) {
    const auto inside = nat.up ? nat.table.inside_of(about.from, now) : std::nullopt;
    if (inside) about.from = *inside;
    return inside.has_value();
  };
  for (;;) {
    const auto place = place_of(about.realm, about.from.address);
    if (!place) return std::nullopt;
    if (is_nat(*place)) {
      const auto& nat = *nats[*place & ~nat_bit]->state_;
      if (!passes(nat)) return std::nullopt;
      about.realm = nat.inside;
      continue;
    }
    for (const auto* nat : nats_between(about.realm, host_states[*place]->realm)) {
      if (!passes(*nat)) return std::nullopt;
    }
    return place;
  }
}

}  // namespace peal::inline v0::sim
