#pragma once

#include <peal/transport/endpoint.hpp>

#include <string>
#include <string_view>

namespace peal::inline v0::detail {

/// "udp:127.0.0.1:5060", "udp:[::]:0", "udp:192.0.2.1" (then the protocol's default port).
struct ListenAddress {
  transport::Protocol protocol = transport::Protocol::udp;
  transport::Endpoint endpoint;
  static Result<ListenAddress> parse(std::string_view text);
  [[nodiscard]] std::string to_string() const;
};

}  // namespace peal::inline v0::detail
