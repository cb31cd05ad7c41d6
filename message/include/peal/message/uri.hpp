#pragma once

#include <peal/message/export.hpp>
#include <peal/message/limits.hpp>
#include <peal/message/params.hpp>
#include <peal/message/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace peal::inline v0 {

enum class Scheme : std::uint8_t { sip, sips, tel, other };

/// Where the parts of a URI stand in its text.
struct UriParts {
  std::uint32_t size = 0;
  std::uint32_t user = 0, user_size = 0;  ///< escaped, without the password
  std::uint32_t password = 0, password_size = 0;
  std::uint32_t host = 0, host_size = 0;        ///< an IPv6 literal keeps its brackets
  std::uint32_t params = 0, params_size = 0;    ///< from the first ';'
  std::uint32_t headers = 0, headers_size = 0;  ///< behind the '?'
  std::uint16_t port = 0;                       ///< 0: none given
  Scheme scheme = Scheme::other;
  bool has_user = false;
  bool has_password = false;
};

/// A URI (RFC 3261 §19.1, RFC 3966, or absolute and kept raw) inside a text that lives elsewhere. Trivially copyable.
class UriView {
 public:
  constexpr UriView() noexcept = default;
  constexpr UriView(const char* text, const UriParts& parts) noexcept : text_(text), parts_(parts) {}
  /// The whole of `text` must be one URI. `params` belong to the URI (as inside `<…>`).
  /// Profile interop takes odd host names too (docs/leniencies.md).
  PEAL_API static Result<UriView, ParseError> parse(std::string_view text, Profile profile = Profile::strict);

  [[nodiscard]] Scheme scheme() const noexcept { return parts_.scheme; }
  [[nodiscard]] PEAL_API std::string_view scheme_text() const noexcept;
  [[nodiscard]] bool is_sip() const noexcept { return parts_.scheme <= Scheme::sips; }  ///< sip or sips
  [[nodiscard]] bool secure() const noexcept { return parts_.scheme == Scheme::sips; }
  [[nodiscard]] std::string_view user() const noexcept { return part(parts_.user, parts_.user_size); }
  [[nodiscard]] std::string_view password() const noexcept { return part(parts_.password, parts_.password_size); }
  [[nodiscard]] std::string_view host() const noexcept { return part(parts_.host, parts_.host_size); }
  [[nodiscard]] std::optional<std::uint16_t> port() const noexcept {
    return parts_.port == 0 ? std::nullopt : std::optional<std::uint16_t>(parts_.port);
  }
  [[nodiscard]] ParamsView params() const noexcept { return ParamsView(part(parts_.params, parts_.params_size)); }
  [[nodiscard]] std::string_view headers() const noexcept { return part(parts_.headers, parts_.headers_size); }
  [[nodiscard]] bool has_user() const noexcept { return parts_.has_user; }
  [[nodiscard]] bool loose_router() const { return params().has("lr"); }  ///< `;lr`, also `;lr=on`
  // what RFC 3261 §19.1.1 and its extensions put into parameters; an empty value where there is none
  [[nodiscard]] std::string_view transport() const { return params().value("transport"); }
  [[nodiscard]] std::string_view maddr() const { return params().value("maddr"); }
  [[nodiscard]] std::string_view method() const { return params().value("method"); }
  [[nodiscard]] PEAL_API std::optional<std::uint8_t> ttl() const;  ///< nullopt too when it is no number below 256
  [[nodiscard]] PEAL_API bool is_phone() const;  ///< `;user=phone`: the user is a telephone-subscriber
  [[nodiscard]] bool is_gruu() const { return params().has("gr"); }      ///< RFC 5627 §4
  [[nodiscard]] bool is_outbound() const { return params().has("ob"); }  ///< RFC 5626 §11.9
  /// The first header of that name behind the '?', unescaped: `refer_to.uri().header("Replaces")`. Names compare
  /// without case.
  [[nodiscard]] PEAL_API std::optional<std::string> header(std::string_view name) const;
  [[nodiscard]] std::string_view text() const noexcept { return {text_, parts_.size}; }
  [[nodiscard]] const UriParts& parts() const noexcept { return parts_; }
  [[nodiscard]] bool empty() const noexcept { return parts_.size == 0; }

  /// Equality of RFC 3261 §19.1.4 (symmetric, but not transitive: the RFC has it so); of tel URIs, RFC 3966 §4; of urn
  /// URIs, RFC 8141 §3. Other schemes: bytes, but for the case of the scheme.
  PEAL_API friend bool equivalent(const UriView& a, const UriView& b);

 private:
  [[nodiscard]] std::string_view part(std::uint32_t at, std::uint32_t size) const noexcept {
    return size == 0 ? std::string_view{} : std::string_view{text_ + at, size};
  }
  const char* text_ = "";
  UriParts parts_;
};
PEAL_API bool equivalent(const UriView& a, const UriView& b);

/// A URI that owns its text. Always valid or empty.
class Uri {
 public:
  using View = UriView;
  Uri() = default;
  explicit Uri(const UriView& view) : text_(view.text()), parts_(view.parts()) {}
  PEAL_API static Result<Uri, ParseError> parse(std::string_view text, Profile profile = Profile::strict);
  /// `sip:user@host:port`; `user` unescaped (it is escaped here), port 0 for none. errc-like ParseError on a bad host.
  /// The zone of an IPv6 address ("fe80::1%eth0") is left out: it means something on this machine alone, and no SIP
  /// URI has a place for it (RFC 3261 §25.1, RFC 5118 §4; RFC 6874 is for other schemes). Parsing refuses one.
  PEAL_API static Result<Uri, ParseError> sip(std::string_view user, std::string_view host, std::uint16_t port = 0);

  operator UriView() const noexcept { return view(); }
  [[nodiscard]] UriView view() const noexcept { return {text_.data(), parts_}; }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] bool empty() const noexcept { return text_.empty(); }
  [[nodiscard]] std::string_view user() const noexcept { return view().user(); }
  [[nodiscard]] std::string_view host() const noexcept { return view().host(); }
  [[nodiscard]] std::optional<std::uint16_t> port() const noexcept { return view().port(); }
  [[nodiscard]] ParamsView params() const noexcept { return view().params(); }

  /// Sets, replaces (empty value: a flag) or removes a URI parameter.
  PEAL_API Result<void, ParseError> set_param(std::string_view name, std::string_view value = {});
  PEAL_API void remove_param(std::string_view name);
  /// Adds `?name=value`, or `&name=value` behind others; both as data, escaped here. bad_scheme for one that is not sip
  /// or sips, bad_uri for an empty name.
  PEAL_API Result<void, ParseError> add_header(std::string_view name, std::string_view value);
  /// Drops `?headers` and the parameters that RFC 3261 Table 1 forbids in a Request-URI (`method`).
  PEAL_API void strip_for_request_uri();
  void append_to(std::string& out) const { out += text_; }
  friend bool operator==(const Uri& a, const Uri& b) noexcept { return a.text_ == b.text_; }

 private:
  std::string text_;
  UriParts parts_;
};

enum class UriPart : std::uint8_t { user, password, param, header };
/// `text` as data in that part of a sip URI: every byte that its grammar has no place for as %HH, '%' too (RFC 3261
/// §25.1): `uri.set_param("x", escape(UriPart::param, "a;b"))`.
PEAL_API std::string escape(UriPart part, std::string_view text);
/// `%41` → `A`. What is not a valid escape stays.
PEAL_API std::string unescape(std::string_view text);

}  // namespace peal::inline v0
