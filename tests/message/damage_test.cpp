#include "corpus.hpp"
#include "message_cycle.hpp"
#include "reading.hpp"

#include <cstdlib>
#include <random>

namespace {

using namespace peal;

std::vector<std::string> damage_corpus() {
  std::vector<std::string> out;
  for (const auto* folder : {"perf", "torture/rfc4475", "torture/rfc5118"})
    for (const auto& file : peal_test::data_files(folder, std::string_view(folder) == "perf" ? ".sip" : ".dat")) {
      auto text = peal_test::read_data(file);
      if (text.size() < 2000) out.push_back(std::move(text));
    }
  return out;
}

/// Every how many mutations one is tried: all in `long`, by PEAL_DAMAGE_EVERY=1.
std::size_t damage_step() {
  const char* text = std::getenv("PEAL_DAMAGE_EVERY");
  return text == nullptr ? 37 : std::max<std::size_t>(1, std::strtoul(text, nullptr, 10));
}

std::vector<std::string> torture_corpus() {
  std::vector<std::string> out;
  for (const auto* folder : {"torture/rfc4475", "torture/rfc5118"})
    for (const auto& file : peal_test::data_files(folder, ".dat")) out.push_back(peal_test::read_data(file));
  return out;
}

/// Calls `f` with each torture message, each of its bytes changed to each other value; only every `step`th of them.
template <class F>
void each_mutation(std::size_t step, F f) {
  std::size_t turn = 0;
  for (auto& text : torture_corpus())
    for (auto& byte : text) {
      const char old = byte;
      for (unsigned other = 1; other < 256; ++other)
        if (turn++ % step == 0) {
          byte = static_cast<char>(static_cast<unsigned char>(old) ^ other);
          f(std::string_view(text));
        }
      byte = old;
    }
}

TEST(DamageTest, CutAtEveryByte) {
  Parser parser;
  for (const auto& text : damage_corpus())
    for (std::size_t size = 0; size <= text.size(); ++size)
      peal_test::message_cycle(parser, std::string_view(text).substr(0, size));
  for (const auto& text : torture_corpus())
    for (std::size_t size = 0; size <= text.size(); ++size)
      peal_test::message_cycle(parser, std::string_view(text).substr(0, size));
}

TEST(DamageTest, EveryReaderFindsTheSameInWhatIsCut) {
  for (const auto& text : torture_corpus())
    for (std::size_t size = 1; size <= text.size(); size += damage_step() == 1 ? 1U : 3U) {
      const auto cut = std::string_view(text).substr(0, size);
      const auto expected = peal_test::reading(readers().front(), cut);
      for (const auto& reader : readers().subspan(1))
        ASSERT_EQ(peal_test::reading(reader, cut), expected) << reader.instructions << "\n" << cut;
    }
}

TEST(DamageTest, EveryMutationOfOneByte) {
  Parser parser;
  each_mutation(damage_step(), [&](std::string_view text) { peal_test::message_cycle(parser, text); });
}

TEST(DamageTest, EveryReaderFindsTheSameInEveryMutation) {
  const auto step = damage_step();
  each_mutation(step == 1 ? 1 : 5 * step, [&](std::string_view text) {
    const auto expected = peal_test::reading(readers().front(), text);
    for (const auto& reader : readers().subspan(1))
      ASSERT_EQ(peal_test::reading(reader, text), expected) << reader.instructions << "\n" << text;
  });
}

TEST(DamageTest, ATruncatedMessageWithALengthIsNeverAccepted) {
  Parser parser;
  const auto text = peal_test::read_data(peal_test::data_path("perf/1_invite_big.sip"));
  for (std::size_t size = 0; size < text.size(); ++size) {
    const auto parsed = peal_test::message_cycle(parser, std::string_view(text).substr(0, size));
    EXPECT_TRUE(parsed == Parsed::garbage || parsed == Parsed::bad_request) << size;
  }
}

TEST(DamageTest, EveryByteChanged) {
  Parser parser;
  using namespace std::string_view_literals;
  constexpr auto bytes =
      "\0\r\n\t \"\\<>,;:=@%[]\x7f\x80\xff"
      "9aZ"sv;
  auto messages = damage_corpus();
  messages.resize(std::min<std::size_t>(messages.size(), 24));  // the rest is the fuzzer's
  std::size_t turn = 0;
  for (auto& text : messages)
    for (auto& byte : text) {
      const char old = byte;
      for (int i = 0; i < 3; ++i) {
        byte = bytes[turn++ % bytes.size()];
        peal_test::message_cycle(parser, text);
      }
      byte = old;
    }
}

TEST(DamageTest, RandomSplices) {
  Parser parser;
  std::mt19937 random(4475);  // NOLINT(cert-msc51-cpp): the same run each time
  const auto messages = damage_corpus();
  const auto below = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); };
  for (int i = 0; i < 20'000; ++i) {
    auto text = messages[below(messages.size())];
    const auto& other = messages[below(messages.size())];
    const auto from = below(other.size());
    text.replace(below(text.size()), below(40), other.substr(from, below(80)));
    peal_test::message_cycle(parser, text);
  }
}

}  // namespace
