#include "sdp_data.hpp"

#include <peal/message/sdp/session_description.hpp>

#include <gmock/gmock.h>

#include <cstdlib>

// Descriptions of chance, built through the API: parse(print(m)) == m. PEAL_ROUNDS asks for more of them.

namespace sdp_test {

using namespace peal;

namespace {

std::string_view one_of(Chance& chance, std::initializer_list<std::string_view> words) {
  return words.begin()[chance.below(words.size())];
}

std::string generated_text(Chance& chance) {
  std::string out = "x";
  for (std::size_t n = chance.below(12); n > 0; --n) {
    char c = static_cast<char>(chance.below(256));
    if (c == '\r' || c == '\n' || c == '\0') c = ' ';
    out += c;
  }
  return out;
}

template <class T>
void add_and_expect(sdp::Section& section, const T& value) {
  std::string printed;
  value.append_to(printed);
  ASSERT_TRUE(section.add(value)) << printed;
  const auto back = section.all<T>();
  ASSERT_FALSE(back.empty()) << T::name << ' ' << printed;
  std::string again;
  back.back().append_to(again);
  EXPECT_EQ(again, printed) << T::name;
}

void add_rtp(Chance& chance, sdp::Section& s) {
  const auto small = static_cast<std::uint8_t>(chance.below(128));
  switch (chance.below(7)) {
    case 0:
      return add_and_expect(s, sdp::Rtpmap{small, one_of(chance, {"PCMU", "opus", "H264"}),
                                           static_cast<std::uint32_t>(chance.below(96'000)),
                                           1 + static_cast<std::uint32_t>(chance.below(255))});
    case 1:
      return add_and_expect(s, sdp::Fmtp{one_of(chance, {"0", "101", "t38"}), one_of(chance, {"", "0-16", "a=b; c"})});
    case 2: return add_and_expect(s, sdp::Ptime{std::chrono::microseconds(1 + chance.below(60'000'999))});
    case 3: return add_and_expect(s, sdp::MaxPtime{{std::chrono::milliseconds(1 + chance.below(60'000))}});
    case 4: {
      sdp::Rtcp rtcp{static_cast<std::uint16_t>(chance.next()), std::nullopt};
      if (chance.below(2) == 0) rtcp.connection = sdp::Connection::of(one_of(chance, {"192.0.2.1", "2001:db8::1"}));
      return add_and_expect(s, rtcp);
    }
    case 5:
      return add_and_expect(s, sdp::Ssrc{static_cast<std::uint32_t>(chance.next()), one_of(chance, {"cname", "msid"}),
                                         one_of(chance, {"", "a@b c", "x:y"})});
    default: return add_and_expect(s, sdp::RtcpMux{});
  }
}

void add_ice(Chance& chance, sdp::Section& s) {
  const auto number = static_cast<std::uint32_t>(chance.next());
  switch (chance.below(6)) {
    case 0: {
      sdp::Candidate c{one_of(chance, {"1", "a+/"}),
                       static_cast<std::uint16_t>(1 + chance.below(256)),
                       "UDP",
                       number,
                       one_of(chance, {"10.0.1.1", "2001:db8::1"}),
                       static_cast<std::uint16_t>(number),
                       one_of(chance, {"host", "srflx", "relay"}),
                       one_of(chance, {"", "10.0.1.2"}),
                       std::nullopt,
                       one_of(chance, {"", "generation 0", "tcptype active ufrag x"})};
      if (chance.below(2) == 0) c.related_port = static_cast<std::uint16_t>(number >> 8U);
      return add_and_expect(s, c);
    }
    case 1: return add_and_expect(s, sdp::IceUfrag{one_of(chance, {"8hhY", "a+/b"})});
    case 2: return add_and_expect(s, sdp::IcePwd{"asd88fgpdd777uzjYhagZg"});
    case 3: return add_and_expect(s, sdp::IceOptions{sdp::Words(one_of(chance, {"trickle", "ice2 trickle"}))});
    case 4: return add_and_expect(s, sdp::IceLite{});
    default: return add_and_expect(s, sdp::IceMismatch{});
  }
}

void add_others(Chance& chance, sdp::Section& s) {
  switch (chance.below(8)) {
    case 0:
      return add_and_expect(s,
                            sdp::Group{one_of(chance, {"BUNDLE", "LS"}), sdp::Words(one_of(chance, {"", "a", "a b"}))});
    case 1: return add_and_expect(s, sdp::Mid{one_of(chance, {"a", "0"})});
    case 2:
      return add_and_expect(
          s, sdp::Crypto{static_cast<std::uint32_t>(chance.below(1'000'000'000)), "AES_CM_128_HMAC_SHA1_80",
                         "inline:PS1uQ|2^20|1:4", one_of(chance, {"", "KDR=1 UNENCRYPTED_SRTP"})});
    case 3:
      return add_and_expect(s, sdp::Fingerprint{one_of(chance, {"sha-1", "sha-256"}), one_of(chance, {"4A", "4A:AD"})});
    case 4: return add_and_expect(s, sdp::Setup{static_cast<sdp::Setup::Role>(chance.below(4))});
    case 5: return s.set_direction(static_cast<sdp::Direction>(chance.below(4)));
    case 6: EXPECT_TRUE(s.add_attribute("x-other", generated_text(chance))); return;
    default: EXPECT_TRUE(s.add_flag("x-flag")); return;
  }
}

void fill(Chance& chance, sdp::Section& s) {
  if (chance.below(3) == 0) {
    EXPECT_TRUE(s.set_connection(sdp::Connection::of(one_of(chance, {"192.0.2.7", "2001:db8::7"}))));
  }
  if (chance.below(3) == 0) {
    EXPECT_TRUE(s.set_bandwidth(one_of(chance, {"AS", "TIAS", "X-y"}), chance.next()));
  }
  if (chance.below(4) == 0) {
    EXPECT_TRUE(s.set_line('i', generated_text(chance)));
  }
  for (std::size_t n = chance.below(5); n > 0; --n) add_rtp(chance, s);
  for (std::size_t n = chance.below(3); n > 0; --n) add_ice(chance, s);
  for (std::size_t n = chance.below(5); n > 0; --n) add_others(chance, s);
}

sdp::SessionDescription generated(Chance& chance) {
  sdp::SessionDescription d;
  const auto version = std::to_string(chance.next() >> 2U);
  EXPECT_TRUE(d.set_origin({one_of(chance, {"-", "alice"}), "7", version, sdp::Connection::of("192.0.2.1")}));
  EXPECT_TRUE(d.set_session_name(generated_text(chance)));
  fill(chance, d);
  for (std::size_t n = chance.below(4); n > 0; --n) {
    auto media = sdp::MediaDescription::make(
        one_of(chance, {"audio", "video", "image"}), static_cast<std::uint16_t>(chance.next()),
        one_of(chance, {"RTP/AVP", "UDP/TLS/RTP/SAVPF", "udptl"}), {"0", "96", "t38"});
    EXPECT_TRUE(media);
    if (!media) continue;
    fill(chance, *media);
    d.add_media(std::move(*media));
  }
  return d;
}

}  // namespace

TEST(SdpGenerated, WhatIsPrintedIsReadAsItWas) {
  const auto* asked = std::getenv("PEAL_ROUNDS");
  const auto rounds = asked != nullptr ? std::strtoul(asked, nullptr, 10) : 5000UL;
  Chance chance(8866);
  for (unsigned long round = 0; round < rounds; ++round) {
    const auto description = generated(chance);
    const auto text = description.to_string();
    const auto again = sdp::parse(text);
    ASSERT_TRUE(again) << text;
    ASSERT_EQ(*again, description) << text;
    ASSERT_EQ(again->to_string(), text);
  }
}

TEST(SdpAttributes, FlagsAreTypedToo) {
  auto d = sdp::parse(lines({"v=0", "o=a 1 1 IN IP4 h", "s=-", "t=0 0", "a=ice-lite", "a=ice-options:ice2  trickle ",
                             "m=audio 4 RTP/AVP 0", "a=rtcp-mux", "a=ice-mismatch:x", "a=x"}));
  ASSERT_TRUE(d);
  EXPECT_TRUE(d->get<sdp::IceLite>());
  EXPECT_THAT(d->get<sdp::IceOptions>()->tags, testing::ElementsAre("ice2", "trickle"));
  auto& media = d->media()[0];
  EXPECT_TRUE(media.get<sdp::RtcpMux>());
  EXPECT_FALSE(media.get<sdp::IceMismatch>()) << "a flag has no value";
  EXPECT_FALSE(media.get<sdp::EndOfCandidates>());
  ASSERT_TRUE(media.set(sdp::RtcpMux{}));
  EXPECT_EQ(media.all<sdp::RtcpMux>().size(), 1U);
  ASSERT_TRUE(media.set(sdp::RtcpRsize{}));
  ASSERT_TRUE(media.add(sdp::RtcpMuxOnly{}));
  EXPECT_EQ(media.lines()[4].value, "rtcp-rsize");
  EXPECT_EQ(media.lines()[5].value, "rtcp-mux-only");
  EXPECT_EQ(media.set(sdp::Mid{""}).error(), errc::invalid_value) << "no flag";
  EXPECT_FALSE(sdp::IceOptions::parse(" "));
}

TEST(SdpAttributes, PrintNothingThatWasNotSaid) {
  const auto again = []<class T>(std::string_view text, T) {
    std::string out;
    auto value = T::parse(text);
    EXPECT_TRUE(value) << text;
    if (value) value->append_to(out);
    return out;
  };
  EXPECT_EQ(again("31 LPC", sdp::Rtpmap{}), "31 LPC") << "RFC 4475 §3.3.15 has one without rate";
  EXPECT_EQ(again("101", sdp::Fmtp{}), "101");
  for (const auto* text : {"1 1 UDP 1 h 1 typ srflx raddr 10.0.1.1", "1 1 UDP 1 h 1 typ srflx rport 9",
                           "1 1 UDP 1 h 1 typ srflx raddr 10.0.1.1 rport 0 x y"})
    EXPECT_EQ(again(text, sdp::Candidate{}), text);
}

TEST(SdpAttributes, RefuseWhatTheirRfcsDoNotAllow) {
  for (const auto* text : {"sha-1 4", "sha-1 4A:", "sha-1 4A-AD", "sha-1 4G", "sha-1 4A AD", "sha-1 :4A"})
    EXPECT_FALSE(sdp::Fingerprint::parse(text)) << text;
  EXPECT_TRUE(sdp::Fingerprint::parse("SHA-1 4a:Ad"));
  for (const auto* text : {"1 0 UDP 1 h 1 typ host", "1 257 UDP 1 h 1 typ host", "1 1 UDP 1 h 1 typ srflx raddr"})
    EXPECT_FALSE(sdp::Candidate::parse(text)) << text;
}

}  // namespace sdp_test
