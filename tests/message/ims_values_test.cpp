#include "refusals.hpp"

#include <peal/message/message.hpp>
#include <peal/message/typed_headers.hpp>

namespace {

using namespace peal;
using peal_test::expect_refused;

TEST(AccessNetworkTest, Rfc7315Section5_4) {
  const auto access =
      AccessNetworkView::parse(R"(3GPP-E-UTRAN-FDD; utran-cell-id-3gpp="23415 D0FCE11";network-provided)");
  ASSERT_TRUE(access) << access.error().message();
  EXPECT_EQ(access->access(), "3GPP-E-UTRAN-FDD");
  EXPECT_EQ(access->info("Utran-Cell-Id-3GPP"), "23415 D0FCE11");
  EXPECT_EQ(access->info("cgi-3gpp"), "");
  EXPECT_TRUE(access->is_network_provided());
  EXPECT_FALSE(AccessNetworkView::parse("ADSL2+")->is_network_provided());
  EXPECT_EQ(AccessNetworkView::parse("IEEE-802.11;i-wlan-node-id=00abcd")->info("i-wlan-node-id"), "00abcd");
  expect_refused<AccessNetworkView>({{"", parse_errc::empty, 0},
                                     {"\"ADSL\"", parse_errc::bad_token, 0},
                                     {"ADSL;", parse_errc::bad_parameter, 5},
                                     {"ADSL;a=", parse_errc::bad_parameter, 7},
                                     {"ADSL DSL", parse_errc::trailing_bytes, 4}});
  auto built = *AccessNetwork::make("3GPP-NR-FDD");
  ASSERT_TRUE(built.set_quoted("utran-cell-id-3gpp", "23415"));
  ASSERT_TRUE(built.set_param("network-provided"));
  EXPECT_EQ(built.text(), "3GPP-NR-FDD;utran-cell-id-3gpp=\"23415\";network-provided");
  EXPECT_FALSE(AccessNetwork::make("a b"));
  EXPECT_FALSE(AccessNetwork::make("a;b"));
}

TEST(VisitedNetworkTest, Rfc7315Section4_3) {
  EXPECT_EQ(VisitedNetworkView::parse("other.net")->name(), "other.net");
  EXPECT_EQ(VisitedNetworkView::parse("\"Visited network number 1\";x=1")->name(), "Visited network number 1");
  EXPECT_EQ(VisitedNetworkView::parse("\"a;b\" ;x=1")->params().value("x"), "1");
  expect_refused<VisitedNetworkView>({{"", parse_errc::empty, 0},
                                      {"a b", parse_errc::trailing_bytes, 1},
                                      {"\"a", parse_errc::unterminated_quote, 0},
                                      {"<sip:a>", parse_errc::bad_token, 0}});
  EXPECT_EQ(VisitedNetwork::make("other.net")->text(), "other.net");
  EXPECT_EQ(VisitedNetwork::make("a \"b\"")->text(), R"("a \"b\"")");
  EXPECT_EQ(VisitedNetwork::make("a\r").error(), (ParseError{parse_errc::bad_byte, 1}));
}

TEST(ChargingVectorTest, Rfc7315Section5_6) {
  const auto vector = ChargingVectorView::parse(
      R"(icid-value="AyretyU0dm+6O2IrT5tAFrbHLso=023551024";icid-generated-at=192.0.6.8;)"
      R"( orig-ioi=home1.net ;term-ioi="home2.net";transit-ioi="operatorA.1, void";related-icid=7;)"
      R"(related-icid-generated-at=[2001:db8::1];x)");
  ASSERT_TRUE(vector) << vector.error().message() << vector.error().offset;
  EXPECT_EQ(vector->icid(), "AyretyU0dm+6O2IrT5tAFrbHLso=023551024");
  EXPECT_EQ(vector->generated_at(), "192.0.6.8");
  EXPECT_EQ(vector->orig_ioi(), "home1.net");
  EXPECT_EQ(vector->term_ioi(), "home2.net");
  EXPECT_EQ(vector->transit_ioi(), "operatorA.1, void");
  EXPECT_EQ(vector->related_icid(), "7");
  EXPECT_EQ(vector->related_generated_at(), "[2001:db8::1]");
  EXPECT_TRUE(vector->params().has("x"));
  EXPECT_EQ(ChargingVectorView::parse("ICID-Value = 1")->icid(), "1");
  EXPECT_EQ(ChargingVectorView::parse("icid-value=1")->orig_ioi(), "");
  expect_refused<ChargingVectorView>({{"", parse_errc::empty, 0},
                                      {"orig-ioi=a;icid-value=1", parse_errc::missing_parameter, 0},
                                      {"icid-value", parse_errc::bad_parameter, 10},
                                      {"icid-value=", parse_errc::bad_parameter, 11},
                                      {"icid-value=1;icid-generated-at=\"a\"", parse_errc::bad_host, 13},
                                      {"icid-value=1;x;icid-generated-at", parse_errc::bad_host, 15},
                                      {"icid-value=1;icid-value=2", parse_errc::repeated_parameter, 13},
                                      {"icid-value=1, x", parse_errc::trailing_bytes, 12}});
}

TEST(ChargingVectorTest, IsBuiltAndEdited) {
  auto vector = *ChargingVector::make("1234bc9876e");
  ASSERT_TRUE(vector.set_param("icid-generated-at", "192.0.6.8"));
  ASSERT_TRUE(vector.set_quoted("orig-ioi", "home 1"));
  EXPECT_EQ(vector.text(), "icid-value=1234bc9876e;icid-generated-at=192.0.6.8;orig-ioi=\"home 1\"");
  EXPECT_EQ(vector.set_param("icid-generated-at", "a_b").error().code, parse_errc::bad_host);
  EXPECT_FALSE(vector.set_param("icid-value", "2"));
  ASSERT_TRUE(vector.remove_param("orig-ioi"));
  EXPECT_EQ(peal_test::printed(vector), "icid-value=1234bc9876e;icid-generated-at=192.0.6.8");
  EXPECT_EQ(ChargingVector::make("a b")->text(), "icid-value=\"a b\"");
  EXPECT_EQ(ChargingVector::make("").error().code, parse_errc::empty);
  EXPECT_EQ(ChargingVector::make("a\n").error(), (ParseError{parse_errc::bad_byte, 1}));
}

TEST(ImsTest, AreReadWhereTheyStand) {
  const auto request = Request::parse(
      peal_test::invite_with("P-Visited-Network-ID: other.net,\"Visited network, number 1\"\r\n"
                             "P-Charging-Vector: icid-value=1234bc9876e;\r\n"
                             "                   icid-generated-at=192.0.6.8;\r\n"
                             "                   orig-ioi=home1.net\r\n"
                             "P-Access-Network-Info: IEEE-802.11;i-wlan-node-id=\"a,b\", ADSL;np, <x>\r\n"
                             "P-Early-Media: supported, gated\r\n"
                             "P-Early-Media: inactive\r\n"));
  ASSERT_TRUE(request);
  EXPECT_EQ(request->all(header::p_visited_network_id).back()->name(), "Visited network, number 1");
  EXPECT_EQ(request->get(header::p_charging_vector)->orig_ioi(), "home1.net");
  const auto access = request->all(header::p_access_network_info);
  ASSERT_EQ(access.size(), 3U);
  EXPECT_EQ(access[0]->info("i-wlan-node-id"), "a,b");
  EXPECT_EQ(access[1]->access(), "ADSL");
  EXPECT_FALSE(access[2]);
  EXPECT_TRUE(request->lists(header::p_early_media, "GATED"));  // RFC 5009 §8
  EXPECT_TRUE(request->lists(header::p_early_media, "inactive"));
  EXPECT_FALSE(request->lists(header::p_early_media, "sendrecv"));
}

}  // namespace
