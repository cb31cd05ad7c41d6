#include "padded.hpp"
#include "reader.hpp"

#include <peal/message/formed_addr.hpp>

namespace peal::inline v0::detail {

namespace {

using grammar::Scan;

/// name_addr, and what the form asks for.
grammar::At formed_addr(AddrForm form, grammar::At p, NameAddrParts& parts, Scan& s) noexcept {
  const auto* end = scanners->name_addr(p, parts, s);
  if (end == nullptr) return nullptr;
  if (form == AddrForm::bracketed && parts.uri == 0) return s.fail(parse_errc::bad_name_addr, p);
  if (form == AddrForm::identity && parts.uri_parts.scheme == Scheme::other)
    return s.fail(parse_errc::bad_scheme, p + parts.uri);
  return end;
}

}  // namespace

Result<NameAddrView, ParseError> parse_addr(AddrForm form, std::string_view text) {
  NameAddrParts parts;
  const grammar::Padded copy(text);
  Scan s;
  const auto* end = formed_addr(form, copy.begin(), parts, s);
  if (auto ok = copy.finish(end, s); !ok) return fail(ok.error());
  return NameAddrView(text.data(), parts);
}

Result<NameAddrView, ParseError> read_addr(AddrForm form, InMessage from, const char*& end) {
  Scan s;
  s.odd_hosts = s.odd_values = true;  // whether they may stand in a message, its receipt decided
  NameAddrParts parts;
  end = formed_addr(form, from.at, parts, s);
  if (end == nullptr) return grammar::unread(from, s);
  return NameAddrView(from.at, parts);
}

NameAddr in_brackets(NameAddr addr) {
  const auto view = addr.view();
  if (view.text().empty() || view.is_star()) return {};
  if (view.parts().uri != 0) return addr;
  std::string text = "<";
  text += view.uri().text();
  text += '>';
  text += view.params().text();
  auto out = NameAddr::parse(text);
  return out ? *std::move(out) : NameAddr();
}

}  // namespace peal::inline v0::detail
