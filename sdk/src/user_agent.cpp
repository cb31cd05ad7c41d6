#include "user_agent_impl.hpp"

#include <peal/transport/asio_runtime.hpp>
#include <peal/user_agent.hpp>

#include <utility>

namespace peal::inline v0 {

namespace {

using detail::UserAgentImpl;

std::shared_ptr<UserAgentImpl> make_on(std::unique_ptr<asio::io_context> own, asio::io_context& context, Config config) {
  auto runtime = transport::make_runtime(context);
  auto& reference = *runtime;
  return std::make_shared<UserAgentImpl>(std::move(own), std::move(runtime), reference, std::move(config));
}

}  // namespace

UserAgent::UserAgent(asio::io_context& context, Config config) : impl_(make_on(nullptr, context, std::move(config))) {}

UserAgent::UserAgent(asio::strand<asio::any_io_executor> strand, Config config) {
  auto runtime = transport::make_runtime(strand);
  auto& reference = *runtime;
  impl_ = std::make_shared<UserAgentImpl>(nullptr, std::move(runtime), reference, std::move(config));
}

UserAgent::UserAgent(transport::Runtime& runtime, Config config)
    : impl_(std::make_shared<UserAgentImpl>(nullptr, nullptr, runtime, std::move(config))) {}

UserAgent::UserAgent(Config config) {
  auto own = std::make_unique<asio::io_context>(1);
  auto& context = *own;
  impl_ = make_on(std::move(own), context, std::move(config));
}

UserAgent::~UserAgent() {
  if (impl_->anchor().on_owner_thread()) {
    impl_->close();
    return;
  }
  UserAgentImpl::close_from_elsewhere(std::move(impl_));
}

namespace {
Result<void> usable(UserAgentImpl& impl) {
  auto owner = detail::owner_of(&impl.anchor());
  if (!owner) return fail(owner.error());
  return {};
}
}  // namespace

Result<void> UserAgent::set_handler(UserAgentHandler* handler) {
  if (auto ok = usable(*impl_); !ok) return ok;
  impl_->set_handler(handler);
  return {};
}

std::vector<std::string> UserAgent::listening() const {
  if (auto ok = usable(*impl_); !ok) return {};
  return impl_->listening();
}

Result<std::string> UserAgent::listen(std::string_view where) {
  if (auto ok = usable(*impl_); !ok) return fail(ok.error());
  return impl_->listen(where);
}

Result<Account> UserAgent::add_account(AccountConfig config) {
  if (auto ok = usable(*impl_); !ok) return fail(ok.error());
  return impl_->add_account(std::move(config));
}

Result<Call> UserAgent::invite(std::string_view target, InviteOptions options) {
  if (auto ok = usable(*impl_); !ok) return fail(ok.error());
  return impl_->invite(target, std::move(options), false);
}

void UserAgent::start_invite(std::string target, InviteOptions options, UniqueFunction<void(Result<Call>)> done) {
  if (auto ok = usable(*impl_); !ok) return done(fail(ok.error()));
  auto call = impl_->invite(target, std::move(options), true);
  impl_->complete<Result<Call>>(std::move(done), std::move(call));
}

void UserAgent::start_next_call(UniqueFunction<void(Result<IncomingCall>)> done) {
  if (auto ok = usable(*impl_); !ok) return done(fail(ok.error()));
  impl_->next_call(std::move(done));
}

void UserAgent::cancel_next_call(const std::weak_ptr<detail::UserAgentImpl>& impl) {
  if (auto live = impl.lock(); live && usable(*live)) live->cancel_next_call();
}

void UserAgent::start_options(std::string target, UniqueFunction<void(Result<Response>)> done) {
  if (auto ok = usable(*impl_); !ok) return done(fail(ok.error()));
  impl_->options(target, std::move(done));
}

void UserAgent::start_shutdown(std::chrono::milliseconds deadline, UniqueFunction<void(Result<void>)> done) {
  if (auto ok = usable(*impl_); !ok) return done(ok);
  impl_->shutdown(deadline, std::move(done));
}

Result<void> UserAgent::install_module(std::unique_ptr<dialog::Module> module) {
  if (auto ok = usable(*impl_); !ok) return ok;
  return impl_->core().install(std::move(module));
}

void UserAgent::post(UniqueFunction<void()> f) {
  impl_->runtime().post([weak = std::weak_ptr(impl_), f = std::move(f)]() mutable {
    if (auto live = weak.lock(); live && !live->closed()) f();
  });
}

void UserAgent::run() {
  auto keep = impl_;  // a handler may destroy this UserAgent
  keep->run();
}
void UserAgent::poll() {
  auto keep = impl_;
  keep->poll();
}
void UserAgent::stop() { impl_->stop(); }

Result<Counters> UserAgent::counters() const {
  if (auto ok = usable(*impl_); !ok) return fail(ok.error());
  return impl_->counters();
}

void UserAgent::add_tap(transport::Tap& tap) {
  if (usable(*impl_)) impl_->core().transport().add_tap(tap);
}
void UserAgent::remove_tap(transport::Tap& tap) {
  if (usable(*impl_)) impl_->core().transport().remove_tap(tap);
}

dialog::UaCore& UserAgent::core() noexcept { return impl_->core(); }

void UserAgentHandler::on_incoming_call(IncomingCall& call) {
  auto rejected = call.reject(StatusCode(480));
  (void)rejected;
}

}  // namespace peal::inline v0
