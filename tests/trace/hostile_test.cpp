#include "trace_call.hpp"
#include "well_formed.hpp"

#include <peal/trace/jsonl.hpp>
#include <peal/trace/ladder.hpp>
#include <peal/trace/pcapng.hpp>

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace {

using namespace trace_call;

void expect_well_formed(const std::string& page) {
  trace_call::WellFormed form{page, {}, {}};
  EXPECT_TRUE(form.check()) << form.why << "\n" << page.substr(page.find("</style>"));
}

const std::string_view nasty[] = {
    "<script>alert(1)</script> sip:b SIP/2.0\r\n\r\n",
    "SIP/2.0 200 </span></summary><img src=x onerror=alert(1)>\r\n\r\n",
    "SIP/2.0 486 \x1b[2J\x1b]0;title\x07\r\n\r\n",
    "INVITE\"><b> sip:\xe2\x80\xae SIP/2.0\r\nContent-Type: \"'><x>\r\n\r\nbody & </pre>",
    "SIP/2.0 200 a;b#c%%{init}\n    p0->>p1: forged\r\n\r\n",
    "\xff\xfe\xc0\x80\xed\xa0\x80\xf8",
    std::string_view("\0\0\0\0", 4),
    "SIP/2.0 999999 x\r\n\r\n",
    "\r\n\r\n",
    "",
};

trace::LadderOptions nasty_names() {
  trace::LadderOptions options;
  options.names = {{alice, "</b><script>x\n;end"}, {bob, "end"}};
  options.title = "<title> & \x1b \" '";
  return options;
}

trace::Ring& fill(trace::Ring& ring) {
  for (const auto text : nasty) {
    ring.on_message({Direction::sent, Protocol::udp, alice, bob, start, text});
    ring.note(text, start);
  }
  return ring;
}

TEST(Hostile, HtmlKeepsItsShape) {
  trace::Ring ring;
  const auto page = trace::ladder_html(fill(ring).records(), nasty_names());
  expect_well_formed(page);
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_EQ(page.find("<img"), std::string::npos);
  EXPECT_EQ(page.find("\xe2\x80\xae"), std::string::npos);
  EXPECT_NE(page.find("\\u{202e}"), std::string::npos);
  EXPECT_NE(page.find("\\xff\\xfe\\xc0\\x80\\xed\\xa0\\x80\\xf8"), std::string::npos);
}

TEST(Hostile, TheCheckItselfFindsWhatIsWrong) {
  for (const auto* bad :
       {"<html><b></html>", "<html>&</html>", "<html><a x=\"></a></html>", "<html>\x1b</html>", "<html>"}) {
    trace_call::WellFormed form{bad, {}, {}};
    EXPECT_FALSE(form.check()) << bad;
  }
}

TEST(Hostile, TextLadderShowsOnePrintableLineAMessage) {
  trace::Ring ring;
  const auto text = trace::ladder_text(fill(ring).records(), nasty_names());
  for (const char c : text) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << static_cast<int>(c);
  EXPECT_EQ(text.find('\x7f'), std::string::npos);
  const auto lines = std::count(text.begin(), text.end(), '\n');
  EXPECT_EQ(lines, 4 + 2 * static_cast<long>(std::size(nasty)));
  EXPECT_NE(text.find("486 \\x1b[2J\\x1b]0;title\\x07"), std::string::npos);
}

TEST(Hostile, MermaidCannotBeForged) {
  trace::Ring ring;
  const auto text = trace::ladder_mermaid(fill(ring).records(), nasty_names());
  EXPECT_EQ(text.find("\n    p0->>p1: forged"), std::string::npos);
  EXPECT_EQ(text.find("%%{"), std::string::npos);
  EXPECT_EQ(text.find('<'), std::string::npos);
  EXPECT_NE(text.find("participant p1 as #101;nd\n"), std::string::npos);
  EXPECT_NE(text.find("200 a#59;b#35;c#37;#37;"), std::string::npos) << text;
}

TEST(Hostile, JsonHasOneLineAMessage) {
  trace::Ring ring;
  const auto text = trace::jsonl(fill(ring).records());
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2 * static_cast<long>(std::size(nasty)));
  for (const char c : text) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
}

TEST(Hostile, LongWordsAreCut) {
  trace::Ring ring;
  std::string text(60000, 'A');
  text += " sip:b SIP/2.0\r\nContent-Type: ";
  text.append(5000, 'b') += "\r\n\r\nx";
  ring.on_message({Direction::sent, Protocol::udp, alice, bob, start, text});
  EXPECT_LT(trace::ladder_text(ring.records()).size(), 1000U);
  EXPECT_LT(trace::ladder_mermaid(ring.records()).size(), 1000U);
}

TEST(Hostile, RandomBytesHarmNothing) {
  std::mt19937 random(11);
  const std::string_view pieces[] = {
      "SIP/2.0 ", "200 OK", "INVITE ",   " SIP/2.0", "\r\n", "\n",      "Content-Type:", "Call-ID: ", "<",
      "&",        "\"",     "response=", "sip:a:",   "@",    "inline:", "a=crypto:",     "\\",        "Authorization:"};
  trace::Ring ring(1U << 20U);
  for (int i = 0; i < 3000; ++i) {
    std::string text;
    for (auto n = random() % 12; n > 0; --n)
      text += random() % 3 == 0 ? std::string(1, static_cast<char>(random() % 256))
                                : std::string(pieces[random() % std::size(pieces)]);
    ring.on_message(
        {random() % 2 == 0 ? Direction::sent : Direction::received, Protocol::udp, alice, bob, start, text});
  }
  const auto records = ring.records();
  expect_well_formed(trace::ladder_html(records));
  EXPECT_FALSE(trace::ladder_text(records).empty());
  EXPECT_FALSE(trace::ladder_mermaid(records).empty());
  EXPECT_FALSE(trace::jsonl(records).empty());
  EXPECT_FALSE(trace::pcapng(records).empty());
}

}  // namespace
