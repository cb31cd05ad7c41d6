#pragma once

#include <peal/message/header.hpp>
#include <peal/message/info_values.hpp>
#include <peal/message/name_addr.hpp>
#include <peal/message/param_value.hpp>

#include <optional>
#include <string>
#include <string_view>

/// Refer-To, Referred-By, Refer-Sub, Refer-Events-At: what REFER carries.
namespace peal::inline v0 {

/// Refer-To (RFC 3515 §2.1).
class ReferToView : public NameAddrView {
 public:
  using NameAddrView::NameAddrView;
  PEAL_API static Result<ReferToView, ParseError> parse(std::string_view text);
  PEAL_API static Result<ReferToView, ParseError> read(InMessage from, const char*& end);
  /// The method parameter of a sip or sips URI: what to send there. "INVITE" when there is none.
  [[nodiscard]] PEAL_API std::string_view method() const;
  /// The Replaces header in the URI, unescaped, to be read with ReplacesView (RFC 3891 §5); nullopt when there is none.
  [[nodiscard]] std::optional<std::string> replaces() const { return uri().header("Replaces"); }
};

class ReferTo : public OwnedAs<ReferToView, ReferTo> {
 public:
  using OwnedAs::OwnedAs;
  PEAL_API ReferTo(const NameAddr& address);
  /// `<uri>`; with `replaces`, which is escaped, as header of a sip or sips URI: parse_errc::bad_scheme for others.
  PEAL_API static Result<ReferTo, ParseError> make(const UriView& uri, std::string_view replaces = {});
};

/// Referred-By (RFC 3892 §3).
class ReferredByView : public NameAddrView {
 public:
  using NameAddrView::NameAddrView;
  PEAL_API static Result<ReferredByView, ParseError> parse(std::string_view text);
  PEAL_API static Result<ReferredByView, ParseError> read(InMessage from, const char*& end);
  /// The Content-ID of the body that proves it, without quotes or brackets; empty when there is none.
  [[nodiscard]] PEAL_API std::string cid() const;
};

class ReferredBy : public OwnedAs<ReferredByView, ReferredBy> {
 public:
  using OwnedAs::OwnedAs;
  /// `<uri>;cid="…"`, without the cid when that is empty.
  PEAL_API static Result<ReferredBy, ParseError> make(const UriView& uri, std::string_view cid = {});
};

/// Refer-Sub (RFC 4488 §4): whether a REFER makes a subscription.
class ReferSubView : public ParamValueView {
 public:
  using ParamValueView::ParamValueView;
  PEAL_API static Result<ReferSubView, ParseError> parse(std::string_view text);
  PEAL_API static Result<ReferSubView, ParseError> read(InMessage from, const char*& end);
  [[nodiscard]] PEAL_API bool subscribes() const noexcept;
};

class ReferSub : public OwnedAs<ReferSubView, ReferSub> {
 public:
  using OwnedAs::OwnedAs;
  PEAL_API explicit ReferSub(bool subscribes);
};

/// Refer-Events-At (RFC 7614 §4.8): a sip or sips URI in <>.
class ReferEventsAtView : public InfoUriView {
 public:
  using InfoUriView::InfoUriView;
  PEAL_API static Result<ReferEventsAtView, ParseError> parse(std::string_view text);
  PEAL_API static Result<ReferEventsAtView, ParseError> read(InMessage from, const char*& end);
};

class ReferEventsAt : public OwnedAs<ReferEventsAtView, ReferEventsAt> {
 public:
  using OwnedAs::OwnedAs;
  PEAL_API static Result<ReferEventsAt, ParseError> make(const UriView& uri);
};

}  // namespace peal::inline v0
