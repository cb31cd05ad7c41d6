#include <peal/transport/locator.hpp>

#include <peal/transport/error.hpp>

#include "via_rules.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace peal::inline v0::transport {
namespace {

/// What the URI says before any address is known (RFC 3263 §4).
struct Wanted {
  Protocol protocol = Protocol::udp;
  std::uint16_t port = 0;
  std::string host;
};

/// RFC 3263 §4.1 without NAPTR: the transport parameter, else UDP for sip and TLS for sips.
Result<Protocol> protocol_of(const UriView& uri) {
  const auto parameter = uri.params().find("transport");
  if (!parameter) return uri.secure() ? Protocol::tls : Protocol::udp;
  const auto named = parse_protocol(parameter->value);
  if (!named) return fail(errc::unsupported_protocol);
  if (!uri.secure()) return *named;
  // sips says TLS on every hop (RFC 3261 §26.2.2); `transport` names what it runs on.
  if (*named == Protocol::udp) return fail(errc::blocked);
  return *named == Protocol::ws || *named == Protocol::wss ? Protocol::wss : Protocol::tls;
}

Result<Wanted> read(const UriView& uri) {
  if (!uri.is_sip()) return fail(errc::blocked);
  const auto protocol = protocol_of(uri);
  if (!protocol) return fail(protocol.error());
  if (*protocol != Protocol::udp) return fail(errc::unsupported_protocol);
  const std::string_view maddr = uri.params().value("maddr");
  return Wanted{*protocol, uri.port().value_or(via_rules::default_port(*protocol)),
                std::string(maddr.empty() ? uri.host() : maddr)};
}

}  // namespace

struct Locator::State {
  struct Query final : HostQuery {
    Query(State& s, Wanted w, Done d) : state(s), wanted(std::move(w)), done(std::move(d)) {}
    void on_addresses(std::vector<IpAddress> addresses, std::error_code why) override;
    State& state;
    Wanted wanted;
    Done done;
  };

  explicit State(Runtime& r) : runtime(r) {}
  Runtime& runtime;
  std::vector<std::unique_ptr<Query>> queries;
};

/// The call of `done` comes last: it may destroy the Locator.
void Locator::State::Query::on_addresses(std::vector<IpAddress> addresses, std::error_code why) {
  std::vector<Target> targets;
  targets.reserve(addresses.size());
  for (const IpAddress& address : addresses) targets.push_back({wanted.protocol, {address, wanted.port}, wanted.host});
  const std::error_code error = targets.empty() || why ? make_error_code(errc::unresolvable) : std::error_code{};
  if (error) targets.clear();
  Done tell = std::move(done);
  std::erase_if(state.queries, [this](const auto& query) { return query.get() == this; });
  tell(std::move(targets), error);
}

Locator::Locator(Runtime& runtime) : state_(std::make_unique<State>(runtime)) {}

Locator::~Locator() = default;

Result<std::vector<Target>> Locator::locate(const UriView& uri, Done done) {
  auto wanted = read(uri);
  if (!wanted) return fail(wanted.error());
  if (const auto address = IpAddress::parse(wanted->host)) {
    return std::vector<Target>{{wanted->protocol, {*address, wanted->port}, wanted->host}};
  }
  auto& query =
      state_->queries.emplace_back(std::make_unique<State::Query>(*state_, std::move(*wanted), std::move(done)));
  state_->runtime.network().resolve(*query, query->wanted.host);
  return std::vector<Target>{};
}

}  // namespace peal::inline v0::transport
