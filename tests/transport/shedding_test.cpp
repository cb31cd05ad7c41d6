#include "shedding.hpp"

#include <gtest/gtest.h>

#include <string>

// What a socket that falls behind may drop unread: new requests outside dialogs, and nothing else.

namespace peal::inline v0::transport {
namespace {

std::string request(const std::string& method, const std::string& to) {
  return method +
         " sip:a@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\nFrom: <sip:b@b>;tag=1\r\n" + to +
         "\r\nCall-ID: 1\r\nCSeq: 1 " + method + "\r\n\r\n";
}

TEST(Shedding, NewRequestsMayGo) {
  for (const auto* method : {"INVITE", "OPTIONS", "REGISTER", "SUBSCRIBE"}) {
    EXPECT_TRUE(begins_something(request(method, "To: <sip:a@example.com>"))) << method;
    EXPECT_TRUE(begins_something(request(method, "t: sip:a@example.com"))) << method;
  }
}

TEST(Shedding, WhatGoesOnStays) {
  EXPECT_FALSE(begins_something(request("INVITE", "To: <sip:a@example.com>;tag=2")));
  EXPECT_FALSE(begins_something(request("INVITE", "To: <sip:a@example.com> ; TAG=2")));
  EXPECT_FALSE(begins_something(request("INVITE", "t: <sip:a@example.com>;x=1;Tag=2")));
  EXPECT_FALSE(begins_something(request("BYE", "To: <sip:a@example.com>")));
  EXPECT_FALSE(begins_something(request("ACK", "To: <sip:a@example.com>")));
  EXPECT_FALSE(begins_something(request("CANCEL", "To: <sip:a@example.com>")));
  EXPECT_FALSE(begins_something("SIP/2.0 200 OK\r\nTo: <sip:a@example.com>\r\n\r\n"));
}

TEST(Shedding, WhatIsInDoubtStays) {
  EXPECT_FALSE(begins_something(""));
  EXPECT_FALSE(begins_something("INVITE"));
  EXPECT_FALSE(begins_something(request("INVITE", "TO: <sip:a@example.com>")));
  EXPECT_TRUE(begins_something("OPTIONS sip:a SIP/2.0\nTo: <sip:a>"));  // cut there
}

}  // namespace
}  // namespace peal::inline v0::transport
