#include "sdp_offers.hpp"

#include <gmock/gmock.h>

namespace sdp_test {

using namespace peal;
using sdp::Direction;
using sdp::HoldState;
using sdp::Outcome;
using testing::ElementsAre;

TEST(SdpOffer, OfTheDefaultCodecs) {
  const auto offer = sdp_offer_of(sdp_us({sdp_can("audio", 4000)}));
  EXPECT_EQ(offer.to_string(), lines({"v=0", "o=- 77 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0",
                                      "m=audio 4000 RTP/AVP 0 8 101", "a=rtpmap:0 PCMU/8000", "a=rtpmap:8 PCMA/8000",
                                      "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-15", "a=sendrecv"}));
}

TEST(SdpOffer, OverIpv6WithEverythingAStreamCanSay) {
  auto audio = sdp_can("audio", 4000, {sdp_opus, sdp_pcmu});
  audio.rtcp_mux = true;
  audio.ptime = std::chrono::milliseconds(20);
  audio.attributes = {"mid:a", "x-flag"};
  audio.direction = Direction::recvonly;
  const auto offer = sdp_offer_of(sdp_us({audio}, {"2001:db8::1"}));
  EXPECT_EQ(offer.to_string(), lines({"v=0", "o=- 77 1 IN IP6 2001:db8::1", "s=-", "c=IN IP6 2001:db8::1", "t=0 0",
                                      "m=audio 4000 RTP/AVP 96 0", "a=rtpmap:96 opus/48000/2", "a=rtpmap:0 PCMU/8000",
                                      "a=ptime:20", "a=rtcp-mux", "a=mid:a", "a=x-flag", "a=recvonly"}));
}

TEST(SdpOffer, AWishedNumberIsNotTakenByAnother) {
  const auto offer = sdp_offer_of(sdp_us({sdp_can(
      "audio", 4000, {sdp_opus, {"AMR", 8000, 1, 96, ""}, {"AMR-WB", 16000, 1, 96, ""}, {"PCMU", 8000, 1, {}, ""}})}));
  EXPECT_THAT(offer.media()[0].formats(), ElementsAre("97", "96", "98", "0"));
}

TEST(SdpOffer, RefusesCapabilitiesThatAreNone) {
  EXPECT_EQ(sdp::make_offer(sdp_us({}, {})).error(), errc::invalid_value);
  EXPECT_EQ(sdp::make_offer(sdp_us({sdp_can("audio", 1, {})})).error(), errc::invalid_value);
  EXPECT_EQ(sdp::make_offer(sdp_us({sdp_can("au dio", 1)})).error(), errc::invalid_value);
  EXPECT_EQ(sdp::make_offer(sdp_us({sdp_can("audio", 1, {{"a b", 8000, 1, 96, ""}})})).error(), errc::invalid_value);
  EXPECT_EQ(sdp::make_offer(sdp_us({sdp_can("audio", 1, {{"x", 0, 1, 96, ""}})})).error(), errc::invalid_value);
  EXPECT_EQ(sdp::make_offer(sdp_us({sdp_can("audio", 1, {{"x", 8000, 1, 128, ""}})})).error(), errc::invalid_value);
  EXPECT_EQ(sdp::make_offer(sdp_us({sdp_can("audio", 1, {{"x", 8000, 1, 96, "a\r\nm=x"}})})).error(),
            errc::forbidden_byte);
  EXPECT_EQ(sdp::make_offer(sdp_us({sdp_can("audio", 1)}, {"h\r\na=x"})).error(), errc::forbidden_byte);
  std::vector<sdp::Codec> many;
  for (int i = 0; i < 200; ++i) many.push_back({"x" + std::to_string(i), 8000, 1, {}, ""});
  EXPECT_EQ(sdp::make_offer(sdp_us({sdp_can("audio", 1, many)})).error(), errc::limit_reached);
}

// ---- RFC 3264 §10.1

namespace {
const std::initializer_list<std::string_view> alices_offer = {"v=0",
                                                              "o=alice 2890844526 2890844526 IN IP4 host.anywhere.com",
                                                              "s=",
                                                              "c=IN IP4 host.anywhere.com",
                                                              "t=0 0",
                                                              "m=audio 49170 RTP/AVP 0",
                                                              "a=rtpmap:0 PCMU/8000",
                                                              "m=video 51372 RTP/AVP 31",
                                                              "a=rtpmap:31 H261/90000",
                                                              "m=video 53000 RTP/AVP 32",
                                                              "a=rtpmap:32 MPV/90000"};

sdp::Capabilities sdp_bob() {
  auto bob = sdp_us({sdp_can("audio", 49920, {sdp_pcmu}), sdp_can("video", 53000, {{"MPV", 90000, 1, 32, ""}})},
                    {"host.example.com"});
  bob.username = "bob";
  bob.session_id = bob.version = 2890844730;
  return bob;
}
}  // namespace

TEST(SdpAnswer, Rfc3264Section10_1BobTakesOneVideo) {
  // Two video streams offered, one capability: the first is H.261 only, so it takes the slot and is refused.
  auto bob = sdp_bob();
  bob.media.push_back(sdp_can("video", 53002, {{"MPV", 90000, 1, 32, ""}}));
  const auto answer = sdp_answer_to(sdp_read(alices_offer), bob);
  EXPECT_EQ(answer.description.to_string(),
            lines({"v=0", "o=bob 2890844730 2890844730 IN IP4 host.example.com", "s=-", "c=IN IP4 host.example.com",
                   "t=0 0", "m=audio 49920 RTP/AVP 0", "a=rtpmap:0 PCMU/8000", "a=sendrecv", "m=video 0 RTP/AVP 31",
                   "m=video 53002 RTP/AVP 32", "a=rtpmap:32 MPV/90000", "a=sendrecv"}));
  EXPECT_EQ(answer.media[0].outcome, Outcome::accepted);
  EXPECT_EQ(answer.media[0].remote_address, "host.anywhere.com");
  EXPECT_EQ(answer.media[0].remote_port, 49170);
  EXPECT_EQ(answer.media[0].remote_rtcp_port, 49171);
  EXPECT_EQ(answer.media[0].local_port, 49920);
  EXPECT_EQ(answer.media[1].outcome, Outcome::no_common_format);
  EXPECT_EQ(answer.media[2].outcome, Outcome::accepted);
}

TEST(SdpAnswer, Rfc3264Section10_1BobsSecondOfferMovesAudioAndAddsEvents) {
  const auto alice1 = sdp_read(alices_offer);
  const auto bob1 =
      sdp_read({"v=0", "o=bob 2890844730 2890844730 IN IP4 host.example.com", "s=", "c=IN IP4 host.example.com",
                "t=0 0", "m=audio 49920 RTP/AVP 0", "a=rtpmap:0 PCMU/8000", "m=video 0 RTP/AVP 31",
                "m=video 53000 RTP/AVP 32", "a=rtpmap:32 MPV/90000"});
  auto bob = sdp_bob();
  bob.media[0].port = 65422;
  auto events = sdp_can("audio", 51434, {{"telephone-events", 8000, 1, 110, ""}});
  events.direction = Direction::recvonly;
  bob.media.push_back(events);
  const auto offer = sdp_offer_of(bob, {.local = &bob1, .remote = &alice1, .last_sent = nullptr, .bindings = {}});
  EXPECT_EQ(offer.to_string(),
            lines({"v=0", "o=bob 2890844730 2890844731 IN IP4 host.example.com", "s=-", "c=IN IP4 host.example.com",
                   "t=0 0", "m=audio 65422 RTP/AVP 0", "a=rtpmap:0 PCMU/8000", "a=sendrecv", "m=video 0 RTP/AVP 31",
                   "m=video 53000 RTP/AVP 32", "a=rtpmap:32 MPV/90000", "a=sendrecv", "m=audio 51434 RTP/AVP 110",
                   "a=rtpmap:110 telephone-events/8000", "a=recvonly"}));
  const auto alice2 =
      sdp_read({"v=0", "o=alice 2890844526 2890844527 IN IP4 host.anywhere.com", "s=", "c=IN IP4 host.anywhere.com",
                "t=0 0", "m=audio 49170 RTP/AVP 0", "a=rtpmap:0 PCMU/8000", "m=video 0 RTP/AVP 31",
                "a=rtpmap:31 H261/90000", "m=video 53000 RTP/AVP 32", "a=rtpmap:32 MPV/90000",
                "m=audio 53122 RTP/AVP 110", "a=rtpmap:110 telephone-events/8000", "a=sendonly"});
  const auto media = sdp::read_answer(offer, alice2, bob);
  ASSERT_EQ(media.size(), 4U);
  EXPECT_EQ(media[0].direction, Direction::sendrecv);
  EXPECT_EQ(media[1].outcome, Outcome::disabled);
  EXPECT_EQ(media[2].remote_port, 53000);
  EXPECT_EQ(media[3].direction, Direction::recvonly);
  EXPECT_EQ(media[3].capability, 2U);
  EXPECT_EQ(media[3].hold, HoldState::none);
}

// ---- RFC 3264 §10.2

TEST(SdpAnswer, Rfc3264Section10_2OneOfNCodecs) {
  const auto alice1 = sdp_read({"v=0", "o=alice 2890844526 2890844526 IN IP4 host.anywhere.com",
                                "s=", "c=IN IP4 host.anywhere.com", "t=0 0", "m=audio 62986 RTP/AVP 0 4 18",
                                "a=rtpmap:0 PCMU/8000", "a=rtpmap:4 G723/8000", "a=rtpmap:18 G729/8000", "a=inactive"});
  auto bob = sdp_us({sdp_can("audio", 54344, {sdp_g723, sdp_pcmu})}, {"host.example.com"});
  bob.username = "bob";
  bob.session_id = 2890844730;
  bob.version = 2890844731;
  const auto first = sdp_answer_to(alice1, bob);
  EXPECT_EQ(first.description.to_string(),
            lines({"v=0", "o=bob 2890844730 2890844731 IN IP4 host.example.com", "s=-", "c=IN IP4 host.example.com",
                   "t=0 0", "m=audio 54344 RTP/AVP 0 4", "a=rtpmap:0 PCMU/8000", "a=rtpmap:4 G723/8000", "a=inactive"}))
      << "the offer's order, not ours (RFC 3264 §6.1)";
  const auto alice2 =
      sdp_read({"v=0", "o=alice 2890844526 2890844527 IN IP4 host.anywhere.com", "s=", "c=IN IP4 host.anywhere.com",
                "t=0 0", "m=audio 62986 RTP/AVP 4", "a=rtpmap:4 G723/8000", "a=sendrecv"});
  const auto second = sdp_answer_to(
      alice2, bob, {.local = &first.description, .remote = &alice1, .last_sent = nullptr, .bindings = {}});
  EXPECT_EQ(second.description.to_string(),
            lines({"v=0", "o=bob 2890844730 2890844732 IN IP4 host.example.com", "s=-", "c=IN IP4 host.example.com",
                   "t=0 0", "m=audio 54344 RTP/AVP 4", "a=rtpmap:4 G723/8000", "a=sendrecv"}));
}

// ---- scenes as in RFC 4317

TEST(SdpAnswer, AudioAndVideoAsInRfc4317Section2_1) {
  const auto offer = sdp_read({"v=0", "o=alice 2890844526 2890844526 IN IP4 host.atlanta.example.com",
                               "s=", "c=IN IP4 host.atlanta.example.com", "t=0 0", "m=audio 49170 RTP/AVP 0 8 97",
                               "a=rtpmap:0 PCMU/8000", "a=rtpmap:8 PCMA/8000", "a=rtpmap:97 iLBC/8000",
                               "m=video 51372 RTP/AVP 31 32", "a=rtpmap:31 H261/90000", "a=rtpmap:32 MPV/90000"});
  const auto answer = sdp_answer_to(
      offer, sdp_us({sdp_can("audio", 49174, {sdp_pcmu}), sdp_can("video", 49170, {{"MPV", 90000, 1, 32, ""}})}));
  EXPECT_EQ(answer.description.media()[0].value_of('m'), "audio 49174 RTP/AVP 0");
  EXPECT_EQ(answer.description.media()[1].value_of('m'), "video 49170 RTP/AVP 32");
}

TEST(SdpAnswer, AudioTakenVideoRefused) {
  const auto offer = sdp_read({"v=0", "o=alice 2890844526 2890844526 IN IP4 host.atlanta.example.com",
                               "s=", "c=IN IP4 host.atlanta.example.com", "t=0 0", "m=audio 49170 RTP/AVP 0 8 97",
                               "a=rtpmap:0 PCMU/8000", "a=rtpmap:8 PCMA/8000", "a=rtpmap:97 iLBC/8000",
                               "m=video 51372 RTP/AVP 31 32", "a=rtpmap:31 H261/90000", "a=rtpmap:32 MPV/90000"});
  const auto answer = sdp_answer_to(offer, sdp_us({sdp_can("audio", 49172, {sdp_pcmu, {"PCMA", 8000, 1, 8, ""}})}));
  EXPECT_EQ(answer.description.media()[0].value_of('m'), "audio 49172 RTP/AVP 0 8");
  EXPECT_EQ(answer.description.media()[1].value_of('m'), "video 0 RTP/AVP 31 32");
  EXPECT_EQ(answer.media[1].outcome, Outcome::no_capability);
  EXPECT_TRUE(sdp::acceptable(answer.media));
}

TEST(SdpAnswer, TwoAudioStreamsOneForEvents) {
  const auto offer = sdp_read({"v=0", "o=alice 2890844526 2890844526 IN IP4 host.atlanta.example.com",
                               "s=", "c=IN IP4 host.atlanta.example.com", "t=0 0", "m=audio 49170 RTP/AVP 0 97",
                               "a=rtpmap:0 PCMU/8000", "a=rtpmap:97 iLBC/8000", "m=audio 49172 RTP/AVP 98",
                               "a=rtpmap:98 telephone-event/8000", "a=sendonly"});
  const auto answer = sdp_answer_to(offer, sdp_us({sdp_can("audio", 49172, {{"iLBC", 8000, 1, {}, ""}}),
                                                   sdp_can("audio", 49174, {{"telephone-event", 8000, 1, {}, ""}})}));
  EXPECT_EQ(answer.description.media()[0].value_of('m'), "audio 49172 RTP/AVP 97");
  EXPECT_EQ(answer.description.media()[1].value_of('m'), "audio 49174 RTP/AVP 98");
  EXPECT_EQ(answer.media[1].direction, Direction::recvonly);
  ASSERT_TRUE(answer.media[1].find("Telephone-Event"));
  EXPECT_EQ(answer.media[1].find("telephone-event")->receive_payload_type, 98);
}

TEST(SdpAnswer, HoldAndUnholdByThePeer) {
  // Bob holds: sendonly, Alice answers recvonly; then Bob unholds.
  auto alice = sdp_us({sdp_can("audio", 49170)});
  const auto hold = sdp_answer_to(sdp_peer({"m=audio 49178 RTP/AVP 0", "a=sendonly"}), alice);
  EXPECT_EQ(hold.media[0].direction, Direction::recvonly);
  EXPECT_EQ(hold.media[0].hold, HoldState::remote);
  EXPECT_FALSE(hold.media[0].may_send());
  const auto unhold =
      sdp_answer_to(sdp_peer({"m=audio 49178 RTP/AVP 0", "a=sendrecv"}), alice,
                    {.local = &hold.description, .remote = nullptr, .last_sent = nullptr, .bindings = {}});
  EXPECT_EQ(unhold.media[0].direction, Direction::sendrecv);
  EXPECT_EQ(unhold.media[0].hold, HoldState::none);
  EXPECT_EQ(unhold.description.origin().version, "2");
}

// ---- directions: the whole table of RFC 3264 §6.1

TEST(SdpAnswer, DirectionTable) {
  const auto all = {Direction::sendrecv, Direction::sendonly, Direction::recvonly, Direction::inactive};
  for (const auto offered : all) {
    for (const auto wanted : all) {
      auto audio = sdp_can("audio", 4000);
      audio.direction = wanted;
      auto offer = sdp_peer({"m=audio 5000 RTP/AVP 0"});
      offer.set_all_directions(offered);
      const auto answer = sdp_answer_to(offer, sdp_us({audio}));
      const auto said = answer.description.direction_of(0);
      EXPECT_EQ(said, answer.media[0].direction);
      const std::string what = std::string(sdp::to_string(offered)) + " / " + std::string(sdp::to_string(wanted));
      if (offered == Direction::sendonly) {
        EXPECT_TRUE(said == Direction::recvonly || said == Direction::inactive) << what;
      }
      if (offered == Direction::recvonly) {
        EXPECT_TRUE(said == Direction::sendonly || said == Direction::inactive) << what;
      }
      if (offered == Direction::inactive) {
        EXPECT_EQ(said, Direction::inactive) << what;
      }
      if (offered == Direction::sendrecv) {
        EXPECT_EQ(said, wanted) << what;
      }
      // As much as both want, and no more.
      EXPECT_EQ(sdp::sends(said), sdp::sends(wanted) && sdp::receives(offered)) << what;
      EXPECT_EQ(sdp::receives(said), sdp::receives(wanted) && sdp::sends(offered)) << what;
    }
  }
}

TEST(SdpAnswer, SessionLevelDirectionCounts) {
  const auto offer =
      sdp_read({"v=0", "o=a 1 1 IN IP4 h", "s=-", "c=IN IP4 h", "t=0 0", "a=sendonly", "m=audio 5000 RTP/AVP 0"});
  EXPECT_EQ(sdp_answer_to(offer, sdp_us({sdp_can("audio", 4000)})).media[0].direction, Direction::recvonly);
}

// ---- formats

TEST(SdpAnswer, KeepsTheOfferersDynamicNumbers) {
  const auto offer = sdp_peer({"m=audio 5000 RTP/AVP 100 8 96 0", "a=rtpmap:100 telephone-event/8000",
                               "a=fmtp:100 0-16", "a=rtpmap:96 OPUS/48000/2", "a=fmtp:96 useinbandfec=1"});
  auto us = sdp_us({sdp_can(
      "audio", 4000,
      {sdp_pcmu, {"opus", 48000, 2, 111, "maxaveragebitrate=20000"}, {"telephone-event", 8000, 1, 101, "0-15"}})});
  const auto answer = sdp_answer_to(offer, us);
  const auto& media = answer.description.media()[0];
  EXPECT_THAT(media.formats(), ElementsAre("100", "96", "0"));
  EXPECT_EQ(media.rtpmap(96)->encoding, "opus");
  EXPECT_EQ(media.fmtp("96"), "maxaveragebitrate=20000");
  EXPECT_EQ(media.fmtp("100"), "0-15");
  ASSERT_TRUE(answer.media[0].primary());
  EXPECT_EQ(answer.media[0].primary()->codec.name, "opus") << "not telephone-event, though it stands first";
  EXPECT_EQ(answer.media[0].primary()->remote_fmtp, "useinbandfec=1");
  EXPECT_EQ(answer.media[0].primary()->send_payload_type, 96);
  // Our next offer keeps them too (RFC 3264 §8.3.2), and is the same description otherwise reordered to our taste.
  const auto next =
      sdp_offer_of(us, {.local = &answer.description, .remote = &offer, .last_sent = nullptr, .bindings = {}});
  EXPECT_THAT(next.media()[0].formats(), ElementsAre("0", "96", "100"));
}

TEST(SdpAnswer, ANumberOfLongAgoIsNotGivenToAnotherCodec) {
  auto us = sdp_us({sdp_can("audio", 4000, {sdp_pcmu, {"telephone-event", 8000, 1, 96, "0-15"}})});
  const std::vector<std::vector<sdp::PayloadBinding>> bindings = {{{96, sdp_opus}}};
  EXPECT_THAT(sdp_offer_of(us).media()[0].formats(), ElementsAre("0", "96"));
  const auto offer =
      sdp_offer_of(us, {.local = nullptr, .remote = nullptr, .last_sent = nullptr, .bindings = bindings});
  EXPECT_THAT(offer.media()[0].formats(), ElementsAre("0", "97"));
}

TEST(SdpAnswer, StaticNumbersNeedNoRtpmap) {
  const auto answer = sdp_answer_to(sdp_peer({"m=audio 5000 RTP/AVP 8 0"}), sdp_us({sdp_can("audio", 4000)}));
  EXPECT_THAT(answer.description.media()[0].formats(), ElementsAre("8", "0"));
}

TEST(SdpAnswer, AnRtpmapMayGiveAStaticNumberAnotherMeaning) {
  const auto answer =
      sdp_answer_to(sdp_peer({"m=audio 5000 RTP/AVP 0 8", "a=rtpmap:0 X/8000"}), sdp_us({sdp_can("audio", 4000)}));
  EXPECT_THAT(answer.description.media()[0].formats(), ElementsAre("8"));
}

TEST(SdpAnswer, TelephoneEventAloneIsNoCall) {
  const auto answer = sdp_answer_to(sdp_peer({"m=audio 5000 RTP/AVP 18 101", "a=rtpmap:101 telephone-event/8000"}),
                                    sdp_us({sdp_can("audio", 4000)}));
  EXPECT_EQ(answer.media[0].outcome, Outcome::no_common_format);
  EXPECT_FALSE(sdp::acceptable(answer.media));
}

TEST(SdpAnswer, OneCodecAndItsEvents) {
  auto us = sdp_us({sdp_can("audio", 4000)});
  us.media[0].single_codec = true;
  const auto answer = sdp_answer_to(sdp_peer({"m=audio 5000 RTP/AVP 8 0 101 102", "a=rtpmap:101 telephone-event/8000",
                                              "a=rtpmap:102 telephone-event/16000"}),
                                    us);
  EXPECT_THAT(answer.description.media()[0].formats(), ElementsAre("8", "101"));
}

TEST(SdpAnswer, DuplicateFormatsAreTakenOnce) {
  std::string many = "m=audio 5000 RTP/AVP";
  for (int i = 0; i < 120; ++i) many += " 0";
  const auto answer = sdp_answer_to(sdp_peer({many}), sdp_us({sdp_can("audio", 4000)}));
  EXPECT_THAT(answer.description.media()[0].formats(), ElementsAre("0"));
  EXPECT_EQ(answer.media[0].codecs.size(), 1U);
}

TEST(SdpAnswer, ParametersThatDefineAFormatMustAgree) {
  auto us = sdp_us({sdp_can("audio", 4000, {{"AMR", 8000, 1, {}, "octet-align=1"}})});
  const auto answer = sdp_answer_to(sdp_peer({"m=audio 5000 RTP/AVP 97 98", "a=rtpmap:97 AMR/8000",
                                              "a=rtpmap:98 AMR/8000", "a=fmtp:98 mode-set=0,2; Octet-Align=1"}),
                                    us);
  EXPECT_THAT(answer.description.media()[0].formats(), ElementsAre("98"));
  EXPECT_TRUE(sdp::same_format("H264", "profile-level-id=42e01f;packetization-mode=1",
                               "packetization-mode=1; profile-level-id=42E00A"));
  EXPECT_FALSE(sdp::same_format("H264", "profile-level-id=64001f", "profile-level-id=42e01f"));
  EXPECT_FALSE(sdp::same_format("h264", "packetization-mode=1", ""));
  EXPECT_TRUE(sdp::same_format("opus", "stereo=1", ""));
}

TEST(SdpAnswer, StreamsThatAreNotRtp) {
  auto fax = sdp_can("image", 4002, {{"t38", 0, 1, {}, ""}});
  fax.protocols = {"udptl"};
  fax.attributes = {"T38FaxVersion:0"};
  const auto answer = sdp_answer_to(sdp_peer({"m=image 5000 udptl t38", "a=T38FaxVersion:3"}), sdp_us({fax}));
  EXPECT_EQ(answer.description.media()[0].value_of('m'), "image 4002 udptl t38");
  EXPECT_EQ(answer.description.media()[0].attributes().size(), 1U) << "no rtpmap, no direction";
  EXPECT_EQ(answer.media[0].remote_rtcp_port, 0);
  const auto offer = sdp_offer_of(sdp_us({fax}));
  const auto media = sdp::read_answer(offer, sdp_peer({"m=image 5000 UDPTL T38"}), sdp_us({fax}));
  EXPECT_TRUE(media[0].accepted());
}

// ---- refusals

TEST(SdpAnswer, SaysWhyAStreamWasRefused) {
  const auto why = [](const sdp::SessionDescription& offer) {
    return sdp_answer_to(offer, sdp_us({sdp_can("audio", 4000)})).media[0].outcome;
  };
  EXPECT_EQ(why(sdp_peer({"m=audio 0 RTP/AVP 0"})), Outcome::disabled);
  EXPECT_EQ(why(sdp_peer({"m=video 5000 RTP/AVP 31"})), Outcome::no_capability);
  EXPECT_EQ(why(sdp_peer({"m=audio 5000 RTP/SAVP 0"})), Outcome::other_protocol);
  EXPECT_EQ(why(sdp_peer({"m=audio 5000 RTP/AVP 18"})), Outcome::no_common_format);
  EXPECT_EQ(why(sdp_peer({"m=audio 5000 RTP/AVP 0", "c=IN IP4 224.1.1.1/127"})), Outcome::multicast);
  EXPECT_EQ(why(sdp_read({"v=0", "o=a 1 1 IN IP4 h", "s=-", "t=0 0", "m=audio 5000 RTP/AVP 0"})), Outcome::no_address);
  EXPECT_EQ(why(sdp_peer({"m=audio 5000 rtp/avp 0"})), Outcome::accepted) << "without case";
}

TEST(SdpAnswer, AnOfferWithoutStreamsIsAcceptable) {
  const auto answer = sdp_answer_to(sdp_peer({}), sdp_us({sdp_can("audio", 4000)}));
  EXPECT_TRUE(sdp::acceptable(answer.media));
  EXPECT_TRUE(
      sdp::acceptable(sdp_answer_to(sdp_peer({"m=audio 0 RTP/AVP 0"}), sdp_us({sdp_can("audio", 4000)})).media));
}

TEST(SdpAnswer, NamesItsLinesAsTheOfferDid) {
  const auto answer =
      sdp_answer_to(sdp_peer({"m=audio 5000 RTP/AVP 0", "a=mid:x", "m=video 5002 RTP/AVP 31", "a=mid:y"}),
                    sdp_us({sdp_can("audio", 4000)}));
  EXPECT_EQ(answer.description.media()[0].get<sdp::Mid>()->value, "x");
  EXPECT_EQ(answer.description.media()[1].get<sdp::Mid>()->value, "y");
}

TEST(SdpAnswer, RefusedWithoutFormatStillHasOne) {
  const auto answer = sdp_answer_to(sdp_peer({"m=video 0 RTP/AVP"}), sdp_us({sdp_can("audio", 4000)}));
  EXPECT_EQ(answer.description.media()[0].value_of('m'), "video 0 RTP/AVP 0");
}

// ---- RTCP, address families

TEST(SdpAnswer, Rtcp) {
  auto us = sdp_us({sdp_can("audio", 4000)});
  const auto plain = sdp_answer_to(sdp_peer({"m=audio 65535 RTP/AVP 0"}), us).media[0];
  EXPECT_EQ(plain.remote_rtcp_port, 0) << "no port above the highest";
  const auto elsewhere =
      sdp_answer_to(sdp_peer({"m=audio 5000 RTP/AVP 0", "a=rtcp:53020 IN IP4 203.0.113.5"}), us).media[0];
  EXPECT_EQ(elsewhere.remote_rtcp_port, 53020);
  EXPECT_EQ(elsewhere.remote_rtcp_address, "203.0.113.5");
  EXPECT_EQ(elsewhere.remote_address, "198.51.100.1");
  const auto offer = sdp_peer({"m=audio 5000 RTP/AVP 0", "a=rtcp-mux"});
  EXPECT_FALSE(sdp_answer_to(offer, us).media[0].rtcp_mux);
  EXPECT_FALSE(sdp_answer_to(offer, us).description.media()[0].rtcp_mux());
  us.media[0].rtcp_mux = true;
  const auto mux = sdp_answer_to(offer, us);
  EXPECT_TRUE(mux.description.media()[0].rtcp_mux());
  EXPECT_EQ(mux.media[0].remote_rtcp_port, 5000);
  EXPECT_FALSE(sdp_answer_to(sdp_peer({"m=audio 5000 RTP/AVP 0"}), us).description.media()[0].rtcp_mux())
      << "only when offered (RFC 5761 §5.1.1)";
}

TEST(SdpAnswer, TheFamilyOfTheOfferWhereWeHaveIt) {
  const auto both = sdp_us({sdp_can("audio", 4000), sdp_can("video", 4002, {{"H263-1998", 90000, 1, {}, ""}})},
                           {"192.0.2.1", "2001:db8::9"});
  auto mixed = sdp::parse(sdp_test::example("rfc5118-mult-ip-in-sdp"));
  ASSERT_TRUE(mixed);
  const auto answer = sdp_answer_to(*mixed, both);
  EXPECT_EQ(answer.description.connection_of(0), sdp::Connection::of("192.0.2.1"));
  EXPECT_EQ(answer.description.connection_of(1), sdp::Connection::of("2001:db8::9"));
  EXPECT_EQ(answer.media[1].remote_address, "2001:db8::1");
  const auto v6 = sdp_answer_to(sdp_peer({"m=audio 5000 RTP/AVP 0", "c=IN IP6 2001:db8::1"}),
                                sdp_us({sdp_can("audio", 4000)}, {"2001:db8::9"}));
  EXPECT_EQ(v6.description.connection(), sdp::Connection::of("2001:db8::9"));
}

TEST(SdpAnswer, BandwidthZeroSilences) {
  EXPECT_TRUE(sdp_answer_to(sdp_peer({"m=audio 5000 RTP/AVP 0", "b=AS:0"}), sdp_us({sdp_can("audio", 4000)}))
                  .media[0]
                  .silenced);
  EXPECT_FALSE(sdp_answer_to(sdp_peer({"m=audio 5000 RTP/AVP 0", "b=AS:64"}), sdp_us({sdp_can("audio", 4000)}))
                   .media[0]
                   .silenced);
}

// ---- what chance offers

TEST(SdpAnswer, ToAnyOfferThatCanBeReadIsWellFormed) {
  sdp_test::Chance chance(7);
  auto us = sdp_us({sdp_can("audio", 4000), sdp_can("video", 4002, {{"H261", 90000, 1, 31, ""}})},
                   {"192.0.2.1", "2001:db8::1"});
  const auto ours = sdp_offer_of(us);
  constexpr std::string_view salt(
      "\r\n \t=:/0am9"
      "\xFF",
      12);
  std::size_t answered = 0;
  for (const auto& [name, text] : sdp_test::examples()) {
    for (int round = 0; round < 100; ++round) {
      auto bad = text;
      for (std::size_t edits = chance.below(4); edits > 0 && !bad.empty(); --edits)
        bad[chance.below(bad.size())] = salt[chance.below(salt.size())];
      auto offer = sdp::parse(bad);
      if (!offer) continue;
      auto answer = sdp::make_answer(*offer, us);
      ASSERT_TRUE(answer) << bad;
      ++answered;
      auto again = sdp::parse(answer->description.to_string());
      ASSERT_TRUE(again) << answer->description.to_string();
      EXPECT_EQ(*again, answer->description);
      EXPECT_EQ(answer->description.media().size(), offer->media().size());
      EXPECT_EQ(sdp::read_answer(ours, *offer, us).size(), ours.media().size());
      EXPECT_TRUE(sdp::make_offer(
          us, {.local = &answer->description, .remote = &*offer, .last_sent = nullptr, .bindings = {}}));
    }
  }
  EXPECT_GT(answered, 1000U);
}

}  // namespace sdp_test
