#include <peal/trace/redact.hpp>

#include "glance.hpp"
#include "visible.hpp"

#include <algorithm>

namespace peal::inline v0::trace {

namespace {

constexpr std::string_view mask = "***";

bool token_character(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-.!%*_+`'~").find(c) != std::string_view::npos;
}

bool blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::size_t skip_blanks(std::string_view text, std::size_t at) noexcept {
  while (at < text.size() && blank(text[at])) ++at;
  return at;
}

/// Behind the value that begins at `at`: a quoted string (to its end, or the text's when it has none) or what reaches
/// to a separator.
std::size_t end_of_value(std::string_view text, std::size_t at) noexcept {
  if (at < text.size() && text[at] == '"') {
    for (++at; at < text.size() && text[at] != '"'; ++at) at += text[at] == '\\' ? 1U : 0U;
    return std::min(at + 1, text.size());
  }
  while (at < text.size() && !blank(text[at]) && text[at] != ',' && text[at] != ';') ++at;
  return at;
}

/// Masks `name = value` wherever it stands, folded lines included.
std::string without_parameters(std::string_view head) {
  constexpr std::string_view secret[] = {"response", "rspauth", "password"};
  std::string out;
  out.reserve(head.size());
  for (std::size_t at = 0; at < head.size();) {
    auto end = at;
    while (end < head.size() && token_character(head[end])) ++end;
    const auto word = head.substr(at, std::max<std::size_t>(end - at, 1));
    out.append(word);
    at += word.size();
    if (std::none_of(std::begin(secret), std::end(secret), [&](auto name) { return same_word(name, word); })) continue;
    const auto equals = skip_blanks(head, at);
    if (equals == head.size() || head[equals] != '=') continue;
    const auto value = skip_blanks(head, equals + 1);
    out.append(head.substr(at, value - at)).append("\"").append(mask).append("\"");
    at = end_of_value(head, value);
  }
  return out;
}

/// sip:user:password@host (RFC 3261 §19.1.1).
std::string without_uri_passwords(std::string_view head) {
  std::string out;
  out.reserve(head.size());
  std::size_t done = 0;
  for (auto colon = head.find(':'); colon != std::string_view::npos; colon = head.find(':', colon + 1)) {
    const auto before = head.substr(0, colon);
    const bool scheme =
        before.size() >= 3 && (same_word(before.substr(before.size() - 3), "sip") ||
                               (before.size() >= 4 && same_word(before.substr(before.size() - 4), "sips")));
    if (!scheme) continue;
    const auto end = head.find_first_of("@<>\" \t\r\n,", colon + 1);
    if (end == std::string_view::npos) break;
    const auto password = head.find(':', colon + 1);
    colon = end;
    if (head[end] != '@' || password >= end) continue;
    out.append(head.substr(done, password + 1 - done)).append(mask);
    done = end;
  }
  return out.append(head.substr(done));
}

bool starts_word(std::string_view text, std::string_view word) noexcept {
  return text.size() >= word.size() && same_word(text.substr(0, word.size()), word);
}

/// Calls f(line with its end) for each logical line: one that begins with a blank belongs to the one before (folding).
template <class F>
void each_logical_line(std::string_view text, F f) {
  while (!text.empty()) {
    auto end = text.find('\n');
    while (end != std::string_view::npos && end + 1 < text.size() && (text[end + 1] == ' ' || text[end + 1] == '\t'))
      end = text.find('\n', end + 1);
    const auto size = end == std::string_view::npos ? text.size() : end + 1;
    f(text.substr(0, size));
    text.remove_prefix(size);
  }
}

/// Credentials of Basic, Bearer or an unknown scheme are secrets as a whole.
std::string without_credentials(std::string_view line) {
  const auto colon = line.find(':');
  const auto name = colon == std::string_view::npos ? std::string_view{} : trimmed(line.substr(0, colon));
  if (!same_word(name, "Authorization") && !same_word(name, "Proxy-Authorization")) return std::string(line);
  const auto scheme = skip_blanks(line, colon + 1);
  auto end = scheme;
  while (end < line.size() && token_character(line[end])) ++end;
  if (same_word(line.substr(scheme, end - scheme), "Digest")) return std::string(line);
  // A lone word is no scheme: who knows what it is.
  const bool alone = skip_blanks(line, end) == line.size();
  return std::string(line.substr(0, alone ? scheme : end)).append(alone ? "" : " ").append(mask);
}

/// The line end stays, whatever quote is left open before it.
void append_line(std::string& out, std::string_view line) {
  const auto last = line.find_last_not_of("\r\n");
  const auto text = line.substr(0, last == std::string_view::npos ? 0 : last + 1);
  out.append(without_uri_passwords(without_parameters(without_credentials(text)))).append(line.substr(text.size()));
}

/// SDES keys (RFC 4568 §9.1), k= (RFC 8866 §5.12): masked in their own length.
std::string without_media_keys(std::string_view body) {
  std::string out(body);
  const auto cover = [&](std::size_t from, std::size_t to) {
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(from), out.begin() + static_cast<std::ptrdiff_t>(to), '*');
  };
  std::size_t line = 0;
  while (line < out.size()) {
    const auto end = std::min(out.find_first_of("\r\n", line), out.size());
    const auto text = std::string_view(out).substr(line, end - line);
    if (starts_word(text, "k=")) {
      cover(line + 2, end);
    } else if (starts_word(text, "a=ice-pwd:")) {
      cover(line + 10, end);
    } else if (starts_word(text, "a=crypto:")) {
      for (std::size_t at = 0; at < text.size(); ++at) {
        if (!starts_word(text.substr(at), "inline:")) continue;
        const auto key = at + 7;
        const auto stop = std::min(text.find_first_of("|; \t", key), text.size());
        cover(line + key, line + stop);
        at = stop;
      }
    }
    line = end + 1;
  }
  return out;
}

}  // namespace

std::string redacted(std::string_view message) {
  auto end = message.find("\r\n\r\n");
  auto gap = std::size_t{4};
  if (const auto bare = message.find("\n\n"); bare < end) {
    end = bare;
    gap = 2;
  }
  const auto head = message.substr(0, end == std::string_view::npos ? end : end + gap);
  const auto body = message.substr(head.size());
  std::string lines;
  lines.reserve(head.size());
  each_logical_line(head, [&](std::string_view line) { append_line(lines, line); });
  return lines + without_media_keys(body);
}

std::string printable(std::string_view message) { return visible(message, std::string_view::npos, true); }

}  // namespace peal::inline v0::trace
