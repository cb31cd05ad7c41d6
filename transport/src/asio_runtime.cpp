#include "asio_runtime_impl.hpp"

#include <utility>

namespace peal::inline v0::transport {

AsioTimers::AsioTimers(AsioRuntime& runtime, AsioCore& core, const asio::any_io_executor& executor)
    : TimerWheel(Clock::now()), runtime_(runtime), core_(core), timer_(executor) {}

TimePoint AsioTimers::now() const { return runtime_.in_turn() ? TimerWheel::now() : Clock::now(); }

void AsioTimers::arm(Timer& timer, Duration after) {
  const bool in_turn = runtime_.in_turn();
  if (!in_turn) set_now(Clock::now());
  TimerWheel::arm(timer, after);
  if (!in_turn) schedule();
}

void AsioTimers::schedule() {
  const auto next = next_expiry();
  if (!next || *next >= scheduled_) return;
  scheduled_ = *next;
  timer_.expires_at(*next);
  timer_.async_wait([core = core_.shared_from_this(), this, wait = ++wait_](const asio::error_code& error) {
    // `this` is looked at only in a turn, and there is none once the runtime has gone.
    if (!error) core->wake([this, wait](AsioRuntime&) { woken(wait); });
  });
}

void AsioTimers::woken(std::uint64_t wait) {
  if (wait == wait_) scheduled_ = TimePoint::max();
  advance(TimerWheel::now());
}

AsioRuntime::AsioRuntime(const asio::any_io_executor& executor, std::optional<AsioCore::Strand> strand,
                         const AsioRuntimeOptions& options)
    : core_(std::make_shared<AsioCore>(*this, executor, std::move(strand))),
      log_(options.log != nullptr ? *options.log : stderr_log()),
      timers_(*this, *core_, executor),
      network_(*this, *core_, executor, options) {}

AsioRuntime::~AsioRuntime() { core_->detach(); }

std::unique_ptr<Runtime> make_runtime(asio::io_context& context, AsioRuntimeOptions options) {
  return std::make_unique<AsioRuntime>(context.get_executor(), std::nullopt, options);
}

std::unique_ptr<Runtime> make_runtime(asio::strand<asio::any_io_executor> strand, AsioRuntimeOptions options) {
  return std::make_unique<AsioRuntime>(strand, strand, options);
}

}  // namespace peal::inline v0::transport
