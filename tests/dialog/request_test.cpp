#include "ua_fixture.hpp"

namespace {

using namespace dialog_testing;

struct RequestUser final : OutgoingUser {
  int finals = 0, code = 0;
  std::vector<int> provisionals;
  Cause cause;
  std::unique_ptr<OutgoingRequest>* drop = nullptr;
  void on_provisional(const Response& response) override { provisionals.push_back(response.status().value()); }
  void on_final(const Response* response, const Cause& why) override {
    ++finals;
    code = response == nullptr ? 0 : response->status().value();
    cause = why;
    if (drop != nullptr) drop->reset();
  }
};

class RequestTest : public AgentAndPeer {
 protected:
  Result<std::unique_ptr<OutgoingRequest>> options(std::string_view uri, RequestOptions how = {}) {
    return alice.core->send(alice.core->make_request({method::options, Uri::parse(uri).value(), alice.me(), {}}),
                            std::move(how), user);
  }
  RequestUser user;
};

TEST_F(RequestTest, CarriesWhatARequestNeeds) {  // RFC 3261 §8.1.1
  auto sent = options("sip:bob@192.0.2.2;transport=udp?Subject=x");
  ASSERT_TRUE(sent);
  auto got = bob.expect("OPTIONS");
  ASSERT_TRUE(got);
  EXPECT_EQ(first_line(*got), "OPTIONS sip:bob@192.0.2.2;transport=udp SIP/2.0");
  EXPECT_EQ(line(*got, "Max-Forwards"), "70");
  EXPECT_EQ(line(*got, "To"), "<sip:bob@192.0.2.2;transport=udp>");
  EXPECT_NE(tag_of(*got, "From"), "");
  EXPECT_NE(line(*got, "Call-ID"), "(none)");
  EXPECT_EQ(line(*got, "Contact"), "(none)");
  bob.answer(*got, {.code = 183});
  bob.answer(*got, {.code = 200, .to_tag = "b"});
  sim.run_for(1s);
  EXPECT_EQ(user.provisionals, std::vector<int>{183});
  EXPECT_EQ(user.code, 200);
  EXPECT_EQ(user.cause.layer, Layer::sip);
  EXPECT_EQ(user.cause.code, 200);
  EXPECT_EQ(user.cause.peer, bob_host.endpoint());
}

TEST_F(RequestTest, TheHandleMayGoInItsOwnUpcall) {
  auto sent = options("sip:bob@192.0.2.2");
  user.drop = &*sent;
  bob.answer(*bob.expect("OPTIONS"), {.code = 486, .to_tag = "b"});
  sim.run_for(1s);
  EXPECT_EQ(user.finals, 1);
  EXPECT_EQ(*sent, nullptr);
}

TEST_F(RequestTest, DestroyedItIsHeardOfNoMore) {
  auto sent = options("sip:bob@192.0.2.2");
  auto got = bob.expect("OPTIONS");
  sent->reset();
  bob.answer(*got, {.code = 200, .to_tag = "b"});
  sim.run_for(40s);
  EXPECT_EQ(user.finals, 0);
}

TEST_F(RequestTest, WhatItIsNotFor) {
  auto request = alice.core->make_request({method::invite, Uri::parse("sip:bob@192.0.2.2").value(), alice.me(), {}});
  EXPECT_EQ(alice.core->send(request, {}, user).error(), make_error_code(peal::errc::invalid_value));
  EXPECT_EQ(alice.core->send(Request(), {}, user).error(), make_error_code(peal::errc::invalid_value));
}

TEST_F(RequestTest, PreloadedRoutes) {
  RequestOptions how;
  how.routes = {NameAddr::parse("<sip:192.0.2.2;lr>").value(), NameAddr::parse("<sip:second.example.com;lr>").value()};
  auto sent = options("sip:bob@elsewhere.example.com", std::move(how));
  auto got = bob.expect("OPTIONS");
  ASSERT_TRUE(got);
  EXPECT_EQ(first_line(*got), "OPTIONS sip:bob@elsewhere.example.com SIP/2.0");
  EXPECT_EQ(line(*got, "Route"), "<sip:192.0.2.2;lr>");
  EXPECT_EQ(sim::headers_of(got->text, "Route").size(), 2U);
  bob.answer(*got, {.code = 200, .to_tag = "b"});
  sim.run_for(1s);

  RequestOptions strict;
  strict.routes = {NameAddr::parse("<sip:192.0.2.2>").value()};
  sent = options("sip:bob@elsewhere.example.com", std::move(strict));
  got = bob.expect("OPTIONS");
  ASSERT_TRUE(got);
  EXPECT_EQ(first_line(*got), "OPTIONS sip:192.0.2.2 SIP/2.0");
  EXPECT_EQ(line(*got, "Route"), "<sip:bob@elsewhere.example.com>");
  bob.answer(*got, {.code = 200, .to_tag = "b"});
}

// RFC 3263 §4.3: the next address, by a new transaction, when the first is dead or says 503.
TEST_F(RequestTest, FailsOverToTheNextAddress) {
  sim.host("dead", {"192.0.2.8"});
  auto& busy_host = sim.host("busy", {"192.0.2.9"});
  sim::RawPeer busy(sim, busy_host);
  busy.on("OPTIONS", [](auto& peer, const auto& request) { peer.answer(request, {.code = 503, .to_tag = "x"}); });
  sim.set_name("pool.example.com", {transport::IpAddress::parse("192.0.2.8").value(),
                                    transport::IpAddress::parse("192.0.2.9").value(), bob_host.addresses().front()});
  auto sent = options("sip:bob@pool.example.com:5060");
  auto got = bob.expect("OPTIONS");
  ASSERT_TRUE(got);
  bob.answer(*got, {.code = 200, .to_tag = "b"});
  sim.run_for(1s);
  EXPECT_EQ(user.code, 200);
  ASSERT_EQ(user.cause.attempts.size(), 2U);
  EXPECT_EQ(user.cause.attempts[0].target.endpoint.address.to_string(), "192.0.2.8");
  EXPECT_TRUE(user.cause.attempts[0].error);
  EXPECT_EQ(user.cause.attempts[1].status, 503);
}

// RFC 3261 §18.4: not by a time-out, when the network tells at once.
TEST_F(RequestTest, ATransportErrorFailsOverWithin100ms) {
  sim.host("dead", {"192.0.2.8"});
  sim.set_name("pool.example.com",
               {transport::IpAddress::parse("192.0.2.8").value(), bob_host.addresses().front()});
  auto sent = options("sip:bob@pool.example.com:5060");
  EXPECT_TRUE(bob.expect("OPTIONS", 100ms));
}

TEST_F(RequestTest, AClosedListeningPointGoesOnByAnotherWithin100ms) {
  auto sent = options("sip:bob@192.0.2.2");
  ASSERT_TRUE(alice.core->transport().listen(transport::Protocol::udp, alice_host.endpoint(5090)));
  ASSERT_TRUE(bob.expect("OPTIONS"));
  alice.core->transport().stop_listening(0);
  const auto again = bob.expect("OPTIONS", 100ms);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->from.port, 5090);
  bob.answer(*again, {.code = 200, .to_tag = "b"});
  sim.run_for(1s);
  EXPECT_EQ(user.code, 200);
  ASSERT_EQ(user.cause.attempts.size(), 1U);
  EXPECT_EQ(user.cause.attempts[0].error, make_error_code(transport::errc::closed));
}

// A peer that has heard the first request refuses a copy by another way with 482 (RFC 3261 §8.2.2.2).
class ClosedTest : public TwoAgents {
 protected:
  void SetUp() override {
    ASSERT_TRUE(alice.core->transport().listen(transport::Protocol::udp, alice_host.endpoint(5090)));
    sim.set_default_link({.latency = 50ms});
  }
};

TEST_F(ClosedTest, ARequestThatThePeerHasHeardIsNoMergedOneByAnotherWay) {
  RequestUser user;
  auto sent = alice.core->send(
      alice.core->make_request({method::options, Uri::parse("sip:bob@192.0.2.2").value(), alice.me(), {}}), {}, user);
  sim.run_for(60ms);
  alice.core->transport().stop_listening(0);
  sim.run_for(1s);
  EXPECT_EQ(user.code, 200);
}

TEST_F(ClosedTest, NorIsAnInvite) {
  bob.on_call = [](InviteSession& incoming) { EXPECT_TRUE(incoming.accept(status::ok)); };
  session = alice.call("sip:bob@192.0.2.2");
  sim.run_for(60ms);
  alice.core->transport().stop_listening(0);
  sim.run_for(1s);
  EXPECT_TRUE(alice.user.heard("established"));
  ASSERT_TRUE(session->hang_up());
  sim.run_for(1s);
  bob.user.ends = 0;  // and the other one ends when its ACK has not come
}

TEST_F(RequestTest, TheLastListeningPointClosedIsOneFailureWithin100ms) {
  auto sent = options("sip:bob@192.0.2.2");
  ASSERT_TRUE(bob.expect("OPTIONS"));
  alice.core->transport().stop_listening(0);
  EXPECT_EQ(user.finals, 0);
  sim.run_for(100ms);
  EXPECT_EQ(user.finals, 1);
  EXPECT_EQ(user.cause.error, make_error_code(transport::errc::closed));
}

TEST_F(RequestTest, AllTargetsDeadIsOneFailure) {
  sim.host("dead", {"192.0.2.8"});
  auto sent = options("sip:bob@192.0.2.8");
  EXPECT_EQ(user.finals, 0);
  sim.run_for(40s);
  EXPECT_EQ(user.finals, 1);
  EXPECT_EQ(user.code, 0);
  EXPECT_EQ(user.cause.layer, Layer::transport);
}

TEST_F(RequestTest, NoWayToSendIsToldLater) {
  auto sent = options("sip:bob@[2001:db8::9]");  // nothing listens on IPv6
  ASSERT_TRUE(sent);
  EXPECT_EQ(user.finals, 0);
  sim.run_for(1ms);
  EXPECT_EQ(user.finals, 1);
  EXPECT_EQ(user.cause.error, make_error_code(transport::errc::no_listen_point));
}

}  // namespace
