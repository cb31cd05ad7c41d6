#pragma once

#include <peal/message/sdp/attributes.hpp>

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace peal::inline v0::sdp {

/// How a line ended on the wire. Lines that we write end in CRLF.
enum class LineEnd : std::uint8_t { crlf, lf, none };

/// One `x=value`, as it stands. A blank line behind the description has type '\0'.
struct Line {
  char type = '\0';
  LineEnd end = LineEnd::crlf;
  std::string value;
  friend bool operator==(const Line&, const Line&) = default;
};

/// `a=name` or `a=name:value`. A view.
struct Attribute {
  std::string_view name;
  std::string_view value;
  bool has_value = false;
};

/// `b=AS:128` (RFC 8866 §5.8): kilobit a second for CT and AS.
struct Bandwidth {
  std::string_view type;
  std::uint64_t value = 0;
};

/// What `Section::get` and its kin ask of an attribute's type.
template <class T>
concept TypedAttribute = requires(const T& value, std::string& out, std::string_view text) {
  { T::name } -> std::convertible_to<std::string_view>;
  { T::parse(text) } -> std::same_as<Result<T, ParseError>>;
  value.append_to(out);
};

/// The lines of one level of a description: the session's, or one media description's.
/// Lines keep their bytes and order; an edit touches its own line only. Setters answer errc::forbidden_byte for
/// CR, LF or NUL and errc::invalid_value for what the grammar does not allow, and then change nothing.
/// A view that was read here is valid until the next edit.
class PEAL_API Section {
 public:
  // ---- reading attributes. Names are case-sensitive (RFC 8866 §5.13)
  [[nodiscard]] std::vector<Attribute> attributes() const;
  /// The value of the first attribute of that name: empty for `a=name`, nullopt when there is none.
  [[nodiscard]] std::optional<std::string_view> attribute(std::string_view name) const;
  [[nodiscard]] bool has_attribute(std::string_view name) const { return attribute(name).has_value(); }
  /// Calls f(std::string_view value) for each attribute of that name, in order.
  template <class F>
  void each(std::string_view name, F f) const {
    for (const auto& line : lines_)
      if (const auto a = as_attribute(line); a && a->name == name) f(a->value);
  }
  /// The first attribute of that type that can be read; what cannot is skipped.
  template <TypedAttribute T>
  [[nodiscard]] std::optional<T> get() const {
    std::optional<T> out;
    each(T::name, [&](std::string_view value) {
      if (out) return;
      if (auto parsed = T::parse(value)) out = *parsed;
    });
    return out;
  }
  /// All that can be read, in order.
  template <TypedAttribute T>
  [[nodiscard]] std::vector<T> all() const {
    std::vector<T> out;
    each(T::name, [&](std::string_view value) {
      if (auto parsed = T::parse(value)) out.push_back(*parsed);
    });
    return out;
  }

  // ---- editing attributes
  /// Adds `a=name` behind the last line.
  Result<void> add_flag(std::string_view name);
  Result<void> add_attribute(std::string_view name, std::string_view value);
  /// Replaces the first attribute of that name and drops the others; adds it when there is none.
  Result<void> set_attribute(std::string_view name, std::string_view value);
  /// How many were removed.
  std::size_t remove_attributes(std::string_view name);
  /// A value that prints as nothing is a flag: `section.add(sdp::RtcpMux{})` writes `a=rtcp-mux`.
  template <TypedAttribute T>
  Result<void> add(const T& value) {
    std::string text;
    value.append_to(text);
    return text.empty() && T::parse("") ? add_flag(T::name) : add_attribute(T::name, text);
  }
  template <TypedAttribute T>
  Result<void> set(const T& value) {
    std::string text;
    value.append_to(text);
    if (!text.empty() || !T::parse("")) return set_attribute(T::name, text);
    if (!has_attribute(T::name)) return add_flag(T::name);
    return {};
  }

  // ---- direction, connection, bandwidth of this level alone
  [[nodiscard]] std::optional<Direction> direction() const;
  /// Writes the attribute at the place of the old one, also for sendrecv.
  void set_direction(Direction direction);
  /// The first `c=` line of this level.
  [[nodiscard]] std::optional<Connection> connection() const;
  Result<void> set_connection(const Connection& connection);
  void remove_connection();
  [[nodiscard]] std::vector<Bandwidth> bandwidths() const;
  [[nodiscard]] std::optional<std::uint64_t> bandwidth(std::string_view type) const;
  Result<void> set_bandwidth(std::string_view type, std::uint64_t value);
  /// The `i=` line (RFC 8866 §5.4).
  [[nodiscard]] std::optional<std::string_view> information() const { return value_of('i'); }

  // ---- raw
  [[nodiscard]] std::span<const Line> lines() const noexcept { return lines_; }
  /// The value of the first line of that letter.
  [[nodiscard]] std::optional<std::string_view> value_of(char type) const;
  /// Replaces the first line of that letter (drops no other), or adds it at its place in the grammar.
  /// `v`, `o` and `m` have setters of their own and are refused here.
  Result<void> set_line(char type, std::string_view value);
  void append_to(std::string& out) const;
  friend bool operator==(const Section&, const Section&) = default;

 protected:
  Section() = default;
  explicit Section(std::vector<Line> lines) : lines_(std::move(lines)) {}
  static std::optional<Attribute> as_attribute(const Line& line);
  [[nodiscard]] const Line* find(char type) const;
  Line* find(char type);
  void put(char type, std::string value);
  void insert(char type, std::string value);
  /// Drops blank lines behind, and ends the last line: something is to follow.
  void close();

  std::vector<Line> lines_;
};

}  // namespace peal::inline v0::sdp
