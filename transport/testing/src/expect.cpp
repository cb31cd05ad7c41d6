#include <peal/testing/expect.hpp>

#include "journal.hpp"
#include "message_pattern.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace peal::inline v0::sim {

namespace {

constexpr Duration default_limit = std::chrono::seconds(32);  // 64·T1
constexpr std::size_t most_candidates = 12;

/// Runs `evaluate` as a destructor must: an exception (of a handler, or a clock that stands still) fails the test.
template <class Evaluate>
void safely(Simulator& sim, SourceLine where, const std::string& what, Evaluate evaluate) noexcept {
  std::string why = "something else than a std::exception";
  try {
    evaluate();
    return;
  } catch (const std::exception& error) {
    why = error.what();
  } catch (...) {
  }
  try {
    sim.fail("expected  " + what + "\nbut       this was thrown meanwhile: " + why, where);
  } catch (...) {  // a framework that throws from `fail` cannot be helped
  }
}

}  // namespace

// ---- who

Participant::Participant(const Host& host) : Participant(host, {}) {}
Participant::Participant(const RawPeer& peer) : Participant(peer.host(), {peer.endpoint().port}) {}
Participant::Participant(const Nat& nat) : addresses_(nat.addresses()), name_(nat.name()) {}
Participant::Participant(const Host& host, std::vector<std::uint16_t> ports, std::string name)
    : sim_(&host.simulator()),
      host_(&host),
      addresses_(host.addresses()),
      ports_(std::move(ports)),
      name_(name.empty() ? host.name() : std::move(name)),
      key_(host.name()) {
  for (const auto port : ports_) key_ += ":" + std::to_string(port);
}

bool Participant::owns(const Endpoint& endpoint, const Host* whose) const noexcept {
  const bool own = std::find(addresses_.begin(), addresses_.end(), endpoint.address) != addresses_.end();
  if (whose == nullptr || host_ == nullptr) {
    if (!own) return false;
  } else if (whose != host_) {
    return false;
  } else if (!own && !endpoint.address.is_loopback()) {
    return true;  // a NAT chose address and port
  }
  return ports_.empty() || std::find(ports_.begin(), ports_.end(), endpoint.port) != ports_.end();
}

WireSubject::WireSubject(Participant who, SourceLine where) : who_(std::move(who)), where_(where) {}

// ---- messages

struct MessageExpectation::State {
  State(Participant participant, SourceLine line) : who(std::move(participant)), where(line), sim(who.simulator()) {}

  bool evaluate();
  void look();
  [[nodiscard]] bool decided() const;
  [[nodiscard]] std::string verdict() const;  // empty: it held
  [[nodiscard]] std::string expected() const;
  [[nodiscard]] std::string candidates() const;
  [[nodiscard]] std::string line_of(const Kept& kept, const std::string& why_not) const;
  [[nodiscard]] std::string at(TimePoint time) const { return seconds_text(time - (sim.now() - sim.elapsed())); }

  Participant who;
  SourceLine where;
  Simulator& sim;
  MessagePattern pattern;
  bool never = false;
  std::optional<Duration> limit;
  Duration least{};
  std::optional<std::size_t> exactly;
  std::size_t at_least = 1;
  int exceptions = std::uncaught_exceptions();

  TimePoint reached;
  std::uint64_t began = 0;  // the participant's place
  std::uint64_t next = 0;   // the message to look at next
  std::vector<std::uint64_t> matched;
  std::vector<RawMessage> messages;
  std::optional<bool> held;
};

/// Goes over what has come since.
void MessageExpectation::State::look() {
  const auto& journal = sim.journal();
  for (next = std::max(next, journal.first()); next < journal.end() && !decided(); ++next) {
    const auto& kept = journal.at(next);
    if (!who.owns(kept.local, kept.here) || !pattern.why_not(kept).empty()) continue;
    matched.push_back(next);
    const bool sent = kept.direction == transport::Direction::sent;
    messages.push_back({kept.text, sent ? kept.local : kept.peer, kept.time});
  }
}

bool MessageExpectation::State::decided() const {
  if (never) return !matched.empty();
  return exactly ? matched.size() > *exactly : matched.size() >= at_least;
}

bool MessageExpectation::State::evaluate() {
  if (held) return *held;
  held = false;
  auto& journal = sim.journal();
  if (!journal.keeping) sim.keep_messages();
  reached = sim.now();
  auto& place = journal.cursors[who.key()];
  began = next = place;
  sim.run_until(
      [this] {
        look();
        return decided();
      },
      limit.value_or(never ? Duration::zero() : default_limit));
  const auto why = verdict();
  held = why.empty();
  if (*held) {
    if (!never && !matched.empty()) place = matched.back() + 1;
    return true;
  }
  std::string call_id;
  if (!messages.empty()) call_id = header_of(messages.back().text, "Call-ID").value_or("");
  sim.fail("expected  " + expected() + "\nbut       " + why + "\n" + candidates(), where, call_id);
  messages.clear();
  return false;
}

std::string MessageExpectation::State::verdict() const {
  if (never) return matched.empty() ? "" : "it came at " + at(messages.back().time);
  if (exactly && matched.size() != *exactly)
    return (matched.size() > *exactly ? "more came: " : "fewer came: ") + std::to_string(matched.size());
  if (!exactly && matched.size() < at_least) {
    const auto until = " by " + seconds_text(sim.elapsed());
    return matched.empty() ? "none came" + until : std::to_string(matched.size()) + " came" + until;
  }
  if (least > Duration::zero() && !messages.empty() && messages.front().time < reached + least)
    return "it came too early, at " + at(messages.front().time) + ", not after " + at(reached + least);
  return {};
}

std::string MessageExpectation::State::expected() const {
  const bool sent = pattern.direction == transport::Direction::sent;
  auto out = who.name() + (never ? " not" : "") + (sent ? " to send " : " to receive ") + pattern.text();
  if (exactly) out += ", " + std::to_string(*exactly) + " times";
  if (!exactly && at_least > 1) out += ", at least " + std::to_string(at_least) + " times";
  if (least > Duration::zero()) out += ", not before " + at(reached + least);
  if (limit || !never) out += ", by " + at(reached + limit.value_or(default_limit));
  return out;
}

std::string MessageExpectation::State::line_of(const Kept& kept, const std::string& why_not) const {
  const bool sent = kept.direction == transport::Direction::sent;
  auto time = at(kept.time);
  if (time.size() < 10) time.insert(0, 10 - time.size(), ' ');
  auto out = time + (sent ? "  sent      " : "  received  ") + summary_of(kept.text);
  return out + (why_not.empty() ? "" : ": " + why_not) + "\n";
}

/// What came since, those with the wanted start line before the others; and what fits but came too early in the
/// conversation.
std::string MessageExpectation::State::candidates() const {
  const auto& journal = sim.journal();
  std::vector<std::string> near;
  std::vector<std::string> others;
  std::string before;
  for (auto number = journal.first(); number < journal.end(); ++number) {
    const auto& kept = journal.at(number);
    if (!who.owns(kept.local, kept.here)) continue;
    const auto why_not = pattern.why_not(kept);
    if (number < began) {
      if (why_not.empty()) before = line_of(kept, "but an earlier line has gone past it");
    } else if (why_not.empty() || (kept.direction == pattern.direction && pattern.fits_start(kept.text))) {
      near.push_back(line_of(kept, why_not));
    } else {
      others.push_back(line_of(kept, pattern.fits_start(kept.text) ? why_not : ""));
    }
  }
  const std::string since = began == 0 ? "" : " since its last matched message";
  std::string out = "nearest, " + who.name() + " saw these" + since + ":\n";
  if (near.empty()) out = "instead, " + who.name() + " saw" + since + ":\n";
  if (near.empty() && others.empty()) out = who.name() + " has sent and heard nothing" + since + "\n";
  auto& shown = near.empty() ? others : near;
  const auto left_out = shown.size() > most_candidates ? shown.size() - most_candidates : 0;
  if (left_out != 0) out += "  (" + std::to_string(left_out) + " earlier ones)\n";
  for (auto i = left_out; i < shown.size(); ++i) out += shown[i];
  out += before;
  if (!journal.complete)
    out += "  (messages before this line were not kept: set a TestFramework, or keep_messages())\n";
  return out;
}

MessageExpectation::MessageExpectation(std::unique_ptr<State> state) : state_(std::move(state)) {}
MessageExpectation::~MessageExpectation() {
  if (state_->held || std::uncaught_exceptions() > state_->exceptions) return;
  safely(state_->sim, state_->where, state_->pattern.text(), [this] { state_->evaluate(); });
}

MessageExpectation& MessageExpectation::from(const Participant& sender) {
  state_->pattern.other_end.push_back(sender);
  return *this;
}
MessageExpectation& MessageExpectation::to(const Participant& receiver) { return from(receiver); }
MessageExpectation& MessageExpectation::with(std::string_view header, std::string_view pattern) {
  state_->pattern.lines.push_back({std::string(header), std::string(pattern)});
  return *this;
}
MessageExpectation& MessageExpectation::with(std::string_view header) {
  state_->pattern.lines.push_back({std::string(header), {}});
  return *this;
}
MessageExpectation& MessageExpectation::without(std::string_view header) {
  state_->pattern.lines.push_back({std::string(header), {}, true});
  return *this;
}
MessageExpectation& MessageExpectation::with_body(std::string_view pattern) {
  state_->pattern.body = std::string(pattern);
  return *this;
}
MessageExpectation& MessageExpectation::without_body() {
  state_->pattern.no_body = true;
  return *this;
}
MessageExpectation& MessageExpectation::within(Duration limit) {
  state_->limit = limit;
  return *this;
}
MessageExpectation& MessageExpectation::not_before(Duration least) {
  state_->least = least;
  return *this;
}
MessageExpectation& MessageExpectation::times(std::size_t count) {
  state_->exactly = count;
  return *this;
}
MessageExpectation& MessageExpectation::at_least(std::size_t count) {
  state_->at_least = count;
  return *this;
}

bool MessageExpectation::holds() const {
  if (!state_->held) safely(state_->sim, state_->where, state_->pattern.text(), [this] { state_->evaluate(); });
  return *state_->held;
}
RawMessage MessageExpectation::message() const {
  return holds() && !state_->messages.empty() ? state_->messages.back() : RawMessage{};
}
std::vector<RawMessage> MessageExpectation::messages() const {
  return holds() ? state_->messages : std::vector<RawMessage>{};
}

MessageExpectation WireSubject::about(transport::Direction direction, std::string_view start, bool never) {
  auto state = std::make_unique<MessageExpectation::State>(who_, where_);
  state->pattern.direction = direction;
  state->pattern.start = std::string(start);
  state->never = never;
  return MessageExpectation(std::move(state));
}
MessageExpectation WireSubject::to_receive(std::string_view start) {
  return about(transport::Direction::received, start, false);
}
MessageExpectation WireSubject::to_send(std::string_view start) {
  return about(transport::Direction::sent, start, false);
}
MessageExpectation WireSubject::not_to_receive(std::string_view start) {
  return about(transport::Direction::received, start, true);
}
MessageExpectation WireSubject::not_to_send(std::string_view start) {
  return about(transport::Direction::sent, start, true);
}

// ---- anything else

struct Eventually::State {
  bool evaluate();
  Simulator& sim;
  Wish wish;
  SourceLine where;
  std::optional<Duration> limit{};
  Duration least{};
  int exceptions = std::uncaught_exceptions();
  std::optional<bool> held{};
};

Eventually::Eventually(Simulator& sim, Wish wish, SourceLine where)
    : state_(std::unique_ptr<State>(new State{sim, std::move(wish), where})) {}
Eventually::Eventually(Simulator& sim, std::string what, UniqueFunction<bool()> holds, SourceLine where)
    : Eventually(sim, Wish{std::move(what), std::move(holds)}, where) {}
Eventually::~Eventually() {
  if (!state_->held && std::uncaught_exceptions() <= state_->exceptions) holds();
}

Eventually& Eventually::within(Duration limit) {
  state_->limit = limit;
  return *this;
}
Eventually& Eventually::not_before(Duration least) {
  state_->least = least;
  return *this;
}

bool Eventually::holds() const {
  if (!state_->held) {
    state_->held = false;
    safely(state_->sim, state_->where, state_->wish.what, [this] { state_->held = state_->evaluate(); });
  }
  return *state_->held;
}

bool Eventually::State::evaluate() {
  const auto reached = sim.elapsed();
  const auto wait = limit.value_or(wish.usual_limit.value_or(wish.never ? Duration::zero() : default_limit));
  bool came = false;
  sim.run_until(
      [&] {
        came = wish.holds();
        return came || (wish.hopeless && wish.hopeless());
      },
      wait);
  const bool early = came && !wish.never && least > Duration::zero() && sim.elapsed() < reached + least;
  if (came != wish.never && !early) return true;
  std::string text = "expected  " + wish.what;
  if (least > Duration::zero()) text += ", not before " + seconds_text(reached + least);
  if (wait > Duration::zero()) text += ", by " + seconds_text(reached + wait);
  text += "\nbut       it was " + std::string(early ? "so too early, at " : came ? "so at " : "not so at ");
  text += seconds_text(sim.elapsed()) + "\n";
  if (wish.instead) text += wish.instead();
  sim.fail(text, where, wish.call_id ? wish.call_id() : std::string());
  return false;
}

}  // namespace peal::inline v0::sim
