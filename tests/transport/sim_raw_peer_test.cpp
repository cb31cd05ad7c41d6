#include <peal/testing/raw_message.hpp>
#include <peal/testing/raw_peer.hpp>
#include <peal/testing/simulator.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace {

using namespace peal;
using namespace std::chrono_literals;

const std::string raw_invite = sim::crlf(R"(INVITE sip:bob@192.0.2.2 SIP/2.0
Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1
Via: SIP/2.0/UDP 192.0.2.7
Record-Route: <sip:p.example.com;lr>
From: "A;tag=x>" <sip:a@example.com>;tag=1
To: <sip:bob@example.com;tag=no>
Call-ID: 1@example.com
CSeq: 1 INVITE
Contact: <sip:a@192.0.2.1>
Content-Length: 4

v=0
)");

TEST(SimRawMessage, ReadsWithoutTheMessageFloor) {
  EXPECT_EQ(sim::method_of(raw_invite), "INVITE");
  EXPECT_EQ(sim::status_of(raw_invite), 0);
  EXPECT_EQ(sim::status_of("SIP/2.0 486 Busy Here\r\n\r\n"), 486);
  EXPECT_EQ(sim::method_of("SIP/2.0 486 Busy Here\r\n\r\n"), "");
  EXPECT_EQ(sim::status_of("SIP/2.0 4x6 Busy\r\n\r\n"), 0);
  EXPECT_EQ(sim::status_of("SIP/2.0"), 0);
  EXPECT_EQ(sim::header_of(raw_invite, "call-id"), "1@example.com");
  EXPECT_EQ(sim::headers_of(raw_invite, "Via").size(), 2U);
  EXPECT_EQ(sim::header_of(raw_invite, "Expires"), std::nullopt);
  EXPECT_EQ(sim::body_of(raw_invite), "v=0\r\n");
  EXPECT_EQ(sim::param_of(*sim::header_of(raw_invite, "From"), "tag"), "1");
  EXPECT_EQ(sim::param_of(*sim::header_of(raw_invite, "To"), "tag"), std::nullopt);
  EXPECT_EQ(sim::param_of("SIP/2.0/UDP h;rport;branch=z", "rport"), "");
}

TEST(SimRawMessage, AnswersWithWhatADialogNeeds) {
  EXPECT_EQ(
      sim::answer_to(raw_invite, {.code = 200, .to_tag = "b", .lines = {"Contact: <sip:bob@192.0.2.2>"}, .body = "x"}),
      sim::crlf(R"(SIP/2.0 200 OK
Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1
Via: SIP/2.0/UDP 192.0.2.7
Record-Route: <sip:p.example.com;lr>
From: "A;tag=x>" <sip:a@example.com>;tag=1
To: <sip:bob@example.com;tag=no>;tag=b
Call-ID: 1@example.com
CSeq: 1 INVITE
Contact: <sip:bob@192.0.2.2>
Content-Length: 1

x)"));
}

TEST(SimRawMessage, WritesARequest) {
  EXPECT_EQ(sim::request_text({.method = "OPTIONS",
                               .uri = "sip:b@h",
                               .via = "SIP/2.0/UDP h;branch=z9hG4bK2",
                               .from = "<sip:a@h>;tag=1",
                               .to = "<sip:b@h>",
                               .call_id = "c",
                               .cseq = 7,
                               .lines = {"Accept: text/plain"}}),
            sim::crlf(R"(OPTIONS sip:b@h SIP/2.0
Via: SIP/2.0/UDP h;branch=z9hG4bK2
Max-Forwards: 70
From: <sip:a@h>;tag=1
To: <sip:b@h>
Call-ID: c
CSeq: 7 OPTIONS
Accept: text/plain
Content-Length: 0

)"));
}

struct RawPeerTest : ::testing::Test {
  sim::Simulator world{1};
  sim::RawPeer alice{world, world.host("alice", {"192.0.2.1"})};
  sim::RawPeer bob{world, world.host("bob", {"192.0.2.2"})};
};

TEST_F(RawPeerTest, AScriptAnswers) {
  bob.on("INVITE", [](sim::RawPeer& peer, const sim::RawMessage& invite) {
    peer.answer(invite, {.code = 180, .to_tag = "b"});
    peer.answer(invite, {.code = 486, .to_tag = "b"});
  });
  alice.send(raw_invite, bob.endpoint());
  const auto busy = alice.expect("486");
  ASSERT_TRUE(busy);
  EXPECT_EQ(busy->from, bob.endpoint());
  EXPECT_TRUE(alice.received().empty()) << "the 180 before it went too";
  EXPECT_EQ(alice.heard(), 2U);
  EXPECT_TRUE(bob.received().empty()) << "handled";
  EXPECT_EQ(bob.heard(), 1U);
}

TEST_F(RawPeerTest, ExpectTakesWhatIsQueuedAndGivesUpAtItsLimit) {
  alice.send("OPTIONS sip:b SIP/2.0\r\n\r\n", bob.endpoint());
  alice.send("BYE sip:b SIP/2.0\r\n\r\n", bob.endpoint());
  world.run_for(1s);
  EXPECT_EQ(bob.received().size(), 2U);
  EXPECT_TRUE(bob.expect("OPTIONS"));
  EXPECT_FALSE(bob.expect("INVITE", 3s));
  EXPECT_EQ(world.elapsed(), 4s);
  EXPECT_EQ(bob.received().size(), 1U);
  EXPECT_EQ(sim::method_of(bob.pop()->text), "BYE");
  EXPECT_FALSE(bob.pop());
}

TEST_F(RawPeerTest, SilenceIsChecked) {
  EXPECT_TRUE(bob.expect_silence(5s));
  EXPECT_EQ(world.elapsed(), 5s);
  world.after(1s, [&] { alice.send("ACK sip:b SIP/2.0\r\n\r\n", bob.endpoint()); });
  EXPECT_TRUE(bob.expect_silence(2s, "BYE"));
  world.after(1s, [&] { alice.send("ACK sip:b SIP/2.0\r\n\r\n", bob.endpoint()); });
  EXPECT_FALSE(bob.expect_silence(2s));
}

TEST_F(RawPeerTest, UnreachablePeersAreKept) {
  alice.send("x", {bob.endpoint().address, 9});
  world.run_until_idle();
  ASSERT_EQ(alice.unreachable().size(), 1U);
  EXPECT_EQ(alice.unreachable()[0].second, std::errc::connection_refused);
}

TEST_F(RawPeerTest, ATakenPortIsRefused) {
  EXPECT_THROW(sim::RawPeer(world, world.host("bob")), std::system_error);
  EXPECT_NO_THROW(sim::RawPeer(world, world.host("bob"), 5061));
}

}  // namespace
