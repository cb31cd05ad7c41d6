#include "param_value.hpp"

#include <peal/message/security_values.hpp>

#include <array>

namespace peal::inline v0 {

namespace {

using grammar::At;
using grammar::Scan;

/// ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] ), in thousandths.
std::optional<unsigned> qvalue(std::string_view text) noexcept {
  if (text.empty() || (text[0] != '0' && text[0] != '1') || text.size() > 5) return std::nullopt;
  if (text.size() > 1 && text[1] != '.') return std::nullopt;
  unsigned out = text[0] == '1' ? 1000 : 0;
  unsigned weight = 100;
  for (const char c : text.substr(std::min<std::size_t>(2, text.size()))) {
    if (!ascii::is(c, ascii::digit)) return std::nullopt;
    out += static_cast<unsigned>(c - '0') * weight;
    weight /= 10;
  }
  return out <= 1000 ? std::optional(out) : std::nullopt;
}

/// LDQUOT 32LHEX RDQUOT
bool is_digest(std::string_view text) noexcept {
  if (text.size() != 34 || text.front() != '"' || text.back() != '"') return false;
  for (const char c : text.substr(1, 32))
    if (!ascii::is(c, ascii::digit) && (c < 'a' || c > 'f')) return false;
  return true;
}

constexpr std::array<std::string_view, 4> known_params{"q", "d-alg", "d-qop", "d-ver"};

bool is_good(std::size_t param, std::string_view value) noexcept {
  if (param == 0) return qvalue(value).has_value();
  return param == 3 ? is_digest(value) : ascii::all(value, ascii::token);
}

/// token-nodot (RFC 4412 §3.1)
At token_without_dot(At p, Scan& s) noexcept {
  const At start = p;
  while (*p != '.' && ascii::is(*p, ascii::token)) ++p;
  return p == start ? s.fail(parse_errc::bad_token, p) : p;
}

}  // namespace

Result<SecurityMechanismView, ParseError> SecurityMechanismView::read(InMessage from, const char*& end) {
  std::array<bool, known_params.size()> seen{};
  At bad = nullptr;
  auto out = grammar::read_param_value<SecurityMechanismView>(from, end, grammar::token,
                                                              [&](std::string_view name, std::string_view value) {
                                                                for (std::size_t i = 0; i < known_params.size(); ++i) {
                                                                  if (!grammar::named(name, known_params[i])) continue;
                                                                  if (seen[i]) return false;
                                                                  seen[i] = true;
                                                                  if (bad == nullptr && !is_good(i, value))
                                                                    bad = name.data();
                                                                }
                                                                return true;
                                                              });
  if (out && bad != nullptr) return fail(parse_errc::bad_parameter, grammar::distance(from.at, bad));
  return out;
}
Result<SecurityMechanismView, ParseError> SecurityMechanismView::parse(std::string_view text) {
  return grammar::parse_parts<SecurityMechanismView>(text);
}

std::optional<unsigned> SecurityMechanismView::q() const { return qvalue(params().value("q")); }

std::string_view SecurityMechanismView::digest_verify() const {
  const auto text = params().value("d-ver");
  return text.size() < 2 ? std::string_view{} : text.substr(1, text.size() - 2);
}

Result<SecurityMechanism, ParseError> SecurityMechanism::make(std::string_view mechanism, std::optional<unsigned> q) {
  if (!ascii::all(mechanism, ascii::token)) return fail(parse_errc::bad_token, 0);
  auto out = parse(mechanism);
  if (!out || !q) return out;
  if (*q > 1000) return fail(parse_errc::bad_number, 0);
  std::string text = *q == 1000 ? "1" : "0";
  if (*q % 1000 != 0) {
    text += '.';
    for (unsigned rest = *q, weight = 100; rest != 0; rest %= weight, weight /= 10)
      text += static_cast<char>('0' + rest / weight);
  }
  if (auto ok = out->set_param("q", text); !ok) return fail(ok.error());
  return out;
}

Result<ResourceValueView, ParseError> ResourceValueView::read(InMessage from, const char*& end) {
  Scan s;
  At p = token_without_dot(from.at, s);
  if (p != nullptr) p = *p == '.' ? token_without_dot(p + 1, s) : s.fail(parse_errc::bad_token, p);
  if (p != nullptr && *p == '.') p = s.fail(parse_errc::bad_token, p);
  end = p;
  if (end == nullptr) return grammar::unread(from, s);
  ParamValueParts parts;
  parts.size = parts.value_size = grammar::distance(from.at, end);
  return ResourceValueView(from.at, parts);
}
Result<ResourceValueView, ParseError> ResourceValueView::parse(std::string_view text) {
  return grammar::parse_parts<ResourceValueView>(text);
}

bool ResourceValueView::is(std::string_view space, std::string_view value) const noexcept {
  return ascii::equal(name_space(), space) && ascii::equal(priority(), value);
}

Result<ResourceValue, ParseError> ResourceValue::parse(std::string_view text) {
  auto view = ResourceValueView::parse(text);
  if (!view) return fail(view.error());
  return ResourceValue(*view);
}

Result<ResourceValue, ParseError> ResourceValue::make(std::string_view name_space, std::string_view priority) {
  return parse(std::string(name_space).append(".").append(priority));
}

}  // namespace peal::inline v0
