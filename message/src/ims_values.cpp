#include "param_value.hpp"

#include <peal/message/ims_values.hpp>

namespace peal::inline v0 {

namespace {

using grammar::At;
using grammar::Scan;

std::string unquoted(std::string_view text) { return Param{{}, text, true}.unquoted(); }

At token_or_quoted(At p, Scan& s) noexcept { return *p == '"' ? grammar::quoted_string(p, s) : grammar::token(p, s); }

/// What must be a host (RFC 7315 §5.6).
bool is_host_param(std::string_view name) noexcept {
  return grammar::named(name, "icid-generated-at") || grammar::named(name, "related-icid-generated-at");
}

bool is_host(std::string_view value) noexcept {
  Scan s;
  return !value.empty() && grammar::host(value.data(), s) == value.data() + value.size();
}

}  // namespace

Result<AccessNetworkView, ParseError> AccessNetworkView::read(InMessage from, const char*& end) {
  return grammar::read_param_value<AccessNetworkView>(from, end, grammar::token);
}
Result<AccessNetworkView, ParseError> AccessNetworkView::parse(std::string_view text) {
  return grammar::parse_parts<AccessNetworkView>(text);
}
std::string AccessNetworkView::info(std::string_view name) const {
  const auto param = params().find(name);
  return param ? param->unquoted() : std::string();
}

Result<AccessNetwork, ParseError> AccessNetwork::make(std::string_view access) {
  if (!ascii::all(access, ascii::token)) return fail(parse_errc::bad_token, 0);
  return parse(access);
}

Result<VisitedNetworkView, ParseError> VisitedNetworkView::read(InMessage from, const char*& end) {
  return grammar::read_param_value<VisitedNetworkView>(from, end, token_or_quoted);
}
Result<VisitedNetworkView, ParseError> VisitedNetworkView::parse(std::string_view text) {
  return grammar::parse_parts<VisitedNetworkView>(text);
}
std::string VisitedNetworkView::name() const { return unquoted(value()); }

Result<VisitedNetwork, ParseError> VisitedNetwork::make(std::string_view name) {
  auto text = detail::token_or_quoted(name);
  if (!text) return fail(text.error());
  return parse(*text);
}

Result<ChargingVectorView, ParseError> ChargingVectorView::read(InMessage from, const char*& end) {
  Scan s;
  ChargingVectorParts parts;
  const At name_end = grammar::span<ascii::token>(from.at);
  if (!grammar::named(grammar::between(from.at, name_end), "icid-value"))
    return fail(from.at == from.end ? parse_errc::empty : parse_errc::missing_parameter, 0);
  const At equals = grammar::blanks(name_end);
  if (*equals != '=') return fail(parse_errc::bad_parameter, grammar::distance(from.at, equals));
  const At icid = grammar::blanks(equals + 1);
  const At icid_end = grammar::gen_value<ascii::token>(icid, s);
  if (icid_end == nullptr) return grammar::unread(from, s);
  At bad_host = nullptr;
  end = grammar::header_params<ascii::token>(icid_end, s, [&](std::string_view name, std::string_view value) {
    if (bad_host == nullptr && is_host_param(name) && !is_host(value)) bad_host = name.data();
    return !grammar::named(name, "icid-value");
  });
  if (end == nullptr) return grammar::unread(from, s);
  if (bad_host != nullptr) return fail(parse_errc::bad_host, grammar::distance(from.at, bad_host));
  parts.icid = grammar::distance(from.at, icid);
  parts.icid_size = grammar::distance(icid, icid_end);
  parts.params = grammar::distance(from.at, icid_end);
  parts.params_size = grammar::distance(icid_end, end);
  parts.size = grammar::distance(from.at, end);
  return ChargingVectorView(from.at, parts);
}
Result<ChargingVectorView, ParseError> ChargingVectorView::parse(std::string_view text) {
  return grammar::parse_parts<ChargingVectorView>(text);
}
std::string ChargingVectorView::icid() const { return unquoted({text_ + parts_.icid, parts_.icid_size}); }
std::string ChargingVectorView::param(std::string_view name) const {
  const auto found = params().find(name);
  return found ? found->unquoted() : std::string();
}

Result<ChargingVector, ParseError> ChargingVector::make(std::string_view icid) {
  if (icid.empty()) return fail(parse_errc::empty, 0);
  auto text = detail::token_or_quoted(icid);
  if (!text) return fail(text.error());
  return parse("icid-value=" + *text);
}

}  // namespace peal::inline v0
