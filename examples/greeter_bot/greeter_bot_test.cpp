// The bot on the simulator: an hour of calls in a blink, the same each time.
#include "greeter_bot.hpp"

#include <peal/testing/gtest.hpp>
#include <peal/testing/peers.hpp>
#include <peal/testing/testing.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace {

using namespace std::chrono_literals;
namespace sim = peal::sim;

/// The bot at greeter.test, and alice with a phone.
struct Lobby {
  explicit Lobby(std::uint64_t seed = 1) : net(seed) {
    bot.greet = [this](const std::string& caller) { greeted.push_back(caller); };
  }
  static peal::Config listening() {
    peal::Config config;
    config.listen = {"udp:0.0.0.0:5060"};
    return config;
  }
  sim::Simulator net;
  sim::Host& host = net.host("greeter.test", {"192.0.2.10"});
  peal::UserAgent ua{host.runtime(), listening()};
  GreeterBot bot{ua};
  sim::Phone alice{net, "alice.test", {"192.0.2.1"}};
  std::vector<std::string> greeted;
};

//  alice            greeter
//   |----- INVITE ---->|
//   |<----- 180 -------|
//   |<----- 200 -------|   2 s
//   |------ ACK ------>|   hello
//   |<----- BYE -------|  12 s
TEST(GreeterBot, AnswersGreetsAndHangsUpAfterTenSeconds) {
  Lobby lobby;
  ASSERT_TRUE(lobby.alice.ua().add_account({.aor = "sip:alice@example.com"}));
  auto call = lobby.alice.calls("sip:hello@greeter.test");
  expect(lobby.ua).to_receive("INVITE").from(lobby.alice.host()).with_body("m=audio");
  expect(lobby.ua).to_send("180");
  expect(lobby.ua).to_send("200 to INVITE").with("Contact").not_before(2s).within(2100ms);
  expect(lobby.ua).to_receive("ACK").within(100ms);
  EXPECT_EQ(lobby.greeted, std::vector<std::string>{"sip:alice@example.com"});
  expect(call).not_to_end().within(9900ms);
  expect(lobby.ua).to_send("BYE").within(200ms);
  expect(call).to_end_normally();
  expect(lobby.ua).to_be_idle();
  expect(lobby.alice).to_be_idle();
  EXPECT_EQ(lobby.bot.visitors(), 0U);
}

TEST(GreeterBot, AVisitorWhoHangsUpEarlyIsNotHungUpAgain) {
  Lobby lobby;
  auto call = lobby.alice.calls("sip:hello@greeter.test");
  expect(call).to_be_established();
  call.hang_up();
  expect(call).to_end();
  expect(lobby.ua).not_to_send("BYE").within(15s);
  expect(lobby.ua).to_be_idle();
}

TEST(GreeterBot, ACallerWhoGivesUpWhileItRingsIsNotGreeted) {
  Lobby lobby;
  auto call = lobby.alice.calls("sip:hello@greeter.test");
  expect(call).to_be_ringing();
  lobby.net.run_for(1s);
  call.hang_up();
  expect(lobby.ua).to_receive("CANCEL");
  expect(lobby.ua).to_send("487 to INVITE");
  expect(lobby.ua).not_to_send("2xx to INVITE").within(10s);
  EXPECT_TRUE(lobby.greeted.empty());
  expect(call).to_end();
  expect(lobby.ua).to_be_idle();
}

// An INVITE may be lost seven times in a row; then there is no call, and nothing must be left all the same.
TEST(GreeterBot, GreetsNearlyEverybodyWhenEveryFifthDatagramIsLost) {
  std::size_t greeted = 0;
  for (std::uint64_t seed = 1; seed <= 100 && !testing::Test::HasFailure(); ++seed) {
    Lobby lobby(seed);
    lobby.net.set_default_link({.latency = 40ms, .jitter = 20ms, .loss = 0.2});
    auto call = lobby.alice.calls("sip:hello@greeter.test");
    expect(call).to_end().within(2min);
    expect(lobby.ua).to_be_idle().within(2min);
    expect(lobby.alice).to_be_idle();
    greeted += lobby.greeted.size();
  }
  EXPECT_GE(greeted, 98U);
}

TEST(GreeterBot, ACallerWhoNeverAcknowledgesIsNotGreetedAndNotKept) {
  Lobby lobby;
  sim::NeverAcks rude(lobby.net, lobby.net.host("rude.test", {"192.0.2.66"}),
                      {.sdp = "v=0\r\no=- 1 1 IN IP4 192.0.2.66\r\ns=-\r\nc=IN IP4 192.0.2.66\r\nt=0 0\r\n"
                              "m=audio 4000 RTP/AVP 0\r\n"});
  rude.call(lobby.host.endpoint());
  expect(lobby.ua).to_send("200 to INVITE");
  expect(lobby.ua).to_send("BYE").not_before(31s).within(33s);  // RFC 3261 §13.3.1.4: 64*T1
  expect(lobby.ua).to_be_idle();
  EXPECT_TRUE(lobby.greeted.empty());
  EXPECT_EQ(lobby.bot.visitors(), 0U);
}

TEST(GreeterBot, GreetsFiftyAtOnce) {
  Lobby lobby;
  for (int i = 0; i < 50; ++i) (void)lobby.alice.calls("sip:hello@greeter.test");
  lobby.net.run_for(3s);
  EXPECT_EQ(lobby.greeted.size(), 50U);
  EXPECT_EQ(lobby.bot.visitors(), 50U);
  expect(lobby.alice).to_be_idle();
  expect(lobby.ua).to_be_idle();
}

}  // namespace
