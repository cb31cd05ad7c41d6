#include "echo_records.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace peal::inline v0::transaction {

namespace {
constexpr std::uint8_t with_scope = 7;  // the family of an IPv6 address that holds its scope
constexpr std::size_t scope_at = 4;

template <std::size_t n>
std::array<std::uint8_t, n> to_bytes(std::uint32_t number) noexcept {
  std::array<std::uint8_t, n> bytes{};
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(number), number >>= 8U;
  return bytes;
}
template <std::size_t n>
std::uint32_t number_of(const std::array<std::uint8_t, n>& bytes) noexcept {
  std::uint32_t number = 0;
  for (std::size_t i = n; i-- > 0;) number = number << 8U | bytes[i];
  return number;
}
}  // namespace

PackedFlow::PackedFlow(const Flow& flow) noexcept
    : address(flow.peer.address.bytes()),
      port(to_bytes<2>(flow.peer.port)),
      listen_point(to_bytes<4>(flow.listen_point)),
      family(flow.peer.address.is_v6()   ? 6
             : flow.peer.address.is_v4() ? 4
                                         : 0),
      protocol(static_cast<std::uint8_t>(flow.protocol) & 15U) {
  const std::uint32_t scope = flow.peer.address.scope();
  constexpr std::array<std::uint8_t, sizeof scope> zeros{};
  if (scope == 0 || std::memcmp(&address[scope_at], zeros.data(), zeros.size()) != 0) return;
  std::memcpy(&address[scope_at], &scope, sizeof scope);
  family = with_scope;
}

Flow PackedFlow::unpacked() const noexcept {
  Flow flow;
  flow.protocol = static_cast<transport::Protocol>(protocol);
  flow.listen_point = number_of(listen_point);
  flow.peer.port = static_cast<std::uint16_t>(number_of(port));
  auto bytes = address;
  std::uint32_t scope = 0;
  if (family == with_scope) {
    std::memcpy(&scope, &bytes[scope_at], sizeof scope);
    std::memset(&bytes[scope_at], 0, sizeof scope);
  }
  if (family == 6 || family == with_scope)
    flow.peer.address = transport::IpAddress::v6(bytes, scope);
  else if (family == 4)
    flow.peer.address = transport::IpAddress::v4({address[0], address[1], address[2], address[3]});
  return flow;
}

void EchoRecord::set_tag(SharedBytes tag, std::uint32_t serial) noexcept {
  flow = {};
  if (tag.empty()) {
    std::memcpy(flow.address.data(), &serial, sizeof serial);
  } else if (tag.size() <= flow.address.size()) {
    std::memcpy(flow.address.data(), tag.view().data(), tag.size());
    flow.port[0] = static_cast<std::uint8_t>(tag.size());
  } else {
    kept = std::move(tag);
  }
}

std::string_view EchoRecord::tag() const noexcept {
  if (!keeps_tag()) return {};
  if (!kept.empty()) return kept.view();
  return {reinterpret_cast<const char*>(flow.address.data()), flow.port[0]};
}

std::uint32_t EchoRecord::serial() const noexcept {
  std::uint32_t serial = 0;
  if (keeps_tag() && tag().empty()) std::memcpy(&serial, flow.address.data(), sizeof serial);
  return serial;
}

EchoRecords::EchoRecords(TimerService& timers, Owner& owner, std::array<Duration, 3> durations, std::size_t ceiling)
    : timers_(timers),
      start_(timers.now()),
      owner_(owner),
      ceiling_(ceiling),
      fifos_{Fifo(*this, durations[0]), Fifo(*this, durations[1]), Fifo(*this, durations[2])} {}

// The record, its cell in the table at usual load, and what it keeps: a block with its head, as the C library gives it.
std::size_t EchoRecords::cost(const EchoRecord& record) noexcept {
  constexpr std::size_t cell = 12;
  constexpr std::size_t heads = 8 + 8;
  const std::size_t kept = record.kept.size();
  return sizeof(EchoRecord) + cell + (kept == 0 ? 0 : std::max<std::size_t>(32, (kept + heads + 15) / 16 * 16));
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
