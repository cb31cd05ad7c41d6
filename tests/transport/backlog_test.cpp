#include <peal/transport/asio_runtime.hpp>
#include <peal/transport/transport_layer.hpp>

#include <asio/io_context.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

// What a socket tells when more arrives than is taken, and what follows from it.

namespace peal::inline v0::transport {
namespace {

class BacklogTest : public ::testing::Test {
 protected:
  struct Report {
    bool behind;
    std::size_t lost;
  };
  struct Sink : DatagramSink {
    std::vector<Report> reports;
    std::size_t heard = 0;
    void on_datagram(const Datagram&) override { ++heard; }
    void on_unreachable(const Endpoint&, std::error_code) override {}
    void on_backlog(bool behind, std::size_t lost) override { reports.push_back({behind, lost}); }
  };
  void SetUp() override {
    AsioRuntimeOptions options;
    options.socket_buffer = 1024 * 1024;
    runtime = make_runtime(context, options);
    receiver = runtime->network().open_datagram(Endpoint::parse("127.0.0.1:0").value(), sink).value();
    sender = runtime->network().open_datagram(Endpoint::parse("127.0.0.1:0").value(), other).value();
  }
  void flood(int datagrams) {
    const SharedBytes bytes(std::string(400, 'x'));
    for (int i = 0; i < datagrams; ++i) sender->send(bytes, receiver->local());
  }
  void run_until_all_is_taken() {
    for (std::size_t before = sink.heard + 1; before != sink.heard;) {
      before = sink.heard;
      context.restart();
      context.poll();
    }
  }
  asio::io_context context{1};
  std::unique_ptr<Runtime> runtime;
  Sink sink, other;
  std::unique_ptr<DatagramSocket> receiver, sender;
};

TEST_F(BacklogTest, ABurstThatFindsRoomIsNoBacklog) {
  flood(20);
  run_until_all_is_taken();
  EXPECT_EQ(sink.heard, 20U);
  EXPECT_TRUE(sink.reports.empty());
}

TEST_F(BacklogTest, AFullBufferIsToldAndItsEndAndWhatFoundNoRoom) {
  constexpr std::size_t sent = 20'000;
  flood(sent);
  run_until_all_is_taken();
#if defined(__linux__)
  ASSERT_GE(sink.reports.size(), 2U);
  EXPECT_TRUE(sink.reports.front().behind);
  EXPECT_FALSE(sink.reports.back().behind);
  std::size_t lost = 0;
  for (const auto& report : sink.reports) lost += report.lost;
  EXPECT_GT(lost, 0U);
  EXPECT_EQ(sink.heard + lost, sent);
#endif
}

// A turn that took as many as it may, and so all there were, does not leave the next request to be refused.
TEST_F(BacklogTest, IsOverBeforeWhatComesLaterIsHeard) {
  struct Hearer final : Sink {
    bool behind = false, heard_behind = false;
    void on_datagram(const Datagram& datagram) override {
      Sink::on_datagram(datagram);
      heard_behind = behind;
    }
    void on_backlog(bool now, std::size_t) override { behind = now; }
  };
  constexpr std::size_t a_turn = 256;
  AsioRuntimeOptions options;
  options.socket_buffer = 212'992;
  const auto own = make_runtime(context, options);
  for (const std::size_t size : {200U, 400U, 700U, 1000U, 1300U}) {  // what each costs is the system's affair
    Hearer hearer;
    const auto socket = own->network().open_datagram(Endpoint::parse("127.0.0.1:0").value(), hearer).value();
    const auto say = [&](std::size_t times) {
      for (std::size_t i = 0; i < times; ++i) sender->send(SharedBytes(std::string(size, 'x')), socket->local());
      for (std::size_t before = hearer.heard + 1; before != hearer.heard;) {
        before = hearer.heard;
        context.restart();
        context.poll();
      }
    };
    say(a_turn);
    if (hearer.heard != a_turn || !hearer.behind) continue;
    say(1);
    EXPECT_EQ(hearer.heard, a_turn + 1);
    EXPECT_FALSE(hearer.heard_behind);
    return;
  }
  GTEST_SKIP() << "no 256 datagrams fill this system's buffer over a half and fit";
}

TEST_F(BacklogTest, TheLayerCountsItAndSaysThatItFallsBehind) {
  struct Watcher final : TransportUser {
    TransportLayer* layer = nullptr;
    std::size_t behind = 0, heard = 0;
    void on_request(const Request&, const Flow& flow) override {
      ++heard;
      if (layer->falls_behind(flow.listen_point)) ++behind;
    }
    void on_response(const Response&, const Flow&, bool) override {}
    void on_unreachable(const Flow&, std::error_code) override {}
  } user;
  TransportLayer layer(*runtime, user);
  user.layer = &layer;
  const auto point = layer.listen(Protocol::udp, Endpoint::parse("127.0.0.1:0").value()).value();
  receiver.reset();
  const std::string text =
      "OPTIONS sip:a@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK1\r\nMax-Forwards: 70\r\n"
      "From: <sip:b@127.0.0.1>;tag=1\r\nTo: <sip:a@127.0.0.1>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n\r\n";
  constexpr std::size_t sent = 20'000;
  for (std::size_t i = 0; i < sent; ++i) sender->send(SharedBytes(text), layer.local_endpoint(point));
  for (std::size_t before = 1; before != user.heard;) {
    before = user.heard;
    context.restart();
    context.poll();
  }
#if defined(__linux__)
  EXPECT_GT(user.behind, 0U);
  EXPECT_LT(user.behind, user.heard);
  EXPECT_EQ(user.heard + layer.drops()[Drop::no_room], sent);
#endif
  EXPECT_FALSE(layer.falls_behind(point));
  EXPECT_FALSE(layer.falls_behind(17));
}

}  // namespace
}  // namespace peal::inline v0::transport
