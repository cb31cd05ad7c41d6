#include "trace_call.hpp"

#include <peal/trace/pcapng.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace {

using namespace trace_call;

std::uint64_t little_at(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t out = 0;
  for (std::size_t i = size; i-- > 0;) out = (out << 8U) | static_cast<unsigned char>(bytes.at(at + i));
  return out;
}
std::uint64_t big_at(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < size; ++i) out = (out << 8U) | static_cast<unsigned char>(bytes.at(at + i));
  return out;
}

struct Block {
  std::uint64_t type;
  std::string_view body;
};

std::vector<Block> blocks_of(std::string_view file) {
  std::vector<Block> out;
  while (!file.empty()) {
    const auto size = little_at(file, 4, 4);
    EXPECT_EQ(size % 4, 0U);
    EXPECT_EQ(little_at(file, size - 4, 4), size) << "the length stands at both ends";
    out.push_back({little_at(file, 0, 4), file.substr(8, size - 12)});
    file.remove_prefix(size);
  }
  return out;
}

std::string_view option_of(std::string_view options, std::uint64_t code) {
  while (little_at(options, 0, 2) != 0) {
    const auto size = little_at(options, 2, 2);
    if (little_at(options, 0, 2) == code) return options.substr(4, size);
    options.remove_prefix(4 + (size + 3) / 4 * 4);
  }
  return {};
}

struct Captured {
  std::uint64_t ns;
  std::string_view ip;
  std::string_view options;
};

Captured packet_of(const Block& block) {
  EXPECT_EQ(block.type, 6U);
  const auto size = little_at(block.body, 12, 4);
  EXPECT_EQ(little_at(block.body, 16, 4), size);
  return {little_at(block.body, 4, 4) << 32U | little_at(block.body, 8, 4), block.body.substr(20, size),
          block.body.substr(20 + (size + 3) / 4 * 4)};
}

/// The one's complement sum that a receiver takes: 0xffff when nothing was damaged.
std::uint32_t verify(std::string_view bytes) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); i += 2)
    sum += i + 1 < bytes.size() ? big_at(bytes, i, 2) : big_at(bytes, i, 1) << 8U;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16U);
  return static_cast<std::uint32_t>(sum);
}

std::string pseudo(std::string_view addresses, std::size_t size, unsigned char protocol) {
  std::string out(addresses);
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(size >> static_cast<unsigned>(shift)));
  return out.append(3, '\0').append(1, static_cast<char>(protocol));
}

TEST(Pcapng, BeginsAsTheFormatSays) {
  const auto file = trace::pcapng({});
  const auto blocks = blocks_of(file);
  ASSERT_EQ(blocks.size(), 2U);
  EXPECT_EQ(blocks[0].type, 0x0a0d0d0aU);
  EXPECT_EQ(little_at(blocks[0].body, 0, 4), 0x1a2b3c4dU);
  EXPECT_EQ(little_at(blocks[0].body, 4, 4), 1U) << "version 1.0";
  EXPECT_EQ(blocks[1].type, 1U);
  EXPECT_EQ(little_at(blocks[1].body, 0, 2), 101U) << "raw IP";
  EXPECT_EQ(option_of(blocks[1].body.substr(8), 9), "\x09") << "nanoseconds";
}

TEST(Pcapng, WrapsUdpOverIPv4) {
  Recorder recorder;
  recorder.send(0ms, alice, bob, invite);
  const auto file = trace::pcapng(recorder.ring.records());
  const auto blocks = blocks_of(file);
  ASSERT_EQ(blocks.size(), 3U) << "both ends saw it: once";
  const auto packet = packet_of(blocks[2]);
  const auto expected = std::chrono::duration_cast<std::chrono::nanoseconds>(start.time_since_epoch()).count();
  EXPECT_EQ(packet.ns, static_cast<std::uint64_t>(expected));
  EXPECT_EQ(option_of(packet.options, 2), std::string_view("\x02\0\0\0", 4)) << "outbound";
  EXPECT_EQ(big_at(packet.ip, 0, 1), 0x45U);
  EXPECT_EQ(big_at(packet.ip, 2, 2), packet.ip.size());
  EXPECT_EQ(verify(packet.ip.substr(0, 20)), 0xffffU);
  EXPECT_EQ(packet.ip.substr(12, 8), std::string_view("\xc0\x00\x02\x65\xc0\x00\x02\xc9", 8));
  const auto udp = packet.ip.substr(20);
  EXPECT_EQ(big_at(udp, 0, 2), 5060U);
  EXPECT_EQ(big_at(udp, 4, 2), udp.size());
  EXPECT_EQ(verify(pseudo(packet.ip.substr(12, 8), udp.size(), 17) + std::string(udp)), 0xffffU);
  EXPECT_EQ(udp.substr(8), invite);
}

TEST(Pcapng, WrapsUdpOverIPv6) {
  const Endpoint a{*IpAddress::parse("2001:db8::1"), 5060};
  const Endpoint b{*IpAddress::parse("2001:db8::2"), 5070};
  Recorder recorder;
  recorder.both_ends = false;
  recorder.arrive(0ms, a, b, "odd");
  const auto file = trace::pcapng(recorder.ring.records());
  const auto packet = packet_of(blocks_of(file).at(2));
  EXPECT_EQ(option_of(packet.options, 2), std::string_view("\x01\0\0\0", 4)) << "inbound";
  EXPECT_EQ(big_at(packet.ip, 0, 4), 0x60000000U);
  EXPECT_EQ(big_at(packet.ip, 4, 2), 11U);
  EXPECT_EQ(big_at(packet.ip, 6, 1), 17U);
  EXPECT_EQ(packet.ip.size(), 51U);
  EXPECT_EQ(verify(pseudo(packet.ip.substr(8, 32), 11, 17) + std::string(packet.ip.substr(40))), 0xffffU);
  EXPECT_EQ(big_at(packet.ip, 42, 2), 5070U);
}

TEST(Pcapng, WrapsStreamsAsTcpWithRunningNumbers) {
  trace::Ring ring;
  ring.on_message({Direction::sent, Protocol::tls, alice, bob, start, "12345"});
  ring.on_message({Direction::received, Protocol::tls, alice, bob, start, "abc"});
  ring.on_message({Direction::sent, Protocol::tls, alice, bob, start, "6"});
  const auto file = trace::pcapng(ring.records());
  const auto blocks = blocks_of(file);
  ASSERT_EQ(blocks.size(), 5U);
  const std::uint64_t expected[3][2] = {{1, 1}, {1, 6}, {6, 4}};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto packet = packet_of(blocks[2 + i]);
    EXPECT_EQ(big_at(packet.ip, 9, 1), 6U);
    const auto tcp = packet.ip.substr(20);
    EXPECT_EQ(big_at(tcp, 4, 4), expected[i][0]) << i;
    EXPECT_EQ(big_at(tcp, 8, 4), expected[i][1]) << i;
    EXPECT_EQ(verify(pseudo(packet.ip.substr(12, 8), tcp.size(), 6) + std::string(tcp)), 0xffffU);
  }
}

TEST(Pcapng, LongStreamMessagesTakeSeveralPackets) {
  trace::Ring ring;
  const std::string text(150'000, 'x');
  ring.on_message({Direction::sent, Protocol::tcp, alice, bob, start, text});
  ring.on_message({Direction::sent, Protocol::udp, alice, bob, start, std::string_view(text).substr(0, 65507)});
  const auto file = trace::pcapng(ring.records());
  const auto blocks = blocks_of(file);
  ASSERT_EQ(blocks.size(), 2U + 3U + 1U);
  EXPECT_EQ(packet_of(blocks[2]).ip.size(), 65535U);
  EXPECT_EQ(packet_of(blocks[4]).ip.size(), 40U + 150'000U - 2 * 65495U);
  EXPECT_EQ(packet_of(blocks[5]).ip.size(), 65535U);
}

TEST(Pcapng, NotesBecomeTheNextPacketsComment) {
  Recorder recorder;
  recorder.both_ends = false;
  recorder.ring.note("Alice calls", start);
  recorder.ring.note("late", start);
  recorder.send(0ms, alice, bob, ack);
  recorder.send(1ms, alice, bob, bye);
  const auto file = trace::pcapng(recorder.ring.records());
  const auto blocks = blocks_of(file);
  ASSERT_EQ(blocks.size(), 4U);
  EXPECT_EQ(option_of(packet_of(blocks[2]).options, 1), "Alice calls\nlate");
  EXPECT_EQ(option_of(packet_of(blocks[3]).options, 1), "");
}

TEST(Pcapng, HidesSecretsUnlessTold) {
  trace::Ring ring;
  ring.on_message(
      {Direction::sent, Protocol::udp, alice, bob, start, "BYE b SIP/2.0\r\nAuthorization: Bearer SECRET\r\n\r\n"});
  EXPECT_EQ(trace::pcapng(ring.records()).find("SECRET"), std::string::npos);
  EXPECT_NE(trace::pcapng(ring.records(), trace::Secrets::shown).find("SECRET"), std::string::npos);
}

}  // namespace
