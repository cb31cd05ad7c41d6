#pragma once

#include <peal/message/export.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace peal::inline v0::sdp {

/// A format that one can send and receive. For streams that are not RTP (udptl, MSRP, SCTP…) `name` is the word of
/// the `m=` line and the rest is ignored.
struct Codec {
  std::string name;  ///< the encoding name of the rtpmap; compared without case (RFC 8866 §6.6)
  std::uint32_t clock_rate = 8000;
  std::uint32_t channels = 1;
  std::optional<std::uint8_t> payload_type;  ///< wanted number; without, the static one, or a free dynamic one
  std::string fmtp;                          ///< the parameters of our `a=fmtp`, or empty

  /// Same name, clock rate and channels. Says nothing of fmtp and numbers.
  [[nodiscard]] PEAL_API bool same_encoding(const Codec& other) const noexcept;
  /// True for what cannot carry a call alone: telephone-event, CN, red, FEC, rtx.
  [[nodiscard]] PEAL_API bool is_auxiliary() const noexcept;
  friend bool operator==(const Codec&, const Codec&) = default;
};

/// PCMU, PCMA and telephone-event/8000 with events 0–15 (as 101).
PEAL_API std::vector<Codec> default_codecs();

/// What a payload type stands for when no rtpmap says otherwise (RFC 3551 §6); nullopt for unassigned and dynamic.
PEAL_API std::optional<Codec> static_codec(std::uint8_t payload_type);
/// The static number of an encoding, if it has one.
PEAL_API std::optional<std::uint8_t> static_payload_type(const Codec& codec) noexcept;

/// The value of `name` in parameters like `octet-align=1; mode-set=0,2`; names compare without case.
PEAL_API std::optional<std::string_view> fmtp_parameter(std::string_view fmtp, std::string_view name) noexcept;

/// Do two parameter lists of the same encoding describe one format (RFC 3264 §6.1)? Compares what the payload
/// formats' RFCs declare to be part of the format: AMR and AMR-WB octet-align, crc, robust-sorting, interleaving;
/// H264 packetization-mode and profile; VP9 profile-id; G7221 bitrate. What it does not know agrees.
PEAL_API bool same_format(std::string_view encoding, std::string_view fmtp_a, std::string_view fmtp_b) noexcept;

}  // namespace peal::inline v0::sdp
