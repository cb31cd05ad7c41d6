#include "journal.hpp"

#include "sim_state.hpp"

#include <peal/testing/framework.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <system_error>

namespace peal::inline v0::sim {

void Simulator::Journal::on_message(const transport::TapEvent& event) {
  if (!keeping) return;
  const auto& state = *sim_.state_;
  const auto host = [&](std::uint32_t index) { return index == no_host ? nullptr : state.hosts[index]; };
  kept_.push_back({event.direction, event.local, event.peer, sim_.now(), event.time, std::string(event.bytes),
                   host(state.tapped_at), host(state.tapped_origin)});
  bytes_ += event.bytes.size() + sizeof(Kept);
  while (bytes_ > most_bytes && kept_.size() > 1) {
    bytes_ -= kept_.front().text.size() + sizeof(Kept);
    kept_.pop_front();
    ++first_;
  }
}

void Simulator::Journal::clear() {
  first_ = end();
  kept_.clear();
  bytes_ = 0;
}

std::vector<trace::Record> Simulator::Journal::records(std::string_view call_id) const {
  std::vector<trace::Record> all;
  all.reserve(kept_.size());
  for (const auto& kept : kept_) {
    trace::Record record;
    record.direction = kept.direction;
    record.local = kept.local;
    record.peer = kept.peer;
    record.time = kept.wall_time;
    record.bytes = kept.text;
    all.push_back(record);
  }
  if (call_id.empty()) return all;
  auto some = trace::records_of_call(all, call_id);
  return some.empty() ? all : some;
}

std::vector<std::pair<Endpoint, std::string>> Simulator::Journal::names() const {
  const auto& state = *sim_.state_;
  std::vector<std::pair<Endpoint, std::string>> out;
  std::map<std::string, std::set<std::uint16_t>> ports;
  const auto add = [&](const Endpoint& endpoint) {
    const auto host = state.name_at(endpoint.address);
    if (host.empty()) return;
    ports[host].insert(endpoint.port);
    const auto known = std::any_of(out.begin(), out.end(), [&](const auto& entry) { return entry.first == endpoint; });
    if (!known) out.emplace_back(endpoint, host);
  };
  for (const auto& kept : kept_) {
    add(kept.direction == transport::Direction::sent ? kept.local : kept.peer);
    add(kept.direction == transport::Direction::sent ? kept.peer : kept.local);
  }
  for (auto& [endpoint, name] : out) {
    if (ports[name].size() > 1) name += ":" + std::to_string(endpoint.port);
  }
  return out;
}

std::string seconds_text(Duration since_start) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(since_start).count();
  char text[40];
  std::snprintf(text, sizeof text, "%lld.%03lld s", static_cast<long long>(ms / 1000),
                static_cast<long long>(ms % 1000));
  return text;
}

namespace {

std::string file_name_of(std::string_view test) {
  std::string out(test.empty() ? "no-test" : test.substr(0, 150));
  for (char& c : out) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    if (!plain) c = '_';
  }
  return out;
}

/// A second Simulator of the same test gets a file of its own.
std::string unused(const std::string& stem) {
  static std::mutex mutex;
  static std::map<std::string, int> taken;
  const std::lock_guard lock(mutex);
  const int times = ++taken[stem];
  return times == 1 ? stem : stem + "." + std::to_string(times);
}

}  // namespace

std::string write_capture(const std::string& path, const std::string& content) {
  namespace fs = std::filesystem;
  std::string target = path;
  if (target.empty()) {
    std::error_code ignored;
    const char* wanted = std::getenv("PEAL_TEST_OUTPUT");
    const bool is_set = wanted != nullptr && *wanted != '\0';
    const auto folder = is_set ? fs::path(wanted) : fs::temp_directory_path(ignored) / "peal-tests";
    fs::create_directories(folder, ignored);
    const auto* framework = test_framework();
    target = (folder / (unused(file_name_of(framework == nullptr ? "" : framework->test_name())) + ".pcapng")).string();
  }
  std::FILE* file = std::fopen(target.c_str(), "wb");
  if (file == nullptr) return {};
  const bool whole = std::fwrite(content.data(), 1, content.size(), file) == content.size();
  return std::fclose(file) == 0 && whole ? target : std::string();
}

}  // namespace peal::inline v0::sim
