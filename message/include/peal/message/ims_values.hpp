#pragma once

#include <peal/message/owned_params.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace peal::inline v0 {

/// An element of P-Access-Network-Info (RFC 7315 §5.4): `3GPP-E-UTRAN-FDD;utran-cell-id-3gpp=…`. An access-info that is
/// a quoted string without a name is refused.
class AccessNetworkView : public ParamValueView {
 public:
  using ParamValueView::ParamValueView;
  PEAL_API static Result<AccessNetworkView, ParseError> parse(std::string_view text);
  PEAL_API static Result<AccessNetworkView, ParseError> read(InMessage from, const char*& end);
  /// The access-type or access-class.
  [[nodiscard]] std::string_view access() const noexcept { return value(); }
  /// The network says it, not the user agent: `;network-provided`.
  [[nodiscard]] bool is_network_provided() const { return params().has("network-provided"); }
  /// An access-info by name ("cgi-3gpp", "utran-cell-id-3gpp", "i-wlan-node-id", "dsl-location"…), without its quotes;
  /// empty when there is none.
  [[nodiscard]] PEAL_API std::string info(std::string_view name) const;
};

class AccessNetwork : public OwnedParams<AccessNetworkView, AccessNetwork> {
 public:
  using OwnedParams::OwnedParams;
  /// bad_token for an access that is none.
  PEAL_API static Result<AccessNetwork, ParseError> make(std::string_view access);
};

/// An element of P-Visited-Network-ID (RFC 7315 §5.3): a token or quoted string.
class VisitedNetworkView : public ParamValueView {
 public:
  using ParamValueView::ParamValueView;
  PEAL_API static Result<VisitedNetworkView, ParseError> parse(std::string_view text);
  PEAL_API static Result<VisitedNetworkView, ParseError> read(InMessage from, const char*& end);
  /// Without quotes.
  [[nodiscard]] PEAL_API std::string name() const;
};

class VisitedNetwork : public OwnedParams<VisitedNetworkView, VisitedNetwork> {
 public:
  using OwnedParams::OwnedParams;
  /// Quoted unless it is a token; bad_byte for CR, LF and NUL.
  PEAL_API static Result<VisitedNetwork, ParseError> make(std::string_view name);
};

/// Where the parts of a P-Charging-Vector stand in its text.
struct ChargingVectorParts {
  std::uint32_t size = 0;
  std::uint32_t icid = 0, icid_size = 0;  ///< as it stands, quotes included
  std::uint32_t params = 0, params_size = 0;
};

/// P-Charging-Vector (RFC 7315 §5.6): icid-value, which stands first, and parameters. The readers give values without
/// their quotes, empty when there is none.
class ChargingVectorView {
 public:
  constexpr ChargingVectorView() noexcept = default;
  constexpr ChargingVectorView(const char* text, const ChargingVectorParts& parts) noexcept
      : text_(text), parts_(parts) {}
  PEAL_API static Result<ChargingVectorView, ParseError> parse(std::string_view text);
  PEAL_API static Result<ChargingVectorView, ParseError> read(InMessage from, const char*& end);
  [[nodiscard]] std::string_view text() const noexcept { return {text_, parts_.size}; }
  [[nodiscard]] PEAL_API std::string icid() const;
  [[nodiscard]] std::string generated_at() const { return param("icid-generated-at"); }  ///< a host
  [[nodiscard]] std::string orig_ioi() const { return param("orig-ioi"); }
  [[nodiscard]] std::string term_ioi() const { return param("term-ioi"); }
  [[nodiscard]] std::string transit_ioi() const { return param("transit-ioi"); }  ///< a list with commas
  [[nodiscard]] std::string related_icid() const { return param("related-icid"); }
  [[nodiscard]] std::string related_generated_at() const { return param("related-icid-generated-at"); }
  /// Those behind icid-value.
  [[nodiscard]] ParamsView params() const noexcept { return ParamsView({text_ + parts_.params, parts_.params_size}); }
  [[nodiscard]] const ChargingVectorParts& parts() const noexcept { return parts_; }

 private:
  [[nodiscard]] PEAL_API std::string param(std::string_view name) const;
  const char* text_ = "";
  ChargingVectorParts parts_;
};

class ChargingVector : public OwnedParams<ChargingVectorView, ChargingVector> {
 public:
  using OwnedParams::OwnedParams;
  /// Quoted unless it is a token; bad_byte for CR, LF and NUL, empty for none.
  PEAL_API static Result<ChargingVector, ParseError> make(std::string_view icid);
};

}  // namespace peal::inline v0
