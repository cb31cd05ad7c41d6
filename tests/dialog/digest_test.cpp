#include "digest.hpp"

#include <nlohmann/json.hpp>

#include <fstream>

namespace {

using namespace peal;
using namespace peal::dialog;

nlohmann::json digest_vectors() {
  std::ifstream file(std::string(PEAL_SOURCE_DIR) + "/tests/data/digest_kat.json");
  return nlohmann::json::parse(file);
}

std::string text_of(const nlohmann::json& entry, const char* key) {
  const auto at = entry.find(key);
  return at == entry.end() || at->is_null() ? std::string() : at->get<std::string>();
}

Result<std::string> answer_of(const nlohmann::json& v) {
  const auto algorithm = parse_algorithm(text_of(v, "alg"));
  if (!algorithm) return fail(peal::errc::unsupported);
  const auto user = text_of(v, "u"), realm = text_of(v, "realm"), password = text_of(v, "pw");
  const auto ha1 = hash_hex(algorithm->hash, {user, realm, password});
  if (!ha1) return ha1;
  const auto method = text_of(v, "method"), uri = text_of(v, "uri"), nonce = text_of(v, "nonce"),
             qop = text_of(v, "qop"), nc = text_of(v, "nc"), cnonce = text_of(v, "cnonce"), body = text_of(v, "body");
  return digest_response({*algorithm, *ha1, method, uri, nonce, qop, nc, cnonce, body});
}

TEST(Digest, GivesEveryKnownAnswer) {
  const auto all = digest_vectors();
  int checked = 0;
  for (const auto* group : {"rfc", "sip"})
    for (const auto& vector : all.at(group)) {
      // RFC 7616 §3.9.2 prints a truncated SHA-512 where SHA-512/256 is meant (erratum 4897).
      if (vector.contains("verified") && !vector.at("verified").get<bool>()) continue;
      const auto answer = answer_of(vector);
      ASSERT_TRUE(answer) << vector.dump();
      EXPECT_EQ(*answer, vector.at("expected").get<std::string>()) << vector.dump();
      ++checked;
    }
  EXPECT_EQ(checked, 29);
}

TEST(Digest, KnowsAlgorithmsInAnyCaseAndNoOthers) {
  EXPECT_EQ(parse_algorithm(""), (Algorithm{Hash::md5, false}));
  EXPECT_EQ(parse_algorithm("md5"), (Algorithm{Hash::md5, false}));
  EXPECT_EQ(parse_algorithm("sha-256-SESS"), (Algorithm{Hash::sha_256, true}));
  EXPECT_EQ(parse_algorithm("SHA-512-256"), (Algorithm{Hash::sha_512_256, false}));
  EXPECT_EQ(parse_algorithm("SHA-1"), std::nullopt);
  EXPECT_EQ(parse_algorithm("AKAv1-MD5"), std::nullopt);
  EXPECT_EQ(name_of({Hash::sha_512_256, true}), "SHA-512-256-sess");
}

TEST(Digest, ComparesHexWithoutCase) {
  EXPECT_TRUE(equal_hex("00ffAb", "00FFaB"));
  EXPECT_FALSE(equal_hex("00ffab", "00ffac"));
  EXPECT_FALSE(equal_hex("00ff", "00ffab"));
}

TEST(Digest, HmacOfRfc4231Case2) {
  EXPECT_EQ(hmac_hex("Jefe", "what do ya want for nothing?").value(),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

}  // namespace
