#pragma once

#include <peal/message/export.hpp>
#include <peal/message/header.hpp>
#include <peal/message/method.hpp>
#include <peal/message/params.hpp>
#include <peal/message/result.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace peal::inline v0 {

/// CSeq (RFC 3261 §20.16): a number below 2**31 and a method.
struct CSeq {
  using View = CSeq;
  std::uint32_t number = 0;
  Method method;
  PEAL_API static Result<CSeq, ParseError> parse(std::string_view text);
  PEAL_API static Result<CSeq, ParseError> read(InMessage from, const char*& end);
  PEAL_API void append_to(std::string& out) const;
  friend bool operator==(const CSeq&, const CSeq&) noexcept = default;
};

/// A plain number: Max-Forwards, Content-Length, Min-Expires, RSeq…
struct Number {
  using View = Number;
  std::uint32_t value = 0;
  PEAL_API static Result<Number, ParseError> parse(std::string_view text);
  PEAL_API static Result<Number, ParseError> read(InMessage from, const char*& end);
  PEAL_API void append_to(std::string& out) const;
  friend bool operator==(const Number&, const Number&) noexcept = default;
};

/// delta-seconds (RFC 3261 §25.1): Expires, Min-Expires. Over 2**32-1 counts as 2**32-1.
struct DeltaSeconds {
  using View = DeltaSeconds;
  std::chrono::seconds value{0};
  PEAL_API static Result<DeltaSeconds, ParseError> parse(std::string_view text);
  PEAL_API static Result<DeltaSeconds, ParseError> read(InMessage from, const char*& end);
  PEAL_API void append_to(std::string& out) const;
  friend bool operator==(const DeltaSeconds&, const DeltaSeconds&) noexcept = default;
};

/// Retry-After (RFC 3261 §20.33): seconds, a comment and parameters.
struct RetryAfter {
  using View = RetryAfter;
  std::chrono::seconds delay{0};
  std::chrono::seconds duration{0};  ///< `;duration=`: how long it will be available; 0 when not said
  PEAL_API static Result<RetryAfter, ParseError> parse(std::string_view text);
  PEAL_API static Result<RetryAfter, ParseError> read(InMessage from, const char*& end);
  PEAL_API void append_to(std::string& out) const;
};

/// type/subtype;params (RFC 3261 §20.15), also a media-range of Accept.
class MediaTypeView {
 public:
  constexpr MediaTypeView() noexcept = default;
  PEAL_API static Result<MediaTypeView, ParseError> parse(std::string_view text);
  PEAL_API static Result<MediaTypeView, ParseError> read(InMessage from, const char*& end);
  [[nodiscard]] std::string_view type() const noexcept { return type_; }
  [[nodiscard]] std::string_view subtype() const noexcept { return subtype_; }
  [[nodiscard]] ParamsView params() const noexcept { return params_; }
  /// `is("application", "sdp")`, without case.
  [[nodiscard]] PEAL_API bool is(std::string_view type, std::string_view subtype) const noexcept;
  [[nodiscard]] std::string_view text() const noexcept { return text_; }

 private:
  std::string_view text_, type_, subtype_;
  ParamsView params_;
};

/// A media type that owns its text.
class MediaType {
 public:
  using View = MediaTypeView;
  MediaType() = default;
  explicit MediaType(const MediaTypeView& view) : text_(view.text()) {}
  PEAL_API static Result<MediaType, ParseError> parse(std::string_view text);
  static Result<MediaTypeView, ParseError> read(InMessage from, const char*& end) {
    return MediaTypeView::read(from, end);
  }
  [[nodiscard]] PEAL_API MediaTypeView view() const;
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  void append_to(std::string& out) const { out += text_; }

 private:
  std::string text_;
};

/// A token: an option tag of Supported, Require, Unsupported, Proxy-Require; a method of Allow.
class Token {
 public:
  using View = std::string_view;
  Token() = default;
  PEAL_API static Result<View, ParseError> parse_view(std::string_view text);
  PEAL_API static Result<View, ParseError> read(InMessage from, const char*& end);
  PEAL_API static Result<Token, ParseError> parse(std::string_view text);
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  void append_to(std::string& out) const { out += text_; }

 private:
  std::string text_;
};

/// Call-ID (RFC 3261 §20.8): word ["@" word]. Compared byte by byte.
class CallId {
 public:
  using View = std::string_view;
  CallId() = default;
  PEAL_API static Result<View, ParseError> parse_view(std::string_view text);
  PEAL_API static Result<View, ParseError> read(InMessage from, const char*& end);
  PEAL_API static Result<CallId, ParseError> parse(std::string_view text);
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  void append_to(std::string& out) const { out += text_; }

 private:
  std::string text_;
};

/// Free text without CR, LF, NUL: User-Agent, Server, Subject, and raw values.
class Text {
 public:
  using View = std::string_view;
  Text() = default;
  PEAL_API static Result<View, ParseError> parse_view(std::string_view text);
  PEAL_API static Result<Text, ParseError> parse(std::string_view text);
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  void append_to(std::string& out) const { out += text_; }

 private:
  std::string text_;
};

}  // namespace peal::inline v0
