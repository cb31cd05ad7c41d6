#pragma once

#include <peal/message/param_value.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Event, Allow-Events and Subscription-State (RFC 6665 §8.4); Info-Package and Recv-Info (RFC 6086 §9.2).
namespace peal::inline v0 {

/// Event: a package, its templates, and parameters.
class EventView : public ParamValueView {
 public:
  using ParamValueView::ParamValueView;
  PEAL_API static Result<EventView, ParseError> parse(std::string_view text);
  PEAL_API static Result<EventView, ParseError> read(InMessage from, const char*& end);
  /// Package and templates, as in "presence.winfo".
  [[nodiscard]] std::string_view type() const noexcept { return value(); }
  [[nodiscard]] std::string_view package() const noexcept { return value().substr(0, value().find('.')); }
  [[nodiscard]] std::string_view id() const { return params().value("id"); }  ///< empty when there is none
};

class Event : public OwnedAs<EventView, Event> {
 public:
  using OwnedAs::OwnedAs;
  /// Without `id` when that is empty.
  PEAL_API static Result<Event, ParseError> make(std::string_view type, std::string_view id = {});
};

/// An event-type of Allow-Events: a package and its templates.
class EventType {
 public:
  using View = std::string_view;
  EventType() = default;
  PEAL_API static Result<View, ParseError> parse_view(std::string_view text);
  PEAL_API static Result<View, ParseError> read(InMessage from, const char*& end);
  PEAL_API static Result<EventType, ParseError> parse(std::string_view text);
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  void append_to(std::string& out) const { out += text_; }

 private:
  std::string text_;
};

/// Subscription-State: a state, why, and for how long.
class SubscriptionStateView : public ParamValueView {
 public:
  using ParamValueView::ParamValueView;
  PEAL_API static Result<SubscriptionStateView, ParseError> parse(std::string_view text);
  PEAL_API static Result<SubscriptionStateView, ParseError> read(InMessage from, const char*& end);
  /// "active", "pending", "terminated" or another token: `is("active")` compares without case.
  [[nodiscard]] std::string_view state() const noexcept { return value(); }
  [[nodiscard]] PEAL_API bool is(std::string_view state) const noexcept;
  [[nodiscard]] std::string_view reason() const { return params().value("reason"); }  ///< empty when there is none
  /// Over 2**32-1 counts as 2**32-1.
  [[nodiscard]] PEAL_API std::optional<std::chrono::seconds> expires() const;
  [[nodiscard]] PEAL_API std::optional<std::chrono::seconds> retry_after() const;
};

class SubscriptionState : public OwnedAs<SubscriptionStateView, SubscriptionState> {
 public:
  using OwnedAs::OwnedAs;
  struct Params {
    std::string_view reason{};
    std::optional<std::chrono::seconds> expires{};
    std::optional<std::chrono::seconds> retry_after{};
  };
  PEAL_API static Result<SubscriptionState, ParseError> make(std::string_view state, const Params& params);
  static Result<SubscriptionState, ParseError> make(std::string_view state) { return make(state, Params()); }
};

/// An Info-Package, or one of the list of Recv-Info.
class InfoPackageView : public ParamValueView {
 public:
  using ParamValueView::ParamValueView;
  PEAL_API static Result<InfoPackageView, ParseError> parse(std::string_view text);
  PEAL_API static Result<InfoPackageView, ParseError> read(InMessage from, const char*& end);
  [[nodiscard]] std::string_view name() const noexcept { return value(); }
};

using InfoPackage = Owned<InfoPackageView>;

}  // namespace peal::inline v0
