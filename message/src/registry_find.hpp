#pragma once

#include "ascii.hpp"

#include <algorithm>
#include <string_view>

namespace peal::inline v0::registry {

constexpr bool is_before(std::string_view a, std::string_view b) noexcept {
  return std::ranges::lexicographical_compare(a, b, [](char x, char y) { return ascii::lower(x) < ascii::lower(y); });
}

/// Names ascending without regard to letter case, none twice.
template <class Table>
constexpr bool is_sorted(const Table& table) noexcept {
  return std::ranges::adjacent_find(table, [](const auto& a, const auto& b) { return !is_before(a.name, b.name); }) ==
         table.end();
}

/// The row of that name in any letter case, or nullptr.
template <class Table>
constexpr auto find(const Table& table, std::string_view name) noexcept {
  const auto row = std::ranges::lower_bound(table, name, is_before, [](const auto& r) { return r.name; });
  return row != table.end() && ascii::equal(row->name, name) ? &*row : nullptr;
}

}  // namespace peal::inline v0::registry
