#pragma once

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// What every stack measures, over the same bytes: the six messages of tests/data/perf, named
/// `<stack>/<what>/<file>`, and `mean`, the six in turn. A time is that of one message.
namespace peal_bench {

/// One message, and a buffer to receive it in that any parser may write into.
struct Slot {
  Slot(std::string file, std::string message);

  /// The pristine bytes again, and a NUL behind them.
  char* receive() {
    std::memcpy(bytes.get(), text.data(), text.size() + 1);
    return bytes.get();
  }
  [[nodiscard]] bool has_sdp() const { return sdp; }
  [[nodiscard]] bool is_request() const { return !text.starts_with("SIP/2.0 "); }
  [[nodiscard]] bool is_invite() const { return text.starts_with("INVITE "); }
  [[nodiscard]] std::string_view body() const { return std::string_view(text).substr(text.find("\r\n\r\n") + 4); }

  std::string name;  ///< of the file, without .sip
  std::string text;
  std::unique_ptr<char[]> bytes;
  bool sdp = false;
};

/// The six, in the order of their names.
std::vector<Slot>& slots();

/// Those that can be answered.
std::vector<Slot*> requests();
std::vector<Slot*> all();

/// What a 200 holds besides what it copies from its request: the same in every stack. A body only to an INVITE.
namespace answer {
inline constexpr const char* to_tag = "a6c85cf";
inline constexpr const char* contact = "<sip:bob@198.51.100.77:5060;transport=udp>";
inline constexpr const char* allow = "INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, NOTIFY, UPDATE";
inline constexpr const char* supported = "replaces, timer";
inline constexpr const char* server = "ExamplePBX/2.0";
inline constexpr const char* type = "application/sdp";
/// That of 3_ok_invite.
const std::string& body();
}  // namespace answer

/// Ends the program unless `ok`: nobody shall measure failures.
void require(bool ok, std::string_view stack, std::string_view what, const Slot& slot);
/// Ends the program unless `text` is the 200 to that request, with everything that `answer` has.
void require_answer(std::string_view text, std::string_view stack, const Slot& request);

/// Calls of malloc, calloc, realloc and aligned_alloc until now; 0 where they cannot be counted.
std::uint64_t allocations();

/// `run(N)` does the work N times without a clock; false when it failed. For the instruction count.
struct Case {
  std::string name;
  std::function<bool(std::size_t)> run;
};
std::vector<Case>& cases();

/// Registers `<stack>/<what>/<file>` for each of `which`, and `mean`. `work(slot)` does it once and says if it was
/// done.
template <class Work>
void measure(std::string_view stack, std::string_view what, const std::vector<Slot*>& which, Work work) {
  const std::string prefix = std::string(stack) + "/" + std::string(what) + "/";
  for (Slot* slot : which) require(work(*slot) && work(*slot), stack, what, *slot);
  const auto add = [&](const std::string& name, std::vector<Slot*> in_turn) {
    benchmark::RegisterBenchmark(name.c_str(), [in_turn, work](benchmark::State& state) {
      std::size_t next = 0;
      const std::uint64_t before = allocations();
      for (auto _ : state) {
        if (!work(*in_turn[next])) state.SkipWithError("not done");
        next = next + 1 == in_turn.size() ? 0 : next + 1;
      }
      state.counters["allocations"] =
          benchmark::Counter(static_cast<double>(allocations() - before), benchmark::Counter::kAvgIterations);
    });
    cases().push_back({name, [in_turn, work](std::size_t times) {
                         bool done = true;
                         for (std::size_t i = 0; i < times; ++i) done &= work(*in_turn[i % in_turn.size()]);
                         return done;
                       }});
  };
  for (Slot* slot : which) add(prefix + slot->name, {slot});
  add(prefix + "mean", which);
}

// One file a stack; a stack that is not installed is not there.
void register_peal();
void register_growth();
void register_sofia();
void register_osip();
void register_re();

}  // namespace peal_bench
