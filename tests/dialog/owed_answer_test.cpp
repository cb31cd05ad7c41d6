#include "ua_fixture.hpp"

namespace {

using namespace dialog_testing;

/// An INVITE ends by its final answer alone: whatever becomes of the call, the peer gets one, and nothing is left.
class AnswerIsOwed : public AgentAndPeer {
 protected:
  InviteSession* offered(const std::string& text) {
    send(text);
    sim.run_for(10ms);
    return alice.incoming;
  }
};

TEST_F(AnswerIsOwed, AnAbandonedCallIsRefused) {
  auto* session = offered(invite());
  ASSERT_NE(session, nullptr);
  session->abandon(Cause(Layer::local, 0, "enough"));
  EXPECT_TRUE(bob.expect("480", 1s));
  sim.run_until_idle();
  EXPECT_TRUE(alice.idle());
  EXPECT_EQ(alice.user.ends, 1);
}

TEST_F(AnswerIsOwed, ARefusalThatIsTooLargeGoesWithoutItsExtras) {
  auto* session = offered(invite());
  ASSERT_NE(session, nullptr);
  ExtraHeaders headers;
  headers.fields.assign(5, {"X-Long", std::string(15'000, 'x')});
  ASSERT_TRUE(session->reject(status::busy_here, {}, headers));
  const auto answer = bob.expect("486", 1s);
  ASSERT_TRUE(answer);
  EXPECT_LT(answer->text.size(), 1'000U);
  sim.run_until_idle();
  EXPECT_TRUE(alice.idle());
}

TEST_F(AnswerIsOwed, A2xxThatIsTooLargeEndsInA500) {
  auto* session = offered(invite());
  ASSERT_NE(session, nullptr);
  ExtraHeaders headers;
  headers.fields.assign(5, {"X-Long", std::string(15'000, 'x')});
  ASSERT_TRUE(session->accept(status::ok, headers));
  EXPECT_TRUE(bob.expect("500", 1s));
  sim.run_until_idle();
  EXPECT_TRUE(alice.idle());
  ASSERT_TRUE(alice.user.cause);
  EXPECT_EQ(alice.user.cause->layer, Layer::transport);
}

// Whatever must be copied fills the datagram, so that status line and To tag have no room: one such INVITE kept its
// transaction, and 64 kB, for ever.
TEST_F(AnswerIsOwed, AnInviteWhoseEveryAnswerIsTooLargeLeavesNothing) {
  constexpr std::size_t largest = 65'507;
  std::string text = "INVITE sip:a SIP/2.0\r\nv: SIP/2.0/UDP 192.0.2.2;rport;branch=z9hG4bKtop\r\n";
  for (int i = 0; i < 3; ++i) text += "v: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK" + std::string(16'000, 'v') + "\r\n";
  const std::string rest =
      "f: <sip:b@c>;tag=b\r\nt: <sip:a>\r\ni: big\r\nCSeq: 1 INVITE\r\nm: <sip:b@192.0.2.2>\r\nl: 0\r\n\r\n";
  const std::string last = "v: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK";
  for (auto left = largest - text.size() - rest.size(); left > 0;) {
    const auto now = left > 16'200 ? 16'000 : left;
    text += last + std::string(now - last.size() - 2, 'w') + "\r\n";
    left -= now;
  }
  offered(text + rest);
  ASSERT_NE(alice.incoming, nullptr);
  EXPECT_TRUE(alice.incoming->reject(status::busy_here));
  sim.run_until_idle();
  EXPECT_EQ(bob.heard(), 0U);
  EXPECT_TRUE(alice.idle());
}

TEST_F(AnswerIsOwed, TheCoreMayGoWhenARequestHasItsOutcome) {
  struct Asker final : OutgoingUser {
    explicit Asker(Agent& a) : agent(a) {}
    Agent& agent;
    std::unique_ptr<OutgoingRequest> handle;
    int outcomes = 0;
    void on_final(const Response*, const Cause&) override {
      ++outcomes;
      agent.core.reset();
    }
  };
  Asker asker(alice);
  auto request = alice.core->make_request({method::options, Uri::parse("sip:bob@192.0.2.2").value(), alice.me(), {}});
  bob.on("OPTIONS", [](sim::RawPeer& peer, const sim::RawMessage& message) { peer.answer(message, {.code = 200}); });
  auto sent = alice.core->send(std::move(request), {}, asker);
  ASSERT_TRUE(sent);
  asker.handle = std::move(*sent);
  sim.run_until_idle();
  EXPECT_EQ(asker.outcomes, 1);
}

// The transaction ended with it, and no session knew it for its own: the call had no end.
TEST_F(AnswerIsOwed, ABroken2xxWithAnotherFromTagEndsNothing) {
  alice.call("sip:bob@192.0.2.2");
  const auto invite = bob.expect("INVITE");
  ASSERT_TRUE(invite);
  auto text = sim::answer_to(invite->text, {.code = 200, .to_tag = "b", .lines = {"Contact: <<sip:"}});
  const auto at = text.find(";tag=");
  ASSERT_NE(at, std::string::npos);
  text.replace(at + 5, 1, text[at + 5] == 'x' ? "y" : "x");
  send(text);
  sim.run_for(100ms);
  EXPECT_EQ(alice.user.ends, 0);
  bob.answer(*invite, {.code = 486, .to_tag = "b"});
  sim.run_for(100ms);
  EXPECT_EQ(alice.user.ends, 1);
  ASSERT_TRUE(alice.user.cause);
  EXPECT_EQ(alice.user.cause->code, 486);
}

}  // namespace
