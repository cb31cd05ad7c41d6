#include <peal/transaction/transaction_layer.hpp>

#include <stdexcept>
#include <utility>

#include "layer_state.hpp"

namespace peal::inline v0::transaction {

using State = TransactionLayer::State;

TransactionLayer::TransactionLayer(transport::Runtime& runtime, TransactionUser& user, TransactionOptions options)
    : state_(std::make_unique<State>(runtime, user, options)) {}
TransactionLayer::~TransactionLayer() = default;

transport::TransportLayer& TransactionLayer::transport() noexcept { return state_->transport; }

Result<ClientId> TransactionLayer::send(Request& request, const Target& target, ClientUser& user) {
  return state_->send(request, target, user);
}

void TransactionLayer::detach(ClientId id) noexcept {
  if (ClientMachine* machine = state_->client(id)) machine->user = nullptr;
}

Result<void> TransactionLayer::cancel(ClientId id, std::string_view reason) { return state_->cancel(id, reason); }

Result<Packet> TransactionLayer::packet(ClientId id) const {
  const ClientMachine* machine = state_->client(id);
  if (machine == nullptr) return fail(errc::no_transaction);
  return machine->packet;
}

Result<Packet> TransactionLayer::send_ack(Request& ack, const Target& target) {
  return state_->transport.send_request(ack, target, state_->new_branch());
}

void TransactionLayer::send_again(const Packet& packet) { state_->send_again(packet); }

Result<Packet> TransactionLayer::respond(ServerId id, const Response& response) {
  return state_->respond(id, response);
}

Result<Packet> TransactionLayer::respond_statelessly(const Request& request, StatusCode code, const Flow& flow) {
  return state_->respond_statelessly(request, code, flow);
}

bool TransactionLayer::awaits_response(ServerId id) const noexcept { return state_->awaits_response(id); }

Result<Flow> TransactionLayer::flow(ServerId id) const {
  const ServerMachine* machine = state_->server(id);
  if (machine == nullptr) return fail(errc::no_transaction);
  return machine->request_flow;
}

Result<std::string> TransactionLayer::local_tag(ServerId id) const {
  const ServerMachine* machine = state_->server(id);
  if (machine == nullptr) return fail(errc::no_transaction);
  return state_->tag_of(*machine);
}

TransactionCounters TransactionLayer::counters() const noexcept {
  TransactionCounters counters = state_->counted;
  counters.client_machines = state_->clients.size();
  counters.server_machines = state_->servers.size();
  counters.echo_records = state_->echoes.size();
  counters.echo_bytes = state_->echoes.bytes();
  counters.echo_dropped = state_->echoes.dropped();
  return counters;
}

transport::DropCounters& TransactionLayer::drops() noexcept { return state_->transport.drops(); }
const Timers& TransactionLayer::timers() const noexcept { return state_->options.timers; }

// ---- what both sides share

namespace {

// Timers of nothing would run without end, echo records count milliseconds in 32 bits, and intervals are doubled.
const TransactionOptions& checked(const TransactionOptions& options) {
  const Timers& t = options.timers;
  constexpr Duration zero{}, longest = std::chrono::hours(1);
  if (t.t1 <= zero || t.t2 <= zero || t.t4 < zero || t.t1 > longest || t.t2 > longest || t.t4 > longest)
    throw std::invalid_argument("T1 and T2: above zero, up to an hour; T4: up to an hour");
  if (options.limits.refusals_per_second == 0) throw std::invalid_argument("refusals_per_second: at least 1");
  return options;
}

}  // namespace

State::State(transport::Runtime& runtime, TransactionUser& u, const TransactionOptions& o)
    : user(u),
      options(checked(o)),
      transport(runtime, *this, o.transport),
      surroundings{*this, runtime.timers(), runtime.log(), o.timers},
      keys(runtime.random()),
      admission(o.limits),
      echoes(runtime.timers(), *this,
             {duration_of(TimerName::j, o.timers, false), duration_of(TimerName::d, o.timers, false),
              duration_of(TimerName::k, o.timers, false)},
             o.limits.echo_bytes) {}

State::~State() {
  for (Watch* w = watch_; w != nullptr; w = w->outer_) w->gone = true;
}

State::Watch::Watch(State& state) noexcept : outer_(state.watch_), state_(state) { state.watch_ = this; }

std::string_view State::new_branch() {
  // §8.1.1.7: the cookie and 80 bits of chance, unique across space and time.
  branch.assign("z9hG4bK");
  transport.runtime().random().append_token(branch, 16);
  return branch;
}

Result<Packet> State::send_response(const Response& response, const Flow& request_flow) {
  return transport.send_response(response, request_flow);
}

void State::send(const Packet& packet) {
  if (!packet.bytes.empty()) transport.send(packet);
}

void State::send_again(const Packet& packet) {
  if (packet.bytes.empty()) return;
  ++counted.retransmissions_sent;
  transport.send(packet);
}

ClientMachine& State::machine_in(ClientSlot& slot) noexcept {
  if (auto* invite = std::get_if<ClientInvite>(&slot)) return *invite;
  return *std::get_if<ClientNonInvite>(&slot);
}

ServerMachine& State::machine_in(ServerSlot& slot) noexcept {
  if (auto* invite = std::get_if<ServerInvite>(&slot)) return *invite;
  return *std::get_if<ServerNonInvite>(&slot);
}

void State::on_echo_gone(std::uint32_t index, const EchoRecord& record) noexcept {
  (is_client(record.kind) ? client_table : server_table).erase(hash_of(record.key), index | echo_bit);
}

void State::on_unreachable(const Flow& flow, std::error_code why) {
  // §18.4, §17.1.4: every client transaction with that peer ends now. Server transactions keep their state (RFC 6026
  // §8.8); a user is told when its answer to INVITE lacks the ACK.
  const std::uint32_t hash = keys.peer(flow);
  const auto client_of = [&](std::uint32_t slot) -> ClientMachine& { return machine_in(clients[slot]); };
  const auto server_of = [&](std::uint32_t slot) -> ServerMachine& { return machine_in(servers[slot]); };
  std::vector<ClientId> failed_clients;
  for (std::uint32_t slot =
           client_peers.first(hash, [&](std::uint32_t s) { return same_peer(client_of(s).packet.flow, flow); });
       slot != none; slot = client_of(slot).peer_links.next)
    failed_clients.push_back(client_of(slot).id);
  std::vector<ServerId> failed_servers;
  for (std::uint32_t slot =
           server_peers.first(hash, [&](std::uint32_t s) { return same_peer(server_of(s).packet.flow, flow); });
       slot != none; slot = server_of(slot).peer_links.next)
    failed_servers.push_back(server_of(slot).id);
  fail_all(failed_clients, failed_servers, why);
}

void State::on_closed(const Flow& flow) {
  const auto went_there = [&](const Flow& its) {
    return its.listen_point == flow.listen_point && (flow.connection == 0 || its.connection == flow.connection);
  };
  std::vector<ClientId> failed_clients;
  clients.each([&](std::uint32_t, ClientSlot& slot) {
    if (went_there(machine_in(slot).packet.flow)) failed_clients.push_back(machine_in(slot).id);
  });
  std::vector<ServerId> failed_servers;
  servers.each([&](std::uint32_t, ServerSlot& slot) {
    const ServerMachine& machine = machine_in(slot);
    if (machine.peer_links.linked && went_there(machine.packet.flow)) failed_servers.push_back(machine.id);
  });
  fail_all(failed_clients, failed_servers, make_error_code(transport::errc::closed));
}

void State::fail_all(const std::vector<ClientId>& its_clients, const std::vector<ServerId>& its_servers,
                     std::error_code why) {
  Watch watch(*this);
  for (const ClientId id : its_clients) {
    if (watch.gone) return;
    if (client(id) == nullptr) continue;  // ended by an upcall before
    std::visit([&](auto& machine) { machine.on_transport_error(why); }, clients[id.slot]);
  }
  for (const ServerId id : its_servers) {
    if (watch.gone) return;
    if (server(id) == nullptr) continue;
    if (auto* invite = std::get_if<ServerInvite>(&servers[id.slot])) invite->on_transport_error(why);
  }
}

void log_step(LogSink& log, std::string_view machine, std::string_view from, std::string_view on, std::string_view to) {
  if (!log.wants(transport::LogLevel::debug)) return;
  std::string line(machine);
  line.append(": ").append(from).append(" --").append(on).append("--> ").append(to);
  log.write(transport::LogLevel::debug, "transaction", line);
}

}  // namespace peal::inline v0::transaction
