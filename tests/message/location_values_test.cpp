#include "refusals.hpp"

#include <peal/message/message.hpp>
#include <peal/message/typed_headers.hpp>

namespace {

using namespace peal;
using peal_test::expect_refused;

TEST(GeolocationTest, Rfc6442Section4_1) {
  const auto cid = GeolocationView::parse("<cid:target%31@atlanta.example.com> ; routing-allowed=yes");
  ASSERT_TRUE(cid) << cid.error().message();
  EXPECT_TRUE(cid->is_in_body());
  EXPECT_EQ(cid->content_id(), "target1@atlanta.example.com");
  EXPECT_EQ(cid->params().value("routing-allowed"), "yes");
  const auto https = GeolocationView::parse("<https://lis.example.com:8222/y77syc7cuecbh;a?b,c>");
  ASSERT_TRUE(https);
  EXPECT_FALSE(https->is_in_body());
  EXPECT_EQ(https->content_id(), "");
  EXPECT_EQ(https->uri().text(), "https://lis.example.com:8222/y77syc7cuecbh;a?b,c");
  EXPECT_EQ(GeolocationView::parse("<sips:3sdefrhy2jj7@lis.atlanta.example.com;x>")->uri().params().text(), ";x");
  expect_refused<GeolocationView>({{"", parse_errc::empty, 0},
                                   {"cid:a@b", parse_errc::bad_uri, 0},
                                   {"<>", parse_errc::bad_scheme, 1},
                                   {"<cid:a@b", parse_errc::unterminated_angle, 8},
                                   {"<cid:a b>", parse_errc::bad_uri, 6},
                                   {"<cid:a@b>;", parse_errc::bad_parameter, 10},
                                   {"<cid:a@b> x", parse_errc::trailing_bytes, 9}});
}

TEST(GeolocationTest, IsBuiltAndEdited) {
  auto built = *Geolocation::make(*Uri::parse("cid:a@b"));
  ASSERT_TRUE(built.set_quoted("x", "a \"b\""));
  EXPECT_EQ(built.text(), R"(<cid:a@b>;x="a \"b\"")");
  EXPECT_FALSE(built.set_param("x", "a\r\nEvil: 1"));
  ASSERT_TRUE(built.remove_param("x"));
  EXPECT_EQ(peal_test::printed(built), "<cid:a@b>");
  EXPECT_EQ(Geolocation::make(UriView()).error().code, parse_errc::bad_scheme);
}

TEST(GeolocationTest, ErrorsOfRfc6442Section4_4) {
  const auto error = GeolocationErrorView::parse("100 ; code=\"Cannot Process Location\"");
  ASSERT_TRUE(error) << error.error().message();
  EXPECT_EQ(error->code(), 100U);
  EXPECT_EQ(error->reason(), "Cannot Process Location");
  EXPECT_EQ(GeolocationErrorView::parse("7")->code(), 7U);
  EXPECT_EQ(GeolocationErrorView::parse("7")->reason(), "");
  expect_refused<GeolocationErrorView>({{"", parse_errc::empty, 0},
                                        {"1000", parse_errc::bad_number, 0},
                                        {"x", parse_errc::bad_number, 0},
                                        {"100;code=Cannot", parse_errc::bad_parameter, 4},
                                        {"100;code", parse_errc::bad_parameter, 4},
                                        {"100;code=\"a\";code=\"b\"", parse_errc::repeated_parameter, 13},
                                        {"100, 200", parse_errc::trailing_bytes, 3}});
  EXPECT_EQ(GeolocationError::make(300, "Dereference Failure")->text(), "300;code=\"Dereference Failure\"");
  EXPECT_EQ(GeolocationError::make(7)->text(), "007");
  EXPECT_EQ(GeolocationError::make(1000).error().code, parse_errc::bad_number);
  EXPECT_EQ(GeolocationError::make(100, "a\nb").error(), (ParseError{parse_errc::bad_byte, 1}));
}

TEST(GeolocationTest, RoutingOfRfc6442Section4_2) {
  EXPECT_TRUE(GeolocationRoutingView::parse("yes")->allowed());
  EXPECT_TRUE(GeolocationRoutingView::parse("Yes")->allowed());
  EXPECT_FALSE(GeolocationRoutingView::parse("no")->allowed());
  EXPECT_FALSE(GeolocationRoutingView::parse("maybe = \"later\"")->allowed());  // an extension: the same as no
  EXPECT_EQ(GeolocationRouting(true).text(), "yes");
  EXPECT_FALSE(GeolocationRouting(false).view().allowed());
  expect_refused<GeolocationRoutingView>({{"", parse_errc::empty, 0},
                                          {"\"yes\"", parse_errc::bad_token, 0},
                                          {"a=", parse_errc::bad_parameter, 2},
                                          {"yes;x", parse_errc::trailing_bytes, 3}});
}

TEST(AlertMsgErrorTest, Rfc8876Section5_2) {
  const auto error = AlertMsgErrorView::parse("103 ; message=\"Alert payload was corrupted\"");
  ASSERT_TRUE(error) << error.error().message();
  EXPECT_EQ(error->code(), 103U);
  EXPECT_EQ(error->message(), "Alert payload was corrupted");
  expect_refused<AlertMsgErrorView>({{"", parse_errc::empty, 0},
                                     {"10", parse_errc::bad_number, 0},
                                     {"1000", parse_errc::bad_number, 0},
                                     {"100;message=x", parse_errc::bad_parameter, 4}});
  EXPECT_EQ(AlertMsgError::make(100, "Cannot process the alert payload")->text(),
            "100;message=\"Cannot process the alert payload\"");
  EXPECT_EQ(AlertMsgError::make(5)->text(), "005");
  EXPECT_FALSE(AlertMsgError::make(1000));
}

TEST(GeolocationTest, IsReadWhereItStands) {
  const auto request =
      Request::parse(peal_test::invite_with("Geolocation: <cid:target123@atlanta.example.com>,\r\n"
                                            "     <https://lis.example.com:8222/y77syc7cuecbh;a>;\r\n"
                                            "     x=1\r\n"
                                            "Geolocation: nowhere\r\n"
                                            "Geolocation-Routing: yes\r\n"
                                            "Geolocation-Error: 100;\r\n code=\"a,b\"\r\n"
                                            "AlertMsg-Error: 101\r\n"));
  ASSERT_TRUE(request);
  const auto places = request->all(header::geolocation);
  ASSERT_EQ(places.size(), 3U);
  EXPECT_TRUE(places[0]->is_in_body());
  EXPECT_EQ(places[1]->params().value("x"), "1");
  EXPECT_EQ(places[1]->uri().scheme_text(), "https");
  EXPECT_EQ(places[2].error().code, parse_errc::bad_uri);
  EXPECT_TRUE(request->get(header::geolocation_routing)->allowed());
  EXPECT_EQ(request->get(header::geolocation_error)->reason(), "a,b");
  EXPECT_EQ(request->get(header::alertmsg_error)->code(), 101U);
}

}  // namespace
