#pragma once

#include "control_bytes.hpp"
#include "header_table.hpp"
#include "rep.hpp"

#include <peal/message/limits.hpp>

#include <array>

namespace peal::inline v0 {

namespace scan {

/// The first ':' among the 32 bytes at `p`, or nullptr. Longer names are none of ours.
inline const char* colon(const char* p) noexcept {
#if defined(__SSE2__)
  const __m128i wanted = _mm_set1_epi8(':');
  for (unsigned i = 0; i < 2; ++i) {
    __m128i v;
    std::memcpy(&v, p + 16 * i, 16);
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(v, wanted)));
    if (mask != 0) return p + 16 * i + std::countr_zero(mask);
  }
  return nullptr;
#else
  return static_cast<const char*>(std::memchr(p, ':', 32));
#endif
}

inline std::uint8_t find_header(const char* name, std::size_t size) noexcept {
  if constexpr (std::endian::native == std::endian::little) return header::detail::find_id_padded(name, size);
  return header::detail::find_id(name, size);
}

}  // namespace scan

/// The first thing that was wrong with a message. Bytes are counted from the start of the datagram.
struct Fault {
  parse_errc why = parse_errc::no_result;
  std::uint32_t where = 0;

  explicit operator bool() const noexcept { return why != parse_errc::no_result; }
  void note(parse_errc code, std::uint32_t at) noexcept {
    if (why == parse_errc::no_result) *this = {code, at};
  }
};

constexpr std::uint64_t bit(HeaderId id) { return std::uint64_t{1} << static_cast<unsigned>(id); }
static_assert(static_cast<unsigned>(HeaderId::count) <= 64);

/// Headers that must not stand twice where it would change what the message means.
inline constexpr std::uint64_t once_mask = bit(HeaderId::from) | bit(HeaderId::to) | bit(HeaderId::call_id) | bit(HeaderId::cseq) |
                                           bit(HeaderId::max_forwards) | bit(HeaderId::content_length) | bit(HeaderId::content_type);

/// Makes the index of a datagram in one pass over its control bytes, 64 bytes at a time. Goes on behind a fault, so
/// that a bad request can be answered; the first fault is kept.
class LineIndex {
 public:
  LineIndex(char* data, std::uint32_t size, MessageRep& rep, const ParseLimits& limits, Fault& fault) noexcept
      : data_(data), size_(size), rep_(rep), limits_(limits), fault_(fault) {}

  void run(std::uint32_t start) noexcept;

  [[nodiscard]] bool has(HeaderId id) const noexcept { return (seen_ & bit(id)) != 0; }
  /// The first line of a header that is there.
  [[nodiscard]] const Line& first(HeaderId id) const noexcept { return rep_.lines()[first_[static_cast<std::size_t>(id)]]; }
  [[nodiscard]] std::uint64_t seen() const noexcept { return seen_; }
  [[nodiscard]] bool complete() const noexcept { return complete_; }
  [[nodiscard]] std::uint32_t body() const noexcept { return body_; }

 private:
  bool line_end(std::uint32_t lf) noexcept;
  void control(std::uint32_t at) noexcept;
  void add(std::uint32_t start, std::uint32_t end) noexcept;
  void fold(std::uint32_t start, std::uint32_t end) noexcept;
  [[nodiscard]] grammar::At trimmed_end(grammar::At value, std::uint32_t end) const noexcept;

  char* data_;
  std::uint32_t size_;
  MessageRep& rep_;
  const ParseLimits& limits_;
  Fault& fault_;
  std::uint32_t line_ = 0;  ///< where the line under way begins
  std::uint32_t body_ = 0;
  bool in_start_line_ = true;
  bool complete_ = false;
  bool tainted_ = false;    ///< a byte that may not stand there was seen in the line under way
  bool skipped_ = false;    ///< the last line was not indexed, nor is what is folded into it
  std::uint64_t seen_ = 0;
  std::array<std::uint16_t, 64> first_;  // read only where seen_ says so
};

inline void LineIndex::run(std::uint32_t start) noexcept {
  line_ = start;
  for (std::uint32_t block = start; block < size_; block += 64) {
    auto mask = scan::control_mask(data_ + block);
    if (size_ - block < 64) mask &= (std::uint64_t{1} << (size_ - block)) - 1;
    for (; mask != 0; mask &= mask - 1) {
      const auto at = block + static_cast<std::uint32_t>(std::countr_zero(mask));
      if (data_[at] == '\n') {
        if (line_end(at)) return;
      } else if (data_[at] != '\r' || at + 1 == size_ || data_[at + 1] != '\n') {
        control(at);
      }
    }
  }
  body_ = size_;
  fault_.note(parse_errc::no_end_of_headers, size_);
}

/// Any control byte but CRLF: TAB is a blank, others are legal only as a quoted-pair; a bare CR never is.
inline void LineIndex::control(std::uint32_t at) noexcept {
  const char c = data_[at];
  if (c == '\t') return;
  if (c != '\r' && at > line_ && data_[at - 1] == '\\') return;
  tainted_ = true;
  fault_.note(c == '\r' ? parse_errc::bad_line_end : parse_errc::bad_byte, at);
}

/// True at the empty line that ends the headers.
inline bool LineIndex::line_end(std::uint32_t lf) noexcept {
  std::uint32_t end = lf;
  if (lf > line_ && data_[lf - 1] == '\r')
    --end;
  else
    fault_.note(parse_errc::bad_line_end, lf);
  const auto start = line_;
  line_ = lf + 1;
  if (in_start_line_) {
    in_start_line_ = false;
    skipped_ = true;
    rep_.fields.start = {start, line_ - start};
  } else if (end == start) {
    complete_ = true;
    body_ = line_;
    return true;
  } else if (ascii::blank(data_[start])) {
    fold(start, end);
  } else {
    add(start, end);
  }
  tainted_ = false;
  return false;
}

inline grammar::At LineIndex::trimmed_end(grammar::At value, std::uint32_t end) const noexcept {
  grammar::At e = data_ + end;
  while (e > value && ascii::blank(e[-1])) --e;
  return e;
}

inline void LineIndex::add(std::uint32_t start, std::uint32_t end) noexcept {
  skipped_ = true;
  if (rep_.count == limits_.header_lines) return fault_.note(parse_errc::too_many_headers, start);
  if (end - start > limits_.header_line_bytes) return fault_.note(parse_errc::too_long, start);
  const grammar::At name = data_ + start;
  grammar::At name_end = scan::colon(name);
  std::uint8_t id = 0;
  if (name_end != nullptr) id = scan::find_header(name, grammar::distance(name, name_end));
  grammar::At colon = name_end;
  if (id == 0) {  // a name that is not in the table, or blanks before the colon
    name_end = grammar::span<ascii::token>(name);
    colon = grammar::blanks(name_end);
    if (name_end == name || *colon != ':') return fault_.note(parse_errc::bad_header_name, grammar::distance(data_, colon));
    if (colon != name_end) id = header::detail::find_id(name, grammar::distance(name, name_end));
  }
  const auto name_size = grammar::distance(name, name_end);
  if (name_size > limits_.header_name_bytes) return fault_.note(parse_errc::too_long, start);
  const grammar::At value = grammar::blanks(colon + 1);
  Line& line = rep_.lines()[rep_.count];
  line.name = start;
  line.value = grammar::distance(data_, value);
  line.value_size = grammar::distance(value, trimmed_end(value, end));
  line.name_size = static_cast<std::uint16_t>(name_size);
  line.id = id;
  line.flags = tainted_ ? LineFlag::tainted : 0;
  const auto own_bit = std::uint64_t{1} << line.id;
  if ((seen_ & own_bit) == 0) {
    seen_ |= own_bit;
    first_[line.id] = static_cast<std::uint16_t>(rep_.count);
  } else if ((own_bit & once_mask) != 0) {
    fault_.note(parse_errc::repeated_header, start);
  }
  ++rep_.count;
  skipped_ = false;
}

/// §7.3.1: a line that begins with a blank goes on with the line above. The line break becomes blanks.
inline void LineIndex::fold(std::uint32_t start, std::uint32_t end) noexcept {
  if (skipped_) return fault_.note(parse_errc::bad_header_name, start);
  Line& line = rep_.lines()[rep_.count - 1];
  if (end - line.name > limits_.header_line_bytes) return fault_.note(parse_errc::too_long, start);
  for (auto p = start; p > line.value + line.value_size && (data_[p - 1] == '\r' || data_[p - 1] == '\n'); --p) data_[p - 1] = ' ';
  const grammar::At value = grammar::blanks(data_ + line.value);
  line.value = std::min(grammar::distance(data_, value), end);
  line.value_size = grammar::distance(data_ + line.value, trimmed_end(data_ + line.value, end));
  line.flags |= LineFlag::folded;
  if (tainted_) line.flags |= LineFlag::tainted;
}

}  // namespace peal::inline v0
