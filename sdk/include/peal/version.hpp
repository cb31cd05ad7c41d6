#pragma once

#include <peal/message/export.hpp>

#define PEAL_VERSION_MAJOR 0
#define PEAL_VERSION_MINOR 1
#define PEAL_VERSION_PATCH 0

namespace peal::inline v0 {

/// "0.1.0".
PEAL_API const char* version() noexcept;

namespace detail {
/// One symbol that names the ABI: an application that was compiled against other headers does not link.
PEAL_API extern const int abi_0_1;
inline const int* const abi_check = &abi_0_1;
}  // namespace detail

}  // namespace peal::inline v0
