#pragma once

#include <peal/message/param_value.hpp>

#include <string>
#include <string_view>

namespace peal::inline v0 {

namespace detail {
/// `text` with the parameter set or replaced; `params` is a view into it. An empty value makes a flag. bad_parameter
/// for a name that is no token and a value that is no token, host or quoted string.
PEAL_API Result<std::string, ParseError> with_param(std::string_view text, const ParamsView& params,
                                                    std::string_view name, std::string_view value);
/// `text` without the parameters of that name.
PEAL_API std::string without_param(std::string_view text, const ParamsView& params, std::string_view name);
/// A quoted-string of any text; bad_byte and its offset for CR, LF and NUL.
PEAL_API Result<std::string, ParseError> quoted(std::string_view text);
/// The text itself when it is a token, otherwise as `quoted` has it.
PEAL_API Result<std::string, ParseError> token_or_quoted(std::string_view text);
}  // namespace detail

/// A header value with parameters that owns its text, read through the view `V`; always valid, or empty. Each edit is
/// checked by V's grammar and changes nothing when refused. `Self` is the class that derives from it.
template <class V, class Self>
class OwnedParams : public Owned<V> {
 public:
  OwnedParams() = default;
  explicit OwnedParams(const V& view) : Owned<V>(view) {}
  static Result<Self, ParseError> parse(std::string_view text) {
    auto view = V::parse(text);
    if (!view) return fail(view.error());
    return Self(*view);
  }
  [[nodiscard]] ParamsView params() const { return this->view().params(); }
  /// Sets or replaces a parameter; the value stands as given (a token, a host, a quoted string), empty for a flag.
  Result<void, ParseError> set_param(std::string_view name, std::string_view value = {}) {
    auto text = detail::with_param(this->text(), params(), name, value);
    if (!text) return fail(text.error());
    return take(*text);
  }
  /// The same with any text as a quoted string; bad_byte for CR, LF and NUL.
  Result<void, ParseError> set_quoted(std::string_view name, std::string_view text) {
    auto value = detail::quoted(text);
    if (!value) return fail(value.error());
    return set_param(name, *value);
  }
  /// A parameter that the header must have stays, and why is the answer.
  Result<void, ParseError> remove_param(std::string_view name) {
    return take(detail::without_param(this->text(), params(), name));
  }

 private:
  Result<void, ParseError> take(const std::string& text) {
    auto changed = V::parse(text);
    if (!changed) return fail(changed.error());
    static_cast<Owned<V>&>(*this) = Owned<V>(*changed);
    return {};
  }
};

}  // namespace peal::inline v0
