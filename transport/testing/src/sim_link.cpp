#include "sim_link.hpp"

#include "sim_state.hpp"

#include <algorithm>

namespace peal::inline v0::sim {

namespace {

std::int64_t in_nanoseconds(Duration d) { return std::min(std::chrono::nanoseconds(d).count(), end_of_time / 4); }

/// Rounded up; exact for any datagram.
std::int64_t time_to_send(std::size_t bytes, std::uint64_t bits_per_second) {
  const auto bit_nanoseconds = std::uint64_t{bytes} * 8 * 1'000'000'000;
  return static_cast<std::int64_t>(bit_nanoseconds / bits_per_second +
                                   (bit_nanoseconds % bits_per_second != 0 ? 1 : 0));
}

}  // namespace

std::optional<std::int64_t> SendQueue::enter(std::int64_t now, std::size_t bytes, const LinkOptions& options) {
  while (!entries_.empty() && entries_.front().left <= now) {
    bytes_ -= entries_.front().bytes;
    entries_.pop_front();
  }
  auto begin = now;
  if (!entries_.empty()) {
    if (bytes_ - entries_.front().bytes + bytes > options.queue_bytes) return std::nullopt;
    begin = entries_.back().left;
  }
  entries_.push_back({begin + time_to_send(bytes, options.bandwidth), bytes});
  bytes_ += bytes;
  return entries_.back().left;
}

const std::string& Simulator::State::name_of_place(std::uint32_t place) const {
  return is_nat(place) ? nats[place & ~nat_bit]->state_->name : host_states[place]->name;
}

std::string Simulator::State::name_at(const IpAddress& address) const {
  std::string out;
  for (const auto& realm : realms) {
    const auto place = realm.places.find(address);
    if (place == realm.places.end()) continue;
    const auto& name = name_of_place(place->second);
    if (out.find(name) == std::string::npos) out += out.empty() ? name : " or " + name;
  }
  return out;
}

Link& Simulator::State::link_between(std::uint32_t from, std::uint32_t to) {
  const auto [found, fresh] = links.try_emplace((std::uint64_t{from} << 32U) | to);
  if (fresh) found->second.random = Generator(mixed(mixed(seed, name_of_place(from)), name_of_place(to)));
  return found->second;
}

const LinkOptions& Simulator::State::options_of(const Link& link, std::uint32_t from, std::uint32_t to) const noexcept {
  if (link.own_options) return link.options;
  return from == to ? loopback : default_link;
}

bool Simulator::State::cut(const Host::State& from, std::uint32_t to, const LinkOptions& link) const noexcept {
  if (!link.up || !from.up) return true;
  if (is_nat(to)) return false;  // nobody is there: it ends at the NAT
  return !host_states[to]->up || from.island != host_states[to]->island;
}

/// `source`: as the sending socket knows it; `packet.from` may be translated already.
void Simulator::State::enter_link(Host::State& from, std::uint32_t to, Packet packet, const Endpoint& source) {
  auto& link = link_between(from.index, to);
  const auto& options = options_of(link, from.index, to);
  const auto drop = [&](Fate fate) { report(fate, packet.bytes.view(), packet.from, packet.to); };
  if (cut(from, to, options)) return drop(Fate::cut);
  if (filter && filter({Fate::sent, time(), packet.from, packet.to, packet.bytes.view()})) return drop(Fate::filtered);
  if (options.mtu != 0 && packet.bytes.size() > options.mtu) {
    drop(Fate::too_large);
    if (!options.mtu_refuses) return;
    refuse(from, source, packet.to, std::make_error_code(std::errc::message_size));
    return;
  }
  auto leaves = now;
  if (options.bandwidth != 0) {
    if (link.queue == nullptr) link.queue = std::make_unique<SendQueue>();
    const auto sent = link.queue->enter(now, bytes_on_wire(packet.bytes.size(), packet.to.address.is_v6()), options);
    if (!sent) return drop(Fate::overflow);
    leaves = *sent;
  }
  if (link.random.chance(options.loss)) return drop(Fate::lost);
  if (link.random.chance(options.duplication)) {
    drop(Fate::duplicated);
    fly(link, options, leaves, to, packet, EventKind::datagram);
  }
  fly(link, options, leaves, to, std::move(packet), EventKind::datagram);
}

/// Draws the time of arrival. What is not reordered keeps its place in the line, whatever the jitter.
void Simulator::State::fly(Link& link, const LinkOptions& options, std::int64_t leaves, std::uint32_t to, Packet packet,
                           EventKind kind) {
  const auto delay = std::max<std::int64_t>(in_nanoseconds(options.latency), 1000);
  auto arrival = leaves + delay + link.random.up_to(in_nanoseconds(options.jitter));
  if (link.random.chance(options.reordering))
    arrival += link.random.up_to(in_nanoseconds(options.reorder_delay));
  else
    link.last_arrival = arrival = std::max(arrival, link.last_arrival);
  if (kind == EventKind::datagram) ++in_flight;
  schedule(arrival - now, kind, to, packets.put(std::move(packet)));
}

}  // namespace peal::inline v0::sim
