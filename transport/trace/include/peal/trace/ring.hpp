#pragma once

#include <peal/message/export.hpp>
#include <peal/trace/record.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string_view>
#include <vector>

namespace peal::inline v0::trace {

/// The latest messages, in memory of a fixed size. A tap: several layers of one thread may feed the same ring.
///
///     trace::Ring ring;
///     layer.add_tap(ring);
///     …
///     std::puts(trace::ladder_text(ring.records()).c_str());
class PEAL_API Ring final : public transport::Tap {
 public:
  /// `capacity`: bytes of messages that are kept, and one record's worth of memory beside each. A message that is
  /// longer than all of it is cut, and counted by `truncated`.
  explicit Ring(std::size_t capacity = std::size_t{4} << 20U);
  ~Ring() override;
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;

  void on_message(const transport::TapEvent& event) override;
  /// A line of its own in ladders and logs.
  void note(std::string_view text, WallTime time);

  /// Oldest first. The bytes are valid until the next `on_message`, `note` or `clear`.
  [[nodiscard]] std::vector<Record> records() const;
  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
  [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_; }  ///< oldest ones that made room
  [[nodiscard]] std::uint64_t truncated() const noexcept { return truncated_; }
  void clear() noexcept;

 private:
  struct Entry {
    Record record;
    std::size_t offset;
    std::size_t room;
  };
  void put(Record record);
  void drop_oldest() noexcept;
  [[nodiscard]] std::size_t room_for(std::size_t size);

  std::size_t capacity_;
  std::unique_ptr<char[]> buffer_;
  std::deque<Entry> entries_;
  std::size_t write_ = 0;  // where the next message begins
  std::size_t bytes_ = 0;
  std::uint64_t dropped_ = 0;
  std::uint64_t truncated_ = 0;
};

}  // namespace peal::inline v0::trace
