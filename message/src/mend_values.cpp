#include "mend_values.hpp"

#include "list.hpp"
#include "padded.hpp"

#include <peal/message/name_addr.hpp>
#include <peal/message/via.hpp>

#include <algorithm>

namespace peal::inline v0::mending {

namespace {

using grammar::At;
using grammar::Padded;
using grammar::Scan;

/// Does the interop reader take the whole text?
template <class F>
bool reads(Piece text, F read) {
  const Padded copy(text);
  Scan s;
  s.odd_hosts = s.odd_values = true;
  return read(copy.begin(), s) == copy.end();
}

bool is_address(Piece text, bool route) {
  NameAddrParts parts;
  return reads(text, [&](At p, Scan& s) { return grammar::name_addr(p, parts, s, route); });
}

bool is_via(Piece text) {
  ViaParts parts;
  return reads(text, [&](At p, Scan& s) { return grammar::via(p, parts, s); });
}

bool is_uri(Piece text) {
  UriParts parts;
  return reads(text, [&](At p, Scan& s) { return grammar::uri(p, false, parts, s); });
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

/// Where the next ';' outside quotes stands.
std::size_t param_end(Piece text, std::size_t at) {
  for (; at < text.size() && text[at] != ';'; ++at) {
    if (text[at] != '"') continue;
    for (++at; at < text.size() && text[at] != '"'; ++at)
      if (text[at] == '\\') ++at;
  }
  return std::min(at, text.size());
}

/// *( ";" name [ "=" value ] ), with nothing between two ';', and no '=' without a value. A tag or branch that is
/// nothing is dropped, as if it had not been given.
bool params(Piece text, std::string& out) {
  text = ascii::trim(text);
  if (!text.empty() && text.front() != ';') return false;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = param_end(text, at + 1);
    const Piece param = ascii::trim(text.substr(at + 1, end - at - 1));
    at = end;
    if (param.empty()) continue;
    const auto equals = std::min(param.find('='), param.size());
    const Piece name = ascii::trim(param.substr(0, equals));
    const bool empty = ascii::trim(param.substr(std::min(equals + 1, param.size()))).empty();
    if (empty && (ascii::equal(name, "tag") || ascii::equal(name, "branch"))) continue;
    out.append(";").append(empty ? name : param);
  }
  return true;
}

/// The display name in quotes. `text`: everything in front of the '<'.
bool display_name(Piece text, std::string& out) {
  text = ascii::trim(text);
  if (text.empty()) return true;
  const bool quoted = text.front() == '"';
  if (quoted && (text.size() == 1 || text.back() != '"')) return false;  // which words are quoted?
  if (quoted) text = text.substr(1, text.size() - 2);
  while (quoted && text.size() >= 2 && text.front() == '"' && text.back() == '"')
    text = text.substr(1, text.size() - 2);  // ""Bob""
  out += '"';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_control(c) && c != '\t') return false;
    if (quoted && c == '\\' && i + 1 < text.size()) {
      out.append(text.substr(i++, 2));
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += "\" ";
  return true;
}

/// Bytes that the user part may not hold, as escapes.
bool user(Piece text, std::string& out) {
  constexpr Piece digits = "0123456789ABCDEF";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool escape =
        c == '%' && i + 2 < text.size() && ascii::is(text[i + 1], ascii::hex) && ascii::is(text[i + 2], ascii::hex);
    if (is_control(c) || c == '<' || c == '>') return false;
    if (escape || c == ':' || ascii::is(c, ascii::user)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return true;
}

bool uri_params(Piece text, std::string& out) {
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find(';', at + 1), text.size());
    Piece param = ascii::trim(text.substr(at + 1, end - at - 1));
    at = end;
    if (param.ends_with('=')) param.remove_suffix(1);
    if (!param.empty()) out.append(";").append(param);
  }
  return true;
}

}  // namespace

bool uri(Piece text, std::string& out) {
  const auto start = out.size();
  text = ascii::trim(text);
  if (is_uri(text)) {
    out += text;
    return true;
  }
  const auto colon = text.find(':');
  if (colon == Piece::npos) return false;
  const Piece scheme = text.substr(0, colon);
  if (!ascii::equal(scheme, "sip") && !ascii::equal(scheme, "sips")) return false;
  out.append(scheme).append(":");
  text.remove_prefix(colon + 1);
  const auto at = text.find('@');
  if (at != Piece::npos) {
    if (text.find('@', at + 1) != Piece::npos) return false;  // whose host is it?
    if (!user(text.substr(0, at), out)) return false;
    out += '@';
    text.remove_prefix(at + 1);
  }
  const auto headers_at = std::min(text.find('?'), text.size());
  const auto params_at = std::min(text.find(';'), headers_at);
  out += ascii::trim(text.substr(0, params_at));
  if (!uri_params(text.substr(params_at, headers_at - params_at), out)) return false;
  out += ascii::trim(text.substr(headers_at));
  return is_uri(Piece(out).substr(start));
}

namespace {

/// addr-spec without <>: what stands behind the first ';' belongs to the header, unless this is a route.
bool bare_address(Piece value, bool route, std::string& out) {
  const bool quoted = value.front() == '"';
  if (quoted) {  // "Anonymous" sip:anonymous@example.com;tag=1
    const auto close = value.find('"', 1);
    if (close == Piece::npos || value.find('"', close + 1) != Piece::npos || value.find('\\') != Piece::npos)
      return false;
    out.append(value.substr(0, close + 1)).append(" ");
    value = ascii::trim(value.substr(close + 1));
  }
  const auto end = route ? value.size() : std::min(value.find(';'), value.size());
  if (!route && value.substr(0, end).find_first_of("?,") != Piece::npos) return false;  // whose parameters? (RFC 8217)
  const bool brackets = route || quoted;
  if (brackets) out += '<';
  if (!uri(value.substr(0, end), out)) return false;
  if (brackets) out += '>';
  return params(value.substr(end), out);
}

}  // namespace

bool address(Piece value, bool route, std::string& out) {
  const auto start = out.size();
  value = ascii::trim(value);
  if (is_address(value, route)) {
    out += value;
    return true;
  }
  if (value.empty()) return false;
  std::size_t name_size = 0;
  if (value.front() == '"') {  // a '<' between quotes is none
    for (name_size = 1; name_size < value.size() && value[name_size] != '"'; ++name_size)
      if (value[name_size] == '\\') ++name_size;
    if (name_size >= value.size()) return false;  // never closed: the name could end anywhere
  }
  const std::size_t open = value.find('<', name_size);
  if (open == Piece::npos) return bare_address(value, route, out) && is_address(Piece(out).substr(start), route);
  const auto close = value.find('>', open);
  if (close == Piece::npos) return false;
  const Piece name = ascii::trim(value.substr(0, open));
  NameAddrParts parts;
  const bool name_good =
      reads(std::string(name) + "<sip:a>", [&](At p, Scan& s) { return grammar::name_addr(p, parts, s); });
  if (name_good)
    out.append(name).append(name.empty() ? "" : " ");
  else if (!display_name(name, out))
    return false;
  out += '<';
  if (!uri(value.substr(open + 1, close - open - 1), out)) return false;
  out += '>';
  return params(value.substr(close + 1), out) && is_address(Piece(out).substr(start), route);
}

bool addresses(Piece value, bool route, std::string& out) {
  const auto start = out.size();
  ListCursor cursor{value};
  while (const auto element = cursor.next()) {
    if (element->empty()) continue;
    if (out.size() != start) out += ", ";
    if (!address(*element, route, out)) return false;
  }
  return true;
}

bool vias(Piece value, std::string& out) {
  const auto start = out.size();
  ListCursor cursor{value};
  while (const auto element = cursor.next()) {
    if (out.size() != start) out += ", ";
    if (is_via(*element)) {
      out += *element;
      continue;
    }
    const auto element_at = out.size();
    const auto params_at = std::min(element->find(';'), element->size());
    Piece head = ascii::trim(element->substr(0, params_at));
    if (head.ends_with(':')) head.remove_suffix(1);  // a port that is not there
    out += head;
    if (!params(element->substr(params_at), out) || !is_via(Piece(out).substr(element_at))) return false;
  }
  return out.size() != start;
}

void tokens(Piece value, std::string& out) {
  const auto start = out.size();
  ListCursor cursor{value};
  while (const auto element = cursor.next()) {
    if (element->empty()) continue;
    if (out.size() != start) out += ", ";
    out += *element;
  }
}

}  // namespace peal::inline v0::mending
