#include <peal/message/error.hpp>

namespace peal::inline v0 {

namespace {

const char* text_of(errc e) {
  switch (e) {
    case errc::no_result: return "no result was given";
    case errc::invalid_value: return "invalid value";
    case errc::forbidden_byte: return "CR, LF or NUL in a value";
    case errc::too_long: return "too long";
    case errc::protected_header: return "the stack alone writes this header";
    case errc::wrong_thread: return "called from a thread that does not own the user agent";
    case errc::ended: return "has ended already";
    case errc::aborted: return "aborted";
    case errc::wrong_state: return "not possible in this state";
    case errc::limit_reached: return "a configured limit was reached";
    case errc::not_found: return "not found";
    case errc::unsupported: return "not supported";
  }
  return "unknown error";
}

const char* text_of(parse_errc e) {
  switch (e) {
    case parse_errc::no_result: return "no result was given";
    case parse_errc::empty: return "empty";
    case parse_errc::truncated: return "truncated";
    case parse_errc::bad_start_line: return "neither a request line nor a status line";
    case parse_errc::bad_version: return "not SIP/2.0";
    case parse_errc::bad_method: return "bad method";
    case parse_errc::bad_status_code: return "bad status code";
    case parse_errc::bad_line_end: return "bare CR or LF";
    case parse_errc::bad_byte: return "byte not allowed here";
    case parse_errc::bad_header_name: return "no header name and colon";
    case parse_errc::no_end_of_headers: return "no empty line behind the headers";
    case parse_errc::too_many_headers: return "too many header lines";
    case parse_errc::too_long: return "too long";
    case parse_errc::missing_header: return "header missing";
    case parse_errc::repeated_header: return "header repeated";
    case parse_errc::bad_uri: return "bad URI";
    case parse_errc::bad_scheme: return "bad URI scheme";
    case parse_errc::bad_host: return "bad host";
    case parse_errc::bad_port: return "bad port";
    case parse_errc::bad_escape: return "'%' without two hex digits";
    case parse_errc::bad_parameter: return "bad parameter";
    case parse_errc::repeated_parameter: return "parameter repeated";
    case parse_errc::unterminated_quote: return "quote not closed";
    case parse_errc::unterminated_angle: return "'<' without '>'";
    case parse_errc::bad_number: return "not a number, or out of range";
    case parse_errc::bad_via: return "bad Via";
    case parse_errc::bad_name_addr: return "bad name or address";
    case parse_errc::bad_call_id: return "bad Call-ID";
    case parse_errc::bad_cseq: return "bad CSeq";
    case parse_errc::method_mismatch: return "CSeq names another method";
    case parse_errc::bad_content_length: return "bad Content-Length";
    case parse_errc::body_too_short: return "body shorter than Content-Length";
    case parse_errc::trailing_bytes: return "bytes behind a complete value";
    case parse_errc::bad_media_type: return "bad media type";
    case parse_errc::bad_challenge: return "bad challenge or credentials";
    case parse_errc::bad_date: return "bad date";
    case parse_errc::bad_sdp: return "bad SDP";
    case parse_errc::missing_parameter: return "parameter missing";
    case parse_errc::bad_token: return "not a token";
  }
  return "unknown parse error";
}

template <class E>
class Category final : public std::error_category {
 public:
  explicit Category(const char* name) noexcept : name_(name) {}
  [[nodiscard]] const char* name() const noexcept override { return name_; }
  [[nodiscard]] std::string message(int value) const override { return text_of(static_cast<E>(value)); }

 private:
  const char* name_;
};

}  // namespace

const std::error_category& api_category() noexcept {
  static const Category<errc> category("peal");
  return category;
}

const std::error_category& parse_category() noexcept {
  static const Category<parse_errc> category("peal.parse");
  return category;
}

}  // namespace peal::inline v0
