#include "address.hpp"

#include <algorithm>

namespace peal::inline v0::detail {

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

/// RFC 3261 §19.1.5: neither what routes, identifies and authenticates, nor the body.
bool may_come_from_a_uri(std::string_view name) {
  const auto id = header::find(name);
  if (dialog::is_protected(id)) return false;
  switch (id) {
    case HeaderId::contact:
    case HeaderId::content_type:
    case HeaderId::content_encoding:
    case HeaderId::content_disposition:
    case HeaderId::content_language:
    case HeaderId::mime_version:
    case HeaderId::authorization:
    case HeaderId::proxy_authorization:
    case HeaderId::allow:
    case HeaderId::supported:
    case HeaderId::accept:
    case HeaderId::accept_encoding:
    case HeaderId::accept_language:
    case HeaderId::user_agent:
    case HeaderId::organization:
    case HeaderId::date: return false;
    default: break;
  }
  return unescape(name) != "body";
}

Result<Fields> fields_of(std::string_view text) {
  Fields fields;
  while (!text.empty()) {
    const auto end = std::min(text.find('&'), text.size());
    const auto field = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const auto equals = std::min(field.find('='), field.size());
    auto name = unescape(field.substr(0, equals));
    if (!may_come_from_a_uri(name)) return fail(errc::unsupported);
    fields.emplace_back(std::move(name), unescape(field.substr(std::min(equals + 1, field.size()))));
  }
  return fields;
}

}  // namespace

Result<Fields> address_to(std::string_view text, dialog::UaCore::NewRequest& parts) {
  std::string display;
  if (text.find('<') == std::string_view::npos) {
    auto uri = Uri::parse(text);
    if (!uri) return fail(std::error_code(uri.error()));
    parts.target = std::move(*uri);
  } else {
    auto named = NameAddr::parse(text);
    if (!named) return fail(std::error_code(named.error()));
    parts.target = Uri(named->uri());
    display = named->view().display_name();
  }
  auto fields = fields_of(parts.target.view().headers());
  if (!fields) return fields;
  parts.target.strip_for_request_uri();
  Uri to = parts.target;
  for (const auto* name : {"transport", "lr", "maddr", "ttl"}) to.remove_param(name);
  auto named = NameAddr::make(display, to.view());
  if (!named) return fail(std::error_code(named.error()));
  parts.to = std::move(*named);
  return fields;
}

}  // namespace peal::inline v0::detail
