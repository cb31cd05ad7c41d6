#include "journal.hpp"

#include <peal/testing/framework.hpp>
#include <peal/trace/ladder.hpp>
#include <peal/trace/pcapng.hpp>

#include <cstdio>

namespace peal::inline v0::sim {

namespace {

/// More would hide what matters; all of it is in the capture.
constexpr std::size_t most_records = 160;

}  // namespace

void Simulator::keep_messages(bool on) {
  if (!journal_->keeping && on) journal_->complete = events() == 0;
  journal_->keeping = on;
  if (!on) journal_->clear();
}

std::string Simulator::ladder(std::string_view call_id) const {
  const auto records = journal_->records(call_id);
  std::span<const trace::Record> shown(records);
  std::string out;
  if (shown.size() > most_records) {
    out = "(the first " + std::to_string(shown.size() - most_records) + " are not shown)\n";
    shown = shown.last(most_records);
  }
  trace::LadderOptions options;
  options.names = journal_->names();
  return out + trace::ladder_text(shown, options);
}

std::string Simulator::pcapng() const { return trace::pcapng(journal_->records()); }

std::size_t Simulator::failures() const noexcept { return journal_->failures; }

Simulator::Journal& Simulator::journal() const noexcept { return *journal_; }

/// The ladder, and where the capture stands. Empty when no message was kept.
std::string Simulator::evidence(std::string_view call_id) {
  auto& journal = *journal_;
  if (journal.first() == journal.end()) return {};
  journal.reported = true;
  journal.written = journal.end();
  const auto path = write_capture(journal.file, pcapng());
  if (!path.empty()) journal.file = path;
  return ladder(call_id) + (path.empty() ? "the capture could not be written\n" : "capture: " + path + "\n");
}

void Simulator::fail(std::string_view what, SourceLine where, std::string_view call_id) {
  ++journal_->failures;
  std::string text(what);
  if (!text.ends_with('\n')) text += '\n';
  text +=
      "at " + seconds_text(elapsed()) + " of virtual time; the same again: Simulator(" + std::to_string(seed()) + ")\n";
  text += evidence(call_id);
  if (auto* framework = test_framework(); framework != nullptr)
    framework->fail(where.file, where.line, text);
  else
    std::fprintf(stderr, "%s:%d: failed\n%s", where.file, where.line, text.c_str());
}

/// The test failed by something else than an expectation: show what happened on the wire all the same.
void Simulator::tell_of_failure() noexcept {
  auto* framework = test_framework();
  auto& journal = *journal_;
  if (framework == nullptr) return;
  try {
    if (!framework->failed() || journal.failed_before || journal.first() == journal.end()) return;
    if (journal.reported) {  // and later messages into the same capture
      if (journal.written != journal.end()) write_capture(journal.file, pcapng());
      return;
    }
    framework->print("what " + framework->test_name() + " had on the wire, Simulator(" + std::to_string(seed()) +
                     "), until " + seconds_text(elapsed()) + ":\n" + evidence({}));
  } catch (...) {  // a report that cannot be made is no reason to end the program
  }
}

}  // namespace peal::inline v0::sim
