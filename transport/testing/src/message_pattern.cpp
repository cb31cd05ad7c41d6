#include "message_pattern.hpp"

#include <peal/testing/raw_message.hpp>
#include <peal/trace/redact.hpp>

#include <algorithm>
#include <array>
#include <cctype>

namespace peal::inline v0::sim {

namespace {

constexpr std::size_t longest_shown = 100;

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

/// RFC 3261 §7.3.3, RFC 3515, 3841, 3892, 4028, 4538, 6665, 8224, RFC 3903…: written here again, as a second opinion.
constexpr std::array<std::pair<std::string_view, std::string_view>, 21> compact_forms{{
    {"Accept-Contact", "a"},
    {"Referred-By", "b"},
    {"Content-Type", "c"},
    {"Request-Disposition", "d"},
    {"Content-Encoding", "e"},
    {"From", "f"},
    {"Call-ID", "i"},
    {"Reject-Contact", "j"},
    {"Supported", "k"},
    {"Content-Length", "l"},
    {"Contact", "m"},
    {"Identity-Info", "n"},
    {"Event", "o"},
    {"Refer-To", "r"},
    {"Subject", "s"},
    {"To", "t"},
    {"Allow-Events", "u"},
    {"Via", "v"},
    {"Session-Expires", "x"},
    {"Identity", "y"},
    {"Record-Route", ""},
}};

std::vector<std::string> values_of(std::string_view message, std::string_view name) {
  auto out = headers_of(message, name);
  for (const auto& [full, compact] : compact_forms) {
    if (compact.empty() || !same_name(full, name)) continue;
    for (auto& value : headers_of(message, compact)) out.push_back(std::move(value));
  }
  return out;
}

std::string shown(std::string_view text) {
  auto out = trace::printable(text.substr(0, longest_shown));
  return text.size() > longest_shown ? out + "…" : out;
}

std::string start_line(std::string_view message) {
  return std::string(message.substr(0, message.find("\r\n")));
}

bool is_digit_or_x(char c) { return (c >= '0' && c <= '9') || c == 'x'; }

/// "200", "2xx": three letters that stand for a status.
bool is_status(std::string_view text) {
  return text.size() == 3 && text[0] >= '1' && text[0] <= '9' && is_digit_or_x(text[1]) && is_digit_or_x(text[2]);
}

bool fits_status(int status, std::string_view pattern) {
  const auto digits = std::to_string(status);
  if (digits.size() != 3) return false;
  for (std::size_t i = 0; i < 3; ++i) {
    if (pattern[i] != 'x' && pattern[i] != digits[i]) return false;
  }
  return true;
}

std::string cseq_method(std::string_view message) {
  const auto cseq = header_of(message, "CSeq").value_or("");
  const auto blank = cseq.find_last_of(" \t");
  return blank == std::string::npos ? "" : cseq.substr(blank + 1);
}

}  // namespace

bool fits_pattern(std::string_view text, std::string_view pattern) {
  std::size_t t = 0;
  std::size_t p = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool MessagePattern::fits_start(std::string_view message) const {
  if (start.empty()) return true;
  const int status = status_of(message);
  const auto code = std::string_view(start).substr(0, start.find(' '));
  if (is_status(code)) {
    if (status == 0 || !fits_status(status, code)) return false;
    const auto rest = std::string_view(start).substr(code.size());
    if (rest.starts_with(" to ")) return cseq_method(message) == rest.substr(4);
    return start_line(message).substr(8).starts_with(rest.empty() ? "" : std::to_string(status) + std::string(rest));
  }
  if (start.find(' ') == std::string::npos) return status == 0 && method_of(message) == start;
  return message.starts_with(start);
}

std::string MessagePattern::why_not(const Kept& message) const {
  if (message.direction != direction)
    return direction == transport::Direction::sent ? "it was received" : "it was sent";
  if (!fits_start(message.text)) return "is not " + start;
  const bool from_there = other_end.empty() || std::any_of(other_end.begin(), other_end.end(),
                                                           [&](const auto& end) { return end.owns(message.peer, message.there); });
  if (!from_there)
    return (direction == transport::Direction::sent ? "it went to " : "it came from ") + message.peer.to_string();
  for (const auto& line : lines) {
    const auto values = values_of(message.text, line.name);
    const bool found = !line.value ? !values.empty()
                                   : std::any_of(values.begin(), values.end(),
                                                 [&](const auto& value) { return fits_pattern(value, *line.value); });
    if (found != line.absent) continue;
    if (values.empty()) return "it has no " + line.name;
    return "its " + line.name + " is \"" + shown(values.front()) + "\"";
  }
  const auto content = body_of(message.text);
  if (no_body && !content.empty()) return "it has a body";
  if (body && content.empty()) return "it has no body";
  if (body && !fits_pattern(content, "*" + *body + "*")) return "its body is \"" + shown(content) + "\"";
  return {};
}

std::string MessagePattern::text() const {
  const bool sent = direction == transport::Direction::sent;
  std::string out = start.empty() ? "anything" : start;
  for (const auto& end : other_end) out += (sent ? " to " : " from ") + end.name();
  for (const auto& line : lines) {
    out += line.absent ? ", without " : ", with ";
    out += line.name;
    if (line.value) out += " \"" + *line.value + "\"";
  }
  if (no_body) out += ", without body";
  if (body) out += body->empty() ? ", with a body" : ", with \"" + *body + "\" in its body";
  return out;
}

std::string summary_of(std::string_view message) {
  if (status_of(message) != 0)
    return shown(start_line(message).substr(8)) + " (to " + header_of(message, "CSeq").value_or("?") + ")";
  auto line = start_line(message);
  if (line.ends_with(" SIP/2.0")) line.resize(line.size() - 8);
  return line.empty() ? "(an empty datagram)" : shown(line);
}

}  // namespace peal::inline v0::sim
