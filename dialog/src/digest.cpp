#include "digest.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <memory>

namespace peal::inline v0::dialog {
namespace {

constexpr char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (lower(a[i]) != lower(b[i])) return false;
  return true;
}

struct Row {
  std::string_view name;
  Algorithm algorithm;
};
constexpr std::array<Row, 6> algorithms{{
    {"MD5", {Hash::md5, false}},
    {"MD5-sess", {Hash::md5, true}},
    {"SHA-256", {Hash::sha_256, false}},
    {"SHA-256-sess", {Hash::sha_256, true}},
    {"SHA-512-256", {Hash::sha_512_256, false}},
    {"SHA-512-256-sess", {Hash::sha_512_256, true}},
}};

/// Looked up once: a fetch costs more than a short hash.
const EVP_MD* md_of(Hash hash) noexcept {
  static const std::array<const EVP_MD*, 3> fetched{EVP_MD_fetch(nullptr, "MD5", nullptr),
                                                    EVP_MD_fetch(nullptr, "SHA256", nullptr),
                                                    EVP_MD_fetch(nullptr, "SHA512-256", nullptr)};
  return fetched[static_cast<std::size_t>(hash)];
}

std::string to_hex(const unsigned char* bytes, std::size_t size) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(2 * size);
  for (std::size_t i = 0; i < size; ++i) {
    out += digits[bytes[i] >> 4];
    out += digits[bytes[i] & 15];
  }
  return out;
}

struct ContextDeleter {
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

}  // namespace

std::optional<Algorithm> parse_algorithm(std::string_view token) noexcept {
  if (token.empty()) return Algorithm{};
  for (const auto& row : algorithms)
    if (same(row.name, token)) return row.algorithm;
  return std::nullopt;
}

std::string_view name_of(Algorithm algorithm) noexcept {
  for (const auto& row : algorithms)
    if (row.algorithm == algorithm) return row.name;
  return {};
}

Result<std::string> hash_hex(Hash hash, std::initializer_list<std::string_view> parts) {
  const EVP_MD* md = md_of(hash);
  const std::unique_ptr<EVP_MD_CTX, ContextDeleter> context(EVP_MD_CTX_new());
  if (md == nullptr || !context || EVP_DigestInit_ex(context.get(), md, nullptr) != 1) return fail(errc::unsupported);
  bool first = true;
  for (const auto part : parts) {
    if (!first && EVP_DigestUpdate(context.get(), ":", 1) != 1) return fail(errc::unsupported);
    first = false;
    if (EVP_DigestUpdate(context.get(), part.data(), part.size()) != 1) return fail(errc::unsupported);
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned size = 0;
  if (EVP_DigestFinal_ex(context.get(), out.data(), &size) != 1) return fail(errc::unsupported);
  return to_hex(out.data(), size);
}

Result<std::string> hmac_hex(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned size = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  if (HMAC(md_of(Hash::sha_256), key.data(), static_cast<int>(key.size()), bytes, text.size(), out.data(), &size) ==
      nullptr)
    return fail(errc::unsupported);
  return to_hex(out.data(), size);
}

bool equal_hex(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    difference |=
        static_cast<unsigned>(static_cast<unsigned char>(lower(a[i])) ^ static_cast<unsigned char>(lower(b[i])));
  return difference == 0;
}

Result<std::string> digest_response(const DigestInput& in) {
  std::string a1(in.ha1);
  if (in.algorithm.session) {
    auto session = hash_hex(in.algorithm.hash, {in.ha1, in.nonce, in.cnonce});
    if (!session) return session;
    a1 = std::move(*session);
  }
  Result<std::string> a2;
  if (in.qop == "auth-int") {
    auto body = hash_hex(in.algorithm.hash, {in.body});
    if (!body) return body;
    a2 = hash_hex(in.algorithm.hash, {in.method, in.uri, *body});
  } else {
    a2 = hash_hex(in.algorithm.hash, {in.method, in.uri});
  }
  if (!a2) return a2;
  if (in.qop.empty()) return hash_hex(in.algorithm.hash, {a1, in.nonce, *a2});
  return hash_hex(in.algorithm.hash, {a1, in.nonce, in.nc, in.cnonce, in.qop, *a2});
}

}  // namespace peal::inline v0::dialog
