#include <algorithm>
#include <chrono>
#include <new>
#include <utility>

#include "layer_state.hpp"

// The server half of the layer: RFC 3261 §17.2, and what echo records do for it.

namespace peal::inline v0::transaction {

using State = TransactionLayer::State;

namespace {
// So many requests of different methods may share one branch: more is nobody's mistake, and each would lengthen a
// chain.
constexpr int methods_a_branch = 16;
constexpr int refusals_at_once = 100;
}  // namespace

void State::on_request(const Request& request, const Flow& flow) {
  if (request.method() == method::ack) return on_ack(request, flow);
  const MethodId method = keys.method(request.method());
  if (method == MethodId::cancel) return on_cancel(request, flow);
  const Key key = keys.server(request);
  if (const std::uint32_t found = find_server(key, method); found != none) {
    if (is_echo(found) && echoes[found & ~echo_bit].kind == EchoKind::refused)
      return static_cast<void>(refuse(request, flow, key));
    return on_copy(found);
  }
  const std::uint32_t source = keys.source(flow.peer.address);
  if (admits(request, flow, key, source)) return on_new_request(request, flow, key, method, source);
  if (refuse(request, flow, key)) stay_refused(key, method, flow);
}

// What goes on within dialogs is done first, and most of it makes room.
bool State::admits(const Request& request, const Flow& flow, const Key& key, std::uint32_t source) {
  const bool in_dialog = !request.to_tag().empty();
  if (!in_dialog && (transport.falls_behind(flow.listen_point) || user.overloaded())) return false;
  return admission.admits(servers.size(), source, in_dialog) && !too_many_methods(key);
}

void State::on_new_request(const Request& request, const Flow& flow, const Key& key, MethodId method,
                           std::uint32_t source) {
  const ServerId id = start_server(key, method, flow, source);
  Watch watch(*this);
  user.on_request(id, request, flow);
  if (!watch.gone) prepare_for_silence(id, request);
}

ServerId State::start_server(const Key& key, MethodId method, const Flow& flow, std::uint32_t source) {
  server_table.reserve_one();
  const auto place = servers.claim();
  const ServerId id{place.slot, place.generation};
  const std::uint32_t number = ++serial;
  if (method == MethodId::invite)
    ::new (place.room) ServerSlot(std::in_place_type<ServerInvite>, surroundings, *this, id, key, method, number, flow);
  else
    ::new (place.room)
        ServerSlot(std::in_place_type<ServerNonInvite>, surroundings, *this, id, key, method, number, flow);
  server_table.insert(hash_of(key), id.slot);
  machine_in(servers[id.slot]).source = source;
  admission.entered(source);
  return id;
}

// Only when the user did not answer in the upcall is anything of the request kept for an answer of ours.
void State::prepare_for_silence(ServerId id, const Request& request) {
  ServerMachine* machine = server(id);
  if (machine == nullptr) return;
  if (auto* invite = std::get_if<ServerInvite>(&servers[id.slot])) {
    if (options.automatic_100 && machine->packet.bytes.empty())
      invite->expect_silence(print(Response(request, StatusCode(100))));
  } else {
    auto& other = *std::get_if<ServerNonInvite>(&servers[id.slot]);
    other.expect_silence(print(Response(request, StatusCode(500), keys.tag(other.key, other.serial))));
  }
}

SharedBytes State::print(const Response& response) {
  printed.clear();
  response.append_to(printed);
  return SharedBytes(printed);
}

ServerMachine* State::server(ServerId id) noexcept {
  ServerSlot* slot = servers.find(id.slot, id.generation);
  return slot == nullptr ? nullptr : &machine_in(*slot);
}

bool State::awaits_response(ServerId id) noexcept {
  return server(id) != nullptr && std::visit([](auto& m) { return m.awaits_response(); }, servers[id.slot]);
}

const Key& State::key_at(std::uint32_t found) {
  return is_echo(found) ? echoes[found & ~echo_bit].key : machine_in(servers[found]).key;
}

std::uint32_t State::find_server(const Key& key, MethodId method) {
  return server_table.find(hash_of(key), [&](std::uint32_t found) {
    return key_at(found) == key &&
           method == (is_echo(found) ? echoes[found & ~echo_bit].method : machine_in(servers[found]).method);
  });
}

bool State::too_many_methods(const Key& key) {
  int same = 0;
  return none != server_table.find(hash_of(key), [&](std::uint32_t found) {
    return key_at(found) == key && ++same == methods_a_branch;
  });
}

/// A refusal costs a third of a call, so that telling everybody would leave no time for those who are in.
bool State::may_refuse() {
  const Duration interval = std::chrono::nanoseconds(std::chrono::seconds(1)) / options.limits.refusals_per_second;
  const auto now = surroundings.timers.now();
  next_refusal = std::max(next_refusal, now - (refusals_at_once - 1) * interval);
  if (next_refusal > now) return false;
  next_refusal += interval;
  return true;
}

bool State::sheds() const noexcept { return next_refusal > surroundings.timers.now(); }

// Over a limit: no transaction, and the sender told when to come back. Whoever hears nothing tries again (Timer A or
// E).
bool State::refuse(const Request& request, const Flow& flow, const Key& key) {
  if (!may_refuse()) {
    transport.drops().add(transport::Drop::shed);
    return false;
  }
  transport.drops().add(transport::Drop::overload);
  Response response(request, StatusCode(503), keys.tag(key));
  response.set(header::retry_after, RetryAfter{options.limits.retry_after, {}});
  return transport.send_response(response, flow).has_value();
}

// Its client is done with it: a copy that comes when there is room again, and rang, would be a call that nobody makes.
void State::stay_refused(const Key& key, MethodId method, const Flow& flow) {
  if (transport::reliable(flow.protocol) || too_many_methods(key)) return;
  EchoRecord record;
  record.key = key;
  record.method = method;
  record.kind = EchoKind::refused;
  server_table.reserve_one();
  server_table.insert(hash_of(key), echoes.add(EchoRecords::Wait::t1_64, std::move(record)) | echo_bit);
}

Result<Packet> State::respond_statelessly(const Request& request, StatusCode code, const Flow& flow) {
  return transport.send_response(Response(request, code, keys.tag(keys.server(request))), flow);
}

Result<Packet> State::respond(ServerId id, const Response& response) {
  ServerMachine* machine = server(id);
  if (machine == nullptr) return fail(errc::no_transaction);
  if (machine->method == MethodId::invite) {
    // Kept for the 200 to a CANCEL (§9.2) and the ACK of RFC 2543 (§17.2.3), unless it is the one that we would give.
    const std::string_view tag = response.to_tag();
    if (!tag.empty() && tag != machine->tag.view())
      machine->tag = tag == keys.tag(machine->key, machine->serial) ? SharedBytes() : SharedBytes(tag);
  }
  return std::visit([&](auto& m) { return m.respond(response); }, servers[id.slot]);
}

void State::on_copy(std::uint32_t found) {
  transport.drops().add(transport::Drop::retransmission);
  if (!is_echo(found)) return std::visit([](auto& machine) { machine.on_request(); }, servers[found]);
  const EchoRecord& record = echoes[found & ~echo_bit];
  if (record.kind != EchoKind::response_completed) return;  // Figure 7: Accepted and Confirmed absorb it
  const auto* arrow = find(ServerNonInvite::figure_8, ServerNonInvite::completed, ServerNonInvite::request);
  if (arrow->act == ServerNonInvite::send_again) send_again({record.flow.unpacked(), record.kept});
}

std::string State::tag_of(const ServerMachine& machine) const {
  return machine.tag.empty() ? keys.tag(machine.key, machine.serial) : std::string(machine.tag.view());
}

std::string State::tag_of(std::uint32_t found) {
  if (!is_echo(found)) return tag_of(machine_in(servers[found]));
  const EchoRecord& record = echoes[found & ~echo_bit];
  return record.tag().empty() ? keys.tag(record.key, record.serial()) : std::string(record.tag());
}

std::uint32_t State::find_for_ack(const Request& ack) {
  if (has_rfc3261_branch(ack.top_via())) return find_server(keys.server(ack), MethodId::invite);
  // RFC 2543: the INVITE had no To tag, and the ACK has the one that we gave; or both have that of the dialog.
  const std::uint32_t first = find_server(keys.server(ack, {}), MethodId::invite);
  if (first != none && tag_of(first) == ack.to_tag()) return first;
  return find_server(keys.server(ack), MethodId::invite);
}

void State::on_ack(const Request& ack, const Flow& flow) {
  const std::uint32_t found = find_for_ack(ack);
  if (found == none) return user.on_ack(ack, flow);
  if (!is_echo(found)) {
    auto& invite = *std::get_if<ServerInvite>(&servers[found]);
    if (invite.state() == ServerInvite::proceeding) transport.drops().add(transport::Drop::stray_ack);
    return invite.on_ack();
  }
  const bool accepted = echoes[found & ~echo_bit].kind == EchoKind::server_accepted;
  const auto* arrow =
      find(ServerInvite::figure_7, accepted ? ServerInvite::accepted : ServerInvite::confirmed, ServerInvite::ack);
  if (arrow != nullptr && arrow->act == ServerInvite::pass_ack_up) return user.on_ack(ack, flow);
  transport.drops().add(transport::Drop::retransmission);
}

void State::depends_on_peer(ServerMachine& machine) {
  const Flow& flow = machine.packet.flow;
  server_peers.link(keys.peer(flow), machine.id.slot, server_links(),
                    [&](std::uint32_t slot) { return same_peer(machine_in(servers[slot]).packet.flow, flow); });
}

void State::rests(ServerMachine& machine, Rest rest) { settle(machine, rest); }

void State::failed(ServerMachine& machine, Rest rest, std::error_code why, std::error_code detail) {
  const ServerId id = machine.id;
  const Failure failure{why, detail, machine.request_flow.peer};
  if (rest == Rest::completed) ++counted.unanswered;
  settle(machine, rest);
  if (why) user.on_server_failure(id, failure);
}

// The machine is freed; what its figure still asks for is an echo record's (docs/decisions/echo-records.md).
void State::settle(ServerMachine& machine, Rest rest) {
  if (rest == Rest::none) return;
  const ServerId id = machine.id;
  const Key key = machine.key;
  EchoRecord record;
  record.key = key;
  record.method = machine.method;
  bool waits = rest == Rest::accepted || (rest != Rest::over && !machine.reliable());
  auto wait = EchoRecords::Wait::t1_64;
  if (rest == Rest::completed) {
    record.kind = EchoKind::response_completed;
    record.kept = std::move(machine.packet.bytes);
    record.flow = PackedFlow(machine.packet.flow);
  } else {
    record.kind = rest == Rest::accepted ? EchoKind::server_accepted : EchoKind::server_confirmed;
    record.set_tag(std::move(machine.tag), machine.serial);
    if (rest == Rest::confirmed) wait = EchoRecords::Wait::t4;
  }
  server_peers.unlink(id.slot, server_links());
  admission.left(machine.source);
  servers.erase(id.slot);
  if (waits)
    server_table.replace(hash_of(key), id.slot, echoes.add(wait, std::move(record)) | echo_bit);
  else
    server_table.erase(hash_of(key), id.slot);
}

}  // namespace peal::inline v0::transaction
