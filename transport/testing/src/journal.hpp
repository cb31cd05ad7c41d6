#pragma once

#include <peal/testing/simulator.hpp>
#include <peal/trace/record.hpp>
#include <peal/transport/tap.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace peal::inline v0::sim {

/// A message as the socket at one end saw it.
struct Kept {
  transport::Direction direction = transport::Direction::sent;
  Endpoint local;
  Endpoint peer;
  TimePoint time;
  trace::WallTime wall_time;
  std::string text;
  const Host* here = nullptr;   ///< whose socket it was
  const Host* there = nullptr;  ///< of a received one: who sent it, whatever a NAT made of its address
};

/// The latest messages of a Simulator's network, numbered from 0, for expectations and for what a failing test shows.
class Simulator::Journal final : public transport::Tap {
 public:
  static constexpr std::size_t most_bytes = std::size_t{4} << 20U;

  explicit Journal(Simulator& sim) : sim_(sim) {}
  void on_message(const transport::TapEvent& event) override;

  [[nodiscard]] std::uint64_t first() const noexcept { return first_; }
  [[nodiscard]] std::uint64_t end() const noexcept { return first_ + kept_.size(); }
  /// `number` is in [first, end).
  [[nodiscard]] const Kept& at(std::uint64_t number) const { return kept_[static_cast<std::size_t>(number - first_)]; }
  void clear();

  /// All, or those of one call (all again when there are none of it). The bytes are the journal's.
  [[nodiscard]] std::vector<trace::Record> records(std::string_view call_id = {}) const;
  /// What each endpoint is called in a ladder: its host, with the port when that host uses several.
  [[nodiscard]] std::vector<std::pair<Endpoint, std::string>> names() const;

  bool keeping = false;
  bool complete = false;      ///< kept since the first message (but for what made room)
  bool reported = false;      ///< a ladder has been shown
  std::uint64_t written = 0;  ///< end() when the capture was written
  std::string file;           ///< the capture, once it was written
  std::size_t failures = 0;
  bool failed_before = false;                                 ///< the test had failed when the Simulator was made
  std::map<std::string, std::uint64_t, std::less<>> cursors;  ///< participant → number of the message to go on with

 private:
  Simulator& sim_;
  std::deque<Kept> kept_;
  std::uint64_t first_ = 0;
  std::size_t bytes_ = 0;
};

/// "1.250 s" since the Simulator was made.
std::string seconds_text(Duration since_start);

/// Writes `content` to a file of PEAL_TEST_OUTPUT (default: the system's folder for temporary files, peal-tests in it),
/// made when it is not there, and named after the running test. Gives the path; empty when it cannot be written.
/// `path`: where it was written before, or empty.
std::string write_capture(const std::string& path, const std::string& content);

}  // namespace peal::inline v0::sim
