#include "ua_fixture.hpp"

namespace {

using namespace dialog_testing;

/// A module of a method that nobody has heard of.
class PingModule final : public Module {
 public:
  Capabilities own;
  int outside = 0, inside = 0;
  Verdict verdict = Verdict::reject(200);
  PingModule() {
    MethodTraits ping;
    ping.name = Method("PINGME");
    own.methods = {ping};
    own.option_tags = {"pingable"};
    own.body_types = {"text/ping"};
  }
  [[nodiscard]] std::string_view name() const override { return "ping"; }
  [[nodiscard]] const Capabilities& capabilities() const override { return own; }
  Verdict on_request(const IncomingRequest& request) override {
    ++outside;
    EXPECT_EQ(request.request().method().name(), "PINGME");
    EXPECT_TRUE(request.core().respond(request.id(), request.make_response(status::ok)));
    return Verdict::take();
  }
  Verdict on_request(Dialog&, const IncomingRequest&) override {
    ++inside;
    return verdict;
  }
};

class UasRules : public AgentAndPeer {
 protected:
  sim::RawMessage answer_to(const std::string& text, std::string_view start = "SIP/2.0") {
    bob.clear();
    send(text);
    auto got = bob.expect(start, 2s);
    EXPECT_TRUE(got);
    return got ? *got : sim::RawMessage{};
  }
  /// Ends an INVITE transaction of bob's that was refused.
  void ack(const std::string& invite_text, const sim::RawMessage& response) {
    auto out = invite_text.substr(0, invite_text.find("Contact:"));
    out.replace(0, 6, "ACK");
    const auto at = out.find(" INVITE\r\n");
    out.replace(at, 9, " ACK\r\n");
    const auto to = out.find("To: ");
    out.replace(to, out.find("\r\n", to) - to, "To: " + line(response, "To"));
    send(out + "Content-Length: 0\r\n\r\n");
  }
};

TEST_F(UasRules, OptionsTellWhatThereIs) {
  const auto answer = answer_to(request("OPTIONS", 1));
  EXPECT_EQ(first_line(answer), "SIP/2.0 200 OK");
  EXPECT_EQ(line(answer, "Allow"), "INVITE, ACK, BYE, CANCEL, OPTIONS");
  EXPECT_EQ(line(answer, "Accept"), "application/sdp");
  EXPECT_NE(tag_of(answer), "");
}

TEST_F(UasRules, UnknownMethodIs501AndOneWithoutModule405) {
  auto answer = answer_to(request("PINGME", 1));
  EXPECT_EQ(first_line(answer), "SIP/2.0 501 Not Implemented");
  EXPECT_EQ(line(answer, "Allow"), alice.core->allow());
  call_id = "2";
  answer = answer_to(request("REGISTER", 1));
  EXPECT_EQ(first_line(answer), "SIP/2.0 405 Method Not Allowed");
  EXPECT_EQ(line(answer, "Allow"), alice.core->allow());
}

// DEFECTS 3, 13: what is in Allow is answered, and only that.
TEST_F(UasRules, AModuleBringsItsMethod) {
  auto owned = std::make_unique<PingModule>();
  auto* ping = owned.get();
  ASSERT_TRUE(alice.core->install(std::move(owned)));
  EXPECT_FALSE(alice.core->install(std::make_unique<PingModule>()));
  EXPECT_EQ(alice.core->allow(), "INVITE, ACK, BYE, CANCEL, OPTIONS, PINGME");
  EXPECT_EQ(first_line(answer_to(request("PINGME", 1, {}, "Require: pingable\n"))), "SIP/2.0 200 OK");
  EXPECT_EQ(ping->outside, 1);

  alice.on_call = [](InviteSession& session) { EXPECT_TRUE(session.accept(status::ok)); };
  call_id = "2";
  const auto answer = answer_to(invite());
  EXPECT_EQ(line(answer, "Allow"), alice.core->allow());
  EXPECT_EQ(line(answer, "Supported"), "pingable");
  const auto tag = tag_of(answer);
  send(request("ACK", 1, tag));
  EXPECT_EQ(first_line(answer_to(request("PINGME", 2, tag))), "SIP/2.0 200 OK");
  ping->verdict = Verdict::reject(489);
  EXPECT_EQ(first_line(answer_to(request("PINGME", 3, tag))).substr(0, 11), "SIP/2.0 489");
  EXPECT_EQ(ping->inside, 2);
  alice.core->remove("ping");
  EXPECT_EQ(first_line(answer_to(request("PINGME", 4, tag))), "SIP/2.0 501 Not Implemented");
  EXPECT_EQ(alice.core->find_module("ping"), nullptr);
  send(request("BYE", 5, tag));
}

TEST_F(UasRules, RequireNamesWhatIsNotSupported) {
  const auto answer = answer_to(request("OPTIONS", 1, {}, "Require: 100rel, foo\nRequire: bar\n"));
  EXPECT_EQ(first_line(answer), "SIP/2.0 420 Bad Extension");
  const auto unsupported = sim::headers_of(answer.text, "Unsupported");
  std::string all;
  for (const auto& u : unsupported) all += (all.empty() ? "" : ", ") + u;
  EXPECT_EQ(all, "100rel, foo, bar");
}

TEST_F(UasRules, BodyThatIsNotUnderstood) {
  auto text = invite();
  text.replace(text.find("application/sdp"), 15, "application/foo");
  auto answer = answer_to(text);
  EXPECT_EQ(first_line(answer), "SIP/2.0 415 Unsupported Media Type");
  EXPECT_EQ(line(answer, "Accept"), "application/sdp");
  ack(text, answer);
  call_id = "2";
  text = invite(1, {}, "Content-Encoding: gzip\n");
  answer = answer_to(text);
  EXPECT_EQ(first_line(answer), "SIP/2.0 415 Unsupported Media Type");
  EXPECT_EQ(line(answer, "Accept-Encoding"), "identity");
  ack(text, answer);
  call_id = "3";
  auto optional = request("OPTIONS", 1, {}, "Content-Disposition: render;handling=optional\n", "x");
  optional.replace(optional.find("application/sdp"), 15, "application/foo");
  EXPECT_EQ(first_line(answer_to(optional)), "SIP/2.0 200 OK");
}

TEST_F(UasRules, SchemeThatIsNotOurs) {
  auto text = request("OPTIONS", 1);
  text.replace(text.find("sip:alice@192.0.2.1"), 19, "nobodyKnowsThisScheme:totallyopaquecontent");
  EXPECT_EQ(first_line(answer_to(text)), "SIP/2.0 416 Unsupported URI Scheme");
}

TEST_F(UasRules, MergedRequestIs482) {
  alice.on_call = [](InviteSession& session) { EXPECT_TRUE(session.progress(status::ringing, false)); };
  EXPECT_EQ(first_line(answer_to(invite())), "SIP/2.0 180 Ringing");
  const auto copy = invite();  // the same but for the branch: another path
  const auto answer = answer_to(copy);
  EXPECT_EQ(first_line(answer), "SIP/2.0 482 Loop Detected");
  ack(copy, answer);
  ASSERT_TRUE(alice.incoming->reject(status::busy_here));
  sim.run_for(40s);
}

TEST_F(UasRules, NoDialogIs481AndAckIsNeverAnswered) {
  EXPECT_EQ(first_line(answer_to(request("BYE", 1, "nobody"))), "SIP/2.0 481 Call/Transaction Does Not Exist");
  call_id = "2";
  EXPECT_EQ(first_line(answer_to(request("OPTIONS", 1, "nobody"))), "SIP/2.0 481 Call/Transaction Does Not Exist");
  call_id = "3";
  EXPECT_EQ(first_line(answer_to(request("BYE", 1))), "SIP/2.0 481 Call/Transaction Does Not Exist");
  bob.clear();
  send(request("ACK", 1, "nobody"));
  EXPECT_TRUE(bob.expect_silence(2s));
  EXPECT_EQ(alice.core->transactions().drops()[transport::Drop::stray_ack], 1U);
}

TEST_F(UasRules, MaxForwardsOfZeroIsNoReasonToRefuse) {
  auto text = request("OPTIONS", 1);
  text.replace(text.find("Max-Forwards: 70"), 16, "Max-Forwards: 0");
  EXPECT_EQ(first_line(answer_to(text)), "SIP/2.0 200 OK");
}

TEST_F(UasRules, InviteWithoutContactIs400) {
  auto text = invite();
  const auto at = text.find("Contact:");
  text.erase(at, text.find("\r\n", at) + 2 - at);
  const auto answer = answer_to(text);
  EXPECT_EQ(first_line(answer).substr(0, 11), "SIP/2.0 400");
  auto out = text.substr(0, text.find("Content-Type:"));
  out.replace(0, 6, "ACK");
  out.replace(out.find(" INVITE\r\n"), 9, " ACK\r\n");
  send(out + "Content-Length: 0\r\n\r\n");
}

// RFC 3261 §12.2.2, DEFECTS 14.
TEST_F(UasRules, OnlyALowerCSeqIsRefused) {
  alice.on_call = [](InviteSession& session) { EXPECT_TRUE(session.accept(status::ok)); };
  const auto tag = tag_of(answer_to(invite(10)));
  send(request("ACK", 10, tag));
  EXPECT_EQ(first_line(answer_to(request("OPTIONS", 500, tag))), "SIP/2.0 200 OK");
  EXPECT_EQ(first_line(answer_to(request("OPTIONS", 499, tag))), "SIP/2.0 500 Server Internal Error");
  EXPECT_EQ(first_line(answer_to(request("OPTIONS", 501, tag))), "SIP/2.0 200 OK");
  EXPECT_EQ(first_line(answer_to(request("BYE", 502, tag))), "SIP/2.0 200 OK");
  EXPECT_EQ(first_line(answer_to(request("BYE", 503, tag))), "SIP/2.0 481 Call/Transaction Does Not Exist");
}

// A reflector: our own request comes back, with our own tags.
TEST_F(UasRules, AnEchoOfOursDoesNotJoin) {
  auto* session = alice.call("sip:bob@192.0.2.2");
  auto got = bob.expect("INVITE");
  ASSERT_TRUE(got);
  bob.answer(*got, ok());
  ASSERT_TRUE(bob.expect("ACK"));
  ASSERT_TRUE(session->hold(true));
  auto reinvite = bob.expect("INVITE");
  ASSERT_TRUE(reinvite);
  auto echo = reinvite->text;
  echo.replace(echo.find("z9hG4bK"), 7, "z9hG4bKecho");
  send(echo);
  EXPECT_TRUE(bob.expect("SIP/2.0 481"));
  auto to = line(*reinvite, "To"), from = line(*reinvite, "From");
  auto swapped = reinvite->text;  // From: bob's name with our tag, To: our tag
  swapped.replace(swapped.find("z9hG4bK"), 7, "z9hG4bKswap");
  const auto at = swapped.find("To: ");
  swapped.replace(at, to.size() + 4, "To: " + from);
  send(swapped);
  EXPECT_TRUE(bob.expect("SIP/2.0 481"));
  EXPECT_EQ(session->state(), SessionState::established);
  bob.answer(*reinvite, ok("bobs", "recvonly"));
  ASSERT_TRUE(bob.expect("ACK"));
  ASSERT_TRUE(session->hang_up());
  bob.answer(*bob.expect("BYE"), {.code = 200});
}

// §13.3.1.1: repeated every minute, so that proxies do not give up.
TEST_F(UasRules, RingingIsRepeatedEveryMinute) {
  alice.on_call = [](InviteSession& session) { EXPECT_TRUE(session.progress(status::ringing, false)); };
  (void)answer_to(invite());
  sim.run_for(305s);
  EXPECT_EQ(bob.received().size(), 5U);
  for (const auto& message : bob.received()) EXPECT_EQ(first_line(message), "SIP/2.0 180 Ringing");
  ASSERT_TRUE(alice.incoming->reject(status::decline));
}

TEST_F(UasRules, ByeBeforeTheAnswer) {  // RFC 3261 §15: the caller may
  alice.on_call = [](InviteSession& session) { EXPECT_TRUE(session.progress(status::ringing, false)); };
  const auto text = invite();
  const auto tag = tag_of(answer_to(text));
  bob.clear();
  send(request("BYE", 2, tag));
  std::vector<std::string> answers;
  while (auto got = bob.pop()) answers.push_back(first_line(*got));
  sim.run_for(100ms);
  while (auto got = bob.pop()) answers.push_back(first_line(*got) + " " + line(*got, "CSeq"));
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[0], "SIP/2.0 200 OK 2 BYE");
  EXPECT_EQ(answers[1], "SIP/2.0 487 Request Terminated 1 INVITE");
  EXPECT_EQ(alice.user.story(), "ended");
}

TEST_F(UasRules, ResponsesCarryWhatADialogNeeds) {
  alice.on_call = [](InviteSession& session) {
    ExtraHeaders extra;
    extra.fields = {{"X-Mine", "1"}};
    EXPECT_TRUE(session.progress(status::ringing, false, extra));
    extra.fields = {{"To", "<sip:eve@example.com>"}};
    EXPECT_EQ(session.accept(status::ok, extra).error(), make_error_code(peal::errc::protected_header));
    EXPECT_TRUE(session.accept(status::ok));
  };
  bob.clear();
  send(invite(1, {}, "Record-Route: <sip:p2.example.com;lr>, <sip:p1.example.com;lr>\n"));
  auto ringing = bob.expect("SIP/2.0 180");
  auto accepted = bob.expect("SIP/2.0 200");
  ASSERT_TRUE(ringing && accepted);
  for (const auto& answer : {*ringing, *accepted}) {
    EXPECT_EQ(line(answer, "Contact"), "<sip:alice@192.0.2.1:5060>");
    std::string all;
    for (const auto& route : sim::headers_of(answer.text, "Record-Route")) all += route + ",";
    EXPECT_TRUE(all == "<sip:p2.example.com;lr>,<sip:p1.example.com;lr>," ||
                all == "<sip:p2.example.com;lr>, <sip:p1.example.com;lr>,")
        << all;
    EXPECT_EQ(tag_of(answer), tag_of(*ringing));
    EXPECT_NE(tag_of(answer), "");
  }
  EXPECT_EQ(line(*ringing, "X-Mine"), "1");
  send(request("ACK", 1, tag_of(*accepted)));
  send(request("BYE", 2, tag_of(*accepted)));
}

TEST_F(UasRules, TheHookSeesEverythingAndCannotTouchWhatIsProtected) {
  alice.hook = [](Message& message) {
    EXPECT_TRUE(message.set("X-Hook", "yes"));
    message.set(header::to, NameAddr::parse("<sip:eve@example.com>;tag=x").value());
    message.remove(header::call_id);
  };
  alice.on_call = [](InviteSession& session) { EXPECT_TRUE(session.accept(status::ok)); };
  const auto answer = answer_to(invite());
  EXPECT_EQ(line(answer, "X-Hook"), "yes");
  EXPECT_EQ(line(answer, "Call-ID"), call_id);
  EXPECT_EQ(line(answer, "To").substr(0, 23), "<sip:alice@example.com>");
  EXPECT_EQ(sim::headers_of(answer.text, "To").size(), 1U);
  send(request("ACK", 1, tag_of(answer)));
  sim.run_for(10ms);
  ASSERT_TRUE(alice.incoming->hang_up());
  auto bye = bob.expect("BYE");
  ASSERT_TRUE(bye);
  EXPECT_EQ(line(*bye, "X-Hook"), "yes");
  EXPECT_EQ(line(*bye, "To"), "<sip:bob@example.com>;tag=bobs");
  EXPECT_EQ(line(*bye, "Call-ID"), call_id);
  bob.answer(*bye, {.code = 200});
}

TEST_F(UasRules, TooManySessionsIs503) {
  UaOptions options;
  options.limits.sessions = 1;
  sim::Host& host = sim.host("small", {"192.0.2.7"});
  Agent small(sim, host, options);
  small.on_call = [](InviteSession& session) { EXPECT_TRUE(session.progress(status::ringing, false)); };
  bob.send(invite(), host.endpoint());
  ASSERT_TRUE(bob.expect("SIP/2.0 180"));
  call_id = "2";
  bob.send(invite(), host.endpoint());
  auto refused = bob.expect("SIP/2.0 503");
  ASSERT_TRUE(refused);
  EXPECT_EQ(line(*refused, "Retry-After"), "10");
  InviteOptions call;
  EXPECT_EQ(
      small.core
          ->invite(small.core->make_request({method::invite, Uri::parse("sip:b@192.0.2.2").value(), small.me(), {}}),
                   std::move(call), small.user)
          .error(),
      make_error_code(dialog::errc::limit_reached));
  ASSERT_TRUE(small.incoming->reject(status::busy_here));
  sim.run_for(40s);
  EXPECT_TRUE(small.idle());
}

}  // namespace
