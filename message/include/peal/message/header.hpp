#pragma once

#include <peal/message/error.hpp>
#include <peal/message/export.hpp>
#include <peal/message/result.hpp>

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace peal::inline v0 {

/// May the header stand once in a message, or is it a list (several elements a line, several lines)?
/// `lines`: several lines, each one element that may hold commas (challenges, credentials). `list_or_none`: a list
/// whose grammar allows no element at all, as `Supported:` without an option tag (RFC 3261 §25.1).
enum class Occurs : std::uint8_t { once, list, lines, list_or_none };
/// Do commas part elements?
constexpr bool is_list(Occurs occurs) noexcept { return occurs == Occurs::list || occurs == Occurs::list_or_none; }

/// The type of a header's value: parses from text, prints itself, and names the view that reading it gives.
template <class T>
concept HeaderValue = requires(const T& value, std::string& out) {
  typename T::View;
  value.append_to(out);
};

namespace detail {
constexpr bool is_header_name(std::string_view name) noexcept {
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!letter && std::string_view("-.!%*_+`'~").find(c) == std::string_view::npos) return false;
  }
  return !name.empty() && name.size() <= 128;
}
void the_name_of_a_header_is_a_token();  ///< never defined: a constant expression that calls it does not compile
}  // namespace detail

/// What names a header: `request.get(header::from)`, `request.set(header::from, value)`.
/// Core headers have an id (their row in header::table); those of modules and users have id 0 and are found by name.
///
///     inline constexpr Header<NameAddr> refer_to{"Refer-To", 'r', Occurs::once, "RFC 3515 §2.1"};
/// The name must be a token, and it is known when the program is compiled: no text of a peer or user can become one.
/// A header whose name comes at run time is set and read by that name.
template <HeaderValue T>
struct Header {
  using Value = T;
  using View = typename T::View;

  constexpr Header() noexcept = default;
  consteval Header(std::string_view header_name, char compact_form = '\0', Occurs how_often = Occurs::once,
                   std::string_view source = {}, std::uint8_t row = 0)
      : name(header_name), compact(compact_form), occurs(how_often), rfc(source), id(row) {
    if (!detail::is_header_name(header_name)) detail::the_name_of_a_header_is_a_token();
  }

  std::string_view name;
  char compact = '\0';
  Occurs occurs = Occurs::once;
  std::string_view rfc;
  std::uint8_t id = 0;
};

/// Where a value stands in a message: up to `end`, a CR (or the blanks before it) stands, and 64 bytes more may be
/// read, so that a scanner needs no copy and compares with no end. Only a Message makes one.
struct InMessage {
  const char* at = nullptr;
  const char* end = nullptr;
};

/// A value type whose elements can be read where they stand: `T::read(InMessage from, const char*& end)` reads one
/// element at `from.at` and says where it ended. The types of this library; those of users need `parse` only.
template <class T>
concept ReadInPlace = requires(InMessage from, const char*& end) {
  { T::read(from, end) } -> std::same_as<Result<typename T::View, ParseError>>;
};

/// May a line hold several values of that type, with commas between?
template <class T>
constexpr bool holds_several(Occurs occurs) noexcept {
  if constexpr (requires { T::several_a_line; })
    return true;
  else
    return is_list(occurs);
}

/// Reads one element with the grammar of T.
template <HeaderValue T>
Result<typename T::View, ParseError> parse_header_value(std::string_view text) {
  if constexpr (requires { T::parse_view(text); })
    return T::parse_view(text);
  else
    return T::View::parse(text);
}

/// A header value that owns its text and is read through the view `V`; always valid, or empty.
template <class V>
class Owned {
 public:
  using View = V;
  Owned() = default;
  explicit Owned(const V& view) : text_(view.text()) {}
  /// What V's grammar refuses is its ParseError.
  static Result<Owned, ParseError> parse(std::string_view text) {
    auto view = V::parse(text);
    if (!view) return fail(view.error());
    return Owned(*view);
  }
  static Result<V, ParseError> read(InMessage from, const char*& end) requires requires { V::read(from, end); }
  { return V::read(from, end); }
  /// Valid while this value lives and is not changed.
  [[nodiscard]] V view() const { return V::parse(text_).value_or(V{}); }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] bool empty() const noexcept { return text_.empty(); }
  void append_to(std::string& out) const { out += text_; }
  friend bool operator==(const Owned& a, const Owned& b) noexcept { return a.text_ == b.text_; }

 private:
  std::string text_;
};

/// The same as base of a class T that can also be made from arguments:
///
///     class Warning : public OwnedAs<WarningView, Warning> { … static Result<Warning, ParseError> make(…); };
template <class V, class T>
class OwnedAs : public Owned<V> {
 public:
  using Owned<V>::Owned;
  static Result<T, ParseError> parse(std::string_view text) {
    auto view = V::parse(text);
    if (!view) return fail(view.error());
    return T(*view);
  }
};

namespace detail {
/// Behind the list element at `from.at`, as far as quotes and <> let one see; `from.end` when it was the last.
PEAL_API const char* skip_element(InMessage from) noexcept;

constexpr const char* skip_blanks(const char* p) noexcept {
  while (*p == ' ' || *p == '\t') ++p;
  return p;
}

/// The element behind the comma at `comma`. Blanks may stand behind a value: a last comma has nothing but its end
/// behind.
constexpr const char* next_element_at(const char* comma, const char* end) noexcept {
  const char* next = skip_blanks(comma + 1);
  return next < end ? next : end;
}

/// What was read must go up to the end of the value, or in a list to a comma.
inline bool ends_well(InMessage from, const char* end, bool list) noexcept {
  const char* next = skip_blanks(end);  // beyond the end when blanks stand behind the value
  return next >= from.end || (list && *next == ',');
}

/// Hands each element of one line to `f`, a Result each: a bad one does not hide the others.
template <class T, class F>
void each_in_place(InMessage line, bool list, F& f) {
  for (;;) {
    const char* end = line.at;
    auto value = T::read(line, end);
    const bool good = value && ends_well(line, end, list);
    if (value && !good) value = fail(parse_errc::trailing_bytes, static_cast<std::uint32_t>(end - line.at));
    f(std::move(value));
    if (!list) return;
    const char* next = good ? skip_blanks(end) : skip_element(line);
    if (next >= line.end) return;
    line.at = next_element_at(next, line.end);
  }
}

/// The same when the first element is known already.
template <class T, class F>
void each_behind(const typename T::View& first, InMessage line, bool list, F& f) {
  f(Result<typename T::View, ParseError>(first));
  const char* next = skip_blanks(line.at + first.text().size());
  if (!list || next >= line.end) return;
  line.at = next_element_at(next, line.end);
  each_in_place<T>(line, true, f);
}
}  // namespace detail

}  // namespace peal::inline v0
