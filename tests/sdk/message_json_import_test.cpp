#include "corpus.hpp"
#include "json_schema.hpp"

#include <peal/message/parse.hpp>
#include <peal/message_json.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <random>
#include <string>
#include <vector>

namespace json_import {
namespace {

using namespace peal;
using Any = std::variant<Request, Response>;

std::string print_any(const Any& message) {
  return std::visit([](const auto& m) { return m.to_string(); }, message);
}

std::optional<Any> parse_any(std::string_view text) {
  if (auto request = Request::parse(text)) return std::move(*request);
  if (auto response = Response::parse(text)) return std::move(*response);
  return std::nullopt;
}

/// Text → message → JSON → message → JSON: nothing is lost on the way. Gives the JSON.
std::string expect_lossless(const Any& message, const std::string& what) {
  const auto printed = print_any(message);
  std::string tree;
  for (const int indent : {-1, 2}) {
    tree = to_json(message, indent);
    const auto again = message_from_json(tree);
    EXPECT_TRUE(again) << what << ": " << (again ? "" : again.error().message()) << "\n" << tree;
    if (!again) break;
    EXPECT_EQ(again->index(), message.index()) << what;
    EXPECT_EQ(print_any(*again), printed) << what;
    EXPECT_EQ(to_json(*again, indent), tree) << what;
  }
  return tree;
}

constexpr std::string_view via_to_cseq =
    "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa\r\nFrom: <sip:alice@example.com>;tag=1\r\n"
    "To: <sip:bob@example.com>\r\nCall-ID: c1\r\nCSeq: 1 OPTIONS\r\n";

std::string options_with(std::string_view headers, std::string_view body = {}) {
  return std::string("OPTIONS sip:bob@example.com SIP/2.0\r\n")
      .append(via_to_cseq)
      .append(headers)
      .append("\r\n")
      .append(body);
}

nlohmann::json json_of(std::string_view text) {
  const auto message = parse_any(text);
  EXPECT_TRUE(message) << text;
  return message ? nlohmann::json::parse(expect_lossless(*message, std::string(text))) : nlohmann::json();
}

const peal_test::JsonSchema& message_schema() {
  static const peal_test::JsonSchema schema(
      nlohmann::json::parse(peal_test::read_data(std::filesystem::path(PEAL_SOURCE_DIR) / "docs/message.schema.json")));
  return schema;
}

// ---- every message there is

TEST(MessageJsonImport, EveryExampleOfTheRfcsGoesThereAndBack) {
  std::size_t count = 0;
  for (const auto& file : peal_test::data_files("rfc-examples", ".sip")) {
    const auto message = parse_any(peal_test::read_data(file));
    if (!message) continue;
    const auto tree = expect_lossless(*message, file.filename().string());
    EXPECT_EQ(message_schema().fault(nlohmann::json::parse(tree)), "") << file << "\n" << tree;
    ++count;
  }
  EXPECT_GE(count, 750U);
}

TEST(MessageJsonImport, EveryTortureMessageThatIsAcceptedGoesThereAndBack) {
  std::size_t count = 0;
  for (const auto* folder : {"torture/rfc4475", "torture/rfc5118"})
    for (const auto& file : peal_test::data_files(folder, ".dat")) {
      const auto message = parse_any(peal_test::read_data(file));
      if (!message) continue;
      const auto tree = expect_lossless(*message, file.filename().string());
      EXPECT_EQ(message_schema().fault(nlohmann::json::parse(tree)), "") << file << "\n" << tree;
      ++count;
    }
  EXPECT_GE(count, 30U);
}

TEST(MessageJsonImport, SingleByteChangesOfTortureMessagesGoThereAndBack) {
  std::size_t accepted = 0;
  std::mt19937 random(1);
  for (const auto* folder : {"torture/rfc4475", "torture/rfc5118"})
    for (const auto& file : peal_test::data_files(folder, ".dat")) {
      const auto text = peal_test::read_data(file);
      for (int i = 0; i < 40; ++i) {
        auto changed = text;
        changed[random() % changed.size()] = static_cast<char>(random());
        if (const auto message = parse_any(changed)) {
          expect_lossless(*message, file.filename().string());
          ++accepted;
        }
      }
    }
  EXPECT_GE(accepted, 500U);
}

// ---- what is easily lost

TEST(MessageJsonImport, BytesOfAHeaderThatAreNoUtf8) {
  const auto tree = json_of(options_with("Subject: caf\xE9\r\nX-Nul: \"a\\" + std::string(1, '\0') + "\"\r\n"));
  EXPECT_EQ(tree["headers"][5], (nlohmann::json{{"name", "Subject"}, {"value_base64", "Y2Fm6Q=="}}));
  EXPECT_EQ(tree["headers"][6]["value"], std::string("\"a\\\0\"", 5));
}

TEST(MessageJsonImport, BlanksRoundColonAndValue) {
  const auto tree = json_of(options_with("s:\r\nSubject\t :x\r\nOrganization:  a  b \t\r\nServer: \r\n"));
  const auto line = [&](std::size_t i) { return tree["headers"][i]; };
  using Object = nlohmann::json;
  EXPECT_EQ(line(5), (Object{{"name", "s"}, {"value", ""}, {"separator", ":"}}));
  EXPECT_EQ(line(6), (Object{{"name", "Subject"}, {"value", "x"}, {"separator", "\t :"}}));
  EXPECT_EQ(line(7), (Object{{"name", "Organization"}, {"value", "a  b"}, {"separator", ":  "}, {"trailing", " \t"}}));
  EXPECT_EQ(line(8), (Object{{"name", "Server"}, {"value", ""}}));
}

TEST(MessageJsonImport, FoldedLinesAsTheyPrint) {
  const auto tree = json_of(options_with("Subject: one\r\n\ttwo\r\nOrganization:\r\n  three\r\n"));
  EXPECT_EQ(tree["headers"][5]["value"], "one  \ttwo");
  EXPECT_EQ(tree["headers"][6]["value"], "three");
}

TEST(MessageJsonImport, ReasonPhraseOfAnyBytesAndNone) {
  const auto response = [](std::string_view reason) {
    return std::string("SIP/2.0 200 ").append(reason).append("\r\n").append(via_to_cseq).append("\r\n");
  };
  EXPECT_EQ(json_of(response(""))["reason"], "");
  EXPECT_EQ(json_of(response(" a  \"b\\ "))["reason"], " a  \"b\\ ");
  EXPECT_EQ(json_of(response("caf\xE9"))["reason_base64"], "Y2Fm6Q==");
  EXPECT_FALSE(json_of(response("OK")).contains("start_line"));
}

TEST(MessageJsonImport, VersionInSmallLetters) {
  auto text = options_with("");
  text.replace(text.find("SIP/2.0"), 7, "sip/2.0");
  EXPECT_EQ(json_of(text)["start_line"], "OPTIONS sip:bob@example.com sip/2.0");
}

TEST(MessageJsonImport, BodiesOfAnyBytes) {
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  for (std::size_t size = 250; size <= all.size(); ++size)
    EXPECT_TRUE(json_of(options_with("", all.substr(0, size))).contains("body_base64"));
  EXPECT_EQ(json_of(options_with("", "\r\n\r\nINVITE\n" + std::string(1, '\0')))["body"].get<std::string>().size(),
            12U);
}

TEST(MessageJsonImport, ContentLengthAsItPrints) {
  EXPECT_EQ(json_of(options_with("l:  3 \r\n", "abcdef"))["body"], "abc");
  auto request = Request::parse(options_with("l:  3 \r\nX-Last: 1\r\n", "abc"));
  ASSERT_TRUE(request);
  request->clear_body();
  expect_lossless(*request, "body removed");
  request->set_body(*MediaType::parse("text/plain"), "four");
  const auto tree = nlohmann::json::parse(expect_lossless(*request, "body set"));
  EXPECT_EQ(tree["body"], "four");
}

TEST(MessageJsonImport, BuiltAndEditedMessages) {
  auto request = Request::parse(options_with("Subject:x\r\n"));
  ASSERT_TRUE(request);
  request->push_front(header::via, *Via::make("UDP", "192.0.2.9", "z9hG4bKb", true));
  ASSERT_TRUE(request->set("Subject", "new"));
  ASSERT_TRUE(request->add("X-Own", "1"));
  expect_lossless(*request, "edited");
  expect_lossless(Response(*request, *StatusCode::make(487), "tag", "Gone with the wind"), "built");
}

TEST(MessageJsonImport, WhatOnlyTheInteropProfileReads) {
  ParseLimits interop;
  interop.profile = Profile::interop;
  for (const auto* odd : {"sip:bob@a_b.example.com", "<sip:bob@example.com>"}) {
    auto text = options_with("Subject: x\r\n");
    text.replace(text.find("sip:bob@example.com"), std::string_view("sip:bob@example.com").size(), odd);
    ASSERT_FALSE(Request::parse(text)) << odd;
    const auto request = Request::parse(text, interop);
    ASSERT_TRUE(request) << odd;
    const auto again = message_from_json(to_json(*request), interop);
    ASSERT_TRUE(again) << odd << again.error().message();
    EXPECT_EQ(print_any(*again), request->to_string());
    EXPECT_EQ(to_json(*again), to_json(*request));
  }
}

// ---- what is refused, and where

nlohmann::json good_request() {
  return nlohmann::json::parse(to_json(*Request::parse(options_with("Subject: x\r\n"))));
}

JsonError refused(const std::string& text, const ParseLimits& limits = {}) {
  const auto message = message_from_json(text, limits);
  EXPECT_FALSE(message) << text.substr(0, 500);
  return message ? JsonError() : message.error();
}
JsonError refused(const nlohmann::json& tree) { return refused(tree.dump()); }

void expect_error(const JsonError& error, json_errc code, std::string_view pointer, std::size_t offset = 0) {
  EXPECT_EQ(error.code, code) << error.message();
  EXPECT_EQ(error.pointer, pointer) << error.message();
  EXPECT_EQ(error.offset, offset) << error.message();
}

template <class Edit>
JsonError refused_after(Edit edit) {
  auto tree = good_request();
  edit(tree);
  return refused(tree);
}

TEST(MessageJsonRefusal, LineEndsAndNulInALine) {
  const std::string evils[] = {"x\r\nEvil: 1", "x\nEvil: 1", "x\rEvil: 1", std::string("x\0y", 3)};
  for (const auto& evil : evils) {
    const auto in = [&](const char* member) {
      return refused_after([&](auto& tree) { tree["headers"][5][member] = evil; });
    };
    for (const auto* member : {"name", "value", "separator", "trailing"})
      expect_error(in(member), json_errc::forbidden_byte, std::string("/headers/5/") + member, 1);
    expect_error(refused_after([&](auto& tree) { tree["method"] = evil; }), json_errc::forbidden_byte, "/method", 1);
    expect_error(refused_after([&](auto& tree) { tree["uri"] = evil; }), json_errc::forbidden_byte, "/uri", 1);
    expect_error(refused_after([&](auto& tree) { tree["start_line"] = evil; }), json_errc::forbidden_byte,
                 "/start_line", 1);
  }
  const auto hidden = refused_after([](auto& tree) {
    tree["headers"][5].erase("value");
    tree["headers"][5]["value_base64"] = "eA0KRXZpbDogMQ==";  // x CR LF Evil: 1
  });
  expect_error(hidden, json_errc::forbidden_byte, "/headers/5/value_base64", 1);
  auto response = nlohmann::json::parse(to_json(Response(*Request::parse(options_with("")), StatusCode(200))));
  response["reason"] = "OK\r\nEvil: 1";
  expect_error(refused(response), json_errc::forbidden_byte, "/reason", 2);
}

TEST(MessageJsonRefusal, PartsThatWouldMoveTheirBounds) {
  const auto name = refused_after([](auto& tree) { tree["headers"][5]["name"] = "Subject: x"; });
  expect_error(name, json_errc::not_sip, "/headers/5/name");
  EXPECT_EQ(name.parse, parse_errc::bad_header_name);
  for (const auto* separator : {"", " ", "::", ":x"})
    expect_error(refused_after([&](auto& tree) { tree["headers"][5]["separator"] = separator; }), json_errc::not_sip,
                 "/headers/5/separator");
  expect_error(refused_after([](auto& tree) { tree["headers"][5]["trailing"] = "y"; }), json_errc::not_sip,
               "/headers/5/trailing");
  EXPECT_EQ(refused_after([](auto& tree) { tree["method"] = "OPTIONS sip:eve@example.com"; }).code, json_errc::not_sip);
  EXPECT_EQ(refused_after([](auto& tree) { tree["method"] = "SIP/2.0"; }).code, json_errc::not_sip);
}

TEST(MessageJsonRefusal, MembersThatContradictEachOther) {
  const auto with = [](auto edit) { return refused_after(edit); };
  expect_error(with([](auto& tree) { tree["start_line"] = "OPTIONS sip:eve@example.com SIP/2.0"; }),
               json_errc::contradiction, "/start_line");
  expect_error(with([](auto& tree) { tree["headers"][5]["value_base64"] = "eA=="; }), json_errc::contradiction,
               "/headers/5/value_base64");
  expect_error(with([](auto& tree) {
                 tree["headers"].push_back({{"name", "Content-Length"}, {"value", "1"}});
                 tree["body"] = "abc";
               }),
               json_errc::contradiction, "/body");
  const auto shorter = with([](auto& tree) { tree["headers"].push_back({{"name", "l"}, {"value", "1"}}); });
  expect_error(shorter, json_errc::not_sip, "/headers/6/value");
  EXPECT_EQ(shorter.parse, parse_errc::body_too_short);
}

TEST(MessageJsonRefusal, WrongTypesAndMembers) {
  using Object = nlohmann::json;
  for (const auto& wrong : {Object(nullptr), Object(1), Object(true), Object::array(), Object::object()}) {
    for (const auto* member : {"kind", "method", "uri", "body"})
      expect_error(refused_after([&](auto& tree) { tree[member] = wrong; }), json_errc::wrong_type,
                   std::string("/") + member);
    for (const auto* member : {"name", "value"})
      expect_error(refused_after([&](auto& tree) { tree["headers"][0][member] = wrong; }), json_errc::wrong_type,
                   std::string("/headers/0/") + member);
    expect_error(refused_after([&](auto& tree) { tree["headers"] = wrong; }),
                 wrong.is_array() ? json_errc::not_sip : json_errc::wrong_type, "/headers");
  }
  for (const auto& wrong : {Object("200"), Object(200.0), Object(-200), Object(nullptr)}) {
    Object response{{"kind", "response"}, {"code", wrong}, {"reason", "OK"}, {"headers", Object::array()}};
    expect_error(refused(response), json_errc::wrong_type, "/code");
  }
  for (const auto* member : {"kind", "method", "uri", "headers"})
    expect_error(refused_after([&](auto& tree) { tree.erase(member); }), json_errc::missing_member,
                 std::string("/") + member);
  for (const auto* member : {"name", "value"})
    expect_error(refused_after([&](auto& tree) { tree["headers"][2].erase(member); }), json_errc::missing_member,
                 std::string("/headers/2/") + member);
  expect_error(refused_after([](auto& tree) { tree["a/b~"] = 1; }), json_errc::unknown_member, "/a~1b~0");
  expect_error(refused_after([](auto& tree) { tree["code"] = 200; }), json_errc::unknown_member, "/code");
  expect_error(refused_after([](auto& tree) { tree["headers"][1]["typed"] = 1; }), json_errc::unknown_member,
               "/headers/1/typed");
  expect_error(refused_after([](auto& tree) { tree["kind"] = "Request"; }), json_errc::unknown_kind, "/kind");
  for (const auto* text : {"null", "[]", "\"request\"", "1"})
    expect_error(refused(std::string(text)), json_errc::wrong_type, "");
}

TEST(MessageJsonRefusal, TheSameMemberTwice) {
  auto text = good_request().dump();
  const auto with = [&](std::string_view old, std::string_view more) {
    auto out = text;
    out.insert(out.find(old), more);
    return refused(out);
  };
  expect_error(with(R"("method")", R"("kind":"request",)"), json_errc::repeated_member, "/kind");
  expect_error(with(R"("name":"To")", R"("name":"X",)"), json_errc::repeated_member, "/headers/2/name");
}

TEST(MessageJsonRefusal, WhatIsNoJsonWithItsPlace) {
  const auto text = good_request().dump();
  const auto truncated = refused(text.substr(0, text.size() - 1));
  expect_error(truncated, json_errc::not_json, "", text.size() - 1);
  expect_error(refused(std::string()), json_errc::not_json, "");
  expect_error(refused(text + "x"), json_errc::not_json, "", text.size());
  expect_error(refused(text + std::string(1, '\0') + "x"), json_errc::not_json, "", text.size());
  expect_error(refused(std::string("{\"kind\":\"\xFF\"}")), json_errc::not_json, "", 9);
  EXPECT_EQ(refused(std::string(R"({"kind":"\ud800"})")).code, json_errc::not_json);
  EXPECT_EQ(refused(std::string(R"({"code":1e999})")).code, json_errc::not_json);
  EXPECT_EQ(refused(std::string(R"({"kind":NaN})")).code, json_errc::not_json);
}

TEST(MessageJsonRefusal, DepthAndLength) {
  for (const char c : {'[', '{'}) expect_error(refused(std::string(1'000'000, c)), json_errc::too_deep, "", 16);
  EXPECT_EQ(refused(R"({"sdp":)" + std::string(15, '[') + std::string(15, ']') + "}").code, json_errc::missing_member);
  EXPECT_EQ(refused(std::string(R"({"kind":"[[[[[[[[[[[[[[[[[[[[\"[["})")).code, json_errc::unknown_kind);
  ParseLimits limits;
  limits.message_bytes = 100;
  const auto text = good_request().dump();
  const auto over = refused(text, limits);
  EXPECT_EQ(over.code, json_errc::not_sip);
  EXPECT_EQ(over.parse, parse_errc::too_long);
  expect_error(refused(text + std::string(20'000, ' '), limits), json_errc::too_long, "", 64 * 100 + 4'096);
}

TEST(MessageJsonRefusal, Base64ThatIsNone) {
  for (const auto* text :
       {"A", "AA", "AAA", "AAAA=", "====", "A===", "AB==", "AAB=", "AA=A", "A A=", "AAAA\n", "AA-_", "\xC3\xA9=="})
    expect_error(refused_after([&](auto& tree) { tree["body_base64"] = text; }), json_errc::bad_base64, "/body_base64");
  for (const auto* text : {"", "AA==", "AAA=", "AAAA", "+/+/"}) {
    auto tree = good_request();
    tree["body_base64"] = text;
    EXPECT_TRUE(message_from_json(tree.dump())) << text;
  }
}

TEST(MessageJsonRefusal, WhatTheParserRefusesAtItsMember) {
  const auto error = refused_after([](auto& tree) { tree["headers"][1]["value"] = "<sip:a@@b>;tag=1"; });
  expect_error(error, json_errc::not_sip, "/headers/1/value", 7);
  EXPECT_EQ(error.message(), "/headers/1/value, byte 7: " + make_error_code(error.parse).message());
  const auto uri = refused_after([](auto& tree) { tree["uri"] = "sip:a@@b"; });
  expect_error(uri, json_errc::not_sip, "/uri", 6);
  auto response = nlohmann::json::parse(to_json(Response(*Request::parse(options_with("")), StatusCode(200))));
  response["code"] = 1000;
  EXPECT_EQ(refused(response).pointer, "/code");
}

TEST(MessageJsonRefusal, ManyMembersTakeLinearTime) {
  std::string text = "{";
  for (int i = 0; i < 200'000; ++i) text += "\"" + std::to_string(i) + "\":0,";
  text += R"("kind":"request"})";
  EXPECT_EQ(refused(text).code, json_errc::unknown_member);
}

TEST(MessageJsonRefusal, AnyByteChangedInTheJsonIsAMessageOrAnError) {
  const auto text = good_request().dump(1);
  std::mt19937 random(7);
  std::size_t messages = 0;
  for (int i = 0; i < 20'000; ++i) {
    auto changed = text;
    changed[random() % changed.size()] = static_cast<char>(random());
    if (const auto message = message_from_json(changed)) {
      expect_lossless(*message, changed);
      ++messages;
    } else {
      EXPECT_NE(message.error().code, json_errc::no_result);
    }
  }
  EXPECT_GE(messages, 1'000U);
}

// ---- the schema

TEST(MessageJsonSchema, RefusesWhatTheReaderRefuses) {
  const auto& schema = message_schema();
  EXPECT_EQ(schema.fault(good_request()), "");
  const std::vector<std::pair<const char*, nlohmann::json>> edits{
      {"/kind", "Request"},
      {"/method", "A B"},
      {"/method", 1},
      {"/uri", "sip:a\r\nb"},
      {"/uri", nullptr},
      {"/headers", "x"},
      {"/headers/0/name", "a:b"},
      {"/headers/0/value", 1},
      {"/headers/0/value", "a\nb"},
      {"/headers/0/separator", "-"},
      {"/headers/0/trailing", ""},
      {"/headers/0/value_base64", "eA=="},
      {"/headers/0/more", 1},
      {"/body_base64", "eA="},
      {"/code", 200},
      {"/more", 1},
  };
  for (const auto& [pointer, value] : edits) {
    auto tree = good_request();
    tree[nlohmann::json::json_pointer(pointer)] = value;
    EXPECT_NE(schema.fault(tree), "") << pointer;
    const bool harmless = std::string_view(pointer) == "/headers/0/trailing";
    EXPECT_EQ(message_from_json(tree.dump()).has_value(), harmless) << pointer;
  }
  for (const auto* member : {"kind", "method", "uri", "headers"}) {
    auto tree = good_request();
    tree.erase(member);
    EXPECT_NE(schema.fault(tree), "") << member;
  }
}

}  // namespace
}  // namespace json_import
