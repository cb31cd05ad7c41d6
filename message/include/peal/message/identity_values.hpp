#pragma once

#include <peal/message/owned_params.hpp>
#include <peal/message/uri_ref.hpp>

#include <initializer_list>
#include <string>
#include <string_view>

namespace peal::inline v0 {

/// Identity (RFC 8224 §4): a PASSporT, full (`header.payload.signature`) or compact (`..signature`), where its
/// certificate is, and parameters. Nothing is decoded or verified here.
class IdentityView : public UriRefView {
 public:
  using UriRefView::UriRefView;
  PEAL_API static Result<IdentityView, ParseError> parse(std::string_view text);
  PEAL_API static Result<IdentityView, ParseError> read(InMessage from, const char*& end);
  /// The signed-identity-digest as it stands.
  [[nodiscard]] PEAL_API std::string_view passport() const noexcept;
  [[nodiscard]] bool is_compact() const noexcept { return passport().starts_with('.'); }
  /// The three parts of the PASSporT in base64; header and payload are empty in the compact form.
  [[nodiscard]] PEAL_API std::string_view header() const noexcept;
  [[nodiscard]] PEAL_API std::string_view payload() const noexcept;
  [[nodiscard]] PEAL_API std::string_view signature() const noexcept;
  [[nodiscard]] UriView info() const noexcept { return uri(); }  ///< the certificate's
  /// "ES256" when it is not said.
  [[nodiscard]] PEAL_API std::string_view algorithm() const;
  /// `ppt` without the quotes that many put around it: "shaken", "div"; empty when it is not said.
  [[nodiscard]] PEAL_API std::string_view type() const;
};

class Identity : public OwnedParams<IdentityView, Identity> {
 public:
  using OwnedParams::OwnedParams;
  /// `passport;info=<info>`, then alg and ppt where they are not empty. bad_token for what is no PASSporT or token.
  PEAL_API static Result<Identity, ParseError> make(std::string_view passport, const UriView& info,
                                                    std::string_view algorithm = {}, std::string_view type = {});
};

/// Privacy (RFC 3323 §4.2): priv-values with ';' between, each once, and `none` alone.
class PrivacyView : public ParamValueView {
 public:
  using ParamValueView::ParamValueView;
  PEAL_API static Result<PrivacyView, ParseError> parse(std::string_view text);
  PEAL_API static Result<PrivacyView, ParseError> read(InMessage from, const char*& end);
  /// "id", "header", "session", "user", "history", "critical", "none", without case.
  [[nodiscard]] PEAL_API bool has(std::string_view priv_value) const noexcept;
  /// Calls `f` with each priv-value in order.
  template <class F>
  void each(F f) const {
    for (auto rest = value(); !rest.empty();) f(next(rest));
  }

 private:
  PEAL_API static std::string_view next(std::string_view& rest) noexcept;
};

class Privacy : public Owned<PrivacyView> {
 public:
  using Owned::Owned;
  PEAL_API static Result<Privacy, ParseError> parse(std::string_view text);
  /// `Privacy::make({"id", "critical"})`: bad_token for none with others and what is no token, repeated_parameter for
  /// one twice, empty for none at all.
  PEAL_API static Result<Privacy, ParseError> make(std::initializer_list<std::string_view> priv_values);
};

}  // namespace peal::inline v0
