#include <new>
#include <utility>

#include "layer_state.hpp"

// The client half of the layer: RFC 3261 §17.1, and what echo records do for it.

namespace peal::inline v0::transaction {

using State = TransactionLayer::State;

Result<ClientId> State::send(Request& request, const Target& target, ClientUser& client_user) {
  const MethodId method = keys.method(request.method());
  if (method == MethodId::cancel || request.method() == method::ack) return fail(errc::wrong_state);
  if (clients.size() >= options.limits.transactions) return fail(errc::limit_reached);
  const std::string_view own = new_branch();
  const Key key = keys.client(own);
  auto sent = transport.send_request(request, target, own);
  if (!sent) return fail(sent.error());
  return start_client(method == MethodId::invite, key, method, &client_user, std::move(*sent));
}

ClientId State::start_client(bool invite, const Key& key, MethodId method, ClientUser* client_user, Packet&& packet) {
  client_table.reserve_one();
  const auto place = clients.claim();
  const ClientId id{place.slot, place.generation};
  if (invite)
    ::new (place.room) ClientSlot(std::in_place_type<ClientInvite>, surroundings, *this, id, key, method, client_user,
                                  std::move(packet));
  else
    ::new (place.room) ClientSlot(std::in_place_type<ClientNonInvite>, surroundings, *this, id, key, method,
                                  client_user, std::move(packet));
  client_table.insert(hash_of(key), id.slot);
  const Flow& flow = machine_in(clients[id.slot]).packet.flow;
  client_peers.link(keys.peer(flow), id.slot, client_links(),
                    [&](std::uint32_t slot) { return same_peer(machine_in(clients[slot]).packet.flow, flow); });
  return id;
}

ClientMachine* State::client(ClientId id) noexcept {
  ClientSlot* slot = clients.find(id.slot, id.generation);
  return slot == nullptr ? nullptr : &machine_in(*slot);
}

std::uint32_t State::find_client(const Key& key, MethodId method) {
  return client_table.find(hash_of(key), [&](std::uint32_t found) {
    if (is_echo(found)) {
      const EchoRecord& record = echoes[found & ~echo_bit];
      return record.key == key && record.method == method;
    }
    const ClientMachine& machine = machine_in(clients[found]);
    return machine.key == key && machine.method == method;
  });
}

/// RFC 3261 §8.1.3.3: what has a second Via was misrouted or is corrupt, and is discarded.
static bool went_astray(const Response& response) {
  std::size_t vias = 0;
  for (std::size_t i = 0; i < response.size(); ++i)
    if (const auto line = response.field(i); line.id == HeaderId::via && ++vias > 1) return true;
  return response.raw(header::via).value_or("").size() > response.top_via().text().size();
}

/// Does it answer this INVITE? A broken 2xx is told by its identity alone: one that has another ends nothing.
static bool answers(const Response& response, const Packet& sent) {
  const auto request = reread(sent);
  return request && request->call_id() == response.call_id() && request->from_tag() == response.from_tag() &&
         request->cseq().number == response.cseq().number;
}

void State::on_response(const Response& response, const Flow& flow, bool broken) {
  // §17.1.3: the branch of the top Via and the method of CSeq, on whatever flow it comes.
  const std::string_view its = response.top_via().branch();
  if (broken && its.empty()) return user.on_2xx(response, flow, true);
  const std::uint32_t found = find_client(keys.client(its), keys.method(response.cseq().method));
  if (found == none) return transport.drops().add(transport::Drop::stray_response);  // RFC 6026 §8.9
  if (!broken && went_astray(response)) return transport.drops().add(transport::Drop::bad_response);
  if (is_echo(found)) return on_client_echo(found & ~echo_bit, response, flow, broken);
  if (broken) {
    if (!answers(response, machine_in(clients[found]).packet))
      return transport.drops().add(transport::Drop::bad_response);
    // The attempt ends with it, and the floor above ends what the peer takes for a session.
    settle(machine_in(clients[found]), Rest::accepted);
    return user.on_2xx(response, flow, true);
  }
  std::visit([&](auto& machine) { machine.on_response(response, flow); }, clients[found]);
}

void State::on_client_echo(std::uint32_t index, const Response& response, const Flow& flow, bool broken) {
  const EchoRecord& record = echoes[index];
  const bool completed = record.kind == EchoKind::client_completed;
  const ClientInvite::Arrow* arrow = nullptr;
  if (record.kind != EchoKind::request_completed)
    arrow = find(ClientInvite::figure_5, completed ? ClientInvite::completed : ClientInvite::accepted,
                 ClientInvite::event_of(response.status()));
  if (arrow != nullptr && arrow->act == ClientInvite::pass_up) return user.on_2xx(response, flow, broken);
  transport.drops().add(transport::Drop::retransmission);
  if (arrow != nullptr && arrow->act == ClientInvite::ack) send_again({record.flow.unpacked(), record.kept});
}

void State::pass_up(ClientMachine& machine, Rest rest, const Response& response, const Flow& flow) {
  ClientUser* const its_user = machine.user;
  const ClientId id = machine.id;
  settle(machine, rest);
  if (its_user != nullptr) return its_user->on_response(id, response, flow);
  if (rest == Rest::accepted) user.on_2xx(response, flow, false);  // detached, and yet it wants an ACK
}

void State::failed(ClientMachine& machine, std::error_code why, std::error_code detail) {
  ClientUser* const its_user = machine.user;
  const ClientId id = machine.id;
  const Failure failure{why, detail, machine.packet.flow.peer};
  settle(machine, Rest::over);
  if (its_user != nullptr) its_user->on_failure(id, failure);
}

// The machine is freed; what its figure still asks for is an echo record's (docs/decisions/echo-records.md).
void State::settle(ClientMachine& machine, Rest rest) {
  if (rest == Rest::none) return;
  const ClientId id = machine.id;
  const Key key = machine.key;
  const bool invite = machine.method == MethodId::invite;
  EchoRecord record;
  record.key = key;
  record.method = machine.method;
  bool waits = rest != Rest::over;
  auto wait = EchoRecords::Wait::t1_64;
  if (rest == Rest::accepted) {
    record.kind = EchoKind::client_accepted;  // Timer M, reliable or not
  } else if (invite) {
    record.kind = EchoKind::client_completed;
    record.kept = machine.packet.bytes;
    record.flow = PackedFlow(machine.packet.flow);
    wait = EchoRecords::Wait::d;
    waits = waits && !machine.reliable();
  } else {
    record.kind = EchoKind::request_completed;
    wait = EchoRecords::Wait::t4;
    waits = waits && !machine.reliable();
  }
  client_peers.unlink(id.slot, client_links());
  clients.erase(id.slot);
  if (waits)
    client_table.replace(hash_of(key), id.slot, echoes.add(wait, std::move(record)) | echo_bit);
  else
    client_table.erase(hash_of(key), id.slot);
}

}  // namespace peal::inline v0::transaction
