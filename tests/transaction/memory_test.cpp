#include "echo_records.hpp"
#include "key.hpp"
#include "slot_table.hpp"

#include <peal/testing/simulator.hpp>

#include <gtest/gtest.h>

#include <unistd.h>

#include <fstream>
#include <iostream>
#include <string>

// A million transactions that only wait: what they cost, and that nothing but memory grows with them.

namespace transaction_memory {

using namespace std::chrono_literals;
using namespace peal;
using namespace peal::transaction;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif
#else
constexpr bool sanitized = false;
#endif

std::size_t resident_bytes() {
  std::size_t total = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> total >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

/// Records and the table that finds them, as the layer has them.
class Lingering : public testing::Test, public EchoRecords::Owner {
 protected:
  void on_echo_gone(std::uint32_t index, const EchoRecord& record) noexcept override {
    table.erase(static_cast<std::uint32_t>(record.key.low), index);
  }
  void linger(EchoRecords& records, std::size_t number, std::size_t bytes) {
    EchoRecord record;
    record.key = keys.client("z9hG4bK" + std::to_string(number));
    record.kind = EchoKind::response_completed;
    record.kept = SharedBytes(std::string(bytes, 'x'));
    table.reserve_one();
    const auto hash = static_cast<std::uint32_t>(record.key.low);
    table.insert(hash, records.add(EchoRecords::Wait::t1_64, std::move(record)));
  }
  [[nodiscard]] bool finds(const EchoRecords& records, std::size_t number, std::size_t& looked_at) const {
    const Key key = keys.client("z9hG4bK" + std::to_string(number));
    return SlotTable::none != table.find(static_cast<std::uint32_t>(key.low),
                                         [&](std::uint32_t index) { return ++looked_at, records[index].key == key; });
  }
  static constexpr std::size_t million = sanitized ? 100'000 : 1'000'000;  // instrumented it is slow, and no measure
  sim::Simulator world;
  transport::Runtime& runtime = world.host("a", {"192.0.2.1"}).runtime();
  KeyMaker keys{runtime.random()};
  SlotTable table;
  std::array<Duration, 3> durations{32s, 32s, 5s};
};

TEST_F(Lingering, AMillionCostTheirBytesAndNothingElse) {
  EchoRecords records(runtime.timers(), *this, durations, 1'000'000'000);
  const std::size_t before = resident_bytes();
  for (std::size_t i = 0; i < million; ++i) linger(records, i, 100);
  const std::size_t resident = resident_bytes() - before;
  EXPECT_EQ(records.size(), million);
  EXPECT_LE(records.bytes(), million * (100 + 100));  // 100 beside what it keeps, heads and rounding among them
  if (!sanitized) {
    EXPECT_LE(resident, records.bytes() + records.bytes() / 10);
  }
  EXPECT_EQ(world.host("a").armed_timers(), 1U);  // of the FIFO
  EXPECT_LT(table.longest_probe(), 64U);
  std::size_t looked_at = 0;
  for (std::size_t i = 0; i < million; i += 97) EXPECT_TRUE(finds(records, i, looked_at));
  EXPECT_LT(looked_at, million / 97 + 100);  // the hash in the table tells nearly all apart
  EXPECT_FALSE(finds(records, million + 1, looked_at));
  std::cout << "resident " << resident / million << " bytes a record, counted " << records.bytes() / million
            << ", longest probe " << table.longest_probe() << '\n';
  world.run_for(33s);
  EXPECT_EQ(records.size() + records.bytes() + table.size(), 0U);
  EXPECT_EQ(world.host("a").armed_timers(), 0U);
  EXPECT_LE(table.capacity(), 128U);
}

TEST_F(Lingering, AFloodOfAMillionStaysUnderTheCeilingAndIsCounted) {
  constexpr std::size_t ceiling = 10'000'000;
  EchoRecords records(runtime.timers(), *this, durations, ceiling);
  for (std::size_t i = 0; i < million; ++i) {
    linger(records, i, 300);
    if (records.bytes() > ceiling) FAIL() << "over the ceiling at " << i;
  }
  EXPECT_EQ(records.dropped() + records.size(), million);
  EXPECT_GT(records.size(), ceiling / 400);
  EXPECT_EQ(table.size(), records.size());
  EXPECT_LT(table.capacity(), records.size() * 2);
  // Who is left are the last ones.
  std::size_t looked_at = 0;
  EXPECT_TRUE(finds(records, million - 1, looked_at));
  EXPECT_TRUE(finds(records, million - records.size(), looked_at));
  EXPECT_FALSE(finds(records, million - records.size() - 1, looked_at));
}

// Table by table load, the dearest place of a record: just grown, and just before it shrinks.
TEST_F(Lingering, ThePlaceInTheTableCostsSeventeenBytesAtMost) {
  std::size_t dearest = 0;
  const auto look = [&] { dearest = std::max(dearest, table.capacity() * 8 * 10 / table.size()); };
  for (std::uint32_t i = 0; i < million; ++i) {
    table.insert(i * 2'654'435'761U, i);
    if (i > 1000) look();
  }
  EXPECT_LE(dearest, 130U);  // tenths of a byte
  for (std::uint32_t i = 0; i < million - 1000; ++i) {
    table.erase(i * 2'654'435'761U, i);
    look();
  }
  EXPECT_LE(dearest, 165U);
}

// The last homes push on into the room behind them, and when that is full the table grows.
TEST_F(Lingering, HashesThatAllWantTheLastPlaceFindRoom) {
  for (std::uint32_t i = 0; i < 300; ++i) table.insert(0xffff'ffff - i % 3, i);
  EXPECT_EQ(table.size(), 300U);
  for (std::uint32_t i = 0; i < 300; ++i)
    EXPECT_EQ(table.find(0xffff'ffff - i % 3, [&](std::uint32_t slot) { return slot == i; }), i);
  for (std::uint32_t i = 0; i < 300; ++i) table.erase(0xffff'ffff - i % 3, i);
  EXPECT_EQ(table.size(), 0U);
  EXPECT_EQ(table.find(0xffff'ffff, [](std::uint32_t) { return true; }), SlotTable::none);
}

// Equal hashes side by side, another between them when a slot is sought: the hash tells, not the slot alone.
TEST_F(Lingering, ASlotNumberMayStandUnderTwoHashes) {
  table.insert(0x1000'0000, 7);
  table.insert(0x1000'0001, 7);
  table.replace(0x1000'0001, 7, 8);
  EXPECT_EQ(table.find(0x1000'0000, [](std::uint32_t) { return true; }), 7U);
  EXPECT_EQ(table.find(0x1000'0001, [](std::uint32_t) { return true; }), 8U);
  table.erase(0x1000'0000, 7);
  EXPECT_EQ(table.find(0x1000'0001, [](std::uint32_t) { return true; }), 8U);
}

}  // namespace transaction_memory
