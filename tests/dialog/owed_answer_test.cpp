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

TEST_F(AnswerIsOwed, AnInviteWhoseEveryAnswerIsTooLargeLeavesNothing) {
  std::string vias;
  for (int i = 0; i < 4; ++i) vias += "Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK" + std::string(16'000, 'v') + "\n";
  auto text = invite(1, {}, vias);
  const auto room = 65'500 - text.size();
  const auto at = text.find("Max-Forwards");
  text.insert(at, "Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK" + std::string(room - 43, 'w') + "\r\n");
  offered(text);
  sim.run_until_idle();
  if (alice.incoming != nullptr && alice.user.ends == 0) (void)alice.incoming->reject(status::busy_here);
  sim.run_until_idle();
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

}  // namespace
