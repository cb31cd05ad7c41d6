#pragma once

#include <peal/message/export.hpp>
#include <peal/message/header_lines.hpp>
#include <peal/message/limits.hpp>
#include <peal/message/message.hpp>
#include <peal/message/method.hpp>
#include <peal/message/status.hpp>
#include <peal/message/uri.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace peal::inline v0 {

/// A piece of a SIP message, the body type message/sipfrag (RFC 3420 §2): perhaps a start line, header lines, perhaps a
/// body. What a NOTIFY after REFER reports with (RFC 3515 §2.4.5). A value: it owns its text, and copies are deep.
///
///     if (auto body = find_body(notify, "message", "sipfrag"))
///       if (auto fragment = Sipfrag::parse(*body); fragment && fragment->is_response()) use(*fragment->status());
///
/// `strict`: §2 to the letter; each header valid by its own grammar, CRLF behind each line, and a Content-Type where
/// there is a body. `interop` also takes: no CRLF behind the last line, LF alone, a status line without reason phrase,
/// headers whose value is wrong (get tells), a body without Content-Type, a Content-Length that does not fit.
/// The profile is an argument of its own: `limits.profile` is about messages.
class PEAL_API Sipfrag : public HeaderLines<Sipfrag> {
 public:
  /// An empty fragment.
  Sipfrag() = default;
  static Result<Sipfrag, ParseError> parse(std::string_view text, const ParseLimits& limits = {},
                                           Profile profile = Profile::interop);
  /// `SIP/2.0 180 Ringing`. An empty `reason`, or one with CR, LF or NUL, takes the registered phrase.
  explicit Sipfrag(StatusCode code, std::string_view reason = {}) { set_status(code, reason); }
  /// The status line of `response` alone: what else it says may be nobody's business (RFC 3420 §6). Add what is.
  explicit Sipfrag(const Response& response) : Sipfrag(response.status(), response.reason()) {}

  // ---- the start line
  [[nodiscard]] bool is_request() const noexcept { return !method_.empty(); }
  [[nodiscard]] bool is_response() const noexcept { return status_.has_value(); }
  [[nodiscard]] const Method& method() const noexcept { return method_; }  ///< empty unless a request
  [[nodiscard]] UriView uri() const noexcept { return uri_.view(); }       ///< empty unless a request
  [[nodiscard]] std::optional<StatusCode> status() const noexcept { return status_; }
  [[nodiscard]] std::string_view reason() const noexcept { return reason_; }
  void set_status(StatusCode code, std::string_view reason = {});
  void set_request(const Method& method, const UriView& uri);
  void clear_start_line();

  // ---- header lines: get, each, raw and has as in a Message
  [[nodiscard]] std::size_t size() const noexcept { return fields_.size(); }
  [[nodiscard]] HeaderField field(std::size_t index) const noexcept {
    return {fields_[index].name, fields_[index].value, fields_[index].id};
  }
  template <class T>
  void add(const Header<T>& h, const std::type_identity_t<T>& value) {
    std::string text;
    value.append_to(text);
    append(h.name, text);
  }
  /// errc::forbidden_byte for CR, LF or NUL, errc::invalid_value for a name that is no token, errc::too_long over
  /// 65,535 bytes; what the grammar of a core header says.
  Result<void> add(std::string_view name, std::string_view value);
  /// Removes each line of that name, compact or not.
  void remove(std::string_view name);

  // ---- the body
  [[nodiscard]] std::string_view body() const noexcept { return body_; }
  /// Body, Content-Type and Content-Length together; an empty type removes them.
  void set_body(const MediaType& type, std::string_view bytes);

  [[nodiscard]] bool empty() const noexcept {
    return !is_request() && !is_response() && fields_.empty() && body_.empty();
  }
  void append_to(std::string& out) const;
  [[nodiscard]] std::string to_string() const;

 private:
  struct Field {
    std::string name;
    std::string value;
    HeaderId id = HeaderId::other;
  };
  Result<void, ParseError> read_start_line(std::string_view line, bool interop);
  Result<void, ParseError> read_status_line(std::string_view line, bool interop);
  Result<void, ParseError> read_body(std::string_view text, std::size_t body_at, bool interop);
  [[nodiscard]] bool repeats_last() const;
  void append(std::string_view name, std::string_view value);

  Method method_;
  Uri uri_;
  std::optional<StatusCode> status_;
  std::string reason_;
  std::vector<Field> fields_;
  std::string body_;
};

}  // namespace peal::inline v0
