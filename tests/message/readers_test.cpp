#include "control_bytes.hpp"
#include "corpus.hpp"
#include "reading.hpp"

#include <random>

namespace {

using namespace peal;
using peal_test::reading;

void expect_all_agree(std::string_view text) {
  const auto expected = reading(readers().front(), text);
  for (const auto& reader : readers().subspan(1))
    ASSERT_EQ(reading(reader, text), expected) << reader.instructions << "\n" << text;
}

std::vector<std::string> reader_corpus() {
  std::vector<std::string> out;
  for (const auto* folder : {"perf", "torture/rfc4475", "torture/rfc5118", "rfc-examples"})
    for (const auto& file :
         peal_test::data_files(folder, std::string_view(folder).starts_with("torture") ? ".dat" : ".sip"))
      out.push_back(peal_test::read_data(file));
  return out;
}

TEST(ReadersTest, AllInstructionSetsReadTheSame) {
  for (const auto& text : reader_corpus()) expect_all_agree(text);
}

TEST(ReadersTest, AlsoWhatIsDamaged) {
  std::mt19937 random(5118);  // NOLINT(cert-msc51-cpp): the same run each time
  const auto messages = reader_corpus();
  const auto below = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); };
  for (int i = 0; i < 6'000; ++i) {
    auto text = messages[below(messages.size())];
    for (auto changes = below(4); changes != 0; --changes) text[below(text.size())] = static_cast<char>(below(256));
    if (below(3) == 0) text.resize(below(text.size()));
    expect_all_agree(text);
  }
}

TEST(ReadersTest, ControlBytesAreFoundAlike) {
  std::mt19937 random(3261);  // NOLINT(cert-msc51-cpp)
  std::array<char, 64> bytes{};
  for (int i = 0; i < 20'000; ++i) {
    std::uint64_t expected = 0;
    for (std::size_t k = 0; k < 64; ++k) {
      const auto byte = static_cast<unsigned char>(random());
      bytes[k] = static_cast<char>((i & 1) != 0 ? byte & 0x3f : byte);
      if (static_cast<unsigned char>(bytes[k]) < 0x20) expected |= std::uint64_t{1} << k;
    }
    ASSERT_EQ(scan::control_mask_portable(bytes.data()), expected);
#if defined(__SSE2__)
    ASSERT_EQ(scan::control_mask_sse2(bytes.data()), expected);
#endif
  }
}

TEST(ReadersTest, HostsAreJudgedAlikeBytewiseAndAtOnce) {
  std::mt19937 random(5954);  // NOLINT(cert-msc51-cpp)
  constexpr std::string_view alphabet = "a1.-25";
  for (int i = 0; i < 100'000; ++i) {
    std::string host;
    for (auto n = random() % 20; n != 0; --n) host += alphabet[random() % alphabet.size()];
    std::string padded = host + std::string(64, '\r');
    const char* begin = padded.data();
    const char* end = begin + host.size();
    const char* last = host.empty() ? nullptr : scanning::last_label(begin, end);
    const bool expected = last != nullptr && ((*last < '0' || *last > '9') || scanning::ipv4_address(begin, end));
    ASSERT_EQ(scanning::is_hostname_or_ipv4(begin, end), expected) << host;
  }
}

}  // namespace
