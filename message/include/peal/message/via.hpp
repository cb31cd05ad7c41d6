#pragma once

#include <peal/message/export.hpp>
#include <peal/message/header.hpp>
#include <peal/message/limits.hpp>
#include <peal/message/params.hpp>
#include <peal/message/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace peal::inline v0 {

/// Where the parts of one Via element stand in its text.
struct ViaParts {
  std::uint32_t size = 0;
  std::uint32_t transport = 0, transport_size = 0;  ///< "UDP", "TCP", … as it stands
  std::uint32_t host = 0, host_size = 0;
  std::uint32_t params = 0, params_size = 0;
  std::uint32_t branch = 0, branch_size = 0;
  std::uint16_t port = 0;  ///< 0: none given
};

/// One Via element (RFC 3261 §20.42). Trivially copyable.
class ViaView {
 public:
  constexpr ViaView() noexcept = default;
  constexpr ViaView(const char* text, const ViaParts& parts) noexcept : text_(text), parts_(parts) {}
  /// Profile interop takes odd host names and parameter values too (docs/leniencies.md).
  PEAL_API static Result<ViaView, ParseError> parse(std::string_view text, Profile profile = Profile::strict);
  /// Reads one where it stands; see ReadInPlace.
  PEAL_API static Result<ViaView, ParseError> read(InMessage from, const char*& end);

  [[nodiscard]] std::string_view transport() const noexcept {
    return {text_ + parts_.transport, parts_.transport_size};
  }
  [[nodiscard]] std::string_view host() const noexcept { return {text_ + parts_.host, parts_.host_size}; }
  [[nodiscard]] std::uint16_t port() const noexcept { return parts_.port; }  ///< 0: none given
  [[nodiscard]] std::string_view branch() const noexcept { return {text_ + parts_.branch, parts_.branch_size}; }
  /// True when the branch starts with the magic cookie z9hG4bK (§8.1.1.7), compared without case.
  [[nodiscard]] PEAL_API bool has_magic_cookie() const noexcept;
  [[nodiscard]] ParamsView params() const noexcept { return ParamsView({text_ + parts_.params, parts_.params_size}); }
  [[nodiscard]] std::string_view text() const noexcept { return {text_, parts_.size}; }
  [[nodiscard]] const ViaParts& parts() const noexcept { return parts_; }

 private:
  const char* text_ = "";
  ViaParts parts_;
};

/// A Via element that owns its text.
class Via {
 public:
  using View = ViaView;
  Via() = default;
  explicit Via(const ViaView& view) : text_(view.text()), parts_(view.parts()) {}
  PEAL_API static Result<Via, ParseError> parse(std::string_view text, Profile profile = Profile::strict);
  static Result<ViaView, ParseError> read(InMessage from, const char*& end) { return ViaView::read(from, end); }
  /// `SIP/2.0/TRANSPORT sent_by;branch=…` and `;rport` when asked. `sent_by` is host[:port], IPv6 in brackets.
  PEAL_API static Result<Via, ParseError> make(std::string_view transport, std::string_view sent_by,
                                               std::string_view branch, bool rport);

  operator ViaView() const noexcept { return view(); }
  [[nodiscard]] ViaView view() const noexcept { return {text_.data(), parts_}; }
  [[nodiscard]] std::string_view branch() const noexcept { return view().branch(); }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  /// Sets or replaces a parameter (received, rport…); an IPv6 `received` carries no brackets.
  PEAL_API Result<void, ParseError> set_param(std::string_view name, std::string_view value = {});
  void append_to(std::string& out) const { out += text_; }

 private:
  std::string text_;
  ViaParts parts_;
};

}  // namespace peal::inline v0
