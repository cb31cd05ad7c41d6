#include "scan.hpp"

#include <peal/message/sdp/attributes.hpp>

#include <utility>

namespace peal::inline v0::sdp {

namespace {
constexpr std::uint64_t max_u16 = 0xFFFF;
constexpr std::uint64_t max_u32 = 0xFFFF'FFFF;
constexpr std::uint64_t max_payload_type = 127;
}  // namespace

Words::iterator& Words::iterator::operator++() noexcept {
  Scan in(rest_);
  word_ = in.word();
  if (word_.empty()) {
    *this = {};
  } else {
    rest_.remove_prefix(static_cast<std::size_t>(word_.data() + word_.size() - rest_.data()));
  }
  return *this;
}

std::size_t Words::size() const noexcept {
  std::size_t n = 0;
  for ([[maybe_unused]] const auto word : *this) ++n;
  return n;
}

bool Words::contains(std::string_view word) const noexcept {
  for (const auto mine : *this)
    if (mine == word) return true;
  return false;
}

std::string_view to_string(Direction direction) noexcept {
  switch (direction) {
    case Direction::sendrecv: return "sendrecv";
    case Direction::sendonly: return "sendonly";
    case Direction::recvonly: return "recvonly";
    case Direction::inactive: break;
  }
  return "inactive";
}

std::optional<Direction> to_direction(std::string_view text) noexcept {
  for (const auto d : {Direction::sendrecv, Direction::sendonly, Direction::recvonly, Direction::inactive})
    if (text == to_string(d)) return d;
  return std::nullopt;
}

Result<Connection, ParseError> Connection::parse(std::string_view text) {
  Scan in(text);
  Connection out;
  out.network = in.word();
  out.address_type = in.word();
  auto address = in.word();
  if (address.empty()) return in.bad(parse_errc::truncated);
  if (!in.done()) return in.bad(parse_errc::trailing_bytes);
  if (const auto slash = address.find('/'); slash != address.npos) {
    out.ttl_and_count = address.substr(slash + 1);
    address = address.substr(0, slash);
  }
  if (address.size() > 2 && address.front() == '[' && address.back() == ']')
    address = address.substr(1, address.size() - 2);
  if (address.empty() || !is_token(out.network) || !is_token(out.address_type)) return in.bad(parse_errc::bad_host);
  out.address = address;
  return out;
}

Connection Connection::of(std::string_view address) noexcept {
  const bool ipv6 = address.find(':') != address.npos;
  return {"IN", ipv6 ? "IP6" : "IP4", ipv6 ? address.substr(0, address.find('%')) : address, ""};
}

void Connection::append_to(std::string& out) const {
  (((out += network) += ' ') += address_type) += ' ';
  out += address;
  if (!ttl_and_count.empty()) (out += '/') += ttl_and_count;
}

bool Connection::is_unspecified() const noexcept {
  return address == "0.0.0.0" || address == "::" || address == "0:0:0:0:0:0:0:0";
}

bool Connection::is_multicast() const noexcept {
  if (same_word(address_type, "IP6"))
    return address.size() > 2 && same_word(address.substr(0, 2), "ff") && address.find(':') != address.npos;
  const auto dot = address.find('.');
  if (dot == address.npos) return false;
  const auto first = to_number(address.substr(0, dot), 255);
  return first && *first >= 224 && *first <= 239;
}

Result<Rtpmap, ParseError> Rtpmap::parse(std::string_view text) {
  Scan in(text);
  Rtpmap out;
  if (!in.number(out.payload_type, max_payload_type)) return in.bad(parse_errc::bad_number);
  auto encoding = in.word();
  const auto slash = encoding.find('/');
  out.encoding = encoding.substr(0, slash);
  if (!is_token(out.encoding)) return in.bad(parse_errc::bad_token);
  if (slash == encoding.npos) return out;  // RFC 4475 §3.3.15 has one; the rate is then unknown
  encoding.remove_prefix(slash + 1);
  const auto second = encoding.find('/');
  const auto rate = to_number(encoding.substr(0, second), max_u32);
  if (!rate) return in.bad(parse_errc::bad_number);
  out.clock_rate = static_cast<std::uint32_t>(*rate);
  if (second != encoding.npos) {
    // For other media than audio the parameter is not a channel count, and is then left at 1.
    const auto channels = to_number(encoding.substr(second + 1), 255);
    if (channels && *channels > 0) out.channels = static_cast<std::uint32_t>(*channels);
  }
  return out;
}

void Rtpmap::append_to(std::string& out) const {
  append_number(out, payload_type);
  (out += ' ') += encoding;
  if (clock_rate == 0) return;  // it was not said
  append_number(out += '/', clock_rate);
  if (channels > 1) append_number(out += '/', channels);
}

Result<Fmtp, ParseError> Fmtp::parse(std::string_view text) {
  Scan in(text);
  Fmtp out;
  out.format = in.word();
  if (!is_token(out.format)) return in.bad(parse_errc::bad_token);
  out.parameters = in.rest();
  return out;
}

void Fmtp::append_to(std::string& out) const {
  out += format;
  if (!parameters.empty()) (out += ' ') += parameters;
}

Result<Ptime, ParseError> Ptime::parse(std::string_view text) {
  Scan in(text);
  const auto number = in.word();
  const auto dot = number.find('.');
  const auto whole = to_number(number.substr(0, dot), 60'000);
  if (!whole || !in.done()) return in.bad(parse_errc::bad_number);
  std::uint64_t micros = *whole * 1000;
  if (dot != number.npos) {
    const auto digits = number.substr(dot + 1);
    if (!is_digits(digits)) return in.bad(parse_errc::bad_number);
    std::uint64_t weight = 100;
    for (const char c : digits.substr(0, 3)) {
      micros += static_cast<std::uint64_t>(c - '0') * weight;
      weight /= 10;
    }
  }
  if (micros == 0) return in.bad(parse_errc::bad_number);  // RFC 3264 §5.1: greater than zero
  return Ptime{std::chrono::microseconds(micros)};
}

void Ptime::append_to(std::string& out) const {
  const auto micros = static_cast<std::uint64_t>(value.count() < 0 ? 0 : value.count());
  append_number(out, micros / 1000);
  auto fraction = std::to_string(micros % 1000);
  if (fraction == "0") return;
  fraction.insert(0, 3 - fraction.size(), '0');
  while (fraction.back() == '0') fraction.pop_back();
  (out += '.') += fraction;
}

Result<MaxPtime, ParseError> MaxPtime::parse(std::string_view text) {
  auto value = Ptime::parse(text);
  if (!value) return fail(value.error());
  return MaxPtime{*value};
}

Result<Rtcp, ParseError> Rtcp::parse(std::string_view text) {
  Scan in(text);
  Rtcp out;
  if (!in.number(out.port, max_u16)) return in.bad(parse_errc::bad_port);
  if (in.done()) return out;
  auto connection = Connection::parse(in.rest());
  if (!connection) return in.bad(connection.error().code);
  out.connection = *connection;
  return out;
}

void Rtcp::append_to(std::string& out) const {
  append_number(out, port);
  if (connection) connection->append_to(out += ' ');
}

Result<Group, ParseError> Group::parse(std::string_view text) {
  Scan in(text);
  Group out;
  out.semantics = in.word();
  if (!is_token(out.semantics)) return in.bad(parse_errc::bad_token);
  out.mids = Words(in.rest());
  return out;
}

void Group::append_to(std::string& out) const {
  out += semantics;
  for (const auto mid : mids) (out += ' ') += mid;
}

Result<Ssrc, ParseError> Ssrc::parse(std::string_view text) {
  Scan in(text);
  Ssrc out;
  if (!in.number(out.id, max_u32)) return in.bad(parse_errc::bad_number);
  const auto rest = in.rest();
  const auto colon = rest.find(':');
  out.attribute = rest.substr(0, colon);
  if (!is_token(out.attribute)) return in.bad(parse_errc::bad_token);
  if (colon != rest.npos) out.value = rest.substr(colon + 1);
  return out;
}

void Ssrc::append_to(std::string& out) const {
  append_number(out, id);
  (out += ' ') += attribute;
  if (!value.empty()) (out += ':') += value;
}

Result<Crypto, ParseError> Crypto::parse(std::string_view text) {
  Scan in(text);
  Crypto out;
  if (!in.number(out.tag, 999'999'999)) return in.bad(parse_errc::bad_number);
  out.suite = in.word();
  out.key_params = in.word();
  if (!is_token(out.suite)) return in.bad(parse_errc::bad_token);
  if (out.key_params.empty()) return in.bad(parse_errc::truncated);
  out.session_params = in.rest();
  return out;
}

void Crypto::append_to(std::string& out) const {
  append_number(out, tag);
  (((out += ' ') += suite) += ' ') += key_params;
  if (!session_params.empty()) (out += ' ') += session_params;
}

namespace {
bool is_hex_pairs(std::string_view text) {
  if (text.size() % 3 != 2) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = lower(text[i]);
    if (i % 3 == 2 ? c != ':' : !is_digit(c) && (c < 'a' || c > 'f')) return false;
  }
  return true;
}
}  // namespace

Result<Fingerprint, ParseError> Fingerprint::parse(std::string_view text) {
  Scan in(text);
  Fingerprint out{in.word(), in.word()};
  if (!is_token(out.hash) || out.value.empty()) return in.bad(parse_errc::truncated);
  if (!is_hex_pairs(out.value)) return in.bad(parse_errc::bad_byte);
  if (!in.done()) return in.bad(parse_errc::trailing_bytes);
  return out;
}

void Fingerprint::append_to(std::string& out) const { ((out += hash) += ' ') += value; }

namespace {
constexpr std::string_view setup_names[] = {"active", "passive", "actpass", "holdconn"};
}

Result<Setup, ParseError> Setup::parse(std::string_view text) {
  const auto word = trimmed(text);
  for (std::size_t i = 0; i < std::size(setup_names); ++i)
    if (word == setup_names[i]) return Setup{static_cast<Role>(i)};
  return fail(parse_errc::bad_token, 0);
}

void Setup::append_to(std::string& out) const { out += setup_names[static_cast<std::size_t>(role) % 4]; }

Result<Candidate, ParseError> Candidate::parse(std::string_view text) {
  Scan in(text);
  Candidate out;
  out.foundation = in.word();
  if (out.foundation.empty()) return in.bad(parse_errc::truncated);
  if (!in.number(out.component, 256) || out.component == 0) return in.bad(parse_errc::bad_number);
  out.transport = in.word();
  if (!in.number(out.priority, max_u32)) return in.bad(parse_errc::bad_number);
  out.address = in.word();
  if (!in.number(out.port, max_u16)) return in.bad(parse_errc::bad_port);
  if (in.word() != "typ") return in.bad(parse_errc::bad_token);
  out.type = in.word();
  if (out.type.empty()) return in.bad(parse_errc::truncated);
  Scan ahead(in.rest());
  if (ahead.word() == "raddr") {
    out.related_address = ahead.word();
    if (out.related_address.empty()) return ahead.bad(parse_errc::truncated);
    in = Scan(ahead.rest());
    ahead = in;
  } else {
    ahead = Scan(in.rest());
  }
  if (ahead.word() == "rport") {
    std::uint16_t port = 0;
    if (!ahead.number(port, max_u16)) return ahead.bad(parse_errc::bad_port);
    out.related_port = port;
    in = Scan(ahead.rest());
  }
  out.extensions = in.rest();
  return out;
}

void Candidate::append_to(std::string& out) const {
  append_number((out += foundation) += ' ', component);
  append_number((((out += ' ') += transport) += ' '), priority);
  append_number((((out += ' ') += address) += ' '), port);
  (out += " typ ") += type;
  if (!related_address.empty()) (out += " raddr ") += related_address;
  if (related_port) append_number(out += " rport ", *related_port);
  if (!extensions.empty()) (out += ' ') += extensions;
}

Result<IceOptions, ParseError> IceOptions::parse(std::string_view text) {
  const auto tags = Words(trimmed(text));
  if (tags.empty()) return fail(parse_errc::empty, 0);
  return IceOptions{tags};
}

void IceOptions::append_to(std::string& out) const {
  bool first = true;
  for (const auto tag : tags) {
    if (!std::exchange(first, false)) out += ' ';
    out += tag;
  }
}

}  // namespace peal::inline v0::sdp
