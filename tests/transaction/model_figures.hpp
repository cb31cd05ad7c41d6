#pragma once

#include <peal/transaction/timers.hpp>

#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The figures of the RFCs once more, as one reads them there, a row an arrow, and Table 4 beside them: what the
/// machines are held against. Nothing here comes from the sources of the machines.
namespace transaction_model {

using namespace std::chrono_literals;
using peal::transaction::Duration;
using peal::transaction::Timers;

using Did = std::vector<std::string>;

/// What is done, in words: "send 180" for the first time, "again 180" once more ("again last": what was sent last),
/// "TU …" what the floor above hears, "keep nothing": there is no last one from now on.
struct Row {
  std::string_view from, on, to;
  std::vector<std::string_view> does{};
};

/// A timer of Table 4: it starts when a state that it runs in is entered from one that it does not run in.
struct Clock {
  std::string_view name;
  std::vector<std::string_view> runs_in;
  Duration first{};
  Duration most{};             ///< none: fires once. Else it is reset to twice its interval, up to that
  std::string_view most_in{};  ///< in that state it is reset to `most`
};

/// A state in which a transaction only waits, and the word for it; none: nothing is said.
struct Rests {
  std::string_view in, word;
  bool keeps = false;  ///< what it sent last is sent again from there
};

struct Figure {
  std::string_view name;
  std::string_view start;
  std::vector<Row> rows;
  std::vector<Clock> clocks;
  std::vector<Rests> rests;
};

/// A finger on a figure.
class Follower {
 public:
  explicit Follower(const Figure& figure) : figure_(&figure), state_(figure.start), running_(figure.clocks.size()) {
    start_clocks({});
  }
  [[nodiscard]] std::string_view state() const { return state_; }
  [[nodiscard]] bool rests() const {
    return std::any_of(figure_->rests.begin(), figure_->rests.end(), [&](const Rests& r) { return r.in == state_; });
  }
  [[nodiscard]] bool over() const { return state_ == "Terminated"; }
  [[nodiscard]] std::optional<Duration> nearest() const {
    std::optional<Duration> least;
    for (const auto& clock : running_)
      if (clock.on && (!least || clock.left < *least)) least = clock.left;
    return least;
  }
  [[nodiscard]] bool has_clock_at(Duration left) const {
    return std::any_of(running_.begin(), running_.end(), [&](const Running& c) { return c.on && c.left == left; });
  }
  /// `unsendable`: what is sent now is refused by the transport at once.
  Did give(std::string_view event, bool unsendable = false) {
    const Row* row = nullptr;
    if (unsendable) row = find(std::string(event) + ", unsendable");
    if (row == nullptr) row = find(event);
    if (row == nullptr) return event.ends_with("from TU") ? Did{"refused"} : Did{};
    const std::string_view from = state_;
    state_ = row->to;
    start_clocks(from);
    Did did;
    for (const auto word : row->does) say(word, did);
    for (const Rests& r : figure_->rests)
      if (r.in == state_ && !r.word.empty())
        did.push_back("rests " + std::string(r.word) + (r.keeps ? ", keeps " + last_ : ""));
    return did;
  }
  void pass(Duration time) {
    for (auto& clock : running_)
      if (clock.on) clock.left -= time;
  }
  /// The nearest timer fires.
  Did fire(bool unsendable = false) {
    const auto time = nearest();
    if (!time) return {};
    pass(*time);
    for (std::size_t i = 0; i < running_.size(); ++i) {
      auto& clock = running_[i];
      if (!clock.on || clock.left != Duration::zero()) continue;
      const Clock& rule = figure_->clocks[i];
      if (rule.most == Duration::zero()) {
        clock.on = false;
      } else {
        clock.interval = rule.most_in == state_ ? rule.most : std::min(2 * clock.interval, rule.most);
        clock.left = clock.interval;
      }
      return give(rule.name, unsendable);
    }
    return {};
  }
  /// Behind `pass`: whose time is up fires, and is not reset.
  Did expire() {
    Did did;
    for (std::size_t i = 0; i < running_.size(); ++i) {
      if (!running_[i].on || running_[i].left > Duration::zero()) continue;
      running_[i].on = false;
      for (auto& word : give(figure_->clocks[i].name)) did.push_back(std::move(word));
    }
    return did;
  }
  [[nodiscard]] std::string canonical() const {
    std::string text(state_);
    text += "|" + last_;
    for (const auto& clock : running_)
      text += clock.on ? "|" + std::to_string(clock.left / 1ms) + "/" + std::to_string(clock.interval / 1ms) : "|-";
    return text;
  }

 private:
  struct Running {
    bool on = false;
    Duration left{}, interval{};
  };
  [[nodiscard]] const Row* find(std::string_view event) const {
    for (const Row& row : figure_->rows)
      if (row.from == state_ && row.on == event) return &row;
    return nullptr;
  }
  void start_clocks(std::string_view from) {
    for (std::size_t i = 0; i < running_.size(); ++i) {
      const auto& states = figure_->clocks[i].runs_in;
      const auto runs_in = [&](std::string_view s) {
        return std::find(states.begin(), states.end(), s) != states.end();
      };
      if (!runs_in(state_))
        running_[i].on = false;
      else if (!runs_in(from))
        running_[i] = {true, figure_->clocks[i].first, figure_->clocks[i].first};
    }
  }
  void say(std::string_view word, Did& did) {
    if (word == "keep nothing") {
      last_.clear();
    } else if (word == "again last") {
      if (!last_.empty()) did.push_back("again " + last_);
    } else {
      if (word.starts_with("send ")) last_ = word.substr(5);
      did.emplace_back(word);
    }
  }

  const Figure* figure_;
  std::string_view state_;
  std::string last_;
  std::vector<Running> running_;
};

// Timers that a reliable transport does without (Table 4: A, E, G) are left out there.
inline std::vector<Clock> clocks_of(std::vector<Clock> always, const std::vector<Clock>& unreliable_only,
                                    bool reliable) {
  if (!reliable) always.insert(always.end(), unreliable_only.begin(), unreliable_only.end());
  return always;
}

/// RFC 4320 §4.1: "the amount of time it takes a client transaction's Timer E to be reset to T2", 3.5 s by default.
inline Duration time_until_timer_e_is_t2(const Timers& t) {
  Duration time{};
  Duration interval = t.t1;
  while (interval < t.t2) {  // it fires, and is reset to the smaller of twice that and T2
    time += interval;
    interval = std::min(2 * interval, t.t2);
  }
  return time;
}

constexpr Duration without_end = std::chrono::hours(1000);

/// RFC 6026 §8.4, Figure 5, with §9.1 of RFC 3261: a CANCEL waits for a provisional, and 64*T1 behind it the INVITE
/// counts as cancelled. "Proceeding, Transport Err." is §17.1.4. Completed's "Transport Err." is not the machine's.
inline Figure figure_5(const Timers& t, bool reliable) {
  return {"client INVITE",
          "Calling",
          {{"Calling", "Timer A", "Calling", {"again INVITE"}},
           {"Calling", "Timer B", "Terminated", {"TU timed out"}},
           {"Calling", "Transport Err.", "Terminated", {"TU transport failed"}},
           {"Calling", "1xx", "Proceeding", {"TU 180"}},
           {"Calling", "2xx", "Accepted", {"TU 200"}},
           {"Calling", "300-699", "Completed", {"send ACK", "TU 486"}},
           {"Calling", "CANCEL", "Calling, CANCEL held"},
           {"Calling, CANCEL held", "Timer A", "Calling, CANCEL held", {"again INVITE"}},
           {"Calling, CANCEL held", "Timer B", "Terminated", {"TU timed out"}},
           {"Calling, CANCEL held", "Transport Err.", "Terminated", {"TU transport failed"}},
           {"Calling, CANCEL held", "1xx", "Proceeding, cancelled", {"CANCEL", "TU 180"}},
           {"Calling, CANCEL held", "2xx", "Accepted", {"TU 200"}},
           {"Calling, CANCEL held", "300-699", "Completed", {"send ACK", "TU 486"}},
           {"Proceeding", "1xx", "Proceeding", {"TU 180"}},
           {"Proceeding", "2xx", "Accepted", {"TU 200"}},
           {"Proceeding", "300-699", "Completed", {"send ACK", "TU 486"}},
           {"Proceeding", "Transport Err.", "Terminated", {"TU transport failed"}},
           {"Proceeding", "CANCEL", "Proceeding, cancelled", {"CANCEL"}},
           {"Proceeding, cancelled", "1xx", "Proceeding, cancelled", {"TU 180"}},
           {"Proceeding, cancelled", "2xx", "Accepted", {"TU 200"}},
           {"Proceeding, cancelled", "300-699", "Completed", {"send ACK", "TU 486"}},
           {"Proceeding, cancelled", "Transport Err.", "Terminated", {"TU transport failed"}},
           {"Proceeding, cancelled", "64*T1 after CANCEL", "Terminated", {"TU cancelled unanswered"}}},
          clocks_of({{"Timer B", {"Calling", "Calling, CANCEL held"}, 64 * t.t1},
                     {"64*T1 after CANCEL", {"Proceeding, cancelled"}, 64 * t.t1}},
                    {{"Timer A", {"Calling", "Calling, CANCEL held"}, t.t1, without_end}}, reliable),
          {{"Completed", "completed", true}, {"Accepted", "accepted"}}};
}

/// RFC 3261 §17.1.2.2, Figure 6.
inline Figure figure_6(const Timers& t, bool reliable) {
  return {"client non-INVITE",
          "Trying",
          {{"Trying", "Timer E", "Trying", {"again OPTIONS"}},
           {"Trying", "Timer F", "Terminated", {"TU timed out"}},
           {"Trying", "Transport Err.", "Terminated", {"TU transport failed"}},
           {"Trying", "1xx", "Proceeding", {"TU 100"}},
           {"Trying", "2xx", "Completed", {"TU 200"}},
           {"Trying", "300-699", "Completed", {"TU 486"}},
           {"Proceeding", "Timer E", "Proceeding", {"again OPTIONS"}},
           {"Proceeding", "Timer F", "Terminated", {"TU timed out"}},
           {"Proceeding", "Transport Err.", "Terminated", {"TU transport failed"}},
           {"Proceeding", "1xx", "Proceeding", {"TU 100"}},
           {"Proceeding", "2xx", "Completed", {"TU 200"}},
           {"Proceeding", "300-699", "Completed", {"TU 486"}}},
          clocks_of({{"Timer F", {"Trying", "Proceeding"}, 64 * t.t1}},
                    {{"Timer E", {"Trying", "Proceeding"}, t.t1, t.t2, "Proceeding"}}, reliable),
          {{"Completed", "completed"}}};
}

/// RFC 6026 §8.6, Figure 7. "Inform TU" of Proceeding's transport errors is what the TU gets for its answer; an answer
/// that is final ends its asking all the same. In Completed the TU is told once, and Timer H then says nothing new.
/// `manual`: the TU sends its 100 itself, or answered at once.
inline Figure figure_7(const Timers& t, bool reliable, bool manual) {
  return {"server INVITE",
          manual ? "Proceeding" : "Proceeding, TU silent",
          {{"Proceeding, TU silent", "200 ms", "Proceeding", {"send 100"}},
           {"Proceeding, TU silent", "200 ms, unsendable", "Proceeding"},
           {"Proceeding, TU silent", "CANCEL", "Proceeding, TU silent", {"TU CANCEL"}},
           {"Proceeding, TU silent", "1xx from TU", "Proceeding", {"send 180"}},
           {"Proceeding, TU silent", "1xx from TU, unsendable", "Proceeding, TU silent", {"unsendable"}},
           {"Proceeding, TU silent", "2xx from TU", "Accepted", {"send 200"}},
           {"Proceeding, TU silent", "2xx from TU, unsendable", "Accepted", {"unsendable"}},
           {"Proceeding, TU silent", "300-699 from TU", "Completed", {"send 486"}},
           {"Proceeding, TU silent", "300-699 from TU, unsendable", "Accepted", {"unsendable"}},
           {"Proceeding", "INVITE", "Proceeding", {"again last"}},
           {"Proceeding", "CANCEL", "Proceeding", {"TU CANCEL"}},
           {"Proceeding", "1xx from TU", "Proceeding", {"send 180"}},
           {"Proceeding", "1xx from TU, unsendable", "Proceeding", {"unsendable"}},
           {"Proceeding", "2xx from TU", "Accepted", {"send 200"}},
           {"Proceeding", "2xx from TU, unsendable", "Accepted", {"unsendable"}},
           {"Proceeding", "300-699 from TU", "Completed", {"send 486"}},
           {"Proceeding", "300-699 from TU, unsendable", "Accepted", {"unsendable"}},
           {"Completed", "INVITE", "Completed", {"again last"}},
           {"Completed", "Timer G", "Completed", {"again last"}},
           {"Completed", "Transport Err.", "Completed, TU told", {"TU transport failed"}},
           {"Completed", "Timer H", "Terminated", {"TU timed out"}},
           {"Completed", "ACK", "Confirmed"},
           {"Completed, TU told", "INVITE", "Completed, TU told", {"again last"}},
           {"Completed, TU told", "Timer G", "Completed, TU told", {"again last"}},
           {"Completed, TU told", "Timer H", "Terminated"},
           {"Completed, TU told", "ACK", "Confirmed"}},
          clocks_of({{"200 ms", {"Proceeding, TU silent"}, 200ms},
                     {"Timer H", {"Completed", "Completed, TU told"}, 64 * t.t1}},
                    {{"Timer G", {"Completed", "Completed, TU told"}, t.t1, t.t2}}, reliable),
          {{"Confirmed", "confirmed"}, {"Accepted", "accepted"}}};
}

/// RFC 3261 §17.2.2, Figure 8, whose "Trnsprt Err" fell with RFC 6026 §8.8, and RFC 4320 §4: 100 alone, over UDP not
/// before Timer E is at T2 and then at the latest, no 408. Of our own: nobody answers, 500 at 64*T1 - T2.
inline Figure figure_8(const Timers& t, bool reliable) {
  Figure figure{"server non-INVITE",
                "Trying",
                {{"Trying", "100 from TU", "Trying", {"not allowed"}},
                 {"Trying", "101-199 from TU", "Trying", {"not allowed"}},
                 {"Trying", "2xx from TU", "Completed", {"send 200"}},
                 {"Trying", "2xx from TU, unsendable", "Completed", {"keep nothing", "unsendable"}},
                 {"Trying", "300-699 from TU", "Completed", {"send 486"}},
                 {"Trying", "300-699 from TU, unsendable", "Completed", {"keep nothing", "unsendable"}},
                 {"Trying", "408 from TU", "Completed", {"keep nothing"}},
                 {"Trying", "Timer E at T2", "Proceeding", {"send 100"}},
                 {"Trying", "Timer E at T2, unsendable", "Proceeding"},
                 {"Trying", "TU is silent", "Completed", {"send 500", "TU timed out"}},
                 {"Trying", "TU is silent, unsendable", "Completed", {"keep nothing", "TU timed out"}},
                 {"Proceeding", "request", "Proceeding", {"again last"}},
                 {"Proceeding", "100 from TU", "Proceeding", {"send 100"}},
                 {"Proceeding", "100 from TU, unsendable", "Proceeding", {"unsendable"}},
                 {"Proceeding", "101-199 from TU", "Proceeding", {"not allowed"}},
                 {"Proceeding", "2xx from TU", "Completed", {"send 200"}},
                 {"Proceeding", "2xx from TU, unsendable", "Completed", {"keep nothing", "unsendable"}},
                 {"Proceeding", "300-699 from TU", "Completed", {"send 486"}},
                 {"Proceeding", "300-699 from TU, unsendable", "Completed", {"keep nothing", "unsendable"}},
                 {"Proceeding", "408 from TU", "Completed", {"keep nothing"}},
                 {"Proceeding", "TU is silent", "Completed", {"send 500", "TU timed out"}},
                 {"Proceeding", "TU is silent, unsendable", "Completed", {"keep nothing", "TU timed out"}}},
                {{"Timer E at T2", {"Trying", "Proceeding"}, time_until_timer_e_is_t2(t)},
                 {"TU is silent", {"Trying", "Proceeding"}, 64 * t.t1 - t.t2}},
                {{"Completed", "completed", true}}};
  if (reliable) {
    figure.rows[0] = {"Trying", "100 from TU", "Proceeding", {"send 100"}};
    figure.rows.push_back({"Trying", "100 from TU, unsendable", "Trying", {"unsendable"}});
  }
  return figure;
}

}  // namespace transaction_model
