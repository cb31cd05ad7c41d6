#include "core.hpp"

#include <algorithm>

namespace peal::inline v0::dialog {
namespace {

std::string joined(const std::vector<std::string>& items) {
  std::string out;
  for (const auto& item : items) {
    if (!out.empty()) out += ", ";
    out += item;
  }
  return out;
}

void add_once(std::vector<std::string>& items, std::string_view item) {
  if (std::find(items.begin(), items.end(), item) == items.end()) items.emplace_back(item);
}

}  // namespace

/// The union of what the core does and what is installed; Allow, Supported, Accept, 405, 415 and 420 follow from it.
void Core::rebuild_capabilities() {
  methods_ = {method::invite, method::ack, method::bye, method::cancel, method::options};
  option_tags_.clear();
  body_types_ = {"application/sdp"};
  for (const auto& module : modules_) {
    const auto& capabilities = module->capabilities();
    for (const auto& traits : capabilities.methods)
      if (std::find(methods_.begin(), methods_.end(), traits.name) == methods_.end()) methods_.push_back(traits.name);
    for (const auto tag : capabilities.option_tags) add_once(option_tags_, tag);
    for (const auto type : capabilities.body_types) add_once(body_types_, type);
  }
  std::vector<std::string> names;
  for (const auto& method : methods_) names.emplace_back(method.name());
  allow_ = joined(names);
  supported_ = joined(option_tags_);
  accept_ = joined(body_types_);
}

}  // namespace peal::inline v0::dialog
