#include "corpus.hpp"
#include "datagram.hpp"

namespace {

using namespace peal;

/// Prints into each capacity from none to one byte more than needed, with a guard on both sides.
template <class M>
void expect_prints_into_every_capacity(const M& message) {
  const auto expected = message.to_string();
  ASSERT_EQ(expected.size(), message.printed_size());
  constexpr std::size_t guard = 16;
  for (std::size_t capacity = 0; capacity <= expected.size() + 1; ++capacity) {
    std::string block(guard + capacity + guard, '#');
    const auto printed = message.print_to(std::span(block.data() + guard, capacity));
    const auto untouched = [&](std::size_t from, std::size_t to) {
      return block.find_first_not_of('#', from) >= std::min(to, block.size());
    };
    ASSERT_TRUE(untouched(0, guard)) << capacity;
    if (capacity < expected.size()) {
      ASSERT_FALSE(printed) << capacity;
      ASSERT_EQ(printed.error(), errc::too_long);
      ASSERT_TRUE(untouched(guard, block.size())) << capacity;
    } else {
      ASSERT_EQ(printed.value_or(0), expected.size()) << capacity;
      ASSERT_EQ(std::string_view(block).substr(guard, expected.size()), expected);
      ASSERT_TRUE(untouched(guard + expected.size(), block.size())) << capacity;
    }
  }
}

class PrintTest : public testing::TestWithParam<const char*> {};

TEST_P(PrintTest, IntoEveryCapacity) {
  const auto text = peal_test::read_data(peal_test::data_path("perf") / (std::string(GetParam()) + ".sip"));
  Parser parser;
  peal_test::Datagram datagram(text);
  const auto parsed = datagram.parse(parser);
  if (parsed == Parsed::response) {
    expect_prints_into_every_capacity(parser.response());
    return;
  }
  ASSERT_EQ(parsed, Parsed::request);
  auto& request = parser.request();
  expect_prints_into_every_capacity(request);
  expect_prints_into_every_capacity(Response(request, StatusCode(200), "tag"));
  // Pieces from the wire and from the arena, and a Content-Length that is written anew.
  request.push_front(header::via, *Via::make("UDP", "192.0.2.1", "z9hG4bKx", true));
  ASSERT_TRUE(request.add("X-Note", "here"));
  request.remove(header::content_length);
  expect_prints_into_every_capacity(request);
}

INSTANTIATE_TEST_SUITE_P(Perf, PrintTest,
                         testing::Values("1_invite_big", "2_invite", "3_ok_invite", "4_register", "5_notify", "6_bye"),
                         [](const auto& set) { return std::string(set.param); });

TEST(PrintToTest, NothingIntoNothing) {
  const Request empty;
  EXPECT_EQ(empty.print_to({}).value_or(1), 0U);
}

}  // namespace
