#include "fake_framework.hpp"

#include <peal/testing/expect.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

namespace {

using namespace std::chrono_literals;
using namespace peal;
using fake_framework::capture_in;
using fake_framework::content_of;
using fake_framework::FakeFramework;
using testing::HasSubstr;

/// Two sockets, and a folder of the test's own for captures.
class FailureReport : public testing::Test {
 protected:
  FailureReport() {
    std::filesystem::remove_all(folder);
    setenv("PEAL_TEST_OUTPUT", folder.c_str(), 1);
  }
  ~FailureReport() override {
    std::filesystem::remove_all(folder);
    if (before)
      setenv("PEAL_TEST_OUTPUT", before->c_str(), 1);
    else
      unsetenv("PEAL_TEST_OUTPUT");
  }
  struct World {
    sim::Simulator sim{7};
    sim::RawPeer alice{sim, sim.host("alice", {"192.0.2.1"})};
    sim::RawPeer bob{sim, sim.host("bob", {"192.0.2.2"})};
    void options(std::string call_id) {
      alice.send(sim::request_text({.uri = "sip:bob@192.0.2.2",
                                    .via = "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1",
                                    .from = "<sip:alice@192.0.2.1>;tag=1",
                                    .to = "<sip:bob@192.0.2.2>",
                                    .call_id = std::move(call_id)}),
                 bob.endpoint());
      sim.run_for(10ms);
    }
  };
  static std::optional<std::string> environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  }
  /// Blocks of a pcapng file by type, as their lengths say; empty when it is none.
  static std::vector<std::uint32_t> blocks(const std::string& file) {
    std::vector<std::uint32_t> out;
    const auto word = [&](std::size_t at) {
      std::uint32_t value = 0;
      for (std::size_t i = 4; i-- > 0;) value = value << 8U | static_cast<unsigned char>(file.at(at + i));
      return value;
    };
    for (std::size_t at = 0; at < file.size();) {
      const auto size = word(at + 4);
      if (size < 12 || at + size > file.size() || word(at + size - 4) != size) return {};
      out.push_back(word(at));
      at += size;
    }
    return out;
  }
  const std::string folder =
      (std::filesystem::temp_directory_path() / ("peal-report-" + std::to_string(getpid()))).string();
  const std::optional<std::string> before = environment("PEAL_TEST_OUTPUT");
};

TEST_F(FailureReport, AnExpectationWritesACaptureNamedAfterTheTest) {
  FakeFramework framework("Greeter.Answers/7");
  World world;
  world.options("call-1");
  expect(world.bob).to_receive("INVITE").within(1s);
  const auto text = framework.take();
  EXPECT_EQ(capture_in(text), folder + "/Greeter.Answers_7.pcapng");
  const auto file = content_of(capture_in(text));
  EXPECT_EQ(blocks(file), (std::vector<std::uint32_t>{0x0a0d0d0a, 1, 6})) << "section, interface, one packet";
  EXPECT_THAT(file, HasSubstr("OPTIONS sip:bob@192.0.2.2 SIP/2.0\r\n"));
  EXPECT_EQ(framework.printed, "");
}

TEST_F(FailureReport, APlainFailureIsShownWhenTheSimulatorGoes) {
  FakeFramework framework("Plain.Failure");
  {
    World world;
    world.options("call-1");
    framework.has_failed = true;  // an EXPECT_EQ
  }
  EXPECT_EQ(framework.failures.size(), 0U);
  EXPECT_THAT(framework.printed, HasSubstr("what Plain.Failure had on the wire, Simulator(7), until 0.010 s:\n"));
  EXPECT_THAT(framework.printed, testing::ContainsRegex("--- OPTIONS ---+>"));
  EXPECT_EQ(blocks(content_of(capture_in(framework.printed))).size(), 3U);
}

TEST_F(FailureReport, ATestThatPassesShowsAndWritesNothing) {
  FakeFramework framework;
  {
    World world;
    world.options("call-1");
    expect(world.bob).to_receive("OPTIONS");
  }
  EXPECT_EQ(framework.printed, "");
  EXPECT_FALSE(std::filesystem::exists(folder));
}

TEST_F(FailureReport, WhatFailedBeforeTheSimulatorWasMadeIsNotItsConcern) {
  FakeFramework framework;
  framework.has_failed = true;
  {
    World world;
    world.options("call-1");
  }
  EXPECT_EQ(framework.printed, "");
}

TEST_F(FailureReport, WhatCameAfterTheFailureIsInTheCaptureToo) {
  FakeFramework framework("Later.Messages");
  {
    World world;
    world.options("call-1");
    expect(world.bob).to_receive("INVITE").within(1s);
    world.options("call-2");
  }
  EXPECT_EQ(framework.printed, "") << "the ladder was shown once";
  EXPECT_EQ(blocks(content_of(folder + "/Later.Messages.pcapng")).size(), 4U);
}

TEST_F(FailureReport, TwoSimulatorsOfATestWriteTwoFiles) {
  FakeFramework framework("Two.Worlds");
  {
    World one;
    World two;
    one.options("call-1");
    two.options("call-1");
    framework.has_failed = true;
  }
  EXPECT_TRUE(std::filesystem::exists(folder + "/Two.Worlds.pcapng"));
  EXPECT_TRUE(std::filesystem::exists(folder + "/Two.Worlds.2.pcapng"));
}

TEST_F(FailureReport, OnlyTheCallConcernedIsDrawn) {
  FakeFramework framework;
  World world;
  world.options("call-1");
  world.options("call-2");
  expect(world.bob).not_to_receive("OPTIONS").with("Call-ID", "call-2");
  const auto ladder = framework.take();
  EXPECT_EQ(ladder.find("OPTIONS ---"), ladder.rfind("OPTIONS ---")) << ladder;
}

TEST_F(FailureReport, AFolderThatCannotBeWrittenIsSaid) {
  FakeFramework framework;
  setenv("PEAL_TEST_OUTPUT", "/dev/null/nowhere", 1);
  World world;
  world.options("call-1");
  expect(world.bob).to_receive("INVITE").within(1s);
  EXPECT_THAT(framework.take(), HasSubstr("the capture could not be written"));
}

TEST_F(FailureReport, WithoutAFrameworkItIsOnStderrAndCounted) {
  FakeFramework framework;
  sim::set_test_framework(nullptr);
  World world;
  world.options("call-1");  // not kept: nobody asked
  testing::internal::CaptureStderr();
  expect(world.bob).to_receive("OPTIONS").within(1s);
  const auto text = testing::internal::GetCapturedStderr();
  EXPECT_THAT(text, HasSubstr("failure_report_test.cpp:"));
  EXPECT_THAT(text, HasSubstr("messages before this line were not kept"));
  EXPECT_EQ(world.sim.failures(), 1U);
  world.options("call-2");  // but from then on
  expect(world.bob).to_receive("OPTIONS").within(1s);
  EXPECT_EQ(world.sim.failures(), 1U);
}

TEST_F(FailureReport, KeepsAtMostFourMegabytesAndNothingWhenSwitchedOff) {
  FakeFramework framework;
  World world;
  const std::string large(60'000, 'x');
  for (int i = 0; i < 200; ++i) world.alice.send("X " + std::to_string(i) + " " + large, world.bob.endpoint());
  world.sim.run_for(1s);
  const auto size = world.sim.pcapng().size();
  EXPECT_GT(size, 2'000'000U);
  EXPECT_LT(size, 5'000'000U);
  world.sim.keep_messages(false);
  world.options("call-1");
  EXPECT_EQ(world.sim.ladder(), "");
}

TEST_F(FailureReport, ALongRunIsCutInTheLadderAndWholeInTheCapture) {
  FakeFramework framework("Long.Run");
  {
    World world;
    for (int i = 0; i < 500; ++i) world.options("call-" + std::to_string(i));
    framework.has_failed = true;
  }
  EXPECT_THAT(framework.printed, HasSubstr("are not shown)"));
  EXPECT_LT(std::count(framework.printed.begin(), framework.printed.end(), '\n'), 200);
  EXPECT_EQ(blocks(content_of(capture_in(framework.printed))).size(), 502U);
}

TEST(GoogleTestBridge, IsInstalledAndNamesTheTest) {
  auto* framework = sim::test_framework();
  ASSERT_NE(framework, nullptr);
  EXPECT_EQ(framework->test_name(), "GoogleTestBridge.IsInstalledAndNamesTheTest");
  EXPECT_FALSE(framework->failed());
}

}  // namespace
