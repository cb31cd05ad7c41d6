#include <peal/version.hpp>

namespace peal::inline v0 {

const char* version() noexcept { return "0.1.0"; }

namespace detail {
const int abi_0_1 = 1;
}  // namespace detail

}  // namespace peal::inline v0
