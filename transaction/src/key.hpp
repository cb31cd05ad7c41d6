#pragma once

#include <peal/message/message.hpp>
#include <peal/transport/flow.hpp>
#include <peal/transport/random_source.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace peal::inline v0::transaction {

/// What identifies a transaction but for its method: a 128-bit SipHash, under a key that the process drew, of the
/// fields that RFC 3261 §17.1.3 or §17.2.3 name. Nobody without that key can find two field sets of one digest, so the
/// digest stands for the fields: 16 bytes kept instead of some 70, and no chain in a table that a sender could choose.
struct Key {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  friend bool operator==(const Key&, const Key&) noexcept = default;
};

/// A method as matching needs it. INVITE and CANCEL have their own numbers, every other a keyed hash.
enum class MethodId : std::uint32_t { invite = 1, cancel = 2 };

/// SipHash-2-4 with a 128-bit result (Aumasson, Bernstein) over whole words; a field is hashed with its length.
class SipHash {
 public:
  explicit SipHash(const std::array<std::uint64_t, 2>& key) noexcept;
  void word(std::uint64_t m) noexcept;
  void bytes(std::string_view field) noexcept;
  /// The same without case: bit 5 of every byte set, which on the letters of tokens and host names merges nothing else.
  void caseless(std::string_view field) noexcept;
  [[nodiscard]] Key digest() noexcept;

 private:
  void round() noexcept;
  void fields(std::string_view field, std::uint64_t mask) noexcept;
  std::uint64_t v0_, v1_, v2_, v3_;
};

/// Makes keys.
class KeyMaker {
 public:
  explicit KeyMaker(transport::RandomSource& random);

  /// Of a client transaction: the branch that we made (§17.1.3).
  [[nodiscard]] Key client(std::string_view branch) const noexcept;
  /// Of the server transaction that a request belongs to (§17.2.3): branch and sent-by when the branch has the magic
  /// cookie and something behind it, otherwise the fields of RFC 2543 with `to_tag` as the To tag.
  [[nodiscard]] Key server(const Request& request, std::string_view to_tag) const noexcept;
  [[nodiscard]] Key server(const Request& request) const noexcept { return server(request, request.to_tag()); }
  [[nodiscard]] MethodId method(const Method& method) const noexcept;
  /// Of the address that a request came from; of an IPv6 one its /64 net alone, since a host has all of that.
  [[nodiscard]] std::uint32_t source(const transport::IpAddress& address) const noexcept;
  /// Of the protocol and address of a peer.
  [[nodiscard]] std::uint32_t peer(const transport::Flow& flow) const noexcept;
  /// A To tag that follows from the key and the transaction's serial number, so that it need not be kept. Stateless
  /// answers have number 0: each copy of a request gets the same tag.
  [[nodiscard]] std::string tag(const Key& key, std::uint32_t serial = 0) const;

 private:
  std::array<std::uint64_t, 2> secret_{};
};

/// Does the top Via follow RFC 3261 (§8.1.1.7)? The bare cookie does not.
[[nodiscard]] bool has_rfc3261_branch(const ViaView& via) noexcept;

}  // namespace peal::inline v0::transaction
