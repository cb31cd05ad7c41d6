#pragma once

#include "padded.hpp"

#include <peal/message/message.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace peal::inline v0 {

/// Top bit of an offset: it counts from the arena, else from the wire.
inline constexpr std::uint32_t in_arena = 0x8000'0000U;

/// One header line of the index. The bytes at `name` run up to and with the line's CRLF.
struct Line {
  std::uint32_t name = 0;
  std::uint32_t value = 0;
  std::uint32_t value_size = 0;
  std::uint16_t name_size = 0;
  std::uint8_t id = 0;
  std::uint8_t flags = 0;
};
static_assert(sizeof(Line) == 16);

enum LineFlag : std::uint8_t {
  folded = 1,
  tainted = 2,  ///< holds bytes that no header may carry: never copied into an answer
};

struct Place {
  std::uint32_t at = 0;
  std::uint32_t size = 0;
};

/// Writes a Method in place from padded text that is known to be a token of legal size.
struct MethodAccess {
  static void clear(Method& out) noexcept { out.size_ = 0; }
  static void assign(Method& out, grammar::At text, std::size_t size) noexcept {
    static_assert(sizeof(Method) == Method::max_size + 1 && std::is_trivially_copyable_v<Method>);
    out.text_.fill('\0');
    if (size <= 8 && std::endian::native == std::endian::little) {
      std::uint64_t word = 0;
      std::memcpy(&word, text, sizeof word);
      if (size < 8) word &= (std::uint64_t{1} << (8 * size)) - 1;
      std::memcpy(out.text_.data(), &word, sizeof word);
    } else {
      std::memcpy(out.text_.data(), text, size);
    }
    out.size_ = static_cast<std::uint8_t>(size);
  }
};

/// Which bit of `Fields::present` says that a header may be there. The rare ones share the last.
constexpr unsigned presence(HeaderId id) noexcept { return std::min(static_cast<unsigned>(id), 63U); }
constexpr unsigned presence(std::uint8_t id) noexcept { return presence(static_cast<HeaderId>(id)); }

enum class Kind : std::uint8_t { none, request, response };

/// What was read of the routing headers; kept right when they are edited.
struct Fields {
  Place start;  ///< the start line with its CRLF
  Place body;
  Place reason;
  Place call_id;
  std::uint32_t via_at = 0, from_at = 0, to_at = 0, uri_at = 0;
  std::uint32_t cseq_at = 0, contact_at = 0;
  ViaParts via;
  NameAddrParts from, to;
  NameAddrParts contact;  ///< the first, where it is a target; empty otherwise
  UriParts uri;
  CSeq cseq;
  Method method;
  std::uint16_t status = 0;
  Kind kind = Kind::none;
  /// Bit presence(id): a line of that header may be there. Never clear for one that is.
  std::uint64_t present = 0;

  /// Empty again; what nobody reads without a size keeps its old numbers.
  void clear() noexcept {
    start = body = reason = call_id = Place{};
    via_at = from_at = to_at = uri_at = 0;
    via.size = from.size = to.size = uri.size = contact.size = 0;
    from.tag_size = to.tag_size = 0;
    cseq_at = 0;
    cseq.number = 0;
    MethodAccess::clear(method);
    MethodAccess::clear(cseq.method);
    status = 0;
    present = 0;
    kind = Kind::none;
  }
};

/// A message outside itself, in one block: this, `room` lines, `arena_room` bytes and padding.
/// Two sorts: a Parser's *scratch*, whose wire is the receive slot and which is never shared; and one that owns all its
/// bytes in the arena, is shared by copies (refs) and changed only by a sole owner.
struct MessageRep {
  std::atomic<std::uint32_t> refs{1};
  bool scratch = false;
  const char* wire = nullptr;
  std::uint32_t count = 0, room = 0;
  std::uint32_t arena_used = 0, arena_room = 0;
  Fields fields;

  static MessageRep* make(std::uint32_t line_room, std::uint32_t arena_room);
  static void release(MessageRep* rep) noexcept;
  /// All bytes of `from` in a new block, with that much room left. The offsets of its fields are kept right.
  static MessageRep* rebuild(const MessageRep& from, std::uint32_t more_lines, std::uint32_t more_bytes);

  [[nodiscard]] Line* lines() noexcept { return reinterpret_cast<Line*>(this + 1); }
  [[nodiscard]] const Line* lines() const noexcept { return reinterpret_cast<const Line*>(this + 1); }
  [[nodiscard]] char* arena() noexcept { return reinterpret_cast<char*>(lines() + room); }
  [[nodiscard]] const char* arena() const noexcept { return reinterpret_cast<const char*>(lines() + room); }
  [[nodiscard]] const char* at(std::uint32_t offset) const noexcept {
    return (offset & in_arena) != 0 ? arena() + (offset & ~in_arena) : wire + offset;
  }
  [[nodiscard]] std::string_view text(Place place) const noexcept {
    return place.size == 0 ? std::string_view{} : std::string_view{at(place.at), place.size};
  }
  [[nodiscard]] std::string_view name(const Line& line) const noexcept { return {at(line.name), line.name_size}; }
  [[nodiscard]] std::string_view value(const Line& line) const noexcept { return {at(line.value), line.value_size}; }
  /// The whole line with its CRLF.
  [[nodiscard]] std::string_view bytes(const Line& line) const noexcept {
    const char* start = at(line.name);
    const char* end = at(line.value) + line.value_size;
    while (*end != '\n') ++end;  // blanks behind the value
    return {start, static_cast<std::size_t>(end + 1 - start)};
  }
  /// Does the line belong to that header? Registered ones compare ids, others names.
  [[nodiscard]] bool matches(const Line& line, std::uint8_t id, std::string_view name_, char compact) const noexcept {
    if (id != 0) return line.id == id;
    if (line.id != 0) return false;
    if (line.name_size == name_.size()) return ascii::equal(name(line), name_);
    return line.name_size == 1 && compact != '\0' && ascii::lower(*at(line.name)) == ascii::lower(compact);
  }
  /// The first such line from `from` on, or `count`.
  [[nodiscard]] std::uint32_t find(std::uint8_t id, std::string_view name_, char compact,
                                   std::uint32_t from = 0) const noexcept {
    if (id != 0 && (fields.present >> presence(id) & 1) == 0) return count;
    while (from < count && !matches(lines()[from], id, name_, compact)) ++from;
    return from;
  }
  [[nodiscard]] std::size_t bytes_held() const noexcept;

  /// Appends to the arena, which has room; gives the offset.
  std::uint32_t put(std::string_view text) noexcept;
  /// The same for text of an application: CR, LF and NUL become blanks.
  std::uint32_t put_clean(std::string_view text) noexcept;
  /// Appends "name: value tail CRLF" (no blank before the tail), cleaned: no value starts a header of its own.
  Line put_line(std::uint8_t id, std::string_view name, std::string_view value, std::string_view tail = {},
                std::string_view more_tail = {}) noexcept;
  /// Appends a line of another message with two tails, cleaned. The value itself is copied as it stands: it was read as
  /// one line, and a NUL in a quoted-pair belongs to it.
  Line put_line_of(const MessageRep& from, const Line& old, std::string_view tail, std::string_view more_tail) noexcept;
  /// Reads the stored parts of that header again, after its lines changed.
  void refresh(HeaderId id) noexcept;
  void refresh_all() noexcept;
};

}  // namespace peal::inline v0
