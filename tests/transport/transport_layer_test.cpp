#include "layer_fixture.hpp"

#include <peal/message/headers.hpp>

namespace peal::inline v0::transport {
namespace {

// ---- receiving requests: RFC 3261 §18.2.1, RFC 3581 §4

TEST_F(LayerTest, ARequestArrivesAsItIsWhenItsViaNamesItsSource) {
  hear(options_with_via("SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK1"));
  ASSERT_EQ(user.requests.size(), 1U);
  const auto& [request, flow] = user.requests[0];
  EXPECT_EQ(request.top_via().text(), "SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK1");
  EXPECT_EQ(flow.peer.to_string(), "192.0.2.2:5060");
  EXPECT_EQ(flow.listen_point, 0U);
}

TEST_F(LayerTest, ReceivedIsAddedWhenSentByIsANameOrAnotherAddress) {
  hear(options_with_via("SIP/2.0/UDP bob.example.com:5060;branch=z9hG4bK1"));
  hear(options_with_via("SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bK1"));
  ASSERT_EQ(user.requests.size(), 2U);
  for (const auto& [request, flow] : user.requests) {
    EXPECT_EQ(request.top_via().params().value("received"), "192.0.2.2");
    EXPECT_FALSE(request.top_via().params().has("rport"));
  }
}

TEST_F(LayerTest, RportIsFilledInWithReceivedEvenWhenTheAddressIsRight) {
  hear(options_with_via("SIP/2.0/UDP 192.0.2.2:7777;rport;branch=z9hG4bK1"));
  ASSERT_EQ(user.requests.size(), 1U);
  const auto params = user.requests[0].first.top_via().params();
  EXPECT_EQ(params.value("received"), "192.0.2.2");
  EXPECT_EQ(params.value("rport"), "5060");
}

TEST_F(LayerTest, AForgedReceivedIsNotBelieved) {
  hear(options_with_via("SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK1;received=203.0.113.9"));
  ASSERT_EQ(user.requests.size(), 1U);
  EXPECT_EQ(user.requests[0].first.top_via().params().value("received"), "192.0.2.2");
}

TEST_F(LayerTest, OnlyTheTopViaIsTouched) {
  hear(
      "OPTIONS sip:alice@192.0.2.1 SIP/2.0\n"
      "Via: SIP/2.0/UDP p.example.com;branch=z9hG4bK1;rport, SIP/2.0/UDP q.example.com;branch=z9hG4bK2;rport\n" +
      via_less_options);
  ASSERT_EQ(user.requests.size(), 1U);
  const auto vias = user.requests[0].first.all(header::via);
  ASSERT_EQ(vias.size(), 2U);
  EXPECT_EQ(vias[0]->params().value("rport"), "5060");
  EXPECT_EQ(vias[1]->text(), "SIP/2.0/UDP q.example.com;branch=z9hG4bK2;rport");
}

// ---- sending

TEST_F(LayerTest, ARequestGetsOurViaOnTopAndIsRepeatedByteForByte) {
  Request request = options_request();
  const auto packet = layer->send_request(request, to("192.0.2.2:5060"), "z9hG4bKbranch");
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->flow, (Flow{Protocol::udp, 0, Endpoint::parse("192.0.2.2:5060").value(), 0}));
  layer->send(*packet);
  sim.run_for(1s);
  ASSERT_EQ(peer.received().size(), 2U);
  const std::string& text = peer.received()[0].text;
  EXPECT_EQ(text, peer.received()[1].text);
  EXPECT_EQ(text, packet->bytes.view());
  const auto vias = sim::headers_of(text, "Via");
  ASSERT_EQ(vias.size(), 2U);
  EXPECT_EQ(vias[0], "SIP/2.0/UDP 192.0.2.1:5060;rport;branch=z9hG4bKbranch");
  EXPECT_EQ(request.top_via().branch(), "z9hG4bKbranch");
}

TEST_F(LayerTest, RportCanBeLeftOut) {
  layer.reset();
  TransportOptions options;
  options.add_rport = false;
  open(options);
  Request request = options_request();
  ASSERT_TRUE(layer->send_request(request, to("192.0.2.2:5060"), "z9hG4bKb"));
  EXPECT_FALSE(request.top_via().params().has("rport"));
}

TEST_F(LayerTest, TheListeningPointFitsTheTargetsFamily) {
  Request request = options_request();
  const auto none = layer->send_request(request, to("[2001:db8::2]:5060"), "z9hG4bKb");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error(), make_error_code(errc::no_listen_point));
  EXPECT_EQ(request.top_via().host(), "gone.example.com") << "no Via of ours stays behind";
  listen("[2001:db8::1]:5060");
  const auto packet = layer->send_request(request, to("[2001:db8::2]:5060"), "z9hG4bKb");
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->flow.listen_point, 1U);
  EXPECT_EQ(request.top_via().host(), "[2001:db8::1]");
}

TEST_F(LayerTest, AWildcardIsNamedByTheAddressThatThePeerSees) {
  layer.reset();
  layer = std::make_unique<TransportLayer>(us.runtime(), user);
  listen("0.0.0.0:5080");
  listen("[::]:5080");
  EXPECT_EQ(layer->local_address_for(to("192.0.2.2:5060")).value(), "192.0.2.1:5080");
  EXPECT_EQ(layer->local_address_for(to("[2001:db8::2]:5060")).value(), "[2001:db8::1]:5080");
  EXPECT_EQ(layer->local_address_for(to("127.0.0.1:5060")).value(), "127.0.0.1:5080");
}

TEST_F(LayerTest, OfSeveralPointsTheOneWithTheRightAddressIsTaken) {
  layer.reset();
  layer = std::make_unique<TransportLayer>(us.runtime(), user);
  listen("127.0.0.1:5070");
  listen("192.0.2.1:5071");
  EXPECT_EQ(layer->local_address_for(to("192.0.2.2:5060")).value(), "192.0.2.1:5071");
  EXPECT_EQ(layer->local_address_for(to("127.0.0.1:5060")).value(), "127.0.0.1:5070");
}

TEST_F(LayerTest, WhatNoDatagramCarriesIsTooLarge) {
  Request request = options_request();
  request.set_body(MediaType::parse("text/plain").value(), std::string(65'000, 'x'));
  ASSERT_TRUE(layer->send_request(request, to("192.0.2.2:5060"), "z9hG4bKb"));
  request = options_request();
  request.set_body(MediaType::parse("text/plain").value(), std::string(65'507, 'x'));
  const auto packet = layer->send_request(request, to("192.0.2.2:5060"), "z9hG4bKb");
  ASSERT_FALSE(packet);
  EXPECT_EQ(packet.error(), make_error_code(errc::too_large));
  EXPECT_EQ(request.top_via().host(), "gone.example.com");
}

TEST_F(LayerTest, OtherProtocolsAreNotThereYet) {
  EXPECT_EQ(layer->listen(Protocol::tcp, Endpoint::parse("192.0.2.1:5060").value()).error(),
            make_error_code(errc::unsupported_protocol));
  Request request = options_request();
  Target target = to("192.0.2.2:5060");
  target.protocol = Protocol::tcp;
  EXPECT_EQ(layer->send_request(request, target, "z9hG4bKb").error(), make_error_code(errc::unsupported_protocol));
}

TEST_F(LayerTest, ABranchThatIsNoTokenIsRefused) {
  Request request = options_request();
  EXPECT_FALSE(layer->send_request(request, to("192.0.2.2:5060"), "z9hG4bK\r\nX: y"));
  sim.run_for(1s);
  EXPECT_EQ(peer.heard(), 0U);
}

TEST_F(LayerTest, ListeningTwiceOnAPortIsTheSystemsError) {
  EXPECT_FALSE(layer->listen(Protocol::udp, Endpoint::parse("192.0.2.1:5060").value()));
  EXPECT_EQ(layer->listen_points(), 1U);
}

TEST_F(LayerTest, AClosedPointSendsNothingAndItsIndexIsNotGivenAgain) {
  Request request = options_request();
  const auto packet = layer->send_request(request, to("192.0.2.2:5060"), "z9hG4bKb");
  ASSERT_TRUE(packet);
  sim.run_for(1s);
  peer.clear();
  layer->stop_listening(0);
  layer->stop_listening(0);
  layer->stop_listening(17);
  EXPECT_EQ(layer->local_endpoint(0), Endpoint{});
  layer->send(*packet);
  EXPECT_EQ(dropped(Drop::unsendable), 1U);
  EXPECT_EQ(layer->send_response(Response(request, StatusCode(200), "t"), packet->flow).error(),
            make_error_code(errc::closed));
  EXPECT_EQ(layer->send_as_is(request, to("192.0.2.2:5060"), 0).error(), make_error_code(errc::closed));
  EXPECT_EQ(listen("192.0.2.1:5060"), 1U);
  sim.run_for(1s);
  EXPECT_TRUE(peer.received().empty());
}

TEST_F(LayerTest, SendAsIsAddsNothing) {
  const Request request = options_request();
  ASSERT_TRUE(layer->send_as_is(request, to("192.0.2.2:5060"), 0));
  sim.run_for(1s);
  ASSERT_EQ(peer.received().size(), 1U);
  EXPECT_EQ(peer.received()[0].text, request.to_string());
}

// ---- responses: RFC 3261 §18.2.2, §18.1.2

TEST_F(LayerTest, AResponseGoesToTheSourceByRport) {
  sim::RawPeer other(sim, them, 6789);
  other.send(sim::crlf(options_with_via("SIP/2.0/UDP nat.example.com;rport;branch=z9hG4bK1")), us.endpoint());
  sim.run_for(100ms);
  ASSERT_EQ(user.requests.size(), 1U);
  const auto& [request, flow] = user.requests[0];
  ASSERT_TRUE(layer->send_response(Response(request, StatusCode(200), "t"), flow));
  sim.run_for(100ms);
  EXPECT_TRUE(peer.received().empty());
  ASSERT_EQ(other.received().size(), 1U);
  EXPECT_EQ(sim::status_of(other.received()[0].text), 200);
}

TEST_F(LayerTest, WithoutRportItGoesToThePortOfSentBy) {
  sim::RawPeer other(sim, them, 6789);
  other.send(sim::crlf(options_with_via("SIP/2.0/UDP nat.example.com;branch=z9hG4bK1")), us.endpoint());
  sim.run_for(100ms);
  ASSERT_EQ(user.requests.size(), 1U);
  ASSERT_TRUE(layer->send_response(Response(user.requests[0].first, StatusCode(200), "t"), user.requests[0].second));
  sim.run_for(100ms);
  EXPECT_TRUE(other.received().empty());
  EXPECT_EQ(peer.received().size(), 1U);
}

TEST_F(LayerTest, AResponseToOurViaIsPassedUpAndAnyOtherDropped) {
  Request request = options_request();
  ASSERT_TRUE(layer->send_request(request, to("192.0.2.2:5060"), "z9hG4bKb"));
  sim.run_for(100ms);
  const auto got = peer.pop();
  ASSERT_TRUE(got);
  peer.answer(*got, {.code = 200, .to_tag = "x"});
  sim.run_for(100ms);
  ASSERT_EQ(user.responses.size(), 1U);
  EXPECT_EQ(user.responses[0].first.top_via().branch(), "z9hG4bKb");
  for (const char* sent_by : {"192.0.2.77:5060", "192.0.2.1:5061", "other.example.com"}) {
    hear(std::string("SIP/2.0 200 OK\nVia: SIP/2.0/UDP ") + sent_by + ";branch=z9hG4bKb\n" + via_less_options);
  }
  EXPECT_EQ(user.responses.size(), 1U);
  EXPECT_EQ(dropped(Drop::wrong_sent_by), 3U);
}

TEST_F(LayerTest, OnAWildcardOnlyAddressesThatWeNamedAreOurs) {
  layer.reset();
  layer = std::make_unique<TransportLayer>(us.runtime(), user);
  listen("0.0.0.0:5060");
  const std::string response = "SIP/2.0 200 OK\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKb\n" + via_less_options;
  hear(response);
  EXPECT_EQ(dropped(Drop::wrong_sent_by), 1U);
  Request request = options_request();
  ASSERT_TRUE(layer->send_request(request, to("192.0.2.2:5060"), "z9hG4bKb"));
  hear(response);
  EXPECT_EQ(user.responses.size(), 1U);
}

TEST_F(LayerTest, IsLocalKnowsOurPoints) {
  listen("[::]:5070");
  EXPECT_TRUE(layer->is_local("192.0.2.1", 5060));
  EXPECT_TRUE(layer->is_local("192.0.2.1", 0));
  EXPECT_FALSE(layer->is_local("192.0.2.1", 5070));
  EXPECT_FALSE(layer->is_local("192.0.2.2", 5060));
  EXPECT_FALSE(layer->is_local("us", 5060));
  EXPECT_TRUE(layer->is_local("[2001:db8::1]", 5070));
  EXPECT_TRUE(layer->is_local("::1", 5070));
  EXPECT_FALSE(layer->is_local("[2001:db8::2]", 5070));
}

// ---- what is seen besides

struct RecordingTap : Tap {
  void on_message(const TapEvent& event) override {
    lines.push_back((event.direction == Direction::sent ? "> " : "< ") + event.peer.to_string() + " " +
                    std::string(event.bytes.substr(0, event.bytes.find('\r'))));
  }
  std::vector<std::string> lines;
};

TEST_F(LayerTest, ATapSeesEveryMessageBothWaysRetransmissionsToo) {
  RecordingTap tap;
  layer->add_tap(tap);
  Request request = options_request();
  const auto packet = layer->send_request(request, to("192.0.2.2:5060"), "z9hG4bKb");
  layer->send(*packet);
  hear(options_with_via("SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK1"));
  hear("\n\n");
  hear("rubbish");
  layer->remove_tap(tap);
  layer->send(*packet);
  EXPECT_EQ(tap.lines, (std::vector<std::string>{"> 192.0.2.2:5060 OPTIONS sip:bob@example.com SIP/2.0",
                                                 "> 192.0.2.2:5060 OPTIONS sip:bob@example.com SIP/2.0",
                                                 "< 192.0.2.2:5060 OPTIONS sip:alice@192.0.2.1 SIP/2.0",
                                                 "< 192.0.2.2:5060 rubbish"}));
}

struct TakingInterceptor : Interceptor {
  bool on_request(const Request&, const Flow&) override {
    ++requests;
    return take;
  }
  bool on_response(const Response&, const Flow&) override {
    ++responses;
    return take;
  }
  bool take = true;
  int requests = 0;
  int responses = 0;
};

TEST_F(LayerTest, AnInterceptorMayTakeOrLetPass) {
  TakingInterceptor interceptor;
  layer->set_interceptor(&interceptor);
  const std::string request = options_with_via("SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK1");
  const std::string response = "SIP/2.0 200 OK\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKb\n" + via_less_options;
  hear(request);
  hear(response);
  EXPECT_EQ(interceptor.requests, 1);
  EXPECT_EQ(interceptor.responses, 1);
  EXPECT_TRUE(user.requests.empty());
  EXPECT_TRUE(user.responses.empty());
  interceptor.take = false;
  hear(request);
  hear(response);
  EXPECT_EQ(user.requests.size(), 1U);
  EXPECT_EQ(user.responses.size(), 1U);
}

TEST_F(LayerTest, APeerThatIsNotThereIsTold) {
  Request request = options_request();
  const auto packet = layer->send_request(request, to("192.0.2.2:9999"), "z9hG4bKb");
  sim.run_for(1s);
  ASSERT_EQ(user.unreachable.size(), 1U);
  EXPECT_EQ(user.unreachable[0].first, packet->flow);
  EXPECT_TRUE(user.unreachable[0].second);
}

TEST_F(LayerTest, TheLayerMayBeDestroyedInAnyUpcall) {
  user.then = [this] { layer.reset(); };
  hear(options_with_via("SIP/2.0/UDP b.example.com;branch=z9hG4bK1;rport"));
  EXPECT_EQ(user.requests.size(), 1U);
  EXPECT_FALSE(layer);
  EXPECT_EQ(us.open_sockets(), 0U);
  open({});
  hear("SIP/2.0 200 OK\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKb\n" + via_less_options);
  EXPECT_EQ(user.responses.size(), 1U);
  EXPECT_FALSE(layer);
}

TEST_F(LayerTest, AListeningPointMayBeClosedInItsUpcall) {
  user.then = [this] { layer->stop_listening(0); };
  hear(options_with_via("SIP/2.0/UDP b.example.com;branch=z9hG4bK1;rport"));
  EXPECT_EQ(user.requests.size(), 1U);
  EXPECT_EQ(us.open_sockets(), 0U);
}

}  // namespace
}  // namespace peal::inline v0::transport
