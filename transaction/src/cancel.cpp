#include <utility>

#include "layer_state.hpp"

// RFC 3261 §9: CANCEL, which is a transaction of its own and refers to another.

namespace peal::inline v0::transaction {

using State = TransactionLayer::State;

Result<void> State::cancel(ClientId id, std::string_view reason) {
  if (client(id) == nullptr) return fail(errc::no_transaction);
  auto* invite = std::get_if<ClientInvite>(&clients[id.slot]);
  if (invite == nullptr) return fail(errc::wrong_state);  // §9.1: for INVITE only
  if (!reason.empty()) {
    if (auto text = Text::parse_view(reason); !text) return fail(std::error_code(text.error()));
  }
  invite->cancel(reason);
  return {};
}

void State::send_cancel(ClientMachine& machine, std::string_view reason) {
  // §9.1: same branch, same way, a non-INVITE client transaction to which nobody listens: the INVITE's answer tells.
  Packet packet = make_cancel(machine.packet, reason);
  send(packet);
  start_client(false, machine.key, MethodId::cancel, nullptr, std::move(packet));
}

void State::on_cancel(const Request& cancel, const Flow& flow) {
  const Key key = keys.server(cancel);
  if (const std::uint32_t copy = find_server(key, MethodId::cancel); copy != none) return on_copy(copy);
  // §9.2: the transaction that it would belong to if its method were another.
  std::uint32_t target = find_server(key, MethodId::invite);
  if (target == none)
    target = server_table.find(hash_of(key), [&](std::uint32_t found) { return key_at(found) == key; });
  if (target == none) {
    transport.drops().add(transport::Drop::stray_cancel);
    static_cast<void>(respond_statelessly(cancel, StatusCode(481), flow));
    return;
  }
  answer_cancel(cancel, flow, key, tag_of(target));
  if (is_echo(target)) return;  // has its final response: no effect
  auto* invite = std::get_if<ServerInvite>(&servers[target]);
  if (invite != nullptr && invite->awaits_response()) user.on_cancel(invite->id, cancel);
}

// 200 at once, and an echo record for copies: no machine is needed in between.
void State::answer_cancel(const Request& cancel, const Flow& flow, const Key& key, std::string_view to_tag) {
  auto sent = transport.send_response(Response(cancel, StatusCode(200), to_tag), flow);
  if (!sent || transport::reliable(flow.protocol)) return;
  EchoRecord record;
  record.key = key;
  record.method = MethodId::cancel;
  record.kind = EchoKind::response_completed;
  record.flow = PackedFlow(sent->flow);
  record.kept = std::move(sent->bytes);
  server_table.reserve_one();
  server_table.insert(hash_of(key), echoes.add(EchoRecords::Wait::t1_64, std::move(record)) | echo_bit);
}

}  // namespace peal::inline v0::transaction
