#include "digest.hpp"
#include "ua_fixture.hpp"

#include <peal/dialog/digest_server.hpp>

namespace {

using namespace dialog_testing;

struct RequestLog final : OutgoingUser {
  int finals = 0, provisionals = 0, code = 0;
  Cause cause;
  UniqueFunction<void()> react;
  void on_provisional(const Response&) override { ++provisionals; }
  void on_final(const Response* response, const Cause& why) override {
    ++finals;
    code = response == nullptr ? 0 : response->status().value();
    cause = why;
    if (react) react();
  }
};

class AuthTest : public AgentAndPeer {
 protected:
  void register_once() {
    auto request =
        alice.core->make_request({method::register_, Uri::parse("sip:192.0.2.2").value(), alice.me(), alice.me()});
    RequestOptions options;
    options.credentials = &credentials;
    options.add_contact = true;
    options.contact_user = "alice";
    auto sent = alice.core->send(std::move(request), options, log);
    ASSERT_TRUE(sent);
    outgoing = std::move(*sent);
  }
  /// Answers `request` with challenges, and gives the next attempt.
  std::optional<sim::RawMessage> challenge(const sim::RawMessage& request, int code,
                                           std::vector<std::string> challenges) {
    sim::Answer answer;
    answer.code = code;
    answer.to_tag = "c";
    for (const auto& c : challenges)
      answer.lines.push_back((code == 401 ? "WWW-Authenticate: Digest " : "Proxy-Authenticate: Digest ") + c);
    bob.answer(request, answer);
    const auto method = sim::method_of(request.text);
    if (method == "INVITE") bob.expect("ACK");
    return bob.expect(method, 5s);
  }
  /// The credentials for `realm` in that header, if they are right.
  static std::optional<Auth> credentials_in(const sim::RawMessage& message, std::string_view header,
                                            std::string_view realm, std::string_view user, std::string_view password) {
    for (const auto& value : sim::headers_of(message.text, header)) {
      auto auth = Auth::parse(value);
      if (!auth || auth->view().value("realm") != realm) continue;
      const auto v = auth->view();
      const auto algorithm = parse_algorithm(v.value("algorithm"));
      if (!algorithm || v.value("username") != user) return std::nullopt;
      const auto ha1 = hash_hex(algorithm->hash, {user, realm, password}).value();
      const auto method = sim::method_of(message.text);
      const auto uri = v.value("uri"), nonce = v.value("nonce"), qop = v.value("qop"), nc = v.value("nc"),
                 cn = v.value("cnonce");
      const auto body = sim::body_of(message.text);
      const auto expected = digest_response({*algorithm, ha1, method, uri, nonce, qop, nc, cn, body}).value();
      EXPECT_EQ(expected, v.value("response"));
      return std::move(*auth);
    }
    return std::nullopt;
  }
  static unsigned cseq(const sim::RawMessage& m) { return static_cast<unsigned>(std::stoul(line(m, "CSeq"))); }

  TestCredentials credentials;
  RequestLog log;
  std::unique_ptr<OutgoingRequest> outgoing;
};

TEST_F(AuthTest, AnswersWithTheSameCallAndTheNextCSeq) {
  credentials.add("r", "alice", "secret");
  register_once();
  auto first = bob.expect("REGISTER");
  ASSERT_TRUE(first);
  EXPECT_EQ(line(*first, "Contact"), "<sip:alice@192.0.2.1:5060>");
  EXPECT_EQ(line(*first, "Authorization"), "(none)");
  auto second = challenge(*first, 401, {R"(realm="r", nonce="n1", opaque="o", qop="auth", algorithm=SHA-256)"});
  ASSERT_TRUE(second);
  const auto auth = credentials_in(*second, "Authorization", "r", "alice", "secret");
  ASSERT_TRUE(auth);
  EXPECT_EQ(auth->view().value("opaque"), "o");
  EXPECT_EQ(auth->view().value("nc"), "00000001");
  EXPECT_EQ(auth->view().value("uri"), "sip:192.0.2.2");
  EXPECT_EQ(line(*second, "Call-ID"), line(*first, "Call-ID"));
  EXPECT_EQ(line(*second, "From"), line(*first, "From"));
  EXPECT_EQ(line(*second, "To"), line(*first, "To"));
  EXPECT_EQ(cseq(*second), cseq(*first) + 1);
  EXPECT_NE(line(*second, "Via"), line(*first, "Via"));
  bob.answer(*second, {.code = 200, .to_tag = "c"});
  sim.run_for(1s);
  EXPECT_EQ(log.code, 200);
  EXPECT_EQ(log.finals, 1);

  // The nonce is remembered: no new challenge, and its count goes on.
  register_once();
  auto third = bob.expect("REGISTER");
  ASSERT_TRUE(third);
  const auto again = credentials_in(*third, "Authorization", "r", "alice", "secret");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->view().value("nc"), "00000002");
  // … until it is stale: one more try, without asking for the password.
  auto fourth = challenge(*third, 401, {R"(realm="r", nonce="n2", qop="auth", algorithm=SHA-256, stale=TRUE)"});
  ASSERT_TRUE(fourth);
  EXPECT_EQ(credentials_in(*fourth, "Authorization", "r", "alice", "secret")->view().value("nc"), "00000001");
  EXPECT_EQ(credentials.asked.size(), 1U);
  bob.answer(*fourth, {.code = 200, .to_tag = "c"});
  sim.run_for(1s);
  credentials.forget();
  register_once();
  auto fifth = bob.expect("REGISTER");
  EXPECT_EQ(line(*fifth, "Authorization"), "(none)");
  bob.answer(*fifth, {.code = 200, .to_tag = "c"});
}

TEST_F(AuthTest, ARememberedNonceThatIsRefusedMakesOneMoreTry) {
  credentials.add("r", "alice", "secret");
  for (int round = 0; round < 2; ++round) {
    register_once();
    auto first = bob.expect("REGISTER");
    auto second = challenge(*first, 401, {"realm=\"r\", nonce=\"n" + std::to_string(round) + "\", qop=\"auth\""});
    ASSERT_TRUE(second) << round;
    bob.answer(*second, {.code = 200, .to_tag = "c"});
    sim.run_for(100ms);
    EXPECT_EQ(log.code, 200);
  }
}

// DEFECTS 1, 2; RFC 8760 §2.4: the topmost that we know, whatever stands around it; absent means MD5.
TEST_F(AuthTest, PicksTheFirstAlgorithmItKnows) {
  credentials.add("r", "alice", "secret");
  struct Row {
    std::vector<std::string> challenges;
    std::string algorithm;
  };
  const Row rows[] = {
      {{R"(realm="r", nonce="a", algorithm=SHA-256)"}, "SHA-256"},
      {{R"(realm="r", nonce="a", algorithm="sha-256", qop="auth")"}, "SHA-256"},
      {{R"(realm="r", nonce="a", algorithm=SHA-1)", R"(realm="r", nonce="b")"}, ""},
      {{R"(realm="r", nonce="a", algorithm=SHA-512-256)", R"(realm="r", nonce="b", algorithm=MD5)"}, "SHA-512-256"},
      {{R"(realm="r", nonce="a", algorithm=MD5, qop="foo")",
        R"(realm="r", nonce="b", algorithm=SHA-256-sess, qop="auth")"},
       "SHA-256-sess"},
      {{R"(realm="r", nonce="a", algorithm=MD5, qop="auth-int")"}, "MD5"},
  };
  for (const auto& row : rows) {
    credentials.forget();
    register_once();
    auto first = bob.expect("REGISTER");
    ASSERT_TRUE(first);
    auto second = challenge(*first, 401, row.challenges);
    ASSERT_TRUE(second) << row.challenges.front();
    const auto auth = credentials_in(*second, "Authorization", "r", "alice", "secret");
    ASSERT_TRUE(auth) << row.challenges.front();
    EXPECT_EQ(auth->view().value("algorithm"), row.algorithm);
    bob.answer(*second, {.code = 200, .to_tag = "c"});
    sim.run_for(100ms);
  }
}

TEST_F(AuthTest, NothingItKnowsIsSaidCleanly) {
  credentials.add("r", "alice", "secret");
  register_once();
  auto first = bob.expect("REGISTER");
  EXPECT_FALSE(challenge(*first, 401, {R"(realm="r", nonce="a", algorithm=SHA-1)"}));
  EXPECT_EQ(log.finals, 1);
  EXPECT_EQ(log.code, 401);
  EXPECT_EQ(log.cause.error, make_error_code(dialog::errc::unsupported_challenge));
}

// REQUIREMENTS 25: wrong password is told once, and then there is silence.
TEST_F(AuthTest, WrongPasswordIsOneFailure) {
  credentials.add("r", "alice", "wrong");
  register_once();
  auto first = bob.expect("REGISTER");
  auto second = challenge(*first, 401, {R"(realm="r", nonce="n1", qop="auth")"});
  ASSERT_TRUE(second);
  EXPECT_FALSE(challenge(*second, 401, {R"(realm="r", nonce="n2", qop="auth")"}));
  EXPECT_EQ(log.finals, 1);
  EXPECT_EQ(log.code, 401);
  EXPECT_EQ(log.cause.error, make_error_code(dialog::errc::auth_rejected));
  EXPECT_TRUE(bob.expect_silence(40s));
}

TEST_F(AuthTest, SameNonceStaleOrNotIsNotTriedTwice) {
  credentials.add("r", "alice", "secret");
  register_once();
  auto first = bob.expect("REGISTER");
  auto second = challenge(*first, 401, {R"(realm="r", nonce="n1", qop="auth")"});
  ASSERT_TRUE(second);
  EXPECT_FALSE(challenge(*second, 401, {R"(realm="r", nonce="n1", qop="auth", stale=true)"}));
  EXPECT_EQ(log.cause.error, make_error_code(dialog::errc::auth_rejected));
}

TEST_F(AuthTest, EndlessStaleIsCapped) {
  credentials.add("r", "alice", "secret");
  register_once();
  auto attempt = bob.expect("REGISTER");
  int attempts = 0;
  while (attempt && attempts < 10) {
    ++attempts;
    attempt = challenge(*attempt, 401,
                        {"realm=\"r\", nonce=\"n" + std::to_string(attempts) + "\", qop=\"auth\", stale=true"});
  }
  EXPECT_EQ(attempts, 4);  // the request, and UaLimits::challenges answers
  EXPECT_EQ(log.cause.error, make_error_code(dialog::errc::auth_loop));
}

TEST_F(AuthTest, NoCredentialsForTheRealm) {
  credentials.add("other", "alice", "secret");
  register_once();
  auto first = bob.expect("REGISTER");
  EXPECT_FALSE(challenge(*first, 401, {R"(realm="r", nonce="n1")"}));
  EXPECT_EQ(log.cause.error, make_error_code(dialog::errc::no_credentials));
  EXPECT_EQ(credentials.asked.at(0).realm, "r");
}

TEST_F(AuthTest, CredentialsMayComeLater) {
  credentials.later = true;
  register_once();
  auto first = bob.expect("REGISTER");
  EXPECT_FALSE(challenge(*first, 401, {R"(realm="r", nonce="n1", qop="auth")"}));
  ASSERT_EQ(credentials.tickets.size(), 1U);
  Credentials one;
  one.username = "alice";
  one.ha1 = hash_hex(Hash::md5, {"alice", "r", "secret"}).value();
  credentials.tickets[0].answer(one);
  auto second = bob.expect("REGISTER");
  ASSERT_TRUE(second);
  EXPECT_TRUE(credentials_in(*second, "Authorization", "r", "alice", "secret"));
  bob.answer(*second, {.code = 200, .to_tag = "c"});
}

TEST_F(AuthTest, AbandonedWhileCredentialsAreLookedFor) {
  credentials.later = true;
  register_once();
  auto first = bob.expect("REGISTER");
  EXPECT_FALSE(challenge(*first, 401, {R"(realm="r", nonce="n1", qop="auth")"}));
  outgoing.reset();
  Credentials one;
  one.username = "alice";
  one.password = "secret";
  credentials.tickets[0].answer(one);
  EXPECT_TRUE(bob.expect_silence(5s));
  EXPECT_EQ(log.finals, 0);
}

TEST_F(AuthTest, SeveralRealmsAtOnce) {
  credentials.add("a", "alice", "secret-a");
  credentials.add("b", "alice-b", "secret-b");
  register_once();
  auto first = bob.expect("REGISTER");
  auto second =
      challenge(*first, 407, {R"(realm="a", nonce="na", qop="auth")", R"(realm="b", nonce="nb", algorithm=SHA-256)"});
  ASSERT_TRUE(second);
  EXPECT_TRUE(credentials_in(*second, "Proxy-Authorization", "a", "alice", "secret-a"));
  EXPECT_TRUE(credentials_in(*second, "Proxy-Authorization", "b", "alice-b", "secret-b"));
  bob.answer(*second, {.code = 200, .to_tag = "c"});
}

// DEFECTS 4: a proxy, a server, and a nonce that grew old on the way. The ACK carries what the INVITE carried (§22.1).
TEST_F(AuthTest, Invite401Then407ThenStale) {
  credentials.add("server", "alice", "s");
  credentials.add("proxy", "alice", "p");
  InviteOptions options;
  options.credentials = &credentials;
  auto* session = alice.call("sip:bob@192.0.2.2", std::move(options));
  auto first = bob.expect("INVITE");
  ASSERT_TRUE(first);
  auto second = challenge(*first, 401, {R"(realm="server", nonce="s1", qop="auth")"});
  ASSERT_TRUE(second);
  auto third = challenge(*second, 407, {R"(realm="proxy", nonce="p1", qop="auth")"});
  ASSERT_TRUE(third);
  EXPECT_TRUE(credentials_in(*third, "Authorization", "server", "alice", "s"));
  EXPECT_TRUE(credentials_in(*third, "Proxy-Authorization", "proxy", "alice", "p"));
  auto fourth = challenge(*third, 401, {R"(realm="server", nonce="s2", qop="auth", stale=true)"});
  ASSERT_TRUE(fourth);
  EXPECT_TRUE(credentials_in(*fourth, "Authorization", "server", "alice", "s"));
  EXPECT_TRUE(credentials_in(*fourth, "Proxy-Authorization", "proxy", "alice", "p"));
  EXPECT_EQ(cseq(*fourth), cseq(*first) + 3);
  bob.answer(*fourth, ok());
  auto ack = bob.expect("ACK");
  ASSERT_TRUE(ack);
  EXPECT_EQ(cseq(*ack), cseq(*fourth));
  EXPECT_EQ(line(*ack, "Authorization"), line(*fourth, "Authorization"));
  EXPECT_EQ(line(*ack, "Proxy-Authorization"), line(*fourth, "Proxy-Authorization"));
  ASSERT_TRUE(session->hang_up());
  auto bye = bob.expect("BYE");
  ASSERT_TRUE(bye);
  EXPECT_EQ(cseq(*bye), cseq(*fourth) + 1);
  auto again = challenge(*bye, 407, {R"(realm="proxy", nonce="p2", qop="auth")"});
  ASSERT_TRUE(again);
  EXPECT_EQ(cseq(*again), cseq(*bye) + 1);
  bob.answer(*again, {.code = 200});
  sim.run_for(1s);
  EXPECT_EQ(alice.user.ends, 1);
}

TEST_F(AuthTest, RejectedInviteEndsOnceWithTheReason) {
  credentials.add("r", "alice", "wrong");
  InviteOptions options;
  options.credentials = &credentials;
  alice.call("sip:bob@192.0.2.2", std::move(options));
  auto first = bob.expect("INVITE");
  auto second = challenge(*first, 407, {R"(realm="r", nonce="n1", qop="auth")"});
  ASSERT_TRUE(second);
  EXPECT_FALSE(challenge(*second, 407, {R"(realm="r", nonce="n2", qop="auth")"}));
  EXPECT_EQ(alice.user.story(), "ended");
  EXPECT_EQ(alice.user.cause->error, make_error_code(dialog::errc::auth_rejected));
  EXPECT_EQ(alice.user.cause->attempts.back().status, 407);
}

// CVE-2021-41158: who calls us does not get our passwords.
TEST_F(AuthTest, AStrangersChallengeIsNotAnswered) {
  alice.on_call = [](InviteSession& session) { EXPECT_TRUE(session.accept(status::ok)); };
  send(invite());
  auto answer = bob.expect("SIP/2.0 200");
  ASSERT_TRUE(answer);
  send(request("ACK", 1, tag_of(*answer)));
  sim.run_for(100ms);
  ASSERT_TRUE(alice.incoming->hang_up());
  auto bye = bob.expect("BYE");
  ASSERT_TRUE(bye);
  EXPECT_FALSE(challenge(*bye, 401, {R"(realm="r", nonce="n1", qop="auth")"}));
  EXPECT_EQ(alice.user.ends, 1);
}

TEST_F(AuthTest, AgainstOurOwnAuthenticator) {
  credentials.add("r", "alice", "secret");
  Authenticator::Options options;
  options.realm = "r";
  Authenticator server(bob_host.runtime(), options);
  const auto lookup = [](std::string_view) {
    Credentials one;
    one.username = "alice";
    one.password = "secret";
    return std::optional<Credentials>(one);
  };
  for (int i = 0; i < 3; ++i) {
    register_once();
    auto request = bob.expect("REGISTER");
    ASSERT_TRUE(request);
    auto verdict = server.verify(Request::parse(request->text).value(), lookup);
    if (i == 0) {
      EXPECT_EQ(verdict.outcome, Authenticator::Outcome::no_credentials);
      Response response(Request::parse(request->text).value(), server.code(), "c");
      server.challenge(response);
      bob.send(response.to_string(), alice_host.endpoint());
      request = bob.expect("REGISTER");
      ASSERT_TRUE(request);
      verdict = server.verify(Request::parse(request->text).value(), lookup);
    }
    EXPECT_EQ(verdict.outcome, Authenticator::Outcome::ok) << i;
    bob.answer(*request, {.code = 200, .to_tag = "c"});
    sim.run_for(100ms);
  }
}

}  // namespace
