// docs/contract.md under eight threads that do not own the user agent, while its calls run: made for ThreadSanitizer.
#include "foreign_calls.hpp"
#include "foreign_world.hpp"

#include <peal/testing/simulator.hpp>
#include <peal/transport/asio_runtime.hpp>

#include <asio/executor_work_guard.hpp>
#include <asio/post.hpp>
#include <asio/strand.hpp>
#include <asio/thread_pool.hpp>

#include <cstdlib>
#include <thread>

using namespace foreign;

namespace {

constexpr int foreign_threads = 8;

/// Rounds through all rows that each thread makes at the least; and so many calls of the victim's must have ended.
int least_rounds() {
  const char* wanted = std::getenv("PEAL_FOREIGN_ROUNDS");
  return wanted == nullptr ? 25 : std::atoi(wanted);
}
std::uint64_t least_calls() { return static_cast<std::uint64_t>(least_rounds()); }

struct DeafTap final : peal::transport::Tap {
  void on_message(const peal::transport::TapEvent&) override { ADD_FAILURE() << "a tap that no owner has added"; }
};

/// An io_context and the one thread that runs it.
class ContextThread {
 public:
  ContextThread() : thread_([this] { io_.run(); }) {}
  ~ContextThread() {
    work_.reset();
    thread_.join();
  }
  ContextThread(const ContextThread&) = delete;
  ContextThread& operator=(const ContextThread&) = delete;
  asio::io_context& io() noexcept { return io_; }
  Place place() {
    Place out;
    out.make = [this](peal::Config config) { return std::make_unique<peal::UserAgent>(io_, std::move(config)); };
    out.post = [this](std::function<void()> f) { asio::post(io_, std::move(f)); };
    out.here = [this] { return std::this_thread::get_id() == thread_.get_id(); };
    return out;
  }

 private:
  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_ = asio::make_work_guard(io_);
  std::thread thread_;
};

Place strand_of(asio::thread_pool& pool) {
  auto strand = asio::make_strand(asio::any_io_executor(pool.get_executor()));
  Place out;
  out.make = [strand](peal::Config config) { return std::make_unique<peal::UserAgent>(strand, std::move(config)); };
  out.post = [strand](std::function<void()> f) { asio::post(strand, std::move(f)); };
  out.here = [strand] { return strand.running_in_this_thread(); };
  return out;
}

/// A Simulator and the one thread that runs it, as fast as it can.
class SimThread {
 public:
  SimThread() : thread_([this] { run(); }) { ready_.get_future().wait(); }
  ~SimThread() {
    stop_ = true;
    thread_.join();
  }
  SimThread(const SimThread&) = delete;
  SimThread& operator=(const SimThread&) = delete;
  Place place(int host) {
    auto& runtime = hosts_.at(static_cast<std::size_t>(host))->runtime();
    Place out;
    out.listen = "udp:192.0.2." + std::to_string(host + 1) + ":5060";
    out.make = [&runtime](peal::Config config) {
      return std::make_unique<peal::UserAgent>(runtime, std::move(config));
    };
    out.post = [&runtime](std::function<void()> f) { runtime.post(std::move(f)); };
    out.here = [this] { return std::this_thread::get_id() == thread_.get_id(); };
    return out;
  }
  peal::transport::Runtime& runtime() { return hosts_.at(0)->runtime(); }

 private:
  void run() {
    peal::sim::Simulator sim(1);
    for (const char* address : {"192.0.2.1", "192.0.2.2", "192.0.2.3"}) hosts_.push_back(&sim.host(address, {address}));
    ready_.set_value();
    while (!stop_) {
      sim.run_for(1ms);
      std::this_thread::yield();
    }
  }
  std::vector<peal::sim::Host*> hosts_;
  std::promise<void> ready_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

/// A user agent with a private io_context, and the thread that runs it until the user agent has gone.
class OwnLoopThread {
 public:
  ~OwnLoopThread() {
    if (thread_.joinable()) thread_.join();
  }
  Place place() {
    Place out;
    out.post = [this](std::function<void()> f) {
      if (!thread_.joinable()) return start(std::move(f));
      ua_->post(std::move(f));
    };
    out.make = [this](peal::Config config) {
      auto made = std::make_unique<peal::UserAgent>(std::move(config));
      ua_ = made.get();
      return made;
    };
    out.here = [this] { return std::this_thread::get_id() == thread_.get_id(); };
    return out;
  }

 private:
  void start(std::function<void()> first) {
    thread_ = std::thread([this, first = std::move(first)] {
      ready_.get_future().wait();
      // From inside `run`, as all that comes later: what `first` makes is run before anybody hears of it.
      first();
      ua_->run();
    });
    ready_.set_value();
  }
  peal::UserAgent* ua_ = nullptr;
  std::promise<void> ready_;
  std::thread thread_;
};

struct Tallies {
  std::atomic<std::uint64_t> posted{0};
  std::atomic<std::uint64_t> ran{0};
};

void read(const Board& board) {
  EXPECT_EQ(board.request->method(), peal::method::invite);
  EXPECT_TRUE(board.request->get(peal::header::from));
  const peal::Response copy = *board.response;
  EXPECT_TRUE(copy.status().is_provisional());
  EXPECT_TRUE(copy.get(peal::header::to));
}

/// An operation as a foreign thread rightly makes it: started where it may be, waited for here.
void ask_through_post(Phone& phone, const std::string& target) {
  std::promise<std::future<peal::Result<peal::Response>>> started;
  phone.ua().post([&] { started.set_value(phone.ua().options(target, asio::use_future)); });
  auto answer = started.get_future().get();
  ASSERT_EQ(answer.wait_for(patience), std::future_status::ready);
  EXPECT_TRUE(answer.get());
}

/// One foreign thread; gives how many of its calls were to be refused.
std::uint64_t assault(World& world, bool own_loop, int thread, Tallies& tallies) {
  DeafTap tap;
  auto& phone = world.alice;
  Board board = phone.board();
  const auto give_up = std::chrono::steady_clock::now() + patience;
  while (!board.full() && std::chrono::steady_clock::now() < give_up) {
    std::this_thread::yield();
    board = phone.board();
  }
  EXPECT_TRUE(board.full());
  std::uint64_t refused = 0;
  for (int round = 0; board.full() && (round < least_rounds() || phone.ended() < least_calls()); ++round) {
    Scene scene{phone.ua(),     tap,      "sip:bob@peal.test", board.account,  board.call,
                board.incoming, own_loop, phone.place().here,  tallies.posted, tallies.ran};
    EXPECT_FALSE(scene.on_owner());
    for (std::size_t i = 0; i < std::size(rows); ++i) {
      const auto& row = rows[(i + static_cast<std::size_t>(thread) * 5) % std::size(rows)];
      SCOPED_TRACE(row.name);
      refused += static_cast<std::uint64_t>(row.call(scene));
    }
    read(board);
    if (round % foreign_threads == thread) ask_through_post(phone, world.server.proxy());
    if (round % 4 == 0) board = phone.board();
    if (std::chrono::steady_clock::now() > give_up) {
      ADD_FAILURE() << "the calls do not go on: " << phone.ended() << " ended";
      break;
    }
  }
  return refused;
}

/// Eight threads at alice, of which `pool` runs one in two when there is one. Then all ends as if they had not been.
void expect_unmoved(World& world, bool own_loop = false, asio::thread_pool* pool = nullptr) {
  Tallies tallies;
  std::vector<std::future<std::uint64_t>> results;
  std::vector<std::thread> threads;
  for (int i = 0; i < foreign_threads; ++i) {
    auto task =
        std::make_shared<std::packaged_task<std::uint64_t()>>([&, i] { return assault(world, own_loop, i, tallies); });
    results.push_back(task->get_future());
    if (pool != nullptr && i % 2 == 0)
      asio::post(*pool, [task] { (*task)(); });
    else
      threads.emplace_back([task] { (*task)(); });
  }
  std::uint64_t refused = 0;
  for (auto& result : results) refused += result.get();
  for (auto& thread : threads) thread.join();
  world.alice.hang_up();
  world.bob.hang_up();
  EXPECT_GE(world.alice.ended(), least_calls());
  const auto alice = world.alice.finish();
  const auto bob = world.bob.finish();
  EXPECT_EQ(alice.wrong_thread, refused);
  EXPECT_EQ(bob.wrong_thread, 0U);
  EXPECT_EQ(tallies.ran, tallies.posted);
  for (const auto* counters : {&alice, &bob}) {
    EXPECT_EQ(counters->calls, 0U);
    EXPECT_EQ(counters->accounts, 2U);
    EXPECT_EQ(counters->core.sessions, 0U);
    EXPECT_EQ(counters->core.dialogs, 0U);
  }
}

}  // namespace

TEST(ForeignThreads, ChangeNothingOnAnIoContextThatOneThreadRuns) {
  ContextThread context;
  World world(context.place(), context.place(), context.place());
  expect_unmoved(world);
}

TEST(ForeignThreads, ChangeNothingOnStrandsOfAPoolNorDoThePoolsOwn) {
  asio::thread_pool pool(2 + foreign_threads / 2);
  {
    World world(strand_of(pool), strand_of(pool), strand_of(pool));
    expect_unmoved(world, false, &pool);
  }
  pool.join();
}

TEST(ForeignThreads, ChangeNothingInTheSimulator) {
  SimThread sim;
  World world(sim.place(0), sim.place(1), sim.place(2));
  EXPECT_FALSE(sim.runtime().on_owner_thread());
  expect_unmoved(world);
}

TEST(ForeignThreads, ChangeNothingInAPrivateLoop) {
  ContextThread context;
  OwnLoopThread own;
  World world(context.place(), own.place(), context.place());
  expect_unmoved(world, true);
}

TEST(ForeignThreads, UserAgentsOnSeveralContextsShareNothing) {
  std::vector<std::thread> threads;
  ContextThread one;  // two worlds meet in each of these
  ContextThread two;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      ContextThread own;
      World world(one.place(), two.place(), own.place());
      const auto give_up = std::chrono::steady_clock::now() + patience;
      while (world.alice.ended() < least_calls() && std::chrono::steady_clock::now() < give_up)
        std::this_thread::yield();
      world.alice.hang_up();
      world.bob.hang_up();
      EXPECT_GE(world.alice.ended(), least_calls());
      EXPECT_EQ(world.alice.finish().wrong_thread + world.bob.finish().wrong_thread, 0U);
    });
  }
  for (auto& thread : threads) thread.join();
}
