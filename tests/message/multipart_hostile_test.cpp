#include <peal/message/multipart.hpp>

#include <gmock/gmock.h>

namespace multipart_test {

using namespace peal;

namespace {

const std::string hostile_type = "multipart/mixed;boundary=b";

Result<BodyView, ParseError> read_hostile(std::string_view type, std::string_view bytes, Profile profile,
                                          const ParseLimits& limits = {}) {
  return BodyView::parse(type, bytes, limits, profile);
}

parse_errc refusal(std::string_view type, std::string_view bytes, Profile profile, const ParseLimits& limits = {}) {
  const auto body = read_hostile(type, bytes, profile, limits);
  EXPECT_TRUE(body || body.error().offset <= bytes.size());
  return body ? parse_errc::no_result : body.error().code;
}

std::string many_parts(std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += "--b\r\n\r\n";
  return out + "--b--";
}

std::string nested(std::size_t depth) {
  std::string front;
  std::string back;
  for (std::size_t i = 0; i < depth; ++i) {
    const auto boundary = "n" + std::to_string(i);
    front += "--" + boundary + "\r\nContent-Type: ";
    front += i + 1 < depth ? "multipart/mixed;boundary=n" + std::to_string(i + 1) : "text/plain";
    front += "\r\n\r\n";
    back.insert(0, "\r\n--" + boundary + "--");
  }
  return front + "x" + back;
}

}  // namespace

TEST(MultipartHostile, NoBoundaryParameter) {
  for (const auto profile : {Profile::strict, Profile::interop}) {
    EXPECT_EQ(refusal("multipart/mixed", "--b\r\n\r\n--b--", profile), parse_errc::missing_parameter);
    EXPECT_EQ(refusal("multipart/mixed;boundary=\"\"", "--\r\n\r\n----", profile), parse_errc::bad_parameter);
    EXPECT_EQ(refusal(hostile_type, "no boundary line at all", profile), parse_errc::truncated);
    EXPECT_EQ(refusal(hostile_type, "", profile), parse_errc::truncated);
    EXPECT_EQ(refusal(hostile_type, "--b--", profile),
              profile == Profile::strict ? parse_errc::truncated : parse_errc::no_result)
        << "no part at all";
  }
}

TEST(MultipartHostile, ABoundaryHas1To70Bytes) {
  for (const auto profile : {Profile::strict, Profile::interop}) {
    for (const std::size_t size : {1U, 70U, 71U, 5000U}) {
      const std::string boundary(size, 'q');
      const auto why = refusal("multipart/mixed;boundary=" + boundary,
                               "--" + boundary + "\r\n\r\n\r\n--" + boundary + "--", profile);
      EXPECT_EQ(why, size <= 70 ? parse_errc::no_result : parse_errc::bad_parameter) << size;
    }
  }
}

TEST(MultipartHostile, ABoundaryThatEndsInASpace) {
  const auto type = "multipart/mixed;boundary=\"b \"";
  EXPECT_EQ(refusal(type, "--b \r\n\r\nx\r\n--b --\r\n", Profile::strict), parse_errc::bad_parameter);
  const auto body = read_hostile(type, "--b \r\n\r\nx\r\n--b--\r\n", Profile::interop);
  ASSERT_TRUE(body);
  EXPECT_EQ(body->parts()[1].bytes(), "x");
}

TEST(MultipartHostile, BytesThatNoBoundaryHasInterop) {
  EXPECT_EQ(refusal("multipart/mixed;boundary=\"a@b\"", "--a@b\r\n\r\n\r\n--a@b--", Profile::strict),
            parse_errc::bad_parameter);
  EXPECT_EQ(refusal("multipart/mixed;boundary=\"a@b\"", "--a@b\r\n\r\n\r\n--a@b--", Profile::interop),
            parse_errc::no_result);
}

TEST(MultipartHostile, ABoundaryThatBeginsAnother) {
  const auto text =
      "--b\r\nContent-Type: multipart/mixed;boundary=b-\r\n\r\n--b-\r\n\r\n1\r\n--b---\r\n--b\r\n\r\n2\r\n--b--";
  for (const auto profile : {Profile::strict, Profile::interop}) {
    const auto body = read_hostile(hostile_type, text, profile);
    ASSERT_TRUE(body);
    ASSERT_EQ(body->parts().size(), 4U);
    EXPECT_EQ(body->parts()[2].bytes(), "1");
    EXPECT_EQ(body->parts()[3].bytes(), "2");
  }
}

TEST(MultipartHostile, ManyPartsAreRefusedByTheLimit) {
  ParseLimits limits;
  limits.message_bytes = 1U << 20U;
  for (const auto profile : {Profile::strict, Profile::interop}) {
    EXPECT_EQ(refusal(hostile_type, many_parts(64), profile, limits), parse_errc::no_result);
    EXPECT_EQ(refusal(hostile_type, many_parts(65), profile, limits), parse_errc::too_long);
    EXPECT_EQ(refusal(hostile_type, many_parts(10'000), profile, limits), parse_errc::too_long);
    limits.multipart_parts = 10'000;
    EXPECT_EQ(refusal(hostile_type, many_parts(10'000), profile, limits), parse_errc::no_result);
    EXPECT_EQ(refusal(hostile_type, many_parts(10'001), profile, limits), parse_errc::too_long);
    limits.multipart_parts = 64;
  }
}

TEST(MultipartHostile, PartsWithinPartsCountTogether) {
  const auto text =
      "--b\r\nContent-Type: "
      "multipart/mixed;boundary=c\r\n\r\n--c\r\n\r\n1\r\n--c\r\n\r\n2\r\n--c--\r\n--b\r\n\r\n3\r\n--b--";
  ParseLimits limits;
  limits.multipart_parts = 4;
  EXPECT_EQ(refusal(hostile_type, text, Profile::interop, limits), parse_errc::no_result);
  limits.multipart_parts = 3;
  EXPECT_EQ(refusal(hostile_type, text, Profile::interop, limits), parse_errc::too_long);
}

TEST(MultipartHostile, DeepNestingIsRefusedByTheLimit) {
  const auto type = "multipart/mixed;boundary=n0";
  ParseLimits limits;
  for (const auto profile : {Profile::strict, Profile::interop}) {
    EXPECT_EQ(refusal(type, nested(8), profile), parse_errc::no_result);
    EXPECT_EQ(refusal(type, nested(9), profile), parse_errc::too_long);
    EXPECT_EQ(refusal(type, nested(100), profile), parse_errc::too_long);
  }
  limits.multipart_parts = limits.multipart_depth = 1000;
  const auto text = nested(1000);
  const auto body = read_hostile(type, text, Profile::strict, limits);
  ASSERT_TRUE(body);
  EXPECT_EQ(body->parts().size(), 1001U);
  EXPECT_EQ(body->parts().back().depth(), 1000U);
  EXPECT_EQ(body->find({"text", "plain"}), &body->parts().back());
  EXPECT_EQ(body->not_understood({}).size(), 1U);
  EXPECT_EQ(refusal(type, nested(1001), Profile::strict, limits), parse_errc::too_long);
}

TEST(MultipartHostile, LimitsOfHeadersHoldInPartsToo) {
  const auto lines = [](std::size_t count) {
    std::string out = "--b\r\n";
    for (std::size_t i = 0; i < count; ++i) out += "X: y\r\n";
    return out + "\r\n\r\n--b--";
  };
  EXPECT_EQ(refusal(hostile_type, lines(256), Profile::interop), parse_errc::no_result);
  EXPECT_EQ(refusal(hostile_type, lines(257), Profile::interop), parse_errc::too_many_headers);
  const auto value = [](std::size_t size) { return "--b\r\nX: " + std::string(size, 'y') + "\r\n\r\n\r\n--b--"; };
  EXPECT_EQ(refusal(hostile_type, value(16'384 - 3), Profile::interop), parse_errc::no_result);
  EXPECT_EQ(refusal(hostile_type, value(16'384 - 2), Profile::interop), parse_errc::too_long);
  const auto name = [](std::size_t size) { return "--b\r\n" + std::string(size, 'N') + ": y\r\n\r\n\r\n--b--"; };
  EXPECT_EQ(refusal(hostile_type, name(128), Profile::interop), parse_errc::no_result);
  EXPECT_EQ(refusal(hostile_type, name(129), Profile::interop), parse_errc::too_long);
  EXPECT_EQ(refusal("text/plain", std::string(65'536, 'x'), Profile::interop), parse_errc::too_long);
}

TEST(MultipartHostile, ALineWithoutColonAmongTheHeaders) {
  const auto text = "--b\r\nContent-Type: a/b\r\n...\r\nX : y\r\n\r\nz\r\n--b--";
  EXPECT_EQ(refusal(hostile_type, text, Profile::strict), parse_errc::bad_header_name);
  const auto body = read_hostile(hostile_type, text, Profile::interop);
  ASSERT_TRUE(body);
  EXPECT_EQ(body->parts()[1].size(), 2U) << "the line is passed over";
  EXPECT_EQ(body->parts()[1].raw("x"), "y");
  EXPECT_EQ(body->parts()[1].bytes(), "z");
}

TEST(MultipartHostile, LineEnds) {
  const std::string lf = "pre\n--b\nContent-Type: a/b\n\nx\n\n--b--\n";
  EXPECT_EQ(refusal(hostile_type, lf, Profile::strict), parse_errc::truncated);
  const auto body = read_hostile(hostile_type, lf, Profile::interop);
  ASSERT_TRUE(body);
  EXPECT_TRUE(body->parts()[1].is("a", "b"));
  EXPECT_EQ(body->parts()[1].bytes(), "x\n");
  EXPECT_EQ(refusal(hostile_type, "--b\r\nX: a\rb\r\n\r\n\r\n--b--", Profile::strict), parse_errc::bad_byte);
  EXPECT_EQ(refusal(hostile_type, "--b\r\nX: a\nY: b\r\n\r\n\r\n--b--", Profile::strict), parse_errc::bad_line_end);
  EXPECT_EQ(refusal(hostile_type, std::string("--b\r\nX: a\0b\r\n\r\n\r\n--b--", 22), Profile::strict),
            parse_errc::bad_byte);
}

TEST(MultipartHostile, ALineFeedInAPartDoesNotMakeABoundaryWhereCrlfDoes) {
  const std::string text = "pre\n--b\n\r\n--b\r\n\r\nx\n--b\ny\n--b--\n\r\n--b--\r\n";
  for (const auto profile : {Profile::strict, Profile::interop}) {
    const auto body = read_hostile(hostile_type, text, profile);
    ASSERT_TRUE(body);
    ASSERT_EQ(body->parts().size(), 1U + 1U);
    EXPECT_EQ(body->parts()[1].bytes(), "x\n--b\ny\n--b--\n");
  }
}

TEST(MultipartHostile, NoClosingBoundary) {
  const auto text = "--b\r\n\r\nx\r\n--b\r\n\r\ny";
  EXPECT_EQ(refusal(hostile_type, text, Profile::strict), parse_errc::truncated);
  const auto body = read_hostile(hostile_type, text, Profile::interop);
  ASSERT_TRUE(body);
  ASSERT_EQ(body->parts().size(), 3U);
  EXPECT_EQ(body->parts()[2].bytes(), "y");
  EXPECT_EQ(read_hostile(hostile_type, "--b\r\n\r\nx\r\n--b\r\n", Profile::interop)->parts().size(), 2U)
      << "nothing stands behind the last boundary";
}

TEST(MultipartHostile, WhatCannotBeReadWithinIsNotUnderstoodInterop) {
  const auto text =
      "--b\r\nContent-Type: multipart/mixed\r\n\r\n--c\r\n\r\n--c--\r\n--b\r\nContent-Type: ?\r\n\r\n\r\n"
      "--b\r\nContent-Disposition: ?;\r\n\r\nx\r\n--b--";
  EXPECT_EQ(refusal(hostile_type, text, Profile::strict), parse_errc::missing_parameter);
  const auto body = read_hostile(hostile_type, text, Profile::interop);
  ASSERT_TRUE(body);
  ASSERT_EQ(body->parts().size(), 4U);
  EXPECT_FALSE(body->parts()[1].is_multipart());
  EXPECT_EQ(body->parts()[2].type().text(), "");
  EXPECT_TRUE(body->parts()[3].disposition().implied);
  const std::array<UnderstoodBody, 2> ours{{{"text", "plain"}, {"application", "*"}}};
  EXPECT_EQ(body->not_understood(ours).size(), 2U);
}

TEST(MultipartHostile, HeadersThatStandTwiceInAPart) {
  const auto text = "--b\r\nContent-Type: a/b\r\nContent-Type: c/d\r\n\r\n\r\n--b--";
  EXPECT_EQ(refusal(hostile_type, text, Profile::strict), parse_errc::repeated_header);
  EXPECT_TRUE(read_hostile(hostile_type, text, Profile::interop)->parts()[1].is("a", "b"));
}

TEST(MultipartHostile, CutShortAtEveryByte) {
  const std::string text =
      "pre\r\n--b\r\nContent-Type: multipart/alternative;\r\n boundary=\"c d\"\r\n\r\n--c d\r\n\r\n1\r\n--c d\r\n"
      "Content-Type: application/sdp\r\nContent-Disposition: session;handling=optional\r\n\r\nv=0\r\n--c d--\r\n--b "
      "\r\n"
      "Content-ID: <x@y>\r\n\r\n3\r\n--b--\r\nend";
  for (std::size_t n = 0; n <= text.size(); ++n) {
    const std::vector<char> exact(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(n));
    const std::string_view cut(exact.data(), exact.size());
    for (const auto profile : {Profile::strict, Profile::interop}) {
      const auto body = read_hostile(hostile_type, cut, profile);
      if (!body) {
        EXPECT_LE(body.error().offset, n);
        continue;
      }
      (void)body->not_understood({});
      (void)body->find_session();
      EXPECT_EQ(body->find_id("nobody"), nullptr);
    }
    const bool closed = n >= text.size() - 5 && cut.back() != '\r';
    EXPECT_EQ(read_hostile(hostile_type, cut, Profile::strict).has_value(), closed) << n;
  }
}

}  // namespace multipart_test
