#pragma once

#include <peal/message/name_addr.hpp>
#include <peal/message/param_value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// How a call came here and why it ended: Reason, History-Info, Diversion, User-to-User.
namespace peal::inline v0 {

/// A reason-value of Reason (RFC 3326 §2). One message may bring several, also of one protocol (RFC 9366).
class ReasonView : public ParamValueView {
 public:
  using ParamValueView::ParamValueView;
  PEAL_API static Result<ReasonView, ParseError> parse(std::string_view text);
  PEAL_API static Result<ReasonView, ParseError> read(InMessage from, const char*& end);
  /// "SIP", "Q.850" or another token: `is("SIP")` compares without case.
  [[nodiscard]] std::string_view protocol() const noexcept { return value(); }
  [[nodiscard]] PEAL_API bool is(std::string_view protocol) const noexcept;
  /// A status code, a Q.850 cause value…; nullopt when there is none, or it is over 2**32-1.
  [[nodiscard]] PEAL_API std::optional<std::uint32_t> cause() const;
  /// The text parameter without quotes and backslashes; empty when there is none.
  [[nodiscard]] PEAL_API std::string message() const;
};

class Reason : public OwnedAs<ReasonView, Reason> {
 public:
  using OwnedAs::OwnedAs;
  /// Without text when `message` is empty.
  PEAL_API static Result<Reason, ParseError> make(std::string_view protocol, std::optional<std::uint32_t> cause,
                                                  std::string_view message = {});
};

/// How the target of a History-Info entry was found (RFC 7044 §5).
enum class Retargeted : std::uint8_t {
  no,
  rc,  ///< the Request-URI changed, the user did not
  mp,  ///< to another user
  np,  ///< nothing changed
};

/// An hi-entry of History-Info (RFC 7044 §5): a name-addr with an index.
class HistoryInfoView : public NameAddrView {
 public:
  using NameAddrView::NameAddrView;
  PEAL_API static Result<HistoryInfoView, ParseError> parse(std::string_view text);
  PEAL_API static Result<HistoryInfoView, ParseError> read(InMessage from, const char*& end);
  [[nodiscard]] std::string_view index() const { return params().value("index"); }
  [[nodiscard]] std::string_view rc() const { return params().value("rc"); }  ///< an index; empty when there is none
  [[nodiscard]] std::string_view mp() const { return params().value("mp"); }
  [[nodiscard]] std::string_view np() const { return params().value("np"); }
  /// The Reason header in the URI, unescaped, to be read with ReasonView; nullopt when there is none.
  [[nodiscard]] std::optional<std::string> reason() const { return uri().header("Reason"); }
  /// The Privacy header in the URI; nullopt when there is none.
  [[nodiscard]] std::optional<std::string> privacy() const { return uri().header("Privacy"); }
};

class HistoryInfo : public OwnedAs<HistoryInfoView, HistoryInfo> {
 public:
  using OwnedAs::OwnedAs;
  /// `<uri>;index=…`, and `;rc=`, `;mp=` or `;np=` with the index `from` of the entry that it came from.
  PEAL_API static Result<HistoryInfo, ParseError> make(const UriView& uri, std::string_view index,
                                                       Retargeted how = Retargeted::no, std::string_view from = {});
};

/// Diversion (RFC 5806 §4): a name-addr, and why and how often a call was diverted from there.
class DiversionView : public NameAddrView {
 public:
  using NameAddrView::NameAddrView;
  PEAL_API static Result<DiversionView, ParseError> parse(std::string_view text);
  PEAL_API static Result<DiversionView, ParseError> read(InMessage from, const char*& end);
  /// "user-busy", "unconditional"…, without quotes; empty when there is none. So are privacy and screen.
  [[nodiscard]] PEAL_API std::string reason() const;
  [[nodiscard]] PEAL_API std::optional<std::uint32_t> counter() const;  ///< 0 to 99
  [[nodiscard]] PEAL_API std::optional<std::uint32_t> limit() const;    ///< 0 to 99
  [[nodiscard]] PEAL_API std::string privacy() const;                   ///< "full", "name", "uri", "off"…
  [[nodiscard]] PEAL_API std::string screen() const;                    ///< "yes", "no"…
};

class Diversion : public OwnedAs<DiversionView, Diversion> {
 public:
  using OwnedAs::OwnedAs;
  struct Params {
    std::string_view reason{};
    std::optional<std::uint32_t> counter{};
    std::string_view privacy{}, screen{};
  };
  PEAL_API static Result<Diversion, ParseError> make(const UriView& uri, const Params& params);
};

/// A uui-value of User-to-User (RFC 7433 §4.1).
class UserToUserView : public ParamValueView {
 public:
  using ParamValueView::ParamValueView;
  PEAL_API static Result<UserToUserView, ParseError> parse(std::string_view text);
  PEAL_API static Result<UserToUserView, ParseError> read(InMessage from, const char*& end);
  /// Without quotes and backslashes, still encoded as encoding() says.
  [[nodiscard]] PEAL_API std::string data() const;
  [[nodiscard]] std::string_view encoding() const { return params().value("encoding"); }  ///< empty when there is none
  [[nodiscard]] std::string_view purpose() const { return params().value("purpose"); }
  [[nodiscard]] std::string_view content() const { return params().value("content"); }
};

class UserToUser : public OwnedAs<UserToUserView, UserToUser> {
 public:
  using OwnedAs::OwnedAs;
  struct Params {
    std::string_view encoding{}, purpose{}, content{};
  };
  /// Quotes `data` when it is no token.
  PEAL_API static Result<UserToUser, ParseError> make(std::string_view data, const Params& params);
};

}  // namespace peal::inline v0
