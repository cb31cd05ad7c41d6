#include "line_index.hpp"
#include "list.hpp"

#include <peal/message/parse.hpp>

#include <algorithm>
#include <cstring>

namespace peal::inline v0 {

namespace {

using grammar::At;
using grammar::Scan;

constexpr std::uint32_t scratch_arena = 2048;

/// Methods whose Contact is a remote target (RFC 3261 Table 3, 3265, 3311, 3515), so that a bad one cannot be overlooked.
bool contact_is_target(std::string_view method) {
  constexpr std::array<std::string_view, 5> methods{"INVITE", "SUBSCRIBE", "UPDATE", "NOTIFY", "REFER"};
  return std::ranges::find(methods, method) != methods.end();
}

/// One datagram's way from index to message.
class Reader {
 public:
  Reader(char* data, std::uint32_t size, MessageRep& rep, const ParseLimits& limits)
      : data_(data), size_(size), rep_(rep), limits_(limits), index_(data, size, rep, limits, fault_) {
    scan_.max_params = limits.parameters;
  }

  void read(std::uint32_t start);

  [[nodiscard]] const Fault& fault() const noexcept { return fault_; }
  [[nodiscard]] Kind kind() const noexcept { return rep_.fields.kind; }
  [[nodiscard]] bool via_usable() const noexcept { return rep_.fields.via.size != 0; }
  [[nodiscard]] bool is_ack() const noexcept { return is_ack_; }

 private:
  void start_line();
  void status_line(At p, At end);
  void request_line(At p, At end);
  void bad_request_line(At p, At end, const Scan& why);
  bool version(At p, At end);
  void via();
  void name_addr(HeaderId id, NameAddrParts& parts, std::uint32_t& at);
  void call_id();
  void cseq();
  void max_forwards();
  void lists();
  void address_list(const Line& line, bool route);
  void token_list(const Line& line);
  void body();
  [[nodiscard]] bool contact_matters() const;

  void note(parse_errc why, At where) { fault_.note(why, grammar::distance(data_, where)); }
  void note(const Scan& s) { note(s.why, s.where); }
  /// The value of a header that must be there, or nullptr, noted.
  At needed(HeaderId id) {
    if (index_.has(id)) return data_ + index_.first(id).value;
    fault_.note(parse_errc::missing_header, index_.body());
    return nullptr;
  }
  [[nodiscard]] At end_of(const Line& line) const { return data_ + line.value + line.value_size; }

  char* data_;
  std::uint32_t size_;
  MessageRep& rep_;
  const ParseLimits& limits_;
  Fault fault_;
  LineIndex index_;
  Scan scan_;
  bool is_ack_ = false;
};

void Reader::read(std::uint32_t start) {
  if (size_ > limits_.message_bytes) fault_.note(parse_errc::too_long, limits_.message_bytes);
  index_.run(start);
  start_line();
  via();
  name_addr(HeaderId::from, rep_.fields.from, rep_.fields.from_at);
  name_addr(HeaderId::to, rep_.fields.to, rep_.fields.to_at);
  call_id();
  cseq();
  max_forwards();
  lists();
  body();
}

// ---- start line

bool is_version(At p) { return std::memcmp(p, "SIP/2.0", 7) == 0 || ascii::equal({p, 7}, "SIP/2.0"); }
bool begins_sip(At p) { return std::memcmp(p, "SIP/", 4) == 0 || ascii::equal({p, 4}, "SIP/"); }

void Reader::start_line() {
  const auto start = rep_.fields.start;
  const At p = data_ + start.at;
  if (start.size == 0) return fault_.note(parse_errc::bad_start_line, size_);
  if (start.size > limits_.start_line_bytes) fault_.note(parse_errc::too_long, start.at);
  At end = p + start.size - 1;
  if (end > p && end[-1] == '\r') --end;
  if (end - p >= 4 && begins_sip(p))
    status_line(p, end);
  else
    request_line(p, end);
}

/// SIP-Version SP Status-Code SP Reason-Phrase
void Reader::status_line(At p, At end) {
  rep_.fields.kind = Kind::response;
  const At space = std::find(p, end, ' ');
  if (!version(p, space)) return;
  const At code = space + 1;
  if (end - code < 4 || code[3] != ' ' || !ascii::all({code, 3}, ascii::digit)) return note(parse_errc::bad_status_code, std::min(code, end));
  const auto status = (code[0] - '0') * 100 + (code[1] - '0') * 10 + (code[2] - '0');
  if (status < 100 || status > 699) return note(parse_errc::bad_status_code, code);
  rep_.fields.status = static_cast<std::uint16_t>(status);
  rep_.fields.reason = {grammar::distance(data_, code + 4), grammar::distance(code + 4, end)};
}

/// Notes what is wrong with a version; another one overrides every other fault, since nothing else can be judged then.
bool Reader::version(At p, At end) {
  if (end - p == 7 && is_version(p)) return true;
  const At dot = std::find(p, end, '.');
  const bool well_formed = end - p > 4 && begins_sip(p) && dot != end && ascii::all(grammar::between(p + 4, dot), ascii::digit) &&
                           ascii::all(grammar::between(dot + 1, end), ascii::digit);
  if (well_formed) fault_ = {};
  note(well_formed ? parse_errc::bad_version : parse_errc::bad_start_line, p);
  return false;
}

/// Method SP Request-URI SP SIP-Version
void Reader::request_line(At p, At end) {
  const At name_end = grammar::span<ascii::token>(p);
  if (name_end == p || *name_end != ' ') return note(parse_errc::bad_start_line, name_end);
  auto& fields = rep_.fields;
  fields.kind = Kind::request;
  const auto name = grammar::between(p, name_end);
  is_ack_ = name == "ACK";
  if (name.size() <= Method::max_size)
    MethodAccess::assign(fields.method, p, name.size());
  else
    note(parse_errc::bad_method, p);
  const At uri = name_end + 1;
  Scan s = scan_;
  fields.uri = UriParts{};
  const At uri_end = grammar::uri(uri, false, fields.uri, s);
  fields.uri_at = grammar::distance(data_, uri);
  if (uri_end != nullptr && *uri_end == ' ' && end - uri_end == 8 && is_version(uri_end + 1)) return;
  if (uri_end == nullptr) fields.uri = UriParts{};
  if (uri_end != nullptr && *uri_end != ' ') s.fail(parse_errc::bad_uri, uri_end);
  bad_request_line(uri, end, s);
}

/// Tells a version of another protocol from a bad URI and from blanks too many.
void Reader::bad_request_line(At uri, At end, const Scan& s) {
  At last = end;
  while (last > uri && last[-1] != ' ') --last;
  if (last == end || last == uri) return note(parse_errc::bad_start_line, last);
  if (!version(last, end)) return;
  if (s.why != parse_errc::no_result) return note(s);
  note(parse_errc::bad_start_line, uri + rep_.fields.uri.size);
}

// ---- headers that every message needs

void Reader::via() {
  const At p = needed(HeaderId::via);
  if (p == nullptr) return;
  auto& fields = rep_.fields;
  const At end = grammar::via(p, fields.via, scan_);
  fields.via_at = grammar::distance(data_, p);
  if (end == nullptr) return note(scan_);
  if (end != end_of(index_.first(HeaderId::via)) && *grammar::blanks(end) != ',') note(parse_errc::bad_via, end);
}

void Reader::name_addr(HeaderId id, NameAddrParts& parts, std::uint32_t& at) {
  const At p = needed(id);
  if (p == nullptr) return;
  const At end = grammar::name_addr(p, parts, scan_);
  if (end == end_of(index_.first(id))) {
    at = grammar::distance(data_, p);
    return;
  }
  parts = NameAddrParts{};
  if (end != nullptr) scan_.fail(parse_errc::trailing_bytes, end);
  note(scan_);
}

void Reader::call_id() {
  const At p = needed(HeaderId::call_id);
  if (p == nullptr) return;
  const At end = grammar::call_id(p, scan_);
  if (end == end_of(index_.first(HeaderId::call_id))) {
    rep_.fields.call_id = {grammar::distance(data_, p), grammar::distance(p, end)};
    return;
  }
  if (end != nullptr) scan_.fail(parse_errc::bad_call_id, end);
  note(scan_);
}

void Reader::cseq() {
  const At p = needed(HeaderId::cseq);
  if (p == nullptr) return;
  auto& fields = rep_.fields;
  std::uint32_t number = 0;
  std::string_view name;
  const At end = grammar::cseq(p, number, name, scan_);
  if (end != end_of(index_.first(HeaderId::cseq))) {
    if (end != nullptr) scan_.fail(parse_errc::bad_cseq, end);
    return note(scan_);
  }
  if (name.size() > Method::max_size) return note(parse_errc::bad_method, name.data());
  fields.cseq.number = number;
  MethodAccess::assign(fields.cseq.method, name.data(), name.size());
  if (kind() == Kind::request && !fields.method.empty() && fields.method.name() != name) note(parse_errc::method_mismatch, name.data());
}

// ---- headers that this message needs when they are there

void Reader::max_forwards() {
  if (kind() != Kind::request || !index_.has(HeaderId::max_forwards)) return;
  const auto& line = index_.first(HeaderId::max_forwards);
  std::uint64_t value = 0;
  const At p = data_ + line.value;
  if (grammar::number(p, 255, value, scan_) != end_of(line)) note(parse_errc::bad_number, p);
}

bool Reader::contact_matters() const {
  const auto& fields = rep_.fields;
  const auto method = fields.cseq.method.name();
  if (fields.kind == Kind::request) return contact_is_target(method) || method == "REGISTER";
  return fields.status > 100 && fields.status < 300 && contact_is_target(method);
}

void Reader::lists() {
  constexpr auto routes = bit(HeaderId::route) | bit(HeaderId::record_route);
  auto wanted = index_.seen() & routes;
  if (contact_matters()) wanted |= index_.seen() & bit(HeaderId::contact);
  if (kind() == Kind::request) wanted |= index_.seen() & (bit(HeaderId::require) | bit(HeaderId::proxy_require));
  if (wanted == 0) return;
  for (std::uint32_t i = 0; i < rep_.count; ++i) {
    const Line& line = rep_.lines()[i];
    const auto own_bit = std::uint64_t{1} << line.id;
    if ((wanted & own_bit) == 0) continue;
    if (own_bit == bit(HeaderId::require) || own_bit == bit(HeaderId::proxy_require))
      token_list(line);
    else
      address_list(line, (own_bit & routes) != 0);
  }
}

void Reader::address_list(const Line& line, bool route) {
  At p = data_ + line.value;
  const At end = end_of(line);
  if (!route && line.value_size == 1 && *p == '*') return;
  NameAddrParts parts;
  for (std::uint32_t count = 0;; ++count) {
    if (count == limits_.list_elements) return note(parse_errc::too_long, p);
    p = grammar::name_addr(p, parts, scan_, route);
    if (p == nullptr) return note(scan_);
    if (p == end) return;
    p = grammar::blanks(p);
    if (*p != ',') return note(parse_errc::bad_name_addr, p);
    p = grammar::blanks(p + 1);
  }
}

void Reader::token_list(const Line& line) {
  const At p = data_ + line.value;
  ListCursor cursor{{p, line.value_size}};
  while (const auto element = cursor.next())
    if (!ascii::all(*element, ascii::token)) return note(parse_errc::bad_token, element->data());
}

/// §18.3: a datagram's body is as long as Content-Length says, and what stands behind it is no part of the message.
void Reader::body() {
  auto& body = rep_.fields.body;
  body = {index_.body(), size_ - index_.body()};
  if (!index_.complete() || !index_.has(HeaderId::content_length)) return;
  const auto& line = index_.first(HeaderId::content_length);
  const At p = data_ + line.value;
  std::uint64_t length = 0;
  if (grammar::number(p, 0xffff'ffff, length, scan_) != end_of(line)) return note(parse_errc::bad_content_length, p);
  if (length > body.size) return note(parse_errc::body_too_short, p);
  body.size = static_cast<std::uint32_t>(length);
}

}  // namespace

// ---- the parser

struct Parser::State {
  ParseLimits limits;
  Request request;
  Response response;
  Fault fault;
  bool broken_2xx = false;

  /// The block of `message`, empty again. Made anew when the message was given another value meanwhile.
  static MessageRep& fresh(Message& message, const ParseLimits& limits, const char* wire) {
    auto*& rep = message.rep_;
    if (rep == nullptr || !rep->scratch || rep->room < limits.header_lines) {
      MessageRep::release(rep);
      rep = nullptr;
      rep = MessageRep::make(limits.header_lines + 8, scratch_arena);
      rep->scratch = true;
    }
    rep->wire = wire;
    rep->count = 0;
    rep->arena_used = 0;
    rep->fields.clear();
    return *rep;
  }
};

Parser::Parser(const ParseLimits& limits) : state_(std::make_unique<State>()) {
  state_->limits = limits;
  state_->limits.header_lines = std::min(limits.header_lines, 60'000U);  // an index counts in 16 bits
  state_->limits.header_name_bytes = std::min(limits.header_name_bytes, 60'000U);
  State::fresh(state_->request, state_->limits, nullptr);
  State::fresh(state_->response, state_->limits, nullptr);
}

Parser::~Parser() = default;

Parsed Parser::parse(char* data, std::size_t size) {
  auto& state = *state_;
  state.fault = {};
  state.broken_2xx = false;
  if (size == 0) {
    state.fault = {parse_errc::empty, 0};
    return Parsed::garbage;
  }
  const auto length = static_cast<std::uint32_t>(std::min<std::size_t>(size, in_arena - 1));
  std::uint32_t start = 0;
  while (start < length && (data[start] == '\r' || data[start] == '\n')) ++start;  // §7.5
  if (std::all_of(data + start, data + length, [](char c) { return c == '\r' || c == '\n' || ascii::blank(c); }))
    return Parsed::keep_alive;

  const bool response = length - start >= 4 && begins_sip(data + start);
  auto& message = response ? static_cast<Message&>(state.response) : static_cast<Message&>(state.request);
  Reader reader(data, length, State::fresh(message, state.limits, data), state.limits);
  reader.read(start);
  state.fault = reader.fault();
  if (response) {
    if (!state.fault) return Parsed::response;
    const auto& f = message.rep_->fields;
    state.broken_2xx = f.status / 100 == 2 && f.cseq.method == method::invite && f.call_id.size != 0 && f.from.tag_size != 0 &&
                       f.to.tag_size != 0;
    return Parsed::bad_response;
  }
  if (!state.fault) return Parsed::request;
  const bool answerable = reader.kind() == Kind::request && reader.via_usable() && !reader.is_ack();
  return answerable ? Parsed::bad_request : Parsed::garbage;
}

Request& Parser::request() noexcept { return state_->request; }
Response& Parser::response() noexcept { return state_->response; }
ParseError Parser::error() const noexcept { return {state_->fault.why, state_->fault.where}; }
bool Parser::broken_2xx() const noexcept { return state_->broken_2xx; }

namespace {

/// Parses a text that is not padded.
template <class F>
Parsed parse_copy(Parser& parser, std::string_view text, F use) {
  const auto buffer = std::make_unique_for_overwrite<char[]>(text.size() + Parser::padding);
  if (!text.empty()) std::memcpy(buffer.get(), text.data(), text.size());
  std::memset(buffer.get() + text.size(), 0, Parser::padding);
  const auto parsed = parser.parse(buffer.get(), text.size());
  use(parsed);
  return parsed;
}

ParseError why(const Parser& parser, Parsed parsed) {
  const bool other_sort = parsed == Parsed::request || parsed == Parsed::response;
  if (other_sort || parsed == Parsed::keep_alive) return {other_sort ? parse_errc::bad_start_line : parse_errc::empty, 0};
  return parser.error();
}

}  // namespace

Result<Request, ParseError> Request::parse(std::string_view text, const ParseLimits& limits) {
  Parser parser(limits);
  Result<Request, ParseError> out;
  parse_copy(parser, text, [&](Parsed parsed) {
    if (parsed == Parsed::request)
      out = parser.request();
    else
      out = fail(why(parser, parsed));
  });
  return out;
}

Result<Response, ParseError> Response::parse(std::string_view text, const ParseLimits& limits) {
  Parser parser(limits);
  Result<Response, ParseError> out;
  parse_copy(parser, text, [&](Parsed parsed) {
    if (parsed == Parsed::response)
      out = parser.response();
    else
      out = fail(why(parser, parsed));
  });
  return out;
}

}  // namespace peal::inline v0
