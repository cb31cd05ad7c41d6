// How a user agent ends when another thread destroys it, and who may run a private loop (docs/contract.md).
#include <peal/testing/simulator.hpp>
#include <peal/transport/asio_runtime.hpp>
#include <peal/user_agent.hpp>

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/thread_pool.hpp>
#include <asio/use_future.hpp>

#include <atomic>
#include <future>
#include <mutex>
#include <stdexcept>
#include <thread>

using namespace std::chrono_literals;

namespace {

constexpr auto end_patience = 60s;

peal::Config anywhere_on_loopback() {
  peal::Config config;
  config.listen = {"udp:127.0.0.1:0"};
  return config;
}

/// Answers calls, and never uses the user agent itself: that may be destroyed meanwhile.
struct Callee : peal::UserAgentHandler {
  std::mutex mutex;
  std::vector<peal::Call> calls;  // of which others have copies, and which end meanwhile
  std::atomic<int> established{0};
  void on_incoming_call(peal::IncomingCall& call) override {
    EXPECT_TRUE(call.answer());
    const std::lock_guard lock(mutex);
    calls.push_back(call);
    if (calls.size() > 8) calls.erase(calls.begin());
  }
  void on_established(peal::Call&, const peal::Established&) override { ++established; }
  std::vector<peal::Call> copies() {
    const std::lock_guard lock(mutex);
    return calls;
  }
};

/// Calls, hangs up what is established, and calls again.
struct Caller : peal::UserAgentHandler {
  explicit Caller(std::unique_ptr<peal::UserAgent> by) : ua(std::move(by)) { EXPECT_TRUE(ua->set_handler(this)); }
  void call(const std::string& whom, int lines) {
    peer = "sip:" + whom.substr(4);
    for (int i = 0; i < lines; ++i) (void)ua->invite(peer);
  }
  void on_established(peal::Call& call, const peal::Established&) override { EXPECT_TRUE(call.hang_up()); }
  void on_ended(peal::Call&, const peal::Ended& event) override {
    if (event.cause.layer != peal::Layer::transport) (void)ua->invite(peer);  // else there is nobody any more
  }
  std::unique_ptr<peal::UserAgent> ua;
  std::string peer;
};

struct CountingLog final : peal::transport::LogSink {
  std::atomic<int> foreign_ends{0};
  [[nodiscard]] bool wants(peal::transport::LogLevel) const noexcept override { return true; }
  void write(peal::transport::LogLevel, std::string_view, std::string_view text) override {
    if (text.find("foreign thread") != text.npos) ++foreign_ends;
  }
};

/// Gives each pending operation of `ua` a way to tell how it ended.
struct Pending {
  explicit Pending(peal::UserAgent& ua) : next(ua.next_call(asio::use_future)) {}
  void expect_aborted() {
    ASSERT_EQ(next.wait_for(end_patience), std::future_status::ready);
    EXPECT_EQ(next.get().error(), make_error_code(peal::errc::aborted));
  }
  std::future<peal::Result<peal::IncomingCall>> next;
};

}  // namespace

TEST(ForeignEnd, WhileItsCallsRunAndOthersUseItsHandles) {
  for (int turn = 0; turn < 10; ++turn) {
    asio::io_context io(1);
    CountingLog log;
    peal::transport::AsioRuntimeOptions options;
    options.log = &log;
    auto runtime = peal::transport::make_runtime(io, options);
    auto alice = std::make_unique<peal::UserAgent>(*runtime, anywhere_on_loopback());
    Caller bob(std::make_unique<peal::UserAgent>(io, anywhere_on_loopback()));
    Callee at_alice;
    ASSERT_TRUE(alice->set_handler(&at_alice));
    bob.call(alice->listening().at(0), 3);
    Pending pending(*alice);
    auto work = asio::make_work_guard(io);
    std::thread owner([&] { io.run(); });

    std::atomic<bool> gone{false};
    std::vector<std::thread> others;
    for (int i = 0; i < 8; ++i) {
      others.emplace_back([&] {
        do {
          for (auto& call : at_alice.copies())
            EXPECT_EQ(call.hang_up().error(), make_error_code(peal::errc::wrong_thread));
          std::this_thread::yield();
        } while (!gone);
      });
    }
    while (at_alice.established <= turn) std::this_thread::yield();
    alice.reset();
    pending.expect_aborted();
    gone = true;
    for (auto& other : others) other.join();
    EXPECT_EQ(log.foreign_ends, 1);
    auto handle = at_alice.copies().back();
    std::promise<std::error_code> ended;
    asio::post(io, [&] {
      ended.set_value(handle.hang_up().error());
      bob.ua.reset();
      runtime.reset();  // its timer would keep the io_context busy
    });
    EXPECT_EQ(ended.get_future().get(), make_error_code(peal::errc::ended));
    work.reset();
    owner.join();
  }
}

TEST(ForeignEnd, OnAStrandWhileItsCallsRun) {
  for (int turn = 0; turn < 10; ++turn) {
    asio::thread_pool pool(3);
    const auto make = [&](auto with) {
      auto strand = asio::make_strand(asio::any_io_executor(pool.get_executor()));
      std::promise<void> made;
      asio::post(strand, [&] {
        with(std::make_unique<peal::UserAgent>(strand, anywhere_on_loopback()));
        made.set_value();
      });
      made.get_future().wait();
      return strand;
    };
    Callee at_alice;
    std::unique_ptr<peal::UserAgent> alice;
    std::unique_ptr<Pending> pending;
    std::string where;
    make([&](auto ua) {
      EXPECT_TRUE(ua->set_handler(&at_alice));
      where = ua->listening().at(0);
      pending = std::make_unique<Pending>(*ua);
      alice = std::move(ua);
    });
    std::unique_ptr<Caller> bob;
    auto strand = make([&](auto ua) {
      bob = std::make_unique<Caller>(std::move(ua));
      bob->call(where, 3);
    });
    while (at_alice.established <= turn) std::this_thread::yield();
    alice.reset();
    pending->expect_aborted();
    asio::post(strand, [&] { bob->ua.reset(); });
    pool.join();
  }
}

TEST(ForeignEnd, WhenNobodyRunsItsExecutorAnyMoreItEndsWithTheExecutor) {
  std::unique_ptr<Pending> pending;
  peal::Call call;
  {
    asio::io_context io(1);
    std::unique_ptr<peal::UserAgent> ua;
    std::thread([&] {
      ua = std::make_unique<peal::UserAgent>(io, anywhere_on_loopback());
      pending = std::make_unique<Pending>(*ua);
      call = *ua->invite("sip:nobody@127.0.0.1:1");
    }).join();
    ua.reset();
    EXPECT_EQ(pending->next.wait_for(0s), std::future_status::timeout);
  }
  pending->expect_aborted();  // and nothing leaks
  EXPECT_EQ(call.hang_up().error(), make_error_code(peal::errc::ended));
}

TEST(ForeignEnd, OfAPrivateLoopThatNobodyIsInIsMadeByTheDestroyer) {
  std::unique_ptr<peal::UserAgent> ua;
  std::unique_ptr<Pending> pending;
  std::string at;
  std::thread([&] {
    ua = std::make_unique<peal::UserAgent>(anywhere_on_loopback());
    pending = std::make_unique<Pending>(*ua);
    at = ua->listening().at(0);
    ua->poll();
  }).join();
  ua->stop();
  ua.reset();
  EXPECT_EQ(pending->next.wait_for(0s), std::future_status::ready);
  pending->expect_aborted();
  asio::io_context io(1);
  auto config = anywhere_on_loopback();
  config.listen = {at};
  EXPECT_NO_THROW(peal::UserAgent(io, config));  // its socket is closed
}

TEST(ForeignEnd, OfAPrivateLoopThatIsRunOrJustBeingLeft) {
  for (int turn = 0; turn < 50; ++turn) {
    auto ua = std::make_unique<peal::UserAgent>(anywhere_on_loopback());
    Pending pending(*ua);
    std::promise<void> inside;
    ua->post([&] { inside.set_value(); });
    std::thread loop([raw = ua.get()] { raw->run(); });
    inside.get_future().wait();
    if (turn % 2 == 0) ua->stop();  // on its way out
    ua.reset();
    pending.expect_aborted();
    loop.join();
  }
}

TEST(ForeignEnd, InASimulatorThatIsNotRunAgainItEndsWithIt) {
  std::unique_ptr<Pending> pending;
  {
    peal::sim::Simulator sim(1);
    auto& host = sim.host("a", {"192.0.2.1"});
    auto config = anywhere_on_loopback();
    config.listen = {"udp:192.0.2.1:5060"};
    auto ua = std::make_unique<peal::UserAgent>(host.runtime(), config);
    pending = std::make_unique<Pending>(*ua);
    std::thread([&] { ua.reset(); }).join();
    EXPECT_EQ(pending->next.wait_for(0s), std::future_status::timeout);
  }
  pending->expect_aborted();
}

TEST(ForeignEnd, InASimulatorThatRunsItIsPosted) {
  peal::sim::Simulator sim(1);
  auto& host = sim.host("a", {"192.0.2.1"});
  auto config = anywhere_on_loopback();
  config.listen = {"udp:192.0.2.1:5060"};
  auto ua = std::make_unique<peal::UserAgent>(host.runtime(), config);
  Pending pending(*ua);
  std::thread([&] { ua.reset(); }).join();
  EXPECT_EQ(host.open_sockets(), 1U);
  sim.run_for(1ms);
  EXPECT_EQ(host.open_sockets(), 0U);
  pending.expect_aborted();
}

TEST(OwnLoop, OneThreadAtATimeIsInsideAndTheOthersAreCounted) {
  peal::UserAgent ua(anywhere_on_loopback());
  std::promise<void> inside;
  ua.post([&] { inside.set_value(); });
  std::thread loop([&] {
    ua.run();
    EXPECT_EQ(ua.counters()->wrong_thread, 16U);
  });
  inside.get_future().wait();
  std::vector<std::thread> others;
  for (int i = 0; i < 8; ++i) {
    others.emplace_back([&] {
      ua.run();
      ua.poll();
    });
  }
  for (auto& other : others) other.join();
  ua.stop();
  loop.join();
  ua.poll();  // nobody is inside: this thread is the owner now
  std::promise<void> again;
  ua.post([&] { again.set_value(); });
  ua.poll();
  EXPECT_EQ(again.get_future().wait_for(0s), std::future_status::ready);
  EXPECT_TRUE(ua.counters());
}

TEST(OwnLoop, AStopThatComesBeforeRunIsNotLost) {
  peal::UserAgent ua(anywhere_on_loopback());
  ua.stop();
  ua.run();  // returns
  bool ran = false;
  ua.post([&] {
    ran = true;
    ua.poll();  // from inside: the same thread may
    ua.stop();
  });
  ua.run();
  EXPECT_TRUE(ran);
}

TEST(OwnLoop, WhoIsInsideIsTheOwnerBeforeAnythingHasHappened) {
  auto ua = std::make_unique<peal::UserAgent>(anywhere_on_loopback());
  std::thread loop([raw = ua.get()] { raw->run(); });
  const auto until = std::chrono::steady_clock::now() + end_patience;
  while (ua->counters() && std::chrono::steady_clock::now() < until) std::this_thread::yield();
  const auto counters = ua->counters();
  EXPECT_FALSE(counters);
  if (counters) ua->stop();
  ua.reset();  // so the end is posted to it
  loop.join();
}

TEST(ForeignEnd, OfAPrivateLoopThatAnExceptionLeavesIsMadeByWhoLeaves) {
  auto ua = std::make_unique<peal::UserAgent>(anywhere_on_loopback());
  Pending pending(*ua);
  std::promise<void> inside, destroyed;
  ua->post([&] {
    inside.set_value();
    destroyed.get_future().wait();
    throw std::runtime_error("of the application");
  });
  std::thread loop([raw = ua.get()] { EXPECT_THROW(raw->run(), std::runtime_error); });
  inside.get_future().wait();
  ua.reset();
  destroyed.set_value();
  pending.expect_aborted();
  loop.join();
}

TEST(ForeignEnd, OfAPrivateLoopWithAHandlerThatThrows) {
  auto ua = std::make_unique<peal::UserAgent>(anywhere_on_loopback());
  Pending pending(*ua);
  ua->post([] { throw std::runtime_error("of the application"); });
  std::thread([&] { ua.reset(); }).join();
  pending.expect_aborted();
}
