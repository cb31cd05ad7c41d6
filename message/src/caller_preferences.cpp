#include "param_value.hpp"

#include <peal/message/caller_preferences.hpp>

#include <array>
#include <charconv>
#include <limits>

namespace peal::inline v0 {

namespace {

using grammar::At;
using grammar::Scan;

constexpr std::array<std::string_view, 12> directives{"proxy",    "redirect",   "cancel",  "no-cancel",
                                                      "fork",     "no-fork",    "recurse", "no-recurse",
                                                      "parallel", "sequential", "queue",   "no-queue"};

/// What stands in the quotes of a feature parameter, read from the left (RFC 3840 §9).
class FeatureReader {
 public:
  explicit FeatureReader(std::string_view text) : text_(text) {}

  [[nodiscard]] bool done() const noexcept { return at_ == text_.size(); }
  [[nodiscard]] std::size_t at() const noexcept { return at_; }
  bool take(std::string_view what) noexcept {
    if (!text_.substr(at_).starts_with(what)) return false;
    at_ += what.size();
    return true;
  }

  /// "<" *( qdtext-no-abkt / quoted-pair ) ">"
  bool string(FeatureValue& out) noexcept {
    const auto start = at_;
    for (; at_ < text_.size() && text_[at_] != '>'; ++at_) {
      if (text_[at_] == '<') return false;
      if (text_[at_] == '\\') ++at_;
    }
    if (at_ >= text_.size()) return false;
    out.kind = FeatureValue::Kind::string;
    out.text = text_.substr(start, at_++ - start);
    return true;
  }

  /// "#" ( ">=" / "<=" / "=" / number ":" ) number
  bool numeric(FeatureValue& out) noexcept {
    constexpr double infinite = std::numeric_limits<double>::infinity();
    const auto start = at_++;
    bool good = false;
    if (take(">=")) {
      good = number(out.least);
      out.most = infinite;
    } else if (take("<=")) {
      good = number(out.most);
      out.least = -infinite;
    } else if (take("=")) {
      good = number(out.least);
      out.most = out.least;
    } else {
      good = number(out.least) && take(":") && number(out.most);
    }
    out.kind = FeatureValue::Kind::number;
    out.text = text_.substr(start, at_ - start);
    return good;
  }

  bool token(FeatureValue& out) noexcept {
    const auto start = at_;
    while (at_ < text_.size() && text_[at_] != '!' && ascii::is(text_[at_], ascii::token)) ++at_;
    out.text = text_.substr(start, at_ - start);
    const bool boolean = ascii::equal(out.text, "TRUE") || ascii::equal(out.text, "FALSE");
    out.kind = boolean ? FeatureValue::Kind::boolean : FeatureValue::Kind::token;
    return !out.text.empty();
  }

 private:
  /// [ "+" / "-" ] 1*DIGIT [ "." 0*DIGIT ]
  bool number(double& out) noexcept {
    const bool negative = take("-");
    if (!negative) take("+");
    const auto start = at_;
    while (at_ < text_.size() && ascii::is(text_[at_], ascii::digit)) ++at_;
    if (at_ == start) return false;
    if (take("."))
      while (at_ < text_.size() && ascii::is(text_[at_], ascii::digit)) ++at_;
    const auto read = std::from_chars(text_.data() + start, text_.data() + at_, out, std::chars_format::fixed);
    if (negative) out = -out;
    return read.ec == std::errc{};
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

/// Whether one value was read into `out`.
bool feature_value(FeatureReader& reader, std::string_view text, FeatureValue& out) noexcept {
  out.negated = reader.take("!");
  if (!reader.done() && text[reader.at()] == '#') return reader.numeric(out);
  return reader.token(out);
}

/// "+" ALPHA *( ALPHA / DIGIT / "!" / "'" / "." / "-" / "%" )
bool is_indicator(std::string_view name) noexcept {
  if (name.size() < 2 || name[0] != '+' || !ascii::is(name[1], ascii::alpha)) return false;
  for (const char c : name.substr(2))
    if (!ascii::is(c, ascii::alpha | ascii::digit) && !ascii::is_one_of(c, "!'.-%")) return false;
  return true;
}

At star(At p, Scan& s) noexcept { return *p == '*' ? p + 1 : s.fail(parse_errc::bad_token, p); }

/// The first parameter whose name stood before; nullptr when all differ. Their number has a limit.
const char* repeated(const ParamsView& params) {
  for (const auto& param : params)
    if (const auto first = params.find(param.name); first->name.data() != param.name.data()) return param.name.data();
  return nullptr;
}

template <class View>
Result<View, ParseError> read_set(InMessage from, const char*& end) {
  auto out = grammar::read_param_value<View>(from, end, star);
  if (!out) return out;
  if (const auto* name = repeated(out->params()))
    return fail(parse_errc::repeated_parameter, grammar::distance(from.at, name));
  return out;
}

/// `values` in quotes, when they are of the grammar.
template <class Set>
Result<void, ParseError> set_values(Set& set, std::string_view name, std::string_view values) {
  if (values.empty()) return set.set_param(name);
  auto text = detail::quoted(values);
  if (!text) return fail(text.error());
  Param param{name, *text, true};
  if (auto ok = feature_values(param); !ok) return fail(ok.error());
  return set.set_param(name, *text);
}

}  // namespace

Result<std::vector<FeatureValue>, ParseError> feature_values(const Param& param) {
  std::vector<FeatureValue> out(1);
  out.front().text = "TRUE";
  if (!param.has_value) return out;
  const auto text = param.value;
  if (text.size() < 3 || text.front() != '"') return fail(parse_errc::bad_parameter, 0);
  const auto inside = text.substr(1, text.size() - 2);
  FeatureReader reader(inside);
  const auto bad = [&] { return fail(parse_errc::bad_parameter, static_cast<std::uint32_t>(reader.at() + 1)); };
  if (reader.take("<")) {
    if (!reader.string(out.front()) || !reader.done()) return bad();
    return out;
  }
  for (;;) {
    if (!feature_value(reader, inside, out.back())) return bad();
    if (reader.done()) return out;
    if (!reader.take(",")) return bad();
    out.emplace_back();
  }
}

Result<ContactPredicateView, ParseError> ContactPredicateView::read(InMessage from, const char*& end) {
  return read_set<ContactPredicateView>(from, end);
}
Result<ContactPredicateView, ParseError> ContactPredicateView::parse(std::string_view text) {
  return grammar::parse_parts<ContactPredicateView>(text);
}

ContactPredicate ContactPredicate::make(bool require, bool explicit_match) {
  ContactPredicate out(*ContactPredicateView::parse("*"));
  if (require) (void)out.set_param("require");
  if (explicit_match) (void)out.set_param("explicit");
  return out;
}

Result<void, ParseError> ContactPredicate::set_feature(std::string_view name, std::string_view values) {
  return set_values(*this, name, values);
}

Result<FeatureCapsView, ParseError> FeatureCapsView::read(InMessage from, const char*& end) {
  auto out = read_set<FeatureCapsView>(from, end);
  if (!out) return out;
  for (const auto& param : out->params()) {
    if (!is_indicator(param.name))
      return fail(parse_errc::bad_parameter, grammar::distance(from.at, param.name.data()));
    if (const auto values = feature_values(param); !values)
      return fail(parse_errc::bad_parameter, grammar::distance(from.at, param.value.data()) + values.error().offset);
  }
  return out;
}
Result<FeatureCapsView, ParseError> FeatureCapsView::parse(std::string_view text) {
  return grammar::parse_parts<FeatureCapsView>(text);
}

FeatureCaps FeatureCaps::make() { return FeatureCaps(*FeatureCapsView::parse("*")); }

Result<void, ParseError> FeatureCaps::set_indicator(std::string_view name, std::string_view values) {
  return set_values(*this, name, values);
}

Result<Directive, ParseError> Directive::read(InMessage from, const char*& end) {
  Scan s;
  end = grammar::token(from.at, s);
  if (end == nullptr) return grammar::unread(from, s);
  const auto text = grammar::between(from.at, end);
  for (std::size_t i = 0; i < directives.size(); ++i)
    if (ascii::equal(text, directives[i])) return Directive{static_cast<Kind>(i)};
  return fail(parse_errc::bad_token, 0);
}

Result<Directive, ParseError> Directive::parse(std::string_view text) {
  const grammar::Padded copy(text);
  At end = copy.begin();
  auto out = read(copy.in_message(), end);
  if (out && end != copy.end()) return fail(parse_errc::trailing_bytes, grammar::distance(copy.begin(), end));
  return out;
}

std::string_view Directive::name() const noexcept { return directives[static_cast<std::size_t>(kind)]; }

}  // namespace peal::inline v0
