#pragma once

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <regex>
#include <string>

/// As much of JSON Schema 2020-12 as docs/ uses. A keyword that it does not know breaks the schema, so none goes
/// unchecked.
namespace peal_test {

class JsonSchema {
 public:
  using Json = nlohmann::json;
  explicit JsonSchema(Json schema) : root_(std::move(schema)) {}

  /// Empty, or the place and keyword that `value` breaks.
  std::string fault(const Json& value) const { return fault(root_, value, ""); }

 private:
  std::string fault(const Json& schema, const Json& value, const std::string& place) const {
    for (const auto& [keyword, rule] : schema.items()) {
      const auto why = keyword_fault(keyword, rule, schema, value, place);
      if (!why.empty()) return why;
    }
    return {};
  }

  std::string keyword_fault(const std::string& keyword, const Json& rule, const Json& schema, const Json& value,
                            const std::string& place) const {
    const auto broken = [&](bool holds) { return holds ? std::string() : place + ": " + keyword; };
    if (keyword == "$schema" || keyword == "$defs" || keyword == "title" || keyword == "description") return {};
    if (keyword == "$ref") return fault(root_.at(Json::json_pointer(rule.get<std::string>().substr(1))), value, place);
    if (keyword == "allOf") return first_fault(rule, value, place);
    if (keyword == "oneOf")
      return broken(std::ranges::count_if(rule, [&](const Json& s) { return fault(s, value, place).empty(); }) == 1);
    if (keyword == "not") return broken(!fault(rule, value, place).empty());
    if (keyword == "type") return broken(is_type(rule, value));
    if (keyword == "const") return broken(value == rule);
    if (keyword == "enum") return broken(std::ranges::count(rule, value) != 0);
    if (keyword == "minimum") return broken(!value.is_number() || value >= rule);
    if (keyword == "maximum") return broken(!value.is_number() || value <= rule);
    if (keyword == "minLength") return broken(!value.is_string() || value.get<std::string>().size() >= rule);
    if (keyword == "pattern")
      return broken(!value.is_string() || matches(value.get<std::string>(), rule.get<std::string>()));
    if (keyword == "required")
      return broken(!value.is_object() ||
                    std::ranges::all_of(rule, [&](const Json& name) { return value.contains(name); }));
    if (keyword == "properties") return properties_fault(rule, value, place);
    if (keyword == "additionalProperties") return broken(rule == false && only(schema.at("properties"), value));
    if (keyword == "items") return items_fault(rule, value, place);
    return "unknown keyword " + keyword;
  }

  std::string first_fault(const Json& rules, const Json& value, const std::string& place) const {
    for (const auto& rule : rules)
      if (auto why = fault(rule, value, place); !why.empty()) return why;
    return {};
  }
  std::string properties_fault(const Json& rules, const Json& value, const std::string& place) const {
    if (!value.is_object()) return {};
    for (const auto& [name, rule] : rules.items())
      if (value.contains(name))
        if (auto why = fault(rule, value[name], place + "/" + name); !why.empty()) return why;
    return {};
  }
  std::string items_fault(const Json& rule, const Json& value, const std::string& place) const {
    if (!value.is_array()) return {};
    for (std::size_t i = 0; i < value.size(); ++i)
      if (auto why = fault(rule, value[i], place + "/" + std::to_string(i)); !why.empty()) return why;
    return {};
  }
  static bool only(const Json& properties, const Json& value) {
    return !value.is_object() ||
           std::ranges::all_of(value.items(), [&](const auto& member) { return properties.contains(member.key()); });
  }
  static bool is_type(const Json& rule, const Json& value) {
    if (rule == "object") return value.is_object();
    if (rule == "array") return value.is_array();
    if (rule == "string") return value.is_string();
    return rule == "integer" && value.is_number_integer();
  }
  /// std::regex recurses by character: long texts are judged piece by piece, which fits the patterns in use (a class
  /// repeated, or groups of four).
  static bool matches(const std::string& text, const std::string& pattern) {
    const std::regex expression(pattern, std::regex::ECMAScript);
    constexpr std::size_t piece = 4'096;
    for (std::size_t at = 0; at == 0 || at < text.size(); at += piece)
      if (!std::regex_search(text.substr(at, piece), expression)) return false;
    return true;
  }

  Json root_;
};

}  // namespace peal_test
