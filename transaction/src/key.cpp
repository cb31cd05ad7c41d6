#include "key.hpp"

#include <bit>
#include <cstddef>
#include <cstring>
#include <span>

namespace peal::inline v0::transaction {

namespace {

constexpr std::string_view magic_cookie = "z9hG4bK";
constexpr std::uint64_t case_bits = 0x2020202020202020;

// What a digest is of: the kinds never meet.
enum Domain : std::uint64_t {
  client_branch = 1,
  server_branch = 2,
  server_rfc2543 = 3,
  method_name = 4,
  to_tag_of = 5,
  peer_address = 6,
  source_address = 7
};

}  // namespace

SipHash::SipHash(const std::array<std::uint64_t, 2>& key) noexcept
    : v0_(0x736f6d6570736575 ^ key[0]),
      v1_(0x646f72616e646f6d ^ key[1] ^ 0xee),  // 0xee: the 128-bit variant
      v2_(0x6c7967656e657261 ^ key[0]),
      v3_(0x7465646279746573 ^ key[1]) {}

void SipHash::round() noexcept {
  v0_ += v1_, v1_ = std::rotl(v1_, 13), v1_ ^= v0_, v0_ = std::rotl(v0_, 32);
  v2_ += v3_, v3_ = std::rotl(v3_, 16), v3_ ^= v2_;
  v0_ += v3_, v3_ = std::rotl(v3_, 21), v3_ ^= v0_;
  v2_ += v1_, v1_ = std::rotl(v1_, 17), v1_ ^= v2_, v2_ = std::rotl(v2_, 32);
}

void SipHash::word(std::uint64_t m) noexcept {
  v3_ ^= m;
  round();
  round();
  v0_ ^= m;
}

void SipHash::fields(std::string_view field, std::uint64_t mask) noexcept {
  word(field.size());
  const char* at = field.data();
  std::size_t left = field.size();
  for (; left >= 8; at += 8, left -= 8) {
    std::uint64_t m;
    std::memcpy(&m, at, 8);
    word(m | mask);
  }
  if (left == 0) return;
  std::uint64_t m = 0;
  std::memcpy(&m, at, left);
  word(m | mask);
}

void SipHash::bytes(std::string_view field) noexcept { fields(field, 0); }
void SipHash::caseless(std::string_view field) noexcept { fields(field, case_bits); }

Key SipHash::digest() noexcept {
  v2_ ^= 0xee;
  for (int i = 0; i < 4; ++i) round();
  Key key;
  key.low = v0_ ^ v1_ ^ v2_ ^ v3_;
  v1_ ^= 0xdd;
  for (int i = 0; i < 4; ++i) round();
  key.high = v0_ ^ v1_ ^ v2_ ^ v3_;
  return key;
}

KeyMaker::KeyMaker(transport::RandomSource& random) { random.fill(std::as_writable_bytes(std::span(secret_))); }

Key KeyMaker::client(std::string_view branch) const noexcept {
  SipHash hash(secret_);
  hash.word(client_branch);
  hash.caseless(branch);
  return hash.digest();
}

Key KeyMaker::server(const Request& request, std::string_view to_tag) const noexcept {
  const ViaView via = request.top_via();
  SipHash hash(secret_);
  if (has_rfc3261_branch(via)) {
    hash.word(server_branch);
    hash.caseless(via.branch());
    hash.caseless(via.host());
    hash.word(via.port());
    return hash.digest();
  }
  hash.word(server_rfc2543);
  hash.bytes(request.uri().text());
  hash.caseless(to_tag);
  hash.caseless(request.from_tag());
  hash.bytes(request.call_id());
  hash.word(request.cseq().number);
  hash.caseless(via.text());
  return hash.digest();
}

MethodId KeyMaker::method(const Method& m) const noexcept {
  if (m == method::invite) return MethodId::invite;
  if (m == method::cancel) return MethodId::cancel;
  SipHash hash(secret_);
  hash.word(method_name);
  hash.bytes(m.name());
  return static_cast<MethodId>(static_cast<std::uint32_t>(hash.digest().low) | 4U);
}

std::uint32_t KeyMaker::source(const transport::IpAddress& address) const noexcept {
  SipHash hash(secret_);
  hash.word(source_address);
  const auto& bytes = address.bytes();
  hash.bytes({reinterpret_cast<const char*>(bytes.data()), address.is_v6() ? std::size_t{8} : bytes.size()});
  return static_cast<std::uint32_t>(hash.digest().low);
}

std::uint32_t KeyMaker::peer(const transport::Flow& flow) const noexcept {
  SipHash hash(secret_);
  hash.word(peer_address);
  hash.word(static_cast<std::uint64_t>(flow.protocol) << 16U | flow.peer.port);
  const auto& address = flow.peer.address.bytes();
  hash.bytes({reinterpret_cast<const char*>(address.data()), address.size()});
  return static_cast<std::uint32_t>(hash.digest().low);
}

std::string KeyMaker::tag(const Key& key, std::uint32_t serial) const {
  SipHash hash(secret_);
  hash.word(to_tag_of);
  hash.word(key.low);
  hash.word(key.high);
  hash.word(serial);
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz234567";
  std::uint64_t bits = hash.digest().low;
  std::string tag(12, 'a');
  for (char& c : tag) c = letters[bits & 31U], bits >>= 5U;
  return tag;
}

bool has_rfc3261_branch(const ViaView& via) noexcept {
  return via.branch().size() > magic_cookie.size() && via.has_magic_cookie();
}

}  // namespace peal::inline v0::transaction
