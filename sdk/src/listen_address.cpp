#include "listen_address.hpp"

namespace peal::inline v0::detail {

Result<ListenAddress> ListenAddress::parse(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return fail(errc::invalid_value);
  auto protocol = transport::parse_protocol(text.substr(0, colon));
  if (!protocol) return fail(protocol.error());
  const auto rest = text.substr(colon + 1);
  if (auto endpoint = transport::Endpoint::parse(rest)) return ListenAddress{*protocol, *endpoint};
  auto address = transport::IpAddress::parse(rest);
  if (!address) return fail(errc::invalid_value);
  const std::uint16_t port = transport::secure(*protocol) ? 5061 : 5060;
  return ListenAddress{*protocol, {*address, port}};
}

std::string ListenAddress::to_string() const {
  return std::string(transport::uri_name(protocol)) + ":" + endpoint.to_string();
}

}  // namespace peal::inline v0::detail
