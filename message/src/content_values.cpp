#include "compose.hpp"
#include "known_params.hpp"

#include <peal/message/content_values.hpp>

namespace peal::inline v0 {

using grammar::At;
using grammar::KnownParam;
using grammar::Scan;

namespace {

constexpr std::array<KnownParam, 1> accept_params{{{"q", grammar::is_qvalue}}};

/// 1*8ALPHA *( "-" 1*8alphanum )
At language_tag(At p, Scan& s) noexcept {
  for (unsigned letters = ascii::alpha;; letters = ascii::alpha | ascii::digit) {
    const At start = p;
    while (p - start < 9 && ascii::is(*p, letters)) ++p;
    if (p == start || p - start > 8) return s.fail(parse_errc::bad_token, p == start ? p : start);
    if (*p != '-') return p;
    ++p;
  }
}

/// language-range = language-tag / "*"
At language_range(At p, Scan& s) noexcept { return *p == '*' ? p + 1 : language_tag(p, s); }

bool is_atext(char c) noexcept {
  return ascii::is(c, ascii::alpha | ascii::digit) || (c > 0 && ascii::is_one_of(c, "!#$%&'*+-/=?^_`{|}~"));
}

/// dot-atom-text = 1*atext *("." 1*atext)
At dot_atom(At p, Scan& s) noexcept {
  for (;;) {
    const At start = p;
    while (is_atext(*p)) ++p;
    if (p == start) return s.fail(parse_errc::bad_token, p);
    if (*p != '.') return p;
    ++p;
  }
}

/// msg-id = "<" id-left "@" id-right ">", id-right = dot-atom-text / "[" *dtext "]"
At message_id(At p, Scan& s) noexcept {
  if (*p != '<') return s.fail(parse_errc::bad_byte, p);
  const At start = p;
  p = dot_atom(p + 1, s);
  if (p == nullptr) return nullptr;
  if (*p != '@') return s.fail(parse_errc::bad_byte, p);
  ++p;
  if (*p == '[') {
    for (++p; *p > 0x20 && *p < 0x7f && *p != '[' && *p != ']' && *p != '\\'; ++p) {
    }
    if (*p != ']') return s.fail(parse_errc::bad_byte, p);
    ++p;
  } else if ((p = dot_atom(p, s)) == nullptr) {
    return nullptr;
  }
  return *p == '>' ? p + 1
                   : s.fail(*p == '\r' ? parse_errc::unterminated_angle : parse_errc::bad_byte, *p == '\r' ? start : p);
}

/// `head;q=` without the q of 1.
template <class T>
Result<T, ParseError> with_q(std::string_view head, QValue q) {
  if (q.thousandths > 1000) return fail(parse_errc::bad_number, 0);
  grammar::Compose out;
  out.token(head);
  if (q == QValue{}) return out.made<T>();
  std::string text;
  q.append_to(text);
  return out.token_param("q", text).template made<T>();
}

}  // namespace

Result<MediaRangeView, ParseError> MediaRangeView::read(InMessage from, const char*& end) {
  auto type = MediaTypeView::read(from, end);
  if (!type) return fail(type.error());
  grammar::ParamCheck check(accept_params);
  for (const auto& param : type->params())
    if (!check(param.name, param.value))
      return fail(parse_errc::repeated_parameter, grammar::distance(from.at, param.name.data()));
  Scan s;
  if (check.finish(end, s) == nullptr) return grammar::unread(from, s);
  return MediaRangeView(*type);
}

Result<MediaRangeView, ParseError> MediaRangeView::parse(std::string_view text) {
  const grammar::Padded copy(text);
  At end = copy.begin();
  if (auto checked = read(copy.in_message(), end); !checked) return checked;
  auto type = MediaTypeView::parse(text);
  if (!type) return fail(type.error());
  return MediaRangeView(*type);
}

bool MediaRangeView::admits(std::string_view type, std::string_view subtype) const noexcept {
  return (this->type() == "*" || ascii::equal(this->type(), type)) &&
         (this->subtype() == "*" || ascii::equal(this->subtype(), subtype));
}

Result<AcceptEncodingView, ParseError> AcceptEncodingView::read(InMessage from, const char*& end) {
  return grammar::read_known<AcceptEncodingView>(from, end, grammar::token, accept_params);
}

Result<AcceptEncodingView, ParseError> AcceptEncodingView::parse(std::string_view text) {
  return grammar::parse_parts<AcceptEncodingView>(text);
}

Result<AcceptEncoding, ParseError> AcceptEncoding::make(std::string_view coding, QValue q) {
  return with_q<AcceptEncoding>(coding, q);
}

Result<AcceptLanguageView, ParseError> AcceptLanguageView::read(InMessage from, const char*& end) {
  return grammar::read_known<AcceptLanguageView>(from, end, language_range, accept_params);
}

Result<AcceptLanguageView, ParseError> AcceptLanguageView::parse(std::string_view text) {
  return grammar::parse_parts<AcceptLanguageView>(text);
}

Result<AcceptLanguage, ParseError> AcceptLanguage::make(std::string_view range, QValue q) {
  return with_q<AcceptLanguage>(range, q);
}

Result<std::string_view, ParseError> LanguageTag::read(InMessage from, const char*& end) {
  Scan s;
  end = language_tag(from.at, s);
  if (end == nullptr) return grammar::unread(from, s);
  return grammar::between(from.at, end);
}

Result<std::string_view, ParseError> LanguageTag::parse_view(std::string_view text) {
  const grammar::Padded copy(text);
  Scan s;
  if (auto ok = copy.finish(language_tag(copy.begin(), s), s); !ok) return fail(ok.error());
  return text;
}

Result<LanguageTag, ParseError> LanguageTag::parse(std::string_view text) {
  auto view = parse_view(text);
  if (!view) return fail(view.error());
  LanguageTag out;
  out.text_ = *view;
  return out;
}

Result<ContentDispositionView, ParseError> ContentDispositionView::read(InMessage from, const char*& end) {
  static constexpr std::array<KnownParam, 1> known{{{"handling", grammar::is_token}}};
  return grammar::read_known<ContentDispositionView>(from, end, grammar::token, known);
}

Result<ContentDispositionView, ParseError> ContentDispositionView::parse(std::string_view text) {
  return grammar::parse_parts<ContentDispositionView>(text);
}

bool ContentDispositionView::is(std::string_view type) const noexcept { return ascii::equal(value(), type); }

bool ContentDispositionView::required() const noexcept { return !ascii::equal(handling(), "optional"); }

Result<ContentDisposition, ParseError> ContentDisposition::make(std::string_view type, std::string_view handling) {
  return grammar::Compose().token(type).optional_param("handling", handling).made<ContentDisposition>();
}

Result<ContentIdView, ParseError> ContentIdView::read(InMessage from, const char*& end) {
  Scan s;
  ParamValueParts parts;
  end = message_id(from.at, s);
  if (end == nullptr) return grammar::unread(from, s);
  parts.size = parts.value_size = grammar::distance(from.at, end);
  return ContentIdView(from.at, parts);
}

Result<ContentIdView, ParseError> ContentIdView::parse(std::string_view text) {
  return grammar::parse_parts<ContentIdView>(text);
}

Result<ContentId, ParseError> ContentId::make(std::string_view id) { return parse("<" + std::string(id) + ">"); }

Result<MimeVersion, ParseError> MimeVersion::read(InMessage from, const char*& end) {
  constexpr std::uint64_t max = std::numeric_limits<std::uint32_t>::max();
  Scan s;
  std::uint64_t major = 0;
  std::uint64_t minor = 0;
  end = grammar::number(from.at, max, major, s);
  if (end != nullptr) end = *end == '.' ? grammar::number(end + 1, max, minor, s) : s.fail(parse_errc::bad_number, end);
  if (end == nullptr) return grammar::unread(from, s);
  return MimeVersion{static_cast<std::uint32_t>(major), static_cast<std::uint32_t>(minor)};
}

Result<MimeVersion, ParseError> MimeVersion::parse(std::string_view text) {
  return grammar::parse_copy<MimeVersion>(text);
}

void MimeVersion::append_to(std::string& out) const {
  grammar::append_number(out, major_number);
  out += '.';
  grammar::append_number(out, minor_number);
}

}  // namespace peal::inline v0
