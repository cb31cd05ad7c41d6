#include "sdp_data.hpp"

#include <peal/message/sdp/negotiate.hpp>

#include <gmock/gmock.h>

namespace sdp_test {

using namespace peal;
using sdp::Direction;
using sdp::HoldState;
using sdp::Outcome;
using testing::ElementsAre;

namespace {

sdp::SessionDescription sdp_read(std::initializer_list<std::string_view> list) {
  auto parsed = sdp::parse(lines(list));
  EXPECT_TRUE(parsed);
  return parsed.value_or(sdp::SessionDescription());
}

sdp::MediaCapability sdp_can(std::string_view type, std::uint16_t port, std::vector<sdp::Codec> codecs = sdp::default_codecs()) {
  sdp::MediaCapability out;
  out.type = type;
  out.port = port;
  out.codecs = std::move(codecs);
  return out;
}

sdp::Capabilities sdp_us(std::vector<sdp::MediaCapability> media, std::vector<std::string> addresses = {"192.0.2.1"}) {
  sdp::Capabilities out;
  out.addresses = std::move(addresses);
  out.media = std::move(media);
  out.session_id = 77;
  out.version = 1;
  return out;
}

/// An offer of one stream by a peer at 198.51.100.1.
sdp::SessionDescription sdp_peer(std::initializer_list<std::string_view> media) {
  auto text = lines({"v=0", "o=peer 1 1 IN IP4 198.51.100.1", "s=-", "c=IN IP4 198.51.100.1", "t=0 0"}) + lines(media);
  auto parsed = sdp::parse(text);
  EXPECT_TRUE(parsed);
  return parsed.value_or(sdp::SessionDescription());
}

sdp::Answer sdp_answer_to(const sdp::SessionDescription& offer, const sdp::Capabilities& ours, const sdp::Previous& previous = {}) {
  auto answer = sdp::make_answer(offer, ours, previous);
  EXPECT_TRUE(answer);
  if (!answer) return {};
  // What holds for every answer (RFC 3264 §6).
  EXPECT_EQ(answer->description.media().size(), offer.media().size());
  EXPECT_EQ(answer->media.size(), offer.media().size());
  EXPECT_EQ(sdp::check(answer->description), std::nullopt) << answer->description.to_string();
  EXPECT_EQ(answer->description.timings(), offer.timings());
  for (std::size_t i = 0; i < offer.media().size(); ++i) {
    EXPECT_EQ(answer->description.media()[i].type(), offer.media()[i].type());
    EXPECT_EQ(answer->description.media()[i].protocol(), offer.media()[i].protocol());
    EXPECT_EQ(answer->media[i].accepted(), answer->description.media()[i].port() != 0);
  }
  return *answer;
}

sdp::SessionDescription sdp_offer_of(const sdp::Capabilities& ours, const sdp::Previous& previous = {}) {
  auto offer = sdp::make_offer(ours, previous);
  EXPECT_TRUE(offer);
  if (!offer) return {};
  EXPECT_EQ(sdp::check(*offer), std::nullopt) << offer->to_string();
  return *offer;
}

const sdp::Codec sdp_pcmu{"PCMU", 8000, 1, 0, ""};
const sdp::Codec sdp_g723{"G723", 8000, 1, 4, ""};
const sdp::Codec sdp_g729{"G729", 8000, 1, 18, ""};
const sdp::Codec sdp_opus{"opus", 48000, 2, {}, ""};

}  // namespace

TEST(SdpOffer, OfTheDefaultCodecs) {
  const auto offer = sdp_offer_of(sdp_us({sdp_can("audio", 4000)}));
  EXPECT_EQ(offer.to_string(),
            lines({"v=0", "o=- 77 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0", "m=audio 4000 RTP/AVP 0 8 101",
                   "a=rtpmap:0 PCMU/8000", "a=rtpmap:8 PCMA/8000", "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-15",
                   "a=sendrecv"}));
}

TEST(SdpOffer, OverIpv6WithEverythingAStreamCanSay) {
  auto audio = sdp_can("audio", 4000, {sdp_opus, sdp_pcmu});
  audio.rtcp_mux = true;
  audio.ptime = std::chrono::milliseconds(20);
  audio.attributes = {"mid:a", "x-flag"};
  audio.direction = Direction::recvonly;
  const auto offer = sdp_offer_of(sdp_us({audio}, {"2001:db8::1"}));
  EXPECT_EQ(offer.to_string(),
            lines({"v=0", "o=- 77 1 IN IP6 2001:db8::1", "s=-", "c=IN IP6 2001:db8::1", "t=0 0", "m=audio 4000 RTP/AVP 96 0",
                   "a=rtpmap:96 opus/48000/2", "a=rtpmap:0 PCMU/8000", "a=ptime:20", "a=rtcp-mux", "a=mid:a", "a=x-flag",
                   "a=recvonly"}));
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
  EXPECT_EQ(sdp::make_offer(sdp_us({sdp_can("audio", 1, {{"x", 8000, 1, 96, "a\r\nm=x"}})})).error(), errc::forbidden_byte);
  EXPECT_EQ(sdp::make_offer(sdp_us({sdp_can("audio", 1)}, {"h\r\na=x"})).error(), errc::forbidden_byte);
  std::vector<sdp::Codec> many;
  for (int i = 0; i < 200; ++i) many.push_back({"x" + std::to_string(i), 8000, 1, {}, ""});
  EXPECT_EQ(sdp::make_offer(sdp_us({sdp_can("audio", 1, many)})).error(), errc::limit_reached);
}

// ---- RFC 3264 §10.1

namespace {
const std::initializer_list<std::string_view> alices_offer = {
    "v=0", "o=alice 2890844526 2890844526 IN IP4 host.anywhere.com", "s=", "c=IN IP4 host.anywhere.com", "t=0 0",
    "m=audio 49170 RTP/AVP 0", "a=rtpmap:0 PCMU/8000", "m=video 51372 RTP/AVP 31", "a=rtpmap:31 H261/90000",
    "m=video 53000 RTP/AVP 32", "a=rtpmap:32 MPV/90000"};

sdp::Capabilities sdp_bob() {
  auto bob = sdp_us({sdp_can("audio", 49920, {sdp_pcmu}), sdp_can("video", 53000, {{"MPV", 90000, 1, 32, ""}})}, {"host.example.com"});
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
            lines({"v=0", "o=bob 2890844730 2890844730 IN IP4 host.example.com", "s=-", "c=IN IP4 host.example.com", "t=0 0",
                   "m=audio 49920 RTP/AVP 0", "a=rtpmap:0 PCMU/8000", "a=sendrecv", "m=video 0 RTP/AVP 31",
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
  const auto bob1 = sdp_read({"v=0", "o=bob 2890844730 2890844730 IN IP4 host.example.com", "s=", "c=IN IP4 host.example.com", "t=0 0",
                              "m=audio 49920 RTP/AVP 0", "a=rtpmap:0 PCMU/8000", "m=video 0 RTP/AVP 31",
                              "m=video 53000 RTP/AVP 32", "a=rtpmap:32 MPV/90000"});
  auto bob = sdp_bob();
  bob.media[0].port = 65422;
  auto events = sdp_can("audio", 51434, {{"telephone-events", 8000, 1, 110, ""}});
  events.direction = Direction::recvonly;
  bob.media.push_back(events);
  const auto offer = sdp_offer_of(bob, {.local = &bob1, .remote = &alice1, .last_sent = nullptr, .bindings = {}});
  EXPECT_EQ(offer.to_string(),
            lines({"v=0", "o=bob 2890844730 2890844731 IN IP4 host.example.com", "s=-", "c=IN IP4 host.example.com", "t=0 0",
                   "m=audio 65422 RTP/AVP 0", "a=rtpmap:0 PCMU/8000", "a=sendrecv", "m=video 0 RTP/AVP 31",
                   "m=video 53000 RTP/AVP 32", "a=rtpmap:32 MPV/90000", "a=sendrecv",
                   "m=audio 51434 RTP/AVP 110", "a=rtpmap:110 telephone-events/8000", "a=recvonly"}));
  const auto alice2 = sdp_read({"v=0", "o=alice 2890844526 2890844527 IN IP4 host.anywhere.com", "s=", "c=IN IP4 host.anywhere.com",
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
  const auto alice1 = sdp_read({"v=0", "o=alice 2890844526 2890844526 IN IP4 host.anywhere.com", "s=", "c=IN IP4 host.anywhere.com",
                                "t=0 0", "m=audio 62986 RTP/AVP 0 4 18", "a=rtpmap:0 PCMU/8000", "a=rtpmap:4 G723/8000",
                                "a=rtpmap:18 G729/8000", "a=inactive"});
  auto bob = sdp_us({sdp_can("audio", 54344, {sdp_g723, sdp_pcmu})}, {"host.example.com"});
  bob.username = "bob";
  bob.session_id = 2890844730;
  bob.version = 2890844731;
  const auto first = sdp_answer_to(alice1, bob);
  EXPECT_EQ(first.description.to_string(),
            lines({"v=0", "o=bob 2890844730 2890844731 IN IP4 host.example.com", "s=-", "c=IN IP4 host.example.com", "t=0 0",
                   "m=audio 54344 RTP/AVP 0 4", "a=rtpmap:0 PCMU/8000", "a=rtpmap:4 G723/8000", "a=inactive"}))
      << "the offer's order, not ours (RFC 3264 §6.1)";
  const auto alice2 = sdp_read({"v=0", "o=alice 2890844526 2890844527 IN IP4 host.anywhere.com", "s=", "c=IN IP4 host.anywhere.com",
                                "t=0 0", "m=audio 62986 RTP/AVP 4", "a=rtpmap:4 G723/8000", "a=sendrecv"});
  const auto second = sdp_answer_to(alice2, bob, {.local = &first.description, .remote = &alice1, .last_sent = nullptr, .bindings = {}});
  EXPECT_EQ(second.description.to_string(),
            lines({"v=0", "o=bob 2890844730 2890844732 IN IP4 host.example.com", "s=-", "c=IN IP4 host.example.com", "t=0 0",
                   "m=audio 54344 RTP/AVP 4", "a=rtpmap:4 G723/8000", "a=sendrecv"}));
}

// ---- RFC 4317

TEST(SdpAnswer, Rfc4317Section2_1AudioAndVideo1) {
  const auto offer = sdp_read({"v=0", "o=alice 2890844526 2890844526 IN IP4 host.atlanta.example.com", "s=",
                               "c=IN IP4 host.atlanta.example.com", "t=0 0", "m=audio 49170 RTP/AVP 0 8 97", "a=rtpmap:0 PCMU/8000",
                               "a=rtpmap:8 PCMA/8000", "a=rtpmap:97 iLBC/8000", "m=video 51372 RTP/AVP 31 32",
                               "a=rtpmap:31 H261/90000", "a=rtpmap:32 MPV/90000"});
  const auto answer = sdp_answer_to(offer, sdp_us({sdp_can("audio", 49174, {sdp_pcmu}), sdp_can("video", 49170, {{"MPV", 90000, 1, 32, ""}})}));
  EXPECT_EQ(answer.description.media()[0].value_of('m'), "audio 49174 RTP/AVP 0");
  EXPECT_EQ(answer.description.media()[1].value_of('m'), "video 49170 RTP/AVP 32");
}

TEST(SdpAnswer, Rfc4317Section2_2AudioAndVideo2VideoRefused) {
  const auto offer = sdp_read({"v=0", "o=alice 2890844526 2890844526 IN IP4 host.atlanta.example.com", "s=",
                               "c=IN IP4 host.atlanta.example.com", "t=0 0", "m=audio 49170 RTP/AVP 0 8 97", "a=rtpmap:0 PCMU/8000",
                               "a=rtpmap:8 PCMA/8000", "a=rtpmap:97 iLBC/8000", "m=video 51372 RTP/AVP 31 32",
                               "a=rtpmap:31 H261/90000", "a=rtpmap:32 MPV/90000"});
  const auto answer = sdp_answer_to(offer, sdp_us({sdp_can("audio", 49172, {sdp_pcmu, {"PCMA", 8000, 1, 8, ""}})}));
  EXPECT_EQ(answer.description.media()[0].value_of('m'), "audio 49172 RTP/AVP 0 8");
  EXPECT_EQ(answer.description.media()[1].value_of('m'), "video 0 RTP/AVP 31 32");
  EXPECT_EQ(answer.media[1].outcome, Outcome::no_capability);
  EXPECT_TRUE(sdp::acceptable(answer.media));
}

TEST(SdpAnswer, Rfc4317Section2_4AudioAndTelephoneEvents) {
  const auto offer = sdp_read({"v=0", "o=alice 2890844526 2890844526 IN IP4 host.atlanta.example.com", "s=",
                               "c=IN IP4 host.atlanta.example.com", "t=0 0", "m=audio 49170 RTP/AVP 0 97", "a=rtpmap:0 PCMU/8000",
                               "a=rtpmap:97 iLBC/8000", "m=audio 49172 RTP/AVP 98", "a=rtpmap:98 telephone-event/8000", "a=sendonly"});
  const auto answer = sdp_answer_to(
      offer, sdp_us({sdp_can("audio", 49172, {{"iLBC", 8000, 1, {}, ""}}), sdp_can("audio", 49174, {{"telephone-event", 8000, 1, {}, ""}})}));
  EXPECT_EQ(answer.description.media()[0].value_of('m'), "audio 49172 RTP/AVP 97");
  EXPECT_EQ(answer.description.media()[1].value_of('m'), "audio 49174 RTP/AVP 98");
  EXPECT_EQ(answer.media[1].direction, Direction::recvonly);
  ASSERT_TRUE(answer.media[1].find("Telephone-Event"));
  EXPECT_EQ(answer.media[1].find("telephone-event")->receive_payload_type, 98);
}

TEST(SdpAnswer, Rfc4317Section3_1HoldAndUnholdOneStream) {
  // Bob holds: sendonly, Alice answers recvonly; then Bob unholds.
  auto alice = sdp_us({sdp_can("audio", 49170)});
  const auto hold = sdp_answer_to(sdp_peer({"m=audio 49178 RTP/AVP 0", "a=sendonly"}), alice);
  EXPECT_EQ(hold.media[0].direction, Direction::recvonly);
  EXPECT_EQ(hold.media[0].hold, HoldState::remote);
  EXPECT_FALSE(hold.media[0].may_send());
  const auto unhold = sdp_answer_to(sdp_peer({"m=audio 49178 RTP/AVP 0", "a=sendrecv"}), alice,
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
      if (offered == Direction::sendonly) { EXPECT_TRUE(said == Direction::recvonly || said == Direction::inactive) << what; }
      if (offered == Direction::recvonly) { EXPECT_TRUE(said == Direction::sendonly || said == Direction::inactive) << what; }
      if (offered == Direction::inactive) { EXPECT_EQ(said, Direction::inactive) << what; }
      if (offered == Direction::sendrecv) { EXPECT_EQ(said, wanted) << what; }
      // As much as both want, and no more.
      EXPECT_EQ(sdp::sends(said), sdp::sends(wanted) && sdp::receives(offered)) << what;
      EXPECT_EQ(sdp::receives(said), sdp::receives(wanted) && sdp::sends(offered)) << what;
    }
  }
}

TEST(SdpAnswer, SessionLevelDirectionCounts) {
  const auto offer = sdp_read({"v=0", "o=a 1 1 IN IP4 h", "s=-", "c=IN IP4 h", "t=0 0", "a=sendonly", "m=audio 5000 RTP/AVP 0"});
  EXPECT_EQ(sdp_answer_to(offer, sdp_us({sdp_can("audio", 4000)})).media[0].direction, Direction::recvonly);
}

// ---- hold

TEST(SdpHold, OfferSaysSendonlyAndOnlyTheVersionMovesBesides) {
  auto us = sdp_us({sdp_can("audio", 4000)});
  const auto first = sdp_offer_of(us);
  us.media[0].hold = true;
  const auto held = sdp_offer_of(us, {.local = &first, .remote = nullptr, .last_sent = nullptr, .bindings = {}});
  auto expected = first;
  expected.media()[0].set_direction(Direction::sendonly);
  ASSERT_TRUE(expected.bump_version());
  EXPECT_EQ(held.to_string(), expected.to_string());
  us.media[0].silent_hold = true;
  EXPECT_EQ(sdp_offer_of(us).direction_of(0), Direction::inactive);
  us.media[0].silent_hold = false;
  us.media[0].direction = Direction::recvonly;
  EXPECT_EQ(sdp_offer_of(us).direction_of(0), Direction::inactive) << "RFC 3264 §8.4";
}

TEST(SdpHold, WhoHoldsAfterAnAnswer) {
  struct Case {
    bool ours;
    std::string_view answer;
    HoldState hold;
  };
  const Case cases[] = {{false, "a=sendrecv", HoldState::none},  {false, "a=sendonly", HoldState::remote},
                        {false, "a=recvonly", HoldState::none},  {false, "a=inactive", HoldState::remote},
                        {true, "a=recvonly", HoldState::local},  {true, "a=inactive", HoldState::both}};
  for (const auto& one : cases) {
    auto us = sdp_us({sdp_can("audio", 4000)});
    us.media[0].hold = one.ours;
    const auto offer = sdp_offer_of(us);
    const auto media = sdp::read_answer(offer, sdp_peer({"m=audio 5000 RTP/AVP 0", one.answer}), us);
    EXPECT_EQ(media[0].hold, one.hold) << one.ours << one.answer;
    EXPECT_EQ(sdp::hold_state(offer, sdp_peer({"m=audio 5000 RTP/AVP 0", one.answer}), true, one.ours), one.hold);
  }
}

TEST(SdpHold, WhoHoldsAfterAnOffer) {
  struct Case {
    bool ours;
    std::string_view offer, answer;
    HoldState hold;
  };
  const Case cases[] = {{false, "a=sendonly", "recvonly", HoldState::remote}, {false, "a=inactive", "inactive", HoldState::remote},
                        {false, "a=recvonly", "sendonly", HoldState::none},   {true, "a=sendrecv", "sendonly", HoldState::local},
                        {true, "a=sendonly", "inactive", HoldState::both},    {true, "a=inactive", "inactive", HoldState::both}};
  for (const auto& one : cases) {
    auto us = sdp_us({sdp_can("audio", 4000)});
    us.media[0].hold = one.ours;
    const auto answer = sdp_answer_to(sdp_peer({"m=audio 5000 RTP/AVP 0", one.offer}), us);
    EXPECT_EQ(answer.media[0].hold, one.hold) << one.ours << one.offer;
    EXPECT_EQ(sdp::hold_state(answer.description, sdp_peer({"m=audio 5000 RTP/AVP 0", one.offer}), false, one.ours), one.hold);
    EXPECT_EQ(sdp::to_string(answer.media[0].direction), one.answer);
  }
}

TEST(SdpHold, TheOldWayWithAnUnspecifiedAddress) {
  for (const auto address : {"c=IN IP4 0.0.0.0", "c=IN IP6 ::"}) {
    const auto answer = sdp_answer_to(sdp_peer({"m=audio 5000 RTP/AVP 0", address}), sdp_us({sdp_can("audio", 4000)}));
    EXPECT_TRUE(answer.media[0].accepted());
    EXPECT_EQ(answer.media[0].hold, HoldState::remote);
    EXPECT_EQ(answer.media[0].direction, Direction::sendrecv) << "RFC 6337 §5.4: from the attribute, not the address";
    EXPECT_FALSE(answer.media[0].may_send());
    EXPECT_TRUE(answer.media[0].silenced);
  }
}

TEST(SdpHold, OfASessionMeansEveryStreamInUse) {
  const auto ours = sdp_peer({"m=audio 1 RTP/AVP 0", "m=audio 3 RTP/AVP 0", "m=video 0 RTP/AVP 31"});
  const auto theirs = sdp_peer({"m=audio 1 RTP/AVP 0", "a=sendonly", "m=audio 3 RTP/AVP 0", "m=video 0 RTP/AVP 31"});
  EXPECT_EQ(sdp::hold_state(ours, theirs, false, false), HoldState::none);
  auto all = theirs;
  all.media()[1].set_direction(Direction::inactive);
  EXPECT_EQ(sdp::hold_state(ours, all, false, false), HoldState::remote);
  EXPECT_EQ(sdp::hold_state(ours, all, false, true), HoldState::both);
  EXPECT_EQ(sdp::hold_state(sdp_peer({}), sdp_peer({}), false, false), HoldState::none);
}

TEST(SdpHold, NobodyStaysHeldWhenBothResumeInTurn) {
  // RFC 6337 §5.3: A holds, B holds, A resumes, B resumes.
  auto a = sdp_us({sdp_can("audio", 4000)});
  auto b = sdp_us({sdp_can("audio", 5000)}, {"198.51.100.1"});
  sdp::SessionDescription of_a, of_b;
  bool first = true;
  const auto exchange = [&](auto& from, auto& said_by_from, auto& to, auto& said_by_to) {
    const auto offer = sdp_offer_of(from, {.local = first ? nullptr : &said_by_from, .remote = nullptr, .last_sent = nullptr, .bindings = {}});
    const auto answer = sdp_answer_to(offer, to, {.local = first ? nullptr : &said_by_to, .remote = nullptr, .last_sent = nullptr, .bindings = {}});
    first = false;
    said_by_from = offer;
    said_by_to = answer.description;
    return std::pair(sdp::read_answer(offer, answer.description, from)[0].hold, answer.media[0].hold);
  };
  EXPECT_EQ(exchange(a, of_a, b, of_b), std::pair(HoldState::none, HoldState::none));
  a.media[0].hold = true;
  EXPECT_EQ(exchange(a, of_a, b, of_b), std::pair(HoldState::local, HoldState::remote));
  b.media[0].hold = true;
  EXPECT_EQ(exchange(b, of_b, a, of_a), std::pair(HoldState::both, HoldState::both));
  a.media[0].hold = false;
  EXPECT_EQ(exchange(a, of_a, b, of_b), std::pair(HoldState::remote, HoldState::local));
  b.media[0].hold = false;
  EXPECT_EQ(exchange(b, of_b, a, of_a), std::pair(HoldState::none, HoldState::none));
}

// ---- formats

TEST(SdpAnswer, KeepsTheOfferersDynamicNumbers) {
  const auto offer = sdp_peer({"m=audio 5000 RTP/AVP 100 8 96 0", "a=rtpmap:100 telephone-event/8000", "a=fmtp:100 0-16",
                               "a=rtpmap:96 OPUS/48000/2", "a=fmtp:96 useinbandfec=1"});
  auto us = sdp_us({sdp_can("audio", 4000, {sdp_pcmu, {"opus", 48000, 2, 111, "maxaveragebitrate=20000"}, {"telephone-event", 8000, 1, 101, "0-15"}})});
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
  const auto next = sdp_offer_of(us, {.local = &answer.description, .remote = &offer, .last_sent = nullptr, .bindings = {}});
  EXPECT_THAT(next.media()[0].formats(), ElementsAre("0", "96", "100"));
}

TEST(SdpAnswer, ANumberOfLongAgoIsNotGivenToAnotherCodec) {
  auto us = sdp_us({sdp_can("audio", 4000, {sdp_pcmu, {"telephone-event", 8000, 1, 96, "0-15"}})});
  const std::vector<std::vector<sdp::PayloadBinding>> bindings = {{{96, sdp_opus}}};
  EXPECT_THAT(sdp_offer_of(us).media()[0].formats(), ElementsAre("0", "96"));
  const auto offer = sdp_offer_of(us, {.local = nullptr, .remote = nullptr, .last_sent = nullptr, .bindings = bindings});
  EXPECT_THAT(offer.media()[0].formats(), ElementsAre("0", "97"));
}

TEST(SdpAnswer, StaticNumbersNeedNoRtpmap) {
  const auto answer = sdp_answer_to(sdp_peer({"m=audio 5000 RTP/AVP 8 0"}), sdp_us({sdp_can("audio", 4000)}));
  EXPECT_THAT(answer.description.media()[0].formats(), ElementsAre("8", "0"));
}

TEST(SdpAnswer, AnRtpmapMayGiveAStaticNumberAnotherMeaning) {
  const auto answer = sdp_answer_to(sdp_peer({"m=audio 5000 RTP/AVP 0 8", "a=rtpmap:0 X/8000"}), sdp_us({sdp_can("audio", 4000)}));
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
                                              "a=rtpmap:102 telephone-event/16000"}), us);
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
  const auto answer = sdp_answer_to(sdp_peer({"m=audio 5000 RTP/AVP 97 98", "a=rtpmap:97 AMR/8000", "a=rtpmap:98 AMR/8000",
                                              "a=fmtp:98 mode-set=0,2; Octet-Align=1"}), us);
  EXPECT_THAT(answer.description.media()[0].formats(), ElementsAre("98"));
  EXPECT_TRUE(sdp::same_format("H264", "profile-level-id=42e01f;packetization-mode=1", "packetization-mode=1; profile-level-id=42E00A"));
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
  const auto why = [](const sdp::SessionDescription& offer) { return sdp_answer_to(offer, sdp_us({sdp_can("audio", 4000)})).media[0].outcome; };
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
  EXPECT_TRUE(sdp::acceptable(sdp_answer_to(sdp_peer({"m=audio 0 RTP/AVP 0"}), sdp_us({sdp_can("audio", 4000)})).media));
}

TEST(SdpAnswer, NamesItsLinesAsTheOfferDid) {
  const auto answer = sdp_answer_to(sdp_peer({"m=audio 5000 RTP/AVP 0", "a=mid:x", "m=video 5002 RTP/AVP 31", "a=mid:y"}),
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
  const auto elsewhere = sdp_answer_to(sdp_peer({"m=audio 5000 RTP/AVP 0", "a=rtcp:53020 IN IP4 203.0.113.5"}), us).media[0];
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
  EXPECT_FALSE(sdp_answer_to(sdp_peer({"m=audio 5000 RTP/AVP 0"}), us).description.media()[0].rtcp_mux()) << "only when offered (RFC 5761 §5.1.1)";
}

TEST(SdpAnswer, TheFamilyOfTheOfferWhereWeHaveIt) {
  const auto both = sdp_us({sdp_can("audio", 4000), sdp_can("video", 4002, {{"H263-1998", 90000, 1, {}, ""}})}, {"192.0.2.1", "2001:db8::9"});
  auto mixed = sdp::parse(sdp_test::example("rfc5118-mult-ip-in-sdp"));
  ASSERT_TRUE(mixed);
  const auto answer = sdp_answer_to(*mixed, both);
  EXPECT_EQ(answer.description.connection_of(0), sdp::Connection::of("192.0.2.1"));
  EXPECT_EQ(answer.description.connection_of(1), sdp::Connection::of("2001:db8::9"));
  EXPECT_EQ(answer.media[1].remote_address, "2001:db8::1");
  const auto v6 = sdp_answer_to(sdp_peer({"m=audio 5000 RTP/AVP 0", "c=IN IP6 2001:db8::1"}), sdp_us({sdp_can("audio", 4000)}, {"2001:db8::9"}));
  EXPECT_EQ(v6.description.connection(), sdp::Connection::of("2001:db8::9"));
}

TEST(SdpAnswer, BandwidthZeroSilences) {
  EXPECT_TRUE(sdp_answer_to(sdp_peer({"m=audio 5000 RTP/AVP 0", "b=AS:0"}), sdp_us({sdp_can("audio", 4000)})).media[0].silenced);
  EXPECT_FALSE(sdp_answer_to(sdp_peer({"m=audio 5000 RTP/AVP 0", "b=AS:64"}), sdp_us({sdp_can("audio", 4000)})).media[0].silenced);
}

// ---- reading answers

TEST(SdpReadAnswer, SendsWithTheirNumbersReceivesWithOurs) {
  auto us = sdp_us({sdp_can("audio", 4000, {sdp_opus, sdp_pcmu, {"telephone-event", 8000, 1, 101, ""}})});
  const auto offer = sdp_offer_of(us);
  const auto media = sdp::read_answer(offer, sdp_peer({"m=audio 5000 RTP/AVP 0 110 120", "a=rtpmap:110 opus/48000/2",
                                                       "a=rtpmap:120 telephone-event/8000", "a=ptime:30"}), us);
  ASSERT_EQ(media[0].codecs.size(), 3U);
  EXPECT_EQ(media[0].primary()->codec.name, "PCMU") << "the answer's order (RFC 3264 §7)";
  EXPECT_EQ(media[0].find("opus")->send_payload_type, 110);
  EXPECT_EQ(media[0].find("opus")->receive_payload_type, 96);
  EXPECT_EQ(media[0].find("telephone-event")->send_payload_type, 120);
  EXPECT_EQ(media[0].find("telephone-event")->receive_payload_type, 101);
  EXPECT_EQ(media[0].ptime, std::chrono::milliseconds(30));
}

TEST(SdpReadAnswer, ADynamicNumberWithoutRtpmapMeansWhatWeOffered) {
  auto us = sdp_us({sdp_can("audio", 4000)});
  const auto media = sdp::read_answer(sdp_offer_of(us), sdp_peer({"m=audio 5000 RTP/AVP 0 101"}), us);
  ASSERT_TRUE(media[0].find("telephone-event"));
}

TEST(SdpReadAnswer, OutcomesOfEachLine) {
  auto us = sdp_us({sdp_can("audio", 4000), sdp_can("video", 4002, {{"H261", 90000, 1, 31, ""}})});
  const auto offer = sdp_offer_of(us);
  const auto outcomes = [&](std::initializer_list<std::string_view> answer) {
    std::vector<Outcome> out;
    for (const auto& one : sdp::read_answer(offer, sdp_peer(answer), us)) out.push_back(one.outcome);
    return out;
  };
  EXPECT_THAT(outcomes({"m=audio 5000 RTP/AVP 0", "m=video 0 RTP/AVP 31"}), ElementsAre(Outcome::accepted, Outcome::rejected_by_peer));
  EXPECT_THAT(outcomes({"m=audio 5000 RTP/AVP 0"}), ElementsAre(Outcome::accepted, Outcome::rejected_by_peer)) << "too short";
  EXPECT_THAT(outcomes({"m=audio 5000 RTP/AVP 0", "m=video 2 RTP/AVP 31", "m=text 4 RTP/AVP 98"}), ElementsAre(Outcome::accepted, Outcome::accepted));
  EXPECT_THAT(outcomes({"m=video 5000 RTP/AVP 31", "m=video 2 RTP/SAVP 31"}), ElementsAre(Outcome::mismatch, Outcome::mismatch));
  EXPECT_THAT(outcomes({"m=audio 5000 RTP/AVP 18", "m=video 2 RTP/AVP 34"}), ElementsAre(Outcome::no_common_format, Outcome::no_common_format));
  EXPECT_FALSE(sdp::acceptable(sdp::read_answer(offer, sdp_peer({}), us)));
}

TEST(SdpReadAnswer, ADirectionThatTheOfferForbidsIsCut) {
  auto us = sdp_us({sdp_can("audio", 4000)});
  us.media[0].direction = Direction::sendonly;
  const auto media = sdp::read_answer(sdp_offer_of(us), sdp_peer({"m=audio 5000 RTP/AVP 0", "a=sendrecv"}), us);
  EXPECT_EQ(media[0].direction, Direction::sendonly);
}

// ---- o=, m-lines over time

TEST(SdpVersion, StaysWhileNothingChanged) {
  auto us = sdp_us({sdp_can("audio", 4000, {sdp_opus, sdp_pcmu})});
  const auto first = sdp_offer_of(us);
  const auto answer = sdp_peer({"m=audio 5000 RTP/AVP 111 0", "a=rtpmap:111 opus/48000/2"});
  const auto again = sdp_offer_of(us, {.local = &first, .remote = &answer, .last_sent = nullptr, .bindings = {}});
  EXPECT_EQ(again, first) << "their number for opus does not become ours";
}

TEST(SdpVersion, CountsOnFromAnOfferThatWasRefused) {
  auto us = sdp_us({sdp_can("audio", 4000)});
  const auto first = sdp_offer_of(us);
  us.media[0].port = 4002;
  const auto refused = sdp_offer_of(us, {.local = &first, .remote = nullptr, .last_sent = nullptr, .bindings = {}});
  EXPECT_EQ(refused.origin().version, "2");
  us.media[0].port = 4000;
  const auto back = sdp_offer_of(us, {.local = &first, .remote = nullptr, .last_sent = &refused, .bindings = {}});
  EXPECT_EQ(back.origin().version, "3") << "as the first, but version 2 was something else";
}

TEST(SdpVersion, TheOriginStaysThoughTheAddressMoves) {
  auto us = sdp_us({sdp_can("audio", 4000)});
  const auto first = sdp_offer_of(us);
  us.addresses = {"192.0.2.99"};
  us.session_id = 5;
  const auto moved = sdp_offer_of(us, {.local = &first, .remote = nullptr, .last_sent = nullptr, .bindings = {}});
  EXPECT_EQ(moved.value_of('o'), "- 77 2 IN IP4 192.0.2.1");
  EXPECT_EQ(moved.connection()->address, "192.0.2.99");
}

TEST(SdpMediaLines, KeepPlaceAndCountWhenStreamsGoAndCome) {
  auto us = sdp_us({sdp_can("audio", 4000), sdp_can("video", 4002, {{"H261", 90000, 1, 31, ""}})});
  const auto first = sdp_offer_of(us);
  us.media.erase(us.media.begin());
  const auto second = sdp_offer_of(us, {.local = &first, .remote = nullptr, .last_sent = nullptr, .bindings = {}});
  EXPECT_EQ(second.media()[0].value_of('m'), "audio 0 RTP/AVP 0 8 101");
  EXPECT_EQ(second.media()[1].port(), 4002);
  us.media.push_back(sdp_can("text", 4004, {{"t140", 1000, 1, {}, ""}}));
  const auto third = sdp_offer_of(us, {.local = &second, .remote = nullptr, .last_sent = nullptr, .bindings = {}});
  ASSERT_EQ(third.media().size(), 3U);
  EXPECT_EQ(third.media()[2].type(), "text");
  us.media.push_back(sdp_can("audio", 4006));
  const auto fourth = sdp_offer_of(us, {.local = &third, .remote = nullptr, .last_sent = nullptr, .bindings = {}});
  ASSERT_EQ(fourth.media().size(), 3U);
  EXPECT_EQ(fourth.media()[0].port(), 4006) << "the free slot is used again (RFC 3264 §8.1)";
  EXPECT_EQ(fourth.origin().version, "4");
}

TEST(SdpMediaLines, EachStreamKeepsItsCapabilityWhenAnEarlierOneIsSwitchedOff) {
  const auto us = sdp_us({sdp_can("audio", 4000), sdp_can("audio", 4002)});
  const auto first = sdp_answer_to(sdp_peer({"m=audio 5000 RTP/AVP 0", "m=audio 5002 RTP/AVP 0"}), us);
  const auto second = sdp_answer_to(sdp_peer({"m=audio 0 RTP/AVP 0", "m=audio 5002 RTP/AVP 0"}), us,
                                    {.local = &first.description, .remote = nullptr, .last_sent = nullptr, .bindings = {}});
  EXPECT_EQ(second.description.media()[1].port(), 4002);
}

// ---- what chance offers

TEST(SdpAnswer, ToAnyOfferThatCanBeReadIsWellFormed) {
  sdp_test::Chance chance(7);
  auto us = sdp_us({sdp_can("audio", 4000), sdp_can("video", 4002, {{"H261", 90000, 1, 31, ""}})}, {"192.0.2.1", "2001:db8::1"});
  const auto ours = sdp_offer_of(us);
  constexpr std::string_view salt("\r\n \t=:/0am9" "\xFF", 12);
  std::size_t answered = 0;
  for (const auto& [name, text] : sdp_test::examples()) {
    for (int round = 0; round < 100; ++round) {
      auto bad = text;
      for (std::size_t edits = chance.below(4); edits > 0 && !bad.empty(); --edits) bad[chance.below(bad.size())] = salt[chance.below(salt.size())];
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
      EXPECT_TRUE(sdp::make_offer(us, {.local = &answer->description, .remote = &*offer, .last_sent = nullptr, .bindings = {}}));
    }
  }
  EXPECT_GT(answered, 1000U);
}

}  // namespace sdp_test
