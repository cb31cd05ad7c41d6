// A test of somebody else's program, with the installed peal::testing alone. Its second case fails on purpose: run with
// --gtest_also_run_disabled_tests it must print the ladder and leave a capture.
#include <peal/testing/gtest.hpp>
#include <peal/testing/testing.hpp>

using namespace std::chrono_literals;

TEST(Consumer, TwoPhonesTalk) {
  peal::sim::Simulator sim;
  peal::sim::Phone alice(sim, "alice.test", {"192.0.2.1"});
  peal::sim::Phone bob(sim, "bob.test", {"192.0.2.2"});
  bob.answers_after(1s);
  auto call = alice.calls("sip:bob@bob.test");
  expect(call).to_be_ringing();
  expect(call).to_be_established().within(2s);
  bob.hang_up();
  expect(alice).to_receive("BYE");
  expect(call).to_end_normally();
  expect(bob).to_be_idle();
}

TEST(Consumer, DISABLED_BusyIsNotEstablished) {
  peal::sim::Simulator sim;
  peal::sim::Phone alice(sim, "alice.test", {"192.0.2.1"});
  peal::sim::Phone bob(sim, "bob.test", {"192.0.2.2"});
  bob.rejects(486);
  auto call = alice.calls("sip:bob@bob.test");
  EXPECT_TRUE(expect(call).to_be_established());
}
