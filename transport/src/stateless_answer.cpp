#include "stateless_answer.hpp"

#include <array>

namespace peal::inline v0::transport {
namespace {

/// Keyed FNV-1a with a strong finish: spreads well, and is not foreseen without the key.
std::uint64_t hash(const HashKey& key, std::string_view bytes) noexcept {
  std::uint64_t h = key.first ^ 0xcbf2'9ce4'8422'2325U;
  for (const char c : bytes) h = (h ^ static_cast<unsigned char>(c)) * 0x0000'0100'0000'01b3U;
  h ^= key.second;
  h = (h ^ (h >> 33)) * 0xff51'afd7'ed55'8ccdU;
  h = (h ^ (h >> 33)) * 0xc4ce'b9fe'1a85'ec53U;
  return h ^ (h >> 33);
}

std::string tag_for(const Request& request, const HashKey& key) {
  std::uint64_t value = 0;
  for (const std::string_view part : {request.call_id(), request.from().text(), request.top_via().text()}) {
    value = hash({key.first ^ value, key.second}, part);
  }
  constexpr std::string_view digits = "0123456789abcdef";
  std::string tag(16, '0');
  for (char& c : tag) {
    c = digits[value & 15];
    value >>= 4;
  }
  return tag;
}

struct Verdict {
  StatusCode code;
  std::string reason;
};

/// The first header that every request needs and this one has not (§8.1.1; Max-Forwards is forgiven).
std::string_view missing_header(const Request& request) {
  if (!request.has(header::from)) return "From";
  if (!request.has(header::to)) return "To";
  if (!request.has(header::call_id)) return "Call-ID";
  if (!request.has(header::cseq)) return "CSeq";
  return "header";
}

Verdict judge(const Request& request, const ParseError& error) {
  if (error.code == parse_errc::bad_version) return {StatusCode(505), {}};
  // The Request-URI is all that can be long in a start line (§21.4.12); anything else too long is §21.5.7.
  const bool in_start_line = error.offset <= request.method().name().size() + 1;
  if (error.code == parse_errc::too_long && in_start_line) return {StatusCode(414), {}};
  if (error.code == parse_errc::too_long || error.code == parse_errc::too_many_headers) return {StatusCode(513), {}};
  std::string reason = error.message();
  if (error.code == parse_errc::missing_header) reason = "Missing " + std::string(missing_header(request));
  if (!reason.empty() && reason.front() >= 'a' && reason.front() <= 'z')
    reason.front() = static_cast<char>(reason.front() - 'a' + 'A');
  return {StatusCode(400), reason + " (byte " + std::to_string(error.offset) + ")"};
}

}  // namespace

Response answer_to_bad(const Request& request, const ParseError& error, const HashKey& key, std::string_view server) {
  const Verdict verdict = judge(request, error);
  Response response(request, verdict.code, tag_for(request, key), verdict.reason);
  // A text that may not stand in a header is the application's mistake, and no reason to keep silent.
  if (!server.empty()) static_cast<void>(response.set(header::server, server));
  return response;
}

}  // namespace peal::inline v0::transport
