#pragma once

#include "journal.hpp"

#include <peal/testing/expect.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace peal::inline v0::sim {

/// `*` stands for any text, also none; all else for itself. The whole text must fit.
bool fits_pattern(std::string_view text, std::string_view pattern);

/// What a message must be like, and why one is not.
struct MessagePattern {
  struct Line {
    std::string name;
    std::optional<std::string> value;  ///< empty: any
    bool absent = false;
  };
  transport::Direction direction = transport::Direction::received;
  std::string start;  ///< empty: any
  std::vector<Participant> other_end{};
  std::vector<Line> lines{};
  std::optional<std::string> body{};  ///< "" : any that is not empty
  bool no_body = false;

  [[nodiscard]] bool fits_start(std::string_view message) const;
  /// Empty when it fits; else the first thing that does not: `its Contact is "<sip:a@b>"`.
  [[nodiscard]] std::string why_not(const Kept& message) const;
  /// `200 to INVITE from alice, with Contact "…"`.
  [[nodiscard]] std::string text() const;
};

/// `180 Ringing to 1 INVITE` or `INVITE sip:bob@192.0.2.2`: enough to know the message by.
std::string summary_of(std::string_view message);

}  // namespace peal::inline v0::sim
