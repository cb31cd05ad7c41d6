#include "param_edit.hpp"
#include "reader.hpp"

#include <peal/message/name_addr.hpp>

namespace peal::inline v0 {

using grammar::Padded;
using grammar::Scan;

Result<NameAddrView, ParseError> NameAddrView::parse(std::string_view text, Profile profile) {
  NameAddrParts parts;
  if (text == "*") {  // Contact: * of a REGISTER (§10.2.2)
    parts.size = 1;
    return NameAddrView(text.data(), parts);
  }
  const Padded copy(text);
  Scan s;
  s.odd_hosts = s.odd_values = profile == Profile::interop;
  const auto* end = scanners->name_addr(copy.begin(), parts, s);
  if (auto ok = copy.finish(end, s); !ok) return fail(ok.error());
  return NameAddrView(text.data(), parts);
}

Result<NameAddrView, ParseError> NameAddrView::read(InMessage from, const char*& end) {
  Scan s;
  s.odd_hosts = s.odd_values = true;  // whether they may stand in a message, its receipt decided
  NameAddrParts parts;
  if (*from.at == '*' && from.end - from.at == 1) {
    parts.size = 1;
    end = from.end;
    return NameAddrView(from.at, parts);
  }
  end = scanners->name_addr(from.at, parts, s);
  if (end == nullptr) return grammar::unread(from, s);
  return NameAddrView(from.at, parts);
}

std::string NameAddrView::display_name() const {
  Param name;
  name.value = {text_ + parts_.display, parts_.display_size};
  return name.unquoted();
}

NameAddr::NameAddr(const UriView& uri) {
  text_.reserve(uri.text().size() + 2);
  text_ += '<';
  text_ += uri.text();
  text_ += '>';
  parts_.size = static_cast<std::uint32_t>(text_.size());
  parts_.uri = 1;
  parts_.uri_parts = uri.parts();
}

Result<NameAddr, ParseError> NameAddr::parse(std::string_view text, Profile profile) {
  auto view = NameAddrView::parse(text, profile);
  if (!view) return fail(view.error());
  return NameAddr(*view);
}

Result<NameAddr, ParseError> NameAddr::make(std::string_view display, const UriView& uri) {
  if (display.empty()) return NameAddr(uri);
  std::string text = "\"";
  for (std::size_t i = 0; i < display.size(); ++i) {
    const char c = display[i];
    if (c == '\r' || c == '\n' || c == '\0') return fail(parse_errc::bad_byte, static_cast<std::uint32_t>(i));
    if (!ascii::is(c, ascii::quoted)) text += '\\';
    text += c;
  }
  text += "\" <";
  text += uri.text();
  text += '>';
  return parse(text, Profile::interop);
}

Result<void, ParseError> NameAddr::set_param(std::string_view name, std::string_view value) {
  if (text_.empty() || !grammar::is_header_param(name, value, ascii::token)) return fail(parse_errc::bad_parameter, 0);
  auto changed = parse(grammar::with_param(text_, params(), name, value), Profile::interop);
  if (!changed) return fail(changed.error());
  *this = std::move(*changed);
  return {};
}

void NameAddr::remove_param(std::string_view name) {
  if (!params().has(name)) return;
  if (auto changed = parse(grammar::without_param(text_, params(), name), Profile::interop))
    *this = std::move(*changed);
}

}  // namespace peal::inline v0
