#include <peal/transport/transport_layer.hpp>

#include "transport_state.hpp"
#include "via_rules.hpp"

#include <algorithm>
#include <utility>

namespace peal::inline v0::transport {
namespace {

/// What an IP packet of 65,535 bytes leaves; an IPv6 one does not count its own header.
constexpr std::size_t largest_datagram(bool v6) noexcept { return v6 ? 65'535 - 8 : 65'535 - 20 - 8; }

}  // namespace

Result<void> ListenPoint::open(Network& network, const Endpoint& local) {
  auto socket = network.open_datagram(local, *this);
  if (!socket) return fail(socket.error());
  socket_ = std::move(*socket);
  return {};
}

TransportLayer::State::State(Runtime& r, TransportUser& u, TransportOptions o)
    : runtime(r),
      user(u),
      options(std::move(o)),
      tag_key{r.random().next(), r.random().next()},
      parser(options.limits) {}

// ---- choosing where from

ListenPoint* TransportLayer::State::point(std::uint32_t index) const noexcept {
  return index < points.size() ? points[index].get() : nullptr;
}

/// Of several, the one bound to the address that the system would send from, else one bound to all addresses.
Result<ListenPoint*> TransportLayer::State::point_for(const Target& target) {
  if (target.protocol != Protocol::udp) return fail(errc::unsupported_protocol);
  std::vector<ListenPoint*> fits;
  for (const auto& p : points) {
    if (p != nullptr && p->protocol() == target.protocol && p->same_family(target.endpoint.address))
      fits.push_back(p.get());
  }
  if (fits.empty()) return fail(errc::no_listen_point);
  if (fits.size() == 1) return fits.front();
  const IpAddress source = source_address_for(target.endpoint).value_or(IpAddress{});
  auto bound_to = [&](auto wanted) {
    const auto it = std::ranges::find_if(fits, wanted);
    return it == fits.end() ? nullptr : *it;
  };
  if (auto* exact = bound_to([&](ListenPoint* p) { return via_rules::same_address(p->local().address, source); }))
    return exact;
  if (auto* all = bound_to([](ListenPoint* p) { return p->local().address.is_unspecified(); })) return all;
  return fits.front();
}

Result<IpAddress> TransportLayer::State::source_address_for(const Endpoint& peer) {
  const TimePoint now = runtime.timers().now();
  for (const Route& route : routes) {
    if (route.peer == peer.address && route.until > now) return route.source;
  }
  auto source = runtime.network().source_address_for(peer);
  if (source) {
    routes[next_route] = {peer.address, *source, now + route_life};
    next_route = (next_route + 1) % routes.size();
  }
  return source;
}

Result<IpAddress> TransportLayer::State::address_of(const ListenPoint& point, const Endpoint& peer) {
  if (!point.local().address.is_unspecified()) return point.local().address;
  auto source = source_address_for(peer);
  if (source && named.size() < named_kept && std::ranges::find(named, *source) == named.end()) named.push_back(*source);
  return source;
}

Result<std::string> TransportLayer::State::sent_by(const ListenPoint& point, const Endpoint& peer) {
  const auto address = address_of(point, peer);
  if (!address) return fail(address.error());
  return address->to_uri_host() + ":" + std::to_string(point.local().port);
}

// ---- sending

Result<Packet> TransportLayer::State::print_and_send(const Message& message, ListenPoint& point, const Endpoint& to) {
  scratch.clear();
  message.append_to(scratch);
  if (scratch.size() > largest_datagram(to.address.is_v6())) return fail(errc::too_large);
  Packet packet{point.flow_to(to), SharedBytes(scratch)};
  transmit(point, to, packet.bytes);
  return packet;
}

void TransportLayer::State::transmit(ListenPoint& point, const Endpoint& to, const SharedBytes& bytes) {
  tap(Direction::sent, point, to, bytes.view());
  point.send(bytes, to);
}

void TransportLayer::State::tap(Direction direction, const ListenPoint& point, const Endpoint& peer,
                                std::string_view bytes) {
  if (taps.empty()) return;
  const TapEvent event{direction, point.protocol(), point.local(), peer, runtime.wall_time(), bytes};
  for (Tap* each : taps) each->on_message(event);
}

Result<Packet> TransportLayer::State::send_response(const Response& response, const Flow& request_flow) {
  ListenPoint* from = point(request_flow.listen_point);
  if (from == nullptr) return fail(errc::closed);
  const Endpoint to = via_rules::response_target(response.top_via(), request_flow.peer);
  if (to.address.empty()) return fail(errc::unresolvable);
  if (!from->same_family(to.address)) {  // a maddr of the other family
    const auto other = point_for({request_flow.protocol, to, {}});
    if (!other) return fail(other.error());
    from = *other;
  }
  return print_and_send(response, *from, to);
}

// ---- the public face

TransportLayer::TransportLayer(Runtime& runtime, TransportUser& user, TransportOptions options)
    : state_(std::make_unique<State>(runtime, user, std::move(options))) {}

TransportLayer::~TransportLayer() = default;

Result<std::uint32_t> TransportLayer::listen(Protocol protocol, const Endpoint& local) {
  if (protocol != Protocol::udp) return fail(errc::unsupported_protocol);
  const auto index = static_cast<std::uint32_t>(state_->points.size());
  auto point = std::make_unique<ListenPoint>(*state_, index, protocol);
  if (auto opened = point->open(state_->runtime.network(), local); !opened) return fail(opened.error());
  state_->points.push_back(std::move(point));
  return index;
}

void TransportLayer::stop_listening(std::uint32_t listen_point) {
  const ListenPoint* point = state_->point(listen_point);
  if (point == nullptr) return;
  state_->closed.push_back({point->protocol(), listen_point, {}, 0});
  state_->points[listen_point].reset();
  state_->runtime.timers().arm(state_->tell_closed_soon, Duration::zero());
}

std::size_t TransportLayer::listen_points() const noexcept { return state_->points.size(); }

Endpoint TransportLayer::local_endpoint(std::uint32_t listen_point) const {
  const ListenPoint* point = state_->point(listen_point);
  return point == nullptr ? Endpoint{} : point->local();
}

Result<std::string> TransportLayer::local_address_for(const Target& target) {
  const auto point = state_->point_for(target);
  if (!point) return fail(point.error());
  return state_->sent_by(**point, target.endpoint);
}

Result<Packet> TransportLayer::send_request(Request& request, const Target& target, std::string_view branch) {
  const auto point = state_->point_for(target);
  if (!point) return fail(point.error());
  const auto sent_by = state_->sent_by(**point, target.endpoint);
  if (!sent_by) return fail(sent_by.error());
  const auto via = Via::make(via_name(target.protocol), *sent_by, branch, state_->options.add_rport);
  if (!via) return fail(peal::errc::invalid_value);
  request.push_front(header::via, *via);
  auto packet = state_->print_and_send(request, **point, target.endpoint);
  if (!packet) request.pop_front(header::via);
  return packet;
}

Result<Packet> TransportLayer::send_response(const Response& response, const Flow& request_flow) {
  return state_->send_response(response, request_flow);
}

Result<Packet> TransportLayer::send_as_is(const Message& message, const Target& target, std::uint32_t listen_point) {
  if (target.protocol != Protocol::udp) return fail(errc::unsupported_protocol);
  ListenPoint* point = state_->point(listen_point);
  if (point == nullptr) return fail(errc::closed);
  return state_->print_and_send(message, *point, target.endpoint);
}

void TransportLayer::send(const Packet& packet) {
  ListenPoint* point = state_->point(packet.flow.listen_point);
  if (point == nullptr || packet.bytes.empty()) return state_->drops.add(Drop::unsendable);
  state_->transmit(*point, packet.flow.peer, packet.bytes);
}

void TransportLayer::add_tap(Tap& tap) { state_->taps.push_back(&tap); }

void TransportLayer::remove_tap(Tap& tap) noexcept { std::erase(state_->taps, &tap); }

void TransportLayer::set_interceptor(Interceptor* interceptor) noexcept { state_->interceptor = interceptor; }

bool TransportLayer::falls_behind(std::uint32_t listen_point) const noexcept {
  const ListenPoint* point = state_->point(listen_point);
  return point != nullptr && point->behind();
}

Runtime& TransportLayer::runtime() noexcept { return state_->runtime; }

DropCounters& TransportLayer::drops() noexcept {
  state_->drops.set(Drop::wrong_thread_turn, state_->runtime.refused_turns());
  return state_->drops;
}

bool TransportLayer::is_local(std::string_view host, std::uint16_t port) const {
  const auto address = IpAddress::parse(host);
  if (!address) return false;
  if (port == 0) port = via_rules::default_port(Protocol::udp);
  return std::ranges::any_of(state_->points, [&](const auto& point) {
    if (point == nullptr || point->local().port != port || !point->same_family(*address)) return false;
    if (!point->local().address.is_unspecified()) return via_rules::same_address(point->local().address, *address);
    if (address->is_loopback()) return true;
    // The way from this machine to an address of its own starts at that address.
    const auto source = state_->source_address_for({*address, port});
    return source && via_rules::same_address(*source, *address);
  });
}

}  // namespace peal::inline v0::transport
