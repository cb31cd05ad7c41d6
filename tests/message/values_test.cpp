#include <peal/message/auth_values.hpp>
#include <peal/message/values.hpp>

namespace {

using namespace peal;
using namespace std::chrono_literals;

template <class T>
std::string text_of(const T& value) {
  std::string out;
  value.append_to(out);
  return out;
}

TEST(ValuesTest, CSeqIsANumberBelow2To31AndAMethod) {
  const auto cseq = CSeq::parse("4711  INVITE");
  ASSERT_TRUE(cseq);
  EXPECT_EQ(cseq->number, 4711U);
  EXPECT_EQ(cseq->method, method::invite);
  EXPECT_EQ(text_of(*cseq), "4711 INVITE");
  EXPECT_EQ(CSeq::parse("0000000000000000000009 ACK")->number, 9U);
  EXPECT_TRUE(CSeq::parse("2147483647 BYE"));
  for (const auto* bad : {"", "1", "1 ", "INVITE", "2147483648 INVITE", "-1 INVITE", "1INVITE", "1 INV@TE",
                          "1 INVITE x", "99999999999999999999 ACK"})
    EXPECT_FALSE(CSeq::parse(bad)) << bad;
}

TEST(ValuesTest, MethodsAreTokensUpTo46BytesWithCase) {
  EXPECT_EQ(*Method::parse("INVITE"), method::invite);
  EXPECT_NE(*Method::parse("invite"), method::invite);
  EXPECT_TRUE(Method::parse("!interesting-Method0123456789_*+`.%indeed'~"));
  EXPECT_TRUE(Method::parse(std::string(46, 'A')));
  for (const auto& bad : {std::string(), std::string(47, 'A'), std::string("IN VITE"), std::string("INVITE\r\n")})
    EXPECT_FALSE(Method::parse(bad));
}

TEST(ValuesTest, NumbersAndDeltaSeconds) {
  EXPECT_EQ(Number::parse("4294967295")->value, 4294967295U);
  EXPECT_EQ(DeltaSeconds::parse("99999999999999999999999")->value, 4294967295s);
  EXPECT_EQ(text_of(DeltaSeconds{3600s}), "3600");
  EXPECT_EQ(text_of(DeltaSeconds{-5s}), "0");
  EXPECT_EQ(text_of(Number{70}), "70");
  for (const auto* bad : {"", "-1", "+1", "1.0", "a", "1 2", "5, 6", "4294967296"})
    EXPECT_FALSE(Number::parse(bad)) << bad;
  for (const auto* bad : {"", "-1", "1 2", "Thu, 25 Mar 2004 14:49:29 GMT"})
    EXPECT_FALSE(DeltaSeconds::parse(bad)) << bad;
}

TEST(ValuesTest, RetryAfterWithCommentAndDuration) {  // §20.33
  EXPECT_EQ(RetryAfter::parse("18000;duration=3600")->duration, 3600s);
  EXPECT_EQ(RetryAfter::parse("120 (I'm (really) in a \\) meeting)")->delay, 120s);
  EXPECT_EQ(RetryAfter::parse("50 (foo) ; duration = 13")->duration, 13s);
  EXPECT_EQ(text_of(RetryAfter{50s, 13s}), "50;duration=13");
  for (const auto* bad : {"", "a", "50 (foo", "50 foo", "50;duration=x", "50;", "50 (a))"})
    EXPECT_FALSE(RetryAfter::parse(bad)) << bad;
  EXPECT_FALSE(RetryAfter::parse("1 " + std::string(100'000, '(')));  // deep nesting costs no stack
}

TEST(ValuesTest, MediaTypes) {
  const auto type = MediaTypeView::parse("multipart / mixed ; boundary=\"a;b\"");
  ASSERT_TRUE(type);
  EXPECT_TRUE(type->is("MULTIPART", "mixed"));
  EXPECT_EQ(type->params().find("boundary")->unquoted(), "a;b");
  EXPECT_TRUE(MediaTypeView::parse("*/*"));
  EXPECT_EQ(MediaType::parse("application/sdp")->view().subtype(), "sdp");
  for (const auto* bad : {"", "text", "text/", "/plain", "text/html;charset=,", "text/plain x"})
    EXPECT_FALSE(MediaTypeView::parse(bad)) << bad;
}

TEST(ValuesTest, CallIdIsOneOrTwoWords) {
  EXPECT_TRUE(CallId::parse("f81d4fae-7dec-11d0-a765-00a0c91e6bf6@biloxi.com"));
  EXPECT_TRUE(CallId::parse("-.!%*_+`'~()<>:\\\"/[]?{}"));
  for (const auto* bad : {"", "@alfa", "a@", "alfa@beta@gamma", "a@b,c@d", "a b"})
    EXPECT_FALSE(CallId::parse(bad)) << bad;
}

TEST(ValuesTest, TokensAndText) {
  EXPECT_EQ(Token::parse("100rel")->text(), "100rel");
  for (const auto* bad : {"", "a b", "a,b", "&", "a\r"}) EXPECT_FALSE(Token::parse(bad)) << bad;
  EXPECT_TRUE(Text::parse(""));
  EXPECT_EQ(Text::parse("a\r\nb").error(), (ParseError{parse_errc::bad_byte, 1}));
  EXPECT_FALSE(Text::parse(std::string_view("a\0b", 3)));
}

TEST(AuthTest, ReadsAChallenge) {  // §20.44
  const auto auth = AuthView::parse(
      R"(Digest realm="atlanta.com", domain="sip:boxesbybob.com", qop="auth,auth-int", nonce="f84f1cec41e6cbe5aea9c8e88d359", opaque="", stale=FALSE, algorithm=MD5)");
  ASSERT_TRUE(auth) << auth.error().message();
  EXPECT_TRUE(auth->is_digest());
  EXPECT_EQ(auth->value("REALM"), "atlanta.com");
  EXPECT_EQ(auth->value("qop"), "auth,auth-int");
  EXPECT_EQ(auth->raw("algorithm"), "MD5");
  EXPECT_EQ(auth->raw("opaque"), "\"\"");
  EXPECT_EQ(auth->raw("missing"), std::nullopt);
}

TEST(AuthTest, OtherSchemesAreKept) {
  EXPECT_EQ(AuthView::parse("Bearer")->scheme(), "Bearer");
  EXPECT_EQ(AuthView::parse("Bearer mF_9.B5f-4.1JqM/=")->text(), "Bearer mF_9.B5f-4.1JqM/=");
  EXPECT_EQ(AuthView::parse("NoOneKnowsThisScheme opaque-data=here")->raw("opaque-data"), "here");
  for (const auto* bad :
       {"", "Digest", "Digest ", "Digest $=1", "Digest a", "Digest a=", "Digest a=\"b", "Digest a=b c=d", "=x"})
    EXPECT_FALSE(AuthView::parse(bad)) << bad;
}

TEST(AuthTest, BuildsWithoutLettingALineBreakThrough) {
  Auth auth("Digest");
  auth.add_quoted("username", "bo\"b\\").add("qop", "auth").add_quoted("evil", "a\r\nEvil: 1");
  EXPECT_EQ(auth.text(), R"(Digest username="bo\"b\\", qop=auth, evil="aEvil: 1")");
  EXPECT_EQ(auth.view().value("username"), "bo\"b\\");
  EXPECT_TRUE(AuthView::parse(auth.text()));
}

}  // namespace
