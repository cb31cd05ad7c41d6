#pragma once

#include <peal/message/export.hpp>
#include <peal/message/header.hpp>
#include <peal/message/params.hpp>
#include <peal/message/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace peal::inline v0 {

/// A challenge or credentials: `Digest name=value, name="value"…` (RFC 3261 §20.7, 20.27, 20.28, 20.44; RFC 8760). A
/// view. The commas inside belong to the value; reading a header gives each challenge of a line by itself.
class AuthView {
 public:
  constexpr AuthView() noexcept = default;
  PEAL_API static Result<AuthView, ParseError> parse(std::string_view text);
  PEAL_API static Result<AuthView, ParseError> read(InMessage from, const char*& end);
  [[nodiscard]] std::string_view scheme() const noexcept { return scheme_; }
  [[nodiscard]] PEAL_API bool is_digest() const noexcept;
  /// The parameter as it stands, quotes included; nullopt when absent. Names compare without case.
  [[nodiscard]] PEAL_API std::optional<std::string_view> raw(std::string_view name) const;
  /// The parameter without quotes and backslashes, or empty.
  [[nodiscard]] PEAL_API std::string value(std::string_view name) const;
  [[nodiscard]] std::string_view text() const noexcept { return text_; }

 private:
  std::string_view text_, scheme_, params_;
};

/// Owns its text: WWW-Authenticate, Authorization, Proxy-Authenticate, Proxy-Authorization.
class Auth {
 public:
  using View = AuthView;
  Auth() = default;
  explicit Auth(const AuthView& view) : text_(view.text()) {}
  PEAL_API static Result<Auth, ParseError> parse(std::string_view text);
  static Result<AuthView, ParseError> read(InMessage from, const char*& end) { return AuthView::read(from, end); }
  static constexpr bool several_a_line = true;  ///< challenges, with commas between
  /// Starts `scheme`; then `add` and `add_quoted` in the order wanted. CR, LF and NUL in a value are left out.
  PEAL_API explicit Auth(std::string_view scheme);
  PEAL_API Auth& add(std::string_view name, std::string_view token);
  /// Quotes and escapes `value`.
  PEAL_API Auth& add_quoted(std::string_view name, std::string_view value);
  [[nodiscard]] PEAL_API AuthView view() const;
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  void append_to(std::string& out) const { out += text_; }

 private:
  std::string text_;
};

/// Authentication-Info (RFC 3261 §20.6): `nextnonce="…", qop=auth, rspauth="…", cnonce="…", nc=00000001`. Names other
/// than these are kept, and each value may be a token or quoted (RFC 7615 §3). A view.
class AuthInfoView {
 public:
  constexpr AuthInfoView() noexcept = default;
  constexpr AuthInfoView(const char* text, std::uint32_t size) noexcept : text_(text, size) {}
  PEAL_API static Result<AuthInfoView, ParseError> parse(std::string_view text);
  PEAL_API static Result<AuthInfoView, ParseError> read(InMessage from, const char*& end);
  /// As AuthView::raw and AuthView::value.
  [[nodiscard]] PEAL_API std::optional<std::string_view> raw(std::string_view name) const;
  [[nodiscard]] PEAL_API std::string value(std::string_view name) const;
  [[nodiscard]] std::string next_nonce() const { return value("nextnonce"); }
  [[nodiscard]] std::string qop() const { return value("qop"); }
  [[nodiscard]] std::string response_auth() const { return value("rspauth"); }
  [[nodiscard]] std::string cnonce() const { return value("cnonce"); }
  [[nodiscard]] PEAL_API std::optional<std::uint32_t> nonce_count() const;  ///< nc, which is hexadecimal
  [[nodiscard]] std::string_view text() const noexcept { return text_; }

 private:
  std::string_view text_;
};

class AuthInfo : public OwnedAs<AuthInfoView, AuthInfo> {
 public:
  using OwnedAs::OwnedAs;
  /// `nextnonce="…"`, and `qop`, `rspauth`, `cnonce`, `nc` where a value is given. At least one must be.
  struct Parts {
    std::string_view next_nonce{}, qop{}, response_auth{}, cnonce{};
    std::optional<std::uint32_t> nonce_count{};
  };
  PEAL_API static Result<AuthInfo, ParseError> make(const Parts& parts);
};

}  // namespace peal::inline v0
