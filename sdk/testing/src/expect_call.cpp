#include <peal/testing/expect_call.hpp>

#include "anchor.hpp"
#include "phone_state.hpp"
#include "user_agent_impl.hpp"

#include <stdexcept>
#include <utility>

namespace peal::inline v0::sim {

namespace {

/// Lets one see whose handle it is.
struct Owner : detail::HandleBase {
  static detail::Anchor* of(const detail::HandleBase& handle) { return handle.*(&Owner::anchor_); }
};

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
  return out.empty() ? "nothing" : out;
}

std::string state_text(const Call& call) {
  static constexpr const char* names[] = {"calling", "early", "incoming", "accepted", "established", "ending", "ended"};
  const auto state = call.state();
  return state ? names[static_cast<std::size_t>(*state)] : "no more there (" + state.error().message() + ")";
}

CallSubject::View view_of(const PhoneCall& call) {
  CallSubject::View view;
  view.sim = call.record()->sim;
  view.name = call.record()->name();
  view.ringing = [call] { return call.ringing(); };
  view.established = [call] { return call.established(); };
  view.ended = [call] { return call.ended(); };
  view.on_hold = [call] { return call.on_hold(); };
  view.story = [call] {
    return joined(call.story()) + (call.ended() ? "; it ended: " + text_of(*call.cause()) : std::string());
  };
  view.call_id = call.record()->call_id;
  return view;
}

}  // namespace

CallSubject::View view_of(const Call& call) {
  const auto* anchor = Owner::of(call);
  auto* host = anchor == nullptr || anchor->impl == nullptr ? nullptr : host_of(anchor->impl->runtime());
  if (host == nullptr)
    throw std::invalid_argument("peal simulator: expect() of a call whose UserAgent has gone or is not on a Simulator");
  using dialog::SessionState;
  CallSubject::View view;
  view.sim = &host->simulator();
  view.name = host->name() + "'s call";
  view.ringing = [call] {
    const auto state = call.state();
    return state && *state == SessionState::early;
  };
  view.established = [call] {
    const auto state = call.state();
    return state && *state == SessionState::established;
  };
  view.ended = [call] { return !call.state(); };
  view.on_hold = [call] { return call.hold_state().value_or(HoldState::none) != HoldState::none; };
  view.story = [call] { return state_text(call); };
  view.call_id = call.sip_call_id().value_or(std::string());
  return view;
}

CallSubject::CallSubject(View view, SourceLine where) : view_(std::move(view)), where_(where) {}

Eventually CallSubject::line(std::string what, std::function<bool()> holds, std::function<bool()> hopeless,
                             bool never) {
  Eventually::Wish wish;
  wish.what = view_.name + (never ? " not" : "") + std::move(what);
  wish.holds = std::move(holds);
  wish.never = never;
  if (hopeless) wish.hopeless = std::move(hopeless);
  wish.instead = [story = view_.story] { return "it had: " + story() + "\n"; };
  wish.call_id = [id = view_.call_id] { return id; };
  return {*view_.sim, std::move(wish), where_};
}

Eventually CallSubject::to_be_ringing() {
  return line(" to be ringing", view_.ringing, [view = view_] { return view.established() || view.ended(); });
}
Eventually CallSubject::to_be_established() { return line(" to be established", view_.established, view_.ended); }
Eventually CallSubject::to_be_on_hold() { return line(" to be on hold", view_.on_hold, view_.ended); }
Eventually CallSubject::to_end() { return line(" to end", view_.ended, {}); }
Eventually CallSubject::not_to_end() { return line(" to end", view_.ended, {}, true); }
Eventually CallSubject::not_to_be_established() { return line(" to be established", view_.established, {}, true); }

PhoneCallSubject::PhoneCallSubject(const PhoneCall& call, SourceLine where)
    : CallSubject(view_of(call), where), call_(call) {}

Eventually PhoneCallSubject::to_end_with(int code) {
  const auto so = [call = call_, code] {
    if (!call.ended() || call.cause()->code != code) return false;
    return call.cause()->layer == Layer::sip || (call.cause()->layer == Layer::local && !call.cause()->error);
  };
  return line(" to end with " + std::to_string(code), so, view().ended);
}
Eventually PhoneCallSubject::to_end_with(Layer layer) {
  const auto so = [call = call_, layer] { return call.ended() && call.cause()->layer == layer; };
  return line(" to end by the " + std::string(name_of(layer)), so, view().ended);
}
Eventually PhoneCallSubject::to_end_normally() {
  const auto so = [call = call_] { return call.ended() && call.cause()->code == 0; };
  return line(" to end normally", so, view().ended);
}

}  // namespace peal::inline v0::sim
