#pragma once

#include <peal/events.hpp>

namespace peal::inline v0 {

class Account;

/// Hears the registration of accounts. Same contract as CallHandler.
class PEAL_API RegistrationHandler {
 public:
  virtual ~RegistrationHandler() = default;
  /// registered (also after each refresh that changed something), failed, unregistered. A `failed` with retry_in
  /// zero and `unregistered` are terminal for one `start`.
  virtual void on_registration(Account& account, const RegistrationEvent& event) { (void)account, (void)event; }
};

}  // namespace peal::inline v0
