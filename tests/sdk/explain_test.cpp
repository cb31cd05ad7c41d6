#include <peal/explain.hpp>
#include <peal/message/headers.hpp>
#include <peal/message/registry/event_packages.hpp>
#include <peal/message/registry/methods.hpp>
#include <peal/message/registry/option_tags.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

using peal::Explanation;
using peal::StatusCode;

std::string all_text(const Explanation& e) {
  std::string text;
  for (const auto part : {e.title, e.meaning, e.sent_by, e.causes, e.remedy, e.remedy_uas, e.rfc}) {
    text += part;
    text += '\n';
  }
  return text;
}

Explanation of(int code) { return peal::explain(*StatusCode::make(code)).value(); }
Explanation of(std::string_view method) { return peal::explain_method(method).value(); }

bool is_class(const Explanation& e) { return e.title.substr(1, 2) == "xx"; }

std::vector<Explanation> everything() {
  const auto codes = peal::explained_codes();
  const auto methods = peal::explained_methods();
  std::vector<Explanation> all(codes.begin(), codes.end());
  all.insert(all.end(), methods.begin(), methods.end());
  return all;
}

TEST(Explain, CoversEveryCodeOfTheTableUnderItsRegisteredName) {
  for (const auto& row : peal::status_table()) {
    SCOPED_TRACE(row.code.value());
    const auto explained = peal::explain(row.code);
    ASSERT_TRUE(explained);
    EXPECT_EQ(explained->title, std::to_string(row.code.value()) + " " + std::string(row.reason));
    EXPECT_EQ(explained->rfc.substr(0, explained->rfc.find(';')), row.rfc);
    EXPECT_TRUE(explained->is_code());
    EXPECT_TRUE(row.registered || explained->meaning.find("registered") != std::string_view::npos);
  }
  EXPECT_EQ(peal::explained_codes().size(), peal::status_table().size() + 6) << "the rest are the classes";
}

TEST(Explain, CoversEveryMethodOfTheTable) {
  for (const auto& row : peal::method_table()) {
    SCOPED_TRACE(row.name);
    const auto explained = peal::explain_method(row.name);
    ASSERT_TRUE(explained);
    EXPECT_EQ(explained->title, row.name);
    EXPECT_EQ(explained->rfc.substr(0, explained->rfc.find(';')), row.rfc);
    EXPECT_FALSE(explained->is_code());
  }
  EXPECT_EQ(peal::explained_methods().size(), peal::method_table().size());
}

TEST(Explain, LeavesNoFieldEmptyOrHalfFilled) {
  for (const auto& e : everything()) {
    SCOPED_TRACE(e.title);
    EXPECT_GE(e.meaning.size(), 40U);
    for (const auto field : {e.sent_by, e.causes, e.remedy, e.remedy_uas}) EXPECT_GE(field.size(), 15U) << field;
    for (const auto field : {e.meaning, e.sent_by, e.causes, e.remedy, e.remedy_uas}) {
      EXPECT_TRUE(field.ends_with('.') || field.ends_with("\u2026")) << field;
      EXPECT_EQ(field.find("  "), std::string_view::npos) << field;
      EXPECT_EQ(field.find_first_of("\r\n\t"), std::string_view::npos) << field;
    }
  }
}

TEST(Explain, SharesNoTextBetweenTwoEntries) {
  std::map<std::string_view, std::string_view> owner;
  for (const auto& e : everything())
    for (const auto field : {e.title, e.meaning, e.causes, e.remedy, e.remedy_uas}) {
      const auto [other, is_new] = owner.emplace(field, e.title);
      EXPECT_TRUE(is_new) << e.title << " says the same as " << other->second << ": " << field;
    }
  std::set<std::string_view> senders;
  for (const auto& e : everything())
    EXPECT_TRUE(is_class(e) || senders.insert(e.sent_by).second) << e.title << ": " << e.sent_by;
}

TEST(Explain, FallsBackToTheClassAndSaysSo) {
  for (int code = 100; code <= 699; ++code) {
    const auto explained = peal::explain(*StatusCode::make(code));
    ASSERT_TRUE(explained) << code;
    if (peal::find_status(*StatusCode::make(code)) == nullptr) {
      EXPECT_EQ(explained->title.substr(0, 3), std::to_string(code / 100) + "xx");
      EXPECT_NE(explained->title.find("Unregistered"), std::string_view::npos);
      EXPECT_NE(explained->meaning.find("not in the registry"), std::string_view::npos);
      const auto treated_as = std::to_string(equivalent(*StatusCode::make(code)).value());
      EXPECT_NE(explained->meaning.find("treated as " + treated_as), std::string_view::npos) << code;
    }
  }
  EXPECT_FALSE(peal::explain(StatusCode(0)));
  EXPECT_FALSE(peal::explain(StatusCode(700)));
}

TEST(Explain, TakesMethodNamesInAnyLetterCase) {
  EXPECT_EQ(of("prack").title, "PRACK");
  EXPECT_EQ(of("Invite").title, "INVITE");
  for (const auto* none : {"", "PINGME", "INVIT", "4xx"}) EXPECT_FALSE(peal::explain_method(none)) << none;
}

// Where popular tutorials are wrong, and what the RFC says instead.
TEST(Explain, SaysWhatTheRfcSaysWhereTutorialsDoNot) {
  const auto expect = [](const Explanation& e, std::initializer_list<std::string_view> phrases) {
    for (const auto phrase : phrases)
      EXPECT_NE(all_text(e).find(phrase), std::string::npos) << e.title << " does not say: " << phrase;
  };
  // RFC 3903 §4.2 and Table 1
  expect(of("PUBLISH"), {"Expires is optional: without it the server chooses",
                         "423: too short, with Min-Expires, a header that has its place in this response alone"});
  // RFC 3311 §5.1
  expect(of("UPDATE"), {"in an early dialog and in a confirmed one alike", "On a confirmed dialog it is legal"});
  // RFC 7647 §5
  expect(of("REFER"), {"200 means accepted: not 202", "a 202 counts as 200"});
  expect(of(202), {"Answer SUBSCRIBE, NOTIFY and REFER with 200", "deprecated"});
  // RFC 3262 §3
  expect(of("PRACK"), {"Require: 100rel together with an RSeq", "Supported: 100rel in a response asks for nothing"});
  // RFC 3261 §15
  expect(of("BYE"), {"In an early dialog the caller may send it", "the callee must not", "follows the route set"});
  // RFC 3261 §8.2.2.2
  expect(of(482), {"merged request", "arrived a second time over another path"});
  // RFC 3428 §7
  expect(of("MESSAGE"), {"200: delivered to this element", "202: stored for later"});
  expect(of(200), {"MESSAGE: delivered to this element"});
  // RFC 3261 §9.2: the CANCEL itself is answered 200
  expect(of(487), {"never an answer to the CANCEL itself"});
  // RFC 8224 §13.2
  expect(of(436), {"Until RFC 8224 the phrase was \"Bad Identity-Info\""});
  expect(of(437), {"Until RFC 8224 the phrase was \"Unsupported Certificate\""});
  // RFC 4320 §4.2
  expect(of(408), {"For other methods no element may send 408"});
}

TEST(ExplainFormat, NamesTheNumberThatWasAskedFor) {
  EXPECT_TRUE(peal::format(StatusCode(431)).value().starts_with("431 Unregistered client error\n"));
  EXPECT_EQ(peal::format(StatusCode(486)), format(of(486)));
  EXPECT_FALSE(peal::format(StatusCode(99)));
}

TEST(ExplainFormat, WrapsToTheWidthAndKeepsEveryWord) {
  const auto words = [](std::string_view text) {
    std::multiset<std::string> found;
    for (std::size_t at = 0; (at = text.find_first_not_of(" \n", at)) != std::string_view::npos;) {
      const auto end = std::min(text.find_first_of(" \n", at), text.size());
      found.emplace(text.substr(at, end - at));
      at = end;
    }
    return found;
  };
  for (const std::size_t width : {40U, 60U, 80U, 200U})
    for (const auto& e : everything()) {
      const auto text = format(e, width);
      auto expected = words(all_text(e));
      const auto labels =
          words(e.is_code() ? "Means Sent by Causes As UAC As UAS Read" : "Purpose Sent by Answers As UAC As UAS Read");
      expected.insert(labels.begin(), labels.end());
      EXPECT_EQ(words(text), expected) << e.title << " at " << width;
      for (std::size_t at = 0; at < text.size();) {
        const auto end = text.find('\n', at);
        const auto line = text.substr(at, end - at);
        const auto wide =
            std::ranges::count_if(line, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; });
        const bool one_word = words(line).size() == 1;
        EXPECT_TRUE(one_word || line == e.title || line.size() - static_cast<std::size_t>(wide) <= width) << line;
        at = end + 1;
      }
    }
}

TEST(ExplainFormat, KeepsToALeastWidth) { EXPECT_EQ(format(of(403), 0), format(of(403), 40)); }

// ---- one word, whatever it names

std::vector<std::string> titles_of(std::string_view token) {
  std::vector<std::string> titles;
  std::istringstream text(peal::explain_token(token));
  bool behind_empty_line = true;
  for (std::string line; std::getline(text, line); behind_empty_line = line.empty())
    if (behind_empty_line && !line.starts_with("  ")) titles.push_back(line);
  return titles;
}

TEST(ExplainToken, TellsAllThatANameStandsFor) {
  using Titles = std::vector<std::string>;
  EXPECT_EQ(titles_of("403"), (Titles{"403 Forbidden"}));
  EXPECT_EQ(titles_of("431"), (Titles{"431 Unregistered client error"}));
  EXPECT_EQ(titles_of("199"), (Titles{"199 Early Dialog Terminated", "199 (option tag)"}));
  EXPECT_EQ(titles_of("refer"), (Titles{"REFER", "refer (event package)"}));
  EXPECT_EQ(titles_of("PATH"), (Titles{"path (option tag)", "Path (header)"}));
  EXPECT_EQ(titles_of("m"), (Titles{"Contact or m (header)"}));
  EXPECT_EQ(titles_of("winfo"), (Titles{"winfo (event template-package)"}));
  EXPECT_EQ(titles_of("presence.winfo"), (Titles{"presence.winfo (event template-package)"}));
  EXPECT_EQ(titles_of("siemens-rtp-stats"), (Titles{"Siemens-RTP-Stats (event package)"}));
  for (const auto* none : {"", "99", "700", "-1", "40x", "1e2", "PINGME", "presence.x", "x-none", " timer"})
    EXPECT_EQ(peal::explain_token(none), "") << none;
}

TEST(ExplainToken, KnowsEveryRowOfEveryRegistry) {
  const auto expect = [](std::string_view name, std::string_view title, std::string_view rfc) {
    const auto text = peal::explain_token(name);
    EXPECT_NE(text.find(title), std::string::npos) << text;
    EXPECT_NE(text.find("  Read        " + std::string(rfc) + "\n"), std::string::npos) << text;
  };
  for (const auto& row : peal::option_tag_table()) expect(row.name, std::string(row.name) + " (option tag)\n", row.rfc);
  for (const auto& row : peal::event_package_table()) expect(row.name, std::string(row.name) + " (event ", row.rfc);
  for (const auto& row : peal::header::table)
    if (!row.name.empty()) expect(row.name, " (header)\n", row.rfc);
  for (const auto& row : peal::method_table()) EXPECT_EQ(titles_of(row.name).front(), row.name);
  for (const auto& row : peal::status_table())
    EXPECT_EQ(titles_of(std::to_string(row.code.value())).front().substr(4), row.reason);
}

}  // namespace
