#pragma once

#include <peal/message/param_value.hpp>
#include <peal/message/qvalue.hpp>
#include <peal/message/values.hpp>

#include <cstdint>
#include <string>
#include <string_view>

/// What describes bodies: Accept, Accept-Encoding, Accept-Language, Content-Language, Content-Disposition, Content-ID,
/// MIME-Version.
namespace peal::inline v0 {

/// An accept-range of Accept (RFC 3261 §20.1): a media range with `q`, which must be a qvalue.
class MediaRangeView : public MediaTypeView {
 public:
  constexpr MediaRangeView() noexcept = default;
  explicit MediaRangeView(const MediaTypeView& type) noexcept : MediaTypeView(type) {}
  PEAL_API static Result<MediaRangeView, ParseError> parse(std::string_view text);
  PEAL_API static Result<MediaRangeView, ParseError> read(InMessage from, const char*& end);
  /// 1 when not said.
  [[nodiscard]] QValue q() const { return q_value(params()).value_or(QValue{}); }
  /// Does the range hold that type? `*` stands for any; parameters do not count.
  [[nodiscard]] PEAL_API bool admits(std::string_view type, std::string_view subtype) const noexcept;
};

class MediaRange : public OwnedAs<MediaRangeView, MediaRange> {
 public:
  using OwnedAs::OwnedAs;
  MediaRange(const MediaType& type) : OwnedAs(MediaRangeView(type.view())) {}
};

/// A coding of Accept-Encoding (RFC 3261 §20.2): a token or `*`, with `q`.
class AcceptEncodingView : public ParamValueView {
 public:
  using ParamValueView::ParamValueView;
  PEAL_API static Result<AcceptEncodingView, ParseError> parse(std::string_view text);
  PEAL_API static Result<AcceptEncodingView, ParseError> read(InMessage from, const char*& end);
  [[nodiscard]] std::string_view coding() const noexcept { return value(); }
  [[nodiscard]] QValue q() const { return q_value(params()).value_or(QValue{}); }  ///< 1 when not said
};

class AcceptEncoding : public OwnedAs<AcceptEncodingView, AcceptEncoding> {
 public:
  using OwnedAs::OwnedAs;
  PEAL_API static Result<AcceptEncoding, ParseError> make(std::string_view coding, QValue q = {});
};

/// A language of Accept-Language (RFC 3261 §20.3): a language-range or `*`, with `q`. Subtags may hold digits, as
/// those of RFC 5646 do, which took the place of the RFC that RFC 3261 knew.
class AcceptLanguageView : public ParamValueView {
 public:
  using ParamValueView::ParamValueView;
  PEAL_API static Result<AcceptLanguageView, ParseError> parse(std::string_view text);
  PEAL_API static Result<AcceptLanguageView, ParseError> read(InMessage from, const char*& end);
  [[nodiscard]] std::string_view range() const noexcept { return value(); }
  [[nodiscard]] QValue q() const { return q_value(params()).value_or(QValue{}); }  ///< 1 when not said
};

class AcceptLanguage : public OwnedAs<AcceptLanguageView, AcceptLanguage> {
 public:
  using OwnedAs::OwnedAs;
  PEAL_API static Result<AcceptLanguage, ParseError> make(std::string_view range, QValue q = {});
};

/// A language-tag of Content-Language (RFC 3261 §20.13), with digits in subtags as in AcceptLanguageView.
class LanguageTag {
 public:
  using View = std::string_view;
  LanguageTag() = default;
  PEAL_API static Result<View, ParseError> parse_view(std::string_view text);
  PEAL_API static Result<View, ParseError> read(InMessage from, const char*& end);
  PEAL_API static Result<LanguageTag, ParseError> parse(std::string_view text);
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  void append_to(std::string& out) const { out += text_; }

 private:
  std::string text_;
};

/// Content-Disposition (RFC 3261 §20.11).
class ContentDispositionView : public ParamValueView {
 public:
  using ParamValueView::ParamValueView;
  PEAL_API static Result<ContentDispositionView, ParseError> parse(std::string_view text);
  PEAL_API static Result<ContentDispositionView, ParseError> read(InMessage from, const char*& end);
  /// "session", "render", "icon", "alert"…: `is("render")` compares without case.
  [[nodiscard]] std::string_view type() const noexcept { return value(); }
  [[nodiscard]] PEAL_API bool is(std::string_view type) const noexcept;
  /// As it stands; empty when there is none.
  [[nodiscard]] std::string_view handling() const { return params().value("handling"); }
  /// Must the body be understood? Yes, unless `handling=optional` says no.
  [[nodiscard]] PEAL_API bool required() const noexcept;
};

class ContentDisposition : public OwnedAs<ContentDispositionView, ContentDisposition> {
 public:
  using OwnedAs::OwnedAs;
  /// Without `handling` when that is empty.
  PEAL_API static Result<ContentDisposition, ParseError> make(std::string_view type, std::string_view handling = {});
};

/// Content-ID (RFC 8262 §3.2): `<left@right>`, of RFC 5322 without its obsolete forms.
class ContentIdView : public ParamValueView {
 public:
  using ParamValueView::ParamValueView;
  PEAL_API static Result<ContentIdView, ParseError> parse(std::string_view text);
  PEAL_API static Result<ContentIdView, ParseError> read(InMessage from, const char*& end);
  /// Without the brackets: what stands behind "cid:" (RFC 2392), there escaped.
  [[nodiscard]] std::string_view id() const noexcept {
    return value().empty() ? value() : value().substr(1, value().size() - 2);
  }
};

class ContentId : public OwnedAs<ContentIdView, ContentId> {
 public:
  using OwnedAs::OwnedAs;
  /// `id` without brackets.
  PEAL_API static Result<ContentId, ParseError> make(std::string_view id);
};

/// MIME-Version (RFC 3261 §20.24).
struct MimeVersion {
  using View = MimeVersion;
  std::uint32_t major_number = 1;
  std::uint32_t minor_number = 0;
  PEAL_API static Result<MimeVersion, ParseError> parse(std::string_view text);
  PEAL_API static Result<MimeVersion, ParseError> read(InMessage from, const char*& end);
  PEAL_API void append_to(std::string& out) const;
  friend bool operator==(const MimeVersion&, const MimeVersion&) noexcept = default;
};

}  // namespace peal::inline v0
