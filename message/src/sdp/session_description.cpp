#include "line_rank.hpp"
#include "scan.hpp"

#include <peal/message/sdp/session_description.hpp>

namespace peal::inline v0::sdp {

namespace {

constexpr std::uint64_t max_version = (std::uint64_t{1} << 62) - 2;  // RFC 3264 §5

bool is_protocol(std::string_view text) {
  while (true) {
    const auto slash = text.find('/');
    if (!is_token(text.substr(0, slash))) return false;
    if (slash == text.npos) return true;
    text.remove_prefix(slash + 1);
  }
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) {
    if (!out.empty()) out += ' ';
    out += word;
  }
  return out;
}

Result<void> all_tokens(const std::vector<std::string>& words) {
  if (words.empty()) return fail(errc::invalid_value);
  for (const auto& word : words)
    if (!is_token(word)) return fail(is_text(word) ? errc::invalid_value : errc::forbidden_byte);
  return {};
}

}  // namespace

// ---- o= and m=

void Origin::append_to(std::string& out) const {
  (((((out += username) += ' ') += session_id) += ' ') += version) += ' ';
  connection.append_to(out);
}

void MediaLine::append_to(std::string& out) const {
  append_number((out += type) += ' ', port);
  if (port_count > 1) append_number(out += '/', port_count);
  (out += ' ') += protocol;
  for (const auto format : formats) (out += ' ') += format;
}

// ---- media description

Result<MediaDescription> MediaDescription::make(std::string_view type, std::uint16_t port, std::string_view protocol,
                                                const std::vector<std::string>& formats) {
  if (!is_text(type) || !is_text(protocol)) return fail(errc::forbidden_byte);
  if (!is_token(type) || !is_protocol(protocol)) return fail(errc::invalid_value);
  if (auto ok = all_tokens(formats); !ok) return fail(ok.error());
  const auto words = joined(formats);
  std::string text;
  MediaLine{type, port, 1, protocol, Words(words)}.append_to(text);
  MediaDescription out;
  out.lines_.push_back({'m', LineEnd::crlf, std::move(text)});
  return out;
}

MediaLine MediaDescription::line() const {
  if (lines_.empty()) return {};  // moved from
  return MediaLine::parse(lines_.front().value).value_or(MediaLine{});
}

void MediaDescription::rewrite(const MediaLine& line) {
  std::string text;
  line.append_to(text);
  if (!lines_.empty()) lines_.front() = {'m', LineEnd::crlf, std::move(text)};
}

void MediaDescription::set_port(std::uint16_t port) {
  auto now = line();
  if (now.port == port) return;
  now.port = port;
  rewrite(now);
}

Result<void> MediaDescription::set_formats(const std::vector<std::string>& formats) {
  if (auto ok = all_tokens(formats); !ok) return ok;
  const auto words = joined(formats);
  auto now = line();
  now.formats = Words(words);
  rewrite(now);
  return {};
}

Result<void> MediaDescription::set_protocol(std::string_view protocol) {
  if (!is_protocol(protocol)) return fail(is_text(protocol) ? errc::invalid_value : errc::forbidden_byte);
  auto now = line();
  now.protocol = protocol;
  rewrite(now);
  return {};
}

std::optional<Rtpmap> MediaDescription::rtpmap(std::uint8_t payload_type) const {
  std::optional<Rtpmap> out;
  each(Rtpmap::name, [&](std::string_view value) {
    if (out) return;
    if (auto map = Rtpmap::parse(value); map && map->payload_type == payload_type) out = *map;
  });
  return out;
}

std::string_view MediaDescription::fmtp(std::string_view format) const {
  std::string_view out;
  each(Fmtp::name, [&](std::string_view value) {
    if (!out.empty()) return;
    if (auto parsed = Fmtp::parse(value); parsed && parsed->format == format) out = parsed->parameters;
  });
  return out;
}

// ---- session description

SessionDescription::SessionDescription() {
  lines_ = {{'v', LineEnd::crlf, "0"},
            {'o', LineEnd::crlf, "- 0 0 IN IP4 0.0.0.0"},
            {'s', LineEnd::crlf, "-"},
            {'t', LineEnd::crlf, "0 0"}};
}

Origin SessionDescription::origin() const {
  if (const auto* line = find('o'))
    if (auto parsed = Origin::parse(line->value)) return *parsed;
  return {};
}

Result<void> SessionDescription::set_origin(const Origin& origin) {
  std::string text;
  origin.append_to(text);
  if (!is_text(text)) return fail(errc::forbidden_byte);
  const auto parsed = Origin::parse(text);
  if (!parsed || *parsed != origin || origin.username.find_first_of(" \t") != origin.username.npos ||
      !origin.connection.ttl_and_count.empty() || !is_digits(origin.session_id) || !is_digits(origin.version))
    return fail(errc::invalid_value);
  put('o', std::move(text));
  return {};
}

Result<void> SessionDescription::bump_version() {
  auto now = origin();
  const auto version = to_number(now.version, max_version);
  if (!version) return fail(errc::invalid_value);
  const auto next = std::to_string(*version + 1);
  now.version = next;
  std::string text;
  now.append_to(text);
  put('o', std::move(text));
  return {};
}

std::vector<Timing> SessionDescription::timings() const {
  std::vector<Timing> out;
  for (const auto& line : lines_) {
    if (line.type != 't') continue;
    Scan in(line.value);
    Timing t;
    if (in.number(t.start, UINT64_MAX) && in.number(t.stop, UINT64_MAX) && in.done()) out.push_back(t);
  }
  return out;
}

std::size_t SessionDescription::add_media(MediaDescription media) {
  close();
  if (!media_.empty()) media_.back().close();
  media.close();
  media_.push_back(std::move(media));
  return media_.size() - 1;
}

void SessionDescription::disable_media(std::size_t index) {
  if (index >= media_.size()) return;
  auto& media = media_[index];
  media.close();
  media.set_port(0);
  if (media.lines_.size() > 1) media.lines_.resize(1);
}

void SessionDescription::erase_media(std::size_t index) {
  if (index < media_.size()) media_.erase(media_.begin() + static_cast<std::ptrdiff_t>(index));
}

std::optional<Connection> SessionDescription::connection_of(std::size_t index) const {
  if (index >= media_.size()) return std::nullopt;
  if (auto own = media_[index].connection()) return own;
  return connection();
}

Direction SessionDescription::direction_of(std::size_t index) const {
  if (index < media_.size())
    if (auto own = media_[index].direction()) return *own;
  return direction().value_or(Direction::sendrecv);
}

void SessionDescription::set_all_directions(Direction direction) {
  std::erase_if(lines_,
                [](const Line& line) { return line.type == 'a' && to_direction(trimmed(line.value)).has_value(); });
  for (auto& media : media_) media.set_direction(direction);
}

void SessionDescription::append_to(std::string& out) const {
  Section::append_to(out);
  for (const auto& media : media_) media.append_to(out);
}

std::string SessionDescription::to_string() const {
  std::string out;
  out.reserve(512);
  append_to(out);
  return out;
}

}  // namespace peal::inline v0::sdp
