#include "sdp_data.hpp"

#include <peal/message/multipart.hpp>

#include <gmock/gmock.h>

namespace multipart_test {

using namespace peal;

namespace {

MediaType media(std::string_view text) { return MediaType::parse(text).value(); }

const std::string cr_lf_nul[] = {"x\r\ny", "x\r", "x\n", std::string("x\0y", 3)};

}  // namespace

TEST(MultipartBuilder, MakesWhatCanBeRead) {
  MultipartBuilder builder;
  ASSERT_TRUE(builder.add(media("application/sdp"), "v=0\r\n"));
  ASSERT_TRUE(builder.add(media("image/png"), "P", {{"Content-ID", "<i@x>"}, {"Content-Disposition", "icon"}}));
  const auto made = builder.build("b");
  ASSERT_TRUE(made);
  EXPECT_EQ(made->type.text(), "multipart/mixed;boundary=\"b\"");
  EXPECT_EQ(made->bytes,
            "--b\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n\r\n--b\r\nContent-Type: image/png\r\nContent-ID: "
            "<i@x>\r\nContent-Disposition: icon\r\n\r\nP\r\n--b--\r\n");
  const auto body = BodyView::parse(made->type.text(), made->bytes, {}, Profile::strict);
  ASSERT_TRUE(body);
  EXPECT_EQ(body->find_session()->bytes(), "v=0\r\n");
  EXPECT_EQ(body->find_id("cid:i@x")->bytes(), "P");
}

TEST(MultipartBuilder, GoesIntoAMessageAndComesOut) {
  Request request(method::invite, Uri::parse("sip:bob@example.com")->view());
  MultipartBuilder builder;
  ASSERT_TRUE(builder.add(media("text/plain"), "hi"));
  ASSERT_TRUE(builder.add(media("application/sdp"), "v=0\r\n"));
  const auto made = builder.build();
  ASSERT_TRUE(made);
  request.set_body(made->type, made->bytes);
  EXPECT_EQ(find_session(request), "v=0\r\n");
  EXPECT_EQ(find_body(request, "text", "plain"), "hi");
}

TEST(MultipartBuilder, TheBoundaryStandsInNoPart) {
  MultipartBuilder builder;
  ASSERT_TRUE(builder.add(media("text/plain"), "--b\r\n--b--\r\nb-1 and b-2"));
  ASSERT_TRUE(builder.add(media("text/plain"), "", {{"X", "b-3"}}));
  const auto made = builder.build("b");
  ASSERT_TRUE(made);
  EXPECT_EQ(made->type.text(), "multipart/mixed;boundary=\"b-4\"");
  const auto body = BodyView::parse(made->type.text(), made->bytes, {}, Profile::strict);
  ASSERT_TRUE(body);
  EXPECT_EQ(body->parts()[1].bytes(), "--b\r\n--b--\r\nb-1 and b-2");
}

TEST(MultipartBuilder, TheSamePartsGiveTheSameBoundaryOthersAnother) {
  const auto type_of = [](std::string_view bytes) {
    MultipartBuilder builder;
    EXPECT_TRUE(builder.add(media("text/plain"), bytes));
    return builder.build()->type.text();
  };
  EXPECT_EQ(type_of("a"), type_of("a"));
  EXPECT_NE(type_of("a"), type_of("b"));
}

TEST(MultipartBuilder, Nests) {
  MultipartBuilder inner("alternative");
  ASSERT_TRUE(inner.add(media("text/plain"), "1"));
  MultipartBuilder outer("related");
  ASSERT_TRUE(outer.set_parameter("start", "<s@x>"));
  ASSERT_TRUE(outer.set_parameter("type", "multipart/alternative"));
  ASSERT_TRUE(outer.set_parameter("note", "a \"b\" \\c"));
  ASSERT_TRUE(outer.set_parameter("plain", "token"));
  ASSERT_TRUE(outer.add(media("x/y"), ""));
  const std::array<MultipartBuilder::Line, 1> id{{{"Content-ID", "<s@x>"}}};
  ASSERT_TRUE(outer.add(inner.build("same").value(), id));
  const auto made = outer.build("same");
  ASSERT_TRUE(made);
  const auto body = BodyView::parse(made->type.text(), made->bytes, {}, Profile::strict);
  ASSERT_TRUE(body) << made->type.text();
  ASSERT_EQ(body->parts().size(), 4U);
  EXPECT_EQ(body->root_of(body->parts()[0]), &body->parts()[2]);
  EXPECT_EQ(body->parts()[0].type().params().find("note")->unquoted(), "a \"b\" \\c");
  EXPECT_EQ(body->parts()[0].type().params().value("plain"), "token");
  EXPECT_EQ(body->parts()[3].bytes(), "1");
}

TEST(MultipartBuilder, NoValueStartsAHeaderOrAPartOfItsOwn) {
  MultipartBuilder builder;
  for (const auto& bad : cr_lf_nul) {
    EXPECT_EQ(builder.add(media("a/b"), "", {{"X", bad}}).error(), errc::forbidden_byte);
    EXPECT_EQ(builder.add(media("a/b"), "", {{bad, "x"}}).error(), errc::forbidden_byte);
    EXPECT_EQ(builder.set_parameter("x", bad).error(), errc::forbidden_byte);
    EXPECT_EQ(builder.set_parameter(bad, "x").error(), errc::forbidden_byte);
  }
  EXPECT_EQ(builder.add(media("a/b"), "", {{"X", std::string(65'536, 'x')}}).error(), errc::too_long);
  EXPECT_EQ(builder.add(media("a/b"), "", {{"a b", "x"}}).error(), errc::invalid_value);
  EXPECT_EQ(builder.add(media("a/b"), "", {{"c", "d/e"}}).error(), errc::invalid_value) << "a second Content-Type";
  EXPECT_EQ(builder.add(MediaType(), "").error(), errc::invalid_value);
  EXPECT_EQ(builder.set_parameter("Boundary", "x").error(), errc::invalid_value);
  EXPECT_EQ(builder.set_parameter("x", "").error(), errc::invalid_value);
  EXPECT_EQ(builder.set_parameter("x", "\x01").error(), errc::invalid_value);
  EXPECT_EQ(builder.build().error(), errc::invalid_value) << "nothing was added";
  ASSERT_TRUE(builder.add(media("a/b"), ""));
  for (const std::string_view bad :
       {"a@b", "ends ", "\"", "61bytes------------------------------------------------------"})
    EXPECT_EQ(builder.build(bad).error(), errc::invalid_value) << bad;
  MultipartBuilder odd("mi xed");
  ASSERT_TRUE(odd.add(media("a/b"), ""));
  EXPECT_EQ(odd.build().error(), errc::invalid_value);
}

TEST(MultipartBuilder, WhatIsBuiltIsReadAsItWasMeant) {
  sdp_test::Chance chance(5621);
  constexpr std::string_view salt("-b\r\n c:;\0\"", 10);
  for (int round = 0; round < 3000; ++round) {
    MultipartBuilder builder(round % 2 == 0 ? "mixed" : "alternative");
    std::vector<std::string> meant;
    for (std::size_t parts = 1 + chance.below(4); parts > 0; --parts) {
      std::string bytes;
      for (std::size_t n = chance.below(24); n > 0; --n) bytes += salt[chance.below(salt.size())];
      ASSERT_TRUE(builder.add(media("a/b"), bytes));
      meant.push_back(bytes);
    }
    const auto made = builder.build("b");
    ASSERT_TRUE(made);
    const auto body = BodyView::parse(made->type.text(), made->bytes, {}, Profile::strict);
    ASSERT_TRUE(body) << made->bytes;
    ASSERT_EQ(body->parts().size(), meant.size() + 1) << made->bytes;
    for (std::size_t i = 0; i < meant.size(); ++i) EXPECT_EQ(body->parts()[i + 1].bytes(), meant[i]) << made->bytes;
  }
}

}  // namespace multipart_test
