#include "value_scan.hpp"

#include <peal/message/values.hpp>

#include <limits>

namespace peal::inline v0 {

using grammar::append_number;
using grammar::At;
using grammar::comment;
using grammar::delta_seconds;
using grammar::Padded;
using grammar::parse_copy;
using grammar::Scan;

namespace {

Result<std::string_view, ParseError> checked(std::string_view text, const Padded& copy, At end, const Scan& s) {
  if (auto ok = copy.finish(end, s); !ok) return fail(ok.error());
  return text;
}

}  // namespace

Result<Method, ParseError> Method::parse(std::string_view name) {
  if (name.empty()) return fail(parse_errc::empty, 0);
  if (name.size() > max_size) return fail(parse_errc::bad_method, static_cast<std::uint32_t>(max_size));
  for (std::size_t i = 0; i < name.size(); ++i)
    if (!ascii::is(name[i], ascii::token)) return fail(parse_errc::bad_method, static_cast<std::uint32_t>(i));
  return Method(Checked{}, name);
}

Result<CSeq, ParseError> CSeq::read(InMessage from, const char*& end) {
  Scan s;
  CSeq out;
  std::string_view name;
  end = grammar::cseq(from.at, out.number, name, s);
  if (end == nullptr) return grammar::unread(from, s);
  auto method = Method::parse(name);
  if (!method) return fail(parse_errc::bad_method, grammar::distance(from.at, name.data()));
  out.method = *method;
  return out;
}

Result<CSeq, ParseError> CSeq::parse(std::string_view text) { return parse_copy<CSeq>(text); }

void CSeq::append_to(std::string& out) const {
  append_number(out, number);
  out += ' ';
  out += method.name();
}

Result<Number, ParseError> Number::read(InMessage from, const char*& end) {
  Scan s;
  std::uint64_t value = 0;
  end = grammar::number(from.at, std::numeric_limits<std::uint32_t>::max(), value, s);
  if (end == nullptr) return grammar::unread(from, s);
  return Number{static_cast<std::uint32_t>(value)};
}

Result<Number, ParseError> Number::parse(std::string_view text) { return parse_copy<Number>(text); }

void Number::append_to(std::string& out) const { append_number(out, value); }

Result<DeltaSeconds, ParseError> DeltaSeconds::read(InMessage from, const char*& end) {
  Scan s;
  DeltaSeconds out;
  end = delta_seconds(from.at, out.value, s);
  if (end == nullptr) return grammar::unread(from, s);
  return out;
}

Result<DeltaSeconds, ParseError> DeltaSeconds::parse(std::string_view text) { return parse_copy<DeltaSeconds>(text); }

void DeltaSeconds::append_to(std::string& out) const {
  append_number(out, value.count() < 0 ? 0U : static_cast<std::uint64_t>(value.count()));
}

Result<RetryAfter, ParseError> RetryAfter::read(InMessage from, const char*& end) {
  Scan s;
  RetryAfter out;
  At p = delta_seconds(from.at, out.delay, s);
  if (p != nullptr && *grammar::blanks(p) == '(') p = comment(grammar::blanks(p), s);
  At bad_duration = nullptr;
  if (p != nullptr)
    p = grammar::header_params<ascii::token>(p, s, [&](std::string_view name, std::string_view value) {
      if (!grammar::named(name, "duration")) return true;
      Scan digits;
      if (value.empty() || delta_seconds(value.data(), out.duration, digits) != value.data() + value.size())
        bad_duration = name.data();
      return true;
    });
  end = p;
  if (end == nullptr) return grammar::unread(from, s);
  if (bad_duration != nullptr) return fail(parse_errc::bad_number, grammar::distance(from.at, bad_duration));
  return out;
}

Result<RetryAfter, ParseError> RetryAfter::parse(std::string_view text) { return parse_copy<RetryAfter>(text); }

void RetryAfter::append_to(std::string& out) const {
  DeltaSeconds{delay}.append_to(out);
  if (duration.count() == 0) return;
  out += ";duration=";
  DeltaSeconds{duration}.append_to(out);
}

Result<MediaTypeView, ParseError> MediaTypeView::read(InMessage from, const char*& end) {
  Scan s;
  MediaTypeView out;
  const At type = from.at;
  const At type_end = grammar::span<ascii::token>(type);
  const At slash = grammar::blanks(type_end);
  if (type_end == type || *slash != '/')
    return fail(type == from.end ? parse_errc::empty : parse_errc::bad_media_type, grammar::distance(type, slash));
  const At subtype = grammar::blanks(slash + 1);
  const At subtype_end = grammar::span<ascii::token>(subtype);
  if (subtype_end == subtype) return fail(parse_errc::bad_media_type, grammar::distance(type, subtype));
  end = grammar::header_params<ascii::media_value>(subtype_end, s,
                                                   [](std::string_view, std::string_view) { return true; });
  if (end == nullptr) return grammar::unread(from, s);
  out.text_ = grammar::between(type, end);
  out.type_ = grammar::between(type, type_end);
  out.subtype_ = grammar::between(subtype, subtype_end);
  out.params_ = ParamsView(grammar::between(subtype_end, end));
  return out;
}

Result<MediaTypeView, ParseError> MediaTypeView::parse(std::string_view text) {
  auto out = parse_copy<MediaTypeView>(text);
  if (!out) return out;
  // from the copy to the text
  const At copied = out->text_.data();
  const auto moved = [&](std::string_view part) {
    return text.substr(static_cast<std::size_t>(part.data() - copied), part.size());
  };
  out->type_ = moved(out->type_);
  out->subtype_ = moved(out->subtype_);
  out->params_ = ParamsView(moved(out->params_.text()));
  out->text_ = text;
  return out;
}

bool MediaTypeView::is(std::string_view type, std::string_view subtype) const noexcept {
  return ascii::equal(type_, type) && ascii::equal(subtype_, subtype);
}

Result<MediaType, ParseError> MediaType::parse(std::string_view text) {
  auto view = MediaTypeView::parse(text);
  if (!view) return fail(view.error());
  return MediaType(*view);
}

MediaTypeView MediaType::view() const { return MediaTypeView::parse(text_).value_or(MediaTypeView{}); }

Result<std::string_view, ParseError> Token::parse_view(std::string_view text) {
  if (text.empty()) return fail(parse_errc::empty, 0);
  if (text.size() > grammar::longest_value) return fail(parse_errc::too_long, grammar::longest_value);
  for (std::size_t i = 0; i < text.size(); ++i)
    if (!ascii::is(text[i], ascii::token)) return fail(parse_errc::bad_token, static_cast<std::uint32_t>(i));
  return text;
}

Result<std::string_view, ParseError> Token::read(InMessage from, const char*& end) {
  end = grammar::span<ascii::token>(from.at);
  if (end == from.at) return fail(end == from.end ? parse_errc::empty : parse_errc::bad_token, 0);
  return grammar::between(from.at, end);
}

Result<Token, ParseError> Token::parse(std::string_view text) {
  auto view = parse_view(text);
  if (!view) return fail(view.error());
  Token out;
  out.text_ = *view;
  return out;
}

Result<std::string_view, ParseError> CallId::parse_view(std::string_view text) {
  const Padded copy(text);
  Scan s;
  return checked(text, copy, grammar::call_id(copy.begin(), s), s);
}

Result<std::string_view, ParseError> CallId::read(InMessage from, const char*& end) {
  Scan s;
  end = grammar::call_id(from.at, s);
  if (end == nullptr) return grammar::unread(from, s);
  return grammar::between(from.at, end);
}

Result<CallId, ParseError> CallId::parse(std::string_view text) {
  auto view = parse_view(text);
  if (!view) return fail(view.error());
  CallId out;
  out.text_ = *view;
  return out;
}

Result<std::string_view, ParseError> Text::parse_view(std::string_view text) {
  if (text.size() > grammar::longest_value) return fail(parse_errc::too_long, grammar::longest_value);
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '\r' || text[i] == '\n' || text[i] == '\0')
      return fail(parse_errc::bad_byte, static_cast<std::uint32_t>(i));
  return text;
}

Result<Text, ParseError> Text::parse(std::string_view text) {
  auto view = parse_view(text);
  if (!view) return fail(view.error());
  Text out;
  out.text_ = *view;
  return out;
}

}  // namespace peal::inline v0
