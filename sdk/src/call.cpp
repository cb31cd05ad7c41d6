#include "user_agent_impl.hpp"

#include <peal/call.hpp>

#include <utility>

namespace peal::inline v0 {

namespace detail {

HandleBase::HandleBase(Anchor* anchor, std::uint32_t slot, std::uint32_t generation) noexcept
    : anchor_(anchor), slot_(slot), generation_(generation) {
  if (anchor_ != nullptr) anchor_->retain();
}
HandleBase::HandleBase(const HandleBase& other) noexcept : HandleBase(other.anchor_, other.slot_, other.generation_) {}
HandleBase::~HandleBase() {
  if (anchor_ != nullptr) anchor_->release();
}

Result<UserAgentImpl*> owner_of(Anchor* anchor) {
  if (anchor == nullptr) return fail(errc::ended);
  if (!anchor->on_owner_thread()) {
    anchor->wrong_thread.fetch_add(1, std::memory_order_relaxed);
    return fail(errc::wrong_thread);
  }
  if (anchor->impl == nullptr) return fail(errc::ended);
  return anchor->impl;
}

namespace {
Result<CallState*> state_of(Anchor* anchor, std::uint32_t slot, std::uint32_t generation) {
  auto owner = owner_of(anchor);
  if (!owner) return fail(owner.error());
  auto* call = (*owner)->calls().find(slot, generation);
  if (call == nullptr) return fail(errc::ended);
  return call;
}
Result<dialog::InviteSession*> session_of(Anchor* anchor, std::uint32_t slot, std::uint32_t generation) {
  auto call = state_of(anchor, slot, generation);
  if (!call) return fail(call.error());
  if ((*call)->session == nullptr) return fail(errc::ended);
  return (*call)->session;
}
}  // namespace
}  // namespace detail

Result<dialog::SessionState> Call::state() const {
  auto session = detail::session_of(anchor_, slot_, generation_);
  if (!session) return fail(session.error());
  return (*session)->state();
}

Result<HoldState> Call::hold_state() const {
  auto session = detail::session_of(anchor_, slot_, generation_);
  if (!session) return fail(session.error());
  return (*session)->hold_state();
}

Result<std::string> Call::remote() const {
  auto session = detail::session_of(anchor_, slot_, generation_);
  if (!session) return fail(session.error());
  return std::string((*session)->remote().uri().text());
}

Result<std::string> Call::sip_call_id() const {
  auto session = detail::session_of(anchor_, slot_, generation_);
  if (!session) return fail(session.error());
  return std::string((*session)->call_id());
}

Result<void> Call::hang_up() {
  auto session = detail::session_of(anchor_, slot_, generation_);
  if (!session) return fail(session.error());
  return (*session)->hang_up();
}

Result<void> Call::hold() {
  auto session = detail::session_of(anchor_, slot_, generation_);
  if (!session) return fail(session.error());
  return (*session)->hold(true);
}

Result<void> Call::resume() {
  auto session = detail::session_of(anchor_, slot_, generation_);
  if (!session) return fail(session.error());
  return (*session)->hold(false);
}

Result<void> Call::set_handler(CallHandler* handler) {
  auto call = detail::state_of(anchor_, slot_, generation_);
  if (!call) return fail(call.error());
  (*call)->handler = handler;
  return {};
}

void Call::start_next(UniqueFunction<void(Result<CallEvent>)> done) const {
  auto call = detail::state_of(anchor_, slot_, generation_);
  if (!call) return done(fail(call.error()));
  auto& owner = *anchor_->impl;
  (*call)->read(std::move(done));
  if ((*call)->ended_delivered && !(*call)->has_unread()) owner.note_ended(**call);
}

void Call::cancel_next() const {
  if (auto call = detail::state_of(anchor_, slot_, generation_)) (*call)->cancel_read();
}

Result<Request> IncomingCall::request() const {
  auto call = detail::state_of(anchor_, slot_, generation_);
  if (!call) return fail(call.error());
  if (!(*call)->invite) return fail(errc::ended);
  return *(*call)->invite;
}

Result<void> IncomingCall::ring(StatusCode code, bool with_sdp) {
  auto session = detail::session_of(anchor_, slot_, generation_);
  if (!session) return fail(session.error());
  return (*session)->progress(code, with_sdp);
}

Result<void> IncomingCall::answer(StatusCode code) {
  auto call = detail::state_of(anchor_, slot_, generation_);
  if (!call) return fail(call.error());
  if ((*call)->session == nullptr) return fail(errc::ended);
  auto done = (*call)->session->accept(code);
  // accept may have ended everything: look again
  if (auto again = detail::state_of(anchor_, slot_, generation_); again && done) (*again)->invite.reset();
  return done;
}

Result<void> IncomingCall::reject(StatusCode code, std::string_view reason) {
  auto session = detail::session_of(anchor_, slot_, generation_);
  if (!session) return fail(session.error());
  return (*session)->reject(code, reason);
}

Result<void> IncomingCall::redirect(const Uri& target) {
  auto session = detail::session_of(anchor_, slot_, generation_);
  if (!session) return fail(session.error());
  dialog::ExtraHeaders headers;
  headers.fields.emplace_back("Contact", NameAddr(target.view()).text());
  return (*session)->reject(StatusCode(302), {}, headers);
}

}  // namespace peal::inline v0
