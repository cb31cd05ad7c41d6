#include "source_address.hpp"

#include <compare>
#include <cstdint>

namespace peal::inline v0::sim {

namespace {

using transport::IpAddress;

enum Scope : int { loopback_scope, link_scope, private_scope, global_scope };

Scope scope_of(const IpAddress& address) noexcept {
  const auto& b = address.bytes();
  if (address.is_loopback()) return loopback_scope;
  if (address.is_v6()) return b[0] == 0xfe && (b[1] & 0xc0U) == 0x80 ? link_scope : global_scope;  // fe80::/10
  if (b[0] == 169 && b[1] == 254) return link_scope;                                               // RFC 3927
  const bool of_rfc_1918 = b[0] == 10 || (b[0] == 172 && (b[1] & 0xf0U) == 16) || (b[0] == 192 && b[1] == 168);
  return of_rfc_1918 ? private_scope : global_scope;
}

/// RFC 6724 §2.1, the rows that differ for unicast.
int label_of(const IpAddress& address) noexcept {
  if (address.is_v4()) return 4;
  const auto& b = address.bytes();
  if (b[0] == 0x20 && b[1] == 0x02) return 2;                            // 6to4
  if (b[0] == 0x20 && b[1] == 0x01 && b[2] == 0 && b[3] == 0) return 5;  // Teredo
  if ((b[0] & 0xfeU) == 0xfc) return 13;                                 // unique local
  return 1;
}

int common_bits(const IpAddress& a, const IpAddress& b) noexcept {
  int bits = 0;
  for (std::size_t i = 0; i < a.bytes().size(); ++i) {
    const auto difference = static_cast<unsigned>(a.bytes()[i] ^ b.bytes()[i]);
    for (unsigned bit = 0x80; bit != 0; bit >>= 1U, ++bits) {
      if ((difference & bit) != 0) return bits;
    }
  }
  return bits;
}

/// Is `a` the better source for `peer`?
bool better(const IpAddress& a, const IpAddress& b, const IpAddress& peer) noexcept {
  if ((a == peer) != (b == peer)) return a == peer;
  const auto scope_a = scope_of(a);
  const auto scope_b = scope_of(b);
  if (scope_a != scope_b) {  // rule 2: the smaller one if it reaches as far as the peer, otherwise the larger
    const auto needed = scope_of(peer);
    return scope_a < scope_b ? scope_a >= needed : scope_b < needed;
  }
  const bool like_a = label_of(a) == label_of(peer);
  const bool like_b = label_of(b) == label_of(peer);
  if (like_a != like_b) return like_a;
  return common_bits(a, peer) > common_bits(b, peer);
}

}  // namespace

const IpAddress* source_for(std::span<const IpAddress> own, const IpAddress& peer) {
  const IpAddress* best = nullptr;
  for (const auto& address : own) {
    if (address.is_v4() != peer.is_v4()) continue;
    if (best == nullptr || better(address, *best, peer)) best = &address;
  }
  return best;
}

}  // namespace peal::inline v0::sim
