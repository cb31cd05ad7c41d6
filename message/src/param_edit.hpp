#pragma once

#include "padded.hpp"

#include <peal/message/params.hpp>

#include <string>

/// Editing `;name=value` behind a header value.
namespace peal::inline v0::grammar {

inline bool is_header_param(std::string_view name, std::string_view value, unsigned value_class) {
  if (!ascii::all(name, ascii::token)) return false;
  if (value.empty() || ascii::all(value, value_class)) return true;
  const Padded copy(value);
  Scan s;
  const At end = *copy.begin() == '"'   ? quoted_string(copy.begin(), s)
                 : *copy.begin() == '[' ? ipv6_reference(copy.begin(), s)
                                        : nullptr;
  return end == copy.end();
}

/// `text` with the parameter set; `params` is a view into it.
inline std::string with_param(std::string_view text, const ParamsView& params, std::string_view name,
                              std::string_view value) {
  std::string param(name);
  if (!value.empty()) param.append("=").append(value);
  std::string out(text);
  if (const auto old = params.find(name)) {
    const auto* end = old->has_value ? old->value.data() + old->value.size() : old->name.data() + old->name.size();
    out.replace(static_cast<std::size_t>(old->name.data() - text.data()),
                static_cast<std::size_t>(end - old->name.data()), param);
  } else {
    out += ';';
    out += param;
  }
  return out;
}

/// `text` without the parameters of that name, their ';' included; `params` is a view into it.
inline std::string without_param(std::string_view text, const ParamsView& params, std::string_view name) {
  std::string out;
  const char* from = text.data();
  for (const auto& param : params) {
    if (!ascii::equal(param.name, name)) continue;
    const auto* semicolon = param.name.data();
    while (*semicolon != ';') --semicolon;
    out.append(from, semicolon);
    from = param.has_value ? param.value.data() + param.value.size() : param.name.data() + param.name.size();
  }
  return out.append(from, text.data() + text.size());
}

}  // namespace peal::inline v0::grammar
