#include "formats.hpp"
#include "scan.hpp"

namespace peal::inline v0::sdp {

namespace {

const Format* with_number(const std::vector<Format>& formats, std::uint8_t payload_type) {
  for (const auto& one : formats)
    if (one.payload_type == payload_type) return &one;
  return nullptr;
}

/// The format of our offer that one of the answer's stands for: by meaning, so that other numbers are understood.
const Format* offered_as(const std::vector<Format>& offered, const Format& theirs, bool rtp) {
  if (!rtp) {
    for (const auto& one : offered)
      if (same_word(one.text, theirs.text)) return &one;
    return nullptr;
  }
  if (theirs.codec.name.empty()) return with_number(offered, theirs.payload_type);
  const Format* first = nullptr;
  for (const auto& one : offered) {
    auto ours = one.codec;
    ours.fmtp = one.fmtp;
    if (!matches(ours, theirs)) continue;
    if (one.payload_type == theirs.payload_type) return &one;
    if (!first) first = &one;
  }
  return first;
}

std::vector<NegotiatedCodec> agreed(const MediaDescription& offer, const MediaDescription& answer) {
  const bool rtp = is_rtp(offer.protocol());
  const auto offered = formats_of(offer);
  std::vector<bool> used(offered.size());
  std::vector<NegotiatedCodec> out;
  for (const auto& theirs : formats_of(answer)) {
    const auto* ours = offered_as(offered, theirs, rtp);
    if (!ours) continue;
    const auto index = static_cast<std::size_t>(ours - offered.data());
    if (used[index]) continue;
    used[index] = true;
    auto codec = ours->codec;
    codec.fmtp = ours->fmtp;
    // RFC 3264 §5.1: we send with the answer's numbers; §6.1: they send with ours.
    out.push_back({std::move(codec), theirs.payload_type, ours->payload_type, std::string(theirs.fmtp)});
  }
  return out;
}

Outcome outcome_of(const MediaLine& ours, const SessionDescription& answer, std::size_t index) {
  if (ours.port == 0) return Outcome::disabled;
  if (index >= answer.media().size()) return Outcome::rejected_by_peer;
  const auto theirs = answer.media()[index].line();
  if (theirs.port == 0) return Outcome::rejected_by_peer;
  if (!same_word(theirs.type, ours.type) || !same_word(theirs.protocol, ours.protocol)) return Outcome::mismatch;
  const auto connection = answer.connection_of(index);
  if (!connection) return Outcome::no_address;
  if (connection->is_multicast()) return Outcome::multicast;
  return Outcome::accepted;
}

NegotiatedMedia read_one(const SessionDescription& offer, const SessionDescription& answer, std::size_t index,
                         const Capabilities& ours, std::size_t capability) {
  const auto& mine = offer.media()[index];
  const auto line = mine.line();
  NegotiatedMedia out;
  out.capability = capability;
  out.type = line.type;
  out.protocol = line.protocol;
  out.outcome = outcome_of(line, answer, index);
  if (!out.accepted()) return out;

  const auto& theirs = answer.media()[index];
  out.codecs = agreed(mine, theirs);
  if (out.codecs.empty()) {
    out.outcome = Outcome::no_common_format;
    return out;
  }
  const auto said = offer.direction_of(index);
  const auto heard = answer.direction_of(index);
  out.direction = direction_of(sends(said) && receives(heard), receives(said) && sends(heard));
  out.local_port = line.port;
  out.rtcp_mux = mine.rtcp_mux() && theirs.rtcp_mux();
  read_remote(answer, index, out);
  const bool hold = capability != NegotiatedMedia::none && ours.media[capability].hold;
  out.hold = hold_state(hold, held_by_peer(answer, index, said));
  return out;
}

}  // namespace

std::vector<NegotiatedMedia> read_answer(const SessionDescription& offer, const SessionDescription& answer,
                                         const Capabilities& ours) {
  Assignment assignment(ours);
  std::vector<NegotiatedMedia> out;
  for (std::size_t i = 0; i < offer.media().size(); ++i) {
    const auto line = offer.media()[i].line();
    auto capability = NegotiatedMedia::none;
    if (line.port != 0) {
      capability = assignment.take_by_port(line.type, line.port);
      if (capability == NegotiatedMedia::none) capability = assignment.take(line.type, line.protocol);
    }
    out.push_back(read_one(offer, answer, i, ours, capability));
  }
  return out;
}

}  // namespace peal::inline v0::sdp
