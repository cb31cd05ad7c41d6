#pragma once

#include "client_invite.hpp"
#include "client_non_invite.hpp"
#include "server_invite.hpp"
#include "server_non_invite.hpp"

#include <memory>
#include <string>
#include <vector>

namespace peal::inline v0::transaction {

/// Copies a machine onto other surroundings, timers and all, and shows what it remembers.
struct MachineTwin {
  static void copy(const ClientInvite& from, ClientInvite& to) {
    to.state_ = from.state_;
    to.cancelling_ = from.cancelling_;
    to.interval_a_ = from.interval_a_;
    if (from.held_cancel_) to.held_cancel_ = std::make_unique<std::string>(*from.held_cancel_);
  }
  static void copy(const ClientNonInvite& from, ClientNonInvite& to) {
    to.state_ = from.state_;
    to.interval_e_ = from.interval_e_;
  }
  static void copy(const ServerInvite& from, ServerInvite& to) {
    to.state_ = from.state_;
    to.told_ = from.told_;
    to.interval_g_ = from.interval_g_;
  }
  static void copy(const ServerNonInvite& from, ServerNonInvite& to) {
    to.state_ = from.state_;
    to.past_100_ = from.past_100_;
    to.born_ = from.born_;
  }
  static std::vector<transport::Timer*> timers(ClientInvite& m) { return {&m.timer_a_, &m.timer_b_}; }
  static std::vector<transport::Timer*> timers(ClientNonInvite& m) { return {&m.timer_e_, &m.timer_f_}; }
  static std::vector<transport::Timer*> timers(ServerInvite& m) { return {&m.timer_g_, &m.timer_h_}; }
  static std::vector<transport::Timer*> timers(ServerNonInvite& m) { return {&m.timer_}; }
  static std::string memory(const ClientInvite& m) {
    return std::to_string(m.cancelling_) + (m.held_cancel_ ? *m.held_cancel_ : "-") +
           std::to_string(m.interval_a_.count());
  }
  static std::string memory(const ClientNonInvite& m) { return std::to_string(m.interval_e_.count()); }
  static std::string memory(const ServerInvite& m) {
    return std::to_string(m.told_) + std::to_string(m.interval_g_.count());
  }
  static std::string memory(const ServerNonInvite& m) {
    return std::to_string(m.past_100_) + std::to_string((m.around.timers.now() - m.born_).count());
  }
};

}  // namespace peal::inline v0::transaction
