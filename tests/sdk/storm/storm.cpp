#include "storm.hpp"

#include "plan.hpp"

#include <peal/testing/simulator.hpp>
#include <peal/trace/ladder.hpp>
#include <peal/trace/ring.hpp>
#include <peal/user_agent.hpp>

#include <malloc.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <string_view>

namespace storm {

using namespace peal;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t agents = 3;
constexpr auto between_calls = 5ms;  // 200 a second: at most some thousand live, from the first minute on
constexpr auto patience = 120s;      // then the caller hangs up, and the callee 30 s later
constexpr auto unheard_of = 5s;      // so long after the caller's end no INVITE can be under way any more
constexpr std::uint32_t a_sample = 50'000;

/// Keeps the messages of the call with that X-Call: it learns the Call-ID from the INVITE.
class OneCall final : public transport::Tap {
 public:
  explicit OneCall(std::string mark) : mark_("X-Call: " + std::move(mark) + "\r\n") {}
  void on_message(const transport::TapEvent& event) override {
    if (call_id_.empty() && event.bytes.find(mark_) != std::string_view::npos) {
      const auto at = event.bytes.find("Call-ID: ");
      call_id_ = event.bytes.substr(at, event.bytes.find('\r', at) - at);
    }
    if (!call_id_.empty() && event.bytes.find(call_id_) != std::string_view::npos) ring_.on_message(event);
  }
  void note(std::string_view text, trace::WallTime time) { ring_.note(text, time); }
  [[nodiscard]] std::string ladder() const { return trace::ladder_text(ring_.records()); }

 private:
  std::string mark_;
  std::string call_id_;
  trace::Ring ring_;
};

/// A call, until it is judged. Slots are used again.
struct Record {
  std::uint32_t number = 0;  // 0: free
  std::uint8_t caller_agent = 0, callee_agent = 0;
  Plan plan;
  Side caller, callee;
  Call calling;
  IncomingCall called;
  transport::TimePoint begun;
};

class Storm;

/// One user agent and what it hears.
struct Agent final : UserAgentHandler {
  Agent(Storm& s, std::size_t index);
  void on_incoming_call(IncomingCall& call) override;
  void on_established(Call& call, const Established& event) override;
  void on_changed(Call& call, const Changed& event) override;
  void on_ended(Call& call, const Ended& event) override;
  /// The record of a call, whose generation must be that of the handle.
  Record* find(const Call& call, const char* event);
  void knows(const Call& call, std::uint32_t record);

  Storm& storm;
  std::size_t index;
  sim::Host& host;
  struct Known {
    std::uint64_t id = 0;
    std::uint32_t record = 0;
  };
  std::vector<Known> known;  // by the handle's slot
  std::unique_ptr<UserAgent> ua;
};

class Storm {
 public:
  explicit Storm(const Options& options)
      : options_(options), chance_(options.seed * 0xd1342543de82ef95U + 1), sim(options.seed) {
    sim::LinkOptions bad;
    bad.latency = 20ms;
    bad.jitter = 10ms;
    bad.loss = 0.20;
    bad.duplication = 0.05;
    bad.reordering = 0.10;
    bad.reorder_delay = 80ms;
    sim.set_default_link(bad);
    for (std::size_t i = 0; i < agents; ++i) agents_.push_back(std::make_unique<Agent>(*this, i));
  }
  Report run();

  // for agents
  void offered(Agent& agent, IncomingCall& call);
  void stood(Agent& agent, Record& record, const Call& call);
  void over(Record& record, Side& side, bool caller, const Cause& cause);
  void fail(std::uint32_t number, std::string why);
  void tell(const Record& record, const std::string& what);
  [[nodiscard]] bool is_caller(const Record& record, const Call& call, const Agent& agent) const {
    return record.caller_agent == agent.index && record.calling == call;
  }
  Record& record(std::uint32_t slot) { return records_[slot]; }
  std::uint32_t slot_of(const Record& record) const { return static_cast<std::uint32_t>(&record - records_.data()); }

  Report report;

 private:
  const Options options_;
  Chance chance_;

 public:
  sim::Simulator sim;

 private:
  void start_next();
  void call();
  template <class F>
  void later(milliseconds after, const Record& record, F act);
  void caller_hangs_up(Record& record);
  void callee_hangs_up(Record& record);
  void callee_rejects(Record& record);
  void ring(Record& record);
  void answer(Record& record);
  void hold(Record& record, bool caller, bool on);
  void judge(Record& record);
  void sweep();
  void sample();
  void settle();

  std::vector<std::unique_ptr<Agent>> agents_;
  std::vector<Record> records_;
  std::vector<std::uint32_t> free_;
  std::uint32_t started_ = 0;
  std::unique_ptr<OneCall> watched_;
};

// ---- what the user agents hear

sim::Host& host_for(sim::Simulator& sim, std::size_t index) {
  const auto number = std::to_string(index + 1);
  const auto v4 = "192.0.2." + number, v6 = "2001:db8::" + number;
  return sim.host("ua" + number + ".test", {v4, v6});
}

Agent::Agent(Storm& s, std::size_t i) : storm(s), index(i), host(host_for(s.sim, i)) {
  const auto number = std::to_string(index + 1);
  Config config;
  config.listen = {"udp:192.0.2." + number + ":5060", "udp:[2001:db8::" + number + "]:5060"};
  ua = std::make_unique<UserAgent>(host.runtime(), std::move(config));
  (void)ua->set_handler(this);
}

void Agent::knows(const Call& call, std::uint32_t record) {
  const auto slot = static_cast<std::uint32_t>(call.id());
  if (known.size() <= slot) known.resize(slot + 1);
  known[slot] = {call.id(), record};
}

Record* Agent::find(const Call& call, const char* event) {
  const auto slot = static_cast<std::uint32_t>(call.id());
  if (slot < known.size() && known[slot].id == call.id()) return &storm.record(known[slot].record);
  storm.fail(0, std::string(event) + " of a call that is over, or that nobody knows");
  return nullptr;
}

void Agent::on_incoming_call(IncomingCall& call) { storm.offered(*this, call); }

void Agent::on_established(Call& call, const Established&) {
  if (auto* record = find(call, "established")) storm.stood(*this, *record, call);
}

void Agent::on_changed(Call& call, const Changed&) {
  if (find(call, "changed") != nullptr) ++storm.report.changed;
}

void Agent::on_ended(Call& call, const Ended& event) {
  auto* record = find(call, "ended");
  if (record == nullptr) return;
  known[static_cast<std::uint32_t>(call.id())].id = 0;  // whatever comes now is one too many
  const bool caller = storm.is_caller(*record, call, *this);
  storm.over(*record, caller ? record->caller : record->callee, caller, event.cause);
}

// ---- the plan of a call

template <class F>
void Storm::later(milliseconds after, const Record& record, F act) {
  const auto slot = slot_of(record);
  if (after == 0ms) return (this->*act)(records_[slot]);
  sim.after(after, [this, slot, number = record.number, act] {
    if (records_[slot].number == number) (this->*act)(records_[slot]);
  });
}

void Storm::start_next() {
  call();
  if (started_ < options_.calls && report.failed_call == 0) sim.after(between_calls, [this] { start_next(); });
}

void Storm::call() {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(records_.size()));
    records_.emplace_back();
  }
  const auto slot = free_.back();
  free_.pop_back();
  auto& record = records_[slot];
  record = Record();
  record.number = ++started_;
  record.plan = Plan::draw(chance_);
  record.callee.late_offer = record.plan.late_offer;
  record.begun = sim.now();
  record.caller_agent = static_cast<std::uint8_t>(chance_.below(agents));
  record.callee_agent = static_cast<std::uint8_t>((record.caller_agent + 1 + chance_.below(agents - 1)) % agents);
  if (record.plan.abort != Abort::none) ++report.aborted;
  const auto mark = std::to_string(slot) + "-" + std::to_string(record.number);
  if (record.number == options_.watch) {
    watched_ = std::make_unique<OneCall>(mark);
    sim.add_tap(*watched_);
  }
  InviteOptions options;
  options.late_offer = record.plan.late_offer;
  options.headers.emplace_back("X-Call", mark);
  const auto callee = std::to_string(record.callee_agent + 1);
  auto& agent = *agents_[record.caller_agent];
  auto made = agent.ua->invite(record.plan.ipv6 ? "sip:x@[2001:db8::" + callee + "]" : "sip:x@192.0.2." + callee,
                               std::move(options));
  if (!made) return fail(record.number, "cannot call: " + made.error().message());
  record.calling = *made;
  agent.knows(*made, slot);
  report.most_live = std::max(report.most_live, records_.size() - free_.size());
  if (record.plan.abort == Abort::caller_at_once || record.plan.abort == Abort::caller_any_time)
    later(record.plan.moment, record, &Storm::caller_hangs_up);
}

void Storm::offered(Agent& agent, IncomingCall& call) {
  const auto request = call.request();
  const std::string mark(request ? request->raw("X-Call").value_or("") : "");
  unsigned slot = 0, number = 0;
  if (std::sscanf(mark.c_str(), "%u-%u", &slot, &number) != 2 || slot >= records_.size())
    return fail(0, "an INVITE without a call");
  auto& record = records_[slot];
  if (record.number != number) return fail(number, "it was offered after it was judged");
  if (record.called || record.callee_agent != agent.index) return fail(number, "it was offered twice, or to another");
  tell(record, "offered");
  record.called = call;
  agent.knows(call, slot);
  const auto& plan = record.plan;
  if (plan.abort == Abort::callee_rejects) later(plan.moment, record, &Storm::callee_rejects);
  if (plan.abort == Abort::callee_declines) later(plan.moment, record, &Storm::callee_hangs_up);
  if (plan.rings) later(plan.ring, record, &Storm::ring);
  if (plan.answers) later(plan.answer, record, &Storm::answer);
}

void Storm::ring(Record& record) {
  if (record.called.ring(StatusCode(180), record.plan.early_sdp)) tell(record, "rings");
}

void Storm::answer(Record& record) {
  if (!record.called.answer()) return;
  record.callee.answered = true;
  tell(record, "answers");
  const auto& plan = record.plan;
  if (plan.abort == Abort::caller_near_2xx || plan.abort == Abort::both_at_answer)
    later(plan.moment, record, &Storm::caller_hangs_up);
  if (plan.abort == Abort::callee_near_answer || plan.abort == Abort::both_at_answer)
    later(plan.moment, record, &Storm::callee_hangs_up);
}

void Storm::stood(Agent& agent, Record& record, const Call& call) {
  const bool caller = is_caller(record, call, agent);
  auto& side = caller ? record.caller : record.callee;
  tell(record, caller ? "stands for the caller" : "stands for the callee");
  if (std::exchange(side.established, true)) return fail(record.number, "established twice");
  const auto& plan = record.plan;
  if (caller && plan.abort == Abort::caller_near_ack) return later(plan.moment, record, &Storm::caller_hangs_up);
  if (caller ? plan.caller_holds : plan.callee_holds) {
    sim.after(plan.hold, [this, slot = slot_of(record), number = record.number, caller] {
      if (records_[slot].number == number) hold(records_[slot], caller, true);
    });
  }
  if (caller ? plan.caller_hangs_up : plan.callee_hangs_up)
    later(plan.talk + 1ms, record, caller ? &Storm::caller_hangs_up : &Storm::callee_hangs_up);
}

void Storm::hold(Record& record, bool caller, bool on) {
  auto& call = caller ? record.calling : record.called;
  if (!(on ? call.hold() : call.resume())) return;
  tell(record, on ? "hold" : "resume");
  if (!on) return;
  sim.after(500ms, [this, slot = slot_of(record), number = record.number, caller] {
    if (records_[slot].number == number) hold(records_[slot], caller, false);
  });
}

void Storm::caller_hangs_up(Record& record) {
  if (!record.calling.hang_up()) return;
  record.caller.hung_up = true;
  tell(record, "the caller hangs up");
}

void Storm::callee_hangs_up(Record& record) {
  const bool incoming = record.called && !record.callee.answered;
  if (!record.called.hang_up()) return;
  tell(record, "the callee hangs up");
  if (incoming)
    record.callee.rejected = 603;
  else
    record.callee.hung_up = true;
}

void Storm::callee_rejects(Record& record) {
  if (!record.called.reject(StatusCode(record.plan.code))) return;
  record.callee.rejected = record.plan.code;
  tell(record, "the callee rejects");
}

/// One terminal event.
void Storm::over(Record& record, Side& side, bool caller, const Cause& cause) {
  bool unexpected = false;
  side.end = end_of(cause, caller, side.established, unexpected);
  side.code = static_cast<std::uint16_t>(cause.code);
  ++side.ends;
  tell(record, (caller ? "over for the caller: " : "over for the callee: ") + std::string(name_of(side.end)) + " " +
                   cause.text);
  if (unexpected) return fail(record.number, "a cause that the network cannot have brought about: " + cause.text);
  if (record.caller.ends == 0) return;
  if (record.callee.ends != 0) return judge(record);
  if (record.called) return;
  sim.after(unheard_of, [this, slot = slot_of(record), number = record.number] {
    if (records_[slot].number == number && !records_[slot].called) judge(records_[slot]);
  });
}

// ---- the end of a call

void Storm::judge(Record& record) {
  bool crossed = false;
  if (const char* wrong = disagreement(record.caller, record.callee, crossed)) return fail(record.number, wrong);
  ++report.judged;
  ++report.table[static_cast<std::size_t>(record.caller.end)][static_cast<std::size_t>(record.callee.end)];
  report.stood += record.caller.established && record.callee.established ? 1 : 0;
  report.crossed += crossed ? 1 : 0;
  const auto slot = slot_of(record);
  record = Record();
  free_.push_back(slot);
  if (report.judged % a_sample == 0) sample();
}

void Storm::fail(std::uint32_t number, std::string why) {
  if (!report.failure.empty()) return;
  report.failed_call = number;
  report.failure = std::move(why);
}

void Storm::tell(const Record& record, const std::string& what) {
  if (watched_ && record.number == options_.watch) watched_->note(what, agents_[0]->host.runtime().wall_time());
}

/// Nobody waits for ever: not for an answer that never comes, nor for a BYE of which every copy was lost.
void Storm::sweep() {
  for (auto& record : records_) {
    if (record.number == 0 || sim.now() - record.begun < patience) continue;
    caller_hangs_up(record);
    if (sim.now() - record.begun > patience + 30s && record.called) callee_hangs_up(record);
  }
  if (report.judged < options_.calls && report.failure.empty()) sim.after(5s, [this] { sweep(); });
}

std::size_t resident_bytes() {
  unsigned long size = 0, resident = 0;
  if (auto* file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%lu %lu", &size, &resident) != 2) resident = 0;
    std::fclose(file);
  }
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

void Storm::sample() {
  const auto heap = mallinfo2();
  report.samples.push_back(
      {report.judged, resident_bytes(), heap.uordblks + heap.hblkhd, records_.size() - free_.size()});
}

/// What of it is left when everything has gone quiet.
void Storm::settle() {
  const auto left = [&](std::size_t count, const char* what) {
    if (count != 0) report.left += std::to_string(count) + " " + what + ", ";
  };
  for (auto& agent : agents_) {
    const auto counters = agent->ua->counters();
    if (!counters) continue;
    left(counters->calls, "calls");
    left(counters->core.sessions, "sessions");
    left(counters->core.dialogs, "dialogs");
    left(counters->core.outgoing_requests, "requests");
    left(counters->core.late_forks, "late forks");
    left(counters->core.transaction.client_machines, "client machines");
    left(counters->core.transaction.server_machines, "server machines");
    left(counters->core.transaction.echo_records, "echo records");
    left(counters->core.transaction.echo_bytes, "echo bytes");
    left(agent->host.armed_timers(), "timers");
    if (report.drops.empty())
      for (const auto& [name, count] : counters->drops) report.drops.emplace_back(name, 0);
    for (std::size_t i = 0; i < counters->drops.size(); ++i) report.drops[i].second += counters->drops[i].second;
  }
  // Copies, and what comes when its transaction or session is over: the network's. Anything else is ours.
  for (const auto& [name, count] : report.drops)
    if (name != "retransmission" && !name.starts_with("stray_")) left(count, ("dropped as " + name).c_str());
}

Report Storm::run() {
  sim.after(between_calls, [this] { start_next(); });
  sim.after(5s, [this] { sweep(); });
  const auto limit = options_.calls * between_calls + patience + 300s;
  if (!sim.run_until([this] { return report.judged == options_.calls || !report.failure.empty(); }, limit))
    fail(0, std::to_string(options_.calls - report.judged) + " calls have no end");
  if (report.failure.empty()) {
    if (!sim.run_until_idle(10min)) fail(0, "no rest");
    settle();
  }
  if (watched_) report.ladder = watched_->ladder();
  report.trace_hash = sim.trace_hash();
  report.datagrams = sim.count(sim::Fate::sent);
  report.lost = sim.count(sim::Fate::lost);
  report.duplicated = sim.count(sim::Fate::duplicated);
  return std::move(report);
}

}  // namespace

// ---- the report

std::uint32_t Report::timeouts() const {
  constexpr auto lost_end = static_cast<std::size_t>(End::lost);
  std::uint32_t out = 0;
  for (std::size_t caller = 0; caller < ends; ++caller)
    for (std::size_t callee = 0; callee < ends; ++callee)
      if (caller == lost_end || callee == lost_end) out += table[caller][callee];
  return out;
}

std::string Report::text() const {
  std::string out;
  const auto number = [](auto value, std::size_t width = 0) {
    auto text = std::to_string(value);
    return text.size() < width ? std::string(width - text.size(), ' ') + text : text;
  };
  const auto name = [](std::size_t end) {
    auto text = std::string(name_of(static_cast<End>(end)));
    return text + std::string(16 - text.size(), ' ');
  };
  out += number(judged) + " calls, " + number(aborted) + " to be aborted; " + number(stood) + " stood for both, " +
         number(crossed) + " crossed, " + number(timeouts()) + " with a timeout; at most " + number(most_live) +
         " live\n";
  out += number(datagrams) + " datagrams sent, " + number(lost) + " lost, " + number(duplicated) + " copied; " +
         number(changed) + " changes heard\n";
  out += "  caller          callee               calls\n";
  for (std::size_t caller = 0; caller < ends; ++caller)
    for (std::size_t callee = 0; callee < ends; ++callee)
      if (const auto count = table[caller][callee]; count != 0)
        out += "  " + name(caller) + name(callee) + number(count, 10) + "\n";
  for (const auto& [reason, count] : drops)
    if (count != 0) out += "  dropped: " + reason + " " + number(count) + "\n";
  for (const auto& s : samples)
    out += "  after " + number(s.judged, 8) + " calls: resident " + number(s.resident / 1024) + " kB, heap " +
           number(s.heap / 1024) + " kB, " + number(s.live) + " calls live\n";
  return out;
}

Report run(const Options& options) {
  auto storm = std::make_unique<Storm>(options);
  return storm->run();
}

}  // namespace storm
