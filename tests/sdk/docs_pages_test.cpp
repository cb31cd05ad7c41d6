// The pages in docs/ that are made from the registries and from sdk/explain/.
#include <peal/explain.hpp>
#include <peal/message/registry/event_packages.hpp>
#include <peal/message/registry/methods.hpp>
#include <peal/message/registry/option_tags.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace {

using peal::Explanation;

/// Where to edit, and how to make the page again.
std::string how_to_change(std::string_view sources) {
  return "This page is made from " + std::string(sources) +
         ":\nedit there, then run `PEAL_UPDATE_DOCS=1 tests/sdk/sdk_test` in the build folder.\n\n";
}

void append_text(std::string& page, std::string_view text) {
  for (const char c : text) {
    if (c == '*' || c == '<' || c == '_' || c == '|') page += '\\';
    page += c;
  }
}

void append_entry(std::string& page, const Explanation& e) {
  const auto append = [&page](std::string_view label, std::string_view text) {
    page += "- **" + std::string(label) + ":** ";
    append_text(page, text);
    page += '\n';
  };
  page += "### " + std::string(e.title) + "\n\n";
  append(e.is_code() ? "Means" : "Purpose", e.meaning);
  append("Sent by", e.sent_by);
  append(e.is_code() ? "Causes" : "Answers", e.causes);
  append("As UAC", e.remedy);
  append("As UAS", e.remedy_uas);
  append("Read", e.rfc);
  page += '\n';
}

constexpr std::string_view who_is_who =
    "UAC is whoever sent the request, UAS whoever answers it or operates the element that does.\n\n";

std::string response_codes_page() {
  auto page =
      "# Response codes\n\nEvery code that IANA registers for SIP, and three unregistered ones that still turn up. "
      "`peal explain 403`\nprints one of them. " +
      how_to_change("`sdk/explain/` and the table in `message/`");
  page += who_is_who;
  constexpr std::string_view classes[] = {"Provisional (1xx)",   "Success (2xx)",       "Redirection (3xx)",
                                          "Client errors (4xx)", "Server errors (5xx)", "Global failures (6xx)"};
  int status_class = 0;
  for (const auto& row : peal::status_table()) {
    if (row.code.status_class() != status_class) {
      status_class = row.code.status_class();
      page += "## " + std::string(classes[status_class - 1]) + "\n\n";
    }
    append_entry(page, *peal::explain(row.code));
  }
  page += "## Codes that nobody registered\n\n";
  for (const auto& e : peal::explained_codes())
    if (e.title.substr(1, 2) == "xx") append_entry(page, e);
  page.pop_back();
  return page;
}

std::string methods_page() {
  auto page = "# Methods\n\nEvery method that IANA registers. `peal explain PRACK` prints one of them. " +
              how_to_change("`sdk/explain/` and the table in `message/`");
  page += who_is_who;
  page +=
      "| method | makes a dialog | sent inside one | outside one | refreshes the target | may carry an offer |\n"
      "|---|---|---|---|---|---|\n";
  const auto cell = [](bool holds) { return holds ? " yes |" : " |"; };
  for (const auto& row : peal::method_table()) {
    page += "| " + std::string(row.name) + " |";
    for (const bool trait :
         {row.creates_dialog, row.in_dialog, row.out_of_dialog, row.target_refresh, row.carries_offer})
      page += cell(trait);
    page += '\n';
  }
  page += '\n';
  for (const auto& e : peal::explained_methods()) append_entry(page, e);
  page.pop_back();
  return page;
}

void append_row(std::string& page, std::string_view name, std::string_view meaning, std::string_view rfc) {
  page += "| `" + std::string(name) + "` | ";
  append_text(page, meaning);
  page += " | " + std::string(rfc) + " |\n";
}

std::string option_tags_page() {
  auto page =
      "# Option tags\n\nEvery option tag that an RFC registers with IANA; the newest is trickle-ice (RFC 8840). `peal "
      "explain 100rel` prints one of them. " +
      how_to_change("the table in `message/`");
  page +=
      "In Supported a tag says \"I can do this\"; in Require and Proxy-Require it says \"you must\", and who cannot "
      "answers 420\nwith the tag in Unsupported.\n\n| option tag | what is supported or required | read "
      "|\n|---|---|---|\n";
  for (const auto& row : peal::option_tag_table()) append_row(page, row.name, row.meaning, row.rfc);
  return page;
}

std::string event_packages_page() {
  auto page =
      "# Event packages\n\nEvery event package that IANA registers, as of 2014-05-02. `peal explain dialog` prints one "
      "of them. " +
      how_to_change("the table in `message/`");
  page +=
      "The name stands in Event of SUBSCRIBE, NOTIFY and PUBLISH (RFC 6665). A template is applied to another package "
      "behind a\ndot: `presence.winfo`.\n\n| event package | what it tells | read |\n|---|---|---|\n";
  for (const auto& row : peal::event_package_table())
    append_row(page, row.name, std::string(row.is_template ? "template: " : "") + std::string(row.meaning), row.rfc);
  return page;
}

struct Page {
  const char* name;
  std::string (*make)();
};

class DocsPage : public testing::TestWithParam<Page> {};

TEST_P(DocsPage, IsCurrent) {
  const auto path = std::string(PEAL_SOURCE_DIR "/docs/") + GetParam().name + ".md";
  const auto expected = GetParam().make();
  if (std::getenv("PEAL_UPDATE_DOCS") != nullptr) std::ofstream(path, std::ios::binary) << expected;
  std::ifstream file(path, std::ios::binary);
  const std::string page(std::istreambuf_iterator<char>(file), {});
  EXPECT_TRUE(page == expected) << path << " is stale: run this test once with PEAL_UPDATE_DOCS=1";
  EXPECT_GT(std::count(expected.begin(), expected.end(), '\n'), 20);
}

INSTANTIATE_TEST_SUITE_P(All, DocsPage,
                         testing::Values(Page{"response-codes", response_codes_page}, Page{"methods", methods_page},
                                         Page{"option-tags", option_tags_page},
                                         Page{"event-packages", event_packages_page}),
                         [](const auto& page) {
                           std::string name = page.param.name;
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace
