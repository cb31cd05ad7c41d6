#include "echo_records.hpp"

#include <utility>

namespace peal::inline v0::transaction {

PackedFlow::PackedFlow(const Flow& flow) noexcept
    : connection{static_cast<std::uint32_t>(flow.connection), static_cast<std::uint32_t>(flow.connection >> 32U)},
      address(flow.peer.address.bytes()),
      scope(flow.peer.address.scope()),
      listen_point(flow.listen_point),
      port(flow.peer.port),
      family(flow.peer.address.is_v6()   ? 6
             : flow.peer.address.is_v4() ? 4
                                         : 0),
      protocol(flow.protocol) {}

Flow PackedFlow::unpacked() const noexcept {
  Flow flow;
  flow.protocol = protocol;
  flow.listen_point = listen_point;
  flow.peer.port = port;
  if (family == 6)
    flow.peer.address = transport::IpAddress::v6(address, scope);
  else if (family == 4)
    flow.peer.address = transport::IpAddress::v4({address[0], address[1], address[2], address[3]});
  flow.connection = std::uint64_t{connection[1]} << 32U | connection[0];
  return flow;
}

EchoRecords::EchoRecords(TimerService& timers, Owner& owner, std::array<Duration, 3> durations, std::size_t ceiling)
    : timers_(timers),
      start_(timers.now()),
      owner_(owner),
      ceiling_(ceiling),
      fifos_{Fifo(*this, durations[0]), Fifo(*this, durations[1]), Fifo(*this, durations[2])} {}

// The record, its cell in the table at usual load, and what it keeps with its block's head.
std::size_t EchoRecords::cost(const EchoRecord& record) noexcept {
  constexpr std::size_t cell = 16;
  return sizeof(EchoRecord) + cell + (record.kept.empty() ? 0 : record.kept.size() + 8);
}

const EchoRecord& EchoRecords::operator[](std::uint32_t index) const noexcept {
  return chunks_[index / per_chunk]->records[index % per_chunk];
}

std::uint32_t EchoRecords::new_chunk() {
  if (!spare_.empty()) {
    const std::uint32_t number = spare_.back();
    spare_.pop_back();
    chunks_[number]->next = none;
    return number;
  }
  if (vacant_.empty()) {
    chunks_.emplace_back();
    vacant_.push_back(static_cast<std::uint32_t>(chunks_.size() - 1));
    vacant_.reserve(chunks_.capacity());  // so that pop() never allocates
    spare_.reserve(chunks_.capacity());
  }
  const std::uint32_t number = vacant_.back();
  vacant_.pop_back();
  chunks_[number] = std::make_unique<Chunk>();
  return number;
}

std::uint32_t EchoRecords::add(Wait wait, EchoRecord record) {
  Fifo& fifo = fifos_[static_cast<std::size_t>(wait)];
  const std::size_t needed = cost(record);
  while (live_ > 0 && bytes_ + needed > ceiling_) {
    pop_oldest();
    ++dropped_;
  }
  if (fifo.empty()) {
    fifo.first = fifo.last = new_chunk();
    fifo.head = fifo.tail = 0;
  } else if (fifo.tail == per_chunk) {
    const std::uint32_t number = new_chunk();
    chunks_[fifo.last]->next = number;
    fifo.last = number;
    fifo.tail = 0;
  }
  record.expires = now_ticks() + 1 + fifo.ticks;  // now is somewhere in its tick: never early
  if (!fifo.timer.armed()) timers_.arm(fifo.timer, fifo.duration + tick);
  const std::uint32_t index = fifo.last * per_chunk + fifo.tail++;
  at(index) = std::move(record);
  ++live_;
  bytes_ += needed;
  return index;
}

void EchoRecords::pop(Fifo& fifo) noexcept {
  const std::uint32_t index = fifo.first * per_chunk + fifo.head++;
  EchoRecord& record = at(index);
  bytes_ -= cost(record);
  --live_;
  owner_.on_echo_gone(index, record);
  record.kept = {};
  const bool last = fifo.first == fifo.last;
  if (fifo.head < (last ? fifo.tail : per_chunk)) return;
  const std::uint32_t used_up = fifo.first;
  fifo.first = last ? none : chunks_[used_up]->next;
  fifo.head = 0;
  if (last) fifo.last = none;
  if (spare_.size() < spare_chunks) {
    spare_.push_back(used_up);
  } else {
    chunks_[used_up].reset();
    vacant_.push_back(used_up);
  }
}

void EchoRecords::pop_oldest() noexcept {
  const std::uint32_t now = now_ticks();
  Fifo* oldest = nullptr;
  std::uint32_t age = 0;
  for (Fifo& fifo : fifos_) {
    if (fifo.empty()) continue;
    const std::uint32_t its = now + fifo.ticks + 1 - at(fifo.first * per_chunk + fifo.head).expires;
    if (oldest == nullptr || its > age) oldest = &fifo, age = its;
  }
  if (oldest != nullptr) pop(*oldest);
}

void EchoRecords::expire(Fifo& fifo) {
  const std::uint32_t now = now_ticks();
  while (!fifo.empty()) {
    const auto left = static_cast<std::int32_t>(at(fifo.first * per_chunk + fifo.head).expires - now);
    if (left > 0) return timers_.arm(fifo.timer, left * tick);
    pop(fifo);
  }
}

}  // namespace peal::inline v0::transaction
