#pragma once

#include <peal/message/owned_params.hpp>
#include <peal/message/uri_ref.hpp>

#include <string>
#include <string_view>

namespace peal::inline v0 {

/// An element of Geolocation (RFC 6442 §4.1): `<cid:target123@atlanta.example.com>`.
class GeolocationView : public UriRefView {
 public:
  using UriRefView::UriRefView;
  PEAL_API static Result<GeolocationView, ParseError> parse(std::string_view text);
  PEAL_API static Result<GeolocationView, ParseError> read(InMessage from, const char*& end);
  /// The location stands in a body part of this message, and is not to be fetched.
  [[nodiscard]] PEAL_API bool is_in_body() const noexcept;
  /// Of that body part, as its Content-ID has it between the <> (RFC 2392); empty when it is not in the body.
  [[nodiscard]] PEAL_API std::string content_id() const;
};

class Geolocation : public OwnedParams<GeolocationView, Geolocation> {
 public:
  using OwnedParams::OwnedParams;
  /// `<uri>`; bad_uri for an empty one.
  PEAL_API static Result<Geolocation, ParseError> make(const UriView& uri);
};

/// Geolocation-Error (RFC 6442 §4.4): `100;code="Cannot Process Location"`.
class GeolocationErrorView : public ParamValueView {
 public:
  using ParamValueView::ParamValueView;
  PEAL_API static Result<GeolocationErrorView, ParseError> parse(std::string_view text);
  PEAL_API static Result<GeolocationErrorView, ParseError> read(InMessage from, const char*& end);
  [[nodiscard]] PEAL_API unsigned code() const noexcept;
  /// What the `code` parameter says to people; empty when there is none.
  [[nodiscard]] PEAL_API std::string reason() const;
};

class GeolocationError : public OwnedParams<GeolocationErrorView, GeolocationError> {
 public:
  using OwnedParams::OwnedParams;
  /// bad_number for a code over 999, bad_byte for CR, LF and NUL in `reason`.
  PEAL_API static Result<GeolocationError, ParseError> make(unsigned code, std::string_view reason = {});
};

/// Geolocation-Routing (RFC 6442 §4.2): may intermediaries route by the location?
class GeolocationRoutingView : public ParamValueView {
 public:
  using ParamValueView::ParamValueView;
  PEAL_API static Result<GeolocationRoutingView, ParseError> parse(std::string_view text);
  PEAL_API static Result<GeolocationRoutingView, ParseError> read(InMessage from, const char*& end);
  /// "yes"; every other value means "no", those of later extensions too.
  [[nodiscard]] PEAL_API bool allowed() const noexcept;
};

class GeolocationRouting : public Owned<GeolocationRoutingView> {
 public:
  using Owned::Owned;
  PEAL_API explicit GeolocationRouting(bool allowed);
};

/// AlertMsg-Error (RFC 8876 §5.2): `100;message="Cannot process the alert payload"`.
class AlertMsgErrorView : public ParamValueView {
 public:
  using ParamValueView::ParamValueView;
  PEAL_API static Result<AlertMsgErrorView, ParseError> parse(std::string_view text);
  PEAL_API static Result<AlertMsgErrorView, ParseError> read(InMessage from, const char*& end);
  [[nodiscard]] PEAL_API unsigned code() const noexcept;
  /// Empty when there is none.
  [[nodiscard]] PEAL_API std::string message() const;
};

class AlertMsgError : public OwnedParams<AlertMsgErrorView, AlertMsgError> {
 public:
  using OwnedParams::OwnedParams;
  /// bad_number for a code over 999, bad_byte for CR, LF and NUL in `message`.
  PEAL_API static Result<AlertMsgError, ParseError> make(unsigned code, std::string_view message = {});
};

}  // namespace peal::inline v0
