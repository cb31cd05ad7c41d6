#pragma once

#include <peal/message/owned_params.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace peal::inline v0 {

/// One value of a feature parameter (RFC 3840 §9): in `methods="INVITE,!BYE"` there are two.
struct FeatureValue {
  enum class Kind : std::uint8_t { token, boolean, number, string };
  Kind kind = Kind::boolean;
  bool negated = false;   ///< '!' stands in front
  std::string_view text;  ///< the token, TRUE or FALSE, the number with its '#', or what stands in <>, escapes kept
  double least = 0, most = 0;  ///< of a number: the range, infinite where it is open
};

/// The values of `param`, a feature parameter: one that is TRUE when it has none. bad_parameter and an offset into
/// param.value when they are not of RFC 3840's grammar.
PEAL_API Result<std::vector<FeatureValue>, ParseError> feature_values(const Param& param);

/// `*` and features: what Accept-Contact, Reject-Contact and Feature-Caps share.
class FeatureSetView : public ParamValueView {
 public:
  using ParamValueView::ParamValueView;
  /// By its name, without case, the '+' of other tags included: "audio", "+sip.instance".
  [[nodiscard]] std::optional<Param> feature(std::string_view name) const { return params().find(name); }
};

/// A contact predicate of Accept-Contact or Reject-Contact (RFC 3841 §9.2, 10): `*;audio;require`. Each feature and
/// each of `require` and `explicit` stands once (repeated_parameter).
class ContactPredicateView : public FeatureSetView {
 public:
  using FeatureSetView::FeatureSetView;
  PEAL_API static Result<ContactPredicateView, ParseError> parse(std::string_view text);
  PEAL_API static Result<ContactPredicateView, ParseError> read(InMessage from, const char*& end);
  [[nodiscard]] bool is_required() const { return params().has("require"); }
  [[nodiscard]] bool is_explicit() const { return params().has("explicit"); }
};

class ContactPredicate : public OwnedParams<ContactPredicateView, ContactPredicate> {
 public:
  using OwnedParams::OwnedParams;
  /// `*`, and the flags that are asked for; features come by set_feature.
  PEAL_API static ContactPredicate make(bool require = false, bool explicit_match = false);
  /// A feature and its values as RFC 3840 §9 writes them ("INVITE,BYE", "#>=5", "<any text>"); none for a flag.
  /// bad_parameter when they are of another grammar.
  PEAL_API Result<void, ParseError> set_feature(std::string_view name, std::string_view values = {});
};

/// An element of Feature-Caps (RFC 6809 §6.2, 6.3): `*;+sip.pns="acme"`.
class FeatureCapsView : public FeatureSetView {
 public:
  using FeatureSetView::FeatureSetView;
  PEAL_API static Result<FeatureCapsView, ParseError> parse(std::string_view text);
  PEAL_API static Result<FeatureCapsView, ParseError> read(InMessage from, const char*& end);
};

class FeatureCaps : public OwnedParams<FeatureCapsView, FeatureCaps> {
 public:
  using OwnedParams::OwnedParams;
  /// `*`, which says nothing yet.
  PEAL_API static FeatureCaps make();
  /// An indicator with its '+', and its values as for ContactPredicate.
  PEAL_API Result<void, ParseError> set_indicator(std::string_view name, std::string_view values = {});
};

/// An element of Request-Disposition (RFC 3841 §9.1). There are no others: "not extensible on purpose".
struct Directive {
  using View = Directive;
  /// In pairs that contradict each other.
  enum class Kind : std::uint8_t {
    proxy,
    redirect,
    cancel,
    no_cancel,
    fork,
    no_fork,
    recurse,
    no_recurse,
    parallel,
    sequential,
    queue,
    no_queue
  };
  Kind kind = Kind::proxy;
  PEAL_API static Result<Directive, ParseError> parse(std::string_view text);
  PEAL_API static Result<Directive, ParseError> read(InMessage from, const char*& end);
  [[nodiscard]] PEAL_API std::string_view name() const noexcept;
  /// A request has one directive of each type: both "fork" and "no-fork" say nothing.
  [[nodiscard]] bool contradicts(const Directive& other) const noexcept {
    return (static_cast<unsigned>(kind) ^ static_cast<unsigned>(other.kind)) == 1;
  }
  void append_to(std::string& out) const { out += name(); }
  friend bool operator==(const Directive&, const Directive&) noexcept = default;
};

}  // namespace peal::inline v0
