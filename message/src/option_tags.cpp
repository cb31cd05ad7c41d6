#include "registry_find.hpp"

#include <peal/message/registry/option_tags.hpp>

namespace peal::inline v0 {

static_assert(registry::is_sorted(registry::option_tags));

std::span<const OptionTagInfo> option_tag_table() noexcept { return registry::option_tags; }

const OptionTagInfo* find_option_tag(std::string_view name) noexcept {
  return registry::find(registry::option_tags, name);
}

}  // namespace peal::inline v0
