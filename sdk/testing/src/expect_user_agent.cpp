#include <peal/testing/expect_user_agent.hpp>

#include <cstddef>
#include <stdexcept>
#include <utility>
#include <vector>

namespace peal::inline v0::sim {

std::string what_is_left(const UserAgent& ua) {
  const auto counters = ua.counters();
  if (!counters) return "its counters cannot be read: " + counters.error().message();
  const auto& transaction = counters->core.transaction;
  const std::pair<const char*, std::size_t> live[] = {
      {"calls", counters->calls},
      {"sessions", counters->core.sessions},
      {"dialogs", counters->core.dialogs},
      {"outgoing requests", counters->core.outgoing_requests},
      {"late forks", counters->core.late_forks},
      {"client transactions", transaction.client_machines},
      {"server transactions", transaction.server_machines},
      {"echo records", transaction.echo_records},
      {"echo bytes", transaction.echo_bytes},
  };
  std::string out;
  for (const auto& [name, count] : live) {
    if (count != 0) out += (out.empty() ? "" : ", ") + std::string(name) + " " + std::to_string(count);
  }
  return out;
}

Participant participant(UserAgent& ua) {
  const auto* host = host_of(ua.core().runtime());
  if (host == nullptr)
    throw std::invalid_argument("peal simulator: expect() of a UserAgent that is not on a Simulator");
  std::vector<std::uint16_t> ports;
  for (const auto& place : ua.listening()) {
    const auto endpoint = Endpoint::parse(std::string_view(place).substr(place.find(':') + 1));
    if (endpoint) ports.push_back(endpoint->port);
  }
  return {*host, std::move(ports)};
}

UserAgentSubject::UserAgentSubject(UserAgent& ua, SourceLine where) : WireSubject(participant(ua), where), ua_(&ua) {}

Eventually UserAgentSubject::to_be_idle() {
  Eventually::Wish wish;
  wish.what = who().name() + " to be idle";
  wish.holds = [ua = ua_] { return what_is_left(*ua).empty(); };
  wish.instead = [ua = ua_] { return "left: " + what_is_left(*ua) + "\n"; };
  wish.usual_limit = std::chrono::seconds(64);
  return {simulator(), std::move(wish), where()};
}

}  // namespace peal::inline v0::sim
