#include "header_values.hpp"

#include <peal/message/time_values.hpp>

namespace value_test::time_values {

using namespace peal;
using namespace std::chrono;
using namespace std::chrono_literals;

constexpr sys_seconds rfc3261_date = sys_days{2010y / November / 13} + 23h + 29min;

TEST(DateTest, Rfc3261Section20_17) {
  const auto date = Date::parse("Sat, 13 Nov 2010 23:29:00 GMT");
  ASSERT_TRUE(date);
  EXPECT_EQ(date->value, rfc3261_date);
  EXPECT_EQ(printed(Date{rfc3261_date}), "Sat, 13 Nov 2010 23:29:00 GMT");
  expect_same<Date>({"Thu, 21 Feb 2002 13:02:03 GMT", "Tue, 29 Feb 2000 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT",
                     "Sat, 01 Jan 0000 00:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT"});
}

TEST(DateTest, IsReadInAMessageAlsoWhenFolded) {
  const auto request = received("Subject: x\r\nDate: Sat, 13 Nov 2010\r\n 23:29:00 GMT\r\nPriority: urgent\r\n");
  EXPECT_EQ(request.get(header::date)->value, rfc3261_date);
}

TEST(DateTest, ADayOfOneDigitIsRead) {  // RFC 1123 §5.2.14: date = 1*2DIGIT month 2*4DIGIT
  EXPECT_EQ(printed(*Date::parse("Sun, 1 Jul 2018 05:00:00 GMT")), "Sun, 01 Jul 2018 05:00:00 GMT");
}

TEST(DateTest, RefusesWhatIsNoSipDate) {
  expect_refused<Date>({
      {"", parse_errc::empty, 0},
      {"sat, 13 Nov 2010 23:29:00 GMT", parse_errc::bad_date, 0},
      {"Saturday, 13 Nov 2010 23:29:00 GMT", parse_errc::bad_date, 0},
      {"Sat,13 Nov 2010 23:29:00 GMT", parse_errc::bad_date, 0},
      {"Fri, 13 Nov 2010 23:29:00 GMT", parse_errc::bad_date, 0},  // it was a Saturday
      {"Mon, 30 Feb 1896 23:59:59 GMT", parse_errc::bad_date, 5},
      {"Sat, 00 Nov 2010 23:29:00 GMT", parse_errc::bad_date, 5},
      {"Sat, 013 Nov 2010 23:29:00 GMT", parse_errc::bad_date, 7},
      {"Sat, 13 NOV 2010 23:29:00 GMT", parse_errc::bad_date, 8},
      {"Sat, 13 Nov 10 23:29:00 GMT", parse_errc::bad_date, 14},
      {"Sat, 13 Nov 2010 24:00:00 GMT", parse_errc::bad_date, 17},
      {"Sat, 13 Nov 2010 23:59:60 GMT", parse_errc::bad_date, 17},
      {"Sat, 13 Nov 2010 23:29:100 GMT", parse_errc::bad_date, 25},
      {"Sat, 13 Nov 2010 23:29:00 UTC", parse_errc::bad_date, 26},
      {"Sat, 13 Nov 2010 23:29:00 gmt", parse_errc::bad_date, 26},
      {"Sat, 13 Nov 2010 23:29:00", parse_errc::bad_date, 25},
      {"Sat, 13 Nov 2010 23:29:00 GMT+1", parse_errc::trailing_bytes, 29},
      {"3600", parse_errc::bad_date, 0},
  });
}

TEST(DateTest, NoMomentPrintsWhatIsNoDate) {
  EXPECT_EQ(printed(Date{sys_days{year{10000} / January / 1}}), "Fri, 31 Dec 9999 23:59:59 GMT");
  EXPECT_EQ(printed(Date{sys_days{year{-5} / June / 1}}), "Sat, 01 Jan 0000 00:00:00 GMT");
}

TEST(DateTest, IsSetInAMessage) {
  auto request = received("");
  request.set(header::date, Date{rfc3261_date});
  EXPECT_EQ(request.raw("Date"), "Sat, 13 Nov 2010 23:29:00 GMT");
  EXPECT_EQ(request.set(header::date, "tomorrow").error(), make_error_code(parse_errc::bad_date));
}

TEST(TimestampTest, Rfc3261Section20_38) {
  const auto timestamp = TimestampView::parse("54");
  ASSERT_TRUE(timestamp);
  EXPECT_EQ(timestamp->time(), 54s);
  EXPECT_EQ(timestamp->delay(), std::nullopt);
  expect_same<Timestamp>({"54", "1.0 .001", "1.", "1. .", "00054.50 0.25"});
}

TEST(TimestampTest, DecimalsAreExact) {
  const auto timestamp = TimestampView::parse("1234567890.123456789  .001");
  EXPECT_EQ(timestamp->time(), 1234567890123456789ns);
  EXPECT_EQ(timestamp->delay(), 1ms);
  EXPECT_EQ(timestamp->delay_text(), ".001");
  EXPECT_EQ(TimestampView::parse("0.1234567890000")->time(), 123456789ns);
  const auto finer = TimestampView::parse("0.1234567891");
  EXPECT_EQ(finer->time(), std::nullopt);
  EXPECT_EQ(finer->time_text(), "0.1234567891");
  EXPECT_EQ(TimestampView::parse("9223372036.854775807")->time(), nanoseconds::max());
  EXPECT_EQ(TimestampView::parse("9223372036.854775808")->time(), std::nullopt);
  EXPECT_EQ(TimestampView::parse("99999999999999999999")->time(), std::nullopt);
}

TEST(TimestampTest, IsReadInAMessageAlsoWhenFolded) {
  const auto request = received("Timestamp: 54.5\r\n\t0.25 \r\nSubject: x\r\n");
  EXPECT_EQ(request.get(header::timestamp)->delay(), 250ms);
  EXPECT_EQ(received("Timestamp: 7 \r\n").get(header::timestamp)->text(), "7");
}

TEST(TimestampTest, Refuses) {
  expect_refused<Timestamp>({{"", parse_errc::empty, 0},
                             {"+1", parse_errc::bad_number, 0},
                             {".0001 13.0", parse_errc::bad_number, 0},
                             {"a", parse_errc::bad_number, 0},
                             {"1,5", parse_errc::trailing_bytes, 1},
                             {"1.5.6", parse_errc::trailing_bytes, 3},
                             {"1 2 3", parse_errc::trailing_bytes, 3},
                             {"1 -2", parse_errc::trailing_bytes, 1}});
}

TEST(TimestampTest, Make) {
  EXPECT_EQ(Timestamp::make(54s)->text(), "54");
  EXPECT_EQ(Timestamp::make(54s + 500ms, 1ns)->text(), "54.5 0.000000001");
  EXPECT_EQ(Timestamp::make(-1ns).error(), (ParseError{parse_errc::bad_number, 0}));
  EXPECT_EQ(Timestamp::make(1s, -1s).error(), (ParseError{parse_errc::bad_number, 0}));
  auto request = received("");
  request.set(header::timestamp, *Timestamp::make(54s));
  EXPECT_EQ(Response(request, StatusCode(100)).raw(header::timestamp), "54");
}

}  // namespace value_test::time_values
