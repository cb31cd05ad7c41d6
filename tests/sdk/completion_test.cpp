#include "sim_pair.hpp"

using namespace sim_pair;

namespace {

/// Counts how often each of the operations completed, and with what.
struct Completed {
  int times = 0;
  std::error_code last;
  template <class T>
  auto token() {
    return [this](peal::Result<T> result) {
      ++times;
      last = result ? std::error_code() : result.error();
    };
  }
};

}  // namespace

TEST(Completions, AnOperationThatHasItsOutcomeCompletesThoughTheUserAgentGoes) {
  Pair pair;
  Completed shutdown;
  pair.alice->shutdown(1s, shutdown.token<void>());  // nothing to wait for: told in the next turn
  EXPECT_EQ(shutdown.times, 0);
  pair.alice.reset();
  EXPECT_EQ(shutdown.times, 1);
  EXPECT_FALSE(shutdown.last);
}

TEST(Completions, AReaderOfACallThatItsHandlerHearsIsToldOfTheEnd) {
  Pair pair;
  peal::InviteOptions options;
  options.handler = &pair.at_alice;
  auto call = pair.alice->invite("sip:bob@192.0.2.2:9", std::move(options));
  ASSERT_TRUE(call);
  Completed read;
  call->next(read.token<peal::CallEvent>());
  pair.sim.run_until_idle();
  EXPECT_EQ(pair.at_alice.ends.size(), 1U);
  EXPECT_EQ(read.times, 1);
  EXPECT_EQ(read.last, make_error_code(peal::errc::ended));
}

TEST(Completions, ASecondShutdownCompletesToo) {
  Pair pair;
  Completed first, second;
  pair.alice->shutdown(1s, first.token<void>());
  pair.sim.run_until_idle();
  pair.alice->shutdown(1s, second.token<void>());
  pair.sim.run_until_idle();
  EXPECT_EQ(first.times, 1);
  EXPECT_EQ(second.times, 1);
}

TEST(Completions, AfterShutdownNothingNewBegins) {
  Pair pair;
  peal::AccountConfig config;
  config.aor = "sip:alice@192.0.2.2";
  auto account = pair.alice->add_account(config);
  ASSERT_TRUE(account);
  Completed shutdown, options, start;
  pair.alice->shutdown(1s, shutdown.token<void>());
  EXPECT_EQ(pair.alice->invite("sip:bob@192.0.2.2").error(), make_error_code(peal::errc::wrong_state));
  EXPECT_EQ(account->start().error(), make_error_code(peal::errc::wrong_state));
  pair.alice->options("sip:bob@192.0.2.2", options.token<peal::Response>());
  account->start(start.token<peal::RegistrationEvent>());
  EXPECT_TRUE(pair.sim.run_until_idle(60s));
  EXPECT_EQ(options.last, make_error_code(peal::errc::wrong_state));
  EXPECT_EQ(start.last, make_error_code(peal::errc::wrong_state));
  EXPECT_EQ(pair.sim.count(peal::sim::Fate::sent), 0U);
}
