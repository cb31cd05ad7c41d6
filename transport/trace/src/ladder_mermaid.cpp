#include <peal/trace/ladder.hpp>

#include "steps.hpp"
#include "visible.hpp"

namespace peal::inline v0::trace {

namespace {

/// Letters, digits and a few marks stand as they are; what could end a statement or open an entity or a tag becomes
/// #NN;.
std::string mermaid(std::string_view text) {
  constexpr std::string_view plain = " .,/()@+=*!?_-:[]";
  std::string out;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter || (static_cast<unsigned char>(c) & 0x80U) != 0 || plain.find(c) != std::string_view::npos)
      out.push_back(c);
    else
      out.append("#").append(std::to_string(static_cast<int>(c))).append(";");
  }
  return out;
}

std::string participant(std::size_t column) { return "p" + std::to_string(column); }

/// The word `end` alone closes a block, wherever the grammar meets it.
std::string alias(const std::string& name) {
  const auto text = mermaid(name);
  const bool end = text.size() == 3 && (text[0] | 0x20) == 'e' && (text[1] | 0x20) == 'n' && (text[2] | 0x20) == 'd';
  return text.empty() ? "#32;" : end ? "#" + std::to_string(static_cast<int>(text[0])) + ";" + text.substr(1) : text;
}

}  // namespace

std::string ladder_mermaid(std::span<const Record> records, const LadderOptions& options) {
  const auto flow = flow_of(records, options);
  std::string out = "sequenceDiagram\n";
  if (!options.title.empty()) out.append("    title ").append(mermaid(visible(options.title))).append("\n");
  for (std::size_t i = 0; i < flow.columns.size(); ++i)
    out.append("    participant ").append(participant(i)).append(" as ").append(alias(flow.columns[i])).append("\n");
  for (const auto& step : flow.steps) {
    if (step.note()) {
      if (flow.columns.empty()) continue;  // Mermaid has nothing to put it over
      out.append("    Note over p0");
      if (flow.columns.size() > 1) out.append(",").append(participant(flow.columns.size() - 1));
      out.append(": ").append(mermaid(step.title)).append("\n");
      continue;
    }
    const char* arrow = step.lost ? "-x" : step.again || step.copy ? "-->>" : "->>";
    out.append("    ").append(participant(step.from)).append(arrow).append(participant(step.to)).append(": ");
    out.append(seconds_since(records.front(), *step.record))
        .append(" ")
        .append(mermaid(step.marked_title()))
        .append("\n");
  }
  return out;
}

}  // namespace peal::inline v0::trace
