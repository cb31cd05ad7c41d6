#include "mend.hpp"

#include "mend_values.hpp"
#include "padded.hpp"

#include <peal/message/headers.hpp>

#include <algorithm>

namespace peal::inline v0 {

namespace {

using mending::Piece;

/// Method SP Request-URI SP SIP-Version: blanks too many are dropped, <> around the URI too (RFC 4475 §3.1.2.7–10).
bool mend_request_line(Piece line, std::string& out) {
  const auto first = line.find_first_of(" \t");
  const auto last = line.find_last_of(" \t");
  if (first == Piece::npos || first == 0 || first == last) return false;
  Piece uri = ascii::trim(line.substr(first, last - first));
  if (uri.size() > 2 && uri.front() == '<' && uri.back() == '>') uri = ascii::trim(uri.substr(1, uri.size() - 2));
  if (uri.empty()) return false;
  out.append(line.substr(0, first)).append(" ");
  if (!mending::uri(uri, out)) return false;
  out.append(" ").append(line.substr(last + 1));
  return true;
}

/// SIP-Version SP Status-Code SP Reason-Phrase: without a phrase the last blank is forgotten (RFC 3261 §7.2).
bool mend_status_line(Piece line, std::string& out) {
  const auto version_end = std::min(line.find_first_of(" \t"), line.size());
  const Piece rest = ascii::trim(line.substr(version_end));
  const auto code_end = std::min(rest.find_first_of(" \t"), rest.size());
  if (code_end != 3) return false;
  out.append(line.substr(0, version_end)).append(" ").append(rest.substr(0, 3)).append(" ");
  out.append(ascii::trim(rest.substr(3)));
  return true;
}

bool mend_start_line(Piece line, std::string& out) {
  line = ascii::trim(line);
  const bool status = line.size() >= 4 && ascii::equal(line.substr(0, 4), "SIP/");
  return status ? mend_status_line(line, out) : mend_request_line(line, out);
}

/// False when the value is beyond help; an emptied list leaves nothing.
bool mend_value(HeaderId id, Piece value, std::string& out) {
  switch (id) {
    case HeaderId::via: return mending::vias(value, out);
    case HeaderId::from:
    case HeaderId::to: return mending::address(value, false, out);
    case HeaderId::contact: return value == "*" ? (out += '*', true) : mending::addresses(value, false, out);
    case HeaderId::route:
    case HeaderId::record_route: return mending::addresses(value, true, out);
    case HeaderId::require:
    case HeaderId::proxy_require: mending::tokens(value, out); return true;
    default: out += value; return true;
  }
}

/// Lists that may be without an element, and then are as good as not there.
bool may_be_nothing(HeaderId id) {
  return id == HeaderId::contact || id == HeaderId::route || id == HeaderId::record_route || id == HeaderId::require ||
         id == HeaderId::proxy_require;
}

/// A header line without its line end.
bool mend_line(Piece line, std::string& out) {
  const auto name_size = std::min(line.find(':'), line.size());
  const Piece name = ascii::trim(line.substr(0, name_size));
  if (name_size == line.size() || ascii::blank(line.front()) || !ascii::all(name, ascii::token)) return false;
  const auto id = header::find(name);
  const auto start = out.size();
  const Piece value = ascii::trim(line.substr(name_size + 1));
  out.append(line.substr(0, name_size)).append(": ");
  const auto value_at = out.size();
  if (!mend_value(id, value, out)) return false;
  if (out.size() == value_at && may_be_nothing(id))
    out.resize(start);
  else if (Piece(out).substr(value_at) == value)
    out.replace(start, out.size() - start, line);
  return true;
}

}  // namespace

bool Mender::mend(const char* data, std::uint32_t size, std::uint32_t start, std::uint32_t body) {
  lines_.clear();
  text_.clear();
  for (std::uint32_t line = start; line < body;) {
    const auto* lf = std::find(data + line, data + body, '\n');
    if (lf == data + body) return false;
    const auto next = static_cast<std::uint32_t>(lf + 1 - data);
    Piece text(data + line, next - 1 - line);
    if (text.ends_with('\r')) text.remove_suffix(1);
    lines_.emplace_back(static_cast<std::uint32_t>(text_.size()), line);
    const auto before = text_.size();
    const bool good = line == start ? mend_start_line(text, text_) : text.empty() || mend_line(text, text_);
    if (!good) return false;
    if (text_.size() != before || text.empty()) text_ += "\r\n";
    line = next;
  }
  lines_.emplace_back(static_cast<std::uint32_t>(text_.size()), body);
  if (text_ == Piece(data + start, body - start)) return false;
  text_.append(data + body, size - body);
  size_ = static_cast<std::uint32_t>(text_.size());
  text_.append(grammar::Padded::padding, '\0');
  return true;
}

std::uint32_t Mender::original(std::uint32_t offset) const noexcept {
  const auto* line = lines_.data();
  for (const auto& next : lines_)
    if (next.first <= offset) line = &next;
  const auto end = line == &lines_.back() ? ~std::uint32_t{0} : line[1].second - 1;
  return std::min(line->second + (offset - line->first), end);
}

}  // namespace peal::inline v0
