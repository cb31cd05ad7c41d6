#pragma once

#include <peal/dialog/credentials.hpp>
#include <peal/dialog/dialog.hpp>
#include <peal/dialog/media_handler.hpp>
#include <peal/dialog/outgoing_request.hpp>
#include <peal/message/export.hpp>
#include <peal/message/message.hpp>
#include <peal/transport/cause.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace peal::inline v0::dialog {

class InviteSession;

enum class SessionState : std::uint8_t {
  calling,   ///< UAC: INVITE sent, nothing heard
  early,     ///< UAC: a provisional arrived
  incoming,  ///< UAS: not answered
  accepted,  ///< UAS: 2xx sent, ACK awaited
  established,
  ending,  ///< CANCEL or BYE under way, or hang-up held until it is legal (§15)
  ended,
};

/// Adds headers to what a session sends by itself or by command. Synchronous; protected headers are refused.
struct ExtraHeaders {
  std::vector<std::pair<std::string, std::string>> fields;
};

/// Hears one INVITE session (RFC 3261 §13–15), within a turn, as the last act of a step. Messages are in the receive
/// slot.
class SessionUser {
 public:
  virtual ~SessionUser() = default;
  /// UAC: a provisional response but 100. `early` numbers the early dialog (from 1; 0: no To tag).
  virtual void on_provisional(InviteSession& session, const Response& response, std::uint32_t early) = 0;
  /// UAC: the first 2xx (ACK is sent); UAS: the ACK has come.
  virtual void on_established(InviteSession& session, const Message& by) = 0;
  /// UAS: an ACK-less 2xx or a hold, resume, new SDP by re-INVITE of either side completed.
  virtual void on_changed(InviteSession& session, bool by_peer, HoldState hold) = 0;
  /// A re-INVITE of ours was refused; the session goes on as it was.
  virtual void on_change_failed(InviteSession& session, int code, std::string_view reason) = 0;
  /// Exactly once, last. The session is gone when this returns.
  virtual void on_ended(InviteSession& session, const Cause& cause) = 0;
};

struct InviteOptions {
  MediaHandler* media = nullptr;            ///< must outlive the session; nullptr: no SDP unless `body` is given
  CredentialSource* credentials = nullptr;  ///< must outlive the session
  std::vector<NameAddr> routes;             ///< pre-loaded Route set
  NameAddr contact;                         ///< empty: made from the local address
  bool late_offer = false;                  ///< INVITE without SDP, the offer comes in the 2xx
  ExtraHeaders headers;
};

/// One INVITE session and its dialog or dialogs. Owned by the UaCore; dies after SessionUser::on_ended. Owner's thread.
class PEAL_API InviteSession {
 public:
  InviteSession(const InviteSession&) = delete;
  InviteSession& operator=(const InviteSession&) = delete;

  [[nodiscard]] virtual SessionState state() const noexcept = 0;
  [[nodiscard]] virtual bool is_uac() const noexcept = 0;
  [[nodiscard]] virtual HoldState hold_state() const noexcept = 0;
  [[nodiscard]] virtual std::string_view call_id() const noexcept = 0;
  [[nodiscard]] virtual std::string_view local_tag() const noexcept = 0;
  [[nodiscard]] virtual std::string_view remote_tag() const noexcept = 0;  ///< empty until known
  [[nodiscard]] virtual NameAddrView local() const noexcept = 0;
  [[nodiscard]] virtual NameAddrView remote() const noexcept = 0;

  /// Route set, targets, sequence numbers. UAC: of the confirmed dialog; before the 2xx only what our INVITE says.
  [[nodiscard]] virtual const Dialog& dialog() const noexcept = 0;

  /// What either side said last in a completed offer/answer, as it stood on the wire; empty before.
  [[nodiscard]] virtual std::string_view local_sdp() const noexcept = 0;
  [[nodiscard]] virtual std::string_view remote_sdp() const noexcept = 0;

  // UAS. errc::wrong_state when it is not time for it.
  virtual Result<void> progress(StatusCode code, bool with_sdp, const ExtraHeaders& headers = {}) = 0;
  virtual Result<void> accept(StatusCode code, const ExtraHeaders& headers = {}) = 0;
  virtual Result<void> reject(StatusCode code, std::string_view reason = {}, const ExtraHeaders& headers = {}) = 0;

  // Both.
  /// CANCEL, BYE or 603/487/480 …: what the state asks for; held while it is not legal yet (§9.1, §15). `code`: of a
  /// UAS rejection.
  virtual Result<void> hang_up(StatusCode code = StatusCode(603), const ExtraHeaders& headers = {}) = 0;
  /// Ends now, whatever the peer thinks: nothing more is sent or answered, save 480 to an INVITE of the peer's that has no
  /// answer yet; on_ended follows in a later turn. For a shutdown that may not wait.
  virtual void abandon(const Cause& cause) = 0;
  /// Re-INVITE with the media held or resumed. errc::request_pending, offer_pending, wrong_state.
  virtual Result<void> hold(bool on) = 0;
  /// Re-INVITE with a new offer of the MediaHandler, or without SDP (`late_offer`).
  virtual Result<void> reinvite(bool late_offer, const ExtraHeaders& headers = {}) = 0;
  /// Starts a request inside the dialog: Request-URI, Route, tags and the next CSeq are there (§12.2.1.1); headers and
  /// body are the caller's. errc::no_dialog before there is one and after its end.
  virtual Result<Request> make_request(const Method& method) = 0;
  /// Sends it; never INVITE, ACK, BYE or CANCEL, which have verbs of their own. `user` as with UaCore::send.
  virtual Result<std::unique_ptr<OutgoingRequest>> send(Request request, OutgoingUser& user) = 0;
  /// Replaces the user (a handle that goes away). Never null.
  virtual void set_user(SessionUser& user) noexcept = 0;
  virtual void set_media(MediaHandler* media) noexcept = 0;
  /// For challenges to our requests in a session that the peer began. Must outlive the session; nullptr: none are
  /// answered.
  virtual void set_credentials(CredentialSource* credentials) noexcept = 0;

 protected:
  InviteSession() = default;
  virtual ~InviteSession();
};

}  // namespace peal::inline v0::dialog
