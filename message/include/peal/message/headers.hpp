#pragma once

#include <peal/message/auth_values.hpp>
#include <peal/message/header.hpp>
#include <peal/message/name_addr.hpp>
#include <peal/message/values.hpp>
#include <peal/message/via.hpp>

#include <array>
#include <cstdint>
#include <string_view>

namespace peal::inline v0 {

/// The row of a core header. Known to the index, found without comparing names.
enum class HeaderId : std::uint8_t {
  other = 0,
  // what routing and matching need, in the order of first look
  via, from, to, call_id, cseq, max_forwards, contact, route, record_route, content_length, content_type,
  require, proxy_require, supported, unsupported, allow, accept, expires, min_expires, retry_after,
  www_authenticate, authorization, proxy_authenticate, proxy_authorization, authentication_info,
  user_agent, server, subject, date, timestamp, warning, organization, reason, event, content_encoding,
  content_disposition, accept_encoding, accept_language, alert_info, call_info, error_info, in_reply_to,
  mime_version, priority, reply_to, content_language,
  count
};

namespace header {
namespace detail {
constexpr std::uint8_t id(HeaderId i) { return static_cast<std::uint8_t>(i); }
}  // namespace detail

inline constexpr Header<Via> via{"Via", 'v', Occurs::list, "RFC 3261 §20.42", detail::id(HeaderId::via)};
inline constexpr Header<NameAddr> from{"From", 'f', Occurs::once, "RFC 3261 §20.20", detail::id(HeaderId::from)};
inline constexpr Header<NameAddr> to{"To", 't', Occurs::once, "RFC 3261 §20.39", detail::id(HeaderId::to)};
inline constexpr Header<CallId> call_id{"Call-ID", 'i', Occurs::once, "RFC 3261 §20.8", detail::id(HeaderId::call_id)};
inline constexpr Header<CSeq> cseq{"CSeq", '\0', Occurs::once, "RFC 3261 §20.16", detail::id(HeaderId::cseq)};
inline constexpr Header<Number> max_forwards{"Max-Forwards", '\0', Occurs::once, "RFC 3261 §20.22", detail::id(HeaderId::max_forwards)};
inline constexpr Header<NameAddr> contact{"Contact", 'm', Occurs::list, "RFC 3261 §20.10", detail::id(HeaderId::contact)};
inline constexpr Header<NameAddr> route{"Route", '\0', Occurs::list, "RFC 3261 §20.34", detail::id(HeaderId::route)};
inline constexpr Header<NameAddr> record_route{"Record-Route", '\0', Occurs::list, "RFC 3261 §20.30", detail::id(HeaderId::record_route)};
inline constexpr Header<Number> content_length{"Content-Length", 'l', Occurs::once, "RFC 3261 §20.14", detail::id(HeaderId::content_length)};
inline constexpr Header<MediaType> content_type{"Content-Type", 'c', Occurs::once, "RFC 3261 §20.15", detail::id(HeaderId::content_type)};
inline constexpr Header<Token> require{"Require", '\0', Occurs::list, "RFC 3261 §20.32", detail::id(HeaderId::require)};
inline constexpr Header<Token> proxy_require{"Proxy-Require", '\0', Occurs::list, "RFC 3261 §20.29", detail::id(HeaderId::proxy_require)};
inline constexpr Header<Token> supported{"Supported", 'k', Occurs::list, "RFC 3261 §20.37", detail::id(HeaderId::supported)};
inline constexpr Header<Token> unsupported{"Unsupported", '\0', Occurs::list, "RFC 3261 §20.40", detail::id(HeaderId::unsupported)};
inline constexpr Header<Token> allow{"Allow", '\0', Occurs::list, "RFC 3261 §20.5", detail::id(HeaderId::allow)};
inline constexpr Header<MediaType> accept{"Accept", '\0', Occurs::list, "RFC 3261 §20.1", detail::id(HeaderId::accept)};
inline constexpr Header<DeltaSeconds> expires{"Expires", '\0', Occurs::once, "RFC 3261 §20.19", detail::id(HeaderId::expires)};
inline constexpr Header<DeltaSeconds> min_expires{"Min-Expires", '\0', Occurs::once, "RFC 3261 §20.23", detail::id(HeaderId::min_expires)};
inline constexpr Header<RetryAfter> retry_after{"Retry-After", '\0', Occurs::once, "RFC 3261 §20.33", detail::id(HeaderId::retry_after)};
inline constexpr Header<Auth> www_authenticate{"WWW-Authenticate", '\0', Occurs::lines, "RFC 3261 §20.44", detail::id(HeaderId::www_authenticate)};
inline constexpr Header<Auth> authorization{"Authorization", '\0', Occurs::lines, "RFC 3261 §20.7", detail::id(HeaderId::authorization)};
inline constexpr Header<Auth> proxy_authenticate{"Proxy-Authenticate", '\0', Occurs::lines, "RFC 3261 §20.27", detail::id(HeaderId::proxy_authenticate)};
inline constexpr Header<Auth> proxy_authorization{"Proxy-Authorization", '\0', Occurs::lines, "RFC 3261 §20.28", detail::id(HeaderId::proxy_authorization)};
inline constexpr Header<Text> authentication_info{"Authentication-Info", '\0', Occurs::once, "RFC 3261 §20.6", detail::id(HeaderId::authentication_info)};
inline constexpr Header<Text> user_agent{"User-Agent", '\0', Occurs::once, "RFC 3261 §20.41", detail::id(HeaderId::user_agent)};
inline constexpr Header<Text> server{"Server", '\0', Occurs::once, "RFC 3261 §20.35", detail::id(HeaderId::server)};
inline constexpr Header<Text> subject{"Subject", 's', Occurs::once, "RFC 3261 §20.36", detail::id(HeaderId::subject)};
inline constexpr Header<Text> date{"Date", '\0', Occurs::once, "RFC 3261 §20.17", detail::id(HeaderId::date)};
inline constexpr Header<Text> timestamp{"Timestamp", '\0', Occurs::once, "RFC 3261 §20.38", detail::id(HeaderId::timestamp)};
inline constexpr Header<Text> warning{"Warning", '\0', Occurs::lines, "RFC 3261 §20.43", detail::id(HeaderId::warning)};
inline constexpr Header<Text> reason{"Reason", '\0', Occurs::lines, "RFC 3326 §2", detail::id(HeaderId::reason)};

/// Name, compact form and occurrence of every core header, indexed by HeaderId.
struct Row {
  std::string_view name;
  char compact;
  Occurs occurs;
};
PEAL_API extern const std::array<Row, static_cast<std::size_t>(HeaderId::count)> table;

/// The id of a header's name or compact form, without case; HeaderId::other when it is no core header.
PEAL_API HeaderId find(std::string_view name) noexcept;
}  // namespace header

}  // namespace peal::inline v0
