#include "sdp_data.hpp"

#include <peal/message/sdp/session_description.hpp>

#include <gmock/gmock.h>

namespace sdp_test {

using namespace peal;

namespace {

const std::string sdp_head = lines({"v=0", "o=alice 1 2 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0"});

ParseError sdp_error_of(std::string_view text, const sdp::Limits& limits = {}) {
  auto parsed = sdp::parse(text, limits);
  EXPECT_FALSE(parsed) << text;
  return parsed ? ParseError() : parsed.error();
}

}  // namespace

TEST(SdpParse, EveryPrintedExampleOfTheRfcsIsReadAndPrintedBack) {
  const auto all = sdp_test::examples();
  EXPECT_GE(all.size(), 59U);
  for (const auto& [name, text] : all) {
    auto parsed = sdp::parse(text);
    ASSERT_TRUE(parsed) << name << " at " << parsed.error().offset;
    EXPECT_EQ(parsed->to_string(), text) << name;
    auto again = sdp::parse(parsed->to_string());
    ASSERT_TRUE(again) << name;
    EXPECT_EQ(*again, *parsed) << name;
  }
}

TEST(SdpParse, Rfc8866Section5) {
  auto d = sdp::parse(sdp_test::example("rfc8866-5"));
  ASSERT_TRUE(d);
  EXPECT_EQ(d->origin().username, "jdoe");
  EXPECT_EQ(d->origin().session_id, "3724394400");
  EXPECT_EQ(d->origin().version, "3724394405");
  EXPECT_EQ(d->origin().connection, sdp::Connection::of("198.51.100.1"));
  EXPECT_EQ(d->session_name(), "Call to John Smith");
  EXPECT_EQ(d->information(), "SDP Offer #1");
  EXPECT_EQ(d->value_of('e'), "Jane Doe <jane@jdoe.example.com>");
  EXPECT_THAT(d->timings(), testing::ElementsAre(sdp::Timing{0, 0}));
  ASSERT_EQ(d->media().size(), 3U);
  EXPECT_EQ(d->media()[0].type(), "audio");
  EXPECT_EQ(d->media()[0].port(), 49170);
  EXPECT_EQ(d->media()[2].type(), "video");
  EXPECT_EQ(d->media()[2].protocol(), "RTP/AVP");
  EXPECT_THAT(d->media()[2].formats(), testing::ElementsAre("99"));
  EXPECT_EQ(d->connection_of(0)->address, "198.51.100.1");
  EXPECT_EQ(d->connection_of(2), sdp::Connection::of("2001:db8::2"));
  const auto map = d->media()[2].rtpmap(99);
  ASSERT_TRUE(map);
  EXPECT_EQ(map->encoding, "h263-1998");
  EXPECT_EQ(map->clock_rate, 90000U);
  EXPECT_EQ(sdp::check(*d), std::nullopt);
}

TEST(SdpParse, Rfc8866Section6_7DirectionOfTheStreamGoesBeforeTheSessions) {
  auto d = sdp::parse(sdp_test::example("rfc8866-6.7"));
  ASSERT_TRUE(d);
  EXPECT_EQ(d->direction(), sdp::Direction::inactive);
  EXPECT_EQ(d->direction_of(0), sdp::Direction::sendrecv);
  EXPECT_EQ(d->direction_of(1), sdp::Direction::inactive);
  EXPECT_EQ(d->direction_of(2), sdp::Direction::inactive);
}

TEST(SdpParse, Rfc4566Section5Multicast) {
  auto d = sdp::parse(sdp_test::example("rfc4566-5"));
  ASSERT_TRUE(d);
  ASSERT_TRUE(d->connection());
  EXPECT_EQ(d->connection()->address, "224.2.17.12");
  EXPECT_EQ(d->connection()->ttl_and_count, "127");
  EXPECT_TRUE(d->connection()->is_multicast());
  EXPECT_EQ(d->timings().front().stop, 2873404696U);
  EXPECT_EQ(sdp::check(*d), std::nullopt);
}

TEST(SdpParse, TortureSdp01HasAnRtpmapWithoutRate) {
  auto d = sdp::parse(sdp_test::example("rfc4475-sdp01"));
  ASSERT_TRUE(d);
  EXPECT_THAT(d->media()[0].formats(), testing::ElementsAre("0", "12"));
  ASSERT_TRUE(d->media()[1].rtpmap(31));
  EXPECT_EQ(d->media()[1].rtpmap(31)->encoding, "LPC");
  EXPECT_EQ(d->media()[1].rtpmap(31)->clock_rate, 0U);
}

TEST(SdpParse, TortureIpv6InSdp) {
  auto d = sdp::parse(sdp_test::example("rfc5118-ipv6-in-sdp"));
  ASSERT_TRUE(d);
  EXPECT_EQ(d->connection_of(0), sdp::Connection::of("2001:db8::20"));
  EXPECT_EQ(d->origin().session_id, "971731711378798081");
}

TEST(SdpParse, TortureMultIpInSdpHasAFamilyAStream) {
  auto d = sdp::parse(sdp_test::example("rfc5118-mult-ip-in-sdp"));
  ASSERT_TRUE(d);
  EXPECT_FALSE(d->connection());
  EXPECT_EQ(d->connection_of(0), sdp::Connection::of("192.0.2.1"));
  EXPECT_EQ(d->connection_of(1), sdp::Connection::of("2001:db8::1"));
}

TEST(SdpParse, ForgivesWhatPeersGetWrong) {
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"LF alone", "v=0\no=a 1 1 IN IP4 h\ns=-\nt=0 0\n"},
      {"no end of the last line", "v=0\r\no=a 1 1 IN IP4 h\r\ns=-\r\nt=0 0"},
      {"blank lines behind", "v=0\r\no=a 1 1 IN IP4 h\r\ns=-\r\nt=0 0\r\n\r\n\r\n"},
      {"no s=", lines({"v=0", "o=a 1 1 IN IP4 h", "t=0 0"})},
      {"empty s=", lines({"v=0", "o=a 1 1 IN IP4 h", "s=", "t=0 0"})},
      {"no t=", lines({"v=0", "o=a 1 1 IN IP4 h", "s=-"})},
      {"blank in t=", lines({"v=0", "o=a 1 1 IN IP4 h", "s=-", "t= 0 0"})},
      {"other order", lines({"v=0", "t=0 0", "o=a 1 1 IN IP4 h", "c=IN IP4 h", "s=-"})},
      {"unknown letter", lines({"v=0", "o=a 1 1 IN IP4 h", "s=-", "t=0 0", "y=0100000001"})},
      {"blank in the username", lines({"v=0", "o=Some Phone 1 1 IN IP4 h", "s=-", "t=0 0"})},
      {"many blanks", lines({"v=0", "o=a  1 1  IN IP4 h ", "s=-", "t=0 0", "m=audio  4 RTP/AVP  0 "})},
      {"brackets", lines({"v=0", "o=a 1 1 IN IP6 [::1]", "s=-", "c=IN IP6 [::1]", "t=0 0"})},
      {"no format at port 0", lines({"v=0", "o=a 1 1 IN IP4 h", "s=-", "t=0 0", "m=video 0 RTP/AVP"})},
      {"no connection", lines({"v=0", "o=a 1 1 IN IP4 h", "s=-", "t=0 0", "m=audio 4 RTP/AVP 0"})},
      {"empty attribute", lines({"v=0", "o=a 1 1 IN IP4 h", "s=-", "t=0 0", "a=", "a=:x", "b=?"})},
      {"id that is no number", lines({"v=0", "o=a x 18446744073709551616 IN IP4 h", "s=-", "t=0 0"})},
  };
  for (const auto& [what, text] : wrong) {
    auto parsed = sdp::parse(text);
    ASSERT_TRUE(parsed) << what << " at " << parsed.error().offset;
    EXPECT_EQ(parsed->to_string(), text) << what;
    EXPECT_TRUE(sdp::check(*parsed)) << what << ": the strict check must see it";
  }
}

TEST(SdpParse, ReadsWhatItForgives) {
  auto d = sdp::parse(lines({"v=0", "o=Some Phone 7 8 IN IP6 [::1]", "s=-", "c=IN IP6 [2001:db8::1]", "t= 3 4 ",
                             "m=audio  4000/2  RTP/AVP  0  8 ", "a=sendonly ", "a= rtcp-mux"}));
  ASSERT_TRUE(d);
  EXPECT_EQ(d->origin().username, "Some Phone");
  EXPECT_EQ(d->origin().session_id, "7");
  EXPECT_EQ(d->origin().connection.address, "::1");
  EXPECT_EQ(d->connection()->address, "2001:db8::1");
  EXPECT_THAT(d->timings(), testing::ElementsAre(sdp::Timing{3, 4}));
  EXPECT_EQ(d->media()[0].line().port_count, 2U);
  EXPECT_THAT(d->media()[0].formats(), testing::ElementsAre("0", "8"));
  EXPECT_EQ(d->direction_of(0), sdp::Direction::sendonly);
  EXPECT_TRUE(d->media()[0].rtcp_mux());
}

TEST(SdpParse, RefusesBrokenStructureWithThePlace) {
  const auto at = [](parse_errc why, std::size_t offset) {
    return ParseError(why, static_cast<std::uint32_t>(offset));
  };
  const auto n = sdp_head.size();
  EXPECT_EQ(sdp_error_of(""), at(parse_errc::empty, 0));
  EXPECT_EQ(sdp_error_of("\r\n"), at(parse_errc::bad_sdp, 0));
  EXPECT_EQ(sdp_error_of("INVITE sip:a@b SIP/2.0\r\n"), at(parse_errc::bad_sdp, 0));
  EXPECT_EQ(sdp_error_of("o=a 1 1 IN IP4 h\r\n"), at(parse_errc::bad_sdp, 0));
  EXPECT_EQ(sdp_error_of("v=1\r\n"), at(parse_errc::bad_version, 2));
  EXPECT_EQ(sdp_error_of("v=0\r\ns=-\r\n"), at(parse_errc::bad_sdp, 10)) << "no o=";
  EXPECT_EQ(sdp_error_of(sdp_head + "v=0\r\n"), at(parse_errc::bad_sdp, n)) << "two descriptions";
  EXPECT_EQ(sdp_error_of(sdp_head + "o=a 1 1 IN IP4 h\r\n"), at(parse_errc::bad_sdp, n));
  EXPECT_EQ(sdp_error_of(sdp_head + "a:b\r\n"), at(parse_errc::bad_sdp, n + 1));
  EXPECT_EQ(sdp_error_of(sdp_head + "a\r\n"), at(parse_errc::bad_sdp, n + 1));
  EXPECT_EQ(sdp_error_of(sdp_head + "A=b\r\n"), at(parse_errc::bad_sdp, n));
  EXPECT_EQ(sdp_error_of(sdp_head + " a=b\r\n"), at(parse_errc::bad_sdp, n));
  EXPECT_EQ(sdp_error_of(sdp_head + "a=b\rc\r\n"), at(parse_errc::bad_line_end, n + 3));
  EXPECT_EQ(sdp_error_of(sdp_head + std::string("a=\0\r\n", 5)), at(parse_errc::bad_byte, n + 2));
  EXPECT_EQ(sdp_error_of(sdp_head + "\r\na=b\r\n"), at(parse_errc::trailing_bytes, n + 2));
  EXPECT_EQ(sdp_error_of(sdp_head + "c=IN IP4\r\n").code, parse_errc::truncated);
  EXPECT_EQ(sdp_error_of(sdp_head + "c=IN IP4 a b\r\n").code, parse_errc::trailing_bytes);
  EXPECT_EQ(sdp_error_of(sdp_head + "m=audio\r\n").code, parse_errc::bad_port);
  EXPECT_EQ(sdp_error_of(sdp_head + "m=audio 65536 RTP/AVP 0\r\n"), at(parse_errc::bad_port, n + 8));
  EXPECT_EQ(sdp_error_of(sdp_head + "m=audio -1 RTP/AVP 0\r\n"), at(parse_errc::bad_port, n + 8));
  EXPECT_EQ(sdp_error_of(sdp_head + "m=audio 4/0 RTP/AVP 0\r\n"), at(parse_errc::bad_number, n + 8));
  EXPECT_EQ(sdp_error_of(sdp_head + "m=audio 4 RTP/AVP\r\n").code, parse_errc::truncated);
  EXPECT_EQ(sdp_error_of(sdp_head + "m=audio 4\r\n").code, parse_errc::truncated);
  EXPECT_EQ(sdp_error_of(sdp_head + "m=au/dio 4 RTP/AVP 0\r\n"), at(parse_errc::bad_token, n + 2));
  EXPECT_EQ(sdp_error_of("v=0\r\no=a 1 IN IP4 h\r\n").code, parse_errc::truncated);
}

TEST(SdpParse, KeepsEachLimit) {
  const auto text = sdp_head + lines({"m=audio 4 RTP/AVP 0 8 9", "a=x", "a=y", "m=video 6 RTP/AVP 31", "a=z"});
  EXPECT_TRUE(sdp::parse(text));
  const auto with = [](auto change) {
    sdp::Limits limits;
    change(limits);
    return limits;
  };
  const std::vector<sdp::Limits> fits = {with([&](auto& l) { l.bytes = static_cast<std::uint32_t>(text.size()); }),
                                         with([](auto& l) { l.lines = 10; }),
                                         with([](auto& l) { l.line_bytes = 28; }),
                                         with([](auto& l) { l.media = 2; }),
                                         with([](auto& l) { l.attributes = 2; }),
                                         with([](auto& l) { l.formats = 3; })};
  const std::vector<sdp::Limits> over = {with([&](auto& l) { l.bytes = static_cast<std::uint32_t>(text.size()) - 1; }),
                                         with([](auto& l) { l.lines = 9; }),
                                         with([](auto& l) { l.line_bytes = 27; }),
                                         with([](auto& l) { l.media = 1; }),
                                         with([](auto& l) { l.attributes = 1; }),
                                         with([](auto& l) { l.formats = 2; })};
  for (const auto& limits : fits) EXPECT_TRUE(sdp::parse(text, limits));
  for (const auto& limits : over) EXPECT_EQ(sdp_error_of(text, limits).code, parse_errc::too_long);
}

TEST(SdpParse, AThousandMediaLinesAndAttributesAreRefusedNotKept) {
  auto many = sdp_head;
  for (int i = 0; i < 1000; ++i) many += "m=audio 4 RTP/AVP 0\r\n";
  EXPECT_EQ(sdp_error_of(many).code, parse_errc::too_long);
  many = sdp_head;
  for (int i = 0; i < 4000; ++i) many += "a=x\r\n";
  EXPECT_EQ(sdp_error_of(many).code, parse_errc::too_long);
  many = sdp_head + "m=audio 4 RTP/AVP";
  for (int i = 0; i < 1000; ++i) many += " 0";
  EXPECT_EQ(sdp_error_of(many + "\r\n").code, parse_errc::too_long);
}

TEST(SdpCheck, TellsTheLineThatLeavesTheGrammar) {
  const auto place = [](const std::string& text) -> std::uint32_t {
    auto parsed = sdp::parse(text);
    EXPECT_TRUE(parsed) << text;
    if (!parsed) return 0;
    const auto why = sdp::check(*parsed);
    return why ? why->offset : 0;
  };
  const auto n = static_cast<std::uint32_t>(sdp_head.size());
  EXPECT_EQ(place(sdp_head + "a=x\r\nb=AS:1\r\n"), n + 5) << "b= behind a=";
  EXPECT_EQ(place(sdp_head + "a=x\r\na=y:\r\n"), n + 5) << "empty value";
  EXPECT_EQ(place(sdp_head + "z=0 1\r\n"), n) << "z= without r= (RFC 8866 §5.11)";
  EXPECT_EQ(place(sdp_head + "r=7d 1h 0\r\nz=0 1\r\nt=0 0\r\n"), 0U);
  EXPECT_EQ(place(sdp_head + "t=12 0\r\n"), n) << "a time has ten digits";
  EXPECT_EQ(place(sdp_head + "m=audio 4 RTP/AVP 0\r\nt=0 0\r\n"), n + 21);
  EXPECT_EQ(place(sdp_head + "m=audio 4 RTP/AVP 0\r\na=x\n"), n + 21) << "LF alone";
  EXPECT_EQ(place(sdp_head + "m=audio 4 RTP/AVP 0\r\nc=IN IP4 224.1.1.1\r\n"), n + 21) << "multicast without TTL";
  EXPECT_EQ(place(sdp_head + "m=audio 4 RTP/AVP 0\r\nc=IN IP4 224.1.1.1/127\r\nc=IN IP4 224.1.1.2/127\r\na=x\r\n"), 0U);
}

// ---- input of chance, in blocks of their own, so that ASan sees a read behind the end

namespace {

void sdp_read_everything(const sdp::SessionDescription& d) {
  std::size_t sum = d.origin().username.size() + d.session_name().size() + d.timings().size();
  (void)sdp::check(d);
  for (std::size_t i = 0; i < d.media().size(); ++i) {
    const auto& m = d.media()[i];
    sum += m.formats().size() + m.attributes().size() + m.bandwidths().size() + m.all<sdp::Candidate>().size() +
           m.all<sdp::Crypto>().size() + m.all<sdp::Ssrc>().size() + m.all<sdp::Rtpmap>().size() +
           m.all<sdp::Fmtp>().size() + d.connection_of(i).has_value();
    (void)m.get<sdp::Ptime>();
    (void)m.get<sdp::Rtcp>();
    (void)d.direction_of(i);
  }
  EXPECT_LT(sum, 1'000'000U);
}

void sdp_survives(std::string_view text) {
  const std::vector<char> exact(text.begin(), text.end());
  auto parsed = sdp::parse({exact.data(), exact.size()});
  if (!parsed) {
    EXPECT_LE(parsed.error().offset, text.size());
    return;
  }
  EXPECT_EQ(parsed->to_string(), text);
  sdp_read_everything(*parsed);
}

}  // namespace

TEST(SdpParse, CutShortAtEveryByte) {
  for (const auto& [name, text] : sdp_test::examples())
    for (std::size_t n = 0; n <= text.size(); ++n) sdp_survives(std::string_view(text).substr(0, n));
}

TEST(SdpParse, MutationsAreReadVerbatimOrRefused) {
  const std::string rich =
      lines({"v=0",
             "o=- 1 1 IN IP6 ::1",
             "s=-",
             "c=IN IP6 ::1",
             "b=AS:64",
             "t=0 0",
             "a=group:BUNDLE a v",
             "a=ice-ufrag:x",
             "m=audio 9 UDP/TLS/RTP/SAVPF 111 0 101",
             "a=rtpmap:111 opus/48000/2",
             "a=fmtp:111 useinbandfec=1",
             "a=rtpmap:101 telephone-event/8000",
             "a=rtcp:9 IN IP4 0.0.0.0",
             "a=ptime:22.5",
             "a=setup:actpass",
             "a=mid:a",
             "a=candidate:1 1 UDP 2130706431 10.0.1.1 8998 typ srflx raddr 10.0.0.1 rport 9 generation 0",
             "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc|2^20 UNENCRYPTED_SRTP",
             "a=ssrc:5 cname:x",
             "a=sendonly"});
  sdp_test::Chance chance(20261120);
  constexpr std::string_view salt(
      "\r\n \t=:/0\0am\xFF"
      "9",
      13);
  auto inputs = sdp_test::examples();
  inputs.emplace_back("rich", rich);
  for (const auto& [name, text] : inputs) {
    for (int round = 0; round < 400; ++round) {
      auto bad = text;
      for (std::size_t edits = 1 + chance.below(4); edits > 0 && !bad.empty(); --edits) {
        const auto at = chance.below(bad.size());
        switch (chance.below(3)) {
          case 0: bad[at] = salt[chance.below(salt.size())]; break;
          case 1: bad.insert(at, 1, salt[chance.below(salt.size())]); break;
          default: bad.erase(at, 1 + chance.below(6)); break;
        }
      }
      sdp_survives(bad);
    }
  }
}

}  // namespace sdp_test
