#include "formats.hpp"
#include "scan.hpp"

#include <algorithm>

namespace peal::inline v0::sdp {

namespace {

Result<void> add_raw(MediaDescription& media, std::string_view text) {
  const auto colon = text.find(':');
  if (colon == text.npos) return media.add_flag(text);
  return media.add_attribute(text.substr(0, colon), text.substr(colon + 1));
}

Result<void> add_format(MediaDescription& media, const Numbered& one) {
  if (!is_token(one.codec->name) || one.codec->clock_rate == 0) return fail(errc::invalid_value);
  // RFC 3264 §5.1, §6.1: also for static numbers.
  const auto& codec = *one.codec;
  if (auto ok = media.add(Rtpmap{one.payload_type, codec.name, codec.clock_rate, codec.channels}); !ok) return ok;
  if (codec.fmtp.empty()) return {};
  return media.add(Fmtp{std::to_string(one.payload_type), codec.fmtp});
}

bool same_but_origin(const Section& a, const Section& b) {
  return std::ranges::equal(a.lines(), b.lines(), [](const Line& x, const Line& y) {
    return x.type == y.type && (x.type == 'o' || x.value == y.value);
  });
}

bool same_but_origin(const SessionDescription& a, const SessionDescription& b) {
  return same_but_origin(static_cast<const Section&>(a), static_cast<const Section&>(b)) &&
         std::ranges::equal(a.media(), b.media(),
                            [](const MediaDescription& x, const MediaDescription& y) { return same_but_origin(x, y); });
}

}  // namespace

Result<MediaDescription> compose(const MediaCapability& capability, std::string_view protocol,
                                 const std::vector<Numbered>& formats, Direction direction, bool rtcp_mux) {
  const bool rtp = is_rtp(protocol);
  std::vector<std::string> words;
  words.reserve(formats.size());
  for (const auto& one : formats) words.push_back(rtp ? std::to_string(one.payload_type) : one.codec->name);
  auto media = MediaDescription::make(capability.type, capability.port, protocol, words);
  if (!media) return media;
  if (rtp)
    for (const auto& one : formats)
      if (auto ok = add_format(*media, one); !ok) return fail(ok.error());
  if (capability.ptime) {
    const Ptime ptime{*capability.ptime};
    if (ptime.value <= ptime.value.zero()) return fail(errc::invalid_value);
    if (auto ok = media->add(ptime); !ok) return fail(ok.error());
  }
  if (rtcp_mux)
    if (auto ok = media->add_flag("rtcp-mux"); !ok) return fail(ok.error());
  for (const auto& text : capability.attributes)
    if (auto ok = add_raw(*media, text); !ok) return fail(ok.error());
  if (rtp) media->set_direction(direction);
  return media;
}

MediaDescription refused(const MediaLine& line) {
  // RFC 3264 §6: the formats are ignored, but one must stand there.
  std::vector<std::string> words;
  for (const auto word : line.formats)
    if (is_token(word)) words.emplace_back(word);
  if (words.empty()) words.emplace_back("0");
  auto media = MediaDescription::make(line.type, 0, line.protocol, words);
  if (!media) media = MediaDescription::make(line.type, 0, "RTP/AVP", words);
  return std::move(*media);
}

Result<SessionDescription> begin(const Capabilities& ours) {
  if (ours.addresses.empty()) return fail(errc::invalid_value);
  for (const auto& media : ours.media)
    if (media.protocols.empty() || media.codecs.empty()) return fail(errc::invalid_value);
  SessionDescription out;
  if (auto ok = out.set_session_name(ours.session_name); !ok) return fail(ok.error());
  if (auto ok = out.set_connection(Connection::of(ours.addresses.front())); !ok) return fail(ok.error());
  return out;
}

Result<void> settle_origin(SessionDescription& description, const Capabilities& ours, const Previous& previous) {
  const auto* base = previous.last_sent ? previous.last_sent : previous.local;
  if (!base) {
    const auto id = std::to_string(ours.session_id);
    const auto version = std::to_string(ours.version);
    return description.set_origin({ours.username, id, version, Connection::of(ours.addresses.front())});
  }
  if (auto ok = description.set_origin(base->origin()); !ok) return ok;
  if (same_but_origin(description, *base)) return {};
  return description.bump_version();
}

void read_remote(const SessionDescription& remote, std::size_t index, NegotiatedMedia& out) {
  const auto& media = remote.media()[index];
  const auto line = media.line();
  out.remote_port = line.port;
  if (const auto connection = remote.connection_of(index)) {
    out.remote_address = connection->address;
    out.silenced = connection->is_unspecified();
  }
  // RFC 3605 §2.1, RFC 5761 §5.1.3, else the next port (RFC 3264 §6.1).
  out.remote_rtcp_address = out.remote_address;
  const auto rtcp = media.get<Rtcp>();
  if (out.rtcp_mux) {
    out.remote_rtcp_port = line.port;
  } else if (rtcp) {
    out.remote_rtcp_port = rtcp->port;
    if (rtcp->connection) out.remote_rtcp_address = rtcp->connection->address;
  } else if (is_rtp(line.protocol) && line.port < 0xFFFF) {
    out.remote_rtcp_port = static_cast<std::uint16_t>(line.port + 1);
  }
  // RFC 3264 §5.1: a bandwidth of zero asks that nothing be sent.
  for (const auto type : {"AS", "TIAS"}) {
    const auto own = media.bandwidth(type);
    const auto limit = own ? own : remote.bandwidth(type);
    if (limit && *limit == 0) out.silenced = true;
  }
  if (const auto ptime = media.get<Ptime>()) out.ptime = ptime->value;
}

bool held_by_peer(const SessionDescription& remote, std::size_t index, std::optional<Direction> said) {
  const auto connection = remote.connection_of(index);
  if (connection && connection->is_unspecified()) return true;
  return (!said || sends(*said)) && !receives(remote.direction_of(index));
}

HoldState hold_state(const SessionDescription& local, const SessionDescription& remote, bool offered, bool hold) {
  bool used = false, held = true;
  for (std::size_t i = 0; i < std::min(local.media().size(), remote.media().size()); ++i) {
    if (local.media()[i].port() == 0 || remote.media()[i].port() == 0) continue;
    used = true;
    const auto said = offered ? std::optional(local.direction_of(i)) : std::nullopt;
    held = held && held_by_peer(remote, i, said);
  }
  return hold_state(hold, used && held);
}

}  // namespace peal::inline v0::sdp
