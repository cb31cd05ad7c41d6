#include "wire_log.hpp"

#include "seeded_random.hpp"

#include <chrono>
#include <cstddef>
#include <cstdio>

namespace peal::inline v0::sim {

namespace {

/// Eight bytes, the first the lowest: the same on every machine.
std::uint64_t word_at(const char* bytes, std::size_t size) noexcept {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < size; ++i) word |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  return word;
}

std::uint64_t hashed(std::uint64_t hash, std::string_view bytes) noexcept {
  constexpr std::uint64_t odd = 0x9ddfea08eb382d69U;
  std::size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) {
    hash = (hash ^ word_at(bytes.data() + at, 8)) * odd;
    hash ^= hash >> 29U;
  }
  return mixed(hash ^ word_at(bytes.data() + at, bytes.size() - at) ^ bytes.size());
}

std::uint64_t hashed(std::uint64_t hash, const transport::Endpoint& endpoint) noexcept {
  const auto& bytes = endpoint.address.bytes();
  hash = hashed(hash, std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  return mixed(hash ^ endpoint.port ^ (endpoint.address.is_v6() ? 0x10000U : 0U));
}

}  // namespace

std::string_view name_of(Fate fate) noexcept {
  switch (fate) {
    case Fate::sent: return "sent";
    case Fate::duplicated: return "duplicated";
    case Fate::delivered: return "delivered";
    case Fate::lost: return "lost";
    case Fate::filtered: return "filtered";
    case Fate::cut: return "cut";
    case Fate::too_large: return "too_large";
    case Fate::no_route: return "no_route";
    case Fate::no_socket: return "no_socket";
    case Fate::failed: return "failed";
    case Fate::overflow: return "overflow";
    case Fate::no_mapping: return "no_mapping";
    case Fate::refused_by_nat: return "refused_by_nat";
    case Fate::receive_overflow: return "receive_overflow";
    case Fate::count: break;
  }
  return "unknown";
}

void WireLog::add(const WireEvent& event) {
  ++counts_[static_cast<std::size_t>(event.fate)];
  const auto elapsed =
      static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(event.time - start_).count());
  hash_ = mixed(hash_ ^ elapsed ^ (std::uint64_t{static_cast<std::uint8_t>(event.fate)} << 56U));
  hash_ = hashed(hashed(hashed(hash_, event.from), event.to), event.bytes);
  if (!recording_) return;
  constexpr std::uint64_t second = 1'000'000'000;
  char time[48];
  const int size = std::snprintf(time, sizeof time, "+%llu.%09llu ", static_cast<unsigned long long>(elapsed / second),
                                 static_cast<unsigned long long>(elapsed % second));
  text_.append(time, static_cast<std::size_t>(size));
  text_.append(name_of(event.fate)).append(" ").append(event.from.to_string()).append(" > ");
  text_.append(event.to.to_string()).append(" ").append(std::to_string(event.bytes.size())).append("\n");
  text_.append(event.bytes).append("\n");
}

}  // namespace peal::inline v0::sim
