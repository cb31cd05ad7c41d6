#pragma once

#include <peal/message/export.hpp>
#include <peal/message/name_addr.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// What informs people: Alert-Info, Call-Info, Error-Info, Warning, User-Agent and Server.
namespace peal::inline v0 {

/// `<absoluteURI>;params`: an element of Alert-Info, Call-Info, Error-Info (RFC 3261 §20.4, 20.9, 20.18).
class InfoUriView {
 public:
  constexpr InfoUriView() noexcept = default;
  constexpr InfoUriView(const char* text, const NameAddrParts& parts) noexcept : address_(text, parts) {}
  PEAL_API static Result<InfoUriView, ParseError> parse(std::string_view text);
  PEAL_API static Result<InfoUriView, ParseError> read(InMessage from, const char*& end);
  [[nodiscard]] UriView uri() const noexcept { return address_.uri(); }
  [[nodiscard]] ParamsView params() const noexcept { return address_.params(); }
  /// Of a Call-Info: "icon", "info", "card"…; empty when there is none.
  [[nodiscard]] std::string_view purpose() const { return params().value("purpose"); }
  [[nodiscard]] std::string_view text() const noexcept { return address_.text(); }
  [[nodiscard]] const NameAddrParts& parts() const noexcept { return address_.parts(); }

 private:
  NameAddrView address_;
};

class InfoUri : public OwnedAs<InfoUriView, InfoUri> {
 public:
  using OwnedAs::OwnedAs;
  /// Without `purpose` when that is empty.
  PEAL_API static Result<InfoUri, ParseError> make(const UriView& uri, std::string_view purpose = {});
};

/// Where the parts of a Warning stand in its text.
struct WarningParts {
  std::uint32_t size = 0;
  std::uint32_t agent = 0, agent_size = 0;
  std::uint32_t message = 0, message_size = 0;  ///< quotes included
  std::uint16_t code = 0;
};

/// Warning (RFC 3261 §20.43): `307 isi.edu "Session parameter 'foo' not understood"`.
class WarningView {
 public:
  constexpr WarningView() noexcept = default;
  constexpr WarningView(const char* text, const WarningParts& parts) noexcept : text_(text), parts_(parts) {}
  PEAL_API static Result<WarningView, ParseError> parse(std::string_view text);
  PEAL_API static Result<WarningView, ParseError> read(InMessage from, const char*& end);
  [[nodiscard]] std::uint16_t code() const noexcept { return parts_.code; }  ///< three digits
  /// Host and port, or a pseudonym.
  [[nodiscard]] std::string_view agent() const noexcept { return {text_ + parts_.agent, parts_.agent_size}; }
  /// The warn-text without quotes and backslashes.
  [[nodiscard]] std::string message() const {
    return Param{{}, {text_ + parts_.message, parts_.message_size}, true}.unquoted();
  }
  [[nodiscard]] std::string_view text() const noexcept { return {text_, parts_.size}; }
  [[nodiscard]] const WarningParts& parts() const noexcept { return parts_; }

 private:
  const char* text_ = "";
  WarningParts parts_;
};

class Warning : public OwnedAs<WarningView, Warning> {
 public:
  using OwnedAs::OwnedAs;
  /// `code` 100 to 999; `agent` host[:port] or a token; `message` any text without CR, LF, NUL.
  PEAL_API static Result<Warning, ParseError> make(std::uint16_t code, std::string_view agent,
                                                   std::string_view message);
};

/// A server-val of User-Agent or Server (RFC 3261 §20.35, 20.41): a product with or without version, or a comment.
struct Product {
  std::string_view name;     ///< empty: it is a comment
  std::string_view version;  ///< empty: none
  std::string_view comment;  ///< with its parentheses
};

/// What a User-Agent or Server says, in order: `products(*request.raw(header::user_agent))`. These headers are kept as
/// text, since what peers write there is often none of it. Valid while `text` is.
PEAL_API Result<std::vector<Product>, ParseError> products(std::string_view text);

}  // namespace peal::inline v0
