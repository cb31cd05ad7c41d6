#include <peal/message/registry/methods.hpp>

#include <algorithm>

namespace peal::inline v0 {

namespace {

constexpr char to_upper(char c) noexcept { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

}  // namespace

std::span<const MethodInfo> method_table() noexcept { return registry::methods; }

const MethodInfo* find_method(std::string_view name) noexcept {
  const auto row = std::ranges::find_if(
      registry::methods, [&](const MethodInfo& info) { return std::ranges::equal(info.name, name, {}, {}, to_upper); });
  return row != registry::methods.end() ? &*row : nullptr;
}

}  // namespace peal::inline v0
