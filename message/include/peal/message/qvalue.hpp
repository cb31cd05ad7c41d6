#pragma once

#include <peal/message/export.hpp>
#include <peal/message/params.hpp>
#include <peal/message/result.hpp>

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace peal::inline v0 {

/// qvalue (RFC 3261 §25.1): 0 to 1 in steps of a thousandth, exactly.
struct QValue {
  std::uint16_t thousandths = 1000;  ///< 0 to 1000

  PEAL_API static Result<QValue, ParseError> parse(std::string_view text);
  /// The shortest form: "1", "0.5".
  PEAL_API void append_to(std::string& out) const;
  friend auto operator<=>(const QValue&, const QValue&) noexcept = default;
};

/// `;q=` of a Contact, Accept…; nullopt when there is none, or it is no qvalue.
PEAL_API std::optional<QValue> q_value(const ParamsView& params);
/// `;expires=` of a Contact. nullopt when there is none, or it is no number; over 2**32-1 counts as 2**32-1.
PEAL_API std::optional<std::chrono::seconds> expires_value(const ParamsView& params);
/// `;+sip.instance="<urn:…>"` (RFC 5626 §4.1) without its quotes and brackets; empty when there is none.
PEAL_API std::string sip_instance(const ParamsView& params);
/// `;reg-id=` (RFC 5626 §10): 1 to 2**31-1; nullopt when there is none such.
PEAL_API std::optional<std::uint32_t> reg_id(const ParamsView& params);

}  // namespace peal::inline v0
