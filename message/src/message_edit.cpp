#include "header_check.hpp"
#include "header_table.hpp"
#include "list.hpp"
#include "rep.hpp"

#include <peal/message/message.hpp>

#include <algorithm>
#include <cstring>
#include <new>

namespace peal::inline v0 {

namespace {

constexpr std::uint32_t first_lines = 24;
constexpr std::uint32_t first_bytes = 1024;

/// An index counts bytes in 31 bits: what is beyond that cannot be held, as when memory is out.
std::uint32_t room_for(std::size_t bytes) {
  if (bytes >= in_arena / 2) throw std::bad_alloc();
  return static_cast<std::uint32_t>(bytes);
}

}  // namespace

/// Gives the message a block of its own with room for what comes. The old block lives until the edit is done,
/// so that a value may be a view into the message that is edited.
class Message::Edit {
 public:
  Edit(Message& message, std::uint32_t lines, std::size_t bytes) : message_(message) {
    auto*& rep = message.rep_;
    const auto more = room_for(bytes);
    if (rep == nullptr) {
      rep = MessageRep::make(first_lines + lines, first_bytes + more);
      return;
    }
    const bool own = rep->scratch || rep->refs.load(std::memory_order_acquire) == 1;
    if (own && rep->room - rep->count >= lines && rep->arena_room - rep->arena_used >= more) return;
    auto* bigger = MessageRep::rebuild(*rep, lines + rep->count / 2 + 8, more + rep->arena_used / 2 + 256);
    bigger->scratch = rep->scratch;
    old_ = std::exchange(rep, bigger);
  }
  ~Edit() { MessageRep::release(old_); }
  Edit(const Edit&) = delete;
  Edit& operator=(const Edit&) = delete;

  MessageRep* operator->() const noexcept { return message_.rep_; }
  MessageRep& operator*() const noexcept { return *message_.rep_; }

  void insert(std::uint32_t at, const Line& line) noexcept {
    auto& rep = **this;
    auto* lines = rep.lines();
    std::memmove(lines + at + 1, lines + at, (rep.count - at) * sizeof(Line));
    lines[at] = line;
    ++rep.count;
  }
  void erase(std::uint32_t at) noexcept {
    auto& rep = **this;
    auto* lines = rep.lines();
    std::memmove(lines + at, lines + at + 1, (rep.count - at - 1) * sizeof(Line));
    --rep.count;
  }
  /// Erases every such line from `from` on.
  void erase_all(std::uint8_t id, std::string_view name, char compact, std::uint32_t from) noexcept {
    auto& rep = **this;
    while ((from = rep.find(id, name, compact, from)) != rep.count) erase(from);
  }

 private:
  Message& message_;
  MessageRep* old_ = nullptr;
};

namespace {

std::size_t line_size(std::string_view name, std::string_view value) { return name.size() + value.size() + 4; }

}  // namespace

void Message::replace(std::uint8_t id, std::string_view name, char compact, std::string_view value) {
  id = header::detail::known_id(id, name);
  Edit edit(*this, 1, line_size(name, value));
  const auto line = edit->put_line(id, name, value);
  const auto at = edit->find(id, name, compact);
  if (at == edit->count) {
    edit.insert(at, line);
  } else {
    edit->lines()[at] = line;
    edit.erase_all(id, name, compact, at + 1);
  }
  edit->refresh(static_cast<HeaderId>(id));
}

void Message::append(std::uint8_t id, std::string_view name, char compact, std::string_view value) {
  id = header::detail::known_id(id, name);
  Edit edit(*this, 1, line_size(name, value));
  const auto line = edit->put_line(id, name, value);
  auto at = edit->count;
  for (auto n = edit->find(id, name, compact); n != edit->count; n = edit->find(id, name, compact, n + 1)) at = n + 1;
  edit.insert(at, line);
  edit->refresh(static_cast<HeaderId>(id));
}

void Message::prepend(std::uint8_t id, std::string_view name, char compact, std::string_view value) {
  id = header::detail::known_id(id, name);
  Edit edit(*this, 1, line_size(name, value));
  const auto line = edit->put_line(id, name, value);
  const auto at = edit->find(id, name, compact);
  const bool top = at == edit->count && id == static_cast<std::uint8_t>(HeaderId::via);
  edit.insert(top ? 0 : at, line);
  edit->refresh(static_cast<HeaderId>(id));
}

void Message::replace_first(std::uint8_t id, std::string_view name, char compact, Occurs occurs,
                            std::string_view value) {
  id = header::detail::known_id(id, name);
  const auto old = first_line(id, name, compact);
  if (!old) return append(id, name, compact, value);
  const auto rest = is_list(occurs) ? old->substr(element_end(*old, 0)) : std::string_view{};
  Edit edit(*this, 0, line_size(name, value) + rest.size());
  edit->lines()[edit->find(id, name, compact)] = edit->put_line(id, name, value, rest);
  edit->refresh(static_cast<HeaderId>(id));
}

void Message::remove_first(std::uint8_t id, std::string_view name, char compact, Occurs occurs) {
  id = header::detail::known_id(id, name);
  const auto old = first_line(id, name, compact);
  if (!old) return;
  std::string_view rest;
  if (is_list(occurs)) {
    const auto end = element_end(*old, 0);
    if (end < old->size()) rest = ascii::trim(old->substr(end + 1));
  }
  Edit edit(*this, 0, line_size(name, rest));
  const auto at = edit->find(id, name, compact);
  if (rest.empty())
    edit.erase(at);
  else
    edit->lines()[at] = edit->put_line(id, name, rest);
  edit->refresh(static_cast<HeaderId>(id));
}

void Message::remove_all(std::uint8_t id, std::string_view name, char compact) {
  id = header::detail::known_id(id, name);
  if (!first_line(id, name, compact)) return;
  Edit edit(*this, 0, 0);
  edit.erase_all(id, name, compact, 0);
  edit->refresh(static_cast<HeaderId>(id));
}

// ---- text

Result<void> Message::check_bytes(std::string_view text) {
  // As at receipt: no control byte but TAB, save in a quoted-pair; what would end the line, never.
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (static_cast<unsigned char>(c) >= 0x20 || c == '\t') continue;
    const bool quoted_pair = i != 0 && text[i - 1] == '\\' && c != '\r' && c != '\n' && c != '\0';
    if (!quoted_pair) return fail(errc::forbidden_byte);
  }
  if (text.size() > grammar::longest_value) return fail(errc::too_long);
  return {};
}

std::string_view Message::trimmed(std::string_view text) noexcept { return ascii::trim(text); }

std::optional<std::string_view> Message::next_in_list(std::string_view text, std::size_t& at) {
  if (at > text.size() || text.empty()) return std::nullopt;
  const auto end = element_end(text, at);
  const auto element = ascii::trim(text.substr(at, end - at));
  at = end + 1;
  return element;
}

namespace {

Result<void> check_named(std::string_view name, std::string_view value) {
  if (!ascii::all(name, ascii::token) || name.size() > ParseLimits{}.header_name_bytes)
    return fail(errc::invalid_value);
  if (auto ok = header::detail::check(header::find(name), value); !ok) return fail(std::error_code(ok.error()));
  return {};
}

}  // namespace

Result<void> Message::set(std::string_view name, std::string_view value) {
  value = ascii::trim(value);
  if (auto ok = check_bytes(value); !ok) return ok;
  if (auto ok = check_named(name, value); !ok) return ok;
  replace(static_cast<std::uint8_t>(header::find(name)), name, '\0', value);
  return {};
}

Result<void> Message::add(std::string_view name, std::string_view value) {
  value = ascii::trim(value);
  if (auto ok = check_bytes(value); !ok) return ok;
  if (auto ok = check_named(name, value); !ok) return ok;
  append(static_cast<std::uint8_t>(header::find(name)), name, '\0', value);
  return {};
}

void Message::remove(std::string_view name) { remove_all(static_cast<std::uint8_t>(header::find(name)), name, '\0'); }

// ---- body

void Message::set_body(const MediaType& type, std::string_view bytes) {
  if (type.text().empty()) return clear_body();
  {
    Edit edit(*this, 2, bytes.size() + type.text().size() + 64);
    const auto at = edit->put(bytes);
    edit->fields.body = {at, static_cast<std::uint32_t>(bytes.size())};
  }
  set(header::content_type, type);
  set(header::content_length, Number{static_cast<std::uint32_t>(bytes.size())});
}

void Message::clear_body() {
  if (rep_ == nullptr) return;
  {
    Edit edit(*this, 1, 64);
    edit->fields.body = {};
  }
  remove(header::content_type);
  remove("Content-Encoding");
  remove("Content-Disposition");
  remove("Content-Language");
  set(header::content_length, Number{0});
}

// ---- messages built here

Request::Request(const Method& method, const UriView& uri) {
  rep_ = MessageRep::make(first_lines, first_bytes + room_for(uri.text().size()));
  rep_->fields.kind = Kind::request;
  rep_->fields.method = method;
  set_uri(uri);
}

void Request::set_uri(const UriView& uri) {
  const auto text = uri.text();
  const auto parts = uri.parts();
  const Method name = method();
  Edit edit(*this, 0, name.name().size() + text.size() + 12);
  const auto start = edit->put(name.name());
  edit->put(" ");
  const auto at = edit->put_clean(text);
  edit->put(" SIP/2.0\r\n");
  auto& fields = edit->fields;
  fields.kind = Kind::request;
  fields.start = {start, static_cast<std::uint32_t>(name.name().size() + text.size() + 11)};
  fields.uri_at = at;
  fields.uri = parts;
}

namespace {

/// A control byte but TAB is no part of a Reason-Phrase, nor would our own parser take it.
bool has_forbidden(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t'; });
}

/// What §8.2.6.2 has an answer copy.
bool copied_to_response(const Line& line, bool trying) {
  switch (static_cast<HeaderId>(line.id)) {
    case HeaderId::via:
    case HeaderId::from:
    case HeaderId::to:
    case HeaderId::call_id:
    case HeaderId::cseq: return true;
    case HeaderId::timestamp: return trying;
    default: return false;
  }
}

}  // namespace

Response::Response(const Request& request, StatusCode code, std::string_view to_tag, std::string_view reason) {
  if (!ascii::all(to_tag, ascii::token)) to_tag = {};
  if (reason.empty() || has_forbidden(reason)) reason = reason_phrase(code);
  const MessageRep* from = request.rep_;
  const bool trying = code.value() == 100;
  // room for what such answers get: Contact, Allow, Supported and a body, or only a few lines
  const std::size_t more = !trying && code.value() < 300 ? 2 * first_bytes : first_bytes / 2;
  std::size_t bytes = more + reason.size() + to_tag.size();
  for (std::uint32_t i = 0; from != nullptr && i < from->count; ++i)
    if (copied_to_response(from->lines()[i], trying)) bytes += from->bytes(from->lines()[i]).size() + to_tag.size() + 8;
  rep_ = MessageRep::make((from == nullptr ? 0 : from->count) + 8, room_for(bytes));
  auto& rep = *rep_;
  auto& fields = rep.fields;
  fields.kind = Kind::response;
  fields.status = code.value();
  const auto number = code.value();
  const std::array<char, 12> version{'S',
                                     'I',
                                     'P',
                                     '/',
                                     '2',
                                     '.',
                                     '0',
                                     ' ',
                                     static_cast<char>('0' + number / 100 % 10),
                                     static_cast<char>('0' + number / 10 % 10),
                                     static_cast<char>('0' + number % 10),
                                     ' '};
  fields.start.at = rep.put({version.data(), version.size()});
  fields.reason = {rep.put(reason), static_cast<std::uint32_t>(reason.size())};
  rep.put("\r\n");
  fields.start.size = rep.arena_used;
  if (from == nullptr) return;
  for (std::uint32_t i = 0; i < from->count; ++i) {
    const Line& old = from->lines()[i];
    if (!copied_to_response(old, trying) || (old.flags & LineFlag::tainted) != 0) continue;
    const auto id = static_cast<HeaderId>(old.id);
    if (id != HeaderId::via && rep.find(old.id, {}, '\0') != rep.count) continue;  // a bad request may repeat one
    Line& line = rep.lines()[rep.count];
    if (id == HeaderId::to && !trying && !to_tag.empty() && from->fields.to.size != 0 &&
        from->fields.to.tag_size == 0) {
      line = rep.put_line_of(*from, old, ";tag=", to_tag);
    } else {
      line = old;
      fields.present |= std::uint64_t{1} << presence(old.id);
      auto whole = from->bytes(old);
      const bool bare = !whole.ends_with("\r\n");  // a bad request's line that ended in LF alone goes back in CRLF
      whole.remove_suffix(bare ? 1 : 0);
      line.name = rep.put(whole);
      if (bare) rep.put("\r\n");
      line.value = line.name + (old.value - old.name);
    }
    ++rep.count;
  }
  rep.refresh_all();
}

}  // namespace peal::inline v0
