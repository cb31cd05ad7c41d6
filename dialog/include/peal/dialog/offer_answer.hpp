#pragma once

#include <peal/message/export.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace peal::inline v0::dialog {

/// Whose turn it is (RFC 3264, RFC 6337): fed by whatever carries SDP, it knows no message. SDP is kept as bytes.
class PEAL_API OfferAnswer {
 public:
  enum class Turn : std::uint8_t {
    free,         ///< either side may offer
    our_offer,    ///< ours waits for the peer's answer
    their_offer,  ///< the peer's waits for our answer
  };

  [[nodiscard]] Turn turn() const noexcept { return turn_; }
  [[nodiscard]] std::string_view local() const noexcept { return local_; }  ///< of the last completed exchange
  [[nodiscard]] std::string_view remote() const noexcept { return remote_; }
  [[nodiscard]] std::string_view pending() const noexcept { return pending_; }  ///< the offer that waits
  /// Our offer that was refused after that, or empty: the peer has seen its version (RFC 3264 §8).
  [[nodiscard]] std::string_view refused() const noexcept { return refused_; }
  [[nodiscard]] bool completed() const noexcept { return !local_.empty() || !remote_.empty(); }

  /// False, and nothing is changed, when an offer waits already (RFC 3264 §4).
  bool offer(std::string sdp) { return begin(Turn::our_offer, std::move(sdp)); }
  bool peer_offers(std::string_view sdp) { return begin(Turn::their_offer, std::string(sdp)); }
  /// False when there is no offer of the other side to answer.
  bool answer(std::string sdp) {
    if (turn_ != Turn::their_offer) return false;
    remote_ = std::move(pending_);
    local_ = std::move(sdp);
    return end();
  }
  bool peer_answers(std::string_view sdp) {
    if (turn_ != Turn::our_offer) return false;
    local_ = std::move(pending_);
    remote_ = sdp;
    return end();
  }
  /// The request that carried the offer failed: it never was made, what was agreed stands (RFC 3261 §14.1).
  void undo() noexcept {
    if (turn_ == Turn::our_offer && !local_.empty()) refused_.swap(pending_);
    turn_ = Turn::free;
    std::string().swap(pending_);
  }

 private:
  bool begin(Turn turn, std::string sdp) {
    if (turn_ != Turn::free) return false;
    turn_ = turn;
    pending_ = std::move(sdp);
    return true;
  }
  bool end() {
    turn_ = Turn::free;
    std::string().swap(pending_);
    std::string().swap(refused_);
    return true;
  }
  std::string local_, remote_, pending_, refused_;
  Turn turn_ = Turn::free;
};

}  // namespace peal::inline v0::dialog
