#include "sim_state.hpp"
#include "source_address.hpp"

#include <peal/transport/error.hpp>

#include <algorithm>
#include <cstring>

namespace peal::inline v0::sim {

namespace {

constexpr std::size_t largest_payload = 65507;  // 65535 less the IPv4 and UDP headers
constexpr std::size_t readable_behind = 64;     // what Datagram promises

bool contains(const std::vector<IpAddress>& addresses, const IpAddress& address) {
  return std::find(addresses.begin(), addresses.end(), address) != addresses.end();
}

bool owns(const Host::State& host, const IpAddress& address) {
  return address.is_loopback() || contains(host.addresses, address);
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
  if (host.down.empty()) {
    const auto* best = source_for(host.addresses, peer.address);
    return best == nullptr ? fail(posix(std::errc::network_unreachable)) : Result<IpAddress>(*best);
  }
  auto working = host.addresses;
  std::erase_if(working, [&](const IpAddress& address) { return contains(host.down, address); });
  const auto* best = source_for(working, peer.address);
  return best == nullptr ? fail(posix(std::errc::network_unreachable)) : Result<IpAddress>(*best);
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

// ---- datagrams: socket, the NATs around its host (sim_nat.cpp), link (sim_link.cpp), NATs, host, socket

void SimSocket::send(const transport::SharedBytes& bytes, const Endpoint& to) {
  const auto refuse = [&](std::error_code why) {
    sim_.report(Fate::failed, bytes.view(), local_, to);
    sim_.refuse(host_, local_, to, why);
  };
  if (host_.cpu != nullptr) host_.cpu->charge(host_.cpu->options.per_send, sim_.now);
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

void Simulator::State::transmit(Host::State& from, const transport::SharedBytes& bytes, const Endpoint& source,
                                const Endpoint& to) {
  tapped_at = from.index;
  tapped_origin = no_host;
  report(Fate::sent, bytes.view(), source, to);
  if (!from.down.empty() && contains(from.down, source.address)) return report(Fate::cut, bytes.view(), source, to);
  const auto place = to.address.is_loopback() ? from.index : place_of(from.realm, to.address);
  if (place && !is_nat(*place) && host_states[*place]->realm == from.realm)
    return enter_link(from, *place, {bytes, source, to, {}, from.realm, from.index}, source);
  transmit_over_nats(from, {bytes, source, to, {}, from.realm, from.index});
}

/// The sender's socket hears why, in a later turn.
void Simulator::State::refuse(const Host::State& host, const Endpoint& local, const Endpoint& to, std::error_code why) {
  schedule(0, EventKind::unreachable, host.index, packets.put({{}, local, to, why}));
}

void Simulator::State::arrive(std::uint32_t place, std::uint32_t index) {
  if (packets[index].over_nat) {
    Fate fate{};
    const auto host = pass_nats(packets[index], fate);
    if (!host) return drop(index, fate);
    place = *host;
  }
  auto& host = *host_states[place];
  const auto& packet = packets[index];
  if (!host.up || (!host.down.empty() && contains(host.down, packet.to.address))) return drop(index, Fate::cut);
  auto* socket = socket_at(host, packet.to);
  if (socket == nullptr) {
    Packet about{{}, packet.from, packet.to, {}};
    drop(index, Fate::no_socket);
    if (host.icmp) tell_sender(host, about);
    return;
  }
  if (host.cpu != nullptr && must_wait(host, EventKind::datagram, index, socket)) return;
  deliver(host, *socket, packets.take(index));
}

void Simulator::State::deliver(Host::State& host, SimSocket& socket, const Packet& packet) {
  --in_flight;
  const transport::Runtime::Turn turn(host.runtime);
  const auto bytes = packet.bytes.view();
  tapped_at = host.index;
  tapped_origin = packet.origin;
  report(Fate::delivered, bytes, packet.from, packet.to);
  if (slot.size() < bytes.size() + readable_behind) slot.resize(largest_payload + readable_behind);
  if (!bytes.empty()) std::memcpy(slot.data(), bytes.data(), bytes.size());
  // What lies behind must not depend on earlier datagrams: a reader that strays there would still replay.
  std::memset(slot.data() + bytes.size(), 0, readable_behind);
  if (host.cpu != nullptr) tell_backlog(*host.cpu, socket);
  socket.sink.on_datagram({slot.data(), bytes.size(), packet.from, false});
}

/// A datagram that was under way ends here.
void Simulator::State::drop(std::uint32_t index, Fate fate) {
  --in_flight;
  const auto packet = packets.take(index);
  report(fate, packet.bytes.view(), packet.from, packet.to);
}

SimSocket* Simulator::State::socket_at(Host::State& host, const Endpoint& local) const {
  auto found = host.sockets.find(local);
  if (found == host.sockets.end()) found = host.sockets.find({unspecified_like(local.address), local.port});
  return found == host.sockets.end() ? nullptr : found->second;
}

SimSocket* Simulator::State::socket_of(Host::State& host, std::uint64_t serial) const {
  for (const auto& [local, socket] : host.sockets)
    if (socket->serial == serial) return socket;
  return nullptr;
}

/// ICMP port unreachable (RFC 792, RFC 4443): back over the link, and as easily lost.
void Simulator::State::tell_sender(Host::State& host, const Packet& about) {
  Packet error{{}, about.from, about.to, posix(std::errc::connection_refused)};
  const auto sender = about.from.address.is_loopback() ? host.index : place_of(host.realm, about.from.address);
  if (!sender || is_nat(*sender) || host_states[*sender]->realm != host.realm)
    return tell_over_nats(host, std::move(error));
  auto& link = link_between(host.index, *sender);
  const auto& options = options_of(link, host.index, *sender);
  if (cut(host, *sender, options) || link.random.chance(options.loss)) return;
  fly(link, options, now, *sender, std::move(error), EventKind::unreachable);
}

void Simulator::State::hear_unreachable(Host::State& host, const Packet& about) {
  if (auto* socket = socket_at(host, about.from)) socket->sink.on_unreachable(about.to, about.why);
}

}  // namespace peal::inline v0::sim
