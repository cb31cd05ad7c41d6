#include "domains.hpp"

#include <algorithm>

namespace peal::inline v0::registrar {

namespace {

constexpr std::uint16_t sip_port = 5060;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return out;
}

std::string without_default_port(std::string domain) {
  constexpr std::string_view port = ":5060";
  if (domain.ends_with(port)) domain.resize(domain.size() - port.size());
  return domain;
}

std::string domain_of(const UriView& uri) {
  auto out = lower(uri.host());
  if (const auto port = uri.port(); port && *port != sip_port) out += ":" + std::to_string(*port);
  return out;
}

}  // namespace

Domains::Domains(const std::vector<std::string>& names) {
  for (const auto& name : names) names_.push_back(without_default_port(lower(name)));
}

bool Domains::serve(const UriView& uri, const transport::TransportLayer& transport) const {
  return uri.is_sip() && (std::ranges::find(names_, domain_of(uri)) != names_.end() ||
                          transport.is_local(uri.host(), uri.port().value_or(sip_port)));
}

std::string address_of_record(const UriView& uri) { return unescape(uri.user()) + "@" + domain_of(uri); }

}  // namespace peal::inline v0::registrar
