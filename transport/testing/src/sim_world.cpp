// Hosts and NATs: how the world is made, and what a user may do to its machines.
#include "sim_state.hpp"

#include <algorithm>
#include <stdexcept>

namespace peal::inline v0::sim {

namespace {

[[noreturn]] void refuse_world(std::string_view why, std::string_view what) {
  throw std::invalid_argument("peal simulator: " + std::string(why) + ": " + std::string(what));
}

std::vector<IpAddress> parsed(std::initializer_list<std::string_view> addresses) {
  std::vector<IpAddress> out;
  for (const auto text : addresses) {
    const auto address = IpAddress::parse(text);
    if (!address) refuse_world("no IP address", text);
    if (std::find(out.begin(), out.end(), *address) != out.end()) refuse_world("address used twice", text);
    out.push_back(*address);
  }
  return out;
}

}  // namespace

// ---- a host

Host::Host(std::unique_ptr<State> state) : state_(std::move(state)) {}
Host::~Host() = default;
const std::string& Host::name() const noexcept { return state_->name; }
const std::vector<IpAddress>& Host::addresses() const noexcept { return state_->addresses; }
Endpoint Host::endpoint(std::uint16_t port) const {
  return {state_->addresses.empty() ? IpAddress::v4({127, 0, 0, 1}) : state_->addresses.front(), port};
}
transport::Runtime& Host::runtime() noexcept { return state_->runtime; }
Simulator& Host::simulator() const noexcept { return *state_->runtime.sim().face; }
Host* host_of(transport::Runtime& runtime) noexcept {
  auto* simulated = dynamic_cast<SimRuntime*>(&runtime);
  return simulated == nullptr ? nullptr : simulated->sim().hosts[simulated->host()];
}
void Host::set_up(bool up) noexcept { state_->up = up; }
void Host::set_address_up(std::string_view address, bool up) {
  const auto meant = IpAddress::parse(address);
  const auto& own = state_->addresses;
  if (!meant || std::find(own.begin(), own.end(), *meant) == own.end()) refuse_world("not an address of it", address);
  std::erase(state_->down, *meant);
  if (!up) state_->down.push_back(*meant);
}
void Host::answer_unreachable(bool yes) noexcept { state_->icmp = yes; }
void Host::fail_send(std::uint64_t nth, std::error_code why) noexcept {
  state_->fail_in = nth;
  state_->fail_why = why;
}
void Host::set_log(transport::LogSink* log) noexcept { state_->runtime.set_log(log); }
std::size_t Host::open_sockets() const noexcept { return state_->sockets.size(); }
std::size_t Host::armed_timers() const noexcept { return state_->runtime.sim_timers().wheel.size(); }

// ---- the world

Host& Simulator::State::make_host(std::string_view name, const std::vector<IpAddress>& owned, std::uint32_t realm) {
  const auto index = static_cast<std::uint32_t>(hosts.size());
  claim(owned, realm, index);
  auto host = std::make_unique<Host::State>(*this, index, name, owned, mixed(seed, name));
  host->realm = realm;
  host_states.push_back(host.get());
  hosts.push_back(new Host(std::move(host)));
  return *hosts.back();
}

/// All or none. An IPv6 address is known in every realm around its own too.
void Simulator::State::claim(const std::vector<IpAddress>& owned, std::uint32_t realm, std::uint32_t place) {
  const auto each_realm = [&](const IpAddress& address, auto visit) {
    visit(realms[realm]);
    for (const auto* nat = realms[realm].gateway; address.is_v6() && nat != nullptr; nat = realms[nat->outside].gateway)
      visit(realms[nat->outside]);
  };
  for (const auto& address : owned) {
    each_realm(address, [&](const Realm& known) {
      if (known.places.contains(address)) refuse_world("address used twice", address.to_string());
    });
  }
  for (const auto& address : owned) each_realm(address, [&](Realm& known) { known.places.emplace(address, place); });
}

Host& Simulator::host(std::string_view name, std::initializer_list<std::string_view> addresses) {
  for (Host* known : state_->hosts) {
    if (known->name() != name) continue;
    if (addresses.size() != 0) refuse_world("host made twice", name);
    return *known;
  }
  const auto owned = parsed(addresses);
  auto& made = state_->make_host(name, owned, public_realm);
  if (!owned.empty()) set_name(name, owned);
  return made;
}

Host& Simulator::host(std::string_view name, std::initializer_list<std::string_view> addresses, Nat& behind) {
  if (std::any_of(state_->hosts.begin(), state_->hosts.end(), [&](Host* known) { return known->name() == name; }))
    refuse_world("host made twice", name);
  return state_->make_host(name, parsed(addresses), behind.state_->inside);
}

Nat& Simulator::State::make_nat(std::string_view name, const std::vector<IpAddress>& outside, const NatOptions& options,
                                std::uint32_t realm) {
  if (outside.empty()) refuse_world("a NAT needs an outside address", name);
  const auto place = static_cast<std::uint32_t>(nats.size()) | nat_bit;
  for (const auto& address : outside) {
    if (!address.is_v4()) refuse_world("a NAT's outside addresses are IPv4", address.to_string());
  }
  claim(outside, realm, place);
  NatTable table(outside, options, mixed(mixed(seed, "nat"), name));
  const auto inside = static_cast<std::uint32_t>(realms.size());
  auto nat = std::make_unique<Nat::State>(*this, name, std::move(table), inside, realm);
  realms.push_back({{}, nat.get()});
  nats.push_back(new Nat(std::move(nat)));
  return *nats.back();
}

Nat& Simulator::nat(std::string_view name, std::initializer_list<std::string_view> outside, const NatOptions& options) {
  for (Nat* known : state_->nats) {
    if (known->name() != name) continue;
    if (outside.size() != 0) refuse_world("NAT made twice", name);
    return *known;
  }
  return state_->make_nat(name, parsed(outside), options, public_realm);
}

Nat& Simulator::nat(std::string_view name, std::initializer_list<std::string_view> outside, const NatOptions& options,
                    Nat& behind) {
  if (std::any_of(state_->nats.begin(), state_->nats.end(), [&](Nat* known) { return known->name() == name; }))
    refuse_world("NAT made twice", name);
  return state_->make_nat(name, parsed(outside), options, behind.state_->inside);
}

}  // namespace peal::inline v0::sim
