#pragma once

#include "sdp_data.hpp"

#include <peal/message/sdp/negotiate.hpp>

#include <gtest/gtest.h>

/// What the tests of offers and answers share: capabilities of ours, a peer at 198.51.100.1.
namespace sdp_test {

using namespace peal;

inline sdp::SessionDescription sdp_read(std::initializer_list<std::string_view> list) {
  auto parsed = sdp::parse(lines(list));
  EXPECT_TRUE(parsed);
  return parsed.value_or(sdp::SessionDescription());
}

inline sdp::MediaCapability sdp_can(std::string_view type, std::uint16_t port,
                                    std::vector<sdp::Codec> codecs = sdp::default_codecs()) {
  sdp::MediaCapability out;
  out.type = type;
  out.port = port;
  out.codecs = std::move(codecs);
  return out;
}

inline sdp::Capabilities sdp_us(std::vector<sdp::MediaCapability> media,
                                std::vector<std::string> addresses = {"192.0.2.1"}) {
  sdp::Capabilities out;
  out.addresses = std::move(addresses);
  out.media = std::move(media);
  out.session_id = 77;
  out.version = 1;
  return out;
}

/// An offer of one stream by a peer at 198.51.100.1.
inline sdp::SessionDescription sdp_peer(std::initializer_list<std::string_view> media) {
  auto text = lines({"v=0", "o=peer 1 1 IN IP4 198.51.100.1", "s=-", "c=IN IP4 198.51.100.1", "t=0 0"}) + lines(media);
  auto parsed = sdp::parse(text);
  EXPECT_TRUE(parsed);
  return parsed.value_or(sdp::SessionDescription());
}

inline sdp::Answer sdp_answer_to(const sdp::SessionDescription& offer, const sdp::Capabilities& ours,
                                 const sdp::Previous& previous = {}) {
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

inline sdp::SessionDescription sdp_offer_of(const sdp::Capabilities& ours, const sdp::Previous& previous = {}) {
  auto offer = sdp::make_offer(ours, previous);
  EXPECT_TRUE(offer);
  if (!offer) return {};
  EXPECT_EQ(sdp::check(*offer), std::nullopt) << offer->to_string();
  return *offer;
}

inline const sdp::Codec sdp_pcmu{"PCMU", 8000, 1, 0, ""};
inline const sdp::Codec sdp_g723{"G723", 8000, 1, 4, ""};
inline const sdp::Codec sdp_g729{"G729", 8000, 1, 18, ""};
inline const sdp::Codec sdp_opus{"opus", 48000, 2, {}, ""};

}  // namespace sdp_test
