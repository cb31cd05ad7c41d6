#pragma once

#include <peal/message/export.hpp>
#include <peal/message/status.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace peal::inline v0 {

/// What a response code or a method means, for the person who meets it in a trace. The texts are
/// compiled in and live as long as the program. Every field is filled.
struct Explanation {
  std::string_view title;       ///< "403 Forbidden", "PRACK", or "4xx Unregistered client error"
  std::string_view meaning;     ///< code: what it says; method: what it is for
  std::string_view sent_by;     ///< which element, to what, inside or outside a dialog
  std::string_view causes;      ///< code: what is usually behind it; method: the answers it gets
  std::string_view remedy;      ///< what to do for whoever sent the request (UAC)
  std::string_view remedy_uas;  ///< what to do for whoever receives or answers it (UAS)
  std::string_view rfc;         ///< sections to read, the defining one first

  /// True of a code (or class of codes), false of a method.
  [[nodiscard]] constexpr bool is_code() const noexcept {
    return !title.empty() && title.front() >= '1' && title.front() <= '6';
  }
};

/// Explains `code`. One that is not in `status_table()` gets the text of its class, which says that
/// it is unregistered and what it is treated as (RFC 3261 §8.1.3.2). Empty only outside 100..699.
PEAL_API std::optional<Explanation> explain(StatusCode code);

/// Explains a registered method, in any letter case; empty for others.
PEAL_API std::optional<Explanation> explain_method(std::string_view name);

/// Everything there is to explain: the codes ascending then the six classes; the methods by name.
PEAL_API std::span<const Explanation> explained_codes() noexcept;
PEAL_API std::span<const Explanation> explained_methods() noexcept;

/// The explanation as text for a terminal `width` columns wide (at least 40), with a final newline.
PEAL_API std::string format(const Explanation& explanation, std::size_t width = 80);
/// The same of `explain(code)`; an unregistered code stands in the title itself: "431 Unregistered client error".
PEAL_API std::optional<std::string> format(StatusCode code, std::size_t width = 80);

/// Everything that goes by the name of `token`, in any letter case, one text behind the other with an empty line
/// between: a code, a method, an option tag, an event package, a header or its compact form. `refer` is a method and
/// an event package, `path` an option tag and a header. Empty when nothing is registered under that name.
PEAL_API std::string explain_token(std::string_view token, std::size_t width = 80);

}  // namespace peal::inline v0
