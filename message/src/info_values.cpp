#include "compose.hpp"
#include "known_params.hpp"

#include <peal/message/info_values.hpp>

namespace peal::inline v0 {

using grammar::At;
using grammar::blanks;
using grammar::distance;
using grammar::Scan;

namespace {

/// warn-agent = hostport / pseudonym
At warn_agent(At p, Scan& s) noexcept {
  const At start = p;
  const bool literal = *p == '[';
  p = literal ? grammar::ipv6_reference(p, s) : grammar::span<ascii::token>(p);
  if (p == nullptr) return nullptr;
  if (p == start) return s.fail(parse_errc::bad_host, p);
  if (*p != ':') return p;
  if (!literal && (grammar::span<ascii::host>(start) != p || !grammar::is_hostname_or_ipv4(start, p)))
    return s.fail(parse_errc::bad_host, start);
  std::uint16_t port = 0;
  return grammar::port(p + 1, port, s);
}

/// SP, also where a line was folded.
At space(At p, Scan& s) noexcept {
  return ascii::blank(*p) ? blanks(p) : s.fail(*p == '\r' ? parse_errc::truncated : parse_errc::bad_byte, p);
}

At warning(At p, WarningParts& out, Scan& s) noexcept {
  const At text = p;
  for (; p - text < 3; ++p) {
    if (!ascii::is(*p, ascii::digit)) return s.fail(parse_errc::bad_number, p);
    out.code = static_cast<std::uint16_t>(out.code * 10 + (*p - '0'));
  }
  const At agent = space(p, s);
  if (agent == nullptr) return nullptr;
  p = warn_agent(agent, s);
  if (p == nullptr) return nullptr;
  out.agent = distance(text, agent);
  out.agent_size = distance(agent, p);
  const At message = space(p, s);
  if (message == nullptr) return nullptr;
  if (*message != '"') return s.fail(parse_errc::bad_byte, message);
  p = grammar::quoted_string(message, s);
  if (p == nullptr) return nullptr;
  out.message = distance(text, message);
  out.message_size = distance(message, p);
  out.size = distance(text, p);
  return p;
}

/// server-val = product / comment, product = token [SLASH product-version]
At server_value(At p, std::string_view text, At begin, Product& out, Scan& s) noexcept {
  const auto part = [&](At from, At to) { return text.substr(distance(begin, from), distance(from, to)); };
  const At start = p;
  if (*p == '(') {
    p = grammar::comment(p, s);
    if (p != nullptr) out.comment = part(start, p);
    return p;
  }
  p = grammar::token(p, s);
  if (p == nullptr) return nullptr;
  out.name = part(start, p);
  if (*blanks(p) != '/') return p;
  const At version = blanks(blanks(p) + 1);
  p = grammar::token(version, s);
  if (p != nullptr) out.version = part(version, p);
  return p;
}

}  // namespace

Result<InfoUriView, ParseError> InfoUriView::read(InMessage from, const char*& end) {
  static constexpr std::array<grammar::KnownParam, 1> known{{{"purpose", grammar::is_token}}};
  return grammar::read_address<InfoUriView>(from, end, grammar::Brackets::no_name, known);
}

Result<InfoUriView, ParseError> InfoUriView::parse(std::string_view text) {
  return grammar::parse_parts<InfoUriView>(text);
}

Result<InfoUri, ParseError> InfoUri::make(const UriView& uri, std::string_view purpose) {
  return grammar::Compose()
      .literal("<")
      .literal(uri.text())
      .literal(">")
      .optional_param("purpose", purpose)
      .made<InfoUri>();
}

Result<WarningView, ParseError> WarningView::read(InMessage from, const char*& end) {
  Scan s;
  WarningParts parts;
  end = warning(from.at, parts, s);
  if (end == nullptr) return grammar::unread(from, s);
  return WarningView(from.at, parts);
}

Result<WarningView, ParseError> WarningView::parse(std::string_view text) {
  return grammar::parse_parts<WarningView>(text);
}

Result<Warning, ParseError> Warning::make(std::uint16_t code, std::string_view agent, std::string_view message) {
  if (code < 100 || code > 999) return fail(parse_errc::bad_number, 0);
  const grammar::Padded copy(agent);
  Scan s;
  if (auto ok = copy.finish(warn_agent(copy.begin(), s), s); !ok) return fail(ok.error());
  return grammar::Compose().number(code).literal(" ").literal(agent).literal(" ").quoted(message).made<Warning>();
}

Result<std::vector<Product>, ParseError> products(std::string_view text) {
  const grammar::Padded copy(text);
  Scan s;
  std::vector<Product> out;
  for (At p = copy.begin();;) {
    Product product;
    const At end = server_value(p, text, copy.begin(), product, s);
    if (end == nullptr) return grammar::unread(copy.in_message(), s);
    out.push_back(product);
    p = blanks(end);
    if (p == copy.end()) return out;
    if (p == end) return fail(parse_errc::trailing_bytes, distance(copy.begin(), end));
  }
}

}  // namespace peal::inline v0
