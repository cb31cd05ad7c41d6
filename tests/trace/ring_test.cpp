#include "trace_call.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <random>
#include <string>

namespace {

using namespace trace_call;

void feed(trace::Ring& ring, std::string_view text) {
  ring.on_message({Direction::sent, Protocol::tls, alice, bob, start, text});
}

TEST(TraceRing, KeepsWhatTheTapSaw) {
  trace::Ring ring(1000);
  std::string text = "first";
  feed(ring, text);
  text = "gone!";
  ring.note("a note", start + 1s);
  const auto records = ring.records();
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].bytes, "first") << "a copy";
  EXPECT_EQ(records[0].protocol, Protocol::tls);
  EXPECT_EQ(records[0].from(), alice);
  EXPECT_EQ(records[0].to(), bob);
  EXPECT_EQ(records[1].kind, trace::Record::Kind::note);
  EXPECT_EQ(records[1].bytes, "a note");
  EXPECT_EQ(records[1].time, start + 1s);
  EXPECT_EQ(ring.bytes(), 11U);
  ring.clear();
  EXPECT_EQ(ring.size(), 0U);
  EXPECT_EQ(ring.bytes(), 0U);
}

TEST(TraceRing, DropsTheOldestForRoom) {
  trace::Ring ring(640);
  for (int i = 0; i < 100; ++i) feed(ring, std::string(200, static_cast<char>('a' + i % 26)));
  const auto records = ring.records();
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records[2].bytes, std::string(200, 'v'));
  EXPECT_EQ(records[0].bytes, std::string(200, 't'));
  EXPECT_EQ(ring.dropped(), 97U);
}

TEST(TraceRing, CutsWhatIsLongerThanAll) {
  trace::Ring ring(100);
  feed(ring, "short");
  feed(ring, std::string(101, 'x'));
  ASSERT_EQ(ring.size(), 1U);
  EXPECT_EQ(ring.records()[0].bytes.size(), 100U);
  EXPECT_EQ(ring.truncated(), 1U);
}

TEST(TraceRing, ManyTinyMessagesAreBoundedToo) {
  trace::Ring ring(64000);
  for (int i = 0; i < 100000; ++i) feed(ring, "");
  EXPECT_EQ(ring.size(), 1000U);
}

TEST(TraceRing, AnyMixEqualsTheNewestOfAll) {
  std::mt19937 random(5);
  trace::Ring ring(4096);
  std::deque<std::string> all;
  for (int i = 0; i < 20000; ++i) {
    all.push_back(std::string(random() % (random() % 20 == 0 ? 4097 : 300), static_cast<char>(random() % 256)));
    feed(ring, all.back());
    if (all.size() > 200) all.pop_front();
    const auto records = ring.records();
    ASSERT_FALSE(records.empty());
    ASSERT_LE(ring.bytes(), 4096U);
    for (std::size_t j = 0; j < records.size(); ++j) ASSERT_EQ(records[j].bytes, all[all.size() - records.size() + j]);
  }
  EXPECT_EQ(ring.dropped() + ring.size(), 20000U);
}

}  // namespace
