#include "steps.hpp"

#include "glance.hpp"
#include "visible.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <optional>
#include <unordered_map>

namespace peal::inline v0::trace {

namespace {

constexpr std::size_t longest_name = 40;
constexpr std::size_t longest_note = 200;

std::uint64_t hash_of(const Endpoint& e, std::uint64_t hash) noexcept {
  for (const auto byte : e.address.bytes()) hash = (hash ^ byte) * 0x100000001b3U;
  return (hash ^ e.port) * 0x100000001b3U;
}

/// One way, one text. Equality compares the bytes, so a hash made to collide only costs time.
struct Passage {
  const Record* record;
  friend bool operator==(const Passage& a, const Passage& b) noexcept {
    return a.record->from() == b.record->from() && a.record->to() == b.record->to() &&
           a.record->protocol == b.record->protocol && a.record->bytes == b.record->bytes;
  }
};
struct PassageHash {
  std::size_t operator()(const Passage& p) const noexcept {
    const auto text = std::hash<std::string_view>{}(p.record->bytes);
    return static_cast<std::size_t>(hash_of(p.record->to(), hash_of(p.record->from(), text)));
  }
};
struct EndpointHash {
  std::size_t operator()(const Endpoint& e) const noexcept { return static_cast<std::size_t>(hash_of(e, 1)); }
};

/// The sendings of one text one way that have not arrived yet, and whether there was any.
struct Sendings {
  std::vector<std::size_t> open;  // steps, oldest first
  bool sent = false;
};

/// When each endpoint last recorded anything: what went there before and is not among it was lost.
std::unordered_map<Endpoint, WallTime, EndpointHash> last_records(std::span<const Record> records) {
  std::unordered_map<Endpoint, WallTime, EndpointHash> out;
  for (const auto& record : records) {
    if (record.kind != Record::Kind::message) continue;
    auto& last = out[record.local];
    last = std::max(last, record.time);
  }
  return out;
}

std::string name_for(const Endpoint& endpoint, const LadderOptions& options) {
  const auto named = std::find_if(options.names.begin(), options.names.end(),
                                  [&](const auto& entry) { return entry.first == endpoint; });
  return visible(named == options.names.end() ? endpoint.to_string() : named->second, longest_name);
}

/// Columns in the order of the names that appear, then of appearance.
class Columns {
 public:
  Columns(std::span<const Step> steps, const LadderOptions& options) : options_(options) {
    std::unordered_map<std::string, bool> appear;
    for (const auto& step : steps) {
      if (step.note()) continue;
      appear[name_for(step.record->from(), options)] = true;
      appear[name_for(step.record->to(), options)] = true;
    }
    for (const auto& [endpoint, name] : options.names) {
      if (appear.contains(visible(name, longest_name))) add(visible(name, longest_name));
    }
  }
  std::size_t of(const Endpoint& endpoint) {
    const auto [found, fresh] = known_.try_emplace(endpoint, 0);
    if (fresh) found->second = add(name_for(endpoint, options_));
    return found->second;
  }
  std::vector<std::string> take() { return std::move(names_); }

 private:
  std::size_t add(const std::string& name) {
    const auto [found, fresh] = places_.try_emplace(name, names_.size());
    if (fresh) names_.push_back(name);
    return found->second;
  }
  const LadderOptions& options_;
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::size_t> places_;
  std::unordered_map<Endpoint, std::size_t, EndpointHash> known_;
};

}  // namespace

std::string Step::marked_title() const {
  return title + (copy ? " (copy)" : again ? " (again)" : "") + (lost ? " (lost)" : "");
}

std::vector<Step> steps_of(std::span<const Record> records) {
  std::vector<Step> out;
  std::vector<bool> arrived;
  std::unordered_map<Passage, Sendings, PassageHash> passages;
  for (const auto& record : records) {
    Step step;
    step.record = &record;
    bool arrival = false;
    if (record.kind == Record::Kind::message) {
      const auto [found, fresh] = passages.try_emplace({&record});
      auto& sendings = found->second;
      arrival = record.direction == Direction::received;
      if (arrival && !sendings.open.empty()) {
        // The latest: what was repeated was lost more often than late.
        arrived[sendings.open.back()] = true;
        sendings.open.pop_back();
        continue;
      }
      step.again = !fresh;
      step.copy = arrival && sendings.sent;
      if (!arrival) {
        sendings.open.push_back(out.size());
        sendings.sent = true;
      }
    }
    out.push_back(std::move(step));
    arrived.push_back(arrival);
  }
  const auto last = last_records(records);
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (out[i].note() || arrived[i]) continue;
    const auto receiver = last.find(out[i].record->to());
    out[i].lost = receiver != last.end() && receiver->second > out[i].record->time;
  }
  return out;
}

Flow flow_of(std::span<const Record> records, const LadderOptions& options) {
  Flow flow;
  flow.steps = steps_of(records);
  Columns columns(flow.steps, options);
  for (auto& step : flow.steps) {
    if (step.note()) {
      step.title = visible(step.record->bytes, longest_note);
      continue;
    }
    step.from = columns.of(step.record->from());
    step.to = columns.of(step.record->to());
    step.title = title_of(glance(step.record->bytes), step.record->bytes.size());
  }
  flow.columns = columns.take();
  return flow;
}

std::string seconds_since(const Record& first, const Record& record) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(record.time - first.time).count();
  const auto size = static_cast<unsigned long long>(ms < 0 ? -ms : ms);
  char text[40];
  const int length = std::snprintf(text, sizeof text, "%s%llu.%03llu", ms < 0 ? "-" : "", size / 1000, size % 1000);
  return {text, static_cast<std::size_t>(length)};
}

}  // namespace peal::inline v0::trace
