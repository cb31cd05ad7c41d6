#include <peal/testing/raw_message.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace peal::inline v0::sim {

namespace {

bool same(std::string_view a, std::string_view b) noexcept {
  const auto low = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return low(x) == low(y); });
}

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  return first == std::string_view::npos ? std::string_view{}
                                         : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string_view start_line(std::string_view message) noexcept { return message.substr(0, message.find("\r\n")); }

/// Calls f(name, value) for each header line.
template <class F>
void each_line(std::string_view message, F f) {
  auto at = message.find("\r\n");
  while (at != std::string_view::npos) {
    at += 2;
    const auto end = message.find("\r\n", at);
    const auto line = message.substr(at, end == std::string_view::npos ? end : end - at);
    if (line.empty()) return;
    if (const auto colon = line.find(':'); colon != std::string_view::npos)
      f(trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
    at = end;
  }
}

std::string_view usual_phrase(int code) noexcept {
  constexpr std::array<std::pair<int, std::string_view>, 16> phrases{{{100, "Trying"},
                                                                      {180, "Ringing"},
                                                                      {183, "Session Progress"},
                                                                      {200, "OK"},
                                                                      {202, "Accepted"},
                                                                      {302, "Moved Temporarily"},
                                                                      {401, "Unauthorized"},
                                                                      {404, "Not Found"},
                                                                      {407, "Proxy Authentication Required"},
                                                                      {408, "Request Timeout"},
                                                                      {481, "Call/Transaction Does Not Exist"},
                                                                      {486, "Busy Here"},
                                                                      {487, "Request Terminated"},
                                                                      {491, "Request Pending"},
                                                                      {500, "Server Internal Error"},
                                                                      {503, "Service Unavailable"}}};
  for (const auto& [known, phrase] : phrases) {
    if (known == code) return phrase;
  }
  return "Whatever";
}

void append_rest(std::string& out, const std::vector<std::string>& lines, std::string_view type,
                 std::string_view body) {
  for (const auto& line : lines) out.append(line).append("\r\n");
  if (!type.empty()) out.append("Content-Type: ").append(type).append("\r\n");
  out.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n").append(body);
}

}  // namespace

std::string method_of(std::string_view message) {
  const auto line = start_line(message);
  return line.starts_with("SIP/") ? std::string() : std::string(line.substr(0, line.find(' ')));
}

int status_of(std::string_view message) {
  const auto line = start_line(message);
  const auto blank = line.find(' ');
  if (!line.starts_with("SIP/") || blank == std::string_view::npos || line.size() < blank + 4) return 0;
  int status = 0;
  for (const char c : line.substr(blank + 1, 3)) {
    if (c < '0' || c > '9') return 0;
    status = status * 10 + (c - '0');
  }
  return status;
}

std::vector<std::string> headers_of(std::string_view message, std::string_view name) {
  std::vector<std::string> out;
  each_line(message, [&](std::string_view line, std::string_view value) {
    if (same(line, name)) out.emplace_back(value);
  });
  return out;
}

std::optional<std::string> header_of(std::string_view message, std::string_view name) {
  auto all = headers_of(message, name);
  if (all.empty()) return std::nullopt;
  return std::move(all.front());
}

std::string body_of(std::string_view message) {
  const auto end = message.find("\r\n\r\n");
  return end == std::string_view::npos ? std::string() : std::string(message.substr(end + 4));
}

std::optional<std::string> param_of(std::string_view value, std::string_view name) {
  if (const auto angle = value.rfind('>'); angle != std::string_view::npos) value.remove_prefix(angle + 1);
  auto at = value.find(';');
  while (at != std::string_view::npos) {
    const auto end = value.find(';', at + 1);
    const auto param = value.substr(at + 1, end == std::string_view::npos ? end : end - at - 1);
    const auto equals = param.find('=');
    if (same(trimmed(param.substr(0, equals)), name))
      return std::string(equals == std::string_view::npos ? std::string_view{} : trimmed(param.substr(equals + 1)));
    at = end;
  }
  return std::nullopt;
}

std::string crlf(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 16);
  char before = '\0';
  for (const char c : text) {
    if (c == '\n' && before != '\r') out.push_back('\r');
    out.push_back(c);
    before = c;
  }
  return out;
}

std::string answer_to(std::string_view request, const Answer& answer) {
  std::string out = "SIP/2.0 " + std::to_string(answer.code) + " ";
  out.append(answer.reason.empty() ? usual_phrase(answer.code) : std::string_view(answer.reason)).append("\r\n");
  constexpr std::array<std::string_view, 11> copied{"Via",     "v", "Record-Route", "From",     "f", "To", "t",
                                                    "Call-ID", "i", "CSeq",         "Timestamp"};
  each_line(request, [&](std::string_view name, std::string_view value) {
    if (std::none_of(copied.begin(), copied.end(), [&](std::string_view c) { return same(c, name); })) return;
    out.append(name).append(": ").append(value);
    const bool to = same(name, "To") || same(name, "t");
    if (to && !answer.to_tag.empty() && !param_of(value, "tag")) out.append(";tag=").append(answer.to_tag);
    out.append("\r\n");
  });
  append_rest(out, answer.lines, answer.content_type, answer.body);
  return out;
}

std::string request_text(const Ask& ask) {
  std::string out = ask.method + " " + ask.uri + " SIP/2.0\r\n";
  out.append("Via: ").append(ask.via).append("\r\nMax-Forwards: 70\r\nFrom: ").append(ask.from);
  out.append("\r\nTo: ").append(ask.to).append("\r\nCall-ID: ").append(ask.call_id);
  out.append("\r\nCSeq: ").append(std::to_string(ask.cseq)).append(" ").append(ask.method).append("\r\n");
  append_rest(out, ask.lines, ask.content_type, ask.body);
  return out;
}

}  // namespace peal::inline v0::sim
