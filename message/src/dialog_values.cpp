#include "compose.hpp"
#include "known_params.hpp"

#include <peal/message/dialog_values.hpp>

namespace peal::inline v0 {

using grammar::At;
using grammar::Compose;
using grammar::KnownParam;
using grammar::Scan;

namespace {

constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();

constexpr std::array<KnownParam, 3> replaces_params{
    {{"to-tag", grammar::is_token, true}, {"from-tag", grammar::is_token, true}, {"early-only", grammar::is_absent}}};
constexpr std::array<KnownParam, 2> join_params{
    {{"to-tag", grammar::is_token, true}, {"from-tag", grammar::is_token, true}}};
constexpr std::array<KnownParam, 2> target_params{
    {{"local-tag", grammar::is_token, true}, {"remote-tag", grammar::is_token, true}}};

/// A dialog's three parts; `call_id` first, since nothing may hide in it.
template <class T>
Result<T, ParseError> dialog(std::string_view call_id, const std::array<std::string_view, 2>& names,
                             std::string_view first, std::string_view second, std::string_view flag) {
  const grammar::Padded copy(call_id);
  Scan s;
  if (auto ok = copy.finish(grammar::call_id(copy.begin(), s), s); !ok) return fail(ok.error());
  return Compose().literal(call_id).token_param(names[0], first).token_param(names[1], second).literal(flag).made<T>();
}

/// 1*DIGIT from 1 to 2**32-1: response-num with what §7.1 says of it.
At response_number(At p, std::uint32_t& value, Scan& s) noexcept {
  std::uint64_t n = 0;
  const At end = grammar::number(p, most, n, s);
  if (end == nullptr) return nullptr;
  if (n == 0) return s.fail(parse_errc::bad_number, p);
  value = static_cast<std::uint32_t>(n);
  return end;
}

At seconds(At p, Scan& s) noexcept {
  std::chrono::seconds value{0};
  return grammar::delta_seconds(p, value, s);
}

bool is_refresher(std::string_view value) noexcept { return ascii::equal(value, "uac") || ascii::equal(value, "uas"); }

bool is_lower_hex(char c) noexcept { return ascii::is(c, ascii::digit) || (c >= 'a' && c <= 'f'); }

bool is_uuid(std::string_view value) noexcept {
  return value.size() == 32 && std::all_of(value.begin(), value.end(), is_lower_hex);
}

At uuid(At p, Scan& s) noexcept {
  const At start = p;
  for (; p - start < 32; ++p)
    if (!is_lower_hex(*p)) return s.fail(*p == '\r' ? parse_errc::truncated : parse_errc::bad_byte, p);
  return p;
}

}  // namespace

Result<ReplacesView, ParseError> ReplacesView::read(InMessage from, const char*& end) {
  return grammar::read_known<ReplacesView>(from, end, grammar::call_id, replaces_params);
}

Result<ReplacesView, ParseError> ReplacesView::parse(std::string_view text) {
  return grammar::parse_parts<ReplacesView>(text);
}

Result<Replaces, ParseError> Replaces::make(std::string_view call_id, std::string_view to_tag,
                                            std::string_view from_tag, bool early_only) {
  return dialog<Replaces>(call_id, {"to-tag", "from-tag"}, to_tag, from_tag, early_only ? ";early-only" : "");
}

Result<JoinView, ParseError> JoinView::read(InMessage from, const char*& end) {
  return grammar::read_known<JoinView>(from, end, grammar::call_id, join_params);
}

Result<JoinView, ParseError> JoinView::parse(std::string_view text) { return grammar::parse_parts<JoinView>(text); }

Result<Join, ParseError> Join::make(std::string_view call_id, std::string_view to_tag, std::string_view from_tag) {
  return dialog<Join>(call_id, {"to-tag", "from-tag"}, to_tag, from_tag, "");
}

Result<TargetDialogView, ParseError> TargetDialogView::read(InMessage from, const char*& end) {
  return grammar::read_known<TargetDialogView>(from, end, grammar::call_id, target_params);
}

Result<TargetDialogView, ParseError> TargetDialogView::parse(std::string_view text) {
  return grammar::parse_parts<TargetDialogView>(text);
}

Result<TargetDialog, ParseError> TargetDialog::make(std::string_view call_id, std::string_view local_tag,
                                                    std::string_view remote_tag) {
  return dialog<TargetDialog>(call_id, {"local-tag", "remote-tag"}, local_tag, remote_tag, "");
}

Result<RSeq, ParseError> RSeq::read(InMessage from, const char*& end) {
  Scan s;
  RSeq out;
  end = response_number(from.at, out.value, s);
  if (end == nullptr) return grammar::unread(from, s);
  return out;
}

Result<RSeq, ParseError> RSeq::parse(std::string_view text) { return grammar::parse_copy<RSeq>(text); }

void RSeq::append_to(std::string& out) const { grammar::append_number(out, value); }

Result<RAck, ParseError> RAck::read(InMessage from, const char*& end) {
  Scan s;
  RAck out;
  std::string_view name;
  end = response_number(from.at, out.rseq, s);
  if (end != nullptr && !ascii::blank(*end)) end = s.fail(parse_errc::bad_number, end);
  if (end != nullptr) end = grammar::cseq(grammar::blanks(end), out.cseq, name, s);
  if (end == nullptr) return grammar::unread(from, s);
  auto method = Method::parse(name);
  if (!method) return fail(parse_errc::bad_method, grammar::distance(from.at, name.data()));
  out.method = *method;
  return out;
}

Result<RAck, ParseError> RAck::parse(std::string_view text) { return grammar::parse_copy<RAck>(text); }

void RAck::append_to(std::string& out) const {
  grammar::append_number(out, rseq);
  out += ' ';
  grammar::append_number(out, cseq);
  out += ' ';
  out += method.name();
}

Result<SessionExpiresView, ParseError> SessionExpiresView::read(InMessage from, const char*& end) {
  static constexpr std::array<KnownParam, 1> known{{{"refresher", is_refresher}}};
  return grammar::read_known<SessionExpiresView>(from, end, seconds, known);
}

Result<SessionExpiresView, ParseError> SessionExpiresView::parse(std::string_view text) {
  return grammar::parse_parts<SessionExpiresView>(text);
}

std::chrono::seconds SessionExpiresView::interval() const noexcept {
  return grammar::seconds_of(value()).value_or(std::chrono::seconds{0});
}

std::optional<Refresher> SessionExpiresView::refresher() const {
  const auto who = params().value("refresher");
  if (who.empty()) return std::nullopt;
  return ascii::equal(who, "uac") ? Refresher::uac : Refresher::uas;
}

Result<SessionExpires, ParseError> SessionExpires::make(std::chrono::seconds interval,
                                                        std::optional<Refresher> refresher) {
  Compose out;
  out.seconds(interval);
  if (refresher) out.literal(*refresher == Refresher::uac ? ";refresher=uac" : ";refresher=uas");
  return out.made<SessionExpires>();
}

Result<MinSeView, ParseError> MinSeView::read(InMessage from, const char*& end) {
  return grammar::read_param_value<MinSeView>(from, end, seconds);
}

Result<MinSeView, ParseError> MinSeView::parse(std::string_view text) { return grammar::parse_parts<MinSeView>(text); }

std::chrono::seconds MinSeView::interval() const noexcept {
  return grammar::seconds_of(value()).value_or(std::chrono::seconds{0});
}

Result<MinSe, ParseError> MinSe::make(std::chrono::seconds interval) {
  return Compose().seconds(interval).made<MinSe>();
}

Result<SessionIdView, ParseError> SessionIdView::read(InMessage from, const char*& end) {
  static constexpr std::array<KnownParam, 1> known{{{"remote", is_uuid}}};
  return grammar::read_known<SessionIdView>(from, end, uuid, known);
}

Result<SessionIdView, ParseError> SessionIdView::parse(std::string_view text) {
  return grammar::parse_parts<SessionIdView>(text);
}

Result<SessionId, ParseError> SessionId::make(std::string_view local, std::string_view remote) {
  return Compose().token(local).optional_param("remote", remote).made<SessionId>();
}

Result<AnswerModeView, ParseError> AnswerModeView::read(InMessage from, const char*& end) {
  static constexpr std::array<KnownParam, 1> known{{{"require", grammar::is_absent}}};
  return grammar::read_known<AnswerModeView>(from, end, grammar::token, known);
}

Result<AnswerModeView, ParseError> AnswerModeView::parse(std::string_view text) {
  return grammar::parse_parts<AnswerModeView>(text);
}

bool AnswerModeView::is_auto() const noexcept { return ascii::equal(mode(), "Auto"); }

bool AnswerModeView::is_manual() const noexcept { return ascii::equal(mode(), "Manual"); }

Result<AnswerMode, ParseError> AnswerMode::make(std::string_view mode, bool required) {
  return Compose().token(mode).literal(required ? ";require" : "").made<AnswerMode>();
}

}  // namespace peal::inline v0
