#include "layer_fixture.hpp"

// From within an upcall the user may do anything, ending the layer included; and limits, loss, counters.

namespace transaction_test {
namespace {

class Upcall : public LayerTest {
 protected:
  std::function<void()> destroy() {
    return [this] { layer.reset(); };
  }
  void expect_gone() {
    EXPECT_EQ(layer, nullptr);
    sim.run_for(100s);
    EXPECT_EQ(alice.armed_timers(), 0U);
    EXPECT_EQ(alice.open_sockets(), 0U);
  }
};

TEST_F(Upcall, DestroyInEachResponse) {
  for (const int code : {180, 200, 486}) {
    if (!layer) start(start_options);
    recorder.when_response = [&](ta::ClientId, const Response&) { layer.reset(); };
    send(method::invite);
    const auto invite = heard("INVITE");
    bob.answer(invite, {.code = code, .to_tag = "b"});
    settle();
    EXPECT_EQ(layer, nullptr) << code;
  }
  expect_gone();
}

TEST_F(Upcall, DestroyInNonInviteResponse) {
  recorder.when_response = [&](ta::ClientId, const Response&) { layer.reset(); };
  send(method::options);
  bob.answer(heard("OPTIONS"), {.code = 200, .to_tag = "b"});
  settle();
  expect_gone();
}

TEST_F(Upcall, DestroyInTimeout) {
  recorder.when_failure = [&](ta::ClientId) { layer.reset(); };
  send(method::invite);
  send(method::options);
  sim.run_for(33s);
  EXPECT_EQ(recorder.said.size(), 1U);
  expect_gone();
}

TEST_F(Upcall, DestroyWhenTheFirstOfManyFails) {
  recorder.when_failure = [&](ta::ClientId) { layer.reset(); };
  for (int i = 0; i < 5; ++i) send(method::options);
  alice.fail_send(1);
  sim.run_for(600ms);
  EXPECT_EQ(recorder.said.size(), 1U);
  expect_gone();
}

TEST_F(Upcall, DestroyInRequest) {
  for (const char* method : {"INVITE", "OPTIONS"}) {
    if (!layer) start(start_options);
    recorder.when_request = [&](ta::ServerId, const Request&) { layer.reset(); };
    bob.send(request_text(method, "z9hG4bK1"), here);
    settle();
    EXPECT_EQ(layer, nullptr) << method;
  }
  expect_gone();
}

TEST_F(Upcall, DestroyInAckAndCancelAnd2xxAndServerFailure) {
  recorder.when_ack = destroy();
  bob.send(request_text("ACK", "z9hG4bK1"), here);
  settle();
  ASSERT_EQ(layer, nullptr);

  start(start_options);
  recorder.when_cancel = [&](ta::ServerId) { layer.reset(); };
  ask("INVITE");
  bob.send(request_text("CANCEL", "z9hG4bKbob1"), here);
  settle();
  ASSERT_EQ(layer, nullptr);

  start(start_options);
  recorder.when_2xx = destroy();
  send(method::invite);
  const auto invite = heard("INVITE");
  answer(invite, 200);
  bob.answer(invite, {.code = 200, .to_tag = "b"});
  settle();
  ASSERT_EQ(layer, nullptr);

  start(start_options);
  recorder.when_server_failure = [&](ta::ServerId) { layer.reset(); };
  ask("INVITE", "z9hG4bK9");
  ASSERT_TRUE(respond(486));
  sim.run_for(33s);
  expect_gone();
}

TEST_F(Upcall, DestroyInABroken2xx) {
  recorder.when_2xx = destroy();
  send(method::invite);
  const auto invite = heard("INVITE");
  auto text = sim::answer_to(invite.text, {.code = 200, .to_tag = "b", .lines = {"Contact: <sip:bob@192.0.2.2>"}});
  text.replace(text.find("\r\n\r\n"), 4, "\r\nthis is no header\r\n\r\n");
  bob.send(text, here);
  settle();
  EXPECT_THAT(recorder.said, ElementsAre("broken 2xx 200"));
  expect_gone();
}

TEST_F(Upcall, ABroken2xxEndsTheAttemptAndIsHandedUp) {
  send(method::invite);
  const auto invite = heard("INVITE");
  auto text = sim::answer_to(invite.text, {.code = 200, .to_tag = "b", .lines = {"Contact: <sip:bob@192.0.2.2>"}});
  text.replace(text.find("\r\n\r\n"), 4, "\r\nthis is no header\r\n\r\n");
  bob.send(text, here);
  settle();
  EXPECT_THAT(recorder.said, ElementsAre("broken 2xx 200"));
  bob.send(text, here);
  settle();
  EXPECT_THAT(recorder.said, ElementsAre("broken 2xx 200", "broken 2xx 200"));
  sim.run_for(33s);
  expect_nothing_left();
}

// Limits are for what others send: an INVITE of ours may have more lines than one that we would take.
TEST_F(Upcall, ABroken2xxEndsAnAttemptOfManyLinesToo) {
  auto request = request_of(method::invite);
  for (int i = 0; i < 300; ++i) ASSERT_TRUE(request.add("X-Line", std::to_string(i)));
  ASSERT_TRUE(layer->send(request, target(), recorder));
  const auto invite = heard("INVITE");
  auto text = sim::answer_to(invite.text, {.code = 200, .to_tag = "b", .lines = {"Contact: <sip:bob@192.0.2.2>"}});
  text.replace(text.find("\r\n\r\n"), 4, "\r\nthis is no header\r\n\r\n");
  bob.send(text, here);
  settle();
  EXPECT_THAT(recorder.said, ElementsAre("broken 2xx 200"));
}

TEST_F(Upcall, AnswerAndSendAndCancelFromEverywhere) {
  recorder.when_request = [&](ta::ServerId id, const Request& request) {
    EXPECT_TRUE(layer->respond(id, Response(request, StatusCode(180), "t")));
    EXPECT_TRUE(layer->respond(id, Response(request, StatusCode(486), "t")));
    send(method::options);
  };
  recorder.when_response = [&](ta::ClientId id, const Response& response) {
    if (response.status().is_provisional())
      EXPECT_TRUE(layer->cancel(id));
    else
      EXPECT_FALSE(layer->cancel(id));
    layer->detach(id);
  };
  ask("INVITE");
  EXPECT_THAT(bob_heard(), ElementsAre("180", "486", "OPTIONS"));
  send(method::invite);
  const auto invite = heard("INVITE");
  answer(invite, 180);
  heard("CANCEL");
  answer(invite, 487);
  EXPECT_THAT(recorder.said, ElementsAre("request INVITE", "180"));  // then detached
  sim.run_for(70s);
  expect_nothing_left();
}

// A failed user sends anew from inside: the new one is not failed by the same report.
TEST_F(Upcall, RetryFromInsideAFailure) {
  int retries = 0;
  recorder.when_failure = [&](ta::ClientId) {
    if (++retries == 1) send(method::options);
  };
  alice.fail_send(1);
  send(method::options);
  sim.run_for(100ms);
  EXPECT_THAT(recorder.said, ElementsAre("failure transport_failed"));
  answer(heard("OPTIONS"), 200);
  EXPECT_THAT(recorder.said, ElementsAre("failure transport_failed", "200"));
}

class Overload : public LayerTest {
 protected:
  Overload() : LayerTest({.limits = {.transactions = 3, .retry_after = 7s}}) {}
};

TEST_F(Overload, NewRequestsGet503AndOldOnesGoOn) {
  for (int i = 0; i < 5; ++i) ask("OPTIONS", "z9hG4bK" + std::to_string(i));
  EXPECT_EQ(recorder.requests.size(), 3U);
  for (int i = 0; i < 2; ++i) {
    const auto refused = bob.pop();
    ASSERT_TRUE(refused);
    EXPECT_EQ(sim::status_of(refused->text), 503);
    EXPECT_EQ(sim::header_of(refused->text, "Retry-After"), "7");
  }
  EXPECT_EQ(dropped(Drop::overload), 2U);
  // The flood does not keep us from sending; a limit of our own does.
  for (int i = 0; i < 3; ++i) send(method::bye);
  auto request = request_of(method::bye);
  EXPECT_EQ(layer->send(request, target(), recorder).error(), ta::errc::limit_reached);
  settle();
  bob.clear();
  ask("OPTIONS", "z9hG4bK0");  // a copy of a live one
  EXPECT_THAT(bob_heard(), IsEmpty());
  ASSERT_TRUE(respond(200));
  ask("OPTIONS", "z9hG4bK9");
  EXPECT_EQ(recorder.requests.size(), 4U);
  ask("ACK", "z9hG4bK77");
  EXPECT_EQ(recorder.said.back(), "ack");
}

TEST_F(Overload, TheSame503GoesToEachCopy) {
  for (int i = 0; i < 3; ++i) ask("OPTIONS", "z9hG4bK" + std::to_string(i));
  ask("OPTIONS", "z9hG4bK5");
  ask("OPTIONS", "z9hG4bK5");
  const auto one = bob.pop(), two = bob.pop();
  ASSERT_TRUE(one && two);
  EXPECT_EQ(one->text, two->text);
}

TEST(TransactionOptions, TimersOfNothingAreRefused) {
  sim::Simulator world;
  auto& runtime = world.host("a", {"192.0.2.1"}).runtime();
  Recorder user;
  EXPECT_THROW(ta::TransactionLayer(runtime, user, {.timers = {.t1 = 0ms}}), std::invalid_argument);
  EXPECT_THROW(ta::TransactionLayer(runtime, user, {.timers = {.t2 = -1s}}), std::invalid_argument);
  EXPECT_THROW(ta::TransactionLayer(runtime, user, {.timers = {.t1 = 2h}}), std::invalid_argument);
  EXPECT_THROW(ta::TransactionLayer(runtime, user, {.timers = {.t2 = Duration::max()}}), std::invalid_argument);
  EXPECT_NO_THROW(ta::TransactionLayer(runtime, user, {.timers = {.t4 = 0s}}));
}

class EchoCeiling : public LayerTest {
 protected:
  EchoCeiling() : LayerTest({.limits = {.echo_bytes = 20'000}}) {}
};

TEST_F(EchoCeiling, AFloodDropsTheOldestAndIsCounted) {
  recorder.when_request = [&](ta::ServerId id, const Request& request) {
    ASSERT_TRUE(layer->respond(id, Response(request, StatusCode(200), "t")));
  };
  for (int i = 0; i < 500; ++i) ask("OPTIONS", "z9hG4bK" + std::to_string(i));
  const auto c = layer->counters();
  EXPECT_LE(c.echo_bytes, 20'000U);
  EXPECT_GT(c.echo_records, 10U);
  EXPECT_EQ(c.echo_dropped + c.echo_records, 500U);
  bob.clear();
  ask("OPTIONS", "z9hG4bK499");  // still known
  EXPECT_EQ(recorder.requests.size(), 500U);
  EXPECT_THAT(bob_heard(), ElementsAre("200"));
  ask("OPTIONS", "z9hG4bK0");  // forgotten: a new one
  EXPECT_EQ(recorder.requests.size(), 501U);
  sim.run_for(33s);
  expect_nothing_left();
}

class Lossy : public LayerTest {};

// Both ends are stacks here: what one sends as a client another answers as a server, over a bad link.
TEST_F(Lossy, EveryTransactionEndsOnceAndNothingIsLeft) {
  sim::Host& carol = sim.host("carol", {"192.0.2.3"});
  sim.set_default_link({.latency = 20ms, .jitter = 5ms, .loss = 0.2, .duplication = 0.1, .reordering = 0.1});
  struct Answerer : Recorder {
    ta::TransactionLayer* own = nullptr;
    int n = 0;
    void on_request(ta::ServerId id, const Request& request, const Flow&) override {
      ++n;
      EXPECT_TRUE(own->respond(id, Response(request, StatusCode(request.method() == method::invite ? 486 : 200), "t")));
    }
  } answerer;
  ta::TransactionLayer other(carol.runtime(), answerer);
  answerer.own = &other;
  ASSERT_TRUE(other.transport().listen(transport::Protocol::udp, carol.endpoint()));
  std::map<std::pair<std::uint32_t, std::uint32_t>, int> ends;
  recorder.when_response = [&](ta::ClientId id, const Response&) { ++ends[{id.slot, id.generation}]; };
  recorder.when_failure = [&](ta::ClientId id) { ++ends[{id.slot, id.generation}]; };
  constexpr int n = 2000;
  for (int i = 0; i < n; ++i) {
    auto request = request_of(i % 2 == 0 ? method::invite : method::options);
    ASSERT_TRUE(layer->send(request, {transport::Protocol::udp, carol.endpoint(), {}}, recorder));
    sim.run_for(5ms);
  }
  sim.run_for(80s);
  EXPECT_EQ(ends.size(), static_cast<std::size_t>(n));
  for (const auto& [id, count] : ends) EXPECT_EQ(count, 1);
  EXPECT_LE(answerer.n, n);  // no copy was taken for a request
  EXPECT_GE(answerer.n, n * 99 / 100);
  expect_nothing_left();
  EXPECT_EQ(other.counters().server_machines, 0U);
  EXPECT_EQ(other.counters().echo_records, 0U);
}

TEST_F(Lossy, OneReportFailsAllOfThatPeerAndNoOther) {
  sim::Host& carol = sim.host("carol", {"192.0.2.3"});
  for (int i = 0; i < 50; ++i) {
    send(method::options);
    auto request = request_of(method::invite);
    ASSERT_TRUE(layer->send(request, {transport::Protocol::udp, carol.endpoint(), {}}, recorder));
  }
  sim.run_for(100ms);  // nothing listens at carol's
  EXPECT_EQ(recorder.said.size(), 50U);
  for (const auto& word : recorder.said) EXPECT_EQ(word, "failure transport_failed");
  EXPECT_EQ(layer->counters().client_machines, 50U);
}

TEST_F(Lossy, StrayResponsesAreDroppedAndCounted) {
  bob.send(sim::answer_to(request_text("OPTIONS", "z9hG4bKnever"), {.code = 200, .to_tag = "x"}), here);
  settle();
  EXPECT_EQ(dropped(Drop::stray_response) + dropped(Drop::wrong_sent_by), 1U);
  EXPECT_THAT(recorder.said, IsEmpty());
}

TEST_F(Lossy, IdsAreNotReused) {
  std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
  for (int i = 0; i < 300; ++i) {
    const auto id = send(method::options);
    EXPECT_TRUE(seen.insert({id.slot, id.generation}).second);
    answer(heard("OPTIONS"), 200);
    EXPECT_EQ(layer->packet(id).error(), ta::errc::no_transaction);
  }
}

TEST_F(Lossy, SendRefusesAckAndCancelAndKeepsTheWayOfARequest) {
  auto ack = request_of(method::ack);
  EXPECT_EQ(layer->send(ack, target(), recorder).error(), ta::errc::wrong_state);
  auto cancel = request_of(method::cancel);
  EXPECT_EQ(layer->send(cancel, target(), recorder).error(), ta::errc::wrong_state);
  const auto id = send(method::options);
  const auto packet = layer->packet(id);
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->flow.peer, there);
  EXPECT_EQ(heard("OPTIONS").text, packet->bytes.view());
  auto no_way = request_of(method::options);
  EXPECT_FALSE(layer->send(no_way, {transport::Protocol::tcp, there, {}}, recorder));
  EXPECT_EQ(layer->counters().client_machines, 1U);
}

TEST_F(Lossy, SendAckHasAFreshBranchAndCanBeRepeated) {
  auto ack = request_of(method::ack);
  const auto packet = layer->send_ack(ack, target());
  ASSERT_TRUE(packet);
  layer->send_again(*packet);
  const auto one = heard("ACK"), two = heard("ACK");
  EXPECT_EQ(one.text, two.text);
  EXPECT_TRUE(sim::param_of(*sim::header_of(one.text, "Via"), "branch")->starts_with("z9hG4bK"));
  expect_nothing_left();
}

}  // namespace
}  // namespace transaction_test
