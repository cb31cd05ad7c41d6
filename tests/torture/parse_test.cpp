#include "torture_message.hpp"

#include <nlohmann/json.hpp>

namespace torture {
namespace {

class ParseTest : public testing::TestWithParam<Verdict> {};

TEST_P(ParseTest, IsJudgedAsTheProseSays) {
  const auto& verdict = GetParam();
  const auto text = text_of(verdict.name);
  ASSERT_FALSE(text.empty());
  Received received(text);
  EXPECT_EQ(received.parsed, verdict.parsed) << received.why();
  const bool accepted = received.parsed == Parsed::request || received.parsed == Parsed::response;
  EXPECT_FALSE(accepted && verdict.prose == Prose::refuse);
  EXPECT_FALSE(!accepted && verdict.prose == Prose::well_formed) << received.why();
  if (accepted) return;
  EXPECT_EQ(received.parser.error().code, verdict.why) << received.why();
  EXPECT_EQ(text.substr(received.parser.error().offset, verdict.at.size()), verdict.at) << received.why();
  if (verdict.at.empty()) {
    EXPECT_EQ(received.parser.error().offset, text.size());
  }
}

/// tests/data/torture/…/expected.json was made from the same prose by other hands: the two must agree.
TEST_P(ParseTest, ExpectedJsonAgrees) {
  const auto& verdict = GetParam();
  const auto expected =
      nlohmann::json::parse(peal_test::read_data(peal_test::data_path(folder_of(verdict)) / "expected.json"));
  const auto& all = expected["messages"];
  const auto entry = std::find_if(all.begin(), all.end(), [&](const auto& e) { return e["name"] == verdict.name; });
  ASSERT_NE(entry, all.end());
  EXPECT_EQ((*entry)["section"], verdict.section);
  EXPECT_EQ((*entry)["well_formed"].get<bool>(), verdict.prose == Prose::well_formed);
  EXPECT_EQ((*entry)["must_reject"].get<bool>(), verdict.prose == Prose::refuse);
  const bool request = (*entry)["kind"] == "request";
  EXPECT_EQ(request, verdict.parsed == Parsed::request || verdict.parsed == Parsed::bad_request);
  Received received(text_of(verdict.name));
  if (request) {
    EXPECT_EQ(received.parser.request().method().name(), (*entry)["method"].get<std::string>());
  }
}

/// What is untouched prints as it came, but for folds (blanks) and a Content-Length that was missing; what stood behind
/// the body is gone.
TEST_P(ParseTest, PrintsAsItCame) {
  const auto& verdict = GetParam();
  auto text = text_of(verdict.name);
  Received received(text);
  if (received.parsed != Parsed::request && received.parsed != Parsed::response) return;
  const Message& message = received.parsed == Parsed::request ? static_cast<Message&>(received.parser.request())
                                                              : received.parser.response();
  const auto head_size = text.find("\r\n\r\n") + 4;
  for (std::size_t at = 0; (at = text.find("\r\n", at)) != std::string::npos && at + 2 < head_size; at += 2)
    if (text[at + 2] == ' ' || text[at + 2] == '\t') text.replace(at, 2, "  ");
  auto expected = text.substr(0, head_size);
  if (!message.has(header::content_length))
    expected.insert(head_size - 2, "Content-Length: " + std::to_string(message.body().size()) + "\r\n");
  EXPECT_EQ(message.to_string(), expected + text.substr(head_size, message.body().size()));
}

std::string parse_name(const testing::TestParamInfo<Verdict>& info) { return test_name(info.param.name); }

INSTANTIATE_TEST_SUITE_P(Rfc4475, ParseTest, testing::ValuesIn(verdicts.begin(), verdicts.begin() + 49), parse_name);
INSTANTIATE_TEST_SUITE_P(Rfc5118, ParseTest, testing::ValuesIn(verdicts.begin() + 49, verdicts.end()), parse_name);

TEST(TortureDataTest, EveryMessageIsJudged) {
  EXPECT_EQ(peal_test::data_files("torture/rfc4475", ".dat").size(), 50U) << "49 and test.dat";
  EXPECT_EQ(peal_test::data_files("torture/rfc5118", ".dat").size(), 12U);
  for (const auto* folder : {"torture/rfc4475", "torture/rfc5118"})
    for (const auto& file : peal_test::data_files(folder, ".dat")) {
      const auto name = file.stem().string();
      const bool judged = std::any_of(verdicts.begin(), verdicts.end(), [&](const auto& v) { return v.name == name; });
      EXPECT_TRUE(judged || name == "test") << name;
    }
}

/// The archive of RFC 4475 holds a fiftieth file, which the RFC does not describe: no version, no Via, no CSeq.
TEST(TortureDataTest, TheUndescribedFiftiethIsGarbage) {
  Received received(peal_test::read_data(peal_test::data_path("torture/rfc4475/test.dat")));
  EXPECT_EQ(received.parsed, Parsed::garbage);
}

}  // namespace
}  // namespace torture
