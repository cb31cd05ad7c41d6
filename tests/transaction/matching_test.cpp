#include "layer_fixture.hpp"

// Which transaction a request belongs to: RFC 3261 §17.2.3.

namespace transaction_test {
namespace {

class Matching : public LayerTest {
 protected:
  std::string replaced(std::string text, std::string_view what, std::string_view by) const {
    const auto at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return text.replace(at, what.size(), by);
  }
  void say(const std::string& text) {
    bob.send(text, here);
    settle();
  }
};

TEST_F(Matching, BranchSentByAndMethodTellCopies) {
  const auto text = request_text("OPTIONS", "z9hG4bK1");
  say(text);
  say(text);
  EXPECT_EQ(recorder.requests.size(), 1U);
  say(request_text("OPTIONS", "z9hG4bK2"));
  EXPECT_EQ(recorder.requests.size(), 2U);
  say(replaced(text, "192.0.2.2:5060;branch", "192.0.2.2:5070;branch"));
  EXPECT_EQ(recorder.requests.size(), 3U);
  say(replaced(text, "192.0.2.2:5060;branch", "192.0.2.3:5060;branch"));
  EXPECT_EQ(recorder.requests.size(), 4U);
  say(request_text("INFO", "z9hG4bK1"));
  EXPECT_EQ(recorder.requests.size(), 5U);
  // What else differs does not matter: the branch is unique.
  say(replaced(text, "Call-ID: from-bob", "Call-ID: another"));
  EXPECT_EQ(recorder.requests.size(), 5U);
}

// Parameters and host names have no case (§7.3.1), methods have.
TEST_F(Matching, CaseCountsInTheMethodOnly) {
  const auto text = request_text("OPTIONS", "z9hG4bKaBcDeFgHiJ");
  say(text);
  say(replaced(text, "z9hG4bKaBcDeFgHiJ", "Z9HG4BKAbCdEfGhIj"));
  EXPECT_EQ(recorder.requests.size(), 1U);
  say(request_text("Options", "z9hG4bKaBcDeFgHiJ"));
  EXPECT_EQ(recorder.requests.size(), 2U);
}

TEST_F(Matching, ACopyFromAnotherPortIsACopy) {
  const auto text = request_text("OPTIONS", "z9hG4bK1");
  say(text);
  sim::RawPeer other(sim, bob_host, 5999);
  other.send(text, here);
  settle();
  EXPECT_EQ(recorder.requests.size(), 1U);
}

// RFC 3261 §17.1.3: branch and method tell, not the way that a response came. Provisional, final and a copy of it.
class ResponseOnAnotherFlow : public Matching {
 protected:
  /// `by` answers an INVITE and an OPTIONS of ours, at `at`.
  void answer_all(sim::RawPeer& by, const transport::Endpoint& at) {
    send(method::invite);
    const auto invite = heard("INVITE");
    send(method::options);
    const auto options = heard("OPTIONS");
    for (const int code : {180, 200, 200}) {
      by.send(sim::answer_to(invite.text, {.code = code, .to_tag = "x"}), at);
      settle();
    }
    for (const int code : {100, 404}) {
      by.send(sim::answer_to(options.text, {.code = code, .to_tag = "x"}), at);
      settle();
    }
    EXPECT_THAT(recorder.said, ElementsAre("180", "200", "2xx 200", "100", "404"));
    EXPECT_EQ(dropped(Drop::stray_response) + dropped(Drop::wrong_sent_by), 0U);
    sim.run_for(33s);
    expect_nothing_left();
  }
};

TEST_F(ResponseOnAnotherFlow, FromAnotherAddress) {
  sim::RawPeer elsewhere(sim, sim.host("elsewhere", {"192.0.2.7"}));
  answer_all(elsewhere, here);
}

TEST_F(ResponseOnAnotherFlow, FromAnotherPort) {
  sim::RawPeer other(sim, bob_host, 5999);
  answer_all(other, here);
}

TEST_F(ResponseOnAnotherFlow, AtAnotherListeningPoint) {
  auto second = here;
  second.port = 5070;
  ASSERT_TRUE(layer->transport().listen(transport::Protocol::udp, second));
  answer_all(bob, second);
}

TEST_F(ResponseOnAnotherFlow, FromElsewhereAtAnotherListeningPoint) {
  auto second = here;
  second.port = 5070;
  ASSERT_TRUE(layer->transport().listen(transport::Protocol::udp, second));
  sim::RawPeer elsewhere(sim, sim.host("elsewhere", {"192.0.2.7"}), 7777);
  answer_all(elsewhere, second);
}

// And an ACK goes the way of its INVITE (§17.1.1.3), wherever the answer came from.
TEST_F(ResponseOnAnotherFlow, TheAckGoesWhereTheInviteWent) {
  sim::RawPeer elsewhere(sim, sim.host("elsewhere", {"192.0.2.7"}));
  send(method::invite);
  const auto invite = heard("INVITE");
  elsewhere.send(sim::answer_to(invite.text, {.code = 486, .to_tag = "x"}), here);
  settle();
  heard("ACK");
  EXPECT_FALSE(elsewhere.pop());
}

class Rfc2543 : public Matching {};

TEST_F(Rfc2543, WithoutBranchTheFieldsTellCopies) {
  const auto text = request_text("OPTIONS", "");
  say(text);
  say(text);
  EXPECT_EQ(recorder.requests.size(), 1U);
  std::size_t expected = 1;
  for (const auto& [what, by] : std::vector<std::pair<std::string, std::string>>{
           {"OPTIONS sip:alice@192.0.2.1", "OPTIONS sip:carol@192.0.2.1"},
           {"To: <sip:alice@192.0.2.1>", "To: <sip:alice@192.0.2.1>;tag=z"},
           {"tag=b1", "tag=b2"},
           {"Call-ID: from-bob", "Call-ID: other"},
           {"CSeq: 3 ", "CSeq: 4 "},
           {"Via: SIP/2.0/UDP 192.0.2.2:5060", "Via: SIP/2.0/UDP 192.0.2.2:5061"}}) {
    say(replaced(text, what, by));
    EXPECT_EQ(recorder.requests.size(), ++expected) << what;
  }
}

TEST_F(Rfc2543, ABranchWithoutTheCookieIsNotUnique) {
  const auto text = request_text("OPTIONS", "1");
  say(text);
  say(text);
  EXPECT_EQ(recorder.requests.size(), 1U);
  say(replaced(text, "CSeq: 3 ", "CSeq: 4 "));
  EXPECT_EQ(recorder.requests.size(), 2U);
}

// RFC 4475 §3.2.1: falling back to RFC 2543 is one of the two right answers.
TEST_F(Rfc2543, TheBareCookieIsNotUnique) {
  const auto text = request_text("OPTIONS", "z9hG4bK");
  say(text);
  say(text);
  EXPECT_EQ(recorder.requests.size(), 1U);
  say(replaced(text, "Call-ID: from-bob", "Call-ID: other"));
  EXPECT_EQ(recorder.requests.size(), 2U);
}

TEST_F(Rfc2543, CopiesOfInviteAreAnswered) {
  ask("INVITE", "");
  ASSERT_TRUE(respond(180));
  ask("INVITE", "");
  EXPECT_EQ(recorder.requests.size(), 1U);
  EXPECT_THAT(bob_heard(), ElementsAre("180", "180"));
}

TEST_F(Rfc2543, AckWithTheTagOfTheAnswerMatches) {
  ask("INVITE", "");
  ASSERT_TRUE(respond(486, "mine"));
  ask("ACK", "", "mine");
  EXPECT_THAT(recorder.said, ElementsAre("request INVITE"));
  EXPECT_EQ(layer->counters().server_machines, 0U);
  sim.run_for(5s);
  EXPECT_EQ(schedule("SIP/2.0 486").size(), 1U);
}

TEST_F(Rfc2543, AckWithTheTagOfTheLayerMatches) {
  ask("INVITE", "");
  ASSERT_TRUE(respond(486, *layer->local_tag(recorder.requests[0])));
  ask("ACK", "", *layer->local_tag(recorder.requests[0]));
  EXPECT_EQ(layer->counters().server_machines, 0U);
}

TEST_F(Rfc2543, AckWithAnotherTagDoesNotMatch) {
  ask("INVITE", "");
  ASSERT_TRUE(respond(486, "mine"));
  ask("ACK", "", "other");
  EXPECT_THAT(recorder.said, ElementsAre("request INVITE", "ack"));
  EXPECT_EQ(layer->counters().server_machines, 1U);
}

TEST_F(Rfc2543, AckInADialogMatches) {
  ask("INVITE", "", "dialog");
  ASSERT_TRUE(respond(488, {}));
  ask("ACK", "", "dialog");
  EXPECT_THAT(recorder.said, ElementsAre("request INVITE"));
  EXPECT_EQ(layer->counters().server_machines, 0U);
}

TEST_F(Rfc2543, AckTo2xxGoesUp) {
  ask("INVITE", "");
  ASSERT_TRUE(respond(200, "mine"));
  ask("ACK", "", "mine");
  EXPECT_THAT(recorder.said, ElementsAre("request INVITE", "ack"));
}

TEST_F(Rfc2543, CancelMatches) {
  ask("INVITE", "");
  ask("CANCEL", "");
  EXPECT_THAT(recorder.said, ElementsAre("request INVITE", "cancel"));
  EXPECT_THAT(bob_heard(), ElementsAre("200"));
}

// One branch for every request of a dialog, as some phones send, works; one for hundreds of methods is an attack on the table.
TEST_F(Matching, MethodsUnderOneBranchAreBounded) {
  for (int i = 0; i < 40; ++i) say(request_text("M" + std::to_string(i), "z9hG4bK1"));
  EXPECT_EQ(recorder.requests.size(), 16U);
  EXPECT_EQ(dropped(Drop::overload), 24U);
}

}  // namespace
}  // namespace transaction_test
