#include <peal/trace/record.hpp>

#include "glance.hpp"

#include <algorithm>
#include <unordered_set>

namespace peal::inline v0::trace {

Record record_of(const transport::TapEvent& event) {
  Record out;
  out.direction = event.direction;
  out.protocol = event.protocol;
  out.local = event.local;
  out.peer = event.peer;
  out.time = event.time;
  out.bytes = event.bytes;
  return out;
}

std::vector<Record> records_of_call(std::span<const Record> records, std::string_view call_id) {
  const auto belongs = [&](const Record& r) {
    return r.kind == Record::Kind::message && glance(r.bytes).call_id == call_id;
  };
  std::vector<Record> out;
  std::size_t messages_end = 0;
  for (const auto& record : records) {
    const bool note = record.kind == Record::Kind::note;
    if (note ? out.empty() : !belongs(record)) continue;
    out.push_back(record);
    if (!note) messages_end = out.size();
  }
  out.resize(messages_end);
  return out;
}

std::vector<std::string> call_ids(std::span<const Record> records) {
  std::vector<std::string> out;
  std::unordered_set<std::string_view> known;
  for (const auto& record : records) {
    if (record.kind != Record::Kind::message) continue;
    const auto id = glance(record.bytes).call_id;
    if (!id.empty() && known.insert(id).second) out.emplace_back(id);
  }
  return out;
}

}  // namespace peal::inline v0::trace
