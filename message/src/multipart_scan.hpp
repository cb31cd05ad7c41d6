#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace peal::inline v0 {

/// Is `text` a boundary of RFC 2046 §5.1.1: 1 to 70 bchars, no blank at the end?
constexpr bool is_boundary(std::string_view text) noexcept {
  if (text.empty() || text.size() > 70 || text.back() == ' ') return false;
  for (const char c : text) {
    const bool alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!alnum && std::string_view("'()+_,-./:=? ").find(c) == std::string_view::npos) return false;
  }
  return true;
}

/// Finds the lines of a multipart that are its boundary delimiters.
class DelimiterScan {
 public:
  /// Where a delimiter stands, the line end in front of it included: that is no part of the content before.
  struct Delimiter {
    std::size_t begin = 0;
    std::size_t end = 0;  ///< behind its own line end
    bool closing = false;
  };

  /// `boundary` without the hyphens in front. LF ends a line only when `bare_lf`.
  DelimiterScan(std::string_view text, std::string_view boundary, bool bare_lf)
      : text_(text), boundary_(boundary), bare_lf_(bare_lf) {}

  std::optional<Delimiter> next() {
    for (;;) {
      const auto at = text_.find(boundary_, from_);
      if (at == text_.npos) return std::nullopt;
      from_ = at + 1;
      if (at < 2 || text_.substr(at - 2, 2) != "--") continue;
      Delimiter out;
      if (!begins_line(at - 2, out) || !ends_line(at + boundary_.size(), out)) continue;
      from_ = out.end;
      limit_ = out.end;
      return out;
    }
  }

 private:
  bool begins_line(std::size_t hyphens, Delimiter& out) const {
    out.begin = hyphens;
    if (hyphens == limit_) return true;  // at the start, or right behind the delimiter before
    if (hyphens < limit_ || text_[hyphens - 1] != '\n') return false;
    const bool crlf = hyphens - limit_ >= 2 && text_[hyphens - 2] == '\r';
    if (!crlf && !bare_lf_) return false;
    out.begin = hyphens - (crlf ? 2 : 1);
    return true;
  }

  /// [ "--" ] *LWSP-char, then a line end or the end of the text. A longer boundary that begins like ours is none.
  bool ends_line(std::size_t at, Delimiter& out) const {
    if (text_.substr(at, 2) == "--") {
      out.closing = true;
      at += 2;
    }
    while (at < text_.size() && (text_[at] == ' ' || text_[at] == '\t')) ++at;
    out.end = text_.size();
    if (at == text_.size()) return true;
    if (text_[at] == '\r' && at + 1 < text_.size() && text_[at + 1] == '\n') {
      out.end = at + 2;
      return true;
    }
    out.end = at + 1;
    return bare_lf_ && text_[at] == '\n';
  }

  std::string_view text_;
  std::string_view boundary_;
  bool bare_lf_;
  std::size_t from_ = 0;
  std::size_t limit_ = 0;
};

}  // namespace peal::inline v0
