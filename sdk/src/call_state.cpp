#include "call_state.hpp"

#include "user_agent_impl.hpp"

#include <string>
#include <utility>

namespace peal::inline v0::detail {

CallState::CallState(UserAgentImpl& owner, std::uint32_t slot, std::uint32_t generation)
    : owner_(owner), slot_(slot), generation_(generation) {}

Call CallState::handle() const { return {&owner_.anchor(), slot_, generation_}; }
IncomingCall CallState::incoming_handle() const { return {&owner_.anchor(), slot_, generation_}; }

void CallState::queue(CallEvent event) {
  owner_.events().push({QueuedEvent::Kind::call, slot_, generation_, std::move(event)});
}

void CallState::on_provisional(dialog::InviteSession&, const Response& response, std::uint32_t early) {
  Progress event;
  event.code = response.status();
  event.reason = response.reason();
  event.early = early;
  event.sdp = response.body_of("application", "sdp").value_or("");
  event.response = response;
  queue(std::move(event));
}

void CallState::on_established(dialog::InviteSession& s, const Message& by) {
  Established event;
  if (s.is_uac()) event.code = static_cast<const Response&>(by).status();  // else it is the ACK
  event.local_sdp = s.local_sdp();
  event.remote_sdp = s.remote_sdp();
  queue(std::move(event));
}

void CallState::on_changed(dialog::InviteSession& s, bool by_peer, HoldState hold) {
  Changed event;
  event.by_peer = by_peer;
  event.hold = hold;
  event.local_sdp = s.local_sdp();
  event.remote_sdp = s.remote_sdp();
  queue(std::move(event));
}

void CallState::on_change_failed(dialog::InviteSession&, int code, std::string_view reason) {
  queue(ChangeFailed{code, std::string(reason)});
}

void CallState::on_ended(dialog::InviteSession&, const Cause& cause) {
  session = nullptr;
  invite.reset();
  queue(Ended{cause});
}

void CallState::read(UniqueFunction<void(Result<CallEvent>)> done) {
  reading = true;
  if (reader_) return owner_.complete<Result<CallEvent>>(std::move(done), fail(errc::wrong_state));
  if (unread_.empty()) {
    if (ended_delivered) return owner_.complete<Result<CallEvent>>(std::move(done), fail(errc::ended));
    reader_ = std::move(done);
    return;
  }
  auto event = std::move(unread_.front());
  unread_.pop_front();
  owner_.complete<Result<CallEvent>>(std::move(done), std::move(event));
}

void CallState::cancel_read() { stop_read(errc::aborted); }
void CallState::end_read() { stop_read(errc::ended); }

void CallState::stop_read(errc why) {
  if (!reader_) return;
  auto done = std::move(*reader_);
  reader_.reset();
  owner_.complete<Result<CallEvent>>(std::move(done), fail(why));
}

void CallState::abort_read() {
  if (!reader_) return;
  auto done = std::move(*reader_);
  reader_.reset();
  done(fail(errc::aborted));
}

void CallState::tell(Call& call, const CallEvent& event) {
  auto* ua_handler = owner_.handler();
  if (handler != nullptr) return dispatch(*handler, call, event);
  if (!reading && ua_handler != nullptr) return dispatch(*ua_handler, call, event);
  if (!reader_) {
    unread_.push_back(event);
    return;
  }
  auto done = std::move(*reader_);
  reader_.reset();
  done(event);
}

void dispatch(CallHandler& handler, Call& call, const CallEvent& event) {
  struct Visitor {
    CallHandler& handler;
    Call& call;
    void operator()(const Progress& e) { handler.on_progress(call, e); }
    void operator()(const Established& e) { handler.on_established(call, e); }
    void operator()(const Changed& e) { handler.on_changed(call, e); }
    void operator()(const ChangeFailed& e) { handler.on_change_failed(call, e); }
    void operator()(const Ended& e) { handler.on_ended(call, e); }
  };
  std::visit(Visitor{handler, call}, event);
}

}  // namespace peal::inline v0::detail
