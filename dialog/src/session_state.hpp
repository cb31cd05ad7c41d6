#pragma once

#include "core.hpp"
#include "flight.hpp"
#include "lifetime.hpp"

#include <peal/dialog/dialog.hpp>
#include <peal/dialog/invite_session.hpp>
#include <peal/dialog/offer_answer.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace peal::inline v0::dialog {

/// One fork of an INVITE of ours (RFC 3261 §12.1): its own dialog and what its 1xx said about the answer.
struct EarlyDialog {
  Dialog dialog;
  std::uint32_t number = 0;  ///< as SessionUser sees it, from 1
  std::string preview;       ///< SDP of an unreliable 1xx
};

/// An INVITE or re-INVITE that we received: being answered, or its 2xx waiting for the ACK.
struct IncomingInvite {
  Request request;  ///< dropped with the 2xx
  transaction::ServerId id;
  transport::Flow flow;
  std::uint32_t cseq = 0;
  bool initial = false;
  bool late_offer = false;  ///< the offer is in our 2xx, the answer in the ACK
  bool answering = false;   ///< a final response is decided and waits for the MediaHandler
  bool accepted = false;    ///< the 2xx is sent
  StatusCode code{200};
  ExtraHeaders headers;
  std::vector<std::pair<StatusCode, ExtraHeaders>> provisionals;  ///< waiting for the MediaHandler
  transport::Packet packet;                                       ///< the last 1xx, or the 2xx
  bool has_packet = false;
  transport::Duration interval{};  ///< until the 2xx is repeated
};

/// An ACK that we sent or are about to send: each copy of its 2xx is answered by it (§13.2.2.4).
struct SentAck {
  std::string remote_tag;
  std::uint32_t cseq = 0;
  std::optional<transport::Packet> packet;
};

/// What our re-INVITE is for: kept to send it again after a 491 (§14.1).
struct Change {
  enum class Kind : std::uint8_t { hold, resume, offer, late_offer };
  Kind kind = Kind::offer;
  ExtraHeaders headers;
};

/// RFC 3261 §13–15 for one call. A verb a file: session_invite (UAC), session_answer (UAS), session_ack,
/// session_cancel, session_modify, session_bye; session.cpp holds what they share.
class Session final : public InviteSession, public FlightUser {
 public:
  Session(Core& core, bool uac) noexcept : core_(core), uac_(uac) {}
  ~Session() override;

  // InviteSession
  [[nodiscard]] SessionState state() const noexcept override { return state_; }
  [[nodiscard]] bool is_uac() const noexcept override { return uac_; }
  [[nodiscard]] HoldState hold_state() const noexcept override;
  [[nodiscard]] std::string_view call_id() const noexcept override { return dialog_.call_id(); }
  [[nodiscard]] std::string_view local_tag() const noexcept override { return dialog_.local_tag(); }
  [[nodiscard]] std::string_view remote_tag() const noexcept override { return dialog_.remote_tag(); }
  [[nodiscard]] NameAddrView local() const noexcept override { return dialog_.local(); }
  [[nodiscard]] NameAddrView remote() const noexcept override { return dialog_.remote(); }
  [[nodiscard]] std::string_view local_sdp() const noexcept override { return offer_answer_.local(); }
  [[nodiscard]] std::string_view remote_sdp() const noexcept override { return offer_answer_.remote(); }
  Result<void> progress(StatusCode code, bool with_sdp, const ExtraHeaders& headers) override;
  Result<void> accept(StatusCode code, const ExtraHeaders& headers) override;
  Result<void> reject(StatusCode code, std::string_view reason, const ExtraHeaders& headers) override;
  Result<void> hang_up(StatusCode code, const ExtraHeaders& headers) override;
  void abandon(const Cause& cause) override;
  Result<void> hold(bool on) override;
  Result<void> reinvite(bool late_offer, const ExtraHeaders& headers) override;
  Result<Request> make_request(const Method& method) override;
  Result<std::unique_ptr<OutgoingRequest>> send(Request request, OutgoingUser& user) override;
  void set_user(SessionUser& user) noexcept override { user_ = &user; }
  void set_media(MediaHandler* media) noexcept override { media_ = media; }
  void set_credentials(CredentialSource* credentials) noexcept override { credentials_ = credentials; }

  // the core
  std::uint32_t slot = 0;
  Result<void> start_uac(Request request, InviteOptions options, SessionUser& user);
  /// False: the INVITE was refused, there is no session.
  bool start_uas(transaction::ServerId id, const Request& request, const transport::Flow& flow);
  void offered(const Request& request);  ///< tells UaUser; last act
  [[nodiscard]] Dialog* find_dialog(std::string_view remote_tag) noexcept;
  [[nodiscard]] const Dialog& dialog() const noexcept override { return dialog_; }
  [[nodiscard]] std::size_t dialogs() const noexcept;
  [[nodiscard]] bool answers(transaction::ServerId id) const noexcept { return incoming_ && incoming_->id == id; }
  void on_request(Dialog& dialog, transaction::ServerId id, const Request& request, const transport::Flow& flow);
  void on_ack(const Request& ack);
  void on_cancel(const Request& cancel);
  void on_2xx(const Response& response, bool broken);
  void on_server_failure(const transaction::Failure& failure);
  /// When it is gone: what another fork's late 2xx will need.
  [[nodiscard]] std::optional<LateFork> leave_fork();

 private:
  using SdpTicket = Ticket<std::optional<sdp::SessionDescription>>;
  using SdpDone = void (Session::*)(std::optional<sdp::SessionDescription>);

  // session.cpp
  void finish(Cause cause);        ///< ends and tells; last act of a step that the wire or a timer began
  void finish_later(Cause cause);  ///< ends now, tells in a later turn: in a call of the user's
  void end() noexcept;
  void tell_end(const Cause& cause);
  void ask_offer(bool hold, SdpDone done);
  void ask_answer(bool hold, SdpDone done);
  [[nodiscard]] SdpTicket ticket(SdpDone done);
  /// Both halves are there: tells the MediaHandler. False: it cannot use the answer.
  [[nodiscard]] bool negotiated();
  void note_remote_hold(bool they_offered);
  static Result<void> add_headers(Message& message, const ExtraHeaders& headers);

  // session_invite.cpp: UAC
  void on_located(Flight& flight, const transport::Target& target) override;
  void before_attempt(Flight& flight, Request& request, const transport::Target& target) override;
  std::uint32_t next_cseq(Flight& flight, std::uint32_t last) override;
  void on_provisional(Flight& flight, const Response& response, const transport::Flow& flow) override;
  void on_final(Flight& flight, const Response* response, const Cause& cause) override;
  void initial_offer(std::optional<sdp::SessionDescription> offer);
  void initial_final(const Response* response, const Cause& cause);
  void initial_2xx(const Response& response);
  void late_answer(std::optional<sdp::SessionDescription> answer);
  void connected(const Response& response);
  EarlyDialog* early_dialog(const Response& response);
  void keep_credentials();

  // session_answer.cpp: UAS
  void send_provisional(StatusCode code, const ExtraHeaders& headers, std::string_view sdp);
  void preview_answer(std::optional<sdp::SessionDescription> answer);
  void continue_accept();
  void accept_answer(std::optional<sdp::SessionDescription> answer);
  void accept_offer(std::optional<sdp::SessionDescription> offer);
  void send_2xx(std::string_view sdp);
  void answer_too_large(std::error_code error);
  Response make_response(StatusCode code, std::string_view reason = {});
  void refuse_incoming(StatusCode code);  ///< of the INVITE being answered
  void drop_incoming() noexcept;

  // session_ack.cpp
  void on_repeat();
  void on_deadline();
  void on_acks_old();
  void acknowledged(const Request& ack);
  void send_ack(const Dialog& dialog, std::uint32_t cseq, std::string_view sdp);
  void fork_2xx(const Response& response);
  void broken_2xx(const Response& response);

  // session_cancel.cpp, session_bye.cpp
  void cancel();
  void send_bye(Cause cause, const ExtraHeaders& headers = {});
  void on_bye(Dialog& dialog, transaction::ServerId id, const Request& bye);

  // session_modify.cpp
  Result<void> change(Change change);
  void start_change();
  void change_offer(std::optional<sdp::SessionDescription> offer);
  void send_change(std::string sdp);
  [[nodiscard]] bool hold_wanted() const noexcept;
  void change_final(const Response* response, const Cause& cause);
  void change_2xx(const Response& response);
  void change_answer(std::optional<sdp::SessionDescription> answer);
  void changed_by_us(bool they_offered);
  void on_glare_over();
  void on_reinvite(transaction::ServerId id, const Request& request, const transport::Flow& flow);
  void take_reinvite(transaction::ServerId id, const Request& request, const transport::Flow& flow, bool late_offer);
  void reinvite_answer(std::optional<sdp::SessionDescription> answer);
  void reinvite_offer(std::optional<sdp::SessionDescription> offer);

  Core& core_;
  SessionUser* user_ = nullptr;
  MediaHandler* media_ = nullptr;
  CredentialSource* credentials_ = nullptr;

  Dialog dialog_;  // UAC before the 2xx: the half that our INVITE knows
  OfferAnswer offer_answer_;
  std::vector<std::unique_ptr<EarlyDialog>> early_;
  std::unique_ptr<Flight> invite_;  // our INVITE or re-INVITE
  std::unique_ptr<Flight> bye_;
  std::unique_ptr<IncomingInvite> incoming_;
  std::vector<SentAck> acks_;
  std::unique_ptr<Change> change_;             // our re-INVITE, or the one that waits for the glare timer
  std::unique_ptr<Response> answered_;         // the 2xx whose answer the MediaHandler still thinks about
  std::vector<std::string> credentials_sent_;  // Authorization lines of our INVITE: its ACK carries them (§13.2.2.4)
  std::unique_ptr<Cause> end_cause_;           // why it is ending

  transport::OwnedTimer<Session, &Session::on_repeat> repeat_{*this};
  transport::OwnedTimer<Session, &Session::on_deadline> deadline_{*this};
  transport::OwnedTimer<Session, &Session::on_glare_over> glare_{*this};
  transport::OwnedTimer<Session, &Session::on_acks_old> acks_old_{*this};
  Lifetime lifetime_;

  transport::TimePoint forks_until_{};
  std::uint32_t invite_cseq_ = 0;  // of the INVITE that made the session, as UAC
  std::uint32_t ticket_ = 0;       // the decision that counts; older tickets do nothing
  std::uint32_t forks_ = 0;
  std::uint32_t early_count_ = 0;
  std::string local_address_;
  SessionState state_ = SessionState::incoming;
  bool uac_;
  bool indexed_ = false;
  bool contact_given_ = false;
  bool late_offer_ = false;  // our INVITE had no SDP
  bool local_hold_ = false;
  bool remote_hold_ = false;
  bool bye_wanted_ = false;  // hang-up is held until it is legal, or until the ACK is out
  bool cancelled_ = false;
  std::string preview_;  // UAS: the answer that a 1xx showed; the 2xx repeats it
};

static_assert(sizeof(Session) <= 704);  // with the dialog's block and two SDPs about 1.5 kB a call

}  // namespace peal::inline v0::dialog
