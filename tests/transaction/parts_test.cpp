#include "admission.hpp"
#include "echo_records.hpp"
#include "key.hpp"
#include "slab.hpp"
#include "slot_table.hpp"

#include <peal/testing/simulator.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

// What the layer is made of: keys, slabs, tables, echo records.

namespace transaction_parts {

using namespace std::chrono_literals;
using namespace peal;
using namespace peal::transaction;

// ---- SipHash

// The first vectors of the reference implementation for 128 bits: key 00..0f, inputs of 0 and 7 bytes.
TEST(SipHash, KnownAnswers) {
  const std::array<std::uint64_t, 2> key{0x0706050403020100, 0x0f0e0d0c0b0a0908};
  SipHash empty(key);
  empty.word(0);
  EXPECT_EQ(empty.digest(), (Key{0xe6a825ba047f81a3, 0x930255c71472f66d}));
  SipHash one(key);
  one.word(std::uint64_t{1} << 56U);
  EXPECT_EQ(one.digest(), (Key{0x44af996bd8c187da, 0x45fc229b11597634}));
}

TEST(SipHash, FieldsDoNotRunTogether) {
  const std::array<std::uint64_t, 2> key{1, 2};
  const auto of = [&](std::string_view a, std::string_view b) {
    SipHash hash(key);
    hash.bytes(a);
    hash.bytes(b);
    return hash.digest();
  };
  EXPECT_NE(of("ab", "c"), of("a", "bc"));
  EXPECT_NE(of("", "abc"), of("abc", ""));
  EXPECT_NE(of("12345678", ""), of("12345678", std::string_view("\0", 1)));
  EXPECT_EQ(of("ab", "c"), of("ab", "c"));
}

TEST(SipHash, CaselessMergesCaseAlone) {
  const std::array<std::uint64_t, 2> key{1, 2};
  std::set<std::pair<std::uint64_t, std::uint64_t>> digests;
  // Every character that a token or a host may hold (RFC 3261 §25.1).
  const std::string characters = "abcdefghijklmnopqrstuvwxyz0123456789-.!%*_+`'~:[]";
  for (const char c : characters) {
    SipHash lower(key);
    lower.caseless(std::string(1, c));
    const Key a = lower.digest();
    digests.insert({a.low, a.high});
    if (c < 'a' || c > 'z') continue;
    SipHash upper(key);
    upper.caseless(std::string(1, static_cast<char>(c - 'a' + 'A')));
    EXPECT_EQ(a, upper.digest()) << c;
  }
  EXPECT_EQ(digests.size(), characters.size());
}

TEST(KeyMaker, KeysDependOnTheProcess) {
  sim::Simulator one(1), two(2);
  KeyMaker a(one.host("a", {"192.0.2.1"}).runtime().random());
  KeyMaker b(two.host("a", {"192.0.2.1"}).runtime().random());
  EXPECT_NE(a.client("z9hG4bK1"), b.client("z9hG4bK1"));
  EXPECT_EQ(a.client("z9hG4bK1"), a.client("Z9hG4bk1"));
  EXPECT_EQ(a.tag({1, 2}), a.tag({1, 2}));
  EXPECT_NE(a.tag({1, 2}), a.tag({1, 3}));
  EXPECT_NE(a.tag({1, 2}), b.tag({1, 2}));
  EXPECT_EQ(a.tag({1, 2}).size(), 12U);
}

// ---- tables

TEST(SlotTable, BehavesLikeAMapUnderRandomWork) {
  SlotTable table;
  std::map<std::uint32_t, std::uint32_t> model;  // slot to hash
  std::mt19937 random(7);
  for (int i = 0; i < 200'000; ++i) {
    const auto slot = static_cast<std::uint32_t>(random() % 500);
    const auto it = model.find(slot);
    if (it == model.end()) {
      const auto hash = static_cast<std::uint32_t>(random() % 64) * 0x0400'0001U;  // many homes shared
      table.insert(hash, slot);
      model[slot] = hash;
    } else if (random() % 4 == 0) {
      table.replace(it->second, slot, slot + 1000);
      EXPECT_EQ(table.find(it->second, [&](std::uint32_t s) { return s == slot; }), SlotTable::none);
      table.replace(it->second, slot + 1000, slot);
    } else {
      table.erase(it->second, slot);
      model.erase(it);
    }
    const auto probe = static_cast<std::uint32_t>(random() % 500);
    const auto expected = model.find(probe);
    const std::uint32_t hash = expected == model.end() ? 0 : expected->second;
    const auto found = table.find(hash, [&](std::uint32_t s) { return s == probe; });
    ASSERT_EQ(found, expected == model.end() ? SlotTable::none : probe);
    ASSERT_EQ(table.size(), model.size());
  }
}

// A cell was found by its slot alone: with equal counts in one chain another source's count was changed, and the last
// request of the wronged one was looked for without end.
TEST(Admission, SourcesWithEqualCountsInOneChainAreKeptApart) {
  Limits limits;
  limits.transactions_per_source = 10;
  Admission admission(limits);
  constexpr std::uint32_t sources = 40;  // wherever the home of such hashes is, they are neighbours
  for (std::uint32_t i = 0; i < sources; ++i) admission.entered(i);
  for (std::uint32_t i = sources; i-- > 0;) admission.entered(i);
  for (std::uint32_t i = 0; i < sources; ++i) admission.left(i);
  EXPECT_EQ(admission.sources(), sources);
  for (std::uint32_t i = 0; i < sources; ++i) admission.left(i);
  EXPECT_EQ(admission.sources(), 0U);
}

TEST(SlotTable, GivesMemoryBack) {
  SlotTable table;
  for (std::uint32_t i = 0; i < 100'000; ++i) table.insert(i * 2'654'435'761U, i);
  const auto full = table.capacity();
  for (std::uint32_t i = 0; i < 100'000; ++i) table.erase(i * 2'654'435'761U, i);
  EXPECT_EQ(table.size(), 0U);
  EXPECT_LT(table.capacity(), full / 100);
}

// Branches made to collide under std::hash, as an attacker who knows the library would: all of its 64 bits. libstdc++
// hashes with MurmurHash64A under a seed that everybody knows; it takes eight bytes at a time, each step can be undone,
// and so the last eight can be chosen for any hash. Here such branches are like any others.
std::uint64_t shaken(std::uint64_t v) { return v ^ (v >> 47U); }

std::uint64_t inverse_of(std::uint64_t odd) {
  std::uint64_t inverse = odd;
  for (int i = 0; i < 6; ++i) inverse *= 2 - odd * inverse;
  return inverse;
}

/// 40 bytes, of which the last eight are chosen so that std::hash gives `wanted`.
std::string branch_of_hash(std::uint64_t number, std::uint64_t wanted) {
  constexpr std::uint64_t mul = 0xc6a4a7935bd1e995, seed = 0xc70f6907;
  char text[41];
  std::snprintf(text, sizeof text, "z9hG4bK-%024llu--------", static_cast<unsigned long long>(number));
  std::uint64_t hash = seed ^ (40 * mul);
  const auto mixed = [](std::uint64_t data) { return shaken(data * mul) * mul; };
  for (std::size_t i = 0; i < 32; i += 8) {
    std::uint64_t data;
    std::memcpy(&data, text + i, 8);
    hash = (hash ^ mixed(data)) * mul;
  }
  // The end, backwards: hash = shaken(hash) * mul, shaken again.
  const std::uint64_t back = inverse_of(mul);
  const std::uint64_t before_last = shaken(shaken(wanted) * back) * back ^ hash;
  const std::uint64_t data = shaken(before_last * back) * back;
  std::memcpy(text + 32, &data, 8);
  return std::string(text, 40);
}

TEST(SlotTable, HundredThousandBranchesCollidingUnderStdHash) {
  sim::Simulator world(3);
  KeyMaker keys(world.host("a", {"192.0.2.1"}).runtime().random());
  SlotTable table;
  std::vector<std::string> branches;
  for (std::uint64_t n = 0; n < 100'000; ++n) branches.push_back(branch_of_hash(n, 4711));
#if defined(__GLIBCXX__) && defined(__x86_64__)
  for (const auto& branch : branches) ASSERT_EQ(std::hash<std::string>{}(branch), 4711U);
#endif
  EXPECT_EQ((std::set<std::string>(branches.begin(), branches.end()).size()), branches.size());
  for (std::uint32_t i = 0; i < branches.size(); ++i)
    table.insert(static_cast<std::uint32_t>(keys.client(branches[i]).low), i);
  EXPECT_LT(table.longest_probe(), 64U);
  std::size_t looked_at = 0;
  for (std::uint32_t i = 0; i < branches.size(); ++i)
    EXPECT_EQ(table.find(static_cast<std::uint32_t>(keys.client(branches[i]).low),
                         [&](std::uint32_t slot) { return ++looked_at, slot == i; }), i);
  EXPECT_LT(looked_at, branches.size() + 100);  // the 32-bit hash alone tells nearly all apart
}

// ---- slabs

struct Counted {
  explicit Counted(int v, int& n) : value(v), live(n) { ++live; }
  ~Counted() { --live; }
  int value;
  int& live;
};

TEST(Slab, AnOldIdNeverNamesANewObject) {
  int live = 0;
  {
    Slab<Counted> slab;
    std::vector<Slab<Counted>::Place> old;
    for (int round = 0; round < 100; ++round) {
      const auto place = slab.claim();
      ::new (place.room) Counted(round, live);
      for (const auto& past : old) EXPECT_EQ(slab.find(past.slot, past.generation), nullptr);
      ASSERT_NE(slab.find(place.slot, place.generation), nullptr);
      EXPECT_EQ(slab.find(place.slot, place.generation)->value, round);
      slab.erase(place.slot);
      old.push_back(place);
    }
    EXPECT_EQ(slab.find(12345, 1), nullptr);
    EXPECT_EQ(slab.find(0, 0), nullptr);
    const auto last = slab.claim();
    ::new (last.room) Counted(1, live);
    EXPECT_EQ(slab.size(), 1U);
  }
  EXPECT_EQ(live, 0);
}

TEST(Slab, ASlotWhoseGenerationWouldWrapIsRetired) {
  int live = 0;
  Slab<Counted> slab;
  const auto first = slab.claim();
  ::new (first.room) Counted(1, live);
  slab.erase(first.slot);
  slab.set_generation(first.slot, 0xffff'ffff);
  const auto last = slab.claim();
  EXPECT_EQ(last.slot, first.slot);
  EXPECT_EQ(last.generation, 0xffff'ffffU);
  ::new (last.room) Counted(2, live);
  slab.erase(last.slot);
  EXPECT_EQ(slab.find(last.slot, 0), nullptr);
  for (int i = 0; i < 200; ++i) {
    const auto place = slab.claim();
    EXPECT_NE(place.slot, first.slot);
    ::new (place.room) Counted(i, live);
  }
}

// ---- echo records

class EchoRecordsTest : public ::testing::Test, public EchoRecords::Owner {
 protected:
  void on_echo_gone(std::uint32_t index, const EchoRecord& record) noexcept override {
    gone.push_back(record.key.low);
    indices.erase(index);
  }
  std::uint32_t add(EchoRecords& records, EchoRecords::Wait wait, std::uint64_t number, std::size_t kept = 0) {
    EchoRecord record;
    record.key.low = number;
    if (kept > 0) record.kept = SharedBytes(std::string(kept, 'x'));
    const auto index = records.add(wait, std::move(record));
    EXPECT_TRUE(indices.insert(index).second) << "index given twice";
    return index;
  }
  sim::Simulator world;
  transport::Runtime& runtime = world.host("a", {"192.0.2.1"}).runtime();
  std::array<Duration, 3> durations{32s, 40s, 5s};
  std::vector<std::uint64_t> gone;
  std::set<std::uint32_t> indices;
};

TEST_F(EchoRecordsTest, GoInOrderWhenTheirTimeIsUp) {
  EchoRecords records(runtime.timers(), *this, durations, 1'000'000);
  add(records, EchoRecords::Wait::t1_64, 1);
  add(records, EchoRecords::Wait::t4, 2);
  add(records, EchoRecords::Wait::d, 3);
  world.run_for(1s);
  add(records, EchoRecords::Wait::t4, 4);
  world.run_for(4020ms);
  EXPECT_EQ(gone, (std::vector<std::uint64_t>{2}));
  world.run_for(1s);
  EXPECT_EQ(gone, (std::vector<std::uint64_t>{2, 4}));
  world.run_for(40s);
  EXPECT_EQ(gone, (std::vector<std::uint64_t>{2, 4, 1, 3}));
  EXPECT_EQ(records.size(), 0U);
  EXPECT_EQ(records.bytes(), 0U);
  EXPECT_EQ(world.host("a").armed_timers(), 0U);
}

TEST_F(EchoRecordsTest, PastTheCeilingTheOldestGoWhateverTheirKind) {
  EchoRecords records(runtime.timers(), *this, durations, 10'000);
  for (std::uint64_t i = 0; i < 100; ++i) {
    add(records, static_cast<EchoRecords::Wait>(i % 3), i, 500);
    world.run_for(10ms);
    EXPECT_LE(records.bytes(), 10'000U);
  }
  EXPECT_GT(records.dropped(), 80U);
  EXPECT_EQ(records.dropped(), gone.size());
  EXPECT_EQ(records.size(), 100 - gone.size());
  for (std::size_t i = 0; i < gone.size(); ++i) EXPECT_EQ(gone[i], i);
}

TEST_F(EchoRecordsTest, ALiveRecordCostsUnder100BytesBesideWhatItKeeps) {
  EchoRecords records(runtime.timers(), *this, durations, 1'000'000'000);
  for (std::uint64_t i = 0; i < 10'000; ++i) add(records, EchoRecords::Wait::t1_64, i, 300);
  EXPECT_LE(records.bytes(), 10'000U * (300 + 100));
}

TEST_F(EchoRecordsTest, ChunksAreRecycled) {
  EchoRecords records(runtime.timers(), *this, durations, 1'000'000'000);
  std::uint32_t highest = 0;
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    highest = std::max(highest, add(records, EchoRecords::Wait::t4, i));
    if (i % 100 == 0) world.run_for(50ms);
  }
  EXPECT_LT(highest, 15'000U);  // 10,000 live at a time
  world.run_for(10s);
  EXPECT_EQ(records.size(), 0U);
}

TEST_F(EchoRecordsTest, FlowsArePackedWithoutLoss) {
  Flow flow;
  flow.protocol = transport::Protocol::udp;
  flow.listen_point = 0x1234'5678;
  for (const char* peer : {"192.0.2.1:5060", "[2001:db8:1:2:3:4:5:6]:65535", "[fe80::1%3]:1", "[fe80::1:2:3%4294967295]:1"}) {
    flow.peer = *transport::Endpoint::parse(peer);
    EXPECT_EQ(PackedFlow(flow).unpacked(), flow) << peer;
  }
  EXPECT_EQ(PackedFlow(Flow{}).unpacked(), Flow{});
  // No link-local address: its zone says nothing, and is lost.
  flow.peer = *transport::Endpoint::parse("[2001:db8:1:2:3:4:5:6]:5060");
  const Flow without = flow;
  flow.peer.address = transport::IpAddress::v6(flow.peer.address.bytes(), 3);
  EXPECT_EQ(PackedFlow(flow).unpacked(), without);
}

TEST_F(EchoRecordsTest, ATagIsKeptWhateverItsLength) {
  for (const std::size_t length : {0U, 1U, 12U, 16U, 17U, 200U}) {
    const std::string tag(length, 't');
    for (const auto kind : {EchoKind::server_accepted, EchoKind::server_confirmed}) {
      EchoRecord record;
      record.kind = kind;
      record.set_tag(SharedBytes(tag), 0xffff'ffff);
      EXPECT_EQ(record.tag(), tag);
      EXPECT_EQ(record.serial(), length == 0 ? 0xffff'ffffU : 0U);
      EXPECT_EQ(record.kept.empty(), length <= 16);
    }
  }
  EchoRecord other;
  other.kind = EchoKind::response_completed;
  other.kept = SharedBytes("SIP/2.0 200 OK");
  EXPECT_EQ(other.tag(), "");
  EXPECT_EQ(other.serial(), 0U);
}

}  // namespace transaction_parts
