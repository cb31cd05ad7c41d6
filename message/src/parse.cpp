#include "ascii.hpp"
#include "mend.hpp"
#include "reader.hpp"

#include <peal/message/parse.hpp>

#include <algorithm>
#include <cstring>

namespace peal::inline v0 {

namespace {

constexpr std::uint32_t scratch_arena = 2048;

bool begins_sip(const char* p) { return ascii::equal({p, 4}, "SIP/"); }

/// Faults of form, which may be mended. What says that something is missing, twice there, too much, or contradicts
/// itself is never one of them, nor is anything about the length of the body.
bool is_of_form(parse_errc why) {
  switch (why) {
    case parse_errc::bad_start_line:
    case parse_errc::bad_status_code:
    case parse_errc::bad_line_end:
    case parse_errc::bad_uri:
    case parse_errc::bad_scheme:
    case parse_errc::bad_host:
    case parse_errc::bad_port:
    case parse_errc::bad_escape:
    case parse_errc::bad_parameter:
    case parse_errc::bad_via:
    case parse_errc::bad_name_addr:
    case parse_errc::trailing_bytes:
    case parse_errc::bad_token: return true;
    default: return false;
  }
}

}  // namespace

// ---- the parser

struct Parser::State {
  ParseLimits limits;
  Read read = readers().back().read;
  Request request;
  Response response;
  Fault fault;
  Mender mender;
  bool mended = false;
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

  /// The interop profile's second try. When that fails too, it is what one knows of the message.
  void read_mended(Message& message, const char* data, std::uint32_t size, std::uint32_t start) {
    mended = mender.mend(data, size, start, message.rep_->fields.body.at);
    if (!mended) return;
    ParseLimits room = limits;
    room.message_bytes = std::max(limits.message_bytes, mender.size());
    fault = read(mender.text(), mender.size(), 0, fresh(message, limits, mender.text()), room);
    if (fault) fault.where = mender.original(fault.where);
  }
};

Parser::Parser(const ParseLimits& limits) : state_(std::make_unique<State>()) {
  state_->limits = limits;
  state_->limits.header_lines = std::min(limits.header_lines, 60'000U);  // an index counts in 16 bits
  state_->limits.header_name_bytes = std::min(limits.header_name_bytes, 60'000U);
  state_->limits.parameters = std::min(limits.parameters, grammar::Scan().max_params);  // what every accessor reads
  State::fresh(state_->request, state_->limits, nullptr);
  State::fresh(state_->response, state_->limits, nullptr);
}

Parser::~Parser() = default;

Parsed Parser::parse(char* data, std::size_t size) {
  auto& state = *state_;
  state.fault = {};
  state.broken_2xx = state.mended = false;
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
  state.fault = state.read(data, length, start, State::fresh(message, state.limits, data), state.limits);
  if (state.limits.profile == Profile::interop && is_of_form(state.fault.why))
    state.read_mended(message, data, length, start);
  const auto& f = message.rep_->fields;
  if (response) {
    if (!state.fault) return Parsed::response;
    state.broken_2xx = f.status / 100 == 2 && f.cseq.method == method::invite && f.call_id.size != 0 &&
                       f.from.tag_size != 0 && f.to.tag_size != 0 &&
                       NameAddr::parse(state.response.from().text(), state.limits.profile) &&
                       NameAddr::parse(state.response.to().text(), state.limits.profile);
    return Parsed::bad_response;
  }
  if (!state.fault) return Parsed::request;
  const bool answerable = f.kind == Kind::request && f.via.size != 0 && f.method != method::ack;
  return answerable ? Parsed::bad_request : Parsed::garbage;
}

Request& Parser::request() noexcept { return state_->request; }
Response& Parser::response() noexcept { return state_->response; }
ParseError Parser::error() const noexcept { return {state_->fault.why, state_->fault.where}; }
bool Parser::mended() const noexcept { return state_->mended; }
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
  if (other_sort || parsed == Parsed::keep_alive)
    return {other_sort ? parse_errc::bad_start_line : parse_errc::empty, 0};
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
