#include "registrar_world.hpp"

using registrar_world::World;
using testing::ElementsAre;
using testing::HasSubstr;
using namespace std::chrono_literals;
namespace sim = peal::sim;

namespace {

std::string branch_of(const std::string& message) {
  return sim::param_of(*sim::header_of(message, "Via"), "branch").value_or("");
}

/// Sends `request` from alice's phone and gives what reaches bob's.
std::string forwarded(World& world, const std::string& request) {
  world.other.clear();
  world.phone.send(request, world.server_host.endpoint());
  world.sim.run_for(100ms);
  auto message = world.other.pop();
  return message ? message->text : std::string();
}

peal::RegistrarConfig with_passwords() {
  peal::RegistrarConfig config;
  config.users = {registrar_world::user("alice", "secret"), registrar_world::user("bob", "word")};
  return config;
}

}  // namespace

//  phone            server             other
//    |--- INVITE ---->|                  |
//    |                |---- INVITE ----->|   contact as Request-URI, Via, Record-Route, Max-Forwards - 1
//    |                |<----- 180 -------|
//    |<---- 180 ------|                  |   our Via taken off
TEST(Forwarder, SendsOnToTheContactAndBringsTheAnswerBack) {
  World world;
  world.register_bob();
  auto ask = world.start("INVITE", "sip:bob@example.com");
  ask.lines = {"Contact: <sip:alice@192.0.2.1>", "X-Unknown: kept   as it is"};
  const auto invite = forwarded(world, sim::request_text(ask));
  ASSERT_TRUE(invite.starts_with("INVITE sip:bob@192.0.2.2:5060 SIP/2.0\r\n")) << invite;
  EXPECT_EQ(sim::headers_of(invite, "Via").size() + sim::headers_of(invite, "v").size(), 2U);
  EXPECT_EQ(sim::header_of(invite, "Max-Forwards"), "69");
  EXPECT_THAT(sim::header_of(invite, "Record-Route").value_or(""), HasSubstr("<sip:192.0.2.10:5060;lr"));
  EXPECT_THAT(invite, HasSubstr("X-Unknown: kept   as it is\r\n"));

  world.other.send(sim::answer_to(invite, {.code = 180, .to_tag = "b"}), world.server_host.endpoint());
  world.sim.run_for(100ms);
  const auto ringing = world.phone.expect("SIP/2.0 180");
  ASSERT_TRUE(ringing);
  EXPECT_EQ(sim::headers_of(ringing->text, "Via").size(), 1U);
  EXPECT_EQ(branch_of(ringing->text), sim::param_of(ask.via, "branch"));
  EXPECT_TRUE(sim::header_of(ringing->text, "Record-Route"));
  EXPECT_EQ(world.module->counters().forwarded_responses, 1U);
}

TEST(Forwarder, CopiesCancelAndAckTakeTheSameWayWithTheSameBranch) {
  World world;
  world.register_bob();
  auto ask = world.start("INVITE", "sip:bob@example.com");
  const auto first = forwarded(world, sim::request_text(ask));
  const auto again = forwarded(world, sim::request_text(ask));
  ask.method = "CANCEL";
  const auto cancel = forwarded(world, sim::request_text(ask));
  ask.method = "ACK";
  ask.to += ";tag=b";
  const auto ack = forwarded(world, sim::request_text(ask));
  ASSERT_TRUE(first.starts_with("INVITE "));
  EXPECT_EQ(first, again);
  EXPECT_TRUE(cancel.starts_with("CANCEL sip:bob@192.0.2.2:5060 "));
  EXPECT_TRUE(ack.starts_with("ACK sip:bob@192.0.2.2:5060 "));
  EXPECT_TRUE(branch_of(first).starts_with("z9hG4bK"));
  EXPECT_EQ(branch_of(cancel), branch_of(first));
  EXPECT_EQ(branch_of(ack), branch_of(first));
  // Another transaction has another branch, also one without the magic cookie.
  auto other = world.start("INVITE", "sip:bob@example.com");
  EXPECT_NE(branch_of(forwarded(world, sim::request_text(other))), branch_of(first));
  other.via = "SIP/2.0/UDP 192.0.2.1:5060;branch=1";
  const auto old_invite = forwarded(world, sim::request_text(other));
  other.method = "ACK";
  other.to += ";tag=b";
  EXPECT_EQ(branch_of(forwarded(world, sim::request_text(other))), branch_of(old_invite));
}

TEST(Forwarder, RefusesWhatMayNotGoOn) {
  World world;
  world.register_bob();
  auto unknown = world.start("INVITE", "sip:carol@example.com");
  EXPECT_EQ(sim::status_of(world.ask(sim::request_text(unknown))), 404);
  auto foreign = world.start("INVITE", "sip:carol@192.0.2.2");
  EXPECT_EQ(sim::status_of(world.ask(sim::request_text(foreign))), 403);
  auto extension = world.start("INVITE", "sip:bob@example.com");
  extension.lines = {"Proxy-Require: warp, weft"};
  const auto refusal = world.ask(sim::request_text(extension));
  EXPECT_EQ(sim::status_of(refusal), 420);
  EXPECT_THAT(sim::header_of(refusal, "Unsupported").value_or(""), HasSubstr("warp"));
  EXPECT_EQ(world.other.heard(), 0U);
}

TEST(Forwarder, MaxForwardsZeroIs483AndAnAckIsDropped) {
  World world;
  world.register_bob();
  auto with_no_hops = [&](const char* method) {
    auto text = sim::request_text(world.start(method, "sip:bob@example.com"));
    const auto at = text.find("Max-Forwards: 70");
    return text.replace(at, 16, "Max-Forwards: 0");
  };
  EXPECT_EQ(sim::status_of(world.ask(with_no_hops("INVITE"))), 483);
  EXPECT_EQ(world.ask(with_no_hops("ACK")), "");
  EXPECT_EQ(world.other.heard(), 0U);
}

TEST(Forwarder, ItsOwnAnswersAreTheSameForCopiesAndTheirAckGoesNowhere) {
  World world;
  auto ask = world.start("INVITE", "sip:carol@example.com");
  const auto first = world.ask(sim::request_text(ask));
  EXPECT_EQ(sim::status_of(first), 404);
  EXPECT_EQ(world.ask(sim::request_text(ask)), first);
  ask.method = "ACK";
  ask.to = *sim::header_of(first, "To");
  EXPECT_EQ(world.ask(sim::request_text(ask)), "");
  EXPECT_EQ(world.module->counters().forwarded_requests, 0U);
}

TEST(Forwarder, ALoopIs482) {
  World world;
  world.sim.set_name("example.com", {*peal::transport::IpAddress::parse("192.0.2.10")});
  auto ask = world.start("REGISTER", "sip:example.com");
  ask.to = "<sip:echo@example.com>";
  ask.lines = {"Contact: <sip:echo@example.com>"};  // points to where it came from
  EXPECT_EQ(sim::status_of(world.ask(sim::request_text(ask))), 200);
  EXPECT_EQ(sim::status_of(world.ask(sim::request_text(world.start("INVITE", "sip:echo@example.com")))), 482);
  EXPECT_EQ(world.module->counters().forwarded_requests, 1U);
}

TEST(Forwarder, ADialogFollowsItsRecordedRouteAndNobodyElseDoes) {
  World world;
  world.register_bob();
  auto ask = world.start("INVITE", "sip:bob@example.com");
  const auto invite = forwarded(world, sim::request_text(ask));
  const auto route = sim::header_of(invite, "Record-Route").value_or("");
  ASSERT_FALSE(route.empty());

  auto bye = world.start("BYE", "sip:bob@192.0.2.2:5060");
  bye.call_id = ask.call_id;
  bye.to += ";tag=b";
  bye.lines = {"Route: " + route};
  const auto through = forwarded(world, sim::request_text(bye));
  EXPECT_TRUE(through.starts_with("BYE sip:bob@192.0.2.2:5060 ")) << through;
  EXPECT_FALSE(sim::header_of(through, "Route"));
  EXPECT_FALSE(sim::header_of(through, "Record-Route"));

  // A strict router in between puts our Record-Route into the Request-URI (§16.4).
  auto strict = world.start("BYE", route.substr(1, route.size() - 2));
  strict.call_id = ask.call_id;
  strict.to += ";tag=b";
  strict.lines = {"Route: <sip:bob@192.0.2.2:5060>"};
  EXPECT_TRUE(forwarded(world, sim::request_text(strict)).starts_with("BYE sip:bob@192.0.2.2:5060 "));

  bye.call_id = "another-call";
  bye.via += "x";
  EXPECT_EQ(sim::status_of(world.ask(sim::request_text(bye))), 403);
  bye.call_id = ask.call_id;
  bye.via += "y";
  bye.lines = {"Route: <sip:192.0.2.10:5060;lr>"};
  EXPECT_EQ(sim::status_of(world.ask(sim::request_text(bye))), 403);
}

TEST(Forwarder, ANextRouteIsFollowedLooselyOrStrictly) {
  World world;
  world.register_bob();
  auto ask = world.start("INVITE", "sip:bob@example.com");
  const auto route = sim::header_of(forwarded(world, sim::request_text(ask)), "Record-Route").value_or("");
  auto info = world.start("BYE", "sip:carol@198.51.100.1");
  info.call_id = ask.call_id;
  info.to += ";tag=b";
  info.lines = {"Route: " + route + ", <sip:192.0.2.2;lr>"};
  EXPECT_TRUE(forwarded(world, sim::request_text(info)).starts_with("BYE sip:carol@198.51.100.1 "));
  info.via += "s";
  info.lines = {"Route: " + route + ", <sip:192.0.2.2>"};
  const auto strict = forwarded(world, sim::request_text(info));
  EXPECT_TRUE(strict.starts_with("BYE sip:192.0.2.2 ")) << strict;
  EXPECT_EQ(sim::header_of(strict, "Route"), "<sip:carol@198.51.100.1>");
}

TEST(Forwarder, WhoCallsFromOurDomainShowsWhoItIs) {
  World world(with_passwords());
  auto ask = world.start("INVITE", "sip:bob@example.com");
  const auto challenge = world.ask(sim::request_text(ask));
  EXPECT_EQ(sim::status_of(challenge), 407);
  EXPECT_EQ(sim::headers_of(challenge, "Proxy-Authenticate").size(), 2U);
  ask.method = "ACK";
  ask.to = *sim::header_of(challenge, "To");
  EXPECT_EQ(world.ask(sim::request_text(ask)), "");

  auto stranger = world.start("INVITE", "sip:bob@example.com");
  stranger.from = "<sip:dave@elsewhere.example>;tag=d";
  EXPECT_EQ(sim::status_of(world.ask(sim::request_text(stranger))), 404);  // asked nothing; bob is not there
  auto relay = world.start("INVITE", "sip:bob@192.0.2.2");
  relay.from = stranger.from;
  EXPECT_EQ(sim::status_of(world.ask(sim::request_text(relay))), 407);
  EXPECT_EQ(world.other.heard(), 0U);
}

namespace {

struct Phone : peal::UserAgentHandler {
  Phone(World& world, const char* host, const char* address, const char* user, const char* password)
      : ua(world.sim.host(host, {address}).runtime(), registrar_world::at(address)) {
    EXPECT_TRUE(ua.set_handler(this));
    peal::AccountConfig config;
    config.aor = std::string("sip:") + user + "@example.com";
    config.password = password;
    config.outbound_proxy = "sip:192.0.2.10";
    auto account = ua.add_account(config);
    EXPECT_TRUE(account && account->start());
  }
  void on_registration(peal::Account&, const peal::RegistrationEvent& event) override {
    registered = event.state == peal::RegistrationState::registered;
  }
  void on_incoming_call(peal::IncomingCall& call) override {
    ++offered;
    EXPECT_TRUE(call.ring());
    EXPECT_TRUE(call.answer());
  }
  void on_established(peal::Call&, const peal::Established&) override { ++established; }
  void on_ended(peal::Call&, const peal::Ended& event) override {
    ++ended;
    last = event.cause;
  }
  peal::UserAgent ua;
  bool registered = false;
  int offered = 0, established = 0, ended = 0;
  peal::Cause last;
};

}  // namespace

// Two user agents, digest for everything, and a network that loses a tenth: retransmissions meet a proxy that keeps
// nothing.
TEST(Forwarder, CallsGoThroughAlsoWhenPacketsAreLost) {
  World world(with_passwords());
  world.sim.set_default_link({.latency = 10ms, .jitter = 5ms, .loss = 0.1, .duplication = 0.05});
  Phone alice(world, "alice", "192.0.2.21", "alice", "secret");
  Phone bob(world, "bob", "192.0.2.22", "bob", "word");
  ASSERT_TRUE(world.sim.run_until([&] { return alice.registered && bob.registered; }, 60s));
  constexpr int calls = 50;
  for (int i = 0; i < calls; ++i) {
    auto call = alice.ua.invite("sip:bob@example.com");
    ASSERT_TRUE(call);
    ASSERT_TRUE(world.sim.run_until([&] { return alice.established > i || alice.ended > i; }, 60s));
    world.sim.run_for(1s);
    EXPECT_TRUE(call->hang_up());
    ASSERT_TRUE(world.sim.run_until([&] { return alice.ended > i && bob.ended > i; }, 120s)) << "call " << i;
    EXPECT_EQ(alice.last.code, 0) << "call " << i;
  }
  EXPECT_EQ(alice.established, calls);
  EXPECT_EQ(bob.ended, calls);
  world.sim.run_for(70s);
  EXPECT_EQ(alice.ua.counters()->core.transaction.client_machines, 0U);
  EXPECT_EQ(bob.ua.counters()->core.dialogs, 0U);
}

// A copy of an INVITE has the nonce count of the first: challenged as a replay, its 407 overtook bob's 180, alice called
// again, and bob was left with a call that nobody acknowledged.
TEST(Forwarder, ACopyOfAnInviteWithCredentialsIsForwardedAndNotChallenged) {
  World world(with_passwords());
  Phone alice(world, "alice", "192.0.2.21", "alice", "secret");
  Phone bob(world, "bob", "192.0.2.22", "bob", "word");
  ASSERT_TRUE(world.sim.run_until([&] { return alice.registered && bob.registered; }, 60s));
  world.sim.set_default_link({.latency = 10ms, .duplication = 1});
  for (int i = 1; i <= 3; ++i) {
    auto call = alice.ua.invite("sip:bob@example.com");
    ASSERT_TRUE(call);
    ASSERT_TRUE(world.sim.run_until([&] { return bob.established == i; }, 60s));
    EXPECT_TRUE(call->hang_up());
    ASSERT_TRUE(world.sim.run_until([&] { return bob.ended == i; }, 60s));
    EXPECT_EQ(bob.offered, i);
  }
  world.sim.run_for(70s);
  EXPECT_EQ(bob.ended, 3);
  EXPECT_EQ(bob.last.code, 0);
}
