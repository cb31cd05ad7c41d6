#include "machine_twin.hpp"
#include "model_figures.hpp"

#include <peal/transport/timer_wheel.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <set>

// The four machines by themselves under every order of events to a depth, explored as distinct states: at each a copy
// of the machine takes each event, next to a finger on the figure as the RFCs draw it (model_figures.hpp), and both
// must say the same. Then it is left alone until its timers are over, and must have ended. What an echo record does
// behind the machine's rest is explored in model_echo_test.cpp.

namespace transaction_model {
namespace {

using namespace peal;
using namespace peal::transaction;
using peal::transaction::errc;

/// A wheel that can tell how long a timer has left.
class NotedWheel final : public transport::TimerWheel {
 public:
  using TimerWheel::TimerWheel;
  void arm(transport::Timer& timer, Duration after) override {
    due_[&timer] = now() + after;
    TimerWheel::arm(timer, after);
  }
  [[nodiscard]] std::optional<Duration> left(const transport::Timer& timer) const {
    if (!timer.armed()) return std::nullopt;
    return due_.at(&timer) - now();
  }

 private:
  std::map<const transport::Timer*, transport::TimePoint> due_;
};

struct NoLog final : transport::LogSink {
  [[nodiscard]] bool wants(transport::LogLevel) const noexcept override { return false; }
  void write(transport::LogLevel, std::string_view, std::string_view) override {}
};

Request request_of(std::string_view method) {
  const std::string name(method);
  return *Request::parse(
      name +
      " sip:b@192.0.2.2 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1\r\nMax-Forwards: 70\r\n"
      "From: <sip:a@192.0.2.1>;tag=1\r\nTo: <sip:b@192.0.2.2>\r\nCall-ID: c\r\nCSeq: 1 " +
      name + "\r\nContent-Length: 0\r\n\r\n");
}

const Response& response_of(bool invite, int code) {
  static std::map<std::pair<bool, int>, Response> made;
  auto it = made.find({invite, code});
  if (it == made.end())
    it = made.emplace(std::pair(invite, code), Response(request_of(invite ? "INVITE" : "OPTIONS"),
                                                        StatusCode(static_cast<std::uint16_t>(code)), "t"))
             .first;
  return it->second;
}

/// One machine, its surroundings and its wheel; everything that it does, in the words of model_figures.hpp.
template <class M>
class Rig final : public Sender, public ClientOwner, public ServerOwner {
 public:
  static constexpr bool is_client = std::is_base_of_v<ClientMachine, M>;
  static constexpr bool is_invite = std::is_same_v<M, ClientInvite> || std::is_same_v<M, ServerInvite>;

  Rig(const Timers& timers, bool reliable, bool silent)
      : wheel_(transport::TimePoint{}), around_{*this, wheel_, log_, timers} {
    make(reliable);
    if constexpr (!is_client)
      if (silent) machine_->expect_silence(SharedBytes(response_of(is_invite, is_invite ? 100 : 500).to_string()));
  }
  Rig(const Rig& other)
      : wheel_(other.wheel_.now()), around_{*this, wheel_, log_, other.around_.durations}, closed_(other.closed_) {
    make(other.machine_->reliable());
    machine_->packet = other.machine_->packet;
    if constexpr (!is_client) machine_->fallback = other.machine_->fallback;
    MachineTwin::copy(*other.machine_, *machine_);
    const auto theirs = MachineTwin::timers(*other.machine_), ours = MachineTwin::timers(*machine_);
    for (std::size_t i = 0; i < ours.size(); ++i) {
      wheel_.disarm(*ours[i]);
      if (const auto left = other.wheel_.left(*theirs[i])) wheel_.arm(*ours[i], *left);
    }
  }
  Rig& operator=(const Rig&) = delete;
  ~Rig() {
    machine_.reset();
    EXPECT_EQ(wheel_.size(), 0U) << "a timer outlives its machine";
  }

  Did give(std::string_view event) {
    did_.clear();
    if (event == "Transport Err.") {
      if constexpr (!std::is_same_v<M, ServerNonInvite>)
        machine_->on_transport_error(std::make_error_code(std::errc::io_error));
    } else if constexpr (is_client) {
      give_client(event);
    } else {
      give_server(event);
    }
    return std::move(did_);
  }
  /// The flow is gone: client transactions are told, and what a server sends is refused from now on.
  Did close() {
    closed_ = true;
    return give("Transport Err.");
  }
  Did pass(Duration time) {
    did_.clear();
    wheel_.advance(wheel_.now() + time);
    return std::move(did_);
  }
  [[nodiscard]] std::vector<Duration> timers() const {
    std::vector<Duration> left;
    for (const auto* timer : MachineTwin::timers(*machine_))
      if (const auto its = wheel_.left(*timer)) left.push_back(*its);
    std::sort(left.begin(), left.end());
    return left;
  }
  [[nodiscard]] bool ended() const { return rest_ != Rest::none; }
  [[nodiscard]] bool closed() const { return closed_; }
  [[nodiscard]] std::string canonical() const {
    std::string text = std::string(name_of(machine_->state())) + "|" + MachineTwin::memory(*machine_) + "|" + kept();
    text += closed_ ? "|closed" : "|";
    for (const auto* timer : MachineTwin::timers(*machine_)) {
      const auto left = wheel_.left(*timer);
      text += left ? "|" + std::to_string(*left / 1ms) : "|-";
    }
    return text;
  }

  // ---- from the machine
  Result<Packet> send_response(const Response& response, const Flow& flow) override {
    if (closed_) return fail(std::make_error_code(std::errc::not_connected));
    did_.push_back("send " + std::to_string(response.status().value()));
    return Packet{flow, SharedBytes(response.to_string())};
  }
  void send(const Packet& packet) override { did_.push_back("send " + first_word(packet)); }
  void send_again(const Packet& packet) override {
    if (!packet.bytes.empty()) did_.push_back("again " + first_word(packet));
  }
  void pass_up(ClientMachine&, Rest rest, const Response& response, const Flow&) override {
    did_.push_back("TU " + std::to_string(response.status().value()));
    comes_to(rest);
  }
  void failed(ClientMachine&, std::error_code why, std::error_code) override { fails(why, Rest::over); }
  void send_cancel(ClientMachine&, std::string_view reason) override {
    did_.emplace_back("CANCEL");
    EXPECT_EQ(reason, "r");
  }
  void rests(ServerMachine&, Rest rest) override { comes_to(rest); }
  void depends_on_peer(ServerMachine&) override {}
  void failed(ServerMachine&, Rest rest, std::error_code why, std::error_code) override { fails(why, rest); }

 private:
  void make(bool reliable) {
    Flow flow;
    flow.protocol = reliable ? transport::Protocol::tcp : transport::Protocol::udp;
    flow.peer = *transport::Endpoint::parse("192.0.2.2:5060");
    const auto method = is_invite ? MethodId::invite : MethodId{8};
    if constexpr (is_client) {
      static const SharedBytes bytes(request_of(is_invite ? "INVITE" : "OPTIONS").to_string());
      machine_ = std::make_unique<M>(around_, *this, ClientId{0, 1}, Key{}, method, nullptr, Packet{flow, bytes});
    } else {
      machine_ = std::make_unique<M>(around_, *this, ServerId{0, 1}, Key{}, method, 1U, flow);
    }
  }
  void give_client(std::string_view event) {
    if constexpr (is_client) {
      if (event == "1xx") hear(is_invite ? 180 : 100);
      if (event == "2xx") hear(200);
      if (event == "300-699") hear(486);
      if constexpr (is_invite)
        if (event == "CANCEL") machine_->cancel("r");
    }
  }
  void hear(int code) {
    if constexpr (is_client) machine_->on_response(response_of(is_invite, code), machine_->packet.flow);
  }
  void give_server(std::string_view event) {
    if constexpr (!is_client) {
      if (event == "INVITE" || event == "request") return machine_->on_request();
      if (event == "CANCEL") {  // the layer's part of §9.2
        if (is_invite && machine_->awaits_response()) did_.emplace_back("TU CANCEL");
        return;
      }
      if constexpr (is_invite)
        if (event == "ACK") return machine_->on_ack();
      if (event == "1xx from TU" || event == "101-199 from TU") say(180);
      if (event == "100 from TU") say(100);
      if (event == "2xx from TU") say(200);
      if (event == "300-699 from TU") say(486);
      if (event == "408 from TU") say(408);
    }
  }
  void say(int code) {
    if constexpr (!is_client) {
      const auto sent = machine_->respond(response_of(is_invite, code));
      if (sent) return;
      const bool ours = sent.error() == errc::wrong_state || sent.error() == errc::not_allowed;
      did_.insert(did_.begin(), sent.error() == errc::wrong_state ? "refused" : ours ? "not allowed" : "unsendable");
    }
  }
  void fails(std::error_code why, Rest rest) {
    if (why == errc::timed_out) did_.emplace_back("TU timed out");
    if (why == errc::transport_failed) did_.emplace_back("TU transport failed");
    if (why == errc::cancelled_unanswered) did_.emplace_back("TU cancelled unanswered");
    comes_to(rest);
  }
  void comes_to(Rest rest) {
    rest_ = rest;
    if (rest == Rest::completed)
      did_.push_back("rests completed" + (keeps_when_completed() ? ", keeps " + kept() : ""));
    if (rest == Rest::accepted) did_.emplace_back("rests accepted");
    if (rest == Rest::confirmed) did_.emplace_back("rests confirmed");
  }
  static constexpr bool keeps_when_completed() { return !std::is_same_v<M, ClientNonInvite>; }
  [[nodiscard]] std::string kept() const { return machine_->packet.bytes.empty() ? "" : first_word(machine_->packet); }
  static std::string first_word(const Packet& packet) {
    const auto text = packet.bytes.view();
    return std::string(text.starts_with("SIP/2.0 ") ? text.substr(8, 3) : text.substr(0, text.find(' ')));
  }

  NotedWheel wheel_;
  NoLog log_;
  Surroundings around_;
  std::unique_ptr<M> machine_;
  Did did_;
  Rest rest_ = Rest::none;
  bool closed_ = false;
};

/// A letter of the issue: what the figure calls it, or one of these.
constexpr std::string_view timer = "timer";  ///< the nearest fires
constexpr std::string_view wait = "wait";    ///< half of that time passes
constexpr std::string_view closes = "close";
using Letters = std::vector<std::string_view>;

/// A machine and a finger on its figure, which get the same events.
template <class M>
struct Pair {
  Pair(const Figure& figure, const Timers& timers, bool reliable, bool silent)
      : rig(std::make_unique<Rig<M>>(timers, reliable, silent)), finger(figure) {}
  Pair(const Pair& other) : rig(std::make_unique<Rig<M>>(*other.rig)), finger(other.finger), path(other.path) {}

  void give(std::string_view letter) {
    path += path.empty() ? "" : ", ";
    path += letter;
    Did did, expected;
    if (letter == timer || letter == wait) {
      const auto nearest = finger.nearest();
      if (!nearest) return;
      // Whole ticks of the wheel, so that nothing is late.
      const Duration time = letter == timer ? *nearest : *nearest / 2 / 10ms * 10ms;
      if (letter == timer)
        expected = finger.fire(rig->closed());
      else
        finger.pass(time);
      did = rig->pass(time);
    } else if (letter == closes) {
      expected = finger.give("Transport Err.");
      did = rig->close();
    } else {
      expected = finger.give(letter, rig->closed());
      did = rig->give(letter);
    }
    EXPECT_EQ(did, expected) << path;
    EXPECT_EQ(rig->ended(), finger.over() || finger.rests()) << path;
    check_terminal(did);
    if (!rig->ended()) check_timers();
  }
  /// The user hears one terminal event, when it ends: not before and not twice.
  void check_terminal(const Did& did) const {
    std::size_t terminal = 0;
    for (const auto& word : did)
      if (word == "TU 200" || word == "TU 486" || word == "TU timed out" || word == "TU cancelled unanswered" ||
          (Rig<M>::is_client && word == "TU transport failed"))
        ++terminal;
    EXPECT_LE(terminal, rig->ended() ? 1U : 0U) << path;
    EXPECT_GE(terminal, Rig<M>::is_client && rig->ended() ? 1U : 0U) << path;
  }
  void check_timers() const {
    const auto timers = rig->timers();
    const auto nearest = finger.nearest();
    EXPECT_EQ(timers.empty(), !nearest.has_value()) << path;
    EXPECT_EQ(timers.empty() ? 0ms : timers.front(), nearest.value_or(0ms)) << path;
    for (const auto left : timers) EXPECT_TRUE(finger.has_clock_at(left)) << path << ": " << left / 1ms << " ms";
  }
  [[nodiscard]] std::string canonical() const { return rig->canonical() + "||" + finger.canonical(); }

  std::unique_ptr<Rig<M>> rig;
  Follower finger;
  std::string path;
};

struct Explored {
  std::uint64_t orders = 0;  ///< that end by themselves or have the full depth
  std::size_t states = 0;    ///< in which they come
  std::size_t states_ever = 0, steps_ever = 0;
};

template <class M>
class Explorer {
 public:
  Explorer(Figure figure, const Timers& timers, bool reliable, bool silent, Letters letters, std::string_view last_word)
      : figure_(std::move(figure)),
        timers_(timers),
        reliable_(reliable),
        silent_(silent),
        letters_(std::move(letters)),
        last_word_(last_word) {}

  Explored run(int depth) {
    Explored explored;
    std::map<std::size_t, std::uint64_t> level{
        {node_of(std::make_unique<Pair<M>>(figure_, timers_, reliable_, silent_)), 1}};
    for (int at = 0; at < depth && !testing::Test::HasFailure(); ++at) {
      std::map<std::size_t, std::uint64_t> next;
      for (const auto& [index, ways] : level) {
        expand(index);
        if (testing::Test::HasFailure()) return explored;
        for (const std::size_t to : nodes_[index].to) {
          if (to == ended)
            explored.orders += ways;
          else
            next[to] += ways;
        }
      }
      level = std::move(next);
    }
    for (const auto& [index, ways] : level) explored.orders += ways;
    explored.states = nodes_.size() + ends_.size();
    // There are not many states: on until no order of whatever length finds another.
    for (std::size_t index = 0; index < nodes_.size() && !testing::Test::HasFailure(); ++index) expand(index);
    explored.states_ever = nodes_.size() + ends_.size();
    explored.steps_ever = steps_;
    return explored;
  }

 private:
  static constexpr std::size_t ended = static_cast<std::size_t>(-1);
  struct Node {
    std::unique_ptr<Pair<M>> pair;
    Letters path;
    std::vector<std::size_t> to;
  };

  void expand(std::size_t index) {
    if (!nodes_[index].to.empty()) return;
    std::vector<std::size_t> to;
    for (const auto letter : letters_) {
      auto pair = std::make_unique<Pair<M>>(*nodes_[index].pair);
      pair->give(letter);
      ++steps_;
      if (testing::Test::HasFailure()) return;
      if (pair->rig->ended()) {
        ends_.insert(pair->finger.canonical());
        to.push_back(ended);
        continue;
      }
      auto path = nodes_[index].path;
      path.push_back(letter);
      to.push_back(node_of(std::move(pair), std::move(path)));
    }
    nodes_[index].to = std::move(to);
  }
  std::size_t node_of(std::unique_ptr<Pair<M>> pair, Letters path = {}) {
    const auto [it, is_new] = known_.try_emplace(pair->canonical(), nodes_.size());
    if (!is_new) return it->second;
    if (!path.empty()) replay(it->first, path);
    leave_alone(*pair);
    nodes_.push_back({std::move(pair), std::move(path), {}});
    return it->second;
  }
  /// The same order without a copy in between: a copy must stand where the machine would.
  void replay(const std::string& canonical, const Letters& path) {
    Pair<M> pair(figure_, timers_, reliable_, silent_);
    for (const auto letter : path) pair.give(letter);
    EXPECT_EQ(pair.canonical(), canonical);
  }
  /// Until all timers are over; a transaction that waits for its user then gets that user's last word.
  void leave_alone(const Pair<M>& from) {
    Pair<M> pair(from);
    for (int left = 100; !pair.rig->ended() && left > 0 && !testing::Test::HasFailure(); --left)
      pair.give(pair.finger.nearest() ? timer : last_word_);
    EXPECT_TRUE(pair.rig->ended()) << pair.path << ": does not end";
  }

  Figure figure_;
  Timers timers_;
  bool reliable_, silent_;
  Letters letters_;
  std::string_view last_word_;
  std::vector<Node> nodes_;
  std::map<std::string, std::size_t> known_;
  std::set<std::string> ends_;
  std::size_t steps_ = 0;
};

int model_depth() {
  const char* wanted = std::getenv("PEAL_EXPLORE_DEPTH");
  return wanted == nullptr ? 6 : std::atoi(wanted);
}

struct Circumstances {
  std::string_view name;
  bool reliable;
  Timers timers;
};

void PrintTo(const Circumstances& its, std::ostream* out) { *out << its.name; }

class ModelCheck : public testing::TestWithParam<Circumstances> {
 protected:
  template <class M>
  void explore(const Figure& figure, const Letters& letters, std::string_view last_word = {}, bool silent = true) {
    const int depth = model_depth();
    Explorer<M> explorer(figure, timers, reliable, silent, letters, last_word);
    const auto explored = explorer.run(depth);
    EXPECT_GT(explored.states, 10U);
    std::uint64_t words = 1;
    for (int i = 0; i < depth; ++i) words *= letters.size();
    std::cout << figure.name << (silent ? "" : ", its user not silent") << ", " << GetParam().name << ": " << words
              << " orders of " << letters.size() << " events to depth " << depth << " (" << explored.orders
              << " that differ before it rests or ends) in " << explored.states << " states; of any length in "
              << explored.states_ever << " states, " << explored.steps_ever << " steps\n";
  }
  const Timers timers = GetParam().timers;
  const bool reliable = GetParam().reliable;
};

INSTANTIATE_TEST_SUITE_P(Over, ModelCheck,
                         testing::Values(Circumstances{"Unreliable", false, {}}, Circumstances{"Reliable", true, {}},
                                         Circumstances{"UnreliableSlow", false, {.t1 = 1s, .t2 = 10s, .t4 = 7s}},
                                         Circumstances{
                                             "UnreliableFast", false, {.t1 = 100ms, .t2 = 200ms, .t4 = 300ms}}),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST_P(ModelCheck, ClientInviteFollowsFigure5) {
  explore<ClientInvite>(figure_5(timers, reliable),
                        {"1xx", "2xx", "300-699", "CANCEL", "Transport Err.", closes, timer, wait}, "CANCEL");
}
TEST_P(ModelCheck, ClientNonInviteFollowsFigure6) {
  explore<ClientNonInvite>(figure_6(timers, reliable),
                           {"1xx", "2xx", "300-699", "Transport Err.", closes, timer, wait});
}
const Letters server_invite{"INVITE",         "ACK",  "CANCEL", "1xx from TU", "2xx from TU", "300-699 from TU",
                            "Transport Err.", closes, timer,    wait};
TEST_P(ModelCheck, ServerInviteFollowsFigure7) {
  explore<ServerInvite>(figure_7(timers, reliable, false), server_invite, "300-699 from TU");
}
TEST_P(ModelCheck, ServerInviteWithoutItsOwn100FollowsFigure7) {
  explore<ServerInvite>(figure_7(timers, reliable, true), server_invite, "300-699 from TU", false);
}
TEST_P(ModelCheck, ServerNonInviteFollowsFigure8) {
  explore<ServerNonInvite>(figure_8(timers, reliable),
                           {"request", "CANCEL", "100 from TU", "101-199 from TU", "2xx from TU", "300-699 from TU",
                            "408 from TU", "Transport Err.", closes, timer, wait});
}

}  // namespace
}  // namespace transaction_model
