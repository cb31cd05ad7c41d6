// A user agent against peers that are broken or mean harm (<peal/testing/peers.hpp>): what it does is bounded, each
// call has one end with its cause, and nothing stays behind.
#include "sim_pair.hpp"

#include <peal/dialog/error.hpp>
#include <peal/testing/peers.hpp>
#include <peal/transaction/error.hpp>

using namespace sim_pair;
using testing::ElementsAre;

namespace {

constexpr auto of_all_transactions = 40s;  // 64*T1 and what follows it

/// alice, who has an account, and a host for the peer.
struct HostilePeer : ::testing::Test {
  explicit HostilePeer(peal::Config config = listening_on("udp:192.0.2.1:5060"))
      : alice(home.runtime(), std::move(config)) {
    EXPECT_TRUE(alice.set_handler(&at_alice));
    peal::AccountConfig account;
    account.aor = "sip:alice@192.0.2.66";
    account.password = "secret";
    owner = alice.add_account(account).value();
  }
  peal::Call call() {
    auto made = alice.invite("sip:peer@192.0.2.66");
    EXPECT_TRUE(made);
    return made ? *made : peal::Call();
  }
  /// Exactly one end, and nothing left of it.
  const peal::Cause& only_end() {
    sim.run_for(of_all_transactions);
    EXPECT_EQ(std::count(at_alice.log.begin(), at_alice.log.end(), "ended"), 1);
    EXPECT_EQ(at_alice.log.back(), "ended");
    expect_nothing_left(alice);
    static const peal::Cause none;
    return at_alice.ends.empty() ? none : at_alice.ends.front();
  }
  std::size_t server_machines() { return alice.counters()->core.transaction.server_machines; }

  peal::sim::Simulator sim{1};
  peal::sim::Host& home = sim.host("alice", {"192.0.2.1"});
  peal::sim::Host& there = sim.host("peer", {"192.0.2.66"});
  Recorder at_alice;
  peal::UserAgent alice;
  peal::Account owner;
};

// ---- challenges without end

TEST_F(HostilePeer, WhoRefusesGoodCredentialsIsAskedTwice) {
  for (const int code : {401, 407}) {
    at_alice = {};
    peal::sim::HostileChallenger peer(sim, there, {.code = code});
    call();
    EXPECT_EQ(only_end().error, make_error_code(peal::dialog::errc::auth_rejected));
    EXPECT_GE(peer.challenged(), 2U);
    EXPECT_LE(peer.challenged(), 3U) << "with the nonce that was remembered, with the new one, and no more";
    EXPECT_EQ(peer.acks(), peer.challenged());
  }
}

TEST_F(HostilePeer, AStaleNonceForEverEndsAtTheLimit) {
  peal::sim::HostileChallenger peer(sim, there, {.stale = true});
  call();
  EXPECT_EQ(only_end().error, make_error_code(peal::dialog::errc::auth_loop));
  EXPECT_EQ(peer.challenged(), 1 + peal::dialog::UaLimits{}.challenges);
}

TEST_F(HostilePeer, ANewRealmEachTimeEndsAtTheLimitAndBurdensNoLaterRequest) {
  peal::sim::HostileChallenger peer(sim, there, {.new_realm = true, .challenges = 8});
  for (std::size_t calls = 1; calls <= 5; ++calls) {
    at_alice = {};
    call();
    EXPECT_EQ(only_end().error, make_error_code(peal::dialog::errc::auth_loop));
    EXPECT_EQ(peer.challenged(), calls * (1 + peal::dialog::UaLimits{}.challenges));
    EXPECT_EQ(peer.challenged() - peer.with_credentials(), calls) << "each call begins without credentials";
  }
}

TEST_F(HostilePeer, CredentialsThatFillADatagramKeepNoLaterRequestFromBeingSent) {
  peal::sim::HostileChallenger peer(sim, there, {.new_realm = true, .challenges = 8, .padding = 7000});
  for (std::size_t calls = 1; calls <= 3; ++calls) {
    at_alice = {};
    call();
    EXPECT_EQ(only_end().error, make_error_code(peal::transport::errc::too_large));
    EXPECT_EQ(peer.challenged(), calls * 2) << "once without credentials, once with as many as fit";
  }
}

TEST_F(HostilePeer, AnUnknownAlgorithmIsNotAnswered) {
  peal::sim::HostileChallenger peer(sim, there, {.challenges = 3, .algorithm = "SHA3-1024"});
  call();
  EXPECT_EQ(only_end().error, make_error_code(peal::dialog::errc::unsupported_challenge));
  EXPECT_EQ(peer.challenged(), 1U);
  EXPECT_EQ(peer.with_credentials(), 0U);
}

TEST_F(HostilePeer, ARegistrarThatChallengesForEverFailsTheRegistrationOnce) {
  peal::sim::HostileChallenger peer(sim, there, {.stale = true});
  ASSERT_TRUE(owner.start());
  sim.run_for(1h);
  ASSERT_EQ(at_alice.registrations.size(), 1U);
  EXPECT_EQ(at_alice.registrations[0].state, peal::RegistrationState::failed);
  EXPECT_EQ(at_alice.registrations[0].retry_in, 0s) << "the user has to look at it";
  EXPECT_EQ(at_alice.registrations[0].cause.error, make_error_code(peal::dialog::errc::auth_loop));
  EXPECT_EQ(peer.challenged(), 1 + peal::dialog::UaLimits{}.challenges);
  ASSERT_TRUE(owner.stop());
  sim.run_for(of_all_transactions);
  expect_nothing_left(alice);
}

// ---- our own requests

//  alice            reflector
//   |----- INVITE ---->|
//   |<---- INVITE -----|   the same, or with a Via on top: a call to oneself over a proxy is one, too
//   |------- 200 ----->|   goes no further
TEST_F(HostilePeer, AReflectedCallIsOneIncomingCallAndEndsOnBothSides) {
  for (const bool own_via : {false, true}) {
    SCOPED_TRACE(own_via);
    at_alice = {};
    peal::sim::Reflector peer(sim, there, {.own_via = own_via});
    call();
    sim.run_for(120s);
    EXPECT_THAT(at_alice.log, ElementsAre("incoming", "ended", "ended"));
    ASSERT_EQ(at_alice.ends.size(), 2U);
    EXPECT_EQ(at_alice.ends[0].error, make_error_code(peal::transaction::errc::timed_out));
    EXPECT_EQ(at_alice.ends[1].error, make_error_code(peal::dialog::errc::no_ack));
    EXPECT_EQ(peer.reflected(), 7U) << "the INVITE and Timer A's copies, nothing multiplies";
    expect_nothing_left(alice);
  }
}

TEST_F(HostilePeer, ACallThatAReflectorBringsBackWithItsAnswersIsACallToOneself) {
  for (const bool own_via : {false, true}) {
    SCOPED_TRACE(own_via);
    at_alice = {};
    peal::sim::Reflector peer(sim, there, {.own_via = own_via, .responses = true});
    auto mine = call();
    sim.run_for(60s);
    EXPECT_THAT(at_alice.log, ElementsAre("incoming", "established", "established"));
    ASSERT_TRUE(mine.hang_up());
    sim.run_for(of_all_transactions);
    EXPECT_EQ(at_alice.ends.size(), 2U);
    EXPECT_EQ(at_alice.log.size(), 5U);
    expect_nothing_left(alice);
  }
}

TEST_F(HostilePeer, AReflectedRegistrationIsRefusedByOurselvesAndFails) {
  peal::sim::Reflector peer(sim, there, {.responses = true});
  ASSERT_TRUE(owner.start());
  sim.run_for(10s);
  ASSERT_EQ(at_alice.registrations.size(), 1U);
  EXPECT_EQ(at_alice.registrations[0].state, peal::RegistrationState::failed);
  EXPECT_EQ(at_alice.registrations[0].cause.code, 405) << at_alice.registrations[0].cause.text;
  EXPECT_EQ(peer.requests(), 1U);
  ASSERT_TRUE(owner.stop());
  sim.run_for(of_all_transactions);
  expect_nothing_left(alice);
}

// ---- floods

/// alice with small limits, and a good caller on a host of its own, in the middle of it all.
struct FloodedPeer : HostilePeer {
  static constexpr std::size_t per_source = 200;
  static constexpr std::size_t sessions = 500;
  static peal::Config small() {
    auto config = listening_on("udp:192.0.2.1:5060");
    config.transaction_limits.transactions_per_source = per_source;
    config.transaction_limits.echo_bytes = 1'000'000;
    config.limits.sessions = sessions;
    return config;
  }
  FloodedPeer() : HostilePeer(small()) { EXPECT_TRUE(bob.set_handler(&at_bob)); }
  void expect_a_call_passes() {
    at_bob = {};
    auto made = bob.invite("sip:alice@192.0.2.1");
    ASSERT_TRUE(made);
    sim.run_for(3s);
    EXPECT_THAT(at_bob.log, ElementsAre("established"));
    ASSERT_TRUE(made->hang_up());
    sim.run_for(2s);
    EXPECT_EQ(at_bob.log.back(), "ended");
  }
  void expect_options_are_answered() {
    int code = 0;
    bob.options("sip:alice@192.0.2.1",
                [&](const peal::Result<peal::Response>& answer) { code = answer ? answer->status().value() : -1; });
    sim.run_for(3s);
    EXPECT_EQ(code, 200);
  }
  void expect_bound() {
    const auto counters = alice.counters();
    EXPECT_LE(counters->core.transaction.server_machines, per_source + 1);
    EXPECT_LE(counters->core.transaction.echo_bytes, 1'000'000U);
    EXPECT_LE(counters->core.sessions, sessions);
  }
  peal::sim::Host& friendly = sim.host("friend", {"192.0.2.2"});
  Recorder at_bob;
  peal::UserAgent bob{friendly.runtime(), listening_on("udp:192.0.2.2:5060")};
};

TEST_F(FloodedPeer, RequestsOfEveryKindAreBoundGoodCallsPassAndNothingIsLeft) {
  using Options = peal::sim::FlooderOptions;
  const struct {
    Options options;
    int answer;  // to every one; 0: none at all
  } floods[] = {
      {{.method = "OPTIONS", .per_second = 2000}, 200},
      {{.method = "OPTIONS", .per_second = 500, .copies = 3}, 200},
      {{.method = "OPTIONS", .per_second = 1000, .same_call_id = true}, 200},
      {{.method = "OPTIONS", .per_second = 1000, .spoofed_ports = true}, 0},
      {{.method = "MESSAGE", .per_second = 1000}, 405},
      {{.method = "BYE", .per_second = 1000}, 481},
      {{.method = "CANCEL", .per_second = 1000}, 481},
      {{.method = "ACK", .per_second = 1000}, 0},
      {{.method = "X-NEVER-HEARD", .per_second = 1000}, 501},
      {{.method = "OPTIONS", .per_second = 2000, .garbage = true}, 0},
  };
  for (const auto& [options, answer] : floods) {
    SCOPED_TRACE(options.method + (options.garbage ? " garbage" : "") + (options.spoofed_ports ? " spoofed" : ""));
    at_alice = {};
    peal::sim::Flooder peer(sim, there, options);
    peer.start(home.endpoint());
    sim.run_for(3s);
    expect_bound();
    expect_a_call_passes();
    expect_bound();
    peer.stop();
    sim.run_for(of_all_transactions);
    EXPECT_EQ(at_alice.log, (std::vector<std::string>{"incoming", "established", "ended"}))
        << "the friend's call alone";
    std::map<int, std::size_t> answers;
    if (answer != 0) answers[answer] = peer.sent() + peer.copies();
    EXPECT_EQ(peer.answers(), answers);
    expect_nothing_left(alice);
  }
}

TEST_F(FloodedPeer, InvitesThatRingUnansweredAreBoundForEachSource) {
  at_alice.answer_at_once = false;
  peal::sim::Flooder peer(sim, there, {.method = "INVITE", .per_second = 200});
  peer.start(home.endpoint());
  sim.run_for(10s);
  expect_bound();
  expect_options_are_answered();
  peer.stop();
  sim.run_for(1s);
  EXPECT_EQ(at_alice.offered.size(), per_source);
  EXPECT_EQ(peer.answers().at(503), peer.sent() - per_source);
  for (auto& incoming : at_alice.offered) EXPECT_TRUE(incoming.reject());
  sim.run_for(of_all_transactions);
  EXPECT_EQ(at_alice.ends.size(), per_source);
  expect_nothing_left(alice);
}

TEST_F(FloodedPeer, InvitesThatAreAnsweredAndNeverAcknowledgedAreBoundByTheSessions) {
  peal::sim::Flooder peer(sim, there, {.method = "INVITE", .per_second = 100});
  peer.start(home.endpoint());
  for (int i = 0; i < 20; ++i) {
    sim.run_for(1s);
    expect_bound();
  }
  EXPECT_EQ(at_alice.offered.size(), sessions);
  expect_options_are_answered();
  peer.stop();
  sim.run_for(120s);
  EXPECT_EQ(at_alice.ends.size(), at_alice.offered.size()) << "each has its end";
  for (const auto& end : at_alice.ends) EXPECT_EQ(end.error, make_error_code(peal::dialog::errc::no_ack));
  expect_nothing_left(alice);
  expect_a_call_passes();
}

// ---- those who begin and never go on

TEST_F(HostilePeer, ASlowLorisThatCallsIsHeardOncePer64T1) {
  struct Rejects final : peal::UserAgentHandler {
    void on_incoming_call(peal::IncomingCall& call) override {
      ++offered;
      EXPECT_TRUE(call.reject());
    }
    void on_ended(peal::Call&, const peal::Ended&) override { ++ended; }
    int offered = 0;
    int ended = 0;
  } rejects;
  ASSERT_TRUE(alice.set_handler(&rejects));
  peal::sim::SlowLoris peer(sim, there, {.every = 100ms, .limit = 20});
  peer.start(home.endpoint());
  sim.run_for(31s);
  EXPECT_EQ(rejects.offered, 20) << "copies are answered by the transaction";
  sim.run_for(64s);
  EXPECT_EQ(rejects.offered, 60) << "Timer H forgets it, the next copy is a new call";
  EXPECT_LE(server_machines(), 20U);
  peer.stop();
  sim.run_for(of_all_transactions);
  EXPECT_EQ(rejects.ended, 60);
  EXPECT_EQ(peer.finals().size(), 1U);
  expect_nothing_left(alice);
  ASSERT_TRUE(alice.set_handler(nullptr));
}

TEST_F(HostilePeer, ASlowLorisThatRingsForEverIsGivenUp64T1AfterTheCancel) {
  peal::sim::SlowLoris peer(sim, there);
  auto mine = call();
  sim.run_for(10min);
  EXPECT_TRUE(mine.state()) << "RFC 3261 gives no limit: the user has to end it";
  at_alice.log.clear();
  ASSERT_TRUE(mine.hang_up());
  EXPECT_EQ(only_end().error, make_error_code(peal::transaction::errc::cancelled_unanswered));
  EXPECT_THAT(at_alice.log, ElementsAre("ended")) << "what rings on is not told";
  EXPECT_EQ(peer.cancels(), 11U) << "Timer E until Timer F";
}

// ---- no ACK

TEST_F(HostilePeer, WhoNeverAcknowledgesAnAnswerGetsAByeAfter64T1) {
  for (const bool answers_bye : {true, false}) {
    at_alice = {};
    peal::sim::NeverAcks peer(sim, there, {.answers_bye = answers_bye});
    peer.call(home.endpoint());
    sim.run_for(31s);
    EXPECT_THAT(at_alice.log, ElementsAre("incoming"));
    sim.run_for(2s);
    EXPECT_GE(peer.byes(), 1U);
    sim.run_for(40s);
    const auto& end = only_end();
    EXPECT_EQ(end.error, make_error_code(peal::dialog::errc::no_ack)) << end.text;
    EXPECT_EQ(peer.finals(), (std::map<int, std::size_t>{{200, 1}}));
    EXPECT_EQ(peer.final_copies(), 10U) << "T1, 2*T1, … T2 until 64*T1 (RFC 3261 §13.3.1.4)";
    EXPECT_LE(peer.byes(), 11U);
  }
}

TEST_F(HostilePeer, WhoNeverAcknowledgesARejectionIsForgottenAfterTimerH) {
  at_alice.answer_at_once = false;
  peal::sim::NeverAcks peer(sim, there);
  peer.call(home.endpoint());
  sim.run_for(1s);
  ASSERT_EQ(at_alice.offered.size(), 1U);
  ASSERT_TRUE(at_alice.offered[0].reject());
  const auto& end = only_end();
  EXPECT_EQ(end.code, 486) << end.text;
  EXPECT_EQ(peer.finals(), (std::map<int, std::size_t>{{486, 1}}));
  EXPECT_EQ(peer.final_copies(), 10U) << "Timer G until Timer H";
  EXPECT_EQ(peer.byes(), 0U);
}

// ---- ringing after the CANCEL

TEST_F(HostilePeer, RingingAfterTheCancelChangesNothing) {
  using peal::sim::AfterCancel;
  for (const auto ending : {AfterCancel::terminated, AfterCancel::silence, AfterCancel::answered}) {
    SCOPED_TRACE(static_cast<int>(ending));
    at_alice = {};
    peal::sim::RingsAfterCancel peer(sim, there, {.rings = 5, .end = ending});
    auto mine = call();
    sim.run_for(1s);
    ASSERT_TRUE(mine.hang_up());
    const auto& end = only_end();
    if (ending == AfterCancel::silence)
      EXPECT_EQ(end.error, make_error_code(peal::transaction::errc::cancelled_unanswered));
    else
      EXPECT_EQ(end.code, 487) << end.text;
    EXPECT_EQ(peer.rung_after(), 5U);
    EXPECT_EQ(peer.cancels(), 1U);
    EXPECT_THAT(at_alice.log, ElementsAre("180", "ended")) << "what rings after the hang-up is not told";
    EXPECT_EQ(peer.acks(), ending == AfterCancel::silence ? 0U : 1U);
    EXPECT_EQ(peer.byes(), ending == AfterCancel::answered ? 1U : 0U);
  }
}

// ---- all of them, on a bad network, hung up at any moment

TEST(HostileWeather, EachCallEndsOnceAndNothingIsLeftWhateverIsLost) {
  using peal::sim::AfterCancel;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    for (int kind = 0; kind < 7; ++kind) {
      SCOPED_TRACE(testing::Message() << "seed " << seed << ", peer " << kind);
      peal::sim::Simulator sim(seed);
      sim.set_default_link({.latency = 30ms, .jitter = 20ms, .loss = 0.25, .duplication = 0.1, .reordering = 0.2});
      auto& home = sim.host("alice", {"192.0.2.1"});
      auto& there = sim.host("peer", {"192.0.2.66"});
      Recorder at_alice;
      peal::UserAgent alice(home.runtime(), listening_on("udp:192.0.2.1:5060"));
      ASSERT_TRUE(alice.set_handler(&at_alice));
      peal::AccountConfig account;
      account.aor = "sip:alice@192.0.2.66";
      account.password = "secret";
      ASSERT_TRUE(alice.add_account(account));
      std::optional<peal::sim::HostileChallenger> challenger;
      std::optional<peal::sim::Reflector> reflector;
      std::optional<peal::sim::SlowLoris> loris;
      std::optional<peal::sim::RingsAfterCancel> ringer;
      if (kind == 0) challenger.emplace(sim, there, peal::sim::ChallengerOptions{.stale = true});
      if (kind == 1) reflector.emplace(sim, there);
      if (kind == 2) reflector.emplace(sim, there, peal::sim::ReflectorOptions{.own_via = true, .responses = true});
      if (kind == 3) loris.emplace(sim, there);
      if (kind >= 4) {
        constexpr AfterCancel endings[] = {AfterCancel::terminated, AfterCancel::silence, AfterCancel::answered};
        ringer.emplace(sim, there, peal::sim::RingsAfterCancelOptions{.end = endings[kind - 4]});
      }
      auto mine = alice.invite("sip:peer@192.0.2.66");
      ASSERT_TRUE(mine);
      sim.run_for(std::chrono::milliseconds(home.runtime().random().below(20'000)));
      if (mine->state()) (void)mine->hang_up();
      sim.run_for(300s);
      EXPECT_EQ(at_alice.ends.size(), 1 + at_alice.offered.size());
      expect_nothing_left(alice);
    }
  }
}

}  // namespace
