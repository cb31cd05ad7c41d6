#include "route_set.hpp"

namespace peal::inline v0::dialog {
namespace {

Uri as_request_uri(const UriView& uri) {
  Uri out(uri);
  out.strip_for_request_uri();
  return out;
}

}  // namespace

Uri apply_route_set(Request& request, std::span<const NameAddrView> routes, const UriView& target) {
  request.remove(header::route);
  if (routes.empty()) {
    request.set_uri(target);
    return Uri(target);
  }
  const Uri last(target);  // set_uri may end what `target` looks at
  const auto first = routes.front().uri();
  if (first.loose_router()) {
    for (const auto& route : routes) request.add(header::route, NameAddr(route));
    request.set_uri(last.view());
    return Uri(first);
  }
  const Uri strict = as_request_uri(first);
  for (const auto& route : routes.subspan(1)) request.add(header::route, NameAddr(route));
  request.add(header::route, NameAddr(last.view()));
  request.set_uri(strict.view());
  return strict;
}

Uri next_hop_of(std::span<const NameAddrView> routes, const UriView& target) {
  if (routes.empty()) return Uri(target);
  const auto first = routes.front().uri();
  return first.loose_router() ? Uri(first) : as_request_uri(first);
}

}  // namespace peal::inline v0::dialog
