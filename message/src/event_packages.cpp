#include "registry_find.hpp"

#include <peal/message/registry/event_packages.hpp>

namespace peal::inline v0 {

static_assert(registry::is_sorted(registry::event_packages));

std::span<const EventPackageInfo> event_package_table() noexcept { return registry::event_packages; }

const EventPackageInfo* find_event_package(std::string_view name) noexcept {
  const auto dot = name.find('.');
  const auto* row = registry::find(registry::event_packages, name.substr(0, dot));
  if (dot == std::string_view::npos || row == nullptr || row->is_template) return dot == name.npos ? row : nullptr;
  for (name.remove_prefix(dot); !name.empty();) {
    name.remove_prefix(1);
    const auto part = name.substr(0, name.find('.'));
    row = registry::find(registry::event_packages, part);
    if (row == nullptr || !row->is_template) return nullptr;
    name.remove_prefix(part.size());
  }
  return row;
}

}  // namespace peal::inline v0
