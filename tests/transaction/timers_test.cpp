#include "layer_state.hpp"

#include <peal/testing/raw_peer.hpp>
#include <peal/testing/simulator.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

// Table 4 of RFC 3261 with L and M of RFC 6026, a timer a test, to the millisecond: over unreliable and reliable
// transports, with the timers that the RFC has by default and with others.

namespace transaction_timers {

using namespace std::chrono_literals;
using namespace peal;
using namespace peal::transaction;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Times = std::vector<long>;

struct Setting {
  std::string_view name;
  bool reliable;
  Timers timers;
};

void PrintTo(const Setting& its, std::ostream* out) { *out << its.name; }

/// The layer itself, given messages over a flow that says what its transport is; everything that it sends and says,
/// with the milliseconds since the transaction began.
class Table4 : public testing::TestWithParam<Setting>, protected TransactionUser, protected ClientUser {
 protected:
  Table4() {
    world.observe([this](const sim::WireEvent& event) {
      if (event.fate == sim::Fate::sent && event.from == here) note(word_of(event.bytes));
    });
    layer.emplace(alice.runtime(), static_cast<TransactionUser&>(*this),
                  TransactionOptions{.timers = GetParam().timers});
    EXPECT_TRUE(layer->transport.listen(transport::Protocol::udp, here));
    flow.protocol = reliable ? transport::Protocol::tcp : transport::Protocol::udp;
    flow.peer = bob.endpoint();
  }
  static std::string word_of(std::string_view bytes) {
    return std::string(bytes.starts_with("SIP/2.0 ") ? bytes.substr(8, 3) : bytes.substr(0, bytes.find(' ')));
  }
  void note(std::string what) { noted.emplace_back(since(), std::move(what)); }
  [[nodiscard]] long since() const {
    return static_cast<long>(std::chrono::duration_cast<milliseconds>(alice.runtime().timers().now() - began).count());
  }
  static long ms(Duration time) { return static_cast<long>(time / 1ms); }

  // ---- the messages
  static Request message(std::string_view method) {
    const std::string name(method);
    return *Request::parse(
        name +
        " sip:b@192.0.2.2 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK1\r\nMax-Forwards: 70\r\n"
        "From: <sip:a@192.0.2.1>;tag=1\r\nTo: <sip:b@192.0.2.2>\r\nCall-ID: c\r\nCSeq: 1 " +
        name + "\r\nContent-Length: 0\r\n\r\n");
  }
  void send(std::string_view method) {
    began = alice.runtime().timers().now();
    layer->start_client(method == "INVITE", layer->keys.client("z9hG4bK1"), layer->keys.method(*Method::parse(method)),
                        this, {flow, SharedBytes(message(method).to_string())});
  }
  void hear(std::string_view method, int code) {
    layer->on_response(Response(message(method), StatusCode(static_cast<std::uint16_t>(code)), "t"), flow, false);
    world.run_for(0ms);
  }
  void ask(std::string_view method) {
    began = alice.runtime().timers().now();
    layer->on_request(message(method), flow);
  }
  void answer(std::string_view method, int code) {
    static_cast<void>(
        layer->respond(*asked, Response(message(method), StatusCode(static_cast<std::uint16_t>(code)), "t")));
    world.run_for(0ms);
  }

  // ---- what was noted
  [[nodiscard]] Times times_of(std::string_view what) const {
    Times times;
    for (const auto& [time, its] : noted)
      if (its == what) times.push_back(time);
    return times;
  }
  /// T1 later, twice that, and so on, no longer apart than `most`, up to 64*T1.
  [[nodiscard]] Times doubling(Duration most) const {
    Times times;
    Duration interval = timers.t1;
    for (Duration time = interval; time < 64 * timers.t1; time += interval) {
      times.push_back(ms(time));
      interval = std::min(2 * interval, most);
    }
    return times;
  }
  [[nodiscard]] std::size_t live() const {
    return layer->clients.size() + layer->servers.size() + layer->echoes.size();
  }
  /// What only waits now is gone at that time, not before, and at most 20 ms later: a record's own tick and the
  /// wheel's.
  void expect_gone_after(Duration time) {
    if (time > Duration::zero()) {
      EXPECT_EQ(live(), 1U);
      world.run_for(time);
      EXPECT_EQ(live(), 1U) << "gone too early";
      world.run_for(20ms);
    }
    EXPECT_EQ(live(), 0U);
    EXPECT_EQ(layer->client_table.size() + layer->server_table.size(), 0U);
    EXPECT_EQ(alice.armed_timers(), 0U);
  }

  const Timers timers = GetParam().timers;
  const bool reliable = GetParam().reliable;
  sim::Simulator world;
  sim::Host& alice = world.host("a", {"192.0.2.1"});
  sim::Host& bob = world.host("b", {"192.0.2.2"});
  sim::RawPeer peer{world, bob};
  const transport::Endpoint here = alice.endpoint();
  Flow flow;
  std::optional<TransactionLayer::State> layer;
  std::optional<ServerId> asked;
  std::vector<std::pair<long, std::string>> noted;
  transport::TimePoint began{};
  int when_asked = 0;  ///< answered so in the upcall

 private:
  void on_request(ServerId id, const Request& request, const Flow&) override {
    note("request");
    asked = id;
    if (when_asked != 0)
      static_cast<void>(layer->respond(id, Response(request, StatusCode(static_cast<std::uint16_t>(when_asked)))));
  }
  void on_ack(const Request&, const Flow&) override { note("ack"); }
  void on_cancel(ServerId, const Request&) override {}
  void on_2xx(const Response&, const Flow&, bool) override { note("2xx"); }
  void on_server_failure(ServerId, const Failure& failure) override { note(failure.code.message()); }
  void on_response(ClientId, const Response& response, const Flow&) override {
    note("heard " + std::to_string(response.status().value()));
  }
  void on_failure(ClientId, const Failure& failure) override { note(failure.code.message()); }
};

INSTANTIATE_TEST_SUITE_P(Over, Table4,
                         testing::Values(Setting{"Unreliable", false, {}}, Setting{"Reliable", true, {}},
                                         Setting{"UnreliableConfigured", false, {.t1 = 1s, .t2 = 3s, .t4 = 2s}},
                                         Setting{"ReliableConfigured", true, {.t1 = 1s, .t2 = 3s, .t4 = 2s}},
                                         Setting{"UnreliableFast", false, {.t1 = 100ms, .t2 = 400ms, .t4 = 500ms}}),
                         [](const auto& tested) { return std::string(tested.param.name); });

const std::string no_answer = make_error_code(transaction::errc::timed_out).message();

// "INVITE request retransmit interval, for UDP only"
TEST_P(Table4, TimerA) {
  send("INVITE");
  world.run_for(64 * timers.t1 + 1s);
  EXPECT_EQ(times_of("INVITE"), reliable ? Times{} : doubling(Duration::max() / 4));
  if (GetParam().name == "Unreliable") {
    EXPECT_EQ(times_of("INVITE"), (Times{500, 1500, 3500, 7500, 15500, 31500}));
  }
}

// "INVITE transaction timeout timer"
TEST_P(Table4, TimerB) {
  send("INVITE");
  world.run_for(64 * timers.t1 + 1s);
  EXPECT_EQ(times_of(no_answer), Times{ms(64 * timers.t1)});
  EXPECT_EQ(live(), 0U);
}

// A provisional ends both.
TEST_P(Table4, TimersAAndBEndWithA1xx) {
  send("INVITE");
  hear("INVITE", 180);
  EXPECT_EQ(alice.armed_timers(), 0U);
  world.run_for(5min);
  EXPECT_THAT(times_of("INVITE"), IsEmpty());
  EXPECT_THAT(times_of(no_answer), IsEmpty());
}

// "Wait time for response retransmits": above 32 s for UDP, whatever T1 is here, 0 s for TCP
TEST_P(Table4, TimerD) {
  send("INVITE");
  hear("INVITE", 486);
  expect_gone_after(reliable ? 0s : std::max<Duration>(32s, 64 * timers.t1));
}

// "non-INVITE request retransmit interval, UDP only"
TEST_P(Table4, TimerE) {
  send("OPTIONS");
  world.run_for(64 * timers.t1 + 1s);
  EXPECT_EQ(times_of("OPTIONS"), reliable ? Times{} : doubling(timers.t2));
  if (GetParam().name == "Unreliable") {
    EXPECT_EQ(times_of("OPTIONS"), (Times{500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500}));
  }
}

// §17.1.2.2: once it has fired in Proceeding it is T2.
TEST_P(Table4, TimerEInProceeding) {
  send("OPTIONS");
  hear("OPTIONS", 100);
  world.run_for(64 * timers.t1 + 1s);
  Times expected;
  for (Duration time = timers.t1; time < 64 * timers.t1; time += timers.t2) expected.push_back(ms(time));
  EXPECT_EQ(times_of("OPTIONS"), reliable ? Times{} : expected);
}

// "non-INVITE transaction timeout timer"
TEST_P(Table4, TimerF) {
  for (const bool proceeding : {false, true}) {
    noted.clear();
    send("OPTIONS");
    if (proceeding) hear("OPTIONS", 100);
    world.run_for(64 * timers.t1 + 1s);
    EXPECT_EQ(times_of(no_answer), Times{ms(64 * timers.t1)});
    EXPECT_EQ(live(), 0U);
  }
}

// "INVITE response retransmit interval"
TEST_P(Table4, TimerG) {
  ask("INVITE");
  answer("INVITE", 486);
  world.run_for(64 * timers.t1 + 1s);
  Times expected = reliable ? Times{} : doubling(timers.t2);
  expected.insert(expected.begin(), 0);
  EXPECT_EQ(times_of("486"), expected);
}

// "Wait time for ACK receipt"
TEST_P(Table4, TimerH) {
  ask("INVITE");
  answer("INVITE", 486);
  world.run_for(64 * timers.t1 + 1s);
  EXPECT_EQ(times_of(no_answer), Times{ms(64 * timers.t1)});
  EXPECT_EQ(live(), 0U);
}

TEST_P(Table4, TimersGAndHEndWithTheAck) {
  ask("INVITE");
  answer("INVITE", 486);
  layer->on_request(message("ACK"), flow);
  world.run_for(5min);
  EXPECT_EQ(times_of("486"), Times{0});
  EXPECT_THAT(times_of(no_answer), IsEmpty());
}

// "Wait time for ACK retransmits"
TEST_P(Table4, TimerI) {
  ask("INVITE");
  answer("INVITE", 486);
  layer->on_request(message("ACK"), flow);
  expect_gone_after(reliable ? 0s : timers.t4);
}

// "Wait time for non-INVITE request retransmits"
TEST_P(Table4, TimerJ) {
  ask("OPTIONS");
  answer("OPTIONS", 200);
  expect_gone_after(reliable ? 0s : 64 * timers.t1);
}

// "Wait time for response retransmits"
TEST_P(Table4, TimerK) {
  send("OPTIONS");
  hear("OPTIONS", 200);
  expect_gone_after(reliable ? 0s : timers.t4);
}

// "Wait time for accepted INVITE request retransmits", for all transports
TEST_P(Table4, TimerL) {
  ask("INVITE");
  answer("INVITE", 200);
  expect_gone_after(64 * timers.t1);
  EXPECT_EQ(times_of("200"), Times{0});  // the copies are the user's to send
}

// "Wait time for retransmission of 2xx to INVITE or additional 2xx from other branches"
TEST_P(Table4, TimerM) {
  send("INVITE");
  hear("INVITE", 200);
  expect_gone_after(64 * timers.t1);
}

// RFC 3261 §13.3.1.4: a peer repeats its 2xx after T1, doubling to T2, for 64*T1. Each goes up.
TEST_P(Table4, TimerMPassesEveryCopyOfA2xxUp) {
  send("INVITE");
  hear("INVITE", 200);
  const auto copies = doubling(timers.t2);
  for (const long at : copies) {
    world.run_for(milliseconds(at - since()));
    hear("INVITE", 200);
  }
  EXPECT_EQ(times_of("2xx"), copies);
  EXPECT_EQ(times_of("heard 200"), Times{0});
}

// ---- not in Table 4

// RFC 3261 §17.2.1
TEST_P(Table4, An100ToInviteAfter200ms) {
  ask("INVITE");
  world.run_for(10s);
  EXPECT_EQ(times_of("100"), Times{200});
}

// RFC 4320 §4.1: when a client's Timer E has come to T2, on any transport; nothing before that by itself.
TEST_P(Table4, A100ToNonInviteWhenTimerEIsAtT2) {
  ask("OPTIONS");
  world.run_for(64 * timers.t1);
  const Timers& t = timers;
  const long at = t.t1 == 500ms ? 3500 : t.t1 == 1s ? 3000 : 300;  // 0.5+1+2; 1+2; 0.1+0.2
  EXPECT_EQ(times_of("100"), Times{at});
  EXPECT_EQ(times_of("500"), Times{ms(64 * t.t1 - t.t2)});
}

// RFC 4320 §4.1: over a reliable transport the user may send 100 at any time, over others not before.
TEST_P(Table4, A100ToNonInviteByTheUser) {
  ask("OPTIONS");
  const auto hundred = [&] {
    return layer->respond(*asked, Response(message("OPTIONS"), StatusCode(100))).has_value();
  };
  EXPECT_EQ(hundred(), reliable);
  const Duration at = timers.t1 == 500ms ? 3500ms : timers.t1 == 1s ? 3000ms : 300ms;
  world.run_for(at - 10ms);
  EXPECT_EQ(hundred(), reliable);
  world.run_for(10ms);
  EXPECT_TRUE(hundred());
}

// Who said 100 and no more has not answered: 500 comes as it does when nothing was said.
TEST_P(Table4, A100InTheUpcallIsNoAnswer) {
  when_asked = 100;
  ask("OPTIONS");
  world.run_for(64 * timers.t1);
  EXPECT_EQ(times_of("500"), Times{ms(64 * timers.t1 - timers.t2)});
  EXPECT_EQ(times_of("100").size(), 1U);
  EXPECT_EQ(layer->servers.size(), 0U);
}

// RFC 4320 §4.2
TEST_P(Table4, A408ToNonInviteIsNeverSent) {
  ask("OPTIONS");
  answer("OPTIONS", 408);
  world.run_for(64 * timers.t1 + 1s);
  EXPECT_THAT(times_of("408"), IsEmpty());
  EXPECT_THAT(times_of("500"), IsEmpty());
  EXPECT_EQ(live(), 0U);
}

}  // namespace transaction_timers
