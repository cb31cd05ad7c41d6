#pragma once

#include <peal/message/error.hpp>
#include <peal/message/export.hpp>
#include <peal/message/limits.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace peal::inline v0 {

/// What a StreamFramer found next.
struct Frame {
  enum class Kind : std::uint8_t {
    need_more,  ///< nothing whole is there: receive more
    message,    ///< `bytes` is one message for Parser::parse; valid until the next `prepare`
    ping,       ///< CRLF CRLF between messages: answer CRLF (RFC 5626 §3.5.1, §4.4.1)
    pong,       ///< one CRLF between messages: the answer to our ping, else to be ignored (RFC 3261 §7.5)
    error,      ///< the stream cannot be trusted any more: answer 400 (413, 513) if `bytes` allow it, and close
  };

  Kind kind = Kind::need_more;
  /// Of an error: the headers of the message that could not be framed, as far as they came and were whole lines. Parse
  /// them to learn whom to answer; whatever Parser says of them, they are refused.
  std::span<char> bytes;
  ParseError error;  ///< why, and where in `bytes` (or just behind them)
};

/// Cuts the bytes of a TCP or TLS connection into messages (RFC 3261 §18.3, §7.5) and keep-alives (RFC 5626 §4.4.1).
/// Bytes are received into the framer's own buffer and handed out where they are: nothing is copied but the beginning
/// of a message that reaches the buffer's end. Each byte of a header section is looked at once, however it is cut.
///
///     auto space = framer.prepare();
///     framer.commit(read(fd, space.data(), space.size()));
///     for (auto frame = framer.next(); frame.kind != Frame::Kind::need_more; frame = framer.next()) …
///
/// The end of the headers and the length of the body are those that Parser sees, always. What could be read in two ways
/// is an error, and after an error no byte is ever taken for a message: `next` repeats the error, without bytes.
/// Errors: missing_header (no Content-Length: it MUST stand on a stream, §20.14), bad_content_length (no number, or
/// over 32 bits), repeated_header (Content-Length twice, in either form, equal or not), bad_line_end (a bare CR; in
/// the strict profile a bare LF too), too_long, too_many_headers.
///
/// A single CRLF is told at once, as a pong. When a second follows that had not come yet, a ping follows: a pong just
/// before a ping may be the first half of it.
///
/// WebSocket (RFC 7118 §5) needs none of this: each WebSocket message is one SIP message, which Parser::parse reads as
/// a datagram; Content-Length may be absent there.
///
/// Belongs to one thread at a time. Holds no memory before the first `prepare`.
class PEAL_API StreamFramer {
 public:
  /// `limits`: message_bytes bounds the message and with it the buffer (to about twice as much); start_line_bytes,
  /// header_line_bytes and header_lines are kept while the headers arrive.
  explicit StreamFramer(const ParseLimits& limits = {}) noexcept : limits_(limits) {}

  /// Where to receive into: at least one byte, more where the message under way needs it. Empty after an error, and
  /// when messages wait that `next` was not asked for. Ends the validity of every frame.
  std::span<char> prepare();
  /// `size` bytes were written to what `prepare` gave.
  void commit(std::size_t size) noexcept;
  Frame next() noexcept;

  [[nodiscard]] bool failed() const noexcept { return failed_; }
  /// Bytes received and not yet handed out: of a message under way, or of what waits for `next`.
  [[nodiscard]] std::size_t buffered() const noexcept { return end_ - begin_; }
  /// Gives the buffer back when no byte waits in it: for connections that idle. The next `prepare` makes a new one.
  void release_memory() noexcept;
  [[nodiscard]] std::size_t memory() const noexcept;
  /// Bytes looked at or moved since the beginning: at most a small multiple of the bytes received.
  [[nodiscard]] std::uint64_t work() const noexcept { return work_; }

 private:
  /// The size of a line end, or why there is none.
  enum class LineEnd : std::uint8_t { none = 0, lf = 1, crlf = 2, bad, unknown };

  [[nodiscard]] const char* at(std::size_t offset) const noexcept { return buffer_.get() + offset; }
  void make_room(std::size_t size);
  void begin_message() noexcept;
  [[nodiscard]] LineEnd line_end_here() const noexcept;
  Frame between_messages() noexcept;
  void scan() noexcept;
  bool line_end(std::size_t lf) noexcept;
  void header_line(std::size_t start, std::size_t end) noexcept;
  void end_of_length() noexcept;
  void end_of_headers() noexcept;
  bool over_limit(std::size_t position) noexcept;
  void note(parse_errc why, std::size_t where) noexcept;
  void stop(std::size_t bytes_end) noexcept;
  Frame give_message() noexcept;
  Frame give_error() noexcept;

  ParseLimits limits_;
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;                       // of the message under way
  std::size_t end_ = 0;                         // of what was received
  std::size_t scanned_ = 0;                     // what stands before was looked at
  std::size_t line_ = 0;                        // the line under way
  std::size_t header_ = 0;                      // the last line that is not folded into another
  std::size_t body_ = 0;                        // 0: the headers are not whole yet
  std::size_t total_ = 0;                       // bytes of the message, once the headers are whole
  std::size_t length_at_ = 0, length_end_ = 0;  // the value of Content-Length
  std::uint64_t length_ = 0;
  std::uint64_t work_ = 0;
  std::uint32_t lines_ = 0;
  parse_errc why_ = parse_errc::no_result;
  std::size_t where_ = 0;
  std::size_t error_end_ = 0;
  bool in_message_ = false;
  bool in_start_line_ = true;
  bool has_length_ = false;
  bool in_length_ = false;  // the header under way is Content-Length
  bool half_ping_ = false;  // one CRLF was told as a pong
  bool failed_ = false;
  bool told_ = false;
};

}  // namespace peal::inline v0
