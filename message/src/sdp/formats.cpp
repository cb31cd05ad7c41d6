#include "formats.hpp"

#include "scan.hpp"

namespace peal::inline v0::sdp {

bool is_rtp(std::string_view protocol) noexcept {
  // RTP/AVP, RTP/SAVPF, UDP/TLS/RTP/SAVPF, TCP/RTP/AVP
  while (!protocol.empty()) {
    const auto slash = protocol.find('/');
    if (same_word(protocol.substr(0, slash), "RTP")) return true;
    if (slash == protocol.npos) break;
    protocol.remove_prefix(slash + 1);
  }
  return false;
}

std::vector<Format> formats_of(const MediaDescription& media) {
  const auto line = media.line();
  std::vector<Format> out;
  if (!is_rtp(line.protocol)) {
    for (const auto word : line.formats) out.push_back({word, 0, {std::string(word), 0, 1, {}, ""}, {}});
    return out;
  }
  std::array<std::optional<Rtpmap>, 128> maps;
  std::array<std::string_view, 128> parameters;
  for (const auto& map : media.all<Rtpmap>())
    if (auto& slot = maps[map.payload_type]; !slot) slot = map;
  for (const auto& fmtp : media.all<Fmtp>())
    if (const auto pt = to_number(fmtp.format, 127); pt && parameters[*pt].empty()) parameters[*pt] = fmtp.parameters;

  for (const auto word : line.formats) {
    const auto number = to_number(word, 127);
    if (!number) continue;
    Format one{word, static_cast<std::uint8_t>(*number), {"", 0, 1, {}, ""}, parameters[*number]};
    if (const auto& map = maps[*number])
      one.codec = {std::string(map->encoding), map->clock_rate, map->channels, one.payload_type, ""};
    else if (auto known = static_codec(one.payload_type))
      one.codec = std::move(*known);
    out.push_back(std::move(one));
  }
  return out;
}

bool matches(const Codec& ours, const Format& theirs) noexcept {
  if (theirs.codec.name.empty()) return false;
  const bool same =
      theirs.codec.clock_rate == 0 ? same_word(ours.name, theirs.codec.name) : ours.same_encoding(theirs.codec);
  return same && same_format(ours.name, ours.fmtp, theirs.fmtp);
}

std::size_t Assignment::take_by_port(std::string_view type, std::uint16_t port) {
  for (std::size_t i = 0; i < ours_.media.size(); ++i) {
    const auto& one = ours_.media[i];
    if (used_[i] || one.port == 0 || one.port != port || !same_word(one.type, type)) continue;
    used_[i] = true;
    return i;
  }
  return NegotiatedMedia::none;
}

std::size_t Assignment::take(std::string_view type, std::string_view protocol) {
  auto found = NegotiatedMedia::none;
  for (std::size_t i = 0; i < ours_.media.size(); ++i) {
    const auto& one = ours_.media[i];
    if (used_[i] || one.port == 0 || !same_word(one.type, type)) continue;
    const bool speaks_it = protocol.empty() || speaks(one, protocol);
    if (found == NegotiatedMedia::none || speaks_it) found = i;
    if (speaks_it) break;
  }
  if (found != NegotiatedMedia::none) used_[found] = true;
  return found;
}

bool speaks(const MediaCapability& capability, std::string_view protocol) noexcept {
  for (const auto& one : capability.protocols)
    if (same_word(one, protocol)) return true;
  return false;
}

}  // namespace peal::inline v0::sdp
