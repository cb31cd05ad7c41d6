#include "client_invite.hpp"
#include "client_non_invite.hpp"
#include "layer_state.hpp"
#include "server_invite.hpp"
#include "server_non_invite.hpp"

#include <peal/testing/simulator.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

// The four machines by themselves, held against the RFCs: every pair of state and event, once with an arrow and once without.
// What is expected stands here a second time, read from the RFCs and not from the rows.

namespace transaction_figures {

using namespace std::chrono_literals;
using namespace peal;
using namespace peal::transaction;
using ::testing::ElementsAre;

/// Above and below a machine: writes down what it does, and leaves it where it is.
class Bench final : public Sender, public ClientOwner, public ServerOwner {
 public:
  std::vector<std::string> did;
  std::error_code send_error;
  sim::Simulator world;
  transport::Runtime& runtime = world.host("a", {"192.0.2.1"}).runtime();
  Surroundings around{*this, runtime.timers(), runtime.log(), {}};

  static std::string first_word(std::string_view text) {
    const bool response = text.starts_with("SIP/2.0 ");
    return std::string(response ? text.substr(8, 3) : text.substr(0, text.find(' ')));
  }
  Result<Packet> send_response(const Response& response, const Flow& flow) override {
    if (send_error) return fail(send_error);
    did.push_back("send " + std::to_string(response.status().value()));
    return Packet{flow, SharedBytes(response.to_string())};
  }
  void send(const Packet& packet) override { did.push_back("send " + first_word(packet.bytes.view())); }
  void send_again(const Packet& packet) override { did.push_back("again " + first_word(packet.bytes.view())); }
  void pass_up(ClientMachine&, Rest rest, const Response& response, const Flow&) override {
    did.push_back("up " + std::to_string(response.status().value()) + name(rest));
  }
  void failed(ClientMachine&, std::error_code why, std::error_code) override { did.push_back("failed " + why.message()); }
  void send_cancel(ClientMachine&, std::string_view reason) override { did.push_back("cancel " + std::string(reason)); }
  void rests(ServerMachine&, Rest rest) override { did.push_back("rests" + name(rest)); }
  void failed(ServerMachine&, Rest rest, std::error_code why, std::error_code) override {
    did.push_back("failed " + why.message() + name(rest));
  }
  void depends_on_peer(ServerMachine&) override {}
  static std::string name(Rest rest) {
    switch (rest) {
      case Rest::none: return "";
      case Rest::completed: return " completed";
      case Rest::accepted: return " accepted";
      case Rest::confirmed: return " confirmed";
      case Rest::over: return " over";
    }
    return "?";
  }
};

constexpr std::string_view request_head =
    " sip:b@192.0.2.2 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1\r\nMax-Forwards: 70\r\n"
    "From: <sip:a@192.0.2.1>;tag=1\r\nTo: <sip:b@192.0.2.2>\r\nCall-ID: c\r\nCSeq: 1 ";

Request request(std::string_view method) {
  return *Request::parse(std::string(method) + std::string(request_head) + std::string(method) + "\r\nContent-Length: 0\r\n\r\n");
}
Flow flow_over(transport::Protocol protocol) {
  Flow flow;
  flow.protocol = protocol;
  flow.peer = *transport::Endpoint::parse("192.0.2.2:5060");
  return flow;
}
Response response(std::string_view method, int code) {
  return Response(request(method), StatusCode(static_cast<std::uint16_t>(code)), "t");
}

template <class M>
struct Client {
  explicit Client(Bench& b, transport::Protocol protocol = transport::Protocol::udp) : bench(b) {
    const bool invite = std::is_same_v<M, ClientInvite>;
    method = invite ? "INVITE" : "OPTIONS";
    machine = std::make_unique<M>(bench.around, bench, ClientId{0, 1}, Key{}, invite ? MethodId::invite : MethodId{8}, nullptr,
                                  Packet{flow_over(protocol), SharedBytes(request(method).to_string())});
  }
  void hear(int code) { machine->on_response(response(method, code), flow_over(transport::Protocol::udp)); }
  Bench& bench;
  std::string method;
  std::unique_ptr<M> machine;
};

template <class M>
struct Server {
  explicit Server(Bench& b, transport::Protocol protocol = transport::Protocol::udp) : bench(b) {
    const bool invite = std::is_same_v<M, ServerInvite>;
    method = invite ? "INVITE" : "OPTIONS";
    machine = std::make_unique<M>(bench.around, bench, ServerId{0, 1}, Key{}, invite ? MethodId::invite : MethodId{8}, 1U,
                                  flow_over(protocol));
  }
  Result<Packet> say(int code) { return machine->respond(response(method, code)); }
  void expect_silence(int code) { machine->expect_silence(SharedBytes(response(method, code).to_string())); }
  Bench& bench;
  std::string method;
  std::unique_ptr<M> machine;
};

using Did = std::vector<std::string>;
template <class M>
using Expected = std::map<std::pair<typename M::State, typename M::Event>, std::pair<typename M::State, Did>>;
template <class M>
using Ways = std::map<typename M::State, std::function<void(Client<M>&)>>;

/// Brings a fresh machine into each state, gives it each event, and looks at the state after it and at what was done.
template <class Rig, class M, class Reach, class Give>
void walk(const Expected<M>& expected, const Reach& reach, const Give& give) {
  for (const auto& [state, bring] : reach) {
    for (const auto& [event, act] : give) {
      Bench bench;
      Rig rig(bench);
      bring(rig);
      ASSERT_EQ(rig.machine->state(), state);
      bench.did.clear();
      act(rig);
      const auto label = std::string(name_of(state)) + " --" + std::string(name_of(event)) + "-->";
      const auto arrow = expected.find({state, event});
      EXPECT_EQ(rig.machine->state(), arrow == expected.end() ? state : arrow->second.first) << label;
      EXPECT_EQ(bench.did, arrow == expected.end() ? Did{} : arrow->second.second) << label;
    }
  }
}

TEST(Figure5Walk, EveryStateAndEvent) {
  using M = ClientInvite;
  const Expected<M> expected{
      {{M::calling, M::timer_a}, {M::calling, {"again INVITE"}}},
      {{M::calling, M::timer_b}, {M::terminated, {"failed no answer in time"}}},
      {{M::calling, M::transport_error}, {M::terminated, {"failed the message could not be sent"}}},
      {{M::calling, M::r1xx}, {M::proceeding, {"up 180"}}},
      {{M::calling, M::r2xx}, {M::accepted, {"up 200 accepted"}}},
      {{M::calling, M::r300_699}, {M::completed, {"send ACK", "up 486 completed"}}},
      {{M::proceeding, M::transport_error}, {M::terminated, {"failed the message could not be sent"}}},
      {{M::proceeding, M::r1xx}, {M::proceeding, {"up 180"}}},
      {{M::proceeding, M::r2xx}, {M::accepted, {"up 200 accepted"}}},
      {{M::proceeding, M::r300_699}, {M::completed, {"send ACK", "up 486 completed"}}},
      // Completed and Accepted: the machine is freed there; the rows are an echo record's, see below.
      {{M::accepted, M::r2xx}, {M::accepted, {"up 200 accepted"}}},
  };
  const std::map<M::State, std::function<void(Client<M>&)>> reach{
      {M::calling, [](auto&) {}},
      {M::proceeding, [](auto& c) { c.hear(100); }},
      {M::completed, [](auto& c) { c.hear(404); }},
      {M::accepted, [](auto& c) { c.hear(200); }},
      {M::terminated, [](auto& c) { c.machine->on_transport_error({}); }},
  };
  const std::map<M::Event, std::function<void(Client<M>&)>> give{
      {M::timer_a, [](auto& c) { c.bench.world.run_for(600ms); }},
      {M::transport_error, [](auto& c) { c.machine->on_transport_error({}); }},
      {M::r1xx, [](auto& c) { c.hear(180); }},
      {M::r2xx, [](auto& c) { c.hear(200); }},
      {M::r300_699, [](auto& c) { c.hear(486); }},
  };
  walk<Client<M>, M>(expected, reach, give);
  for (const auto& [state, bring] : reach) {
    Bench bench;
    Client<M> c(bench);
    bring(c);
    bench.did.clear();
    bench.world.run_for(5min);
    if (state == M::calling)
      EXPECT_EQ(bench.did, (Did{"again INVITE", "again INVITE", "again INVITE", "again INVITE", "again INVITE", "again INVITE",
                                "failed no answer in time"}));
    else
      EXPECT_EQ(bench.did, Did{}) << name_of(state);
  }
}

TEST(Figure5Walk, CancelInEveryState) {
  Bench bench;
  Client<ClientInvite> calling(bench);
  calling.machine->cancel("held");
  EXPECT_EQ(bench.did, Did{});
  calling.hear(180);
  EXPECT_EQ(bench.did, (Did{"cancel held", "up 180"}));
  calling.hear(183);
  calling.machine->cancel("again");
  bench.did.clear();
  bench.world.run_for(31990ms);
  EXPECT_EQ(bench.did, Did{});
  bench.world.run_for(20ms);
  EXPECT_EQ(bench.did, (Did{"failed cancelled, and no final response came"}));
}

TEST(Figure5Walk, RowsThatAnEchoRecordFollows) {
  using M = ClientInvite;
  EXPECT_EQ(find(M::figure_5, M::completed, M::r300_699)->act, M::ack);
  EXPECT_EQ(find(M::figure_5, M::completed, M::r300_699)->to, M::completed);
  EXPECT_EQ(find(M::figure_5, M::completed, M::timer_d)->to, M::terminated);
  EXPECT_EQ(find(M::figure_5, M::completed, M::r1xx), nullptr);
  EXPECT_EQ(find(M::figure_5, M::completed, M::r2xx), nullptr);
  EXPECT_EQ(find(M::figure_5, M::accepted, M::r2xx)->act, M::pass_up);
  EXPECT_EQ(find(M::figure_5, M::accepted, M::timer_m)->to, M::terminated);
  EXPECT_EQ(find(M::figure_5, M::accepted, M::r1xx), nullptr);
  EXPECT_EQ(find(M::figure_5, M::accepted, M::r300_699), nullptr);
  for (const auto& arrow : M::figure_5) EXPECT_NE(arrow.from, M::terminated);
}

TEST(Figure6Walk, EveryStateAndEvent) {
  using M = ClientNonInvite;
  const Expected<M> expected{
      {{M::trying, M::timer_e}, {M::trying, {"again OPTIONS"}}},
      {{M::trying, M::transport_error}, {M::terminated, {"failed the message could not be sent"}}},
      {{M::trying, M::r1xx}, {M::proceeding, {"up 100"}}},
      {{M::trying, M::r200_699}, {M::completed, {"up 404 completed"}}},
      {{M::proceeding, M::timer_e}, {M::proceeding, {"again OPTIONS"}}},
      {{M::proceeding, M::transport_error}, {M::terminated, {"failed the message could not be sent"}}},
      {{M::proceeding, M::r1xx}, {M::proceeding, {"up 100"}}},
      {{M::proceeding, M::r200_699}, {M::completed, {"up 404 completed"}}},
  };
  const std::map<M::State, std::function<void(Client<M>&)>> reach{
      {M::trying, [](auto&) {}},
      {M::proceeding, [](auto& c) { c.hear(100); }},
  };
  const std::map<M::Event, std::function<void(Client<M>&)>> give{
      {M::timer_e, [](auto& c) { c.bench.world.run_for(510ms); }},
      {M::transport_error, [](auto& c) { c.machine->on_transport_error({}); }},
      {M::r1xx, [](auto& c) { c.hear(100); }},
      {M::r200_699, [](auto& c) { c.hear(404); }},
  };
  walk<Client<M>, M>(expected, reach, give);
  for (const bool proceeding : {false, true}) {
    Bench bench;
    Client<M> c(bench);
    if (proceeding) c.hear(100);
    bench.world.run_for(33s);
    EXPECT_EQ(bench.did.back(), "failed no answer in time");  // Timer F, in both states
    EXPECT_EQ(c.machine->state(), M::terminated);
  }
  EXPECT_EQ(find(M::figure_6, M::completed, M::timer_k)->to, M::terminated);
  EXPECT_EQ(find(M::figure_6, M::completed, M::r1xx), nullptr);
  EXPECT_EQ(find(M::figure_6, M::completed, M::r200_699), nullptr);
}

TEST(Figure7Walk, EveryStateAndEvent) {
  using M = ServerInvite;
  const Expected<M> expected{
      {{M::proceeding, M::invite}, {M::proceeding, {"again 183"}}},
      {{M::proceeding, M::tu_1xx}, {M::proceeding, {"send 180"}}},
      {{M::proceeding, M::tu_2xx}, {M::accepted, {"send 200", "rests accepted"}}},
      {{M::proceeding, M::tu_300_699}, {M::completed, {"send 486"}}},
      {{M::completed, M::invite}, {M::completed, {"again 404"}}},
      {{M::completed, M::timer_g}, {M::completed, {"again 404"}}},
      {{M::completed, M::transport_error}, {M::completed, {"failed the message could not be sent"}}},
      {{M::completed, M::ack}, {M::confirmed, {"rests confirmed"}}},
  };
  const std::map<M::State, std::function<void(Server<M>&)>> reach{
      {M::proceeding, [](auto& s) { ASSERT_TRUE(s.say(183)); }},
      {M::completed, [](auto& s) { ASSERT_TRUE(s.say(404)); }},
  };
  const std::map<M::Event, std::function<void(Server<M>&)>> give{
      {M::invite, [](auto& s) { s.machine->on_request(); }},
      {M::ack, [](auto& s) { s.machine->on_ack(); }},
      {M::tu_1xx, [](auto& s) { (void)s.say(180); }},
      {M::tu_2xx, [](auto& s) { (void)s.say(200); }},
      {M::tu_300_699, [](auto& s) { (void)s.say(486); }},
      {M::timer_g, [](auto& s) { s.bench.world.run_for(510ms); }},
      {M::transport_error, [](auto& s) { s.machine->on_transport_error({}); }},
  };
  walk<Server<M>, M>(expected, reach, give);
  EXPECT_EQ(find(M::figure_7, M::completed, M::timer_h)->to, M::terminated);
  EXPECT_EQ(find(M::figure_7, M::confirmed, M::timer_i)->to, M::terminated);
  EXPECT_EQ(find(M::figure_7, M::accepted, M::timer_l)->to, M::terminated);
  EXPECT_EQ(find(M::figure_7, M::accepted, M::invite)->act, M::nothing);
  EXPECT_EQ(find(M::figure_7, M::accepted, M::ack)->act, M::pass_ack_up);
  EXPECT_EQ(find(M::figure_7, M::confirmed, M::ack), nullptr);
  EXPECT_EQ(find(M::figure_7, M::confirmed, M::invite), nullptr);
}

TEST(Figure8Walk, EveryStateAndEvent) {
  using M = ServerNonInvite;
  const Expected<M> expected{
      {{M::trying, M::tu_200_699}, {M::completed, {"send 200", "rests completed"}}},
      {{M::proceeding, M::request}, {M::proceeding, {"again 100"}}},
      {{M::proceeding, M::tu_1xx}, {M::proceeding, {"send 100"}}},
      {{M::proceeding, M::tu_200_699}, {M::completed, {"send 200", "rests completed"}}},
  };
  const std::map<M::State, std::function<void(Server<M>&)>> reach{
      {M::trying, [](auto&) {}},
      {M::proceeding, [](auto& s) {
         s.bench.world.run_for(3500ms);
         ASSERT_TRUE(s.say(100));
       }},
  };
  const std::map<M::Event, std::function<void(Server<M>&)>> give{
      {M::request, [](auto& s) { s.machine->on_request(); }},
      {M::tu_1xx, [](auto& s) { (void)s.say(100); }},
      {M::tu_200_699, [](auto& s) { (void)s.say(200); }},
  };
  walk<Server<M>, M>(expected, reach, give);
  EXPECT_EQ(find(M::figure_8, M::completed, M::request)->act, M::send_again);
  EXPECT_EQ(find(M::figure_8, M::completed, M::timer_j)->to, M::terminated);
  EXPECT_EQ(find(M::figure_8, M::completed, M::tu_200_699), nullptr);
}

TEST(Figures, NoTwoArrowsLeaveAStateOnOneEvent) {
  enum class S { a, b };
  enum class E { x };
  using A = Arrow<S, E, int>;
  EXPECT_FALSE(deterministic(std::array<A, 2>{{{S::a, E::x, S::a, 1}, {S::a, E::x, S::b, 2}}}));
  EXPECT_TRUE(deterministic(std::array<A, 2>{{{S::a, E::x, S::a, 1}, {S::b, E::x, S::b, 2}}}));
}

// ---- reliable transports

TEST(Reliable, NoRetransmissions) {
  Bench bench;
  Client<ClientInvite> invite(bench, transport::Protocol::tcp);
  Client<ClientNonInvite> options(bench, transport::Protocol::tls);
  Server<ServerInvite> rejected(bench, transport::Protocol::tcp);
  ASSERT_TRUE(rejected.say(486));
  bench.did.clear();
  bench.world.run_for(31990ms);
  EXPECT_EQ(bench.did, Did{});
  bench.world.run_for(20ms);  // B, F and H run all the same
  EXPECT_EQ(bench.did, (Did{"failed no answer in time", "failed no answer in time", "failed no answer in time over"}));
}

TEST(Reliable, A100ToNonInviteMayComeAtAnyTime) {
  Bench bench;
  Server<ServerNonInvite> options(bench, transport::Protocol::tcp);
  EXPECT_TRUE(options.say(100));
  EXPECT_FALSE(options.say(180));
}

TEST(Reliable, SilenceIsBrokenLikewise) {
  Bench bench;
  Server<ServerNonInvite> options(bench, transport::Protocol::tcp);
  options.expect_silence(500);
  bench.world.run_for(3510ms);
  EXPECT_EQ(bench.did, (Did{"send 100"}));
  bench.world.run_for(25s);
  EXPECT_EQ(bench.did, (Did{"send 100", "send 500", "failed no answer in time completed"}));
}

struct Nobody : TransactionUser, ClientUser {
  void on_request(ServerId id, const Request&, const Flow&) override { last = id; }
  void on_ack(const Request&, const Flow&) override {}
  void on_cancel(ServerId, const Request&) override {}
  void on_2xx(const Response&, const Flow&, bool) override {}
  void on_server_failure(ServerId, const Failure&) override {}
  void on_response(ClientId, const Response&, const Flow&) override {}
  void on_failure(ClientId, const Failure&) override {}
  ServerId last;
};

// D, I, J and K are zero: nothing stays but what waits for L and M.
TEST(Reliable, OnlyAcceptedWaits) {
  sim::Simulator world;
  Nobody user;
  TransactionLayer::State layer(world.host("a", {"192.0.2.1"}).runtime(), user, {});
  const auto flow = flow_over(transport::Protocol::tcp);
  const auto start = [&](std::string_view method) {
    const bool invite = method == "INVITE";
    layer.start_client(invite, layer.keys.client("z9hG4bK1"), layer.keys.method(*Method::parse(method)), &user,
                       {flow, SharedBytes(request(method).to_string())});
  };
  start("INVITE");
  layer.on_response(response("INVITE", 486), flow, false);
  start("OPTIONS");
  layer.on_response(response("OPTIONS", 200), flow, false);
  EXPECT_EQ(layer.clients.size() + layer.echoes.size() + layer.client_table.size(), 0U);
  start("INVITE");
  layer.on_response(response("INVITE", 200), flow, false);
  EXPECT_EQ(layer.echoes.size(), 1U);
  world.run_for(33s);
  EXPECT_EQ(layer.echoes.size() + layer.client_table.size(), 0U);

  layer.on_request(request("OPTIONS"), flow);
  (void)layer.respond(user.last, response("OPTIONS", 200));
  EXPECT_EQ(layer.servers.size() + layer.echoes.size() + layer.server_table.size(), 0U);
  layer.on_request(request("INVITE"), flow);
  (void)layer.respond(user.last, response("INVITE", 200));
  EXPECT_EQ(layer.echoes.size(), 1U);
  world.run_for(33s);
  EXPECT_EQ(layer.echoes.size() + layer.server_table.size(), 0U);
}

// ---- RFC 3261 Table 4 and RFC 6026 §8.11

TEST(Table4, DurationsOfAllTimers) {
  const Timers t;
  const auto udp = [&](TimerName n) { return duration_of(n, t, false); };
  const auto tcp = [&](TimerName n) { return duration_of(n, t, true); };
  using enum TimerName;
  for (const auto n : {TimerName::a, e, g}) {
    EXPECT_EQ(udp(n), 500ms);
    EXPECT_EQ(tcp(n), 0ms);
  }
  for (const auto n : {TimerName::b, f, h, l, m}) {
    EXPECT_EQ(udp(n), 32s);
    EXPECT_EQ(tcp(n), 32s);
  }
  EXPECT_GT(udp(c), 3min);
  EXPECT_EQ(udp(d), 32s);
  EXPECT_EQ(udp(j), 32s);
  EXPECT_EQ(udp(i), 5s);
  EXPECT_EQ(udp(k), 5s);
  for (const auto n : {TimerName::d, i, j, k}) EXPECT_EQ(tcp(n), 0ms);
}

// A record stays small, and a machine in its slot too (bytes of a live transaction).
TEST(Sizes, OfWhatLives) {
  EXPECT_LE(sizeof(EchoRecord), 56U);
  EXPECT_LE(sizeof(ServerInvite), 320U);
  EXPECT_LE(sizeof(ServerNonInvite), 320U);
  EXPECT_LE(sizeof(ClientInvite), 320U);
  EXPECT_LE(sizeof(ClientNonInvite), 320U);
}

}  // namespace transaction_figures
