#include "sdp_offers.hpp"

#include <gmock/gmock.h>

namespace sdp_test {

using namespace peal;
using sdp::Direction;
using sdp::HoldState;
using sdp::Outcome;
using testing::ElementsAre;

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
  const Case cases[] = {{false, "a=sendrecv", HoldState::none}, {false, "a=sendonly", HoldState::remote},
                        {false, "a=recvonly", HoldState::none}, {false, "a=inactive", HoldState::remote},
                        {true, "a=recvonly", HoldState::local}, {true, "a=inactive", HoldState::both}};
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
  const Case cases[] = {
      {false, "a=sendonly", "recvonly", HoldState::remote}, {false, "a=inactive", "inactive", HoldState::remote},
      {false, "a=recvonly", "sendonly", HoldState::none},   {true, "a=sendrecv", "sendonly", HoldState::local},
      {true, "a=sendonly", "inactive", HoldState::both},    {true, "a=inactive", "inactive", HoldState::both}};
  for (const auto& one : cases) {
    auto us = sdp_us({sdp_can("audio", 4000)});
    us.media[0].hold = one.ours;
    const auto answer = sdp_answer_to(sdp_peer({"m=audio 5000 RTP/AVP 0", one.offer}), us);
    EXPECT_EQ(answer.media[0].hold, one.hold) << one.ours << one.offer;
    EXPECT_EQ(sdp::hold_state(answer.description, sdp_peer({"m=audio 5000 RTP/AVP 0", one.offer}), false, one.ours),
              one.hold);
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
    const auto offer = sdp_offer_of(
        from, {.local = first ? nullptr : &said_by_from, .remote = nullptr, .last_sent = nullptr, .bindings = {}});
    const auto answer = sdp_answer_to(
        offer, to, {.local = first ? nullptr : &said_by_to, .remote = nullptr, .last_sent = nullptr, .bindings = {}});
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

// ---- reading answers

TEST(SdpReadAnswer, SendsWithTheirNumbersReceivesWithOurs) {
  auto us = sdp_us({sdp_can("audio", 4000, {sdp_opus, sdp_pcmu, {"telephone-event", 8000, 1, 101, ""}})});
  const auto offer = sdp_offer_of(us);
  const auto media = sdp::read_answer(offer,
                                      sdp_peer({"m=audio 5000 RTP/AVP 0 110 120", "a=rtpmap:110 opus/48000/2",
                                                "a=rtpmap:120 telephone-event/8000", "a=ptime:30"}),
                                      us);
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
  EXPECT_THAT(outcomes({"m=audio 5000 RTP/AVP 0", "m=video 0 RTP/AVP 31"}),
              ElementsAre(Outcome::accepted, Outcome::rejected_by_peer));
  EXPECT_THAT(outcomes({"m=audio 5000 RTP/AVP 0"}), ElementsAre(Outcome::accepted, Outcome::rejected_by_peer))
      << "too short";
  EXPECT_THAT(outcomes({"m=audio 5000 RTP/AVP 0", "m=video 2 RTP/AVP 31", "m=text 4 RTP/AVP 98"}),
              ElementsAre(Outcome::accepted, Outcome::accepted));
  EXPECT_THAT(outcomes({"m=video 5000 RTP/AVP 31", "m=video 2 RTP/SAVP 31"}),
              ElementsAre(Outcome::mismatch, Outcome::mismatch));
  EXPECT_THAT(outcomes({"m=audio 5000 RTP/AVP 18", "m=video 2 RTP/AVP 34"}),
              ElementsAre(Outcome::no_common_format, Outcome::no_common_format));
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
  const auto second =
      sdp_answer_to(sdp_peer({"m=audio 0 RTP/AVP 0", "m=audio 5002 RTP/AVP 0"}), us,
                    {.local = &first.description, .remote = nullptr, .last_sent = nullptr, .bindings = {}});
  EXPECT_EQ(second.description.media()[1].port(), 4002);
}

}  // namespace sdp_test
