#pragma once

#include <peal/events.hpp>
#include <peal/message/export.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace peal::inline v0 {

struct Counters;

/// What an event says beside its own fields. An empty text becomes null.
struct EventContext {
  std::chrono::system_clock::time_point time;
  std::string account{};
  std::string call{};         ///< "c1"
  std::string sip_call_id{};  ///< the Call-ID header
};

// Each gives one line of JSON, without a newline: `event`, `ts` (RFC 3339, microseconds, UTC), the context, then the
// event's own fields. A field that is empty is there as null. `cause` is {layer, code, text, explain, peer}.

/// `call.progress`, `call.established`, `call.changed`, `call.change_failed` or `call.ended`.
PEAL_API std::string event_json(const CallEvent& event, const EventContext& context);
/// `call.incoming`: from, to, contact, headers (name → value, or a list of values), sdp.
PEAL_API std::string incoming_json(const Request& invite, const EventContext& context);
/// `registration`.
PEAL_API std::string event_json(const RegistrationEvent& event, const EventContext& context);
/// `response`: the answer to a request of ours.
PEAL_API std::string response_json(const Response& response, const EventContext& context);
/// `ready` {listen}: the user agent listens, and where.
PEAL_API std::string ready_json(const std::vector<std::string>& listen, const EventContext& context);
/// `stats` {counters: {live: {…}, dropped: {…}, …}}.
PEAL_API std::string stats_json(const Counters& counters, const EventContext& context);

/// "2026-01-31T12:00:00.000001Z".
PEAL_API std::string rfc3339(std::chrono::system_clock::time_point time);
/// What the cause's code means: the first sentence of its explanation; empty when the cause is no SIP answer.
PEAL_API std::string explain_briefly(const Cause& cause);

}  // namespace peal::inline v0
