#pragma once

#include <peal/message/export.hpp>
#include <peal/message/result.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace peal::inline v0::transport {

enum class Protocol : std::uint8_t { udp, tcp, tls, ws, wss };

/// "UDP", "TCP", … as Via writes it (RFC 3261 §20.42, RFC 7118 §5.2).
PEAL_API std::string_view via_name(Protocol protocol) noexcept;
/// "udp", "tcp", … as the URI parameter `transport` writes it; tls and wss are not written so.
PEAL_API std::string_view uri_name(Protocol protocol) noexcept;
PEAL_API Result<Protocol> parse_protocol(std::string_view name);  ///< without case; errc::invalid_value
constexpr bool reliable(Protocol p) noexcept { return p != Protocol::udp; }
constexpr bool secure(Protocol p) noexcept { return p == Protocol::tls || p == Protocol::wss; }

/// An IPv4 or IPv6 address. IPv4-mapped IPv6 stays what it was written as.
class IpAddress {
 public:
  constexpr IpAddress() noexcept = default;
  static constexpr IpAddress v4(std::array<std::uint8_t, 4> b) noexcept {
    IpAddress a;
    for (std::size_t i = 0; i < 4; ++i) a.bytes_[i] = b[i];
    a.family_ = 4;
    return a;
  }
  static constexpr IpAddress v6(std::array<std::uint8_t, 16> b, std::uint32_t scope = 0) noexcept {
    IpAddress a;
    a.bytes_ = b;
    a.scope_ = scope;
    a.family_ = 6;
    return a;
  }
  /// "192.0.2.1", "2001:db8::1", "[2001:db8::1]", "fe80::1%3". errc::invalid_value.
  PEAL_API static Result<IpAddress> parse(std::string_view text);

  [[nodiscard]] constexpr bool is_v4() const noexcept { return family_ == 4; }
  [[nodiscard]] constexpr bool is_v6() const noexcept { return family_ == 6; }
  [[nodiscard]] constexpr bool empty() const noexcept { return family_ == 0; }
  [[nodiscard]] PEAL_API bool is_unspecified() const noexcept;  ///< 0.0.0.0 or ::
  [[nodiscard]] PEAL_API bool is_loopback() const noexcept;
  [[nodiscard]] constexpr const std::array<std::uint8_t, 16>& bytes() const noexcept { return bytes_; }
  [[nodiscard]] constexpr std::uint32_t scope() const noexcept { return scope_; }
  [[nodiscard]] PEAL_API std::string to_string() const;    ///< without brackets
  [[nodiscard]] PEAL_API std::string to_uri_host() const;  ///< IPv6 in brackets, without scope
  friend constexpr bool operator==(const IpAddress&, const IpAddress&) noexcept = default;

 private:
  std::array<std::uint8_t, 16> bytes_{};
  std::uint32_t scope_ = 0;
  std::uint8_t family_ = 0;
};

/// An address and a port.
struct Endpoint {
  IpAddress address;
  std::uint16_t port = 0;
  /// "192.0.2.1:5060", "[2001:db8::1]:5060". errc::invalid_value.
  PEAL_API static Result<Endpoint> parse(std::string_view text);
  [[nodiscard]] PEAL_API std::string to_string() const;
  friend constexpr bool operator==(const Endpoint&, const Endpoint&) noexcept = default;
};

/// Where a request goes: protocol, address, and the name it was found by (what TLS must verify, RFC 5922).
struct Target {
  Protocol protocol = Protocol::udp;
  Endpoint endpoint;
  std::string host;
};

}  // namespace peal::inline v0::transport
