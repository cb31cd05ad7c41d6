#pragma once

#include <peal/message/auth_values.hpp>
#include <peal/message/content_values.hpp>
#include <peal/message/formed_addr.hpp>
#include <peal/message/header.hpp>
#include <peal/message/header_id.hpp>
#include <peal/message/info_values.hpp>
#include <peal/message/name_addr.hpp>
#include <peal/message/time_values.hpp>
#include <peal/message/values.hpp>
#include <peal/message/via.hpp>

#include <array>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace peal::inline v0 {

namespace header {
namespace detail {
constexpr std::uint8_t id(HeaderId i) { return static_cast<std::uint8_t>(i); }

/// `*` is a value of Contact only, and alone there (RFC 3261 §25.1).
template <class T>
constexpr bool stray_star(std::uint8_t header, std::string_view value, std::string_view element) noexcept {
  return std::is_same_v<T, NameAddr> && element == "*" && (header != id(HeaderId::contact) || value != "*");
}
}  // namespace detail

// clang-format off
inline constexpr Header<Via> via{"Via", 'v', Occurs::list, "RFC 3261 §20.42", detail::id(HeaderId::via)};
inline constexpr Header<NameAddr> from{"From", 'f', Occurs::once, "RFC 3261 §20.20", detail::id(HeaderId::from)};
inline constexpr Header<NameAddr> to{"To", 't', Occurs::once, "RFC 3261 §20.39", detail::id(HeaderId::to)};
inline constexpr Header<CallId> call_id{"Call-ID", 'i', Occurs::once, "RFC 3261 §20.8", detail::id(HeaderId::call_id)};
inline constexpr Header<CSeq> cseq{"CSeq", '\0', Occurs::once, "RFC 3261 §20.16", detail::id(HeaderId::cseq)};
inline constexpr Header<Number> max_forwards{"Max-Forwards", '\0', Occurs::once, "RFC 3261 §20.22", detail::id(HeaderId::max_forwards)};
inline constexpr Header<NameAddr> contact{"Contact", 'm', Occurs::list, "RFC 3261 §20.10", detail::id(HeaderId::contact)};
inline constexpr Header<BracketedAddr> route{"Route", '\0', Occurs::list, "RFC 3261 §20.34", detail::id(HeaderId::route)};
inline constexpr Header<BracketedAddr> record_route{"Record-Route", '\0', Occurs::list, "RFC 3261 §20.30", detail::id(HeaderId::record_route)};
inline constexpr Header<Number> content_length{"Content-Length", 'l', Occurs::once, "RFC 3261 §20.14", detail::id(HeaderId::content_length)};
inline constexpr Header<MediaType> content_type{"Content-Type", 'c', Occurs::once, "RFC 3261 §20.15", detail::id(HeaderId::content_type)};
inline constexpr Header<Token> require{"Require", '\0', Occurs::list, "RFC 3261 §20.32", detail::id(HeaderId::require)};
inline constexpr Header<Token> proxy_require{"Proxy-Require", '\0', Occurs::list, "RFC 3261 §20.29", detail::id(HeaderId::proxy_require)};
inline constexpr Header<Token> supported{"Supported", 'k', Occurs::list_or_none, "RFC 3261 §20.37", detail::id(HeaderId::supported)};
inline constexpr Header<Token> unsupported{"Unsupported", '\0', Occurs::list, "RFC 3261 §20.40", detail::id(HeaderId::unsupported)};
inline constexpr Header<Token> allow{"Allow", '\0', Occurs::list_or_none, "RFC 3261 §20.5", detail::id(HeaderId::allow)};
inline constexpr Header<MediaRange> accept{"Accept", '\0', Occurs::list_or_none, "RFC 3261 §20.1", detail::id(HeaderId::accept)};
inline constexpr Header<DeltaSeconds> expires{"Expires", '\0', Occurs::once, "RFC 3261 §20.19", detail::id(HeaderId::expires)};
inline constexpr Header<DeltaSeconds> min_expires{"Min-Expires", '\0', Occurs::once, "RFC 3261 §20.23", detail::id(HeaderId::min_expires)};
inline constexpr Header<RetryAfter> retry_after{"Retry-After", '\0', Occurs::once, "RFC 3261 §20.33", detail::id(HeaderId::retry_after)};
inline constexpr Header<Auth> www_authenticate{"WWW-Authenticate", '\0', Occurs::lines, "RFC 3261 §20.44", detail::id(HeaderId::www_authenticate)};
inline constexpr Header<Auth> authorization{"Authorization", '\0', Occurs::lines, "RFC 3261 §20.7", detail::id(HeaderId::authorization)};
inline constexpr Header<Auth> proxy_authenticate{"Proxy-Authenticate", '\0', Occurs::lines, "RFC 3261 §20.27", detail::id(HeaderId::proxy_authenticate)};
inline constexpr Header<Auth> proxy_authorization{"Proxy-Authorization", '\0', Occurs::lines, "RFC 3261 §20.28", detail::id(HeaderId::proxy_authorization)};
inline constexpr Header<AuthInfo> authentication_info{"Authentication-Info", '\0', Occurs::once, "RFC 3261 §20.6", detail::id(HeaderId::authentication_info)};
inline constexpr Header<Text> user_agent{"User-Agent", '\0', Occurs::once, "RFC 3261 §20.41", detail::id(HeaderId::user_agent)};
inline constexpr Header<Text> server{"Server", '\0', Occurs::once, "RFC 3261 §20.35", detail::id(HeaderId::server)};
inline constexpr Header<Text> subject{"Subject", 's', Occurs::once, "RFC 3261 §20.36", detail::id(HeaderId::subject)};
inline constexpr Header<Date> date{"Date", '\0', Occurs::once, "RFC 3261 §20.17", detail::id(HeaderId::date)};
inline constexpr Header<Timestamp> timestamp{"Timestamp", '\0', Occurs::once, "RFC 3261 §20.38", detail::id(HeaderId::timestamp)};
inline constexpr Header<Warning> warning{"Warning", '\0', Occurs::list, "RFC 3261 §20.43", detail::id(HeaderId::warning)};
inline constexpr Header<Text> organization{"Organization", '\0', Occurs::once, "RFC 3261 §20.25", detail::id(HeaderId::organization)};
inline constexpr Header<Token> content_encoding{"Content-Encoding", 'e', Occurs::list, "RFC 3261 §20.12", detail::id(HeaderId::content_encoding)};
inline constexpr Header<ContentDisposition> content_disposition{"Content-Disposition", '\0', Occurs::once, "RFC 3261 §20.11", detail::id(HeaderId::content_disposition)};
inline constexpr Header<AcceptEncoding> accept_encoding{"Accept-Encoding", '\0', Occurs::list_or_none, "RFC 3261 §20.2", detail::id(HeaderId::accept_encoding)};
inline constexpr Header<AcceptLanguage> accept_language{"Accept-Language", '\0', Occurs::list_or_none, "RFC 3261 §20.3", detail::id(HeaderId::accept_language)};
inline constexpr Header<InfoUri> alert_info{"Alert-Info", '\0', Occurs::list, "RFC 3261 §20.4", detail::id(HeaderId::alert_info)};
inline constexpr Header<InfoUri> call_info{"Call-Info", '\0', Occurs::list, "RFC 3261 §20.9", detail::id(HeaderId::call_info)};
inline constexpr Header<InfoUri> error_info{"Error-Info", '\0', Occurs::list, "RFC 3261 §20.18", detail::id(HeaderId::error_info)};
inline constexpr Header<CallId> in_reply_to{"In-Reply-To", '\0', Occurs::list, "RFC 3261 §20.21", detail::id(HeaderId::in_reply_to)};
inline constexpr Header<MimeVersion> mime_version{"MIME-Version", '\0', Occurs::once, "RFC 3261 §20.24", detail::id(HeaderId::mime_version)};
inline constexpr Header<Token> priority{"Priority", '\0', Occurs::once, "RFC 3261 §20.26", detail::id(HeaderId::priority)};
inline constexpr Header<NameAddr> reply_to{"Reply-To", '\0', Occurs::once, "RFC 3261 §20.31", detail::id(HeaderId::reply_to)};
inline constexpr Header<LanguageTag> content_language{"Content-Language", '\0', Occurs::list, "RFC 3261 §20.13", detail::id(HeaderId::content_language)};
// clang-format on

/// What is known of a registered header's name.
struct Row {
  std::string_view name;
  char compact;
  Occurs occurs;
  std::string_view rfc;
};
/// Every header that IANA registers, indexed by HeaderId; the first row, HeaderId::other, is empty.
PEAL_API extern const std::array<Row, static_cast<std::size_t>(HeaderId::count)> table;

/// The id of a header's name or compact form, without case; HeaderId::other when it is not registered.
PEAL_API HeaderId find(std::string_view name) noexcept;

/// Does `text` follow the grammar of that header, in a list each element? The first place in it where it does not.
/// Any text without CR, LF and NUL follows that of HeaderId::other.
PEAL_API Result<void, ParseError> check(HeaderId id, std::string_view text);
}  // namespace header

}  // namespace peal::inline v0
