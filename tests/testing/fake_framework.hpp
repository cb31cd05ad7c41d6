#pragma once

#include <peal/testing/framework.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace fake_framework {

/// Stands in for GoogleTest and writes down what it is told, so that failures of the language can be looked at.
class FakeFramework final : public peal::sim::TestFramework {
 public:
  struct Failure {
    std::string file;
    int line = 0;
    std::string text;
  };
  explicit FakeFramework(std::string name = "Fake.Test")
      : name_(std::move(name)), before_(peal::sim::test_framework()) {
    peal::sim::set_test_framework(this);
  }
  ~FakeFramework() override { peal::sim::set_test_framework(before_); }
  FakeFramework(const FakeFramework&) = delete;
  FakeFramework& operator=(const FakeFramework&) = delete;

  [[nodiscard]] std::string test_name() const override { return name_; }
  [[nodiscard]] bool failed() const override { return has_failed; }
  void fail(const char* file, int line, const std::string& text) override {
    has_failed = true;
    failures.push_back({file, line, text});
  }
  void print(const std::string& text) override { printed += text; }

  /// The only failure's text, and none any more; empty unless there was exactly one.
  std::string take() {
    auto text = failures.size() == 1 ? failures[0].text : "";
    failures.clear();
    return text;
  }
  std::vector<Failure> failures;
  std::string printed;
  bool has_failed = false;

 private:
  std::string name_;
  peal::sim::TestFramework* before_;
};

/// The path behind "capture: " in a report.
inline std::string capture_in(const std::string& report) {
  const auto at = report.find("capture: ");
  if (at == std::string::npos) return {};
  return report.substr(at + 9, report.find('\n', at) - at - 9);
}

inline std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace fake_framework
