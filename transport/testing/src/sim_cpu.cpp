#include "sim_cpu.hpp"

#include "sim_state.hpp"

namespace peal::inline v0::sim {

void Host::set_cpu(const CpuOptions& options) {
  if (state_->cpu == nullptr)
    state_->cpu = std::make_unique<Cpu>(options);
  else
    state_->cpu->options = options;
}

void Host::busy_for(Duration duration) {
  if (state_->cpu == nullptr) state_->cpu = std::make_unique<Cpu>(CpuOptions{});
  state_->cpu->charge(duration, state_->runtime.sim().now);
}

/// For a host that has a Cpu. False: it is free, the event's cost is charged, and it may run now. `socket`: where a
/// datagram goes.
bool Simulator::State::must_wait(Host::State& host, EventKind kind, std::uint32_t index, SimSocket* socket) {
  auto& cpu = *host.cpu;
  if (cpu.free_at(now)) {
    cpu.charge(kind == EventKind::datagram ? cpu.options.per_datagram : cpu.options.per_turn, now);
    return false;
  }
  if (kind == EventKind::wake && std::exchange(cpu.wake_waits, true)) return true;
  if (kind == EventKind::datagram) {
    const auto& packet = packets[index];
    const auto bytes = bytes_on_wire(packet.bytes.size(), packet.to.address.is_v6());
    if (socket->queued_bytes + bytes > cpu.options.receive_queue_bytes) {
      ++socket->lost;
      drop(index, Fate::receive_overflow);
      return true;
    }
    socket->queued_bytes += bytes;
  }
  cpu.line.push_back({kind, index, socket == nullptr ? 0 : socket->serial});
  if (cpu.line.size() == 1) schedule(std::max<std::int64_t>(cpu.busy_until - now, 0), EventKind::line, host.index, 0);
  return true;
}

/// As a real socket tells of its receive buffer.
void Simulator::State::tell_backlog(const Cpu& cpu, SimSocket& socket) {
  const auto room = cpu.options.receive_queue_bytes;
  const bool behind = socket.queued_bytes > (socket.behind ? room / 8 * 3 : room / 2);
  const auto lost = std::exchange(socket.lost, 0);
  if (std::exchange(socket.behind, behind) != behind || lost > 0) socket.sink.on_backlog(behind, lost);
}

/// One event of those that wait, when the host is free.
void Simulator::State::next_in_line(Host::State& host) {
  auto& cpu = *host.cpu;
  const auto come_again = [&] {
    if (!cpu.line.empty()) schedule(std::max<std::int64_t>(cpu.busy_until - now, 0), EventKind::line, host.index, 0);
  };
  if (cpu.busy_until > now) return come_again();
  const auto next = cpu.line.front();
  cpu.line.pop_front();
  if (next.kind == EventKind::datagram) {
    const auto& packet = packets[next.index];
    auto* socket = socket_of(host, next.socket);
    if (socket == nullptr) {  // closed, and its queue with it
      drop(next.index, Fate::no_socket);
      return come_again();
    }
    socket->queued_bytes -= bytes_on_wire(packet.bytes.size(), packet.to.address.is_v6());
    cpu.charge(cpu.options.per_datagram, now);
    come_again();
    return deliver(host, *socket, packets.take(next.index));
  }
  if (next.kind == EventKind::wake) cpu.wake_waits = false;
  cpu.charge(cpu.options.per_turn, now);
  come_again();
  run_at(host, next.kind, next.index);
}

}  // namespace peal::inline v0::sim
