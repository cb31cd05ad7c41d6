#include "nat_table.hpp"

#include <algorithm>
#include <chrono>
#include <limits>

namespace peal::inline v0::sim {

namespace {

using transport::Endpoint;
using transport::IpAddress;

constexpr std::int64_t first_port = 1024;
constexpr std::int64_t last_port = 65535;

NatOptions with(NatOptions options, NatBehavior mapping, NatBehavior filtering) {
  options.mapping = mapping;
  options.filtering = filtering;
  return options;
}

/// As much of `peer` as a behaviour depends on.
Endpoint seen_by(NatBehavior behavior, const Endpoint& peer) {
  switch (behavior) {
    case NatBehavior::endpoint_independent: return {};
    case NatBehavior::address_dependent: return {peer.address, 0};
    case NatBehavior::address_and_port_dependent: return peer;
  }
  return peer;
}

}  // namespace

NatOptions full_cone(NatOptions options) {
  return with(options, NatBehavior::endpoint_independent, NatBehavior::endpoint_independent);
}
NatOptions restricted_cone(NatOptions options) {
  return with(options, NatBehavior::endpoint_independent, NatBehavior::address_dependent);
}
NatOptions port_restricted_cone(NatOptions options) {
  return with(options, NatBehavior::endpoint_independent, NatBehavior::address_and_port_dependent);
}
NatOptions symmetric(NatOptions options) {
  return with(options, NatBehavior::address_and_port_dependent, NatBehavior::address_and_port_dependent);
}

std::optional<Endpoint> NatTable::out(const Endpoint& inside, const Endpoint& peer, std::int64_t now) {
  const auto key = key_of(inside, peer);
  auto known = by_inside_.find(key);
  if (known != by_inside_.end() && over(by_outside_.at(known->second).used, now)) {
    forget(Endpoint(known->second));
    known = by_inside_.end();
  }
  if (known == by_inside_.end()) {
    if (!make_room(now)) return std::nullopt;
    const auto outside = choose(inside, now);
    if (!outside) return std::nullopt;
    by_outside_[*outside].key = key;
    known = by_inside_.emplace(key, *outside).first;
  }
  auto& mapping = by_outside_.at(known->second);
  mapping.used = now;
  let_in(mapping, peer, now);
  return known->second;
}

NatTable::Passage NatTable::in(const Endpoint& outside, const Endpoint& peer, std::int64_t now) {
  const auto found = by_outside_.find(outside);
  if (found == by_outside_.end() || over(found->second.used, now)) return {Fate::no_mapping, {}};
  auto& mapping = found->second;
  if (options_.filtering != NatBehavior::endpoint_independent) {
    const auto allowed = mapping.peers.find(seen_by(options_.filtering, peer));
    if (allowed == mapping.peers.end() || over(allowed->second, now)) return {Fate::refused_by_nat, {}};
    if (options_.inbound_refresh) allowed->second = now;
  }
  if (options_.inbound_refresh) mapping.used = now;
  return {Fate::delivered, mapping.key.inside};
}

std::optional<Endpoint> NatTable::outside_of(const Endpoint& inside, const Endpoint& peer, std::int64_t now) const {
  const auto found = by_inside_.find(key_of(inside, peer));
  if (found == by_inside_.end() || over(by_outside_.at(found->second).used, now)) return std::nullopt;
  return found->second;
}

std::optional<Endpoint> NatTable::inside_of(const Endpoint& outside, std::int64_t now) const {
  const auto found = by_outside_.find(outside);
  if (found == by_outside_.end() || over(found->second.used, now)) return std::nullopt;
  return found->second.key.inside;
}

std::size_t NatTable::live(std::int64_t now) const {
  return static_cast<std::size_t>(std::count_if(by_outside_.begin(), by_outside_.end(),
                                                [&](const auto& entry) { return !over(entry.second.used, now); }));
}

void NatTable::rebind() {
  former_.clear();
  for (const auto& [outside, mapping] : by_outside_) {
    if (outside.address.is_v4()) former_.insert(outside);
  }
  by_inside_.clear();
  by_outside_.clear();
  pairs_.clear();
}

/// IPv6 is not translated: its mapping is the endpoint itself, whatever the peer.
NatTable::Key NatTable::key_of(const Endpoint& inside, const Endpoint& peer) const {
  return {inside, inside.address.is_v6() ? Endpoint{} : seen_by(options_.mapping, peer)};
}

bool NatTable::over(std::int64_t used, std::int64_t now) const noexcept {
  return now - used >= std::chrono::nanoseconds(options_.mapping_lifetime).count();
}

std::optional<Endpoint> NatTable::choose(const Endpoint& inside, std::int64_t now) {
  if (inside.address.is_v6()) return inside;
  const auto address = outside_for(inside.address);
  if (options_.port_preservation && take({address, inside.port}, now)) return Endpoint{address, inside.port};
  auto port = first_port + random_.up_to(last_port - first_port);
  for (auto tries = first_port; tries <= last_port; ++tries) {
    const Endpoint candidate{address, static_cast<std::uint16_t>(port)};
    if (take(candidate, now)) return candidate;
    port = port == last_port ? first_port : port + 1;
  }
  if (former_.empty()) return std::nullopt;
  former_.clear();  // there are no others
  return choose(inside, now);
}

IpAddress NatTable::outside_for(const IpAddress& inside) {
  if (outside_.size() == 1) return outside_.front();
  if (!options_.paired_pooling)
    return outside_[static_cast<std::size_t>(random_.up_to(static_cast<std::int64_t>(outside_.size()) - 1))];
  const auto [pair, fresh] = pairs_.try_emplace(inside, next_pair_);
  if (fresh) next_pair_ = (next_pair_ + 1) % outside_.size();
  return outside_[pair->second];
}

/// True when nobody has it; what is over its time makes room.
bool NatTable::take(const Endpoint& outside, std::int64_t now) {
  if (former_.contains(outside)) return false;
  const auto found = by_outside_.find(outside);
  if (found == by_outside_.end()) return true;
  if (!over(found->second.used, now)) return false;
  forget(outside);
  return true;
}

bool NatTable::make_room(std::int64_t now) {
  if (by_outside_.size() < options_.max_mappings) return true;
  if (now < nothing_over_before_) return false;
  std::vector<Endpoint> gone;
  auto oldest = std::numeric_limits<std::int64_t>::max();
  for (const auto& [outside, mapping] : by_outside_) {
    if (over(mapping.used, now))
      gone.push_back(outside);
    else
      oldest = std::min(oldest, mapping.used);
  }
  for (const auto& outside : gone) forget(outside);
  const auto lifetime = std::chrono::nanoseconds(options_.mapping_lifetime).count();
  if (gone.empty() && !by_outside_.empty()) nothing_over_before_ = oldest + lifetime;
  return by_outside_.size() < options_.max_mappings;
}

void NatTable::forget(const Endpoint& outside) {
  const auto found = by_outside_.find(outside);
  by_inside_.erase(found->second.key);
  by_outside_.erase(found);
}

void NatTable::let_in(Mapping& mapping, const Endpoint& peer, std::int64_t now) {
  if (options_.filtering == NatBehavior::endpoint_independent) return;
  mapping.peers[seen_by(options_.filtering, peer)] = now;
  if (mapping.peers.size() < mapping.prune_at) return;
  std::erase_if(mapping.peers, [&](const auto& entry) { return over(entry.second, now); });
  mapping.prune_at = std::max<std::size_t>(64, mapping.peers.size() * 2);
}

}  // namespace peal::inline v0::sim
