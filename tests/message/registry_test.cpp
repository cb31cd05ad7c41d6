#include <peal/message/registry/event_packages.hpp>
#include <peal/message/registry/methods.hpp>
#include <peal/message/registry/option_tags.hpp>
#include <peal/message/status.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace peal;

bool is_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// "RFC 3261", "RFC 3261 §8.1.3", "RFC 3261 §8.1.3.2", "no RFC".
bool is_reference(std::string_view text) {
  if (text == "no RFC") return true;
  if (!text.starts_with("RFC ")) return false;
  text.remove_prefix(4);
  const auto number = text.substr(0, text.find(' '));
  if (!is_digits(number) || number.front() == '0' || number.size() != 4) return false;
  text.remove_prefix(number.size());
  if (text.empty()) return true;
  constexpr std::string_view section_mark = " \u00a7";
  if (!text.starts_with(section_mark)) return false;
  for (text.remove_prefix(section_mark.size());;) {
    const auto part = text.substr(0, text.find('.'));
    if (!is_digits(part) || part.front() == '0') return false;
    text.remove_prefix(part.size());
    if (text.empty()) return true;
    text.remove_prefix(1);
  }
}

TEST(RegistryTables, KnowAReferenceWhenTheySeeOne) {
  for (const auto* good : {"RFC 3261", "RFC 3261 \u00a78", "RFC 3261 \u00a718.1.10", "no RFC"})
    EXPECT_TRUE(is_reference(good)) << good;
  for (const auto* bad :
       {"", "RFC", "RFC ", "3261", "RFC 0326", "RFC 32611", "RFC 3261 ", "RFC 3261 8", "RFC 3261 \u00a7",
        "RFC 3261 \u00a78.", "RFC 3261 \u00a7.8", "RFC 3261 \u00a78..1", "RFC 3261 \u00a70", "none"})
    EXPECT_FALSE(is_reference(bad)) << bad;
}

bool is_token_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         std::string_view("-.!%*_+`'~").find(c) != std::string_view::npos;
}

template <class Table>
void expect_well_formed(const Table& table) {
  for (const auto& row : table) {
    SCOPED_TRACE(row.name);
    EXPECT_FALSE(row.name.empty());
    EXPECT_TRUE(std::ranges::all_of(row.name, is_token_character));
    EXPECT_TRUE(is_reference(row.rfc)) << row.rfc;
    EXPECT_GE(row.meaning.size(), 10U);
    EXPECT_LE(row.meaning.size(), 100U);
    EXPECT_FALSE(row.meaning.ends_with('.'));
    EXPECT_TRUE(std::ranges::all_of(row.meaning, [](char c) { return c >= ' ' && c <= '~'; })) << row.meaning;
  }
}

std::string in_lower_case(std::string_view text) {
  std::string out(text);
  for (auto& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

template <class Table>
void expect_sorted_and_unique(const Table& table) {
  std::vector<std::string> names;
  std::vector<std::string_view> meanings;
  for (const auto& row : table) {
    names.push_back(in_lower_case(row.name));
    meanings.push_back(row.meaning);
  }
  EXPECT_TRUE(std::ranges::is_sorted(names));
  EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
  std::ranges::sort(meanings);
  EXPECT_EQ(std::ranges::adjacent_find(meanings), meanings.end());
}

TEST(RegistryTables, AreSortedUniqueAndWellFormed) {
  expect_well_formed(method_table());
  expect_well_formed(option_tag_table());
  expect_well_formed(event_package_table());
  expect_sorted_and_unique(method_table());
  expect_sorted_and_unique(option_tag_table());
  expect_sorted_and_unique(event_package_table());
  for (const auto& row : status_table()) EXPECT_TRUE(is_reference(row.rfc)) << row.rfc;
}

template <class Table, class Find>
void expect_finds(const Table& table, Find find) {
  for (const auto& row : table) {
    EXPECT_EQ(find(row.name), &row);
    EXPECT_EQ(find(in_lower_case(row.name)), &row);
    auto upper = std::string(row.name);
    for (auto& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    EXPECT_EQ(find(upper), &row);
    EXPECT_EQ(find(std::string(row.name) + "x"), nullptr);
    EXPECT_EQ(find(std::string(row.name) + "."), nullptr);
    EXPECT_EQ(find(row.name.substr(0, row.name.size() - 1)), nullptr) << row.name;
  }
  for (const auto none : {"", "x", "zzz", "0", " timer", "{", "\xFF"}) EXPECT_EQ(find(none), nullptr) << none;
}

TEST(RegistryTables, FindEachRowInAnyLetterCaseAndNoOther) {
  expect_finds(method_table(), find_method);
  expect_finds(option_tag_table(), find_option_tag);
  expect_finds(event_package_table(), find_event_package);
}

template <class Table>
std::vector<std::string_view> names_of(const Table& table) {
  std::vector<std::string_view> out;
  for (const auto& row : table) out.push_back(row.name);
  return out;
}

TEST(OptionTagTable, HoldsTheTagsThatRfcsRegister) {
  EXPECT_EQ(names_of(option_tag_table()), (std::vector<std::string_view>{"100rel",
                                                                         "199",
                                                                         "answermode",
                                                                         "early-session",
                                                                         "eventlist",
                                                                         "explicitsub",
                                                                         "from-change",
                                                                         "geolocation-http",
                                                                         "geolocation-sip",
                                                                         "gin",
                                                                         "gruu",
                                                                         "histinfo",
                                                                         "ice",
                                                                         "join",
                                                                         "multiple-refer",
                                                                         "norefersub",
                                                                         "nosub",
                                                                         "outbound",
                                                                         "path",
                                                                         "policy",
                                                                         "precondition",
                                                                         "pref",
                                                                         "privacy",
                                                                         "recipient-list-invite",
                                                                         "recipient-list-message",
                                                                         "recipient-list-subscribe",
                                                                         "record-aware",
                                                                         "replaces",
                                                                         "resource-priority",
                                                                         "sdp-anat",
                                                                         "sec-agree",
                                                                         "siprec",
                                                                         "tdialog",
                                                                         "timer",
                                                                         "trickle-ice",
                                                                         "uui"}));
  EXPECT_EQ(find_option_tag("100rel")->rfc, "RFC 3262 \u00a78.1");
  EXPECT_EQ(find_option_tag("timer")->rfc, "RFC 4028 \u00a712.3");
  EXPECT_EQ(find_option_tag("gruu")->rfc, "RFC 5627 \u00a711.3");
  EXPECT_EQ(find_option_tag("siprec")->rfc, "RFC 7866 \u00a711.1.1");
}

TEST(EventPackageTable, HoldsThePackagesThatIanaRegisters) {
  EXPECT_EQ(names_of(event_package_table()), (std::vector<std::string_view>{"call-completion",
                                                                            "certificate",
                                                                            "conference",
                                                                            "consent-pending-additions",
                                                                            "credential",
                                                                            "dialog",
                                                                            "http-monitor",
                                                                            "kpml",
                                                                            "load-control",
                                                                            "message-summary",
                                                                            "poc-settings",
                                                                            "presence",
                                                                            "refer",
                                                                            "reg",
                                                                            "session-spec-policy",
                                                                            "Siemens-RTP-Stats",
                                                                            "spirits-INDPs",
                                                                            "spirits-user-prof",
                                                                            "ua-profile",
                                                                            "vq-rtcpxr",
                                                                            "winfo",
                                                                            "xcap-diff"}));
  EXPECT_EQ(find_event_package("presence")->rfc, "RFC 3856 \u00a76.1");
  EXPECT_EQ(find_event_package("message-summary")->rfc, "RFC 3842 \u00a73.1");
  EXPECT_EQ(find_event_package("dialog")->rfc, "RFC 4235 \u00a73.1");
}

// RFC 6665 §5.2: a template is applied to a package behind a dot, and to a templated package again.
TEST(EventPackageTable, FindsTemplatesBehindPackages) {
  const auto* winfo = find_event_package("winfo");
  ASSERT_NE(winfo, nullptr);
  EXPECT_TRUE(winfo->is_template);
  EXPECT_EQ(std::ranges::count_if(event_package_table(), &EventPackageInfo::is_template), 1);
  EXPECT_EQ(find_event_package("presence.winfo"), winfo);
  EXPECT_EQ(find_event_package("Presence.WINFO.winfo"), winfo);
  for (const auto* none : {"presence.", ".winfo", ".", "presence..winfo", "presence.dialog", "x.winfo", "presence.x",
                           "presence.winfo.x", "winfo.winfo", "presence.winfo."})
    EXPECT_EQ(find_event_package(none), nullptr) << none;
}

}  // namespace
