#pragma once

#include <peal/call_handler.hpp>
#include <peal/completion.hpp>
#include <peal/dialog/invite_session.hpp>
#include <peal/events.hpp>
#include <peal/message/export.hpp>
#include <peal/transport/unique_function.hpp>

#include <asio/async_result.hpp>

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace peal::inline v0 {

namespace detail {
class UserAgentImpl;
class Anchor;  // outlives the UserAgent; handles find out by it that the UserAgent has gone

/// A handle's common part: 16 bytes. Copying, comparing, hashing and destroying are legal on any thread.
class PEAL_API HandleBase {
 public:
  HandleBase() noexcept = default;
  HandleBase(Anchor* anchor, std::uint32_t slot, std::uint32_t generation) noexcept;
  HandleBase(const HandleBase& other) noexcept;
  HandleBase(HandleBase&& other) noexcept : anchor_(std::exchange(other.anchor_, nullptr)), slot_(other.slot_), generation_(other.generation_) {}
  HandleBase& operator=(HandleBase other) noexcept {
    std::swap(anchor_, other.anchor_);
    std::swap(slot_, other.slot_);
    std::swap(generation_, other.generation_);
    return *this;
  }
  ~HandleBase();
  /// Unique within the process's UserAgent; never used again. Any thread.
  [[nodiscard]] std::uint64_t id() const noexcept { return (std::uint64_t{generation_} << 32) | slot_; }
  explicit operator bool() const noexcept { return anchor_ != nullptr; }
  friend bool operator==(const HandleBase& a, const HandleBase& b) noexcept {
    return a.anchor_ == b.anchor_ && a.slot_ == b.slot_ && a.generation_ == b.generation_;
  }

 protected:
  Anchor* anchor_ = nullptr;
  std::uint32_t slot_ = 0;
  std::uint32_t generation_ = 0;
};
}  // namespace detail

/// One call. A handle of 16 bytes: copy it freely. After the end everything answers errc::ended; from another thread than the
/// UserAgent's, errc::wrong_thread, and nothing is done.
class PEAL_API Call : public detail::HandleBase {
 public:
  using HandleBase::HandleBase;

  [[nodiscard]] Result<dialog::SessionState> state() const;
  [[nodiscard]] Result<HoldState> hold_state() const;
  [[nodiscard]] Result<std::string> remote() const;       ///< the peer's URI
  [[nodiscard]] Result<std::string> sip_call_id() const;  ///< the Call-ID header

  /// CANCEL, BYE or a 603: what the state asks for (RFC 3261 §9, §15). Ended follows.
  Result<void> hang_up();
  /// Re-INVITE with the media held (RFC 3264 §8.4) or resumed. Changed or ChangeFailed follows.
  Result<void> hold();
  Result<void> resume();
  /// Hears this call instead of the UserAgent's handler. Must outlive the call; nullptr gives it back.
  Result<void> set_handler(CallHandler* handler);

  /// The next event, in order; the last is Ended, after which it answers errc::ended. One reader at a time (errc::wrong_state).
  /// Signature void(Result<CallEvent>).
  template <class Token>
  auto next(Token&& token) const {
    return asio::async_initiate<Token, void(Result<CallEvent>)>(
        [self = *this](auto handler) {
          detail::on_cancellation(handler, [self] { self.cancel_next(); });
          self.start_next(detail::completion<Result<CallEvent>>(std::move(handler)));
        },
        token);
  }

 private:
  void start_next(UniqueFunction<void(Result<CallEvent>)> done) const;
  void cancel_next() const;
};

/// A call that is offered to us and not answered yet.
class PEAL_API IncomingCall : public Call {
 public:
  using Call::Call;
  IncomingCall() = default;
  /// The INVITE as it came. errc::ended when answered or gone.
  [[nodiscard]] Result<Request> request() const;
  /// 101–199; 180 by default, `with_sdp`: an answer in it (early media).
  Result<void> ring(StatusCode code = StatusCode(180), bool with_sdp = false);
  /// 2xx with the MediaHandler's answer, or offer when the INVITE had none.
  Result<void> answer(StatusCode code = StatusCode(200));
  /// 300–699.
  Result<void> reject(StatusCode code = StatusCode(486), std::string_view reason = {});
  /// 302 with this Contact.
  Result<void> redirect(const Uri& target);
};

}  // namespace peal::inline v0

template <>
struct std::hash<peal::Call> {
  std::size_t operator()(const peal::Call& call) const noexcept { return std::hash<std::uint64_t>{}(call.id()); }
};
template <>
struct std::hash<peal::IncomingCall> : std::hash<peal::Call> {};
