#include "layer_state.hpp"
#include "model_figures.hpp"

#include <peal/testing/raw_peer.hpp>
#include <peal/testing/simulator.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <map>
#include <optional>
#include <set>

// Where a machine rests, an echo record follows the rest of its figure. That runs in the layer, which cannot be copied:
// so each distinct state is brought about anew, and takes each event next to a finger on the figure. Together with
// model_check_test.cpp this is every order of events on the whole figure.

namespace transaction_model {
namespace {

using peal::Method;
using peal::Request;
using peal::Response;
using peal::StatusCode;
using peal::transaction::TransactionLayer;
using peal::transport::Drop;
using peal::transport::Flow;
using peal::transport::Protocol;

/// Which rest, of which figure; the arrows that leave it, and what becomes of the messages behind its end.
struct EchoCase {
  std::string_view name;
  Figure figure;
  std::string_view method;
  int code;
  bool server, reliable = false;
  std::vector<std::string_view> letters;
};

const std::vector<Row> strays{
    {"Terminated", "1xx", "Terminated", {"stray"}},     {"Terminated", "2xx", "Terminated", {"stray"}},
    {"Terminated", "300-699", "Terminated", {"stray"}}, {"Terminated", "INVITE", "New", {"TU request"}},
    {"Terminated", "request", "New", {"TU request"}},   {"Terminated", "ACK", "Terminated", {"TU ACK"}}};
const std::vector<std::string_view> responses{"1xx", "2xx", "300-699", "Transport Err.", "close", "timer", "wait"};
const std::vector<std::string_view> invites{"INVITE", "ACK", "CANCEL", "Transport Err.", "close", "timer", "wait"};
const std::vector<std::string_view> requests{"request", "CANCEL", "Transport Err.", "close", "timer", "wait"};

Figure rest_of(std::string_view state, std::vector<Row> rows, std::string_view clock, Duration time) {
  rows.insert(rows.end(), strays.begin(), strays.end());
  rows.push_back({state, clock, "Terminated"});
  // Table 4 has no time for some where the transport is reliable: there is no rest.
  if (time == Duration::zero()) return {"", "Terminated", rows, {}, {{"New", ""}}};
  return {"", state, rows, {{clock, {state}, time}}, {{"New", ""}}};
}

const Timers echo_timers{};
const std::vector<EchoCase> echo_cases{
    {"ClientInviteCompleted",
     rest_of("Completed",
             {{"Completed", "300-699", "Completed", {"ACK"}}, {"Completed", "300-699, unsendable", "Completed"}},
             "Timer D", 32s),
     "INVITE", 486, false, false, responses},
    {"ClientInviteAccepted",
     rest_of("Accepted", {{"Accepted", "2xx", "Accepted", {"TU 2xx"}}}, "Timer M", 64 * echo_timers.t1), "INVITE", 200,
     false, false, responses},
    {"ClientNonInviteCompleted", rest_of("Completed", {}, "Timer K", echo_timers.t4), "OPTIONS", 200, false, false,
     responses},
    {"ServerInviteAccepted",
     rest_of("Accepted", {{"Accepted", "ACK", "Accepted", {"TU ACK"}}}, "Timer L", 64 * echo_timers.t1), "INVITE", 200,
     true, false, invites},
    {"ServerInviteConfirmed", rest_of("Confirmed", {}, "Timer I", echo_timers.t4), "INVITE", 486, true, false, invites},
    {"ServerNonInviteCompleted",
     rest_of(
         "Completed",
         {{"Completed", "request", "Completed", {"404 OPTIONS"}}, {"Completed", "request, unsendable", "Completed"}},
         "Timer J", 64 * echo_timers.t1),
     "OPTIONS", 404, true, false, requests},
    // RFC 4320 §4.2: what was answered 408 absorbs its copies.
    {"ServerNonInviteCompletedBy408", rest_of("Completed", {}, "Timer J", 64 * echo_timers.t1), "OPTIONS", 408, true,
     false, requests},
    {"ClientInviteCompletedReliably", rest_of("Completed", {}, "Timer D", 0s), "INVITE", 486, false, true, responses},
    {"ClientInviteAcceptedReliably",
     rest_of("Accepted", {{"Accepted", "2xx", "Accepted", {"TU 2xx"}}}, "Timer M", 64 * echo_timers.t1), "INVITE", 200,
     false, true, responses},
    {"ClientNonInviteCompletedReliably", rest_of("Completed", {}, "Timer K", 0s), "OPTIONS", 200, false, true,
     responses},
    {"ServerInviteAcceptedReliably",
     rest_of("Accepted", {{"Accepted", "ACK", "Accepted", {"TU ACK"}}}, "Timer L", 64 * echo_timers.t1), "INVITE", 200,
     true, true, invites},
    {"ServerInviteConfirmedReliably", rest_of("Confirmed", {}, "Timer I", 0s), "INVITE", 486, true, true, invites},
    {"ServerNonInviteCompletedReliably", rest_of("Completed", {}, "Timer J", 0s), "OPTIONS", 404, true, true, requests},
};

/// The CANCEL is a transaction of its own: answered 200 beside what it would cancel, and so for 64*T1; else 481.
const Figure cancel_figure{"",
                           "none",
                           {{"none", "CANCEL", "answered", {"200 CANCEL"}},
                            {"none", "CANCEL, unsendable", "none"},
                            {"none", "CANCEL of nothing", "none", {"481 CANCEL"}},
                            {"none", "CANCEL of nothing, unsendable", "none"},
                            {"answered", "CANCEL", "answered", {"200 CANCEL"}},
                            {"answered", "CANCEL, unsendable", "answered"},
                            {"answered", "Timer J", "none"}},
                           {{"Timer J", {"answered"}, 64 * echo_timers.t1}},
                           {}};

/// Over a reliable transport there are no copies: none is remembered.
const Figure reliable_cancel_figure{"",
                                    "none",
                                    {{"none", "CANCEL", "none", {"200 CANCEL"}},
                                     {"none", "CANCEL, unsendable", "none"},
                                     {"none", "CANCEL of nothing", "none", {"481 CANCEL"}},
                                     {"none", "CANCEL of nothing, unsendable", "none"}},
                                    {},
                                    {}};

void PrintTo(const EchoCase& its, std::ostream* out) { *out << its.name; }

struct EchoUser final : peal::transaction::TransactionUser, peal::transaction::ClientUser {
  Did did;
  std::optional<peal::transaction::ServerId> asked;
  void on_request(peal::transaction::ServerId id, const Request&, const Flow&) override {
    did.emplace_back("TU request");
    asked = id;
  }
  void on_ack(const Request&, const Flow&) override { did.emplace_back("TU ACK"); }
  void on_cancel(peal::transaction::ServerId, const Request&) override { did.emplace_back("TU CANCEL"); }
  void on_2xx(const Response&, const Flow&, bool) override { did.emplace_back("TU 2xx"); }
  void on_server_failure(peal::transaction::ServerId, const peal::transaction::Failure&) override {
    did.emplace_back("TU failure");
  }
  void on_response(peal::transaction::ClientId, const Response& response, const Flow&) override {
    did.push_back("TU " + std::to_string(response.status().value()));
  }
  void on_failure(peal::transaction::ClientId, const peal::transaction::Failure&) override {
    did.emplace_back("TU failure");
  }
};

/// The layer at rest, and a finger on what is left of the figure.
class EchoRig {
 public:
  explicit EchoRig(const EchoCase& its)
      : case_(its), finger(its.figure), cancel(its.reliable ? reliable_cancel_figure : cancel_figure) {
    here_ = world_.host("a", {"192.0.2.1"}).endpoint();
    world_.observe([this](const peal::sim::WireEvent& event) {
      if (event.fate == peal::sim::Fate::sent && event.from == here_) wrote(event.bytes);
    });
    layer_.emplace(world_.host("a").runtime(), user_, peal::transaction::TransactionOptions{});
    EXPECT_TRUE(layer_->transport.listen(Protocol::udp, here_));
    flow_.protocol = its.reliable ? Protocol::tcp : Protocol::udp;
    flow_.peer = world_.host("b").endpoint();
    bring_about();
  }
  EchoRig(const EchoRig&) = delete;
  EchoRig& operator=(const EchoRig&) = delete;

  void give(std::string_view letter) {
    path += path.empty() ? "" : ", ";
    path += letter;
    begin();
    Did expected;
    if (letter == "timer" || letter == "wait")
      expected = let_pass(letter == "timer");
    else if (letter == "close")
      layer_->transport.stop_listening(0), closed_ = true;
    else
      expected = give_message(letter);
    settle();
    EXPECT_EQ(user_.did, expected) << path;
    check_objects();
  }
  /// Until every timer is over.
  void leave_alone() {
    while (nearest() && !testing::Test::HasFailure()) give("timer");
    world_.run_for(100ms);  // by then the layer has been told of a closing
    EXPECT_EQ(world_.host("a").armed_timers(), finger.rests() ? 1U : 0U) << path;
  }
  [[nodiscard]] bool over() const { return finger.rests(); }  // the next one is a transaction like any other
  [[nodiscard]] std::string canonical() const {
    return finger.canonical() + "||" + cancel.canonical() + (closed_ ? "|closed" : "");
  }
  std::string path;

 private:
  void bring_about() {
    const bool invite = case_.method == "INVITE";
    if (case_.server) {
      layer_->on_request(message(case_.method), flow_);
      static_cast<void>(layer_->respond(*user_.asked, answer(case_.method, case_.code)));
      if (invite && case_.code >= 300) layer_->on_request(message("ACK"), flow_);
    } else {
      layer_->start_client(invite, layer_->keys.client("z9hG4bK1"), layer_->keys.method(*Method::parse(case_.method)),
                           &user_, {flow_, peal::transport::SharedBytes(message(case_.method).to_string())});
      layer_->on_response(answer(case_.method, case_.code), flow_, false);
    }
    settle();
    check_objects();
  }
  static Request message(std::string_view method) {
    const std::string name(method);
    return *Request::parse(
        name +
        " sip:b@192.0.2.2 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK1\r\n"
        "Max-Forwards: 70\r\nFrom: <sip:a@192.0.2.1>;tag=1\r\nTo: <sip:b@192.0.2.2>\r\nCall-ID: c\r\nCSeq: 1 " +
        name + "\r\nContent-Length: 0\r\n\r\n");
  }
  static Response answer(std::string_view method, int code) {
    return Response(message(method), StatusCode(static_cast<std::uint16_t>(code)), "t");
  }
  Did give_message(std::string_view letter) {
    if (letter == "Transport Err.") {
      layer_->on_unreachable(flow_, std::make_error_code(std::errc::io_error));
      return {};
    }
    if (letter == "1xx" || letter == "2xx" || letter == "300-699") {
      layer_->on_response(answer(case_.method, letter == "1xx" ? 180 : letter == "2xx" ? 200 : 486), flow_, false);
      return finger.give(letter, closed_);
    }
    layer_->on_request(message(letter == "request" ? case_.method : letter), flow_);
    if (letter != "CANCEL") return finger.give(letter, closed_);
    const bool nothing = finger.over() && cancel.state() == "none";
    return cancel.give(nothing ? "CANCEL of nothing" : letter, closed_);
  }
  /// An echo record goes 20 ms behind its time at the latest: its own tick of 1 ms and the wheel's.
  Did let_pass(bool fires) {
    const auto least = nearest();
    if (!least) return {};
    if (!fires) {
      const Duration half = *least / 2 / 10ms * 10ms;
      if (half < 100ms) return {};
      world_.run_for(half);
      finger.pass(half), cancel.pass(half);
      return {};
    }
    world_.run_for(*least - 10ms);
    check_objects();  // never early
    world_.run_for(30ms);
    finger.pass(*least + 20ms), cancel.pass(*least + 20ms);
    Did expected = finger.expire();
    for (auto& word : cancel.expire()) expected.push_back(std::move(word));
    return expected;
  }
  [[nodiscard]] std::optional<Duration> nearest() const {
    const auto one = finger.nearest(), other = cancel.nearest();
    return !one ? other : !other ? one : std::min(*one, *other);
  }
  /// What lives is what the finger says, and nothing else.
  void check_objects() const {
    const std::size_t machines = finger.rests() ? 1U : 0U;
    const std::size_t records = (finger.nearest() ? 1U : 0U) + (cancel.nearest() ? 1U : 0U);
    EXPECT_EQ(layer_->clients.size(), 0U) << path;
    EXPECT_EQ(layer_->servers.size(), machines) << path;
    EXPECT_EQ(layer_->echoes.size(), records) << path;
    EXPECT_EQ(layer_->client_table.size() + layer_->server_table.size(), machines + records) << path;
  }
  void begin() {
    user_.did.clear();
    strays_ = layer_->transport.drops()[Drop::stray_response];
  }
  void settle() {
    world_.run_for(0ms);
    if (layer_->transport.drops()[Drop::stray_response] > strays_) user_.did.emplace_back("stray");
  }
  void wrote(std::string_view bytes) {
    if (!bytes.starts_with("SIP/2.0 ")) return user_.did.emplace_back(bytes.substr(0, bytes.find(' '))), void();
    const auto cseq = std::string(*peal::sim::header_of(std::string(bytes), "CSeq"));
    user_.did.push_back(std::string(bytes.substr(8, 3)) + cseq.substr(cseq.find(' ')));
  }

  const EchoCase& case_;
  peal::sim::Simulator world_;
  peal::sim::Host& peer_host_ = world_.host("b", {"192.0.2.2"});
  peal::sim::RawPeer peer_{world_, peer_host_};
  peal::transport::Endpoint here_;
  Flow flow_;
  EchoUser user_;
  std::optional<TransactionLayer::State> layer_;
  bool closed_ = false;
  std::uint64_t strays_ = 0;

 public:
  Follower finger, cancel;
};

class ModelEcho : public testing::TestWithParam<EchoCase> {
 protected:
  using Path = std::vector<std::string_view>;
  /// Brings the layer there, and hands it to `f`.
  template <class F>
  void at(const Path& path, F f) {
    EchoRig rig(GetParam());
    for (const auto letter : path) rig.give(letter);
    f(rig);
  }
  std::size_t state_of(const EchoRig& rig, const Path& path) {
    const auto [it, is_new] = known_.try_emplace(rig.canonical(), paths_.size());
    if (!is_new) return it->second;
    paths_.push_back(path);
    to_.emplace_back();
    at(path, [](EchoRig& alone) { alone.leave_alone(); });
    return it->second;
  }
  void expand(std::size_t state) {
    for (const auto letter : GetParam().letters) {
      auto path = paths_[state];
      path.push_back(letter);
      std::size_t to = ended;
      at(path, [&](EchoRig& rig) {
        if (!rig.over()) to = state_of(rig, path);
      });
      to_[state].push_back(to);
      if (HasFailure()) return;
    }
  }
  static constexpr std::size_t ended = static_cast<std::size_t>(-1);
  std::map<std::string, std::size_t> known_;
  std::vector<Path> paths_;
  std::vector<std::vector<std::size_t>> to_;
};

TEST_P(ModelEcho, FollowsTheRestOfTheFigure) {
  const char* wanted = std::getenv("PEAL_EXPLORE_DEPTH");
  const int depth = wanted == nullptr ? 6 : std::atoi(wanted);
  std::uint64_t orders = 0;
  std::map<std::size_t, std::uint64_t> level;
  at({}, [&](EchoRig& rig) { level[state_of(rig, {})] = 1; });
  for (int i = 0; i < depth && !HasFailure(); ++i) {
    std::map<std::size_t, std::uint64_t> next;
    for (const auto& [state, ways] : level) {
      if (to_[state].empty()) expand(state);
      if (HasFailure()) return;
      for (const auto to : to_[state]) (to == ended ? orders : next[to]) += ways;
    }
    level = std::move(next);
  }
  for (const auto& [state, ways] : level) orders += ways;
  const auto states = paths_.size();
  for (std::size_t state = 0; state < paths_.size() && !HasFailure(); ++state)
    if (to_[state].empty()) expand(state);
  std::cout << GetParam().name << ": " << orders << " orders of " << GetParam().letters.size() << " events to depth "
            << depth << " in " << states << " states; of any length in " << paths_.size() << " states\n";
}

INSTANTIATE_TEST_SUITE_P(Each, ModelEcho, testing::ValuesIn(echo_cases),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace transaction_model
