// A description from anywhere: what can be read prints back as it came, every typed value can be asked for, every edit
// leaves a description that can be read again, and every offer has an answer.
#include <peal/message/sdp/negotiate.hpp>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace peal;

namespace {

void expect(bool holds) {
  if (!holds) std::abort();
}

/// What a value prints is read as the same value.
template <class... T>
void read_each(const sdp::Section& section) {
  const auto one = [&]<class V>(const V& value) {
    std::string text;
    value.append_to(text);
    const auto again = V::parse(text);
    expect(again.has_value());
    std::string twice;
    again->append_to(twice);
    expect(twice == text);
  };
  const auto all = [&](const auto& values) {
    for (const auto& value : values) one(value);
  };
  (all(section.all<T>()), ...);
}

void read_section(const sdp::Section& section) {
  (void)section.attributes();
  (void)section.bandwidths();
  (void)section.connection();
  (void)section.direction();
  read_each<sdp::Rtpmap, sdp::Fmtp, sdp::Ptime, sdp::MaxPtime, sdp::Rtcp, sdp::RtcpMux, sdp::Group, sdp::Mid, sdp::Ssrc,
            sdp::Crypto, sdp::Fingerprint, sdp::Setup, sdp::Candidate, sdp::IceUfrag, sdp::IcePwd, sdp::IceOptions,
            sdp::IceLite, sdp::IceMismatch>(section);
}

void expect_readable(const sdp::SessionDescription& description) {
  const auto text = description.to_string();
  sdp::Limits limits;
  limits.bytes = 1U << 20U;
  limits.media = limits.attributes = limits.lines = 1U << 16U;
  limits.line_bytes = limits.formats = 1U << 17U;
  const auto again = sdp::parse(text, limits);
  expect(again.has_value());
  expect(*again == description);
}

void edit(sdp::SessionDescription description) {
  description.set_all_directions(sdp::Direction::sendonly);
  (void)description.bump_version();
  (void)description.set_origin(description.origin());
  (void)description.set_connection(sdp::Connection::of("2001:db8::1"));
  (void)description.set_session_name("-");
  (void)description.set_bandwidth("AS", 64);
  for (auto& media : description.media()) {
    media.set_port(static_cast<std::uint16_t>(media.port() ^ 1U));
    (void)media.set_attribute("ptime", "20");
    (void)media.set_formats({"0", "101"});
    (void)media.remove_attributes("rtpmap");
  }
  expect_readable(description);
  if (auto media = sdp::MediaDescription::make("audio", 4000, "RTP/AVP", {"0"})) description.add_media(*media);
  description.disable_media(0);
  expect_readable(description);
}

sdp::Capabilities ours() {
  sdp::Capabilities out;
  out.addresses = {"192.0.2.1", "2001:db8::1"};
  for (const auto type : {"audio", "video"}) {
    sdp::MediaCapability media;
    media.type = type;
    media.port = 4000;
    media.protocols = {"RTP/AVP", "RTP/SAVP", "udptl"};
    media.rtcp_mux = true;
    out.media.push_back(media);
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  auto parsed = sdp::parse(text);
  if (!parsed) {
    expect(parsed.error().offset <= size);
    return 0;
  }
  expect(parsed->to_string() == text);
  (void)sdp::check(*parsed);
  read_section(*parsed);
  for (const auto& media : parsed->media()) read_section(media);
  edit(*parsed);

  static const auto capabilities = ours();
  const auto answer = sdp::make_answer(*parsed, capabilities);
  expect(answer.has_value());
  expect(answer->description.media().size() == parsed->media().size());
  expect_readable(answer->description);
  sdp::Previous previous;
  previous.local = &answer->description;
  previous.remote = &*parsed;
  const auto offer = sdp::make_offer(capabilities, previous);
  expect(offer.has_value() && offer->media().size() >= parsed->media().size());
  expect_readable(*offer);
  expect(sdp::read_answer(*offer, *parsed, capabilities).size() == offer->media().size());
  return 0;
}
