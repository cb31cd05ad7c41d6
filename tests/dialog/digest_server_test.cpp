#include "digest.hpp"
#include "ua_fixture.hpp"

#include <peal/dialog/digest_server.hpp>

namespace {

using namespace dialog_testing;
using Outcome = Authenticator::Outcome;

class AuthenticatorTest : public ::testing::Test {
 protected:
  Request request() {
    return Request::parse(
               sim::crlf("REGISTER sip:example.com SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\n"
                         "From: <sip:a@example.com>;tag=1\nTo: <sip:a@example.com>\nCall-ID: 1\nCSeq: 1 REGISTER\n"
                         "Content-Length: 0\n\n"))
        .value();
  }
  std::string nonce_of(Authenticator& by, std::size_t which = 0) {
    Response response(request(), status::unauthorized, "t");
    by.challenge(response);
    return response.all(header::www_authenticate)[which]->value("nonce");
  }
  Request answered(const std::string& nonce, const std::string& nc, std::string_view password = "secret",
                   std::string_view algorithm = "SHA-256", std::string_view realm = "r",
                   std::string_view uri = "sip:example.com") {
    auto out = request();
    const auto a = parse_algorithm(algorithm).value();
    const auto ha1 = hash_hex(a.hash, {"alice", realm, password}).value();
    const auto response = digest_response({a, ha1, "REGISTER", uri, nonce, "auth", nc, "cn", {}}).value();
    Auth auth("Digest");
    auth.add_quoted("username", "alice").add_quoted("realm", realm).add_quoted("nonce", nonce).add_quoted("uri", uri);
    auth.add_quoted("response", response)
        .add("algorithm", algorithm)
        .add_quoted("cnonce", "cn")
        .add("qop", "auth")
        .add("nc", nc);
    out.set(header::authorization, auth);
    return out;
  }
  static std::optional<Credentials> lookup(std::string_view user) {
    if (user != "alice") return std::nullopt;
    Credentials one;
    one.username = "alice";
    one.password = "secret";
    return one;
  }
  Outcome verify(Authenticator& by, const Request& r) { return by.verify(r, lookup).outcome; }
  static Authenticator::Options options() {
    Authenticator::Options o;
    o.realm = "r";
    return o;
  }

  sim::Simulator sim{7};
  sim::Host& host = sim.host("server", {"192.0.2.1"});
  Authenticator server{host.runtime(), options()};
};

TEST_F(AuthenticatorTest, OffersSha256ThenMd5AndTakesEither) {
  Response response(request(), status::unauthorized, "t");
  server.challenge(response);
  const auto challenges = response.all(header::www_authenticate);
  ASSERT_EQ(challenges.size(), 2U);
  EXPECT_EQ(challenges[0]->value("algorithm"), "SHA-256");
  EXPECT_EQ(challenges[1]->value("algorithm"), "MD5");
  EXPECT_EQ(challenges[0]->value("realm"), "r");
  EXPECT_EQ(verify(server, answered(nonce_of(server), "00000001")), Outcome::ok);
  EXPECT_EQ(verify(server, answered(nonce_of(server, 1), "00000001", "secret", "MD5")), Outcome::ok);
}

TEST_F(AuthenticatorTest, RefusesWhatItMust) {
  EXPECT_EQ(verify(server, request()), Outcome::no_credentials);
  EXPECT_EQ(verify(server, answered(nonce_of(server), "00000001", "guess")), Outcome::wrong);
  EXPECT_EQ(verify(server, answered(nonce_of(server), "00000001", "secret", "SHA-512-256")), Outcome::no_credentials);
  EXPECT_EQ(verify(server, answered(nonce_of(server), "00000001", "secret", "SHA-256", "never offered")),
            Outcome::no_credentials);
  EXPECT_EQ(verify(server, answered(nonce_of(server), "00000001", "secret", "SHA-256", "r", "sip:other.example.com")),
            Outcome::malformed);
  EXPECT_EQ(verify(server, answered(nonce_of(server), "1")), Outcome::malformed);
}

TEST_F(AuthenticatorTest, NoncesCannotBeForged) {
  auto nonce = nonce_of(server);
  EXPECT_EQ(verify(server, answered("0123456789", "00000001")), Outcome::stale);
  for (const std::size_t at : {std::size_t{0}, std::size_t{12}, nonce.size() - 1}) {
    auto forged = nonce;
    forged[at] = forged[at] == '0' ? '1' : '0';
    EXPECT_EQ(verify(server, answered(forged, "00000001")), Outcome::stale) << at;
  }
  EXPECT_EQ(verify(server, answered("0123456789", "00000001", "guess")), Outcome::wrong) << "stale is no oracle";
  Authenticator other(host.runtime(), options());
  EXPECT_EQ(verify(other, answered(nonce, "00000001")), Outcome::stale);
  EXPECT_EQ(verify(server, answered(nonce, "00000001")), Outcome::ok);
}

TEST_F(AuthenticatorTest, CountsAreUsedOnceInAnyOrder) {
  const auto nonce = nonce_of(server);
  EXPECT_EQ(verify(server, answered(nonce, "00000001")), Outcome::ok);
  EXPECT_EQ(verify(server, answered(nonce, "00000001")), Outcome::replayed);
  EXPECT_EQ(verify(server, answered(nonce, "00000003")), Outcome::ok);
  EXPECT_EQ(verify(server, answered(nonce, "00000002")), Outcome::ok) << "UDP may reorder";
  EXPECT_EQ(verify(server, answered(nonce, "00000002")), Outcome::replayed);
  EXPECT_EQ(verify(server, answered(nonce, "000000ff")), Outcome::ok);
  EXPECT_EQ(verify(server, answered(nonce, "00000004")), Outcome::replayed) << "too far back to know";
  EXPECT_EQ(verify(server, answered(nonce, "00000000")), Outcome::replayed);
}

TEST_F(AuthenticatorTest, ACopyOfARequestIsNoReplayWhereThereAreNoTransactions) {
  auto stateless = options();
  stateless.copy_life = 32s;
  Authenticator by(host.runtime(), stateless);
  const auto nonce = nonce_of(by);
  const auto first = answered(nonce, "00000001");
  EXPECT_EQ(verify(by, first), Outcome::ok);
  EXPECT_EQ(verify(by, first), Outcome::ok) << "a retransmission";
  auto another = answered(nonce, "00000001");
  another.set(header::cseq, CSeq{2, method::register_});
  EXPECT_EQ(verify(by, another), Outcome::replayed);
  EXPECT_EQ(verify(by, another), Outcome::replayed) << "what was refused has no copies";
  EXPECT_EQ(verify(by, answered(nonce, "00000001", "guess")), Outcome::wrong);
  sim.run_for(34s);
  EXPECT_EQ(verify(by, first), Outcome::replayed) << "after 64*T1";
}

TEST_F(AuthenticatorTest, AnOldNonceIsStaleAndForgotten) {
  const auto nonce = nonce_of(server);
  EXPECT_EQ(verify(server, answered(nonce, "00000001")), Outcome::ok);
  EXPECT_EQ(server.nonces(), 1U);
  sim.run_for(301s);
  EXPECT_EQ(verify(server, answered(nonce, "00000002")), Outcome::stale);
  EXPECT_EQ(verify(server, answered(nonce, "00000002", "guess")), Outcome::wrong)
      << "stale says that the password was right";
  EXPECT_EQ(verify(server, answered(nonce_of(server), "00000001")), Outcome::ok);
  EXPECT_EQ(server.nonces(), 1U);
}

TEST_F(AuthenticatorTest, AChallengeCostsNoMemory) {
  for (int i = 0; i < 1000; ++i) (void)nonce_of(server);
  EXPECT_EQ(server.nonces(), 0U);
}

}  // namespace
