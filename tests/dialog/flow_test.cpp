#include "ua_fixture.hpp"

namespace {

using namespace dialog_testing;

/// A stateless proxy in plain strings that record-routes, loosely or strictly (RFC 3261 §16.4, §16.6, §16.11).
class FlowProxy {
 public:
  FlowProxy(sim::Simulator& sim, sim::Host& host, bool loose, std::string next)
      : peer_(sim, host), address_(host.addresses().front().to_string()), loose_(loose), next_(std::move(next)) {
    peer_.on("", [this](auto&, const auto& message) { forward(message.text); });
  }
  int requests = 0;

 private:
  using Lines = std::vector<std::string>;
  [[nodiscard]] std::string own() const { return "<sip:" + address_ + (loose_ ? ";lr>" : ">"); }

  static Lines split(const std::string& head) {
    Lines lines;
    for (std::size_t at = 0; at < head.size();) {
      const auto end = head.find("\r\n", at);
      lines.push_back(head.substr(at, end - at));
      at = end == std::string::npos ? head.size() : end + 2;
    }
    return lines;
  }
  static std::size_t first(const Lines& lines, std::string_view name) {
    for (std::size_t i = 1; i < lines.size(); ++i)
      if (lines[i].starts_with(name)) return i;
    return lines.size();
  }
  static std::size_t last(const Lines& lines, std::string_view name) {
    std::size_t found = lines.size();
    for (std::size_t i = 1; i < lines.size(); ++i)
      if (lines[i].starts_with(name)) found = i;
    return found;
  }
  static std::string uri_in(const std::string& line) {
    const auto open = line.find('<');
    return line.substr(open + 1, line.find('>') - open - 1);
  }
  static std::string host_of(const std::string& uri) {
    auto host = uri.substr(uri.find(':') + 1);
    if (const auto at = host.find('@'); at != std::string::npos) host = host.substr(at + 1);
    return host.substr(0, host.find_first_of(":;>"));
  }

  void forward(const std::string& text) {
    const auto end = text.find("\r\n\r\n");
    auto lines = split(text.substr(0, end));
    const auto body = text.substr(end);
    const auto to = lines[0].starts_with("SIP/2.0") ? response(lines) : request(lines);
    std::string out;
    for (const auto& line : lines) out += line + "\r\n";
    out.resize(out.size() - 2);
    peer_.send(out + body, transport::Endpoint::parse(to + ":5060").value());
  }
  static std::string response(Lines& lines) {
    lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(first(lines, "Via:")));
    const auto via = lines[first(lines, "Via:")];
    const auto at = via.find("UDP ") + 4;
    return via.substr(at, via.find_first_of(":;", at) - at);
  }
  std::string request(Lines& lines) {
    ++requests;
    const auto space = lines[0].find(' ');
    const auto method = lines[0].substr(0, space);
    auto uri = lines[0].substr(space + 1, lines[0].rfind(' ') - space - 1);
    const auto erase = [&lines](std::size_t i) { lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(i)); };
    if (host_of(uri) == address_ && last(lines, "Route:") < lines.size()) {  // §16.4: who came to us strictly
      uri = uri_in(lines[last(lines, "Route:")]);
      erase(last(lines, "Route:"));
    }
    if (auto i = first(lines, "Route:"); i < lines.size() && host_of(uri_in(lines[i])) == address_) erase(i);
    std::string target = host_of(uri);
    if (auto i = first(lines, "Route:"); i < lines.size()) {
      const auto route = uri_in(lines[i]);
      target = host_of(route);
      if (route.find(";lr") == std::string::npos) {  // §16.6 step 6: the next one is strict
        const auto mine = "Route: <" + uri + ">";
        lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(last(lines, "Route:") + 1), mine);
        erase(i);
        uri = route;
      }
    } else if (target == "example.com") {
      target = next_;
    }
    lines[0] = method + " " + uri + " SIP/2.0";
    const auto branch = *sim::param_of(lines[first(lines, "Via:")], "branch");
    if (method == "INVITE" && lines[first(lines, "To:")].find("tag=") == std::string::npos)
      lines.insert(lines.begin() + 1, "Record-Route: " + own());
    lines.insert(lines.begin() + 1, "Via: SIP/2.0/UDP " + address_ + ":5060;branch=" + branch + "-p");
    return target;
  }

  sim::RawPeer peer_;
  std::string address_;
  bool loose_;
  std::string next_;
};

struct FlowRow {
  int proxies;
  bool first_loose, second_loose;
};

class FlowTest : public TwoAgents, public ::testing::WithParamInterface<FlowRow> {
 protected:
  FlowTest() {
    const auto row = GetParam();
    auto& p1 = sim.host("p1", {"192.0.2.11"});
    auto& p2 = sim.host("p2", {"192.0.2.12"});
    first = std::make_unique<FlowProxy>(sim, p1, row.first_loose, row.proxies == 2 ? "192.0.2.12" : "192.0.2.2");
    if (row.proxies == 2) second = std::make_unique<FlowProxy>(sim, p2, row.second_loose, "192.0.2.2");
    sim.observe([this](const sim::WireEvent& event) {
      const auto a = event.from.address, b = event.to.address;
      const auto alices = alice_host.addresses().front(), bobs = bob_host.addresses().front();
      if ((a == alices && b == bobs) || (a == bobs && b == alices)) ++direct;
    });
  }
  InviteSession* invite() {
    InviteOptions options;
    options.routes = {NameAddr::parse("<sip:192.0.2.11;lr>").value()};
    return session = alice.call("sip:bob@example.com", std::move(options));
  }
  void expect_through(int requests) {
    EXPECT_EQ(direct, 0) << "the proxies stay on the path";
    EXPECT_EQ(first->requests, requests);
    EXPECT_EQ(second ? second->requests : requests, requests);
  }
  std::unique_ptr<FlowProxy> first, second;
  int direct = 0;
};

//  alice        p1         p2        bob        RFC 3665 §3.2, and §3.7 for the re-INVITEs
//   |--INVITE--->|--------->|--------->|
//   |<--180-200--|<---------|<---------|
//   |--ACK------>|--------->|--------->|
//   |--INVITE, 200, ACK (hold) ------->|
//   |<--INVITE, 200, ACK (hold) -------|
//   |<--BYE------|<---------|<---------|
TEST_P(FlowTest, Rfc3665_3_2_SessionThroughProxies) {
  bob.on_call = [](InviteSession& incoming) {
    EXPECT_TRUE(incoming.progress(status::ringing, false));
    EXPECT_TRUE(incoming.accept(status::ok));
  };
  invite();
  sim.run_for(1s);
  ASSERT_EQ(alice.user.story(), "180, established");
  ASSERT_EQ(bob.user.story(), "established");
  EXPECT_EQ(session->dialog().route_count(), static_cast<std::size_t>(GetParam().proxies));
  ASSERT_TRUE(session->hold(true));
  sim.run_for(1s);
  EXPECT_EQ(bob.incoming->hold_state(), HoldState::remote);
  ASSERT_TRUE(bob.incoming->hold(true));
  sim.run_for(1s);
  EXPECT_EQ(session->hold_state(), HoldState::both);
  ASSERT_TRUE(bob.incoming->hang_up());
  sim.run_for(1s);
  EXPECT_EQ(alice.user.ends, 1);
  EXPECT_EQ(bob.user.ends, 1);
  expect_through(7);
}

TEST_P(FlowTest, Rfc3665_3_8_CallerGivesUp) {
  bob.on_call = [](InviteSession& incoming) { EXPECT_TRUE(incoming.progress(status::ringing, false)); };
  invite();
  sim.run_for(1s);
  ASSERT_TRUE(session->hang_up());
  sim.run_for(1s);
  EXPECT_EQ(alice.user.story(), "180, ended");
  EXPECT_EQ(bob.user.story(), "ended");
  expect_through(3);  // INVITE, CANCEL, ACK
}

TEST_P(FlowTest, Rfc3665_3_9_CalleeIsBusy) {
  bob.on_call = [](InviteSession& incoming) { EXPECT_TRUE(incoming.reject(status::busy_here)); };
  invite();
  sim.run_for(1s);
  EXPECT_EQ(alice.user.cause->code, 486);
  expect_through(2);
}

TEST_P(FlowTest, CallerHangsUpAfterALateOffer) {
  bob.on_call = [](InviteSession& incoming) { EXPECT_TRUE(incoming.accept(status::ok)); };
  InviteOptions options;
  options.late_offer = true;
  options.routes = {NameAddr::parse("<sip:192.0.2.11;lr>").value()};
  session = alice.call("sip:bob@example.com", std::move(options));
  sim.run_for(1s);
  ASSERT_TRUE(session->hang_up());
  sim.run_for(1s);
  EXPECT_EQ(alice.user.story(), "established, ended");
  EXPECT_EQ(bob.user.story(), "established, ended");
  expect_through(3);
}

INSTANTIATE_TEST_SUITE_P(Proxies, FlowTest,
                         ::testing::Values(FlowRow{1, true, true}, FlowRow{1, false, true}, FlowRow{2, true, true},
                                           FlowRow{2, true, false}, FlowRow{2, false, true}, FlowRow{2, false, false}),
                         [](const auto& row) {
                           std::string name = row.param.first_loose ? "Loose" : "Strict";
                           if (row.param.proxies == 2) name += row.param.second_loose ? "ThenLoose" : "ThenStrict";
                           return name;
                         });

}  // namespace
