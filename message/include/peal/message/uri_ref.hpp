#pragma once

#include <peal/message/export.hpp>
#include <peal/message/header.hpp>
#include <peal/message/uri.hpp>

#include <cstdint>
#include <string_view>

namespace peal::inline v0 {

/// Where the parts of `<URI> *(SEMI generic-param)` stand in its text.
struct UriRefParts {
  std::uint32_t size = 0;
  std::uint32_t uri = 0;                      ///< behind the '<'; 0 when there is none
  std::uint32_t params = 0, params_size = 0;  ///< from the first ';' behind the URI
  UriParts uri_parts;
};

/// `<URI> *(SEMI generic-param)`: what the views of headers that name a resource share. Trivially copyable; valid while
/// the text it was made from is.
class UriRefView {
 public:
  constexpr UriRefView() noexcept = default;
  constexpr UriRefView(const char* text, const UriRefParts& parts) noexcept : text_(text), parts_(parts) {}

  [[nodiscard]] std::string_view text() const noexcept { return {text_, parts_.size}; }
  [[nodiscard]] UriView uri() const noexcept { return {text_ + parts_.uri, parts_.uri_parts}; }
  [[nodiscard]] ParamsView params() const noexcept { return ParamsView({text_ + parts_.params, parts_.params_size}); }
  [[nodiscard]] const UriRefParts& parts() const noexcept { return parts_; }

 private:
  const char* text_ = "";
  UriRefParts parts_;
};

}  // namespace peal::inline v0
