#include "header_block.hpp"
#include "header_table.hpp"
#include "list.hpp"

#include <peal/message/header_lines.hpp>

namespace peal::inline v0 {

namespace detail {

bool is_line_of(const HeaderField& line, std::uint8_t id, std::string_view name, char compact) noexcept {
  id = header::detail::known_id(id, name);
  if (id != 0) return static_cast<std::uint8_t>(line.id) == id;
  if (ascii::equal(line.name, name)) return true;
  return compact != '\0' && line.name.size() == 1 && ascii::lower(line.name[0]) == ascii::lower(compact);
}

std::optional<std::string_view> next_element(std::string_view value, std::size_t& at, Occurs occurs,
                                             bool several) noexcept {
  const bool list = is_list(occurs);
  if (at > value.size() || (list && value.empty())) return std::nullopt;
  const auto from = std::exchange(at, value.size() + 1);
  if (!several) return value;
  const auto end = list ? element_end(value, from) : challenge_end(value, from);  // what is no list holds challenges
  at = end + 1;
  return ascii::trim(value.substr(from, end - from));
}

}  // namespace detail

// ---- a block of header lines in a text

std::string_view HeaderBlock::line() noexcept {
  const auto rest = text_.substr(at_);
  const auto lf = rest.find('\n');
  auto out = rest.substr(0, lf);
  at_ += lf == rest.npos ? rest.size() : lf + 1;
  ended_ = lf != rest.npos;
  bare_ = ended_ && !out.ends_with('\r');
  if (ended_ && !bare_) out.remove_suffix(1);
  return out;
}

bool HeaderBlock::at_blank_line() const noexcept {
  const auto rest = text_.substr(at_);
  return rest.starts_with("\r\n") || (interop_ && rest.starts_with('\n'));
}

Result<bool, ParseError> HeaderBlock::next(RawHeader& out) {
  while (at_ < text_.size() && !at_blank_line()) {
    const auto start = at_;
    auto whole = line();
    out.folded = false;
    bool good_end = ended_ && !bare_;
    while (at_ < text_.size() && ended_ && ascii::blank(text_[at_])) {
      const auto more = line();
      whole = {whole.data(), static_cast<std::size_t>(more.data() + more.size() - whole.data())};
      out.folded = true;
      good_end = good_end && ended_ && !bare_;
    }
    if (!interop_ && !good_end) return wrong(parse_errc::bad_line_end, start + whole.size());
    if (whole.size() > limits_.header_line_bytes) return wrong(parse_errc::too_long, start);
    const auto fault = split(whole, out);
    if (fault == parse_errc::no_result) {
      if (++count_ > limits_.header_lines) return wrong(parse_errc::too_many_headers, start);
      return true;
    }
    if (fault == parse_errc::too_long || !skip_) return wrong(fault, start);
  }
  return false;
}

parse_errc HeaderBlock::split(std::string_view whole, RawHeader& out) const {
  const auto colon = whole.find(':');
  out.name = ascii::trim(whole.substr(0, colon));
  if (colon == whole.npos || !ascii::all(out.name, ascii::token) || whole.front() != out.name.front())
    return parse_errc::bad_header_name;
  if (out.name.size() > limits_.header_name_bytes) return parse_errc::too_long;
  out.value = whole.substr(colon + 1);
  const auto edge = [](char c) { return ascii::blank(c) || c == '\r' || c == '\n'; };
  while (!out.value.empty() && edge(out.value.front())) out.value.remove_prefix(1);
  while (!out.value.empty() && edge(out.value.back())) out.value.remove_suffix(1);
  if (out.folded && out.value.find('\n') == out.value.npos) out.folded = false;
  for (std::size_t i = 0; i < out.value.size(); ++i) {
    const char c = out.value[i];
    const bool fold = c == '\n' || (c == '\r' && i + 1 < out.value.size() && out.value[i + 1] == '\n');
    if (c == '\0' || (c == '\r' && !fold)) return parse_errc::bad_byte;
  }
  return parse_errc::no_result;
}

std::string_view HeaderBlock::body() const noexcept {
  auto rest = text_.substr(at_);
  if (rest.starts_with('\r')) rest.remove_prefix(1);
  if (rest.starts_with('\n')) rest.remove_prefix(1);
  return rest;
}

std::string unfolded(std::string_view value) {
  std::string out(value);
  for (auto& c : out)
    if (c == '\r' || c == '\n') c = ' ';
  return out;
}

}  // namespace peal::inline v0
