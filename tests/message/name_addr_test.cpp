#include <peal/message/name_addr.hpp>

namespace {

using namespace peal;

TEST(NameAddrTest, QuotedDisplayNameLosesQuotesAndBackslashes) {
  const auto value = NameAddrView::parse(R"("J Rosenberg \\\"" <sip:jdrosen@example.com> ; tag = 98asjd8)");
  ASSERT_TRUE(value) << value.error().message();
  EXPECT_EQ(value->display_name(), R"(J Rosenberg \")");
  EXPECT_EQ(value->uri().text(), "sip:jdrosen@example.com");
  EXPECT_EQ(value->tag(), "98asjd8");
}

TEST(NameAddrTest, TokensMakeADisplayName) {
  const auto value = NameAddrView::parse("Mr. Watson  <sip:watson@worcester.bell-telephone.com>;q=0.7");
  ASSERT_TRUE(value);
  EXPECT_EQ(value->display_name(), "Mr. Watson");
  EXPECT_EQ(value->params().value("Q"), "0.7");
}

TEST(NameAddrTest, WithoutBracketsParametersBelongToTheHeader) {  // §20, RFC 4475 §3.1.2 cparam01
  const auto value = NameAddrView::parse("sip:+19725552222@gw1.example.net;unknownparam=1;tag=a");
  ASSERT_TRUE(value);
  EXPECT_EQ(value->uri().text(), "sip:+19725552222@gw1.example.net");
  EXPECT_TRUE(value->uri().params().empty());
  EXPECT_TRUE(value->params().has("unknownparam"));
  EXPECT_EQ(value->tag(), "a");
}

TEST(NameAddrTest, InsideBracketsTheyBelongToTheUri) {
  const auto value = NameAddrView::parse("<sip:+19725552222@gw1.example.net;unknownparam>");
  ASSERT_TRUE(value);
  EXPECT_TRUE(value->uri().params().has("unknownparam"));
  EXPECT_TRUE(value->params().empty());
}

TEST(NameAddrTest, ACommaEndsABareUri) {  // §20.10
  const auto value = NameAddrView::parse("sip:titi.com,sip:c@d");
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error(), (ParseError{parse_errc::trailing_bytes, 12}));
}

TEST(NameAddrTest, ParameterValuesMayBeQuotedAndHoldSeparators) {
  const auto value = NameAddrView::parse(R"(<sip:a@b>;+sip.instance="<urn:uuid:0>;,\"";reg-id=1;tag=x)");
  ASSERT_TRUE(value);
  EXPECT_EQ(value->params().find("+sip.instance")->unquoted(), "<urn:uuid:0>;,\"");
  EXPECT_EQ(value->params().value("reg-id"), "1");
  EXPECT_EQ(value->tag(), "x");
}

TEST(NameAddrTest, RefusesWhatTheGrammarDoes) {
  for (const auto* bad :
       {"", "<sip:a@b", "\"a <sip:a@b>", "\"a\" sip:a@b", "A B sip:a@b", "Bond, James <sip:bond@mi6.uk>", "<sip:a@b>;",
        "<sip:a@b>;;x", "<sip:a@b>;tag=", "<sip:a@b>;tag", "<sip:a@b>;tag=\"q\"", "<sip:a@b>;tag=1;tag=2", "< sip:a@b>",
        "<sip:a@b >", "<sip:a@b>x", "sip:a@b?x=y", "\"\x01\" <sip:a@b>"})
    EXPECT_FALSE(NameAddrView::parse(bad)) << bad;
}

TEST(NameAddrTest, QuotedPairsMayHoldControlBytes) {  // RFC 4475 §3.1.1.2
  EXPECT_TRUE(NameAddrView::parse(std::string_view("\"NUL:\\\0 DEL:\\\x7f\" <sip:a@b>", 25)));
}

TEST(NameAddrTest, StarIsAContactOfItsOwn) {
  const auto value = NameAddrView::parse("*");
  ASSERT_TRUE(value);
  EXPECT_TRUE(value->is_star());
  EXPECT_FALSE(NameAddrView::parse("<sip:a@b>")->is_star());
}

TEST(NameAddrTest, MakesAndEdits) {
  const auto uri = *Uri::parse("sip:bob@biloxi.com;lr");
  auto value = *NameAddr::make("Bob \"the\" Builder", uri);
  EXPECT_EQ(value.text(), R"("Bob \"the\" Builder" <sip:bob@biloxi.com;lr>)");
  EXPECT_EQ(value.view().display_name(), "Bob \"the\" Builder");
  ASSERT_TRUE(value.set_param("tag", "1"));
  ASSERT_TRUE(value.set_param("TAG", "22"));
  ASSERT_TRUE(value.set_param("flag"));
  EXPECT_EQ(value.text(), R"("Bob \"the\" Builder" <sip:bob@biloxi.com;lr>;TAG=22;flag)");
  EXPECT_EQ(value.tag(), "22");
  value.remove_param("tag");
  EXPECT_EQ(value.params().text(), ";flag");
  EXPECT_FALSE(value.set_param("x", "a b"));
  EXPECT_FALSE(value.set_param("x", "a\r\nEvil: 1"));
  EXPECT_FALSE(value.set_param("x y"));
  EXPECT_TRUE(value.set_param("x", "\"a b\""));
  EXPECT_EQ(NameAddr(uri).text(), "<sip:bob@biloxi.com;lr>");
  EXPECT_TRUE(NameAddr(uri).uri().loose_router());
}

TEST(NameAddrTest, ANameCannotCarryALineBreak) {
  const auto value = NameAddr::make("Bob\r\nEvil: 1", *Uri::parse("sip:a@b"));
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error(), (ParseError{parse_errc::bad_byte, 3}));
}

}  // namespace
