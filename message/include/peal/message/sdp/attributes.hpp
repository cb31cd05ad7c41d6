#pragma once

#include <peal/message/export.hpp>
#include <peal/message/result.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

/// The values of `a=` lines. All are views: valid while the description they were read from stays unchanged.
/// Each has `name` (of the attribute), `parse` (liberal in blanks) and `append_to`, which is all that
/// `Section::get`, `all`, `set` and `add` ask of a type: write your own for an attribute that is not here.
namespace peal::inline v0::sdp {

/// Words between blanks: the formats of a media line, the identifiers of a group. Allocates nothing.
class Words {
 public:
  class iterator {
   public:
    using value_type = std::string_view;
    using difference_type = std::ptrdiff_t;
    using reference = std::string_view;
    using pointer = const std::string_view*;
    using iterator_category = std::forward_iterator_tag;
    iterator() = default;
    explicit iterator(std::string_view rest) noexcept : rest_(rest) { ++*this; }
    std::string_view operator*() const noexcept { return word_; }
    PEAL_API iterator& operator++() noexcept;
    iterator operator++(int) noexcept {
      auto old = *this;
      ++*this;
      return old;
    }
    friend bool operator==(const iterator& a, const iterator& b) noexcept { return a.word_.data() == b.word_.data(); }

   private:
    std::string_view word_, rest_;
  };

  using value_type = std::string_view;
  using const_iterator = iterator;
  using const_reference = std::string_view;

  constexpr Words() noexcept = default;
  constexpr explicit Words(std::string_view text) noexcept : text_(text) {}
  [[nodiscard]] iterator begin() const noexcept { return iterator(text_); }
  [[nodiscard]] iterator end() const noexcept { return {}; }
  [[nodiscard]] bool empty() const noexcept { return begin() == end(); }
  [[nodiscard]] PEAL_API std::size_t size() const noexcept;
  [[nodiscard]] PEAL_API bool contains(std::string_view word) const noexcept;
  [[nodiscard]] std::string_view front() const noexcept { return *begin(); }
  [[nodiscard]] constexpr std::string_view text() const noexcept { return text_; }

 private:
  std::string_view text_;
};

/// RFC 8866 §6.7.
enum class Direction : std::uint8_t { sendrecv, sendonly, recvonly, inactive };
PEAL_API std::string_view to_string(Direction direction) noexcept;
PEAL_API std::optional<Direction> to_direction(std::string_view text) noexcept;
constexpr bool sends(Direction d) noexcept { return d == Direction::sendrecv || d == Direction::sendonly; }
constexpr bool receives(Direction d) noexcept { return d == Direction::sendrecv || d == Direction::recvonly; }
constexpr Direction direction_of(bool send, bool receive) noexcept {
  if (send) return receive ? Direction::sendrecv : Direction::sendonly;
  return receive ? Direction::recvonly : Direction::inactive;
}
/// The same stream seen from the other end.
constexpr Direction reversed(Direction d) noexcept { return direction_of(receives(d), sends(d)); }

/// The value of a `c=` line (RFC 8866 §5.7), and what `a=rtcp` holds behind its port.
struct Connection {
  std::string_view network = "IN";
  std::string_view address_type = "IP4";
  std::string_view address;        ///< without TTL, count and brackets
  std::string_view ttl_and_count;  ///< what stands behind the first '/', empty for unicast

  PEAL_API static Result<Connection, ParseError> parse(std::string_view text);
  /// IN with IP6 when `address` holds a colon, else IP4. A zone (`%eth0`) means nothing to the peer and is cut off.
  PEAL_API static Connection of(std::string_view address) noexcept;
  PEAL_API void append_to(std::string& out) const;
  /// 0.0.0.0, or ::, which is how RFC 2543 peers put one on hold (RFC 3264 §8.4, RFC 6337 §5.4).
  [[nodiscard]] PEAL_API bool is_unspecified() const noexcept;
  [[nodiscard]] PEAL_API bool is_multicast() const noexcept;
  friend bool operator==(const Connection&, const Connection&) = default;
};

/// `a=rtpmap:0 PCMU/8000` (RFC 8866 §6.6).
struct Rtpmap {
  static constexpr std::string_view name = "rtpmap";
  std::uint8_t payload_type = 0;
  std::string_view encoding;
  std::uint32_t clock_rate = 0;  ///< 0 when the peer left it out, which RFC 8866 does not allow
  std::uint32_t channels = 1;

  PEAL_API static Result<Rtpmap, ParseError> parse(std::string_view text);
  PEAL_API void append_to(std::string& out) const;
};

/// `a=fmtp:101 0-16` (RFC 8866 §6.15).
struct Fmtp {
  static constexpr std::string_view name = "fmtp";
  std::string_view format;
  std::string_view parameters;

  PEAL_API static Result<Fmtp, ParseError> parse(std::string_view text);
  PEAL_API void append_to(std::string& out) const;
};

/// `a=ptime:20`, in thousandths of its unit because the grammar allows fractions (RFC 8866 §6.4).
/// Zero and more than a minute are refused.
struct Ptime {
  static constexpr std::string_view name = "ptime";
  std::chrono::microseconds value{};
  PEAL_API static Result<Ptime, ParseError> parse(std::string_view text);
  PEAL_API void append_to(std::string& out) const;
};
/// `a=maxptime:40` (RFC 8866 §6.5).
struct MaxPtime : Ptime {
  static constexpr std::string_view name = "maxptime";
  PEAL_API static Result<MaxPtime, ParseError> parse(std::string_view text);
};

/// `a=rtcp:53020` or `a=rtcp:53020 IN IP6 2001:db8::1` (RFC 3605 §2.1).
struct Rtcp {
  static constexpr std::string_view name = "rtcp";
  std::uint16_t port = 0;
  std::optional<Connection> connection;
  PEAL_API static Result<Rtcp, ParseError> parse(std::string_view text);
  PEAL_API void append_to(std::string& out) const;
};

/// `a=group:BUNDLE a v` (RFC 5888 §5).
struct Group {
  static constexpr std::string_view name = "group";
  std::string_view semantics;
  Words mids;
  PEAL_API static Result<Group, ParseError> parse(std::string_view text);
  PEAL_API void append_to(std::string& out) const;
};

/// `a=ssrc:1234 cname:x@y` (RFC 5576 §4.1).
struct Ssrc {
  static constexpr std::string_view name = "ssrc";
  std::uint32_t id = 0;
  std::string_view attribute;
  std::string_view value;
  PEAL_API static Result<Ssrc, ParseError> parse(std::string_view text);
  PEAL_API void append_to(std::string& out) const;
};

/// `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:…` (RFC 4568 §4). A secret: keep it out of logs.
struct Crypto {
  static constexpr std::string_view name = "crypto";
  std::uint32_t tag = 0;
  std::string_view suite;
  std::string_view key_params;
  std::string_view session_params;
  PEAL_API static Result<Crypto, ParseError> parse(std::string_view text);
  PEAL_API void append_to(std::string& out) const;
};

/// `a=fingerprint:sha-256 4A:AD:…` (RFC 8122 §5): pairs of hex digits with colons between; either case is read.
struct Fingerprint {
  static constexpr std::string_view name = "fingerprint";
  std::string_view hash;
  std::string_view value;
  PEAL_API static Result<Fingerprint, ParseError> parse(std::string_view text);
  PEAL_API void append_to(std::string& out) const;
};

/// `a=setup:actpass` (RFC 4145 §4).
struct Setup {
  static constexpr std::string_view name = "setup";
  enum class Role : std::uint8_t { active, passive, actpass, holdconn };
  Role role = Role::actpass;
  PEAL_API static Result<Setup, ParseError> parse(std::string_view text);
  PEAL_API void append_to(std::string& out) const;
};

/// `a=candidate:1 1 UDP 2130706431 10.0.1.1 8998 typ host` (RFC 8839 §5.1).
struct Candidate {
  static constexpr std::string_view name = "candidate";
  std::string_view foundation;
  std::uint16_t component = 1;
  std::string_view transport;
  std::uint32_t priority = 0;
  std::string_view address;
  std::uint16_t port = 0;
  std::string_view type;
  std::string_view related_address;  ///< empty when there is none
  std::optional<std::uint16_t> related_port;
  std::string_view extensions;  ///< what stands behind, as it stands
  PEAL_API static Result<Candidate, ParseError> parse(std::string_view text);
  PEAL_API void append_to(std::string& out) const;
};

/// The name of a TextAttribute.
template <std::size_t N>
struct AttributeName {
  char text[N]{};
  constexpr AttributeName(const char (&literal)[N]) noexcept {  // NOLINT: meant to convert
    for (std::size_t i = 0; i < N; ++i) text[i] = literal[i];
  }
};

/// An attribute whose value is one piece of text.
template <AttributeName Name>
struct TextAttribute {
  static constexpr std::string_view name{Name.text, sizeof(Name.text) - 1};
  std::string_view value;
  static Result<TextAttribute, ParseError> parse(std::string_view text) {
    const auto words = Words(text);
    if (words.empty()) return fail(parse_errc::empty, 0);
    const auto start = static_cast<std::size_t>(words.front().data() - text.data());
    const auto last = text.find_last_not_of(" \t");
    return TextAttribute{text.substr(start, last + 1 - start)};
  }
  void append_to(std::string& out) const { out += value; }
};
using Mid = TextAttribute<"mid">;             ///< RFC 5888 §4
using IceUfrag = TextAttribute<"ice-ufrag">;  ///< RFC 8839 §5.4
using IcePwd = TextAttribute<"ice-pwd">;      ///< RFC 8839 §5.4. A secret
using Label = TextAttribute<"label">;         ///< RFC 4574

/// `a=ice-options:trickle ice2` (RFC 8839 §5.6).
struct IceOptions {
  static constexpr std::string_view name = "ice-options";
  Words tags;
  PEAL_API static Result<IceOptions, ParseError> parse(std::string_view text);
  PEAL_API void append_to(std::string& out) const;
};

/// An attribute that says all by standing there: `a=rtcp-mux`. One with a value is none.
template <AttributeName Name>
struct FlagAttribute {
  static constexpr std::string_view name{Name.text, sizeof(Name.text) - 1};
  static Result<FlagAttribute, ParseError> parse(std::string_view text) {
    if (!Words(text).empty()) return fail(parse_errc::trailing_bytes, 0);
    return FlagAttribute{};
  }
  void append_to(std::string&) const {}
};
using RtcpMux = FlagAttribute<"rtcp-mux">;                   ///< RFC 5761 §5.1.1
using RtcpMuxOnly = FlagAttribute<"rtcp-mux-only">;          ///< RFC 8858 §4
using RtcpRsize = FlagAttribute<"rtcp-rsize">;               ///< RFC 5506 §5
using IceLite = FlagAttribute<"ice-lite">;                   ///< RFC 8839 §5.3
using IceMismatch = FlagAttribute<"ice-mismatch">;           ///< RFC 8839 §5.3
using EndOfCandidates = FlagAttribute<"end-of-candidates">;  ///< RFC 8840 §8.2

}  // namespace peal::inline v0::sdp
