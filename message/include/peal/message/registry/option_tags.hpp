#pragma once

#include <peal/message/export.hpp>

#include <array>
#include <span>
#include <string_view>

/// The registry of option tags as data: iana.org/assignments/sip-parameters, "Option Tags", collected from the RFCs
/// that register them; the newest is trickle-ice (RFC 8840, 2021). No floor acts on it: a module says which tags it
/// supports. It serves documentation, `explain`, and tools.
namespace peal::inline v0 {

/// One row of the registry of option tags.
struct OptionTagInfo {
  std::string_view name;     ///< as it stands in Supported, Require, Proxy-Require and Unsupported
  std::string_view rfc;      ///< the section that registers it, e.g. "RFC 4028 §12.3"; "RFC 4092" where none is named
  std::string_view meaning;  ///< one line: what is supported or required
};

namespace registry {
inline constexpr auto option_tags = std::to_array<OptionTagInfo>({
    {"100rel", "RFC 3262 §8.1", "reliable provisional responses, acknowledged by PRACK"},
    {"199", "RFC 6228 §11.2", "the response 199, which tells that one early dialog has ended"},
    {"answermode", "RFC 5373 §8.3", "Answer-Mode and Priv-Answer-Mode: automatic or manual answering"},
    {"early-session", "RFC 3959 §6", "the content disposition early-session: an offer and answer for early media"},
    {"eventlist", "RFC 4662 §8.1", "subscriptions to a list of resources"},
    {"explicitsub", "RFC 7614 §9.1", "REFER without the implicit subscription, but with a URI to subscribe to"},
    {"from-change", "RFC 4916 §6", "the URIs in From and To may change during a dialog"},
    {"geolocation-http", "RFC 6442 §8.3", "location can be fetched by HTTP"},
    {"geolocation-sip", "RFC 6442 §8.3", "location can be had from the event package presence"},
    {"gin", "RFC 6140 §9.1", "one registration for many telephone numbers (SIP-PBX)"},
    {"gruu", "RFC 5627 §11.3", "globally routable user agent URIs"},
    {"histinfo", "RFC 7044 §14.1", "History-Info in requests, and given back in responses"},
    {"ice", "RFC 5768 §7.1", "Interactive Connectivity Establishment for media"},
    {"join", "RFC 3911 §10.2", "the header Join: becoming part of a call there is"},
    {"multiple-refer", "RFC 5368 §4", "REFER to several targets, listed in its body"},
    {"norefersub", "RFC 4488 §7", "REFER without the implicit subscription, asked for by Refer-Sub"},
    {"nosub", "RFC 7614 §9.2", "REFER without any subscription"},
    {"outbound", "RFC 5626 §11.4", "connections opened by the client and kept for requests to it"},
    {"path", "RFC 3327 §7", "the header Path: proxies between registrar and user agent"},
    {"policy", "RFC 6794 §6.4", "Policy-Contact and Policy-ID: session policies from a policy server"},
    {"precondition", "RFC 3312 §11", "preconditions: the callee is alerted once resources are reserved"},
    {"pref", "RFC 3840 §12.3", "the registrar keeps capabilities of contacts, for caller preferences"},
    {"privacy", "RFC 3323 §7", "the header Privacy is honoured: required of proxies for privacy that is critical"},
    {"recipient-list-invite", "RFC 5366 §8", "the body of INVITE lists whom the conference invites"},
    {"recipient-list-message", "RFC 5365 §5", "the body of MESSAGE lists who gets it"},
    {"recipient-list-subscribe", "RFC 5367 §9.2", "the body of SUBSCRIBE lists the resources"},
    {"record-aware", "RFC 7866 §11.1.2", "told that the call is recorded, and can say whether it may be"},
    {"replaces", "RFC 3891 §9.2", "the header Replaces: taking over a call there is"},
    {"resource-priority", "RFC 4412 §12.3", "the header Resource-Priority: calls that go before others"},
    {"sdp-anat", "RFC 4092", "alternative addresses (IPv4, IPv6) in SDP; obsolete, ICE is used now"},
    {"sec-agree", "RFC 3329 §6.5", "agreeing with the next hop on how to secure the signalling"},
    {"siprec", "RFC 7866 §11.1.1", "the session is a recording session"},
    {"tdialog", "RFC 4538 §11.3", "the header Target-Dialog: knowing a dialog as authorization"},
    {"timer", "RFC 4028 §12.3", "session timers: a session that is not refreshed ends"},
    {"trickle-ice", "RFC 8840 §12.4", "ICE candidates sent one after the other in INFO"},
    {"uui", "RFC 7433 §6.6", "the header User-to-User: data of the applications"},
});
}  // namespace registry

/// Every option tag that an RFC registers, by name, ascending.
PEAL_API std::span<const OptionTagInfo> option_tag_table() noexcept;

/// The row of `name`, in any letter case; nullptr when the table has none. Takes no memory.
PEAL_API const OptionTagInfo* find_option_tag(std::string_view name) noexcept;

}  // namespace peal::inline v0
