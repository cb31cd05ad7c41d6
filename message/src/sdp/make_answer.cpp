#include "formats.hpp"
#include "scan.hpp"

#include <algorithm>

namespace peal::inline v0::sdp {

namespace {

/// The formats of an offered stream that we can do, in the offer's order (RFC 3264 §6.1), each codec of ours once.
struct Common {
  std::vector<Numbered> formats;
  std::vector<NegotiatedCodec> codecs;
};

Common common_formats(const MediaDescription& offered, const MediaCapability& ours) {
  Common out;
  std::vector<bool> used(ours.codecs.size());
  for (const auto& format : formats_of(offered)) {
    for (std::size_t i = 0; i < ours.codecs.size(); ++i) {
      const auto& codec = ours.codecs[i];
      const bool same = is_rtp(offered.protocol()) ? matches(codec, format) : same_word(codec.name, format.text);
      if (used[i] || !same) continue;
      used[i] = true;
      out.formats.push_back({&codec, format.payload_type});
      out.codecs.push_back({codec, format.payload_type, format.payload_type, std::string(format.fmtp)});
      break;
    }
  }
  return out;
}

/// telephone-event and its like carry no call, unless nothing else was asked for (RFC 3264 §10.1 has such a stream).
bool carries_media(const Common& common, const MediaDescription& offered) {
  const auto real = [](const auto& one) { return !one.codec.is_auxiliary(); };
  if (std::ranges::any_of(common.codecs, real)) return true;
  return !common.codecs.empty() && std::ranges::none_of(formats_of(offered), real);
}

void keep_one_codec(Common& common) {
  const auto first = std::ranges::find_if(common.codecs, [](const auto& one) { return !one.codec.is_auxiliary(); });
  if (first == common.codecs.end()) return;
  const auto kept = first->codec;
  const auto dropped = [&](const Codec& codec) {
    return codec != kept && (!codec.is_auxiliary() || codec.clock_rate != kept.clock_rate);
  };
  std::erase_if(common.formats, [&](const Numbered& one) { return dropped(*one.codec); });
  std::erase_if(common.codecs, [&](const NegotiatedCodec& one) { return dropped(one.codec); });
}

/// Whether the stream can be taken at all, before its formats are looked at.
Outcome usable(const SessionDescription& offer, std::size_t index, const Capabilities& ours, std::size_t capability) {
  const auto line = offer.media()[index].line();
  if (line.port == 0) return Outcome::disabled;
  if (capability == NegotiatedMedia::none) return Outcome::no_capability;
  if (!speaks(ours.media[capability], line.protocol)) return Outcome::other_protocol;
  const auto connection = offer.connection_of(index);
  if (!connection) return Outcome::no_address;
  if (connection->is_multicast()) return Outcome::multicast;
  return Outcome::accepted;
}

std::string_view address_for(const Connection& theirs, const Capabilities& ours) {
  for (const auto& address : ours.addresses)
    if (same_word(Connection::of(address).address_type, theirs.address_type)) return address;
  return ours.addresses.front();
}

/// One stream of the answer; `out` holds type, protocol and capability.
Result<MediaDescription> answered(const SessionDescription& offer, std::size_t index, const Capabilities& ours,
                                  NegotiatedMedia& out) {
  const auto& theirs = offer.media()[index];
  out.outcome = usable(offer, index, ours, out.capability);
  Common common;
  if (out.accepted()) {
    common = common_formats(theirs, ours.media[out.capability]);
    if (!carries_media(common, theirs)) out.outcome = Outcome::no_common_format;
  }
  if (!out.accepted()) return refused(theirs.line());

  const auto& mine = ours.media[out.capability];
  if (mine.single_codec) keep_one_codec(common);
  const auto offered = offer.direction_of(index);
  const auto wanted = mine.wanted();
  // RFC 3264 §6.1: we send where they receive, and receive where they send.
  out.direction = direction_of(receives(offered) && sends(wanted), sends(offered) && receives(wanted));
  out.codecs = std::move(common.codecs);
  out.local_port = mine.port;
  out.rtcp_mux = mine.rtcp_mux && theirs.rtcp_mux();
  read_remote(offer, index, out);
  const auto connection = offer.connection_of(index);
  out.hold = hold_state(mine.hold, held_by_peer(offer, index, std::nullopt));

  auto media = compose(mine, out.protocol, common.formats, out.direction, out.rtcp_mux);
  if (!media) return media;
  const auto address = address_for(*connection, ours);
  if (address != ours.addresses.front())
    if (auto ok = media->set_connection(Connection::of(address)); !ok) return fail(ok.error());
  return media;
}

std::vector<std::size_t> assign(const SessionDescription& offer, const Capabilities& ours, const Previous& previous) {
  Assignment assignment(ours);
  const auto theirs = offer.media();
  std::vector<std::size_t> serves(theirs.size(), NegotiatedMedia::none);
  const auto before = previous.local ? previous.local->media() : std::span<const MediaDescription>();
  for (std::size_t i = 0; i < std::min(theirs.size(), before.size()); ++i)
    if (theirs[i].port() != 0 && before[i].port() != 0)
      serves[i] = assignment.take_by_port(theirs[i].type(), before[i].port());
  for (std::size_t i = 0; i < theirs.size(); ++i)
    if (theirs[i].port() != 0 && serves[i] == NegotiatedMedia::none)
      serves[i] = assignment.take(theirs[i].type(), theirs[i].protocol());
  return serves;
}

/// RFC 3264 §6: the time of the session cannot be negotiated.
void copy_time(const SessionDescription& offer, SessionDescription& answer) {
  const auto theirs = trimmed(offer.value_of('t').value_or(""));
  if (!theirs.empty()) (void)answer.set_line('t', theirs);
}

}  // namespace

const NegotiatedCodec* NegotiatedMedia::primary() const noexcept {
  for (const auto& one : codecs)
    if (!one.codec.is_auxiliary()) return &one;
  return codecs.empty() ? nullptr : &codecs.front();
}

const NegotiatedCodec* NegotiatedMedia::find(std::string_view name) const noexcept {
  for (const auto& one : codecs)
    if (same_word(one.codec.name, name)) return &one;
  return nullptr;
}

bool acceptable(std::span<const NegotiatedMedia> media) noexcept {
  const auto accepted = [](const NegotiatedMedia& one) { return one.accepted(); };
  const auto disabled = [](const NegotiatedMedia& one) { return one.outcome == Outcome::disabled; };
  return std::ranges::any_of(media, accepted) || std::ranges::all_of(media, disabled);
}

Result<Answer> make_answer(const SessionDescription& offer, const Capabilities& ours, const Previous& previous) {
  auto description = begin(ours);
  if (!description) return fail(description.error());
  Answer out{std::move(*description), {}};
  copy_time(offer, out.description);
  const auto serves = assign(offer, ours, previous);
  for (std::size_t i = 0; i < serves.size(); ++i) {
    const auto& theirs = offer.media()[i];
    NegotiatedMedia one;
    one.capability = serves[i];
    one.type = theirs.type();
    one.protocol = theirs.protocol();
    auto media = answered(offer, i, ours, one);
    if (!media) return fail(media.error());
    // RFC 5888 §6: every m-line of the answer is named as in the offer.
    if (const auto mid = theirs.get<Mid>()) (void)media->set(*mid);
    out.description.add_media(std::move(*media));
    out.media.push_back(std::move(one));
  }
  if (auto ok = settle_origin(out.description, ours, previous); !ok) return fail(ok.error());
  return out;
}

}  // namespace peal::inline v0::sdp
