#include "param_edit.hpp"
#include "reader.hpp"

#include <peal/message/via.hpp>

namespace peal::inline v0 {

using grammar::Padded;
using grammar::Scan;

Result<ViaView, ParseError> ViaView::parse(std::string_view text, Profile profile) {
  const Padded copy(text);
  Scan s;
  s.odd_hosts = s.odd_values = profile == Profile::interop;
  ViaParts parts;
  const auto* end = scanners->via(copy.begin(), parts, s);
  if (auto ok = copy.finish(end, s); !ok) return fail(ok.error());
  return ViaView(text.data(), parts);
}

Result<ViaView, ParseError> ViaView::read(InMessage from, const char*& end) {
  Scan s;
  s.odd_hosts = s.odd_values = true;  // whether they may stand in a message, its receipt decided
  ViaParts parts;
  end = scanners->via(from.at, parts, s);
  if (end == nullptr) return grammar::unread(from, s);
  return ViaView(from.at, parts);
}

bool ViaView::has_magic_cookie() const noexcept { return ascii::equal(branch().substr(0, 7), "z9hG4bK"); }

Result<Via, ParseError> Via::parse(std::string_view text, Profile profile) {
  auto view = ViaView::parse(text, profile);
  if (!view) return fail(view.error());
  return Via(*view);
}

Result<Via, ParseError> Via::make(std::string_view transport, std::string_view sent_by, std::string_view branch,
                                  bool rport) {
  if (!ascii::all(transport, ascii::token)) return fail(parse_errc::bad_via, 0);
  if (!ascii::all(branch, ascii::token)) return fail(parse_errc::bad_parameter, 0);
  std::string text = "SIP/2.0/";
  text.append(transport).append(" ").append(sent_by);
  if (rport) text += ";rport";
  text.append(";branch=").append(branch);
  auto via = parse(text);
  // sent_by must be just that: nothing of it may have become a parameter
  if (via && via->parts_.params != 9 + transport.size() + sent_by.size()) return fail(parse_errc::bad_host, 0);
  return via;
}

Result<void, ParseError> Via::set_param(std::string_view name, std::string_view value) {
  if (text_.empty() || !grammar::is_header_param(name, value, ascii::via_value))
    return fail(parse_errc::bad_parameter, 0);
  auto changed = parse(grammar::with_param(text_, view().params(), name, value), Profile::interop);
  if (!changed) return fail(changed.error());
  *this = std::move(*changed);
  return {};
}

}  // namespace peal::inline v0
