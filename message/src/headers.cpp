#include "header_check.hpp"
#include "header_table.hpp"
#include "list.hpp"

namespace peal::inline v0::header {

constinit const std::array<Row, detail::row_count> table = detail::rows;

HeaderId find(std::string_view name) noexcept { return static_cast<HeaderId>(detail::find_id(name)); }

namespace detail {

namespace {

template <class T>
Result<void, ParseError> check_one(const Header<T>& h, std::string_view text) {
  if constexpr (std::is_same_v<T, Auth>) {  // a line may hold several challenges
    for (std::size_t at = 0; at < text.size();) {
      const auto end = challenge_end(text, at);
      const auto element = ascii::trim(text.substr(at, end - at));
      if (auto value = parse_header_value<T>(element); !value)
        return fail(value.error().code,
                    static_cast<std::uint32_t>(element.data() - text.data()) + value.error().offset);
      at = end + 1;
    }
    return {};
  } else if (!is_list(h.occurs)) {
    if (stray_star<T>(h.id, text, text)) return fail(parse_errc::bad_name_addr, 0);
    if (auto value = parse_header_value<T>(text); !value) return fail(value.error());
    return {};
  }
  if (text.empty() && h.occurs == Occurs::list) return fail(parse_errc::empty, 0);
  ListCursor cursor{text};
  while (const auto element = cursor.next()) {
    const auto at = static_cast<std::uint32_t>(element->data() - text.data());
    if (stray_star<T>(h.id, text, *element)) return fail(parse_errc::bad_name_addr, at);
    if (auto value = parse_header_value<T>(*element); !value)
      return fail(value.error().code, at + value.error().offset);
  }
  return {};
}

}  // namespace

Result<void, ParseError> check(HeaderId id, std::string_view text) {
  Result<void, ParseError> out;
  with(id, [&](const auto& h) { out = check_one(h, text); });
  return out;
}

}  // namespace detail

Result<void, ParseError> check(HeaderId id, std::string_view text) { return detail::check(id, text); }

}  // namespace peal::inline v0::header
