#pragma once

#include <peal/message/uri.hpp>
#include <peal/transport/transport_layer.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace peal::inline v0::registrar {

/// Which URIs are ours: those of the configured domains, and of the addresses on which we listen.
class Domains {
 public:
  explicit Domains(const std::vector<std::string>& names);
  [[nodiscard]] bool serve(const UriView& uri, const transport::TransportLayer& transport) const;

 private:
  std::vector<std::string> names_;  // lower case, the default port left out
};

/// What an address of record is looked up by: user unescaped, host in lower case, no default port, no parameters (§10.3
/// step 5).
std::string address_of_record(const UriView& uri);

}  // namespace peal::inline v0::registrar
