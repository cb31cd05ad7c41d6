#include "keyed_hash.hpp"
#include "registrar_world.hpp"

using registrar_world::World;
using testing::ElementsAre;
using namespace std::chrono_literals;
namespace sim = peal::sim;

TEST(Register, GrantsListsAndDates) {
  World world;
  const auto answer =
      world.ask(world.register_text({"Contact: <sip:alice@192.0.2.1>;expires=120;q=0.5", "Expires: 600"}));
  EXPECT_EQ(sim::status_of(answer), 200);
  EXPECT_THAT(sim::headers_of(answer, "Contact"), ElementsAre("<sip:alice@192.0.2.1>;expires=120;q=0.5"));
  EXPECT_TRUE(sim::header_of(answer, "Date")->ends_with(" GMT"));
  // Without Contact: what is there, with the time that is left (RFC 3261 §10.3 step 6).
  world.sim.run_for(20s);
  const auto query = world.ask(world.register_text({}));
  EXPECT_EQ(sim::status_of(query), 200);
  EXPECT_THAT(sim::headers_of(query, "Contact"), ElementsAre("<sip:alice@192.0.2.1>;expires=100;q=0.5"));
}

TEST(Register, ContactsOwnExpiresThenTheHeaderThenTheDefault) {
  World world;
  EXPECT_EQ(world.register_code({"Contact: <sip:a@192.0.2.1>;expires=100, <sip:b@192.0.2.1>", "Expires: 200"}), 200);
  EXPECT_EQ(world.register_code({"Contact: <sip:c@192.0.2.1>"}), 200);
  EXPECT_EQ(world.register_code({"Contact: <sip:d@192.0.2.1>", "Expires: 99999999"}), 200);
  std::map<std::string, long> expires;
  for (const auto& binding : world.alice()) expires[std::string(binding.contact.user())] = binding.expires.count();
  EXPECT_EQ(expires, (std::map<std::string, long>{{"a", 100}, {"b", 200}, {"c", 3600}, {"d", 7200}}));
}

TEST(Register, TooShortIs423WithMinExpiresAndChangesNothing) {
  World world;
  const auto answer =
      world.ask(world.register_text({"Contact: <sip:a@192.0.2.1>;expires=100, <sip:b@192.0.2.1>;expires=59"}));
  EXPECT_EQ(sim::status_of(answer), 423);
  EXPECT_EQ(sim::header_of(answer, "Min-Expires"), "60");
  EXPECT_TRUE(world.alice().empty());
}

TEST(Register, ExpiryRemovesTheBinding) {
  World world;
  EXPECT_EQ(world.register_code({"Contact: <sip:alice@192.0.2.1>;expires=60"}), 200);
  EXPECT_EQ(world.register_code({"Contact: <sip:alice@192.0.2.9>;expires=90"}), 200);
  world.sim.run_for(61s);
  ASSERT_EQ(world.alice().size(), 1U);
  EXPECT_EQ(world.alice()[0].contact.host(), "192.0.2.9");
  world.sim.run_for(30s);
  EXPECT_EQ(world.module->counters().bindings, 0U);
  EXPECT_EQ(world.module->counters().addresses, 0U);
}

TEST(Register, ExpiresZeroRemovesOneAndStarRemovesAll) {
  World world;
  EXPECT_EQ(world.register_code({"Contact: <sip:a@192.0.2.1>, <sip:b@192.0.2.1>, <sip:c@192.0.2.1>"}), 200);
  EXPECT_EQ(world.register_code({"Contact: <sip:b@192.0.2.1>;expires=0"}), 200);
  EXPECT_EQ(world.alice().size(), 2U);
  EXPECT_EQ(world.register_code({"Contact: *", "Expires: 0"}), 200);
  EXPECT_TRUE(world.alice().empty());
  EXPECT_EQ(world.module->counters().addresses, 0U);
}

TEST(Register, StarWantsToBeAloneAndExpiresZero) {
  World world;
  EXPECT_EQ(world.register_code({"Contact: <sip:a@192.0.2.1>"}), 200);
  EXPECT_EQ(world.register_code({"Contact: *"}), 400);
  EXPECT_EQ(world.register_code({"Contact: *", "Expires: 60"}), 400);
  EXPECT_EQ(world.register_code({"Contact: *, <sip:b@192.0.2.1>", "Expires: 0"}), 400);
  EXPECT_EQ(world.alice().size(), 1U);
}

TEST(Register, AnOlderCSeqOfTheSameCallIdChangesNothing) {
  World world;
  world.cseq = 10;
  EXPECT_EQ(world.register_code({"Contact: <sip:a@192.0.2.1>"}), 200);
  world.cseq = 9;  // the next is 10 again
  EXPECT_EQ(world.register_code({"Contact: <sip:b@192.0.2.1>, <sip:a@192.0.2.1>;expires=0"}), 500);
  world.cseq = 5;
  EXPECT_EQ(world.register_code({"Contact: *", "Expires: 0"}), 500);
  ASSERT_EQ(world.alice().size(), 1U);
  EXPECT_EQ(world.alice()[0].cseq, 11U);
  // After a restart the phone has another Call-ID, and may begin anew.
  world.call_id = "after-restart";
  world.cseq = 0;
  EXPECT_EQ(world.register_code({"Contact: <sip:a@192.0.2.1>;expires=0"}), 200);
  EXPECT_TRUE(world.alice().empty());
}

TEST(Register, EquivalentUrisAreOneBinding) {
  World world;
  EXPECT_EQ(world.register_code({"Contact: <sip:a@host.example.org;transport=udp;x=1>"}), 200);
  EXPECT_EQ(world.register_code({"Contact: <sip:%61@HOST.example.org;X=1;Transport=UDP>"}), 200);
  EXPECT_EQ(world.alice().size(), 1U);
}

TEST(Register, HigherQComesFirstThenTheLatest) {
  World world;
  EXPECT_EQ(world.register_code({"Contact: <sip:low@192.0.2.1>;q=0.25"}), 200);
  EXPECT_EQ(world.register_code({"Contact: <sip:high@192.0.2.1>;q=0.9"}), 200);
  EXPECT_EQ(world.register_code({"Contact: <sip:late@192.0.2.1>;q=0.9"}), 200);
  EXPECT_EQ(world.register_code({"Contact: <sip:high@192.0.2.1>;q=0.9"}),
            200);  // a refresh does not make it the latest
  std::vector<std::string> order;
  for (const auto& binding : world.alice()) order.emplace_back(binding.contact.user());
  EXPECT_THAT(order, ElementsAre("late", "high", "low"));
  for (const char* bad : {"2", "0.1234", "1.5", "x", "0,5"})
    EXPECT_EQ(world.register_code({std::string("Contact: <sip:bad@192.0.2.1>;q=") + bad}), 400) << bad;
}

TEST(Register, TheLimitOfBindingsIs503) {
  peal::RegistrarConfig config;
  config.max_bindings = 2;
  World world(config);
  EXPECT_EQ(world.register_code({"Contact: <sip:a@192.0.2.1>, <sip:b@192.0.2.1>"}), 200);
  const auto answer = world.ask(world.register_text({"Contact: <sip:c@192.0.2.1>"}));
  EXPECT_EQ(sim::status_of(answer), 503);
  EXPECT_TRUE(sim::header_of(answer, "Retry-After"));
  EXPECT_EQ(world.register_code({"Contact: <sip:b@192.0.2.1>"}), 200);  // a refresh
  EXPECT_EQ(world.alice().size(), 2U);
}

TEST(Register, OnlyItsOwnDomains) {
  World world;
  auto ask = world.start("REGISTER", "sip:192.0.2.10");
  ask.to = "<sip:alice@elsewhere.example>";
  ask.lines = {"Contact: <sip:alice@192.0.2.1>"};
  EXPECT_EQ(sim::status_of(world.ask(sim::request_text(ask))), 404);
  ask = world.start("REGISTER", "sip:elsewhere.example");
  ask.to = "<sip:alice@elsewhere.example>";
  EXPECT_EQ(sim::status_of(world.ask(sim::request_text(ask))), 403);  // no relay
  // Case of the domain, default port and parameters do not matter.
  ask = world.start("REGISTER", "sip:EXAMPLE.com:5060");
  ask.to = "<sip:%61lice@EXAMPLE.com:5060;x=y>";
  ask.lines = {"Contact: <sip:alice@192.0.2.1>"};
  EXPECT_EQ(sim::status_of(world.ask(sim::request_text(ask))), 200);
  EXPECT_EQ(world.alice().size(), 1U);
}

TEST(Register, AllowNamesTheMethodWhileTheModuleIsThere) {
  World world;
  const auto answer = world.ask(sim::request_text(world.start("OPTIONS", "sip:example.com")));
  EXPECT_EQ(sim::status_of(answer), 200);
  EXPECT_NE(sim::header_of(answer, "Allow").value_or("").find("REGISTER"), std::string::npos);
}

namespace {
struct RegistrationLog : peal::UserAgentHandler {
  void on_registration(peal::Account&, const peal::RegistrationEvent& event) override { states.push_back(event.state); }
  std::vector<peal::RegistrationState> states;
};

peal::RegistrarConfig with_users() {
  peal::RegistrarConfig config;
  config.users = {registrar_world::user("alice", "secret"), registrar_world::user("bob", "word")};
  return config;
}

peal::RegistrationState register_at(World& world, const char* aor, const char* username, const char* password) {
  peal::UserAgent agent(world.other_host.runtime(), registrar_world::at("192.0.2.2:5070"));
  RegistrationLog log;
  EXPECT_TRUE(agent.set_handler(&log));
  peal::AccountConfig config;
  config.aor = aor;
  config.username = username;
  config.password = password;
  config.registrar = "sip:192.0.2.10";
  auto account = agent.add_account(config);
  EXPECT_TRUE(account && account->start());
  world.sim.run_for(1s);
  return log.states.empty() ? peal::RegistrationState::unregistered : log.states.back();
}
}  // namespace

TEST(RegisterDigest, RightPasswordRegistersAfterOneChallenge) {
  World world(with_users());
  EXPECT_EQ(register_at(world, "sip:alice@example.com", "alice", "secret"), peal::RegistrationState::registered);
  EXPECT_EQ(world.alice().size(), 1U);
  EXPECT_EQ(world.module->counters().challenged, 1U);
}

TEST(RegisterDigest, WrongPasswordAndForeignAddressAreRefused) {
  World world(with_users());
  EXPECT_EQ(register_at(world, "sip:alice@example.com", "alice", "wrong"), peal::RegistrationState::failed);
  EXPECT_EQ(register_at(world, "sip:alice@example.com", "bob", "word"), peal::RegistrationState::failed);  // 403
  EXPECT_EQ(world.module->counters().bindings, 0U);
}

TEST(RegisterDigest, ChallengeOffersBothAlgorithms) {
  World world(with_users());
  const auto answer = world.ask(world.register_text({"Contact: <sip:alice@192.0.2.1>"}));
  EXPECT_EQ(sim::status_of(answer), 401);
  const auto challenges = sim::headers_of(answer, "WWW-Authenticate");
  ASSERT_EQ(challenges.size(), 2U);
  EXPECT_NE(challenges[0].find("SHA-256"), std::string::npos);
  EXPECT_NE(challenges[1].find("MD5"), std::string::npos);
  EXPECT_TRUE(world.alice().empty());
}

// The test vector of the SipHash paper, appendix A.
TEST(KeyedHash, IsSipHash24) {
  const peal::registrar::KeyedHash hash(0x0706050403020100U, 0x0f0e0d0c0b0a0908U);
  std::string input;
  for (char c = 0; c < 15; ++c) input += c;
  EXPECT_EQ(hash.of(input), 0xa129ca6149be45e5U);
  EXPECT_NE(hash.of_parts({"a", "bc"}), hash.of_parts({"ab", "c"}));
}
