#include <peal/default_media_handler.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace default_media_test {

using namespace peal;
using Description = std::optional<sdp::SessionDescription>;

class DefaultMediaTest : public testing::Test {
 protected:
  static Ticket<Description> into(Description& place) {
    return Ticket<Description>([&place](Description value) { place = std::move(value); });
  }
  Description offer(const OfferContext& context) {
    Description out;
    media.offer(context, into(out));
    return out;
  }
  Description answer(const OfferContext& context, std::string_view peer) {
    Description out;
    media.answer(context, read(peer), into(out));
    return out;
  }
  static sdp::SessionDescription read(std::string_view stream, std::string_view address = "IP4 198.51.100.1") {
    auto text =
        "v=0\r\no=- 9 9 IN " + std::string(address) + "\r\ns=-\r\nc=IN " + std::string(address) + "\r\nt=0 0\r\n";
    auto parsed = sdp::parse(text + std::string(stream));
    EXPECT_TRUE(parsed);
    return parsed.value_or(sdp::SessionDescription());
  }
  static OfferContext at(std::string address, bool hold = false) {
    OfferContext out;
    out.local_address = std::move(address);
    out.hold = hold;
    return out;
  }

  DefaultMediaHandler media{MediaOptions{}, 41};
};

TEST_F(DefaultMediaTest, OffersItsCodecsUnderASessionIdOfItsOwn) {
  const auto first = offer(at("192.0.2.1"));
  const auto second = offer(at("2001:db8::1"));
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->value_of('o'), "- 42 42 IN IP4 192.0.2.1");
  EXPECT_EQ(second->value_of('o'), "- 43 43 IN IP6 2001:db8::1");
  EXPECT_EQ(first->media()[0].value_of('m'), "audio 9 RTP/AVP 0 8 101");
  EXPECT_EQ(sdp::check(*first), std::nullopt);
}

TEST_F(DefaultMediaTest, HoldsAndResumesWithOneVersionMoreEach) {
  const auto first = offer(at("192.0.2.1"));
  auto context = at("192.0.2.1", true);
  context.local = &*first;
  const auto held = offer(context);
  EXPECT_EQ(held->direction_of(0), sdp::Direction::sendonly);
  EXPECT_EQ(held->origin().version, "43");
  EXPECT_EQ(held->origin().session_id, "42");
  context.hold = false;
  context.local = &*held;
  const auto resumed = offer(context);
  EXPECT_EQ(resumed->direction_of(0), sdp::Direction::sendrecv);
  EXPECT_EQ(resumed->origin().version, "44");
  context.local = &*resumed;
  EXPECT_EQ(offer(context), resumed) << "a refresh changes nothing, not even the version (RFC 3264 §8)";
}

TEST_F(DefaultMediaTest, AnOfferAfterARefusedOneGoesOnCounting) {
  const auto first = offer(at("192.0.2.1"));
  auto context = at("192.0.2.1", true);
  context.local = &*first;
  const auto refused = offer(context);
  context.hold = false;
  context.last_sent = &*refused;
  EXPECT_EQ(offer(context)->origin().version, "44");
}

TEST_F(DefaultMediaTest, AnswersWithWhatIsCommonAndRefusesWhenNothingIs) {
  const auto good =
      answer(at("192.0.2.1"), "m=audio 4000 RTP/AVP 18 8 96\r\na=rtpmap:96 telephone-event/8000\r\na=sendonly\r\n");
  ASSERT_TRUE(good);
  EXPECT_EQ(good->media()[0].value_of('m'), "audio 9 RTP/AVP 8 96");
  EXPECT_EQ(good->direction_of(0), sdp::Direction::recvonly);
  EXPECT_FALSE(answer(at("192.0.2.1"), "m=audio 4000 RTP/AVP 18\r\n"));
  EXPECT_FALSE(answer(at("192.0.2.1"), "m=video 4000 RTP/AVP 31\r\n"));
  EXPECT_FALSE(answer(at(""), "m=audio 4000 RTP/AVP 0\r\n")) << "no address to name";
}

TEST_F(DefaultMediaTest, AnAnswerThatLeavesNothingIsNotUsable) {
  const auto ours = offer(at("192.0.2.1"));
  EXPECT_TRUE(media.on_negotiated(*ours, read("m=audio 4000 RTP/AVP 0\r\n")));
  EXPECT_FALSE(media.on_negotiated(*ours, read("m=audio 0 RTP/AVP 0\r\n")));
  EXPECT_FALSE(media.on_negotiated(*ours, read("m=audio 4000 RTP/AVP 18\r\n")));
  EXPECT_FALSE(media.on_negotiated(*ours, read("")));
}

}  // namespace default_media_test
