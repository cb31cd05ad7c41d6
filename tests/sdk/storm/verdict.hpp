#pragma once

#include <peal/events.hpp>

#include <cstdint>
#include <string>
#include <string_view>

/// What the two sides of a call may say about it when the network loses, copies and reorders, and when they may not.
namespace storm {

/// How a side says that the call ended.
enum class End : std::uint8_t {
  none,            ///< it never heard of the call (the callee alone may)
  we_hung_up,      ///< our BYE
  we_cancelled,    ///< our CANCEL (the caller)
  we_rejected,     ///< our 3xx–6xx, `code` (the callee)
  peer_hung_up,    ///< its BYE
  peer_cancelled,  ///< its CANCEL (the callee)
  peer_rejected,   ///< its 3xx–6xx, `code` (the caller)
  no_answer,       ///< our BYE, because the ACK that had to answer our offer did not (the callee of a late offer)
  lost,            ///< a timeout: Timer B, F or H, 64*T1 without ACK, or without an answer to our CANCEL
  count
};
std::string_view name_of(End end) noexcept;
/// `established`: it stood for this side. Then a 481 to a re-INVITE of ours says that the peer had hung up (RFC 3261
/// §12.2.1.2). `unexpected` when the cause is none that a bad network can bring about.
End end_of(const peal::Cause& cause, bool caller, bool established, bool& unexpected) noexcept;

/// One side of one call.
struct Side {
  End end = End::none;
  std::uint16_t code = 0;
  bool established = false;    ///< it was told so
  bool answered = false;       ///< the callee: its `answer` was accepted
  bool hung_up = false;        ///< its `hang_up` was accepted
  bool late_offer = false;     ///< the callee: the INVITE had no offer
  std::uint16_t rejected = 0;  ///< the callee: the code that its `reject` was accepted with, or 603 of a `hang_up`
  std::uint8_t ends = 0;       ///< terminal events
};

/// The rule. Returns nullptr when the sides agree, or what is wrong. `crossed` is set when they tell of the call's end
/// or of its having stood in different words, because two messages passed each other.
///
/// Each side: exactly one terminal event; and nobody did what he did not do: a side that says "we …" was told to by its
/// user, a side that says "the peer …" has a peer that did (or whose timeout made its stack do it).
///
/// Both sides together:
///
///  caller         callee          stood for                why the words may differ
///  ---------------------------------------------------------------------------------------------------------------
///  peer_rejected  we_rejected     neither                  the same code
///  we_cancelled   peer_cancelled  neither
///  we_cancelled   we_rejected     neither                  the CANCEL crossed the 3xx–6xx (RFC 3261 §9.1)
///  we_cancelled   peer_hung_up    callee, if its ACK came  the CANCEL crossed the 2xx: ACK, then BYE (§9.1, §15)
///  we_cancelled   we_hung_up      callee, if its ACK came  the same, and the callee's user hung up too
///  we_cancelled   no_answer       neither                  the same with a late offer: the caller has no answer
///                                                          any more
///  we_hung_up     peer_hung_up    caller; callee, if its   the BYE may overtake the ACK, or the ACK be lost
///                                 ACK came before the BYE  (§13.3.1.4, §15): then the callee never stood
///  we_hung_up     we_hung_up      caller; callee likewise  two BYEs crossed (RFC 5407 §3.2.1), or the callee
///                                                          waited for the ACK with its own
///  peer_hung_up   we_hung_up      caller; callee, unless it hung up before its ACK came
///  lost           any             any                      the caller has a timeout to show
///  any            lost            any                      the callee has one
///  lost           none            neither                  no INVITE came through
const char* disagreement(const Side& caller, const Side& callee, bool& crossed) noexcept;

}  // namespace storm
