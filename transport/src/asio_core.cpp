#include "asio_core.hpp"

#include "asio_runtime_impl.hpp"

namespace peal::inline v0::transport {
namespace {

/// Whose turn this thread is in.
thread_local const AsioCore* anchor = nullptr;

}  // namespace

AsioCore::AsioCore(AsioRuntime& runtime, asio::any_io_executor executor, std::optional<Strand> strand)
    : runtime_(&runtime),
      executor_(std::move(executor)),
      strand_(std::move(strand)),
      in_strand_(strand_.has_value()),
      owner_(this_thread()) {}

/// An address of its own for each living thread.
AsioCore::ThreadId AsioCore::this_thread() noexcept {
  static thread_local const char here = 0;
  return &here;
}

Runtime& AsioCore::base() noexcept { return *runtime_; }

bool AsioCore::on_owner_thread() const noexcept {
  if (anchor == this || gone_.load(std::memory_order_acquire)) return true;
  if (!in_strand_ || !had_turn_.load(std::memory_order_acquire)) {
    return owner_.load(std::memory_order_acquire) == this_thread();
  }
  const std::lock_guard lock(mutex_);
  return !strand_ || strand_->running_in_this_thread();
}

bool AsioCore::enter() {
  const std::lock_guard lock(mutex_);
  if (runtime_ == nullptr || busy_) return false;
  busy_ = true;
  had_turn_.store(true, std::memory_order_release);
  owner_.store(this_thread(), std::memory_order_release);
  return true;
}

void AsioCore::put_off(Body body) {
  asio::any_io_executor executor;
  {
    const std::lock_guard lock(mutex_);
    if (runtime_ == nullptr) return;
    if (owner_.load(std::memory_order_relaxed) != this_thread()) refused_.fetch_add(1, std::memory_order_relaxed);
    if (busy_) {
      put_off_.push_back(std::move(body));
      return;
    }
    executor = *executor_;  // that turn has just ended
  }
  asio::post(executor, [core = shared_from_this(), body = std::move(body)]() mutable { core->wake(std::move(body)); });
}

void AsioCore::leave() {
  std::vector<Body> again;
  asio::any_io_executor executor;
  {
    const std::lock_guard lock(mutex_);
    busy_ = false;
    again.swap(put_off_);
    if (again.empty() || runtime_ == nullptr) return;
    executor = *executor_;
  }
  for (Body& body : again) {
    asio::post(executor,
               [core = shared_from_this(), body = std::move(body)]() mutable { core->wake(std::move(body)); });
  }
}

AsioCore::Inside::Inside(AsioCore& core) noexcept : core_(core), outer_(std::exchange(anchor, &core)) {}

AsioCore::Inside::~Inside() {
  anchor = outer_;
  core_.leave();
}

void AsioCore::post(UniqueFunction<void()> task) {
  asio::any_io_executor executor;
  {
    const std::lock_guard lock(mutex_);
    if (runtime_ == nullptr) return;
    tasks_.push_back(std::move(task));
    if (posted_) return;
    posted_ = true;
    executor = *executor_;
  }
  schedule_posted(executor);
}

/// The wake-up for the tasks. When it is destroyed instead of run, because nobody will run the executor any more, it
/// destroys them too: one of them may own the runtime, and with it this core.
class AsioCore::PostedWakeUp {
 public:
  explicit PostedWakeUp(std::shared_ptr<AsioCore> core) noexcept : core_(std::move(core)) {}
  PostedWakeUp(PostedWakeUp&&) noexcept = default;
  PostedWakeUp& operator=(PostedWakeUp&&) = delete;
  ~PostedWakeUp() {
    if (core_) core_->drop_posted();
  }
  [[nodiscard]] AsioCore& core() const noexcept { return *core_; }
  void operator()(AsioRuntime&) {
    const auto core = std::move(core_);
    core->run_posted();
  }

 private:
  std::shared_ptr<AsioCore> core_;
};

void AsioCore::schedule_posted(const asio::any_io_executor& executor) {
  asio::post(executor, [wake_up = PostedWakeUp(shared_from_this())]() mutable {
    AsioCore& core = wake_up.core();
    core.wake(std::move(wake_up));
  });
}

void AsioCore::drop_posted() noexcept {
  std::vector<UniqueFunction<void()>> tasks;  // destroyed when the lock is open again
  const std::lock_guard lock(mutex_);
  tasks.swap(tasks_);
  posted_ = false;
}

void AsioCore::run_posted() {
  std::vector<UniqueFunction<void()>> tasks;
  {
    const std::lock_guard lock(mutex_);
    tasks.swap(tasks_);
    posted_ = false;
  }
  std::size_t done = 0;
  try {
    while (done < tasks.size() && attached()) tasks[done++]();
  } catch (...) {
    // The application's exception leaves through the executor; the rest is for the next turn.
    for (; done < tasks.size(); ++done) post(std::move(tasks[done]));
    throw;
  }
}

void AsioCore::detach() noexcept {
  std::vector<UniqueFunction<void()>> tasks;
  std::vector<Body> bodies;
  const std::lock_guard lock(mutex_);
  runtime_ = nullptr;
  executor_.reset();
  strand_.reset();  // must not outlive its context
  tasks.swap(tasks_);
  bodies.swap(put_off_);
  gone_.store(true, std::memory_order_release);
}

}  // namespace peal::inline v0::transport
