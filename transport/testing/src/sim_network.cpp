#include "sim_state.hpp"

#include <peal/transport/error.hpp>

#include <algorithm>
#include <cstring>

namespace peal::inline v0::sim {

namespace {

constexpr std::size_t largest_payload = 65507;  // 65535 less the IPv4 and UDP headers
constexpr std::size_t readable_behind = 64;     // what Datagram promises

/// How many leading bits two addresses share: the closer source address is the likelier route.
int common_bits(const IpAddress& a, const IpAddress& b) noexcept {
  int bits = 0;
  for (std::size_t i = 0; i < a.bytes().size(); ++i) {
    const auto difference = static_cast<unsigned>(a.bytes()[i] ^ b.bytes()[i]);
    for (unsigned bit = 0x80; bit != 0; bit >>= 1U, ++bits) {
      if ((difference & bit) != 0) return bits;
    }
  }
  return bits;
}

bool owns(const Host::State& host, const IpAddress& address) {
  return address.is_loopback() ||
         std::find(host.addresses.begin(), host.addresses.end(), address) != host.addresses.end();
}

IpAddress unspecified_like(const IpAddress& address) noexcept {
  return address.is_v4() ? IpAddress::v4({}) : IpAddress::v6({});
}

std::error_code posix(std::errc why) { return std::make_error_code(why); }

}  // namespace

std::string lowered(std::string_view name) {
  std::string out(name);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  if (out.size() > 1 && out.back() == '.') out.pop_back();
  return out;
}

// ---- what a host sees

Result<std::unique_ptr<transport::DatagramSocket>> SimNetwork::open_datagram(const Endpoint& local,
                                                                             transport::DatagramSink& sink) {
  auto& sim = runtime_.sim();
  auto& host = *sim.host_states[runtime_.host()];
  if (local.address.empty() || (!local.address.is_unspecified() && !owns(host, local.address)))
    return fail(posix(std::errc::address_not_available));
  Endpoint bound = local;
  for (int tries = 0; bound.port == 0 && tries < 16384; ++tries) {
    const Endpoint candidate{local.address, host.next_port};
    host.next_port = host.next_port == 65535 ? std::uint16_t{49152} : static_cast<std::uint16_t>(host.next_port + 1);
    if (!host.sockets.contains(candidate)) bound = candidate;
  }
  if (bound.port == 0 || host.sockets.contains(bound)) return fail(posix(std::errc::address_in_use));
  auto socket = std::make_unique<SimSocket>(sim, host, bound, sink);
  host.sockets.emplace(bound, socket.get());
  return socket;
}

Result<IpAddress> SimNetwork::source_address_for(const Endpoint& peer) {
  if (peer.address.is_loopback()) return peer.address;
  const auto& host = *runtime_.sim().host_states[runtime_.host()];
  const IpAddress* best = nullptr;
  for (const auto& address : host.addresses) {
    if (address.is_v4() != peer.address.is_v4()) continue;
    if (best == nullptr || common_bits(address, peer.address) > common_bits(*best, peer.address)) best = &address;
  }
  if (best == nullptr) return fail(posix(std::errc::network_unreachable));
  return *best;
}

void SimNetwork::resolve(transport::HostQuery& query, std::string_view host) {
  auto& sim = runtime_.sim();
  Query open{&query, lowered(host)};
  const auto name = sim.names.find(open.name);
  const Duration delay = name == sim.names.end() ? Duration(std::chrono::milliseconds(5)) : name->second.delay;
  query.canceller = &sim;
  sim.schedule(std::chrono::nanoseconds(delay).count(), EventKind::name, runtime_.host(),
               sim.queries.put(std::move(open)));
}

void Simulator::State::answer(std::uint32_t index) {
  const Query open = queries.take(index);
  if (open.query == nullptr) return;
  open.query->canceller = nullptr;
  const auto name = names.find(open.name);
  if (name == names.end())
    open.query->on_addresses({}, transport::make_error_code(transport::errc::unresolvable));
  else
    open.query->on_addresses(name->second.addresses, name->second.why);
}

void Simulator::State::cancel(transport::HostQuery& query) noexcept {
  for (auto& open : queries.slots()) {
    if (open.query == &query) open.query = nullptr;
  }
  query.canceller = nullptr;
}

// ---- datagrams: socket, (NAT will stand here), link, host, socket

void SimSocket::send(const transport::SharedBytes& bytes, const Endpoint& to) {
  const auto refuse = [&](std::error_code why) {
    sim_.report(Fate::failed, bytes.view(), local_, to);
    sim_.schedule(0, EventKind::unreachable, host_.index, sim_.packets.put({{}, local_, to, why}));
  };
  if (host_.fail_in != 0 && --host_.fail_in == 0) return refuse(host_.fail_why);
  if (bytes.size() > largest_payload) return refuse(posix(std::errc::message_size));
  if (local_.address.is_v4() != to.address.is_v4()) return refuse(posix(std::errc::address_family_not_supported));
  Endpoint source = local_;
  if (source.address.is_unspecified()) {
    const auto address = host_.runtime.network().source_address_for(to);
    if (!address) return refuse(address.error());
    source.address = *address;
  }
  sim_.transmit(host_, bytes, source, to);
}

void Simulator::State::report(Fate fate, std::string_view bytes, const Endpoint& from, const Endpoint& to) {
  const WireEvent event{fate, time(), from, to, bytes};
  log.add(event);
  if (observer) observer(event);
  using transport::Direction;
  for (auto* tap : taps) {
    if (fate == Fate::sent) tap->on_message({Direction::sent, transport::Protocol::udp, from, to, wall_time(), bytes});
    if (fate == Fate::delivered)
      tap->on_message({Direction::received, transport::Protocol::udp, to, from, wall_time(), bytes});
  }
}

Host::State* Simulator::State::host_of(Host::State& from, const IpAddress& address) const {
  if (address.is_loopback()) return &from;
  const auto found = addresses.find(address);
  return found == addresses.end() ? nullptr : host_states[found->second];
}

Link& Simulator::State::link_between(std::uint32_t from, std::uint32_t to) {
  const auto [found, fresh] = links.try_emplace((std::uint64_t{from} << 32U) | to);
  if (fresh) found->second.random = Generator(mixed(mixed(seed, host_states[from]->name), host_states[to]->name));
  return found->second;
}

const LinkOptions& Simulator::State::options_of(const Link& link, std::uint32_t from, std::uint32_t to) const noexcept {
  if (link.own_options) return link.options;
  return from == to ? loopback : default_link;
}

bool Simulator::State::cut(const Host::State& from, const Host::State& to, const LinkOptions& link) const noexcept {
  return !link.up || !from.up || !to.up || from.island != to.island;
}

void Simulator::State::transmit(Host::State& from, const transport::SharedBytes& bytes, const Endpoint& source,
                                const Endpoint& to) {
  report(Fate::sent, bytes.view(), source, to);
  auto* receiver = host_of(from, to.address);
  if (receiver == nullptr) {
    report(from.up ? Fate::no_route : Fate::cut, bytes.view(), source, to);
    return;
  }
  enter_link(from, *receiver, {bytes, source, to, {}});
}

void Simulator::State::enter_link(Host::State& from, Host::State& to, Packet packet) {
  auto& link = link_between(from.index, to.index);
  const auto& options = options_of(link, from.index, to.index);
  const auto drop = [&](Fate fate) { report(fate, packet.bytes.view(), packet.from, packet.to); };
  if (cut(from, to, options)) return drop(Fate::cut);
  if (filter && filter({Fate::sent, time(), packet.from, packet.to, packet.bytes.view()})) return drop(Fate::filtered);
  if (options.mtu != 0 && packet.bytes.size() > options.mtu) {
    drop(Fate::too_large);
    if (!options.mtu_refuses) return;
    packet.why = posix(std::errc::message_size);
    packet.bytes = {};
    schedule(0, EventKind::unreachable, from.index, packets.put(std::move(packet)));
    return;
  }
  if (link.random.chance(options.loss)) return drop(Fate::lost);
  if (link.random.chance(options.duplication)) {
    drop(Fate::duplicated);
    fly(link, options, to.index, packet, EventKind::datagram);
  }
  fly(link, options, to.index, std::move(packet), EventKind::datagram);
}

/// Draws the time of arrival. What is not reordered keeps its place in the line, whatever the jitter.
void Simulator::State::fly(Link& link, const LinkOptions& options, std::uint32_t to, Packet packet, EventKind kind) {
  const auto nanoseconds = [](Duration d) { return std::chrono::nanoseconds(d).count(); };
  const auto delay = std::max<std::int64_t>(nanoseconds(options.latency), 1000);
  auto arrival = now + delay + link.random.up_to(nanoseconds(options.jitter));
  if (link.random.chance(options.reordering))
    arrival += link.random.up_to(nanoseconds(options.reorder_delay));
  else
    link.last_arrival = arrival = std::max(arrival, link.last_arrival);
  if (kind == EventKind::datagram) ++in_flight;
  schedule(arrival - now, kind, to, packets.put(std::move(packet)));
}

void Simulator::State::arrive(Host::State& host, const Packet& packet) {
  --in_flight;
  const auto bytes = packet.bytes.view();
  if (!host.up) return report(Fate::cut, bytes, packet.from, packet.to);
  auto* socket = socket_at(host, packet.to);
  if (socket == nullptr) {
    report(Fate::no_socket, bytes, packet.from, packet.to);
    if (host.icmp) tell_sender(host, packet);
    return;
  }
  report(Fate::delivered, bytes, packet.from, packet.to);
  if (slot.size() < bytes.size() + readable_behind) slot.resize(largest_payload + readable_behind);
  if (!bytes.empty()) std::memcpy(slot.data(), bytes.data(), bytes.size());
  // What lies behind must not depend on earlier datagrams: a reader that strays there would still replay.
  std::memset(slot.data() + bytes.size(), 0, readable_behind);
  socket->sink.on_datagram({slot.data(), bytes.size(), packet.from, false});
}

SimSocket* Simulator::State::socket_at(Host::State& host, const Endpoint& local) const {
  auto found = host.sockets.find(local);
  if (found == host.sockets.end()) found = host.sockets.find({unspecified_like(local.address), local.port});
  return found == host.sockets.end() ? nullptr : found->second;
}

/// ICMP port unreachable (RFC 792, RFC 4443): back over the link, and as easily lost.
void Simulator::State::tell_sender(Host::State& host, const Packet& about) {
  auto* sender = host_of(host, about.from.address);
  if (sender == nullptr) return;
  auto& link = link_between(host.index, sender->index);
  const auto& options = options_of(link, host.index, sender->index);
  if (cut(host, *sender, options) || link.random.chance(options.loss)) return;
  fly(link, options, sender->index, {{}, about.from, about.to, posix(std::errc::connection_refused)},
      EventKind::unreachable);
}

}  // namespace peal::inline v0::sim
