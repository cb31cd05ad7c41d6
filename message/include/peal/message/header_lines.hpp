#pragma once

#include <peal/message/export.hpp>
#include <peal/message/message.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace peal::inline v0 {

namespace detail {
/// Is `line` one of that header, by id, name or compact form?
PEAL_API bool is_line_of(const HeaderField& line, std::uint8_t id, std::string_view name, char compact) noexcept;
/// The element of a line's value that starts at `at`, which then is where the next starts; nullopt behind the last.
/// `several`: a line may hold more than one, as `holds_several` says.
PEAL_API std::optional<std::string_view> next_element(std::string_view value, std::size_t& at, Occurs occurs,
                                                      bool several) noexcept;
}  // namespace detail

/// The reading half of a Message for what is none: the header lines of a body part or of a fragment of a message.
/// `Derived` has `std::size_t size() const` and `HeaderField field(std::size_t) const`.
template <class Derived>
class HeaderLines {
 public:
  /// The raw value of the first line of that header; nullopt when there is none. Finds compact forms too.
  template <class T>
  [[nodiscard]] std::optional<std::string_view> raw(const Header<T>& h) const {
    return first_line(h.id, h.name, h.compact);
  }
  [[nodiscard]] std::optional<std::string_view> raw(std::string_view name) const {
    return first_line(static_cast<std::uint8_t>(header::find(name)), name, '\0');
  }
  template <class T>
  [[nodiscard]] bool has(const Header<T>& h) const {
    return raw(h).has_value();
  }
  /// The first element, parsed. parse_errc::missing_header when absent; otherwise what its grammar says.
  template <class T>
  [[nodiscard]] Result<typename T::View, ParseError> get(const Header<T>& h) const {
    for (std::size_t i = 0; i < lines().size(); ++i) {
      const auto line = lines().field(i);
      std::size_t at = 0;
      if (!detail::is_line_of(line, h.id, h.name, h.compact)) continue;
      if (const auto element = detail::next_element(line.value, at, h.occurs, holds_several<T>(h.occurs)))
        return parse_header_value<T>(*element);
    }
    return fail(parse_errc::missing_header, 0);
  }
  /// Calls `f` with every element of every line in order, each a Result: a bad one does not hide the others.
  template <class T, class F>
  void each(const Header<T>& h, F f) const {
    for (std::size_t i = 0; i < lines().size(); ++i) {
      const auto line = lines().field(i);
      if (!detail::is_line_of(line, h.id, h.name, h.compact)) continue;
      for (std::size_t at = 0;
           const auto element = detail::next_element(line.value, at, h.occurs, holds_several<T>(h.occurs));)
        f(parse_header_value<T>(*element));
    }
  }

 private:
  friend Derived;
  HeaderLines() = default;
  [[nodiscard]] const Derived& lines() const noexcept { return static_cast<const Derived&>(*this); }
  [[nodiscard]] std::optional<std::string_view> first_line(std::uint8_t id, std::string_view name, char compact) const {
    for (std::size_t i = 0; i < lines().size(); ++i)
      if (const auto line = lines().field(i); detail::is_line_of(line, id, name, compact)) return line.value;
    return std::nullopt;
  }
};

}  // namespace peal::inline v0
