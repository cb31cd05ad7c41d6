#pragma once

#include <string>
#include <string_view>

namespace peal::inline v0::sim {

/// The branch of the topmost Via; empty: none.
std::string branch_of(std::string_view message);
/// What a response answers.
std::string method_in_cseq(std::string_view message);

}  // namespace peal::inline v0::sim
