#include "ua_fixture.hpp"

namespace {

using namespace dialog_testing;

class CallTest : public TwoAgents {};

// RFC 3665 §3.1, §3.7 without proxies
//  alice                bob
//   |----- INVITE ------>|
//   |<---- 180, 200 -----|
//   |----- ACK --------->|
//   |<---- BYE ----------|
//   |----- 200 --------->|
TEST_F(CallTest, EstablishesAndTheCalleeHangsUp) {
  establish();
  EXPECT_EQ(session->state(), SessionState::established);
  EXPECT_EQ(alice.media.negotiations, 1);
  EXPECT_EQ(bob.media.negotiations, 1);
  EXPECT_EQ(session->remote_tag(), bob.incoming->local_tag());
  EXPECT_EQ(session->local_tag(), bob.incoming->remote_tag());
  EXPECT_EQ(session->remote_sdp(), bob.incoming->local_sdp());
  EXPECT_TRUE(bob.incoming->hang_up());
  sim.run_for(1s);
  EXPECT_EQ(alice.user.story(), "180, established, ended");
  EXPECT_EQ(bob.user.story(), "established, ended");
  EXPECT_EQ(alice.user.cause->layer, Layer::sip);
  EXPECT_EQ(alice.user.cause->code, 0);
  EXPECT_EQ(bob.user.cause->layer, Layer::local);
}

TEST_F(CallTest, CallerHangsUp) {
  establish();
  EXPECT_TRUE(session->hang_up());
  EXPECT_EQ(alice.user.ends, 0) << "never from within a call";
  sim.run_for(1s);
  EXPECT_EQ(alice.user.story(), "180, established, ended");
  EXPECT_EQ(bob.user.story(), "established, ended");
}

}  // namespace
