#include "ascii.hpp"

#include <peal/message/params.hpp>

namespace peal::inline v0 {

namespace {

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  while (at < text.size() && ascii::blank(text[at])) ++at;
  return at;
}

/// Behind the value that starts at `at`: a quoted string, or up to the next ';' or blank.
std::size_t value_end(std::string_view text, std::size_t at) {
  if (at >= text.size() || text[at] != '"') {
    while (at < text.size() && text[at] != ';' && !ascii::blank(text[at])) ++at;
    return at;
  }
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\\')
      ++at;
    else if (text[at] == '"')
      return at + 1;
  }
  return text.size();
}

}  // namespace

std::string Param::unquoted() const {
  if (value.size() < 2 || value.front() != '"') return std::string(value);
  std::string out;
  out.reserve(value.size());
  for (std::size_t i = 1; i + 1 < value.size(); ++i) {
    if (value[i] == '\\' && i + 2 < value.size()) ++i;
    out += value[i];
  }
  return out;
}

ParamsView::iterator::iterator(std::string_view rest) : rest_(rest) { ++*this; }

ParamsView::iterator& ParamsView::iterator::operator++() {
  param_ = Param{};
  const auto semicolon = skip_blanks(rest_, 0);
  if (semicolon >= rest_.size() || rest_[semicolon] != ';') {
    rest_ = {};
    return *this;
  }
  const auto name = skip_blanks(rest_, semicolon + 1);
  auto at = name;
  while (at < rest_.size() && rest_[at] != ';' && rest_[at] != '=' && !ascii::blank(rest_[at])) ++at;
  param_.name = rest_.substr(name, at - name);
  if (const auto equals = skip_blanks(rest_, at); equals < rest_.size() && rest_[equals] == '=') {
    const auto value = skip_blanks(rest_, equals + 1);
    at = value_end(rest_, value);
    param_.value = rest_.substr(value, at - value);
    param_.has_value = true;
  }
  rest_.remove_prefix(at);
  return *this;
}

std::optional<Param> ParamsView::find(std::string_view name) const {
  for (const auto& param : *this)
    if (ascii::equal(param.name, name)) return param;
  return std::nullopt;
}

std::string_view ParamsView::value(std::string_view name) const {
  const auto param = find(name);
  return param ? param->value : std::string_view{};
}

}  // namespace peal::inline v0
