#pragma once

#include "bytes.hpp"

#include <peal/default_media_handler.hpp>
#include <peal/testing/simulator.hpp>

#include <deque>
#include <memory>
#include <optional>
#include <utility>

namespace stateful {

/// What is under test: a user agent in the network, driven through its API, which may end anything inside any upcall.
class Subject {
 public:
  virtual ~Subject() = default;
  /// One call of its API.
  virtual void act(Bytes& in) = 0;
  /// Ends what lives, as an application that leaves would.
  virtual void finish() = 0;
  /// When nothing moves any more: nothing lives, every call has ended once.
  virtual void check() = 0;
  /// Gone, and silent from then on.
  virtual void destroy() = 0;
  [[nodiscard]] std::size_t acts() const noexcept { return acts_; }

 protected:
  std::size_t acts_ = 0;            ///< API calls that may send something
  std::deque<std::uint8_t> plans_;  ///< what to do inside the next upcalls
  std::uint8_t next_plan() {
    if (plans_.empty()) return 0;
    const auto plan = plans_.front();
    plans_.pop_front();
    return plan;
  }
};

/// `flags` chooses limits and hooks.
std::unique_ptr<Subject> make_core(peal::sim::Simulator& sim, peal::sim::Host& host, std::uint8_t flags);
std::unique_ptr<Subject> make_agent(peal::sim::Simulator& sim, peal::sim::Host& host, std::uint8_t flags);

inline constexpr const char* targets[] = {
    "sip:p@192.0.2.2",           "sip:p@192.0.2.2",    "sip:p@192.0.2.2:5070",          "sip:p@[2001:db8::2]",
    "sip:p@peer.test",           "sip:self@192.0.2.1", "sip:p@nowhere.invalid",         "sip:p@192.0.2.2:9",
    "sip:p@198.51.100.9",        "sips:p@192.0.2.2",   "sip:p@192.0.2.2;transport=tcp", "tel:+1",
    "sip:p@192.0.2.2?Subject=x", "sip:p@two.test"};

/// Answers at once, later (when told) or never.
class Media final : public peal::MediaHandler {
 public:
  using Sdp = std::optional<peal::sdp::SessionDescription>;
  enum class Mode : std::uint8_t { now, later, decline };
  Mode mode = Mode::now;
  bool usable = true;

  void offer(const peal::OfferContext& context, peal::Ticket<Sdp> ticket) override {
    Sdp made;
    usual_.offer(context, peal::Ticket<Sdp>([&](Sdp sdp) { made = std::move(sdp); }));
    give(std::move(ticket), std::move(made));
  }
  void answer(const peal::OfferContext& context, const peal::sdp::SessionDescription& offer,
              peal::Ticket<Sdp> ticket) override {
    Sdp made;
    usual_.answer(context, offer, peal::Ticket<Sdp>([&](Sdp sdp) { made = std::move(sdp); }));
    give(std::move(ticket), std::move(made));
  }
  bool on_negotiated(const peal::sdp::SessionDescription& local, const peal::sdp::SessionDescription& remote) override {
    Stats::count("media negotiated");
    return usable && usual_.on_negotiated(local, remote);
  }
  void act(Bytes& in) {
    switch (in.below(6)) {
      case 0: mode = Mode::later; return;
      case 1: mode = Mode::now; return;
      case 2: mode = Mode::decline; return;
      case 3: usable = in.odd(); return;
      default: break;
    }
    if (waiting_.empty()) return;
    const auto at = waiting_.begin() + static_cast<std::ptrdiff_t>(in.below(waiting_.size()));
    auto [ticket, sdp] = std::move(*at);
    waiting_.erase(at);
    Stats::count("media answered later");
    if (in.one_in(4)) return ticket.decline();
    ticket.answer(std::move(sdp));
  }
  /// Declines what waits.
  void clear() {
    mode = Mode::decline;
    while (!waiting_.empty()) {
      auto ticket = std::move(waiting_.front().first);
      waiting_.pop_front();
      ticket.decline();
    }
  }

 private:
  void give(peal::Ticket<Sdp> ticket, Sdp sdp) {
    if (mode == Mode::later) return void(waiting_.emplace_back(std::move(ticket), std::move(sdp)));
    ticket.answer(mode == Mode::now ? std::move(sdp) : std::nullopt);
  }
  peal::DefaultMediaHandler usual_{peal::MediaOptions(), 1};
  std::deque<std::pair<peal::Ticket<Sdp>, Sdp>> waiting_;
};

}  // namespace stateful
