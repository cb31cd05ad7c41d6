// The contract of docs/contract.md, on real threads and loopback sockets.
#include <peal/user_agent.hpp>

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <asio/thread_pool.hpp>
#include <asio/use_future.hpp>

#include <atomic>
#include <future>
#include <thread>
#include <unordered_set>

using namespace std::chrono_literals;

namespace {

peal::Config on_loopback() {
  peal::Config config;
  config.listen = {"udp:127.0.0.1:0"};
  return config;
}

std::string uri_of(const peal::UserAgent& ua) { return "sip:bob@" + ua.listening().at(0).substr(4); }

/// Answers everything; checks that no handler runs inside an API call or on another thread.
struct Watchful : peal::UserAgentHandler {
  std::thread::id thread = std::this_thread::get_id();
  bool inside_api = false;
  int established = 0;
  int ended = 0;
  void check() const {
    EXPECT_EQ(std::this_thread::get_id(), thread);
    EXPECT_FALSE(inside_api);
  }
  void on_incoming_call(peal::IncomingCall& call) override {
    check();
    inside_api = true;
    EXPECT_TRUE(call.answer());
    inside_api = false;
  }
  void on_established(peal::Call& call, const peal::Established&) override {
    check();
    ++established;
    inside_api = true;
    (void)call.hang_up();
    inside_api = false;
  }
  void on_ended(peal::Call&, const peal::Ended&) override {
    check();
    ++ended;
  }
};

template <class Done>
void run_until(asio::io_context& io, Done done, std::chrono::seconds limit = 10s) {
  const auto give_up = std::chrono::steady_clock::now() + limit;
  io.restart();
  while (!done() && std::chrono::steady_clock::now() < give_up) io.run_one_for(100ms);
  EXPECT_TRUE(done());
}

}  // namespace

TEST(Threads, HandlersRunOnTheOwnersThreadAndNeverInsideAnApiCall) {
  asio::io_context io(1);
  peal::UserAgent alice(io, on_loopback());
  peal::UserAgent bob(io, on_loopback());
  Watchful at_alice;
  Watchful at_bob;
  ASSERT_TRUE(alice.set_handler(&at_alice));
  ASSERT_TRUE(bob.set_handler(&at_bob));
  at_alice.inside_api = true;
  auto good = alice.invite(uri_of(bob));
  auto unreachable = alice.invite("sip:nobody@127.0.0.1:1");  // fails at once: still told later
  at_alice.inside_api = false;
  ASSERT_TRUE(good);
  ASSERT_TRUE(unreachable);
  run_until(io, [&] { return at_alice.ended == 2 && at_bob.ended == 1; });
}

TEST(Threads, EveryCallFromAForeignThreadAnswersWrongThreadAndChangesNothing) {
  asio::io_context io(1);
  peal::UserAgent alice(io, on_loopback());
  peal::UserAgent bob(io, on_loopback());
  Watchful at_bob;
  ASSERT_TRUE(bob.set_handler(&at_bob));
  auto account = alice.add_account([] {
    peal::AccountConfig config;
    config.aor = "sip:alice@127.0.0.1";
    return config;
  }());
  ASSERT_TRUE(account);
  auto call = alice.invite(uri_of(bob));
  ASSERT_TRUE(call);
  const auto wrong = make_error_code(peal::errc::wrong_thread);
  std::thread([&] {
    EXPECT_EQ(call->state().error(), wrong);
    EXPECT_EQ(call->hang_up().error(), wrong);
    EXPECT_EQ(call->hold().error(), wrong);
    EXPECT_EQ(call->resume().error(), wrong);
    EXPECT_EQ(call->sip_call_id().error(), wrong);
    EXPECT_EQ(call->set_handler(nullptr).error(), wrong);
    EXPECT_EQ(account->start().error(), wrong);
    EXPECT_EQ(account->stop().error(), wrong);
    EXPECT_EQ(account->remove().error(), wrong);
    EXPECT_EQ(alice.invite("sip:x@127.0.0.1").error(), wrong);
    EXPECT_EQ(alice.set_handler(nullptr).error(), wrong);
    EXPECT_EQ(alice.counters().error(), wrong);
    EXPECT_EQ(alice.listen("udp:127.0.0.1:0").error(), wrong);
  }).join();
  EXPECT_TRUE(call->state());
  EXPECT_EQ(alice.counters()->wrong_thread, 13U);
}

TEST(Threads, HandlesMayBeCopiedComparedHashedAndDestroyedAnywhere) {
  asio::io_context io(1);
  auto alice = std::make_unique<peal::UserAgent>(io, on_loopback());
  auto call = alice->invite("sip:bob@127.0.0.1:1");
  ASSERT_TRUE(call);
  std::vector<std::thread> threads;
  std::atomic<int> equal{0};
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&equal, copy = *call] {
      std::unordered_set<std::uint64_t> ids;
      for (int n = 0; n < 10'000; ++n) {
        peal::Call another = copy;
        if (another == copy && std::hash<peal::Call>{}(another) == std::hash<peal::Call>{}(copy)) ids.insert(another.id());
      }
      equal += static_cast<int>(ids.size());
    });
  }
  alice.reset();  // meanwhile
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(equal, 8);
  EXPECT_EQ(call->hang_up().error(), make_error_code(peal::errc::ended));
}

TEST(Threads, PostIsLegalFromAnyThreadAndRunsOnTheOwners) {
  asio::io_context io(1);
  peal::UserAgent alice(io, on_loopback());
  std::atomic<int> posted{0};
  int ran = 0;
  const auto owner = std::this_thread::get_id();
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 100; ++n) {
        alice.post([&] {
          EXPECT_EQ(std::this_thread::get_id(), owner);
          ++ran;
        });
        ++posted;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  run_until(io, [&] { return ran == 800; });
  EXPECT_EQ(posted, 800);
}

TEST(Threads, DestroyedOnAForeignThreadItIsPostedAndPendingOperationsAbort) {
  asio::io_context io(1);
  auto alice = std::make_unique<peal::UserAgent>(io, on_loopback());
  bool aborted = false;
  alice->next_call([&](peal::Result<peal::IncomingCall> call) {
    EXPECT_EQ(call.error(), make_error_code(peal::errc::aborted));
    aborted = true;
  });
  std::thread([&] { alice.reset(); }).join();
  run_until(io, [&] { return aborted; });
}

TEST(Threads, TwoUserAgentsOnTwoThreadsShareNothing) {
  std::vector<std::thread> threads;
  std::atomic<int> done{0};
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&done] {
      asio::io_context io(1);
      peal::UserAgent alice(io, on_loopback());
      peal::UserAgent bob(io, on_loopback());
      Watchful at_alice;
      Watchful at_bob;
      ASSERT_TRUE(alice.set_handler(&at_alice));
      ASSERT_TRUE(bob.set_handler(&at_bob));
      for (int n = 0; n < 50; ++n) ASSERT_TRUE(alice.invite(uri_of(bob)));
      run_until(io, [&] { return at_alice.ended == 50 && at_bob.ended == 50; });
      ++done;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(done, 2);
}

TEST(Threads, OnAStrandOfAPoolAllHandlersRunInTheStrand) {
  asio::thread_pool pool(2);
  auto strand = asio::make_strand(asio::any_io_executor(pool.get_executor()));
  std::promise<void> finished;
  struct InStrand : peal::UserAgentHandler {
    explicit InStrand(asio::strand<asio::any_io_executor> s, std::promise<void>& p) : strand(std::move(s)), promise(p) {}
    asio::strand<asio::any_io_executor> strand;
    std::promise<void>& promise;
    void on_ended(peal::Call&, const peal::Ended&) override {
      EXPECT_TRUE(strand.running_in_this_thread());
      promise.set_value();
    }
  };
  InStrand handler(strand, finished);
  std::unique_ptr<peal::UserAgent> ua;
  asio::post(strand, [&] {
    ua = std::make_unique<peal::UserAgent>(strand, on_loopback());
    EXPECT_TRUE(ua->set_handler(&handler));
    EXPECT_TRUE(ua->invite("sip:nobody@127.0.0.1:1"));
  });
  auto end = finished.get_future();
  ASSERT_EQ(end.wait_for(10s), std::future_status::ready);
  std::promise<void> gone;
  asio::post(strand, [&] {
    ua.reset();
    gone.set_value();
  });
  gone.get_future().wait();
  pool.join();
}

TEST(Threads, AUserAgentWithItsOwnLoopIsPolled) {
  peal::UserAgent alice(on_loopback());
  Watchful at_alice;
  ASSERT_TRUE(alice.set_handler(&at_alice));
  ASSERT_TRUE(alice.invite("sip:nobody@127.0.0.1:1"));
  const auto give_up = std::chrono::steady_clock::now() + 10s;
  while (at_alice.ended == 0 && std::chrono::steady_clock::now() < give_up) alice.poll();
  EXPECT_EQ(at_alice.ended, 1);
}

TEST(Threads, AHandlerThatTakesTooLongIsCountedAndOthersAreNot) {
  struct Busy : peal::UserAgentHandler {
    bool ended = false;
    void on_ended(peal::Call&, const peal::Ended&) override {
      const auto until = std::chrono::system_clock::now() + 5ms;
      while (std::chrono::system_clock::now() < until) {
      }
      ended = true;
    }
  };
  for (const bool slow : {true, false}) {
    asio::io_context io(1);
    auto config = on_loopback();
    config.slow_handler = slow ? 2ms : std::chrono::milliseconds(1h);
    Busy busy;
    peal::UserAgent ua(io, config);
    ASSERT_TRUE(ua.set_handler(&busy));
    ASSERT_TRUE(ua.invite("sip:nobody@127.0.0.1:1"));
    run_until(io, [&] { return busy.ended; });
    EXPECT_EQ(ua.counters()->slow_handlers, slow ? 1U : 0U);
  }
}

TEST(Threads, AnAddressInUseIsAClearErrorOfTheConstructor) {
  asio::io_context io(1);
  peal::UserAgent first(io, on_loopback());
  peal::Config config;
  config.listen = first.listening();
  EXPECT_THROW(peal::UserAgent(io, config), std::system_error);
}

TEST(Threads, AThousandTimesCreateAndDestroy) {
  asio::io_context io(1);
  for (int i = 0; i < 1000; ++i) {
    peal::UserAgent ua(io, on_loopback());
    ASSERT_TRUE(ua.invite("sip:nobody@127.0.0.1:1"));
    if (i % 2 == 0) io.poll();
  }
  io.restart();
  io.poll();
}
