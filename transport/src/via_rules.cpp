#include "via_rules.hpp"

#include <charconv>
#include <string>

namespace peal::inline v0::transport::via_rules {
namespace {

IpAddress without_scope(const IpAddress& address) noexcept {
  return address.is_v6() ? IpAddress::v6(address.bytes()) : address;
}

IpAddress literal(std::string_view host) { return IpAddress::parse(host).value_or(IpAddress{}); }

/// 0 when there is none that could be sent to.
std::uint16_t rport_of(const ViaView& via) {
  const std::string_view text = via.params().value("rport");
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc{} && end == text.data() + text.size() ? port : std::uint16_t{0};
}

}  // namespace

std::uint16_t default_port(Protocol protocol) noexcept {
  switch (protocol) {
    case Protocol::udp:
    case Protocol::tcp: return 5060;
    case Protocol::tls: return 5061;
    case Protocol::ws: return 80;
    case Protocol::wss: return 443;
  }
  return 5060;
}

std::uint16_t sent_by_port(const ViaView& via) noexcept {
  if (via.port() != 0) return via.port();
  return default_port(parse_protocol(via.transport()).value_or(Protocol::udp));
}

bool same_address(const IpAddress& a, const IpAddress& b) noexcept { return without_scope(a) == without_scope(b); }

std::optional<Via> stamped(const ViaView& top, const Endpoint& source) {
  const ParamsView params = top.params();
  const bool wants_rport = params.has("rport");
  const bool differs = !same_address(literal(top.host()), source.address);
  if (!wants_rport && !differs && !params.has("received")) return std::nullopt;
  Via via(top);
  const auto received = via.set_param("received", without_scope(source.address).to_string());
  const auto rport = wants_rport ? via.set_param("rport", std::to_string(source.port)) : Result<void, ParseError>{};
  if (!received || !rport) return std::nullopt;
  return via;
}

Endpoint response_target(const ViaView& top, const Endpoint& source) {
  const ParamsView params = top.params();
  if (const IpAddress maddr = literal(params.value("maddr")); !maddr.empty()) return {maddr, sent_by_port(top)};
  const std::string_view received = params.value("received");
  IpAddress address = literal(received);
  const std::uint16_t rport = address.empty() ? std::uint16_t{0} : rport_of(top);
  if (address.empty()) address = literal(top.host());
  if (address.empty() || same_address(address, source.address)) address = source.address;
  if (address.empty()) return {};
  return {address, rport != 0 ? rport : sent_by_port(top)};
}

}  // namespace peal::inline v0::transport::via_rules
