#include "control_bytes.hpp"
#include "header_table.hpp"
#include "padded.hpp"

#include <peal/message/framer.hpp>

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace peal::inline v0 {

namespace {

constexpr std::size_t first_capacity = 4096;
constexpr std::size_t least_room = 512;  // less than this is no use to receive into
constexpr std::size_t padding = grammar::Padded::padding;

std::uint64_t control_mask(const char* p) noexcept {
#if defined(__SSE2__)
  return scan::control_mask_sse2(p);
#else
  return scan::control_mask_portable(p);
#endif
}

/// Does the line name Content-Length? Gives what stands behind the colon, as LineIndex sees it.
const char* content_length_value(const char* line) noexcept {
  const char first = ascii::lower(*line);
  if (first != 'c' && first != 'l') return nullptr;
  const char* name_end = grammar::span<ascii::token>(line);
  const char* colon = grammar::blanks(name_end);
  if (*colon != ':') return nullptr;
  const auto id = header::detail::find_id(grammar::between(line, name_end));
  return id == static_cast<std::uint8_t>(HeaderId::content_length) ? colon + 1 : nullptr;
}

bool is_space(char c) noexcept { return ascii::blank(c) || c == '\r' || c == '\n'; }

}  // namespace

// ---- memory

std::span<char> StreamFramer::prepare() {
  if (failed_) return {};
  if (begin_ == end_) {
    begin_ = end_ = scanned_ = 0;
    if (capacity_ > first_capacity) release_memory();
  }
  const std::size_t live = end_ - begin_;
  const std::size_t wanted = body_ != 0 && total_ > live ? total_ - live : least_room;
  if (capacity_ - end_ < wanted) make_room(wanted);
  return {buffer_.get() + end_, capacity_ - end_};
}

/// Moves the message under way to the front, or into a greater buffer. The former only when as much was handed out
/// before it, so that moving stays a part of receiving.
void StreamFramer::make_room(std::size_t size) {
  const std::size_t live = end_ - begin_;
  std::unique_ptr<char[]> old;
  if (live + size > capacity_ || live > begin_) {
    const std::size_t most = 2 * std::size_t{limits_.message_bytes} + first_capacity;
    const std::size_t capacity = std::min(std::max({first_capacity, 2 * capacity_, live + size}), most);
    if (capacity <= capacity_ && begin_ == 0) return;
    if (capacity > capacity_) {
      old = std::exchange(buffer_, std::make_unique_for_overwrite<char[]>(capacity + padding));
      std::memset(buffer_.get() + capacity, 0, padding);
      capacity_ = capacity;
    }
  }
  const char* from = (old != nullptr ? old.get() : buffer_.get()) + begin_;
  if (live != 0) std::memmove(buffer_.get(), from, live);
  work_ += live;
  for (auto* offset : {&end_, &scanned_, &line_, &header_, &length_at_, &length_end_, &where_})
    *offset -= std::min(*offset, begin_);
  if (body_ != 0) body_ -= begin_;
  begin_ = 0;
}

void StreamFramer::commit(std::size_t size) noexcept { end_ += std::min(size, capacity_ - end_); }

void StreamFramer::release_memory() noexcept {
  if (begin_ != end_) return;
  buffer_.reset();
  capacity_ = begin_ = end_ = scanned_ = 0;
}

std::size_t StreamFramer::memory() const noexcept { return capacity_ == 0 ? 0 : capacity_ + padding; }

// ---- what comes next

Frame StreamFramer::next() noexcept {
  if (failed_) return give_error();
  if (!in_message_) {
    const Frame frame = between_messages();
    if (!in_message_) return frame;
  }
  if (body_ == 0) scan();
  if (failed_) return give_error();
  if (body_ == 0 || end_ - begin_ < total_) return {};
  return give_message();
}

/// The size of the line end at `begin_`.
StreamFramer::LineEnd StreamFramer::line_end_here() const noexcept {
  if (begin_ == end_) return LineEnd::unknown;
  const char c = *at(begin_);
  if (c == '\n') return limits_.profile == Profile::interop ? LineEnd::lf : LineEnd::bad;
  if (c != '\r') return LineEnd::none;
  if (begin_ + 1 == end_) return LineEnd::unknown;
  return *at(begin_ + 1) == '\n' ? LineEnd::crlf : LineEnd::bad;
}

/// §7.5 and RFC 5626 §4.4.1: line ends between messages, in pairs.
Frame StreamFramer::between_messages() noexcept {
  const auto take = [&](LineEnd found) {
    const auto size = static_cast<std::size_t>(found);
    begin_ += size;
    work_ += size;
  };
  const LineEnd first = line_end_here();
  if (first == LineEnd::unknown) return {};
  if (first == LineEnd::bad) {
    note(parse_errc::bad_line_end, begin_);
    stop(begin_);
    return give_error();
  }
  if (first == LineEnd::none) {
    begin_message();
    return {};
  }
  take(first);
  if (std::exchange(half_ping_, false)) return {Frame::Kind::ping, {}, {}};
  const LineEnd second = line_end_here();
  if (second == LineEnd::crlf || second == LineEnd::lf) {
    take(second);
    return {Frame::Kind::ping, {}, {}};
  }
  half_ping_ = second == LineEnd::unknown;
  return {Frame::Kind::pong, {}, {}};
}

void StreamFramer::begin_message() noexcept {
  scanned_ = line_ = header_ = begin_;
  body_ = total_ = length_at_ = length_end_ = 0;
  length_ = 0;
  lines_ = 0;
  why_ = parse_errc::no_result;
  in_message_ = in_start_line_ = true;
  has_length_ = in_length_ = half_ping_ = false;
}

Frame StreamFramer::give_message() noexcept {
  const std::span<char> bytes(buffer_.get() + begin_, total_);
  begin_ += total_;
  in_message_ = false;
  body_ = total_ = 0;
  return {Frame::Kind::message, bytes, {}};
}

Frame StreamFramer::give_error() noexcept {
  const ParseError error{why_, static_cast<std::uint32_t>(where_ - begin_)};
  if (told_) return {Frame::Kind::error, {}, error};
  told_ = true;
  return {Frame::Kind::error, {buffer_.get() + begin_, error_end_ - begin_}, error};
}

// ---- headers

/// Goes on behind what was scanned, up to the end of the headers or of what is there.
void StreamFramer::scan() noexcept {
  const std::size_t from = scanned_;
  while (scanned_ < end_ && body_ == 0 && !failed_) {
    const std::size_t block = scanned_;
    const std::size_t size = std::min<std::size_t>(end_ - block, 64);
    auto mask = control_mask(at(block));
    if (size < 64) mask &= (std::uint64_t{1} << size) - 1;
    scanned_ = block + size;
    for (; mask != 0 && body_ == 0 && !failed_; mask &= mask - 1) {
      const auto position = block + static_cast<std::size_t>(std::countr_zero(mask));
      const char c = *at(position);
      if (c == '\n') {
        if (line_end(position)) scanned_ = position + 1;
      } else if (c == '\r') {
        if (position + 1 == end_) {  // what it is, the next byte tells
          scanned_ = position;
          work_ += scanned_ + 1 - from;
          over_limit(scanned_);
          return;
        }
        if (*at(position + 1) != '\n' && !over_limit(position)) note(parse_errc::bad_line_end, position);
      }
    }
  }
  work_ += scanned_ - from;
  if (body_ == 0 && !failed_) over_limit(scanned_);
}

/// True when a limit was passed in front of `position`. Which one does not depend on how the bytes came.
bool StreamFramer::over_limit(std::size_t position) noexcept {
  const std::size_t line_limit = in_start_line_ ? limits_.start_line_bytes : limits_.header_line_bytes;
  const bool folded = position > line_ && ascii::blank(*at(line_));
  const std::size_t start = folded ? header_ : line_;
  const std::size_t line_most = start + line_limit + 2;
  const std::size_t most = begin_ + limits_.message_bytes;
  if (position <= std::min(line_most, most)) return false;
  note(parse_errc::too_long, line_most <= most ? start : most);
  stop(start);
  return true;
}

/// True when nothing behind this line is to be scanned: the headers end, or a limit does.
bool StreamFramer::line_end(std::size_t lf) noexcept {
  if (over_limit(lf + 1)) return true;
  const std::size_t start = line_;
  std::size_t end = lf;
  if (lf > start && *at(lf - 1) == '\r')
    --end;
  else if (limits_.profile == Profile::strict)
    note(parse_errc::bad_line_end, lf);
  line_ = lf + 1;
  if (in_start_line_) {
    in_start_line_ = false;
  } else if (end == start) {
    body_ = line_;
    end_of_headers();
    return true;
  } else if (ascii::blank(*at(start))) {
    if (in_length_) length_end_ = end;
    return false;
  } else {
    header_line(start, end);
    if (failed_) return true;
  }
  header_ = start;
  return false;
}

void StreamFramer::header_line(std::size_t start, std::size_t end) noexcept {
  end_of_length();
  if (lines_++ == limits_.header_lines) {
    note(parse_errc::too_many_headers, start);
    return stop(start);
  }
  const char* value = content_length_value(at(start));
  if (value == nullptr) return;
  if (has_length_) return note(parse_errc::repeated_header, start);
  has_length_ = in_length_ = true;
  length_at_ = static_cast<std::size_t>(value - at(0));
  length_end_ = end;
}

/// Reads the value of Content-Length once it is known that no folded line follows.
void StreamFramer::end_of_length() noexcept {
  if (!in_length_) return;
  in_length_ = false;
  std::size_t p = length_at_;
  while (p < length_end_ && is_space(*at(p))) ++p;
  const std::size_t digits = p;
  for (; p < length_end_ && ascii::is(*at(p), ascii::digit); ++p) {
    length_ = length_ * 10 + static_cast<unsigned>(*at(p) - '0');
    if (length_ > 0xffff'ffffU) return note(parse_errc::bad_content_length, digits);
  }
  const bool any = p != digits;
  while (p < length_end_ && is_space(*at(p))) ++p;
  if (!any || p != length_end_) note(parse_errc::bad_content_length, digits);
}

void StreamFramer::end_of_headers() noexcept {
  end_of_length();
  if (!has_length_) note(parse_errc::missing_header, body_);
  if (why_ != parse_errc::no_result) return stop(body_);
  const std::size_t head = body_ - begin_;
  if (length_ > limits_.message_bytes || head + length_ > limits_.message_bytes) {
    note(parse_errc::too_long, body_);
    return stop(body_);
  }
  total_ = head + static_cast<std::size_t>(length_);
}

/// The first fault is the one that is told.
void StreamFramer::note(parse_errc why, std::size_t where) noexcept {
  if (why_ != parse_errc::no_result) return;
  why_ = why;
  where_ = where;
}

void StreamFramer::stop(std::size_t bytes_end) noexcept {
  failed_ = true;
  error_end_ = bytes_end;
  where_ = std::min(where_, bytes_end);
}

}  // namespace peal::inline v0
