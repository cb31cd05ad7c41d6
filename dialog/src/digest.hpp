#pragma once

#include <peal/message/result.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace peal::inline v0::dialog {

/// The hashes that digest authentication knows (RFC 8760 §2.1).
enum class Hash : std::uint8_t { md5, sha_256, sha_512_256 };

/// An `algorithm` parameter: a hash, and whether A1 is of the `-sess` form (RFC 7616 §3.4.2).
struct Algorithm {
  Hash hash = Hash::md5;
  bool session = false;
  friend constexpr bool operator==(const Algorithm&, const Algorithm&) noexcept = default;
};

/// Without case; nullopt for one that we do not know. An absent parameter is MD5 (RFC 7616 §3.3).
std::optional<Algorithm> parse_algorithm(std::string_view token) noexcept;
std::string_view name_of(Algorithm algorithm) noexcept;

/// Lower-case hex of the hash over the parts joined by ':'. The error of the crypto library when it refuses the hash
/// (FIPS and MD5).
Result<std::string> hash_hex(Hash hash, std::initializer_list<std::string_view> parts);
/// Lower-case hex of HMAC-SHA-256.
Result<std::string> hmac_hex(std::string_view key, std::string_view text);
/// Takes the same time wherever the difference is; letter case of hex digits does not count.
bool equal_hex(std::string_view a, std::string_view b) noexcept;

/// What one answer to a challenge is computed from (RFC 7616 §3.4). Values without quotes.
struct DigestInput {
  Algorithm algorithm;
  std::string_view ha1;  ///< H(user:realm:password), hex
  std::string_view method;
  std::string_view uri;  ///< as the `uri` parameter says it
  std::string_view nonce;
  std::string_view qop;     ///< "auth", "auth-int" or empty (RFC 2069)
  std::string_view nc;      ///< eight hex digits, with a qop
  std::string_view cnonce;  ///< with a qop or a -sess algorithm
  std::string_view body;    ///< for auth-int
};

Result<std::string> digest_response(const DigestInput& input);

}  // namespace peal::inline v0::dialog
