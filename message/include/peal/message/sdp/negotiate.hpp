#pragma once

#include <peal/message/sdp/codec.hpp>
#include <peal/message/sdp/session_description.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The offer/answer model (RFC 3264, RFC 6337) as pure functions: what goes in is what was said and what we can do,
/// what comes out is what to say and what it means. They keep nothing; `sdp::Negotiation` remembers for them.
namespace peal::inline v0::sdp {

/// One stream that we are ready to take part in.
struct MediaCapability {
  std::string type = "audio";
  std::vector<std::string> protocols = {"RTP/AVP"};  ///< the first is offered, any is accepted
  std::vector<Codec> codecs = default_codecs();      ///< in order of preference
  std::uint16_t port = 0;                            ///< where we receive; 0 switches the stream off
  Direction direction = Direction::sendrecv;         ///< what we want while nothing is held
  bool hold = false;                                 ///< we have put the peer on hold
  bool silent_hold = false;   ///< hold says inactive instead of sendonly: no music (RFC 6337 §5.3)
  bool rtcp_mux = false;      ///< RFC 5761
  bool single_codec = false;  ///< answer with one codec, and what accompanies it
  std::optional<std::chrono::milliseconds> ptime;  ///< what we like to receive
  std::vector<std::string> attributes;             ///< further ones, as `name` or `name:value`

  MediaCapability() = default;
  /// What goes into an offer: `direction`, without receiving while held.
  [[nodiscard]] PEAL_API Direction wanted() const noexcept;
};

/// What we can do, and who we are in `o=`.
struct Capabilities {
  /// Literal addresses or names that reach us, without brackets. Offers use the first, an answer the first of the
  /// family that the offered stream has, or else the first.
  std::vector<std::string> addresses;
  std::vector<MediaCapability> media;
  std::string username = "-";
  std::uint64_t session_id = 0;  ///< of the first description; unique together with the address (RFC 8866 §5.2)
  std::uint64_t version = 0;     ///< of the first description
  std::string session_name = "-";

  Capabilities() = default;
};

/// A dynamic number that a stream has given to an encoding: it never means another (RFC 3264 §8.3.2).
struct PayloadBinding {
  std::uint8_t payload_type = 0;
  Codec codec;
};

/// What was said before in this session; all empty for the first offer and answer.
struct Previous {
  const SessionDescription* local = nullptr;   ///< ours, in force
  const SessionDescription* remote = nullptr;  ///< theirs, in force
  const SessionDescription* last_sent =
      nullptr;  ///< ours, sent last, when that is not `local`: an offer that was refused
  std::span<const std::vector<PayloadBinding>> bindings;  ///< of each stream, from exchanges further back
};

/// Who holds a stream, or all streams of a session.
enum class HoldState : std::uint8_t { none, local, remote, both };

/// What became of a stream.
enum class Outcome : std::uint8_t {
  accepted,
  disabled,          ///< offered with port 0
  no_capability,     ///< we have no (further) stream of that type
  other_protocol,    ///< of that type, but not over that transport
  no_common_format,  ///< no codec in common, or only telephone-event and its like
  no_address,        ///< neither the stream nor the session has a connection that can be used
  multicast,         ///< we do not take part in multicast
  rejected_by_peer,  ///< the answer has port 0, or does not reach that far
  mismatch,          ///< the answer is for another type or protocol
};

/// One format of an accepted stream. `codec` is ours: name, rate, channels and our fmtp.
struct NegotiatedCodec {
  Codec codec;
  std::uint8_t send_payload_type = 0;
  std::uint8_t receive_payload_type = 0;
  std::string remote_fmtp;
};

/// What one m-line now means for us.
struct NegotiatedMedia {
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  Outcome outcome = Outcome::no_capability;
  std::size_t capability = none;  ///< index into Capabilities::media, also when the stream was refused by the peer
  std::string type;
  std::string protocol;
  std::vector<NegotiatedCodec> codecs;  ///< send with the first that is not auxiliary (RFC 3264 §6.1, §7)
  std::uint16_t local_port = 0;
  std::string remote_address;
  std::uint16_t remote_port = 0;
  std::string remote_rtcp_address;
  std::uint16_t remote_rtcp_port = 0;  ///< 0: none
  bool rtcp_mux = false;
  Direction direction = Direction::inactive;  ///< ours, as the descriptions say
  bool silenced =
      false;  ///< send nothing, not even RTCP: the peer's address is 0.0.0.0 (RFC 6337 §5.4), or its bandwidth 0
  HoldState hold = HoldState::none;
  std::optional<std::chrono::microseconds> ptime;  ///< what the peer likes to receive

  [[nodiscard]] bool accepted() const noexcept { return outcome == Outcome::accepted; }
  [[nodiscard]] bool may_send() const noexcept { return accepted() && sends(direction) && !silenced; }
  [[nodiscard]] bool may_receive() const noexcept { return accepted() && receives(direction); }
  /// The codec to send with, or nullptr.
  [[nodiscard]] PEAL_API const NegotiatedCodec* primary() const noexcept;
  /// The format of that name, or nullptr: `find("telephone-event")`.
  [[nodiscard]] PEAL_API const NegotiatedCodec* find(std::string_view name) const noexcept;
};

struct Answer {
  SessionDescription description;
  std::vector<NegotiatedMedia> media;  ///< one for each m-line
};

/// False when streams were wanted and none was accepted: an offer to be refused with 488 (RFC 3264 §6), or an answer
/// that leaves nothing.
PEAL_API bool acceptable(std::span<const NegotiatedMedia> media) noexcept;

/// An offer of all that we can do (RFC 3264 §5, §8). The m-lines of `previous.local` keep their number and order, those
/// without capability have port 0; new ones stand behind. Formats keep the payload types they had. `o=` is that of
/// the previous description, its version one higher when, and only when, something else changed.
/// errc::invalid_value: no address, no codec, an argument that is no token; errc::forbidden_byte; errc::limit_reached:
/// more codecs than payload types.
PEAL_API Result<SessionDescription> make_offer(const Capabilities& ours, const Previous& previous = {});

/// The answer to `offer` (RFC 3264 §6) and what it means. Always complete: what we refuse has port 0.
/// Ask `acceptable(answer.media)` before sending it. Errors as make_offer.
PEAL_API Result<Answer> make_answer(const SessionDescription& offer, const Capabilities& ours,
                                    const Previous& previous = {});

/// What the peer's `answer` to our `offer` means (RFC 3264 §7): one entry for each m-line of the offer. Liberal: an
/// answer with fewer lines rejects the rest, more are ignored, a direction that the offer forbids is cut to what it
/// allows, a dynamic number without rtpmap means what it did in the offer.
PEAL_API std::vector<NegotiatedMedia> read_answer(const SessionDescription& offer, const SessionDescription& answer,
                                                  const Capabilities& ours);

/// Who holds the session after an exchange: the peer does when it does so on every stream in use. What the peer says
/// counts only where it had the choice: recvonly in answer to our sendonly merely confirms our hold (RFC 6337 §5.3).
/// `offered`: the offer was ours; `hold`: we want the media held.
PEAL_API HoldState hold_state(const SessionDescription& local, const SessionDescription& remote, bool offered,
                              bool hold);

}  // namespace peal::inline v0::sdp
