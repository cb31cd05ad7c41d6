#include <peal/trace/ring.hpp>

#include <algorithm>
#include <cstring>

namespace peal::inline v0::trace {

Ring::Ring(std::size_t capacity) : capacity_(std::max<std::size_t>(capacity, 1)) {}
Ring::~Ring() = default;

void Ring::on_message(const transport::TapEvent& event) { put(record_of(event)); }

void Ring::note(std::string_view text, WallTime time) {
  Record record;
  record.kind = Record::Kind::note;
  record.time = time;
  record.bytes = text;
  put(record);
}

void Ring::put(Record record) {
  // Not filled with zeros: memory that no message reaches is never touched.
  if (buffer_ == nullptr) buffer_ = std::make_unique_for_overwrite<char[]>(capacity_);
  if (record.bytes.size() > capacity_) {
    record.bytes = record.bytes.substr(0, capacity_);
    ++truncated_;
  }
  const auto offset = room_for(record.bytes.size());
  if (!record.bytes.empty()) std::memcpy(buffer_.get() + offset, record.bytes.data(), record.bytes.size());
  record.bytes = {buffer_.get() + offset, record.bytes.size()};
  bytes_ += record.bytes.size();
  // One of no bytes takes one: each place has one owner.
  entries_.push_back({record, offset, std::max<std::size_t>(record.bytes.size(), 1)});
  write_ = offset + entries_.back().room;
}

/// Finds a place in one piece behind the newest, dropping the oldest that stand there.
std::size_t Ring::room_for(std::size_t size) {
  const auto most_entries = std::max<std::size_t>(capacity_ / 64, 1);
  while (entries_.size() >= most_entries) drop_oldest();
  size = std::max<std::size_t>(size, 1);
  std::size_t offset = write_;
  if (offset + size > capacity_) {
    // What stands between here and the end would otherwise survive what is older than it.
    while (!entries_.empty() && entries_.front().offset >= write_) drop_oldest();
    offset = 0;
  }
  const auto in_the_way = [&](const Entry& e) { return e.offset < offset + size && e.offset + e.room > offset; };
  while (!entries_.empty() && in_the_way(entries_.front())) drop_oldest();
  return offset;
}

void Ring::drop_oldest() noexcept {
  bytes_ -= entries_.front().record.bytes.size();
  entries_.pop_front();
  ++dropped_;
}

std::vector<Record> Ring::records() const {
  std::vector<Record> out;
  out.reserve(entries_.size());
  for (const auto& entry : entries_) out.push_back(entry.record);
  return out;
}

void Ring::clear() noexcept {
  entries_.clear();
  write_ = 0;
  bytes_ = 0;
}

}  // namespace peal::inline v0::trace
