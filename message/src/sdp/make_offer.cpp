#include "formats.hpp"
#include "scan.hpp"

namespace peal::inline v0::sdp {

namespace {

constexpr std::uint8_t first_dynamic = 96, last_dynamic = 127;  // RFC 3551 §6
constexpr std::uint8_t first_spare = 35, last_spare = 63;  // unassigned; 64–95 would look like RTCP (RFC 5761 §4)

/// Gives payload types to the codecs of one stream, so that a number never changes its meaning (RFC 3264 §8.3.2).
class Numbers {
 public:
  void bind(std::uint8_t payload_type, const Codec& codec) {
    auto& slot = bound_[payload_type & 127U];
    if (slot) return;
    slot = codec;
    order_.push_back(payload_type & 127U);
  }
  void bind(const SessionDescription* description, std::size_t index) {
    if (!description || index >= description->media().size()) return;
    for (const auto& format : formats_of(description->media()[index])) {
      if (format.codec.name.empty()) continue;
      auto codec = format.codec;
      codec.fmtp = format.fmtp;
      bind(format.payload_type, codec);
    }
  }

  std::optional<std::uint8_t> number(const Codec& codec) {
    // What the stream has used for it goes first (our own before the peer's), then the wish, then what is free.
    for (const auto pt : order_)
      if (same(codec, *bound_[pt]) && take(pt)) return static_cast<std::uint8_t>(pt);
    if (codec.payload_type && take_free(*codec.payload_type)) return codec.payload_type;
    if (const auto fixed = static_payload_type(codec); fixed && take_free(*fixed)) return fixed;
    for (std::size_t pt = first_dynamic; pt <= last_dynamic; ++pt)
      if (!wished_[pt] && take_free(pt)) return static_cast<std::uint8_t>(pt);
    for (std::size_t pt = first_dynamic; pt <= last_dynamic; ++pt)
      if (take_free(pt)) return static_cast<std::uint8_t>(pt);
    for (std::size_t pt = first_spare; pt <= last_spare; ++pt)
      if (take_free(pt)) return static_cast<std::uint8_t>(pt);
    return std::nullopt;
  }
  void wish(std::uint8_t payload_type) { wished_[payload_type & 127U] = true; }

 private:
  static bool same(const Codec& a, const Codec& b) { return a.same_encoding(b) && same_format(a.name, a.fmtp, b.fmtp); }
  bool take(std::size_t pt) { return !std::exchange(taken_[pt], true); }
  bool take_free(std::size_t pt) { return pt < bound_.size() && !bound_[pt] && take(pt); }

  std::array<std::optional<Codec>, 128> bound_;
  std::vector<std::size_t> order_;  // of binding
  std::array<bool, 128> taken_{}, wished_{};
};

Result<MediaDescription> offered(const MediaCapability& capability, std::size_t index, const Previous& previous) {
  Numbers numbers;
  numbers.bind(previous.local, index);
  numbers.bind(previous.remote, index);
  if (index < previous.bindings.size())
    for (const auto& binding : previous.bindings[index]) numbers.bind(binding.payload_type, binding.codec);
  for (const auto& codec : capability.codecs)
    if (codec.payload_type) numbers.wish(*codec.payload_type);

  std::vector<Numbered> formats;
  for (const auto& codec : capability.codecs) {
    if (codec.payload_type && *codec.payload_type > 127) return fail(errc::invalid_value);
    const auto number = is_rtp(capability.protocols.front()) ? numbers.number(codec) : std::uint8_t{0};
    if (!number) return fail(errc::limit_reached);
    formats.push_back({&codec, *number});
  }
  return compose(capability, capability.protocols.front(), formats, capability.wanted(), capability.rtcp_mux);
}

}  // namespace

Direction MediaCapability::wanted() const noexcept {
  if (!hold) return direction;
  return direction_of(sends(direction) && !silent_hold, false);
}

Result<SessionDescription> make_offer(const Capabilities& ours, const Previous& previous) {
  auto out = begin(ours);
  if (!out) return out;
  Assignment assignment(ours);
  const auto before = previous.local ? previous.local->media() : std::span<const MediaDescription>();

  std::vector<std::size_t> serves(before.size(), NegotiatedMedia::none);
  for (std::size_t i = 0; i < before.size(); ++i)
    if (before[i].port() != 0) serves[i] = assignment.take_by_port(before[i].type(), before[i].port());
  for (std::size_t i = 0; i < before.size(); ++i)
    if (serves[i] == NegotiatedMedia::none) serves[i] = assignment.take(before[i].type(), "");
  for (std::size_t i = 0; i < ours.media.size(); ++i)
    if (!assignment.used(i) && ours.media[i].port != 0) serves.push_back(i);

  for (std::size_t i = 0; i < serves.size(); ++i) {
    if (serves[i] == NegotiatedMedia::none) {
      out->add_media(refused(before[i].line()));
      continue;
    }
    auto media = offered(ours.media[serves[i]], i, previous);
    if (!media) return fail(media.error());
    out->add_media(std::move(*media));
  }
  if (auto ok = settle_origin(*out, ours, previous); !ok) return fail(ok.error());
  return out;
}

}  // namespace peal::inline v0::sdp
