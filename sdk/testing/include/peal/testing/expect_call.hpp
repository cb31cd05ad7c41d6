#pragma once

#include <peal/call.hpp>
#include <peal/message/export.hpp>
#include <peal/testing/expect.hpp>
#include <peal/testing/phone.hpp>
#include <peal/transport/cause.hpp>

#include <functional>
#include <string>

namespace peal::inline v0::sim {

/// `expect(call)`: what may become of a call. A line runs the simulator until it is so (32 s at most, or `within`) or
/// cannot be so any more; it fails with what the call has come to, and its ladder.
class PEAL_API CallSubject {
 public:
  /// What of a call can be asked at any time.
  struct View {
    Simulator* sim = nullptr;
    std::string name;
    std::function<bool()> ringing;
    std::function<bool()> established;
    std::function<bool()> ended;
    std::function<bool()> on_hold;
    std::function<std::string()> story;
    std::string call_id;
  };
  CallSubject(View view, SourceLine where);

  Eventually to_be_ringing();
  Eventually to_be_established();
  Eventually to_be_on_hold();  ///< by either side
  Eventually to_end();
  /// With `within`: for that long.
  Eventually not_to_end();
  Eventually not_to_be_established();

 protected:
  Eventually line(std::string what, std::function<bool()> holds, std::function<bool()> hopeless, bool never = false);
  [[nodiscard]] const View& view() const noexcept { return view_; }

 private:
  View view_;
  SourceLine where_;
};

/// `expect(call)` of a Phone's call: also why it ends.
class PEAL_API PhoneCallSubject : public CallSubject {
 public:
  PhoneCallSubject(const PhoneCall& call, SourceLine where);
  /// With this SIP status, the peer's or our own.
  Eventually to_end_with(int code);
  /// By something else than a SIP answer: Layer::transport, Layer::timer…
  Eventually to_end_with(Layer layer);
  /// By BYE, or by our own hanging up.
  Eventually to_end_normally();

 private:
  PhoneCall call_;
};

/// What a handle alone can tell. Throws std::invalid_argument when its UserAgent has gone or is not on a Simulator.
PEAL_API CallSubject::View view_of(const Call& call);

inline PhoneCallSubject expect(const PhoneCall& call, SourceLine where = SourceLine::here()) { return {call, where}; }

}  // namespace peal::inline v0::sim

namespace peal::inline v0 {

inline sim::CallSubject expect(const Call& call, sim::SourceLine where = sim::SourceLine::here()) {
  return {sim::view_of(call), where};
}

namespace sim {
using peal::expect;
}

}  // namespace peal::inline v0
