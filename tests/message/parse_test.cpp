#include "corpus.hpp"

#include <peal/message/parse.hpp>

namespace {

using namespace peal;

/// A datagram in memory as a receive slot is: padded, and no byte more, so that a sanitizer sees each step too far.
class Datagram {
 public:
  explicit Datagram(std::string_view text) : size_(text.size()), bytes_(std::make_unique<char[]>(size_ + Parser::padding)) {
    std::copy(text.begin(), text.end(), bytes_.get());
  }
  Parsed parse(Parser& parser) { return parser.parse(bytes_.get(), size_); }
  char* data() { return bytes_.get(); }

 private:
  std::size_t size_;
  std::unique_ptr<char[]> bytes_;
};

TEST(ParserTest, PerfMessagesPrintAsTheyCame) {
  Parser parser;
  for (const auto& file : peal_test::data_files("perf", ".sip")) {
    const auto text = peal_test::read_data(file);
    Datagram datagram(text);
    const auto parsed = datagram.parse(parser);
    ASSERT_TRUE(parsed == Parsed::request || parsed == Parsed::response) << file << parser.error().message() << parser.error().offset;
    const Message& message = parsed == Parsed::request ? static_cast<Message&>(parser.request()) : parser.response();
    EXPECT_EQ(message.to_string(), text);
    EXPECT_EQ(message.printed_size(), text.size());
  }
}

}  // namespace
