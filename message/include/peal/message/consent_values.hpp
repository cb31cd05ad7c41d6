#pragma once

#include <peal/message/owned_params.hpp>
#include <peal/message/uri_ref.hpp>

#include <string>
#include <string_view>

namespace peal::inline v0 {

/// An element of Trigger-Consent (RFC 5360 §5.11.2): a sip or sips URI without <>, whose parameters are the header's.
class TriggerConsentView : public UriRefView {
 public:
  using UriRefView::UriRefView;
  PEAL_API static Result<TriggerConsentView, ParseError> parse(std::string_view text);
  PEAL_API static Result<TriggerConsentView, ParseError> read(InMessage from, const char*& end);
  /// The URI of the `target-uri` parameter, without its quotes; empty when there is none. A valid URI.
  [[nodiscard]] PEAL_API std::string target_uri() const;
};

class TriggerConsent : public OwnedParams<TriggerConsentView, TriggerConsent> {
 public:
  using OwnedParams::OwnedParams;
  /// bad_scheme for a URI that is not sip or sips, trailing_bytes for one with parameters or headers of its own, which
  /// the grammar has no place for.
  PEAL_API static Result<TriggerConsent, ParseError> make(const UriView& uri, const UriView& target = {});
};

/// An element of Policy-Contact (RFC 6794 §4.4.5.2): `<sip:host@example.com>;non-cacheable`.
class PolicyContactView : public UriRefView {
 public:
  using UriRefView::UriRefView;
  PEAL_API static Result<PolicyContactView, ParseError> parse(std::string_view text);
  PEAL_API static Result<PolicyContactView, ParseError> read(InMessage from, const char*& end);
  [[nodiscard]] bool is_cacheable() const { return !params().has("non-cacheable"); }
  /// The host name of `alt-uri`; empty when there is none.
  [[nodiscard]] std::string_view alternative() const { return params().value("alt-uri"); }
};

class PolicyContact : public OwnedParams<PolicyContactView, PolicyContact> {
 public:
  using OwnedParams::OwnedParams;
  /// `<uri>`; bad_uri for an empty one.
  PEAL_API static Result<PolicyContact, ParseError> make(const UriView& uri);
};

}  // namespace peal::inline v0
