#pragma once

#include <peal/message/name_addr.hpp>

#include <string_view>
#include <utility>

namespace peal::inline v0 {

/// What a header asks of its address beyond being a name-addr or addr-spec.
enum class AddrForm : std::uint8_t {
  party,      ///< nothing; but `*` is none
  bracketed,  ///< a name-addr: the URI stands in <>
  identity,   ///< a sip, sips or tel URI
};

namespace detail {
PEAL_API Result<NameAddrView, ParseError> parse_addr(AddrForm form, std::string_view text);
PEAL_API Result<NameAddrView, ParseError> read_addr(AddrForm form, InMessage from, const char*& end);
/// The same address with its URI in <>.
PEAL_API NameAddr in_brackets(NameAddr addr);
}  // namespace detail

/// A NameAddr with the form that its header asks for. Read through NameAddrView.
template <AddrForm form>
class FormedAddr : public NameAddr {
 public:
  FormedAddr() = default;
  explicit FormedAddr(const UriView& uri) requires(form != AddrForm::identity) : NameAddr(uri) {}
  /// Puts the URI into <> where it is not.
  FormedAddr(NameAddr addr) requires(form == AddrForm::bracketed) : NameAddr(detail::in_brackets(std::move(addr))) {}
  static Result<NameAddrView, ParseError> parse_view(std::string_view text) { return detail::parse_addr(form, text); }
  static Result<NameAddrView, ParseError> read(InMessage from, const char*& end) {
    return detail::read_addr(form, from, end);
  }
  static Result<FormedAddr, ParseError> parse(std::string_view text) {
    auto view = parse_view(text);
    if (!view) return fail(view.error());
    return FormedAddr(*view);
  }
  /// `"display" <uri>`: see NameAddr::make; bad_scheme for a URI that the form refuses.
  static Result<FormedAddr, ParseError> make(std::string_view display, const UriView& uri) {
    auto made = NameAddr::make(display, uri);
    if (!made) return fail(made.error());
    return parse(made->text());
  }

 private:
  explicit FormedAddr(const NameAddrView& view) : NameAddr(view) {}
};

/// Route, Record-Route (RFC 3261 §25.1), Path (RFC 3327 §4), Service-Route (RFC 3608 §5), P-Associated-URI,
/// P-Called-Party-ID (RFC 7315 §5.1, 5.2).
using BracketedAddr = FormedAddr<AddrForm::bracketed>;
/// P-Asserted-Identity, P-Preferred-Identity (RFC 3325 §9.1, 9.2).
using IdentityAddr = FormedAddr<AddrForm::identity>;
/// Permission-Missing (RFC 5360 §5.9.3).
using PartyAddr = FormedAddr<AddrForm::party>;

/// What a P-Asserted-Identity or P-Preferred-Identity says: at most one sip or sips URI, and one tel URI.
struct Identities {
  NameAddrView sip, tel;  ///< an empty text when there is none
};

/// The identities of a message: `identities(request, header::p_asserted_identity)`. missing_header when there is none,
/// repeated_header when there are two of a kind (RFC 3325 §9.1), else what the first bad element says.
template <class M, class H>
Result<Identities, ParseError> identities(const M& message, const H& h) {
  Identities out;
  Result<void, ParseError> good;
  message.each(h, [&](const Result<NameAddrView, ParseError>& element) {
    if (!good) return;
    if (!element) {
      good = fail(element.error());
      return;
    }
    auto& place = element->uri().scheme() == Scheme::tel ? out.tel : out.sip;
    if (!place.text().empty()) good = fail(parse_errc::repeated_header, 0);
    place = *element;
  });
  if (!good) return fail(good.error());
  if (out.sip.text().empty() && out.tel.text().empty()) return fail(parse_errc::missing_header, 0);
  return out;
}

}  // namespace peal::inline v0
