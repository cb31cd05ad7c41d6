#pragma once

/// Everything a test of an application usually needs, but the bridge to its framework: <peal/testing/gtest.hpp>.
#include <peal/testing/expect.hpp>
#include <peal/testing/expect_call.hpp>
#include <peal/testing/expect_user_agent.hpp>
#include <peal/testing/phone.hpp>
#include <peal/testing/raw_peer.hpp>
#include <peal/testing/recorder.hpp>
#include <peal/testing/simulator.hpp>
