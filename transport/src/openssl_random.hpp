#pragma once

#include <peal/transport/random_source.hpp>

#include <array>
#include <cstddef>

namespace peal::inline v0::transport {

/// OpenSSL's CSPRNG, drawn in larger pieces: a draw of 8 bytes costs a copy, not a call into the library.
class OpensslRandom final : public RandomSource {
 public:
  OpensslRandom() = default;
  ~OpensslRandom() override;
  OpensslRandom(const OpensslRandom&) = delete;
  OpensslRandom& operator=(const OpensslRandom&) = delete;
  void fill(std::span<std::byte> out) override;

 private:
  void refill();
  std::array<std::byte, 1024> buffer_{};
  std::size_t used_ = buffer_.size();
};

}  // namespace peal::inline v0::transport
