#pragma once

#include <peal/message/export.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// SIP messages by plain string work, on purpose without the message floor: a second opinion on what the stack writes,
/// and a way to write what the stack never would.
namespace peal::inline v0::sim {

/// "INVITE"; empty for a response.
PEAL_API std::string method_of(std::string_view message);
/// 180; 0 for a request.
PEAL_API int status_of(std::string_view message);
/// Values of the lines with exactly that name (without case; compact forms are names of their own), in order.
PEAL_API std::vector<std::string> headers_of(std::string_view message, std::string_view name);
/// The first of them.
PEAL_API std::optional<std::string> header_of(std::string_view message, std::string_view name);
/// What follows the empty line.
PEAL_API std::string body_of(std::string_view message);
/// The value of `;name=value` behind any `>`; nullopt when it is absent, "" when it has no value.
PEAL_API std::optional<std::string> param_of(std::string_view header_value, std::string_view name);
/// Every lone LF becomes CRLF: for messages written as raw string literals.
PEAL_API std::string crlf(std::string_view text);

/// What to answer.
struct Answer {
  int code = 200;
  std::string reason{};              ///< empty: a usual phrase
  std::string to_tag{};              ///< added to To when that has none; empty: none is added
  std::vector<std::string> lines{};  ///< further header lines, "Contact: <sip:bob@192.0.2.2>"
  std::string content_type{};
  std::string body{};
};

/// The response text: Via, From, To, Call-ID, CSeq and (for a dialog) Record-Route copied from `request` as they stand.
PEAL_API std::string answer_to(std::string_view request, const Answer& answer);

/// A request to write. Every line stands as given; Content-Length is counted.
struct Ask {
  std::string method = "OPTIONS";
  std::string uri{};
  std::string via{};   ///< "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1"
  std::string from{};  ///< "<sip:a@example.com>;tag=1"
  std::string to{};
  std::string call_id{};
  unsigned cseq = 1;
  std::vector<std::string> lines{};
  std::string content_type{};
  std::string body{};
};
PEAL_API std::string request_text(const Ask& ask);

}  // namespace peal::inline v0::sim
