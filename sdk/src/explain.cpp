#include <peal/explain.hpp>

#include <peal/message/headers.hpp>
#include <peal/message/registry/event_packages.hpp>
#include <peal/message/registry/methods.hpp>
#include <peal/message/registry/option_tags.hpp>

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <iterator>
#include <utility>

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

constexpr std::size_t label_columns = 14;
constexpr std::size_t least_width = 40;

/// A title, and fields below it: what registries know without an Explanation.
std::string format_fields(std::string_view title,
                          std::initializer_list<std::pair<std::string_view, std::string_view>> fields,
                          std::size_t width) {
  std::string out(title);
  out += "\n\n";
  for (const auto& [label, text] : fields)
    append_wrapped(out, label, text, label_columns, std::max(width, least_width));
  return out;
}

std::string sentence(std::string_view text) {
  std::string out(text);
  if (!out.empty() && out.front() >= 'a' && out.front() <= 'z')
    out.front() = static_cast<char>(out.front() - 'a' + 'A');
  return out + '.';
}

std::string format(const OptionTagInfo& tag, std::size_t width) {
  return format_fields(
      std::string(tag.name) + " (option tag)",
      {{"  Means", sentence(tag.meaning)},
       {"  Stands in", "Supported: I can do this. Require, Proxy-Require: you must, or answer 420 with Unsupported."},
       {"  Read", tag.rfc}},
      width);
}

std::string format(const EventPackageInfo& package, std::string_view name, std::size_t width) {
  const bool applied = name.find('.') != std::string_view::npos;
  return format_fields(
      std::string(applied ? name : package.name) +
          (package.is_template ? " (event template-package)" : " (event package)"),
      {{"  Tells", sentence(package.meaning)},
       {"  Stands in", package.is_template
                           ? "Event and Allow-Events, behind another package and a dot: presence.winfo."
                           : "Event of SUBSCRIBE, NOTIFY and PUBLISH; Allow-Events lists what is understood."},
       {"  Read", package.rfc}},
      width);
}

std::string_view text_of(Occurs occurs) {
  switch (occurs) {
    case Occurs::once: return "Once in a message.";
    case Occurs::list: return "A list: several values with commas between, on one line or on several.";
    case Occurs::list_or_none:
      return "A list, which may be empty: values with commas between, on one line or on several.";
    case Occurs::lines: return "Several lines, each one value that may hold commas.";
  }
  return {};
}

std::string format(const header::Row& row, std::size_t width) {
  auto title = std::string(row.name);
  if (row.compact != '\0') title.append(" or ").append(1, row.compact);
  return format_fields(title + " (header)", {{"  Stands", text_of(row.occurs)}, {"  Read", row.rfc}}, width);
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
  const bool code = explanation.is_code();
  return format_fields(explanation.title,
                       {{code ? "  Means" : "  Purpose", explanation.meaning},
                        {"  Sent by", explanation.sent_by},
                        {code ? "  Causes" : "  Answers", explanation.causes},
                        {"  As UAC", explanation.remedy},
                        {"  As UAS", explanation.remedy_uas},
                        {"  Read", explanation.rfc}},
                       width);
}

std::optional<std::string> format(StatusCode code, std::size_t width) {
  auto explanation = explain(code);
  if (!explanation) return std::nullopt;
  const auto title = std::to_string(code.value()) + std::string(explanation->title.substr(3));  // of a class: "4xx …"
  explanation->title = title;
  return format(*explanation, width);
}

std::string explain_token(std::string_view token, std::size_t width) {
  std::string out;
  const auto add = [&](const std::string& text) {
    if (!out.empty()) out += '\n';
    out += text;
  };
  int code = 0;
  if (const auto end = token.data() + token.size(); std::from_chars(token.data(), end, code).ptr == end)
    if (const auto status = StatusCode::make(code)) add(*format(*status, width));
  if (const auto method = explain_method(token)) add(format(*method, width));
  if (const auto* tag = find_option_tag(token)) add(format(*tag, width));
  if (const auto* package = find_event_package(token)) add(format(*package, token, width));
  if (const auto id = header::find(token); id != HeaderId::other)
    add(format(header::table[static_cast<std::size_t>(id)], width));
  return out;
}

}  // namespace peal::inline v0
