#include "greeter_bot.hpp"

#include <peal/testing/gtest.hpp>
#include <peal/testing/testing.hpp>

using namespace std::chrono_literals;

TEST(FirstTest, TheBotAnswersAndHangsUpAfterTenSeconds) {
  peal::sim::Simulator sim;
  peal::Config config;
  config.listen = {"udp:0.0.0.0:5060"};
  peal::UserAgent ua(sim.host("greeter.test", {"192.0.2.10"}).runtime(), config);
  GreeterBot bot(ua);
  peal::sim::Phone alice(sim, "alice.test", {"192.0.2.1"});

  auto call = alice.calls("sip:hello@greeter.test");
  expect(call).to_be_ringing().within(1s);
  expect(call).to_be_established().within(3s);
  expect(call).not_to_end().within(9s);
  expect(call).to_end_normally().within(2s);
  expect(ua).to_be_idle();
}
