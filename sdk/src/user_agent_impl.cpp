#include "user_agent_impl.hpp"

#include "address.hpp"
#include "listen_address.hpp"

#include <peal/default_media_handler.hpp>

#include <asio/io_context.hpp>

#include <system_error>
#include <utility>

namespace peal::inline v0::detail {

namespace {

dialog::UaOptions core_options(const Config& config) {
  dialog::UaOptions options;
  options.user_agent = config.user_agent;
  options.limits = config.limits;
  options.transaction.timers = config.timers;
  options.transaction.limits = config.transaction_limits;
  options.transaction.transport.limits = config.parse_limits;
  options.transaction.transport.user_agent = config.user_agent;
  return options;
}

constexpr std::size_t most_unread_calls = 256;   // ended calls whose events wait for a reader

}  // namespace

/// An OPTIONS on its way.
struct UserAgentImpl::OptionsQuery final : dialog::OutgoingUser {
  UserAgentImpl* owner;
  UniqueFunction<void(Result<Response>)> done;
  std::unique_ptr<dialog::OutgoingRequest> request;

  void on_final(const Response* response, const Cause& cause) override {
    Result<Response> result = fail(make_error_code(transaction::errc::timed_out));
    if (response != nullptr)
      result = *response;
    else if (cause.layer == Layer::transport)
      result = fail(make_error_code(transaction::errc::transport_failed));
    owner->complete<Result<Response>>(std::move(done), std::move(result));
    std::erase_if(owner->queries_, [this](const auto& query) { return query.get() == this; });
  }
};

UserAgentImpl::UserAgentImpl(std::unique_ptr<asio::io_context> own_context, std::unique_ptr<transport::Runtime> own_runtime,
                             transport::Runtime& runtime, Config config)
    : own_context_(std::move(own_context)),
      own_runtime_(std::move(own_runtime)),
      runtime_(runtime),
      config_(std::move(config)),
      anchor_(new Anchor(*this, runtime.owner_check())),
      queue_(runtime_, *this),
      default_media_(std::make_unique<DefaultMediaHandler>(MediaOptions(), runtime_.random().next())),
      core_(std::make_unique<dialog::UaCore>(runtime_, *this, core_options(config_))) {
  for (const auto& where : config_.listen)
    if (auto at = listen(where); !at) {
      close();
      throw std::system_error(at.error(), "peal: cannot listen on " + where);
    }
}

UserAgentImpl::~UserAgentImpl() { close(); }

void UserAgentImpl::close() {
  if (closed()) return;
  anchor_->impl = nullptr;
  handler_ = nullptr;
  for (auto& completion : queue_.close()) completion();
  runtime_.timers().disarm(shutdown_timer_);
  abort_pending();
  queries_.clear();
  accounts_.each([](AccountState& account) { account.abort_pending(); });
  accounts_ = {};
  core_.reset();  // sockets close; sessions end unheard
  removed_.clear();
  calls_ = {};
}

void UserAgentImpl::abort_pending() {
  calls_.each([](CallState& call) { call.abort_read(); });
  if (call_reader_) std::exchange(call_reader_, std::nullopt)->operator()(fail(errc::aborted));
  for (auto& query : queries_) query->done(fail(errc::aborted));
  for (auto& done : std::exchange(shutdown_done_, {})) done(fail(errc::aborted));
}

Result<std::string> UserAgentImpl::listen(std::string_view where) {
  auto address = ListenAddress::parse(where);
  if (!address) return fail(address.error());
  auto point = core_->transport().listen(address->protocol, address->endpoint);
  if (!point) return fail(point.error());
  return ListenAddress{address->protocol, core_->transport().local_endpoint(*point)}.to_string();
}

std::vector<std::string> UserAgentImpl::listening() const {
  std::vector<std::string> out;
  auto& transport = core_->transport();
  for (std::uint32_t i = 0; i < transport.listen_points(); ++i)
    if (const auto local = transport.local_endpoint(i); !local.address.empty())  // empty: closed since
      out.push_back(ListenAddress{transport::Protocol::udp, local}.to_string());
  return out;
}

Result<Account> UserAgentImpl::add_account(AccountConfig config) {
  auto aor = Uri::parse(config.aor);
  if (!aor) return fail(std::error_code(aor.error()));
  if (!aor->view().is_sip()) return fail(errc::invalid_value);
  if (auto named = NameAddr::make(config.display_name, aor->view()); !named) return fail(std::error_code(named.error()));

  std::string registrar_text = config.registrar;
  if (registrar_text.empty()) {  // §10.2: the AOR without its user part
    registrar_text = std::string(aor->view().scheme_text()) + ":" + std::string(aor->host());
    if (auto port = aor->port()) registrar_text += ":" + std::to_string(*port);
  }
  auto registrar = Uri::parse(registrar_text);
  if (!registrar) return fail(std::error_code(registrar.error()));

  std::vector<NameAddr> routes;
  if (!config.outbound_proxy.empty()) {
    auto proxy = Uri::parse(config.outbound_proxy);
    if (!proxy) return fail(std::error_code(proxy.error()));
    if (!proxy->view().loose_router())
      if (auto loose = proxy->set_param("lr"); !loose) return fail(std::error_code(loose.error()));
    routes.emplace_back(proxy->view());
  }
  Request probe(method::options, registrar->view());
  for (const auto& [name, value] : config.headers) {
    if (dialog::is_protected(header::find(name))) return fail(errc::protected_header);
    if (auto fits = probe.add(name, value); !fits) return fail(fits.error());
  }

  auto& account = accounts_.emplace([&](auto name) {
    return std::make_unique<AccountState>(*this, name.slot, name.generation, std::move(config), std::move(*aor),
                                          std::move(*registrar), std::move(routes));
  });
  return account.handle();
}

void UserAgentImpl::remove_account(std::uint32_t slot) {
  removed_.push_back(accounts_.take(slot));
  removed_.back()->retire();
  forget_removed();
}

/// Sessions and requests point to the credentials of their account.
void UserAgentImpl::forget_removed() {
  if (removed_.empty() || closed()) return;
  const auto live = core_->counters();
  if (live.sessions == 0 && live.dialogs == 0 && live.outgoing_requests == 0) removed_.clear();
}

Result<Call> UserAgentImpl::invite(std::string_view target_text, InviteOptions options, bool reading) {
  if (shutting_down_) return fail(errc::wrong_state);
  dialog::UaCore::NewRequest parts;
  parts.method = method::invite;
  auto from_uri = address_to(target_text, parts);
  if (!from_uri) return fail(from_uri.error());

  AccountState* account = nullptr;
  if (options.account) {
    account = accounts_.find(static_cast<std::uint32_t>(options.account.id()),
                             static_cast<std::uint32_t>(options.account.id() >> 32));
    if (account == nullptr) return fail(errc::ended);
  } else {
    accounts_.each([&](AccountState& first) {
      if (account == nullptr) account = &first;
    });
  }

  if (account != nullptr) {
    parts.from = account->identity();
  } else if (auto anonymous = NameAddr::parse("\"Anonymous\" <sip:anonymous@anonymous.invalid>")) {  // §8.1.1.3
    parts.from = *anonymous;
  }
  Request request = core_->make_request(parts);
  dialog::InviteOptions core_options;  // refuses what the stack alone writes
  core_options.headers.fields = std::move(options.headers);
  for (auto& field : *from_uri) core_options.headers.fields.push_back(std::move(field));
  core_options.media = options.media != nullptr ? options.media : default_media_.get();
  core_options.late_offer = options.late_offer;
  if (account != nullptr) {
    if (auto added = account->add_headers(request); !added) return fail(added.error());
    core_options.credentials = &account->credentials_for(parts.target.view());
    core_options.routes = account->routes();
  }

  std::uint32_t slot = 0;
  auto& call = calls_.emplace([&](auto name) {
    slot = name.slot;
    return std::make_unique<CallState>(*this, name.slot, name.generation);
  });
  call.handler = options.handler;
  call.reading = reading && options.handler == nullptr;
  auto session = core_->invite(std::move(request), std::move(core_options), call);
  if (!session) {
    calls_.erase(slot);
    return fail(session.error());
  }
  call.session = *session;
  return call.handle();
}

void UserAgentImpl::next_call(UniqueFunction<void(Result<IncomingCall>)> done) {
  calls_are_read_ = true;
  if (call_reader_) return complete<Result<IncomingCall>>(std::move(done), fail(errc::wrong_state));
  while (!offered_.empty()) {
    auto call = std::move(offered_.front());
    offered_.pop_front();
    if (call.state()) return complete<Result<IncomingCall>>(std::move(done), std::move(call));  // the others were cancelled meanwhile
  }
  call_reader_ = std::move(done);
}

void UserAgentImpl::cancel_next_call() {
  if (!call_reader_) return;
  auto done = std::move(*call_reader_);
  call_reader_.reset();
  complete<Result<IncomingCall>>(std::move(done), fail(errc::aborted));
}

void UserAgentImpl::options(std::string_view target_text, UniqueFunction<void(Result<Response>)> done) {
  if (shutting_down_) return complete<Result<Response>>(std::move(done), fail(errc::wrong_state));
  dialog::UaCore::NewRequest parts;
  parts.method = method::options;
  const auto from_uri = address_to(target_text, parts);
  if (!from_uri) return complete<Result<Response>>(std::move(done), fail(from_uri.error()));
  AccountState* account = nullptr;
  accounts_.each([&](AccountState& first) {
    if (account == nullptr) account = &first;
  });
  dialog::RequestOptions options;
  if (account != nullptr) {
    parts.from = account->identity();
    options.credentials = &account->credentials_for(parts.target.view());
    options.routes = account->routes();
  } else if (auto anonymous = NameAddr::parse("\"Anonymous\" <sip:anonymous@anonymous.invalid>")) {
    parts.from = *anonymous;
  }
  Request request = core_->make_request(parts);
  if (auto type = MediaType::parse("application/sdp")) request.set(header::accept, *type);  // §11.1
  for (const auto& [name, value] : *from_uri)
    if (auto added = request.add(name, value); !added) return complete<Result<Response>>(std::move(done), fail(added.error()));

  auto query = std::make_unique<OptionsQuery>();
  query->owner = this;
  query->done = std::move(done);
  auto* raw = query.get();
  queries_.push_back(std::move(query));
  auto sent = core_->send(std::move(request), std::move(options), *raw);
  if (!sent) {
    complete<Result<Response>>(std::move(raw->done), fail(sent.error()));
    queries_.pop_back();
    return;
  }
  raw->request = std::move(*sent);
}

void UserAgentImpl::on_invite(dialog::InviteSession& session, const Request& request) {
  AccountState* account = account_for(request);
  auto& call = calls_.emplace([&](auto name) { return std::make_unique<CallState>(*this, name.slot, name.generation); });
  call.session = &session;
  call.invite = request;
  session.set_user(call);
  session.set_media(default_media_.get());
  const auto id = call.handle().id();
  const bool stranger = account == nullptr && accounts_.size() > 0;
  if (shutting_down_ || (stranger && !config_.accept_strangers)) {
    call.silent = true;
    auto rejected = session.reject(StatusCode(shutting_down_ ? 480 : 404));
    (void)rejected;
    return;
  }
  if (account != nullptr) session.set_credentials(&account->careful_credentials());
  queue_.push({QueuedEvent::Kind::incoming, static_cast<std::uint32_t>(id), static_cast<std::uint32_t>(id >> 32), {}});
}

bool UserAgentImpl::overloaded() const noexcept {
  const auto limit = config_.busy_after;
  return limit > limit.zero() && (queue_.wait() > limit || offered_.size() >= most_offered_calls);
}

StatusCode UserAgentImpl::on_options(const Request&) { return StatusCode(shutting_down_ ? 480 : 200); }

AccountState* UserAgentImpl::account_for(const Request& request) {
  AccountState* found = nullptr;
  const auto wanted = unescape(request.uri().user());
  accounts_.each([&](AccountState& account) {
    if (found == nullptr && unescape(account.aor().user()) == wanted) found = &account;
  });
  return found;
}

void UserAgentImpl::shutdown(std::chrono::milliseconds deadline, UniqueFunction<void(Result<void>)> done) {
  shutdown_done_.push_back(std::move(done));
  if (std::exchange(shutting_down_, true)) return something_ended();  // it may be over already
  runtime_.timers().arm(shutdown_timer_, deadline);
  calls_.each([](CallState& call) {
    if (call.session != nullptr) {
      auto hung_up = call.session->hang_up();
      (void)hung_up;  // ended already: then Ended is on its way
    }
  });
  accounts_.each([](AccountState& account) { account.stop(std::nullopt); });
  something_ended();
}

void UserAgentImpl::something_ended() {
  if (!shutting_down_ || closed()) return;
  bool busy = false;
  calls_.each([&](CallState& call) { busy = busy || call.session != nullptr; });
  accounts_.each([&](AccountState& account) { busy = busy || !account.idle(); });
  if (!busy) finish_shutdown();
}

/// What still waits for its peer ends here, and is told so; then the shutdown is complete.
void UserAgentImpl::on_shutdown_deadline() {
  shutdown_late_ = true;
  const Cause cause(Layer::timer, make_error_code(transaction::errc::timed_out));
  calls_.each([&](CallState& call) {
    if (call.session != nullptr) call.session->abandon(cause);
  });
  accounts_.each([](AccountState& account) { account.abandon(); });
  something_ended();
}

void UserAgentImpl::finish_shutdown() {
  runtime_.timers().disarm(shutdown_timer_);
  Result<void> outcome;
  if (shutdown_late_) outcome = fail(make_error_code(transaction::errc::timed_out));
  for (auto& done : std::exchange(shutdown_done_, {})) complete<Result<void>>(std::move(done), outcome);
}

void UserAgentImpl::note_ended(CallState& call) {
  call.end_read();
  if (!call.has_unread()) {
    const auto id = call.handle().id();
    calls_.erase(static_cast<std::uint32_t>(id));
    return;
  }
  unread_.push_back(call.handle());
  if (unread_.size() > most_unread_calls) forget_unread();
}

void UserAgentImpl::forget_unread() {
  const auto id = unread_.front().id();
  unread_.pop_front();
  if (calls_.find(static_cast<std::uint32_t>(id), static_cast<std::uint32_t>(id >> 32)) != nullptr)
    calls_.erase(static_cast<std::uint32_t>(id));
}

Counters UserAgentImpl::counters() const {
  Counters out;
  out.core = core_->counters();
  calls_.each([&](const CallState& call) { out.calls += call.session != nullptr ? 1 : 0; });
  out.accounts = accounts_.size();
  out.slow_handlers = slow_handlers_;
  out.wrong_thread = anchor_->wrong_thread.load(std::memory_order_relaxed);
  auto& drops = core_->transport().drops();
  for (std::size_t i = 0; i < static_cast<std::size_t>(transport::Drop::count); ++i) {
    const auto reason = static_cast<transport::Drop>(i);
    out.drops.emplace_back(transport::name_of(reason), drops[reason]);
  }
  return out;
}

}  // namespace peal::inline v0::detail
