// How what happened reaches the user: the end of the FIFO (docs/decisions/one-fifo.md).
#include "user_agent_impl.hpp"

#include <deque>
#include <utility>

namespace peal::inline v0::detail {

namespace {

const char* name_of(const QueuedEvent& event) {
  switch (event.kind) {
    case QueuedEvent::Kind::incoming: return "on_incoming_call";
    case QueuedEvent::Kind::registration: return "on_registration";
    case QueuedEvent::Kind::completion: return "completion";
    case QueuedEvent::Kind::call: break;
  }
  static constexpr const char* names[] = {"on_progress", "on_established", "on_changed", "on_change_failed", "on_ended"};
  const auto* call = std::get_if<CallEvent>(&event.payload);
  return call != nullptr ? names[call->index()] : "?";
}

}  // namespace

bool UserAgentImpl::deliver(QueuedEvent event) {
  auto keep = shared_from_this();  // a handler may destroy the UserAgent
  const char* const name = name_of(event);
  const auto begun = runtime_.wall_time();  // the timers' clock stands still within a turn
  switch (event.kind) {
    case QueuedEvent::Kind::call:
      if (auto* call = calls_.find(event.slot, event.generation)) deliver_call(event, *call);
      break;
    case QueuedEvent::Kind::incoming:
      if (auto* call = calls_.find(event.slot, event.generation)) deliver_incoming(*call);
      break;
    case QueuedEvent::Kind::registration: deliver_registration(event); break;
    case QueuedEvent::Kind::completion: std::get<UniqueFunction<void()>>(event.payload)(); break;
  }
  if (closed()) return false;
  if (runtime_.wall_time() - begun > config_.slow_handler) {
    ++slow_handlers_;
    runtime_.log().write(transport::LogLevel::warning, "sdk", std::string("slow handler: ") + name);
  }
  return true;
}

void UserAgentImpl::deliver_call(const QueuedEvent& event, CallState& call) {
  const auto& what = std::get<CallEvent>(event.payload);
  const bool last = std::holds_alternative<Ended>(what);
  Call handle = call.handle();
  if (last) call.ended_delivered = true;
  if (!call.silent) call.tell(handle, what);
  if (closed()) return;
  if (last) {
    std::erase_if(offered_, [&](const IncomingCall& other) { return other.id() == handle.id(); });  // cancelled before
    if (auto* still = calls_.find(event.slot, event.generation)) note_ended(*still);
    forget_removed();
    something_ended();
  }
}

void UserAgentImpl::deliver_incoming(CallState& call) {
  if (call.session == nullptr) return;  // cancelled before anybody heard of it; Ended comes next
  IncomingCall handle = call.incoming_handle();
  if (handler_ != nullptr) return handler_->on_incoming_call(handle);
  call.reading = true;
  if (call_reader_) return std::exchange(call_reader_, std::nullopt)->operator()(std::move(handle));
  if (calls_are_read_ && offered_.size() < most_offered_calls) {
    offered_.push_back(std::move(handle));
    return;
  }
  call.reading = false;
  auto rejected = call.session->reject(StatusCode(480));
  (void)rejected;
}

void UserAgentImpl::deliver_registration(QueuedEvent& event) {
  auto* account = accounts_.find(event.slot, event.generation);
  if (account == nullptr || handler_ == nullptr) return;
  Account handle = account->handle();
  handler_->on_registration(handle, std::get<RegistrationEvent>(event.payload));
}

}  // namespace peal::inline v0::detail
