#include "refusals.hpp"

#include <peal/message/message.hpp>
#include <peal/message/typed_headers.hpp>

namespace {

using namespace peal;
using peal_test::expect_refused;

TEST(SecurityMechanismTest, Rfc3329Section2_2) {
  const auto digest = SecurityMechanismView::parse(
      R"(digest;d-alg=MD5;d-qop=auth-int;d-ver="0123456789abcdef0123456789abcdef";q=0.25;x="y")");
  ASSERT_TRUE(digest) << digest.error().message();
  EXPECT_EQ(digest->mechanism(), "digest");
  EXPECT_EQ(digest->q(), 250U);
  EXPECT_EQ(digest->digest_algorithm(), "MD5");
  EXPECT_EQ(digest->digest_qop(), "auth-int");
  EXPECT_EQ(digest->digest_verify(), "0123456789abcdef0123456789abcdef");
  EXPECT_EQ(digest->params().find("x")->unquoted(), "y");
  EXPECT_EQ(SecurityMechanismView::parse("tls")->q(), std::nullopt);
  EXPECT_EQ(SecurityMechanismView::parse("tls")->digest_verify(), "");
  EXPECT_EQ(SecurityMechanismView::parse("ipsec-ike;q=0.1")->q(), 100U);
  EXPECT_EQ(SecurityMechanismView::parse("tls; q = 1.000")->q(), 1000U);
  EXPECT_EQ(SecurityMechanismView::parse("tls;q=0.")->q(), 0U);
  expect_refused<SecurityMechanismView>(
      {{"", parse_errc::empty, 0},
       {"\"tls\"", parse_errc::bad_token, 0},
       {"tls;q=1.1", parse_errc::bad_parameter, 4},
       {"tls;q=0.1234", parse_errc::bad_parameter, 4},
       {"tls;q=2", parse_errc::bad_parameter, 4},
       {"tls;q=.5", parse_errc::bad_parameter, 4},
       {"tls;q", parse_errc::bad_parameter, 4},
       {"tls;q=0.5;Q=0.4", parse_errc::repeated_parameter, 10},
       {"digest;d-alg=\"MD5\"", parse_errc::bad_parameter, 7},
       {"digest;d-ver=\"0123\"", parse_errc::bad_parameter, 7},
       {"digest;d-ver=\"0123456789ABCDEF0123456789abcdef\"", parse_errc::bad_parameter, 7},
       {"tls;q=0.5 tls", parse_errc::trailing_bytes, 9}});
}

TEST(SecurityMechanismTest, IsBuiltAndEdited) {
  EXPECT_EQ(SecurityMechanism::make("tls", 200U)->text(), "tls;q=0.2");
  EXPECT_EQ(SecurityMechanism::make("tls", 7U)->text(), "tls;q=0.007");
  EXPECT_EQ(SecurityMechanism::make("tls", 1000U)->text(), "tls;q=1");
  EXPECT_EQ(SecurityMechanism::make("tls", 0U)->text(), "tls;q=0");
  EXPECT_EQ(SecurityMechanism::make("tls")->text(), "tls");
  for (unsigned q = 0; q <= 1000; ++q) EXPECT_EQ(SecurityMechanism::make("a", q)->view().q(), q);
  EXPECT_EQ(SecurityMechanism::make("tls", 1001U).error().code, parse_errc::bad_number);
  EXPECT_EQ(SecurityMechanism::make("t ls").error().code, parse_errc::bad_token);
  EXPECT_EQ(SecurityMechanism::make("tls\r\n").error().code, parse_errc::bad_token);
  auto digest = *SecurityMechanism::make("digest");
  ASSERT_TRUE(digest.set_param("d-alg", "SHA-256"));
  EXPECT_FALSE(digest.set_quoted("d-ver", "12"));
  EXPECT_FALSE(digest.set_param("q", "5"));
  EXPECT_EQ(peal_test::printed(digest), "digest;d-alg=SHA-256");
}

TEST(ResourcePriorityTest, Rfc4412Section3_1) {
  const auto value = ResourceValueView::parse("dsn.Flash-override");
  ASSERT_TRUE(value) << value.error().message();
  EXPECT_EQ(value->name_space(), "dsn");
  EXPECT_EQ(value->priority(), "Flash-override");
  EXPECT_TRUE(value->is("DSN", "flash-override"));
  EXPECT_FALSE(value->is("dsn", "flash"));
  EXPECT_EQ(ResourceValueView::parse("dsn-000001.0")->name_space(), "dsn-000001");
  expect_refused<ResourceValueView>({{"", parse_errc::empty, 0},
                                     {"dsn", parse_errc::bad_token, 3},
                                     {".flash", parse_errc::bad_token, 0},
                                     {"dsn.", parse_errc::bad_token, 4},
                                     {"dsn.flash.x", parse_errc::bad_token, 9},
                                     {"dsn.flash;x", parse_errc::trailing_bytes, 9}});
  EXPECT_EQ(ResourceValue::make("wps", "3")->text(), "wps.3");
  EXPECT_FALSE(ResourceValue::make("wps", "3.4"));
  EXPECT_FALSE(ResourceValue::make("", "3"));
  EXPECT_FALSE(ResourceValue::make("wps", "3\r\nEvil: 1"));
}

TEST(TriggerConsentTest, Rfc5360Section5_11_2) {
  const auto trigger =
      TriggerConsentView::parse("sip:123@relay.example.com\t ;target-uri=\"sip:friends@relay.example.com;x\";y");
  ASSERT_TRUE(trigger) << trigger.error().message();
  EXPECT_EQ(trigger->uri().text(), "sip:123@relay.example.com");
  EXPECT_EQ(trigger->target_uri(), "sip:friends@relay.example.com;x");
  EXPECT_TRUE(trigger->params().has("y"));
  EXPECT_EQ(TriggerConsentView::parse("sips:a@b")->target_uri(), "");
  expect_refused<TriggerConsentView>({{"", parse_errc::empty, 0},
                                      {"<sip:a@b>", parse_errc::bad_scheme, 0},
                                      {"tel:+1", parse_errc::bad_scheme, 0},
                                      {"sip:a@b;target-uri=x", parse_errc::bad_uri, 8},
                                      {"sip:a@b;target-uri=\"x\"", parse_errc::bad_uri, 8},
                                      {"sip:a@b?x=y", parse_errc::trailing_bytes, 7}});
  const auto uri = *Uri::parse("sip:123@relay.example.com");
  EXPECT_EQ(TriggerConsent::make(uri, *Uri::parse("sip:f@r;x"))->text(),
            "sip:123@relay.example.com;target-uri=\"sip:f@r;x\"");
  EXPECT_EQ(TriggerConsent::make(uri)->text(), uri.text());
  EXPECT_EQ(TriggerConsent::make(*Uri::parse("tel:+1")).error().code, parse_errc::bad_scheme);
  EXPECT_EQ(TriggerConsent::make(*Uri::parse("sip:a;lr")).error(), (ParseError{parse_errc::trailing_bytes, 5}));
  EXPECT_EQ(TriggerConsent::make(*Uri::parse("sip:a?b=c")).error(), (ParseError{parse_errc::trailing_bytes, 5}));
}

TEST(PolicyContactTest, Rfc6794Section4_4_5_2) {
  const auto contact = PolicyContactView::parse("<sip:host@example.com;x>;non-cacheable;alt-uri=host.example.com");
  ASSERT_TRUE(contact) << contact.error().message();
  EXPECT_EQ(contact->uri().text(), "sip:host@example.com;x");
  EXPECT_FALSE(contact->is_cacheable());
  EXPECT_EQ(contact->alternative(), "host.example.com");
  EXPECT_TRUE(PolicyContactView::parse("<https://example.com>")->is_cacheable());
  expect_refused<PolicyContactView>({{"", parse_errc::empty, 0},
                                     {"sip:a", parse_errc::bad_uri, 0},
                                     {"<sip:a>;alt-uri=\"x\"", parse_errc::bad_host, 8},
                                     {"<sip:a>;alt-uri", parse_errc::bad_host, 8}});
  auto built = *PolicyContact::make(*Uri::parse("sip:host@example.com"));
  ASSERT_TRUE(built.set_param("non-cacheable"));
  EXPECT_FALSE(built.set_param("alt-uri", "a_b"));
  EXPECT_EQ(peal_test::printed(built), "<sip:host@example.com>;non-cacheable");
}

TEST(PermissionMissingTest, Rfc5360Section5_9_3) {
  EXPECT_EQ(PartyAddr::parse("sip:C@example.com")->uri().user(), "C");
  EXPECT_EQ(PartyAddr::parse_view("<sip:C@example.com>;x")->params().text(), ";x");
  EXPECT_TRUE(PartyAddr::parse_view("<urn:a:b>"));
  expect_refused<PartyAddr>({{"*", parse_errc::bad_scheme, 0}, {"", parse_errc::empty, 0}});
}

TEST(SecurityMechanismTest, IsReadWhereItStands) {
  const auto request =
      Request::parse(peal_test::invite_with("Security-Client: ipsec-ike;d-alg=md5;q=0.1,\r\n\ttls;q=0.2, tls;q=7\r\n"
                                            "Security-Verify: digest;x=\"a,b\" , tls\r\n"
                                            "Resource-Priority: dsn.flash, dsn , wps.3\r\n"
                                            "Accept-Resource-Priority:\r\n"
                                            "Trigger-Consent: sip:a@b;target-uri=\"sip:c,d@e\",sip:f@g\r\n"
                                            "Permission-Missing: sip:C@example.com, \"D, E\" <sip:D@example.com>\r\n"
                                            "Policy-Contact: <sip:a;b>;non-cacheable, <sip:c>\r\n"));
  ASSERT_TRUE(request);
  const auto offered = request->all(header::security_client);
  ASSERT_EQ(offered.size(), 3U);
  EXPECT_EQ(offered[0]->digest_algorithm(), "md5");
  EXPECT_EQ(offered[1]->q(), 200U);
  EXPECT_EQ(offered[2].error(), (ParseError{parse_errc::bad_parameter, 4}));
  EXPECT_EQ(request->all(header::security_verify)[1]->mechanism(), "tls");
  const auto priorities = request->all(header::resource_priority);
  ASSERT_EQ(priorities.size(), 3U);
  EXPECT_FALSE(priorities[1]);
  EXPECT_TRUE(priorities[2]->is("wps", "3"));
  EXPECT_TRUE(request->all(header::accept_resource_priority).empty());
  const auto triggers = request->all(header::trigger_consent);
  ASSERT_EQ(triggers.size(), 2U);
  EXPECT_EQ(triggers[0]->target_uri(), "sip:c,d@e");
  EXPECT_EQ(request->all(header::permission_missing)[1]->display_name(), "D, E");
  EXPECT_EQ(request->all(header::policy_contact).size(), 2U);
}

}  // namespace
