#include "rep.hpp"

#include <cstring>
#include <new>

namespace peal::inline v0 {

namespace {

constexpr auto id_of(HeaderId id) { return static_cast<std::uint8_t>(id); }

constexpr std::size_t block_size(std::size_t line_room, std::size_t arena_room) {
  return sizeof(MessageRep) + line_room * sizeof(Line) + arena_room + grammar::Padded::padding;
}

}  // namespace

MessageRep* MessageRep::make(std::uint32_t line_room, std::uint32_t arena_room) {
  void* block = ::operator new(block_size(line_room, arena_room));
  auto* rep = new (block) MessageRep;
  rep->room = line_room;
  rep->arena_room = arena_room;
  if (line_room != 0) new (rep->lines()) Line[line_room];
  std::memset(rep->arena() + arena_room, 0, grammar::Padded::padding);
  return rep;
}

void MessageRep::release(MessageRep* rep) noexcept {
  if (rep == nullptr || rep->refs.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  rep->~MessageRep();
  ::operator delete(rep);
}

std::size_t MessageRep::bytes_held() const noexcept { return block_size(room, arena_room); }

MessageRep* MessageRep::rebuild(const MessageRep& from, std::uint32_t more_lines, std::uint32_t more_bytes) {
  std::size_t bytes = std::size_t{from.fields.start.size} + 2 + from.fields.body.size;
  for (std::uint32_t i = 0; i < from.count; ++i) bytes += from.bytes(from.lines()[i]).size();
  if (bytes + more_bytes >= in_arena) throw std::bad_alloc();
  MessageRep* rep = make(from.count + more_lines, static_cast<std::uint32_t>(bytes) + more_bytes);
  auto& f = rep->fields;
  f = from.fields;
  f.start.at = rep->put(from.text(f.start));
  // what stood in the start line moves with it
  const auto moved = [&](std::uint32_t old, std::uint32_t old_base, std::uint32_t new_base) {
    return new_base + (old - old_base);
  };
  f.uri_at = moved(f.uri_at, from.fields.start.at, f.start.at);
  f.reason.at = moved(f.reason.at, from.fields.start.at, f.start.at);
  rep->count = from.count;
  for (std::uint32_t i = 0; i < from.count; ++i) {
    const Line& old = from.lines()[i];
    Line& line = rep->lines()[i];
    line = old;
    line.name = rep->put(from.bytes(old));
    line.value = moved(old.value, old.name, line.name);
    for (auto field : {&Fields::via_at, &Fields::from_at, &Fields::to_at, &Fields::cseq_at, &Fields::contact_at})
      if (from.fields.*field == old.value) f.*field = line.value;
    if (from.fields.call_id.at == old.value) f.call_id.at = line.value;
  }
  rep->put("\r\n");
  f.body.at = rep->put(from.text(f.body));
  return rep;
}

std::uint32_t MessageRep::put(std::string_view text) noexcept {
  const auto at = arena_used | in_arena;
  if (!text.empty()) std::memcpy(arena() + arena_used, text.data(), text.size());
  arena_used += static_cast<std::uint32_t>(text.size());
  return at;
}

std::uint32_t MessageRep::put_clean(std::string_view text) noexcept {
  const auto at = put(text);
  for (char* p = arena() + (at & ~in_arena); p != arena() + arena_used; ++p)
    if (*p == '\r' || *p == '\n' || *p == '\0') *p = ' ';
  return at;
}

Line MessageRep::put_line(std::uint8_t id, std::string_view name, std::string_view value, std::string_view tail,
                          std::string_view more_tail) noexcept {
  Line line;
  line.id = id;
  fields.present |= std::uint64_t{1} << presence(id);
  line.name = id == 0 ? put_clean(name) : put(name);  // that of a user's descriptor may be anything
  line.name_size = static_cast<std::uint16_t>(name.size());
  put(": ");
  line.value = put_clean(value);
  put_clean(tail);
  put_clean(more_tail);
  line.value_size = (arena_used | in_arena) - line.value;
  put("\r\n");
  return line;
}

Line MessageRep::put_line_of(const MessageRep& from, const Line& old, std::string_view tail,
                             std::string_view more_tail) noexcept {
  Line line = old;
  fields.present |= std::uint64_t{1} << presence(old.id);
  line.name = put(from.name(old));
  put(": ");
  line.value = put(from.value(old));
  put_clean(tail);
  put_clean(more_tail);
  line.value_size = (arena_used | in_arena) - line.value;
  put("\r\n");
  return line;
}

void MessageRep::refresh(HeaderId id) noexcept {
  const auto n = find(id_of(id), {}, '\0');
  const bool there = n != count;
  const Line line = there ? lines()[n] : Line{};
  const char* text = there ? at(line.value) : nullptr;
  grammar::Scan s;
  s.odd_hosts = s.odd_values = true;  // it was good enough once
  switch (id) {
    case HeaderId::via:
      fields.via_at = line.value;
      fields.via = ViaParts{};
      if (there) grammar::via(text, fields.via, s);  // a bad parameter leaves what stands before
      break;
    case HeaderId::from:
    case HeaderId::to: {
      auto& parts = id == HeaderId::from ? fields.from : fields.to;
      (id == HeaderId::from ? fields.from_at : fields.to_at) = line.value;
      if (!there || grammar::name_addr(text, parts, s) == nullptr) parts = NameAddrParts{};
      break;
    }
    case HeaderId::call_id: fields.call_id = {line.value, line.value_size}; break;
    case HeaderId::contact: fields.contact = NameAddrParts{}; break;  // read again by whoever asks
    case HeaderId::cseq: {
      fields.cseq = CSeq{};
      fields.cseq_at = line.value;
      std::string_view method;
      if (there && grammar::cseq(text, fields.cseq.number, method, s) != nullptr)
        fields.cseq.method = Method::parse(method).value_or(Method{});
      break;
    }
    default: break;
  }
}

void MessageRep::refresh_all() noexcept {
  for (const auto id : {HeaderId::via, HeaderId::from, HeaderId::to, HeaderId::call_id, HeaderId::cseq}) refresh(id);
}

}  // namespace peal::inline v0
