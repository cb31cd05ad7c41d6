#include "core.hpp"

#include "session_state.hpp"
#include "stray_dialog.hpp"

#include <peal/message/registry/methods.hpp>

#include <algorithm>
#include <array>

namespace peal::inline v0::dialog {

struct Core::SessionSlab {
  Slab<Session> sessions;
};

bool is_protected(HeaderId id) noexcept {
  switch (id) {
    case HeaderId::via:
    case HeaderId::from:
    case HeaderId::to:
    case HeaderId::call_id:
    case HeaderId::cseq:
    case HeaderId::max_forwards:
    case HeaderId::route:
    case HeaderId::record_route:
    case HeaderId::content_length: return true;
    default: return false;
  }
}

Core::Core(UaCore& self, transport::Runtime& runtime, UaUser& user, UaOptions options)
    : self_(self),
      runtime_(runtime),
      user_(user),
      options_(std::move(options)),
      hash_(runtime.random()),
      transactions_(runtime, *this,
                    [this] {
                      auto o = options_.transaction;
                      if (o.transport.user_agent.empty()) o.transport.user_agent = options_.user_agent;
                      return o;
                    }()),
      locator_(runtime),
      slab_(std::make_unique<SessionSlab>()) {
  rebuild_capabilities();
}

Core::~Core() {
  closing_ = true;
  lifetime_.end();
  while (!outgoing_.empty()) orphan_last();
  hangups_.clear();
  slab_.reset();
  for (auto& module : modules_) module->detach();
}

// ---- what goes out

namespace {

/// True when both carry the same protected lines, in the same order.
bool same_protected(const Message& a, const Message& b) {
  std::size_t i = 0, j = 0;
  const auto skip = [](const Message& m, std::size_t& at) {
    while (at < m.size() && !is_protected(m.field(at).id)) ++at;
    return at < m.size();
  };
  for (;; ++i, ++j) {
    const bool more_a = skip(a, i), more_b = skip(b, j);
    if (!more_a || !more_b) return more_a == more_b;
    const auto x = a.field(i), y = b.field(j);
    if (x.id != y.id || (x.id != HeaderId::content_length && x.value != y.value)) return false;
  }
}

void restore_protected(Message& message, const Message& before) {
  for (std::size_t i = message.size(); i-- > 0;) {
    if (i >= message.size()) continue;
    const auto field = message.field(i);
    if (is_protected(field.id) && field.id != HeaderId::content_length) message.remove(std::string(field.name));
  }
  for (std::size_t i = 0; i < before.size(); ++i) {
    const auto field = before.field(i);
    if (is_protected(field.id) && field.id != HeaderId::content_length) (void)message.add(field.name, field.value);
  }
}

}  // namespace

void Core::before_send(Request& request) {
  if (!options_.user_agent.empty() && !request.has(header::user_agent))
    (void)request.set(header::user_agent, options_.user_agent);
  if (!user_.hooks_messages()) return;
  const Request before(request);
  user_.before_send(request);
  if (!same_protected(before, request)) restore_protected(request, before);
}

void Core::before_send(Response& response) {
  if (!options_.user_agent.empty() && !response.has(header::server))
    (void)response.set(header::server, options_.user_agent);
  if (!user_.hooks_messages()) return;
  const Response before(response);
  user_.before_send(response);
  if (!same_protected(before, response)) restore_protected(response, before);
}

Result<transport::Packet> Core::respond(transaction::ServerId id, Response& response) {
  before_send(response);
  return transactions_.respond(id, response);
}

Response Core::make_response(const Request& request, StatusCode code, std::string_view reason) {
  // The same tag for each response to one request, and nothing to remember (§8.2.6.2).
  std::string tag;
  if (request.to_tag().empty() && code != status::trying) {
    const auto via = request.top_via();
    auto bits = hash_({request.call_id(), request.from_tag(), via.branch(), via.host(), request.to().text()});
    for (int i = 0; i < 13; ++i, bits >>= 5) tag += "0123456789abcdefghijklmnopqrstuv"[bits & 31];
  }
  Response response(request, code, tag, reason);
  if (code == status::method_not_allowed || code == status::not_implemented) (void)response.set(header::allow, allow_);
  if (code == status::unsupported_media_type) (void)response.set("Accept", accept_);
  return response;
}

void Core::refuse(transaction::ServerId id, const Request& request, StatusCode code, std::string_view reason) {
  auto response = make_response(request, code, reason);
  (void)respond(id, response);
}

void Core::add_capabilities(Message& message) const {
  if (!message.has(header::allow)) (void)message.set(header::allow, allow_);
  if (!supported_.empty() && !message.has(header::supported)) (void)message.set(header::supported, supported_);
}

StatusCode Core::unsupported_method(const Method& method) const noexcept {
  const auto* known = peal::find_method(method.name());
  return known != nullptr && known->name == method.name() ? status::method_not_allowed : status::not_implemented;
}

Result<NameAddr> Core::contact_for(const transport::Target& target, std::string_view user) {
  auto address = transport().local_address_for(target);
  if (!address) return fail(address.error());
  std::string text = transport::secure(target.protocol) ? "<sips:" : "<sip:";
  if (!user.empty()) text.append(user).append("@");
  text += *address;
  if (target.protocol == transport::Protocol::tcp || target.protocol == transport::Protocol::ws)
    text.append(";transport=").append(transport::uri_name(target.protocol));
  text += '>';
  auto contact = NameAddr::parse(text);
  if (!contact) return fail(std::error_code(contact.error()));
  return std::move(*contact);
}

std::string Core::address_for(const transport::Target& target) {
  auto address = transport().local_address_for(target);
  if (!address) return {};
  if (address->starts_with('[')) return address->substr(1, address->find(']') - 1);
  return address->substr(0, address->rfind(':'));
}

// ---- sessions

Session* Core::session_at(std::uint32_t slot) {
  return slab_->sessions.live(slot) ? &slab_->sessions.at(slot) : nullptr;
}

Session* Core::find_session(std::string_view call_id, std::string_view local_tag) {
  const auto slot = by_dialog_.find(hash_({call_id, local_tag}), [&](std::uint32_t s) {
    const auto& dialog = slab_->sessions.at(s).dialog();
    return dialog.call_id() == call_id && dialog.local_tag() == local_tag;
  });
  return slot == HashIndex::none ? nullptr : session_at(slot);
}

void Core::index(Session& session) { by_dialog_.insert(hash_({session.call_id(), session.local_tag()}), session.slot); }
void Core::unindex(Session& session) noexcept {
  by_dialog_.erase(hash_({session.call_id(), session.local_tag()}), session.slot);
}

namespace {
std::uint64_t key_of(transaction::ServerId id) noexcept {
  return ((std::uint64_t{id.generation} << 32) | id.slot) *
         0x9e37'79b9'7f4a'7c15U;  // ours, not a peer's: no secret needed
}
}  // namespace

void Core::index_server(transaction::ServerId id, Session& session) { by_server_.insert(key_of(id), session.slot); }
void Core::unindex_server(transaction::ServerId id, Session& session) noexcept {
  by_server_.erase(key_of(id), session.slot);
}

Session* Core::find_server(transaction::ServerId id) {
  const auto slot = by_server_.find(key_of(id), [&](std::uint32_t s) { return slab_->sessions.at(s).answers(id); });
  return slot == HashIndex::none ? nullptr : session_at(slot);
}

void Core::destroy(Session& session) {
  if (auto fork = session.leave_fork()) {
    fork->key = hash_({fork->dialog.call_id(), fork->dialog.local_tag()});
    late_forks_.add(std::move(*fork));
    if (!late_forks_old_.armed()) on_late_forks_old();
  }
  slab_->sessions.destroy(session.slot);
}

void Core::on_late_forks_old() {
  const auto next = late_forks_.sweep(timers().now());
  if (next > transport::Duration::zero()) timers().arm(late_forks_old_, next);
}

/// Another fork answers after the call is over: ACK, then BYE (§13.2.2.4).
void Core::late_2xx(const Response& response) {
  const auto tag = response.to_tag();
  auto* fork =
      late_forks_.find(hash_({response.call_id(), response.from_tag()}), response.call_id(), response.from_tag());
  if (fork == nullptr || fork->invite_cseq != response.cseq().number)
    return transactions_.drops().add(transport::Drop::stray_response);
  if (std::find(fork->done.begin(), fork->done.end(), tag) != fork->done.end()) return;
  if (fork->done.size() > options_.limits.early_dialogs) return;
  auto dialog = fork->dialog.with_response(response);
  if (!dialog) return;
  fork->done.emplace_back(tag);
  dialog->set_local_cseq(fork->invite_cseq);
  send_stray_ack(*dialog, fork->invite_cseq);
  hang_up_stray(std::move(*dialog), nullptr);
}

void Core::send_stray_ack(const Dialog& dialog, std::uint32_t cseq) {
  auto ack = dialog.make_ack(cseq);
  before_send(ack);
  auto later = [this, watch = lifetime_.watch(), ack](std::vector<transport::Target> targets, std::error_code) mutable {
    if (watch.alive() && !targets.empty()) (void)transactions_.send_ack(ack, targets.front());
  };
  const auto next_hop = dialog.next_hop();
  auto found = locator_.locate(next_hop.view(), std::move(later));
  if (found && !found->empty()) (void)transactions_.send_ack(ack, found->front());
}

Result<InviteSession*> Core::invite(Request request, InviteOptions options, SessionUser& user) {
  if (slab_->sessions.size() >= options_.limits.sessions) return fail(make_error_code(errc::limit_reached));
  const auto slot = slab_->sessions.make(*this, true);
  auto& session = slab_->sessions.at(slot);
  session.slot = slot;
  if (auto started = session.start_uac(std::move(request), std::move(options), user); !started) {
    slab_->sessions.destroy(slot);
    return fail(started.error());
  }
  return &session;
}

void Core::new_invite(transaction::ServerId id, const Request& request, const transport::Flow& flow) {
  if (slab_->sessions.size() >= options_.limits.sessions) {
    auto response = make_response(request, status::service_unavailable);
    response.set(header::retry_after, RetryAfter{std::chrono::seconds(10), {}});
    (void)respond(id, response);
    return;
  }
  const auto slot = slab_->sessions.make(*this, false);
  auto& session = slab_->sessions.at(slot);
  session.slot = slot;
  if (!session.start_uas(id, request, flow)) {
    slab_->sessions.destroy(slot);
    return;
  }
  session.offered(request);
}

void Core::hang_up_stray(Dialog dialog, CredentialSource* credentials) {
  hangups_.push_back(std::make_unique<Hangup>(*this, std::move(dialog), credentials));
  hangups_.back()->start();
}

void Core::destroy(Hangup& hangup) {
  std::erase_if(hangups_, [&](const auto& h) { return h.get() == &hangup; });
}

// ---- modules

Result<void> Core::install(std::unique_ptr<Module> module) {
  if (!module || find_module(module->name()) != nullptr) return fail(make_error_code(errc::wrong_state));
  modules_.push_back(std::move(module));
  rebuild_capabilities();
  modules_.back()->attach(*this);
  return {};
}

void Core::remove(std::string_view name) {
  const auto at = std::find_if(modules_.begin(), modules_.end(), [&](const auto& m) { return m->name() == name; });
  if (at == modules_.end()) return;
  auto module = std::move(*at);
  modules_.erase(at);
  rebuild_capabilities();
  module->detach();
}

Module* Core::find_module(std::string_view name) noexcept {
  for (auto& module : modules_)
    if (module->name() == name) return module.get();
  return nullptr;
}

Module* Core::module_for(const Method& method, bool in_dialog) noexcept {
  for (auto& module : modules_)
    for (const auto& traits : module->capabilities().methods)
      if (traits.name == method && (in_dialog ? traits.in_dialog : traits.out_of_dialog)) return module.get();
  return nullptr;
}

UaCounters Core::counters() const noexcept {
  UaCounters out;
  out.sessions = slab_->sessions.size();
  for (std::uint32_t slot = 0; slot < slab_->sessions.capacity(); ++slot)
    if (slab_->sessions.live(slot)) out.dialogs += slab_->sessions.at(slot).dialogs();
  out.dialogs += hangups_.size();
  out.outgoing_requests = flights;
  out.late_forks = late_forks_.size();
  out.transaction = transactions_.counters();
  return out;
}

}  // namespace peal::inline v0::dialog
