#include <peal/message/registry/methods.hpp>
#include <peal/message/status.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <string>
#include <vector>

namespace {

using peal::StatusCode;
namespace status = peal::status;

std::vector<int> codes_where(bool registered) {
  std::vector<int> codes;
  for (const auto& row : peal::status_table())
    if (row.registered == registered) codes.push_back(row.code.value());
  return codes;
}

TEST(StatusCode, IsMadeOf100To699Only) {
  EXPECT_EQ(StatusCode::make(100)->value(), 100);
  EXPECT_EQ(StatusCode::make(699)->value(), 699);
  for (const int bad : {-200, 0, 99, 700, 65736 /* 200 when cut to 16 bits */}) {
    const auto made = StatusCode::make(bad);
    ASSERT_FALSE(made) << bad;
    EXPECT_EQ(made.error(), peal::errc::invalid_value);
  }
}

TEST(StatusCode, KnowsItsClassOverTheWholeRange) {
  for (int value = 100; value <= 699; ++value) {
    const auto code = *StatusCode::make(value);
    EXPECT_EQ(code.status_class(), value / 100);
    EXPECT_EQ(code.is_provisional(), value < 200);
    EXPECT_EQ(code.is_success(), value >= 200 && value < 300);
    EXPECT_EQ(code.is_redirection(), value >= 300 && value < 400);
    EXPECT_EQ(code.is_client_error(), value >= 400 && value < 500);
    EXPECT_EQ(code.is_server_error(), value >= 500 && value < 600);
    EXPECT_EQ(code.is_global_failure(), value >= 600);
    EXPECT_EQ(code.is_final(), value >= 200);
    EXPECT_EQ(code.is_failure(), value >= 400);
  }
}

TEST(StatusCode, ComparesByNumber) {
  static_assert(status::ringing < status::ok);
  static_assert(status::busy_here == StatusCode(486));
  static_assert(sizeof(StatusCode) == 2);
}

// https://www.iana.org/assignments/sip-parameters, "Response Codes".
TEST(StatusTable, HoldsEveryRegisteredCode) {
  EXPECT_EQ(
      codes_where(true),
      (std::vector<int>{100, 180, 181, 182, 183, 199, 200, 202, 204, 300, 301, 302, 305, 380, 400, 401, 402, 403, 404,
                        405, 406, 407, 408, 410, 412, 413, 414, 415, 416, 417, 420, 421, 422, 423, 424, 425, 428, 429,
                        430, 433, 436, 437, 438, 439, 440, 469, 470, 480, 481, 482, 483, 484, 485, 486, 487, 488, 489,
                        491, 493, 494, 500, 501, 502, 503, 504, 505, 513, 555, 580, 600, 603, 604, 606, 607, 608}));
}

TEST(StatusTable, MarksWhatIsNotRegistered) { EXPECT_EQ(codes_where(false), (std::vector<int>{101, 409, 411})); }

TEST(StatusTable, IsAscendingWithoutRepetition) {
  const auto table = peal::status_table();
  EXPECT_EQ(std::ranges::adjacent_find(table, std::ranges::greater_equal{}, &peal::StatusInfo::code), table.end());
}

TEST(StatusTable, RowsAreComplete) {
  for (const auto& row : peal::status_table()) {
    SCOPED_TRACE(row.code.value());
    EXPECT_TRUE(std::isupper(static_cast<unsigned char>(row.reason.front())));
    EXPECT_EQ(row.reason.find_first_of("\r\n"), std::string_view::npos);
    if (row.registered) {
      EXPECT_TRUE(row.rfc.starts_with("RFC "));
      EXPECT_NE(row.rfc.find(" \u00a7"), std::string_view::npos) << "names a section";
    }
  }
}

TEST(StatusTable, NamesAreAsNowRegistered) {
  EXPECT_EQ(reason_phrase(status::bad_identity_info), "Bad Identity Info");            // once "Bad Identity-Info"
  EXPECT_EQ(reason_phrase(status::unsupported_credential), "Unsupported Credential");  // once "… Certificate"
  EXPECT_EQ(reason_phrase(status::server_time_out), "Server Time-out");
  EXPECT_EQ(reason_phrase(status::request_timeout), "Request Timeout");
  EXPECT_EQ(reason_phrase(status::not_acceptable_anywhere), "Not Acceptable");
  EXPECT_EQ(reason_phrase(status::unknown_resource_priority), "Unknown Resource-Priority");
}

TEST(StatusTable, DeprecatesOnly202AndOnlyForEventsAndRefer) {
  for (const auto& row : peal::status_table()) EXPECT_EQ(row.deprecated.empty(), row.code.value() != 202);
  const auto note = peal::find_status(status::accepted)->deprecated;
  for (const auto* method : {"SUBSCRIBE", "NOTIFY", "REFER"}) EXPECT_NE(note.find(method), std::string_view::npos);
  EXPECT_EQ(note.find("MESSAGE"), std::string_view::npos);
}

TEST(StatusTable, FindsEachRowAndNoOther) {
  std::set<int> listed;
  for (const auto& row : peal::status_table()) {
    EXPECT_EQ(peal::find_status(row.code), &row);
    listed.insert(row.code.value());
  }
  for (int value = 100; value <= 699; ++value)
    EXPECT_EQ(peal::find_status(*StatusCode::make(value)) != nullptr, listed.contains(value)) << value;
}

// RFC 3261 §8.1.3.2.
TEST(StatusTable, UnknownCodesCountAsTheirClass) {
  EXPECT_EQ(equivalent(StatusCode(431)), status::bad_request);
  EXPECT_EQ(equivalent(StatusCode(199)), status::early_dialog_terminated);
  EXPECT_EQ(equivalent(StatusCode(150)), status::session_progress) << "a provisional one is 183, not 100";
  EXPECT_EQ(reason_phrase(StatusCode(299)), "OK");
  EXPECT_EQ(reason_phrase(StatusCode(399)), "Multiple Choices");
  EXPECT_EQ(reason_phrase(StatusCode(499)), "Bad Request");
  EXPECT_EQ(reason_phrase(StatusCode(599)), "Server Internal Error");
  EXPECT_EQ(reason_phrase(StatusCode(699)), "Busy Everywhere");
}

TEST(StatusTable, IsSafeWithACodeOutOfRange) {
  EXPECT_EQ(peal::find_status(StatusCode(0)), nullptr);
  EXPECT_EQ(reason_phrase(StatusCode(0)), "");
  EXPECT_EQ(reason_phrase(StatusCode(999)), "");
}

TEST(MethodTable, HoldsTheRegisteredMethods) {
  std::vector<std::string_view> names;
  for (const auto& row : peal::method_table()) {
    names.push_back(row.name);
    EXPECT_TRUE(row.rfc.starts_with("RFC ")) << row.name;
    EXPECT_FALSE(row.meaning.empty()) << row.name;
    EXPECT_TRUE(row.in_dialog || row.out_of_dialog) << row.name;
  }
  EXPECT_EQ(names,
            (std::vector<std::string_view>{"ACK", "BYE", "CANCEL", "INFO", "INVITE", "MESSAGE", "NOTIFY", "OPTIONS",
                                           "PRACK", "PUBLISH", "REFER", "REGISTER", "SUBSCRIBE", "UPDATE"}));
}

std::vector<std::string_view> methods_where(bool peal::MethodInfo::*trait) {
  std::vector<std::string_view> names;
  for (const auto& row : peal::method_table())
    if (row.*trait) names.push_back(row.name);
  return names;
}

TEST(MethodTable, TraitsAreThoseOfTheRfcs) {
  using Names = std::vector<std::string_view>;
  EXPECT_EQ(methods_where(&peal::MethodInfo::creates_dialog), (Names{"INVITE", "NOTIFY", "REFER", "SUBSCRIBE"}));
  // RFC 3261 §12.2 INVITE, RFC 3311 §5.1 UPDATE, RFC 6665 §3.1.1 and §3.2 the two of events, RFC 4488 §4 REFER.
  EXPECT_EQ(methods_where(&peal::MethodInfo::target_refresh),
            (Names{"INVITE", "NOTIFY", "REFER", "SUBSCRIBE", "UPDATE"}));
  EXPECT_EQ(methods_where(&peal::MethodInfo::carries_offer), (Names{"INVITE", "PRACK", "UPDATE"}));
  EXPECT_FALSE(peal::find_method("BYE")->out_of_dialog);
  EXPECT_FALSE(peal::find_method("UPDATE")->out_of_dialog);
  EXPECT_FALSE(peal::find_method("REGISTER")->in_dialog);
}

TEST(MethodTable, FindsInAnyLetterCase) {
  EXPECT_EQ(peal::find_method("prack"), peal::find_method("PRACK"));
  EXPECT_EQ(peal::find_method("Register")->name, "REGISTER");
  for (const auto* none : {"", "INVIT", "INVITEE", "PINGME", "{NVITE"}) EXPECT_EQ(peal::find_method(none), nullptr);
}

}  // namespace
