#include "scan.hpp"

#include <peal/message/sdp/session_description.hpp>

#include <utility>

namespace peal::inline v0::sdp {

namespace {

/// Cuts the text into lines, checks what structure asks for, and hands each line to its level.
class Reader {
 public:
  Reader(std::string_view text, const Limits& limits) : text_(text), limits_(limits) {}

  /// False at the end and after an error.
  bool next(Line& line) {
    if (error_ || at_ >= text_.size()) return false;
    start_ = at_;
    if (++lines_ > limits_.lines) return stop(parse_errc::too_long);
    const auto rest = text_.substr(at_);
    const auto newline = rest.find('\n');
    auto whole = rest.substr(0, newline);
    at_ += whole.size() + (newline == rest.npos ? 0 : 1);
    line.end = newline == rest.npos ? LineEnd::none : LineEnd::lf;
    if (line.end == LineEnd::lf && !whole.empty() && whole.back() == '\r') {
      line.end = LineEnd::crlf;
      whole.remove_suffix(1);
    }
    if (whole.size() > limits_.line_bytes) return stop(parse_errc::too_long);
    return split(whole, line);
  }
  bool stop(parse_errc why, std::size_t offset_in_line = 0) {
    error_ = ParseError(why, static_cast<std::uint32_t>(start_ + offset_in_line));
    return false;
  }
  [[nodiscard]] const std::optional<ParseError>& error() const { return error_; }
  [[nodiscard]] std::size_t start() const { return start_; }

 private:
  bool split(std::string_view whole, Line& line) {
    if (const auto bad = whole.find('\0'); bad != whole.npos) return stop(parse_errc::bad_byte, bad);
    if (const auto bad = whole.find('\r'); bad != whole.npos) return stop(parse_errc::bad_line_end, bad);
    if (whole.empty()) {
      line.type = '\0';
      line.value.clear();
      blank_ = true;
      return true;
    }
    if (blank_) return stop(parse_errc::trailing_bytes);
    if (whole[0] < 'a' || whole[0] > 'z') return stop(parse_errc::bad_sdp);
    if (whole.size() < 2 || whole[1] != '=') return stop(parse_errc::bad_sdp, 1);
    line.type = whole[0];
    line.value.assign(whole.substr(2));
    return true;
  }

  std::string_view text_;
  const Limits& limits_;
  std::optional<ParseError> error_;
  std::size_t at_ = 0;
  std::size_t start_ = 0;
  std::uint32_t lines_ = 0;
  bool blank_ = false;
};

/// What the structure of a description asks of each line: its place, its count, and that it can be read.
class Order {
 public:
  explicit Order(const Limits& limits) : limits_(limits) {}

  /// Offsets are from the start of the line.
  std::optional<ParseError> fault(const Line& line) {
    const bool first = std::exchange(first_, false);
    if (first && line.type != 'v') return ParseError(parse_errc::bad_sdp, 0);
    switch (line.type) {
      case 'v':  // RFC 3264 §5: exactly one session description
        if (!first) return ParseError(parse_errc::bad_sdp, 0);
        if (trimmed(line.value) != "0") return ParseError(parse_errc::bad_version, 2);
        break;
      case 'o':
        if (origin_ || media_ > 0) return ParseError(parse_errc::bad_sdp, 0);
        origin_ = true;
        return behind_equals(Origin::parse(line.value));
      case 'c': return behind_equals(Connection::parse(line.value));
      case 'm': return media_fault(line);
      case 'a':
        if (++attributes_ > limits_.attributes) return ParseError(parse_errc::too_long, 0);
        break;
      default: break;
    }
    return std::nullopt;
  }
  [[nodiscard]] bool has_origin() const { return origin_; }

 private:
  template <class T>
  static std::optional<ParseError> behind_equals(const Result<T, ParseError>& parsed) {
    if (parsed) return std::nullopt;
    return ParseError(parsed.error().code, parsed.error().offset + 2);
  }
  std::optional<ParseError> media_fault(const Line& line) {
    if (++media_ > limits_.media) return ParseError(parse_errc::too_long, 0);
    attributes_ = 0;
    const auto parsed = MediaLine::parse(line.value);
    if (parsed && parsed->formats.size() > limits_.formats) return ParseError(parse_errc::too_long, 2);
    return behind_equals(parsed);
  }

  const Limits& limits_;
  std::uint32_t media_ = 0;
  std::uint32_t attributes_ = 0;
  bool first_ = true;
  bool origin_ = false;
};

}  // namespace

Result<SessionDescription, ParseError> SessionDescription::parse(std::string_view text, const Limits& limits) {
  if (text.empty()) return fail(parse_errc::empty, 0);
  if (text.size() > limits.bytes) return fail(parse_errc::too_long, limits.bytes);

  SessionDescription out;
  out.lines_.clear();
  Reader in(text, limits);
  Order order(limits);
  auto* level = &out.lines_;
  Line line;
  while (in.next(line)) {
    if (const auto why = order.fault(line)) {
      in.stop(why->code, why->offset);
      break;
    }
    if (line.type == 'm') {
      out.media_.push_back(MediaDescription());
      level = &out.media_.back().lines_;
    }
    level->push_back(std::move(line));
    line = {};
  }
  if (in.error()) return fail(*in.error());
  if (!order.has_origin()) return fail(parse_errc::bad_sdp, static_cast<std::uint32_t>(text.size()));
  return out;
}

Result<Origin, ParseError> Origin::parse(std::string_view text) {
  // Read from the right: some peers put blanks into the username, which the grammar does not allow.
  auto rest = trimmed(text);
  std::string_view words[5];
  for (std::size_t i = 5; i-- > 0;) {
    const auto blank = rest.find_last_of(" \t");
    if (blank == rest.npos) return fail(parse_errc::truncated, static_cast<std::uint32_t>(text.size()));
    words[i] = rest.substr(blank + 1);
    rest = trimmed(rest.substr(0, blank));
  }
  Origin out;
  out.username = rest;
  out.session_id = words[0];
  out.version = words[1];
  const auto at = static_cast<std::size_t>(words[2].data() - text.data());
  auto connection = Connection::parse(trimmed(text.substr(at)));
  if (!connection) return fail(connection.error().code, static_cast<std::uint32_t>(at));
  out.connection = *connection;
  return out;
}

Result<MediaLine, ParseError> MediaLine::parse(std::string_view text) {
  Scan in(text);
  MediaLine out;
  out.type = in.word();
  if (!is_token(out.type)) return fail(parse_errc::bad_token, 0);
  auto port = in.word();
  const auto port_at =
      static_cast<std::uint32_t>(port.empty() ? text.size() : static_cast<std::size_t>(port.data() - text.data()));
  if (const auto slash = port.find('/'); slash != port.npos) {
    const auto count = to_number(port.substr(slash + 1), 0xFFFF);
    if (!count || *count == 0) return fail(parse_errc::bad_number, port_at);
    out.port_count = static_cast<std::uint32_t>(*count);
    port = port.substr(0, slash);
  }
  const auto number = to_number(port, 0xFFFF);
  if (!number) return fail(parse_errc::bad_port, port_at);
  out.port = static_cast<std::uint16_t>(*number);
  out.protocol = in.word();
  if (out.protocol.empty()) return in.bad(parse_errc::truncated);
  out.formats = Words(in.rest());
  if (out.formats.empty() && out.port != 0) return in.bad(parse_errc::truncated);
  return out;
}

}  // namespace peal::inline v0::sdp
