#pragma once

#include <peal/message/export.hpp>

#include <array>
#include <span>
#include <string_view>

/// The registry of methods as data: iana.org/assignments/sip-parameters, "Methods". No floor acts on
/// it: a method comes to life through its module. It serves documentation, `explain`, and tools.
namespace peal::inline v0 {

/// One row of the registry of methods.
struct MethodInfo {
  std::string_view name;
  std::string_view rfc;      ///< the section that defines it now, e.g. "RFC 3311 §5"
  std::string_view meaning;  ///< one line
  bool creates_dialog;       ///< a 2xx (for INVITE a tagged 1xx too) can make a dialog
  bool in_dialog;            ///< may be sent inside a dialog
  bool out_of_dialog;        ///< may be sent outside one
  bool target_refresh;       ///< its Contact replaces the remote target (RFC 3261 §12.2)
  bool carries_offer;        ///< may carry an offer (RFC 6337 §2); ACK carries at most an answer
};

namespace registry {
inline constexpr auto methods = std::to_array<MethodInfo>({
    // name        rfc              meaning                                        dialog  in     out    target offer
    {"ACK", "RFC 3261 §13.2.2.4", "acknowledges the final response to an INVITE", false, true, true, false, false},
    {"BYE", "RFC 3261 §15", "ends a session", false, true, false, false, false},
    {"CANCEL", "RFC 3261 §9", "asks to give up a pending INVITE", false, true, true, false, false},
    {"INFO", "RFC 6086 §4", "carries application data inside a session", false, true, false, false, false},
    {"INVITE", "RFC 3261 §13", "sets up or changes a session", true, true, true, true, true},
    {"MESSAGE", "RFC 3428 §4", "carries one instant message", false, true, true, false, false},
    {"NOTIFY", "RFC 6665 §4.2", "reports the state of a subscription", true, true, false, true, false},
    {"OPTIONS", "RFC 3261 §11", "asks what the other side can do", false, true, true, false, false},
    {"PRACK", "RFC 3262 §6", "acknowledges a reliable provisional response", false, true, false, false, true},
    {"PUBLISH", "RFC 3903 §4", "gives event state to its compositor", false, true, true, false, false},
    {"REFER", "RFC 3515 §2", "asks the other side to contact somebody", true, true, true, true, false},
    {"REGISTER", "RFC 3261 §10", "binds an address of record to a contact", false, false, true, false, false},
    {"SUBSCRIBE", "RFC 6665 §4.1", "asks to be told of changes of state", true, true, true, true, false},
    {"UPDATE", "RFC 3311 §5", "changes a session without touching its dialog", false, true, false, true, true},
});
}  // namespace registry

/// Every method that IANA registers, by name, ascending.
PEAL_API std::span<const MethodInfo> method_table() noexcept;

/// The row of `name`, in any letter case (people type "prack"; on the wire case matters);
/// nullptr when the table has none.
PEAL_API const MethodInfo* find_method(std::string_view name) noexcept;

}  // namespace peal::inline v0
