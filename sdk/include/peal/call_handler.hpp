#pragma once

#include <peal/events.hpp>

namespace peal::inline v0 {

class Call;

/// Hears one call, or all (set on the UserAgent). Override what you want. Notifications: on the UserAgent's thread, one at a time,
/// never inside an API call of your own; anything may be ended or destroyed inside.
class PEAL_API CallHandler {
 public:
  virtual ~CallHandler() = default;
  virtual void on_progress(Call& call, const Progress& event) { (void)call, (void)event; }
  virtual void on_established(Call& call, const Established& event) { (void)call, (void)event; }
  virtual void on_changed(Call& call, const Changed& event) { (void)call, (void)event; }
  virtual void on_change_failed(Call& call, const ChangeFailed& event) { (void)call, (void)event; }
  virtual void on_ended(Call& call, const Ended& event) { (void)call, (void)event; }  ///< always last, always once
  /// Events that later versions add.
  virtual void on_other(Call& call, const CallEvent& event) { (void)call, (void)event; }
};

}  // namespace peal::inline v0
