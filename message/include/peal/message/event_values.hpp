#pragma once

#include <peal/message/param_value.hpp>

#include <string>
#include <string_view>

namespace peal::inline v0 {

/// Event (RFC 6665 §8.4): a package, its templates, and parameters.
class EventView : public ParamValueView {
 public:
  using ParamValueView::ParamValueView;
  PEAL_API static Result<EventView, ParseError> parse(std::string_view text);
  PEAL_API static Result<EventView, ParseError> read(InMessage from, const char*& end);
  /// Package and templates, as in "presence.winfo".
  [[nodiscard]] std::string_view type() const noexcept { return value(); }
  [[nodiscard]] std::string_view package() const noexcept { return value().substr(0, value().find('.')); }
  [[nodiscard]] std::string_view id() const { return params().value("id"); }  ///< empty when there is none
};

using Event = Owned<EventView>;

}  // namespace peal::inline v0
