#include "digest.hpp"

#include <peal/dialog/digest_server.hpp>

#include <array>
#include <charconv>
#include <deque>
#include <unordered_map>
#include <unordered_set>

namespace peal::inline v0::dialog {
namespace {

constexpr std::size_t time_size = 10;    // seconds of the steady clock, hex
constexpr std::size_t number_size = 16;  // what tells nonces of one second apart, hex
constexpr std::size_t mac_size = 32;     // 128 bits of it
constexpr std::size_t nonce_size = time_size + number_size + mac_size;

std::string hex(std::uint64_t value, std::size_t digits) {
  std::string out(digits, '0');
  for (std::size_t i = digits; i-- > 0; value >>= 4) out[i] = "0123456789abcdef"[value & 15];
  return out;
}

std::optional<std::uint64_t> parse_hex(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Which counts of one nonce were used: all up to `highest - 64`, and those whose bit is set. UDP may reorder.
struct Counts {
  std::uint32_t highest = 0;
  std::uint64_t used = 0;

  bool use(std::uint32_t count) {
    if (count == 0) return false;
    if (count > highest) {
      const auto step = count - highest;
      used = step >= 64 ? 0 : used << step;
      used |= 1;
      highest = count;
      return true;
    }
    const auto back = highest - count;
    if (back >= 64 || ((used >> back) & 1) != 0) return false;
    used |= std::uint64_t{1} << back;
    return true;
  }
};

}  // namespace

struct Authenticator::State {
  transport::Runtime& runtime;
  Options options;
  std::string key;
  std::vector<Algorithm> algorithms;
  std::unordered_map<std::uint64_t, Counts> counts;
  std::deque<std::pair<std::uint64_t, std::uint64_t>>
      by_age;  // {second of its making, number}; not sorted exactly, swept by age
  std::unordered_set<std::uint64_t> copies;  // of requests that were admitted lately
  std::deque<std::pair<std::uint64_t, std::uint64_t>> copies_by_age;

  State(transport::Runtime& r, Options o) : runtime(r), options(std::move(o)) {
    key.resize(32);
    r.random().fill(std::as_writable_bytes(std::span(key)));
    for (const auto& name : options.algorithms)
      if (auto algorithm = parse_algorithm(name)) algorithms.push_back(*algorithm);
    if (algorithms.empty()) algorithms = {{Hash::sha_256, false}, {Hash::md5, false}};
  }

  [[nodiscard]] std::uint64_t second() const {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::seconds>(runtime.timers().now().time_since_epoch()).count());
  }
  [[nodiscard]] std::string mac(std::string_view head) const {
    std::string text(head);
    text += ':';
    text += options.realm;
    auto whole = hmac_hex(key, text);
    return whole ? whole->substr(0, mac_size) : std::string();
  }
  [[nodiscard]] std::string make_nonce() {
    auto nonce = hex(second(), time_size) + hex(runtime.random().next(), number_size);
    nonce += mac(nonce);
    return nonce;
  }

  enum class Nonce { good, old, foreign };
  struct Read {
    Nonce verdict = Nonce::foreign;
    std::uint64_t made = 0, number = 0;
  };
  [[nodiscard]] Read read_nonce(std::string_view nonce) const {
    if (nonce.size() != nonce_size) return {};
    const auto head = nonce.substr(0, time_size + number_size);
    const auto expected = mac(head);
    if (expected.empty() || !equal_hex(expected, nonce.substr(head.size()))) return {};
    const auto made = parse_hex(head.substr(0, time_size));
    const auto number = parse_hex(head.substr(time_size));
    if (!made || !number) return {};
    const auto age = second() - *made;
    return {age > static_cast<std::uint64_t>(options.nonce_life.count()) ? Nonce::old : Nonce::good, *made, *number};
  }

  void sweep() {
    const auto now = second();
    const auto life = static_cast<std::uint64_t>(options.nonce_life.count());
    while (!by_age.empty() && now - by_age.front().first > life) {
      counts.erase(by_age.front().second);
      by_age.pop_front();
    }
  }
  /// False: the count was used before, or there is no room to remember it.
  bool use(const Read& nonce, std::uint32_t count) {
    sweep();
    auto found = counts.find(nonce.number);
    if (found == counts.end()) {
      if (counts.size() >= options.max_nonces) return false;
      found = counts.emplace(nonce.number, Counts{}).first;
      by_age.emplace_back(second(), nonce.number);  // kept at least as long as the nonce lives
    }
    return found->second.use(count);
  }
  /// Names a request among those with its count of its nonce.
  [[nodiscard]] std::uint64_t name_of_copy(const Request& request, std::string_view nonce, std::string_view nc) const {
    const auto via = request.top_via();
    std::string text(nonce);
    for (const auto part : {nc, std::string_view(via.branch()), std::string_view(via.host()), request.call_id()})
      text.append("\n").append(part);
    text.append("\n").append(std::to_string(via.port())).append("\n").append(std::to_string(request.cseq().number));
    return parse_hex(std::string_view(mac(text)).substr(0, 16)).value_or(0);
  }
  /// `first`: seen now, and admitted. Else: was that so within `copy_life`?
  bool is_copy(std::uint64_t name, bool first) {
    const auto now = second();
    const auto life = static_cast<std::uint64_t>(options.copy_life.count());
    while (!copies_by_age.empty() &&
           (now - copies_by_age.front().first > life || copies_by_age.size() >= options.max_nonces)) {
      copies.erase(copies_by_age.front().second);
      copies_by_age.pop_front();
    }
    if (!first) return copies.contains(name);
    if (copies.insert(name).second) copies_by_age.emplace_back(now, name);
    return true;
  }
  Verified check(const Request& request, const AuthView& credentials, Lookup& lookup);
  [[nodiscard]] Result<std::string> ha1(Algorithm algorithm, std::string_view username, const Credentials& user) const {
    if (user.ha1.empty()) return hash_hex(algorithm.hash, {username, options.realm, user.password});
    const auto stored = parse_algorithm(user.ha1_algorithm);
    if (!stored || stored->hash != algorithm.hash) return fail(errc::unsupported);
    return user.ha1;
  }
};

Authenticator::Authenticator(transport::Runtime& runtime, Options options)
    : state_(std::make_unique<State>(runtime, std::move(options))) {}
Authenticator::~Authenticator() = default;

StatusCode Authenticator::code() const noexcept {
  return state_->options.proxy ? status::proxy_authentication_required : status::unauthorized;
}

std::size_t Authenticator::nonces() const noexcept { return state_->counts.size(); }

void Authenticator::challenge(Response& response, bool stale) {
  for (const auto algorithm : state_->algorithms) {
    Auth challenge("Digest");
    challenge.add_quoted("realm", state_->options.realm)
        .add_quoted("nonce", state_->make_nonce())
        .add_quoted("qop", "auth");
    challenge.add("algorithm", name_of(algorithm));
    if (stale) challenge.add("stale", "true");
    response.add(state_->options.proxy ? header::proxy_authenticate : header::www_authenticate, challenge);
  }
}

Authenticator::Verified Authenticator::verify(const Request& request, Lookup lookup) {
  Verified result;
  bool done = false;
  request.each(state_->options.proxy ? header::proxy_authorization : header::authorization,
               [&](const auto& credentials) {
                 if (done || !credentials || !credentials->is_digest()) return;
                 if (credentials->value("realm") != state_->options.realm) return;  // somebody else's: never looked at
                 result = state_->check(request, *credentials, lookup);
                 done = true;
               });
  return result;
}

Authenticator::Verified Authenticator::State::check(const Request& request, const AuthView& given, Lookup& lookup) {
  const auto algorithm = parse_algorithm(given.value("algorithm"));
  if (!algorithm) return {Outcome::no_credentials, {}};
  bool offered = false;
  for (const auto a : algorithms) offered = offered || a == *algorithm;
  if (!offered) return {Outcome::no_credentials, {}};  // no downgrade to what was not offered

  const auto username = given.value("username");
  const auto nonce = given.value("nonce");
  const auto uri = given.value("uri");
  const auto qop = given.value("qop");
  const auto nc = given.value("nc");
  const auto cnonce = given.value("cnonce");
  const auto response = given.value("response");
  if (username.empty() || nonce.empty() || uri.empty() || response.empty()) return {Outcome::malformed, {}};
  if (qop.empty()) return {Outcome::no_credentials, {}};  // we ask for qop: without a count, a replay could not be told
  if (qop != "auth" || cnonce.empty() || nc.size() != 8) return {Outcome::malformed, {}};
  const auto count = parse_hex(nc);
  if (!count) return {Outcome::malformed, {}};
  if (options.check_uri) {
    const auto parsed = UriView::parse(uri);
    if (!parsed || !equivalent(*parsed, request.uri())) return {Outcome::malformed, {}};
  }

  const auto user = lookup(username);
  if (!user) return {Outcome::wrong, username};
  const auto a1 = ha1(*algorithm, username, *user);
  if (!a1) return {Outcome::wrong, username};
  const auto expected =
      digest_response({*algorithm, *a1, request.method().name(), uri, nonce, qop, nc, cnonce, request.body()});
  if (!expected || !equal_hex(*expected, response)) return {Outcome::wrong, username};
  // Stale says that the password was right (RFC 7616 §3.3), so only now. Foreign: of another life of ours, or forged.
  const auto read = read_nonce(nonce);
  if (read.verdict != Nonce::good) return {Outcome::stale, username};
  const bool first = use(read, static_cast<std::uint32_t>(*count));
  if (options.copy_life.count() == 0) return {first ? Outcome::ok : Outcome::replayed, username};
  const bool copy = is_copy(name_of_copy(request, nonce, nc), first);
  return {copy ? Outcome::ok : Outcome::replayed, username};
}

}  // namespace peal::inline v0::dialog
