#include "sim_pair.hpp"

using namespace sim_pair;
using testing::ElementsAre;

namespace {

/// A user agent with one account, and a scripted registrar.
struct Registering {
  Registering()
      : client_host(sim.host("client.test", {"192.0.2.1"})),
        server_host(sim.host("registrar.test", {"192.0.2.9"})),
        ua(client_host.runtime(), listening_on("udp:192.0.2.1:5060")),
        registrar(sim, server_host) {
    EXPECT_TRUE(ua.set_handler(&heard));
    peal::AccountConfig config;
    config.aor = "sip:alice@192.0.2.9";
    config.password = "secret";
    account = ua.add_account(config).value();
  }
  /// Answers each REGISTER as `code` says, with the Contact that it brought.
  void answer_all(int code, std::vector<std::string> lines = {}, bool contact = true) {
    registrar.on("REGISTER", [this, code, lines, contact](auto& peer, auto& request) {
      requests.push_back(request.text);
      peal::sim::Answer answer;
      answer.code = code;
      answer.to_tag = "r";
      answer.lines = lines;
      if (contact) answer.lines.push_back("Contact: " + *peal::sim::header_of(request.text, "Contact") + ";expires=100");
      peer.answer(request, answer);
    });
  }
  peal::sim::Simulator sim;
  peal::sim::Host& client_host;
  peal::sim::Host& server_host;
  Recorder heard;
  peal::UserAgent ua;
  peal::sim::RawPeer registrar;
  peal::Account account;
  std::vector<std::string> requests;
};

}  // namespace

TEST(Registration, IsRefreshedBeforeItExpiresWithTheSameCallIdAndARisingCSeq) {
  Registering test;
  test.answer_all(200);
  ASSERT_TRUE(test.account.start());
  test.sim.run_for(200s);  // 75 to 85 s each
  EXPECT_THAT(test.heard.log, ElementsAre("registered", "registered", "registered"));
  EXPECT_EQ(test.heard.registrations.at(0).expires, 100s);
  ASSERT_EQ(test.requests.size(), 3U);
  EXPECT_EQ(peal::sim::header_of(test.requests[0], "Call-ID"), peal::sim::header_of(test.requests[2], "Call-ID"));
  EXPECT_EQ(peal::sim::header_of(test.requests[0], "CSeq"), "1 REGISTER");
  EXPECT_EQ(peal::sim::header_of(test.requests[2], "CSeq"), "3 REGISTER");
}

TEST(Registration, StopRemovesOurBinding) {
  Registering test;
  test.answer_all(200);
  ASSERT_TRUE(test.account.start());
  expect(test.ua).to_receive("200 to REGISTER");
  ASSERT_TRUE(test.account.stop());
  expect(test.ua).to_send("REGISTER").with("Expires", "0");
  expect(test.ua).not_to_send().within(300s);
  EXPECT_THAT(test.heard.log, ElementsAre("registered", "unregistered"));
}

TEST(Registration, StopWhileRegisteringWaitsForTheAnswer) {  // RFC 3261 §10.2
  Registering test;
  test.answer_all(200);
  ASSERT_TRUE(test.account.start());
  ASSERT_TRUE(test.account.stop());
  expect(test.ua).to_send("REGISTER").with("Expires", "600");
  expect(test.ua).not_to_send("REGISTER");
  expect(test.ua).to_receive("200 to REGISTER");
  expect(test.ua).to_send("REGISTER").with("Expires", "0");
  test.sim.run_for(1s);
  EXPECT_THAT(test.heard.log, ElementsAre("unregistered"));
}

TEST(Registration, IntervalTooBriefIsRaisedToWhatTheRegistrarWants) {  // RFC 3261 §10.2.8
  Registering test;
  test.registrar.on("REGISTER", [&](auto& peer, auto& request) {
    test.requests.push_back(request.text);
    const bool brief = peal::sim::header_of(request.text, "Expires") != "7200";
    peal::sim::Answer answer;
    answer.code = brief ? 423 : 200;
    if (brief)
      answer.lines = {"Min-Expires: 7200"};
    else
      answer.lines = {"Contact: " + *peal::sim::header_of(request.text, "Contact"), "Expires: 7200"};
    peer.answer(request, answer);
  });
  ASSERT_TRUE(test.account.start());
  test.sim.run_for(10s);
  EXPECT_EQ(test.requests.size(), 2U);
  EXPECT_THAT(test.heard.log, ElementsAre("registered"));
  EXPECT_EQ(test.heard.registrations.at(0).expires, 7200s);
}

TEST(Registration, IntervalTooBriefForEverIsNoLoop) {
  Registering test;
  test.answer_all(423, {"Min-Expires: 99999"}, false);
  ASSERT_TRUE(test.account.start());
  test.sim.run_for(14s);
  EXPECT_EQ(test.requests.size(), 2U);
  EXPECT_THAT(test.heard.log, ElementsAre("failed"));
}

TEST(Registration, ForbiddenIsTerminal) {
  Registering test;
  test.answer_all(403, {}, false);
  ASSERT_TRUE(test.account.start());
  test.sim.run_for(3h);
  EXPECT_EQ(test.requests.size(), 1U);
  ASSERT_THAT(test.heard.log, ElementsAre("failed"));
  EXPECT_EQ(test.heard.registrations[0].cause.code, 403);
  EXPECT_EQ(test.heard.registrations[0].retry_in, 0s);
}

TEST(Registration, ServerErrorIsRetriedWithBackOff) {  // RFC 5626 §4.5
  Registering test;
  test.answer_all(500, {}, false);
  ASSERT_TRUE(test.account.start());
  test.sim.run_for(1s);
  ASSERT_EQ(test.heard.registrations.size(), 1U);
  const auto first = test.heard.registrations[0].retry_in;
  EXPECT_GE(first, 15s);
  EXPECT_LE(first, 30s);
  test.sim.run_for(24h);
  EXPECT_LT(test.requests.size(), 110U);  // 1,800 s at most between two, half of it at least
  EXPECT_GT(test.requests.size(), 45U);
}

TEST(Registration, RetryAfterIsHonoured) {
  Registering test;
  test.answer_all(503, {"Retry-After: 120"}, false);
  ASSERT_TRUE(test.account.start());
  expect(test.ua).to_receive("503");
  expect(test.ua).to_send("REGISTER").not_before(119s).within(125s);
  EXPECT_EQ(test.heard.registrations.at(0).retry_in, 120s);
}

TEST(Registration, ForeignBindingsAreShownAndDoNotDecideOurExpiry) {
  Registering test;
  test.registrar.on("REGISTER", [&](auto& peer, auto& request) {
    peal::sim::Answer answer;
    answer.lines = {"Contact: <sip:alice@198.51.100.7>;expires=5, " + *peal::sim::header_of(request.text, "Contact") +
                        ";expires=600",
                    "Contact: not-a-uri"};
    peer.answer(request, answer);
  });
  ASSERT_TRUE(test.account.start());
  test.sim.run_for(1s);
  ASSERT_EQ(test.heard.registrations.size(), 1U);
  EXPECT_EQ(test.heard.registrations[0].expires, 600s);
  EXPECT_EQ(test.heard.registrations[0].contacts.size(), 2U);
}

TEST(Registration, AnAnswerWithExpiresZeroIsNoRegistration) {
  Registering test;
  test.registrar.on("REGISTER", [&](auto& peer, auto& request) {
    peal::sim::Answer answer;
    answer.lines = {"Contact: " + *peal::sim::header_of(request.text, "Contact") + ";expires=0"};
    peer.answer(request, answer);
  });
  ASSERT_TRUE(test.account.start());
  test.sim.run_for(1s);
  EXPECT_THAT(test.heard.log, ElementsAre("failed"));
}

TEST(Registration, WrongPasswordIsOneFailureAndNoBurst) {
  Registering test;
  test.registrar.on("REGISTER", [&](auto& peer, auto& request) {
    test.requests.push_back(request.text);
    peal::sim::Answer answer;
    answer.code = 401;
    answer.lines = {"WWW-Authenticate: Digest realm=\"192.0.2.9\", nonce=\"n" + std::to_string(test.requests.size()) +
                    "\", qop=\"auth\", algorithm=MD5"};
    peer.answer(request, answer);
  });
  ASSERT_TRUE(test.account.start());
  test.sim.run_for(10min);
  EXPECT_LE(test.requests.size(), 3U);
  EXPECT_THAT(test.heard.log, ElementsAre("failed"));
}

TEST(Registration, TokenCompletesWithTheFirstOutcome) {
  Registering test;
  test.answer_all(200);
  std::vector<peal::RegistrationState> states;
  test.account.start([&](peal::Result<peal::RegistrationEvent> event) { states.push_back(event.value().state); });
  test.sim.run_for(1s);
  test.account.stop([&](peal::Result<peal::RegistrationEvent> event) { states.push_back(event.value().state); });
  test.sim.run_for(1s);
  EXPECT_THAT(states, ElementsAre(peal::RegistrationState::registered, peal::RegistrationState::unregistered));
}

TEST(Registration, ARemovedAccountStillProvesWhoWeAreInItsCalls) {
  Registering test;
  test.registrar.on("INVITE", [](auto& peer, auto& request) {
    peal::sim::Answer answer;
    answer.to_tag = "b";
    answer.lines = {"Contact: <sip:bob@192.0.2.9>"};
    answer.content_type = "application/sdp";
    answer.body = "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n";
    peer.answer(request, answer);
  });
  std::vector<std::string> byes;
  test.registrar.on("BYE", [&](auto& peer, auto& request) {
    byes.push_back(request.text);
    peal::sim::Answer answer;
    if (!peal::sim::header_of(request.text, "Proxy-Authorization")) {
      answer.code = 407;
      answer.lines = {"Proxy-Authenticate: Digest realm=\"x\", nonce=\"n\""};
    }
    peer.answer(request, answer);
  });
  auto call = test.ua.invite("sip:bob@192.0.2.9");
  ASSERT_TRUE(call);
  test.sim.run_for(1s);
  ASSERT_TRUE(test.account.remove());
  EXPECT_FALSE(test.account.start());
  ASSERT_TRUE(call->hang_up());
  test.sim.run_for(1s);
  ASSERT_EQ(byes.size(), 2U);
  EXPECT_THAT(test.heard.log, ElementsAre("established", "ended"));
  EXPECT_EQ(test.ua.counters()->accounts, 0U);
}

TEST(Registration, RemovingAnAccountCompletesItsOperationsLater) {
  Registering test;
  bool aborted = false;
  test.account.start([&](peal::Result<peal::RegistrationEvent> result) {
    EXPECT_EQ(result.error(), make_error_code(peal::errc::aborted));
    aborted = true;
  });
  ASSERT_TRUE(test.account.remove());
  EXPECT_FALSE(aborted);  // not inside our own call
  test.sim.run_for(1s);
  EXPECT_TRUE(aborted);
}
