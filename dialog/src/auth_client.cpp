#include "auth_client.hpp"

#include <peal/dialog/error.hpp>

#include <algorithm>
#include <array>
#include <cctype>

namespace peal::inline v0::dialog {
namespace {

bool same(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return (x >= 'A' && x <= 'Z' ? x + 32 : x) == (y >= 'A' && y <= 'Z' ? y + 32 : y);
  });
}

bool lists(std::string_view list, std::string_view token) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    auto item = list.substr(0, comma);
    while (!item.empty() && (item.front() == ' ' || item.front() == '\t')) item.remove_prefix(1);
    while (!item.empty() && (item.back() == ' ' || item.back() == '\t')) item.remove_suffix(1);
    if (same(item, token)) return true;
    list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
  }
  return false;
}

std::string hex8(std::uint32_t value) {
  std::string out(8, '0');
  for (std::size_t i = 8; i-- > 0; value >>= 4) out[i] = "0123456789abcdef"[value & 15];
  return out;
}

/// True when we can answer it; fills what the answer needs.
bool read_challenge(const AuthView& challenge, AuthEntry& entry) {
  const auto token = challenge.value("algorithm");
  const auto algorithm = parse_algorithm(token);
  if (!algorithm) return false;
  entry.algorithm = *algorithm;
  entry.algorithm_given = !token.empty();
  entry.nonce = challenge.value("nonce");
  entry.opaque = challenge.value("opaque");
  const auto qop = challenge.value("qop");
  if (lists(qop, "auth"))
    entry.qop = "auth";
  else if (lists(qop, "auth-int"))
    entry.qop = "auth-int";
  else if (!qop.empty())
    return false;
  return !entry.nonce.empty();
}

Result<std::string> ha1_of(Algorithm algorithm, std::string_view realm, const Credentials& user) {
  if (user.ha1.empty()) return hash_hex(algorithm.hash, {user.username, realm, user.password});
  const auto stored = parse_algorithm(user.ha1_algorithm);
  if (!stored || stored->hash != algorithm.hash) return fail(make_error_code(errc::no_credentials));
  return user.ha1;
}

}  // namespace

std::vector<AuthClient::Offer> AuthClient::read_challenges(const Response& response, std::string_view scope) const {
  std::vector<Offer> offers;
  const auto take = [&](bool proxy) {
    return [&, proxy](const auto& challenge) {
      if (!challenge || !challenge->is_digest()) return;
      const auto realm = challenge->value("realm");
      auto offer = std::find_if(offers.begin(), offers.end(),
                                [&](const Offer& o) { return o.info.proxy == proxy && o.info.realm == realm; });
      if (offer == offers.end()) {
        if (offers.size() >= AuthMemory::limit) return;
        offer = offers.emplace(offers.end());
        offer->info.realm = realm;
        offer->info.proxy = proxy;
      }
      const auto algorithm = challenge->value("algorithm");
      offer->info.algorithms.push_back(algorithm.empty() ? "MD5" : algorithm);
      offer->info.stale = offer->info.stale || same(challenge->value("stale"), "true");
      if (offer->usable) return;  // RFC 8760 §2.4: the topmost that we support
      AuthEntry entry{std::string(scope), realm, proxy, {}, false, {}, {}, {}, {}, 0, {}, {}};
      if (!read_challenge(*challenge, entry)) return;
      offer->entry = std::move(entry);
      offer->usable = true;
    };
  };
  response.each(header::www_authenticate, take(false));
  response.each(header::proxy_authenticate, take(true));
  std::erase_if(offers, [](const Offer& offer) { return !offer.usable; });
  return offers;
}

bool AuthClient::may_try(const Offer& offer) const {
  for (const auto& tried : tried_) {
    if (tried.realm != offer.entry.realm || tried.proxy != offer.entry.proxy) continue;
    if (tried.nonce == offer.entry.nonce) return false;        // one try a nonce
    if (!offer.info.stale && !tried.remembered) return false;  // our answer to a fresh nonce was wrong
  }
  return true;
}

void AuthClient::challenged(const Response& response, std::string_view scope,
                            UniqueFunction<void(std::error_code)> done) {
  if (source_ == nullptr) return done(make_error_code(errc::no_credentials));
  if (++challenges_ > max_challenges_) {
    give_up(scope);
    return done(make_error_code(errc::auth_loop));
  }
  offers_ = read_challenges(response, scope);
  if (offers_.empty()) return done(make_error_code(errc::unsupported_challenge));
  for (const auto& offer : offers_) {
    if (may_try(offer)) continue;
    drop(scope, offer.entry.realm, offer.entry.proxy);
    offers_.clear();
    return done(make_error_code(errc::auth_rejected));
  }
  done_ = std::move(done);
  waiting_ = offers_.size() + 1;  // one for this function, so that the last answer comes after all were asked
  const auto watch = lifetime_.watch();
  for (std::size_t i = 0; i < offers_.size() && watch.alive(); ++i) ask(i);
  if (watch.alive() && --waiting_ == 0) finish();
}

void AuthClient::ask(std::size_t index) {
  auto& offer = offers_[index];
  // Stale says that user and password were right: no need to ask again (RFC 7616 §3.3).
  const auto* known = find(offer.entry.scope, offer.entry.realm, offer.entry.proxy);
  if (offer.info.stale && known != nullptr && known->algorithm.hash == offer.entry.algorithm.hash) {
    offer.entry.username = known->username;
    offer.entry.ha1 = known->ha1;
    --waiting_;
    return;
  }
  const auto info = offer.info;
  source_->find(info, Ticket<std::optional<Credentials>>([this, watch = lifetime_.watch(), index,
                                                          round = challenges_](std::optional<Credentials> credentials) {
                  if (watch.alive() && round == challenges_) on_credentials(index, std::move(credentials));
                }));
}

void AuthClient::on_credentials(std::size_t index, std::optional<Credentials> credentials) {
  if (index >= offers_.size()) return;
  auto& offer = offers_[index];
  if (credentials && (credentials->realm.empty() || credentials->realm == offer.entry.realm)) {
    if (auto ha1 = ha1_of(offer.entry.algorithm, offer.entry.realm, *credentials)) {
      offer.entry.username = std::move(credentials->username);
      offer.entry.ha1 = std::move(*ha1);
    }
  }
  if (--waiting_ == 0) finish();
}

void AuthClient::finish() {
  bool any = false;
  for (auto& offer : offers_) {
    if (offer.entry.ha1.empty()) continue;
    any = true;
    std::erase_if(tried_, [&](const Tried& t) {
      return t.remembered && t.realm == offer.entry.realm && t.proxy == offer.entry.proxy;
    });
    tried_.push_back({offer.entry.realm, offer.entry.proxy, offer.entry.nonce, false});
    offer.entry.cnonce = random_.token(24);
    remember(std::move(offer.entry));
  }
  offers_.clear();
  auto done = std::move(done_);
  done(any ? std::error_code{} : make_error_code(errc::no_credentials));
}

void AuthClient::authorize(Request& request, std::string_view scope) {
  if (source_ == nullptr || source_->memory_ == nullptr) return;
  request.remove(header::authorization);
  request.remove(header::proxy_authorization);
  for (auto& entry : source_->memory_->entries) {
    if (entry.scope != scope) continue;
    const bool known = std::any_of(tried_.begin(), tried_.end(), [&](const Tried& t) {
      return t.realm == entry.realm && t.proxy == entry.proxy && t.nonce == entry.nonce;
    });
    if (!known) tried_.push_back({entry.realm, entry.proxy, entry.nonce, true});
    add_credentials(request, entry);
  }
}

void AuthClient::add_credentials(Request& request, AuthEntry& entry) {
  const auto nc = hex8(entry.count + 1);
  const auto uri = std::string(request.uri().text());
  const auto response = digest_response({entry.algorithm, entry.ha1, request.method().name(), uri, entry.nonce,
                                         entry.qop, nc, entry.cnonce, request.body()});
  if (!response) return;
  ++entry.count;
  Auth credentials("Digest");
  credentials.add_quoted("username", entry.username).add_quoted("realm", entry.realm).add_quoted("nonce", entry.nonce);
  credentials.add_quoted("uri", uri).add_quoted("response", *response);
  if (entry.algorithm_given) credentials.add("algorithm", name_of(entry.algorithm));
  if (!entry.qop.empty() || entry.algorithm.session) credentials.add_quoted("cnonce", entry.cnonce);
  if (!entry.opaque.empty()) credentials.add_quoted("opaque", entry.opaque);
  if (!entry.qop.empty()) credentials.add("qop", entry.qop).add("nc", nc);
  request.add(entry.proxy ? header::proxy_authorization : header::authorization, credentials);
}

void AuthClient::give_up(std::string_view scope) noexcept {
  for (const auto& tried : tried_) drop(scope, tried.realm, tried.proxy);
}

void AuthClient::learn(const Response& response, std::string_view scope) {
  if (source_ == nullptr || source_->memory_ == nullptr) return;
  const auto info = response.raw(header::authentication_info);
  if (!info) return;
  const std::string text = "Digest " + std::string(*info);
  const auto parsed = AuthView::parse(text);
  if (!parsed) return;
  const auto next = parsed->value("nextnonce");
  if (next.empty()) return;
  for (auto& entry : source_->memory_->entries) {
    if (entry.scope != scope || entry.proxy) continue;
    entry.nonce = next;
    entry.count = 0;
    entry.cnonce = random_.token(24);
    return;
  }
}

AuthMemory& AuthClient::memory() {
  if (source_->memory_ == nullptr) source_->memory_ = std::make_unique<AuthMemory>();
  return *source_->memory_;
}

void AuthClient::remember(AuthEntry entry) {
  drop(entry.scope, entry.realm, entry.proxy);
  auto& entries = memory().entries;
  if (entries.size() >= AuthMemory::limit) entries.erase(entries.begin());
  entries.push_back(std::move(entry));
}

AuthEntry* AuthClient::find(std::string_view scope, std::string_view realm, bool proxy) noexcept {
  if (source_->memory_ == nullptr) return nullptr;
  for (auto& entry : source_->memory_->entries)
    if (entry.scope == scope && entry.realm == realm && entry.proxy == proxy) return &entry;
  return nullptr;
}

void AuthClient::drop(std::string_view scope, std::string_view realm, bool proxy) noexcept {
  if (source_->memory_ == nullptr) return;
  std::erase_if(source_->memory_->entries,
                [&](const AuthEntry& e) { return e.scope == scope && e.realm == realm && e.proxy == proxy; });
}

CredentialSource::CredentialSource() = default;
CredentialSource::~CredentialSource() = default;
void CredentialSource::forget() noexcept { memory_.reset(); }

}  // namespace peal::inline v0::dialog
