#pragma once

#include <peal/message/method.hpp>
#include <peal/message/param_value.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What names dialogs and sessions: Replaces, Join, Target-Dialog, RSeq, RAck, Session-Expires, Min-SE, Session-ID,
/// Answer-Mode.
namespace peal::inline v0 {

/// Replaces (RFC 3891 §6.1). A tag of "0" also stands for none (RFC 2543 peers).
class ReplacesView : public ParamValueView {
 public:
  using ParamValueView::ParamValueView;
  PEAL_API static Result<ReplacesView, ParseError> parse(std::string_view text);
  PEAL_API static Result<ReplacesView, ParseError> read(InMessage from, const char*& end);
  [[nodiscard]] std::string_view call_id() const noexcept { return value(); }
  [[nodiscard]] std::string_view to_tag() const { return params().value("to-tag"); }
  [[nodiscard]] std::string_view from_tag() const { return params().value("from-tag"); }
  [[nodiscard]] bool early_only() const { return params().has("early-only"); }
};

class Replaces : public OwnedAs<ReplacesView, Replaces> {
 public:
  using OwnedAs::OwnedAs;
  PEAL_API static Result<Replaces, ParseError> make(std::string_view call_id, std::string_view to_tag,
                                                    std::string_view from_tag, bool early_only = false);
};

/// Join (RFC 3911 §7.1). Tags as in Replaces.
class JoinView : public ParamValueView {
 public:
  using ParamValueView::ParamValueView;
  PEAL_API static Result<JoinView, ParseError> parse(std::string_view text);
  PEAL_API static Result<JoinView, ParseError> read(InMessage from, const char*& end);
  [[nodiscard]] std::string_view call_id() const noexcept { return value(); }
  [[nodiscard]] std::string_view to_tag() const { return params().value("to-tag"); }
  [[nodiscard]] std::string_view from_tag() const { return params().value("from-tag"); }
};

class Join : public OwnedAs<JoinView, Join> {
 public:
  using OwnedAs::OwnedAs;
  PEAL_API static Result<Join, ParseError> make(std::string_view call_id, std::string_view to_tag,
                                                std::string_view from_tag);
};

/// Target-Dialog (RFC 4538 §7). Local and remote are those of who receives it.
class TargetDialogView : public ParamValueView {
 public:
  using ParamValueView::ParamValueView;
  PEAL_API static Result<TargetDialogView, ParseError> parse(std::string_view text);
  PEAL_API static Result<TargetDialogView, ParseError> read(InMessage from, const char*& end);
  [[nodiscard]] std::string_view call_id() const noexcept { return value(); }
  [[nodiscard]] std::string_view local_tag() const { return params().value("local-tag"); }
  [[nodiscard]] std::string_view remote_tag() const { return params().value("remote-tag"); }
};

class TargetDialog : public OwnedAs<TargetDialogView, TargetDialog> {
 public:
  using OwnedAs::OwnedAs;
  PEAL_API static Result<TargetDialog, ParseError> make(std::string_view call_id, std::string_view local_tag,
                                                        std::string_view remote_tag);
};

/// RSeq (RFC 3262 §7.1): 1 to 2**32-1.
struct RSeq {
  using View = RSeq;
  std::uint32_t value = 1;
  PEAL_API static Result<RSeq, ParseError> parse(std::string_view text);
  PEAL_API static Result<RSeq, ParseError> read(InMessage from, const char*& end);
  PEAL_API void append_to(std::string& out) const;
  friend bool operator==(const RSeq&, const RSeq&) noexcept = default;
};

/// RAck (RFC 3262 §7.2): the RSeq of the response that is acknowledged, and its CSeq.
struct RAck {
  using View = RAck;
  std::uint32_t rseq = 1;
  std::uint32_t cseq = 0;  ///< below 2**31
  Method method;
  PEAL_API static Result<RAck, ParseError> parse(std::string_view text);
  PEAL_API static Result<RAck, ParseError> read(InMessage from, const char*& end);
  PEAL_API void append_to(std::string& out) const;
  friend bool operator==(const RAck&, const RAck&) noexcept = default;
};

enum class Refresher : std::uint8_t { uac, uas };

/// Session-Expires (RFC 4028 §4).
class SessionExpiresView : public ParamValueView {
 public:
  using ParamValueView::ParamValueView;
  PEAL_API static Result<SessionExpiresView, ParseError> parse(std::string_view text);
  PEAL_API static Result<SessionExpiresView, ParseError> read(InMessage from, const char*& end);
  /// Over 2**32-1 counts as 2**32-1.
  [[nodiscard]] PEAL_API std::chrono::seconds interval() const noexcept;
  [[nodiscard]] PEAL_API std::optional<Refresher> refresher() const;
};

class SessionExpires : public OwnedAs<SessionExpiresView, SessionExpires> {
 public:
  using OwnedAs::OwnedAs;
  PEAL_API static Result<SessionExpires, ParseError> make(std::chrono::seconds interval,
                                                          std::optional<Refresher> refresher = std::nullopt);
};

/// Min-SE (RFC 4028 §5).
class MinSeView : public ParamValueView {
 public:
  using ParamValueView::ParamValueView;
  PEAL_API static Result<MinSeView, ParseError> parse(std::string_view text);
  PEAL_API static Result<MinSeView, ParseError> read(InMessage from, const char*& end);
  /// Over 2**32-1 counts as 2**32-1.
  [[nodiscard]] PEAL_API std::chrono::seconds interval() const noexcept;
};

class MinSe : public OwnedAs<MinSeView, MinSe> {
 public:
  using OwnedAs::OwnedAs;
  PEAL_API static Result<MinSe, ParseError> make(std::chrono::seconds interval);
};

/// Session-ID (RFC 7989 §5): 32 digits and letters a to f each.
class SessionIdView : public ParamValueView {
 public:
  /// Who is not known yet.
  static constexpr std::string_view nil = "00000000000000000000000000000000";
  using ParamValueView::ParamValueView;
  PEAL_API static Result<SessionIdView, ParseError> parse(std::string_view text);
  PEAL_API static Result<SessionIdView, ParseError> read(InMessage from, const char*& end);
  [[nodiscard]] std::string_view local() const noexcept { return value(); }  ///< of who sent the message
  /// Of who it is for; empty when absent, as from a peer of RFC 7329.
  [[nodiscard]] std::string_view remote() const { return params().value("remote"); }
};

class SessionId : public OwnedAs<SessionIdView, SessionId> {
 public:
  using OwnedAs::OwnedAs;
  PEAL_API static Result<SessionId, ParseError> make(std::string_view local,
                                                     std::string_view remote = SessionIdView::nil);
};

/// Answer-Mode and Priv-Answer-Mode (RFC 5373 §2).
class AnswerModeView : public ParamValueView {
 public:
  using ParamValueView::ParamValueView;
  PEAL_API static Result<AnswerModeView, ParseError> parse(std::string_view text);
  PEAL_API static Result<AnswerModeView, ParseError> read(InMessage from, const char*& end);
  [[nodiscard]] std::string_view mode() const noexcept { return value(); }  ///< "Manual", "Auto" or another token
  [[nodiscard]] PEAL_API bool is_auto() const noexcept;
  [[nodiscard]] PEAL_API bool is_manual() const noexcept;
  [[nodiscard]] bool required() const { return params().has("require"); }
};

class AnswerMode : public OwnedAs<AnswerModeView, AnswerMode> {
 public:
  using OwnedAs::OwnedAs;
  PEAL_API static Result<AnswerMode, ParseError> make(std::string_view mode, bool required = false);
};

}  // namespace peal::inline v0
