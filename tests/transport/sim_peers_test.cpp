// The peers on tap, by themselves: that each has the habit it is named for.
#include <peal/testing/peers.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <string>

namespace {

using namespace std::chrono_literals;
using peal::sim::crlf;
using peal::sim::header_of;
using peal::sim::headers_of;
using peal::sim::RawMessage;

/// A victim that only listens, and asks what a peer needs to be asked.
struct SimPeers : ::testing::Test {
  peal::sim::Simulator world{1};
  peal::sim::RawPeer victim{world, world.host("victim", {"192.0.2.1"})};
  peal::sim::Host& there = world.host("peer", {"192.0.2.66"});

  std::string ask(const std::string& method, const std::string& branch, const std::string& more = {}) {
    return crlf(method + " sip:peer@192.0.2.66 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=" + branch +
                "\nMax-Forwards: 70\nFrom: <sip:v@192.0.2.1>;tag=v\nTo: <sip:peer@192.0.2.66>\nCall-ID: " + branch +
                "\nCSeq: 1 " + method + "\n" + more + "Content-Length: 0\n\n");
  }
  /// All that the victim has heard and nobody took, by start line.
  std::multiset<std::string> heard() {
    std::multiset<std::string> out;
    while (const auto message = victim.pop()) out.insert(message->text.substr(0, message->text.find("\r\n")));
    return out;
  }
};

TEST_F(SimPeers, TheChallengerAsksWithANewNonceWhateverItIsTold) {
  peal::sim::HostileChallenger peer(world, there, {.code = 407, .stale = true, .challenges = 2, .algorithm = "X-1"});
  std::set<std::string> nonces;
  for (int i = 0; i < 3; ++i) {
    victim.send(ask("REGISTER", "z9hG4bK1", i == 0 ? "" : "Proxy-Authorization: Digest username=\"v\"\n"),
                peer.endpoint());
    const auto answer = victim.expect("407", {"CSeq: 1 REGISTER", "To: *;tag=challenger"});
    ASSERT_TRUE(answer);
    const auto lines = headers_of(answer->text, "Proxy-Authenticate");
    ASSERT_EQ(lines.size(), 2U);
    for (const auto& line : lines) {
      EXPECT_NE(line.find("algorithm=X-1, stale=true"), std::string::npos) << line;
      nonces.insert(line.substr(line.find("nonce=")));
    }
    EXPECT_NE(lines[0].find("realm=\"realm-0\""), std::string::npos);
    EXPECT_NE(lines[1].find("realm=\"realm-1\""), std::string::npos);
  }
  EXPECT_EQ(nonces.size(), 6U);
  EXPECT_EQ(peer.challenged(), 3U);
  EXPECT_EQ(peer.with_credentials(), 2U);
  victim.send(ask("ACK", "z9hG4bK1"), peer.endpoint());
  victim.send(ask("CANCEL", "z9hG4bK1"), peer.endpoint());
  EXPECT_TRUE(victim.expect("200")) << "a CANCEL cannot be challenged (RFC 3261 §22.1)";
  EXPECT_EQ(peer.acks(), 1U);
  EXPECT_TRUE(world.run_until_idle());
  EXPECT_TRUE(victim.received().empty()) << "nor an ACK";
}

TEST_F(SimPeers, TheChallengerMayAskOfAnotherRealmEachTime) {
  peal::sim::HostileChallenger peer(world, there, {.new_realm = true});
  std::set<std::string> realms;
  for (int i = 0; i < 3; ++i) {
    victim.send(ask("OPTIONS", "z9hG4bK1"), peer.endpoint());
    const auto line = header_of(victim.expect("401")->text, "WWW-Authenticate").value();
    realms.insert(line.substr(0, line.find(',')));
  }
  EXPECT_EQ(realms.size(), 3U);
}

TEST_F(SimPeers, TheReflectorSendsBackWhatItGot) {
  peal::sim::Reflector plain(world, there);
  const auto invite = ask("INVITE", "z9hG4bK7");
  victim.send(invite, plain.endpoint());
  EXPECT_EQ(victim.expect("INVITE")->text, invite);
  victim.send("SIP/2.0 200 OK\r\n\r\n", plain.endpoint());
  EXPECT_TRUE(victim.expect_silence(1s));
  EXPECT_EQ(plain.requests(), 1U);
  EXPECT_EQ(plain.responses(), 1U);
  EXPECT_EQ(plain.reflected(), 1U);
}

TEST_F(SimPeers, TheReflectorMayBeAProxyThatRoutesInACircle) {
  peal::sim::Reflector proxy(world, there, {.own_via = true, .responses = true});
  const auto invite = ask("INVITE", "z9hG4bK7");
  std::set<std::string> branches;
  for (int i = 0; i < 2; ++i) {
    victim.send(invite, proxy.endpoint());
    const auto back = victim.expect("INVITE");
    ASSERT_TRUE(back);
    const auto vias = headers_of(back->text, "Via");
    ASSERT_EQ(vias.size(), 2U);
    EXPECT_EQ(vias[1], "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK7");
    branches.insert(vias[0]);
    victim.send(peal::sim::answer_to(back->text, {.code = 486}), proxy.endpoint());
    EXPECT_EQ(headers_of(victim.expect("486")->text, "Via"), std::vector<std::string>{vias[1]});
  }
  EXPECT_EQ(branches.size(), 1U) << "a copy has the same branch";
}

TEST_F(SimPeers, TheFlooderKeepsItsRateAndRepeatsNothing) {
  peal::sim::Flooder peer(world, there, {.method = "INVITE", .per_second = 300});
  peer.start(victim.endpoint());
  world.run_for(10s);
  EXPECT_NEAR(static_cast<double>(peer.sent()), 3000, 1);
  std::set<std::string> unique;
  for (const auto& message : victim.received()) {
    unique.insert(header_of(message.text, "Via").value());
    unique.insert(header_of(message.text, "Call-ID").value());
    unique.insert(header_of(message.text, "From").value());
  }
  EXPECT_EQ(unique.size(), 3 * victim.received().size());
  victim.answer(victim.received().front(), {.code = 503});
  peer.stop();
  EXPECT_TRUE(world.run_until_idle());
  EXPECT_NEAR(static_cast<double>(peer.sent()), 3000, 1);
  EXPECT_EQ(peer.answers(), (std::map<int, std::size_t>{{503, 1}}));
}

TEST_F(SimPeers, TheFloodersOtherHabits) {
  peal::sim::Flooder same(world, there, {.limit = 5, .same_call_id = true, .copies = 2, .port = 1});
  peal::sim::Flooder noise(world, there, {.limit = 50, .garbage = true, .port = 2});
  peal::sim::Flooder spoof(world, there, {.limit = 50, .spoofed_ports = true, .port = 3});
  same.start(victim.endpoint());
  EXPECT_TRUE(world.run_until_idle());
  EXPECT_EQ(same.copies(), 10U);
  std::set<std::string> ids;
  std::set<std::string> texts;
  for (const auto& message : victim.received()) {
    ids.insert(header_of(message.text, "Call-ID").value() + header_of(message.text, "From").value());
    texts.insert(message.text);
  }
  EXPECT_EQ(ids.size(), 1U);
  EXPECT_EQ(texts.size(), 5U);
  EXPECT_EQ(victim.received().size(), 15U);
  victim.clear();
  noise.start(victim.endpoint());
  EXPECT_TRUE(world.run_until_idle());
  EXPECT_EQ(victim.received().size(), 50U);
  for (const auto& message : victim.received()) EXPECT_EQ(message.text.find("SIP/2.0"), std::string::npos);
  victim.clear();
  spoof.start(victim.endpoint());
  EXPECT_TRUE(world.run_until_idle());
  std::set<std::uint16_t> ports;
  for (const auto& message : victim.received()) ports.insert(message.from.port);
  EXPECT_EQ(ports.size(), 50U);
  victim.answer(victim.received().front(), {});
  EXPECT_TRUE(world.run_until_idle());
  EXPECT_EQ(world.count(peal::sim::Fate::no_socket), 1U);
  EXPECT_TRUE(spoof.answers().empty());
}

TEST_F(SimPeers, TheSlowLorisOpensRepeatsAndNeverGoesOn) {
  peal::sim::SlowLoris peer(world, there, {.every = 2s, .resend = 500ms, .limit = 3});
  peer.start(victim.endpoint());
  world.run_for(10'100ms);
  EXPECT_EQ(peer.opened(), 3U);
  EXPECT_EQ(peer.copies(), 20U + 16U + 12U);
  victim.answer(victim.received().front(), {.code = 486, .to_tag = "v"});
  world.run_for(1s);
  EXPECT_EQ(peer.finals(), (std::map<int, std::size_t>{{486, 1}}));
  const auto all = heard();
  EXPECT_EQ(all.size(), all.count("INVITE sip:victim@192.0.2.1:5060 SIP/2.0")) << "no ACK, no CANCEL";
  peer.stop();
  EXPECT_TRUE(world.run_until_idle());
}

TEST_F(SimPeers, TheSlowLorisRingsForEverWhateverItIsTold) {
  peal::sim::SlowLoris peer(world, there);
  victim.send(ask("INVITE", "z9hG4bK1"), peer.endpoint());
  world.run_for(5s);
  victim.send(ask("INVITE", "z9hG4bK1"), peer.endpoint());
  victim.send(ask("CANCEL", "z9hG4bK1"), peer.endpoint());
  world.run_for(95'500ms);
  EXPECT_EQ(peer.called(), 1U);
  EXPECT_EQ(peer.cancels(), 1U);
  EXPECT_EQ(peer.rung(), 101U);
  EXPECT_EQ(heard().count("SIP/2.0 180 Ringing"), 101U);
}

TEST_F(SimPeers, NeverAcksTakesAnswersAndIsSilent) {
  peal::sim::NeverAcks peer(world, there, {.lines = {"Supported: 100rel"}, .sdp = "v=0\r\n"});
  peer.call(victim.endpoint());
  EXPECT_TRUE(victim.expect("INVITE", {"Content-Type: application/sdp", "Supported: 100rel", "Contact: <sip:peer@*>"}));
  const auto copy = victim.expect("INVITE");
  ASSERT_TRUE(copy) << "Timer A";
  EXPECT_EQ(world.elapsed(), 501ms);
  for (int i = 0; i < 3; ++i) victim.answer(*copy, {.code = 200, .to_tag = "v"});
  victim.send(ask("BYE", "z9hG4bKbye"), peer.endpoint());
  EXPECT_TRUE(world.run_until_idle());
  EXPECT_EQ(peer.called(), 1U);
  EXPECT_EQ(peer.finals(), (std::map<int, std::size_t>{{200, 1}}));
  EXPECT_EQ(peer.final_copies(), 2U);
  EXPECT_EQ(peer.byes(), 1U);
  EXPECT_EQ(heard(), (std::multiset<std::string>{"SIP/2.0 200 OK"})) << "to the BYE";
}

TEST_F(SimPeers, RingsAfterCancelDoesAndEndsAsItIsTold) {
  for (const auto end :
       {peal::sim::AfterCancel::terminated, peal::sim::AfterCancel::silence, peal::sim::AfterCancel::answered}) {
    peal::sim::RingsAfterCancel peer(world, there, {.rings = 3, .end = end});
    const auto branch = "z9hG4bK" + std::to_string(static_cast<int>(end));
    victim.send(ask("INVITE", branch), peer.endpoint());
    ASSERT_TRUE(victim.expect("180"));
    for (int i = 0; i < 2; ++i) {
      victim.send(ask("CANCEL", branch), peer.endpoint());
      ASSERT_TRUE(victim.expect("200", {"CSeq: 1 CANCEL"}));
    }
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(victim.expect("180", {"To: *ringing-on-" + std::to_string(i + 1)}));
    EXPECT_EQ(peer.rung_after(), 3U);
    if (end == peal::sim::AfterCancel::silence) {
      EXPECT_TRUE(victim.expect_silence(60s));
      continue;
    }
    const auto code = end == peal::sim::AfterCancel::terminated ? "487" : "200";
    EXPECT_TRUE(victim.expect(code, {"CSeq: 1 INVITE"}));
    EXPECT_TRUE(victim.expect(code, {"CSeq: 1 INVITE"})) << "repeated";
    victim.send(ask("ACK", branch), peer.endpoint());
    EXPECT_TRUE(world.run_until_idle());
    EXPECT_TRUE(victim.received().empty()) << "until the ACK";
    EXPECT_EQ(peer.acks(), 1U);
    EXPECT_EQ(peer.invites(), 1U);
    EXPECT_EQ(peer.cancels(), 2U);
  }
}

TEST_F(SimPeers, APeerThatIsGoneDoesNothingMore) {
  {
    peal::sim::SlowLoris peer(world, there);
    peer.start(victim.endpoint());
  }
  EXPECT_TRUE(world.run_until_idle());
  EXPECT_EQ(victim.heard(), 1U);
}

TEST_F(SimPeers, ExpectTakesHeaderLinesAndPredicates) {
  peal::sim::RawPeer other(world, there);
  other.send(ask("INVITE", "z9hG4bK1", "Contact: <sip:a@192.0.2.5>\n"), victim.endpoint());
  other.send(ask("INVITE", "z9hG4bK2", "Contact: <sip:b@192.0.2.5:5070>;x=y\n"), victim.endpoint());
  other.send(ask("BYE", "z9hG4bK3"), victim.endpoint());
  world.run_for(1s);
  EXPECT_FALSE(victim.expect("BYE", {"Contact"}, 1s));
  EXPECT_FALSE(victim.expect("INVITE", {"Contact: <sip:b@192.0.2.5>"}, 1s)) << "the whole value must fit";
  EXPECT_EQ(victim.received().size(), 3U);
  const auto second = victim.expect("INVITE", {"contact: <sip:b@*:5070>*", "CSeq: 1 *"});
  ASSERT_TRUE(second);
  EXPECT_EQ(header_of(second->text, "Call-ID"), "z9hG4bK2");
  EXPECT_EQ(victim.received().size(), 1U) << "what came before it went too";
  world.after(3s, [&] { other.send("short", victim.endpoint()); });
  EXPECT_TRUE(victim.expect_if([](const RawMessage& message) { return message.text.size() < 10; }));
}

}  // namespace
