#include "uri_ref.hpp"

#include <peal/message/consent_values.hpp>

namespace peal::inline v0 {

using grammar::At;
using grammar::Scan;

Result<TriggerConsentView, ParseError> TriggerConsentView::read(InMessage from, const char*& end) {
  Scan s;
  UriRefParts parts;
  const At behind_uri = grammar::uri(from.at, true, parts.uri_parts, s);
  if (behind_uri == nullptr) return grammar::unread(from, s);
  if (parts.uri_parts.scheme > Scheme::sips) return fail(parse_errc::bad_scheme, 0);
  At bad_target = nullptr;
  auto params =
      grammar::read_ref_params(from, behind_uri, end, parts, s, [&](std::string_view name, std::string_view value) {
        if (!grammar::named(name, "target-uri")) return true;
        if (!value.starts_with('"') || !UriView::parse(Param{name, value, true}.unquoted())) bad_target = name.data();
        return true;
      });
  if (!params) return fail(params.error());
  if (bad_target != nullptr) return fail(parse_errc::bad_uri, grammar::distance(from.at, bad_target));
  return TriggerConsentView(from.at, parts);
}
Result<TriggerConsentView, ParseError> TriggerConsentView::parse(std::string_view text) {
  return grammar::parse_parts<TriggerConsentView>(text);
}
std::string TriggerConsentView::target_uri() const {
  const auto param = params().find("target-uri");
  return param ? param->unquoted() : std::string();
}

Result<TriggerConsent, ParseError> TriggerConsent::make(const UriView& uri, const UriView& target) {
  if (!uri.params().empty() || !uri.headers().empty())
    return fail(parse_errc::trailing_bytes, uri.params().empty() ? uri.parts().headers - 1 : uri.parts().params);
  auto out = parse(uri.text());
  if (!out || target.empty()) return out;
  if (auto ok = out->set_quoted("target-uri", target.text()); !ok) return fail(ok.error());
  return out;
}

Result<PolicyContactView, ParseError> PolicyContactView::read(InMessage from, const char*& end) {
  auto out = grammar::read_uri_ref<PolicyContactView>(from, end);
  if (!out) return out;
  const auto alternative = out->params().find("alt-uri");
  Scan s;
  if (alternative && (alternative->value.empty() || grammar::host(alternative->value.data(), s) !=
                                                        alternative->value.data() + alternative->value.size()))
    return fail(parse_errc::bad_host, grammar::distance(from.at, alternative->name.data()));
  return out;
}
Result<PolicyContactView, ParseError> PolicyContactView::parse(std::string_view text) {
  return grammar::parse_parts<PolicyContactView>(text);
}

Result<PolicyContact, ParseError> PolicyContact::make(const UriView& uri) {
  return parse(std::string("<").append(uri.text()).append(">"));
}

}  // namespace peal::inline v0
