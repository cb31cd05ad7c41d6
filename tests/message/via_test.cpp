#include <peal/message/via.hpp>

namespace {

using namespace peal;

TEST(ViaTest, ReadsEveryPart) {
  const auto via = ViaView::parse(
      "SIP / 2.0 / UDP first.example.com : 4000;ttl=16 ;maddr=224.2.0.1 ;branch=z9hG4bKa7c6a8dlze.1");  // §20.42
  ASSERT_TRUE(via) << via.error().message() << via.error().offset;
  EXPECT_EQ(via->transport(), "UDP");
  EXPECT_EQ(via->host(), "first.example.com");
  EXPECT_EQ(via->port(), 4000);
  EXPECT_EQ(via->branch(), "z9hG4bKa7c6a8dlze.1");
  EXPECT_TRUE(via->has_magic_cookie());
  EXPECT_EQ(via->params().value("maddr"), "224.2.0.1");
  EXPECT_EQ(via->text().size(), via->parts().size);
}

TEST(ViaTest, BranchAndCookieMayBeMissing) {
  const auto via = ViaView::parse("SIP/2.0/TCP [::ffff:192.0.2.10]");
  ASSERT_TRUE(via);
  EXPECT_EQ(via->host(), "[::ffff:192.0.2.10]");
  EXPECT_EQ(via->port(), 0);
  EXPECT_TRUE(via->branch().empty());
  EXPECT_FALSE(via->has_magic_cookie());
}

TEST(ViaTest, TheCookieComparesWithoutCase) {
  EXPECT_TRUE(ViaView::parse("SIP/2.0/UDP h;BRANCH=Z9HG4BK77")->has_magic_cookie());
  EXPECT_FALSE(ViaView::parse("SIP/2.0/UDP h;branch=z9hG4b")->has_magic_cookie());
}

TEST(ViaTest, ReceivedMayBeIpv6WithOrWithoutBrackets) {  // RFC 5118 §4.5
  EXPECT_EQ(ViaView::parse("SIP/2.0/UDP [2001:db8::9:1];received=2001:db8::9:255;branch=z9hG4bKas3-111")
                ->params()
                .value("received"),
            "2001:db8::9:255");
  EXPECT_EQ(ViaView::parse("SIP/2.0/UDP [2001:db8::9:1];received=[2001:db8::9:255]")->params().value("received"),
            "[2001:db8::9:255]");
}

TEST(ViaTest, RefusesWhatTheGrammarDoes) {
  for (const auto* bad : {"", "SIP/2.0/UDP", "SIP/2.0/UDP ", "SIP/2.0 UDP host", "SIP/2.0/UDP host;",
                          "SIP/2.0/UDP host;branch=", "SIP/2.0/UDP host;branch=1;branch=2", "SIP/2.0/UDP host:port",
                          "SIP/2.0/UDP host, SIP/2.0/UDP b", "SIP/2.0/UDPhost", "SIP/2.0/UDP host;branch=\"q\"",
                          "SIP/2.0/UDP host;branch=a:b"})
    EXPECT_FALSE(ViaView::parse(bad)) << bad;
}

TEST(ViaTest, MakesAndEdits) {
  auto via = *Via::make("UDP", "[2001:db8::1]:5060", "z9hG4bK1", true);
  EXPECT_EQ(via.text(), "SIP/2.0/UDP [2001:db8::1]:5060;rport;branch=z9hG4bK1");
  ASSERT_TRUE(via.set_param("rport", "5062"));
  ASSERT_TRUE(via.set_param("received", "2001:db8::7"));
  EXPECT_EQ(via.text(), "SIP/2.0/UDP [2001:db8::1]:5060;rport=5062;branch=z9hG4bK1;received=2001:db8::7");
  EXPECT_EQ(via.branch(), "z9hG4bK1");
  EXPECT_FALSE(via.set_param("received", "a b"));
  EXPECT_FALSE(via.set_param("received", "a\r\nEvil: 1"));
  EXPECT_FALSE(Via::make("UDP", "host;branch=x", "z9hG4bK1", false));
  EXPECT_FALSE(Via::make("UDP", "h", "z9hG4bK 1", false));
  EXPECT_FALSE(Via::make("U D P", "h", "z9hG4bK1", false));
  EXPECT_FALSE(Via::make("UDP", "", "z9hG4bK1", false));
}

}  // namespace
