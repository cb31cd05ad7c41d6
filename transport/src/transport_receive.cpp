#include "shedding.hpp"
#include "transport_state.hpp"
#include "via_rules.hpp"

#include <algorithm>

namespace peal::inline v0::transport {
namespace {

/// Nothing but line ends and blanks: a keep-alive (RFC 5626 §3.5.1), which no tap need see.
bool blank(const Datagram& datagram) noexcept {
  return std::all_of(datagram.data, datagram.data + datagram.size,
                     [](char c) { return c == '\r' || c == '\n' || c == ' ' || c == '\t'; });
}

}  // namespace

void ListenPoint::on_datagram(const Datagram& datagram) { state_.receive(*this, datagram); }

void ListenPoint::on_unreachable(const Endpoint& peer, std::error_code why) {
  state_.user.on_unreachable(flow_to(peer), why);
}

void ListenPoint::on_dropped(std::size_t count) { state_.drops.add(Drop::unsendable, count); }

void ListenPoint::on_backlog(bool behind, std::size_t lost) {
  behind_ = behind;
  state_.drops.add(Drop::no_room, lost);
}

void TransportLayer::State::receive(const ListenPoint& point, const Datagram& datagram) {
  const Flow flow = point.flow_to(datagram.peer);
  if (datagram.size == 0 || blank(datagram)) return drop(Drop::empty, flow);
  tap(Direction::received, point, datagram.peer, {datagram.data, datagram.size});
  if (point.behind() && user.sheds() && begins_something({datagram.data, datagram.size})) return drops.add(Drop::shed);
  if (datagram.truncated) return drop(Drop::truncated, flow);
  switch (parser.parse(datagram.data, datagram.size)) {
    case Parsed::request: return receive_request(flow);
    case Parsed::response: return receive_response(flow);
    case Parsed::bad_request: return answer_bad_request(flow);
    case Parsed::bad_response: return parser.broken_2xx() ? receive_broken_2xx(flow) : drop(Drop::bad_response, flow);
    case Parsed::keep_alive: return drop(Drop::empty, flow);
    case Parsed::garbage: return drop(Drop::garbage, flow);
  }
}

void TransportLayer::State::receive_request(const Flow& flow) {
  Request& request = parser.request();
  if (const auto via = via_rules::stamped(request.top_via(), flow.peer)) request.replace_front(header::via, *via);
  if (interceptor != nullptr && interceptor->on_request(request, flow)) return;
  user.on_request(request, flow);
}

void TransportLayer::State::receive_response(const Flow& flow) {
  const Response& response = parser.response();
  if (!sent_by_us(response.top_via())) return drop(Drop::wrong_sent_by, flow);
  if (interceptor != nullptr && interceptor->on_response(response, flow)) return;
  user.on_response(response, flow, false);
}

/// Call-ID, tags and CSeq were read, and they are what such a response is matched by; the Via may be what is broken.
void TransportLayer::State::receive_broken_2xx(const Flow& flow) {
  const Response& response = parser.response();
  const ViaView via = response.top_via();
  if (!via.text().empty() && !sent_by_us(via)) return drop(Drop::wrong_sent_by, flow);
  drop(Drop::bad_response, flow);
  user.on_response(response, flow, true);
}

/// A request whose top Via could be read, and no ACK: Parsed::bad_request says so.
void TransportLayer::State::answer_bad_request(const Flow& flow) {
  Request& request = parser.request();
  drop(Drop::bad_request, flow);
  if (const auto via = via_rules::stamped(request.top_via(), flow.peer)) request.replace_front(header::via, *via);
  const Response answer = answer_to_bad(request, parser.error(), tag_key, options.user_agent);
  if (!send_response(answer, flow)) drops.add(Drop::unsendable);
}

void TransportLayer::State::tell_closed() {
  const Flow flow = closed.front();
  closed.erase(closed.begin());
  if (!closed.empty()) runtime.timers().arm(tell_closed_soon, Duration::zero());
  user.on_closed(flow);
}

void TransportLayer::State::drop(Drop reason, const Flow& flow) {
  drops.add(reason);
  LogSink& log = runtime.log();
  if (reason == Drop::empty || !log.wants(LogLevel::notice)) return;
  std::string line(name_of(reason));
  line.append(" from ").append(flow.peer.to_string());
  const bool unparsed = reason == Drop::garbage || reason == Drop::bad_request || reason == Drop::bad_response;
  if (unparsed)
    line.append(": ")
        .append(parser.error().message())
        .append(" at byte ")
        .append(std::to_string(parser.error().offset));
  log.write(LogLevel::notice, "transport", line);
}

bool TransportLayer::State::sent_by_us(const ViaView& via) const {
  const auto address = IpAddress::parse(via.host());
  if (!address) return false;
  const std::uint16_t port = via_rules::sent_by_port(via);
  return std::ranges::any_of(points, [&](const auto& point) {
    if (point == nullptr || point->local().port != port) return false;
    if (!point->local().address.is_unspecified()) return via_rules::same_address(point->local().address, *address);
    return named.size() >= named_kept ||
           std::ranges::any_of(named, [&](const IpAddress& n) { return via_rules::same_address(n, *address); });
  });
}

}  // namespace peal::inline v0::transport
