#include "line_rank.hpp"
#include "scan.hpp"

#include <peal/message/sdp/section.hpp>

#include <algorithm>

namespace peal::inline v0::sdp {

std::optional<Attribute> Section::as_attribute(const Line& line) {
  if (line.type != 'a') return std::nullopt;
  const std::string_view text = line.value;
  const auto colon = text.find(':');
  if (colon == text.npos) return Attribute{trimmed(text), {}, false};
  return Attribute{trimmed(text.substr(0, colon)), text.substr(colon + 1), true};
}

std::vector<Attribute> Section::attributes() const {
  std::vector<Attribute> out;
  for (const auto& line : lines_)
    if (const auto a = as_attribute(line)) out.push_back(*a);
  return out;
}

std::optional<std::string_view> Section::attribute(std::string_view name) const {
  for (const auto& line : lines_)
    if (const auto a = as_attribute(line); a && a->name == name) return a->value;
  return std::nullopt;
}

Result<void> Section::add_flag(std::string_view name) {
  if (!is_text(name)) return fail(errc::forbidden_byte);
  if (!is_token(name)) return fail(errc::invalid_value);
  insert('a', std::string(name));
  return {};
}

Result<void> Section::add_attribute(std::string_view name, std::string_view value) {
  if (!is_text(name) || !is_text(value)) return fail(errc::forbidden_byte);
  if (!is_token(name) || value.empty()) return fail(errc::invalid_value);
  std::string text(name);
  (text += ':') += value;
  insert('a', std::move(text));
  return {};
}

Result<void> Section::set_attribute(std::string_view name, std::string_view value) {
  if (!is_text(name) || !is_text(value)) return fail(errc::forbidden_byte);
  if (!is_token(name) || value.empty()) return fail(errc::invalid_value);
  const auto same = [&](const Line& line) {
    const auto a = as_attribute(line);
    return a && a->name == name;
  };
  const auto first = std::find_if(lines_.begin(), lines_.end(), same);
  if (first == lines_.end()) return add_attribute(name, value);
  std::string text(name);
  (text += ':') += value;
  lines_.erase(std::remove_if(first + 1, lines_.end(), same), lines_.end());
  *first = {'a', LineEnd::crlf, std::move(text)};
  return {};
}

std::size_t Section::remove_attributes(std::string_view name) {
  return std::erase_if(lines_, [&](const Line& line) {
    const auto a = as_attribute(line);
    return a && a->name == name;
  });
}

std::optional<Direction> Section::direction() const {
  for (const auto& line : lines_) {
    const auto a = as_attribute(line);
    if (!a || a->has_value) continue;
    if (const auto d = to_direction(a->name)) return d;
  }
  return std::nullopt;
}

void Section::set_direction(Direction direction) {
  const auto is_direction = [](const Line& line) {
    const auto a = as_attribute(line);
    return a && !a->has_value && to_direction(a->name);
  };
  const auto first = std::find_if(lines_.begin(), lines_.end(), is_direction);
  if (first == lines_.end()) return insert('a', std::string(to_string(direction)));
  lines_.erase(std::remove_if(first + 1, lines_.end(), is_direction), lines_.end());
  if (trimmed(first->value) != to_string(direction)) *first = {'a', LineEnd::crlf, std::string(to_string(direction))};
}

std::optional<Connection> Section::connection() const {
  if (const auto* line = find('c'))
    if (auto parsed = Connection::parse(line->value)) return *parsed;
  return std::nullopt;
}

Result<void> Section::set_connection(const Connection& connection) {
  std::string text;
  connection.append_to(text);
  if (!is_text(text)) return fail(errc::forbidden_byte);
  const auto parsed = Connection::parse(text);
  if (!parsed || *parsed != connection) return fail(errc::invalid_value);
  put('c', std::move(text));
  return {};
}

void Section::remove_connection() {
  std::erase_if(lines_, [](const Line& line) { return line.type == 'c'; });
}

std::vector<Bandwidth> Section::bandwidths() const {
  std::vector<Bandwidth> out;
  for (const auto& line : lines_) {
    if (line.type != 'b') continue;
    if (const auto b = read_bandwidth(line.value)) out.push_back(*b);
  }
  return out;
}

std::optional<std::uint64_t> Section::bandwidth(std::string_view type) const {
  for (const auto& b : bandwidths())
    if (same_word(b.type, type)) return b.value;
  return std::nullopt;
}

Result<void> Section::set_bandwidth(std::string_view type, std::uint64_t value) {
  if (!is_token(type)) return fail(is_text(type) ? errc::invalid_value : errc::forbidden_byte);
  std::string text(type);
  append_number(text += ':', value);
  for (auto& line : lines_) {
    if (line.type != 'b') continue;
    const auto old = read_bandwidth(line.value);
    if (!old || !same_word(old->type, type)) continue;
    line = {'b', LineEnd::crlf, std::move(text)};
    return {};
  }
  insert('b', std::move(text));
  return {};
}

std::optional<std::string_view> Section::value_of(char type) const {
  if (const auto* line = find(type)) return line->value;
  return std::nullopt;
}

Result<void> Section::set_line(char type, std::string_view value) {
  if (!is_text(value)) return fail(errc::forbidden_byte);
  if (value.empty() || line_rank(type) == unknown_rank || type == 'v' || type == 'o' || type == 'm')
    return fail(errc::invalid_value);
  if (type == 'c' && !Connection::parse(value)) return fail(errc::invalid_value);
  put(type, std::string(value));
  return {};
}

void Section::append_to(std::string& out) const {
  for (const auto& line : lines_) {
    if (line.type != '\0') (out += line.type) += '=';
    out += line.value;
    if (line.end == LineEnd::crlf) out += '\r';
    if (line.end != LineEnd::none) out += '\n';
  }
}

const Line* Section::find(char type) const {
  for (const auto& line : lines_)
    if (line.type == type) return &line;
  return nullptr;
}
Line* Section::find(char type) {
  for (auto& line : lines_)
    if (line.type == type) return &line;
  return nullptr;
}

void Section::put(char type, std::string value) {
  auto* line = find(type);
  if (!line) return insert(type, std::move(value));
  if (line->value != value) *line = {type, line->end == LineEnd::none ? LineEnd::crlf : line->end, std::move(value)};
}

void Section::insert(char type, std::string value) {
  // Behind the last line that the grammar puts before it or that has the same letter; blank lines stay behind.
  const auto rank = line_rank(type);
  auto place = lines_.end();
  while (place != lines_.begin() && ((place - 1)->type == '\0' || line_rank((place - 1)->type) > rank)) --place;
  if (place != lines_.begin() && (place - 1)->end == LineEnd::none) (place - 1)->end = LineEnd::crlf;
  lines_.insert(place, Line{type, LineEnd::crlf, std::move(value)});
}

void Section::close() {
  std::erase_if(lines_, [](const Line& line) { return line.type == '\0'; });
  if (!lines_.empty() && lines_.back().end == LineEnd::none) lines_.back().end = LineEnd::crlf;
}

}  // namespace peal::inline v0::sdp
