#include "ua_fixture.hpp"

namespace {

using namespace dialog_testing;

class ForkTest : public AgentAndPeer {
 protected:
  void call(InviteOptions options = {}) {
    session = alice.call("sip:bob@192.0.2.2", std::move(options));
    auto got = bob.expect("INVITE");
    ASSERT_TRUE(got);
    invite_ = *got;
  }
  void ring(std::string tag, int code = 180, std::string body = {}) {
    sim::Answer a;
    a.code = code;
    a.to_tag = std::move(tag);
    a.lines = {"Contact: <sip:bob@192.0.2.2:5060>"};
    if (!body.empty()) a.lines.emplace_back("Content-Type: application/sdp");
    a.body = std::move(body);
    bob.answer(invite_, a);
    sim.run_for(10ms);
  }
  sim::RawMessage invite_;
  InviteSession* session = nullptr;
  TestCredentials credentials;  // outlives the session
};

// DEFECTS 5: 60 × 180 from three forks, 200 from the second, then one from the third.
TEST_F(ForkTest, ThreeForksAndTwoAnswers) {
  call();
  for (int i = 0; i < 60; ++i) ring(std::string(1, static_cast<char>('a' + i % 3)));
  ASSERT_EQ(alice.user.early.size(), 60U);
  for (std::size_t i = 0; i < 60; ++i) EXPECT_EQ(alice.user.early[i], 1 + i % 3);
  EXPECT_EQ(alice.core->counters().dialogs, 3U);
  bob.answer(invite_, ok("b"));
  auto ack = bob.expect("ACK");
  ASSERT_TRUE(ack);
  EXPECT_EQ(tag_of(*ack), "b");
  EXPECT_EQ(session->remote_tag(), "b");
  bob.answer(invite_, ok("c"));
  ack = bob.expect("ACK");
  ASSERT_TRUE(ack);
  EXPECT_EQ(tag_of(*ack), "c");
  auto bye = bob.expect("BYE");
  ASSERT_TRUE(bye);
  EXPECT_EQ(tag_of(*bye), "c");
  bob.answer(*bye, {.code = 200});
  EXPECT_EQ(session->state(), SessionState::established);

  // Copies of either get their own ACK again, and no second BYE.
  bob.answer(invite_, ok("c"));
  ack = bob.expect("ACK");
  ASSERT_TRUE(ack);
  EXPECT_EQ(tag_of(*ack), "c");
  bob.answer(invite_, ok("b"));
  ack = bob.expect("ACK");
  ASSERT_TRUE(ack);
  EXPECT_EQ(tag_of(*ack), "b");
  EXPECT_TRUE(bob.expect_silence(1s));
  EXPECT_EQ(alice.user.events.back(), "established");
  send(request("BYE", 1, tag_of(invite_, "From")));
  EXPECT_TRUE(bob.expect("SIP/2.0 481")) << "bobs is no tag of this call";
  ASSERT_TRUE(session->hang_up());
  bye = bob.expect("BYE");
  ASSERT_TRUE(bye);
  EXPECT_EQ(tag_of(*bye), "b");
  bob.answer(*bye, {.code = 200});
}

TEST_F(ForkTest, AForkAnswersAfterTheCallIsOver) {
  call();
  bob.answer(invite_, ok("b"));
  ASSERT_TRUE(bob.expect("ACK"));
  ASSERT_TRUE(session->hang_up());
  auto bye = bob.expect("BYE");
  bob.answer(*bye, {.code = 200});
  sim.run_for(1s);
  EXPECT_EQ(alice.user.ends, 1);
  bob.answer(invite_, ok("c"));
  auto ack = bob.expect("ACK", 1s);
  ASSERT_TRUE(ack);
  EXPECT_EQ(tag_of(*ack), "c");
  bye = bob.expect("BYE", 1s);
  ASSERT_TRUE(bye);
  EXPECT_EQ(tag_of(*bye), "c");
  bob.answer(*bye, {.code = 200});
}

TEST_F(ForkTest, EarlyDialogsAreLimited) {
  call();
  for (int i = 0; i < 40; ++i) ring("t" + std::to_string(i));
  EXPECT_EQ(alice.user.early.size(), 32U);
  EXPECT_EQ(alice.core->counters().dialogs, 32U);
  bob.answer(invite_, ok("t39"));
  ASSERT_TRUE(bob.expect("ACK"));
  EXPECT_EQ(session->remote_tag(), "t39");
  ASSERT_TRUE(session->hang_up());
  bob.answer(*bob.expect("BYE"), {.code = 200});
}

// RFC 6228 §5: ends one early dialog, not the INVITE; of an unknown one it is nothing.
TEST_F(ForkTest, EarlyDialogTerminated199) {
  call();
  ring("a");
  ring("b");
  ring("x", 199);
  EXPECT_EQ(alice.user.story(), "180, 180");
  ring("a", 199);
  EXPECT_EQ(alice.user.story(), "180, 180, 199");
  EXPECT_EQ(alice.core->counters().dialogs, 1U);
  bob.answer(invite_, {.code = 486, .to_tag = "b"});
  ASSERT_TRUE(bob.expect("ACK"));
  EXPECT_EQ(alice.user.cause->code, 486);
}

TEST_F(ForkTest, AnswerInA183AndNoneInThe200) {
  call();
  ring("a", 183, sdp_text("192.0.2.2", "sendrecv", 1, 5000));
  ring("b", 183, sdp_text("192.0.2.2", "sendrecv", 1, 5002));
  EXPECT_EQ(alice.media.previews, 2);
  EXPECT_EQ(alice.media.negotiations, 0);
  auto answer = ok("b");
  answer.lines.pop_back();
  answer.body.clear();
  bob.answer(invite_, answer);
  ASSERT_TRUE(bob.expect("ACK"));
  EXPECT_EQ(alice.media.negotiations, 1);
  EXPECT_NE(session->remote_sdp().find("m=audio 5002"), std::string_view::npos);
  ASSERT_TRUE(session->hang_up());
  bob.answer(*bob.expect("BYE"), {.code = 200});
}

// A challenge behind a 183: what rang was of the first attempt.
TEST_F(ForkTest, EarlyDialogsEndWithTheirAttempt) {
  credentials.add("r", "alice", "secret");
  InviteOptions options;
  options.credentials = &credentials;
  call(std::move(options));
  ring("a", 183);
  ring("b", 183);
  EXPECT_EQ(alice.core->counters().dialogs, 2U);
  sim::Answer challenge;
  challenge.code = 407;
  challenge.to_tag = "p";
  challenge.lines = {R"(Proxy-Authenticate: Digest realm="r", nonce="n", qop="auth")"};
  bob.answer(invite_, challenge);
  auto again = bob.expect("INVITE");
  ASSERT_TRUE(again);
  invite_ = *again;
  ring("c", 183);
  EXPECT_EQ(alice.user.early, (std::vector<std::uint32_t>{1, 2, 3}));
  EXPECT_EQ(alice.core->counters().dialogs, 1U);
  bob.answer(invite_, ok("c"));
  ASSERT_TRUE(bob.expect("ACK"));
  ASSERT_TRUE(session->hang_up());
  bob.answer(*bob.expect("BYE"), {.code = 200});
}

TEST_F(ForkTest, NoAnswerAnywhereIsAckThenBye) {
  call();
  auto answer = ok("b");
  answer.lines.pop_back();
  answer.body.clear();
  bob.answer(invite_, answer);
  ASSERT_TRUE(bob.expect("ACK"));
  auto bye = bob.expect("BYE");
  ASSERT_TRUE(bye);
  bob.answer(*bye, {.code = 200});
  sim.run_for(1s);
  EXPECT_EQ(alice.user.story(), "ended");
  EXPECT_EQ(alice.user.cause->error, make_error_code(dialog::errc::bad_sdp));
}

// 183 and 200 without a To tag: a peer of RFC 2543 (§12.1.2).
TEST_F(ForkTest, NullTagPeer) {
  call();
  ring({}, 183);
  EXPECT_EQ(alice.user.early.at(0), 0U);
  bob.answer(invite_, ok(""));
  auto ack = bob.expect("ACK");
  ASSERT_TRUE(ack);
  EXPECT_EQ(tag_of(*ack), "");
  EXPECT_EQ(session->remote_tag(), "");
  EXPECT_EQ(session->state(), SessionState::established);
  ASSERT_TRUE(session->hang_up());
  auto bye = bob.expect("BYE");
  ASSERT_TRUE(bye);
  EXPECT_EQ(tag_of(*bye), "");
  bob.answer(*bye, {.code = 200});
}

// §15 forbids it to the callee; who does it wants out (REQUIREMENTS of races, issue text).
TEST_F(ForkTest, ByeOfTheCalleeInAnEarlyDialog) {
  call();
  ring("bobs");
  call_id = line(invite_, "Call-ID");
  send(request("BYE", 1, tag_of(invite_, "From")));
  ASSERT_TRUE(bob.expect("SIP/2.0 200"));
  auto cancel = bob.expect("CANCEL");
  ASSERT_TRUE(cancel);
  bob.answer(*cancel, {.code = 200});
  bob.answer(invite_, {.code = 487, .to_tag = "bobs"});
  ASSERT_TRUE(bob.expect("ACK"));
  EXPECT_EQ(alice.user.story(), "180, ended");
  EXPECT_EQ(alice.user.cause->layer, Layer::sip);
}

TEST_F(ForkTest, The487NeverComes) {
  call();
  ring("bobs");
  ASSERT_TRUE(session->hang_up());
  auto cancel = bob.expect("CANCEL");
  ASSERT_TRUE(cancel);
  bob.answer(*cancel, {.code = 200});
  sim.run_for(40s);
  EXPECT_EQ(alice.user.story(), "180, ended");
  EXPECT_EQ(alice.user.cause->error, make_error_code(transaction::errc::cancelled_unanswered));
}

TEST_F(ForkTest, ProvisionalAfterCancelIsNotTold) {
  call();
  ring("bobs");
  ASSERT_TRUE(session->hang_up());
  ring("other");
  EXPECT_EQ(alice.user.story(), "180");
  bob.answer(invite_, {.code = 487, .to_tag = "bobs"});
  sim.run_for(1s);
  EXPECT_EQ(alice.user.story(), "180, ended");
}

}  // namespace
