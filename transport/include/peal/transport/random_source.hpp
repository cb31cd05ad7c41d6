#pragma once

#include <peal/message/export.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace peal::inline v0::transport {

/// The only source of chance in the stack: a CSPRNG in production, a seeded generator in tests.
class PEAL_API RandomSource {
 public:
  virtual ~RandomSource() = default;
  virtual void fill(std::span<std::byte> out) = 0;

  std::uint64_t next();
  /// Uniform in [0, bound), bound > 0.
  std::uint64_t below(std::uint64_t bound);
  /// `size` characters of a 32-letter alphabet that is legal in tags, branches and Call-IDs: 5 bits each.
  void append_token(std::string& out, std::size_t size);
  std::string token(std::size_t size);
};

}  // namespace peal::inline v0::transport
