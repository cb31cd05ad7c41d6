// What the prose of RFC 5118 says stands in each message.
#include "torture_message.hpp"

#include <peal/message/sdp/session_description.hpp>

namespace torture {
namespace {

TEST(Rfc5118ValuesTest, ipv6_good) {
  const auto request = request_of("ipv6-good");
  EXPECT_EQ(request.uri().host(), "[2001:db8::10]");
  EXPECT_EQ(request.uri().port(), std::nullopt);
  EXPECT_EQ(request.top_via().host(), "[2001:db8::9:1]");
  EXPECT_EQ(request.top_via().port(), 0);
  const auto contact = request.get(header::contact);
  EXPECT_EQ(contact->uri().host(), "[2001:db8::1]");
  EXPECT_EQ(contact->uri().user(), "caller");
}

TEST(Rfc5118ValuesTest, ipv6_bad) {
  Received received(text_of("ipv6-bad"));
  EXPECT_TRUE(received.parser.request().uri().empty()) << "2001 is no host with a port of db8";
  EXPECT_EQ(received.parser.request().call_id(), "SSG9559905523997077@hlau_4100");
}

TEST(Rfc5118ValuesTest, port_ambiguous) {
  const auto request = request_of("port-ambiguous");
  EXPECT_EQ(request.uri().host(), "[2001:db8::10:5070]") << "becomes the last octet of the reference";
  EXPECT_EQ(request.uri().port(), std::nullopt);
}

TEST(Rfc5118ValuesTest, port_unambiguous) {
  const auto request = request_of("port-unambiguous");
  EXPECT_EQ(request.uri().host(), "[2001:db8::10]");
  EXPECT_EQ(request.uri().port(), 5070);
  EXPECT_FALSE(equivalent(request.uri(), request_of("port-ambiguous").uri()));
}

TEST(Rfc5118ValuesTest, via_received_param_with_delim) {
  const auto request = request_of("via-received-param-with-delim");
  EXPECT_EQ(request.top_via().params().value("received"), "[2001:db8::9:255]");
  EXPECT_EQ(request.top_via().branch(), "z9hG4bKas3-111");
  EXPECT_EQ(request.to_tag(), "bd76ya");
}

TEST(Rfc5118ValuesTest, via_received_param_no_delim) {
  const auto request = request_of("via-received-param-no-delim");
  EXPECT_EQ(request.top_via().params().value("received"), "2001:db8::9:255");
  EXPECT_EQ(request.top_via().branch(), "z9hG4bKas3");
}

/// "When sending a request, implementations must not put the delimiting [ and ] tokens."
TEST(Rfc5118ValuesTest, via_received_is_written_without_delim) {
  auto via = Via::make("UDP", "[2001:db8::9:1]", "z9hG4bKas3", false);
  ASSERT_TRUE(via && via->set_param("received", "2001:db8::9:255"));
  EXPECT_EQ(via->text(), "SIP/2.0/UDP [2001:db8::9:1];branch=z9hG4bKas3;received=2001:db8::9:255");
}

TEST(Rfc5118ValuesTest, ipv6_in_sdp) {
  const auto request = request_of("ipv6-in-sdp");
  EXPECT_EQ(request.uri().host(), "[2001:db8::10]");
  const auto description = sdp::parse(request.body());
  ASSERT_TRUE(description);
  EXPECT_EQ(description->origin().connection.address, "2001:db8::20");
  ASSERT_TRUE(description->connection());
  EXPECT_EQ(description->connection()->address, "2001:db8::20") << "without the delimiting [ and ]";
  EXPECT_EQ(description->media().size(), 2U);
}

TEST(Rfc5118ValuesTest, mult_ip_in_header) {
  const auto request = request_of("mult-ip-in-header");
  const auto list = request.all(header::via);
  ASSERT_EQ(list.size(), 3U);
  EXPECT_EQ(list[0]->host(), "[2001:db8::9:1]");
  EXPECT_EQ(list[0]->port(), 6050);
  EXPECT_EQ(list[1]->host(), "192.0.2.1");
  EXPECT_EQ(list[2]->host(), "[2001:db8::9:255]");
  EXPECT_EQ(list[2]->params().value("received"), "192.0.2.200");
}

TEST(Rfc5118ValuesTest, mult_ip_in_sdp) {
  const auto request = request_of("mult-ip-in-sdp");
  const auto description = sdp::parse(request.body());
  ASSERT_TRUE(description);
  ASSERT_EQ(description->media().size(), 2U);
  ASSERT_TRUE(description->media()[0].connection() && description->media()[1].connection());
  EXPECT_EQ(description->media()[0].connection()->address, "192.0.2.1");
  EXPECT_EQ(description->media()[1].connection()->address, "2001:db8::1");
  EXPECT_FALSE(description->connection());
}

TEST(Rfc5118ValuesTest, ipv4_mapped_ipv6) {
  const auto request = request_of("ipv4-mapped-ipv6");
  const auto vias = request.all(header::via);
  ASSERT_EQ(vias.size(), 2U);
  EXPECT_EQ(vias[0]->host(), "[::ffff:192.0.2.10]");
  EXPECT_EQ(vias[0]->port(), 19823);
  EXPECT_EQ(vias[1]->host(), "[::ffff:192.0.2.2]");
  EXPECT_EQ(request.get(header::contact)->uri().host(), "[::ffff:192.0.2.2]");
  const auto description = sdp::parse(request.body());
  ASSERT_TRUE(description);
  EXPECT_EQ(description->connection()->address, "::ffff:192.0.2.2");
}

TEST(Rfc5118ValuesTest, ipv6_bug_abnf_3_colons) {
  const auto request = request_of("ipv6-bug-abnf-3-colons");
  EXPECT_EQ(request.uri().host(), "[2001:db8:::192.0.2.1]");
  EXPECT_EQ(request.to().uri().host(), "[2001:db8:::192.0.2.1]");
  EXPECT_EQ(request.uri().user(), "user");
}

TEST(Rfc5118ValuesTest, ipv6_correct_abnf_2_colons) {
  const auto request = request_of("ipv6-correct-abnf-2-colons");
  EXPECT_EQ(request.uri().host(), "[2001:db8::192.0.2.1]");
}

/// The two spell one address: the extra colon can be ignored.
TEST(Rfc5118ValuesTest, the_two_constructs_are_one_address) {
  EXPECT_TRUE(equivalent(request_of("ipv6-bug-abnf-3-colons").uri(), request_of("ipv6-correct-abnf-2-colons").uri()));
}

}  // namespace
}  // namespace torture
