#include "compose.hpp"
#include "known_params.hpp"

#include <peal/message/refer_values.hpp>

namespace peal::inline v0 {

using grammar::At;
using grammar::Brackets;
using grammar::Compose;
using grammar::KnownParam;

namespace {

/// dot-atom = atom *( "." atom ), where atom = 1*( alphanum / "-" / "!" / "%" / "*" / "_" / "+" / "'" / "`" / "~" ):
/// a token whose dots stand between others.
bool is_dot_atom(std::string_view text) noexcept {
  return ascii::all(text, ascii::token) && text.front() != '.' && text.back() != '.' &&
         text.find("..") == std::string_view::npos;
}

/// sip-clean-msg-id = LDQUOT dot-atom "@" (dot-atom / host) RDQUOT
bool is_clean_message_id(std::string_view value) noexcept {
  if (value.size() < 5 || !grammar::is_quoted(value)) return false;
  value = ascii::trim(value.substr(1, value.size() - 2));  // LDQUOT and RDQUOT may have blanks
  const auto at = value.find('@');
  if (at == std::string_view::npos || !is_dot_atom(value.substr(0, at))) return false;
  const auto right = value.substr(at + 1);
  if (is_dot_atom(right)) return true;
  const grammar::Padded copy(right);
  grammar::Scan s;
  return !right.empty() && grammar::host(copy.begin(), s) == copy.end();
}

grammar::Compose bracketed(const UriView& uri) {
  Compose out;
  out.literal("<").literal(uri.text()).literal(">");
  return out;
}

/// "true" / "false"
At refer_sub(At p, grammar::Scan& s) noexcept {
  const At end = grammar::span<ascii::token>(p);
  const auto text = grammar::between(p, end);
  return ascii::equal(text, "true") || ascii::equal(text, "false") ? end : s.fail(parse_errc::bad_token, p);
}

}  // namespace

Result<ReferToView, ParseError> ReferToView::read(InMessage from, const char*& end) {
  return grammar::read_address<ReferToView>(from, end, Brackets::optional, {});
}

Result<ReferToView, ParseError> ReferToView::parse(std::string_view text) {
  return grammar::parse_parts<ReferToView>(text);
}

std::string_view ReferToView::method() const {
  const auto method = uri().is_sip() ? uri().params().value("method") : std::string_view{};
  return method.empty() ? std::string_view("INVITE") : method;
}

ReferTo::ReferTo(const NameAddr& address) : OwnedAs(ReferToView::parse(address.text()).value_or(ReferToView{})) {}

Result<ReferTo, ParseError> ReferTo::make(const UriView& uri, std::string_view replaces) {
  Compose out;
  out.literal("<").literal(uri.text());
  if (!replaces.empty()) {
    if (!uri.is_sip()) return fail(parse_errc::bad_scheme, 0);
    out.literal(uri.headers().empty() ? "?" : "&").literal("Replaces=").literal(escape(UriPart::header, replaces));
  }
  return out.literal(">").made<ReferTo>();
}

Result<ReferredByView, ParseError> ReferredByView::read(InMessage from, const char*& end) {
  static constexpr std::array<KnownParam, 1> known{{{"cid", is_clean_message_id}}};
  return grammar::read_address<ReferredByView>(from, end, Brackets::optional, known);
}

Result<ReferredByView, ParseError> ReferredByView::parse(std::string_view text) {
  return grammar::parse_parts<ReferredByView>(text);
}

std::string ReferredByView::cid() const {
  const auto param = params().find("cid");
  return param ? std::string(ascii::trim(param->unquoted())) : std::string();
}

Result<ReferredBy, ParseError> ReferredBy::make(const UriView& uri, std::string_view cid) {
  auto out = bracketed(uri);
  if (!cid.empty()) out.quoted_param("cid", cid);
  return out.made<ReferredBy>();
}

Result<ReferSubView, ParseError> ReferSubView::read(InMessage from, const char*& end) {
  return grammar::read_param_value<ReferSubView>(from, end, refer_sub);
}

Result<ReferSubView, ParseError> ReferSubView::parse(std::string_view text) {
  return grammar::parse_parts<ReferSubView>(text);
}

bool ReferSubView::subscribes() const noexcept { return ascii::equal(value(), "true"); }

ReferSub::ReferSub(bool subscribes) : OwnedAs(*ReferSubView::parse(subscribes ? "true" : "false")) {}

Result<ReferEventsAtView, ParseError> ReferEventsAtView::read(InMessage from, const char*& end) {
  auto out = grammar::read_address<ReferEventsAtView>(from, end, Brackets::no_name, {});
  if (out && !out->uri().is_sip()) return fail(parse_errc::bad_scheme, 1);
  return out;
}

Result<ReferEventsAtView, ParseError> ReferEventsAtView::parse(std::string_view text) {
  return grammar::parse_parts<ReferEventsAtView>(text);
}

Result<ReferEventsAt, ParseError> ReferEventsAt::make(const UriView& uri) {
  return bracketed(uri).made<ReferEventsAt>();
}

}  // namespace peal::inline v0
