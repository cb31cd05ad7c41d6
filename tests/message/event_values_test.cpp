#include "header_values.hpp"

#include <peal/message/event_values.hpp>

namespace value_test::event_values {

using namespace peal;
using namespace std::chrono_literals;

TEST(EventTest, Rfc6665Section8_4) {
  const auto request = received("Subject: x\r\no: presence.winfo;id=7 ; x=\"a,b\"\r\nAllow-Events: a\r\n");
  const auto event = request.get(header::event);
  ASSERT_TRUE(event);
  EXPECT_EQ(event->type(), "presence.winfo");
  EXPECT_EQ(event->package(), "presence");
  EXPECT_EQ(event->id(), "7");
  EXPECT_EQ(event->params().find("x")->unquoted(), "a,b");
  expect_same<Event>({"refer;id=93809824", "message-summary", "a.b.c;x;y=[::1]"});
}

TEST(EventTest, Refuses) {
  expect_refused<Event>({{"", parse_errc::empty, 0},
                         {"a..b", parse_errc::bad_token, 1},
                         {".a", parse_errc::bad_token, 0},
                         {"a.", parse_errc::bad_token, 1},
                         {"dialog;id", parse_errc::bad_parameter, 7},
                         {"dialog;id=\"a@b\"", parse_errc::bad_parameter, 10},
                         {"dialog;id=1,*", parse_errc::trailing_bytes, 11},
                         {"dialog;id=1;ID=2", parse_errc::repeated_parameter, 12},
                         {"dialog;;", parse_errc::bad_parameter, 7}});
}

TEST(EventTest, Make) {
  EXPECT_EQ(Event::make("presence")->text(), "presence");
  EXPECT_EQ(Event::make("refer", "12")->text(), "refer;id=12");
  EXPECT_EQ(Event::make("a;b").error(), (ParseError{parse_errc::bad_token, 1}));
  EXPECT_EQ(Event::make("a", "1\r\n").error(), (ParseError{parse_errc::bad_token, 1}));
  EXPECT_EQ(Event::make("a..b").error(), (ParseError{parse_errc::bad_token, 1}));
  EXPECT_EQ(Event::make("").error(), (ParseError{parse_errc::empty, 0}));
}

TEST(AllowEventsTest, IsAListOfEventTypes) {
  const auto request = received("Allow-Events: presence, presence.winfo ,\r\n dialog\r\nu: refer\r\n");
  std::vector<std::string_view> types;
  request.each(header::allow_events, [&](const auto& type) { types.push_back(*type); });
  EXPECT_EQ(types, (std::vector<std::string_view>{"presence", "presence.winfo", "dialog", "refer"}));
  expect_same<EventType>({"presence", "presence.winfo"});
  expect_refused<EventType>(
      {{"", parse_errc::empty, 0}, {"a..b", parse_errc::bad_token, 1}, {"a;id=1", parse_errc::trailing_bytes, 1}});
}

TEST(SubscriptionStateTest, Rfc6665Section8_4) {
  const auto request = received("Subscription-State: active;expires=600\r\nEvent: x\r\n");
  const auto active = request.get(header::subscription_state);
  ASSERT_TRUE(active);
  EXPECT_TRUE(active->is("Active"));
  EXPECT_EQ(active->expires(), 600s);
  EXPECT_EQ(active->retry_after(), std::nullopt);
  const auto ended = SubscriptionStateView::parse("terminated;reason=probation; Retry-After=3600");
  EXPECT_EQ(ended->state(), "terminated");
  EXPECT_EQ(ended->reason(), "probation");
  EXPECT_EQ(ended->retry_after(), 3600s);
  EXPECT_EQ(ended->expires(), std::nullopt);
  EXPECT_EQ(SubscriptionStateView::parse("x;expires=99999999999999999999")->expires(), 4294967295s);
  expect_same<SubscriptionState>({"active", "waiting;x=\"y\"", "pending;expires=1;reason=z"});
}

TEST(SubscriptionStateTest, Refuses) {
  expect_refused<SubscriptionState>({{"", parse_errc::empty, 0},
                                     {"active;expires", parse_errc::bad_parameter, 7},
                                     {"terminated;expires=40aaa", parse_errc::bad_parameter, 19},
                                     {"terminated;retry-after=-1", parse_errc::bad_parameter, 23},
                                     {"terminated;reason=\"@\"", parse_errc::bad_parameter, 18},
                                     {"terminated;reason=a;reason=a", parse_errc::repeated_parameter, 20},
                                     {"terminated@x", parse_errc::trailing_bytes, 10},
                                     {"terminated;?", parse_errc::bad_parameter, 11},
                                     {"active, pending", parse_errc::trailing_bytes, 6}});
}

TEST(SubscriptionStateTest, Make) {
  EXPECT_EQ(SubscriptionState::make("active", {.expires = 600s})->text(), "active;expires=600");
  EXPECT_EQ(SubscriptionState::make("terminated", {.reason = "giveup", .retry_after = 30s})->text(),
            "terminated;reason=giveup;retry-after=30");
  EXPECT_EQ(SubscriptionState::make("pending")->text(), "pending");
  EXPECT_EQ(SubscriptionState::make("active", {.expires = -1s}).error(), (ParseError{parse_errc::bad_number, 0}));
  EXPECT_EQ(SubscriptionState::make("active", {.reason = "a b"}).error(), (ParseError{parse_errc::bad_token, 1}));
  EXPECT_FALSE(SubscriptionState::make("active;reason=x"));
}

TEST(InfoPackageTest, Rfc6086Section9_2) {
  const auto request = received("Info-Package: foo;x=y\r\nRecv-Info: P, R;a=\"b,c\"\r\nSubject: x\r\n");
  EXPECT_EQ(request.get(header::info_package)->name(), "foo");
  const auto packages = request.all(header::recv_info);
  ASSERT_EQ(packages.size(), 2U);
  EXPECT_EQ(packages[1]->name(), "R");
  EXPECT_EQ(packages[1]->params().find("a")->unquoted(), "b,c");
  EXPECT_TRUE(received("Recv-Info:\r\n").all(header::recv_info).empty());
  expect_same<InfoPackage>({"foo", "foo;bar"});
  expect_refused<InfoPackage>({{"", parse_errc::empty, 0}, {";x", parse_errc::bad_token, 0}});
}

TEST(EntityTagTest, SuppressIfMatchIsATagOrAStar) {  // RFC 5839 §7.3
  const auto request = received("Suppress-If-Match: *\r\nSIP-ETag: dx200xyz\r\nSIP-If-Match: 12345\r\n");
  EXPECT_EQ(*request.get(header::suppress_if_match), "*");
  EXPECT_EQ(*request.get(header::sip_etag), "dx200xyz");
  EXPECT_EQ(*request.get(header::sip_if_match), "12345");
  EXPECT_FALSE(received("Suppress-If-Match: \"x\"\r\n").get(header::suppress_if_match));
}

}  // namespace value_test::event_values
