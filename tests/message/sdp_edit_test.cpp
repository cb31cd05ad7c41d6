#include "sdp_data.hpp"

#include <peal/message/sdp/session_description.hpp>

#include <gmock/gmock.h>

namespace sdp_test {

using namespace peal;

namespace {

sdp::SessionDescription sdp_of(std::initializer_list<std::string_view> list) {
  auto parsed = sdp::parse(lines(list));
  EXPECT_TRUE(parsed);
  return parsed.value_or(sdp::SessionDescription());
}

sdp::MediaDescription sdp_stream(std::string_view type = "audio", std::uint16_t port = 4000) {
  return sdp::MediaDescription::make(type, port, "RTP/AVP", {"0"}).value();
}

}  // namespace

TEST(SdpEdit, TheSmallestDescriptionIsValid) {
  sdp::SessionDescription d;
  EXPECT_EQ(d.to_string(), lines({"v=0", "o=- 0 0 IN IP4 0.0.0.0", "s=-", "t=0 0"}));
  EXPECT_EQ(sdp::check(d), std::nullopt);
}

TEST(SdpEdit, BuiltFromNothing) {
  sdp::SessionDescription d;
  ASSERT_TRUE(d.set_origin({"alice", "5", "6", sdp::Connection::of("2001:db8::1")}));
  ASSERT_TRUE(d.set_connection(sdp::Connection::of("192.0.2.7")));
  ASSERT_TRUE(d.set_session_name("call"));
  ASSERT_TRUE(d.set_bandwidth("AS", 64));
  auto media = sdp_stream();
  ASSERT_TRUE(media.add(sdp::Rtpmap{0, "PCMU", 8000, 1}));
  ASSERT_TRUE(media.add(sdp::Ptime{std::chrono::milliseconds(20)}));
  ASSERT_TRUE(media.add_flag("rtcp-mux"));
  media.set_direction(sdp::Direction::sendonly);
  EXPECT_EQ(d.add_media(std::move(media)), 0U);
  EXPECT_EQ(d.to_string(),
            lines({"v=0", "o=alice 5 6 IN IP6 2001:db8::1", "s=call", "c=IN IP4 192.0.2.7", "b=AS:64", "t=0 0",
                   "m=audio 4000 RTP/AVP 0", "a=rtpmap:0 PCMU/8000", "a=ptime:20", "a=rtcp-mux", "a=sendonly"}));
  EXPECT_EQ(sdp::check(d), std::nullopt);
}

TEST(SdpEdit, AnEditTouchesItsLineOnly) {
  const std::string odd =
      "v=0\no=a  1 1 IN IP4 h\ns=\nc=IN IP4 h\nt= 0 0\nx=?\nm=audio  4 RTP/AVP 0\na=foo: bar \na=sendrecv\na=\n";
  auto d = sdp::parse(odd);
  ASSERT_TRUE(d);
  d->set_all_directions(sdp::Direction::inactive);
  EXPECT_EQ(
      d->to_string(),
      "v=0\no=a  1 1 IN IP4 h\ns=\nc=IN IP4 h\nt= 0 0\nx=?\nm=audio  4 RTP/AVP 0\na=foo: bar \na=inactive\r\na=\n");
}

TEST(SdpEdit, LinesGoToTheirPlaceInTheGrammar) {
  auto d = sdp_of({"v=0", "o=a 1 1 IN IP4 h", "s=-", "t=0 0", "a=x", "m=audio 4 RTP/AVP 0", "a=y"});
  ASSERT_TRUE(d.set_connection(sdp::Connection::of("192.0.2.1")));
  ASSERT_TRUE(d.media()[0].set_connection(sdp::Connection::of("192.0.2.2")));
  ASSERT_TRUE(d.media()[0].set_bandwidth("TIAS", 64000));
  ASSERT_TRUE(d.set_line('i', "about"));
  EXPECT_EQ(d.to_string(), lines({"v=0", "o=a 1 1 IN IP4 h", "s=-", "i=about", "c=IN IP4 192.0.2.1", "t=0 0", "a=x",
                                  "m=audio 4 RTP/AVP 0", "c=IN IP4 192.0.2.2", "b=TIAS:64000", "a=y"}));
  ASSERT_TRUE(d.media()[0].set_bandwidth("tias", 1));
  EXPECT_EQ(d.media()[0].bandwidths().size(), 1U);
  d.media()[0].remove_connection();
  EXPECT_EQ(d.connection_of(0)->address, "192.0.2.1");
}

TEST(SdpEdit, SetDirectionReplacesEveryDirection) {
  auto d = sdp_of({"v=0", "o=a 1 1 IN IP4 h", "s=-", "t=0 0", "a=recvonly", "m=audio 4 RTP/AVP 0", "a=sendrecv",
                   "a=mid:1", "a=sendonly", "m=video 6 RTP/AVP 31"});
  EXPECT_EQ(d.direction_of(0), sdp::Direction::sendrecv);
  EXPECT_EQ(d.direction_of(1), sdp::Direction::recvonly);
  d.set_all_directions(sdp::Direction::sendonly);
  EXPECT_EQ(d.to_string(), lines({"v=0", "o=a 1 1 IN IP4 h", "s=-", "t=0 0", "m=audio 4 RTP/AVP 0", "a=sendonly",
                                  "a=mid:1", "m=video 6 RTP/AVP 31", "a=sendonly"}));
}

TEST(SdpEdit, VersionCountsUpAndStopsBelowTheLimitOfRfc3264) {
  auto d = sdp_of({"v=0", "o=a 1 9 IN IP4 h", "s=-", "t=0 0"});
  ASSERT_TRUE(d.bump_version());
  EXPECT_EQ(d.origin().version, "10");
  EXPECT_EQ(d.origin().session_id, "1");
  ASSERT_TRUE(d.set_origin({"a", "1", "4611686018427387903", sdp::Connection::of("h")}));
  EXPECT_EQ(d.bump_version().error(), errc::invalid_value);
  auto text = sdp_of({"v=0", "o=a 1 x IN IP4 h", "s=-", "t=0 0"});
  EXPECT_EQ(text.bump_version().error(), errc::invalid_value);
}

TEST(SdpEdit, AddMediaBehindAnUnfinishedLineAndBlankLines) {
  auto d = sdp::parse("v=0\r\no=a 1 1 IN IP4 h\r\ns=-\r\nt=0 0\r\nm=audio 4 RTP/AVP 0\r\n\r\n");
  ASSERT_TRUE(d);
  d->add_media(sdp_stream("video", 6));
  EXPECT_EQ(d->to_string(),
            lines({"v=0", "o=a 1 1 IN IP4 h", "s=-", "t=0 0", "m=audio 4 RTP/AVP 0", "m=video 6 RTP/AVP 0"}));
  auto cut = sdp::parse("v=0\r\no=a 1 1 IN IP4 h\r\ns=-\r\nt=0 0");
  ASSERT_TRUE(cut);
  ASSERT_TRUE(cut->add_flag("x"));
  cut->add_media(sdp_stream());
  EXPECT_EQ(cut->to_string(), lines({"v=0", "o=a 1 1 IN IP4 h", "s=-", "t=0 0", "a=x", "m=audio 4000 RTP/AVP 0"}));
}

TEST(SdpEdit, DisablingKeepsTheCountErasingDoesNot) {
  auto d = sdp_of({"v=0", "o=a 1 1 IN IP4 h", "s=-", "t=0 0", "m=audio 4 RTP/AVP 0 8", "c=IN IP4 h", "a=x",
                   "m=video 6 RTP/AVP 31"});
  d.disable_media(0);
  d.disable_media(7);
  EXPECT_EQ(d.to_string(),
            lines({"v=0", "o=a 1 1 IN IP4 h", "s=-", "t=0 0", "m=audio 0 RTP/AVP 0 8", "m=video 6 RTP/AVP 31"}));
  d.erase_media(0);
  d.erase_media(1);
  ASSERT_EQ(d.media().size(), 1U);
  EXPECT_EQ(d.media()[0].type(), "video");
}

TEST(SdpEdit, PortKeepsCountAndFormats) {
  auto d = sdp_of({"v=0", "o=a 1 1 IN IP4 h", "s=-", "t=0 0", "m=audio 4/2 RTP/AVP 0 8"});
  d.media()[0].set_port(60000);
  EXPECT_EQ(d.media()[0].value_of('m'), "audio 60000/2 RTP/AVP 0 8");
  ASSERT_TRUE(d.media()[0].set_formats({"8", "101"}));
  ASSERT_TRUE(d.media()[0].set_protocol("RTP/SAVP"));
  EXPECT_EQ(d.media()[0].value_of('m'), "audio 60000/2 RTP/SAVP 8 101");
}

TEST(SdpEdit, NoValueCanStartALineOfItsOwn) {
  auto d = sdp_of({"v=0", "o=a 1 1 IN IP4 h", "s=-", "t=0 0", "m=audio 4 RTP/AVP 0"});
  const auto before = d;
  for (const std::string_view evil : {std::string_view("x\r\nm=audio 6 RTP/AVP 0"), std::string_view("x\n"),
                                      std::string_view("x\r"), std::string_view("x\0y", 3)}) {
    const std::string text(evil);
    EXPECT_EQ(d.set_session_name(evil).error(), errc::forbidden_byte);
    EXPECT_EQ(d.set_line('i', evil).error(), errc::forbidden_byte);
    EXPECT_EQ(d.add_flag(evil).error(), errc::forbidden_byte);
    EXPECT_EQ(d.add_attribute("x", evil).error(), errc::forbidden_byte);
    EXPECT_EQ(d.add_attribute(evil, "x").error(), errc::forbidden_byte);
    EXPECT_EQ(d.set_attribute("x", evil).error(), errc::forbidden_byte);
    EXPECT_EQ(d.set_connection(sdp::Connection::of(evil)).error(), errc::forbidden_byte);
    EXPECT_EQ(d.set_bandwidth(evil, 1).error(), errc::forbidden_byte);
    EXPECT_EQ(d.set_origin({evil, "1", "1", sdp::Connection::of("h")}).error(), errc::forbidden_byte);
    EXPECT_EQ(d.set_origin({"a", "1", "1", sdp::Connection::of(evil)}).error(), errc::forbidden_byte);
    EXPECT_EQ(d.media()[0].set_formats({text}).error(), errc::forbidden_byte);
    EXPECT_EQ(d.media()[0].set_protocol(evil).error(), errc::forbidden_byte);
    EXPECT_EQ(d.media()[0].set(sdp::Mid{evil}).error(), errc::forbidden_byte);
    EXPECT_EQ(sdp::MediaDescription::make(evil, 1, "RTP/AVP", {"0"}).error(), errc::forbidden_byte);
    EXPECT_EQ(sdp::MediaDescription::make("audio", 1, "RTP/AVP", {text}).error(), errc::forbidden_byte);
  }
  EXPECT_EQ(d, before);
}

TEST(SdpEdit, RefusesWhatTheGrammarDoesNotAllow) {
  auto d = sdp_of({"v=0", "o=a 1 1 IN IP4 h", "s=-", "t=0 0", "m=audio 4 RTP/AVP 0"});
  const auto before = d;
  EXPECT_EQ(d.set_session_name("").error(), errc::invalid_value);
  EXPECT_EQ(d.set_line('m', "audio 1 RTP/AVP 0").error(), errc::invalid_value);
  EXPECT_EQ(d.set_line('?', "x").error(), errc::invalid_value);
  EXPECT_EQ(d.set_line('c', "x").error(), errc::invalid_value);
  EXPECT_EQ(d.add_flag("a b").error(), errc::invalid_value);
  EXPECT_EQ(d.add_flag("").error(), errc::invalid_value);
  EXPECT_EQ(d.add_attribute("x", "").error(), errc::invalid_value);
  EXPECT_EQ(d.add_attribute("a:b", "c").error(), errc::invalid_value);
  EXPECT_EQ(d.set_connection(sdp::Connection::of("")).error(), errc::invalid_value);
  EXPECT_EQ(d.set_connection(sdp::Connection::of("a b")).error(), errc::invalid_value);
  EXPECT_EQ(d.set_origin({"a b", "1", "1", sdp::Connection::of("h")}).error(), errc::invalid_value);
  EXPECT_EQ(d.set_origin({"", "1", "1", sdp::Connection::of("h")}).error(), errc::invalid_value);
  EXPECT_EQ(d.set_origin({"a", "-1", "1", sdp::Connection::of("h")}).error(), errc::invalid_value);
  EXPECT_EQ(d.media()[0].set_formats({}).error(), errc::invalid_value);
  EXPECT_EQ(d.media()[0].set_protocol("RTP//AVP").error(), errc::invalid_value);
  EXPECT_EQ(sdp::MediaDescription::make("au dio", 1, "RTP/AVP", {"0"}).error(), errc::invalid_value);
  EXPECT_EQ(d, before);
}

TEST(SdpEdit, CopiesShareNothing) {
  auto a = sdp_of({"v=0", "o=a 1 1 IN IP4 h", "s=-", "t=0 0", "m=audio 4 RTP/AVP 0"});
  auto b = a;
  b.media()[0].set_port(9);
  EXPECT_EQ(a.media()[0].port(), 4);
  EXPECT_NE(a, b);
}

TEST(SdpEdit, ACallerMayPassAViewOfTheDescriptionItself) {
  auto d = sdp_of({"v=0", "o=a 1 1 IN IP4 198.51.100.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0", "a=x:short",
                   "a=y:something that does not fit into a small string"});
  ASSERT_TRUE(d.set_connection(d.origin().connection));
  ASSERT_TRUE(d.set_attribute("x", *d.attribute("y")));
  ASSERT_TRUE(d.set_session_name(*d.attribute("y")));
  ASSERT_TRUE(d.set_origin(d.origin()));
  EXPECT_EQ(d.attribute("x"), "something that does not fit into a small string");
  EXPECT_EQ(d.session_name(), "something that does not fit into a small string");
  EXPECT_EQ(d.connection()->address, "198.51.100.1");
}

// ---- attributes

namespace {

template <class T>
std::string sdp_again(std::string_view text) {
  auto parsed = T::parse(text);
  EXPECT_TRUE(parsed) << text;
  std::string out;
  if (parsed) parsed->append_to(out);
  return out;
}

}  // namespace

TEST(SdpAttributes, PrintWhatTheyRead) {
  for (const auto text : {"0 PCMU/8000", "111 opus/48000/2", "99 h263-1998/90000"})
    EXPECT_EQ(sdp_again<sdp::Rtpmap>(text), text);
  for (const auto text : {"101 0-16", "96 mode=1; x=\"a b\""}) EXPECT_EQ(sdp_again<sdp::Fmtp>(text), text);
  for (const auto text : {"20", "22.5", "0.125", "1.05"}) EXPECT_EQ(sdp_again<sdp::Ptime>(text), text);
  for (const auto text : {"53020", "53020 IN IP4 126.16.64.4", "53020 IN IP6 2001:db8::2"})
    EXPECT_EQ(sdp_again<sdp::Rtcp>(text), text);
  for (const auto text : {"BUNDLE a v", "LS 1 2 3"}) EXPECT_EQ(sdp_again<sdp::Group>(text), text);
  for (const auto text : {"4294967295 cname:a@b", "1 mute"}) EXPECT_EQ(sdp_again<sdp::Ssrc>(text), text);
  for (const auto text : {"1 AES_CM_128_HMAC_SHA1_80 inline:PS1uQ|2^20|1:4", "2 F8 inline:x KDR=1 UNENCRYPTED_SRTP"})
    EXPECT_EQ(sdp_again<sdp::Crypto>(text), text);
  EXPECT_EQ(sdp_again<sdp::Fingerprint>("sha-256 4A:AD:B9"), "sha-256 4A:AD:B9");
  for (const auto text : {"active", "passive", "actpass", "holdconn"}) EXPECT_EQ(sdp_again<sdp::Setup>(text), text);
  for (const auto text : {"1 1 UDP 2130706431 10.0.1.1 8998 typ host",
                          "2 1 UDP 1694498815 192.0.2.3 45664 typ srflx raddr 10.0.1.1 rport 8998",
                          "x 2 TCP 1 fe80::1 9 typ host tcptype active generation 0",
                          "2 1 UDP 1 192.0.2.3 4 typ relay raddr 10.0.1.1 rport 9 generation 0 ufrag x"})
    EXPECT_EQ(sdp_again<sdp::Candidate>(text), text);
  for (const auto text : {"audio", "0"}) EXPECT_EQ(sdp_again<sdp::Mid>(text), text);
}

TEST(SdpAttributes, RefuseWhatCannotBeMeant) {
  for (const auto text : {"", "x PCMU/8000", "128 PCMU/8000", "0", "0 /8000", "0 PCMU/", "0 PCMU/4294967296"})
    EXPECT_FALSE(sdp::Rtpmap::parse(text)) << text;
  for (const auto text : {"", "0", "0.0", "-1", "x", "20 20", "60001", "99999999999999999999", "1.", "1.x", ".5"})
    EXPECT_FALSE(sdp::Ptime::parse(text)) << text;
  for (const auto text : {"", "65536", "1 IN", "1 IN IP4"}) EXPECT_FALSE(sdp::Rtcp::parse(text)) << text;
  for (const auto text : {"", "1", "4294967296 x", "1 a b"}) EXPECT_FALSE(sdp::Ssrc::parse(text)) << text;
  for (const auto text : {"", "1", "1 X", "x Y z"}) EXPECT_FALSE(sdp::Crypto::parse(text)) << text;
  for (const auto text : {"", "sha-1"}) EXPECT_FALSE(sdp::Fingerprint::parse(text)) << text;
  for (const auto text : {"", "ACTIVE", "actpass x"}) EXPECT_FALSE(sdp::Setup::parse(text)) << text;
  for (const auto text : {"", "1", "1 1 UDP 1 h 1", "1 1 UDP 1 h 1 host", "1 999 UDP 1 h 1 typ host",
                          "1 1 UDP 1 h 65536 typ host", "1 1 UDP 1 h 1 typ", "1 1 UDP 1 h 1 typ srflx raddr h rport x"})
    EXPECT_FALSE(sdp::Candidate::parse(text)) << text;
  EXPECT_FALSE(sdp::Mid::parse("  "));
}

TEST(SdpAttributes, CandidateKeepsItsParts) {
  auto c = sdp::Candidate::parse("2 1 UDP 1694498815 192.0.2.3 45664 typ srflx raddr 10.0.1.1 rport 8998 generation 0");
  ASSERT_TRUE(c);
  EXPECT_EQ(c->foundation, "2");
  EXPECT_EQ(c->priority, 1694498815U);
  EXPECT_EQ(c->address, "192.0.2.3");
  EXPECT_EQ(c->port, 45664);
  EXPECT_EQ(c->type, "srflx");
  EXPECT_EQ(c->related_address, "10.0.1.1");
  EXPECT_EQ(c->related_port, 8998);
  EXPECT_EQ(c->extensions, "generation 0");
}

TEST(SdpAttributes, OfASection) {
  auto d = sdp_of({"v=0", "o=a 1 1 IN IP4 h", "s=-", "t=0 0", "m=audio 4 RTP/AVP 0 101 102", "b=AS:64", "b=bad",
                   "a=rtpmap:x bad", "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-15", "a=ptime:0", "a=ptime:30",
                   "a=ssrc:1 cname:a", "a=ssrc:2 cname:b", "a=rtcp-mux", "a=maxptime:60"});
  auto& m = d.media()[0];
  EXPECT_EQ(m.rtpmap(101)->encoding, "telephone-event");
  EXPECT_FALSE(m.rtpmap(102));
  EXPECT_EQ(m.fmtp("101"), "0-15");
  EXPECT_EQ(m.fmtp("0"), "");
  EXPECT_EQ(m.get<sdp::Ptime>()->value, std::chrono::milliseconds(30)) << "a bad one is skipped";
  EXPECT_EQ(m.get<sdp::MaxPtime>()->value, std::chrono::milliseconds(60));
  EXPECT_EQ(m.all<sdp::Ssrc>().size(), 2U);
  EXPECT_FALSE(m.get<sdp::Mid>());
  EXPECT_TRUE(m.rtcp_mux());
  EXPECT_EQ(m.bandwidth("as"), 64U);
  EXPECT_FALSE(m.bandwidth("CT"));
  EXPECT_EQ(m.attribute("rtcp-mux"), "");
  EXPECT_EQ(m.attribute("RTCP-MUX"), std::nullopt) << "names are case-sensitive";
  EXPECT_EQ(m.remove_attributes("ssrc"), 2U);
  EXPECT_EQ(m.remove_attributes("ssrc"), 0U);
  ASSERT_TRUE(m.set(sdp::Ptime{std::chrono::milliseconds(20)}));
  EXPECT_EQ(m.all<sdp::Ptime>().size(), 1U);
}

namespace {

/// What a user writes for an attribute of his own.
struct QosAttribute {
  static constexpr std::string_view name = "x-qos";
  std::uint32_t level = 0;
  static Result<QosAttribute, ParseError> parse(std::string_view text) {
    if (text.size() != 1 || text[0] < '0' || text[0] > '9') return fail(parse_errc::bad_number, 0);
    return QosAttribute{static_cast<std::uint32_t>(text[0] - '0')};
  }
  void append_to(std::string& out) const { out += std::to_string(level); }
};

}  // namespace

TEST(SdpAttributes, OneOfTheUsersOwn) {
  auto media = sdp_stream();
  ASSERT_TRUE(media.add(QosAttribute{3}));
  EXPECT_EQ(media.attribute("x-qos"), "3");
  EXPECT_EQ(media.get<QosAttribute>()->level, 3U);
}

TEST(SdpAttributes, Connection) {
  EXPECT_TRUE(sdp::Connection::of("0.0.0.0").is_unspecified());
  EXPECT_TRUE(sdp::Connection::of("::").is_unspecified());
  EXPECT_FALSE(sdp::Connection::of("192.0.2.1").is_unspecified());
  EXPECT_TRUE(sdp::Connection::of("239.1.1.1").is_multicast());
  EXPECT_TRUE(sdp::Connection::of("FF02::1").is_multicast());
  EXPECT_FALSE(sdp::Connection::of("240.1.1.1").is_multicast());
  EXPECT_FALSE(sdp::Connection::of("223.1.1.1").is_multicast());
  EXPECT_FALSE(sdp::Connection::of("ff.example.com").is_multicast());
  EXPECT_EQ(sdp::Connection::of("::1").address_type, "IP6");
  EXPECT_EQ(sdp::Connection::of("fe80::1%eth0").address, "fe80::1");
}

TEST(SdpAttributes, DirectionsSeenFromBothEnds) {
  using sdp::Direction;
  for (const auto d : {Direction::sendrecv, Direction::sendonly, Direction::recvonly, Direction::inactive}) {
    EXPECT_EQ(sdp::to_direction(sdp::to_string(d)), d);
    EXPECT_EQ(sdp::reversed(sdp::reversed(d)), d);
    EXPECT_EQ(sdp::sends(d), sdp::receives(sdp::reversed(d)));
  }
  EXPECT_FALSE(sdp::to_direction("SendRecv"));
}

}  // namespace sdp_test
