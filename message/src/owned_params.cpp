#include "param_edit.hpp"

#include <peal/message/owned_params.hpp>

namespace peal::inline v0::detail {

Result<std::string, ParseError> with_param(std::string_view text, const ParamsView& params, std::string_view name,
                                           std::string_view value) {
  if (text.empty() || value.find('\0') != std::string_view::npos ||
      !grammar::is_header_param(name, value, ascii::token))
    return fail(parse_errc::bad_parameter, 0);
  return grammar::with_param(text, params, name, value);
}

std::string without_param(std::string_view text, const ParamsView& params, std::string_view name) {
  return grammar::without_param(text, params, name);
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
