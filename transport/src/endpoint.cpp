#include <peal/transport/endpoint.hpp>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>

#include <arpa/inet.h>
#include <sys/socket.h>

namespace peal::inline v0::transport {
namespace {

struct ProtocolRow {
  Protocol protocol;
  std::string_view via;
  std::string_view uri;
};
constexpr ProtocolRow protocols[] = {
    {Protocol::udp, "UDP", "udp"}, {Protocol::tcp, "TCP", "tcp"}, {Protocol::tls, "TLS", "tls"},
    {Protocol::ws, "WS", "ws"},    {Protocol::wss, "WSS", "wss"},
};

bool equal_without_case(std::string_view a, std::string_view b) noexcept {
  auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

template <class T>
std::optional<T> number(std::string_view text) noexcept {
  T value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// inet_pton wants a terminated string.
template <std::size_t Size>
bool to_binary(int family, std::string_view text, std::array<std::uint8_t, Size>& out) noexcept {
  char terminated[INET6_ADDRSTRLEN + 1];
  if (text.empty() || text.size() >= sizeof terminated || text.find('\0') != std::string_view::npos) return false;
  std::memcpy(terminated, text.data(), text.size());
  terminated[text.size()] = '\0';
  return inet_pton(family, terminated, out.data()) == 1;
}

Result<IpAddress> parse_v6(std::string_view text) {
  std::uint32_t scope = 0;
  if (const auto percent = text.find('%'); percent != std::string_view::npos) {
    const auto value = number<std::uint32_t>(text.substr(percent + 1));
    if (!value) return fail(errc::invalid_value);
    scope = *value;
    text = text.substr(0, percent);
  }
  std::array<std::uint8_t, 16> bytes{};
  if (!to_binary(AF_INET6, text, bytes)) return fail(errc::invalid_value);
  return IpAddress::v6(bytes, scope);
}

}  // namespace

std::string_view via_name(Protocol protocol) noexcept { return protocols[static_cast<std::size_t>(protocol)].via; }

std::string_view uri_name(Protocol protocol) noexcept { return protocols[static_cast<std::size_t>(protocol)].uri; }

Result<Protocol> parse_protocol(std::string_view name) {
  for (const auto& row : protocols) {
    if (equal_without_case(row.uri, name)) return row.protocol;
  }
  return fail(errc::invalid_value);
}

Result<IpAddress> IpAddress::parse(std::string_view text) {
  if (text.size() > 2 && text.front() == '[' && text.back() == ']') return parse_v6(text.substr(1, text.size() - 2));
  if (text.find(':') != std::string_view::npos) return parse_v6(text);
  std::array<std::uint8_t, 4> bytes{};
  if (!to_binary(AF_INET, text, bytes)) return fail(errc::invalid_value);
  return v4(bytes);
}

bool IpAddress::is_unspecified() const noexcept {
  return family_ != 0 && std::ranges::all_of(bytes_, [](std::uint8_t b) { return b == 0; });
}

bool IpAddress::is_loopback() const noexcept {
  if (family_ == 4) return bytes_[0] == 127;
  std::array<std::uint8_t, 16> one{};
  one[15] = 1;
  return family_ == 6 && bytes_ == one;
}

std::string IpAddress::to_string() const {
  if (empty()) return {};
  char text[INET6_ADDRSTRLEN];
  if (inet_ntop(is_v4() ? AF_INET : AF_INET6, bytes_.data(), text, sizeof text) == nullptr) return {};
  std::string out = text;
  if (scope_ != 0) out.append("%").append(std::to_string(scope_));
  return out;
}

std::string IpAddress::to_uri_host() const {
  if (!is_v6()) return to_string();
  return "[" + v6(bytes_).to_string() + "]";
}

Result<Endpoint> Endpoint::parse(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return fail(errc::invalid_value);
  const std::string_view host = text.substr(0, colon);
  const bool bracketed = host.front() == '[' && host.back() == ']';
  if (!bracketed && host.find(':') != std::string_view::npos) return fail(errc::invalid_value);
  const auto address = IpAddress::parse(host);
  const auto port = number<std::uint16_t>(text.substr(colon + 1));
  if (!address || !port || (bracketed && address->is_v4())) return fail(errc::invalid_value);
  return Endpoint{*address, *port};
}

std::string Endpoint::to_string() const {
  const std::string host = address.is_v6() ? "[" + address.to_string() + "]" : address.to_string();
  return host + ":" + std::to_string(port);
}

}  // namespace peal::inline v0::transport
