#include <peal/transport/asio_runtime.hpp>
#include <peal/transport/transport_layer.hpp>

#include <asio/io_context.hpp>

#include <gtest/gtest.h>

#include <cerrno>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <sys/socket.h>

/// What the kernel answers to the next sends: an errno, or 0 for the truth. Empty: the truth.
static std::deque<int> faults;  // NOLINT: the linker puts the functions below in place of the kernel's

static bool fails() {
  if (faults.empty()) return false;
  errno = faults.front();
  faults.pop_front();
  return errno != 0;
}

extern "C" {
ssize_t __real_sendto(int, const void*, size_t, int, const sockaddr*, socklen_t);
ssize_t __wrap_sendto(int socket, const void* bytes, size_t size, int flags, const sockaddr* to, socklen_t room) {
  return fails() ? -1 : __real_sendto(socket, bytes, size, flags, to, room);
}
int __real_sendmmsg(int, mmsghdr*, unsigned, int);
int __wrap_sendmmsg(int socket, mmsghdr* messages, unsigned count, int flags) {
  // The truth is told of two at most, so that a batch is taken in pieces.
  return fails() ? -1 : __real_sendmmsg(socket, messages, count < 2 ? count : 2, flags);
}
}

namespace peal::inline v0::transport {
namespace {

using namespace std::chrono_literals;

/// A socket whose kernel is short of room, memory or luck.
class UdpFaultsTest : public ::testing::Test, public DatagramSink {
 protected:
  UdpFaultsTest() {
    AsioRuntimeOptions options;
    options.log = &null_log();
    options.send_queue = 4;
    runtime = make_runtime(context, options);
    socket = runtime->network().open_datagram(Endpoint::parse("127.0.0.1:0").value(), *this).value();
  }
  ~UdpFaultsTest() override { faults.clear(); }
  void on_datagram(const Datagram& datagram) override { texts.emplace_back(datagram.data, datagram.size); }
  void on_unreachable(const Endpoint& peer, std::error_code why) override { unreachable.emplace_back(peer, why); }
  void on_dropped(std::size_t count) override { dropped += count; }
  void send(const std::string& text) { socket->send(SharedBytes(text), socket->local()); }
  /// Until as many have arrived, and whatever else is ready.
  void run_until_heard(std::size_t count) {
    const auto limit = std::chrono::steady_clock::now() + 10s;
    while (texts.size() < count && std::chrono::steady_clock::now() < limit) {
      context.restart();
      context.run_one_for(100ms);
    }
    context.restart();
    context.poll();
    EXPECT_EQ(texts.size(), count);
  }

  asio::io_context context;
  std::unique_ptr<Runtime> runtime;
  std::unique_ptr<DatagramSocket> socket;
  std::vector<std::string> texts;
  std::vector<std::pair<Endpoint, std::error_code>> unreachable;
  std::size_t dropped = 0;
};

TEST_F(UdpFaultsTest, AFullSocketIsWaitedForAndTheOrderKept) {
  faults = {EAGAIN, EAGAIN};
  send("1");
  send("2");
  {
    const Runtime::Turn turn(*runtime);
    send("3");
  }
  EXPECT_TRUE(texts.empty());
  run_until_heard(3);
  EXPECT_EQ(texts, (std::vector<std::string>{"1", "2", "3"}));
  EXPECT_EQ(dropped, 0U);
  EXPECT_TRUE(unreachable.empty());
}

TEST_F(UdpFaultsTest, WhatIsOverTheQueueIsDroppedAndCounted) {
  faults = {EAGAIN};
  for (int i = 0; i < 7; ++i) send(std::to_string(i));
  EXPECT_EQ(dropped, 0U) << "told in a later turn";
  run_until_heard(4);
  EXPECT_EQ(texts, (std::vector<std::string>{"0", "1", "2", "3"}));
  EXPECT_EQ(dropped, 3U);
}

TEST_F(UdpFaultsTest, ATurnLongerThanTheQueueIsSentInBetween) {
  {
    const Runtime::Turn turn(*runtime);
    for (int i = 0; i < 11; ++i) send(std::to_string(i));
  }
  run_until_heard(11);
  EXPECT_EQ(texts.back(), "10");
  EXPECT_EQ(dropped, 0U);
}

TEST_F(UdpFaultsTest, ABatchTakenInPiecesGoesOutWhole) {
  faults = {0, EAGAIN, 0, EINTR};
  {
    const Runtime::Turn turn(*runtime);
    for (const char* text : {"1", "2", "3", "4"}) send(text);
  }
  run_until_heard(4);
  EXPECT_EQ(texts, (std::vector<std::string>{"1", "2", "3", "4"}));
}

TEST_F(UdpFaultsTest, WithoutMemoryItIsAsIfTheNetworkHadLostIt) {
  faults = {ENOBUFS, ENOMEM};
  send("1");
  send("2");
  send("3");
  run_until_heard(1);
  EXPECT_EQ(texts[0], "3");
  EXPECT_EQ(dropped, 2U);
  EXPECT_TRUE(unreachable.empty()) << "the peer is not to blame";
}

TEST_F(UdpFaultsTest, AnEarlierOnesErrorIsNotTheNextOnes) {
  faults = {ECONNREFUSED};
  send("1");
  run_until_heard(1);
  EXPECT_TRUE(unreachable.empty());
}

TEST_F(UdpFaultsTest, AnErrorThatStaysIsToldOnceAPeer) {
  faults = {ENETUNREACH, ENETUNREACH, ENETUNREACH, ENETUNREACH};
  send("1");
  send("2");
  send("3");
  run_until_heard(1);
  EXPECT_EQ(texts[0], "3");
  ASSERT_EQ(unreachable.size(), 1U);
  EXPECT_EQ(unreachable[0].first, socket->local());
  EXPECT_EQ(unreachable[0].second, std::errc::network_unreachable);
}

TEST_F(UdpFaultsTest, TheSocketMayGoWhileItWaits) {
  faults = {EAGAIN, EAGAIN, EAGAIN};
  send("1");
  socket.reset();
  context.restart();
  context.poll();
  EXPECT_TRUE(texts.empty());
}

TEST_F(UdpFaultsTest, TheLayerCountsWhatWasDropped) {
  struct Silent final : TransportUser {
    void on_request(const Request&, const Flow&) override {}
    void on_response(const Response&, const Flow&, bool) override {}
    void on_unreachable(const Flow&, std::error_code) override {}
  } user;
  TransportLayer layer(*runtime, user);
  const auto point = layer.listen(Protocol::udp, Endpoint::parse("127.0.0.1:0").value()).value();
  faults = {ENOBUFS};
  layer.send({{Protocol::udp, point, socket->local(), 0}, SharedBytes("x")});
  context.restart();
  context.poll();
  EXPECT_EQ(layer.drops()[Drop::unsendable], 1U);
}

}  // namespace
}  // namespace peal::inline v0::transport
