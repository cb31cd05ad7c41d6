#include <peal/testing/framework.hpp>

#include <atomic>
#include <cstdio>

namespace peal::inline v0::sim {

namespace {
std::atomic<TestFramework*> the_framework{nullptr};
}  // namespace

TestFramework::~TestFramework() = default;
void TestFramework::print(const std::string& text) { std::fputs(text.c_str(), stderr); }
void set_test_framework(TestFramework* framework) noexcept { the_framework = framework; }
TestFramework* test_framework() noexcept { return the_framework; }

}  // namespace peal::inline v0::sim
