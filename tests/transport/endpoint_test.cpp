#include <peal/transport/cause.hpp>
#include <peal/transport/counters.hpp>
#include <peal/transport/endpoint.hpp>
#include <peal/transport/error.hpp>

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace peal::inline v0::transport {
namespace {

std::string address(std::string_view text) {
  const auto parsed = IpAddress::parse(text);
  return parsed ? parsed->to_string() : parsed.error().message();
}

TEST(IpAddress, ParsesAndPrintsCanonically) {
  EXPECT_EQ(address("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(address("0.0.0.0"), "0.0.0.0");
  EXPECT_EQ(address("2001:DB8:0:0::1"), "2001:db8::1");
  EXPECT_EQ(address("[2001:db8::1]"), "2001:db8::1");
  EXPECT_EQ(address("::"), "::");
  EXPECT_EQ(address("::ffff:192.0.2.1"), "::ffff:192.0.2.1") << "stays what it was written as";
  EXPECT_EQ(address("fe80::1%3"), "fe80::1%3");
  EXPECT_EQ(address("[fe80::1%3]"), "fe80::1%3");
}

TEST(IpAddress, RefusesWhatIsNone) {
  for (const std::string_view text : {"",
                                      "1",
                                      "192.0.2",
                                      "192.0.2.1.1",
                                      "192.0.2.256",
                                      "192.0.2.1 ",
                                      " 192.0.2.1",
                                      "0x7f.0.0.1",
                                      "[192.0.2.1]",
                                      "[]",
                                      "[",
                                      "]",
                                      "::g",
                                      ":::",
                                      "1::2::3",
                                      "fe80::1%",
                                      "fe80::1%eth0",
                                      "fe80::1%99999999999",
                                      "example.com",
                                      "2001:db8::1]",
                                      "[2001:db8::1"}) {
    EXPECT_FALSE(IpAddress::parse(text)) << text;
  }
  EXPECT_FALSE(IpAddress::parse(std::string_view("192.0.2.1\0", 10)));
  EXPECT_FALSE(IpAddress::parse(std::string(10'000, '1')));
}

TEST(IpAddress, KnowsItsKind) {
  EXPECT_TRUE(IpAddress::parse("0.0.0.0")->is_unspecified());
  EXPECT_TRUE(IpAddress::parse("::")->is_unspecified());
  EXPECT_FALSE(IpAddress{}.is_unspecified());
  EXPECT_TRUE(IpAddress{}.empty());
  EXPECT_TRUE(IpAddress::parse("127.9.9.9")->is_loopback());
  EXPECT_TRUE(IpAddress::parse("::1")->is_loopback());
  EXPECT_FALSE(IpAddress::parse("::2")->is_loopback());
  EXPECT_TRUE(IpAddress::parse("192.0.2.1")->is_v4());
  EXPECT_TRUE(IpAddress::parse("::ffff:192.0.2.1")->is_v6());
  EXPECT_NE(*IpAddress::parse("::"), *IpAddress::parse("0.0.0.0"));
  EXPECT_NE(*IpAddress::parse("fe80::1%3"), *IpAddress::parse("fe80::1%4"));
}

TEST(IpAddress, AsAUriHost) {
  EXPECT_EQ(IpAddress::parse("192.0.2.1")->to_uri_host(), "192.0.2.1");
  EXPECT_EQ(IpAddress::parse("fe80::1%3")->to_uri_host(), "[fe80::1]");
  EXPECT_EQ(IpAddress{}.to_string(), "");
}

TEST(Endpoint, ParsesAndPrints) {
  for (const std::string text : {"192.0.2.1:5060", "[2001:db8::1]:5060", "[fe80::1%2]:0", "0.0.0.0:65535"}) {
    const auto parsed = Endpoint::parse(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(parsed->to_string(), text);
  }
  for (const std::string_view text :
       {"", ":5060", "192.0.2.1", "192.0.2.1:", "192.0.2.1:65536", "192.0.2.1:-1", "192.0.2.1:+1", "192.0.2.1:5060 ",
        "2001:db8::1:5060", "[2001:db8::1]", "[192.0.2.1]:5060", "host:5060", "[]:5060", "[:1"}) {
    EXPECT_FALSE(Endpoint::parse(text)) << text;
  }
}

TEST(Protocol, NamesAndBack) {
  for (const Protocol p : {Protocol::udp, Protocol::tcp, Protocol::tls, Protocol::ws, Protocol::wss}) {
    EXPECT_EQ(parse_protocol(via_name(p)).value(), p);
    EXPECT_EQ(parse_protocol(uri_name(p)).value(), p);
    EXPECT_EQ(reliable(p), p != Protocol::udp);
  }
  EXPECT_FALSE(parse_protocol("sctp"));
  EXPECT_FALSE(parse_protocol(""));
}

TEST(TransportNames, EveryValueHasItsOwnText) {
  std::set<std::string> drops;
  for (std::size_t i = 0; i < static_cast<std::size_t>(Drop::count); ++i)
    drops.insert(std::string(name_of(static_cast<Drop>(i))));
  EXPECT_EQ(drops.size(), static_cast<std::size_t>(Drop::count));
  EXPECT_FALSE(drops.contains("unknown"));
  std::set<std::string> errors;
  for (int i = 1; i <= 7; ++i) errors.insert(make_error_code(static_cast<errc>(i)).message());
  EXPECT_EQ(errors.size(), 7U);
  EXPECT_FALSE(errors.contains("unknown transport error"));
  EXPECT_EQ(make_error_code(static_cast<errc>(99)).message(), "unknown transport error");
  std::set<std::string> layers;
  for (int i = 0; i <= static_cast<int>(Layer::timer); ++i)
    layers.insert(std::string(peal::name_of(static_cast<Layer>(i))));
  EXPECT_EQ(layers.size(), 7U);
}

}  // namespace
}  // namespace peal::inline v0::transport
