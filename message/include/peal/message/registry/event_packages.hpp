#pragma once

#include <peal/message/export.hpp>

#include <array>
#include <span>
#include <string_view>

/// The registry of event packages as data: iana.org/assignments/sip-events, "Event packages and Event
/// template-packages", last updated 2014-05-02. No floor acts on it: a package comes to life through its module. It
/// serves documentation, `explain`, and tools.
namespace peal::inline v0 {

/// One row of the registry of event packages.
struct EventPackageInfo {
  std::string_view name;     ///< as it stands in Event and Allow-Events
  std::string_view rfc;      ///< the section that names it, e.g. "RFC 3680 §4.1"; "no RFC"
  std::string_view meaning;  ///< one line: whose state, and of what
  bool is_template = false;  ///< applied to another package behind a dot: "presence.winfo" (RFC 6665 §5.2)
};

namespace registry {
inline constexpr auto event_packages = std::to_array<EventPackageInfo>({
    {"call-completion", "RFC 6910 §9.1", "the queue of callers who want to be told when a callee is free again"},
    {"certificate", "RFC 6072 §6.1", "the certificate of a user"},
    {"conference", "RFC 4575 §3.1", "who is in a conference, and with which media"},
    {"consent-pending-additions", "RFC 5362 §5.1", "which new members of a list have not yet consented"},
    {"credential", "RFC 6072 §7.1", "certificate and private key of a user, for the user's own devices"},
    {"dialog", "RFC 4235 §3.1", "the INVITE dialogs of a user agent: lamps of busy lines"},
    {"http-monitor", "RFC 5989", "changes of an HTTP resource"},
    {"kpml", "RFC 4730", "keys that are pressed during a call"},
    {"load-control", "RFC 7200 §4.1", "how much of which traffic a server asks to be spared"},
    {"message-summary", "RFC 3842 §3.1", "messages waiting in a mailbox"},
    {"poc-settings", "RFC 4354", "settings of a push-to-talk client"},
    {"presence", "RFC 3856 §6.1", "whether and how a user can be reached"},
    {"refer", "RFC 3515 §3.1", "how far the request that a REFER asked for has come"},
    {"reg", "RFC 3680 §4.1", "the registered contacts of an address of record"},
    {"session-spec-policy", "RFC 6795", "the policy of a network for one session"},
    {"Siemens-RTP-Stats", "no RFC", "statistics of RTP"},
    {"spirits-INDPs", "RFC 3910", "detection points of calls in the telephone network"},
    {"spirits-user-prof", "RFC 3910", "events of a mobile subscriber's profile: registration, location"},
    {"ua-profile", "RFC 6080 §6.1", "the configuration of a user agent"},
    {"vq-rtcpxr", "RFC 6035 §4.1", "reports of voice quality, from RTCP XR"},
    {"winfo", "RFC 3857 §4.1", "who is subscribed to a package, as its owner wants to know", true},
    {"xcap-diff", "RFC 5875", "changes of XCAP documents"},
});
}  // namespace registry

/// Every event package and template-package that IANA registers, by name, ascending without regard to letter case.
PEAL_API std::span<const EventPackageInfo> event_package_table() noexcept;

/// The row of `name`, in any letter case; nullptr when the table has none. A package with templates behind it
/// ("presence.winfo") gives the row of the last template when the others are in the table too. Takes no memory.
PEAL_API const EventPackageInfo* find_event_package(std::string_view name) noexcept;

}  // namespace peal::inline v0
