#include "glance.hpp"

#include "visible.hpp"

#include <algorithm>

namespace peal::inline v0::trace {

namespace {

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string_view first_line(std::string_view text) noexcept {
  const auto line = text.substr(0, text.find('\n'));
  return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

void read_start(Glance& out) noexcept {
  const auto blank = out.start.find(' ');
  if (blank == std::string_view::npos) return;
  if (out.start.starts_with("SIP/2.0 ")) {
    const auto code = out.start.substr(8, 3);
    if (code.size() < 3 || !std::all_of(code.begin(), code.end(), [](char c) { return c >= '0' && c <= '9'; })) return;
    out.status = (code[0] - '0') * 100 + (code[1] - '0') * 10 + (code[2] - '0');
    out.reason = trimmed(out.start.substr(11));
    out.response = true;
  } else if (out.start.ends_with(" SIP/2.0") && blank > 0) {
    out.method = out.start.substr(0, blank);
    out.request = true;
  }
}

void read_header(Glance& out, std::string_view name, std::string_view value) noexcept {
  const auto take = [&](std::string_view& into, std::string_view full, std::string_view compact) {
    if (into.empty() && (same_word(name, full) || same_word(name, compact))) into = value;
  };
  take(out.call_id, "call-id", "i");
  take(out.cseq, "cseq", "cseq");
  take(out.content_type, "content-type", "c");
}

}  // namespace

bool same_word(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

Glance glance(std::string_view message) noexcept {
  Glance out;
  out.keep_alive = trimmed(message).empty();
  out.start = first_line(message);
  read_start(out);
  if (!out.request && !out.response) return out;
  auto rest = message;
  bool body = false;
  for (auto end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
    rest.remove_prefix(end + 1);
    const auto line = first_line(rest);
    if (line.empty()) {
      const auto after = rest.find('\n');
      body = after != std::string_view::npos && after + 1 < rest.size();
      break;
    }
    if (const auto colon = line.find(':'); colon != std::string_view::npos)
      read_header(out, trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
  }
  out.content_type = body ? trimmed(out.content_type.substr(0, out.content_type.find(';'))) : std::string_view{};
  return out;
}

std::string title_of(const Glance& glance, std::size_t size) {
  if (glance.keep_alive) return "keep-alive";
  if (!glance.request && !glance.response) return std::to_string(size) + " bytes, not SIP";
  std::string out;
  if (glance.request) {
    out = visible(glance.method, 24);
  } else {
    out = std::to_string(glance.status);
    if (!glance.reason.empty()) out.append(" ").append(visible(glance.reason, 40));
  }
  if (same_word(glance.content_type, "application/sdp"))
    out.append(" (SDP)");
  else if (!glance.content_type.empty())
    out.append(" (").append(visible(glance.content_type, 32)).append(")");
  return out;
}

}  // namespace peal::inline v0::trace
