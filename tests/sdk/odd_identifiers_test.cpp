#include "sim_pair.hpp"

// What a peer calls itself comes back as it came: tags of Base64 are kept (docs/leniencies.md), and
// every request of the dialog has them. Found by stateful_fuzz.

using namespace sim_pair;

TEST(OddIdentifiers, OfACallerAreInOurBye) {
  Pair pair;
  peal::sim::RawPeer peer(pair.sim, pair.sim.host("peer", {"192.0.2.9"}));
  const auto invite = peal::sim::request_text({.method = "INVITE",
                                               .uri = "sip:bob@192.0.2.2",
                                               .via = "SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK=[1]/2==",
                                               .from = "<sip:p@asterisk_1>;tag=a/b+c==",
                                               .to = "<sip:bob@192.0.2.2>",
                                               .call_id = "1@192.0.2.9",
                                               .lines = {"Contact: <sip:p@192.0.2.9>"}});
  peer.send(invite, pair.bob_host.endpoint());
  const auto ok = peer.expect("200", 1s);
  ASSERT_TRUE(ok);
  EXPECT_EQ(peal::sim::header_of(ok->text, "Call-ID"), "1@192.0.2.9");
  ASSERT_EQ(pair.at_bob.offered.size(), 1U);
  ASSERT_TRUE(pair.at_bob.offered[0].hang_up());
  const auto bye = peer.expect("BYE", 64s);  // after the ACK, or without one at 64*T1 (RFC 3261 15)
  ASSERT_TRUE(bye);
  EXPECT_EQ(peal::sim::header_of(bye->text, "To"), "<sip:p@asterisk_1>;tag=a/b+c==");
  EXPECT_EQ(peal::sim::header_of(bye->text, "Call-ID"), "1@192.0.2.9");
}

TEST(OddIdentifiers, OfACalleeAreInOurAckAndBye) {
  Pair pair;
  peal::sim::RawPeer peer(pair.sim, pair.sim.host("peer", {"192.0.2.9"}));
  auto call = pair.alice->invite("sip:p@192.0.2.9");
  ASSERT_TRUE(call);
  const auto invite = peer.expect("INVITE", 1s);
  ASSERT_TRUE(invite);
  peer.answer(*invite, {.code = 200,
                        .to_tag = "a/b+c==",
                        .lines = {"Contact: <sip:p@192.0.2.9>"},
                        .content_type = "application/sdp",
                        .body = peal::sim::crlf("v=0\no=- 1 1 IN IP4 192.0.2.9\ns=-\nc=IN IP4 192.0.2.9\nt=0 0\n"
                                                "m=audio 4000 RTP/AVP 0\n")});
  const auto ack = peer.expect("ACK", 1s);
  ASSERT_TRUE(ack);
  EXPECT_EQ(peal::sim::header_of(ack->text, "To"), "<sip:p@192.0.2.9>;tag=a/b+c==");
  ASSERT_TRUE(call->hang_up());
  const auto bye = peer.expect("BYE", 1s);
  ASSERT_TRUE(bye);
  EXPECT_EQ(peal::sim::header_of(bye->text, "To"), "<sip:p@192.0.2.9>;tag=a/b+c==");
}
