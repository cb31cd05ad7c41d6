#pragma once

#include <peal/call.hpp>
#include <peal/dialog/invite_session.hpp>

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>

namespace peal::inline v0::detail {

class UserAgentImpl;

/// What Call handles share: the session while it lives, and who hears its events.
class CallState final : public dialog::SessionUser {
 public:
  CallState(UserAgentImpl& owner, std::uint32_t slot, std::uint32_t generation);

  [[nodiscard]] Call handle() const;
  [[nodiscard]] IncomingCall incoming_handle() const;

  // ---- where events go: a handler, or `next`
  void read(UniqueFunction<void(Result<CallEvent>)> done);
  /// Tells the user. false: nobody took it yet, it waits for `next`.
  void tell(Call& call, const CallEvent& event);
  [[nodiscard]] bool has_unread() const noexcept { return !unread_.empty(); }
  void cancel_read();  ///< the reader hears errc::aborted
  void end_read();     ///< the reader hears errc::ended: the call's own handler heard the end
  void abort_read();   ///< the same at once: the UserAgent goes

  dialog::InviteSession* session = nullptr;  ///< nullptr after the session's end
  CallHandler* handler = nullptr;            ///< of this call alone
  bool reading = false;                      ///< events are taken by `next`
  std::optional<Request> invite;             ///< of an incoming call, until it is answered
  std::unique_ptr<MediaHandler> media;       ///< when the call has one of its own
  bool ended_delivered = false;
  bool silent = false;                       ///< refused before the user heard of it

 private:
  void on_provisional(dialog::InviteSession& session, const Response& response, std::uint32_t early) override;
  void on_established(dialog::InviteSession& session, const Message& by) override;
  void on_changed(dialog::InviteSession& session, bool by_peer, HoldState hold) override;
  void on_change_failed(dialog::InviteSession& session, int code, std::string_view reason) override;
  void on_ended(dialog::InviteSession& session, const Cause& cause) override;
  void queue(CallEvent event);
  void stop_read(errc why);

  UserAgentImpl& owner_;
  std::uint32_t slot_;
  std::uint32_t generation_;
  std::optional<UniqueFunction<void(Result<CallEvent>)>> reader_;
  std::deque<CallEvent> unread_;
};

/// Calls the handler's method for the event.
void dispatch(CallHandler& handler, Call& call, const CallEvent& event);

}  // namespace peal::inline v0::detail
