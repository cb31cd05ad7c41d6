#pragma once

#include <peal/message/error.hpp>

#include <tl/expected.hpp>

#include <system_error>
#include <utility>

namespace peal::inline v0 {

/// A value, or the reason why there is none. Has the member names of `std::expected`.
/// A default-constructed Result holds `errc::no_result`, never a value.
template <class T, class E = std::error_code>
class [[nodiscard]] Result : public tl::expected<T, E> {
  using Base = tl::expected<T, E>;

 public:
  using Base::Base;
  Result() : Base(tl::unexpect, E(errc::no_result)) {}
  Result(Base&& base) : Base(std::move(base)) {}
};

template <class E>
class [[nodiscard]] Result<void, E> : public tl::expected<void, E> {
  using Base = tl::expected<void, E>;

 public:
  using Base::Base;
  /// `return {};` in a function that returns Result<void> means: done.
  Result() = default;
  Result(Base&& base) : Base(std::move(base)) {}
};

/// `return fail(errc::ended);` in a function that returns a Result with a std::error_code.
inline tl::unexpected<std::error_code> fail(std::error_code why) { return tl::unexpected<std::error_code>(why); }
inline tl::unexpected<std::error_code> fail(errc why) { return fail(make_error_code(why)); }
inline tl::unexpected<ParseError> fail(parse_errc why, std::uint32_t offset) {
  return tl::unexpected<ParseError>(ParseError{why, offset});
}
inline tl::unexpected<ParseError> fail(ParseError why) { return tl::unexpected<ParseError>(why); }

}  // namespace peal::inline v0
