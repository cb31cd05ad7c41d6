#pragma once

#include <peal/message/limits.hpp>
#include <peal/message/message.hpp>

#include <cstddef>
#include <memory>
#include <string_view>

namespace peal::inline v0 {

/// What a datagram turned out to be.
enum class Parsed : std::uint8_t {
  request,
  response,
  bad_request,   ///< a request that must be answered 400 (505 for bad_version, 414…): `request()` holds what could be
                 ///< read
  bad_response,  ///< to be dropped and counted; but `broken_2xx()` tells of one that a live INVITE must hear of
  keep_alive,    ///< CRLF CRLF, CRLF, or nothing but blanks (RFC 5626 §3.5.1)
  garbage,       ///< neither (no bytes at all too), or a request whose top Via, or method ACK, forbids an answer
};

/// Parses datagrams in place, with an index in memory that it keeps: no allocation once warm.
/// One Parser holds one message at a time; copy it to keep it.
class PEAL_API Parser {
 public:
  /// Bytes that must be readable (not written) behind the end of the text.
  static constexpr std::size_t padding = 64;

  /// Takes all the memory it will need: about 16 bytes for each of `limits.header_lines`, twice.
  explicit Parser(const ParseLimits& limits = {});
  ~Parser();
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  /// `data` must stay as it is until the next call; folded lines are unfolded in it.
  /// In the interop profile a message that breaks the grammar in a known way is read from a mended copy
  /// (docs/leniencies.md), which the Parser keeps until the next call.
  Parsed parse(char* data, std::size_t size);

  /// After Parsed::request or bad_request. May be edited (received, rport) until the next parse.
  [[nodiscard]] Request& request() noexcept;
  /// After Parsed::response.
  [[nodiscard]] Response& response() noexcept;
  /// Why, after a bad_ or garbage.
  [[nodiscard]] ParseError error() const noexcept;
  /// The last message was read from a mended copy: it did not keep to the grammar. Worth a counter.
  [[nodiscard]] bool mended() const noexcept;
  /// After bad_response: a 2xx to INVITE whose Call-ID, tags and CSeq could be read; in `response()`.
  [[nodiscard]] bool broken_2xx() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace peal::inline v0
