#include "layer_fixture.hpp"

// What one source, or all of them, may occupy: past it the stateless 503, while what lives goes on.

namespace transaction_test {
namespace {

constexpr std::size_t all_may = 16, one_may = 8;

class SourceLimits : public LayerTest {
 protected:
  SourceLimits()
      : LayerTest({.limits = {.transactions = all_may, .transactions_per_source = one_may, .retry_after = 9s}}) {}
  void ask_from(sim::RawPeer& peer, std::string_view method, int number, std::string_view to_tag = {}) {
    peer.send(request_text(method, "z9hG4bK" + std::to_string(number), to_tag), here);
    settle();
  }
  /// Answers everything that waits.
  void answer_all() {
    for (const auto id : recorder.requests)
      if (layer->awaits_response(id)) {
        EXPECT_TRUE(layer->respond(id, Response(*recorder.last_request, StatusCode(200), "t")));
      }
    settle();
  }
  sim::RawPeer carol{sim, sim.host("carol", {"192.0.2.3"})};
  std::size_t taken() const { return recorder.requests.size(); }
};

TEST_F(SourceLimits, OneSourceCannotTakeAll) {
  for (int i = 0; i < 12; ++i) ask_from(bob, "OPTIONS", i);
  EXPECT_EQ(taken(), one_may);
  EXPECT_EQ(dropped(Drop::overload), 4U);
  const auto refused = bob.expect("503");
  ASSERT_TRUE(refused);
  EXPECT_EQ(sim::header_of(refused->text, "Retry-After"), "9");
  // Another one is served meanwhile, from whatever port bob sends.
  for (int i = 20; i < 24; ++i) ask_from(carol, "OPTIONS", i);
  EXPECT_EQ(taken(), one_may + 4);
  sim::RawPeer other_port(sim, bob_host, 5099);
  ask_from(other_port, "OPTIONS", 30);
  EXPECT_EQ(taken(), one_may + 4);
}

TEST_F(SourceLimits, AnAnswerMakesRoom) {
  for (int i = 0; i < 8; ++i) ask_from(bob, "OPTIONS", i);
  ask_from(bob, "OPTIONS", 8);
  EXPECT_EQ(taken(), one_may);
  answer_all();
  EXPECT_EQ(layer->counters().server_machines, 0U);
  for (int i = 10; i < 18; ++i) ask_from(bob, "OPTIONS", i);
  EXPECT_EQ(taken(), 2 * one_may);
}

TEST_F(SourceLimits, RequestsInADialogGetAnEighthMore) {
  for (int i = 0; i < 8; ++i) ask_from(bob, "INVITE", i);
  ask_from(bob, "OPTIONS", 8);
  EXPECT_EQ(taken(), one_may);
  ask_from(bob, "BYE", 9, "t1");
  EXPECT_EQ(taken(), one_may + 1);
  ask_from(bob, "BYE", 10, "t1");
  EXPECT_EQ(taken(), one_may + 1);
  // CANCEL and ACK need no machine: they always come through.
  ask_from(bob, "CANCEL", 0);
  EXPECT_EQ(recorder.said.back(), "cancel");
  ask_from(bob, "ACK", 99, "t1");
  EXPECT_EQ(recorder.said.back(), "ack");
}

TEST_F(SourceLimits, AllTogetherHaveALimitToo) {
  sim::RawPeer dave(sim, sim.host("dave", {"192.0.2.4"}));
  int number = 0;
  for (auto* peer : {&bob, &carol, &dave})
    for (int i = 0; i < 7; ++i) ask_from(*peer, "OPTIONS", ++number);
  EXPECT_EQ(taken(), all_may);
  EXPECT_EQ(dropped(Drop::overload), 5U);
  answer_all();
  sim.run_for(33s);
  expect_nothing_left();
}

TEST_F(SourceLimits, AnIpv6SourceIsItsNet) {
  auto& six = sim.host("six", {"2001:db8:0:1::1"});
  auto here6 = six.endpoint();
  layer.reset();
  layer = std::make_unique<ta::TransactionLayer>(six.runtime(), recorder, start_options);
  ASSERT_TRUE(layer->transport().listen(transport::Protocol::udp, here6));
  int number = 0;
  const auto flood = [&](const char* name, std::initializer_list<std::string_view> address) {
    sim::RawPeer peer(sim, sim.host(name, address));
    for (int i = 0; i < 3; ++i) peer.send(request_text("OPTIONS", "z9hG4bKv6" + std::to_string(++number)), here6);
    settle();
  };
  flood("n1", {"2001:db8:0:7::1"});
  flood("n2", {"2001:db8:0:7::2"});
  flood("n3", {"2001:db8:0:7:ffff::3"});
  EXPECT_EQ(taken(), one_may);
  flood("n4", {"2001:db8:0:8::1"});
  EXPECT_EQ(taken(), one_may + 3);
}

/// A user who says when it is overloaded.
class UserSaysSo : public LayerTest {
 protected:
  struct Busy final : Recorder {
    [[nodiscard]] bool overloaded() const noexcept override { return busy; }
    bool busy = false;
  };
  void SetUp() override {
    layer.reset();
    layer = std::make_unique<ta::TransactionLayer>(alice.runtime(), user, start_options);
    ASSERT_TRUE(layer->transport().listen(transport::Protocol::udp, here));
  }
  void TearDown() override { layer.reset(); }
  Busy user;
};

TEST_F(UserSaysSo, NewRequestsGet503AndWhatWasBegunGoesOn) {
  ask("INVITE", "z9hG4bK1");
  user.busy = true;
  ask("INVITE", "z9hG4bK2");
  EXPECT_TRUE(bob.expect("503", 1s));
  ask("INVITE", "z9hG4bK1");          // a copy
  ask("BYE", "z9hG4bK3", "t-alice");  // in a dialog
  ask("CANCEL", "z9hG4bK1");
  EXPECT_THAT(user.said, ElementsAre("request INVITE", "request BYE", "cancel"));
  user.busy = false;
  ask("INVITE", "z9hG4bK4");
  EXPECT_EQ(user.requests.size(), 3U);
}

// Its client has had the 503: who let a copy in later would answer a call that nobody makes any more.
TEST_F(UserSaysSo, WhatWasRefusedStaysRefused) {
  user.busy = true;
  ask("INVITE", "z9hG4bK1");
  EXPECT_TRUE(bob.expect("503", 1s));
  user.busy = false;
  ask("INVITE", "z9hG4bK1");
  EXPECT_TRUE(bob.expect("503", 1s));
  ask("ACK", "z9hG4bK1");
  ask("OPTIONS", "z9hG4bK1");  // another transaction
  EXPECT_THAT(user.said, ElementsAre("request OPTIONS"));
  ask("INVITE", "z9hG4bK2");  // tried again
  EXPECT_THAT(user.said, ElementsAre("request OPTIONS", "request INVITE"));
  sim.run_for(64s);
  EXPECT_EQ(layer->counters().echo_records, 0U);
}

// Whom nobody answered tries again, and is welcome then.
TEST_F(UserSaysSo, WhatWasShedIsNot) {
  start_options.limits.refusals_per_second = 1;
  SetUp();
  user.busy = true;
  for (int i = 0; i < 200; ++i) ask("OPTIONS", "z9hG4bK" + std::to_string(i));
  EXPECT_EQ(dropped(Drop::overload), 100U) << "so many at once, and in less than a second no more";
  EXPECT_EQ(dropped(Drop::shed), 100U);
  user.busy = false;
  ask("OPTIONS", "z9hG4bK199");
  ask("OPTIONS", "z9hG4bK0");
  EXPECT_THAT(user.said, ElementsAre("request OPTIONS"));
}

// Each would make the chain of that branch longer.
TEST_F(UserSaysSo, ABranchOfManyMethodsIsRefusedWithoutATrace) {
  user.busy = true;
  for (int i = 0; i < 100; ++i) ask("M" + std::to_string(i), "z9hG4bK1");
  EXPECT_LE(layer->counters().echo_records, 16U);
}

}  // namespace
}  // namespace transaction_test
