#include "domains.hpp"
#include "forwarder.hpp"
#include "location.hpp"

#include <peal/dialog/digest_server.hpp>
#include <peal/dialog/ua_core.hpp>
#include <peal/modules/registrar.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <utility>

namespace peal::inline v0 {

using dialog::Authenticator;
using dialog::Verdict;
using registrar::Change;
using registrar::Location;
using std::chrono::seconds;

namespace {

/// q of a Contact: "0", "0.xxx", "1", "1.000" (RFC 3261 §25.1 qvalue). nullopt: it is none.
std::optional<std::string> qvalue(std::string_view text) {
  const bool zero = text.starts_with('0');
  const bool well_formed = !text.empty() && text.size() <= 5 && (zero || text.front() == '1') &&
                           (text.size() == 1 || text[1] == '.') &&
                           std::ranges::all_of(text.substr(std::min<std::size_t>(2, text.size())),
                                               [&](char c) { return c >= '0' && c <= (zero ? '9' : '0'); });
  if (!well_formed) return std::nullopt;
  return std::string(text);
}

/// RFC 3261 §20.17: "Sat, 13 Nov 2010 23:29:00 GMT".
std::string sip_date(std::chrono::system_clock::time_point time) {
  using std::chrono::days, std::chrono::floor, std::chrono::hh_mm_ss, std::chrono::weekday, std::chrono::year_month_day;
  static constexpr std::array days_of_week{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{floor<seconds>(time - day)};
  char out[64];
  const int size =
      std::snprintf(out, sizeof out, "%s, %02u %s %04d %02d:%02d:%02d GMT", days_of_week[weekday(day).c_encoding()],
                    static_cast<unsigned>(date.day()), months[static_cast<unsigned>(date.month()) - 1],
                    static_cast<int>(date.year()), static_cast<int>(clock.hours().count()),
                    static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
  return {out, static_cast<std::size_t>(size)};
}

std::string realm_of(const RegistrarConfig& config) {
  if (!config.realm.empty()) return config.realm;
  return config.domains.empty() ? "peal" : config.domains.front();
}

Authenticator::Options challenges(const RegistrarConfig& config, bool proxy) {
  Authenticator::Options options;
  options.realm = realm_of(config);
  options.proxy = proxy;
  if (proxy) options.copy_life = std::chrono::seconds(32);  // the forwarder is stateless: 64*T1
  return options;
}

}  // namespace

struct Registrar::State {
  explicit State(RegistrarConfig c) : config(std::move(c)), domains(config.domains) {}
  RegistrarConfig config;
  registrar::Domains domains;
  RegistrarCounters counters;
  dialog::ModuleHost* host = nullptr;

  /// What lives while the module is attached.
  struct Running : registrar::Gate {
    Running(State& s, dialog::ModuleHost& host)
        : state(s),
          location(host.runtime().timers(), s.config.max_bindings, s.config.max_addresses),
          registrars(host.runtime(), challenges(s.config, false)),
          proxies(host.runtime(), challenges(s.config, true)),
          forwarder(host, s.domains, location, s.config.users.empty() || !s.config.authenticate_calls ? nullptr : this,
                    s.counters) {}

    Answer admit(const Request& request) override;
    void challenge(Response& response, bool stale) override { proxies.challenge(response, stale); }
    [[nodiscard]] std::string_view realm() const override { return realm_; }

    State& state;
    const std::string realm_ = realm_of(state.config);
    Location location;
    Authenticator registrars;
    Authenticator proxies;
    registrar::Forwarder forwarder;
  };
  std::unique_ptr<Running> running;

  std::optional<Credentials> find_user(std::string_view name) const {
    const auto user = std::ranges::find(config.users, name, &Credentials::username);
    return user == config.users.end() ? std::nullopt : std::optional(*user);
  }
  Authenticator::Verified verify(Authenticator& authenticator, const Request& request) const {
    return authenticator.verify(request, [this](std::string_view name) { return find_user(name); });
  }

  int authenticate(const dialog::IncomingRequest& incoming);
  int bind(const Request& request, const std::string& aor);
  Result<std::vector<Change>, int> changes_of(const Request& request) const;
  void answer(const dialog::IncomingRequest& incoming, int code);
  Response granted(const dialog::IncomingRequest& incoming, const std::string& aor) const;
};

/// 407: who calls must be a user of ours, and be it under the own name.
registrar::Gate::Answer Registrar::State::Running::admit(const Request& request) {
  const auto verified = state.verify(proxies, request);
  switch (verified.outcome) {
    case Authenticator::Outcome::ok: break;
    case Authenticator::Outcome::malformed: return Answer::bad;
    case Authenticator::Outcome::stale:
    case Authenticator::Outcome::replayed: return Answer::stale;
    case Authenticator::Outcome::no_credentials:
    case Authenticator::Outcome::wrong: return Answer::challenge;
  }
  return verified.username == unescape(request.from().uri().user()) ? Answer::pass : Answer::forbidden;
}

Registrar::Registrar(RegistrarConfig config) : state_(std::make_unique<State>(std::move(config))) {}

Registrar::~Registrar() { detach(); }

const dialog::Capabilities& Registrar::capabilities() const {
  static const dialog::Capabilities capabilities = [] {
    dialog::Capabilities out;
    dialog::MethodTraits traits;
    traits.name = method::register_;
    traits.in_dialog = false;
    out.methods.push_back(traits);
    return out;
  }();
  return capabilities;
}

void Registrar::attach(dialog::ModuleHost& host) {
  state_->host = &host;
  state_->running = std::make_unique<State::Running>(*state_, host);
  host.transport().set_interceptor(&state_->running->forwarder);
}

void Registrar::detach() {
  if (state_->host == nullptr) return;
  state_->host->transport().set_interceptor(nullptr);
  state_->running.reset();
  state_->host = nullptr;
}

/// RFC 3261 §10.3, in its order.
Verdict Registrar::on_request(const dialog::IncomingRequest& incoming) {
  const auto& request = incoming.request();
  if (!state_->domains.serve(request.uri(), state_->host->transport())) return Verdict::reject(404);  // 1
  if (!state_->config.users.empty())                                                                  // 3, 4
    if (const int code = state_->authenticate(incoming); code != 0)
      return code < 0 ? Verdict::take() : Verdict::reject(static_cast<std::uint16_t>(code));
  const auto to = request.to().uri();
  if (!to.is_sip()) return Verdict::reject(400);  // RFC 3261 §10.3: the address of record is a SIP or SIPS URI
  if (!to.has_user() || !state_->domains.serve(to, state_->host->transport())) return Verdict::reject(404);  // 5
  const auto aor = registrar::address_of_record(to);
  if (const int code = state_->bind(request, aor); code != 0) {  // 6, 7
    state_->answer(incoming, code);
    return Verdict::take();
  }
  if (auto sent = incoming.core().respond(incoming.id(), state_->granted(incoming, aor)); sent)
    ++state_->counters.registered;  // 8
  return Verdict::take();
}

/// 0: who it says it is, and registers itself. -1: challenged.
int Registrar::State::authenticate(const dialog::IncomingRequest& incoming) {
  const auto verified = verify(running->registrars, incoming.request());
  using Outcome = Authenticator::Outcome;
  if (verified.outcome == Outcome::malformed) return 400;
  if (verified.outcome == Outcome::ok)
    return verified.username == unescape(incoming.request().to().uri().user()) ? 0 : 403;
  auto response = incoming.make_response(running->registrars.code());
  running->registrars.challenge(response, verified.outcome == Outcome::stale || verified.outcome == Outcome::replayed);
  ++counters.challenged;
  if (auto sent = incoming.core().respond(incoming.id(), response); !sent) return 500;
  return -1;
}

/// Steps 6 and 7. The code of the refusal, or 0.
int Registrar::State::bind(const Request& request, const std::string& aor) {
  const auto changes = changes_of(request);
  if (!changes) return changes.error();
  const auto call_id = request.call_id();
  const auto cseq = request.cseq().number;
  const bool star = changes->size() == 1 && changes->front().contact.empty();
  const auto outcome =
      star ? running->location.remove_all(aor, call_id, cseq) : running->location.update(aor, call_id, cseq, *changes);
  switch (outcome) {
    case Location::Outcome::done: return 0;
    case Location::Outcome::out_of_order: return 500;
    case Location::Outcome::full: return 503;
  }
  return 500;
}

/// What Contact and Expires ask for; `*` is one change without a contact. The error is the code of the refusal.
Result<std::vector<Change>, int> Registrar::State::changes_of(const Request& request) const {
  auto refuse = [](int code) { return tl::unexpected<int>(code); };
  const auto expires = request.get(header::expires);
  const bool has_expires = request.has(header::expires);
  std::vector<Change> out;
  bool star = false;
  for (const auto& contact : request.all(header::contact)) {
    if (!contact) return refuse(400);
    if (contact->is_star()) {
      star = true;
      out.emplace_back();
      continue;
    }
    Change change;
    change.contact = Uri(contact->uri());
    change.expires =
        expires ? expires->value : config.default_expires;  // one that is malformed counts as absent (§10.3 step 7)
    if (const auto own = contact->params().find("expires"); own && own->has_value)
      if (const auto value = DeltaSeconds::parse(own->value)) change.expires = value->value;
    if (const auto q = contact->params().find("q")) {
      const auto value = qvalue(q->value);
      if (!value) return refuse(400);
      change.q = *value;
    }
    if (change.expires.count() > 0 && change.expires < config.min_expires && change.expires < seconds(3600))
      return refuse(423);
    change.expires = std::min(change.expires, config.max_expires);
    out.push_back(std::move(change));
  }
  if (star && (out.size() != 1 || !has_expires || !expires || expires->value.count() != 0)) return refuse(400);
  return out;
}

void Registrar::State::answer(const dialog::IncomingRequest& incoming, int code) {
  auto response = incoming.make_response(StatusCode(static_cast<std::uint16_t>(code)));
  if (code == 423) response.set(header::min_expires, DeltaSeconds{config.min_expires});
  if (code == 503) {
    RetryAfter later;
    later.delay = config.min_expires;
    response.set(header::retry_after, later);
  }
  if (auto sent = incoming.core().respond(incoming.id(), response); !sent)
    host->transport().drops().add(transport::Drop::unsendable);
}

/// Step 8: every binding of the address of record.
Response Registrar::State::granted(const dialog::IncomingRequest& incoming, const std::string& aor) const {
  auto response = incoming.make_response(StatusCode(200));
  for (const auto& binding : running->location.find(aor)) {
    NameAddr contact(binding.contact.view());
    auto fits = contact.set_param("expires", std::to_string(binding.expires.count()));
    if (fits && !binding.q.empty()) fits = contact.set_param("q", binding.q);
    if (fits) response.add(header::contact, contact);
  }
  if (auto date = response.set(header::date, sip_date(host->runtime().wall_time())); !date)
    response.remove(header::date);
  return response;
}

std::vector<RegistrarBinding> Registrar::bindings(std::string_view aor) const {
  const auto uri = Uri::parse(aor);
  if (!uri || !state_->running) return {};
  return state_->running->location.find(registrar::address_of_record(uri->view()));
}

RegistrarCounters Registrar::counters() const {
  auto out = state_->counters;
  if (state_->running) {
    out.addresses = state_->running->location.addresses();
    out.bindings = state_->running->location.bindings();
  }
  return out;
}

}  // namespace peal::inline v0
