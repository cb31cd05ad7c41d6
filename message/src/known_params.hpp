#pragma once

#include "param_value.hpp"

#include <peal/message/name_addr.hpp>

#include <cstdint>
#include <span>
#include <string_view>

/// The parameters that a header names in its own grammar. What stands under such a name must be what that production
/// says, although generic-param would let anything pass, and stands once (RFC 3261 §7.3.1).
namespace peal::inline v0::grammar {

struct KnownParam {
  std::string_view name;                          ///< in lower case
  bool (*fits)(std::string_view value) noexcept;  ///< the value as it stands; empty: there is none
  bool required = false;
};

inline bool is_token(std::string_view value) noexcept { return ascii::all(value, ascii::token); }
inline bool is_digits(std::string_view value) noexcept { return ascii::all(value, ascii::digit); }
inline bool is_quoted(std::string_view value) noexcept { return value.starts_with('"'); }
inline bool is_token_or_quoted(std::string_view value) noexcept { return is_token(value) || is_quoted(value); }
inline bool is_absent(std::string_view value) noexcept { return value.empty(); }
/// qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] )
inline bool is_qvalue(std::string_view value) noexcept {
  if (value.empty() || value.size() > 5 || (value[0] != '0' && value[0] != '1')) return false;
  if (value.size() > 1 && value[1] != '.') return false;
  for (std::size_t i = 2; i < value.size(); ++i)
    if (!ascii::is(value[i], ascii::digit) || (value[0] == '1' && value[i] != '0')) return false;
  return true;
}

/// Sees the parameters of one value, in order.
class ParamCheck {
 public:
  explicit ParamCheck(std::span<const KnownParam> known) noexcept : known_(known) {}

  /// False for one that stands again.
  bool operator()(std::string_view name, std::string_view value) noexcept {
    for (std::size_t i = 0; i < known_.size(); ++i) {
      if (!named(name, known_[i].name)) continue;
      if ((seen_ >> i & 1) != 0) return false;
      seen_ |= 1U << i;
      if (bad_ == nullptr && !known_[i].fits(value)) bad_ = value.empty() ? name.data() : value.data();
    }
    return true;
  }
  /// `end`; nullptr when a value was not what it should be, or a required parameter is not there.
  At finish(At end, Scan& s) const noexcept {
    if (bad_ != nullptr) return s.fail(parse_errc::bad_parameter, bad_);
    for (std::size_t i = 0; i < known_.size(); ++i)
      if (known_[i].required && (seen_ >> i & 1) == 0) return s.fail(parse_errc::missing_parameter, end);
    return end;
  }

 private:
  std::span<const KnownParam> known_;
  std::uint32_t seen_ = 0;
  At bad_ = nullptr;
};

/// `head *(SEMI param)`: see read_param_value.
template <class View, class Head>
Result<View, ParseError> read_known(InMessage from, const char*& end, Head head, std::span<const KnownParam> known) {
  ParamCheck check(known);
  auto out = read_param_value<View>(from, end, head,
                                    [&](std::string_view name, std::string_view value) { return check(name, value); });
  if (!out) return out;
  Scan s;
  if (check.finish(end, s) == nullptr) return unread(from, s);
  return out;
}

enum class Brackets : std::uint8_t { optional, required, no_name };

/// name-addr or addr-spec with parameters; with Brackets::no_name `LAQUOT uri RAQUOT`, and nothing in front.
template <class View>
Result<View, ParseError> read_address(InMessage from, const char*& end, Brackets brackets,
                                      std::span<const KnownParam> known) {
  Scan s;
  NameAddrParts parts;
  if (brackets == Brackets::no_name && *from.at != '<')
    end = s.fail(parse_errc::bad_name_addr, from.at);
  else
    end = name_addr(from.at, parts, s, brackets != Brackets::optional);
  if (end == nullptr) return unread(from, s);
  const View out(from.at, parts);
  ParamCheck check(known);
  for (const auto& param : out.params())
    if (!check(param.name, param.value))
      return peal::fail(parse_errc::repeated_parameter, distance(from.at, param.name.data()));
  if (check.finish(end, s) == nullptr) return unread(from, s);
  return out;
}

}  // namespace peal::inline v0::grammar
