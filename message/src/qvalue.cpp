#include "known_params.hpp"
#include "value_scan.hpp"

#include <peal/message/qvalue.hpp>

namespace peal::inline v0 {

Result<QValue, ParseError> QValue::parse(std::string_view text) {
  if (text.empty()) return fail(parse_errc::empty, 0);
  if (!grammar::is_qvalue(text)) return fail(parse_errc::bad_number, 0);
  unsigned thousandths = 0;
  for (std::size_t i = 0; i < 5; ++i)
    if (i != 1) thousandths = thousandths * 10 + (i < text.size() ? static_cast<unsigned>(text[i] - '0') : 0U);
  return QValue{static_cast<std::uint16_t>(thousandths)};
}

void QValue::append_to(std::string& out) const {
  if (thousandths >= 1000) {
    out += '1';
    return;
  }
  out += '0';
  if (thousandths == 0) return;
  out += '.';
  for (unsigned rest = thousandths, unit = 100; rest != 0; rest %= unit, unit /= 10)
    out += static_cast<char>('0' + rest / unit);
}

std::optional<QValue> q_value(const ParamsView& params) {
  auto q = QValue::parse(params.value("q"));
  return q ? std::optional(*q) : std::nullopt;
}

std::optional<std::chrono::seconds> expires_value(const ParamsView& params) {
  return grammar::seconds_of(params.value("expires"));
}

std::string sip_instance(const ParamsView& params) {
  const auto param = params.find("+sip.instance");
  if (!param) return {};
  auto value = param->unquoted();
  if (!grammar::is_quoted(param->value) || value.size() < 3 || !value.starts_with('<') || !value.ends_with('>'))
    return {};
  return value.substr(1, value.size() - 2);
}

std::optional<std::uint32_t> reg_id(const ParamsView& params) {
  const auto value = grammar::number_of(params.value("reg-id"), 0x7fffffff);
  return value == 0 ? std::nullopt : value;
}

}  // namespace peal::inline v0
