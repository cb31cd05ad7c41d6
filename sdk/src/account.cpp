#include "account_state.hpp"
#include "user_agent_impl.hpp"

#include <peal/account.hpp>

#include <utility>

namespace peal::inline v0 {

namespace detail {

namespace {
bool equals_without_case(std::string_view a, std::string_view b) {
  auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (lower(a[i]) != lower(b[i])) return false;
  return true;
}
}  // namespace

void AccountCredentials::find(const dialog::ChallengeInfo& challenge, Ticket<std::optional<Credentials>> ticket) {
  for (const auto& known : config_.credentials)
    if (known.realm == challenge.realm || (known.realm.empty() && any_realm_)) return ticket.answer(known);
  if (!any_realm_ || (config_.password.empty() && config_.credentials.empty())) return ticket.answer(std::nullopt);
  Credentials own;
  own.realm = challenge.realm;
  own.username = username_;
  own.password = config_.password;
  ticket.answer(std::move(own));
}

namespace {
std::string username_of(const AccountConfig& config, const Uri& aor) {
  return config.username.empty() ? unescape(aor.user()) : config.username;
}
}  // namespace

AccountState::AccountState(UserAgentImpl& owner, std::uint32_t slot, std::uint32_t generation, AccountConfig config,
                           Uri aor, Uri registrar, std::vector<NameAddr> routes)
    : owner_(owner),
      slot_(slot),
      generation_(generation),
      config_(std::move(config)),
      aor_(std::move(aor)),
      registrar_(std::move(registrar)),
      routes_(std::move(routes)),
      any_(config_, username_of(config_, aor_), true),
      exact_(config_, username_of(config_, aor_), false),
      expires_(config_.expires) {}

AccountState::~AccountState() = default;

NameAddr AccountState::identity() const {
  auto named = NameAddr::make(config_.display_name, aor_.view());  // checked when the account was added
  return named ? *named : NameAddr(aor_.view());
}

dialog::CredentialSource& AccountState::credentials_for(const UriView& target) {
  const bool own_server = !routes_.empty() || equals_without_case(target.host(), aor_.host()) ||
                          equals_without_case(target.host(), registrar_.host());
  return own_server ? any_ : exact_;
}

Account AccountState::handle() const { return {&owner_.anchor(), slot_, generation_}; }

Result<void> AccountState::add_headers(Request& request) const {
  for (const auto& [name, value] : config_.headers)
    if (auto added = request.add(name, value); !added) return added;
  return {};
}

namespace {
Result<AccountState*> state_of(Anchor* anchor, std::uint32_t slot, std::uint32_t generation) {
  auto owner = owner_of(anchor);
  if (!owner) return fail(owner.error());
  auto* account = (*owner)->accounts().find(slot, generation);
  if (account == nullptr) return fail(errc::ended);
  return account;
}
}  // namespace

}  // namespace detail

Result<std::string> Account::aor() const {
  auto account = detail::state_of(anchor_, slot_, generation_);
  if (!account) return fail(account.error());
  return (*account)->aor().text();
}

Result<RegistrationState> Account::registration_state() const {
  auto account = detail::state_of(anchor_, slot_, generation_);
  if (!account) return fail(account.error());
  return (*account)->registration_state();
}

Result<void> Account::start() const {
  auto account = detail::state_of(anchor_, slot_, generation_);
  if (!account) return fail(account.error());
  if (anchor_->impl->shutting_down()) return fail(errc::wrong_state);
  (*account)->start(std::nullopt);
  return {};
}

Result<void> Account::stop() const {
  auto account = detail::state_of(anchor_, slot_, generation_);
  if (!account) return fail(account.error());
  (*account)->stop(std::nullopt);
  return {};
}

Result<void> Account::remove() const {
  auto account = detail::state_of(anchor_, slot_, generation_);
  if (!account) return fail(account.error());
  anchor_->impl->remove_account(slot_);
  return {};
}

void Account::start_registration(UniqueFunction<void(Result<RegistrationEvent>)> done) const {
  auto account = detail::state_of(anchor_, slot_, generation_);
  if (!account) return done(fail(account.error()));
  (*account)->start(std::move(done));
}

void Account::stop_registration(UniqueFunction<void(Result<RegistrationEvent>)> done) const {
  auto account = detail::state_of(anchor_, slot_, generation_);
  if (!account) return done(fail(account.error()));
  (*account)->stop(std::move(done));
}

}  // namespace peal::inline v0
