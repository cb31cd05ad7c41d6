#include <peal/co.hpp>
#include <peal/default_media_handler.hpp>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/experimental/awaitable_operators.hpp>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_future.hpp>

#include <thread>

using namespace std::chrono_literals;

namespace {

peal::Config coroutine_config() {
  peal::Config config;
  config.listen = {"udp:127.0.0.1:0"};
  return config;
}

asio::awaitable<void> answer_one(peal::UserAgent& ua, std::vector<std::string>& log) {
  auto call = co_await peal::co::next_call(ua);
  EXPECT_TRUE(call);
  if (!call) co_return;
  EXPECT_TRUE(call->ring());
  EXPECT_TRUE(call->answer());
  while (auto event = co_await peal::co::next(*call)) log.push_back(std::to_string(event->index()));
  log.emplace_back("end");
}

asio::awaitable<void> call_once(peal::UserAgent& ua, std::string target, std::vector<std::string>& log) {
  peal::InviteOptions options;
  auto call = co_await peal::co::invite(ua, std::move(target), std::move(options));
  EXPECT_TRUE(call);
  if (!call) co_return;
  while (auto event = co_await peal::co::next(*call)) {
    log.push_back(std::to_string(event->index()));
    if (std::holds_alternative<peal::Established>(*event)) {
      EXPECT_TRUE(call->hang_up());
    }
  }
  log.emplace_back("end");
}

}  // namespace

TEST(Coroutines, ACallReadsTopToBottomOnBothSides) {
  asio::io_context io(1);
  peal::UserAgent alice(io, coroutine_config());
  peal::UserAgent bob(io, coroutine_config());
  std::vector<std::string> at_alice;
  std::vector<std::string> at_bob;
  asio::co_spawn(io, answer_one(bob, at_bob), asio::detached);
  asio::co_spawn(io, call_once(alice, "sip:bob@" + bob.listening().at(0).substr(4), at_alice), asio::detached);
  const auto give_up = std::chrono::steady_clock::now() + 10s;
  while ((at_alice.empty() || at_bob.empty() || at_alice.back() != "end" || at_bob.back() != "end") &&
         std::chrono::steady_clock::now() < give_up)
    io.run_one_for(100ms);
  EXPECT_THAT(at_alice, testing::ElementsAre("0", "1", "4", "end"));
  EXPECT_THAT(at_bob, testing::ElementsAre("1", "4", "end"));
}

TEST(Coroutines, AnOperationLosesARaceAgainstATimer) {
  asio::io_context io(1);
  peal::UserAgent bob(io, coroutine_config());
  bool timer_won = false;
  auto race = [&]() -> asio::awaitable<void> {
    using namespace asio::experimental::awaitable_operators;
    asio::steady_timer timer(io, 20ms);
    auto first = co_await (bob.next_call(asio::use_awaitable) || timer.async_wait(asio::use_awaitable));
    timer_won = first.index() == 1;
  };
  asio::co_spawn(io, race(), asio::detached);
  const auto give_up = std::chrono::steady_clock::now() + 10s;
  while (!timer_won && std::chrono::steady_clock::now() < give_up) io.run_one_for(100ms);
  EXPECT_TRUE(timer_won);
}

TEST(Coroutines, ASecondReaderIsRefused) {
  asio::io_context io(1);
  std::vector<std::error_code> errors;  // outlives bob: what is pending at its end completes with errc::aborted
  peal::UserAgent bob(io, coroutine_config());
  auto read = [&](peal::Result<peal::IncomingCall> call) { errors.push_back(call.error()); };
  bob.next_call(read);
  bob.next_call(read);
  io.poll();
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0], make_error_code(peal::errc::wrong_state));
}

TEST(Coroutines, AFutureIsATokenToo) {
  asio::io_context io(1);
  peal::UserAgent alice(io, coroutine_config());
  auto answer = alice.options("sip:nobody@127.0.0.1:1", asio::use_future);
  while (answer.wait_for(0s) != std::future_status::ready) io.run_one_for(100ms);
  EXPECT_FALSE(answer.get());
}
