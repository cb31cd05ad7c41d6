#include <peal/transport/asio_runtime.hpp>
#include <peal/transport/counters.hpp>

#include <asio/io_context.hpp>
#include <asio/ip/udp.hpp>
#include <asio/post.hpp>
#include <asio/strand.hpp>
#include <asio/thread_pool.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <latch>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace peal::inline v0::transport {
namespace {

using namespace std::chrono_literals;
using UdpEndpoint = asio::ip::udp::endpoint;

struct RecordingSink final : DatagramSink {
  void on_datagram(const Datagram& datagram) override {
    texts.emplace_back(datagram.data, datagram.size);
    peers.push_back(datagram.peer);
    if (then) then();
  }
  void on_unreachable(const Endpoint& peer, std::error_code why) override {
    unreachable.emplace_back(peer, why);
    if (then) then();
  }
  void on_dropped(std::size_t count) override { dropped += count; }
  std::vector<std::string> texts;
  std::vector<Endpoint> peers;
  std::vector<std::pair<Endpoint, std::error_code>> unreachable;
  std::size_t dropped = 0;
  std::function<void()> then;
};

/// Real sockets on the loopback interface. The parameter: recvmmsg and sendmmsg, or a call a datagram.
class AsioRuntimeTest : public ::testing::TestWithParam<bool> {
 protected:
  AsioRuntimeTest() { make(); }
  void make() {
    options.batch_io = GetParam();
    options.log = &null_log();
    runtime = make_runtime(context, options);
  }
  /// Runs until `done`, or fails after ten seconds.
  template <class F>
  void run_until(F done) {
    const auto limit = std::chrono::steady_clock::now() + 10s;
    while (!done()) {
      ASSERT_LT(std::chrono::steady_clock::now(), limit) << "waited in vain";
      context.restart();
      context.run_one_for(100ms);
    }
  }
  std::unique_ptr<DatagramSocket> open(DatagramSink& sink, std::string_view local = "127.0.0.1:0") {
    auto socket = runtime->network().open_datagram(Endpoint::parse(local).value(), sink);
    EXPECT_TRUE(socket) << socket.error().message();
    return socket ? std::move(*socket) : nullptr;
  }
  /// A port of `local`'s address where nothing listens.
  Endpoint unused(std::string_view local = "127.0.0.1:0") {
    RecordingSink sink;
    return open(sink, local)->local();
  }
  asio::io_context context;
  AsioRuntimeOptions options;
  std::unique_ptr<Runtime> runtime;
};

// ---- datagrams

TEST_P(AsioRuntimeTest, DatagramsBothWaysOverIpv4AndIpv6) {
  for (const char* local : {"127.0.0.1:0", "[::1]:0"}) {
    RecordingSink a_hears;
    RecordingSink b_hears;
    auto a = open(a_hears, local);
    auto b = open(b_hears, local);
    ASSERT_TRUE(a && b);
    EXPECT_NE(a->local().port, 0);
    a->send(SharedBytes("hello"), b->local());
    run_until([&] { return !b_hears.texts.empty(); });
    EXPECT_EQ(b_hears.texts[0], "hello");
    EXPECT_EQ(b_hears.peers[0], a->local());
    b->send(SharedBytes("echo"), b_hears.peers[0]);
    run_until([&] { return !a_hears.texts.empty(); });
    EXPECT_EQ(a_hears.texts[0], "echo");
  }
}

TEST_P(AsioRuntimeTest, ABurstArrivesWholeAndInOrderAndIsSentAtTheTurnsEnd) {
  RecordingSink nothing;
  RecordingSink hears;
  auto a = open(nothing);
  auto b = open(hears);
  constexpr std::size_t count = 200;  // over one batch each way, under what the default socket buffer holds
  {
    const Runtime::Turn turn(*runtime);
    for (std::size_t i = 0; i < count; ++i) a->send(SharedBytes(std::to_string(i)), b->local());
    context.poll();
    EXPECT_TRUE(hears.texts.empty()) << "within a turn nothing leaves";
  }
  run_until([&] { return hears.texts.size() == count; });
  for (std::size_t i = 0; i < count; ++i) EXPECT_EQ(hears.texts[i], std::to_string(i));
}

TEST_P(AsioRuntimeTest, ALargeDatagramArrivesWhole) {
  RecordingSink hears;
  auto socket = open(hears);
  std::string large(65'507, 'x');
  large.back() = 'y';
  socket->send(SharedBytes(large), socket->local());
  run_until([&] { return !hears.texts.empty(); });
  EXPECT_EQ(hears.texts[0], large);
}

TEST_P(AsioRuntimeTest, AnEmptyDatagramIsADatagram) {
  RecordingSink hears;
  auto socket = open(hears);
  asio::ip::udp::socket other(context, UdpEndpoint(asio::ip::address_v4::loopback(), 0));
  other.send_to(asio::buffer("", 0), UdpEndpoint(asio::ip::address_v4::loopback(), socket->local().port));
  run_until([&] { return !hears.texts.empty(); });
  EXPECT_EQ(hears.texts[0], "");
}

TEST_P(AsioRuntimeTest, UpcallsComeWithinATurnAndItsHooksRun) {
  struct Hook final : TurnHook {
    void on_turn_end() override { ++runs; }
    int runs = 0;
  } hook;
  runtime->link(hook, TurnStage::events);
  RecordingSink hears;
  auto socket = open(hears);
  bool in_turn = false;
  hears.then = [&] { in_turn = runtime->in_turn(); };
  socket->send(SharedBytes("x"), socket->local());
  run_until([&] { return !hears.texts.empty(); });
  EXPECT_TRUE(in_turn);
  EXPECT_EQ(hook.runs, 1);
  EXPECT_FALSE(runtime->in_turn());
}

TEST_P(AsioRuntimeTest, APortWhereNobodyListensIsTold) {
#if !defined(__linux__)
  GTEST_SKIP() << "only Linux tells";
#endif
  for (const char* local : {"127.0.0.1:0", "[::1]:0"}) {
    const Endpoint nobody = unused(local);
    RecordingSink hears;
    auto socket = open(hears, local);
    socket->send(SharedBytes("x"), nobody);
    EXPECT_TRUE(hears.unreachable.empty()) << "never from inside send";
    run_until([&] { return !hears.unreachable.empty(); });
    EXPECT_EQ(hears.unreachable[0].first, nobody);
    EXPECT_EQ(hears.unreachable[0].second, std::errc::connection_refused);
  }
}

/// The error of one peer is what the next send to another gives (udp(7)): that one must not be lost, nor be blamed.
TEST_P(AsioRuntimeTest, OnePeersErrorDoesNotHarmAnother) {
  const Endpoint nobody = unused();
  RecordingSink hears;
  RecordingSink other_hears;
  auto socket = open(hears);
  auto other = open(other_hears);
  for (int i = 0; i < 20; ++i) {
    socket->send(SharedBytes("to nobody"), nobody);
    socket->send(SharedBytes("to other"), other->local());
  }
  run_until([&] { return other_hears.texts.size() == 20 && !hears.unreachable.empty(); });
  for (const auto& [peer, why] : hears.unreachable) EXPECT_EQ(peer, nobody);
}

TEST_P(AsioRuntimeTest, WhatTheSystemRefusesIsToldInALaterTurn) {
  RecordingSink hears;
  auto socket = open(hears);
  const Endpoint broadcast = Endpoint::parse("255.255.255.255:5060").value();
  socket->send(SharedBytes("x"), broadcast);                             // EACCES, or ENETUNREACH
  socket->send(SharedBytes(std::string(65'535, 'x')), socket->local());  // EMSGSIZE
  EXPECT_TRUE(hears.unreachable.empty());
  run_until([&] { return hears.unreachable.size() == 2; });
  EXPECT_EQ(hears.unreachable[0].first, broadcast);
  EXPECT_EQ(hears.unreachable[1].first, socket->local());
  EXPECT_EQ(hears.unreachable[1].second, std::errc::message_size);
  socket->send(SharedBytes("after"), socket->local());
  run_until([&] { return !hears.texts.empty(); });
}

TEST_P(AsioRuntimeTest, BindingTwiceFailsWithTheSystemsError) {
  RecordingSink sink;
  auto socket = open(sink);
  const auto again = runtime->network().open_datagram(socket->local(), sink);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error(), std::errc::address_in_use);
  EXPECT_FALSE(runtime->network().open_datagram(Endpoint{}, sink));
  EXPECT_FALSE(runtime->network().open_datagram(Endpoint::parse("192.0.2.1:0").value(), sink))
      << "not an address of ours";
}

TEST_P(AsioRuntimeTest, Ipv4AndIpv6WildcardsShareAPort) {
  RecordingSink sink;
  auto v6 = open(sink, "[::]:0");
  ASSERT_TRUE(v6);
  auto v4 = open(sink, "0.0.0.0:" + std::to_string(v6->local().port));
  EXPECT_TRUE(v4) << "IPv6 sockets are IPv6 only";
}

TEST_P(AsioRuntimeTest, AnExceptionOfAnUpcallLeavesTheSocketListening) {
  RecordingSink hears;
  auto socket = open(hears);
  hears.then = [] { throw std::runtime_error("the application's"); };
  socket->send(SharedBytes("first"), socket->local());
  EXPECT_THROW(run_until([&] { return hears.texts.size() == 2; }), std::runtime_error);
  hears.then = nullptr;
  socket->send(SharedBytes("second"), socket->local());
  run_until([&] { return hears.texts.size() == 2; });
  EXPECT_EQ(hears.texts[1], "second");
}

// ---- destruction

TEST_P(AsioRuntimeTest, ASocketMayBeDestroyedInItsOwnUpcallInTheMiddleOfABatch) {
  RecordingSink nothing;
  RecordingSink hears;
  auto a = open(nothing);
  auto b = open(hears);
  const Endpoint to = b->local();
  hears.then = [&] { b.reset(); };
  {
    const Runtime::Turn turn(*runtime);
    for (int i = 0; i < 10; ++i) a->send(SharedBytes("x"), to);
  }
  run_until([&] { return b == nullptr; });
  context.restart();
  context.poll();
  EXPECT_EQ(hears.texts.size(), 1U);
}

TEST_P(AsioRuntimeTest, WhatWasQueuedLeavesWhenTheSocketIsDestroyedInTheTurn) {
  RecordingSink nothing;
  RecordingSink hears;
  auto b = open(hears);
  {
    const Runtime::Turn turn(*runtime);
    auto a = open(nothing);
    a->send(SharedBytes("last words"), b->local());
  }
  run_until([&] { return !hears.texts.empty(); });
  EXPECT_EQ(hears.texts[0], "last words");
}

TEST_P(AsioRuntimeTest, TheRuntimeMayBeDestroyedInADatagramsUpcall) {
  RecordingSink hears;
  auto socket = open(hears);
  struct Forever final : Timer {
    Forever() : Timer([](Timer&) {}) {}
  } timer;
  runtime->timers().arm(timer, 1h);
  hears.then = [&] {
    socket.reset();
    runtime.reset();
  };
  socket->send(SharedBytes("x"), socket->local());
  run_until([&] { return runtime == nullptr; });
  EXPECT_FALSE(timer.armed());
  context.restart();
  context.poll();  // handlers that were pending find nobody
  EXPECT_EQ(hears.texts.size(), 1U);
}

TEST_P(AsioRuntimeTest, TheRuntimeMayBeDestroyedInATaskAndTheRestIsDropped) {
  bool second = false;
  auto held = std::make_shared<int>(1);
  runtime->post([&] { runtime.reset(); });
  runtime->post([&, held] { second = true; });
  run_until([&] { return runtime == nullptr; });
  context.restart();
  context.poll();
  EXPECT_FALSE(second);
  EXPECT_EQ(held.use_count(), 1) << "the task is not kept";
}

TEST_P(AsioRuntimeTest, TheRuntimeMayBeDestroyedWithEverythingPending) {
  RecordingSink hears;
  {
    auto socket = open(hears);
    socket->send(SharedBytes("x"), socket->local());
    runtime->post([] { FAIL() << "the runtime has gone"; });
    struct Soon final : Timer {
      Soon() : Timer([](Timer&) { FAIL() << "the runtime has gone"; }) {}
    } timer;
    runtime->timers().arm(timer, 0s);
  }
  runtime.reset();
  context.restart();
  context.run();
  EXPECT_TRUE(hears.texts.empty());
}

// ---- time

TEST_P(AsioRuntimeTest, TimersFireInTheirOrderNeverEarly) {
  struct Alarm final : Timer {
    Alarm(std::vector<int>& order, int name) : Timer(&Alarm::fire), fired(order), id(name) {}
    static void fire(Timer& timer) {
      auto& self = static_cast<Alarm&>(timer);
      self.fired.push_back(self.id);
      self.at = std::chrono::steady_clock::now();
    }
    std::vector<int>& fired;
    int id;
    TimePoint at;
  };
  std::vector<int> order;
  Alarm late(order, 3);
  Alarm early(order, 1);
  Alarm middle(order, 2);
  Alarm never(order, 4);
  const TimePoint start = runtime->timers().now();
  runtime->timers().arm(late, 60ms);
  runtime->timers().arm(early, 10ms);  // earlier than what the clock waits for: it is set anew
  runtime->timers().arm(middle, 30ms);
  runtime->timers().arm(never, 20ms);
  runtime->timers().disarm(never);
  run_until([&] { return order.size() == 3; });
  EXPECT_EQ(order, (std::vector<int>{1, 2, 3}));
  EXPECT_GE(early.at - start, 10ms);
  EXPECT_GE(middle.at - start, 30ms);
  EXPECT_GE(late.at - start, 60ms);
}

TEST_P(AsioRuntimeTest, NowStandsStillWithinATurn) {
  const Runtime::Turn turn(*runtime);
  const TimePoint before = runtime->timers().now();
  const auto busy_until = std::chrono::steady_clock::now() + 2ms;
  while (std::chrono::steady_clock::now() < busy_until) {
  }
  EXPECT_EQ(runtime->timers().now(), before);
}

// ---- threads

TEST_P(AsioRuntimeTest, PostedFromEightThreadsEachTaskRunsOnceInItsThreadsOrder) {
  constexpr int threads = 8;
  constexpr int each = 2000;
  std::vector<std::vector<int>> got(threads);
  int ran = 0;
  std::latch start(threads);
  std::vector<std::jthread> posters;
  for (int t = 0; t < threads; ++t) {
    posters.emplace_back([&, t] {
      start.arrive_and_wait();
      for (int i = 0; i < each; ++i) {
        runtime->post([&got, &ran, this, t, i] {
          EXPECT_TRUE(runtime->in_turn());
          got[static_cast<std::size_t>(t)].push_back(i);
          ++ran;
        });
      }
    });
  }
  run_until([&] { return ran == threads * each; });
  posters.clear();
  for (const auto& one : got) {
    ASSERT_EQ(one.size(), static_cast<std::size_t>(each));
    EXPECT_TRUE(std::is_sorted(one.begin(), one.end()));
  }
}

TEST_P(AsioRuntimeTest, PostedTasksShareATurnAndThoseTheyPostGetTheNext) {
  struct Hook final : TurnHook {
    void on_turn_end() override { ++runs; }
    int runs = 0;
  } hook;
  runtime->link(hook, TurnStage::flush);
  int ran = 0;
  runtime->post([&] {
    ++ran;
    runtime->post([&] { ran += 10; });
  });
  runtime->post([&] { ++ran; });
  run_until([&] { return ran == 12; });
  EXPECT_EQ(hook.runs, 2);
}

TEST_P(AsioRuntimeTest, AnExceptionOfATaskLeavesThroughRunAndTheOthersStillCome) {
  int ran = 0;
  runtime->post([] { throw std::runtime_error("the application's"); });
  runtime->post([&] { ++ran; });
  EXPECT_THROW(context.run_one(), std::runtime_error);
  EXPECT_FALSE(runtime->in_turn());
  run_until([&] { return ran == 1; });
}

bool owns_elsewhere(const OwnerCheck& check) {
  bool owns = true;
  std::jthread([&] { owns = check.on_owner_thread(); }).join();
  return owns;
}

TEST_P(AsioRuntimeTest, TheOwnerIsTheConstructingThreadThenThatOfTheLastTurn) {
  const auto check = runtime->owner_check();
  EXPECT_TRUE(check->on_owner_thread());
  EXPECT_FALSE(owns_elsewhere(*check));
  bool owned_within = false;
  runtime->post([&] { owned_within = check->on_owner_thread() && !owns_elsewhere(*check); });
  std::jthread([&] {
    context.run_one();
    EXPECT_TRUE(check->on_owner_thread());
  }).join();
  EXPECT_TRUE(owned_within);
  EXPECT_FALSE(check->on_owner_thread()) << "that thread ran the last turn";
  bool again = false;
  runtime->post([&] { again = true; });
  run_until([&] { return again; });
  EXPECT_TRUE(check->on_owner_thread());
  EXPECT_EQ(runtime->refused_turns(), 0U);
  runtime.reset();
  EXPECT_TRUE(check->on_owner_thread()) << "nothing is left to protect";
}

TEST_P(AsioRuntimeTest, ASecondThreadInATurnIsPutOffAndCounted) {
  RecordingSink hears;
  auto socket = open(hears);
  int inside = 0;
  int most = 0;
  std::latch first_is_in(1);
  std::latch second_was_put_off(1);
  runtime->post([&] {
    most = std::max(most, ++inside);
    first_is_in.count_down();
    second_was_put_off.wait();
    --inside;
  });
  hears.then = [&] {
    most = std::max(most, ++inside);
    --inside;
  };
  std::jthread other([&] {
    first_is_in.wait();
    asio::ip::udp::socket sender(context, UdpEndpoint(asio::ip::address_v4::loopback(), 0));
    sender.send_to(asio::buffer("x", 1), UdpEndpoint(asio::ip::address_v4::loopback(), socket->local().port));
    while (runtime->refused_turns() == 0) context.run_one_for(10ms);
    second_was_put_off.count_down();
  });
  context.run_one();
  other.join();
  EXPECT_EQ(runtime->refused_turns(), 1U);
  EXPECT_TRUE(hears.texts.empty());
  run_until([&] { return !hears.texts.empty(); });
  EXPECT_EQ(most, 1) << "never two at a time";
}

TEST_P(AsioRuntimeTest, RunningTheExecutorFromInsideATurnIsPutOffAndNotCounted) {
  std::vector<std::string> order;
  runtime->post([&] {
    runtime->post([&] { order.emplace_back("inner"); });
    context.poll();
    order.emplace_back("outer");
  });
  run_until([&] { return order.size() == 2; });
  EXPECT_EQ(order, (std::vector<std::string>{"outer", "inner"}));
  EXPECT_EQ(runtime->refused_turns(), 0U);
}

TEST_P(AsioRuntimeTest, OnAStrandOfAPoolTheOwnerIsWhoeverRunsTheStrand) {
  asio::thread_pool pool(4);
  asio::strand<asio::any_io_executor> strand(asio::any_io_executor(pool.get_executor()));
  auto own = make_runtime(strand, options);
  const auto check = own->owner_check();
  EXPECT_TRUE(check->on_owner_thread()) << "before the first turn the constructing thread";
  RecordingSink hears;
  std::atomic<int> heard = 0;
  std::atomic<bool> always_owner = true;
  hears.then = [&] {
    if (!check->on_owner_thread() || !own->in_turn()) always_owner = false;
    ++heard;
  };
  std::unique_ptr<DatagramSocket> socket;
  std::latch opened(1);
  own->post([&] {
    socket = own->network().open_datagram(Endpoint::parse("127.0.0.1:0").value(), hears).value();
    opened.count_down();
  });
  opened.wait();
  EXPECT_FALSE(check->on_owner_thread());
  for (int i = 0; i < 100; ++i) {
    own->post([&] { socket->send(SharedBytes("x"), socket->local()); });
  }
  const auto limit = std::chrono::steady_clock::now() + 10s;
  while (heard < 100 && std::chrono::steady_clock::now() < limit) std::this_thread::yield();
  EXPECT_EQ(heard, 100);
  EXPECT_TRUE(always_owner);
  bool on_strand = false;
  std::latch gone(1);
  asio::post(strand, [&] {
    on_strand = check->on_owner_thread();  // also outside a turn
    socket.reset();
    own.reset();
    gone.count_down();
  });
  gone.wait();
  EXPECT_TRUE(on_strand);
  pool.join();
  EXPECT_TRUE(check->on_owner_thread());
}

// ---- addresses and names

TEST_P(AsioRuntimeTest, TheSourceAddressFollowsTheRoute) {
  EXPECT_EQ(runtime->network().source_address_for(Endpoint::parse("127.0.0.1:5060").value()).value().to_string(),
            "127.0.0.1");
  EXPECT_EQ(runtime->network().source_address_for(Endpoint::parse("[::1]:0").value()).value().to_string(), "::1");
  EXPECT_FALSE(runtime->network().source_address_for(Endpoint{}));
}

struct RecordingQuery final : HostQuery {
  void on_addresses(std::vector<IpAddress> found, std::error_code error) override {
    addresses = std::move(found);
    why = error;
    ++answers;
    if (then) then();
  }
  std::vector<IpAddress> addresses;
  std::error_code why;
  int answers = 0;
  std::function<void()> then;
};

TEST_P(AsioRuntimeTest, ResolvesWithoutANetworkWhatTheSystemKnows) {
  RecordingQuery localhost;
  RecordingQuery literal;
  RecordingQuery nobody;
  runtime->network().resolve(localhost, "localhost");
  runtime->network().resolve(literal, "192.0.2.7");
  runtime->network().resolve(nobody, "nobody.invalid");
  EXPECT_EQ(literal.answers, 0) << "always later";
  run_until([&] { return localhost.answers == 1 && literal.answers == 1 && nobody.answers == 1; });
  ASSERT_FALSE(localhost.addresses.empty());
  EXPECT_TRUE(localhost.addresses[0].is_loopback());
  ASSERT_EQ(literal.addresses.size(), 1U);
  EXPECT_EQ(literal.addresses[0].to_string(), "192.0.2.7");
  EXPECT_TRUE(nobody.addresses.empty());
  EXPECT_TRUE(nobody.why);
}

TEST_P(AsioRuntimeTest, AQueryMayBeDestroyedBeforeAndInItsAnswerAndTheRuntimeBeforeIt) {
  auto cancelled = std::make_unique<RecordingQuery>();
  auto answered = std::make_unique<RecordingQuery>();
  bool over = false;
  answered->then = [&] {
    over = true;
    answered.reset();
  };
  runtime->network().resolve(*cancelled, "localhost");
  runtime->network().resolve(*answered, "localhost");
  cancelled.reset();
  run_until([&] { return over; });
  RecordingQuery orphan;
  runtime->network().resolve(orphan, "localhost");
  runtime.reset();
  context.restart();
  context.run();
  EXPECT_EQ(orphan.answers, 0);
  EXPECT_EQ(orphan.canceller, nullptr);
}

INSTANTIATE_TEST_SUITE_P(Io, AsioRuntimeTest, ::testing::Values(true, false),
                         [](const auto& param) { return param.param ? "Batches" : "OneByOne"; });

}  // namespace
}  // namespace peal::inline v0::transport
