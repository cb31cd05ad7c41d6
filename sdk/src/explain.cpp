#include <peal/explain.hpp>

#include <peal/message/registry/methods.hpp>

#include <algorithm>
#include <iterator>

namespace peal::inline v0 {

namespace {

constexpr Explanation codes[] = {
#include "explain_codes.inc"
};

constexpr Explanation methods[] = {
#include "explain_methods.inc"
};

const Explanation* find(std::span<const Explanation> all, std::string_view key) {
  const auto found =
      std::ranges::find_if(all, [&](const Explanation& e) { return e.title.substr(0, e.title.find(' ')) == key; });
  return found != all.end() ? &*found : nullptr;
}

/// Counts a UTF-8 sequence (the section sign) as one column.
std::size_t columns(std::string_view word) {
  return static_cast<std::size_t>(
      std::ranges::count_if(word, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// Appends `text` wrapped at `width`, each line behind `indent` blanks, the first behind `label`.
void append_wrapped(std::string& out, std::string_view label, std::string_view text, std::size_t indent,
                    std::size_t width) {
  out += label;
  out.append(label.size() < indent ? indent - label.size() : 1, ' ');
  std::size_t column = indent;
  while (!text.empty()) {
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    const auto length = columns(word);
    if (column > indent && column + 1 + length > width) {
      out += '\n';
      out.append(indent, ' ');
      column = indent;
    } else if (column > indent) {
      out += ' ';
      ++column;
    }
    out += word;
    column += length;
  }
  out += '\n';
}

}  // namespace

std::optional<Explanation> explain(StatusCode code) {
  if (code.value() < 100 || code.value() > 699) return std::nullopt;
  auto key = std::to_string(code.value());
  const auto* found = find(codes, key);
  if (found == nullptr) {
    key.replace(1, 2, "xx");
    found = find(codes, key);
  }
  return found != nullptr ? std::optional(*found) : std::nullopt;
}

std::optional<Explanation> explain_method(std::string_view name) {
  const auto* row = find_method(name);
  const auto* found = row != nullptr ? find(methods, row->name) : nullptr;
  return found != nullptr ? std::optional(*found) : std::nullopt;
}

std::span<const Explanation> explained_codes() noexcept { return codes; }
std::span<const Explanation> explained_methods() noexcept { return methods; }

std::string format(const Explanation& explanation, std::size_t width) {
  constexpr std::size_t indent = 14;
  width = std::max<std::size_t>(width, 40);
  const bool code = explanation.is_code();
  std::string out(explanation.title);
  out += "\n\n";
  append_wrapped(out, code ? "  Means" : "  Purpose", explanation.meaning, indent, width);
  append_wrapped(out, "  Sent by", explanation.sent_by, indent, width);
  append_wrapped(out, code ? "  Causes" : "  Answers", explanation.causes, indent, width);
  append_wrapped(out, "  As UAC", explanation.remedy, indent, width);
  append_wrapped(out, "  As UAS", explanation.remedy_uas, indent, width);
  append_wrapped(out, "  Read", explanation.rfc, indent, width);
  return out;
}

std::optional<std::string> format(StatusCode code, std::size_t width) {
  auto explanation = explain(code);
  if (!explanation) return std::nullopt;
  const auto title = std::to_string(code.value()) + std::string(explanation->title.substr(3));  // of a class: "4xx …"
  explanation->title = title;
  return format(*explanation, width);
}

}  // namespace peal::inline v0
