#include "header_block.hpp"
#include "header_check.hpp"

#include <peal/message/sipfrag.hpp>

#include <algorithm>

namespace peal::inline v0 {

namespace {

constexpr std::size_t max_value = 65'535;
constexpr std::string_view forbidden("\r\n\0", 3);

bool is_header_line(std::string_view line) {
  return ascii::all(ascii::trim(line.substr(0, line.find(':'))), ascii::token) && line.find(':') != line.npos &&
         !ascii::blank(line.front());
}

tl::unexpected<ParseError> wrong(parse_errc why, std::size_t at) { return fail(why, static_cast<std::uint32_t>(at)); }

}  // namespace

Result<Sipfrag, ParseError> Sipfrag::parse(std::string_view text, const ParseLimits& limits, Profile profile) {
  if (text.size() > limits.message_bytes) return fail(parse_errc::too_long, limits.message_bytes);
  const bool interop = profile == Profile::interop;
  Sipfrag out;
  HeaderBlock first(text, limits, interop, false);
  const auto line = first.line();
  std::size_t at = 0;
  if (!line.empty() && !is_header_line(line)) {
    if (line.size() > limits.start_line_bytes) return fail(parse_errc::too_long, 0);
    if (auto ok = out.read_start_line(line, interop); !ok) return fail(ok.error());
    if (!interop && !first.ended_in_crlf()) return wrong(parse_errc::bad_line_end, line.size());
    at = first.offset();
  }
  HeaderBlock block(text.substr(at), limits, interop, false);
  RawHeader header;
  for (;;) {
    const auto start = at + block.offset();
    const auto more = block.next(header);
    if (!more) return wrong(more.error().code, at + more.error().offset);
    if (!*more) break;
    out.fields_.push_back({std::string(header.name), header.folded ? unfolded(header.value) : std::string(header.value),
                           header::find(header.name)});
    const auto& field = out.fields_.back();
    if (interop) continue;
    if (out.repeats_last()) return wrong(parse_errc::repeated_header, start);
    if (auto ok = header::detail::check(field.id, field.value); !ok) return wrong(ok.error().code, start);
  }
  if (auto ok = out.read_body(text, at + block.offset(), interop); !ok) return fail(ok.error());
  return out;
}

/// Does the last line stand a second time, and may not?
bool Sipfrag::repeats_last() const {
  const auto id = fields_.back().id;
  if (id == HeaderId::other || header::table[static_cast<std::size_t>(id)].occurs != Occurs::once) return false;
  return std::ranges::count(fields_, id, &Field::id) > 1;
}

Result<void, ParseError> Sipfrag::read_start_line(std::string_view line, bool interop) {
  if (const auto bad = line.find_first_of(forbidden); bad != line.npos) return wrong(parse_errc::bad_byte, bad);
  if (ascii::equal(line.substr(0, 4), "SIP/")) return read_status_line(line, interop);
  const auto space = line.find(' ');
  const auto last = line.rfind(' ');
  if (space == line.npos || space == last) return wrong(parse_errc::bad_start_line, line.size());
  if (!ascii::equal(line.substr(last + 1), "SIP/2.0"))
    return wrong(ascii::equal(line.substr(last + 1, 4), "SIP/") ? parse_errc::bad_version : parse_errc::bad_start_line,
                 last + 1);
  auto method = Method::parse(line.substr(0, space));
  if (!method) return wrong(parse_errc::bad_method, 0);
  auto uri = Uri::parse(line.substr(space + 1, last - space - 1));
  if (!uri) return wrong(uri.error().code, space + 1 + uri.error().offset);
  method_ = *method;
  uri_ = std::move(*uri);
  return {};
}

Result<void, ParseError> Sipfrag::read_status_line(std::string_view line, bool interop) {
  const auto space = line.find(' ');
  if (!ascii::equal(line.substr(0, space), "SIP/2.0")) return wrong(parse_errc::bad_version, 0);
  if (space == line.npos) return wrong(parse_errc::bad_status_code, line.size());
  const auto digits = line.substr(space + 1, 3);
  const auto rest = line.substr(space + 1 + digits.size());
  const bool no_reason = interop && rest.empty();
  if (digits.size() != 3 || !ascii::all(digits, ascii::digit) || (!rest.starts_with(' ') && !no_reason))
    return wrong(parse_errc::bad_status_code, space + 1);
  auto code = StatusCode::make((digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0'));
  if (!code) return wrong(parse_errc::bad_status_code, space + 1);
  status_ = *code;
  reason_ = rest.empty() ? rest : rest.substr(1);
  return {};
}

/// The body from the empty line at `body_at` on, as long as Content-Length says.
Result<void, ParseError> Sipfrag::read_body(std::string_view text, std::size_t body_at, bool interop) {
  auto rest = text.substr(body_at);
  if (rest.starts_with('\r')) rest.remove_prefix(1);
  if (rest.starts_with('\n')) rest.remove_prefix(1);
  const auto length = get(header::content_length);
  if (length) {
    if (length->value > rest.size() && !interop) return wrong(parse_errc::body_too_short, text.size());
    rest = rest.substr(0, length->value);
  }
  if (!rest.empty() && !interop && !has(header::content_type)) return wrong(parse_errc::missing_header, body_at);
  body_ = rest;
  for (auto& field : fields_)
    if (field.id == HeaderId::content_length && (!length || length->value != body_.size()))
      field.value = std::to_string(body_.size());
  return {};
}

void Sipfrag::set_status(StatusCode code, std::string_view reason) {
  const std::string kept(reason);  // it may be ours
  clear_start_line();
  status_ = code;
  reason = kept;
  if (reason.empty() || reason.find_first_of(forbidden) != reason.npos) {
    const auto* info = find_status(code);
    reason = info != nullptr ? info->reason : std::string_view{};
  }
  reason_ = reason;
}

void Sipfrag::set_request(const Method& method, const UriView& uri) {
  Uri kept(uri);  // it may be ours
  const Method name = method;
  clear_start_line();
  method_ = name;
  uri_ = std::move(kept);
}

void Sipfrag::clear_start_line() {
  method_ = Method();
  uri_ = Uri();
  status_.reset();
  reason_.clear();
}

Result<void> Sipfrag::add(std::string_view name, std::string_view value) {
  if (name.find_first_of(forbidden) != name.npos || value.find_first_of(forbidden) != value.npos)
    return fail(errc::forbidden_byte);
  if (!ascii::all(name, ascii::token)) return fail(errc::invalid_value);
  if (name.size() > max_value || value.size() > max_value) return fail(errc::too_long);
  value = ascii::trim(value);
  if (auto ok = header::detail::check(header::find(name), value); !ok) return fail(std::error_code(ok.error()));
  append(name, value);
  return {};
}

void Sipfrag::append(std::string_view name, std::string_view value) {
  Field field{std::string(name), std::string(value), header::find(name)};
  std::replace_if(
      field.value.begin(), field.value.end(), [](char c) { return forbidden.find(c) != forbidden.npos; }, ' ');
  fields_.push_back(std::move(field));
}

void Sipfrag::remove(std::string_view name) {
  const auto id = header::find(name);
  std::erase_if(fields_, [&](const Field& field) {
    return id != HeaderId::other ? field.id == id : ascii::equal(field.name, name);
  });
}

void Sipfrag::set_body(const MediaType& type, std::string_view bytes) {
  std::string body(type.text().empty() ? std::string_view{} : bytes);  // `bytes` may be ours
  const MediaType kept = type;
  remove("Content-Type");
  remove("Content-Length");
  body_ = std::move(body);
  if (kept.text().empty()) return;
  add(header::content_type, kept);
  add(header::content_length, Number{static_cast<std::uint32_t>(body_.size())});
}

void Sipfrag::append_to(std::string& out) const {
  if (is_request())
    ((((out += method_.name()) += ' ') += uri_.text()) += " SIP/2.0\r\n");
  else if (status_)
    ((((out += "SIP/2.0 ") += std::to_string(status_->value())) += ' ') += reason_) += "\r\n";
  for (const auto& field : fields_) (((out += field.name) += ": ") += field.value) += "\r\n";
  if (!body_.empty()) (out += "\r\n") += body_;
}

std::string Sipfrag::to_string() const {
  std::string out;
  append_to(out);
  return out;
}

}  // namespace peal::inline v0
