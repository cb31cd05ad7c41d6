// A value from anywhere by the grammar that the first byte names: what is accepted prints as it came, can be read
// whole, edited, compared and read again.
//   u URI   a name-addr   v Via   m media type   d challenge or credentials   p parameters
//   h "Name: value" of any header   from 0x80 on: the two first bytes choose a row of the header table
#include "typed_values.hpp"

#include <peal/message/message.hpp>
#include <peal/message/typed_headers.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace peal;

namespace {

void expect(bool holds) {
  if (!holds) std::abort();
}

std::size_t read_params(const ParamsView& params) {
  std::size_t n = 0;
  for (const auto& param : params) {
    n += param.unquoted().size() + unescape(param.value).size();
    expect(params.has(param.name));
    expect(param.name.data() >= params.text().data() &&
           param.name.data() + param.name.size() <= params.text().data() + params.text().size());
  }
  return n;
}

void uri(std::string_view text) {
  const auto view = UriView::parse(text);
  if (!view) return expect(view.error().offset <= text.size());
  Uri own(*view);
  expect(view->text() == text && own.text() == text);
  read_params(view->params());
  (void)view->scheme_text();
  for (const auto part : {view->user(), view->password(), view->host(), view->headers()})
    expect(part.size() <= text.size());
  (void)equivalent(*view, own);
  const auto other = UriView::parse("sip:alice@example.com;transport=tcp;lr?a=b");
  expect(equivalent(*view, *other) == equivalent(*other, *view));
  if (own.set_param("x-new", "1%20")) expect(own.params().has("x-new") && Uri::parse(own.text()).has_value());
  own.remove_param("x-new");
  own.strip_for_request_uri();
  expect(own.empty() || Uri::parse(own.text()).has_value());
  expect(NameAddr::parse(NameAddr(*view).text()).has_value());
  Request request(method::options, *view);
  expect(request.uri().text() == text);
}

void name_addr(std::string_view text) {
  const auto view = NameAddrView::parse(text);
  if (!view) return expect(view.error().offset <= text.size());
  expect(view->text() == text);
  read_params(view->params());
  if (view->is_star()) return;
  uri(view->uri().text());
  NameAddr own(*view);
  (void)view->display_name();
  if (own.set_param("tag", "new")) {
    expect(own.tag() == "new");
    expect(NameAddr::parse(own.text()).has_value());
    own.remove_param("tag");
    expect(own.tag().empty());
  }
  if (const auto again = NameAddr::make(view->display_name(), view->uri()))
    expect(again->view().display_name() == view->display_name());
}

void via(std::string_view text) {
  const auto view = ViaView::parse(text);
  if (!view) return expect(view.error().offset <= text.size());
  Via own(*view);
  expect(own.text() == text);
  read_params(view->params());
  (void)view->has_magic_cookie();
  if (own.set_param("received", "2001:db8::1") && own.set_param("rport", "5060"))
    expect(own.view().params().value("rport") == "5060" && Via::parse(own.text()).has_value());
}

void media_type(std::string_view text) {
  const auto view = MediaTypeView::parse(text);
  if (!view) return expect(view.error().offset <= text.size());
  read_params(view->params());
  expect(view->is(view->type(), view->subtype()));
  const MediaType own(*view);
  expect(MediaType::parse(own.text()).has_value());
  Request request(method::options, *UriView::parse("sip:a"));
  request.set_body(own, text);
  expect(request.body() == text);
}

void credentials(std::string_view text) {
  const auto view = AuthView::parse(text);
  if (!view) return expect(view.error().offset <= text.size());
  for (const auto* name : {"realm", "nonce", "qop", "uri", "algorithm"}) (void)view->value(name);
  (void)view->is_digest();
  Auth own(*view);
  expect(Auth::parse(own.text()).has_value());
  const auto more = Auth(view->scheme()).add("a", "b").add_quoted("c", text);
  expect(Auth::parse(more.text()).has_value());
}

/// Parameters are read out of a Contact, where they are checked.
void params(std::string_view text) {
  const auto contact = "<sip:a>" + std::string(text);
  const auto view = NameAddrView::parse(contact);
  if (view) read_params(view->params());
}

/// What the reader judges by itself when the message is parsed again.
bool read_at_receipt(HeaderId id) {
  constexpr std::array<HeaderId, 14> ids{
      HeaderId::via,          HeaderId::from,           HeaderId::to,      HeaderId::call_id,
      HeaderId::cseq,         HeaderId::max_forwards,   HeaderId::contact, HeaderId::route,
      HeaderId::record_route, HeaderId::content_length, HeaderId::require, HeaderId::proxy_require,
      HeaderId::content_type, HeaderId::other};
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

void header_value(std::string_view name, std::string_view text) {
  const auto id = header::find(name);
  const auto ok = header::check(id, text);
  if (!ok) expect(ok.error().offset <= text.size());
  auto request = *Request::parse(
      "OPTIONS sip:a SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\nFrom: <sip:a>;tag=1\r\nTo: <sip:b>\r\nCall-ID: "
      "1\r\n"
      "CSeq: 1 OPTIONS\r\n\r\n");
  const auto before = request.to_string();
  if (!request.set(name, text)) return expect(request.to_string() == before);
  const auto printed = request.to_string();
  expect(request.printed_size() == printed.size());
  if (!read_at_receipt(id)) {
    const auto again = Request::parse(printed);
    expect(again.has_value() && again->to_string() == printed && again->raw(name) == request.raw(name));
    expect(header::check(id, *again->raw(name)).has_value());
  }
  header::with(id, [&](const auto& h) {
    std::size_t elements = 0;
    using T = typename std::remove_cvref_t<decltype(h)>::Value;
    request.each(h, [&](const auto& element) {
      elements += element ? 1U : element.error().offset / 4096;
      if (!element) return;
      peal_fuzz::read_value(*element);
      peal_fuzz::edit_value<T>(*element);
    });
    if (const auto first = request.get(h)) expect(elements != 0);
  });
  expect(request.add(name, text).has_value());
  request.remove(name);
  expect(!request.raw(name));
}

void any_header(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return header_value(text, "");
  auto value = text.substr(colon + 1);
  if (!value.empty() && value.front() == ' ') value.remove_prefix(1);
  header_value(text.substr(0, colon), value);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2 || size > 4096) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 'u': uri(text); break;
    case 'a': name_addr(text); break;
    case 'v': via(text); break;
    case 'm': media_type(text); break;
    case 'd': credentials(text); break;
    case 'p': params(text); break;
    case 'h': any_header(text); break;
    default:
      if (data[0] >= 0x80) header_value(header::table[data[1] % header::table.size()].name, text.substr(1));
      break;
  }
  return 0;
}
