#pragma once

#include <peal/transport/flow.hpp>
#include <peal/transport/timer_service.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "key.hpp"
#include "slot_table.hpp"

namespace peal::inline v0::transaction {

using transport::Duration;
using transport::Flow;
using transport::Packet;
using transport::SharedBytes;
using transport::TimePoint;
using transport::Timer;
using transport::TimerService;

/// Which waiting state of which figure an echo record stands for.
enum class EchoKind : std::uint8_t {
  client_completed,    ///< Figure 5, Timer D: keeps the ACK
  client_accepted,     ///< Figure 5, Timer M
  request_completed,   ///< Figure 6, Timer K
  server_confirmed,    ///< Figure 7, Timer I: keeps the To tag
  server_accepted,     ///< Figure 7, Timer L: keeps the To tag
  response_completed,  ///< Figure 8, Timer J: keeps the response
  refused,             ///< no figure: got a 503 without a transaction, and so do copies of it
};
constexpr bool is_client(EchoKind kind) noexcept { return kind <= EchoKind::request_completed; }

/// A Flow over an unreliable transport, without holes. There are no connections, and over the others no echoes. An
/// IPv6 scope stands where a link-local address has zeros (RFC 4291 §2.5.6); of one with anything else there it is
/// lost.
struct PackedFlow {
  std::array<std::uint8_t, 16> address{};
  std::array<std::uint8_t, 2> port{};  // lowest byte first: no alignment
  std::array<std::uint8_t, 4> listen_point{};
  std::uint8_t family : 4 = 0;
  std::uint8_t protocol : 4 = 0;

  PackedFlow() = default;
  explicit PackedFlow(const Flow& flow) noexcept;
  [[nodiscard]] Flow unpacked() const noexcept;
};

/// What stays of a transaction that only waits for copies (docs/decisions/echo-records.md).
struct EchoRecord {
  Key key;
  SharedBytes kept;  ///< the response or the ACK; a To tag that is too long for set_tag
  MethodId method{};
  std::uint32_t expires = 0;  ///< in EchoRecords' ticks
  PackedFlow flow;            ///< where `kept` goes
  EchoKind kind{};

  /// Confirmed and Accepted of Figure 7 send nothing: the flow's place holds the To tag that the user gave, if it is no
  /// longer than 16 bytes, and else the transaction's serial number, from which ours follows.
  void set_tag(SharedBytes tag, std::uint32_t serial) noexcept;
  /// That tag. Empty: ours.
  [[nodiscard]] std::string_view tag() const noexcept;
  [[nodiscard]] std::uint32_t serial() const noexcept;

 private:
  [[nodiscard]] bool keeps_tag() const noexcept {
    return kind == EchoKind::server_confirmed || kind == EchoKind::server_accepted;
  }
};
static_assert(sizeof(EchoRecord) <= 56);

/// All echo records: a FIFO of recycled chunks for each duration, so that expiry order is insertion order and one timer
/// serves a FIFO. Their keys stand in a SlotTable of the owner's, told by `on_gone` of each record that goes.
class EchoRecords {
 public:
  /// Which FIFO: the three durations that Table 4 has for waiting.
  enum class Wait : std::uint8_t { t1_64, d, t4 };

  class Owner {
   public:
    virtual void on_echo_gone(std::uint32_t index, const EchoRecord& record) noexcept = 0;

   protected:
    ~Owner() = default;
  };

  EchoRecords(TimerService& timers, Owner& owner, std::array<Duration, 3> durations, std::size_t ceiling);
  EchoRecords(const EchoRecords&) = delete;
  EchoRecords& operator=(const EchoRecords&) = delete;

  /// Keeps it; its `expires` is set here. The index is good until on_echo_gone. May push out the oldest ones.
  std::uint32_t add(Wait wait, EchoRecord record);
  [[nodiscard]] const EchoRecord& operator[](std::uint32_t index) const noexcept;

  [[nodiscard]] std::size_t size() const noexcept { return live_; }
  /// Records, what they keep and their place in the table, in bytes, with what the C library adds.
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
  [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_; }

 private:
  static constexpr std::uint32_t per_chunk = 256;
  static constexpr std::uint32_t none = 0xffff'ffff;
  static constexpr std::size_t spare_chunks = 64;  // 0.9 MB: what a lull does not give back
  static constexpr Duration tick = std::chrono::milliseconds(1);

  struct Chunk {
    std::array<EchoRecord, per_chunk> records;
    std::uint32_t next = none;
  };
  struct Fifo {
    Fifo(EchoRecords& records, Duration keep) noexcept : owner(records), duration(keep) {}
    void expire() { owner.expire(*this); }
    EchoRecords& owner;
    Duration duration;
    std::uint32_t ticks = static_cast<std::uint32_t>((duration + tick - Duration(1)) / tick);
    std::uint32_t first = none, last = none;  // chunks
    std::uint32_t head = 0, tail = 0;         // first live record of `first`, first free one of `last`
    transport::OwnedTimer<Fifo, &Fifo::expire> timer{*this};
    [[nodiscard]] bool empty() const noexcept { return first == none; }
  };

  EchoRecord& at(std::uint32_t index) noexcept { return chunks_[index / per_chunk]->records[index % per_chunk]; }
  static std::size_t cost(const EchoRecord& record) noexcept;
  std::uint32_t new_chunk();
  void pop(Fifo& fifo) noexcept;
  void pop_oldest() noexcept;
  void expire(Fifo& fifo);
  /// Ticks since this was made; wraps after 49 days, which differences do not mind.
  [[nodiscard]] std::uint32_t now_ticks() const { return static_cast<std::uint32_t>((timers_.now() - start_) / tick); }

  TimerService& timers_;
  TimePoint start_;
  Owner& owner_;
  std::size_t ceiling_;
  std::array<Fifo, 3> fifos_;
  std::vector<std::unique_ptr<Chunk>> chunks_;
  std::vector<std::uint32_t> spare_;   // chunks with memory
  std::vector<std::uint32_t> vacant_;  // numbers without
  std::size_t live_ = 0;
  std::size_t bytes_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace peal::inline v0::transaction
