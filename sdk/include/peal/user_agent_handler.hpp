#pragma once

#include <peal/call_handler.hpp>
#include <peal/registration_handler.hpp>

namespace peal::inline v0 {

class IncomingCall;

/// Hears a whole UserAgent: its calls, its registrations, and calls that come in. Override what you want.
class PEAL_API UserAgentHandler : public CallHandler, public RegistrationHandler {
 public:
  /// A call is offered. Ring, answer, reject or redirect it, now or later (keep a copy). The default rejects with 480.
  virtual void on_incoming_call(IncomingCall& call);
};

}  // namespace peal::inline v0
