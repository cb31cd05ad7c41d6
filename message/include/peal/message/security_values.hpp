#pragma once

#include <peal/message/owned_params.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace peal::inline v0 {

/// An element of Security-Client, Security-Server, Security-Verify (RFC 3329 §2.2): `digest;q=0.5;d-alg=MD5`. Of q,
/// d-alg, d-qop and d-ver each stands once (repeated_parameter) and is what §2.2 says (bad_parameter).
class SecurityMechanismView : public ParamValueView {
 public:
  using ParamValueView::ParamValueView;
  PEAL_API static Result<SecurityMechanismView, ParseError> parse(std::string_view text);
  PEAL_API static Result<SecurityMechanismView, ParseError> read(InMessage from, const char*& end);
  /// "tls", "digest", "ipsec-ike", "ipsec-man", "ipsec-3gpp", "sdes-srtp"…
  [[nodiscard]] std::string_view mechanism() const noexcept { return value(); }
  /// In thousandths; nullopt when it is not said.
  [[nodiscard]] PEAL_API std::optional<unsigned> q() const;
  [[nodiscard]] std::string_view digest_algorithm() const { return params().value("d-alg"); }
  [[nodiscard]] std::string_view digest_qop() const { return params().value("d-qop"); }
  /// The 32 digits of d-ver, without quotes; empty when there is none.
  [[nodiscard]] PEAL_API std::string_view digest_verify() const;
};

class SecurityMechanism : public OwnedParams<SecurityMechanismView, SecurityMechanism> {
 public:
  using OwnedParams::OwnedParams;
  /// bad_token for what is none, bad_number for a q over 1000 thousandths.
  PEAL_API static Result<SecurityMechanism, ParseError> make(std::string_view mechanism,
                                                             std::optional<unsigned> q = {});
};

/// An element of Resource-Priority or Accept-Resource-Priority (RFC 4412 §3.1): `dsn.flash`.
class ResourceValueView : public ParamValueView {
 public:
  using ParamValueView::ParamValueView;
  PEAL_API static Result<ResourceValueView, ParseError> parse(std::string_view text);
  PEAL_API static Result<ResourceValueView, ParseError> read(InMessage from, const char*& end);
  [[nodiscard]] std::string_view name_space() const noexcept { return value().substr(0, value().find('.')); }
  [[nodiscard]] std::string_view priority() const noexcept { return value().substr(value().find('.') + 1); }
  /// Both without case (§3.1).
  [[nodiscard]] PEAL_API bool is(std::string_view name_space, std::string_view priority) const noexcept;
};

class ResourceValue : public Owned<ResourceValueView> {
 public:
  using Owned::Owned;
  PEAL_API static Result<ResourceValue, ParseError> parse(std::string_view text);
  /// bad_token for what is no token or holds a dot.
  PEAL_API static Result<ResourceValue, ParseError> make(std::string_view name_space, std::string_view priority);
};

}  // namespace peal::inline v0
