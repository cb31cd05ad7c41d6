#pragma once

#include <peal/trace/ladder.hpp>
#include <peal/trace/record.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace peal::inline v0::trace {

/// One arrow, or a note.
struct Step {
  const Record* record = nullptr;  // the sending where it was recorded, otherwise the arrival
  bool again = false;              // the same bytes had been sent that way before
  bool copy = false;               // a second arrival of one sending
  bool lost = false;               // its receiver records, and did not receive it
  std::size_t from = 0;            // columns
  std::size_t to = 0;
  std::string title;  // visible; without marks
  [[nodiscard]] bool note() const noexcept { return record->kind == Record::Kind::note; }
  [[nodiscard]] std::string marked_title() const;
};

struct Flow {
  std::vector<Step> steps;
  std::vector<std::string> columns;  // visible names
};

/// Joins what sender and receiver saw. Columns are left alone.
std::vector<Step> steps_of(std::span<const Record> records);
/// The same with columns and titles.
Flow flow_of(std::span<const Record> records, const LadderOptions& options);
/// Seconds since the first record: "12.345".
std::string seconds_since(const Record& first, const Record& record);

}  // namespace peal::inline v0::trace
