// What RFC 4475 says of its REGISTER requests to one that is a registrar, through the module.
#include "stack.hpp"

#include <peal/modules/registrar.hpp>

namespace torture {
namespace {

class RegistrarTest : public testing::Test {
 protected:
  void install(RegistrarConfig config = {}) {
    config.domains = {"example.com"};
    auto installed = world_.ua->install<Registrar>(std::move(config));
    ASSERT_TRUE(installed);
    registrar_ = *installed;
  }
  std::string ask(std::string_view text) {
    const auto got = world_.ask(text);
    EXPECT_EQ(got.size(), 1U);
    return got.empty() ? std::string() : got[0];
  }
  World world_;
  Registrar* registrar_ = nullptr;
};

/// "This request registers two distinct contact URIs"; the user name is not shortened.
TEST_F(RegistrarTest, escnull) {
  install();
  EXPECT_EQ(sim::status_of(ask(text_of("escnull"))), 200);
  EXPECT_EQ(registrar_->bindings("sip:null-%00-null@example.com").size(), 2U);
  EXPECT_TRUE(registrar_->bindings("sip:null-@example.com").empty());
  EXPECT_TRUE(registrar_->bindings("sip:null-%00@example.com").empty());
}

/// "would handle the REGISTER request normally and ignore the extra bits that look like an INVITE request"
TEST_F(RegistrarTest, dblreq) {
  install();
  EXPECT_EQ(sim::status_of(ask(text_of("dblreq"))), 200);
  EXPECT_EQ(registrar_->bindings("sip:j.user@example.com").size(), 1U);
  EXPECT_EQ(world_.handler.offered, 0);
}

TEST_F(RegistrarTest, scalar02) {
  install();
  EXPECT_EQ(sim::status_of(ask(text_of("scalar02"))), 400);
  EXPECT_TRUE(registrar_->bindings("sip:user@example.com").empty());
}

TEST_F(RegistrarTest, regbadct) {
  install();
  EXPECT_EQ(sim::status_of(ask(text_of("regbadct"))), 400);
  EXPECT_TRUE(registrar_->bindings("sip:user@example.com").empty());
}

/// "A registrar would reject this request with a 400 Bad Request response, since the To: header field is required to
/// contain a SIP or SIPS URI as an AOR."
TEST_F(RegistrarTest, unksm2) {
  install();
  EXPECT_EQ(sim::status_of(ask(text_of("unksm2"))), 400);
}

/// "A registrar that does not care about challenge-response authentication will simply ignore the Authorization header"
TEST_F(RegistrarTest, regaut01) {
  install();
  EXPECT_EQ(sim::status_of(ask(text_of("regaut01"))), 200);
}
/// "… that does care … will reject this request with a 401, issuing a new challenge with a scheme it understands."
TEST_F(RegistrarTest, regaut01Challenged) {
  RegistrarConfig config;
  Credentials user;
  user.username = "j.user";
  user.password = "secret";
  config.users = {user};
  install(std::move(config));
  const auto answer = ask(text_of("regaut01"));
  EXPECT_EQ(sim::status_of(answer), 401);
  EXPECT_TRUE(sim::header_of(answer, "WWW-Authenticate").value_or("").starts_with("Digest "));
}

/// "The response must not include unknownparam as a url-parameter for this binding", nor subsequent fetches.
TEST_F(RegistrarTest, cparam01) {
  install();
  const auto answer = ask(text_of("cparam01"));
  EXPECT_EQ(sim::status_of(answer), 200);
  auto parsed = Response::parse(answer);
  ASSERT_TRUE(parsed);
  const auto contact = parsed->get(header::contact);
  ASSERT_TRUE(contact);
  EXPECT_EQ(contact->uri().text(), "sip:+19725552222@gw1.example.net");
  const auto bindings = registrar_->bindings("sip:watson@example.com");
  ASSERT_EQ(bindings.size(), 1U);
  EXPECT_EQ(bindings[0].contact.text(), "sip:+19725552222@gw1.example.net");
}

/// "a subsequent retrieval of the registration must include unknownparam as a url-parameter"
TEST_F(RegistrarTest, cparam02) {
  install();
  auto text = text_of("cparam02");
  EXPECT_EQ(sim::status_of(ask(text)), 200);
  const auto contact_at = text.find("Contact:");
  text.erase(contact_at, text.find("\r\n", contact_at) + 2 - contact_at);
  text.replace(text.find("CSeq: 3"), 7, "CSeq: 4");
  text.replace(text.find("z9hG4bKkdjuw"), 12, "z9hG4bKfetch");
  auto parsed = Response::parse(ask(text));
  ASSERT_TRUE(parsed);
  const auto contact = parsed->get(header::contact);
  ASSERT_TRUE(contact);
  EXPECT_EQ(contact->uri().text(), "sip:+19725552222@gw1.example.net;unknownparam");
}

/// "a subsequent retrieval of the registration must include the escaped Route header in the contact URI"
TEST_F(RegistrarTest, regescrt) {
  install();
  auto parsed = Response::parse(ask(text_of("regescrt")));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->status().value(), 200);
  const auto contact = parsed->get(header::contact);
  ASSERT_TRUE(contact);
  EXPECT_EQ(contact->uri().text(), "sip:user@example.com?Route=%3Csip:sip.example.com%3E");
  EXPECT_FALSE(parsed->has(header::route));
}

}  // namespace
}  // namespace torture
