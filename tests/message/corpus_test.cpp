#include "corpus.hpp"
#include "datagram.hpp"

#include <nlohmann/json.hpp>

namespace {

using namespace peal;
using nlohmann::json;

json corpus(std::string_view name) { return json::parse(peal_test::read_data(peal_test::data_path(name))); }

/// As the parser does it: the line break becomes blanks.
std::string unfolded_text(std::string text) {
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; ++at) {
    if (at + 1 == text.size() || (text[at + 1] != ' ' && text[at + 1] != '\t')) continue;
    text[at] = ' ';
    if (at > 0 && text[at - 1] == '\r') text[at - 1] = ' ';
  }
  return text;
}

// ---- messages as RFCs print them

/// Those that break RFC 3261's grammar although `grammar_ok` was said of them.
const std::map<std::string, std::string_view>& rfc_slips() {
  static const std::map<std::string, std::string_view> slips{
      {"rfc3608-001.sip", "Record-Route goes on with '. . .'"},
      {"rfc3608-002.sip", "Route goes on with '. . .'"},
      {"rfc3608-003.sip", "Route goes on with '. . .'"},
      {"rfc3608-007.sip", "Route goes on with '. . .'"},
      {"rfc3608-008.sip", "Route goes on with '. . .'"},
      {"rfc3608-009.sip", "Route goes on with '. . .'"},
      {"rfc3608-010.sip", "Route goes on with '. . .'"},
      {"rfc4028-005.sip", "Record-Route without <>"},
      {"rfc4028-006.sip", "Record-Route without <>"},
      {"rfc5626-001.sip", "Contact with ';' twice"},
      {"rfc7118-003.sip", "a fold inside <>"},
      {"rfc7118-005.sip", "a fold inside <>"},
      {"rfc7118-008.sip", "Route without its '>'"},
      {"rfc8068-012.sip", "Session-ID set in: it folds into Call-ID"},
      {"rfc8068-013.sip", "Session-ID set in: it folds into Call-ID"},
      {"rfc8599-001.sip", "a fold inside <>"},
      {"rfc8599-002.sip", "a fold inside <>"},
  };
  return slips;
}

TEST(CorpusTest, RfcExamplesPrintAsTheyCame) {
  std::size_t exact = 0;
  for (const auto& entry : corpus("rfc-examples.json")) {
    const auto file = entry["file"].get<std::string>();
    const auto text = peal_test::read_data(peal_test::data_path("rfc-examples") / file);
    Parser parser;
    peal_test::Datagram datagram(text);
    const auto parsed = datagram.parse(parser);
    if (parsed == Parsed::request || parsed == Parsed::response) {
      EXPECT_FALSE(rfc_slips().contains(file)) << file;
      const Message& message = parsed == Parsed::request ? static_cast<Message&>(parser.request()) : parser.response();
      const auto head_size = text.find("\r\n\r\n") + 4;
      auto expected = unfolded_text(text.substr(0, head_size));
      if (!message.has(header::content_length))
        expected.insert(expected.size() - 2, "Content-Length: " + std::to_string(message.body().size()) + "\r\n");
      else
        EXPECT_EQ(message.get(header::content_length)->value, message.body().size()) << file;
      expected += text.substr(head_size, message.body().size());
      EXPECT_EQ(message.to_string(), expected) << file;
      EXPECT_EQ(message.printed_size(), expected.size()) << file;
      ++exact;
    } else {
      const auto why = file + ": " + parser.error().message() + " at " + std::to_string(parser.error().offset);
      const bool elided_body = parser.error().code == parse_errc::body_too_short && entry["elided"].get<bool>();
      EXPECT_TRUE(!entry["grammar_ok"].get<bool>() || rfc_slips().contains(file) || elided_body) << why;
    }
  }
  EXPECT_GE(exact, 750U);
}

// ---- URIs

/// Whether one input parses as the corpus means it.
bool parses(const std::string& form, std::string_view text) {
  if (form == "addr-spec") return UriView::parse(text).has_value();
  if (form == "name-addr") return NameAddrView::parse(text).has_value();
  Request request(method::options, *Uri::parse("sip:a"));
  return request.set(header::contact, text).has_value();
}

/// Without the blanks around it, which are no part of a value.
std::string trimmed(const std::string& text) {
  const auto from = text.find_first_not_of(" \t");
  return from == std::string::npos ? "" : text.substr(from, text.find_last_not_of(" \t") + 1 - from);
}

/// What was accepted prints as it came, is read alike again, and is equal to itself.
void expect_uri_stays(const std::string& form, const std::string& text, bool valid) {
  if (form == "addr-spec") {
    const auto uri = Uri::parse(text);
    ASSERT_TRUE(uri) << text;
    EXPECT_EQ(uri->text(), text);
    EXPECT_TRUE(!valid || equivalent(*uri, *uri)) << text;
    return;
  }
  Request request(method::options, *Uri::parse("sip:a"));
  ASSERT_EQ(request.set(header::contact, text).has_value(), true) << text;
  EXPECT_EQ(request.raw(header::contact), trimmed(text));
  request.each(header::contact,
               [&](const auto& element) { EXPECT_TRUE(element && NameAddr::parse(element->text())) << text; });
}

/// `must_…` and `grammar_invalid` are verdicts; with `may_accept` and `either` a strict reader and a liberal one
/// differ, and either will do, as long as what is accepted survives.
TEST(CorpusTest, UrisOfOtherStacksTests) {
  std::size_t judged = 0;
  std::size_t open = 0;
  for (const auto& entry : corpus("uris.json")) {
    const auto text = entry["input"].get<std::string>();
    const auto form = entry["form"].get<std::string>();
    const auto verdict = entry["class"].get<std::string>();
    const bool accepted = parses(form, text);
    if (accepted) expect_uri_stays(form, text, verdict == "must_accept");
    if (verdict == "may_accept" || verdict == "either") {
      ++open;
      continue;
    }
    EXPECT_EQ(accepted, verdict == "must_accept") << verdict << ": " << text;
    ++judged;
  }
  EXPECT_EQ(judged, 596U);
  EXPECT_EQ(open, 48U);
}

TEST(CorpusTest, UriPartsAreWhatTheCorpusSays) {
  std::size_t compared = 0;
  for (const auto& entry : corpus("uris.json")) {
    if (entry["form"] != "addr-spec" || entry["class"] != "must_accept" || !entry.contains("host")) continue;
    const auto text = entry["input"].get<std::string>();
    const auto uri = UriView::parse(text);
    ASSERT_TRUE(uri) << text;
    EXPECT_EQ(uri->host(), entry["host"].get<std::string>()) << text;
    EXPECT_EQ(uri->has_user() ? json(std::string(uri->user())) : json(nullptr), entry["user"]) << text;
    EXPECT_EQ(uri->port() ? json(*uri->port()) : json(nullptr), entry["port"]) << text;
    std::vector<std::pair<std::string, json>> params;
    for (const auto& param : uri->params())
      params.emplace_back(param.name, param.has_value ? json(std::string(param.value)) : json(nullptr));
    std::vector<std::pair<std::string, json>> expected;
    for (const auto& param : entry["params"]) expected.emplace_back(param[0].get<std::string>(), param[1]);
    EXPECT_EQ(params, expected) << text;
    ++compared;
  }
  EXPECT_GT(compared, 250U);
}

TEST(CorpusTest, UriComparisonIsSymmetricAndReflexive) {
  std::vector<std::string> texts;
  for (const auto& entry : corpus("uris.json"))
    if (const auto text = entry["input"].get<std::string>(); entry["form"] == "addr-spec" && UriView::parse(text))
      texts.push_back(text);
  ASSERT_GT(texts.size(), 250U);
  std::size_t equal = 0;
  for (const auto& a : texts) {
    const auto left = *UriView::parse(a);
    EXPECT_TRUE(equivalent(left, left)) << a;
    for (const auto& b : texts) {
      const auto right = *UriView::parse(b);
      const bool same = equivalent(left, right);
      EXPECT_EQ(equivalent(right, left), same) << a << " | " << b;
      equal += same ? 1 : 0;
    }
  }
  EXPECT_GT(equal, texts.size());
  EXPECT_LT(equal, texts.size() * texts.size() / 4);
}

// ---- header values

/// Verdicts that the RFC contradicts.
struct WrongVerdict {
  std::string_view header, value, words;
};
constexpr std::string_view contact_extension =
    "RFC 3261 §25.1: contact-params = c-p-q / c-p-expires / contact-extension, and contact-extension = generic-param "
    "takes it; §10.2.1.1: \"Malformed values SHOULD be treated as equivalent to 3600\"; RFC 4475 §3.1.2.4";
constexpr std::array<WrongVerdict, 11> wrong_verdicts{{
    {"Contact", "sip:a@b;q=a", contact_extension},
    {"Contact", "<sip:a@b>;q=2", contact_extension},
    {"Contact", "C <sip:a@b>;expires=-1", contact_extension},
    {"Contact", "A <sip:a@b>;q=a", contact_extension},
    {"Contact", "B <sip:a@b>;q=2", contact_extension},
    {"Contact", "C <sip:a@b>;expires=a", contact_extension},
    {"Accept-Encoding", ",",
     "RFC 3261 §25.1: [ encoding *(COMMA encoding) ], a list may be empty, an element of it may not"},
    {"Accept-Contact", "exists(transport)", "RFC 3841 §10: ac-value = \"*\" *(SEMI ac-params)"},
    {"Privacy", "header,media", "RFC 3323 §4.2: priv-value *(\";\" priv-value), and a comma is no token"},
    {"Privacy", ";header;media", "RFC 3323 §4.2: priv-value *(\";\" priv-value), none of them empty"},
    {"Event", "dialog;@=1", "RFC 3261 §25.1: generic-param = token [ EQUAL gen-value ], and '@' is no token"},
}};
bool verdict_is_wrong(std::string_view header, std::string_view value) {
  return std::any_of(wrong_verdicts.begin(), wrong_verdicts.end(),
                     [&](const auto& wrong) { return wrong.header == header && wrong.value == value; });
}

/// Is it a value of that header? "(qvalue)" and "(host)" are pieces of grammar.
bool takes(const std::string& name, const std::string& text) {
  Request request(method::options, *Uri::parse("sip:a"));
  if (name == "(qvalue)") return request.set(header::accept, "a/b;q=" + text).has_value();
  if (name == "(host)") return UriView::parse("sip:" + text).has_value();
  if (!request.set(name, text)) return false;
  // What was accepted is there as it came, also after a round trip.
  EXPECT_EQ(request.raw(name), trimmed(text)) << name;
  request.set(header::via, *Via::parse("SIP/2.0/UDP a;branch=z9hG4bK1"));
  for (const auto& [needed, value] : std::map<std::string, std::string>{
           {"From", "<sip:a@b>;tag=1"}, {"To", "<sip:a@b>"}, {"Call-ID", "1"}, {"CSeq", "1 OPTIONS"}})
    EXPECT_TRUE(name == needed || request.set(needed, value));
  if (name == "CSeq" || name == "Content-Length" || name == "Max-Forwards") return true;
  const auto again = Request::parse(request.to_string());
  EXPECT_TRUE(again) << name << ": " << text << ": " << (again ? "" : again.error().message());
  if (again && name != "Via") {
    const auto raw = again->raw(name).value_or("none");
    EXPECT_EQ(raw, trimmed(text)) << name;
  }
  return true;
}

TEST(CorpusTest, HeaderValuesOfOtherStacksTests) {
  std::size_t judged = 0;
  std::size_t open = 0;
  for (const auto& entry : corpus("headers.json")) {
    const auto name = entry["header"].get<std::string>();
    const auto text = unfolded_text(entry["value"].get<std::string>());
    const auto verdict = entry["class"].get<std::string>();
    const bool accepted = takes(name, text);
    const bool refuse = verdict == "must_reject" || verdict == "grammar_invalid";
    if (!refuse && verdict != "must_accept") {
      ++open;
      continue;
    }
    if (verdict_is_wrong(name, text)) {
      EXPECT_EQ(accepted, refuse) << "our verdict on " << name << ": " << text;
    } else {
      EXPECT_EQ(accepted, !refuse) << verdict << " " << name << ": " << text;
    }
    ++judged;
  }
  EXPECT_EQ(judged, 345U);
  EXPECT_EQ(open, 52U);
}

}  // namespace
