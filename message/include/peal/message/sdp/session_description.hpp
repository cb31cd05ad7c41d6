#pragma once

#include <peal/message/sdp/section.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace peal::inline v0::sdp {

/// What `parse` accepts at most; over it the description is refused with parse_errc::too_long.
struct Limits {
  std::uint32_t bytes = 65'535;
  std::uint32_t line_bytes = 8'192;
  std::uint32_t lines = 4'096;
  std::uint32_t media = 64;
  std::uint32_t attributes = 512;  ///< of one level
  std::uint32_t formats = 128;     ///< of one media line
};

/// The `o=` line (RFC 8866 §5.2). Id and version are text, since peers write numbers of any size; ours fit
/// in 63 bits (RFC 3264 §5).
struct Origin {
  std::string_view username = "-";
  std::string_view session_id = "0";
  std::string_view version = "0";
  Connection connection;  ///< network, address type and address; never a TTL

  PEAL_API static Result<Origin, ParseError> parse(std::string_view text);
  PEAL_API void append_to(std::string& out) const;
  friend bool operator==(const Origin&, const Origin&) = default;
};

/// A `t=` line (RFC 8866 §5.9): seconds since 1900, 0 0 for a session that SIP begins and ends.
struct Timing {
  std::uint64_t start = 0;
  std::uint64_t stop = 0;
  friend bool operator==(const Timing&, const Timing&) = default;
};

/// The `m=` line (RFC 8866 §5.14). A view.
struct MediaLine {
  std::string_view type;   ///< audio, video, text, image, application, message
  std::uint16_t port = 0;  ///< 0: rejected or removed (RFC 3264 §6, §8.2)
  std::uint32_t port_count = 1;
  std::string_view protocol;  ///< RTP/AVP, RTP/SAVP, UDP/TLS/RTP/SAVPF, udptl…
  Words formats;

  PEAL_API static Result<MediaLine, ParseError> parse(std::string_view text);
  PEAL_API void append_to(std::string& out) const;
};

/// One `m=` line and what belongs to it.
class PEAL_API MediaDescription : public Section {
 public:
  /// errc::invalid_value when a part is not a token or `formats` is empty.
  static Result<MediaDescription> make(std::string_view type, std::uint16_t port, std::string_view protocol,
                                       const std::vector<std::string>& formats);

  [[nodiscard]] MediaLine line() const;
  [[nodiscard]] std::string_view type() const { return line().type; }
  [[nodiscard]] std::uint16_t port() const { return line().port; }
  [[nodiscard]] std::string_view protocol() const { return line().protocol; }
  [[nodiscard]] Words formats() const { return line().formats; }
  void set_port(std::uint16_t port);
  Result<void> set_formats(const std::vector<std::string>& formats);
  Result<void> set_protocol(std::string_view protocol);

  /// The rtpmap of that payload type: nullopt when the peer left it to the profile (see sdp::static_codec).
  [[nodiscard]] std::optional<Rtpmap> rtpmap(std::uint8_t payload_type) const;
  /// The parameters of that format, or empty.
  [[nodiscard]] std::string_view fmtp(std::string_view format) const;
  [[nodiscard]] bool rtcp_mux() const { return has_attribute("rtcp-mux"); }

 private:
  friend class SessionDescription;
  MediaDescription() = default;
  void rewrite(const MediaLine& line);
};

/// A session description (RFC 8866): parsed, edited, printed. A value: copies are deep, nothing is shared.
/// What nobody edits prints byte for byte as it came.
class PEAL_API SessionDescription : public Section {
 public:
  /// The smallest description: `v=0`, `o=- 0 0 IN IP4 0.0.0.0`, `s=-`, `t=0 0`.
  SessionDescription();

  /// Reads one description. Strict about structure: `v=0` first, one `o=`, one type letter a line, readable `o=`,
  /// `c=` and `m=`, no NUL, no CR within a line. Liberal where peers are known to be wrong: LF alone or no end on
  /// the last line, blank lines behind, missing or empty `s=` and `t=`, lines in another order, unknown letters,
  /// several blanks, blanks in the username, brackets round IPv6, no format on a rejected `m=`, missing `c=`
  /// (the stream is then rejected), attributes that cannot be read (skipped by get). `check` is the strict half.
  static Result<SessionDescription, ParseError> parse(std::string_view text, const Limits& limits = {});

  [[nodiscard]] Origin origin() const;
  Result<void> set_origin(const Origin& origin);
  /// Adds one to the version of `o=` (RFC 3264 §8). errc::invalid_value when it is no number below 2^62.
  Result<void> bump_version();

  [[nodiscard]] std::string_view session_name() const { return value_of('s').value_or(""); }
  Result<void> set_session_name(std::string_view name) { return set_line('s', name); }
  /// Each `t=` line that can be read.
  [[nodiscard]] std::vector<Timing> timings() const;

  [[nodiscard]] std::span<const MediaDescription> media() const noexcept { return media_; }
  /// For editing: `description.media()[0].set_port(4000)`. Adding and erasing makes the span invalid.
  [[nodiscard]] std::span<MediaDescription> media() noexcept { return media_; }
  /// Behind the last, as RFC 3264 §8.1 asks. Returns its index.
  std::size_t add_media(MediaDescription media);
  /// Nothing happens when there is no such stream (here and in erase_media).
  /// Port 0, no attributes: how a stream is removed or rejected without changing the count (RFC 3264 §6, §8.2).
  void disable_media(std::size_t index);
  /// Takes the description out. Only for what has not been sent yet: afterwards lines never disappear (RFC 3264 §8).
  void erase_media(std::size_t index);

  /// The stream's own `c=`, or the session's (RFC 8866 §5.7).
  [[nodiscard]] std::optional<Connection> connection_of(std::size_t index) const;
  /// The stream's own direction, or the session's, or sendrecv (RFC 8866 §6.7).
  [[nodiscard]] Direction direction_of(std::size_t index) const;
  /// Sets it on every stream, and takes the session-level attribute away.
  void set_all_directions(Direction direction);
  using Section::set_direction;

  void append_to(std::string& out) const;
  [[nodiscard]] std::string to_string() const;
  friend bool operator==(const SessionDescription&, const SessionDescription&) = default;

 private:
  std::vector<MediaDescription> media_;
};

inline Result<SessionDescription, ParseError> parse(std::string_view text, const Limits& limits = {}) {
  return SessionDescription::parse(text, limits);
}

/// The first place where the description leaves the grammar of RFC 8866 §9 or has no connection for a stream
/// (§5.7); nullopt when it is all right. Offsets are those of the printed text.
PEAL_API std::optional<ParseError> check(const SessionDescription& description);

}  // namespace peal::inline v0::sdp
