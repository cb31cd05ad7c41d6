#include <peal/transport/runtime.hpp>

#include <exception>

namespace peal::inline v0::transport {

HostQuery::~HostQuery() {
  if (canceller != nullptr) canceller->cancel(*this);
}

OwnerCheck::~OwnerCheck() = default;

TurnHook::~TurnHook() {
  if (runtime_ != nullptr) runtime_->unlink(*this);
}

Runtime::~Runtime() {
  for (Turn* turn = innermost_; turn != nullptr; turn = turn->outer_) turn->runtime_ = nullptr;
  for (TurnHook* hook : hooks_) {
    for (; hook != nullptr; hook = hook->next_) hook->runtime_ = nullptr;
  }
}

void Runtime::link(TurnHook& hook, TurnStage stage) {
  if (hook.runtime_ != nullptr) hook.runtime_->unlink(hook);
  TurnHook** end = &hooks_[static_cast<std::size_t>(stage)];
  while (*end != nullptr) end = &(*end)->next_;
  *end = &hook;
  hook.next_ = nullptr;
  hook.runtime_ = this;
}

void Runtime::unlink(TurnHook& hook) noexcept {
  if (hook.runtime_ != this) return;
  for (TurnHook*& first : hooks_) {
    TurnHook** place = &first;
    while (*place != nullptr && *place != &hook) place = &(*place)->next_;
    if (*place != nullptr) *place = hook.next_;
  }
  if (cursor_ == &hook) cursor_ = hook.next_;
  hook.runtime_ = nullptr;
}

void Runtime::run_hooks(const Turn& turn, TurnStage stage) {
  if (!turn.alive()) return;
  turn.runtime_->cursor_ = turn.runtime_->hooks_[static_cast<std::size_t>(stage)];
  while (turn.alive() && turn.runtime_->cursor_ != nullptr) {
    TurnHook* hook = turn.runtime_->cursor_;
    turn.runtime_->cursor_ = hook->next_;
    hook->on_turn_end();
  }
}

Runtime::Turn::Turn(Runtime& runtime)
    : runtime_(&runtime), outer_(runtime.innermost_), exceptions_(std::uncaught_exceptions()) {
  runtime.innermost_ = this;
  if (outer_ == nullptr) runtime.on_turn_begin();
}

Runtime::Turn::~Turn() noexcept(false) {
  if (!alive()) return;
  if (outer_ != nullptr) {
    runtime_->innermost_ = outer_;
    return;
  }
  std::exception_ptr thrown;
  for (const TurnStage stage : {TurnStage::events, TurnStage::flush}) {
    try {
      run_hooks(*this, stage);
    } catch (...) {
      thrown = std::current_exception();
    }
  }
  close();
  // Left by an exception of the application: a second one has nowhere to go.
  if (thrown && std::uncaught_exceptions() == exceptions_) std::rethrow_exception(thrown);
}

void Runtime::Turn::close() noexcept {
  if (!alive()) return;
  runtime_->cursor_ = nullptr;
  runtime_->innermost_ = nullptr;
  runtime_->on_turn_over();
}

}  // namespace peal::inline v0::transport
