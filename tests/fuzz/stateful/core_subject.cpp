#include "subject.hpp"

#include <peal/dialog/ua_core.hpp>

#include <string>
#include <vector>

namespace stateful {

using namespace peal;
using namespace peal::dialog;

namespace {

class CoreSubject;

/// One call, and what it was told.
struct Heard final : SessionUser {
  explicit Heard(CoreSubject& o) : owner(o) {}
  CoreSubject& owner;
  InviteSession* session = nullptr;
  bool ended = false;

  void on_provisional(InviteSession& s, const Response& response, std::uint32_t early) override;
  void on_established(InviteSession& s, const Message& by) override;
  void on_changed(InviteSession& s, bool by_peer, HoldState hold) override;
  void on_change_failed(InviteSession& s, int code, std::string_view reason) override;
  void on_ended(InviteSession& s, const Cause& cause) override;
  void note(InviteSession& s, const char* what);
};

/// One request that is no call.
struct Asked final : OutgoingUser {
  explicit Asked(CoreSubject& o) : owner(o) {}
  CoreSubject& owner;
  std::unique_ptr<OutgoingRequest> handle;
  bool done = false;
  void on_provisional(const Response& response) override;
  void on_final(const Response* response, const Cause& cause) override;
};

class CoreSubject final : public Subject, public UaUser {
 public:
  CoreSubject(sim::Simulator&, sim::Host& host, std::uint8_t flags) : host_(host), flags_(flags) {
    UaOptions options;
    if ((flags & 1U) != 0) options.limits.sessions = 2;
    if ((flags & 2U) != 0) options.transaction.limits.transactions = 4;
    if ((flags & 4U) != 0) options.transaction.limits.echo_bytes = 1500;
    if ((flags & 8U) != 0) options.limits.early_dialogs = 2;
    if ((flags & 16U) != 0) options.transaction.automatic_100 = false;
    options.transaction.transport.limits.profile = (flags & 32U) != 0 ? Profile::strict : Profile::interop;
    core_ = std::make_unique<UaCore>(host.runtime(), *this, options);
    listen();
  }
  ~CoreSubject() override { destroy(); }

  void act(Bytes& in) override;
  void finish() override;
  void check() override;
  void destroy() override { core_.reset(); }
  /// Inside an upcall, as its last act: does what the input has planned. `call` may be none, or have ended.
  void react(Heard* call);
  [[nodiscard]] bool gone() const noexcept { return core_ == nullptr; }

  // UaUser
  void on_invite(InviteSession& session, const Request& request) override;
  StatusCode on_options(const Request&) override {
    must(!gone(), "upcall after the end");
    return StatusCode((flags_ & 128U) != 0 ? 486 : 200);
  }
  void before_send(Message& message) override {
    must(!gone(), "upcall after the end");
    (void)message.set("X-Hook", "1");
    (void)message.set("Call-ID", "changed");
    (void)message.set("Max-Forwards", "3");
  }
  [[nodiscard]] bool hooks_messages() const noexcept override { return (flags_ & 64U) != 0; }

 private:
  void listen() {
    (void)core_->transport().listen(transport::Protocol::udp, {host_.addresses()[0], 5060});
    (void)core_->transport().listen(transport::Protocol::udp, {host_.addresses()[1], 5060});
  }
  void call(Bytes& in);
  void ask(Bytes& in);
  void on_call(Bytes& in);
  void network(Bytes& in);
  Heard* live(Bytes& in) {
    std::vector<Heard*> all;
    for (auto& call : calls_)
      if (!call->ended && call->session != nullptr) all.push_back(call.get());
    return all.empty() ? nullptr : all[all.size() - 1 - in.below(all.size())];
  }

  sim::Host& host_;
  std::uint8_t flags_;
  Media media_;
  std::vector<std::unique_ptr<Heard>> calls_;
  std::vector<std::unique_ptr<Asked>> asked_;
  bool take_ = true;
  std::unique_ptr<UaCore> core_;
};

// ---- upcalls

void Heard::note(InviteSession& s, const char* what) {
  must(!owner.gone(), "upcall after the end of the core");
  must(!ended, "an event after the terminal one", what);
  must(session == nullptr || session == &s, "an event of another session", what);
  session = &s;
  Stats::count(std::string(s.is_uac() ? "uac " : "uas ") + what);
}
void Heard::on_provisional(InviteSession& s, const Response&, std::uint32_t) {
  note(s, "provisional");
  owner.react(this);
}
void Heard::on_established(InviteSession& s, const Message&) {
  note(s, "established");
  owner.react(this);
}
void Heard::on_changed(InviteSession& s, bool by_peer, HoldState) {
  note(s, by_peer ? "changed by peer" : "changed by us");
  owner.react(this);
}
void Heard::on_change_failed(InviteSession& s, int code, std::string_view) {
  note(s, ("change failed " + std::to_string(code)).c_str());
  owner.react(this);
}
void Heard::on_ended(InviteSession& s, const Cause& cause) {
  note(s, ("ended by " + std::string(name_of(cause.layer))).c_str());
  ended = true;
  session = nullptr;
  owner.react(this);
}

void Asked::on_provisional(const Response&) {
  must(!owner.gone() && !done, "a provisional after the end");
  owner.react(nullptr);
}
void Asked::on_final(const Response* response, const Cause&) {
  must(!owner.gone() && !done, "a second outcome");
  done = true;
  Stats::count(response != nullptr ? "request answered" : "request failed");
  if (owner.acts() % 2 == 0) handle.reset();
  owner.react(nullptr);
}

void CoreSubject::on_invite(InviteSession& session, const Request&) {
  must(!gone(), "upcall after the end");
  if (!take_) return;
  calls_.push_back(std::make_unique<Heard>(*this));
  calls_.back()->session = &session;
  session.set_user(*calls_.back());
  session.set_media((flags_ & 128U) != 0 ? nullptr : &media_);
  Stats::count("uas offered");
  react(calls_.back().get());
}

void CoreSubject::react(Heard* call) {
  const auto plan = next_plan();
  auto* session = call == nullptr ? nullptr : call->session;
  ++acts_;
  show("-- plan ", std::to_string(plan % 16));
  switch (plan % 16) {
    case 1: destroy(); return;
    case 2:
      if (session != nullptr) (void)session->hang_up();
      return;
    case 3:
      if (session != nullptr) (void)session->accept(StatusCode(200));
      return;
    case 4:
      if (session != nullptr) (void)session->reject(StatusCode(486));
      return;
    case 5:
      if (session != nullptr) (void)session->progress(StatusCode(180), true);
      return;
    case 6:
      if (session != nullptr) (void)session->hold(true);
      return;
    case 7:
      if (session != nullptr) (void)session->reinvite(true);
      return;
    case 8:
      if (session != nullptr) session->abandon(Cause(Layer::local, 0, "abandoned"));
      return;
    case 9: {
      Bytes none(nullptr, 0);
      return this->call(none);
    }
    case 10: core_->transport().stop_listening(0); return;
    case 11:
      for (auto& other : calls_)
        if (other->session != nullptr) (void)other->session->hang_up();
      return;
    case 12:
      if (session != nullptr && session->accept(StatusCode(200))) (void)session->hang_up();
      return;
    default: return;
  }
}

// ---- the API

void CoreSubject::act(Bytes& in) {
  if (gone()) return;
  ++acts_;
  const auto what = in.below(16);
  show("-- act ", std::to_string(what));
  switch (what) {
    case 0:
    case 1: return call(in);
    case 2: return ask(in);
    case 3: return media_.act(in);
    case 4: plans_.push_back(in.u8()); return;
    case 5: return network(in);
    case 6: take_ = in.odd(); return;
    case 7:
      if (in.one_in(8)) destroy();
      return;
    default: return on_call(in);
  }
}

void CoreSubject::call(Bytes& in) {
  const auto target = Uri::parse(in.pick(targets));
  if (!target) return;
  dialog::InviteOptions options;
  if (!in.one_in(6)) options.media = &media_;
  options.late_offer = in.one_in(4);
  if (in.one_in(6))
    options.routes.push_back(*NameAddr::parse(in.odd() ? "<sip:192.0.2.2:5070;lr>" : "<sip:peer.test>"));
  if (in.one_in(8)) options.headers.fields.emplace_back("Subject", std::string(in.take(5)));
  if (in.one_in(8)) options.contact = *NameAddr::parse("<sip:elsewhere@192.0.2.1>");
  auto request = core_->make_request({method::invite, *target, *NameAddr::parse("<sip:ua@example.com>"), {}});
  calls_.push_back(std::make_unique<Heard>(*this));
  auto session = core_->invite(std::move(request), std::move(options), *calls_.back());
  if (session)
    calls_.back()->session = *session;
  else
    calls_.back()->ended = true;  // it never was
}

void CoreSubject::ask(Bytes& in) {
  if (in.one_in(4) && !asked_.empty()) return void(asked_[in.below(asked_.size())]->handle.reset());
  asked_.push_back(std::make_unique<Asked>(*this));
  auto& asked = *asked_.back();
  Result<std::unique_ptr<OutgoingRequest>> sent;
  if (auto* call = in.odd() ? live(in) : nullptr; call != nullptr) {
    auto request = call->session->make_request(*Method::parse("INFO"));
    if (!request) return;
    sent = call->session->send(std::move(*request), asked);
  } else {
    const auto target = Uri::parse(in.pick(targets));
    if (!target) return;
    auto request = core_->make_request({method::options, *target, *NameAddr::parse("<sip:ua@example.com>"), {}});
    sent = core_->send(std::move(request), {}, asked);
  }
  if (sent)
    asked.handle = std::move(*sent);
  else
    asked.done = true;
}

void CoreSubject::on_call(Bytes& in) {
  const auto verb = in.below(10);
  auto* call = live(in);
  if (call == nullptr) return;
  auto& session = *call->session;
  (void)session.state();
  (void)session.local_sdp();
  switch (verb) {
    case 0:
    case 1: (void)session.accept(StatusCode(in.code({200, 202, 299, 100}))); return;
    case 2: (void)session.progress(StatusCode(in.code({180, 183, 100, 199})), in.odd()); return;
    case 3: (void)session.reject(StatusCode(in.code({486, 300, 603, 699, 200}))); return;
    case 4: (void)session.hang_up(); return;
    case 5: (void)session.hold(in.odd()); return;
    case 6: (void)session.reinvite(in.odd()); return;
    case 7:
      if (in.one_in(4)) session.abandon(Cause(Layer::local, 0, "abandoned"));
      return;
    case 8: session.set_media(in.odd() ? &media_ : nullptr); return;
    default: {
      ExtraHeaders headers;
      headers.fields.emplace_back(in.odd() ? "Contact" : "X-More", std::string(in.take(8)));
      (void)session.accept(StatusCode(200), headers);
      return;
    }
  }
}

void CoreSubject::network(Bytes& in) {
  switch (in.below(4)) {
    case 0: host_.fail_send(1 + in.below(4)); return;
    case 1: core_->transport().stop_listening(static_cast<std::uint32_t>(in.below(4))); return;
    case 2: listen(); return;
    default: host_.set_up(in.odd()); return;
  }
}

// ---- the end

void CoreSubject::finish() {
  plans_.clear();
  take_ = false;
  if (gone()) return media_.clear();
  for (auto& call : calls_)
    if (call->session != nullptr) (void)call->session->hang_up();
  media_.clear();
  for (auto& call : calls_)
    if (call->session != nullptr) (void)call->session->hang_up();
}

void CoreSubject::check() {
  if (gone()) return;
  for (const auto& call : calls_) must(call->ended, "a call without an end");
  for (const auto& asked : asked_) must(asked->done || asked->handle == nullptr, "a request without an outcome");
  const auto live = core_->counters();
  must(live.sessions == 0, "sessions live");
  must(live.dialogs == 0, "dialogs live");
  must(live.outgoing_requests == 0, "requests live");
  must(live.late_forks == 0, "late forks live");
  must(live.transaction.client_machines == 0, "client machines live");
  must(live.transaction.server_machines == 0, "server machines live");
  must(live.transaction.echo_records == 0 && live.transaction.echo_bytes == 0, "echo records live");
}

}  // namespace

std::unique_ptr<Subject> make_core(sim::Simulator& sim, sim::Host& host, std::uint8_t flags) {
  return std::make_unique<CoreSubject>(sim, host, flags);
}

}  // namespace stateful
