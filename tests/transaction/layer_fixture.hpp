#pragma once

#include <peal/testing/expect.hpp>
#include <peal/testing/raw_peer.hpp>
#include <peal/testing/simulator.hpp>
#include <peal/transaction/transaction_layer.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A TransactionLayer on the simulated host "alice", a raw peer on "bob", and everything that the layer said, written down.
namespace transaction_test {

using namespace std::chrono_literals;
using namespace peal;
namespace sim = peal::sim;
namespace ta = peal::transaction;
using peal::transport::Drop;
using peal::transport::Duration;
using peal::transport::Flow;
using peal::transport::Packet;
using peal::transport::Target;
using std::chrono::milliseconds;

/// Writes down each upcall as a word: "100", "failure timed_out", "request INVITE", "ack", "cancel", "2xx 200"…
class Recorder : public ta::TransactionUser, public ta::ClientUser {
 public:
  std::vector<std::string> said;
  std::vector<ta::ServerId> requests;
  std::optional<Request> last_request;
  std::vector<Response> responses;
  std::vector<Response> more_2xx;  // by on_2xx
  ta::ClientId last_client;
  ta::Failure last_failure;
  // What the test does from inside an upcall; empty: nothing.
  std::function<void(ta::ClientId, const Response&)> when_response;
  std::function<void(ta::ClientId)> when_failure;
  std::function<void(ta::ServerId, const Request&)> when_request;
  std::function<void()> when_ack;
  std::function<void(ta::ServerId)> when_cancel;
  std::function<void()> when_2xx;
  std::function<void(ta::ServerId)> when_server_failure;

  void on_response(ta::ClientId id, const Response& response, const Flow&) override {
    said.push_back(std::to_string(response.status().value()));
    responses.push_back(response);
    last_client = id;
    if (auto f = when_response) f(id, response);
  }
  void on_failure(ta::ClientId id, const ta::Failure& failure) override {
    said.push_back("failure " + name_of(failure.code));
    last_client = id;
    last_failure = failure;
    if (auto f = when_failure) f(id);
  }
  void on_request(ta::ServerId id, const Request& request, const Flow&) override {
    said.push_back("request " + std::string(request.method().name()));
    requests.push_back(id);
    last_request = request;
    if (auto f = when_request) f(id, request);
  }
  void on_ack(const Request&, const Flow&) override {
    said.push_back("ack");
    if (auto f = when_ack) f();
  }
  void on_cancel(ta::ServerId id, const Request&) override {
    said.push_back("cancel");
    if (auto f = when_cancel) f(id);
  }
  void on_2xx(const Response& response, const Flow&, bool broken) override {
    said.push_back((broken ? "broken 2xx " : "2xx ") + std::to_string(response.status().value()));
    more_2xx.push_back(response);
    if (auto f = when_2xx) f();
  }
  void on_server_failure(ta::ServerId id, const ta::Failure& failure) override {
    said.push_back("server failure " + name_of(failure.code));
    last_failure = failure;
    if (auto f = when_server_failure) f(id);
  }
  static std::string name_of(std::error_code code) {
    if (code == ta::errc::timed_out) return "timed_out";
    if (code == ta::errc::transport_failed) return "transport_failed";
    if (code == ta::errc::cancelled_unanswered) return "cancelled_unanswered";
    return code.message();
  }
};

class LayerTest : public ::testing::Test {
 protected:
  explicit LayerTest(ta::TransactionOptions options = {}, std::uint64_t seed = 1) : sim(seed), start_options(options) {
    sim.observe([this](const sim::WireEvent& event) {
      if (event.fate == sim::Fate::sent && event.from == here) sent_at.push_back({event.time, std::string(event.bytes)});
    });
    start(options);
  }
  void start(const ta::TransactionOptions& options) {
    layer = std::make_unique<ta::TransactionLayer>(alice.runtime(), recorder, options);
    ASSERT_TRUE(layer->transport().listen(transport::Protocol::udp, here));
  }

  // ---- as a client
  Request request_of(const Method& method) {
    auto request = Request(method, Uri::parse("sip:bob@192.0.2.2")->view());
    request.set(header::max_forwards, Number{70});
    EXPECT_TRUE(request.set(header::from, "<sip:alice@192.0.2.1>;tag=a1"));
    EXPECT_TRUE(request.set(header::to, "<sip:bob@192.0.2.2>"));
    EXPECT_TRUE(request.set(header::call_id, "call-" + std::to_string(++calls)));
    request.set(header::cseq, CSeq{7, method});
    return request;
  }
  ta::ClientId send(const Method& method) {
    auto request = request_of(method);
    auto id = layer->send(request, target(), recorder);
    EXPECT_TRUE(id) << id.error().message();
    return id ? *id : ta::ClientId{};
  }
  Target target() const { return {transport::Protocol::udp, there, {}}; }
  /// Runs until bob has it.
  sim::RawMessage heard(std::string_view start) {
    auto message = bob.expect(start);
    EXPECT_TRUE(message) << "bob did not hear " << start;
    return message ? *message : sim::RawMessage{};
  }
  void answer(const sim::RawMessage& request, int code, std::string tag = "b1") {
    bob.answer(request, {.code = code, .to_tag = code == 100 ? "" : std::move(tag)});
    settle();
  }

  // ---- as a server
  std::string request_text(std::string_view method, std::string_view branch, std::string_view to_tag = {}) const {
    sim::Ask ask;
    ask.method = std::string(method);
    ask.uri = "sip:alice@192.0.2.1";
    ask.via = "SIP/2.0/UDP 192.0.2.2:5060" + (branch.empty() ? std::string() : ";branch=" + std::string(branch));
    ask.from = "<sip:bob@192.0.2.2>;tag=b1";
    ask.to = "<sip:alice@192.0.2.1>" + (to_tag.empty() ? std::string() : ";tag=" + std::string(to_tag));
    ask.call_id = "from-bob";
    ask.cseq = 3;
    return sim::request_text(ask);
  }
  void ask(std::string_view method, std::string_view branch = "z9hG4bKbob1", std::string_view to_tag = {}) {
    bob.send(request_text(method, branch, to_tag), here);
    settle();
  }
  Result<Packet> respond(int code, std::string_view tag = "t1") {
    return layer->respond(recorder.requests.back(), Response(*recorder.last_request, StatusCode(static_cast<std::uint16_t>(code)), tag));
  }

  // ---- time
  void settle() { sim.run_for(3ms); }
  /// Everything heard by bob so far, as methods and status codes.
  std::vector<std::string> bob_heard() {
    std::vector<std::string> out;
    while (auto m = bob.pop())
      out.push_back(sim::status_of(m->text) != 0 ? std::to_string(sim::status_of(m->text)) : sim::method_of(m->text));
    return out;
  }
  /// When alice sent messages with that start, in milliseconds after the first of them; whole ticks of the wheel, which fires
  /// never early and up to one tick late.
  std::vector<long> schedule(std::string_view start) const {
    std::vector<long> out;
    std::optional<transport::TimePoint> first;
    for (const auto& [time, text] : sent_at) {
      if (!text.starts_with(start)) continue;
      if (!first) first = time;
      out.push_back(std::chrono::duration_cast<milliseconds>(time - *first).count() / 10 * 10);
    }
    return out;
  }
  std::size_t live() const {
    const auto c = layer->counters();
    return c.client_machines + c.server_machines + c.echo_records;
  }
  /// All objects are gone, no timer runs.
  void expect_nothing_left() {
    const auto c = layer->counters();
    EXPECT_EQ(c.client_machines, 0U);
    EXPECT_EQ(c.server_machines, 0U);
    EXPECT_EQ(c.echo_records, 0U);
    EXPECT_EQ(c.echo_bytes, 0U);
    EXPECT_EQ(alice.armed_timers(), 0U);
  }
  std::uint64_t dropped(Drop reason) { return layer->drops()[reason]; }

  sim::Simulator sim;
  sim::Host& alice = sim.host("alice", {"192.0.2.1"});
  sim::Host& bob_host = sim.host("bob", {"192.0.2.2"});
  sim::RawPeer bob{sim, bob_host};
  const transport::Endpoint here = alice.endpoint();
  const transport::Endpoint there = bob_host.endpoint();
  ta::TransactionOptions start_options;
  Recorder recorder;
  std::unique_ptr<ta::TransactionLayer> layer;
  std::vector<std::pair<transport::TimePoint, std::string>> sent_at;
  int calls = 0;
};

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

}  // namespace transaction_test
