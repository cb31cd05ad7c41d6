#pragma once

#include <peal/message/export.hpp>

#include <string>

namespace peal::inline v0::sim {

/// A line of a test. As a default argument it is the caller's. (std::source_location, which Clang 14 does not have.)
struct SourceLine {
  const char* file = "";
  int line = 0;
  static constexpr SourceLine here(const char* file = __builtin_FILE(), int line = __builtin_LINE()) noexcept {
    return {file, line};
  }
};

/// The test framework, as far as a Simulator has to know it. <peal/testing/gtest.hpp> is one for GoogleTest,
/// docs/testing.md shows one for Catch2. Called on the thread that runs the test.
class PEAL_API TestFramework {
 public:
  virtual ~TestFramework();
  /// "Suite.Case" of the running test, what its capture file is named after; empty: none runs.
  [[nodiscard]] virtual std::string test_name() const = 0;
  /// Has the running test failed?
  [[nodiscard]] virtual bool failed() const = 0;
  /// Fails the running test, and lets it go on: called from a destructor, so it should not throw.
  virtual void fail(const char* file, int line, const std::string& text) = 0;
  /// Shows `text` beside what the test prints. The default writes to stderr.
  virtual void print(const std::string& text);
};

/// For all Simulators of the process, from then on; nullptr: none. `framework` must outlive its use. Set it before the
/// tests run: a Simulator asks when it is made whether to keep messages.
PEAL_API void set_test_framework(TestFramework* framework) noexcept;
[[nodiscard]] PEAL_API TestFramework* test_framework() noexcept;

}  // namespace peal::inline v0::sim
