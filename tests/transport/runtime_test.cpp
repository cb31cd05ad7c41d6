#include <peal/transport/random_source.hpp>
#include <peal/transport/runtime.hpp>
#include <peal/transport/shared_bytes.hpp>
#include <peal/transport/timer_wheel.hpp>

#include "openssl_random.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace peal::inline v0::transport {
namespace {

struct CountingRandom final : RandomSource {
  void fill(std::span<std::byte> out) override {
    for (std::byte& b : out) b = static_cast<std::byte>(next_byte++ * 37);
  }
  unsigned next_byte = 1;
};

/// Turns and nothing else.
class BareRuntime final : public Runtime {
 public:
  TimerService& timers() override { return wheel_; }
  RandomSource& random() override { return random_; }
  LogSink& log() override { return null_log(); }
  Network& network() override { throw std::logic_error("no network here"); }
  [[nodiscard]] std::chrono::system_clock::time_point wall_time() const override { return {}; }
  void post(UniqueFunction<void()>) override {}
  [[nodiscard]] std::shared_ptr<const OwnerCheck> owner_check() const override { return nullptr; }
  int begun = 0;
  int over = 0;

 protected:
  void on_turn_begin() override { ++begun; }
  void on_turn_over() override { ++over; }

 private:
  TimerWheel wheel_{TimePoint{}};
  CountingRandom random_;
};

struct FunctionHook final : TurnHook {
  explicit FunctionHook(std::function<void()> f) : run(std::move(f)) {}
  void on_turn_end() override { run(); }
  std::function<void()> run;
};

class TurnTest : public ::testing::Test {
 protected:
  std::function<void()> note(std::string name) {
    return [this, name = std::move(name)] { ran.push_back(name); };
  }
  void turn() { const Runtime::Turn t(*runtime); }
  std::unique_ptr<BareRuntime> runtime = std::make_unique<BareRuntime>();
  std::vector<std::string> ran;
};

TEST_F(TurnTest, HooksRunOnceATurnEventsFirstInOrderOfLinking) {
  FunctionHook flush(note("flush"));
  FunctionHook second(note("second"));
  FunctionHook first(note("first"));
  runtime->link(flush, TurnStage::flush);
  runtime->link(first, TurnStage::events);
  runtime->link(second, TurnStage::events);
  {
    const Runtime::Turn outer(*runtime);
    EXPECT_TRUE(runtime->in_turn());
    { const Runtime::Turn inner(*runtime); }
    EXPECT_TRUE(runtime->in_turn());
    EXPECT_TRUE(ran.empty()) << "a nested turn is part of the outermost";
  }
  EXPECT_FALSE(runtime->in_turn());
  EXPECT_EQ(ran, (std::vector<std::string>{"first", "second", "flush"}));
  EXPECT_EQ(runtime->begun, 1);
  EXPECT_EQ(runtime->over, 1);
}

TEST_F(TurnTest, LinkingTwiceMovesAndUnlinkingIsIdempotent) {
  FunctionHook a(note("a"));
  FunctionHook b(note("b"));
  runtime->link(a, TurnStage::events);
  runtime->link(b, TurnStage::events);
  runtime->link(a, TurnStage::events);
  turn();
  EXPECT_EQ(ran, (std::vector<std::string>{"b", "a"}));
  runtime->unlink(a);
  runtime->unlink(a);
  turn();
  EXPECT_EQ(ran.size(), 3U);
}

TEST_F(TurnTest, HooksAreInTheTurn) {
  FunctionHook hook([&] { EXPECT_TRUE(runtime->in_turn()); });
  runtime->link(hook, TurnStage::flush);
  turn();
}

TEST_F(TurnTest, AHookMayUnlinkItselfAndTheNextAndLinkAnother) {
  FunctionHook late(note("late"));
  FunctionHook removed(note("removed"));
  FunctionHook last(note("last"));
  FunctionHook first({});
  first.run = [&] {
    ran.emplace_back("first");
    runtime->unlink(first);
    runtime->unlink(removed);
    runtime->link(late, TurnStage::events);
  };
  for (FunctionHook* hook : {&first, &removed, &last}) runtime->link(*hook, TurnStage::events);
  turn();
  EXPECT_EQ(ran, (std::vector<std::string>{"first", "last", "late"}));
  turn();
  EXPECT_EQ(ran, (std::vector<std::string>{"first", "last", "late", "last", "late"}));
}

TEST_F(TurnTest, AHookMayDestroyItselfAndOthers) {
  auto second = std::make_unique<FunctionHook>(note("second"));
  std::unique_ptr<FunctionHook> first;
  first = std::make_unique<FunctionHook>([&] {
    second.reset();
    first.reset();
  });
  FunctionHook flush(note("flush"));
  runtime->link(*first, TurnStage::events);
  runtime->link(*second, TurnStage::events);
  runtime->link(flush, TurnStage::flush);
  turn();
  EXPECT_EQ(ran, (std::vector<std::string>{"flush"}));
}

TEST_F(TurnTest, AHookMayDestroyTheRuntime) {
  FunctionHook first([&] { runtime.reset(); });
  FunctionHook second(note("second"));
  FunctionHook flush(note("flush"));
  runtime->link(first, TurnStage::events);
  runtime->link(second, TurnStage::events);
  runtime->link(flush, TurnStage::flush);
  turn();
  EXPECT_FALSE(runtime);
  EXPECT_TRUE(ran.empty());
}

TEST_F(TurnTest, TheRuntimeMayBeDestroyedWithinNestedTurns) {
  FunctionHook hook(note("hook"));
  runtime->link(hook, TurnStage::events);
  {
    const Runtime::Turn outer(*runtime);
    const Runtime::Turn inner(*runtime);
    EXPECT_TRUE(outer.alive());
    runtime.reset();
    EXPECT_FALSE(inner.alive());
    EXPECT_FALSE(outer.alive());
  }
  EXPECT_TRUE(ran.empty());
}

TEST_F(TurnTest, AnExceptionOfAHookClosesTheTurnAndPasses) {
  FunctionHook hook([] { throw std::runtime_error("the application's"); });
  FunctionHook flush(note("flush"));
  runtime->link(hook, TurnStage::events);
  runtime->link(flush, TurnStage::flush);
  EXPECT_THROW(turn(), std::runtime_error);
  EXPECT_EQ(ran, (std::vector<std::string>{"flush"})) << "what was sent still goes out";
  EXPECT_FALSE(runtime->in_turn());
  EXPECT_EQ(runtime->over, 1);
  // While another exception is under way it must not end the program.
  EXPECT_THROW(
      {
        const Runtime::Turn t(*runtime);
        throw std::logic_error("first");
      },
      std::logic_error);
  EXPECT_FALSE(runtime->in_turn());
}

// ---- chance

TEST(RandomSource, TokensHaveTheLengthAndTheAlphabet) {
  OpensslRandom random;
  for (const std::size_t size : {0U, 1U, 5U, 12U, 13U, 100U, 5000U}) {
    const std::string token = random.token(size);
    EXPECT_EQ(token.size(), size);
    EXPECT_EQ(token.find_first_not_of("abcdefghijkmnpqrstuvwxyz23456789"), std::string::npos);
  }
}

TEST(RandomSource, EveryLetterComesAboutAsOften) {
  OpensslRandom random;
  std::map<char, int> seen;
  for (const char c : random.token(320'000)) ++seen[c];
  ASSERT_EQ(seen.size(), 32U);
  for (const auto& [letter, times] : seen) {
    EXPECT_GT(times, 9'400) << letter;  // six standard deviations of 10,000
    EXPECT_LT(times, 10'600) << letter;
  }
}

TEST(RandomSource, BelowStaysBelowAndReachesAll) {
  OpensslRandom random;
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(random.below(7));
  EXPECT_EQ(seen.size(), 7U);
  EXPECT_LT(*seen.rbegin(), 7U);
  EXPECT_EQ(random.below(1), 0U);
  const std::uint64_t large = (std::uint64_t{1} << 63) + 1;
  for (int i = 0; i < 100; ++i) EXPECT_LT(random.below(large), large);
}

TEST(RandomSource, TokensDoNotRepeat) {
  OpensslRandom random;
  std::set<std::string> seen;
  for (int i = 0; i < 100'000; ++i) seen.insert(random.token(13));
  EXPECT_EQ(seen.size(), 100'000U);
}

TEST(RandomSource, TheSameBytesGiveTheSameToken) {
  CountingRandom a;
  CountingRandom b;
  EXPECT_EQ(a.token(40), b.token(40));
  EXPECT_NE(a.token(40), CountingRandom().token(40));
}

// ---- bytes

TEST(SharedBytes, SharesWithoutCopying) {
  const SharedBytes a("OPTIONS");
  SharedBytes b = a;
  EXPECT_EQ(b.view(), "OPTIONS");
  EXPECT_EQ(a.view().data(), b.view().data());
  SharedBytes c = std::move(b);
  EXPECT_TRUE(b.empty());  // NOLINT(bugprone-use-after-move): what is left is empty
  EXPECT_EQ(c.size(), 7U);
  c = SharedBytes("BYE");
  EXPECT_EQ(c.view(), "BYE");
  EXPECT_EQ(a.view(), "OPTIONS");
  const SharedBytes& itself = c;
  c = itself;
  EXPECT_EQ(c.view(), "BYE");
}

TEST(SharedBytes, NothingIsEmpty) {
  EXPECT_TRUE(SharedBytes().empty());
  EXPECT_EQ(SharedBytes(std::string_view{}).view(), "");
}

}  // namespace
}  // namespace peal::inline v0::transport
