#include "param_edit.hpp"

#include <peal/message/owned_params.hpp>

namespace peal::inline v0::detail {

Result<std::string, ParseError> with_param(std::string_view text, const ParamsView& params, std::string_view name,
                                           std::string_view value) {
  if (text.empty() || value.find('\0') != std::string_view::npos ||
      !grammar::is_header_param(name, value, ascii::token))
    return fail(parse_errc::bad_parameter, 0);
  std::string param(name);
  if (!value.empty()) param.append("=").append(value);
  std::string out(text);
  const auto old = params.find(name);
  if (!old) return out.append(";").append(param);
  const auto* end = old->has_value ? old->value.data() + old->value.size() : old->name.data() + old->name.size();
  out.replace(static_cast<std::size_t>(old->name.data() - text.data()),
              static_cast<std::size_t>(end - old->name.data()), param);
  return out;
}

std::string without_param(std::string_view text, const ParamsView& params, std::string_view name) {
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

Result<std::string, ParseError> quoted(std::string_view text) {
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\r' || c == '\n' || c == '\0') return fail(parse_errc::bad_byte, static_cast<std::uint32_t>(i));
    if (!ascii::is(c, ascii::quoted)) out += '\\';
    out += c;
  }
  return out += '"';
}

Result<std::string, ParseError> token_or_quoted(std::string_view text) {
  if (ascii::all(text, ascii::token)) return std::string(text);
  return quoted(text);
}

}  // namespace peal::inline v0::detail
