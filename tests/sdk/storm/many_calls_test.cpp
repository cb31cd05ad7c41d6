#include "storm.hpp"

#include <cstdlib>

using storm::End;
using storm::Side;

// ---- the calls

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint32_t usual_calls = 4'000;  // ten times slower, and nothing that only many calls show
#else
constexpr std::uint32_t usual_calls = 50'000;
#endif

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// All calls agreed and nothing is left; otherwise the seed, and the ladder of the one call, drawn in a second run.
void expect_agreement(const storm::Options& options, const storm::Report& report) {
  std::printf("seed %llu: %s", static_cast<unsigned long long>(options.seed), report.text().c_str());
  EXPECT_EQ(report.judged, options.calls);
  EXPECT_EQ(report.left, "");
  if (report.failure.empty()) return;
  std::string ladder;
  if (report.failed_call != 0) {
    auto again = options;
    again.watch = report.failed_call;
    ladder = storm::run(again).ladder;
  }
  ADD_FAILURE() << "PEAL_SEED=" << options.seed << ", call " << report.failed_call << ": " << report.failure << "\n"
                << ladder;
}

/// From the 200,000th call on memory does not grow: no sample above the first by more than 2 %, or 1 MB where that is
/// more.
void expect_flat(const storm::Report& report) {
  const storm::Sample* first = nullptr;
  for (const auto& sample : report.samples) {
    if (sample.judged < 200'000) continue;
    if (first == nullptr) first = &sample;
    const auto bound = [](std::size_t bytes) { return bytes + std::max<std::size_t>(bytes / 50, 1'000'000); };
    EXPECT_LE(sample.resident, bound(first->resident)) << "after " << sample.judged << " calls";
    EXPECT_LE(sample.heap, bound(first->heap)) << "after " << sample.judged << " calls";
  }
}

}  // namespace

TEST(ManyCalls, BothSidesAgreeOnEveryCallOfABadNetworkAndNothingIsLeft) {
  storm::Options options;
  options.seed = from_environment("PEAL_SEED", 7);
  options.calls = static_cast<std::uint32_t>(from_environment("PEAL_CALLS", usual_calls));
  const auto report = storm::run(options);
  expect_agreement(options, report);
  expect_flat(report);
  // The network was as bad, and the calls as mixed, as they are meant to be.
  EXPECT_NEAR(static_cast<double>(report.lost) / static_cast<double>(report.datagrams), 0.2, 0.01);
  EXPECT_NEAR(static_cast<double>(report.aborted) / options.calls, 0.3, 0.03);
  EXPECT_GT(report.stood, options.calls / 2);
  EXPECT_GT(report.crossed, options.calls / 1000);
  EXPECT_LT(report.timeouts(), options.calls / 100);
}

TEST(ManyCalls, SameSeedSameTraceByteForByte) {
  storm::Options options;
  options.seed = 42;
  options.calls = 1'000;
  const auto once = storm::run(options);
  const auto again = storm::run(options);
  options.seed = 43;
  const auto other = storm::run(options);
  EXPECT_EQ(once.trace_hash, again.trace_hash);
  EXPECT_EQ(once.table, again.table);
  EXPECT_NE(once.trace_hash, other.trace_hash);
}

TEST(ManyCalls, TheLadderOfOneCallIsDrawnAgainFromTheSeed) {
  storm::Options options;
  options.seed = 5;
  options.calls = 200;
  options.watch = 150;
  const auto report = storm::run(options);
  EXPECT_NE(report.ladder.find("INVITE"), std::string::npos) << report.ladder;
  EXPECT_NE(report.ladder.find("over for the caller"), std::string::npos) << report.ladder;
  const auto unwatched = storm::run({options.seed, options.calls, 0});
  EXPECT_EQ(report.trace_hash, unwatched.trace_hash);
}

// ---- the rule that judges them

namespace {

Side hung_up(bool established) {
  Side side;
  side.end = End::we_hung_up;
  side.hung_up = true;
  side.answered = true;
  side.established = established;
  side.ends = 1;
  return side;
}
Side said(End end, bool established, std::uint16_t code = 0) {
  Side side;
  side.end = end;
  side.established = established;
  side.answered = established || end == End::peer_hung_up;
  side.code = code;
  side.ends = 1;
  if (end == End::we_rejected) side.rejected = code;
  if (end == End::we_cancelled) side.hung_up = true;
  return side;
}
bool agree(const Side& caller, const Side& callee) {
  bool crossed = false;
  return storm::disagreement(caller, callee, crossed) == nullptr;
}

}  // namespace

TEST(ManyCallsVerdict, TheUsualEndsAgree) {
  EXPECT_TRUE(agree(hung_up(true), said(End::peer_hung_up, true)));
  EXPECT_TRUE(agree(said(End::peer_hung_up, true), hung_up(true)));
  EXPECT_TRUE(agree(said(End::we_cancelled, false), said(End::peer_cancelled, false)));
  EXPECT_TRUE(agree(said(End::peer_rejected, false, 486), said(End::we_rejected, false, 486)));
}

TEST(ManyCallsVerdict, WhatCrossesAgreesToo) {
  EXPECT_TRUE(agree(hung_up(true), hung_up(true)));                                        // BYE and BYE
  EXPECT_TRUE(agree(said(End::we_cancelled, false), said(End::we_rejected, false, 486)));  // CANCEL and 486
  EXPECT_TRUE(agree(said(End::we_cancelled, false), said(End::peer_hung_up, true)));       // CANCEL and 200
  EXPECT_TRUE(agree(hung_up(true), said(End::peer_hung_up, false)));                       // the ACK was lost
  EXPECT_TRUE(agree(said(End::lost, false), Side()));                                      // no INVITE came through
}

TEST(ManyCallsVerdict, WhatNoNetworkExplainsDoesNotAgree) {
  EXPECT_FALSE(agree(said(End::peer_rejected, false, 486), said(End::we_rejected, false, 603)));  // another code
  EXPECT_FALSE(agree(said(End::peer_rejected, false, 486), said(End::peer_hung_up, true)));
  EXPECT_FALSE(agree(said(End::peer_hung_up, true), said(End::peer_hung_up, true)));  // nobody ended it
  EXPECT_FALSE(agree(said(End::we_cancelled, true), said(End::peer_cancelled, false)));
  EXPECT_FALSE(agree(said(End::we_cancelled, false), Side()));
  EXPECT_FALSE(agree(hung_up(false), said(End::peer_hung_up, true)));
  auto twice = hung_up(true);
  twice.ends = 2;
  EXPECT_FALSE(agree(twice, said(End::peer_hung_up, true)));
  auto idle = hung_up(true);
  idle.hung_up = false;
  EXPECT_FALSE(agree(idle, said(End::peer_hung_up, true)));
}
