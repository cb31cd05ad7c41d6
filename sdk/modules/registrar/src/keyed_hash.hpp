#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace peal::inline v0::registrar {

/// SipHash-2-4 with a key of the process: what nobody outside can foresee or make.
class KeyedHash {
 public:
  KeyedHash(std::uint64_t key0, std::uint64_t key1) noexcept : key_{key0, key1} {}
  [[nodiscard]] std::uint64_t of(std::string_view bytes) const noexcept;
  /// Of several parts, unmistakably: ("a", "bc") differs from ("ab", "c"). 16 hex digits.
  [[nodiscard]] std::string of_parts(std::initializer_list<std::string_view> parts) const;

 private:
  std::array<std::uint64_t, 2> key_;
};

}  // namespace peal::inline v0::registrar
