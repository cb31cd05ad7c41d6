#include "header_table.hpp"
#include "list.hpp"
#include "rep.hpp"

#include <peal/message/message.hpp>

namespace peal::inline v0 {

// ---- life: a copy of an owned message shares its block, a copy of a scratch takes its bytes along

namespace {

MessageRep* shared(MessageRep* rep) {
  if (rep == nullptr) return nullptr;
  if (rep->scratch) return MessageRep::rebuild(*rep, 0, 0);
  rep->refs.fetch_add(1, std::memory_order_relaxed);
  return rep;
}

/// A Parser keeps its scratch: moving from its message copies.
MessageRep* taken(MessageRep*& rep) {
  if (rep != nullptr && rep->scratch) return MessageRep::rebuild(*rep, 0, 0);
  return std::exchange(rep, nullptr);
}

}  // namespace

Message::Message(const Message& other) : rep_(shared(other.rep_)) {}
Message::Message(Message&& other) noexcept : rep_(taken(other.rep_)) {}

Message& Message::operator=(const Message& other) {
  if (this != &other) {
    auto* rep = shared(other.rep_);
    MessageRep::release(std::exchange(rep_, rep));
  }
  return *this;
}

Message& Message::operator=(Message&& other) noexcept {
  if (this != &other) {
    auto* rep = taken(other.rep_);
    MessageRep::release(std::exchange(rep_, rep));
  }
  return *this;
}

Message::~Message() { MessageRep::release(rep_); }

// ---- what was validated

ViaView Message::top_via() const noexcept {
  if (rep_ == nullptr || rep_->fields.via.size == 0) return {};
  return {rep_->at(rep_->fields.via_at), rep_->fields.via};
}

NameAddrView Message::from() const noexcept {
  if (rep_ == nullptr || rep_->fields.from.size == 0) return {};
  return {rep_->at(rep_->fields.from_at), rep_->fields.from};
}

NameAddrView Message::to() const noexcept {
  if (rep_ == nullptr || rep_->fields.to.size == 0) return {};
  return {rep_->at(rep_->fields.to_at), rep_->fields.to};
}

std::string_view Message::call_id() const noexcept {
  return rep_ == nullptr ? std::string_view{} : rep_->text(rep_->fields.call_id);
}

const CSeq& Message::cseq() const noexcept {
  static constexpr CSeq none;
  return rep_ == nullptr ? none : rep_->fields.cseq;
}

NameAddrView Message::first_contact() const noexcept {
  if (rep_ == nullptr || rep_->fields.contact.size == 0) return {};
  return {rep_->at(rep_->fields.contact_at), rep_->fields.contact};
}

const char* Message::cseq_text() const noexcept {
  return rep_ == nullptr || rep_->fields.cseq.method.empty() ? nullptr : rep_->at(rep_->fields.cseq_at);
}

// ---- reading

std::size_t Message::size() const noexcept { return rep_ == nullptr ? 0 : rep_->count; }

HeaderField Message::field(std::size_t index) const noexcept {
  if (index >= size()) return {};
  const auto& line = rep_->lines()[index];
  return {rep_->name(line), rep_->value(line), static_cast<HeaderId>(line.id)};
}

std::string_view Message::line(std::size_t index) const noexcept {
  return index < size() ? rep_->bytes(rep_->lines()[index]) : std::string_view{};
}

std::string_view Message::start_line() const noexcept {
  return rep_ == nullptr ? std::string_view{} : rep_->text(rep_->fields.start);
}

std::optional<std::string_view> Message::raw(std::string_view name) const {
  return first_line(static_cast<std::uint8_t>(header::find(name)), name, '\0');
}

std::optional<std::string_view> Message::first_line(std::uint8_t id, std::string_view name, char compact) const {
  if (rep_ == nullptr) return std::nullopt;
  const auto n = rep_->find(header::detail::known_id(id, name), name, compact);
  if (n == rep_->count) return std::nullopt;
  return rep_->value(rep_->lines()[n]);
}

std::optional<std::string_view> Message::first_element(std::uint8_t id, std::string_view name, char compact,
                                                       Occurs occurs) const {
  ElementCursor cursor;
  return next_element(cursor, id, name, compact, occurs);
}

namespace {

/// Authorization and its kin may hold several challenges on a line.
bool holds_challenges(std::uint8_t id) {
  return id >= static_cast<std::uint8_t>(HeaderId::www_authenticate) &&
         id <= static_cast<std::uint8_t>(HeaderId::proxy_authorization);
}

}  // namespace

std::optional<std::string_view> Message::next_element(ElementCursor& cursor, std::uint8_t id, std::string_view name,
                                                      char compact, Occurs occurs) const {
  if (rep_ == nullptr) return std::nullopt;
  id = header::detail::known_id(id, name);
  for (;;) {
    if (!cursor.inside) {
      cursor.line = rep_->find(id, name, compact, static_cast<std::uint32_t>(cursor.line));
      cursor.offset = 0;
      if (cursor.line >= rep_->count) return std::nullopt;
    }
    const auto value = rep_->value(rep_->lines()[cursor.line]);
    if (occurs == Occurs::once || (occurs == Occurs::lines && !holds_challenges(id))) {
      ++cursor.line;
      return value;
    }
    if (value.empty()) {  // an empty list has no elements
      ++cursor.line;
      continue;
    }
    const auto end = is_list(occurs) ? element_end(value, cursor.offset) : challenge_end(value, cursor.offset);
    const auto element = ascii::trim(value.substr(cursor.offset, end - cursor.offset));
    cursor.inside = end < value.size();
    cursor.offset = static_cast<std::uint32_t>(end + 1);
    if (!cursor.inside) ++cursor.line;
    return element;
  }
}

std::optional<InMessage> Message::value_of_line(std::size_t index, Occurs occurs) const noexcept {
  const auto value = rep_->value(rep_->lines()[index]);
  if (value.empty() && is_list(occurs)) return std::nullopt;
  return InMessage{value.data(), value.data() + value.size()};
}

std::optional<InMessage> Message::next_value(std::size_t& line, std::uint8_t id, std::string_view name, char compact,
                                             Occurs occurs) const noexcept {
  if (rep_ == nullptr) return std::nullopt;
  id = header::detail::known_id(id, name);
  for (;;) {
    const auto index = rep_->find(id, name, compact, static_cast<std::uint32_t>(line));
    if (index >= rep_->count) return std::nullopt;
    line = index + 1;
    if (auto value = value_of_line(index, occurs)) return value;
  }
}

const char* detail::skip_element(InMessage from) noexcept {
  return from.at + element_end({from.at, static_cast<std::size_t>(from.end - from.at)}, 0);
}

bool Message::lists(const Header<Token>& h, std::string_view token) const {
  ElementCursor cursor;
  while (const auto element = next_element(cursor, h.id, h.name, h.compact, h.occurs))
    if (ascii::equal(*element, token)) return true;
  return false;
}

std::string_view Message::body() const noexcept {
  return rep_ == nullptr ? std::string_view{} : rep_->text(rep_->fields.body);
}

std::optional<std::string_view> Message::body_of(std::string_view type, std::string_view subtype) const {
  const auto media = get(header::content_type);
  if (!media || !media->is(type, subtype)) return std::nullopt;
  return body();
}

std::size_t Message::memory() const noexcept { return rep_ == nullptr ? 0 : rep_->bytes_held(); }

// ---- start lines

const Method& Request::method() const noexcept {
  static constexpr Method none;
  return rep_ == nullptr ? none : rep_->fields.method;
}

UriView Request::uri() const noexcept {
  if (rep_ == nullptr || rep_->fields.uri.size == 0) return {};
  return {rep_->at(rep_->fields.uri_at), rep_->fields.uri};
}

StatusCode Response::status() const noexcept {
  return StatusCode(rep_ == nullptr ? std::uint16_t{0} : rep_->fields.status);
}

std::string_view Response::reason() const noexcept {
  return rep_ == nullptr ? std::string_view{} : rep_->text(rep_->fields.reason);
}

}  // namespace peal::inline v0
