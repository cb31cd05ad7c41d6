#include "corpus.hpp"
#include "message_cycle.hpp"

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

TEST(DamageTest, CutAtEveryByte) {
  Parser parser;
  for (const auto& text : damage_corpus())
    for (std::size_t size = 0; size <= text.size(); ++size)
      peal_test::message_cycle(parser, std::string_view(text).substr(0, size));
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
