#pragma once

#include <peal/message/export.hpp>
#include <peal/message/header_lines.hpp>
#include <peal/message/limits.hpp>
#include <peal/message/message.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Message bodies as RFC 5621 has them: multiparts (RFC 2046 §5.1), dispositions (RFC 3261 §20.11), and what of a body
/// one understands.
namespace peal::inline v0 {

/// How a body or part is meant to be used: Content-Disposition, or what its type implies.
struct BodyDisposition {
  std::string_view type;  ///< session, render, early-session, by-reference, recipient-list…; compared without case
  bool required = true;   ///< false for `handling=optional`: it may be ignored (RFC 3204 §6, RFC 5621 §8)
  bool implied = true;    ///< no Content-Disposition said so: `session` for application/sdp, otherwise `render`
  ParamsView params;

  /// What a Content-Disposition says. parse_errc::bad_token or bad_parameter.
  PEAL_API static Result<BodyDisposition, ParseError> parse(std::string_view text);
  [[nodiscard]] PEAL_API bool is(std::string_view type) const noexcept;
};

/// One node of a body: the body itself, a part of it, or a multipart that holds parts. A view.
class PEAL_API BodyPart : public HeaderLines<BodyPart> {
 public:
  /// Its header lines in order; of a message's body those that describe it: Content-* and MIME-Version.
  [[nodiscard]] std::size_t size() const noexcept { return fields_.size(); }
  [[nodiscard]] HeaderField field(std::size_t index) const noexcept { return fields_[index]; }

  /// Content-Type; text/plain where a part has none (RFC 2046 §5.1), nothing where it cannot be read (interop).
  [[nodiscard]] const MediaTypeView& type() const noexcept { return type_; }
  [[nodiscard]] bool is(std::string_view type, std::string_view subtype) const noexcept {
    return type_.is(type, subtype);
  }
  [[nodiscard]] const BodyDisposition& disposition() const noexcept { return disposition_; }
  /// Content-ID without its angle brackets; empty when there is none.
  [[nodiscard]] std::string_view content_id() const noexcept;
  /// Content-Transfer-Encoding as it stands; nothing is decoded. Empty, 7bit, 8bit and binary need none.
  [[nodiscard]] std::string_view transfer_encoding() const { return raw("Content-Transfer-Encoding").value_or(""); }
  /// The bytes behind its header lines, those of a multipart with boundaries and all.
  [[nodiscard]] std::string_view bytes() const noexcept { return bytes_; }

  /// It is multipart/… and was read as such.
  [[nodiscard]] bool is_multipart() const noexcept { return multipart_; }
  /// How many multiparts are around it: 0 for the body itself.
  [[nodiscard]] std::uint32_t depth() const noexcept { return depth_; }

 private:
  friend class BodyView;
  friend class BodyReader;
  std::span<const HeaderField> fields_;
  std::size_t first_field_ = 0;
  std::string_view bytes_;
  MediaTypeView type_;
  BodyDisposition disposition_;
  std::uint32_t depth_ = 0;
  std::uint32_t end_ = 0;  ///< index behind its last descendant
  bool multipart_ = false;
};

/// Something that can be done with a part: content type and disposition, in the context of one method (RFC 5621 §8.1).
/// "*" as subtype or disposition means any. Naming a multipart type says that it is understood as a whole.
struct UnderstoodBody {
  std::string_view type;
  std::string_view subtype;
  std::string_view disposition = "*";
};

/// A body as a tree of parts, in the order in which they stand: [0] is the body itself, then its parts, each followed
/// by its own. Copies no body byte and no header value but folded ones; the bytes must outlive it. Moving it
/// leaves pointers to its parts good.
///
/// `strict` asks for the grammar. `interop` also takes: LF for CRLF; no closing boundary (the last part goes to the
/// end); bytes in the boundary that need quotes or are none of RFC 2046's; lines among a part's headers that are none;
/// a Content-Disposition that cannot be read (as if it were missing); a Content-Type that cannot be read, and a nested
/// multipart that cannot (both are parts that nobody understands). Over a limit: parse_errc::too_long in both.
/// The profile is an argument of its own: `limits.profile` is about messages.
class PEAL_API BodyView {
 public:
  BodyView() noexcept;
  BodyView(BodyView&& other) noexcept;
  BodyView& operator=(BodyView&& other) noexcept;
  ~BodyView();
  /// The body of `message`. Without a body: a view that is empty. Without Content-Type: strict
  /// parse_errc::missing_header.
  static Result<BodyView, ParseError> of(const Message& message, const ParseLimits& limits = {},
                                         Profile profile = Profile::interop);
  /// `bytes` as what `content_type` says, in which CR, LF or NUL are parse_errc::bad_byte. Offsets of errors count from
  /// the start of `bytes`.
  static Result<BodyView, ParseError> parse(std::string_view content_type, std::string_view bytes,
                                            const ParseLimits& limits = {}, Profile profile = Profile::interop);

  [[nodiscard]] bool empty() const noexcept { return parts().empty(); }
  [[nodiscard]] std::span<const BodyPart> parts() const noexcept;
  /// Calls `f(const BodyPart&)` for the parts directly within `multipart`, which is one of parts().
  template <class F>
  void each_part(const BodyPart& multipart, F f) const {
    for (auto i = index_of(multipart) + 1; i < multipart.end_; i = parts()[i].end_) f(parts()[i]);
  }
  /// multipart/related: the part named by `start`, or the first (RFC 2387 §3.2). nullptr when there is none.
  [[nodiscard]] const BodyPart* root_of(const BodyPart& related) const;

  /// The part to use for something: the first one in a multipart, the last one of multipart/alternative
  /// (RFC 5621 §6.1). nullptr when there is none.
  [[nodiscard]] const BodyPart* find(const UnderstoodBody& what) const;
  /// The session description, which has the disposition `session` and in multipart/related is the root.
  [[nodiscard]] const BodyPart* find_session(std::string_view type = "application",
                                             std::string_view subtype = "sdp") const;
  /// The part that a Content-ID URL (`cid:…`, RFC 2392) or a Content-ID names.
  [[nodiscard]] const BodyPart* find_id(std::string_view id) const;

  /// Parts that must be handled and cannot be (RFC 5621 §8.3–8.4): when there are any, the answer is 415. An optional
  /// multipart is passed over with all in it; of an alternative one part must be understood; a part with a
  /// Content-Encoding other than identity is not.
  [[nodiscard]] std::vector<const BodyPart*> not_understood(std::span<const UnderstoodBody> ours) const;
  /// The part of a multipart/alternative to use: the last that is understood, or nullptr.
  [[nodiscard]] const BodyPart* choose(const BodyPart& alternative, std::span<const UnderstoodBody> ours) const;

 private:
  friend class BodyReader;
  struct Storage;
  [[nodiscard]] std::size_t index_of(const BodyPart& part) const noexcept {
    return static_cast<std::size_t>(&part - parts().data());
  }
  [[nodiscard]] const BodyPart* find(const UnderstoodBody& what, bool roots_only) const;
  std::unique_ptr<const Storage> storage_;
};

/// The bytes of the part of that type, in a plain body and in a multipart one: see BodyView::find. nullopt when there
/// is none, or when the body cannot be read. Valid as long as the message's body.
PEAL_API std::optional<std::string_view> find_body(const Message& message, std::string_view type,
                                                   std::string_view subtype);
/// The session description, plain or in a multipart: see BodyView::find_session.
PEAL_API std::optional<std::string_view> find_session(const Message& message);

/// What MultipartBuilder makes: for Message::set_body, or as a part of another.
struct MultipartBody {
  MediaType type;
  std::string bytes;
};

/// Makes a multipart body. Parts are copied in; the boundary is chosen last, so that none of them holds it.
class PEAL_API MultipartBuilder {
 public:
  /// A header line of a part.
  using Line = std::pair<std::string_view, std::string_view>;

  explicit MultipartBuilder(std::string_view subtype = "mixed") : subtype_(subtype) {}
  /// Adds a part with those header lines behind its Content-Type. errc::forbidden_byte for CR, LF or NUL in a line,
  /// errc::invalid_value for a name that is no token, a second Content-Type or an empty type, errc::too_long over
  /// 65,535 bytes in a line. Nothing is added then.
  Result<void> add(const MediaType& type, std::string_view bytes, std::span<const Line> headers = {});
  Result<void> add(const MediaType& type, std::string_view bytes, std::initializer_list<Line> headers) {
    return add(type, bytes, std::span<const Line>(headers.begin(), headers.size()));
  }
  Result<void> add(const MultipartBody& nested, std::span<const Line> headers = {}) {
    return add(nested.type, nested.bytes, headers);
  }
  /// Adds a parameter to the multipart's Content-Type: `start`, `type`, `report-type`… Not `boundary`.
  Result<void> set_parameter(std::string_view name, std::string_view value);

  /// The body. `boundary` is used when it stands in no part, otherwise with a number behind it; when it is empty, one
  /// is derived from the parts. errc::invalid_value without parts, for a subtype that is no token, or for a boundary
  /// that RFC 2046 §5.1.1 does not allow or that is over 60 bytes.
  [[nodiscard]] Result<MultipartBody> build(std::string_view boundary = {}) const;

 private:
  [[nodiscard]] std::string choose_boundary(std::string_view wanted) const;
  std::string subtype_;
  std::string params_;
  std::vector<std::string> parts_;
};

}  // namespace peal::inline v0
