#pragma once

#include "core.hpp"

#include <peal/dialog/dialog.hpp>

namespace peal::inline v0::dialog {

/// BYE on a dialog that nobody wants; gone when it is answered.
class Hangup final : public FlightUser {
 public:
  Hangup(Core& core, Dialog dialog, CredentialSource* credentials) : core_(core), dialog_(std::move(dialog)) {
    auto next_hop = dialog_.next_hop();
    flight_ =
        std::make_unique<Flight>(core_, dialog_.make_request(method::bye), std::move(next_hop), credentials, *this);
  }
  void start() { flight_->start(); }

 private:
  std::uint32_t next_cseq(Flight&, std::uint32_t) override { return dialog_.next_local_cseq(); }
  void on_provisional(Flight&, const Response&, const transport::Flow&) override {}
  void on_final(Flight&, const Response*, const Cause&) override { core_.destroy(*this); }

  Core& core_;
  Dialog dialog_;
  std::unique_ptr<Flight> flight_;
};

}  // namespace peal::inline v0::dialog
