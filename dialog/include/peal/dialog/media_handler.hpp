#pragma once

#include <peal/dialog/ticket.hpp>
#include <peal/message/result.hpp>
#include <peal/message/sdp/negotiate.hpp>
#include <peal/message/sdp/session_description.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace peal::inline v0 {

/// Who holds the media of a session.
using HoldState = sdp::HoldState;

/// What an offer is wanted for.
struct OfferContext {
  const sdp::SessionDescription* local =
      nullptr;  ///< what we said last, or nullptr: m-lines keep their order (RFC 3264 §8)
  const sdp::SessionDescription* remote = nullptr;  ///< what the peer said last
  bool hold = false;                                ///< the application wants the media held
  std::string local_address;                        ///< the address that reaches us from the peer, without brackets
  const sdp::SessionDescription* last_sent =
      nullptr;  ///< ours, sent last, when that is not `local`: an offer that was refused
};

/// Negotiates the media of one session (RFC 3264). Decisions: synchronous upcalls that must not call back into the
/// stack; they may answer later by the ticket. `nullopt` refuses: 488 to the peer, or no offer possible. Owner's
/// thread.
class MediaHandler {
 public:
  virtual ~MediaHandler() = default;
  virtual void offer(const OfferContext& context, Ticket<std::optional<sdp::SessionDescription>> ticket) = 0;
  /// `context.remote` is what the peer said before; `offer` what it says now.
  virtual void answer(const OfferContext& context, const sdp::SessionDescription& offer,
                      Ticket<std::optional<sdp::SessionDescription>> ticket) = 0;
  /// An offer/answer exchange completed. false: the answer cannot be used, the session is ended (ACK, then BYE).
  virtual bool on_negotiated(const sdp::SessionDescription& local, const sdp::SessionDescription& remote) = 0;
  /// UAC: an unreliable 1xx showed what the answer will be (RFC 3261 §13.2.1): early media may be heard. `early` as in
  /// SessionUser::on_provisional; on_negotiated follows with the 2xx.
  virtual void on_preview(const sdp::SessionDescription& local, const sdp::SessionDescription& remote,
                          std::uint32_t early) {
    (void)local;
    (void)remote;
    (void)early;
  }
};

}  // namespace peal::inline v0
