#pragma once

#include <peal/testing/framework.hpp>

#include <gtest/gtest.h>

#include <cstdio>
#include <string>

/// Include this in one file of a GoogleTest program, or in several: expectations then fail the running test, and each
/// Simulator of a test that fails prints its ladder and writes its capture.
namespace peal::inline v0::sim {

class GoogleTest final : public TestFramework {
 public:
  GoogleTest() { set_test_framework(this); }
  ~GoogleTest() override {
    if (test_framework() == this) set_test_framework(nullptr);
  }
  GoogleTest(const GoogleTest&) = delete;
  GoogleTest& operator=(const GoogleTest&) = delete;

  [[nodiscard]] std::string test_name() const override {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    return test == nullptr ? std::string() : std::string(test->test_suite_name()) + "." + test->name();
  }
  [[nodiscard]] bool failed() const override { return ::testing::Test::HasFailure(); }
  void fail(const char* file, int line, const std::string& text) override { ADD_FAILURE_AT(file, line) << text; }
  void print(const std::string& text) override {
    std::fputs(text.c_str(), stdout);
    std::fflush(stdout);
  }
};

inline GoogleTest google_test;

}  // namespace peal::inline v0::sim
