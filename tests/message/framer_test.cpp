#include "corpus.hpp"
#include "datagram.hpp"

#include <peal/message/framer.hpp>

#include <cstring>
#include <random>

namespace {

using namespace peal;
using peal_test::invite;
using peal_test::ok;
using peal_test::replaced;
using Kind = Frame::Kind;

/// What a stream turned out to hold, as text: messages whole, "PING", "PONG", "ERROR why@where:bytes".
std::vector<std::string> drained(StreamFramer& framer) {
  std::vector<std::string> out;
  for (auto frame = framer.next(); frame.kind != Kind::need_more; frame = framer.next()) {
    const std::string bytes(frame.bytes.begin(), frame.bytes.end());
    if (frame.kind == Kind::message) out.push_back(bytes);
    if (frame.kind == Kind::ping) out.emplace_back("PING");
    if (frame.kind == Kind::pong) out.emplace_back("PONG");
    if (frame.kind != Kind::error) continue;
    out.push_back("ERROR " + frame.error.message() + "@" + std::to_string(frame.error.offset) + ":" + bytes);
    break;
  }
  return out;
}

/// Feeds `text` cut at those places; a pong just in front of a ping is half of it.
std::vector<std::string> framed(std::string_view text, const std::vector<std::size_t>& cuts = {},
                                const ParseLimits& limits = {}, std::uint64_t* work = nullptr) {
  StreamFramer framer(limits);
  std::vector<std::string> out;
  std::size_t at = 0;
  const auto feed = [&](std::size_t to) {
    while (at < to) {
      const auto space = framer.prepare();
      if (space.empty()) break;  // after an error
      const auto size = std::min(space.size(), to - at);
      std::memcpy(space.data(), text.data() + at, size);
      framer.commit(size);
      at += size;
      for (auto& frame : drained(framer)) {
        if (frame == "PING" && !out.empty() && out.back() == "PONG") out.pop_back();
        out.push_back(std::move(frame));
      }
    }
  };
  for (const auto cut : cuts) feed(cut);
  feed(text.size());
  if (work != nullptr) *work = framer.work();
  return out;
}

ParseLimits interop() {
  ParseLimits limits;
  limits.profile = Profile::interop;
  return limits;
}

using Frames = std::vector<std::string>;

TEST(StreamFramerTest, OneMessageInOnePiece) { EXPECT_EQ(framed(invite()), Frames{invite()}); }

TEST(StreamFramerTest, TheBytesMayBeParsedWhereTheyAre) {
  StreamFramer framer;
  const auto two = invite() + ok();
  const auto space = framer.prepare();
  ASSERT_GE(space.size(), two.size());
  std::memcpy(space.data(), two.data(), two.size());
  framer.commit(two.size());
  Parser parser;
  auto frame = framer.next();
  ASSERT_EQ(frame.kind, Kind::message);
  EXPECT_EQ(frame.bytes.data(), space.data());  // no copy
  ASSERT_EQ(parser.parse(frame.bytes.data(), frame.bytes.size()), Parsed::request);
  EXPECT_EQ(parser.request().to_string(), invite());
  EXPECT_EQ(framer.buffered(), ok().size());
  frame = framer.next();
  ASSERT_EQ(parser.parse(frame.bytes.data(), frame.bytes.size()), Parsed::response);
  EXPECT_EQ(parser.response().to_string(), ok());
  EXPECT_EQ(framer.next().kind, Kind::need_more);
  EXPECT_EQ(framer.buffered(), 0U);
}

TEST(StreamFramerTest, EverySplitOfAPipelinedStream) {  // §18.3: one cut and two, at every place
  const std::string small =
      "ACK sip:b@c SIP/2.0\r\nVia: SIP/2.0/TCP a;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:b@c>;tag=2\r\n"
      "Call-ID: 1\r\nCSeq: 1 ACK\r\nX-Content-Length: 7\r\nl:\r\n 9\r\n\r\nl: 1\r\n\r\n\r";
  const std::string text = "\r\n" + small + "\r\n\r\n" + ok() + small + "\r\n\r\n\r\n" + ok();
  const auto whole = framed(text);
  EXPECT_EQ(whole, (Frames{"PONG", small, "PING", ok(), small, "PING", "PONG", ok()}));
  for (std::size_t a = 0; a <= text.size(); ++a) {
    ASSERT_EQ(framed(text, {a}), whole) << a;
    for (std::size_t b = a + 1; b <= text.size(); ++b) ASSERT_EQ(framed(text, {a, b}), whole) << a << " " << b;
  }
}

TEST(StreamFramerTest, EverySplitOfAFault) {
  const auto tail = std::string("\r\n\r\n") + invite();
  for (const auto& text :
       {replaced(invite(), "Content-Length: 4\r\n", "") + tail, replaced(invite(), "Via", "Vi\ra") + tail,
        "\rINVITE" + tail, replaced(invite(), "Content-Length: 4", "Content-Length: 4\r\nl: 4") + tail,
        replaced(invite(), "Max-Forwards: 70", "X: " + std::string(120, 'x')) + tail,
        replaced(invite(), "Max-Forwards: 70", "X: \r" + std::string(120, 'x')) + tail,
        replaced(invite(), "Max-Forwards: 70", "X: " + std::string(120, 'x') + "\r" + std::string(20, 'x')) + tail}) {
    ParseLimits limits;
    limits.header_line_bytes = 100;
    const auto whole = framed(text, {}, limits);
    ASSERT_EQ(whole.size(), 1U);
    for (std::size_t a = 0; a <= text.size(); ++a) ASSERT_EQ(framed(text, {a}, limits), whole) << a;
  }
}

TEST(StreamFramerTest, KeepAlivesAreTold) {  // RFC 5626 §4.4.1
  EXPECT_EQ(framed("\r\n\r\n"), Frames{"PING"});
  EXPECT_EQ(framed("\r\n"), Frames{"PONG"});
  EXPECT_EQ(framed("\r\n\r\n\r\n\r\n"), (Frames{"PING", "PING"}));
  EXPECT_EQ(framed("\r\n" + invite()), (Frames{"PONG", invite()}));
  EXPECT_EQ(framed(invite() + "\r\n\r\n" + invite()), (Frames{invite(), "PING", invite()}));
  EXPECT_EQ(framed("\r\n\r\n", {1, 2, 3}), Frames{"PING"});
  EXPECT_EQ(framed("\r"), Frames{});
}

TEST(StreamFramerTest, ASplitPingIsAPongFirst) {
  StreamFramer framer;
  const auto feed = [&](std::string_view text) {
    const auto space = framer.prepare();
    std::copy(text.begin(), text.end(), space.begin());
    framer.commit(text.size());
    return drained(framer);
  };
  EXPECT_EQ(feed("\r\n"), Frames{"PONG"});  // whoever waits for one must not wait longer
  EXPECT_EQ(feed("\r"), Frames{});
  EXPECT_EQ(feed("\n"), Frames{"PING"});
  EXPECT_EQ(feed("\r\n"), Frames{"PONG"});
  EXPECT_EQ(feed(invite()), Frames{invite()});
  EXPECT_EQ(feed("\r\n"), Frames{"PONG"});  // not the second half of anything
}

// ---- Content-Length

struct Length {
  std::string_view lines;
  parse_errc why;
};

TEST(StreamFramerTest, BadLengthsAreRefusedAndNothingBehindThemIsRead) {
  for (const auto& [lines, why] : {
           Length{"Content-Length: 2147483648", parse_errc::too_long},                      // 2^31
           Length{"Content-Length: 4294967295", parse_errc::too_long},                      // 2^32 - 1
           Length{"Content-Length: 4294967296", parse_errc::bad_content_length},            // 2^32
           Length{"Content-Length: 4294967328", parse_errc::bad_content_length},            // 2^32 + 32
           Length{"Content-Length: 18446744073709551616", parse_errc::bad_content_length},  // 2^64
           Length{"Content-Length: 18446744073709551620", parse_errc::bad_content_length},  // 2^64 + 4
           Length{"Content-Length: 99999999999999999999999999999999", parse_errc::bad_content_length},
           Length{"Content-Length: 65535", parse_errc::too_long},
           Length{"Content-Length: -1", parse_errc::bad_content_length},
           Length{"Content-Length: +4", parse_errc::bad_content_length},
           Length{"Content-Length: 0x4", parse_errc::bad_content_length},
           Length{"Content-Length: 4.0", parse_errc::bad_content_length},
           Length{"Content-Length: 4 4", parse_errc::bad_content_length},
           Length{"Content-Length: 4, 4", parse_errc::bad_content_length},
           Length{"Content-Length: 4;x", parse_errc::bad_content_length},
           Length{"Content-Length: \"4\"", parse_errc::bad_content_length},
           Length{"Content-Length:", parse_errc::bad_content_length},
           Length{"Content-Length: 1\r\n 0", parse_errc::bad_content_length},
           Length{"Content-Length: 4\r\nContent-Length: 4", parse_errc::repeated_header},
           Length{"Content-Length: 4\r\nContent-Length: 9", parse_errc::repeated_header},
           Length{"Content-Length: 4\r\nl: 9", parse_errc::repeated_header},
           Length{"L : 4\r\nX: y\r\ncontent-LENGTH\t: 4", parse_errc::repeated_header},
           Length{"X-Content-Length: 4", parse_errc::missing_header},
           Length{"Content-Length-X: 4", parse_errc::missing_header},
           Length{"X: y\r\n Content-Length: 4", parse_errc::missing_header},
           Length{"Content-Length: 4\rX: y", parse_errc::bad_line_end},
           Length{"Content\rLength: 4", parse_errc::bad_line_end},
       }) {
    for (const auto profile : {Profile::strict, Profile::interop}) {
      ParseLimits limits;
      limits.profile = profile;
      const auto text = replaced(invite(), "Content-Length: 4", lines);
      StreamFramer framer(limits);
      const auto stream = text + ok() + invite();
      const auto space = framer.prepare();
      std::copy(stream.begin(), stream.end(), space.begin());
      framer.commit(stream.size());
      const auto frame = framer.next();
      ASSERT_EQ(frame.kind, Kind::error) << lines;
      EXPECT_EQ(frame.error.code, why) << lines << ": " << frame.error.message();
      EXPECT_LE(frame.error.offset, frame.bytes.size()) << lines;
      // enough to answer
      Parser parser(limits);
      parser.parse(frame.bytes.data(), frame.bytes.size());
      EXPECT_EQ(parser.request().top_via().branch(), "z9hG4bKnashds8") << lines;
      EXPECT_EQ(parser.request().call_id(), "a84b4c76e66710") << lines;
      for (int again = 0; again < 3; ++again) {
        EXPECT_EQ(framer.next().kind, Kind::error);
        EXPECT_TRUE(framer.next().bytes.empty());
        EXPECT_TRUE(framer.prepare().empty());
      }
    }
  }
}

TEST(StreamFramerTest, GoodLengthsInEveryForm) {
  for (const auto* line :
       {"Content-Length: 4", "l: 4", "L:4", "content-length :4", "Content-Length: 00004", "Content-Length:\t 4 \t",
        "Content-Length:\r\n 4", "Content-Length: 4\r\n ", "X: y\r\n l: 9\r\nl: 4\r\nX-l: 5\r\nlx: 6"}) {
    const auto text = replaced(invite(), "Content-Length: 4", line);
    EXPECT_EQ(framed(text + ok()), (Frames{text, ok()})) << line;
  }
}

TEST(StreamFramerTest, WhatLooksLikeHeadersInABodyIsBody) {
  const std::string body = "Content-Length: 9999\r\n\r\nINVITE sip:x SIP/2.0\r\nContent-Length: 0\r\n\r\n";
  auto text = replaced(invite(), "Content-Length: 4", "Content-Length: " + std::to_string(body.size()));
  text = replaced(text, "v=0\n", body);
  EXPECT_EQ(framed(text + ok()), (Frames{text, ok()}));
}

// ---- line ends

TEST(StreamFramerTest, ABareLineFeedEndsALineOnlyInInterop) {
  const auto text = replaced(invite(), "Max-Forwards: 70\r\n", "Max-Forwards: 70\n");
  EXPECT_EQ(framed(text, {}, interop()), Frames{text});
  const auto refused = framed(text + ok());
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_EQ(refused[0].substr(0, 23), "ERROR bare CR or LF@" + std::to_string(text.find("70\n") + 2));
  std::string bare = text;
  std::erase(bare, '\r');
  EXPECT_EQ(framed(bare + "\n\n" + bare, {}, interop()), (Frames{bare, "PING", bare}));
}

TEST(StreamFramerTest, ABareCarriageReturnIsNeverALineEnd) {
  for (const auto* bad : {"Max-Forwards: 70\rX: y\r\n", "Max-Forwards: 70\r\r\n", "Max-Forwards: 70\r\n\r \r\n"})
    for (const auto& limits : {ParseLimits{}, interop()}) {
      const auto frames = framed(replaced(invite(), "Max-Forwards: 70\r\n", bad) + ok(), {}, limits);
      ASSERT_EQ(frames.size(), 1U) << bad;
      EXPECT_EQ(frames[0].substr(0, 19), "ERROR bare CR or LF") << bad;
    }
}

TEST(StreamFramerTest, NulIsAByteOfTheMessageThatTheParserJudges) {
  const auto text = replaced(invite(), "Max-Forwards: 70", std::string("Subject: \0", 10));
  EXPECT_EQ(framed(text + ok()), (Frames{text, ok()}));
  Parser parser;
  peal_test::Datagram datagram(text);
  EXPECT_EQ(datagram.parse(parser), Parsed::bad_request);
}

// ---- the framer and the parser see the same

void expect_the_parser_agrees(std::string text, const ParseLimits& limits) {
  StreamFramer framer(limits);
  const auto space = framer.prepare();
  ASSERT_GE(space.size(), text.size());
  std::copy(text.begin(), text.end(), space.begin());
  framer.commit(text.size());
  Parser parser(limits);
  for (auto frame = framer.next(); frame.kind == Kind::message || frame.kind == Kind::ping || frame.kind == Kind::pong;
       frame = framer.next()) {
    if (frame.kind != Kind::message) continue;
    const std::string copy(frame.bytes.begin(), frame.bytes.end());
    const auto parsed = parser.parse(frame.bytes.data(), frame.bytes.size());
    if (parsed != Parsed::request && parsed != Parsed::response) continue;
    const Message& message = parsed == Parsed::request ? static_cast<Message&>(parser.request()) : parser.response();
    ASSERT_TRUE(copy.ends_with(message.body())) << copy;
    const auto head = copy.size() - message.body().size();
    const auto bare = copy.find("\n\n");
    const auto crlf = copy.find("\n\r\n");
    ASSERT_EQ(head, bare < crlf ? bare + 2 : crlf + 3) << copy;
    ASSERT_EQ(message.get(header::content_length)->value, message.body().size()) << copy;
  }
}

TEST(StreamFramerTest, AgreesWithTheParserOnWhatIsDamaged) {
  std::mt19937 random(3261);  // NOLINT(cert-msc51-cpp): the same run each time
  const auto below = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); };
  constexpr std::string_view nasty("\r\n\r\n\0 \t:l4\\\"", 13);
  for (int i = 0; i < 20'000; ++i) {
    auto text = (i & 1) != 0 ? invite() + ok() : ok() + "\r\n" + invite();
    for (auto changes = 1 + below(5); changes != 0; --changes) {
      const auto at = below(text.size());
      if (below(2) != 0)
        text[at] = nasty[below(nasty.size())];
      else
        text.insert(at, 1, nasty[below(nasty.size())]);
    }
    expect_the_parser_agrees(text, (i & 2) != 0 ? ParseLimits{} : interop());
  }
}

// ---- limits and work

TEST(StreamFramerTest, LimitsHoldWhileTheHeadersArrive) {
  ParseLimits limits;
  limits.message_bytes = static_cast<std::uint32_t>(invite().size());
  EXPECT_EQ(framed(invite(), {}, limits), Frames{invite()});
  limits.message_bytes -= 1;
  EXPECT_EQ(framed(invite(), {}, limits)[0].substr(0, 14), "ERROR too long");
  const auto head = invite().size() - 4;
  limits.message_bytes = static_cast<std::uint32_t>(head - 1);
  EXPECT_EQ(framed(invite(), {}, limits)[0].substr(0, 18),
            "ERROR too long@" + std::to_string(head - 2));  // the whole lines

  limits = {};
  limits.header_lines = 9;
  EXPECT_EQ(framed(invite(), {}, limits), Frames{invite()});
  limits.header_lines = 8;
  EXPECT_EQ(framed(invite(), {}, limits)[0].substr(0, 27), "ERROR too many header lines");

  limits = {};
  limits.start_line_bytes = 33;
  EXPECT_EQ(framed(invite(), {}, limits), Frames{invite()});
  limits.start_line_bytes = 32;
  EXPECT_EQ(framed(invite(), {}, limits)[0], "ERROR too long@0:");
  EXPECT_EQ(framed(std::string(40, 'I'), {}, limits)[0], "ERROR too long@0:");  // no line end needed to see it

  limits = {};
  limits.header_line_bytes = 55;
  EXPECT_EQ(framed(invite(), {}, limits), Frames{invite()});
  limits.header_line_bytes = 54;
  EXPECT_EQ(framed(invite(), {}, limits)[0].substr(0, 17), "ERROR too long@35");
  limits.header_line_bytes = 70;  // folded lines are one
  const auto folded =
      replaced(invite(), "Max-Forwards: 70", "X: " + std::string(60, 'x') + "\r\n " + std::string(60, 'x'));
  EXPECT_EQ(framed(folded, {}, limits)[0].substr(0, 14), "ERROR too long");
}

TEST(StreamFramerTest, TheBufferIsBounded) {
  ParseLimits limits;
  limits.message_bytes = 10'000;
  StreamFramer framer(limits);
  EXPECT_EQ(framer.memory(), 0U);
  const auto body = replaced(invite(), "Content-Length: 4", "Content-Length: 9000");
  std::size_t fed = 0;
  for (int i = 0; i < 100'000; ++i) {  // nobody asks for frames
    const auto space = framer.prepare();
    if (space.empty()) break;
    std::fill(space.begin(), space.end(), 'x');
    framer.commit(space.size());
    fed += space.size();
  }
  EXPECT_LE(framer.memory(), 2 * limits.message_bytes + 4096 + 64);
  EXPECT_GE(fed, limits.message_bytes);
  EXPECT_EQ(framer.next().kind, Kind::error);

  StreamFramer idle(limits);
  auto space = idle.prepare();
  std::copy(invite().begin(), invite().end(), space.begin());
  idle.commit(invite().size());
  EXPECT_EQ(idle.next().kind, Kind::message);
  idle.release_memory();
  EXPECT_EQ(idle.memory(), 0U);
  space = idle.prepare();
  idle.commit(0);
  EXPECT_EQ(idle.next().kind, Kind::need_more);
}

TEST(StreamFramerTest, WorkIsLinearInTheBytesHoweverTheyCome) {
  std::string big = replaced(invite(), "Max-Forwards: 70", "Subject: " + std::string(10'000, 's'));
  big = replaced(big, "Content-Length: 4", "Content-Length: 40000");
  big = replaced(big, "v=0\n", std::string(40'000, '\r'));
  std::string stream;
  for (int i = 0; i < 20; ++i) stream += big + invite() + "\r\n\r\n" + ok();
  for (const std::size_t step : {std::size_t{1}, std::size_t{7}, std::size_t{1460}, stream.size()}) {
    std::vector<std::size_t> cuts;
    for (std::size_t at = step; at < stream.size(); at += step) cuts.push_back(at);
    std::uint64_t work = 0;
    EXPECT_EQ(framed(stream, cuts, {}, &work).size(), 80U) << step;
    EXPECT_LE(work, 2 * stream.size()) << step;
  }
}

TEST(StreamFramerTest, ALongRunOfSmallMessagesMovesLittle) {
  std::string stream;
  for (int i = 0; i < 2'000; ++i) stream += ok();
  std::vector<std::size_t> cuts;
  for (std::size_t at = 1000; at < stream.size(); at += 1000) cuts.push_back(at);
  std::uint64_t work = 0;
  EXPECT_EQ(framed(stream, cuts, {}, &work).size(), 2'000U);
  EXPECT_LE(work, stream.size() + stream.size() / 2);
}

TEST(StreamFramerTest, TortureMessagesComeThroughWhole) {
  for (const auto& file : peal_test::data_files("torture/rfc4475", ".dat")) {
    const auto text = peal_test::read_data(file);
    const auto name = file.stem().string();
    const auto frames = framed(text);
    if (frames.size() != 1 || frames[0] != text) {
      // no Content-Length, a wrong one, or several; Foobar of test.dat has none either
      EXPECT_TRUE(frames.empty() || frames[0].starts_with("ERROR") || text.starts_with(frames[0])) << name;
    }
  }
}

}  // namespace
