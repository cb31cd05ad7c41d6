#include "line_rank.hpp"
#include "scan.hpp"

#include <peal/message/sdp/session_description.hpp>

namespace peal::inline v0::sdp {

namespace {

/// True when words are parted by exactly one blank, with none at the ends.
bool single_spaced(std::string_view text) {
  return text == trimmed(text) && text.find('\t') == text.npos && text.find("  ") == text.npos;
}

bool is_time(std::string_view word) { return word == "0" || (is_digits(word) && word.size() >= 10 && word[0] != '0'); }

bool good_origin(std::string_view text) {
  const auto o = Origin::parse(text);
  return o && single_spaced(text) && o->username.find(' ') == o->username.npos && is_digits(o->session_id) &&
         is_digits(o->version) && o->connection.ttl_and_count.empty() && text.find('[') == text.npos;
}

bool good_connection(std::string_view text) {
  const auto c = Connection::parse(text);
  if (!c || !single_spaced(text) || text.find('[') != text.npos) return false;
  if (!c->is_multicast()) return c->ttl_and_count.empty();
  // IPv4 multicast has a TTL, and perhaps a count; IPv6 multicast only a count.
  return c->address_type != "IP4" || !c->ttl_and_count.empty();
}

bool good_media(std::string_view text) {
  const auto m = MediaLine::parse(text);
  if (!m || !single_spaced(text) || m->formats.empty()) return false;
  for (const auto format : m->formats)
    if (!is_token(format)) return false;
  return true;
}

bool good_timing(std::string_view text) {
  Scan in(text);
  return single_spaced(text) && is_time(in.word()) && is_time(in.word()) && in.done();
}

bool good_attribute(std::string_view text) {
  const auto colon = text.find(':');
  return is_token(text.substr(0, colon)) && (colon == text.npos || colon + 1 < text.size());
}

bool good_bandwidth(std::string_view text) {
  return read_bandwidth(text).has_value() && text.find_first_of(" \t") == text.npos;
}

/// parse_errc::no_result when the line is all right.
parse_errc fault(const Line& line) {
  if (line.type == '\0') return parse_errc::trailing_bytes;
  if (line.end != LineEnd::crlf) return parse_errc::bad_line_end;
  if (line_rank(line.type) == unknown_rank || line.value.empty()) return parse_errc::bad_sdp;
  bool good = true;
  switch (line.type) {
    case 'v': good = line.value == "0"; break;
    case 'o': good = good_origin(line.value); break;
    case 'c': good = good_connection(line.value); break;
    case 'm': good = good_media(line.value); break;
    case 't': good = good_timing(line.value); break;
    case 'a': good = good_attribute(line.value); break;
    case 'b': good = good_bandwidth(line.value); break;
    default: break;
  }
  return good ? parse_errc::no_result : parse_errc::bad_sdp;
}

bool may_repeat(char type, bool in_media) {
  return std::string_view("eptrbza").find(type) != std::string_view::npos || (in_media && type == 'c');
}

/// Whether `next` may stand behind `before` in a level; r= and z= only behind a t= group.
bool in_order(char before, char next, bool in_media) {
  const auto is_time_group = [](char c) { return c == 't' || c == 'r' || c == 'z'; };
  if (in_media && std::string_view("icbka").find(next) == std::string_view::npos) return false;
  if (is_time_group(before) && is_time_group(next))
    return next == 't' || (next == 'r' && before != 'z') || (next == 'z' && before == 'r');
  if (next == 'r' || next == 'z') return false;
  if (before == next) return may_repeat(next, in_media);
  return line_rank(before) < line_rank(next);
}

class Checker {
 public:
  bool level(std::span<const Line> lines, bool in_media) {
    char before = in_media ? 'm' : 'v';
    bool first = true;
    for (const auto& line : lines) {
      if (const auto why = fault(line); why != parse_errc::no_result) return stop(why);
      if (!first && !in_order(before, line.type, in_media)) return stop(parse_errc::bad_sdp);
      first = false;
      before = line.type;
      at_ += line.value.size() + (line.type == '\0' ? 0 : 2) +
             (line.end == LineEnd::crlf ? 2
              : line.end == LineEnd::lf ? 1
                                        : 0);
    }
    return true;
  }
  bool stop(parse_errc why) {
    error = ParseError(why, static_cast<std::uint32_t>(at_));
    return false;
  }
  std::optional<ParseError> error;

 private:
  std::size_t at_ = 0;
};

}  // namespace

std::optional<ParseError> check(const SessionDescription& description) {
  Checker checker;
  if (!checker.level(description.lines(), false)) return checker.error;
  for (const char needed : {'o', 's', 't'})
    if (!description.value_of(needed)) return checker.stop(parse_errc::bad_sdp), checker.error;
  for (std::size_t i = 0; i < description.media().size(); ++i) {
    // RFC 8866 §5.7: each stream has a connection, its own or the session's.
    if (!description.connection_of(i)) return checker.stop(parse_errc::bad_sdp), checker.error;
    if (!checker.level(description.media()[i].lines(), true)) return checker.error;
  }
  return std::nullopt;
}

}  // namespace peal::inline v0::sdp
