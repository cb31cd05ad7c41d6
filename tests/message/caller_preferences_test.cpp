#include "refusals.hpp"

#include <peal/message/message.hpp>
#include <peal/message/typed_headers.hpp>

namespace {

using namespace peal;
using peal_test::expect_refused;

TEST(CallerPreferencesTest, Rfc3841Section9_2) {
  const auto predicate = ContactPredicateView::parse(R"(*;audio;require;methods="INVITE,!BYE";+sip.x="#>=5")");
  ASSERT_TRUE(predicate) << predicate.error().message();
  EXPECT_EQ(predicate->value(), "*");
  EXPECT_TRUE(predicate->is_required());
  EXPECT_FALSE(predicate->is_explicit());
  ASSERT_TRUE(predicate->feature("METHODS"));
  EXPECT_EQ(predicate->feature("+sip.x")->unquoted(), "#>=5");
  EXPECT_FALSE(predicate->feature("video"));
  EXPECT_TRUE(ContactPredicateView::parse("*"));
  EXPECT_TRUE(ContactPredicateView::parse("* ; q = 0.9 ;explicit")->is_explicit());
}

TEST(CallerPreferencesTest, APredicateIsAStarAndEachFeatureOnce) {
  expect_refused<ContactPredicateView>({{"", parse_errc::empty, 0},
                                        {"exists(transport)", parse_errc::bad_token, 0},
                                        {"*;", parse_errc::bad_parameter, 2},
                                        {"*;audio=", parse_errc::bad_parameter, 8},
                                        {"*;audio;Audio", parse_errc::repeated_parameter, 8},
                                        {"*;require;x;require", parse_errc::repeated_parameter, 12},
                                        {"*;a=\"x", parse_errc::unterminated_quote, 4},
                                        {"*, *", parse_errc::trailing_bytes, 1}});
}

TEST(CallerPreferencesTest, FeatureValuesOfRfc3840Section9) {
  const auto predicate = *ContactPredicateView::parse(
      R"(*;audio;a="TRUE,!FALSE";m="INVITE,!BYE";n="#=5,#>=-1.5,!#<=3,#1:2.";s="<any \"text\">";e="")");
  const auto values = [&](std::string_view name) { return feature_values(*predicate.feature(name)); };
  using Kind = FeatureValue::Kind;

  const auto flag = *values("audio");
  ASSERT_EQ(flag.size(), 1U);
  EXPECT_EQ(flag[0].kind, Kind::boolean);
  EXPECT_EQ(flag[0].text, "TRUE");

  const auto booleans = *values("a");
  ASSERT_EQ(booleans.size(), 2U);
  EXPECT_EQ(booleans[1].kind, Kind::boolean);
  EXPECT_TRUE(booleans[1].negated);
  EXPECT_EQ(booleans[1].text, "FALSE");

  const auto tokens = *values("m");
  EXPECT_EQ(tokens[0].kind, Kind::token);
  EXPECT_FALSE(tokens[0].negated);
  EXPECT_EQ(tokens[1].text, "BYE");

  const auto numbers = *values("n");
  ASSERT_EQ(numbers.size(), 4U);
  EXPECT_EQ(numbers[0].least, 5);
  EXPECT_EQ(numbers[0].most, 5);
  EXPECT_EQ(numbers[1].least, -1.5);
  EXPECT_GT(numbers[1].most, 1e300);
  EXPECT_TRUE(numbers[2].negated);
  EXPECT_EQ(numbers[2].most, 3);
  EXPECT_LT(numbers[2].least, -1e300);
  EXPECT_EQ(numbers[3].kind, Kind::number);
  EXPECT_EQ(numbers[3].text, "#1:2.");
  EXPECT_EQ(numbers[3].least, 1);
  EXPECT_EQ(numbers[3].most, 2);

  const auto string = *values("s");
  EXPECT_EQ(string[0].kind, Kind::string);
  EXPECT_EQ(string[0].text, R"(any \"text\")");
  EXPECT_EQ(values("e").error().code, parse_errc::bad_parameter);
}

TEST(CallerPreferencesTest, FeatureValuesSayWhereTheyAreWrong) {
  struct Case {
    std::string_view value;
    std::uint32_t where;
  };
  for (const auto& [value, where] :
       {Case{"token", 0}, Case{"\"a b\"", 2}, Case{"\"a,\"", 3}, Case{"\"#5\"", 3}, Case{"\"#>=x\"", 4},
        Case{"\"<a\"", 3}, Case{"\"<a>b\"", 4}, Case{"\"!\"", 2}, Case{"\"a,<b>\"", 3}, Case{"\"#1:\"", 4}}) {
    const auto values = feature_values(Param{"x", value, true});
    ASSERT_FALSE(values) << value;
    EXPECT_EQ(values.error(), (ParseError{parse_errc::bad_parameter, where})) << value;
  }
}

TEST(CallerPreferencesTest, BuildsAPredicate) {
  auto predicate = ContactPredicate::make(true, true);
  EXPECT_EQ(predicate.text(), "*;require;explicit");
  ASSERT_TRUE(predicate.set_feature("audio"));
  ASSERT_TRUE(predicate.set_feature("methods", "INVITE,BYE"));
  ASSERT_TRUE(predicate.set_feature("+sip.instance", "<urn:uuid:\"1\">"));
  EXPECT_EQ(peal_test::printed(predicate),
            R"(*;require;explicit;audio;methods="INVITE,BYE";+sip.instance="<urn:uuid:\"1\">")");
  ASSERT_TRUE(predicate.set_feature("METHODS", "OPTIONS"));
  ASSERT_TRUE(predicate.remove_param("require"));
  EXPECT_EQ(predicate.text(), R"(*;explicit;audio;METHODS="OPTIONS";+sip.instance="<urn:uuid:\"1\">")");
  const auto before = predicate.text();
  EXPECT_EQ(predicate.set_feature("n", "#x").error().code, parse_errc::bad_parameter);
  EXPECT_EQ(predicate.set_feature("n", "a\r\nEvil: 1").error(), (ParseError{parse_errc::bad_byte, 1}));
  EXPECT_EQ(predicate.set_feature("n", std::string_view("\0", 1)).error(), (ParseError{parse_errc::bad_byte, 0}));
  EXPECT_EQ(predicate.set_feature("a b").error().code, parse_errc::bad_parameter);
  EXPECT_EQ(predicate.set_param("n", std::string_view("\"\\\0\"", 4)).error().code, parse_errc::bad_parameter);
  EXPECT_EQ(predicate.text(), before);
}

TEST(CallerPreferencesTest, FeatureCapsOfRfc6809) {
  const auto caps = FeatureCapsView::parse(R"(*;+sip.pns="acme";+sip.pnsreg="121";+g.3gpp.srvcc="<sip:a@b>";+g.x)");
  ASSERT_TRUE(caps) << caps.error().message();
  EXPECT_EQ(caps->feature("+sip.pns")->unquoted(), "acme");
  EXPECT_EQ(feature_values(*caps->feature("+g.3gpp.srvcc"))->front().text, "sip:a@b");
  EXPECT_TRUE(FeatureCapsView::parse("*"));
  expect_refused<FeatureCapsView>({{"", parse_errc::empty, 0},
                                   {"+sip.pns", parse_errc::bad_token, 0},
                                   {"*;sip.pns", parse_errc::bad_parameter, 2},
                                   {"*;+1x", parse_errc::bad_parameter, 2},
                                   {"*;+a_b", parse_errc::bad_parameter, 2},
                                   {"*;+a=b", parse_errc::bad_parameter, 5},
                                   {"*;+a=\"b c\"", parse_errc::bad_parameter, 7},
                                   {"*;+a;+b;+A", parse_errc::repeated_parameter, 8}});
  auto built = FeatureCaps::make();
  ASSERT_TRUE(built.set_indicator("+sip.pns", "apns"));
  EXPECT_FALSE(built.set_indicator("sip.pns", "apns"));
  EXPECT_EQ(built.text(), R"(*;+sip.pns="apns")");
}

TEST(CallerPreferencesTest, DirectivesOfRfc3841Section9_1) {
  using Kind = Directive::Kind;
  EXPECT_EQ(Directive::parse("proxy")->kind, Kind::proxy);
  EXPECT_EQ(Directive::parse("No-Queue")->kind, Kind::no_queue);
  EXPECT_EQ(Directive::parse("SEQUENTIAL")->name(), "sequential");
  EXPECT_EQ(peal_test::printed(Directive{Kind::no_fork}), "no-fork");
  EXPECT_TRUE(Directive{Kind::fork}.contradicts({Kind::no_fork}));
  EXPECT_TRUE(Directive{Kind::redirect}.contradicts({Kind::proxy}));
  EXPECT_FALSE(Directive{Kind::fork}.contradicts({Kind::fork}));
  EXPECT_FALSE(Directive{Kind::no_cancel}.contradicts({Kind::fork}));
  expect_refused<Directive>({{"", parse_errc::empty, 0},
                             {"teleport", parse_errc::bad_token, 0},
                             {"proxyy", parse_errc::bad_token, 0},
                             {"fork;x", parse_errc::trailing_bytes, 4}});
}

TEST(CallerPreferencesTest, AreReadWhereTheyStand) {
  const auto request =
      Request::parse(peal_test::invite_with("a: *;audio;require,\r\n *;video;explicit , x\r\n"
                                            "Reject-Contact: *;automata\r\n"
                                            "d: proxy, recurse,\r\n\tteleport, parallel\r\n"
                                            "Feature-Caps: *;+sip.pns=\"a,b\" , *;+g.x\r\n"));
  ASSERT_TRUE(request);
  const auto accepted = request->all(header::accept_contact);
  ASSERT_EQ(accepted.size(), 3U);
  EXPECT_TRUE(accepted[0]->is_required());
  EXPECT_EQ(accepted[1]->text(), "*;video;explicit");
  EXPECT_EQ(accepted[2].error().code, parse_errc::bad_token);
  EXPECT_TRUE(request->get(header::reject_contact)->feature("automata"));
  const auto directives = request->all(header::request_disposition);
  ASSERT_EQ(directives.size(), 4U);
  EXPECT_EQ(directives[1]->kind, Directive::Kind::recurse);
  EXPECT_FALSE(directives[2]);
  EXPECT_EQ(directives[3]->kind, Directive::Kind::parallel);
  EXPECT_EQ(request->all(header::feature_caps).size(), 2U);
}

}  // namespace
