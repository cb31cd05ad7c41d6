#include "corpus.hpp"
#include "datagram.hpp"

#include <nlohmann/json.hpp>

namespace {

using namespace peal;

class TortureTest : public testing::TestWithParam<const char*> {};

TEST_P(TortureTest, AcceptsWhatIsWellFormedAndRefusesWhatMustBe) {
  const std::filesystem::path folder = peal_test::data_path(std::string("torture/") + GetParam());
  const auto expected = nlohmann::json::parse(peal_test::read_data(folder / "expected.json"));
  std::size_t checked = 0;
  for (const auto& entry : expected["messages"]) {
    const auto name = entry["name"].get<std::string>();
    const auto text = peal_test::read_data(folder / entry["file"].get<std::string>());
    ASSERT_FALSE(text.empty()) << name;
    Parser parser;
    peal_test::Datagram datagram(text);
    const auto parsed = datagram.parse(parser);
    const bool accepted = parsed == Parsed::request || parsed == Parsed::response;
    const auto why = name + ": " + parser.error().message() + " at " + std::to_string(parser.error().offset);
    EXPECT_FALSE(accepted && entry["must_reject"].get<bool>()) << name;
    if (entry["well_formed"].get<bool>()) {
      EXPECT_TRUE(accepted) << why;
      const bool request = entry["kind"] == "request";
      EXPECT_EQ(parsed, request ? Parsed::request : Parsed::response) << why;
      if (request) {
        EXPECT_EQ(parser.request().method().name(), entry["method"].get<std::string>()) << why;
      }
    }
    // A request that is refused can be answered: 400, or 505 for the version
    if (!accepted && entry["kind"] == "request") {
      EXPECT_EQ(parsed, Parsed::bad_request) << why;
      EXPECT_EQ(parser.error().code == parse_errc::bad_version, name == "badvers") << why;
      EXPECT_NE(Response(parser.request(), StatusCode(400)).top_via().host(), "") << why;
    }
    ++checked;
  }
  EXPECT_EQ(checked, expected["count"].get<std::size_t>());
}

INSTANTIATE_TEST_SUITE_P(All, TortureTest, testing::Values("rfc4475", "rfc5118"),
                         [](const auto& set) { return std::string(set.param); });

TEST(TortureMessageTest, TheUndescribedFiftiethIsGarbage) {
  Parser parser;
  peal_test::Datagram datagram(peal_test::read_data(peal_test::data_path("torture/rfc4475/test.dat")));
  EXPECT_EQ(datagram.parse(parser), Parsed::garbage);
}

}  // namespace
