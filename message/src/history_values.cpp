#include "compose.hpp"
#include "known_params.hpp"

#include <peal/message/history_values.hpp>

namespace peal::inline v0 {

using grammar::At;
using grammar::Brackets;
using grammar::Compose;
using grammar::KnownParam;

namespace {

/// index-val = number *("." number), number = [ %x31-39 *DIGIT ] DIGIT
bool is_index(std::string_view value) noexcept {
  for (;;) {
    const auto dot = value.find('.');
    const auto number = value.substr(0, dot);
    if (!grammar::is_digits(number) || (number.size() > 1 && number[0] == '0')) return false;
    if (dot == std::string_view::npos) return true;
    value.remove_prefix(dot + 1);
  }
}

/// 1*2DIGIT
bool is_two_digits(std::string_view value) noexcept { return grammar::is_digits(value) && value.size() <= 2; }

/// uui-data = token / quoted-string
At uui_data(At p, grammar::Scan& s) noexcept { return *p == '"' ? grammar::quoted_string(p, s) : grammar::token(p, s); }

std::string unquoted(const ParamsView& params, std::string_view name) {
  const auto param = params.find(name);
  return param ? param->unquoted() : std::string();
}

Compose bracketed_uri(const UriView& uri) {
  Compose out;
  out.literal("<").literal(uri.text()).literal(">");
  return out;
}

}  // namespace

Result<ReasonView, ParseError> ReasonView::read(InMessage from, const char*& end) {
  static constexpr std::array<KnownParam, 2> known{{{"cause", grammar::is_digits}, {"text", grammar::is_quoted}}};
  return grammar::read_known<ReasonView>(from, end, grammar::token, known);
}

Result<ReasonView, ParseError> ReasonView::parse(std::string_view text) {
  return grammar::parse_parts<ReasonView>(text);
}

bool ReasonView::is(std::string_view protocol) const noexcept { return ascii::equal(value(), protocol); }

std::optional<std::uint32_t> ReasonView::cause() const {
  return grammar::number_of(params().value("cause"), std::numeric_limits<std::uint32_t>::max());
}

std::string ReasonView::message() const { return unquoted(params(), "text"); }

Result<Reason, ParseError> Reason::make(std::string_view protocol, std::optional<std::uint32_t> cause,
                                        std::string_view message) {
  Compose out;
  out.token(protocol);
  if (cause) out.param("cause").literal("=").number(*cause);
  if (!message.empty()) out.quoted_param("text", message);
  return out.made<Reason>();
}

Result<HistoryInfoView, ParseError> HistoryInfoView::read(InMessage from, const char*& end) {
  static constexpr std::array<KnownParam, 4> known{
      {{"index", is_index, true}, {"rc", is_index}, {"mp", is_index}, {"np", is_index}}};
  return grammar::read_address<HistoryInfoView>(from, end, Brackets::required, known);
}

Result<HistoryInfoView, ParseError> HistoryInfoView::parse(std::string_view text) {
  return grammar::parse_parts<HistoryInfoView>(text);
}

Result<HistoryInfo, ParseError> HistoryInfo::make(const UriView& uri, std::string_view index, Retargeted how,
                                                  std::string_view from) {
  auto out = bracketed_uri(uri);
  out.token_param("index", index);
  if (how != Retargeted::no) out.token_param(how == Retargeted::rc ? "rc" : how == Retargeted::mp ? "mp" : "np", from);
  return out.made<HistoryInfo>();
}

Result<DiversionView, ParseError> DiversionView::read(InMessage from, const char*& end) {
  static constexpr std::array<KnownParam, 5> known{{{"reason", grammar::is_token_or_quoted},
                                                    {"counter", is_two_digits},
                                                    {"limit", is_two_digits},
                                                    {"privacy", grammar::is_token_or_quoted},
                                                    {"screen", grammar::is_token_or_quoted}}};
  return grammar::read_address<DiversionView>(from, end, Brackets::required, known);
}

Result<DiversionView, ParseError> DiversionView::parse(std::string_view text) {
  return grammar::parse_parts<DiversionView>(text);
}

std::string DiversionView::reason() const { return unquoted(params(), "reason"); }

std::optional<std::uint32_t> DiversionView::counter() const {
  return grammar::number_of(params().value("counter"), 99);
}

std::optional<std::uint32_t> DiversionView::limit() const { return grammar::number_of(params().value("limit"), 99); }

std::string DiversionView::privacy() const { return unquoted(params(), "privacy"); }

std::string DiversionView::screen() const { return unquoted(params(), "screen"); }

Result<Diversion, ParseError> Diversion::make(const UriView& uri, const Params& params) {
  auto out = bracketed_uri(uri);
  out.optional_param("reason", params.reason);
  if (params.counter) out.param("counter").literal("=").number(*params.counter);
  out.optional_param("privacy", params.privacy).optional_param("screen", params.screen);
  return out.made<Diversion>();
}

Result<UserToUserView, ParseError> UserToUserView::read(InMessage from, const char*& end) {
  static constexpr std::array<KnownParam, 3> known{
      {{"encoding", grammar::is_token}, {"purpose", grammar::is_token}, {"content", grammar::is_token}}};
  return grammar::read_known<UserToUserView>(from, end, uui_data, known);
}

Result<UserToUserView, ParseError> UserToUserView::parse(std::string_view text) {
  return grammar::parse_parts<UserToUserView>(text);
}

std::string UserToUserView::data() const { return Param{{}, value(), true}.unquoted(); }

Result<UserToUser, ParseError> UserToUser::make(std::string_view data, const Params& params) {
  Compose out;
  if (grammar::is_token(data))
    out.literal(data);
  else
    out.quoted(data);
  return out.optional_param("encoding", params.encoding)
      .optional_param("purpose", params.purpose)
      .optional_param("content", params.content)
      .made<UserToUser>();
}

}  // namespace peal::inline v0
