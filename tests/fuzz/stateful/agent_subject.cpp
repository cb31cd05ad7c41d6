#include "subject.hpp"

#include <peal/user_agent.hpp>

#include <map>
#include <string>
#include <vector>

namespace stateful {

using namespace peal;
using namespace std::chrono_literals;

namespace {

class AgentSubject final : public Subject, public UserAgentHandler {
 public:
  AgentSubject(sim::Simulator&, sim::Host& host, std::uint8_t flags) : host_(host) {
    Config config;
    config.listen = {"udp:192.0.2.1:5060", "udp:[2001:db8::1]:5060"};
    if ((flags & 1U) != 0) config.limits.sessions = 2;
    if ((flags & 2U) != 0) config.transaction_limits.transactions = 4;
    if ((flags & 4U) != 0) config.transaction_limits.echo_bytes = 1500;
    if ((flags & 8U) != 0) config.accept_strangers = false;
    if ((flags & 16U) != 0) config.parse_limits.profile = Profile::strict;
    ua_ = std::make_unique<UserAgent>(host.runtime(), std::move(config));
    if ((flags & 32U) == 0)
      (void)ua_->set_handler(this);
    else
      deaf_ = true;
  }
  ~AgentSubject() override { destroy(); }

  void act(Bytes& in) override;
  void finish() override;
  void check() override;
  void destroy() override {
    ua_.reset();
    must(pending_ == 0, "an operation that never completed");
  }

 private:
  struct Known {
    bool ended = false;
    bool reading = false;
  };

  // UserAgentHandler
  void on_incoming_call(IncomingCall& call) override {
    must(ua_ != nullptr, "upcall after the end");
    must(!known_.contains(call.id()), "offered twice");
    known_[call.id()];
    remember(call);
    Stats::count("ua offered");
    react(&call, &call);
  }
  void on_progress(Call& call, const Progress&) override { heard(call, "progress"); }
  void on_established(Call& call, const Established&) override { heard(call, "established"); }
  void on_changed(Call& call, const Changed&) override { heard(call, "changed"); }
  void on_change_failed(Call& call, const ChangeFailed&) override { heard(call, "change failed"); }
  void on_ended(Call& call, const Ended& event) override {
    Stats::count("ua ended by " + std::string(name_of(event.cause.layer)));
    auto& known = known_[call.id()];  // one that was cancelled before it was offered is new here
    must(!known.ended, "ended twice");
    known.ended = true;
    must(!call.state(), "a call that is over has a state");
    react(&call, nullptr);
  }
  void on_registration(Account& account, const RegistrationEvent& event) override {
    must(ua_ != nullptr, "upcall after the end");
    Stats::count("registration " + std::to_string(static_cast<int>(event.state)));
    if (next_plan() % 4 == 1) (void)account.remove();
    react(nullptr, nullptr);
  }

  void heard(Call& call, const char* what) {
    must(ua_ != nullptr, "upcall after the end");
    must(!known_[call.id()].ended, "an event after the terminal one", what);
    Stats::count(std::string("ua ") + what);
    react(&call, nullptr);
  }
  void react(Call* call, IncomingCall* offered);
  void completed() {
    must(pending_ > 0, "completed twice");
    --pending_;
    if (ua_ != nullptr) react(nullptr, nullptr);  // otherwise it was aborted by the end of it
  }
  void remember(const IncomingCall& call) {
    calls_.push_back(call);
    offered_.push_back(call);
  }
  void call(Bytes& in);
  void account(Bytes& in);
  void on_call(Bytes& in);
  void on_offered(Bytes& in);
  void read(Bytes& in);
  void read(const Call& call);
  void network(Bytes& in);
  template <class T>
  T* choose(Bytes& in, std::vector<T>& from) {
    return from.empty() ? nullptr : &from[from.size() - 1 - in.below(from.size())];
  }

  sim::Host& host_;
  Media media_;
  std::vector<Call> calls_;
  std::vector<IncomingCall> offered_;
  std::vector<Account> accounts_;
  std::map<std::uint64_t, Known> known_;
  std::size_t pending_ = 0;
  bool deaf_ = false;  ///< some end may have had nobody to hear it
  std::unique_ptr<UserAgent> ua_;
};

void AgentSubject::react(Call* call, IncomingCall* offered) {
  must(ua_ != nullptr, "upcall after the end");
  ++acts_;
  const auto plan = next_plan() % 16;
  show("-- plan ", std::to_string(plan));
  switch (plan) {
    case 1: {
      const auto done = std::move(ua_);  // as a handler may
      return;
    }
    case 2:
      if (call != nullptr) (void)call->hang_up();
      return;
    case 3:
      if (offered != nullptr) (void)offered->answer();
      return;
    case 4:
      if (offered != nullptr) (void)offered->reject();
      return;
    case 5:
      if (offered != nullptr && offered->ring(StatusCode(180), true)) (void)offered->answer();
      return;
    case 6:
      if (call != nullptr) (void)call->hold();
      return;
    case 7: {
      Bytes none(nullptr, 0);
      return this->call(none);
    }
    case 8:
      calls_.clear();  // handles alone: the calls go on
      offered_.clear();
      return;
    case 9:
      if (call != nullptr) read(*call);
      return;
    case 10: deaf_ = true; return void(ua_->set_handler(nullptr));
    case 11:
      for (auto& each : calls_) (void)each.hang_up();
      return;
    case 12:
      if (offered != nullptr && offered->answer()) (void)offered->hang_up();
      return;
    default: return;
  }
}

// ---- the API

void AgentSubject::act(Bytes& in) {
  if (ua_ == nullptr) return;
  ++acts_;
  const auto what = in.below(20);
  show("-- act ", std::to_string(what));
  switch (what) {
    case 0:
    case 1: return call(in);
    case 2: return account(in);
    case 3: return media_.act(in);
    case 4: plans_.push_back(in.u8()); return;
    case 5: return network(in);
    case 6: ++pending_; return ua_->options(in.pick(targets), [this](Result<Response>) { completed(); });
    case 7:
    case 8: return read(in);
    case 9:
      if (!in.one_in(6)) return;
      ++pending_;
      return ua_->shutdown(std::chrono::seconds(in.u8()), [this](Result<void>) { completed(); });
    case 10:
      if (in.one_in(8)) ua_.reset();
      return;
    case 11: {
      const bool none = in.one_in(4);
      deaf_ = deaf_ || none;
      return void(ua_->set_handler(none ? nullptr : this));
    }
    case 12:
    case 13:
    case 14:
    case 15: return on_offered(in);
    default: return on_call(in);
  }
}

void AgentSubject::call(Bytes& in) {
  InviteOptions options;
  if (in.odd()) options.media = &media_;
  options.late_offer = in.one_in(4);
  if (in.one_in(6)) options.handler = this;
  if (in.one_in(6)) options.headers.emplace_back("Subject", std::string(in.take(5)));
  if (auto* from = choose(in, accounts_); from != nullptr && in.odd()) options.account = *from;
  const auto* target = in.pick(targets);
  if (in.one_in(6)) {
    ++pending_;
    ua_->invite(target, std::move(options), [this](Result<Call> made) {
      if (made) {
        known_[made->id()].reading = true;
        calls_.push_back(*made);
      }
      completed();
    });
    return;
  }
  if (auto made = ua_->invite(target, std::move(options))) {
    known_[made->id()];
    calls_.push_back(*made);
  }
}

void AgentSubject::account(Bytes& in) {
  static constexpr const char* const aors[] = {"sip:p@192.0.2.2", "sip:ua@peer.test", "sip:ua@192.0.2.1",
                                               "sip:ua@nowhere.invalid", "sip:ua@two.test"};
  auto* known = choose(in, accounts_);
  switch (in.below(known == nullptr ? 1 : 6)) {
    case 0: {
      AccountConfig config;
      config.aor = in.pick(aors);
      config.password = "secret";
      config.expires = std::chrono::seconds(in.u8());
      if (in.one_in(4)) config.outbound_proxy = "sip:192.0.2.2:5070";
      if (auto made = ua_->add_account(std::move(config))) accounts_.push_back(*made);
      return;
    }
    case 1: (void)known->start(); return;
    case 2: ++pending_; return known->start([this](Result<RegistrationEvent>) { completed(); });
    case 3: (void)known->stop(); return;
    case 4: ++pending_; return known->stop([this](Result<RegistrationEvent>) { completed(); });
    default: (void)known->remove(); return;
  }
}

void AgentSubject::read(const Call& call) {
  ++pending_;
  call.next([this, id = call.id()](Result<CallEvent> event) {
    if (event) {
      auto& known = known_[id];
      must(!known.ended, "read an event after the terminal one");
      known.ended = std::holds_alternative<Ended>(*event);
      known.reading = true;
    }
    completed();
  });
}

void AgentSubject::read(Bytes& in) {
  if (in.one_in(4)) {
    ++pending_;
    ua_->next_call([this](Result<IncomingCall> call) {
      if (call) {
        known_[call->id()].reading = true;
        remember(*call);
      }
      completed();
    });
    return;
  }
  if (auto* call = choose(in, calls_)) {
    known_[call->id()].reading = true;
    read(*call);
  }
}

void AgentSubject::on_offered(Bytes& in) {
  const auto verb = in.below(6);
  auto* call = choose(in, offered_);
  if (call == nullptr) return;
  (void)call->request();
  switch (verb) {
    case 0:
    case 1: (void)call->answer(); return;
    case 2: (void)call->ring(StatusCode(in.code({180, 183, 100})), in.odd()); return;
    case 3: (void)call->reject(StatusCode(in.code({486, 302, 603}))); return;
    case 4: (void)call->redirect(*Uri::parse("sip:else@192.0.2.2")); return;
    default: (void)call->hang_up(); return;
  }
}

void AgentSubject::on_call(Bytes& in) {
  const auto verb = in.below(6);
  auto* call = choose(in, calls_);
  if (call == nullptr) return;
  (void)call->remote();
  (void)call->sip_call_id();
  switch (verb) {
    case 0:
    case 1: (void)call->hang_up(); return;
    case 2: (void)call->hold(); return;
    case 3: (void)call->resume(); return;
    case 4: {
      const bool none = !in.odd();
      deaf_ = deaf_ || none;
      return void(call->set_handler(none ? nullptr : this));
    }
    default: calls_.erase(calls_.begin()); return;
  }
}

void AgentSubject::network(Bytes& in) {
  auto& transport = ua_->core().transport();
  switch (in.below(4)) {
    case 0: host_.fail_send(1 + in.below(4)); return;
    case 1: transport.stop_listening(static_cast<std::uint32_t>(in.below(4))); return;
    case 2: (void)ua_->listen(in.odd() ? "udp:192.0.2.1:5060" : "udp:[2001:db8::1]:5060"); return;
    default: host_.set_up(in.odd()); return;
  }
}

// ---- the end

void AgentSubject::finish() {
  plans_.clear();
  media_.clear();
  if (ua_ == nullptr) return;
  ++pending_;
  ua_->shutdown(100s, [this](Result<void>) { completed(); });
}

void AgentSubject::check() {
  if (ua_ == nullptr) return;
  const auto counted = ua_->counters();
  must(counted.has_value(), "no counters");
  must(counted->calls == 0, "calls live");
  for (const auto& [id, known] : known_) must(deaf_ || known.reading || known.ended, "a call without an end");
  const auto& live = counted->core;
  must(live.sessions == 0, "sessions live");
  must(live.dialogs == 0, "dialogs live");
  must(live.outgoing_requests == 0, "requests live");
  must(live.late_forks == 0, "late forks live");
  must(live.transaction.client_machines == 0, "client machines live");
  must(live.transaction.server_machines == 0, "server machines live");
  must(live.transaction.echo_records == 0 && live.transaction.echo_bytes == 0, "echo records live");
}

}  // namespace

std::unique_ptr<Subject> make_agent(sim::Simulator& sim, sim::Host& host, std::uint8_t flags) {
  return std::make_unique<AgentSubject>(sim, host, flags);
}

}  // namespace stateful
