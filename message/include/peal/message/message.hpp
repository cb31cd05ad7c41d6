#pragma once

#include <peal/message/export.hpp>
#include <peal/message/headers.hpp>
#include <peal/message/limits.hpp>
#include <peal/message/method.hpp>
#include <peal/message/result.hpp>
#include <peal/message/status.hpp>
#include <peal/message/uri.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace peal::inline v0 {

class Parser;
class Request;
class Response;
struct MessageRep;

/// One header line of a message as it stands (folding already replaced by blanks).
struct HeaderField {
  std::string_view name;
  std::string_view value;
  HeaderId id = HeaderId::other;
};

/// What requests and responses share: header lines in order, and a body.
///
/// A message is a value. One that a Parser gave borrows the receive buffer; **copying it makes it independent**
/// (one exact-size block, shared by further copies until one is edited). A const message has no lazy state and may be
/// read from any thread. Untouched lines print as they came, unknown headers byte-exact and in order.
///
/// Views (UriView, std::string_view…) that reading gives are valid until the message is edited or destroyed.
class PEAL_API Message {
 public:
  // ---- what was validated at receipt and therefore cannot fail. Empty on a message still being built.
  [[nodiscard]] ViaView top_via() const noexcept;
  [[nodiscard]] NameAddrView from() const noexcept;
  [[nodiscard]] NameAddrView to() const noexcept;
  [[nodiscard]] std::string_view from_tag() const noexcept { return from().tag(); }
  [[nodiscard]] std::string_view to_tag() const noexcept { return to().tag(); }
  [[nodiscard]] std::string_view call_id() const noexcept;
  [[nodiscard]] const CSeq& cseq() const noexcept;

  // ---- reading
  /// How many lines there are, and each of them in order.
  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] HeaderField field(std::size_t index) const noexcept;
  /// The same line whole: name, colon, value, the blanks around them, and its line end. Empty behind the last.
  [[nodiscard]] std::string_view line(std::size_t index) const noexcept;
  /// The Request-Line or Status-Line with its line end; empty when nothing was read or built yet.
  [[nodiscard]] std::string_view start_line() const noexcept;

  /// The raw value of the first line of that header; nullopt when there is none. Finds compact forms too.
  template <class T>
  [[nodiscard]] std::optional<std::string_view> raw(const Header<T>& h) const {
    return first_line(h.id, h.name, h.compact);
  }
  [[nodiscard]] std::optional<std::string_view> raw(std::string_view name) const;
  template <class T>
  [[nodiscard]] bool has(const Header<T>& h) const {
    return raw(h).has_value();
  }

  /// The first element, parsed. parse_errc::missing_header when absent; otherwise what its grammar says.
  template <class T>
  [[nodiscard]] Result<typename T::View, ParseError> get(const Header<T>& h) const {
    if constexpr (std::is_same_v<T, NameAddr>) {
      if (const auto known = first_known(h); !known.text().empty()) return known;
    }
    if constexpr (ReadInPlace<T>) {
      const auto line = first_value(h.id, h.name, h.compact, h.occurs);
      if (!line) return fail(parse_errc::missing_header, 0);
      const char* end = line->at;
      auto value = T::read(*line, end);
      if (value && !detail::ends_well(*line, end, holds_several<T>(h.occurs)))
        value = fail(parse_errc::trailing_bytes, static_cast<std::uint32_t>(end - line->at));
      return value;
    } else {
      auto element = first_element(h.id, h.name, h.compact, h.occurs);
      if (!element) return fail(parse_errc::missing_header, 0);
      return parse_header_value<T>(*element);
    }
  }

  /// Every element of every line in order, each a Result: a bad one does not hide the others.
  template <class T>
  [[nodiscard]] std::vector<Result<typename T::View, ParseError>> all(const Header<T>& h) const {
    std::vector<Result<typename T::View, ParseError>> out;
    each(h, [&](Result<typename T::View, ParseError> value) { out.push_back(std::move(value)); });
    return out;
  }
  /// The same without a container: `each(header::route, [&](auto element) { … })`.
  template <class T, class F>
  void each(const Header<T>& h, F f) const {
    if constexpr (ReadInPlace<T>) {
      std::size_t line = 0;
      while (auto value = next_value(line, h.id, h.name, h.compact, h.occurs)) each_of(*value, h, f);
    } else {
      ElementCursor cursor;
      while (auto element = next_element(cursor, h.id, h.name, h.compact, h.occurs)) f(parse_header_value<T>(*element));
    }
  }
  /// Only the elements that can be read, as views; gives how many were skipped. For lists that inform (Contact
  /// of a registrar's 200, Warning, Allow, Supported): one bad element must not cost the others.
  template <class T, class F>
  std::size_t each_good(const Header<T>& h, F f) const {
    std::size_t skipped = 0;
    each(h, [&](const auto& element) { element ? f(*element) : static_cast<void>(++skipped); });
    return skipped;
  }
  /// The elements of line `index` alone, whose header must be `h`: for those who go through all lines (see
  /// `header::with` in <peal/message/typed_headers.hpp>).
  template <class T, class F>
  void each_in_line(std::size_t index, const Header<T>& h, F f) const {
    if constexpr (ReadInPlace<T>) {
      if (const auto value = value_of_line(index, h.occurs)) each_of(*value, h, f);
    } else {
      ElementCursor cursor;
      cursor.line = index;
      while (auto element = next_element(cursor, h.id, h.name, h.compact, h.occurs)) {
        if (cursor.line - (cursor.inside ? 0U : 1U) != index) return;  // an empty line was passed over
        f(parse_header_value<T>(*element));
        if (!cursor.inside) return;
      }
    }
  }
  /// True when a list of tokens holds `token`, compared without case: `lists(header::supported, "100rel")`.
  [[nodiscard]] bool lists(const Header<Token>& h, std::string_view token) const;

  [[nodiscard]] std::string_view body() const noexcept;
  /// The body when its Content-Type is type/subtype, otherwise nullopt.
  [[nodiscard]] std::optional<std::string_view> body_of(std::string_view type, std::string_view subtype) const;

  // ---- editing. Typed values are valid already, so these cannot fail.
  /// Replaces every line of the header by this one value (at the place of the first).
  template <class T>
  void set(const Header<T>& h, const std::type_identity_t<T>& value) {
    replace(h.id, h.name, h.compact, printed(value));
  }
  /// Adds one element behind the last line of that header, or at the end.
  template <class T>
  void add(const Header<T>& h, const std::type_identity_t<T>& value) {
    append(h.id, h.name, h.compact, printed(value));
  }
  /// Adds one element in front of the first (Via, Route, Record-Route).
  template <class T>
  void push_front(const Header<T>& h, const std::type_identity_t<T>& value) {
    prepend(h.id, h.name, h.compact, printed(value));
  }
  /// Replaces only the first element, or removes it (the line with it when it was the only one).
  template <class T>
  void replace_front(const Header<T>& h, const std::type_identity_t<T>& value) {
    replace_first(h.id, h.name, h.compact, h.occurs, printed(value));
  }
  template <class T>
  void pop_front(const Header<T>& h) {
    remove_first(h.id, h.name, h.compact, h.occurs);
  }
  template <class T>
  void remove(const Header<T>& h) {
    remove_all(h.id, h.name, h.compact);
  }
  // ---- editing with text: errc::forbidden_byte, errc::too_long, or what the header's grammar says. Nothing is done on
  // failure. A list takes several elements with commas between. Blanks around the text are left out.
  template <class T>
  Result<void> set(const Header<T>& h, std::string_view text) {
    text = trimmed(text);
    if (auto ok = check_text<T>(h, text); !ok) return ok;
    replace(h.id, h.name, h.compact, text);
    return {};
  }
  template <class T>
  Result<void> add(const Header<T>& h, std::string_view text) {
    text = trimmed(text);
    if (auto ok = check_text<T>(h, text); !ok) return ok;
    append(h.id, h.name, h.compact, text);
    return {};
  }
  /// For headers known by name only. errc::invalid_value when the name is no token.
  Result<void> set(std::string_view name, std::string_view value);
  Result<void> add(std::string_view name, std::string_view value);
  void remove(std::string_view name);
  /// Body, Content-Type and Content-Length together; an empty type removes the body. One of 1 GiB or more finds no
  /// memory (std::bad_alloc).
  void set_body(const MediaType& type, std::string_view bytes);
  void clear_body();

  // ---- printing
  /// Appends the message as it goes on the wire; Content-Length is always right.
  void append_to(std::string& out) const;
  [[nodiscard]] std::string to_string() const;
  [[nodiscard]] std::size_t printed_size() const noexcept;
  /// Prints into `out`, without allocating; gives how many bytes that took. errc::too_long when it does not fit:
  /// nothing is written then. No byte outside `out` is ever touched.
  [[nodiscard]] Result<std::size_t> print_to(std::span<char> out) const noexcept;

  /// Bytes that this message holds outside itself (block, arena, index).
  [[nodiscard]] std::size_t memory() const noexcept;

 protected:
  Message() noexcept = default;
  Message(const Message& other);
  Message(Message&& other) noexcept;
  Message& operator=(const Message& other);
  Message& operator=(Message&& other) noexcept;
  ~Message();

  MessageRep* rep_ = nullptr;  ///< one block; shared by copies until one is edited

 private:
  friend class Parser;
  friend class Request;
  friend class Response;
  class Edit;

  struct ElementCursor {
    std::size_t line = 0;
    std::uint32_t offset = 0;
    bool inside = false;
  };
  [[nodiscard]] std::optional<std::string_view> first_line(std::uint8_t id, std::string_view name, char compact) const;
  [[nodiscard]] std::optional<std::string_view> first_element(std::uint8_t id, std::string_view name, char compact,
                                                              Occurs occurs) const;
  [[nodiscard]] std::optional<std::string_view> next_element(ElementCursor& cursor, std::uint8_t id,
                                                             std::string_view name, char compact, Occurs occurs) const;
  template <class T, class F>
  void each_of(InMessage value, const Header<T>& h, F& f) const {
    if constexpr (std::is_same_v<T, CSeq>) {
      if (value.at == cseq_text()) return static_cast<void>(f(Result<CSeq, ParseError>(cseq())));
    } else if constexpr (std::is_same_v<T, NameAddr> || std::is_same_v<T, Via>) {
      const auto known = first_known(h);
      if (!known.text().empty() && known.text().data() == value.at &&
          detail::ends_well(value, value.at + known.text().size(), holds_several<T>(h.occurs)))
        return detail::each_behind<T>(known, value, holds_several<T>(h.occurs), f);
    }
    detail::each_in_place<T>(value, holds_several<T>(h.occurs), f);
  }
  /// What was read at receipt of that header; empty when nothing was.
  [[nodiscard]] ViaView first_known(const Header<Via>& h) const noexcept {
    return h.id == header::via.id ? top_via() : ViaView();
  }
  [[nodiscard]] NameAddrView first_known(const Header<NameAddr>& h) const noexcept {
    if (h.id == header::contact.id) return first_contact();
    return h.id == header::from.id ? from() : h.id == header::to.id ? to() : NameAddrView();
  }
  [[nodiscard]] NameAddrView first_contact() const noexcept;
  [[nodiscard]] const char* cseq_text() const noexcept;
  /// The value of line `index`; nullopt for an empty one when it is a list's, which then has no elements.
  [[nodiscard]] std::optional<InMessage> value_of_line(std::size_t index, Occurs occurs) const noexcept;
  /// The same for the next line of that header from `line` on, which then is the one behind it.
  [[nodiscard]] std::optional<InMessage> next_value(std::size_t& line, std::uint8_t id, std::string_view name,
                                                    char compact, Occurs occurs) const noexcept;
  [[nodiscard]] std::optional<InMessage> first_value(std::uint8_t id, std::string_view name, char compact,
                                                     Occurs occurs) const noexcept {
    std::size_t line = 0;
    return next_value(line, id, name, compact, occurs);
  }
  void replace(std::uint8_t id, std::string_view name, char compact, std::string_view value);
  void append(std::uint8_t id, std::string_view name, char compact, std::string_view value);
  void prepend(std::uint8_t id, std::string_view name, char compact, std::string_view value);
  void replace_first(std::uint8_t id, std::string_view name, char compact, Occurs occurs, std::string_view value);
  void remove_first(std::uint8_t id, std::string_view name, char compact, Occurs occurs);
  void remove_all(std::uint8_t id, std::string_view name, char compact);
  static Result<void> check_bytes(std::string_view text);
  static std::string_view trimmed(std::string_view text) noexcept;
  /// The next element of a comma list; `at` moves behind it. nullopt at the end.
  static std::optional<std::string_view> next_in_list(std::string_view text, std::size_t& at);
  template <class T>
  static Result<void> check_text(const Header<T>& h, std::string_view text) {
    if (auto ok = check_bytes(text); !ok) return ok;
    if (!is_list(h.occurs)) return check_element(h, text, text);
    if (text.empty() && h.occurs == Occurs::list) return fail(make_error_code(parse_errc::empty));
    std::size_t at = 0;
    while (auto element = next_in_list(text, at))
      if (auto ok = check_element(h, text, *element); !ok) return ok;
    return {};
  }
  template <class T>
  static Result<void> check_element(const Header<T>& h, std::string_view text, std::string_view element) {
    if (header::detail::stray_star<T>(h.id, text, element)) return fail(make_error_code(parse_errc::bad_name_addr));
    if (auto value = parse_header_value<T>(element); !value) return fail(std::error_code(value.error()));
    return {};
  }
  template <class T>
  static std::string printed(const T& value) {
    std::string out;
    value.append_to(out);
    return out;
  }
};

/// A request, received or built.
class PEAL_API Request : public Message {
 public:
  Request() = default;
  /// Starts a request with no header lines.
  Request(const Method& method, const UriView& uri);
  /// Parses and owns; the whole text is one datagram.
  static Result<Request, ParseError> parse(std::string_view text, const ParseLimits& limits = {});

  [[nodiscard]] const Method& method() const noexcept;
  [[nodiscard]] UriView uri() const noexcept;
  void set_uri(const UriView& uri);
};

/// A response, received or built.
class PEAL_API Response : public Message {
 public:
  Response() = default;
  /// Starts the answer to `request`: Via lines, From, To, Call-ID, CSeq copied (§8.2.6.2), Timestamp too in a 100.
  /// An empty `reason`, or one with a
  /// control byte but TAB, takes the registered phrase. `to_tag`, a token, is added when the request has none and the
  /// code is not 100.
  Response(const Request& request, StatusCode code, std::string_view to_tag = {}, std::string_view reason = {});
  static Result<Response, ParseError> parse(std::string_view text, const ParseLimits& limits = {});

  [[nodiscard]] StatusCode status() const noexcept;
  [[nodiscard]] std::string_view reason() const noexcept;
};

}  // namespace peal::inline v0
