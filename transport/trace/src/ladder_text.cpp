#include <peal/trace/ladder.hpp>

#include "steps.hpp"
#include "visible.hpp"

#include <algorithm>
#include <cstddef>

namespace peal::inline v0::trace {

namespace {

constexpr std::size_t time_width = 10;
constexpr std::size_t least_gap = 16;
constexpr std::size_t most_gap = 60;
constexpr std::size_t around_title = 10;  // "|--- " and " --->|"

std::string cut(const std::string& text, std::size_t most) {
  return width_of(text) <= most ? text : visible(text, most > 3 ? most - 3 : 0);
}

/// Where each lifeline stands.
std::vector<std::size_t> places(const Flow& flow) {
  const auto count = flow.columns.size();
  std::vector<std::size_t> gaps(count == 0 ? 0 : count - 1, least_gap);
  for (std::size_t i = 0; i + 1 < count; ++i)
    gaps[i] = std::max(gaps[i], (width_of(flow.columns[i]) + width_of(flow.columns[i + 1])) / 2 + 3);
  for (const auto& step : flow.steps) {
    if (step.note() || step.from == step.to) continue;
    const auto [left, right] = std::minmax(step.from, step.to);
    std::size_t has = 0;
    for (auto i = left; i < right; ++i) has += gaps[i];
    const auto needs = std::min(width_of(step.marked_title()) + around_title, most_gap * (right - left));
    if (has < needs) gaps[right - 1] += needs - has;
  }
  std::vector<std::size_t> out;
  auto at = time_width + (count == 0 ? 0 : std::max<std::size_t>(width_of(flow.columns[0]) / 2, 4));
  for (std::size_t i = 0; i < count; ++i) {
    out.push_back(at);
    if (i < gaps.size()) at += gaps[i];
  }
  return out;
}

void pad_to(std::string& line, std::size_t width) {
  const auto has = width_of(line);
  if (has < width) line.append(width - has, ' ');
}

std::string trimmed_right(std::string line) {
  while (line.ends_with(' ')) line.pop_back();
  return line.append("\n");
}

std::string heads(const Flow& flow, const std::vector<std::size_t>& at) {
  std::string line;
  for (std::size_t i = 0; i < at.size(); ++i) {
    const auto half = width_of(flow.columns[i]) / 2;
    pad_to(line, at[i] > half ? at[i] - half : 0);
    line.append(flow.columns[i]);
  }
  return trimmed_right(line);
}

/// |----- INVITE (SDP) ---->|
void append_arrow(std::string& line, const Step& step, std::size_t room) {
  const bool right = step.from < step.to;
  const auto title = cut(step.marked_title(), room > 6 ? room - 6 : 0);
  const auto dashes = room - std::min(room, width_of(title) + 3);
  const char head = step.lost ? 'x' : right ? '>' : '<';
  if (!right) line.push_back(head);
  line.append(dashes - dashes / 2, '-').append(" ").append(title).append(" ").append(dashes / 2, '-');
  if (right) line.push_back(head);
}

std::string row(const Step& step, const std::vector<std::size_t>& at, const std::string& time) {
  std::string line;
  if (time_width > time.size() + 2) line.append(time_width - 2 - time.size(), ' ');
  line.append(time);
  if (step.note()) {
    pad_to(line, at.empty() ? time_width + 4 : at[0]);
    return trimmed_right(line.append("-- ").append(step.title));
  }
  const auto [left, right] = std::minmax(step.from, step.to);
  for (std::size_t i = 0; i < at.size(); ++i) {
    pad_to(line, at[i]);
    line.push_back('|');
    if (step.from == step.to && i == step.from) line.append("<- ").append(step.marked_title()).append(" ->");
    if (step.from == step.to || i != left) continue;
    append_arrow(line, step, at[right] - at[left] - 1);
    i = right - 1;
  }
  return trimmed_right(line);
}

std::string lifelines(const std::vector<std::size_t>& at) {
  std::string line;
  for (const auto place : at) {
    pad_to(line, place);
    line.push_back('|');
  }
  return trimmed_right(line);
}

}  // namespace

std::string ladder_text(std::span<const Record> records, const LadderOptions& options) {
  const auto flow = flow_of(records, options);
  const auto at = places(flow);
  std::string out;
  if (!options.title.empty()) out.append(visible(options.title)).append("\n\n");
  if (!at.empty()) out.append(heads(flow, at)).append(lifelines(at));
  for (const auto& step : flow.steps) out.append(row(step, at, seconds_since(records.front(), *step.record)));
  return out;
}

}  // namespace peal::inline v0::trace
