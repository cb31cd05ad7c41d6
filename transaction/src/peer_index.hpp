#pragma once

#include <peal/transport/flow.hpp>

#include <cstdint>

#include "slot_table.hpp"

namespace peal::inline v0::transaction {

/// A machine's place in the list of those that talk to one peer.
struct PeerLinks {
  static constexpr std::uint32_t none = SlotTable::none;
  std::uint32_t next = none;
  std::uint32_t previous = none;
  std::uint32_t hash = 0;
  bool linked = false;
};

/// Same protocol, same peer; and the same connection, where both name one.
inline bool same_peer(const transport::Flow& a, const transport::Flow& b) noexcept {
  return a.protocol == b.protocol && a.peer == b.peer &&
         (a.connection == b.connection || a.connection == 0 || b.connection == 0);
}

/// Machines by peer: who must hear that a peer is unreachable is found without looking at all the others.
/// `links` gives the PeerLinks of a slot, `is_it` tells whether a slot's machine talks to the wanted peer.
class PeerIndex {
 public:
  template <class Links, class IsIt>
  void link(std::uint32_t hash, std::uint32_t slot, Links links, IsIt is_it) {
    PeerLinks& own = links(slot);
    if (own.linked) return;
    own = {PeerLinks::none, PeerLinks::none, hash, true};
    const std::uint32_t head = heads_.find(hash, is_it);
    if (head == PeerLinks::none) return heads_.insert(hash, slot);
    own.next = head;
    links(head).previous = slot;
    heads_.replace(hash, head, slot);
  }
  template <class Links>
  void unlink(std::uint32_t slot, Links links) noexcept {
    PeerLinks& own = links(slot);
    if (!own.linked) return;
    own.linked = false;
    if (own.next != PeerLinks::none) links(own.next).previous = own.previous;
    if (own.previous != PeerLinks::none)
      links(own.previous).next = own.next;
    else if (own.next != PeerLinks::none)
      heads_.replace(own.hash, slot, own.next);
    else
      heads_.erase(own.hash, slot);
  }
  /// The first of that peer's list, or none.
  template <class IsIt>
  [[nodiscard]] std::uint32_t first(std::uint32_t hash, IsIt is_it) const {
    return heads_.find(hash, is_it);
  }

 private:
  SlotTable heads_;
};

}  // namespace peal::inline v0::transaction
