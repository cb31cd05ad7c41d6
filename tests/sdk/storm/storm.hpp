#pragma once

#include "verdict.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// Very many calls between three user agents on a bad network, each call with a plan of its own, three in ten ended at
/// a random moment; every pair of sides is judged (verdict.hpp) and then forgotten.
namespace storm {

struct Options {
  std::uint64_t seed = 1;
  std::uint32_t calls = 50'000;
  std::uint32_t watch = 0;  ///< the number of the call, from 1, whose ladder is wanted; 0: none
};

/// Taken every 50,000 calls.
struct Sample {
  std::uint32_t judged = 0;
  std::size_t resident = 0;  ///< bytes, as the system counts them
  std::size_t heap = 0;      ///< bytes allocated and not freed
  std::size_t live = 0;      ///< calls that are not judged yet
};

struct Report {
  std::uint64_t trace_hash = 0;
  std::uint32_t judged = 0;
  std::uint32_t aborted = 0;  ///< their plan was to end it at a random moment
  std::uint32_t stood = 0;    ///< for both sides
  std::uint32_t crossed = 0;
  std::uint32_t changed = 0;  ///< holds and resumes that one side heard of
  std::size_t most_live = 0;
  static constexpr auto ends = static_cast<std::size_t>(End::count);
  std::array<std::array<std::uint32_t, ends>, ends> table{};  ///< by how the caller, then the callee, says it ended
  std::vector<Sample> samples;
  std::uint64_t datagrams = 0, lost = 0, duplicated = 0;
  std::vector<std::pair<std::string, std::uint64_t>> drops;  ///< of all three, with their reasons
  std::string left;               ///< what lives afterwards, or was dropped without an explanation
  std::uint32_t failed_call = 0;  ///< the first that was judged wrong
  std::string failure;
  std::string ladder;  ///< of the watched call

  [[nodiscard]] std::uint32_t timeouts() const;  ///< calls where a side has a timeout to show
  [[nodiscard]] std::string text() const;
};

Report run(const Options& options);

}  // namespace storm
