#pragma once

#include <peal/message/export.hpp>
#include <peal/message/header.hpp>
#include <peal/message/uri.hpp>

#include <string>
#include <string_view>

namespace peal::inline v0 {

/// Where the parts of a name-addr or addr-spec with header parameters stand in its text.
struct NameAddrParts {
  std::uint32_t size = 0;
  std::uint32_t display = 0, display_size = 0;  ///< as it stands, quotes included
  std::uint32_t uri = 0;
  std::uint32_t params = 0, params_size = 0;  ///< header parameters, from the first ';' behind the URI
  std::uint32_t tag = 0, tag_size = 0;
  UriParts uri_parts;
};

/// `"Bob" <sip:bob@example.com>;tag=…` (RFC 3261 §20.10, 20.20, 20.39). Trivially copyable.
/// Without angle brackets every parameter belongs to the header (§20: RFC 8217).
class NameAddrView {
 public:
  constexpr NameAddrView() noexcept = default;
  constexpr NameAddrView(const char* text, const NameAddrParts& parts) noexcept : text_(text), parts_(parts) {}
  /// Profile interop takes odd host names and parameter values too (docs/leniencies.md).
  PEAL_API static Result<NameAddrView, ParseError> parse(std::string_view text, Profile profile = Profile::strict);
  /// Reads one where it stands; see ReadInPlace.
  PEAL_API static Result<NameAddrView, ParseError> read(InMessage from, const char*& end);

  [[nodiscard]] UriView uri() const noexcept { return {text_ + parts_.uri, parts_.uri_parts}; }
  /// The display name without quotes and backslashes.
  [[nodiscard]] PEAL_API std::string display_name() const;
  [[nodiscard]] ParamsView params() const noexcept { return ParamsView({text_ + parts_.params, parts_.params_size}); }
  [[nodiscard]] std::string_view tag() const noexcept { return {text_ + parts_.tag, parts_.tag_size}; }
  [[nodiscard]] std::string_view text() const noexcept { return {text_, parts_.size}; }
  [[nodiscard]] const NameAddrParts& parts() const noexcept { return parts_; }
  [[nodiscard]] bool is_star() const noexcept { return text() == "*"; }  ///< Contact: *

 private:
  const char* text_ = "";
  NameAddrParts parts_;
};

/// A name-addr that owns its text. Always valid or empty. The value of From, To, Contact, Route, Record-Route…
class NameAddr {
 public:
  using View = NameAddrView;
  NameAddr() = default;
  explicit NameAddr(const NameAddrView& view) : text_(view.text()), parts_(view.parts()) {}
  /// `<uri>`.
  PEAL_API explicit NameAddr(const UriView& uri);
  PEAL_API static Result<NameAddr, ParseError> parse(std::string_view text, Profile profile = Profile::strict);
  static Result<NameAddrView, ParseError> read(InMessage from, const char*& end) {
    return NameAddrView::read(from, end);
  }
  /// `"display" <uri>`; forbidden_byte-like ParseError (bad_byte) for CR, LF, NUL in the name.
  PEAL_API static Result<NameAddr, ParseError> make(std::string_view display, const UriView& uri);

  operator NameAddrView() const noexcept { return view(); }
  [[nodiscard]] NameAddrView view() const noexcept { return {text_.data(), parts_}; }
  [[nodiscard]] UriView uri() const noexcept { return view().uri(); }
  [[nodiscard]] std::string_view tag() const noexcept { return view().tag(); }
  [[nodiscard]] ParamsView params() const noexcept { return view().params(); }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] bool empty() const noexcept { return text_.empty(); }
  /// Sets or replaces a header parameter; an empty value makes a flag. Refuses what is no token or quoted string.
  PEAL_API Result<void, ParseError> set_param(std::string_view name, std::string_view value = {});
  PEAL_API void remove_param(std::string_view name);
  void append_to(std::string& out) const { out += text_; }
  friend bool operator==(const NameAddr& a, const NameAddr& b) noexcept { return a.text_ == b.text_; }

 private:
  std::string text_;
  NameAddrParts parts_;
};

}  // namespace peal::inline v0
