#pragma once

#include <peal/message/sdp/negotiate.hpp>

#include <array>

/// What make_offer, make_answer and read_answer share.
namespace peal::inline v0::sdp {

/// One word of an m-line, with what its rtpmap, or the profile, says it stands for.
struct Format {
  std::string_view text;
  std::uint8_t payload_type = 0;
  Codec codec;  ///< name empty when nothing says what it is; rate 0 when the peer left it out
  std::string_view fmtp;
};

bool is_rtp(std::string_view protocol) noexcept;

/// In the order of the m-line.
std::vector<Format> formats_of(const MediaDescription& media);

/// Is what the peer calls `theirs` our `ours`?
bool matches(const Codec& ours, const Format& theirs) noexcept;

/// A codec with its number; for other protocols than RTP the number is not used.
struct Numbered {
  const Codec* codec;
  std::uint8_t payload_type;
};

/// Which capability serves which m-line: by the port it had, else the first free one of that type.
/// `keep(i)` says whether line i wants one.
class Assignment {
 public:
  explicit Assignment(const Capabilities& ours) : ours_(ours), used_(ours.media.size()) {}
  /// Takes the free capability of `type` that had `port` in the previous description.
  std::size_t take_by_port(std::string_view type, std::uint16_t port);
  /// Takes the first free capability of `type`; one that speaks `protocol` (if not empty) goes first.
  std::size_t take(std::string_view type, std::string_view protocol);
  [[nodiscard]] bool used(std::size_t index) const { return used_[index]; }

 private:
  const Capabilities& ours_;
  std::vector<bool> used_;
};

bool speaks(const MediaCapability& capability, std::string_view protocol) noexcept;

/// Writes an m-line with formats, ptime, rtcp-mux, further attributes and direction.
Result<MediaDescription> compose(const MediaCapability& capability, std::string_view protocol,
                                 const std::vector<Numbered>& formats, Direction direction, bool rtcp_mux);
/// An m-line with port 0.
MediaDescription refused(const MediaLine& line);

/// v=, o=, s=, t= and c= of ours; `address` must be in `ours.addresses`.
Result<SessionDescription> begin(const Capabilities& ours);
/// Settles `o=` against what was sent last: the version grows by one when anything else differs (RFC 3264 §8).
Result<void> settle_origin(SessionDescription& description, const Capabilities& ours, const Previous& previous);

/// Address, ports, RTCP, silence and ptime that the peer's stream tells.
void read_remote(const SessionDescription& remote, std::size_t index, NegotiatedMedia& out);

/// Does the peer keep that stream from sending to it? `said`: our direction, when the offer was ours.
bool held_by_peer(const SessionDescription& remote, std::size_t index, std::optional<Direction> said);

constexpr HoldState hold_state(bool local, bool remote) noexcept {
  if (local) return remote ? HoldState::both : HoldState::local;
  return remote ? HoldState::remote : HoldState::none;
}

}  // namespace peal::inline v0::sdp
