#include "registry_find.hpp"

#include <peal/message/registry/methods.hpp>

namespace peal::inline v0 {

static_assert(registry::is_sorted(registry::methods));

std::span<const MethodInfo> method_table() noexcept { return registry::methods; }

const MethodInfo* find_method(std::string_view name) noexcept { return registry::find(registry::methods, name); }

}  // namespace peal::inline v0
