#pragma once

#include <peal/message/export.hpp>
#include <peal/trace/record.hpp>

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace peal::inline v0::trace {

/// What a ladder's reader should see. Endpoints with the same name share a column; columns stand in the order of
/// `names`, then of appearance.
struct LadderOptions {
  std::vector<std::pair<Endpoint, std::string>> names{};
  std::string title{};
  Secrets secrets = Secrets::hidden;
};

// In all three a message that both its sender and its receiver recorded is one arrow. `(again)` marks what had been
// sent before, byte for byte; `(copy)` a second arrival of one sending; an arrow that ends in `x` was sent and not
// received, though its receiver records. Everything from the wire is escaped: control characters, bidirectional
// overrides and bytes that are no UTF-8 show as \x1b, \u{202e}, \xff.

/// For terminals: a line a message, seconds since the first at the left.
///
///            alice                  bob
///              |                     |
///   0.000      |--- INVITE (SDP) --->|
///   0.101      |<---- 180 Ringing ---|
PEAL_API std::string ladder_text(std::span<const Record> records, const LadderOptions& options = {});

/// A Mermaid sequenceDiagram: GitHub, GitLab and many editors draw it.
PEAL_API std::string ladder_mermaid(std::span<const Record> records, const LadderOptions& options = {});

/// One HTML page without scripts or anything from outside, for phones too, light and dark; each arrow unfolds to the
/// whole message.
PEAL_API std::string ladder_html(std::span<const Record> records, const LadderOptions& options = {});

}  // namespace peal::inline v0::trace
