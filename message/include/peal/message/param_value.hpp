#pragma once

#include <peal/message/export.hpp>
#include <peal/message/header.hpp>
#include <peal/message/params.hpp>

#include <cstdint>
#include <string_view>

namespace peal::inline v0 {

/// Where the parts of `value *(SEMI generic-param)` stand in its text.
struct ParamValueParts {
  std::uint32_t size = 0;
  std::uint32_t value_size = 0;
  std::uint32_t params = 0, params_size = 0;  ///< from the first ';'
};

/// `value *(SEMI generic-param)`, the shape of most extension headers: what their views share. Trivially copyable;
/// valid while the text it was made from is.
class ParamValueView {
 public:
  constexpr ParamValueView() noexcept = default;
  constexpr ParamValueView(const char* text, const ParamValueParts& parts) noexcept : text_(text), parts_(parts) {}

  [[nodiscard]] std::string_view text() const noexcept { return {text_, parts_.size}; }
  /// What stands before the parameters.
  [[nodiscard]] std::string_view value() const noexcept { return {text_, parts_.value_size}; }
  [[nodiscard]] ParamsView params() const noexcept { return ParamsView({text_ + parts_.params, parts_.params_size}); }
  [[nodiscard]] const ParamValueParts& parts() const noexcept { return parts_; }

 private:
  const char* text_ = "";
  ParamValueParts parts_;
};

}  // namespace peal::inline v0
