#include "openssl_random.hpp"

#include <algorithm>
#include <random>

#include <openssl/crypto.h>
#include <openssl/rand.h>

namespace peal::inline v0::transport {

OpensslRandom::~OpensslRandom() { OPENSSL_cleanse(buffer_.data(), buffer_.size()); }

void OpensslRandom::fill(std::span<std::byte> out) {
  while (!out.empty()) {
    if (used_ == buffer_.size()) refill();
    const std::size_t n = std::min(out.size(), buffer_.size() - used_);
    std::copy_n(buffer_.begin() + static_cast<std::ptrdiff_t>(used_), n, out.begin());
    // What was given out is not kept: a token must not be found again in a core dump of ours.
    OPENSSL_cleanse(buffer_.data() + used_, n);
    used_ += n;
    out = out.subspan(n);
  }
}

void OpensslRandom::refill() {
  used_ = 0;
  if (RAND_bytes(reinterpret_cast<unsigned char*>(buffer_.data()), static_cast<int>(buffer_.size())) == 1) return;
  // OpenSSL could not seed itself: the system's source directly.
  std::random_device device;
  std::ranges::generate(buffer_, [&] { return static_cast<std::byte>(device() & 0xff); });
}

}  // namespace peal::inline v0::transport
