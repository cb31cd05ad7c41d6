#pragma once

#include <peal/dialog/ua_core.hpp>
#include <peal/testing/raw_peer.hpp>
#include <peal/testing/simulator.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// What the tests of this folder share: user agents on simulated hosts, with media that says one codec.
namespace dialog_testing {

using namespace peal;
using namespace peal::dialog;
using namespace std::chrono_literals;

inline std::string sdp_text(std::string_view address, std::string_view direction, int version = 1, int port = 4000) {
  std::string out = "v=0\r\no=- 1 " + std::to_string(version) + " IN IP4 " + std::string(address) + "\r\ns=-\r\nc=IN ";
  out += address.find(':') == std::string_view::npos ? "IP4 " : "IP6 ";
  out += std::string(address) + "\r\nt=0 0\r\nm=audio " + std::to_string(port) + " RTP/AVP 0\r\na=";
  out += std::string(direction) + "\r\n";
  return out;
}

/// Says PCMU; may refuse, and may think for a while.
class TestMedia final : public MediaHandler {
 public:
  bool refuse_offer = false, refuse_answer = false, later = false, usable = true;
  int offers = 0, answers = 0, negotiations = 0, previews = 0, version = 0;
  std::vector<Ticket<std::optional<sdp::SessionDescription>>> tickets;
  std::string address = "192.0.2.99";
  std::string last_remote;
  std::string last_refused;  ///< version of what the session says was sent last and refused

  void offer(const OfferContext& context, Ticket<std::optional<sdp::SessionDescription>> ticket) override {
    ++offers;
    last_refused = context.last_sent ? std::string(context.last_sent->origin().version) : "";
    if (later) {
      tickets.push_back(std::move(ticket));
      return;
    }
    if (refuse_offer) return ticket.answer(std::nullopt);
    ticket.answer(make(context.hold ? "sendonly" : "sendrecv", context));
  }
  void answer(const OfferContext& context, const sdp::SessionDescription& offer,
              Ticket<std::optional<sdp::SessionDescription>> ticket) override {
    ++answers;
    if (later) {
      tickets.push_back(std::move(ticket));
      return;
    }
    if (refuse_answer) return ticket.answer(std::nullopt);
    ticket.answer(make(direction(offer, context.hold), context));
  }
  bool on_negotiated(const sdp::SessionDescription&, const sdp::SessionDescription& remote) override {
    ++negotiations;
    last_remote = remote.to_string();
    return usable;
  }
  void on_preview(const sdp::SessionDescription&, const sdp::SessionDescription&, std::uint32_t) override {
    ++previews;
  }
  std::optional<sdp::SessionDescription> make(std::string_view direction, const OfferContext& context = {}) {
    if (!context.local_address.empty()) address = context.local_address;
    auto parsed = sdp::SessionDescription::parse(sdp_text(address, direction, ++version));
    return parsed ? std::optional(std::move(*parsed)) : std::nullopt;
  }

 private:
  static std::string_view direction(const sdp::SessionDescription& offer, bool hold) {
    const auto theirs = offer.direction_of(0);
    const bool send = sdp::receives(theirs), receive = sdp::sends(theirs) && !hold;
    return send ? (receive ? "sendrecv" : "sendonly") : (receive ? "recvonly" : "inactive");
  }
};

class TestCredentials final : public CredentialSource {
 public:
  std::vector<Credentials> known;
  std::vector<ChallengeInfo> asked;
  bool later = false;
  std::vector<Ticket<std::optional<Credentials>>> tickets;

  void find(const ChallengeInfo& challenge, Ticket<std::optional<Credentials>> ticket) override {
    asked.push_back(challenge);
    if (later) {
      tickets.push_back(std::move(ticket));
      return;
    }
    for (const auto& one : known)
      if (one.realm == challenge.realm) return ticket.answer(one);
  }
  void add(std::string realm, std::string user, std::string password) {
    Credentials one;
    one.realm = std::move(realm);
    one.username = std::move(user);
    one.password = std::move(password);
    known.push_back(std::move(one));
  }
};

/// A session's user that writes down what it hears.
class TestUser final : public SessionUser {
 public:
  std::vector<std::string> events;
  std::vector<std::uint32_t> early;
  std::optional<Cause> cause;
  int ends = 0;
  UniqueFunction<void(InviteSession&, std::string_view)> react;

  void on_provisional(InviteSession& session, const Response& response, std::uint32_t number) override {
    early.push_back(number);
    note(session, std::to_string(response.status().value()));
  }
  void on_established(InviteSession& session, const Message&) override { note(session, "established"); }
  void on_changed(InviteSession& session, bool by_peer, HoldState hold) override {
    static constexpr const char* names[] = {"none", "local", "remote", "both"};
    note(session, std::string(by_peer ? "peer changed: " : "changed: ") + names[static_cast<int>(hold)]);
  }
  void on_change_failed(InviteSession& session, int code, std::string_view) override {
    note(session, "change failed: " + std::to_string(code));
  }
  void on_ended(InviteSession& session, const Cause& why) override {
    cause = why;
    ++ends;
    note(session, "ended");
  }
  [[nodiscard]] bool heard(std::string_view event) const {
    for (const auto& e : events)
      if (e == event) return true;
    return false;
  }
  [[nodiscard]] std::string story() const {
    std::string out;
    for (const auto& e : events) out += (out.empty() ? "" : ", ") + e;
    return out;
  }

 private:
  void note(InviteSession& session, std::string event) {
    events.push_back(event);
    if (react) react(session, event);
  }
};

/// One user agent on one host.
class Agent final : public UaUser {
 public:
  Agent(sim::Simulator& sim, sim::Host& host, UaOptions options = {}) : host_(host) {
    core = std::make_unique<UaCore>(host.runtime(), *this, std::move(options));
    EXPECT_TRUE(core->transport().listen(transport::Protocol::udp, host.endpoint(5060)));
    (void)sim;
  }
  void on_invite(InviteSession& session, const Request& request) override {
    last_invite = request;
    incoming = &session;
    if (!take) return;
    session.set_user(user);
    session.set_media(&media);
    if (on_call) on_call(session);
  }
  StatusCode on_options(const Request&) override { return StatusCode(200); }
  [[nodiscard]] bool hooks_messages() const noexcept override { return static_cast<bool>(hook); }
  void before_send(Message& message) override {
    if (hook) hook(message);
  }

  /// Calls `uri`.
  InviteSession* call(std::string_view uri, InviteOptions options = {}, bool with_media = true) {
    if (with_media) options.media = &media;
    auto request = core->make_request({method::invite, Uri::parse(uri).value(), me(), {}});
    auto session = core->invite(std::move(request), std::move(options), user);
    EXPECT_TRUE(session) << session.error().message();
    return session ? *session : nullptr;
  }
  [[nodiscard]] NameAddr me() const { return NameAddr::parse("<sip:" + host_.name() + "@example.com>").value(); }
  [[nodiscard]] bool idle() const {
    const auto c = core->counters();
    return c.sessions == 0 && c.dialogs == 0 && c.outgoing_requests == 0 && c.late_forks == 0 &&
           c.transaction.client_machines == 0 && c.transaction.server_machines == 0 && c.transaction.echo_records == 0;
  }

  std::unique_ptr<UaCore> core;
  TestMedia media;
  TestUser user;
  InviteSession* incoming = nullptr;
  Request last_invite;
  bool take = true;
  UniqueFunction<void(InviteSession&)> on_call;
  UniqueFunction<void(Message&)> hook;

 private:
  sim::Host& host_;
};

/// alice and bob, both real.
class TwoAgents : public ::testing::Test {
 protected:
  explicit TwoAgents(std::uint64_t seed = 1) : sim(seed) {}
  void TearDown() override {
    sim.observe({});  // what it counted in is gone
    sim.run_until_idle();
    EXPECT_TRUE(!alice.core || alice.idle());
    EXPECT_TRUE(!bob.core || bob.idle());
    EXPECT_LE(alice.user.ends, 1);
    EXPECT_LE(bob.user.ends, 1);
  }
  /// Call, ring, answer.
  void establish() {
    bob.on_call = [](InviteSession& incoming) {
      EXPECT_TRUE(incoming.progress(status::ringing, false));
      EXPECT_TRUE(incoming.accept(status::ok));
    };
    session = alice.call("sip:bob@192.0.2.2");
    ASSERT_TRUE(
        sim.run_until([this] { return alice.user.heard("established") && bob.user.heard("established"); }, 10s));
  }

  sim::Simulator sim;
  sim::Host& alice_host = sim.host("alice", {"192.0.2.1", "2001:db8::1"});
  sim::Host& bob_host = sim.host("bob", {"192.0.2.2", "2001:db8::2"});
  Agent alice{sim, alice_host};
  Agent bob{sim, bob_host};
  InviteSession* session = nullptr;
};

/// alice is real, bob is a script.
class AgentAndPeer : public ::testing::Test {
 protected:
  void TearDown() override {
    sim.observe({});  // what it counted in is gone
    sim.run_until_idle();
    EXPECT_TRUE(!alice.core || alice.idle());
    EXPECT_LE(alice.user.ends, 1);
  }
  /// An INVITE or another request of bob's.
  std::string request(std::string_view method, int cseq, std::string_view to_tag = {}, std::string_view extra = {},
                      std::string_view body = {}) {
    std::string out(method);
    out += " sip:alice@192.0.2.1 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK" + std::to_string(++branch_) +
           "\n";
    out += "Max-Forwards: 70\nFrom: <sip:bob@example.com>;tag=bobs\nTo: <sip:alice@example.com>";
    if (!to_tag.empty()) out += ";tag=" + std::string(to_tag);
    out += "\nCall-ID: " + call_id + "\nCSeq: " + std::to_string(cseq) + " " + std::string(method);
    out += "\nContact: <sip:bob@192.0.2.2:5060>\n" + std::string(extra);
    if (!body.empty()) out += "Content-Type: application/sdp\n";
    out = sim::crlf(out + "Content-Length: " + std::to_string(body.size()) + "\n\n");
    return out + std::string(body);
  }
  std::string invite(int cseq = 1, std::string_view to_tag = {}, std::string_view extra = {}) {
    return request("INVITE", cseq, to_tag, extra, sdp_text("192.0.2.2", "sendrecv"));
  }
  void send(const std::string& text) { bob.send(text, alice_host.endpoint()); }
  static std::string tag_of(const sim::RawMessage& message, std::string_view header = "To") {
    return std::string(sim::param_of(*sim::header_of(message.text, header), "tag").value_or(""));
  }
  static std::string line(const sim::RawMessage& message, std::string_view header) {
    return std::string(sim::header_of(message.text, header).value_or("(none)"));
  }
  static std::string first_line(const sim::RawMessage& message) {
    return message.text.substr(0, message.text.find("\r\n"));
  }
  /// Bob's 200 with an answer.
  static sim::Answer ok(std::string_view tag = "bobs", std::string_view direction = "sendrecv") {
    sim::Answer a;
    a.code = 200;
    a.to_tag = std::string(tag);
    a.lines = {"Contact: <sip:bob@192.0.2.2:5060>", "Content-Type: application/sdp"};
    a.body = sdp_text("192.0.2.2", direction);
    return a;
  }

  sim::Simulator sim{1};
  sim::Host& alice_host = sim.host("alice", {"192.0.2.1"});
  sim::Host& bob_host = sim.host("bob", {"192.0.2.2"});
  Agent alice{sim, alice_host};
  sim::RawPeer bob{sim, bob_host};
  std::string call_id = "call-1@example.com";

 private:
  int branch_ = 0;
};

}  // namespace dialog_testing
